"""Workbooks for people: the rows that were refused, and the template to fill in."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell as WorkbookCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from catalog.enums import CooperationMode, DemandSource, EvidenceLevel, ImportKind, ImportRowState
from catalog.models import EnergyCarrier, EnergySystem, ImportBatch

from .fields import Field, Reader
from .mapping import field_named

WRONG = PatternFill("solid", fgColor="FDE2E0")
HEAD = PatternFill("solid", fgColor="E8EEF5")
NEEDED = PatternFill("solid", fgColor="FFF3CD")
CLIPPED = 32_000
TEMPLATE_FIELDS = {
    ImportKind.TECHNOLOGIES: (
        "title", "summary", "systems", "carriers", "industries", "scope", "not_suitable", "principle", "process",
        "conditions_note", "indicators", "unit_investment", "investment", "saving_rate", "annual_saving",
        "saving_basis", "payback", "penetration_now", "trl", "intellectual_property", "cooperation_modes",
        "heat_source_temperature_c", "power_kw", "valid_until", "contact_name", "contact_phone", "contact_email",
        "case_site", "case_year", "case_scale", "case_investment", "case_saving", "case_payback", "case_verified_by",
    ),
    ImportKind.DEMANDS: (
        "title", "organisation", "credit_code", "problem", "systems", "process", "carriers", "annual_use_tce",
        "use_electricity", "use_natural_gas", "use_steam", "heat_source_temperature_c", "heat_flow_t_per_h",
        "running_hours", "target_saving_tce", "budget_cny", "max_payback_years", "shutdown_window", "space_limit",
        "tried_before", "wants_finance", "source", "source_file", "source_page", "deadline", "contact_name",
        "contact_phone",
    ),
}  # fmt: skip
UNIT_OF_HEADING = {Reader.MONEY: "万元", Reader.CARRIER_USE: ""}


def bad_rows_workbook(batch: ImportBatch) -> bytes:
    """Build a workbook of the rows with errors: same headings, the wrong cells coloured, and what is wrong.

    It can be corrected and uploaded again; the added column is ignored then.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = _("待改正")
    columns = batch.mapping
    write_headings(sheet, [column["heading"] for column in columns] + [_("错误说明")])
    positions = {column["index"]: position for position, column in enumerate(columns, start=1)}
    for line, row in enumerate(batch.rows.filter(state=ImportRowState.BAD), start=2):
        for index, text in row.raw.items():
            if int(index) in positions:
                write_text(sheet.cell(line, positions[int(index)]), text)
        for note in row.errors:
            mark_wrong(sheet.cell(line, positions.get(note["column"], 1)), note)
        write_text(sheet.cell(line, len(columns) + 1), sentence_for(row))
    for position in range(1, len(columns) + 2):
        sheet.column_dimensions[get_column_letter(position)].width = 18 if position <= len(columns) else 60
    return saved(book)


def sentence_for(row) -> str:
    if not row.errors:
        return _("与第 %d 行合并，随其一并退回。") % row.continues
    sentences = []
    for note in row.errors:
        sentence = f"{note['heading']}：{note['message']}"
        if note["expected"]:
            sentence += _("应填：%s。") % note["expected"]
        if note["example"]:
            sentence += _("例如：%s。") % note["example"]
        sentences.append(sentence)
    return "\n".join(sentences)


def mark_wrong(cell: WorkbookCell, note: dict) -> None:
    cell.fill = WRONG
    lines = [note["message"], note["expected"], note["example"]]
    cell.comment = Comment("\n".join(line for line in lines if line), _("平台"), width=320, height=120)


def write_text(cell: WorkbookCell, text: str) -> None:
    """Write text as text: what begins with = must not become a formula in the reader's program."""
    cell.value = str(text)[:CLIPPED]
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def write_headings(sheet: Worksheet, headings: list[str]) -> None:
    for position, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, position)
        write_text(cell, heading)
        cell.font, cell.fill = Font(bold=True), HEAD
    sheet.freeze_panes = "A2"


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def template_workbook(kind: str, *, is_own: bool = False) -> bytes:
    """Build the workbook to fill in: headings with notes, choices to pick, and an example marked 示例.

    `is_own` leaves out the owner: everything then belongs to the organisation that uploads it.
    """
    names = [
        name for name in TEMPLATE_FIELDS[kind] if not (is_own and name in ("organisation", "credit_code"))
    ]
    fields = [field_named(kind, name) for name in names]
    book = Workbook()
    sheet = book.active
    sheet.title = _("填写")
    write_headings(sheet, [heading_of(field) for field in fields])
    choices = choice_sheet(book)
    for position, field in enumerate(fields, start=1):
        heading, example = sheet.cell(1, position), sheet.cell(2, position)
        heading.comment = Comment(form_of(field), _("平台"), width=300, height=100)
        if field.is_required:
            heading.fill = NEEDED
        marked = _("示例：%s") % field.example if field.name == "title" else str(field.example)
        write_text(example, marked)
        example.font = Font(italic=True, color="7A7A7A")
        sheet.column_dimensions[get_column_letter(position)].width = 30 if not field.max_length else 22
        if field.reader in choices:
            offer_choices(sheet, position, choices[field.reader])
    explain(book, fields)
    return saved(book)


def heading_of(field: Field) -> str:
    unit = UNIT_OF_HEADING.get(field.reader, "")
    heading = f"{field.label}（{unit}）" if unit else str(field.label)
    return f"{heading}*" if field.is_required else heading


def form_of(field: Field) -> str:
    """Say in one sentence how a column is to be filled in."""
    forms = {
        Reader.MONEY: _("金额。写数字时单位为万元，也可写明“元”；可写范围。"),
        Reader.UNIT_MONEY: _("每单位的金额，写明单位；可写范围。"),
        Reader.ENERGY: _("全年的能源量，以吨标准煤计；可写范围。"),
        Reader.YEARS: _("年数或月数；可写范围。"),
        Reader.SHARE: _("百分数；可写范围。"),
        Reader.QUANTITY: _("数值，写明单位；可写“≥”“≤”或范围。"),
        Reader.CARRIER_USE: _("全年用量，写明单位。"),
        Reader.LEVEL: _("1 到 9 的整数。"),
        Reader.DATE: _("日期，如 2027-12-31；长期有效可写“长期”。"),
        Reader.SYSTEMS: _("从“选项”页选取，多个用顿号隔开。"),
        Reader.CARRIERS: _("从“选项”页选取，多个用顿号隔开。"),
        Reader.COOPERATION: _("从“选项”页选取，多个用顿号隔开。"),
        Reader.INDUSTRIES: _("国民经济行业的名称或代码，多个用顿号隔开；各行业都适用写“通用”。"),
        Reader.BOOLEAN: _("是 或 否。"),
        Reader.CREDIT_CODE: _("18 位统一社会信用代码。"),
    }
    form = forms.get(field.reader, _("文字。"))
    if field.max_length:
        form += _("不超过 %d 字。") % field.max_length
    return (_("必填。") if field.is_required else "") + form


def choice_sheet(book: Workbook) -> dict[Reader, str]:
    """Write the lists to pick from on a sheet of their own; answer the range of each."""
    sheet = book.create_sheet(_("选项"))
    lists = {
        Reader.SYSTEMS: (_("用能系统"), list(EnergySystem.objects.values_list("name", flat=True))),
        Reader.CARRIERS: (_("能源品种"), list(EnergyCarrier.objects.values_list("name", flat=True))),
        Reader.COOPERATION: (_("合作方式"), [str(label) for label in CooperationMode.labels]),
        Reader.EVIDENCE: (_("证据等级"), [str(label) for label in EvidenceLevel.labels]),
        Reader.DEMAND_SOURCE: (_("需求来源"), [str(label) for label in DemandSource.labels]),
        Reader.BOOLEAN: (_("是否"), [_("是"), _("否")]),
    }
    ranges = {}
    for position, (reader, (title, names)) in enumerate(lists.items(), start=1):
        letter = get_column_letter(position)
        for line, text in enumerate([title, *names], start=1):
            write_text(sheet.cell(line, position), text)
        sheet.cell(1, position).font = Font(bold=True)
        sheet.column_dimensions[letter].width = 22
        if names:
            ranges[reader] = f"'{sheet.title}'!${letter}$2:${letter}${len(names) + 1}"
    return ranges


def offer_choices(sheet: Worksheet, position: int, source: str) -> None:
    """Offer a list in the cells of a column; other text stays possible, since several may be named."""
    validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(position)
    validation.add(f"{letter}2:{letter}1000")
    sheet.add_data_validation(validation)


def explain(book: Workbook, fields: list[Field]) -> None:
    sheet = book.create_sheet(_("填写说明"))
    write_headings(sheet, [_("列"), _("怎样填写"), _("举例")])
    for line, field in enumerate(fields, start=2):
        for position, text in enumerate((heading_of(field), form_of(field), str(field.example)), start=1):
            write_text(sheet.cell(line, position), text)
    last = sheet.max_row + 2
    notes = (
        _("第一行是标题，请勿改名；列可以增删、换序。"),
        _("第二行是示例，导入时会跳过，也可以删去。"),
        _("同一技术有多个案例时，把名称等单元格上下合并，每行写一个案例。"),
    )
    for offset, text in enumerate(notes):
        write_text(sheet.cell(last + offset, 1), text)
        sheet.merge_cells(start_row=last + offset, start_column=1, end_row=last + offset, end_column=3)
    for letter, width in (("A", 26), ("B", 56), ("C", 36)):
        sheet.column_dimensions[letter].width = width
