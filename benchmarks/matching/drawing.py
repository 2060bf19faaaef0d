"""Draw time against size as an SVG, without a library for it."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP = 960, 420, 70, 50, 350, 110
COLOURS = ("#0b5cad", "#b3261e", "#7a5900", "#1e6b3a", "#6b4ba1")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "4 4")

Points = Sequence[tuple[float, float]]


def draw(path: Path, panels: Mapping[str, Mapping[str, Points]]) -> None:
    """Write panels side by side: for each engine points (technologies, milliseconds a need), both axes logarithmic."""
    every = [point for lines in panels.values() for points in lines.values() for point in points]
    sizes = [math.log10(size) for size, _ in every]
    times = [math.log10(time) for _, time in every]
    bounds = (min(sizes), max(sizes), math.floor(min(times)), math.ceil(max(times)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>Time of a need against the size of the library</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for number, (title, lines) in enumerate(panels.items()):
        parts += _panel(LEFT + number * (PANEL + GAP), title, lines, bounds)
    names = list(next(iter(panels.values())))
    for number, name in enumerate(names):
        x = LEFT + number * 178
        parts.append(_line([(x, HEIGHT - 18), (x + 26, HEIGHT - 18)], number))
        parts.append(f'<text x="{x + 32}" y="{HEIGHT - 14}">{escape(name)}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _panel(left: float, title: str, lines: Mapping[str, Points], bounds) -> list[str]:
    first, last, low, high = bounds
    bottom = HEIGHT - 80

    def place(size: float, time: float) -> tuple[float, float]:
        x = left + (math.log10(size) - first) / max(last - first, 1e-9) * PANEL
        return x, bottom - (math.log10(time) - low) / max(high - low, 1) * (bottom - TOP)

    parts = [f'<text x="{left}" y="{TOP - 18}" font-weight="bold">{escape(title)}</text>']
    for power in range(low, high + 1):
        _, y = place(10**first, 10**power)
        parts.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sorted({size for points in lines.values() for size, _ in points}):
        x, _ = place(size, 10**low)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{size:,.0f}</text>')
    parts.append(f'<text x="{left + PANEL / 2}" y="{bottom + 36}" text-anchor="middle">technologies</text>')
    for number, points in enumerate(lines.values()):
        places = [place(*point) for point in sorted(points)]
        parts.append(_line(places, number))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[number]}"/>' for x, y in places]
    return parts


def _line(places: Points, number: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return (
        f'<polyline points="{path}" fill="none" stroke="{COLOURS[number]}" stroke-width="2" '
        f'stroke-dasharray="{DASHES[number]}"/>'
    )
