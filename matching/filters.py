"""Narrow and order the list of one demand; it is short, so this needs no database."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.enums import EvidenceLevel
from matching.enums import Verdict

PAYBACKS = [
    ("", _("不限")),
    ("1", _("1 年以内")),
    ("2", _("2 年以内")),
    ("3", _("3 年以内")),
    ("5", _("5 年以内")),
]
ORDERS = [
    ("", _("匹配度")),
    ("payback", _("回收期（短在前）")),
    ("saving", _("节能量（大在前）")),
    ("evidence", _("证据等级（高在前）")),
]


class MatchFilter(forms.Form):
    """Which technologies to show; an unknown value counts as no choice."""

    system = forms.ChoiceField(label=_("用能系统"), required=False)
    evidence = forms.ChoiceField(
        label=_("证据等级"), choices=[("", _("不限")), *EvidenceLevel.choices], required=False
    )
    payback = forms.ChoiceField(label=_("投资回收期"), choices=PAYBACKS, required=False)
    order = forms.ChoiceField(label=_("排序"), choices=ORDERS, required=False)
    fitting = forms.BooleanField(label=_("只看没有硬性冲突的"), required=False)
    unrefused = forms.BooleanField(label=_("不显示“不合适”的"), required=False)

    def __init__(self, data, *, cards):
        super().__init__(data)
        self.cards = cards
        systems = {system.code: system.name for card in cards for system in card.technology.systems.all()}
        self.fields["system"].choices = [("", _("全部")), *sorted(systems.items(), key=lambda item: item[1])]
        self.is_valid()

    def chosen(self, name):
        return self.cleaned_data.get(name)

    @property
    def is_narrowing(self):
        return any(self.chosen(name) for name in self.fields if name != "order")

    def kept(self):
        """Return the cards that pass, ordered, refused ones last."""
        cards = [card for card in self.cards if self.passes(card)]
        cards.sort(key=self.key)
        cards.sort(key=lambda card: card.is_refused)
        return cards

    def passes(self, card):
        system, evidence, payback = self.chosen("system"), self.chosen("evidence"), self.chosen("payback")
        technology = card.technology
        if system and system not in {item.code for item in technology.systems.all()}:
            return False
        if evidence and card.evidence_rank < EvidenceLevel.values.index(evidence):
            return False
        if payback and (technology.payback_min_years is None or technology.payback_min_years > int(payback)):
            return False
        if self.chosen("fitting") and card.recommendation.has_conflict:
            return False
        return not (self.chosen("unrefused") and card.is_refused)

    def key(self, card):
        """Return what to sort by; what is unknown comes last, ties keep the rank."""
        order, rank = self.chosen("order"), card.recommendation.rank
        if order == "payback":
            payback = card.technology.payback_max_years or card.technology.payback_min_years
            return (payback is None, payback or 0, rank)
        if order == "saving":
            return (card.saving is None, -card.saving.middle_tce if card.saving else 0, rank)
        if order == "evidence":
            return (False, -card.evidence_rank, rank)
        return (False, 0, rank)


class NeedFilter(forms.Form):
    """Which needs a supplier looks at."""

    technology = forms.ChoiceField(label=_("我的技术"), required=False)
    system = forms.ChoiceField(label=_("用能系统"), required=False)
    answered = forms.ChoiceField(
        label=_("反馈情况"),
        choices=[
            ("", _("全部")),
            ("open", _("尚未反馈")),
            *[(Verdict.INTERESTED, _("有意向")), (Verdict.REFUSED, _("不适合"))],
        ],
        required=False,
    )

    def __init__(self, data, *, technologies, systems):
        super().__init__(data)
        self.fields["technology"].choices = [
            ("", _("全部")),
            *((str(item.pk), item.title) for item in technologies),
        ]
        self.fields["system"].choices = [("", _("全部")), *((item.code, item.name) for item in systems)]
        self.is_valid()

    @property
    def is_narrowing(self):
        return any(self.cleaned_data.get(name) for name in self.fields)

    def apply(self, recommendations):
        """Return the recommendations that pass."""
        chosen = self.cleaned_data
        if chosen.get("technology"):
            recommendations = recommendations.filter(technology=chosen["technology"])
        if chosen.get("system"):
            recommendations = recommendations.filter(demand__systems__code=chosen["system"])
        if chosen.get("answered") == "open":
            return recommendations.exclude(answer__isnull=False)
        if chosen.get("answered"):
            return recommendations.filter(answer=chosen["answered"])
        return recommendations
