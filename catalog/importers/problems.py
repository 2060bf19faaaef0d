"""What can be wrong with a file or with one cell, said so that an official can put it right."""

from __future__ import annotations

from dataclasses import asdict, dataclass


class FileProblem(Exception):
    """The whole file cannot be used; the message is a complete Chinese sentence that names the cure."""


@dataclass
class ValueProblem(Exception):
    """One cell cannot be used: what is wrong, which form is expected, and an example of it."""

    message: str
    expected: str = ""
    example: str = ""

    def __str__(self) -> str:
        return str(self.message)

    def as_json(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}
