"""The first page of the admin."""

import pytest
from django.urls import reverse

from catalog.services.publishing import submit_for_review
from cms.services import set_up_pages


@pytest.fixture
def pages(cast):
    return set_up_pages()


@pytest.mark.parametrize(
    ("name", "text"), [("librarian", "导入表格"), ("reviewer", "待审核条目"), ("pusher", "准备推送")]
)
def test_each_duty_sees_its_next_step(as_, cast, pages, name, text):
    html = as_(getattr(cast, name)).get("/admin/").content.decode()
    assert text in html
    assert "css/admin.css" in html


def test_admin_is_closed_to_companies(as_, cast, pages):
    for person in (cast.supplier, cast.enterprise, cast.bank, cast.visitor):
        assert as_(person).get("/admin/").status_code == 302


def test_first_page_leads_reviewers_to_no_closed_editor(as_, cast, pages, make_technology):
    listing = make_technology("余热锅炉")
    listing.save_revision()
    submit_for_review(listing, user=cast.librarian)
    html = as_(cast.reviewer).get("/admin/").content.decode()
    assert reverse("catalog_review:queue") in html
    assert f"/edit/{listing.pk}/" not in html and "guide.wagtail.org" not in html
