"""Entries of the Wagtail admin's menu for the libraries."""

from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from accounts.roles import Duty, has_duty
from catalog.services.review import pending_for


class ReviewMenuItem(MenuItem):
    """The review queue with the number of submissions that wait."""

    def __init__(self):
        super().__init__(
            gettext_lazy("审核队列"),
            reverse_lazy("catalog_review:queue"),
            "review",
            icon_name="tasks",
            order=90,
        )

    def is_shown(self, request):
        return has_duty(request.user, Duty.REVIEW)

    def render_component(self, request):
        waiting = pending_for(request.user).count()
        label = _("审核队列（%d）") % waiting if waiting else str(self.label)
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)


class DuplicatesMenuItem(MenuItem):
    """Likely duplicates, for officials who look after the library."""

    def __init__(self):
        super().__init__(
            gettext_lazy("疑似重复"),
            reverse_lazy("catalog_duplicates:list"),
            "duplicates",
            icon_name="copy",
            order=125,
        )

    def is_shown(self, request):
        return has_duty(request.user, Duty.LIBRARY)
