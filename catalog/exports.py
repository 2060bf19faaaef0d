"""Tables as files that a spreadsheet program opens as they are."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Some programs read full-width signs as the narrow ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

LONGEST_CELL = 32_767

Row = Sequence[str | int | float | Decimal | None]


class _Line:
    """Takes what the CSV writer writes and hands it back."""

    def write(self, text: str) -> str:
        return text


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """Return a CSV file in UTF-8 with a byte order mark, sent row by row; None is an empty cell."""
    writer = csv.writer(_Line())

    def lines() -> Iterator[bytes]:
        yield writer.writerow(headings).encode("utf-8-sig")
        for row in rows:
            yield writer.writerow([harmless(value) for value in row]).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    return as_download(response, f"{name}.csv")


def xlsx_file(name: str, headings: Sequence[str], rows: Iterable[Row]) -> FileResponse:
    """Return an Excel workbook with one sheet, bold headings and a frozen first row, built on disk."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=str(heading)) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return as_download(FileResponse(file, content_type=XLSX), f"{name}.xlsx")


def harmless(value):
    """Return a value that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("-节能"), harmless(-3), harmless(None)
    ("'=1+1", "'-节能", -3, '')
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def as_download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """Give a response the name under which it is saved."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _cell(sheet, value):
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
        # A text that begins with "=" stays a text.
        cell.data_type = "s"
        return cell
    return value
