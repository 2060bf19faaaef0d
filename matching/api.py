"""What other systems may read: recommendations of one organisation, by credit code."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.security import HttpBearer

from accounts.enums import TokenPurpose
from accounts.models import ApiToken, Organisation
from accounts.validators import normalise_credit_code
from catalog.masking import Level
from catalog.models import Demand, Technology
from matching.breakdown import score_parts
from matching.models import Recommendation
from matching.wording import Names, reason_lines

router = Router(tags=["recommendations"])
LAST_USE_PRECISION_SECONDS = 60


class RecommendationToken(HttpBearer):
    """A bearer token whose purpose is to read recommendations."""

    def authenticate(self, request, token):
        found = ApiToken.objects.with_key(token, purpose=TokenPurpose.READ_RECOMMENDATIONS)
        if found is None:
            return None
        now = timezone.now()
        if (
            found.last_used_at is None
            or (now - found.last_used_at).total_seconds() > LAST_USE_PRECISION_SECONDS
        ):
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found


class Problem(Schema):
    """An error, in a sentence for people."""

    detail: str


class Part(Schema):
    """One part of the score; contributions add up to the score."""

    name: str
    label: str
    value: float | None = Field(None, description="0 to 1; null when nothing is known")
    contribution: float


class Reasons(Schema):
    """Sentences that speak for the match, against it, and what nobody has said."""

    fits: list[str]
    conflicts: list[str]
    unknown: list[str]


class DemandOut(Schema):
    id: int
    title: str
    url: str


class TechnologyOut(Schema):
    id: int
    title: str
    summary: str
    supplier: str
    origin: str
    evidence_level: str
    is_sample: bool
    url: str


class RecommendationOut(Schema):
    """One technology for one need; the id is stable over new computations."""

    id: str
    rank: int
    score: float
    has_conflict: bool
    demand: DemandOut
    technology: TechnologyOut
    parts: list[Part]
    reasons: Reasons
    engine_version: str
    computed_at: datetime


class RecommendationPage(Schema):
    count: int
    page: int
    page_size: int
    next: str | None
    items: list[RecommendationOut]


class Paging(Schema):
    page: int = Field(1, ge=1, le=100_000, description="From 1")
    page_size: int = Field(50, ge=1, le=200, description="Up to 200")


@router.get(
    "/organisations/{credit_code}/recommendations",
    auth=RecommendationToken(),
    response={200: RecommendationPage, 304: None, 404: Problem},
    summary="Recommendations for the published needs of an organisation",
    operation_id="list_recommendations",
)
def list_recommendations(request, credit_code: str, paging: Query[Paging], response: HttpResponse):
    """List technologies for the organisation's published needs: need by need, best first.

    Send the ETag of an earlier answer as If-None-Match to be told 304 when nothing changed.
    """
    organisation = _organisation_of(request.auth, credit_code)
    if organisation is None:
        return Status(404, {"detail": _("没有找到该统一社会信用代码对应的机构，或该令牌无权读取。")})
    found = (
        Recommendation.objects.filter(
            demand__in=Demand.objects.public().filter(organisation=organisation),
            technology__in=Technology.objects.public(),
        )
        .select_related("demand", "technology__organisation")
        .order_by("demand", "rank", "pk")
    )
    count, start = found.count(), (paging.page - 1) * paging.page_size
    rows = list(found[start : start + paging.page_size])
    names = Names.load(rows)
    page = RecommendationPage(
        count=count,
        page=paging.page,
        page_size=paging.page_size,
        next=_next_address(organisation, paging) if start + paging.page_size < count else None,
        items=[_item(row, names) for row in rows],
    )
    etag = f'"{hashlib.sha256(page.model_dump_json().encode()).hexdigest()[:32]}"'
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    patch_vary_headers(response, ["Authorization"])
    if etag in [
        tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")
    ]:
        return Status(304, None)
    return page


def _organisation_of(token, credit_code):
    allowed = token.organisations.all()
    organisations = Organisation.objects.filter(credit_code=normalise_credit_code(credit_code))
    return organisations.filter(pk__in=allowed).first() if allowed else organisations.first()


def _next_address(organisation, paging):
    path = reverse("api-1:list_recommendations", args=[organisation.credit_code])
    return f"{settings.SITE_URL}{path}?page={paging.page + 1}&page_size={paging.page_size}"


def _item(row, names):
    demand, technology = row.demand, row.technology
    lines = reason_lines(row, Level.OWNER, names)
    parts = score_parts(row, Level.OWNER)
    return {
        "id": f"{demand.pk}-{technology.pk}",
        "rank": row.rank,
        "score": row.score,
        "has_conflict": row.has_conflict,
        "demand": {
            "id": demand.pk,
            "title": demand.title,
            "url": settings.SITE_URL + reverse("matching:matches", args=[demand.pk]),
        },
        "technology": {
            "id": technology.pk,
            "title": technology.title,
            "summary": technology.summary,
            "supplier": technology.owner_label,
            "origin": technology.origin,
            "evidence_level": technology.evidence_level,
            "is_sample": technology.is_sample,
            "url": settings.SITE_URL + reverse("catalog:technology", args=[technology.pk]),
        },
        "parts": [
            {"name": part.name, "label": part.label, "value": part.value, "contribution": part.contribution}
            for part in parts
        ],
        "reasons": {"fits": lines.fits, "conflicts": lines.conflicts, "unknown": lines.unknown},
        "engine_version": row.engine_version,
        "computed_at": row.computed_at,
    }
