"""When a rhythm speaks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notices.enums import Rhythm
from notices.services.rhythms import due_at, period_start

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        (Rhythm.AT_ONCE, "2026-03-04 23:10", "2026-03-04 23:10"),
        (Rhythm.DAILY, "2026-03-04 07:59", "2026-03-04 08:00"),
        (Rhythm.DAILY, "2026-03-04 08:00", "2026-03-05 08:00"),
        (Rhythm.WEEKLY, "2026-03-04 12:00", "2026-03-09 08:00"),
        (Rhythm.WEEKLY, "2026-03-09 07:00", "2026-03-09 08:00"),
        (Rhythm.WEEKLY, "2026-03-09 08:00", "2026-03-16 08:00"),
    ],
)
def test_due_at_is_the_next_time_the_rhythm_speaks(rhythm, now, expected):
    assert due_at(rhythm, at(now)) == at(expected)


def test_due_at_of_off_is_never():
    assert due_at(Rhythm.OFF, at("2026-03-04 12:00")) is None


def test_period_start_of_a_week_is_its_monday_morning():
    assert period_start(Rhythm.WEEKLY, at("2026-03-08 23:00")) == at("2026-03-02 08:00")
