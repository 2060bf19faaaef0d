from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override
from openpyxl import load_workbook

from catalog.enums import ImportMode, ImportState
from catalog.importers.headings import read_table
from catalog.importers.inspecting import create_batch
from catalog.importers.mapping import guess_mapping
from catalog.importers.running import run_batch, start
from catalog.importers.workbooks import TEMPLATE_FIELDS, bad_rows_workbook, template_workbook
from catalog.importers.xlsx import read_workbook
from catalog.models import Technology

from .files import workbook

ROWS = [
    ["序号", "技术名称", "投资额（万元）"],
    ["1", "甲", "很多"],
    ["2", "=cmd|' /C calc'!A0", "不详的数"],
    ["3", "丙", "50"],
]


def checked(content):
    batch = create_batch(
        ContentFile(content, name="目录.xlsx"),
        kind="technologies",
        mode=ImportMode.PUBLISH,
        source_catalogue="示例",
    )
    start(batch, ImportState.CHECKING)
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_bad_rows_come_back_with_headings_marked_cells_and_what_is_expected(taxonomy):
    book = workbook(("表", ROWS), save=False)
    book.active["B3"].data_type = "s"
    content = BytesIO()
    book.save(content)
    sheet = load_workbook(BytesIO(bad_rows_workbook(checked(content.getvalue())))).active
    assert [cell.value for cell in sheet[1]] == ["序号", "技术名称", "投资额（万元）", "错误说明"]
    assert sheet.max_row == 3
    assert "1200万元" in sheet["C2"].comment.text
    assert sheet["C2"].fill.fgColor.rgb.endswith("FDE2E0")
    assert "看不出" in sheet["D2"].value
    assert (sheet["B3"].value, sheet["B3"].data_type) == ("=cmd|' /C calc'!A0", "s")


def test_corrected_workbook_is_accepted_without_doubling(taxonomy):
    batch = checked(workbook(("表", ROWS)).getvalue())
    start(batch, ImportState.APPLYING)
    run_batch(batch.pk)
    book = load_workbook(BytesIO(bad_rows_workbook(batch)))
    book.active["C2"], book.active["B3"], book.active["C3"] = "120", "乙", "80"
    content = BytesIO()
    book.save(content)
    again = checked(content.getvalue())
    assert [column["field"] for column in again.mapping] == ["source_item", "title", "investment", ""]
    assert again.counts()["created"] == 2
    start(again, ImportState.APPLYING)
    run_batch(again.pk)
    assert sorted(technology.title for technology in Technology.objects.all()) == ["丙", "乙", "甲"]


@pytest.mark.parametrize("kind", list(TEMPLATE_FIELDS))
def test_template_is_read_back_with_every_column_recognised_and_the_example_left_out(kind, taxonomy):
    sheets = read_workbook(BytesIO(template_workbook(kind)))
    assert [sheet.name for sheet in sheets] == ["填写", "选项", "填写说明"]
    table = read_table(sheets[0], kind)
    mapping = guess_mapping({column.index: column.heading for column in table.columns}, kind)
    assert tuple(mapping[index].field for index in sorted(mapping)) == TEMPLATE_FIELDS[kind]
    assert (table.rows, [reason for _row, reason in table.skipped]) == ([], ["remark"])


@pytest.mark.parametrize("kind", list(TEMPLATE_FIELDS))
def test_template_downloaded_in_english_is_read_by_a_worker_in_chinese(kind, taxonomy):
    with override("en"):
        content = template_workbook(kind)
    table = read_table(read_workbook(BytesIO(content))[0], kind)
    mapping = guess_mapping({column.index: column.heading for column in table.columns}, kind)
    assert tuple(mapping[index].field for index in sorted(mapping)) == TEMPLATE_FIELDS[kind]
    assert (table.rows, [reason for _row, reason in table.skipped]) == ([], ["remark"])


def test_template_for_ones_own_organisation_asks_for_no_owner(taxonomy):
    sheet = read_workbook(BytesIO(template_workbook("demands", is_own=True)))[0]
    assert not {"用能单位", "统一社会信用代码"} & set(sheet.rows[0].cells)


def test_template_offers_lists_to_pick_from(taxonomy):
    book = load_workbook(BytesIO(template_workbook("technologies")))
    assert len(book["填写"].data_validations.dataValidation) == 3
    assert book["选项"]["A2"].value == "压缩空气"
