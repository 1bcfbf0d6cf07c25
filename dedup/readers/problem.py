"""What a reader reports besides articles: problems and notes, each with the place it is about.

Readers yield them in the order of the file, so that nothing is lost in silence and one bad
record does not stop the rest.
"""

from dataclasses import dataclass

from dedup.article import Article
from dedup.errors import DedupError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, why, and what to do about it.

    `path` is the path as given, for a record with its line: ``dump.jsonl:17``.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that costs no article: which column was used as the text."""

    path: str
    what: str


Outcome = Article | Problem | Note


def problem_from(error: Exception, path: str, reader: str, place: str = "") -> Problem:
    """The problem that an exception in the reader of that name stands for.

    Errors of this package and of the system say what is wrong. Any other is a fault of the
    reader or of a library under it. A `MemoryError` is raised again: the next file would fail too.
    """
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, DedupError):
        what = str(error)
    elif isinstance(error, OSError):
        what = f"cannot be read: {error.strerror or error}"
    elif isinstance(error, RecursionError):
        what = f"nested too deeply for the {reader} reader"
    else:
        what = (
            f"the {reader} reader failed here ({type(error).__name__}: {error!s:.200}); "
            "is the file damaged? If it opens elsewhere, please report it"
        )
    return Problem(path, what + place)
