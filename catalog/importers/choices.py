"""Find entries of a fixed list by code, name or a usual other name, and suggest the nearest on error."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .problems import ValueProblem

SEPARATORS = re.compile(r"[、，,；;/|\n]+|和(?=\S{2,}行业)|以及|及(?=\S{2,}行业)")
TRAILING = re.compile(
    r"(?:等(?:多个|相关|其他)?)?(?:重点)?(?:用能|高耗能)?(?:行业|领域|企业|产业|系统|工业)?(?:等)?$"
)
EVERYTHING = {
    "通用", "各行业", "所有行业", "全行业", "各类行业", "多行业", "不限", "不限行业", "工业", "工业企业", "各类企业",
    "跨行业", "全部", "全部行业", "工业通用", "工业领域", "各工业行业", "通用技术",
}  # fmt: skip


def key_of(text: str) -> str:
    """Fold width, case, blanks and punctuation away."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def split_list(text: str) -> list[str]:
    """Split a cell on 、 ， ； / and line ends, dropping numbering such as "1." and "（2）"."""
    parts = SEPARATORS.split(unicodedata.normalize("NFKC", text).replace("、", "、"))
    parts = [re.sub(r"^\s*(?:\(?\d{1,2}\)|\d{1,2}[.、](?!\d))\s*", "", part).strip(" 。.") for part in parts]
    return list(dict.fromkeys(part for part in parts if part))


class ChoiceIndex:
    """Codes of a list with names and synonyms.

    Parameters: `entries` are (code, name) pairs, `synonyms` maps a code to other names, `label` names the
    list in error sentences.
    """

    def __init__(self, entries: Iterable[tuple[str, str]], *, label: str, synonyms: dict | None = None):
        self.label = label
        self.names: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        for code, name in entries:
            self.names[code] = name
            self._codes.setdefault(key_of(code), code)
            self._codes.setdefault(key_of(name), code)
            self._codes.setdefault(key_of(code + name), code)
        for code, others in (synonyms or {}).items():
            if code in self.names:
                for other in others:
                    self._codes.setdefault(key_of(other), code)
        self._grams: dict[str, set[str]] = defaultdict(set)
        for key in self._codes:
            for gram in bigrams(key):
                self._grams[gram].add(key)

    def find(self, text: str) -> str | None:
        """Answer the code of one entry, or None."""
        key = key_of(text)
        if key in self._codes:
            return self._codes[key]
        leading = re.match(r"^([A-Za-z]?\d{2,4})(?=\D)", text.strip())
        if leading and key_of(leading[1]) in self._codes:
            return self._codes[key_of(leading[1])]
        shorter = key_of(TRAILING.sub("", text.strip()))
        return (
            self._codes.get(shorter) or self._codes.get(shorter + "业") or self._codes.get(shorter + "制造业")
        )

    def suggest(self, text: str, count: int = 3) -> list[str]:
        """Answer the names most alike, best first (Dice coefficient of character pairs)."""
        grams = bigrams(key_of(text))
        hits = Counter(key for gram in grams for key in self._grams.get(gram, ()))
        scored = sorted(
            ((2 * shared / (len(grams) + len(bigrams(key))), key) for key, shared in hits.items()),
            reverse=True,
        )
        codes = dict.fromkeys(self._codes[key] for score, key in scored if score >= 0.2)
        return [self.names[code] for code in list(codes)[:count]]

    def parse_one(self, text: str) -> str:
        code = self.find(text)
        if code is None:
            raise self.problem(text)
        return code

    def parse_many(self, text: str) -> list[str]:
        """Answer the codes of all entries in a cell; a name that holds a separator itself is tried whole."""
        whole = self.find(text)
        if whole is not None:
            return [whole]
        return list(dict.fromkeys(self.parse_one(part) for part in split_list(text)))

    def problem(self, text: str) -> ValueProblem:
        nearest = self.suggest(text)
        message = _("“%(text)s”不在%(label)s里。") % {"text": text[:40], "label": self.label}
        expected = _("%s的名称或代码，多个用顿号隔开") % self.label
        if nearest:
            return ValueProblem(message, expected, _("是否应为：%s") % "、".join(nearest))
        return ValueProblem(message, expected, "、".join(list(self.names.values())[:3]))


def bigrams(key: str) -> set[str]:
    return {key[index : index + 2] for index in range(len(key) - 1)} or {key}


def means_everything(text: str) -> bool:
    """Tell whether a cell says that a technology suits every industry."""
    return key_of(text) in {key_of(word) for word in EVERYTHING}
