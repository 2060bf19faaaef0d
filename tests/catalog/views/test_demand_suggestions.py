"""The demand form offers what the texts say of the plant, and fills in nothing unasked."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from catalog.enums import Quantity
from catalog.forms.demand_rows import MOST_ROWS
from catalog.forms.suggestions import Suggestion
from catalog.models import Demand
from tests.catalog.demand_data import posted

NEW = "/workspace/demands/new/"
PROBLEM = "定型机废气１６０℃，风量15000m³/h，需要60℃热水，年运行7200小时"


@pytest.fixture
def page(cast, as_, taxonomy):
    def post(action, **extra):
        data = posted(taxonomy, cast.enterprise_firm, problem=PROBLEM, action=action, **extra)
        return as_(cast.enterprise).post(NEW, data)

    return post


def rows(response):
    return [
        (form["quantity"].value(), form["amount"].value())
        for form in response.context["form"].conditions.forms
        if form["quantity"].value()
    ]


def test_read_offers_what_the_text_says(page):
    response = page("read")
    offered = [suggestion.sentence for suggestion in response.context["suggestions"]]
    assert offered == [
        "热源温度：160 ℃（原文“１６０℃”）",
        "烟气或废气流量：15000 m³/h（原文“15000m³/h”）",
        "用热或供热温度：60 ℃（原文“60℃”）",
        "年运行时间：7200 h（原文“7200小时”）",
    ]
    assert rows(response) == [] and not Demand.objects.exists()
    html = response.content.decode()
    assert 'value="fill:heat_source_temperature_c"' in html and 'value="fill"' in html


def test_one_suggestion_is_filled_in_and_no_longer_offered(page):
    response = page("fill:heat_source_temperature_c")
    assert rows(response) == [("heat_source_temperature_c", "160")]
    codes = [suggestion.code for suggestion in response.context["suggestions"]]
    assert codes == ["gas_flow_m3_per_h", "heat_sink_temperature_c", "running_hours"]
    assert not Demand.objects.exists()


def test_all_suggestions_are_filled_in(page):
    response = page("fill")
    assert len(rows(response)) == 4 and not response.context["suggestions"]
    assert "文字中没有其他可以读出的参数。" in response.content.decode()


def test_typed_rows_stay(page):
    typed = {"conditions-0-quantity": "heat_source_temperature_c", "conditions-0-amount": "150~170"}
    response = page("fill", **typed)
    assert rows(response)[0] == ("heat_source_temperature_c", "150~170")
    assert [code for code, _amount in rows(response)].count("heat_source_temperature_c") == 1


def test_filled_rows_are_saved_like_typed_ones(page):
    filled = {"conditions-0-quantity": "heat_source_temperature_c", "conditions-0-amount": "160"}
    assert page("draft", **filled).status_code == 302
    kept = Demand.objects.get().get_latest_revision_as_object().quantities.get()
    assert (kept.quantity, kept.minimum, kept.maximum) == ("heat_source_temperature_c", *[Decimal(160)] * 2)


def test_sending_fills_in_nothing(page):
    assert page("send").status_code == 302
    assert not Demand.objects.get().get_latest_revision_as_object().quantities.exists()


@pytest.mark.parametrize("total", ["", "x", "-1", "9" * 20, str(MOST_ROWS)])
def test_odd_numbers_of_rows_do_no_harm(page, total):
    assert page("fill", **{"conditions-TOTAL_FORMS": total}).status_code == 200


@pytest.mark.parametrize("action", ["fill:nonsense", "fill:", "fill:fill", "nonsense"])
def test_odd_actions_save_nothing(page, action):
    assert page(action).status_code == 200
    assert not Demand.objects.exists()


def test_unsure_suggestion_asks_to_be_checked():
    sentence = Suggestion("power_kw", "3000", "3000kW", False).sentence
    assert sentence == "可能是设备功率：3000 kW（原文“3000kW”，请核对）"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", Quantity.values)
def test_every_quantity_can_be_offered(language, code):
    with override(language):
        assert "1 " in Suggestion(code, "1", "1", True).sentence
