"""Learn the weights of the score for all from what enterprises said, and keep what is not better out of use."""

import hashlib
import importlib
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from matching.engine import ENGINE_VERSION
from matching.engine.model import PARTS, Training, shipped_model
from matching.enums import ModelState, RefusalReason, Side, Verdict
from matching.models import Feedback, LearningOptions, RankingModelVersion
from matching.services.ranking import activate, use_shipped

JUDGING = (
    RefusalReason.COST,
    RefusalReason.PAYBACK,
    RefusalReason.CONDITIONS,
    RefusalReason.TRIED,
    RefusalReason.EVIDENCE,
    RefusalReason.OTHER,
)
"""Reasons that speak against the match; who has a technology in use agrees that it fits."""
FEWEST_FRESH_ROWS = 50
CONFLICT_PART = "hard_conflict"


def learn_from_feedback() -> bool:
    """Fit the weights to all feedback once enough is there; return whether another model is in use now.

    Does nothing while the settings ask for more, or when nothing was said since the last run. A model that is not
    better than the shipped one on feedback that was held back is stored as refused, with its figures.
    """
    is_changed = leave_model_that_fell_behind()
    found = learnable_feedback()
    rows = list(found)
    organisations = {row.organisation for row in rows}
    if len(rows) < settings.LEARNING_MIN_ROWS or len(organisations) < settings.LEARNING_MIN_ORGANISATIONS:
        return is_changed
    options = LearningOptions.current()
    data_key = _data_key(found, options)
    if RankingModelVersion.objects.filter(data_key=data_key).exists():
        return is_changed
    # The one door to the optimiser: an ordinary import would load it in every process.
    engine = importlib.import_module("matching.engine.learning")
    shipped = shipped_model()
    number = (RankingModelVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        table = engine.Table.build(judgements(rows, options))
        comparison = engine.cross_compare(table, shipped)
        model = engine.fit(table, shipped, version=f"{shipped.version}+{number}")
    except engine.LearningRefused as error:
        _store(number, shipped.to_json(), {}, ["unusable", str(error)], rows, organisations, data_key)
        return is_changed
    figures = _figures(comparison)
    training = Training(
        source="feedback",
        date=f"{timezone.localdate():%Y-%m-%d}",
        needs=len({row.demand_id for row in rows}),
        technologies=len({row.technology_id for row in rows}),
        pairs=len(rows),
        figures={name: value for name, value in figures.items() if value is not None},
    )
    text = replace(model, training=training).to_json()
    version = _store(number, text, figures, comparison.objections, rows, organisations, data_key)
    if version.state == ModelState.REFUSED or not options.activates_at_once:
        return is_changed
    activate(version)
    return True


def leave_model_that_fell_behind() -> bool:
    """Return to the shipped model when the one in use is worse on what was said since; return whether it did."""
    active = RankingModelVersion.objects.active()
    if active is None or not active.is_readable:
        return False
    rows = list(learnable_feedback().filter(updated_at__gt=active.created_at))
    if len(rows) < FEWEST_FRESH_ROWS:
        return False
    engine = importlib.import_module("matching.engine.learning")
    try:
        table = engine.Table.build(judgements(rows, LearningOptions.current()))
    except engine.LearningRefused:
        return False
    shipped, model = shipped_model(), active.read()
    comparison = engine.compare(table, engine.scores(table, shipped), engine.scores(table, model))
    if not comparison.gain < -engine.MARGIN:
        return False
    with transaction.atomic():
        RankingModelVersion.objects.filter(pk=active.pk).update(
            objections=["fell_behind"], figures={**active.figures, "fresh_gain": round(comparison.gain, 4)}
        )
        use_shipped()
    return True


def learnable_feedback():
    """Return the words of enterprises that say whether a match was good, with the parts as they stood then.

    Sample data is left out, and so are words on lists that another shipped model made: their parts mean something
    else. Annotates `organisation`.
    """
    words = Feedback.objects.filter(side=Side.ENTERPRISE, demand__organisation__isnull=False)
    words = words.filter(verdict__in=Verdict.positive()) | words.filter(
        verdict=Verdict.REFUSED, reason_code__in=JUDGING
    )
    base = f"{ENGINE_VERSION}/{shipped_model().version}"
    return (
        (words.filter(engine_version=base) | words.filter(engine_version__startswith=f"{base}+"))
        .exclude(parts=[])
        .exclude(demand__is_sample=True)
        .exclude(technology__is_sample=True)
        .exclude(demand__organisation__is_sample=True)
        .annotate(organisation=F("demand__organisation"))
        .order_by("pk")
    )


def judgements(rows: Iterable[Feedback], options: LearningOptions) -> list:
    """Return what the engine learns from, one judgement for each word."""
    engine = importlib.import_module("matching.engine.learning")
    weights = options.weights()
    return [
        engine.Judgement(
            organisation=row.organisation,
            values={part["name"]: part["value"] for part in row.parts if part["name"] in PARTS},
            is_wanted=row.verdict in Verdict.positive(),
            has_conflict=any(part["name"] == CONFLICT_PART for part in row.parts),
            rank=row.rank,
            weight=weights[row.verdict],
        )
        for row in rows
    ]


def _store(number, text, figures, objections, rows, organisations, data_key) -> RankingModelVersion:
    return RankingModelVersion.objects.create(
        number=number,
        state=ModelState.REFUSED if objections else ModelState.CANDIDATE,
        model=text,
        figures=figures,
        objections=objections,
        row_count=len(rows),
        organisation_count=len(organisations),
        data_key=data_key,
    )


def _figures(comparison) -> dict[str, float | None]:
    names = ("auc_shipped", "auc_new", "gain", "ndcg_shipped", "ndcg_new", "error")
    found = {name: getattr(comparison, name) for name in names}
    # Not a number is no JSON.
    rounded = {name: round(value, 4) if value == value else None for name, value in found.items()}
    return {**rounded, "organisations": comparison.organisations}


def _data_key(found, options: LearningOptions) -> str:
    """Return a name for what would be learned from: the same feedback is not fitted night after night."""
    said = list(found.values_list("pk", "verdict", "reason_code"))
    content = repr((shipped_model().to_json(), sorted(options.weights().items()), said))
    return hashlib.sha256(content.encode()).hexdigest()
