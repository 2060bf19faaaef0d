"""What stands in the header, the side navigation and the footer, for the person who looks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from accounts.roles import Duty, has_duty, is_official
from accounts.services import current_organisation
from notices.models import Notice


@dataclass(frozen=True)
class Entry:
    """A link; `current` is the aria-current value when the request is at or below it."""

    label: str
    url: str
    current: str = ""
    icon: str = ""
    group: str = ""

    @property
    def is_current(self):
        return bool(self.current)


# Label, name of the address, icon.
WORKSPACE = (_("工作台"), "cms:workspace", "home")
SUPPLIER = [
    (_("我的技术"), "catalog:my_technologies", "gear"),
    (_("适配需求"), "matching:needs", "link"),
]
ENTERPRISE = [(_("我的需求"), "catalog:my_demands", "factory")]
PERSON = [
    (_("我的机构"), "accounts:organisation", "people"),
    (_("站内信"), "notices:inbox", "mail"),
    (_("通知偏好"), "notices:preferences", "clock"),
    (_("保存的搜索"), "search:saved", "search"),
    (_("账号邮箱"), "account_email", "user"),
    (_("手机号"), "account_change_phone", "user"),
    (_("密码"), "account_change_password", "lock"),
    (_("两步验证"), "mfa_index", "shield"),
    (_("登录设备"), "usersessions_list", "list"),
    (_("我的数据"), "my_data", "user"),
]
MAIN = [
    (_("技术库"), "search:technologies"),
    (_("需求库"), "search:demands"),
]


class Navigation:
    """Reads the database at most once per question, and only for what the page shows."""

    def __init__(self, request):
        self.request = request
        self.user = getattr(request, "user", None)

    @property
    def is_person(self):
        return self.user is not None and self.user.is_authenticated

    @cached_property
    def unread(self):
        return Notice.objects.inbox_of(self.user).unread().count() if self.is_person else 0

    @property
    def unread_label(self):
        return "99+" if self.unread > 99 else str(self.unread)

    @cached_property
    def organisation(self):
        return current_organisation(self.request) if self.is_person else None

    @cached_property
    def works_in_admin(self):
        return self.is_person and (is_official(self.user) or has_duty(self.user, Duty.OPERATE))

    def entry(self, label, name, icon="", group="", current="page"):
        """Return the entry of a named address."""
        url = reverse(name)
        path = self.request.path
        is_here = path == url or (path.startswith(url) and name != "cms:workspace")
        return Entry(label, url, current if is_here else "", icon, group)

    @cached_property
    def main(self):
        path = self.request.path
        entries = [Entry(_("首页"), "/", "page" if path == "/" else "")]
        entries += [self.entry(*item, current="true") for item in MAIN]
        return [*entries, *(entry for page, entry in self.pages if page.show_in_menus)]

    @cached_property
    def pages(self):
        """Published pages right below the home page with their entries."""
        site = Site.find_for_request(self.request)
        if site is None:
            return []
        found = Page.objects.child_of(site.root_page).live().order_by("path")
        pairs = ((page, page.get_url(self.request)) for page in found)
        return [
            (page, Entry(page.title, url, "true" if self.request.path.startswith(url) else ""))
            for page, url in pairs
            if url
        ]

    @cached_property
    def menu(self):
        entries = [self.entry(*WORKSPACE), *(self.entry(*item) for item in PERSON[:4])]
        if self.works_in_admin:
            entries.insert(1, Entry(_("管理后台"), reverse("wagtailadmin_home")))
        return entries

    @cached_property
    def workspace(self):
        entries = [self.entry(*WORKSPACE)]
        if self.works_in_admin:
            entries.append(Entry(_("管理后台"), reverse("wagtailadmin_home"), icon="edit"))
        if self.organisation and self.organisation.is_supplier:
            entries += [
                self.entry(*item, group=_("技术供方") if not i else "") for i, item in enumerate(SUPPLIER)
            ]
        if self.organisation and self.organisation.is_enterprise:
            entries += [self.entry(*item, group=_("用能单位")) for item in ENTERPRISE]
        entries += [
            self.entry(*item, group=_("机构与账号") if not i else "") for i, item in enumerate(PERSON)
        ]
        return entries

    @property
    def footer(self):
        return [*self.main[1:3], *(entry for _page, entry in self.pages)]
