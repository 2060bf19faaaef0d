"""Form fields that read figures as people write them: 1200万元, 30%, 2-3年, 约3年, 0.5亿元."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.formats import TEXTS, range_text
from catalog.importers.problems import ValueProblem
from catalog.importers.units import Range, parse_energy, parse_money, parse_share, parse_years


@dataclass(frozen=True)
class Kind:
    """How one kind of figure is read and kept; the unit, named for the reader, holds for a number without one."""

    parse: Callable[[str, str], Range]
    unit: str
    unit_name: str
    places: int
    maximum: Decimal
    hint: str


MOST_YUAN = Decimal(10) ** 13
KINDS = {
    "money": Kind(
        parse_money,
        "万元",  # data: a unit to read
        gettext_lazy("万元"),
        2,
        MOST_YUAN,
        gettext_lazy("如 120万元、80-150万元、5000元"),
    ),
    "yuan": Kind(
        parse_money,
        "元",  # data: a unit to read
        gettext_lazy("元"),
        2,
        MOST_YUAN,
        gettext_lazy("如 1200、800-1500"),
    ),
    "share": Kind(parse_share, "%", "%", 4, Decimal(1), gettext_lazy("如 15%、10%-20%")),
    "years": Kind(
        parse_years,
        "年",  # data: a unit to read
        gettext_lazy("年"),
        2,
        Decimal(100),
        gettext_lazy("如 2.5、2-3年、18个月"),
    ),
    "energy": Kind(
        parse_energy,
        "tce",
        "tce",
        3,
        Decimal(10) ** 10,
        gettext_lazy("如 350、300-500、280万kWh（自动折算）"),
    ),
}


class RangeField(forms.CharField):
    """One text for a range; the value is a Range or None."""

    def __init__(self, kind: str, **options):
        self.kind = kind
        options.setdefault("help_text", lazy(_hint, str)(KINDS[kind]))
        options.setdefault("required", False)
        super().__init__(max_length=100, **options)

    def to_python(self, value):
        """Read the text; a number without a unit has the unit that the field shows."""
        text = super().to_python(value)
        if not text:
            return None
        spec = KINDS[self.kind]
        try:
            found = spec.parse(text, spec.unit)
        except ValueProblem as problem:
            raise ValidationError(problem_sentence(problem), code="figure") from problem
        ends = [None if end is None else round(end, spec.places) for end in (found.minimum, found.maximum)]
        if any(end is not None and end > spec.maximum for end in ends):
            raise ValidationError(_("数值过大，请检查单位。"), code="figure")
        return Range(*ends, found.warning)

    def run_validators(self, value):
        """Skip the validators of text: the value is a range."""

    def prepare_value(self, value):
        """Show a range as people write it, and typed text as it was typed."""
        if isinstance(value, Range):
            kind = "money" if self.kind == "yuan" else self.kind
            return range_text(value.minimum, value.maximum, kind)
        return value


class AmountField(RangeField):
    """One text for a single figure; the value is a Decimal or None."""

    def to_python(self, value):
        found = super().to_python(value)
        if found is None:
            return None
        if found.minimum != found.maximum:
            raise ValidationError(_("这里只填一个数值，请不要填写范围。"), code="figure")
        return found.maximum

    def prepare_value(self, value):
        if isinstance(value, Decimal | int | float):
            return TEXTS["money" if self.kind == "yuan" else self.kind](value)
        return value


class RangesMixin:
    """A model form in which some pairs of model fields are typed as one range.

    `ranges` maps a RangeField's name to the pair of model fields.
    """

    ranges: dict[str, tuple[str, str]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, pair in self.ranges.items():
            ends = [getattr(self.instance, field) for field in pair]
            if any(end is not None for end in ends):
                self.initial.setdefault(name, Range(*ends))

    def _post_clean(self):
        for name, pair in self.ranges.items():
            if name in self.cleaned_data:
                found = self.cleaned_data[name] or Range(None, None)
                setattr(self.instance, pair[0], found.minimum)
                setattr(self.instance, pair[1], found.maximum)
        super()._post_clean()


def _hint(spec: Kind) -> str:
    return _("%(hint)s；不写单位按%(unit)s计") % {"hint": spec.hint, "unit": spec.unit_name}


def problem_sentence(problem: ValueProblem) -> str:
    """Say in one sentence what is wrong with a figure and how it should look."""
    if not problem.expected:
        return str(problem)
    return _("%(message)s应为%(expected)s，例如：%(example)s。") % {
        "message": problem.message,
        "expected": problem.expected,
        "example": problem.example,
    }
