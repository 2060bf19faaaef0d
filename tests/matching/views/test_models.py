"""The officials' page of learned models."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from matching.engine.model import shipped_model
from matching.enums import ModelState
from matching.models import LearningOptions, RankingModelVersion
from matching.services.ranking import activate
from tests.matching.services.test_learning import stored_version, weights_in_use

PAGE = "/admin/models/"
FIGURES = {
    "auc_shipped": 0.61,
    "auc_new": 0.7,
    "ndcg_shipped": 0.7,
    "ndcg_new": 0.8,
    "gain": 0.09,
    "error": 0.02,
}
OPTIONS = {"interested": "1", "introduced": "2", "implemented": "4", "refused": "1"}


def restore_address(number):
    return reverse("matching_models:restore", args=[number])


@pytest.mark.parametrize("person", ["supplier", "enterprise", "bank", "reviewer", "pusher"])
def test_others_find_nothing(cast, as_, person):
    stored_version(1)
    client = as_(getattr(cast, person))
    assert client.get(PAGE).status_code == 404
    assert client.get(restore_address(1)).status_code == 404
    assert client.post(restore_address(1)).status_code == 404
    assert RankingModelVersion.objects.active() is None


def test_visitor_is_asked_to_log_in(cast, as_):
    assert as_(None).get(PAGE).status_code == 302


def test_page_without_versions_shows_the_shipped_weights(cast, as_):
    page = as_(cast.librarian).get(PAGE).content.decode()
    assert "随程序发布的模型" in page and "达到 200 条、20 家后开始学习" in page
    assert page.count("model-bar__own") == len(shipped_model().weights)


def test_page_shows_what_each_learned_and_why_one_is_refused(cast, as_):
    stored_version(1, figures=FIGURES)
    stored_version(2, state=ModelState.REFUSED, objections=["auc_below", "ndcg_below"], figures=FIGURES)
    response = as_(cast.librarian).get(PAGE)
    page = response.content.decode()
    assert "在保留的反馈上不如随程序发布的模型" in page and "0.090 ± 0.020" in page
    newest, oldest = response.context["versions"]
    line = next(line for line in newest.lines if line.label == "投资回收期")
    assert line.share > line.shipped and line.since > 0
    assert oldest.lines[0].since is None
    assert not newest.can_activate and oldest.can_activate


def test_restoring_asks_first_and_is_logged(cast, as_):
    version = stored_version(1)
    client = as_(cast.librarian)
    assert "启用第 1 版？" in client.get(restore_address(1)).content.decode()
    assert RankingModelVersion.objects.active() is None
    client.post(restore_address(1))
    assert RankingModelVersion.objects.active() == version
    assert weights_in_use() == version.read().weights
    page = client.get(PAGE).content.decode()
    assert "启用匹配模型" in page and "当前使用" in page
    client.post(restore_address(0))
    assert RankingModelVersion.objects.active() is None and weights_in_use() == shipped_model().weights
    assert ModelLogEntry.objects.filter(user=cast.librarian).count() == 2
    assert client.get(restore_address(7)).status_code == 404


def test_refused_version_is_not_activated(cast, as_):
    stored_version(1, state=ModelState.REFUSED)
    page = as_(cast.librarian).post(restore_address(1), follow=True).content.decode()
    assert "该版本未通过检验，不能启用" in page and RankingModelVersion.objects.active() is None


def test_damaged_model_in_use_is_said_and_breaks_no_page(cast, as_):
    activate(stored_version(1))
    RankingModelVersion.objects.update(model='{"format": 0}')
    client = as_(cast.librarian)
    page = client.get(PAGE).content.decode()
    assert "使用中的第 1 版已损坏或格式过旧" in page
    client.post(restore_address(0))
    page = client.post(restore_address(1), follow=True).content.decode()
    assert "该版本已损坏或格式过旧，不能启用" in page


@pytest.mark.parametrize("weight", ["nan", "-1", "inf", "abc", ""])
def test_senseless_feedback_weights_are_refused_with_a_sentence(cast, as_, weight):
    response = as_(cast.librarian).post(PAGE, {**OPTIONS, "refused": weight})
    assert response.status_code == 200 and response.context["form"].errors["refused"]
    assert not LearningOptions.objects.exists()


def test_weights_that_leave_nothing_to_compare_are_refused(cast, as_):
    response = as_(cast.librarian).post(PAGE, {**OPTIONS, "refused": "0"})
    assert "否则无从比较" in response.content.decode()


def test_feedback_weights_are_stored_and_logged(cast, as_):
    as_(cast.librarian).post(PAGE, {**OPTIONS, "implemented": "3", "activates_at_once": "on"})
    assert LearningOptions.current().implemented == 3
    assert ModelLogEntry.objects.get().data["before"]["implemented"] == 4


def test_page_costs_the_same_for_one_and_three(cast, as_, count_queries):
    client = as_(cast.librarian)
    stored_version(1, activated_by=cast.librarian)
    client.get(PAGE)
    one = count_queries(lambda: client.get(PAGE))
    stored_version(2, activated_by=cast.librarian)
    stored_version(3, activated_by=cast.librarian)
    assert count_queries(lambda: client.get(PAGE)) == one
