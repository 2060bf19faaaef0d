import csv
import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from matching.engine.prior import Prior
from matching.services.prior import kind_of

RECOMMENDATIONS = ["id", "arc2_rounded", "impstatus", "impcost", "psourccode", "psaved", "fy"]


def write(path, columns, rows):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


@pytest.fixture
def files(tmp_path):
    rows = []
    for number in range(1200):
        payback = (number % 7 + 1) / 2
        is_done = number % 7 < 3 if number % 5 else number % 7 >= 3
        status = "K" if number % 50 == 0 else "I" if is_done else "N"
        cost = "" if number % 11 == 0 else 1000 * (1 + number % 3)
        rows.append([f"AM{number // 6:04d}", number % 3 + 2, status, cost, ("EC", "E2", "W1")[number % 3],
                     0 if cost == "" else cost / payback, 1990 + number % 30])  # fmt: skip
    assessments = [[f"AM{number:04d}", "AM", "TX"] for number in range(200)]
    return (
        write(tmp_path / "recommendations.csv.gz", RECOMMENDATIONS, rows),
        write(tmp_path / "assessments.csv", ["id", "center", "state"], assessments),
    )


def test_command_writes_coefficients_and_chart(files, tmp_path, capsys):
    output, chart = tmp_path / "prior.json", tmp_path / "chart.svg"
    call_command("train_prior", recommendations=files[0], assessments=files[1], output=output, chart=chart)
    prior = Prior.from_dict(json.loads(output.read_text()))
    assert prior.probability(0.5, systems=["motor"]) > prior.probability(3, systems=["motor"])
    assert prior.years == (1990, 2019)
    picture = chart.read_text()
    assert picture.startswith("<svg") and picture.count("<circle") == 10
    printed = capsys.readouterr().out
    assert "1,176 measures" in printed and "by state: 1 with 200 measures or more" in printed


def test_command_names_what_a_file_lacks(files, tmp_path):
    with pytest.raises(CommandError, match=r"assessments.csv 缺少列：arc2_rounded"):
        call_command("train_prior", recommendations=files[1], assessments=files[1])
    with pytest.raises(CommandError, match="无法读取 nothing.csv"):
        call_command("train_prior", recommendations=tmp_path / "nothing.csv", assessments=files[1])
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"no gzip")
    with pytest.raises(CommandError, match="无法读取 broken"):
        call_command("train_prior", recommendations=broken, assessments=files[1])
    empty = write(tmp_path / "empty.csv", RECOMMENDATIONS, [])
    with pytest.raises(CommandError, match="没有已知实施结果"):
        call_command("train_prior", recommendations=empty, assessments=files[1])


@pytest.mark.parametrize(
    ("code", "resource", "kind"),
    [
        ("2", "E2", "heat"), ("2", "EC", "power"), ("3", "EC", "site"), ("3", "E2", "site"), ("3", "W1", "material"),
        ("2", "R5", "material"), ("4", "EC", "other"), ("5", "P1", "other"), ("", "EC", "other"),
        ("24236", "EC", "power"), ("22442", "E2", "heat"), ("27142", "EC", "site"),
    ],
)  # fmt: skip
def test_kind_follows_code_and_resource(code, resource, kind):
    assert kind_of(code, resource) == kind
