"""Readers: paths → articles, one by one, and a problem for whatever could not be read.

One module per family of formats; each yields articles and problems from a byte stream as it
meets them. Here they are chosen by a file's ending, or where that says nothing by its first
bytes, and articles get ids that are distinct across everything that is read.

- `plain`: a text file is one article, called by the file's stem.
- `records`: JSON and JSON lines; `fields` says which field is what.
- `files`: what a path as given stands for.

Nothing is fetched, and no text is cleaned: `Article.text` is what the file says.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import BufferedReader, BytesIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers import plain, records
from dedup.readers.files import STDIN, Named, ending, find_files, shown, stem
from dedup.readers.problem import Problem
from dedup.readers.shelf import ROOM, Shelf

__all__ = ["ROOM", "Problem", "Reading", "Shelf", "read"]

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

ENDINGS = plain.ENDINGS | records.ENDINGS
HEAD = 1024  # bytes that tell JSON from text where a name does not


def read(paths: Paths, *, strict: bool = False, encoding: str = "utf-8") -> "Reading":
    """The articles in files, folders, glob patterns and standard input ("-"), as a stream.

    `encoding` is that of text files without a byte-order mark; JSON is always UTF-8. A file
    that is reached twice by one path is read once. What cannot be read is listed in the
    result's `problems` and the rest goes on; with `strict` the first problem raises
    `InputError`. So does an `encoding` that Python does not know.

    >>> reading = read("seeds/")
    >>> [article.id[:3] for article in reading], reading.problems
    (['000', '001', '002', '003', '004'], [])
    """
    try:
        "a".encode(encoding)
    except (LookupError, ValueError):
        raise InputError(
            f"{encoding!r} is no encoding that Python knows; try utf-8 or windows-1252"
        ) from None
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    return Reading([os.fsdecode(path) for path in given], strict=strict, encoding=encoding)


class Reading(Iterator[Article]):
    """The articles that `read` finds, each read when it is asked for.

    Files are listed at once. `problems` and `failed` grow while the articles are taken and are
    whole at the end. `failed` has the paths, as given, that no article came from; each has its
    problem.
    """

    def __init__(self, paths: Iterable[str], *, strict: bool, encoding: str) -> None:
        self.problems: list[Problem] = []
        self.failed: list[str] = []
        self._strict = strict
        self._encoding = encoding
        self._named = [find_files(path, ENDINGS) for path in paths]
        self._articles = self._read(self._named)

    def __next__(self) -> Article:
        return next(self._articles)

    @property
    def size(self) -> int:
        """Bytes in the files to be read, as far as it is known: standard input counts none."""
        files = {_absolute(file) for path in self._named for file in path.files}
        return sum(os.path.getsize(file) for file in files if os.path.isfile(file))

    def _read(self, named: Sequence[Named]) -> Iterator[Article]:
        names = _names(named)
        # A file of records has no article of its own name, unless it holds a single one.
        ids = _Ids(n for file, n in names.items() if ending(file) not in records.ENDINGS)
        gave: dict[str, bool] = {}  # by absolute path: whether an article came from the file
        for path in named:
            for problem in path.problems:
                self._report(problem)
            for file in path.files:
                if _absolute(file) in gave:
                    continue
                gave[_absolute(file)] = False
                for found in _read_file(file, names[file], self._encoding):
                    if isinstance(found, Problem):
                        self._report(found)
                        continue
                    gave[_absolute(file)] = True
                    yield self._distinct(found, names[file], ids)
            if not any(gave[_absolute(file)] for file in path.files):
                self.failed.append(shown(path.path))

    def _distinct(self, article: Article, name: str, ids: "_Ids") -> Article:
        """The article, called by another id if its own is taken."""
        claimed = ids.claim(article.id, name)
        if claimed == article.id:
            return article
        where = ":".join(
            str(article.extra[key]) for key in ("path", "line") if key in article.extra
        )
        what = f"the id {article.id!r} is taken by another article; this one is called {claimed!r}"
        self._report(Problem(where, what))
        return replace(article, id=claimed)

    def _report(self, problem: Problem) -> None:
        if self._strict:
            raise InputError(str(problem))
        self.problems.append(problem)


class _Ids:
    """The ids given out so far, and those kept for the text files that are still to come."""

    def __init__(self, kept: Iterable[str]) -> None:
        self._kept = set(kept)
        self._taken: set[str] = set()
        self._copies: Counter[str] = Counter()

    def claim(self, wanted: str, name: str) -> str:
        """`wanted` if it is free or is the name of the file that it comes from, else ``…#2``."""
        claimed = wanted
        while claimed in self._taken or (claimed in self._kept and claimed != name):
            self._copies[wanted] += 1
            claimed = f"{wanted}#{self._copies[wanted] + 1}"
        self._taken.add(claimed)
        return claimed


def _names(named: Iterable[Named]) -> dict[str, str]:
    """What each file's article is called: its stem, or its path where two files share a stem."""
    first: dict[str, str] = {}  # by absolute path: the file as it was first named
    files = [file for path in named for file in path.files]
    for file in files:
        first.setdefault(_absolute(file), file)
    stems = Counter(stem(file) for file in first.values())
    return {
        file: stem(file) if stems[stem(first[_absolute(file)])] == 1 else shown(file)
        for file in files
    }


def _absolute(file: str) -> str:
    return file if file == STDIN else os.path.abspath(file)


def _read_file(file: str, name: str, encoding: str) -> Iterator[Article | Problem]:
    path = shown(file)
    try:
        if file == STDIN:
            yield from _read_stream(_standard_input(), path, name, encoding)
        else:
            with open(file, "rb") as stream:
                yield from _read_stream(stream, path, name, encoding)
    except OSError as error:
        yield Problem(path, f"cannot be read: {error.strerror or error}")


def _read_stream(
    stream: BufferedReader, path: str, name: str, encoding: str
) -> Iterator[Article | Problem]:
    known = ending(path)
    as_records = known in records.ENDINGS
    if known not in ENDINGS:
        as_records = records.looks_like_records(stream.peek(HEAD))
    if as_records:
        return records.read_records(stream, path, name)
    return plain.read_plain(stream, path, name, encoding)


def _standard_input() -> BufferedReader:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    buffer = sys.stdin.buffer
    return buffer if isinstance(buffer, BufferedReader) else BufferedReader(BytesIO(buffer.read()))
