import zipfile
from datetime import datetime
from io import BytesIO

from catalog.importers.tables import FormulaWithoutValue
from catalog.importers.xlsx import read_workbook

from .files import saved, workbook


def test_merged_cells_are_filled_down_and_right():
    file = workbook(("表", [["甲", "x", None], [None, "y", "z"]]), merges=["A1:A2", "B1:C1"])
    sheet = read_workbook(file)[0]
    assert [row.cells for row in sheet.rows] == [["甲", "x", "x"], ["甲", "y", "z"]]


def test_blank_rows_are_left_out_and_numbers_kept():
    sheet = read_workbook(workbook(("表", [["a"], [None], [" "], ["b"]])))[0]
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ["a"]), (4, ["b"])]


def test_hidden_rows_and_sheets_are_marked():
    book = workbook(("表", [["a"], ["b"]]), ("藏", [["c"]]), save=False)
    book.worksheets[0].row_dimensions[2].hidden = True
    book.worksheets[1].sheet_state = "hidden"
    sheets = read_workbook(saved(book))
    assert [row.is_hidden for row in sheets[0].rows] == [False, True]
    assert [sheet.is_hidden for sheet in sheets] == [False, True]


def test_formula_without_saved_result_is_marked():
    sheet = read_workbook(workbook(("表", [["a", "=1+1"]])))[0]
    assert sheet.rows[0].cells == ["a", FormulaWithoutValue("=1+1")]


def test_formula_with_saved_result_gives_the_result():
    file = workbook(("表", [["a", "=1+1"]]))
    changed = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.infolist():
            content = old.read(item).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            content = content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            new.writestr(item, content.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>"))
    assert read_workbook(changed)[0].rows[0].cells == ["a", 2]


def test_percent_format_and_real_dates_keep_their_meaning():
    book = workbook(("表", [[0.05, datetime(2025, 6, 30)]]), save=False)
    book.active["A1"].number_format = "0%"
    assert read_workbook(saved(book))[0].rows[0].cells == ["5%", datetime(2025, 6, 30)]


def test_cells_formatted_down_to_the_last_row_cost_nothing():
    book = workbook(("表", [["a"]]), save=False)
    book.active["A1048576"].number_format = "0.00"
    assert len(read_workbook(saved(book))[0].rows) == 1
