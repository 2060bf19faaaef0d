"""The outbox in the Wagtail admin: what waits, what left and what failed."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet

from notices.models import Mail
from notices.services.outbox import retry_failed


@permission_required("notices.change_mail", raise_exception=True)
def mail_detail(request, pk):
    """Show a mail of the outbox, and send a failed one again."""
    mail = get_object_or_404(Mail.objects.select_related("recipient"), pk=pk)
    if request.method == "POST":
        if retry_failed(Mail.objects.filter(pk=mail.pk)):
            messages.success(request, _("已重新放入发件箱。"))
        return redirect("notices_mails:edit", mail.pk)
    context = {
        "mail": mail,
        "header_title": mail.subject,
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("首页")},
            {"url": reverse("notices_mails:index"), "label": _("发件箱")},
            {"url": "", "label": mail.subject},
        ],
    }
    return render(request, "notices/admin/mail.html", context)


class MailViewSet(ModelViewSet):
    model = Mail
    icon = "mail"
    menu_label = gettext_lazy("发件箱")
    menu_order = 230
    add_to_admin_menu = True
    copy_view_enabled = False
    exclude_form_fields = []
    list_display = [
        "subject",
        "address",
        Column("get_state_display", label=gettext_lazy("状态")),
        "attempts",
        DateColumn("due_at", label=gettext_lazy("计划发送")),
        DateColumn("sent_at", label=gettext_lazy("发出时间")),
    ]
    list_filter = ["state", "topic"]
    list_per_page = 50

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            **{"page_title": gettext_lazy("发件箱"), "add_url_name": None, "delete_url_name": None, **kwargs}
        )

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", mail_detail, name="edit"),
        ]
