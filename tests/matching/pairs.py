"""A demand and technologies with stored recommendations, without running the engine."""

from matching.models import Recommendation


def reason(code, verdict="fits", *, uses=(), missing=None, is_hard=False, **params):
    """Return a reason as the engine stores it."""
    return {
        "code": code,
        "verdict": verdict,
        "params": params,
        "uses": list(uses),
        "missing": missing,
        "is_hard": is_hard,
    }


def part(name, contribution, value=1.0):
    return {"name": name, "value": value, "weight": 0.1, "contribution": contribution}


def recommend(demand, technology, *, rank=1, score=0.7, reasons=(), parts=(), **fields):
    """Store a recommendation."""
    return Recommendation.objects.create(
        demand=demand,
        technology=technology,
        rank=rank,
        score=score,
        base_rank=rank,
        base_score=score,
        reasons=list(reasons),
        parts=list(parts),
        engine_version="test",
        **fields,
    )
