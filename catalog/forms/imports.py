"""Forms of an import: the upload, the choice of sheet and heading, and the confirmation."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.enums import ImportKind, ImportMode
from catalog.importers.fields import Reader
from catalog.importers.files import check_file
from catalog.importers.inspecting import UNITS, limits
from catalog.importers.mapping import FIELDS, SURE
from catalog.importers.problems import FileProblem
from catalog.models import ImportBatch

ACCEPTED = ".xlsx,.csv,.docx"
FILE_HELP = _(
    "xlsx、csv 或 docx，不超过 %(size)d MB、%(rows)d 行。标题行、合并单元格和单位会自动识别，不必改动原表。"
)


class FileLimitsMixin:
    """Name the limits that hold on this site."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        most = {"size": settings.UPLOAD_LIMIT_MB, "rows": settings.IMPORT_MAX_ROWS}
        self.fields["file"].help_text = FILE_HELP % most

    def clean_file(self):
        """Refuse what cannot be read at once, also where another field has an error."""
        file = self.cleaned_data["file"]
        try:
            check_file(file, name=file.name, limits=limits())
        except FileProblem as problem:
            raise forms.ValidationError(str(problem)) from problem
        return file


class UploadForm(FileLimitsMixin, forms.Form):
    """An official's upload."""

    kind = forms.ChoiceField(
        label=_("导入到"),
        choices=ImportKind.choices,
        initial=ImportKind.TECHNOLOGIES,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("请选择要导入的文件。"), "empty": _("文件是空的，请检查后重新上传。")},
    )
    source_catalogue = forms.CharField(
        label=_("来源"),
        max_length=200,
        help_text=_("目录、报告或项目清单的全称。再次导入同一来源时，据此更新而不是重复新增。"),
        error_messages={"required": _("请写明来源，以后更新要靠它对上号。")},
    )
    source_edition = forms.CharField(
        label=_("版本或年份"),
        max_length=50,
        required=False,
        help_text=_("如“2024年版”。新版本会更新旧版本的条目。"),
    )


class OwnUploadForm(FileLimitsMixin, forms.Form):
    """The upload of a supplier or enterprise for its own organisation."""

    file = forms.FileField(
        label=_("填好的表格"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("请选择要导入的文件。"), "empty": _("文件是空的，请检查后重新上传。")},
    )


class SheetForm(forms.Form):
    """Another sheet or another heading row than the one found."""

    sheet = forms.ChoiceField(label=_("工作表"))
    heading_row = forms.IntegerField(label=_("标题在第几行"), min_value=1, max_value=10_000)
    heading_lines = forms.IntegerField(label=_("标题占几行"), min_value=1, max_value=3)

    def __init__(self, *args, batch: ImportBatch, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(sheet["name"][:100], sheet_label(sheet)) for sheet in batch.preview]
        self.initial |= {
            "sheet": batch.sheet,
            "heading_row": batch.heading_row,
            "heading_lines": batch.heading_lines,
        }


def sheet_label(sheet: dict) -> str:
    label = _("%(name)s（%(rows)d 行）") % sheet
    return label + _("，隐藏") if sheet["is_hidden"] else label


class ConfirmForm(forms.Form):
    """What becomes of the good rows."""

    mode = forms.ChoiceField(label=_("处理方式"), widget=forms.RadioSelect)

    def __init__(self, *args, modes: list[ImportMode], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in modes]
        self.initial.setdefault("mode", modes[0].value)


class OwnConfirmForm(forms.Form):
    """What a supplier does with the good rows."""

    mode = forms.ChoiceField(
        label=_("处理方式"),
        choices=[
            (ImportMode.DRAFT.value, _("存为草稿，逐项检查后再送审")),
            (ImportMode.REVIEW.value, _("内容完整的直接送审，其余存为草稿")),
        ],
        initial=ImportMode.DRAFT.value,
        widget=forms.RadioSelect,
    )


def column_rows(batch: ImportBatch) -> list[dict]:
    """Describe each column for the page: its proposal, how sure it is, and the units it may need."""
    readers = {field.name: field.reader for field in FIELDS[batch.kind]}
    rows = []
    for column in batch.mapping:
        units = UNITS.get(readers.get(column["field"], Reader.TEXT), ())
        extra = [column["unit"]] if column["unit"] and column["unit"] not in units else []
        rows.append(
            column
            | {
                "units": [*extra, *units] if units or extra else [],
                "certainty": certainty(column),
                "has_unit": bool(units),
            }
        )
    return rows


def certainty(column: dict) -> str:
    if not column["field"]:
        return "none"
    return "sure" if column["confidence"] >= SURE else "unsure"


def field_groups(batch: ImportBatch) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group the target fields for the selection lists."""
    labels = {
        "": _("基本信息"),
        "case": _("典型案例"),
        "condition": _("应用条件"),
        "quantity": _("工况参数"),
        "energy_use": _("年用能"),
    }
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in FIELDS[batch.kind]:
        groups.setdefault(field.part, []).append((field.name, field.label))
    return [(labels[part], fields) for part, fields in groups.items()]


def decisions_from(data, batch: ImportBatch) -> dict[int, tuple[str, str]]:
    """Read the field and unit of every column from a submitted page."""
    return {
        column["index"]: (
            data.get(f"field-{column['index']}", ""),
            data.get(f"unit-{column['index']}", "")[:20],
        )
        for column in batch.mapping
    }
