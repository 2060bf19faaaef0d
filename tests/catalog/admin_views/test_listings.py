"""Officials open every page of a listing in the Wagtail admin, each as far as the duty goes."""

import pytest
from django.urls import reverse

from catalog.models import Technology
from catalog.services.publishing import publish_directly, save_draft, submit_for_review

PAGES = ("edit", "history", "usage")


def pages(listing):
    space = listing.snippet_viewset.url_namespace
    return [reverse(f"{space}:list"), *(reverse(f"{space}:{name}", args=[listing.pk]) for name in PAGES)]


@pytest.fixture
def submitted(cast, taxonomy):
    """Return a live technology with a later version under review."""
    technology = Technology(title="空压机余热回收", organisation=cast.supplier_firm)
    technology = publish_directly(save_draft(technology, user=cast.supplier), user=cast.librarian)
    version = technology.get_latest_revision_as_object()
    version.summary = "回收七成热量"
    return submit_for_review(save_draft(version, user=cast.supplier), user=cast.supplier)


@pytest.mark.parametrize(("person", "may_edit"), [("librarian", True), ("reviewer", False)])
def test_pages_of_a_listing_open_and_lead_to_no_missing_preview(cast, as_, submitted, person, may_edit):
    client = as_(getattr(cast, person))
    for page in ["/admin/", *pages(submitted)]:
        if page in pages(submitted)[1:] and not may_edit:
            # Reviewers comment and return on their own page; the text stays the author's.
            assert client.get(page).status_code == 302
            continue
        response = client.get(page)
        assert (page, response.status_code) == (page, 200)
        assert "/preview/" not in response.content.decode()
        assert f"/revisions/{submitted.latest_revision_id}/view/" not in response.content.decode()


@pytest.mark.parametrize(
    ("person", "status"), [("pusher", 302), ("supplier", 302), ("enterprise", 302), ("visitor", 302)]
)
def test_pages_of_a_listing_are_closed_to_others(cast, as_, submitted, person, status):
    client = as_(getattr(cast, person))
    assert {client.get(page).status_code for page in pages(submitted)} == {status}
