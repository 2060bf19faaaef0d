"""A supplier's own technologies."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.enums import ReviewState
from catalog.models import Technology, TechnologyCase
from catalog.services.publishing import publish_directly, save_draft
from catalog.services.requirements import missing_for_review, remarks_for_review
from catalog.services.technologies import remind_of_confirmations, send_technology
from notices.models import Notice


def complete(cast, taxonomy, title="空压机余热回收", **fields):
    technology = Technology(
        title=title,
        organisation=cast.supplier_firm,
        summary="省电",
        principle="换热",
        scope="空压站",
        applies_to_all_industries=True,
        saving_rate_min="0.1",
        saving_basis="对比",
        investment_max_cny=500_000,
        cooperation_modes=["emc"],
        contact_name="张三",
        contact_phone="021-57920000",
        **fields,
    )
    technology.systems.set([taxonomy.compressed_air])
    technology.carriers.set([taxonomy.electricity])
    return save_draft(technology, user=cast.supplier)


def act(client, technology, action):
    return client.post(reverse("catalog:change_technology", args=[technology.pk, action]))


def decide(technology, user, action, comment=""):
    state = technology.current_workflow_state.current_task_state
    state.task.specific.on_action(state, user, action, comment=comment)


def send(client, technology):
    return client.post(reverse("catalog:edit_technology_step", args=[technology.pk, "check"]), follow=True)


def test_list_says_what_to_do_when_there_is_nothing(cast, as_):
    html = as_(cast.supplier).get(reverse("catalog:my_technologies")).content.decode()
    assert "还没有技术" in html
    cast.supplier.memberships.all().delete()
    html = as_(cast.supplier).get(reverse("catalog:my_technologies")).content.decode()
    assert "先登记您的机构" in html


def test_list_shows_only_own_technologies_with_state_and_reason(cast, as_, taxonomy):
    own = complete(cast, taxonomy, "甲<i>")
    save_draft(Technology(title="别家", organisation=cast.second_firm), user=cast.second_supplier)
    send_technology(own, user=cast.supplier)
    decide(own, cast.reviewer, "reject", "请补充<b>案例</b>")
    html = as_(cast.supplier).get(reverse("catalog:my_technologies")).content.decode()
    assert "甲&lt;i&gt;" in html and "别家" not in html
    assert "已退回" in html and "请补充&lt;b&gt;案例" in html


def test_list_takes_the_same_queries_for_one_and_three(cast, as_, taxonomy, django_assert_num_queries):
    client = as_(cast.supplier)
    url = reverse("catalog:my_technologies")
    send_technology(complete(cast, taxonomy), user=cast.supplier)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    count = len(one)
    for title in ("乙", "丙"):
        send_technology(complete(cast, taxonomy, title), user=cast.supplier)
    with django_assert_num_queries(count):
        client.get(url)


def test_incomplete_technology_is_not_sent_and_says_what_is_missing(cast, as_):
    draft = save_draft(Technology(title="甲", organisation=cast.supplier_firm), user=cast.supplier)
    html = send(as_(cast.supplier), draft).content.decode()
    assert (
        "还缺 12 项" in html and reverse("catalog:edit_technology_step", args=[draft.pk, "figures"]) in html
    )
    draft.refresh_from_db()
    assert draft.review_state == ReviewState.DRAFT


def test_complete_technology_goes_to_review_once(cast, as_, taxonomy):
    draft = complete(cast, taxonomy)
    assert missing_for_review(draft) == []
    client = as_(cast.supplier)
    assert "已提交审核" in send(client, draft).content.decode()
    assert "审核中" in send(client, draft).content.decode()
    draft = Technology.objects.get(pk=draft.pk)
    assert draft.review_state == ReviewState.IN_REVIEW and draft.workflow_states.count() == 1


def test_technology_under_review_cannot_be_edited_but_withdrawn(cast, as_, taxonomy):
    draft = complete(cast, taxonomy)
    client = as_(cast.supplier)
    send(client, draft)
    url = reverse("catalog:edit_technology_step", args=[draft.pk, "basics"])
    assert client.post(url, {"title": "改"}).url == reverse("catalog:my_technology", args=[draft.pk])
    act(client, draft, "withdraw")
    draft = Technology.objects.get(pk=draft.pk)
    assert (draft.review_state, draft.title) == (ReviewState.DRAFT, "空压机余热回收")


def test_returned_technology_shows_the_reason_of_each_round(cast, as_, taxonomy):
    draft = complete(cast, taxonomy)
    client = as_(cast.supplier)
    for reason in ("第一次", "第二次"):
        send(client, draft)
        draft = Technology.objects.get(pk=draft.pk)
        decide(draft, cast.reviewer, "reject", reason)
    html = client.get(reverse("catalog:my_technology", args=[draft.pk])).content.decode()
    assert html.index("第二次") < html.rindex("第一次")
    send(client, draft)
    assert Technology.objects.get(pk=draft.pk).review_state == ReviewState.IN_REVIEW


def test_live_technology_keeps_its_public_text_while_it_is_edited(cast, as_, taxonomy):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    client = as_(cast.supplier)
    url = reverse("catalog:edit_technology_step", args=[live.pk, "basics"])
    client.post(url, {"title": "新名称", "summary": "省电", "go": "stay"})
    live = Technology.objects.get(pk=live.pk)
    assert (live.title, live.review_state) == ("空压机余热回收", ReviewState.LIVE_DRAFT)
    html = client.get(reverse("catalog:my_technology", args=[live.pk])).content.decode()
    assert "与公开内容的差别" in html and "新名称" in html
    send(client, live)
    assert Technology.objects.get(pk=live.pk).review_state == ReviewState.LIVE_IN_REVIEW


def test_unsent_changes_of_a_live_technology_can_be_dropped(cast, as_, taxonomy):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    draft = live.get_latest_revision_as_object()
    draft.title = "新名称"
    save_draft(draft, user=cast.supplier)
    act(as_(cast.supplier), live, "discard")
    live = Technology.objects.get(pk=live.pk)
    assert live.review_state == ReviewState.LIVE
    assert live.get_latest_revision_as_object().title == "空压机余热回收"


def test_technology_taken_down_leaves_the_public_view_and_can_be_sent_again(cast, as_, taxonomy):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    client = as_(cast.supplier)
    assert (
        "下架"
        in client.get(reverse("catalog:change_technology", args=[live.pk, "take-down"])).content.decode()
    )
    act(client, live, "take-down")
    live = Technology.objects.get(pk=live.pk)
    assert (live.review_state, list(Technology.objects.public())) == (ReviewState.WITHDRAWN, [])
    assert act(client, live, "delete").status_code == 302
    send(client, live)
    assert Technology.objects.get(pk=live.pk).review_state == ReviewState.IN_REVIEW


def test_draft_is_deleted_after_a_question(cast, as_, taxonomy):
    draft = complete(cast, taxonomy)
    client = as_(cast.supplier)
    client.get(reverse("catalog:change_technology", args=[draft.pk, "delete"]))
    assert Technology.objects.count() == 1
    assert act(client, draft, "delete").url == reverse("catalog:my_technologies")
    assert Technology.objects.count() == 0


def test_confirmation_keeps_a_listing_public_for_another_year(cast, as_, taxonomy):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    Technology.objects.update(confirmed_at=timezone.now() - timedelta(days=350))
    client = as_(cast.supplier)
    assert "待确认" in client.get(reverse("catalog:my_technologies")).content.decode()
    client.post(reverse("catalog:confirm_technology", args=[live.pk]))
    live = Technology.objects.get(pk=live.pk)
    assert not live.needs_confirmation
    publish_directly(live.get_latest_revision_as_object(), user=cast.librarian)
    assert not Technology.objects.get(pk=live.pk).needs_confirmation


def test_supplier_is_reminded_once_before_a_listing_leaves(cast, taxonomy):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    assert remind_of_confirmations() == 0
    Technology.objects.update(confirmed_at=timezone.now() - timedelta(days=340))
    assert [remind_of_confirmations(), remind_of_confirmations()] == [1, 0]
    notice = Notice.objects.get(recipient=cast.supplier)
    assert notice.title == "请确认“空压机余热回收”是否仍然有效"
    assert notice.link == reverse("catalog:my_technology", args=[live.pk])
    Technology.objects.update(confirmed_at=timezone.now() - timedelta(days=400))
    assert remind_of_confirmations() == 0


def test_overdue_listing_says_that_it_left(cast, as_, taxonomy):
    publish_directly(complete(cast, taxonomy), user=cast.librarian)
    Technology.objects.update(confirmed_at=timezone.now() - timedelta(days=400))
    html = as_(cast.supplier).get(reverse("catalog:my_technologies")).content.decode()
    assert "已退出公开展示" in html


def test_merged_technology_is_not_edited_any_more(cast, as_, taxonomy, make_technology):
    own = complete(cast, taxonomy)
    Technology.objects.filter(pk=own.pk).update(merged_into=make_technology("保留"))
    client = as_(cast.supplier)
    assert "不能再修改" in send(client, own).content.decode()
    assert "已由管理人员并入“保留”" in client.get(reverse("catalog:my_technologies")).content.decode()


def test_unconfirmed_listing_leaves_the_public_view(cast, taxonomy):
    publish_directly(complete(cast, taxonomy), user=cast.librarian)
    Technology.objects.update(confirmed_at=timezone.now() - timedelta(days=366))
    assert list(Technology.objects.public()) == []


@pytest.mark.parametrize("action", ["withdraw", "take-down", "discard", "delete", "confirm"])
def test_nobody_changes_anothers_technology(cast, as_, taxonomy, action):
    live = publish_directly(complete(cast, taxonomy), user=cast.librarian)
    url = f"/workspace/technologies/{live.pk}/{action}/"
    assert as_(cast.second_supplier).post(url).status_code == 404
    assert as_(None).post(url).url.startswith("/accounts/login/")


def test_catalogue_technology_without_two_proven_cases_is_remarked(cast, taxonomy):
    technology = complete(cast, taxonomy, evidence_level="catalogue", source_catalogue="某目录")
    sentences = [str(item.sentence) for item in remarks_for_review(technology)]
    assert any("至少 2 个" in sentence and "现有 0 个" in sentence for sentence in sentences)
    technology.cases = [TechnologyCase(site="一", year=2020), TechnologyCase(site="二", year=2021)]
    assert not any("至少 2 个" in str(item.sentence) for item in remarks_for_review(technology))
