"""Read the files of the audits and draw the calibration curve of the prior."""

import csv
import gzip
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from matching.engine.prior_fit import Fit, Outcomes, Quality

# Consumer prices in the United States, annual mean, 1982-84 = 100 (Bureau of Labor Statistics, CPI-U).
PRICES = dict(
    zip(
        range(1981, 2026),
        [
            90.9, 96.5, 99.6, 103.9, 107.6, 109.6, 113.6, 118.3, 124.0, 130.7, 136.2, 140.3, 144.5, 148.2, 152.4,
            156.9, 160.5, 163.0, 166.6, 172.2, 177.1, 179.9, 184.0, 188.9, 195.3, 201.6, 207.3, 215.3, 214.5, 218.1,
            224.9, 229.6, 233.0, 236.7, 237.0, 240.0, 245.1, 251.1, 255.7, 258.8, 271.0, 292.7, 304.7, 313.7, 322.0,
        ],
        strict=True,
    )
)  # fmt: skip
PRICE_YEAR = 2024
ELECTRICITY = {"E1", "EC", "ED", "EF"}
DONE, NOT_DONE = "I", "N"
FEWEST_OF_A_GROUP = 200
RECOMMENDATION_COLUMNS = {"id", "arc2_rounded", "impstatus", "impcost", "psourccode", "psaved", "fy"}
ASSESSMENT_COLUMNS = {"id", "center", "state"}


class AuditFileError(Exception):
    """Say in a sentence for the user what is wrong with a file."""


def read_outcomes(recommendations: Path, assessments: Path) -> tuple[Outcomes, np.ndarray]:
    """Return the measures whose outcome is known, and the state of each.

    Both files are CSV, also packed with gzip. A payback is known where a cost and a positive saving are given;
    an empty cost is unknown, since the files do not tell "none" from "not said".
    """
    plants = {row["id"]: row for row in read_table(assessments, ASSESSMENT_COLUMNS)}
    rows = [
        row
        for row in read_table(recommendations, RECOMMENDATION_COLUMNS)
        if row["impstatus"] in {DONE, NOT_DONE}
    ]
    if not rows:
        raise AuditFileError(_("文件中没有已知实施结果的建议。"))
    cost = np.array([amount(row["impcost"]) for row in rows])
    saving = np.array([amount(row["psaved"]) for row in rows])
    years = np.array([int(row["fy"]) for row in rows])
    positive = (saving > 0) & (cost > 0)
    latest = max(PRICES)
    factor = np.array([PRICES[PRICE_YEAR] / PRICES[min(max(year, min(PRICES)), latest)] for year in years])
    owners = [plants.get(row["id"], {}) for row in rows]
    outcomes = Outcomes(
        payback_years=np.divide(cost, saving, out=np.full(len(rows), math.nan), where=positive),
        cost_usd=np.where(cost > 0, cost * factor, math.nan),
        kinds=np.array([kind_of(row["arc2_rounded"], row["psourccode"]) for row in rows]),
        plants=np.array([row["id"] for row in rows]),
        centres=np.array(
            [owner.get("center") or row["id"][:2] for owner, row in zip(owners, rows, strict=True)]
        ),
        years=years,
        is_done=np.array([row["impstatus"] == DONE for row in rows]),
    )
    return outcomes, np.array([owner.get("state", "") for owner in owners])


def kind_of(code: str, resource: str) -> str:
    """Return the kind of a measure from its assessment recommendation code and the main resource it saves.

    The files give the code rounded to one digit: 2 is 2.1 to 2.4 (combustion, heat, electrical power, motors), 3 is
    2.5 to 3.4 (design, operations, buildings, fees, renewables; waste and water), more is recycling, maintenance and
    productivity. Five digits are the code without its point.
    """
    if resource.startswith("W") or resource in {"R3", "R4", "R5"}:
        return "material"
    if not resource.startswith("E") or not code:
        return "other"
    digit = f"{round(float(code) / 10 ** (len(code) - 1))}"
    if digit == "2":
        return "power" if resource in ELECTRICITY else "heat"
    return "site" if digit == "3" else "other"


def spread(groups: np.ndarray, is_done: np.ndarray) -> tuple[int, float, float]:
    """Return how many groups are large enough, and the lowest and highest share carried out among them."""
    sizes = Counter(groups.tolist())
    shares = [
        is_done[groups == each].mean() for each, size in sizes.items() if each and size >= FEWEST_OF_A_GROUP
    ]
    return (len(shares), float(min(shares)), float(max(shares))) if shares else (0, math.nan, math.nan)


def calibration_chart(quality: Quality, *, overall: float) -> str:
    """Return an SVG image: share carried out against prediction, one point for each tenth of the measures."""
    ticks = [tick / 100 for tick in range(20, 81, 10)]
    context = {
        "ticks": [{"text": f"{tick:.0%}", "x": across(tick), "y": upward(tick)} for tick in ticks],
        "points": [
            {"x": across(predicted), "y": upward(share), "text": f"{predicted:.1%} → {share:.1%} ({rows})"}
            for predicted, share, rows in quality.table
        ],
        "mean": upward(overall),
        "mean_text": f"{overall:.1%}",
        "quality": quality,
    }
    return render_to_string("matching/prior_calibration.svg", context)


def across(share: float) -> str:
    return f"{60 + (share - 0.2) * 700:.1f}"


def upward(share: float) -> str:
    return f"{440 - (share - 0.2) * 700:.1f}"


def table_lines(result: Fit) -> list[str]:
    """Return the figures as lines of Markdown tables, as they stand in docs/matching.md."""
    lines = [
        "| facts known | measures | Brier | Brier of the mean | AUC |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in result.qualities:
        lines.append(
            f"| {each.name} | {each.rows:,} | {each.brier:.4f} | {each.brier_of_mean:.4f} | {each.auc:.3f} |"
        )
    lines += ["", "| predicted | carried out | measures |", "| --- | --- | --- |"]
    lines += [
        f"| {predicted:.1%} | {share:.1%} | {rows:,} |"
        for predicted, share, rows in result.qualities[0].table
    ]
    return lines


def amount(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def read_table(path: Path, columns: set[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, also of one packed with gzip; raise AuditFileError in words."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = columns - set(reader.fieldnames or ())
            if missing:
                values = {"file": path.name, "columns": ", ".join(sorted(missing))}
                raise AuditFileError(_("%(file)s 缺少列：%(columns)s。") % values)
            yield from reader
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise AuditFileError(
            _("无法读取 %(file)s：%(error)s") % {"file": path.name, "error": error}
        ) from error
