"""A stored recommendation as one page element: what the reader may know, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.enums import EvidenceLevel, Origin
from catalog.masking import Level
from catalog.models import Technology, TechnologyCase
from matching.breakdown import ScorePart, score_parts
from matching.enums import Side, Verdict
from matching.figures import money, span
from matching.models import Feedback, Recommendation
from matching.rounding import points, whole_points
from matching.wording import Names, ReasonLines, may_know, reason_lines

# What the parts of a score are gathered into for the bar: name, label, parts.
GROUPS = [
    ("text", gettext_lazy("文字相近"), {"title", "problem", "body", "topic", "concept"}),
    ("field", gettext_lazy("系统与行业"), {"system", "industry", "carrier"}),
    ("conditions", gettext_lazy("工况条件"), {"conditions"}),
    ("economy", gettext_lazy("经济性"), {"payback", "budget", "saving", "prior"}),
    ("proof", gettext_lazy("案例与证据"), {"cases", "evidence"}),
    ("feedback", gettext_lazy("贵单位的反馈"), {"feedback"}),
]
EVIDENCE_ORDER = list(EvidenceLevel.values)


@dataclass(frozen=True, slots=True)
class Saving:
    """An expected saving a year; `is_own` says that the plant's own use went in, not a typical project."""

    tce: str
    cny: str
    is_own: bool
    is_own_price: bool
    middle_tce: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the score's bar: where it starts and how wide it is, as SVG needs them, and its points."""

    name: str
    label: str
    start: str
    width: str
    points: int


@dataclass(frozen=True, slots=True)
class Card:
    """One technology on the list of a demand."""

    recommendation: Recommendation
    technology: Technology
    lines: ReasonLines
    parts: list[ScorePart]
    saving: Saving | None
    payback: str
    payback_note: str
    payback_tone: str
    investment: str
    cases: list[TechnologyCase]
    feedback: Feedback | None
    answer: Feedback | None = None
    is_new: bool = False
    twins: tuple[Technology, ...] = ()

    @property
    def key(self):
        return str(self.technology.pk)

    @property
    def is_new_listing(self):
        """Tell whether it holds the place that each list keeps for a new listing."""
        return any(reason["code"] == "order_new" for reason in self.recommendation.reasons)

    @property
    def is_refused(self):
        return self.feedback is not None and self.feedback.verdict == Verdict.REFUSED

    @property
    def is_set_aside(self):
        """Tell whether what the enterprise said of other technologies takes this one off the list."""
        return self.recommendation.is_set_aside and not self.is_refused

    @property
    def proposal(self):
        """Return what the supplier proposed and the enterprise has not said itself, or None."""
        answer, own = self.answer, self.feedback
        if answer is None or answer.verdict not in Verdict.outcomes():
            return None
        is_said = own is not None and own.verdict in {answer.verdict, Verdict.IMPLEMENTED}
        return None if is_said else answer

    @property
    def is_reference(self):
        return self.technology.origin == Origin.REFERENCE

    @property
    def evidence_rank(self):
        """Return 0 for the weakest; nobody stands behind the typical values of a reference entry."""
        return -1 if self.is_reference else EVIDENCE_ORDER.index(self.technology.evidence_level)

    @property
    def segments(self):
        """Return the score as segments of a bar of 100, in a fixed order.

        What a conflict takes is taken from every segment; what the enterprise's own words take is named with its
        points, so that the points still add up to the score.
        """
        gained = sum(part.contribution for part in self.parts if part.contribution > 0)
        lost = sum(part.contribution for part in self.parts if part.contribution < 0)
        refused = sum(
            part.contribution for part in self.parts if part.name == "feedback" and part.contribution < 0
        )
        in_points = (gained + lost - refused) / gained if gained else 0
        in_width = (gained + lost) / gained if gained else 0
        shares = [
            sum(part.contribution for part in self.parts if part.name in members and part.contribution > 0)
            for _name, _label, members in GROUPS
        ]
        parted = [*(share * in_points for share in shares), refused]
        # The same number as beside the bar, unless a part is hidden from the reader.
        total = (
            self.recommendation.score if abs(sum(parted) - self.recommendation.score) < 1e-6 else sum(parted)
        )
        *whole, taken = whole_points(parted, points(total))
        found, start = [], 0.0
        for (name, label, _members), share, own in zip(GROUPS, shares, whole, strict=True):
            width = 100 * share * in_width
            if own:
                found.append(Segment(name, str(label), f"{start:.2f}", f"{width:.2f}", own))
                start += width
        if taken:
            found.append(Segment("feedback", str(GROUPS[-1][1]), f"{start:.2f}", "0.00", taken))
        return found


def with_card_data(recommendations: QuerySet) -> QuerySet:
    """Load what cards need in a fixed number of queries."""
    return recommendations.select_related("technology__organisation").prefetch_related(
        "technology__cases__industry", "technology__systems"
    )


def make_cards(
    recommendations: Iterable[Recommendation],
    *,
    demand,
    level: Level,
    words: Iterable[Feedback] = (),
    seen: int | None = None,
) -> list[Card]:
    """Return one card for each recommendation of a demand, in order.

    `words` are those of both sides about the demand; recommendations with a key above `seen` are new.
    """
    said = {(word.side, word.technology_id): word for word in words}
    recommendations = list(recommendations)
    names = Names.load(recommendations)
    cards = []
    for recommendation in recommendations:
        recommendation.demand = demand
        found = {
            reason["code"]: reason
            for reason in recommendation.reasons
            if may_know(demand, reason["uses"], level)
        }
        payback = found.get("payback") or found.get("payback_partly")
        technology = recommendation.technology
        cards.append(
            Card(
                recommendation=recommendation,
                technology=technology,
                lines=reason_lines(recommendation, level, names, is_brief=True),
                parts=score_parts(recommendation, level),
                saving=read_saving(found.get("saving")),
                payback=read_span(technology.payback_min_years, technology.payback_max_years),
                payback_note=payback_note(payback),
                payback_tone=payback_tone(payback),
                investment=read_money(technology.investment_min_cny, technology.investment_max_cny),
                cases=near_cases(technology, found.get("cases")),
                feedback=said.get((Side.ENTERPRISE, technology.pk)),
                answer=said.get((Side.SUPPLIER, technology.pk)),
                is_new=seen is not None and recommendation.pk > seen,
            )
        )
    return cards


def collapse_twins(cards: Iterable[Card]) -> list[Card]:
    """Return the cards with listings of the same name and owner under the first of them, in order."""
    found: dict[tuple, list[Card]] = {}
    for card in cards:
        technology = card.technology
        key = (technology.title.strip(), technology.organisation_id, technology.owner_name.strip())
        found.setdefault(key, []).append(card)
    return [
        replace(first, twins=tuple(card.technology for card in others)) if others else first
        for first, *others in found.values()
    ]


def read_saving(reason) -> Saving | None:
    """Return the expected saving that a stored reason holds."""
    if reason is None or "saving_tce" not in reason["params"]:
        return None
    params = reason["params"]
    ends = [end for end in params["saving_tce"] if end is not None]
    return Saving(
        tce=span(params["saving_tce"], "tce"),
        cny=money(params["saving_cny"]) if params["saving_cny"] else "",
        is_own=params["basis"] == "own_use",
        is_own_price=params["price_basis"] == "own_cost",
        middle_tce=sum(ends) / len(ends),
    )


def as_pair(low: Decimal | None, high: Decimal | None) -> list[float | None]:
    return [None if end is None else float(end) for end in (low, high)]


def read_span(low, high) -> str:
    """Return a range of years, empty when nothing is known."""
    return "" if low is None and high is None else _("%s 年") % span(as_pair(low, high))


def read_money(low, high) -> str:
    """Return a range of yuan, empty when nothing is known."""
    return "" if low is None and high is None else money(as_pair(low, high))


def payback_tone(reason) -> str:
    """Return good, warn, bad or nothing for a payback against the limit."""
    if reason is None or "limit" not in reason["params"] or "minimum" not in reason["params"]:
        return ""
    if reason["code"] == "payback_partly":
        return "warn"
    return "good" if reason["verdict"] == "fits" else "bad"


def payback_note(reason) -> str:
    """Say how a payback stands against the limit of the enterprise."""
    tone = payback_tone(reason)
    if not tone:
        return ""
    notes = {
        "good": _("不超过可接受的 %s 年"),
        "warn": _("上限超过可接受的 %s 年"),
        "bad": _("超过可接受的 %s 年"),
    }
    return notes[tone] % span([reason["params"]["limit"]] * 2)


def near_cases(technology, reason) -> list[TechnologyCase]:
    """Return the cases in the enterprise's own or a near industry."""
    if reason is None:
        return []
    codes = set(reason["params"]["industries"])
    return [case for case in technology.cases.all() if case.industry and case.industry.code in codes]
