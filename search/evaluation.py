"""Measure an engine on listings and queries whose answers a person named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.csv_files import FileError, read_rows
from search.answering import answer
from search.engine import Document, Engine, Query
from search.lexicon import lexicon
from search.measures import Measures, means, measure
from search.vocabulary import Vocabulary

KIND = "evaluation"
_DEEPEST = 10_000  # Elasticsearch hands out no more at once


@dataclass(frozen=True, slots=True)
class Question:
    """A query with the ids of the listings that should answer it, perhaps none, and its kind of difficulty."""

    text: str
    expected: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a question, ids of listings with the best first, and how good that is."""

    question: Question
    found: tuple[str, ...]
    measures: Measures


def read_listings(path: Path) -> dict[str, Document]:
    """Return documents by the ids in a CSV file with the columns id, title and text; raises FileError."""
    documents: dict[str, Document] = {}
    for line, row in read_rows(path, ["id", "title", "text"]):
        place = {"file": path.name, "line": line}
        if row["id"].split() != [row["id"]]:
            raise FileError(_("文件 %(file)s 第 %(line)d 行：编号为空或含空格。") % place)
        if row["id"] in documents:
            raise FileError(
                _("文件 %(file)s 第 %(line)d 行：编号“%(id)s”重复。") % (place | {"id": row["id"]})
            )
        number = len(documents) + 1
        documents[row["id"]] = Document(KIND, number, row["title"], body=row["text"])
    if not documents:
        raise FileError(_("文件 %(file)s 中没有数据行。") % {"file": path.name})
    return documents


def read_questions(path: Path, listings: Iterable[str]) -> list[Question]:
    """Return the rows of a CSV file with the columns query, expected (ids separated by spaces) and kind.

    An empty `expected` says that nothing should be found. Raises FileError, also for an id that is no listing's.
    """
    questions, known = [], set(listings)
    for line, row in read_rows(path, ["query", ("expected", "expected_ids"), "kind"]):
        place = {"file": path.name, "line": line}
        if not row["query"]:
            raise FileError(_("文件 %(file)s 第 %(line)d 行：查询为空。") % place)
        expected = frozenset((row["expected"] if "expected" in row else row["expected_ids"]).split())
        if unknown := sorted(expected - known):
            raise FileError(
                _("文件 %(file)s 第 %(line)d 行：没有编号为“%(id)s”的条目。") % (place | {"id": unknown[0]})
            )
        questions.append(Question(row["query"], expected, row["kind"] or "-"))
    if not questions:
        raise FileError(_("文件 %(file)s 中没有数据行。") % {"file": path.name})
    return questions


def answers(engine: Engine, documents: dict[str, Document], questions: Sequence[Question]) -> list[Answer]:
    """Ask an engine that holds these documents and no others of their kind."""
    ids = {document.object_id: key for key, document in documents.items()}
    kind = next(iter(documents.values())).kind
    given, vocabulary = [], Vocabulary.of(engine.passages(), lexicon())
    for question in questions:
        query = Query(kind, question.text, page_size=min(len(ids), _DEEPEST))
        (results,) = answer(engine, [query], vocabulary).results
        found = tuple(ids[hit.object_id] for hit in results.hits)
        measures = measure(found, question.expected, is_partial=results.is_partial)
        given.append(Answer(question, found, measures))
    return given


def summary(given: Sequence[Answer]) -> tuple[dict[str, Measures], Measures]:
    """Return the means for each kind in order of appearance, and those over all answers."""
    kinds = defaultdict(list)
    for one in given:
        kinds[one.question.kind].append(one.measures)
    return {kind: means(each) for kind, each in kinds.items()}, means([one.measures for one in given])


def table(kinds: Mapping[str, Measures], everything: Measures) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| kind | queries | recall | recall@10 | precision | MRR | nDCG@10 | partial |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, of in [*kinds.items(), ("all queries", everything)]:
        numbers = (of.recall, of.recall_at_10, of.precision, of.mrr, of.ndcg_at_10, of.partial)
        lines.append(f"| {kind} | {of.number} | " + " | ".join(f"{number:.3f}" for number in numbers) + " |")
    return "\n".join(lines)
