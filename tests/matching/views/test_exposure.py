import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from matching.models import FairnessSettings
from matching.services.exposure import measure_exposure
from tests.matching.pairs import recommend

REPORT, RULES = reverse("matching_exposure:report"), reverse("matching_exposure:rules")
NEW = {
    "largest_share": "30",
    "near_points": "2",
    "new_days": "0",
    "new_first_ten": "5",
    "new_margin_points": "5",
}


@pytest.fixture
def market(cast, make_technology, make_demand):
    demand = make_demand()
    for rank, (title, owner) in enumerate((("甲", cast.supplier_firm), ("乙", cast.second_firm)), start=1):
        recommend(demand, make_technology(title, organisation=owner), rank=rank)
    measure_exposure()


@pytest.mark.parametrize("person", ["librarian", "reviewer", "pusher"])
def test_every_official_sees_the_shares(market, cast, as_, person):
    page = as_(getattr(cast, person)).get(REPORT).content.decode()
    assert "示例供方一" in page and "61.3%" in page and "38.7%" in page
    assert ("设置展示规则" in page) == (person == "librarian")


@pytest.mark.parametrize("person", ["supplier", "enterprise", "bank"])
def test_for_others_the_pages_do_not_exist(market, cast, as_, person):
    client = as_(getattr(cast, person))
    assert [client.get(url).status_code for url in (REPORT, RULES)] == [404, 404]
    assert client.post(RULES, NEW).status_code == 404


@pytest.mark.parametrize("person", ["reviewer", "pusher"])
def test_only_the_library_duty_sets_rules(cast, as_, person):
    assert as_(getattr(cast, person)).post(RULES, NEW).status_code == 404
    assert not FairnessSettings.objects.exists()


def test_no_supplier_yet(cast, as_):
    page = as_(cast.librarian).get(REPORT).content.decode()
    assert "还没有供方发布公开的技术" in page and "占比尚未测算" in page


def test_rules_are_saved_logged_and_applied(market, cast, as_):
    client = as_(cast.librarian)
    assert client.post(RULES, NEW).url == REPORT
    rules = FairnessSettings.current()
    assert (rules.largest_share, rules.uses_supplier_view, rules.new_days) == (30, False, 0)
    entry = ModelLogEntry.objects.get(action="matching.fairness")
    assert (entry.data["before"]["largest_share"], entry.data["after"]["largest_share"]) == (None, 30.0)
    page = client.get(RULES).content.decode()
    assert "单个供方的曝光上限（%） 不设 → 30" in page and "兼顾供方角度 是 → 否" in page
    assert "单个供方曝光上限：30%" in client.get(REPORT).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"largest_share": "0"},
        {"largest_share": "101"},
        {"near_points": "-1"},
        {"new_days": "x"},
        {"near_points": "NaN"},
    ],
)
def test_wrong_rules_are_refused(cast, as_, wrong):
    response = as_(cast.librarian).post(RULES, NEW | wrong)
    assert response.status_code == 200 and response.context["form"].errors
    assert not FairnessSettings.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_report_asks_a_fixed_number_of_queries(
    count, cast, as_, make_technology, make_demand, django_assert_max_num_queries
):
    demand = make_demand()
    for number in range(count):
        technology = make_technology(f"{number}", organisation=cast.supplier_firm)
        recommend(demand, technology, rank=number + 1)
    measure_exposure()
    client = as_(cast.librarian)
    client.get(REPORT)
    with django_assert_max_num_queries(25):
        client.get(REPORT)
