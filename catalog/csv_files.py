"""Read the CSV files that are measured with, in the encodings that people have."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _


class FileError(Exception):
    """Say in a sentence for the user what is wrong with a file."""


def read_rows(path: Path, columns: Sequence[str | tuple[str, ...]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line, blanks around values removed; of a tuple of columns one must be there.

    The line is that on which the row ends, counted from 1. Raises FileError when the file cannot be read.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    try:
        headings = [heading.strip() for heading in reader.fieldnames or ()]
        _check_columns(path, columns, headings)
        reader.fieldnames = headings
        for row in reader:
            values = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
            yield reader.line_num, values
    except csv.Error as error:
        raise FileError(
            _("文件 %(file)s 第 %(line)d 行不是可读取的 CSV：%(error)s。")
            % {"file": path.name, "line": reader.reader.line_num, "error": error}
        ) from error


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8 or GB18030; raises FileError for any other."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(_("无法读取文件 %(file)s，请检查路径和权限。") % {"file": path}) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(_("文件 %(file)s 不是 UTF-8 或 GB18030 编码的文本。") % {"file": path.name})


def _check_columns(path: Path, columns: Sequence[str | tuple[str, ...]], headings: Sequence[str]) -> None:
    for column in columns:
        accepted = (column,) if isinstance(column, str) else column
        if not set(accepted) & set(headings):
            raise FileError(
                _("文件 %(file)s 缺少列“%(column)s”；现有列：%(found)s。")
                % {
                    "file": path.name,
                    "column": _(" 或 ").join(accepted),
                    "found": "、".join(headings) or _("（无）"),
                }
            )
