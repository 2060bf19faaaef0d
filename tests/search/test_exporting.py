"""A result as CSV and Excel."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from accounts.enums import MemberState, Verification
from accounts.models import Membership, Organisation
from catalog.enums import Visibility
from search import exporting

pytestmark = pytest.mark.django_db
TECHNOLOGIES, DEMANDS = "/technologies/export", "/demands/export"


def content(response):
    return b"".join(response.streaming_content)


def as_csv(response):
    return list(csv.DictReader(StringIO(content(response).decode("utf-8-sig"))))


def as_xlsx(response):
    rows = list(load_workbook(BytesIO(content(response))).active.values)
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


READ = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def library(make_technology, taxonomy, cast, index):
    for number in range(25):
        make_technology(f"余热{number}", systems=[taxonomy.waste_heat], investment_min_cny=100_000 + number)
    make_technology("照明", contact_phone="13800000000", organisation=cast.supplier_firm)
    index()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_file_holds_every_filtered_hit_in_order(as_, cast, library, file_format):
    query = {"q": "余热", "system": "waste_heat", "sort": "investment", "page": "2"}
    client = as_(cast.enterprise)
    response = client.get(f"{TECHNOLOGIES}.{file_format}", query)
    rows = READ[file_format](response)
    assert [row["技术名称"] for row in rows] == [f"余热{number}" for number in range(25)]
    assert float(rows[0]["典型项目投资下限（元）"]) == 100_000
    assert rows[0]["网址"].startswith("http")
    assert "attachment; filename*=UTF-8''" in response.headers["Content-Disposition"]


def test_csv_begins_with_a_byte_order_mark(as_, cast, library):
    assert content(as_(cast.bank).get(f"{TECHNOLOGIES}.csv")).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["enterprise", "supplier", "bank", "librarian", "reviewer"])
def test_members_of_verified_organisations_and_officials_may(as_, cast, library, name):
    client = as_(getattr(cast, name))
    assert "export.xlsx" in client.get("/technologies/").content.decode()
    assert len(as_csv(client.get(f"{TECHNOLOGIES}.csv"))) == 26


@pytest.mark.parametrize("change", ["unverified", "pending member", "no organisation", "visitor"])
def test_nobody_else_may(as_, cast, library, change):
    if change == "unverified":
        Organisation.objects.update(verification=Verification.UNVERIFIED)
    elif change == "pending member":
        Membership.objects.update(state=MemberState.PENDING)
    elif change == "no organisation":
        Membership.objects.all().delete()
    client = as_(None if change == "visitor" else cast.enterprise)
    assert "export.xlsx" not in client.get("/technologies/").content.decode()
    for address in (TECHNOLOGIES, DEMANDS):
        response = client.get(f"{address}.csv")
        assert response.status_code == (302 if change == "visitor" else 404)
    assert not ModelLogEntry.objects.filter(action="search.export").exists()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_hidden_fields_stay_hidden_and_the_owner_reads_their_own(as_, cast, make_demand, index, file_format):
    make_demand(
        "密语需求", organisation=cast.enterprise_firm, problem="密语问题", budget_cny=987_654, contact_phone="13800000000",
        tried_before="密语措施", visibility={"problem": Visibility.OFFICIALS},
    )  # fmt: skip
    make_demand("密语草稿", live=False)
    index()
    (row,) = READ[file_format](as_(cast.supplier).get(f"{DEMANDS}.{file_format}"))
    assert row["需求名称"] == "密语需求"
    assert {
        row[name] for name in ("用能单位", "现状与问题", "预算（元）", "已尝试的措施", "希望对接融资")
    } == {"未公开"}
    for person in (cast.enterprise, cast.librarian):
        (row,) = READ[file_format](as_(person).get(f"{DEMANDS}.{file_format}"))
        assert (row["用能单位"], row["现状与问题"]) == (cast.enterprise_firm.name, "密语问题")
        assert float(row["预算（元）"]) == 987_654
        assert "13800000000" not in "".join(map(str, row.values()))


def test_contacts_are_in_no_file(as_, cast, library):
    assert b"13800000000" not in content(as_(cast.librarian).get(f"{TECHNOLOGIES}.csv"))


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    '=HYPERLINK("http://evil.example")',
    "=cmd|' /C calc'!A0",
]


def test_no_text_becomes_a_formula(as_, cast, make_technology, index):
    for text in FORMULAS:
        make_technology(text, summary=text, scope="好\x07的")
    index()
    client = as_(cast.bank)
    for row in as_csv(client.get(f"{TECHNOLOGIES}.csv")):
        assert row["技术名称"].startswith("'") and row["一句话效果"].startswith("'")
    book = load_workbook(BytesIO(content(client.get(f"{TECHNOLOGIES}.xlsx"))))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert sum(cell.value in FORMULAS for cell in cells) >= 2 * len(FORMULAS) - 2


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_large_result_is_cut_with_a_clear_sentence(as_, cast, library, monkeypatch, file_format):
    monkeypatch.setattr(exporting, "MOST_EXPORTED", 3)
    rows = READ[file_format](as_(cast.bank).get(f"{TECHNOLOGIES}.{file_format}"))
    assert len(rows) == 4
    assert rows[-1]["技术名称"] == "共 26 项，本文件只含前 3 项，请缩小筛选范围后分次导出。"


def test_who_took_what_is_recorded(as_, cast, library):
    as_(cast.bank).get(f"{TECHNOLOGIES}.xlsx", {"q": "余热"})
    entry = ModelLogEntry.objects.get(action="search.export")
    assert entry.user == cast.bank
    assert (entry.data["rows"], entry.data["format"], entry.data["kind"]) == (25, "xlsx", "technology")


@pytest.mark.parametrize("query", [{"q": "\x00'\""}, {"system": "nothing"}, {"page": "9" * 30, "sort": "x"}])
def test_nonsense_gives_a_file(as_, cast, library, query):
    assert as_(cast.bank).get(f"{TECHNOLOGIES}.csv", query).status_code == 200
    assert as_(cast.bank).get("/technologies/export.exe", query).status_code == 404


def test_rows_are_read_in_a_fixed_number_of_queries(as_, cast, library, count_queries):
    client = as_(cast.bank)
    few = count_queries(lambda: content(client.get(f"{TECHNOLOGIES}.csv", {"q": "照明"})))
    assert count_queries(lambda: content(client.get(f"{TECHNOLOGIES}.csv", {"q": "余热"}))) <= few + 2
