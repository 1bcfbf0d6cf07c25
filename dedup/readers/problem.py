"""What a reader reports besides articles: problems and notes, each with the place it is about.

Readers yield them in the order of the file, so that nothing is lost in silence and one bad
record does not stop the rest.
"""

import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from dedup.article import Article
from dedup.errors import DedupError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, why, and what to do about it.

    `path` is the path as given, for a record with its line: ``dump.jsonl:17``. `trace` is where in
    a reader an exception came from that it does not know; kept with `--debug`.
    """

    path: str
    what: str
    trace: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that costs no article: which column was used as the text."""

    path: str
    what: str


Outcome = Article | Problem | Note

MAX_ALIKE = 10  # problems of one kind in a file that are listed one by one
VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d,.]*|\(record at .*|\(row at .*")

T = TypeVar("T")


def group_problems(outcomes: Iterable[T], path: str, strict: bool = False) -> Iterator[T | Problem]:
    """The outcomes of the file at `path`, its problems last.

    Where more than `MAX_ALIKE` are of one kind (they differ in numbers and in what they quote),
    they are one.
    """
    kinds: dict[str, list[Problem]] = {}
    counts: Counter[str] = Counter()
    if strict:  # the first one ends the reading, where it stands
        yield from outcomes
        return
    failure: Exception | None = None
    try:
        for outcome in outcomes:
            if not isinstance(outcome, Problem):
                yield outcome
                continue
            kind = VARYING.sub("", outcome.what)
            counts[kind] += 1
            if counts[kind] <= MAX_ALIKE:
                kinds.setdefault(kind, []).append(outcome)
    except Exception as error:  # after which what was wrong before it still counts
        failure = error
    for kind, alike in kinds.items():
        more = counts[kind] - 1
        if more < MAX_ALIKE:
            yield from alike
        else:
            first = alike[0]
            yield Problem(path, f"{first.what}, in {first.path} and {more:,} more places")
    if failure is not None:
        raise failure


def problem_from(error: Exception, path: str, reader: str, place: str = "") -> Problem:
    """The problem that an exception in the reader of that name stands for.

    Errors of this package and of the system say what is wrong. Any other is a fault of the
    reader or of a library under it. A `MemoryError` is raised again: the next file would fail too.
    """
    if isinstance(error, MemoryError):
        raise error
    trace = ""
    if isinstance(error, DedupError):
        what = str(error)
    elif isinstance(error, OSError):
        what = f"cannot be read: {error.strerror or error}"
    elif isinstance(error, RecursionError):
        what = f"nested too deeply for the {reader} reader"
    else:
        trace = "".join(traceback.format_exception(error))
        what = (
            f"the {reader} reader failed here ({type(error).__name__}: {error!s:.200}); "
            "is the file damaged? If it opens elsewhere, please report it"
        )
    return Problem(path, what + place, trace)
