"""Turn Chinese text into terms: words, single characters and pairs of neighbouring characters."""

import re
from functools import lru_cache

import rjieba

from matching.engine.lexicon import CONCEPT_MARK, concepts, narrower_concepts
from search.characters import normalise as simplify

LONGEST_TEXT = 20_000
WORD_MARK = "\u241f"

_NOT_WORD = re.compile(r"[\W_]+")
_RUN = re.compile(r"[^\W_]+")
_BLANK_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_LATIN_RUN = re.compile(r"[a-z0-9]+")
_SENTENCE_END = re.compile(r"[。;\n!?]+")
_HEADING = re.compile(
    r"(?:^|(?<=[\s。;]))[((]?[一二三四五六七八九\d]{0,2}[))]?[、.．:\s]{0,2}"
    r"(?:技术需求|需求内容|需求描述|需求名称|技术内容|预期目标|预期效果|主要技术指标|现有工作基础|现有基础|"
    r"国内外(?:发展|研究)?现状|合作方式|项目背景|企业简介|公司简介|内容|目标)(?:及(?:预期)?目标)?\s*[::]?",
    re.MULTILINE,
)
_COMPANY_TALK = re.compile(
    r"公司(?:是|成立|位于|拥有|现有|注册|始建|创建)|企业(?:成立|位于|注册)|注册资(?:本|金)|高新技术企业|占地|"
    r"员工|职工|专利\d|年产值|管理体系|体系认证|合作方式|知识产权归|拟投入|出资|联系(?:人|电话)|信用等级"
)

_SAYS_NOTHING = re.compile("技术|及其|关键")

_GENERIC = """
技术 研究 开发 制备 方法 系统 应用 装置 设备 产业化 生产 关键 工艺 产品 设计 研制 新型 利用 一种 及其
项目 示范 集成 装备 产业 需求 内容 预期 目标 公司 企业 现有 基础 合作 解决 提升 提高 问题 寻求 实现
国内 国外 发展 市场 条件 进行 采用 主要 通过 以及 可以 能够 要求 目前 具有 相关 方案 改造 使用 需要
希望 达到 方式 技术改造 降低 减少 效果 情况 部分 这些 我们 由于 因此 同时 其中 以上 以下 左右 较大 较高
运行 工程 处理 适用 我司 我厂 范围 节能 能耗 能源 提供 作为 不同 没有 一个 如果 或者 并且 目的 年度
增加 现场 长期 已经 尚未 进一步 用于 直接 率低 效率 温度 热量 较低 偏高 偏低 较多 比较 每年 全年 参数
常年 白天 一般 老旧 浪费 原有 配套 结合 根据 形成 保证 适合 安装 选用 系列 关键技术 替代 研发 功率 大功率 高性能 产业化应用
示例 mpa kpa m3 nm3 kw mw kwh gj tce min
"""
GENERIC_WORDS = frozenset(_GENERIC.split())


def normalise(text: str) -> str:
    """Return the text in NFKC form, lower case, simplified characters, at most ``LONGEST_TEXT`` characters.

    Examples
    --------
    >>> normalise("ＯＲＣ　餘熱①")
    'orc 余热1'
    """
    return simplify(text[:LONGEST_TEXT])


def strip_boilerplate(text: str) -> str:
    """Leave out headings of need forms and sentences that introduce the company, from normalised text.

    A text that consists of nothing else is returned whole.

    Examples
    --------
    >>> strip_boilerplate("一、需求内容:回收定型机废气余热。公司成立于1998年,占地50亩。")
    '回收定型机废气余热'
    >>> strip_boilerplate("公司成立于1998年")
    '公司成立于1998年'
    """
    without_headings = _HEADING.sub(" ", text)
    sentences = (sentence.strip() for sentence in _SENTENCE_END.split(without_headings))
    kept = [sentence for sentence in sentences if sentence and not _COMPANY_TALK.search(sentence)]
    return "。".join(kept) or text


def words(text: str) -> list[str]:
    """Cut normalised text into words, without punctuation.

    Examples
    --------
    >>> words("空压机余热回收")
    ['空压机', '余热', '回收']
    """
    return [word for word in rjieba.cut(text) if not _NOT_WORD.fullmatch(word) and word.strip()]


def terms(text: str) -> list[str]:
    """Return the index terms of normalised text.

    Single characters and pairs of neighbours carry the meaning of Chinese compounds; a word of two
    characters or more comes once more under ``WORD_MARK``. Latin words and numbers stay whole; terms
    do not cross punctuation, but cross blanks between Chinese characters, because some sources give
    titles as separate words. A word of the lexicon brings the terms of the word that stands for its
    group as well, and the group itself under ``CONCEPT_MARK``: so 凝水 and 冷凝水 meet.

    Examples
    --------
    >>> [term.replace(WORD_MARK, "w:").replace(CONCEPT_MARK, "c:") for term in terms("热泵 45")]
    ['热', '泵', '热泵', '45', 'w:热泵', 'c:热泵']
    >>> set(terms("冷凝水")) <= set(terms("凝水"))
    True
    >>> terms("100 😀。")
    ['100']
    >>> terms("热泵关键技术") == terms("热泵")
    True
    """
    # Rare in the titles of a library and common in those of needs, so that they would weigh most of all.
    text = _SAYS_NOTHING.sub(" ", text)
    joined = _BLANK_IN_CHINESE.sub("", text)
    found = _plain_terms(joined, text)
    for word, concept in concepts(joined):
        if word != concept:
            found += _terms_of_name(concept)
        found.append(CONCEPT_MARK + concept)
    return found


def narrower_terms(text: str) -> list[str]:
    """Return the terms under ``CONCEPT_MARK`` of what is a kind of something that normalised text names."""
    joined = _BLANK_IN_CHINESE.sub("", text)
    return [CONCEPT_MARK + concept for concept in narrower_concepts(joined)]


@lru_cache(maxsize=4096)
def _terms_of_name(name: str) -> tuple[str, ...]:
    return tuple(_plain_terms(name, name))


def _plain_terms(joined: str, text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(joined):
        position = 0
        for latin in _LATIN_RUN.finditer(run):
            found += _character_terms(run[position : latin.start()])
            found.append(latin.group())
            position = latin.end()
        found += _character_terms(run[position:])
    found += [WORD_MARK + word for word in words(text) if len(word) > 1 and not word.isdigit()]
    return found


def _character_terms(run: str) -> list[str]:
    return [*run, *(run[start : start + 2] for start in range(len(run) - 1))]
