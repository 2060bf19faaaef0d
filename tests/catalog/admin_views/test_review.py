"""The review queue in the Wagtail admin."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.enums import ReviewState
from catalog.models import Demand, Technology
from catalog.services.publishing import publish_directly, save_draft, submit_for_review
from tests.catalog.listings import submitted_demand, submitted_technology, waiting

QUEUE = "/admin/review/"


def page(client, url=QUEUE, **data):
    return client.get(url, data).content.decode()


def decide_together(client, listings, action, **data):
    chosen = [waiting(listing).pk for listing in listings]
    return client.post(
        reverse("catalog_review:decide"), {"chosen": chosen, "action": action, **data}, follow=True
    )


def test_queue_says_when_nothing_waits(cast, as_):
    assert "没有待审条目" in page(as_(cast.reviewer))


def test_queue_shows_key_facts_escaped(cast, as_, taxonomy):
    submitted_technology(cast, "甲<b>", summary="省<i>电")
    submitted_demand(cast)
    html = page(as_(cast.reviewer))
    assert "甲&lt;b&gt;" in html and "甲<b>" not in html and "省&lt;i&gt;电" in html
    assert "示例供方一" in html and "已核验" in html and "共 2 项待审" in html
    assert json.dumps("审核队列（2）")[1:-1] in html
    assert "甲&lt;b&gt;" not in page(as_(cast.reviewer), kind="demand")


def test_queue_takes_the_same_queries_for_one_and_three(cast, as_, django_assert_num_queries):
    client = as_(cast.reviewer)
    submitted_technology(cast, "甲")
    page(client)
    with CaptureQueriesContext(connection) as one:
        page(client)
    count = len(one)
    submitted_technology(cast, "乙")
    submitted_technology(cast, "丙")
    with django_assert_num_queries(count):
        page(client)


@pytest.mark.parametrize("person", ["librarian", "pusher", "supplier", "enterprise", "visitor"])
def test_only_reviewers_open_the_queue(cast, as_, person):
    state = waiting(submitted_technology(cast))
    client = as_(getattr(cast, person))
    for url in (QUEUE, f"{QUEUE}{state.pk}/"):
        response = client.get(url)
        assert response.status_code == 302 and "/review/" not in response.url.partition("?")[0]
    client.post(
        reverse("catalog_review:decide"), {"chosen": [state.pk], "action": "approve", "is_confirmed": 1}
    )
    assert Technology.objects.get().review_state == ReviewState.IN_REVIEW


def test_several_are_returned_with_one_reason(cast, as_):
    listings = [submitted_technology(cast), submitted_demand(cast)]
    client = as_(cast.reviewer)
    html = decide_together(client, listings, "reject").content.decode()
    assert "将以同一意见退回 2 项" in html
    html = decide_together(client, listings, "reject", is_confirmed="1").content.decode()
    assert "退回时请勾选或写明原因" in html
    html = decide_together(
        client, listings, "reject", is_confirmed="1", reasons=["3"], text="另请补充照片"
    ).content.decode()
    assert "已退回 2 项" in html
    reason = "请上传检测报告、验收意见等证明材料。\n另请补充照片"
    assert [Technology.objects.get().return_reason, Demand.objects.get().return_reason] == [reason] * 2


def test_several_are_approved_after_a_question(cast, as_):
    listings = [submitted_technology(cast), submitted_demand(cast)]
    client = as_(cast.reviewer)
    assert "将通过并公开 2 项" in decide_together(client, listings, "approve").content.decode()
    assert not Technology.objects.get().live
    decide_together(client, listings, "approve", is_confirmed="1")
    assert Technology.objects.get().live and Demand.objects.get().live


def test_choosing_nothing_is_said(cast, as_):
    response = as_(cast.reviewer).post(reverse("catalog_review:decide"), {"action": "approve"}, follow=True)
    assert "请先勾选" in response.content.decode()


def test_single_submission_shows_the_difference_and_is_decided(cast, as_):
    live = publish_directly(Technology(title="旧名称", organisation=cast.supplier_firm), user=cast.librarian)
    edited = live.get_latest_revision_as_object()
    edited.title = "新名称<script>"
    submit_for_review(save_draft(edited, user=cast.supplier), user=cast.supplier)
    following = submitted_technology(cast, "下一项")
    client = as_(cast.reviewer)
    url = f"{QUEUE}{waiting(live).pk}/"
    html = page(client, url)
    assert "旧名称" in html and "新名称&lt;script&gt;" in html and "与公开版本的差别" in html
    response = client.post(url, {"action": "reject", "text": ""})
    assert "退回时请勾选或写明原因" in response.content.decode()
    response = client.post(url, {"action": "approve"})
    assert response.url == f"{QUEUE}{waiting(following).pk}/"
    assert Technology.objects.get(pk=live.pk).title == "新名称<script>"


def test_decided_submission_can_only_be_read(cast, as_):
    state = waiting(submitted_technology(cast))
    client = as_(cast.reviewer)
    url = f"{QUEUE}{state.pk}/"
    client.post(url, {"action": "reject", "text": "不行"})
    html = page(client, url)
    assert "只能查看" in html and "以往审核" in html
    client.post(url, {"action": "approve"})
    assert Technology.objects.get().review_state == ReviewState.RETURNED


def test_unknown_submission_does_not_exist(cast, as_):
    assert as_(cast.reviewer).get(f"{QUEUE}999/").status_code == 404
