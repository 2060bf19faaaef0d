"""The guided form of a supplier."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Industry, Organisation
from accounts.submissions import FIELD, make_token
from catalog.enums import ReviewState, TechnologyStep
from catalog.models import Technology
from catalog.services.publishing import publish_directly, save_draft

PDF = b"%PDF-1.4 invented"


@pytest.fixture
def draft(cast):
    return save_draft(Technology(title="空压机余热回收", organisation=cast.supplier_firm), user=cast.supplier)


def step_url(technology, step):
    return reverse("catalog:edit_technology_step", args=[technology.pk, TechnologyStep(step).value])


def posted(client, technology, step, **data):
    return client.post(step_url(technology, step), data)


def rows(prefix, *rows):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def test_title_alone_makes_a_draft(cast, as_):
    response = as_(cast.supplier).post(reverse("catalog:new_technology"), {"title": "甲"})
    technology = Technology.objects.get()
    assert response.url == step_url(technology, "function")
    assert (technology.organisation, technology.created_by) == (cast.supplier_firm, cast.supplier)
    assert technology.review_state == ReviewState.DRAFT


def test_missing_title_is_said_at_the_field_and_nothing_typed_is_lost(cast, as_):
    response = as_(cast.supplier).post(reverse("catalog:new_technology"), {"title": "", "summary": "省电<b>"})
    assert response.context["form"].errors == {"title": ["请填写此项。"]} or response.context["form"].errors
    html = response.content.decode()
    assert "省电&lt;b&gt;" in html and "省电<b>" not in html
    assert not Technology.objects.exists()


def test_double_click_makes_one_draft(cast, as_):
    client = as_(cast.supplier)
    data = {"title": "甲", FIELD: make_token(cast.supplier)}
    urls = {client.post(reverse("catalog:new_technology"), data).url for _click in range(2)}
    assert (len(urls), Technology.objects.count()) == (1, 1)


def test_expired_session_loses_nothing(cast, as_, draft):
    data = {"scope": "螺杆空压机", "go": "next", FIELD: make_token(cast.supplier)}
    data |= rows("conditions", {"quantity": "power_kw", "span": "75以上"})
    client = as_(None)
    response = posted(client, draft, "conditions", **data)
    assert response.url.startswith("/accounts/login/?next=")
    client.force_login(cast.supplier, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(step_url(draft, "conditions")).content.decode()
    assert "已恢复登录过期前填写的内容" in html and "螺杆空压机" in html and 'value="75以上"' in html
    draft.refresh_from_db()
    assert draft.scope == ""


def test_person_of_several_organisations_chooses_one(cast, as_):
    cast.supplier.memberships.create(organisation=cast.second_firm, state="active")
    client = as_(cast.supplier)
    response = client.post(reverse("catalog:new_technology"), {"title": "甲"})
    assert "organisation" in response.context["form"].errors
    client.post(reverse("catalog:new_technology"), {"title": "甲", "organisation": cast.enterprise_firm.pk})
    assert not Technology.objects.exists()
    client.post(reverse("catalog:new_technology"), {"title": "甲", "organisation": cast.second_firm.pk})
    assert Technology.objects.get().organisation == cast.second_firm


def test_every_step_shows_and_accepts_nothing(cast, as_, draft):
    client = as_(cast.supplier)
    for step in list(TechnologyStep)[1:-1]:
        assert client.get(step_url(draft, step)).status_code == 200
        data = {"evidence_level": "self_declared"}
        if step in {"conditions", "cases"}:
            data |= rows(step, {"site": ""})
        response = posted(client, draft, step, **data)
        assert response.status_code == 302, response.context["form"].errors
        assert response.url == step_url(draft, step.following)


def test_function_step_stores_choices_and_named_industries(cast, as_, draft, taxonomy):
    section, _ = Industry.objects.get_or_create(code="C", defaults={"name": "制造业", "level": 0})
    textile, _ = Industry.objects.get_or_create(
        code="C17", defaults={"name": "纺织业", "level": 1, "parent": section}
    )
    dyeing, _ = Industry.objects.get_or_create(
        code="C1713", defaults={"name": "棉印染精加工", "level": 3, "parent": textile}
    )
    client = as_(cast.supplier)
    data = {"systems": [taxonomy.compressed_air.pk], "carriers": [taxonomy.electricity.pk]}
    data |= {"divisions": [textile.pk], "more_industries": "棉印染精加工"}
    assert posted(client, draft, "function", **data).status_code == 302
    draft = Technology.objects.get(pk=draft.pk)
    assert list(draft.systems.all()) == [taxonomy.compressed_air]
    assert sorted(draft.industries.values_list("code", flat=True)) == ["C17", "C1713"]
    html = client.get(step_url(draft, "function")).content.decode()
    assert "C1713 棉印染精加工" in html and "已选 1 项" in html
    response = posted(client, draft, "function", more_industries="棉印染精加")
    assert "是否应为：棉印染精加工" in response.content.decode()


def test_figures_are_read_as_typed_and_shown_again(cast, as_, draft):
    client = as_(cast.supplier)
    data = {"saving_rate": "10-15%", "investment": "1200万元", "payback": "2-3年", "penetration_now": "5%"}
    assert posted(client, draft, "figures", **data).status_code == 302
    draft = Technology.objects.get(pk=draft.pk)
    assert (draft.investment_min_cny, draft.investment_max_cny) == (12_000_000, 12_000_000)
    assert (draft.payback_min_years, draft.payback_max_years, str(draft.penetration_now)) == (2, 3, "0.0500")
    html = client.get(step_url(draft, "figures")).content.decode()
    assert 'value="1200 万元"' in html and 'value="10%–15%"' in html and 'value="2 年–3 年"' not in html


def test_figure_that_cannot_be_read_keeps_all_that_was_typed(cast, as_, draft):
    response = posted(as_(cast.supplier), draft, "figures", saving_rate="很多", investment="80-120")
    html = response.content.decode()
    assert "看不出是哪个数值" in html and 'value="很多"' in html and 'value="80-120"' in html
    draft.refresh_from_db()
    assert draft.investment_min_cny is None


def test_conditions_are_rows(cast, as_, draft):
    client = as_(cast.supplier)
    data = rows(
        "conditions",
        {"quantity": "heat_source_temperature_c", "span": "60-95℃", "is_hard": "on"},
        {"quantity": "", "span": ""},
        {"quantity": "running_hours", "span": "≥4000", "note": "越长越好"},
    )
    assert posted(client, draft, "conditions", **data).status_code == 302
    draft = Technology.objects.get(pk=draft.pk)
    found = [(c.quantity, c.minimum, c.maximum, c.is_hard) for c in draft.conditions.all()]
    assert found == [("heat_source_temperature_c", 60, 95, True), ("running_hours", 4000, None, False)]
    first = draft.conditions.first()
    data = rows(
        "conditions",
        {"key": first.pk, "quantity": first.quantity, "span": "50-95"},
        {"key": first.pk + 1, "quantity": "running_hours", "span": "≥4000", "DELETE": "on"},
    )
    posted(client, draft, "conditions", **data)
    draft = Technology.objects.get(pk=draft.pk)
    assert [(c.pk, c.minimum) for c in draft.conditions.all()] == [(first.pk, 50)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"quantity": "", "span": "50"}, "请选择参数"),
        ({"quantity": "power_kw", "span": ""}, "请填写数值或范围"),
        ({"quantity": "power_kw", "span": "90-50"}, "前一个数大于后一个数"),
        ({"quantity": "power_kw", "span": "50吨"}, "不是这一项的单位"),
    ],
)
def test_condition_errors_stand_at_their_row(cast, as_, draft, row, sentence):
    response = posted(as_(cast.supplier), draft, "conditions", scope="丙", **rows("conditions", row))
    html = response.content.decode()
    assert sentence in html and "丙" in html


def test_one_more_row_saves_nothing_and_keeps_what_was_typed(cast, as_, draft):
    data = rows("cases", {"site": "某印染厂", "year": "abc"}) | {"add_row": "1"}
    response = posted(as_(cast.supplier), draft, "cases", **data)
    html = response.content.decode()
    assert response.status_code == 200
    assert (
        "某印染厂" in html and 'name="cases-1-site"' in html and 'value="2" id="id_cases-TOTAL_FORMS"' in html
    )
    draft.refresh_from_db()
    assert not draft.cases.exists()


def test_cases_carry_money_as_typed(cast, as_, draft):
    case = {"site": "某印染厂", "year": "2023", "investment_cny": "80万", "annual_saving_tce": "120"}
    assert posted(as_(cast.supplier), draft, "cases", **rows("cases", case)).status_code == 302
    stored = Technology.objects.get(pk=draft.pk).cases.get()
    assert (stored.site, stored.investment_cny, stored.annual_saving_tce) == ("某印染厂", 800_000, 120)


def cooperation(**data):
    return {"evidence_level": "self_declared", "go": "stay", **data}


def test_document_is_stored_downloaded_and_removed(cast, as_, draft):
    client = as_(cast.supplier)
    file = SimpleUploadedFile("检测报告.pdf", PDF)
    assert posted(client, draft, "cooperation", **cooperation(document=file)).status_code == 302
    url = reverse("catalog:draft_document", args=[draft.pk, 0])
    response = client.get(url)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf" and "attachment" in response["Content-Disposition"]
    response = posted(client, draft, "cooperation", **cooperation(go="remove-0", contact_name="张三"))
    assert client.get(response.url).status_code == 200
    client.post(response.url, {"title": "检测报告"})
    stored = Technology.objects.get(pk=draft.pk)
    assert (stored.documents.count(), stored.contact_name) == (0, "张三")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("报告.pdf", b"MZ\x90\x00", "可执行程序"),
        ("报告.exe", PDF, "可执行程序"),
        ("a.pdf", b"hello", "不能识别"),
    ],
)
def test_executable_is_refused_and_the_rest_stays(cast, as_, draft, name, content, sentence):
    data = cooperation(document=SimpleUploadedFile(name, content), contact_name="张三")
    response = posted(as_(cast.supplier), draft, "cooperation", **data)
    html = response.content.decode()
    assert sentence in html and 'value="张三"' in html


def test_document_added_to_a_live_listing_is_not_public_before_review(cast, as_, draft):
    publish_directly(draft, user=cast.librarian)
    client = as_(cast.supplier)
    posted(client, draft, "cooperation", **cooperation(document=SimpleUploadedFile("a.pdf", PDF)))
    stored = Technology.objects.get(pk=draft.pk)
    assert (stored.documents.count(), stored.review_state) == (0, ReviewState.LIVE_DRAFT)
    assert client.get(reverse("catalog:draft_document", args=[draft.pk, 0])).status_code == 200


@pytest.mark.parametrize("person", ["second_supplier", "enterprise", "bank"])
def test_anothers_draft_does_not_exist(cast, as_, draft, person):
    client = as_(getattr(cast, person))
    posted(as_(cast.supplier), draft, "cooperation", **cooperation(document=SimpleUploadedFile("a.pdf", PDF)))
    client = as_(getattr(cast, person))
    urls = [reverse(f"catalog:{name}", args=[draft.pk]) for name in ("my_technology", "edit_technology")]
    urls += [step_url(draft, "check"), reverse("catalog:draft_document", args=[draft.pk, 0])]
    urls += [reverse("catalog:change_technology", args=[draft.pk, "delete"])]
    assert [client.get(url).status_code for url in urls] == [404] * 5
    assert posted(client, draft, "function", principle="改").status_code == 404
    document = draft.documents.get()
    assert client.get(reverse("catalog:technology_document", args=[draft.pk, document.pk])).status_code == 404


def test_visitor_is_asked_to_log_in(cast, as_, draft):
    client = as_(None)
    for name in ("my_technology", "edit_technology"):
        assert client.get(reverse(f"catalog:{name}", args=[draft.pk])).url.startswith("/accounts/login/")
    assert client.get(reverse("catalog:new_technology")).url.startswith("/accounts/login/")


def test_public_document_is_open_to_visitors(cast, as_, draft):
    client = as_(cast.supplier)
    posted(client, draft, "cooperation", **cooperation(document=SimpleUploadedFile("a.pdf", PDF)))
    technology = publish_directly(
        Technology.objects.get(pk=draft.pk).get_latest_revision_as_object(), user=cast.librarian
    )
    url = reverse("catalog:technology_document", args=[technology.pk, technology.documents.get().pk])
    assert as_(None).get(url).status_code == 200


def test_person_without_organisation_is_led_to_one(cast, as_):
    Organisation.objects.of_member(cast.supplier).get().memberships.all().delete()
    response = as_(cast.supplier).get(reverse("catalog:new_technology"))
    assert response.url == reverse("accounts:organisation_new")


def test_unknown_step_does_not_exist(cast, as_, draft):
    url = reverse("catalog:edit_technology_step", args=[draft.pk, "nothing"])
    assert as_(cast.supplier).get(url).status_code == 404


@pytest.mark.parametrize("person", ["enterprise", "bank"])
@pytest.mark.parametrize("name", ["catalog:new_technology", "catalog:import_technologies"])
def test_member_of_no_supplier_is_led_to_the_organisation(cast, as_, person, name):
    answer = as_(getattr(cast, person)).get(reverse(name), follow=True)
    assert answer.redirect_chain[0][0] == reverse("accounts:organisation")
    assert "只有技术供方可以发布技术" in answer.content.decode()
