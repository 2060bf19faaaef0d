"""Tables as files that a spreadsheet program opens as they are."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[str | int | float | Decimal | None]


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """Return a CSV file in UTF-8 with a byte order mark; None is an empty cell."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return as_download(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")


def xlsx_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """Return an Excel workbook with one sheet, bold headings and a frozen first row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=str(heading)) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    return as_download(file.getvalue(), f"{name}.xlsx", XLSX)


def harmless(value):
    """Return a value that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("-节能"), harmless(-3), harmless(None)
    ("'=1+1", "'-节能", -3, '')
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _cell(sheet, value):
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=value)
        # A text that begins with "=" stays a text.
        cell.data_type = "s"
        return cell
    return value
