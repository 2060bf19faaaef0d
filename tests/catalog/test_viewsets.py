"""Officials' edit pages."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Industry
from catalog.forms.officials import IndustriesField
from catalog.models import TechnologyDocument
from catalog.services.publishing import submit_for_review


@pytest.mark.parametrize("model", ["technology", "demand"])
def test_edit_pages_open_in_groups(cast, as_, make_technology, make_demand, model):
    listing = {"technology": make_technology, "demand": make_demand}[model]()
    url = reverse(f"wagtailsnippets_catalog_{model}:edit", args=[listing.pk])
    html = as_(cast.librarian).get(url).content.decode()
    assert "基本信息" in html and "联系人" in html
    assert reverse("wagtailadmin_home") == as_(cast.pusher).get(url).url


def test_industries_are_typed_by_name_or_code(db):
    for code, name, level in (("C17", "纺织业", 1), ("C26", "化学原料和化学制品制造业", 1)):
        Industry.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    field = IndustriesField(required=False)
    found = field.clean("纺织业、C26")
    assert [industry.code for industry in found] == ["C17", "C26"]
    assert field.prepare_value(found) == "C17 纺织业；C26 化学原料和化学制品制造业"
    assert field.clean(field.prepare_value(found)) == found
    assert field.clean("") == []
    with pytest.raises(ValidationError, match="不在行业分类里"):
        field.clean("不存在的行业")


def test_uploaded_document_is_checked_by_content(make_technology):
    technology = make_technology()
    document = TechnologyDocument(technology=technology, title="报告")
    document.file = SimpleUploadedFile("报告.pdf", b"MZ\x90\x00")
    with pytest.raises(ValidationError, match="可执行程序"):
        document.full_clean()
    document.file = SimpleUploadedFile("报告.pdf", b"%PDF-1.4 x")
    document.full_clean()
    document.save()
    TechnologyDocument.objects.get().full_clean()


@pytest.mark.parametrize("model", ["technology", "demand"])
def test_reviewers_read_the_library_and_change_no_text(cast, as_, make_technology, make_demand, model):
    listing = {"technology": make_technology, "demand": make_demand}[model]("原来的名称")
    listing.save_revision().publish()
    submit_for_review(listing, user=cast.librarian)
    client = as_(cast.reviewer)
    assert "原来的名称" in client.get(reverse(f"wagtailsnippets_catalog_{model}:list")).content.decode()
    url = reverse(f"wagtailsnippets_catalog_{model}:edit", args=[listing.pk])
    page = client.get(reverse(f"wagtailsnippets_catalog_{model}:list")).content.decode()
    assert reverse(f"catalog:{model}", args=[listing.pk]) in page and url not in page
    assert "data-bulk-action-checkbox" not in page
    for response in (client.get(url), client.post(url, {"title": "改过的名称"})):
        assert response.url == reverse("wagtailadmin_home")
    assert listing.get_latest_revision_as_object().title == "原来的名称"


def test_menu_asks_for_the_duties_once(cast, as_, django_assert_max_num_queries):
    client = as_(cast.librarian)
    url = reverse("wagtailsnippets_catalog_technology:list")
    client.get(url)
    with django_assert_max_num_queries(30) as captured:
        assert client.get(url).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    assert sum(sql.startswith('SELECT "auth_group"."name"') for sql in asked) == 1
