"""Rows of the demand form: yearly use of each carrier, and conditions of the plant."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.enums import Quantity
from catalog.formats import number_text
from catalog.forms.figures import problem_sentence
from catalog.importers.numbers import normalise
from catalog.importers.problems import ValueProblem
from catalog.importers.quantities import CARRIER_UNITS, convert, parse_quantity
from catalog.importers.units import Range, parse_unit_money
from catalog.models import DemandEnergyUse, DemandQuantity, EnergyCarrier

LARGEST = Decimal(10) ** 10
MOST_ROWS = 15


def single(found: Range) -> Decimal:
    """Return the one value of a range; raise ValueProblem when there are two."""
    if found.minimum != found.maximum:
        raise ValueProblem(_("这里只填一个数值，请不要填写范围。"))
    if found.minimum > LARGEST * 100:
        raise ValueProblem(_("数值过大，请检查单位。"))
    return found.minimum


def bounds_text(minimum: Decimal | None, maximum: Decimal | None) -> str:
    """Write a range as it can be typed again."""
    if minimum is None:
        return f"≤{number_text(maximum)}"
    if maximum is None:
        return f"≥{number_text(minimum)}"
    return number_text(minimum) if minimum == maximum else f"{number_text(minimum)}~{number_text(maximum)}"


class EnergyUseForm(forms.Form):
    """One carrier with its yearly amount and, if known, its price."""

    carrier = forms.TypedChoiceField(label=gettext_lazy("能源品种"), required=False, empty_value=None)
    amount = forms.CharField(label=gettext_lazy("年用量"), max_length=40, required=False)
    price = forms.CharField(label=gettext_lazy("单价（元/单位）"), max_length=40, required=False)

    def __init__(self, *args, carriers, **kwargs):
        super().__init__(*args, **kwargs)
        by_key = {str(carrier.pk): carrier for carrier in carriers}
        labels = [(key, f"{carrier.name}（{carrier.unit}）") for key, carrier in by_key.items()]
        self.fields["carrier"].choices = [("", "—"), *labels]
        self.fields["carrier"].coerce = by_key.get
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "placeholder": _("如 120万")}
        self.fields["price"].widget.attrs |= {"inputmode": "decimal", "placeholder": _("可不填")}

    def clean(self):
        cleaned = super().clean()
        carrier, amount, price = (cleaned.get(name) for name in ("carrier", "amount", "price"))
        if carrier is None:
            if amount and "carrier" not in self.errors:
                self.add_error("carrier", _("请选择能源品种。"))
            return cleaned
        if not amount:
            if price:
                self.add_error("amount", _("请填写年用量。"))
            return cleaned
        try:
            units = CARRIER_UNITS.get(carrier.code) or {normalise(carrier.unit): 1}
            cleaned["amount"] = round(single(convert(amount, units, carrier.unit, is_yearly=True)), 3)
        except ValueProblem as problem:
            self.add_error("amount", problem_sentence(problem))
        if price:
            try:
                found, _per = parse_unit_money(price, f"元/{carrier.unit}")  # data: a unit to read
                cleaned["price"] = round(single(found), 4)
            except ValueProblem as problem:
                self.add_error("price", problem_sentence(problem))
        return cleaned

    @property
    def is_filled(self):
        return bool(self.cleaned_data.get("carrier") and self.cleaned_data.get("amount"))

    def row(self):
        """Return the unsaved row."""
        return DemandEnergyUse(
            carrier=self.cleaned_data["carrier"],
            annual_amount=self.cleaned_data["amount"],
            unit_price_cny=self.cleaned_data["price"] or None,
        )


class QuantityForm(forms.Form):
    """One measurable condition with what the plant has: a value, a range or a bound."""

    quantity = forms.ChoiceField(
        label=gettext_lazy("参数"), choices=[("", "—"), *Quantity.choices], required=False
    )
    amount = forms.CharField(label=gettext_lazy("数值或范围"), max_length=40, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs["placeholder"] = _("如 80~95、≥60、约 85")

    def clean(self):
        cleaned = super().clean()
        quantity, amount = cleaned.get("quantity"), cleaned.get("amount")
        if amount and not quantity and "quantity" not in self.errors:
            self.add_error("quantity", _("请选择参数。"))
        if not quantity:
            return cleaned
        if not amount:
            self.add_error("amount", _("请填写数值，或把参数改回“—”。"))
            return cleaned
        try:
            found = parse_quantity(amount, quantity)
            if any(end is not None and abs(end) > LARGEST for end in (found.minimum, found.maximum)):
                raise ValueProblem(_("数值过大，请检查单位。"))
            cleaned["range"] = found
        except ValueProblem as problem:
            self.add_error("amount", problem_sentence(problem))
        return cleaned

    @property
    def is_filled(self):
        return bool(self.cleaned_data.get("quantity") and self.cleaned_data.get("range"))

    def row(self):
        """Return the unsaved row."""
        found = self.cleaned_data["range"]
        low, high = (None if end is None else round(end, 3) for end in (found.minimum, found.maximum))
        return DemandQuantity(quantity=self.cleaned_data["quantity"], minimum=low, maximum=high)


class Rows(BaseFormSet):
    """Rows of which the empty ones do not count and each thing may be named once."""

    key = ""
    double = ""

    def clean(self):
        seen = set()
        for form in self.forms:
            value = form.cleaned_data.get(self.key) if hasattr(form, "cleaned_data") else None
            if value and value in seen:
                form.add_error(self.key, self.double)
            seen.add(value)

    def rows(self):
        """Return the unsaved rows of a valid form set, in order."""
        return [form.row() for form in self.forms if form.is_filled]


class EnergyUseRows(Rows):
    key = "carrier"
    double = gettext_lazy("该能源品种已在上面填写。")


class QuantityRows(Rows):
    key = "quantity"
    double = gettext_lazy("该参数已在上面填写，请合并为一个范围。")


EnergyUseFormSet = forms.formset_factory(EnergyUseForm, EnergyUseRows, extra=0, max_num=MOST_ROWS)
QuantityFormSet = forms.formset_factory(QuantityForm, QuantityRows, extra=0, max_num=MOST_ROWS)


def energy_use_rows(demand) -> list[dict]:
    """Return a demand's uses as they can be typed again."""
    return [
        {
            "carrier": use.carrier_id,
            "amount": number_text(use.annual_amount),
            "price": "" if use.unit_price_cny is None else number_text(use.unit_price_cny),
        }
        for use in demand.energy_uses.all()
    ]


def quantity_rows(demand) -> list[dict]:
    """Return a demand's conditions as they can be typed again."""
    return [
        {"quantity": item.quantity, "amount": bounds_text(item.minimum, item.maximum)}
        for item in demand.quantities.all()
    ]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A yearly use in tons of standard coal with what went in."""

    carrier: EnergyCarrier
    amount: Decimal
    tce: Decimal | None

    @property
    def amount_text(self):
        return number_text(self.amount)

    @property
    def factor_text(self):
        return number_text(self.carrier.tce_per_unit)

    @property
    def tce_text(self):
        return number_text(round(self.tce, 1))


def conversions(rows) -> list[Conversion]:
    """Convert unsaved or saved uses to tce a year: amount × tce per unit of the carrier.

    The coefficient and its edition (GB/T 2589-2020 where that states one) stand with the carrier.
    """
    found = []
    for row in rows:
        factor = row.carrier.tce_per_unit
        tce = None if factor is None else row.annual_amount * factor
        found.append(Conversion(row.carrier, row.annual_amount, tce))
    return found
