"""Where technologies run, as a kind of its own: found while the technology is public."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.formats import energy_text
from catalog.models import Technology, TechnologyCase
from search.documents import last_day, published
from search.engine import Document
from search.enums import Kind
from search.sources import Source


def public_cases() -> QuerySet:
    """Return the cases of public technologies."""
    cases = TechnologyCase.objects.filter(technology__in=Technology.objects.public())
    return cases.select_related("technology", "industry").prefetch_related("technology__systems")


def case_document(case: TechnologyCase) -> Document:
    """Return the document of a case."""
    technology = case.technology
    names = [case.industry.name if case.industry else "", *map(str, technology.systems.all())]
    return Document(
        kind=Kind.CASE,
        object_id=case.pk,
        title=case.site,
        summary=technology.title,
        terms=" ".join(filter(None, names)),
        body="\n".join(filter(None, [case.scale, case.description, case.verified_by])),
        numbers={"published": published(technology)},
        visible_until=last_day(technology),
    )


def case_note(case: TechnologyCase) -> str:
    """Return year, industry and saving of a case."""
    saving = case.annual_saving_tce
    parts = [
        str(case.year or ""),
        case.industry.name if case.industry else "",
        _("年节能 %s") % energy_text(saving) if saving is not None else "",
    ]
    return " · ".join(filter(None, parts))


CASES = Source(
    public=public_cases,
    document=case_document,
    url=lambda case: reverse("catalog:technology", args=[case.technology_id]) + "#cases",
    note=case_note,
)
