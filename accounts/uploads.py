"""Checks of uploaded files: by what is in them, not by what they are called."""

import zipfile
from collections.abc import Collection
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_HEAD_BYTES = 1024
_UNPACKED_LIMIT_MB = 500
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_PROGRAM_NAMES = {
    *(".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".sh", ".apk"),
    *(".lnk", ".hta", ".wsf", ".py", ".php"),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class FileKind(models.TextChoices):
    """Kinds of files that may be uploaded; the value is the usual extension."""

    PDF = "pdf", gettext_lazy("PDF 文件")
    PNG = "png", gettext_lazy("PNG 图片")
    JPEG = "jpg", gettext_lazy("JPEG 图片")
    DOCX = "docx", gettext_lazy("Word 文档（docx）")
    XLSX = "xlsx", gettext_lazy("Excel 工作簿（xlsx）")


LICENCE_KINDS = (FileKind.PDF, FileKind.PNG, FileKind.JPEG)
DOCUMENT_KINDS = tuple(FileKind)
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_EXTENSIONS = {".jpeg": FileKind.JPEG, **{f".{kind}": kind for kind in FileKind}}


def validate_upload(
    file, *, kinds: Collection[FileKind] = DOCUMENT_KINDS, max_mb: int | None = None
) -> FileKind:
    """Return the kind of an uploaded file; raise a ValidationError in Chinese when it is not acceptable.

    Refused are empty and too large files (`max_mb`, else the setting UPLOAD_LIMIT_MB), programs and scripts,
    Office files with macros, kinds not in `kinds`, and names whose extension differs from the content. The
    file's position is put back to its start.
    """
    limit_mb = settings.UPLOAD_LIMIT_MB if max_mb is None else max_mb
    if not file.size:
        raise ValidationError(_("文件是空的，请重新选择。"), code="empty")
    if file.size > limit_mb * 1024 * 1024:
        raise ValidationError(
            _("文件大小为 %(size)s MB，超过上限 %(limit)s MB，请压缩或拆分后再上传。")
            % {"size": -(-file.size // (1024 * 1024)), "limit": limit_mb},
            code="size",
        )
    extension = PurePath(file.name or "").suffix.lower()
    head = _head(file)
    if head.startswith(_PROGRAMS) or extension in _PROGRAM_NAMES:
        raise ValidationError(
            _("这是可执行程序或脚本，出于安全考虑不能上传。可上传：%(kinds)s。") % {"kinds": _names(kinds)},
            code="program",
        )
    if head.startswith(_OLD_OFFICE):
        raise ValidationError(
            _("这是旧版 Office 文件（如 .doc、.xls），请另存为新格式后再上传。可上传：%(kinds)s。")
            % {"kinds": _names(kinds)},
            code="old_office",
        )
    kind = _kind(file, head)
    if kind is None or kind not in kinds:
        raise ValidationError(
            _("不能识别或不支持该文件类型。可上传：%(kinds)s。") % {"kinds": _names(kinds)}, code="kind"
        )
    if _EXTENSIONS.get(extension) != kind:
        raise ValidationError(
            _("文件内容是%(kind)s，但扩展名是“%(extension)s”，请改正文件名后再上传。")
            % {"kind": kind.label, "extension": extension or _("无")},
            code="extension",
        )
    return kind


def kind_of_name(name: str) -> FileKind | None:
    """Return the kind that a stored file's extension stands for, or None."""
    return _EXTENSIONS.get(PurePath(name).suffix.lower())


def accept_attribute(kinds: Collection[FileKind] = DOCUMENT_KINDS) -> str:
    """Return the value of the HTML attribute `accept` for a file field."""
    return ",".join(extension for extension, kind in _EXTENSIONS.items() if kind in kinds)


def _head(file) -> bytes:
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    return head


def _names(kinds: Collection[FileKind]) -> str:
    return _("、").join(str(kind.label) for kind in FileKind if kind in kinds)


def _kind(file, head: bytes) -> FileKind | None:
    if b"%PDF-" in head:
        return FileKind.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file)
    return None


def _office_kind(file) -> FileKind | None:
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(_("文件已损坏，无法打开，请重新导出后再上传。"), code="broken") from error
    finally:
        file.seek(0)
    if sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT_MB * 1024 * 1024:
        raise ValidationError(_("文件解压后过大，不能上传。"), code="unpacked")
    names = {entry.filename for entry in entries}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise ValidationError(_("文件含有宏，出于安全考虑不能上传，请另存为不含宏的格式。"), code="macro")
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return FileKind.DOCX
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    return None
