"""Decide by content what an uploaded file is, refuse what is dangerous or useless, and read its tables."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from .delimited import read_delimited
from .problems import FileProblem
from .tables import Sheet
from .word import read_word
from .xlsx import read_workbook

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXECUTABLE_MAGIC = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
OTHER_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM")
CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
MERGE_TAG = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,80}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
SCAN_BYTES = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one upload may hold; unpacked size and cells guard the memory of the server."""

    max_bytes: int = 30 * 1024 * 1024
    max_rows: int = 10_000
    max_unpacked_bytes: int = 300 * 1024 * 1024
    max_cells: int = 800_000


DEFAULT_LIMITS = Limits()


def read_sheets(file: BinaryIO, *, name: str, limits: Limits = DEFAULT_LIMITS) -> list[Sheet]:
    """Read every non-empty table of an xlsx, csv or docx file. Raises FileProblem."""
    kind = check_file(file, name=name, limits=limits)
    reader = {"xlsx": read_workbook, "docx": read_word, "csv": read_delimited}[kind]
    sheets = [sheet for sheet in reader(file) if sheet.rows]
    if not sheets:
        raise FileProblem(_("文件里没有找到任何表格内容，请检查是否选错了文件。"))
    return sheets


def check_file(file: BinaryIO, *, name: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Answer the kind of a file that is safe to read: "xlsx", "docx" or "csv".

    The kind is decided by content, never by the name alone. The position is put back to the start. Raises
    FileProblem.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise FileProblem(_("文件是空的，请检查后重新上传。"))
    if size > limits.max_bytes:
        raise FileProblem(
            _("文件有 %(size).1f MB，超过了 %(limit)d MB 的上限。请删去图片或分成几个文件后再上传。")
            % {"size": size / 1048576, "limit": limits.max_bytes // 1048576}
        )
    kind = detect_kind(file, name)
    if kind != "csv":
        check_package(file, limits)
    file.seek(0)
    return kind


def detect_kind(file: BinaryIO, name: str) -> str:
    """Answer "xlsx", "docx" or "csv", or raise FileProblem with the cure."""
    head = file.read(8192)
    file.seek(0)
    if head.startswith(EXECUTABLE_MAGIC):
        raise FileProblem(_("这是可执行程序，不是表格。为了安全已拒绝，请上传 xlsx、csv 或 docx 文件。"))
    if head.startswith(OLE_MAGIC):
        raise FileProblem(old_format_message(file))
    if head.startswith(b"PK"):
        return detect_package(file)
    if head.startswith(OTHER_MAGIC):
        raise FileProblem(_("这个文件不是表格（可能是 PDF、图片或压缩包）。请上传 xlsx、csv 或 docx 文件。"))
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", head, re.IGNORECASE):
        raise FileProblem(_("这是网页格式的表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"))
    if Path(name).suffix.lower() in {".xlsx", ".xlsm", ".docx", ".xls", ".doc", ".et"}:
        raise FileProblem(
            _("文件的内容不是 Excel 或 Word 格式，可能已损坏或改过扩展名。请另存为 .xlsx 后再上传。")
        )
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileProblem(_("这个文件不是表格。请上传 xlsx、csv 或 docx 文件。"))
    return "csv"


def old_format_message(file: BinaryIO) -> str:
    content = file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("文件设有打开密码，系统无法读取。请在 Excel 中取消密码，保存后再上传。")
    if "WordDocument".encode("utf-16-le") in content:
        return _("这是旧的 .doc 格式。请用 Word 或 WPS 打开，另存为 .docx 后再上传。")
    return _("这是旧的 .xls 格式。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


def detect_package(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            is_encrypted = any(item.flag_bits & 1 for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileProblem(_("文件已损坏，无法打开。请在 Excel 中重新保存后再上传。")) from None
    if is_encrypted:
        raise FileProblem(_("文件设有打开密码，系统无法读取。请取消密码，保存后再上传。"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileProblem(_("文件里带有宏程序，为了安全不能接收。请另存为不带宏的 .xlsx 后再上传。"))
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    raise FileProblem(_("这是压缩包或其他文件，不是表格。请先解压，再上传其中的 xlsx、csv 或 docx 文件。"))


def check_package(file: BinaryIO, limits: Limits) -> None:
    """Refuse packages that unpack to more than they should, hold too many cells or declare XML entities."""
    too_large = _("文件解压后过大，为了安全已拒绝。请删去空白格式、图片或多余工作表后再上传。")
    unpacked = cells = 0
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        if sum(item.file_size for item in archive.infolist()) > limits.max_unpacked_bytes:
            raise FileProblem(too_large)
        for item in archive.infolist():
            if not item.filename.endswith((".xml", ".rels")):
                continue
            for chunk, tail in chunks_of(archive, item):
                if not tail and b"<!DOCTYPE" in chunk[:4096].upper():
                    raise FileProblem(_("文件内部结构异常，为了安全已拒绝。请在 Excel 中重新保存后再上传。"))
                unpacked += len(chunk)
                if "worksheets/" in item.filename:
                    cells += len(CELL_TAG.findall(chunk)) + 2 * merged_area(tail + chunk)
                if unpacked > limits.max_unpacked_bytes or cells > limits.max_cells:
                    raise FileProblem(too_large)


def chunks_of(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Unpack one part piece by piece, each with the end of the piece before it."""
    tail = b""
    try:
        with archive.open(item) as part:
            while chunk := part.read(SCAN_BYTES):
                yield chunk, tail
                tail = chunk[-120:]
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error):
        raise FileProblem(_("文件已损坏，无法打开。请在 Excel 中重新保存后再上传。")) from None


def merged_area(content: bytes) -> int:
    """Count the cells of merged blocks: a whole merged column alone would fill the memory when read."""
    area = 0
    for left, top, right, bottom in MERGE_TAG.findall(content):
        width = column_number(right) - column_number(left) + 1
        area += max(0, width) * max(0, int(bottom) - int(top) + 1)
    return area


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
