"""What the site starts with."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Site, Workflow, WorkflowPage

from accounts.roles import Duty, grant
from cms.models import HomePage, StandardPage

PAGES = Path(__file__).resolve().parent / "data" / "pages.toml"
WAGTAIL_WORKFLOW = "Moderators approval"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")


@transaction.atomic
def set_up_pages() -> HomePage:
    """Create the home page and the first pages once; return the home page. What editors changed stays."""
    home = HomePage.objects.first()
    if home is not None:
        return home
    contents = tomllib.loads(PAGES.read_text(encoding="utf-8"))
    home = create_home(contents["home"])
    parents = {None: home}
    for entry in contents["page"]:
        page = StandardPage(
            slug=entry["slug"],
            title=entry["title"],
            summary=entry["summary"],
            body=entry["body"].strip(),
            show_in_menus=entry["in_menu"],
        )
        parents[page.slug] = parents[entry.get("parent")].add_child(instance=page)
    # Editors publish pages themselves: Wagtail's own English workflow would only stand in their way.
    WorkflowPage.objects.filter(workflow__name=WAGTAIL_WORKFLOW).delete()
    Workflow.objects.filter(name=WAGTAIL_WORKFLOW).update(active=False)
    editors = grant(Duty.LIBRARY, [])
    for codename in PAGE_PERMISSIONS:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editors, page=home, permission=permission)
    return home


def create_home(content: dict) -> HomePage:
    """Put our home page where Wagtail's own welcome page stood."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    welcome = site.root_page.specific if site else None
    is_welcome = type(welcome) is Page and not welcome.get_children().exists()
    if is_welcome:
        welcome.slug = "welcome"
        welcome.save()
    root = Page.get_first_root_node()
    paths = [("path", path) for path in content.pop("paths")]
    home = root.add_child(instance=HomePage(slug="home", paths=paths, **content))
    if site is None:
        site = Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = home, str(settings.WAGTAIL_SITE_NAME)
    site.save()
    if is_welcome:
        Page.objects.get(pk=welcome.pk).delete()
    return home
