"""Read judged needs from files and measure the matcher with them."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.csv_files import FileError, read_rows
from matching.engine.model import ModelUnreadable, RankingModel
from matching.engine.profiles import DemandProfile, TechnologyProfile


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
    FileError
        When a file cannot be read, lacks a column or holds no grade of a need and a technology that are given.
    """
    demands = [
        DemandProfile(row["need_id"], row["title"], row.get("content") or "")
        for _line, row in read_rows(needs, ["need_id", "title"])
    ]
    profiles = [
        TechnologyProfile(
            row["technology_id"], row.get("title") or row["title_words"], row.get("content") or ""
        )
        for _line, row in read_rows(technologies, ["technology_id", ("title", "title_words")])
    ]
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line, row in read_rows(judgements, ["need_id", "technology_id", "grade"]):
        grades[row["need_id"]][row["technology_id"]] = read_grade(row["grade"], judgements, line)
    known = {each.id for each in profiles}
    if not any(known & grades[each.id].keys() for each in demands if each.id in grades):
        raise FileError(_("三个文件中没有一条评判同时对应到需求和技术，请检查编号是否一致。"))
    return JudgedFiles(demands, profiles, grades)


def read_model(path: Path) -> RankingModel:
    """Read a model from a file; raises ``FileError``."""
    try:
        return RankingModel.read(path)
    except ModelUnreadable as error:
        raise FileError(
            _("无法使用模型文件 %(file)s：%(reason)s。") % {"file": path, "reason": error}
        ) from error


def read_grade(text: str, path: Path, line: int) -> int:
    """Return a grade from 1 to 4."""
    if text not in {"1", "2", "3", "4"}:
        raise FileError(
            _("文件 %(file)s 第 %(line)d 行：等级应为 1、2、3 或 4，实际为“%(value)s”。")
            % {"file": path.name, "line": line, "value": text[:20]}
        )
    return int(text)
