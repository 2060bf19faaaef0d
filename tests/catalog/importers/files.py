"""Files made for the tests; none is kept in the repository."""

import io

from docx import Document
from openpyxl import Workbook


def workbook(*sheets, merges=(), save=True):
    """Return an xlsx file; a sheet is (name, rows)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        worksheet = book.create_sheet(name)
        for row in rows:
            worksheet.append(row)
    for block in merges:
        book.worksheets[0].merge_cells(block)
    return saved(book) if save else book


def saved(book):
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def text_file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def document(*tables, captions=()):
    """Return a docx file; a table is a list of rows of text."""
    doc = Document()
    for number, rows in enumerate(tables):
        if number < len(captions) and captions[number]:
            doc.add_paragraph(captions[number])
        table = doc.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    return doc


def saved_document(doc):
    file = io.BytesIO()
    doc.save(file)
    file.seek(0)
    return file
