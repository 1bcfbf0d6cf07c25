"""A problem: what could not be read, where it is, and what to do about it.

Every reader yields articles and problems in the order in which it meets them, so that
nothing is lost in silence and one bad record does not stop the rest.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, and what to do about it.

    `path` is the path as given, for a record with its line: ``dump.jsonl:17``.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"
