import pytest
from django.urls import reverse

from accounts.models import Area
from matching.models import SupplierTerms

TERMS = reverse("matching:terms")


def test_supplier_says_what_it_takes_on(cast, as_, make_technology):
    make_technology(organisation=cast.supplier_firm)
    town = Area.objects.create(code="1", name="某镇", kind="town")
    client = as_(cast.supplier)
    assert "承接条件" in client.get(reverse("matching:needs")).content.decode()
    answer = client.post(TERMS, {"takes_needs": "on", "smallest_project_cny": "30万元", "areas": [town.code]})
    assert answer.url == reverse("matching:needs")
    terms = SupplierTerms.objects.get()
    assert (terms.organisation, terms.smallest_project_cny, terms.takes_needs) == (
        cast.supplier_firm,
        300_000,
        True,
    )
    assert list(terms.areas.all()) == [town]
    page = client.get(TERMS).content.decode()
    assert "30 万元" in page and page.count("checked") == 2
    client.post(TERMS, {})
    terms.refresh_from_db()
    assert (terms.takes_needs, terms.smallest_project_cny, terms.areas.count()) == (False, None, 0)


def test_wrong_amount_is_said_and_nothing_stored(cast, as_):
    page = as_(cast.supplier).post(TERMS, {"smallest_project_cny": "很多"}).content.decode()
    assert "errorlist" in page and "很多" in page
    assert not SupplierTerms.objects.exists()


@pytest.mark.parametrize("person", ["enterprise", "bank"])
def test_for_others_the_page_does_not_exist(cast, as_, person):
    client = as_(getattr(cast, person))
    assert (client.get(TERMS).status_code, client.post(TERMS, {}).status_code) == (404, 404)


def test_visitor_is_led_to_the_log_in(cast, as_):
    assert "login" in as_(None).get(TERMS).url


def test_one_supplier_does_not_touch_the_terms_of_another(cast, as_):
    SupplierTerms.objects.create(organisation=cast.supplier_firm, smallest_project_cny=5)
    as_(cast.second_supplier).post(TERMS, {"smallest_project_cny": "9元"})
    assert SupplierTerms.objects.get(pk=cast.supplier_firm.pk).smallest_project_cny == 5
    assert SupplierTerms.objects.get(pk=cast.second_firm.pk).smallest_project_cny == 9


@pytest.mark.parametrize("nasty", ["9" * 30, "-1", "\x00", "余热" * 200, "'\"<b>"])
def test_areas_that_are_none_are_refused(cast, as_, nasty):
    answer = as_(cast.supplier).post(TERMS, {"takes_needs": "on", "areas": [nasty]})
    assert answer.status_code == 200
    assert not SupplierTerms.objects.exists()
