"""What a reader says besides articles: problems and notes, each with its place.

Every reader yields articles, problems and notes in the order in which it meets them, so that
nothing is lost in silence and one bad record does not stop the rest.
"""

from dataclasses import dataclass

from dedup.article import Article


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, and what to do about it.

    `path` is the path as given, for a record with its line: ``dump.jsonl:17``.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that costs no article: which column was taken for the text, how many
    pictures a crawl has besides its pages."""

    path: str
    what: str


Found = Article | Problem | Note
