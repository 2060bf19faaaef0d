"""What a browser posts for a demand."""

from datetime import timedelta

from django.utils import timezone

EMPTY_ROWS = {
    "uses-TOTAL_FORMS": "2",
    "uses-INITIAL_FORMS": "0",
    "conditions-TOTAL_FORMS": "3",
    "conditions-INITIAL_FORMS": "0",
}


def posted(taxonomy, firm, **extra):
    """Return the five fields that are enough, and whatever else is named."""
    return {
        "organisation": firm.pk,
        "title": "空压站余热没有利用",
        "problem": "三台螺杆空压机的余热直接排到室外",
        "systems": [taxonomy.compressed_air.pk],
        "carriers": [taxonomy.electricity.pk],
        "deadline": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "source": "own",
        **EMPTY_ROWS,
        **extra,
    }
