"""Messages in the Wagtail admin."""

from wagtail import hooks

from notices.viewsets import MailViewSet


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [MailViewSet("notices_mails")]
