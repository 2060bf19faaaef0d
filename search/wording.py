"""What a page says of the words that were searched: how they were read, what else may be meant, what was left out."""

from collections.abc import Callable
from dataclasses import dataclass

from search.answering import Answer


@dataclass(frozen=True, slots=True)
class WordLink:
    """A text to search for, and the address that does."""

    text: str
    url: str


class Wording:
    """What a page says of the words that were searched; `url_of` gives the address of a text, perhaps taken literally."""

    def __init__(self, answer: Answer, text: str, url_of: Callable[..., str]):
        self.text = text
        self.reading = answer.reading
        self.literal_url = url_of(text=text, is_literal=True)
        self.offers = [WordLink(offer, url_of(text=offer)) for offer in answer.offers]
        partial = [result for result in answer.results if result.is_partial and result.hits]
        # Each kind of listing has its own best hit: what none of them has was left out.
        missing = [result.hits[0].missing for result in partial]
        self.missing = [
            WordLink(word, url_of(text=word))
            for word in (missing[0] if missing else ())
            if all(word in words for words in missing)
        ]
