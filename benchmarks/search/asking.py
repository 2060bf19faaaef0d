"""The processes that hold the engines, and what they are asked."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.search.listings import SEED, everyday_words, listed_queries
from search.lexicon import lexicon
from search.text import query_words

Question = tuple[str, dict[str, list[str]]]
_NUMBER = 25
_CODE = "import django; django.setup(); from benchmarks.search.worker import main; main()"
FILTERS = {"system": ["system-0", "system-1"], "payback": ["payback-0"], "industry": ["A01", "A"]}


class Process:
    """A process with one database of its own and the engine over it."""

    def __init__(self, engine: str, folder: Path, settings: Mapping[str, str]):
        folder.mkdir(parents=True, exist_ok=True)
        names = ("DATABASE_URL", "ELASTICSEARCH_URL")
        environment = {name: value for name, value in os.environ.items() if name not in names}
        environment |= {"DJANGO_SETTINGS_MODULE": "marketplace.settings", "DATA_DIR": str(folder), **settings}
        self.running = subprocess.Popen(
            [sys.executable, "-c", _CODE, engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, what: str, **details) -> dict:
        """Return the answer to one request."""
        self.running.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self.running.stdin.flush()
        line = self.running.stdout.readline()
        if not line:
            raise RuntimeError(f"the process ended while it was asked to {what}")
        return json.loads(line)

    def end(self) -> None:
        """Let the process end."""
        self.running.stdin.close()
        self.running.wait()


def questions(sqlite: Process, size: int, least: int) -> dict[str, list[Question]]:
    """Return by group what is asked; words are chosen by how many listings they find."""
    shuffled = random.Random(SEED)
    terms = sorted(term for term in lexicon().terms() if not term.isascii())
    shuffled.shuffle(terms)
    others = [word for word in everyday_words() if is_one_word(word)]
    return {
        "no text": [("", {})],
        "no text, three filters": [("", FILTERS)],
        "queries of the quality table": [(text, {}) for text in listed_queries()],
        "the same, three filters": [(text, FILTERS) for text in listed_queries()[::4]],
        "terms of the lexicon in 5 %": _in_share(sqlite, size, terms, 0.04, 0.06, least),
        "other words in 5 %": _in_share(sqlite, size, others, 0.04, 0.06, least),
        "words in 20 % and more": _in_share(sqlite, size, others + terms, 0.2, 1.0, least),
        "one character": [(letter, {}) for letter in "热泵电水气"],
    }


def is_one_word(text: str) -> bool:
    """Tell whether a query is one word that stands for nothing else."""
    words = query_words(text)
    return len(words) == 1 and words[0].text == text and len(words[0].alternatives) == 1


def _in_share(
    sqlite: Process, size: int, words: list[str], low: float, high: float, least: int
) -> list[Question]:
    found = []
    for word in words[:600]:
        if low <= sqlite.ask("ask", text=word, filters={})["total"] / size <= high:
            found.append((word, {}))
        if len(found) == max(_NUMBER, least):
            break
    return found
