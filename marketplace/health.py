"""Is this process alive, and can the platform do its work? Read by load balancers and operators."""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.signs import signs


def report() -> dict:
    """Return what both addresses say: the state of the whole and of each part; details name no secret."""
    parts = {sign.name: {"status": sign.state, **sign.details, **_rounded(sign.figures)} for sign in signs()}
    states = {part["status"] for part in parts.values()}
    overall = next((state for state in ("failed", "degraded") if state in states), "ok")
    return {"status": overall, **parts}


def _rounded(figures) -> dict:
    return {name: round(value, 3) for name, value in figures.items()}


@never_cache
@require_safe
def healthz(request):
    """Answer 200 while this process answers at all, whatever else is down; restarting it would not mend that."""
    return JsonResponse(report())


@never_cache
@require_safe
def readyz(request):
    """Answer 200 when every part works, also degraded, as search does without Elasticsearch; 503 otherwise."""
    answer = report()
    return JsonResponse(answer, status=503 if answer["status"] == "failed" else 200)
