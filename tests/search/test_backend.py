"""Search in the Wagtail admin."""

import pytest
from django.core.management import call_command
from wagtail.search.backends import get_search_backend

from catalog.models import Demand, Technology

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(make_technology, make_demand):
    first = make_technology("空压机余热回收", principle="由润滑油带走的热量")
    second = make_technology("烟气冷凝", summary="空压机房供热", is_sample=True)
    third = make_technology("VFD 改造循环水泵", principle='用 "引号" 和 80℃')
    make_demand("空压机余热")
    return [first, second, third]


def found(text, method="search", queryset=None, **options):
    queryset = Technology.objects.all() if queryset is None else queryset
    return list(getattr(get_search_backend(), method)(text, queryset, **options))


@pytest.mark.parametrize("method", ["search", "autocomplete"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("空压机", [0, 1]),
        ("空压机余热", [0]),
        ("空气压缩机", [0, 1]),
        ("热", [0, 1]),
        ("变频", [2]),
        ("引号", [2]),
        ("80℃", [2]),
        ("光伏", []),
        ('"', []),
        ('空压机" OR', [0, 1]),
        ("x" * 500, []),
        ("\x00%s", []),
    ],
)
def test_admin_search_finds_chinese(rows, method, text, expected):
    assert {row.pk for row in found(text, method)} == {rows[number].pk for number in expected}


def test_unfinished_word_is_found_while_typing(rows):
    assert found("vf", "autocomplete") == [rows[2]]
    assert found("vf") == []


def test_results_are_filtered_ordered_cut_and_counted(rows):
    assert found("空压机", queryset=Technology.objects.filter(is_sample=True)) == [rows[1]]
    assert found("空压机")[0] == rows[0]
    ordered = Technology.objects.order_by("-pk")
    assert found("空压机", queryset=ordered, order_by_relevance=False) == [rows[1], rows[0]]
    results = get_search_backend().search("空压机", Technology)
    assert (results.count(), len(results[:1]), len(results[1:5])) == (2, 1, 1)


def test_models_are_apart_and_deletion_forgets(rows):
    assert [row.title for row in found("余热", queryset=Demand.objects.all())] == ["空压机余热"]
    rows[0].delete()
    assert found("余热") == []


def test_any_word_on_request(rows):
    assert set(found("余热 变频", operator="or")) == {rows[0], rows[2]}


def test_rebuild_keeps_the_analysis(rows):
    call_command("update_index", verbosity=0)
    assert found("空压机")[0] == rows[0]


@pytest.mark.parametrize(
    "address", ["?q=空压机", "?q=空压机&is_sample=true", '?q="', "?q=空压机&ordering=title"]
)
def test_admin_list_searches(rows, cast, as_, address):
    response = as_(cast.librarian).get(f"/admin/snippets/catalog/technology/{address}")
    assert response.status_code == 200
    assert ("烟气冷凝" in response.content.decode()) == ("空压机" in address)
