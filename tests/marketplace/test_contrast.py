"""Colours that everyone can read: WCAG 2.2 AA, light and dark."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "marketplace/static/css/tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
PAIRS = [
    *[(ink, paper) for ink in ("ink", "ink-soft", "accent") for paper in ("paper", "ground", "paper-raised")],
    *[(state, f"{state}-soft") for state in ("good", "warn", "bad", "info", "accent")],
    *[("ink", f"{state}-soft") for state in ("good", "warn", "bad", "info", "accent")],
    *[(state, "paper") for state in ("good", "warn", "bad", "info")],
    *[("on-band", "band"), ("on-band-soft", "band"), ("on-band-soft", "band-deep"), ("on-accent", "accent")],
    ("on-accent", "accent-strong"),
]


def colours(text):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_it_stands_on(scheme):
    palette = colours(LIGHT) | (colours(DARK) if scheme == "dark" else {})
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_fields_and_focus_stand_out(scheme):
    palette = colours(LIGHT) | (colours(DARK) if scheme == "dark" else {})
    for line in ("line-strong", "focus"):
        for paper in ("paper", "ground"):
            assert contrast(palette[line], palette[paper]) >= 3, (line, paper)


def test_every_light_colour_has_a_dark_one():
    assert colours(LIGHT).keys() == colours(DARK).keys()
