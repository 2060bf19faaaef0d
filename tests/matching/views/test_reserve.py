import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from matching.models import ReserveWeights
from matching.services.reserve import recompute_reserve

RANKING, WEIGHTS = reverse("matching_reserve:ranking"), reverse("matching_reserve:weights")
NEW = {
    "potential": "1",
    "penetration_now": "50",
    "penetration_in_5_years": "0",
    "evidence": "0",
    "payback": "0",
    "needs": "0",
}


@pytest.fixture
def shelf(make_technology, taxonomy):
    technologies = [
        make_technology("大型余热", systems=[taxonomy.waste_heat], annual_saving_min_tce=5000, penetration_now=Decimal("0.5")),
        make_technology("=空压机", systems=[taxonomy.compressed_air], annual_saving_min_tce=200, penetration_now=0),
        make_technology("什么都没说"),
    ]  # fmt: skip
    recompute_reserve()
    return technologies


def titles(response):
    return [line.row.technology.title for line in response.context["lines"]]


@pytest.mark.parametrize("person", ["librarian", "reviewer", "pusher"])
def test_every_official_sees_the_ranking(shelf, cast, as_, person):
    response = as_(getattr(cast, person)).get(RANKING)
    assert titles(response) == ["大型余热", "=空压机", "什么都没说"]
    page = response.content.decode()
    assert "未知，不计入" in page and "缺少节能潜力，无法评分" in page
    assert ("调整权重" in page) == (person == "librarian")


@pytest.mark.parametrize("person", ["supplier", "enterprise", "bank"])
def test_for_others_the_pages_do_not_exist(shelf, cast, as_, person):
    for url in (RANKING, f"{RANKING}?export=csv", f"{RANKING}?print=1", WEIGHTS):
        assert as_(getattr(cast, person)).get(url).status_code == 404
    assert as_(getattr(cast, person)).post(WEIGHTS, NEW | {"action": "save"}).status_code == 404
    assert not ReserveWeights.objects.exists()


def test_visitor_is_led_to_the_log_in(shelf, as_):
    assert "login" in as_(None).get(RANKING).url


@pytest.mark.parametrize("person", ["reviewer", "pusher"])
def test_only_the_library_duty_changes_weights(cast, as_, person):
    assert as_(getattr(cast, person)).get(WEIGHTS).status_code == 404


def test_ranking_is_filtered_and_sorted(shelf, cast, as_):
    client = as_(cast.librarian)
    assert titles(client.get(RANKING, {"system": "waste_heat"})) == ["大型余热"]
    assert titles(client.get(RANKING, {"sort": "now"})) == ["=空压机", "大型余热", "什么都没说"]
    for nasty in ("nothing", "\x00", "9" * 30, "'\"<b>"):
        assert titles(client.get(RANKING, {"sort": nasty, "system": nasty, "p": nasty}))[0] == "大型余热"
    only = client.get(RANKING, {"system": "compressed_air"}).context["lines"][0]
    assert only.rank == 2


def test_zero_and_unknown_read_differently(shelf, cast, as_):
    lines = as_(cast.librarian).get(RANKING).context["lines"]
    assert [line.figures["penetration_now"] for line in lines] == ["50%", "0%", "未知"]
    assert [line.figures["potential"] for line in lines] == ["5,000 tce/a", "200 tce/a", "未知"]


def test_export_is_complete_and_harmless(shelf, cast, as_):
    client = as_(cast.librarian)
    response = client.get(RANKING, {"export": "csv"})
    rows = list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["技术名称", "大型余热", "'=空压机", "什么都没说"]
    assert (rows[2][8], rows[3][8], rows[3][0]) == ("0.0000", "", "")
    book = load_workbook(BytesIO(client.get(RANKING, {"export": "xlsx"}).getvalue())).active
    assert [cell.value for cell in book["B"]] == ["技术名称", "大型余热", "=空压机", "什么都没说"]
    assert book["B3"].data_type == "s"
    assert (book["I3"].value, book["I4"].value) == (0, None)


def test_print_shows_all_without_the_admin(shelf, cast, as_):
    page = as_(cast.reviewer).get(RANKING, {"print": 1}).content.decode()
    assert "节能技术储备评分" in page and "什么都没说" in page


def test_empty_library_says_so(cast, as_):
    assert "技术储备库还没有公开的技术" in as_(cast.librarian).get(RANKING).content.decode()
    assert as_(cast.librarian).get(WEIGHTS).status_code == 200


def test_first_visit_of_an_older_installation_computes(cast, as_, make_technology):
    make_technology(annual_saving_min_tce=10)
    as_(cast.librarian).get(RANKING)
    assert len(as_(cast.librarian).get(RANKING).context["lines"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_ranking_asks_a_fixed_number_of_queries(
    count, cast, as_, make_technology, taxonomy, django_assert_max_num_queries
):
    for number in range(count):
        make_technology(
            f"技术{number}",
            systems=[taxonomy.waste_heat],
            annual_saving_min_tce=9,
            organisation=cast.supplier_firm,
        )
    recompute_reserve()
    client = as_(cast.librarian)
    client.get(RANKING)
    with django_assert_max_num_queries(26):
        client.get(RANKING)


def test_preview_changes_nothing_until_saved(shelf, cast, as_):
    client = as_(cast.librarian)
    page = client.post(WEIGHTS, NEW | {"action": "preview"}, headers={"HX-Request": "true"}).content.decode()
    assert "尚未保存" in page and "<html" not in page
    assert page.index("=空压机") < page.index("大型余热")
    assert not ReserveWeights.objects.exists()
    assert "尚未保存" in client.post(WEIGHTS, NEW | {"action": "preview"}).content.decode()
    assert client.post(WEIGHTS, NEW | {"action": "save"}).url == RANKING
    assert titles(client.get(RANKING))[0] == "=空压机"
    page = client.get(WEIGHTS).content.decode()
    assert "节能潜力 40 → 1" in page


@pytest.mark.parametrize(
    "wrong",
    [{"potential": "-1"}, {"needs": "NaN"}, {"payback": "101"}, {"evidence": ""}, dict.fromkeys(NEW, "0")],
)
def test_wrong_weights_are_refused(shelf, cast, as_, wrong):
    response = as_(cast.librarian).post(WEIGHTS, NEW | wrong | {"action": "save"})
    assert response.status_code == 200 and response.context["form"].errors
    assert "仍按已保存的权重" in response.content.decode()
    assert not ReserveWeights.objects.exists()
