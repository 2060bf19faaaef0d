"""Models learned from feedback: tested before use, in use in every process, and taken back with a click."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Organisation
from catalog.models import Demand, Technology
from matching import tasks
from matching.engine.model import RankingModel, shipped_model
from matching.enums import ModelState, RefusalReason
from matching.errors import ModelError
from matching.models import Feedback, LearningOptions, RankingModelVersion
from matching.services import library
from matching.services.learning import learn_from_feedback, learnable_feedback
from matching.services.library import current_index
from matching.services.ranking import activate, use_shipped
from matching.services.recommending import match_all
from tests.matching.engine.test_learning import HIDDEN
from tests.matching.simulated import store_feedback


def weights_in_use():
    with current_index() as index:
        return index.ranking.weights


def test_nothing_is_learned_from_little_feedback(cast, settings):
    store_feedback(cast.enterprise, hidden=HIDDEN, count=100)
    assert not learn_from_feedback()
    settings.LEARNING_MIN_ROWS, settings.LEARNING_MIN_ORGANISATIONS = 100, 26
    assert not learn_from_feedback()
    assert not RankingModelVersion.objects.exists()


def test_preference_is_learned_and_used_in_every_process(cast):
    store_feedback(cast.enterprise, hidden=HIDDEN)
    assert weights_in_use() == shipped_model().weights
    assert learn_from_feedback()
    version = RankingModelVersion.objects.get()
    assert (version.state, version.row_count, version.organisation_count) == (ModelState.ACTIVE, 300, 25)
    assert version.figures["auc_new"] > version.figures["auc_shipped"] + 0.05
    learned = version.read()
    assert learned.weights["payback"] > 2 * shipped_model().weights["payback"]
    assert (learned.training.source, learned.training.pairs) == ("feedback", 300)
    # The index that this process holds is the same object; another process would read the same row.
    assert weights_in_use() == learned.weights
    assert ModelLogEntry.objects.get(action="matching.activate_model").data["number"] == 1


def test_lists_follow_the_learned_model(cast, taxonomy, make_demand, make_technology):
    make_technology(systems=[taxonomy.compressed_air], organisation=cast.supplier_firm)
    demand = make_demand(organisation=cast.enterprise_firm, systems=[taxonomy.compressed_air])
    match_all()
    before = demand.recommendations.get()
    store_feedback(cast.enterprise, hidden=HIDDEN)
    tasks.learn_from_feedback()
    after = demand.recommendations.get()
    assert after.engine_version == f"{before.engine_version}+1"
    assert after.score != before.score
    assert sum(part["contribution"] for part in after.parts) == pytest.approx(after.score)


def test_noise_is_refused_with_its_reasons_and_not_fitted_again(cast):
    store_feedback(cast.enterprise)
    assert not learn_from_feedback()
    version = RankingModelVersion.objects.get()
    assert version.state == ModelState.REFUSED and version.objections
    assert weights_in_use() == shipped_model().weights
    learn_from_feedback()
    assert RankingModelVersion.objects.count() == 1
    with pytest.raises(ModelError, match="未通过检验"):
        activate(version)


def test_sample_data_and_what_says_nothing_are_left_out(cast):
    words = store_feedback(cast.enterprise, count=150)
    assert learnable_feedback().count() == 150
    Organisation.objects.filter(pk=words[0].demand.organisation_id).update(is_sample=True)
    Demand.objects.filter(pk=words[1].demand_id).update(is_sample=True)
    Technology.objects.filter(pk=words[2].technology_id).update(is_sample=True)
    Demand.objects.filter(pk=words[3].demand_id).update(organisation=None)
    # Six words of each of three enterprises, and the other 22 of one technology.
    assert learnable_feedback().count() == 150 - 3 * 6 - 22
    rest = learnable_feedback()
    kept = rest.count()
    for change in (
        {"verdict": "later", "reason_code": ""},
        {"verdict": "refused", "reason_code": RefusalReason.IN_USE},
        {"parts": []},
        {"side": "supplier"},
        {"engine_version": "0.9/0.1"},
    ):
        Feedback.objects.filter(pk=rest.first().pk).update(**change)
        kept -= 1
        assert rest.all().count() == kept


def test_candidate_waits_where_officials_want_it(cast):
    LearningOptions.objects.create(pk=1, activates_at_once=False)
    store_feedback(cast.enterprise, hidden=HIDDEN)
    assert not learn_from_feedback()
    version = RankingModelVersion.objects.get()
    assert version.state == ModelState.CANDIDATE and weights_in_use() == shipped_model().weights
    activate(version, user=cast.librarian)
    version.refresh_from_db()
    assert version.activated_by == cast.librarian and weights_in_use() == version.read().weights


def stored_version(number, text=None, **fields):
    learned = json.loads(shipped_model().to_json())
    learned["version"], learned["weights"]["payback"] = f"learned {number}", 0.1 * number
    values = {
        "state": ModelState.RETIRED,
        "row_count": 300,
        "organisation_count": 25,
        "data_key": str(number),
    }
    return RankingModelVersion.objects.create(
        number=number, model=text or json.dumps(learned), **{**values, **fields}
    )


def test_going_back_and_forth_is_one_step_each_and_logged(cast):
    first, second = stored_version(1), stored_version(2)
    activate(first, user=cast.librarian)
    activate(second, user=cast.librarian)
    activate(second, user=cast.librarian)
    assert weights_in_use()["payback"] == pytest.approx(0.2)
    activate(first, user=cast.librarian)
    assert weights_in_use()["payback"] == pytest.approx(0.1)
    use_shipped(user=cast.librarian)
    use_shipped(user=cast.librarian)
    assert weights_in_use() == shipped_model().weights
    assert set(RankingModelVersion.objects.values_list("state", flat=True)) == {ModelState.RETIRED}
    actions = list(ModelLogEntry.objects.order_by("timestamp", "pk").values_list("action", flat=True))
    assert actions == ["matching.activate_model"] * 3 + ["matching.use_shipped_model"]


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 0}', "null", '{"format": 1, "version": "2"}'])
def test_damaged_model_falls_back_to_the_shipped_one(cast, text):
    version = stored_version(1)
    activate(version)
    RankingModelVersion.objects.update(model=text)
    library._rankings.clear()
    assert weights_in_use() == shipped_model().weights
    version.refresh_from_db()
    assert not version.is_readable
    use_shipped()
    with pytest.raises(ModelError, match="已损坏或格式过旧"):
        activate(version)


def test_model_in_use_that_is_gone_falls_back(cast):
    activate(stored_version(1))
    RankingModelVersion.objects.all().delete()
    assert weights_in_use() == shipped_model().weights


def test_model_that_fell_behind_on_later_feedback_is_left(cast):
    # It weighs most what those who speak later care for least.
    text = RankingModel.from_json(shipped_model().to_json()).to_json()
    values = json.loads(text)
    values["weights"] = {**values["weights"], "evidence": 5}
    version = stored_version(1, json.dumps(values))
    activate(version)
    store_feedback(cast.enterprise, hidden=HIDDEN)
    RankingModelVersion.objects.update(created_at=timezone.now() - timedelta(days=1))
    LearningOptions.objects.create(pk=1, activates_at_once=False)
    assert learn_from_feedback()
    version.refresh_from_db()
    assert version.state == ModelState.RETIRED and version.objections == ["fell_behind"]
    assert weights_in_use() == shipped_model().weights


def test_feedback_weights_out_of_range_are_stored_as_refused(cast):
    LearningOptions.objects.create(pk=1, refused=float("inf"))
    store_feedback(cast.enterprise, hidden=HIDDEN)
    assert not learn_from_feedback()
    version = RankingModelVersion.objects.get()
    assert version.objections[0] == "unusable" and "inf" in version.objections[1]
    assert version.is_readable
