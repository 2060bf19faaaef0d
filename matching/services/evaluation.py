"""Read judged needs from files and measure the matcher with them."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from matching.engine.model import ModelUnreadable, RankingModel
from matching.engine.profiles import DemandProfile, TechnologyProfile


class EvaluationError(Exception):
    """Say in a sentence for the user what is wrong with a file."""


@dataclass(frozen=True)
class JudgedFiles:
    """Hold what the three files of an evaluation say."""

    demands: list[DemandProfile]
    technologies: list[TechnologyProfile]
    grades: dict[str, dict[str, int]]


def read_judged(needs: Path, technologies: Path, judgements: Path) -> JudgedFiles:
    """Read needs, technologies and grades.

    All three are CSV files in UTF-8 (with or without a byte order mark) or GB18030; further columns are ignored:
    needs have need_id, title and optionally content; technologies have technology_id and title or title_words
    (words separated by blanks), optionally content; judgements have need_id, technology_id, grade from 1 to 4.

    Raises
    ------
    EvaluationError
        When a file cannot be read, lacks a column or holds no grade of a need and a technology that are given.
    """
    demands = [
        DemandProfile(row["need_id"], row["title"], row.get("content") or "")
        for row in read_rows(needs, ["need_id", "title"])
    ]
    profiles = [
        TechnologyProfile(
            row["technology_id"], row.get("title") or row["title_words"], row.get("content") or ""
        )
        for row in read_rows(technologies, ["technology_id", ("title", "title_words")])
    ]
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for number, row in enumerate(read_rows(judgements, ["need_id", "technology_id", "grade"]), start=2):
        grades[row["need_id"]][row["technology_id"]] = read_grade(row["grade"], judgements, number)
    known = {each.id for each in profiles}
    if not any(known & grades[each.id].keys() for each in demands if each.id in grades):
        raise EvaluationError(_("三个文件中没有一条评判同时对应到需求和技术，请检查编号是否一致。"))
    return JudgedFiles(demands, profiles, grades)


def read_model(path: Path) -> RankingModel:
    """Read a model from a file; raises ``EvaluationError``."""
    try:
        return RankingModel.read(path)
    except ModelUnreadable as error:
        raise EvaluationError(
            _("无法使用模型文件 %(file)s：%(reason)s。") % {"file": path, "reason": error}
        ) from error


def read_rows(path: Path, columns: Sequence[str | tuple[str, ...]]) -> Iterator[dict[str, str]]:
    """Yield rows with blanks around values removed; of a tuple of columns one must be there."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    headings = [heading.strip() for heading in reader.fieldnames or ()]
    for column in columns:
        accepted = (column,) if isinstance(column, str) else column
        if not set(accepted) & set(headings):
            raise EvaluationError(
                _("文件 %(file)s 缺少列“%(column)s”；现有列：%(found)s。")
                % {
                    "file": path.name,
                    "column": _(" 或 ").join(accepted),
                    "found": "、".join(headings) or _("（无）"),
                }
            )
    reader.fieldnames = headings
    try:
        for row in reader:
            yield {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise EvaluationError(
            _("文件 %(file)s 不是可读取的 CSV：%(error)s。") % {"file": path.name, "error": error}
        ) from error


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8 or GB18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(_("无法读取文件 %(file)s，请检查路径和权限。") % {"file": path}) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise EvaluationError(_("文件 %(file)s 不是 UTF-8 或 GB18030 编码的文本。") % {"file": path.name})


def read_grade(text: str, path: Path, line: int) -> int:
    """Return a grade from 1 to 4."""
    if text not in {"1", "2", "3", "4"}:
        raise EvaluationError(
            _("文件 %(file)s 第 %(line)d 行：等级应为 1、2、3 或 4，实际为“%(value)s”。")
            % {"file": path.name, "line": line, "value": text[:20]}
        )
    return int(text)
