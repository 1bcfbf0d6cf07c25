"""Readers: paths → articles, one by one, and a problem for whatever could not be read.

One module per family of formats; each yields articles and problems from a byte stream as it
meets them, and `formats` chooses among them. Here articles get ids that are distinct across
everything that is read.

- `plain`: a text file is one article, called by the file's stem; `matter` reads what stands
  above Markdown.
- `pages`: HTML; `head` has what a page says of itself. `flow` makes running text of markup.
- `records`: JSON and JSON lines; `fields` says which field is what, `ninjs` knows IPTC's.
- `tables`, `columns`: CSV and TSV; Parquet and Arrow.
- `feeds`, `archives`: RSS and Atom; WARC and WET.
- `markup`: XML; `newsml` and `nitf` know IPTC's.
- `mail`, `documents`: .eml; .docx and .pdf.
- `later`: pages taken apart by several processes.
- `files`: what a path as given stands for. `packed`: gzip, zip and their like.

Nothing is fetched, executed or expanded. What a file says of the origin of its article is in
`Article.extra`, by the names in `provenance`. Libraries that a format needs are loaded when
it is met (`extras`).
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BufferedReader, BytesIO

from dedup.article import Article
from dedup.errors import InputError, MissingExtra
from dedup.readers.files import STDIN, Named, ending, find_files, shown, stem
from dedup.readers.formats import COLLECTIONS, ENDINGS, read_stream
from dedup.readers.ids import Ids
from dedup.readers.later import Deferred, resolve_in_order
from dedup.readers.options import FIELDS, Options
from dedup.readers.problem import Found, Note, Problem

__all__ = ["FIELDS", "Note", "Options", "Problem", "Reading", "read"]

MOST_PROBLEMS = 10_000  # that are listed: of a file of noise each line is one
Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def read(
    paths: Paths,
    *,
    strict: bool = False,
    encoding: str = "utf-8",
    fast_extract: bool = False,
    fields: Mapping[str, str] | None = None,
    processes: int = 1,
) -> "Reading":
    """The articles in files, folders, glob patterns and standard input ("-"), as a stream.

    A file's format is told by its content and its name: text, Markdown, HTML, JSON, CSV,
    Parquet, feeds, web archives, ninjs, NewsML-G2, NITF, mails, Word, PDF; packed or not. A
    file that is reached twice by one path is read once.

    `encoding` is that of text files and tables without a byte-order mark; JSON is always
    UTF-8. `fast_extract` takes the text of pages faster and less exactly. `fields` says which
    field of a record or column of a table is the text, id, title, url, publisher, date or
    language: ``{"text": "content.body"}``. `processes` take pages apart where there are many;
    a script that asks for more than one needs ``if __name__ == "__main__":``.

    What cannot be read is listed in the result's `problems` and the rest goes on; with
    `strict` the first problem raises `InputError`. So does an `encoding` that Python does not
    know.

    >>> reading = read("seeds/")
    >>> [article.id[:3] for article in reading], reading.problems
    (['000', '001', '002', '003', '004'], [])
    """
    options = Options(encoding, fast_extract, dict(fields or {}))
    given = [paths] if isinstance(paths, str | os.PathLike) else paths
    return Reading(
        [os.fsdecode(path) for path in given], options, strict=strict, processes=processes
    )


class Reading(Iterator[Article]):
    """The articles that `read` finds, each read when it is asked for.

    Files are listed at once. `problems`, `notes`, `failed` and `count`, the number of
    articles, grow while these are taken and are whole at the end. `notes` has what cost no
    article; `failed` the paths, as given, that no article came from; each has its problem.
    """

    def __init__(
        self, paths: Iterable[str], options: Options, *, strict: bool, processes: int = 1
    ) -> None:
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.failed: list[str] = []
        self.count = 0
        self._untold = 0
        self.options = options
        self._strict = strict
        # Fast extraction takes 1 ms a page; to hand a page to another process takes 2.
        self._processes = 1 if options.fast_extract else processes
        self._named = [find_files(path, ENDINGS) for path in paths]
        self._articles = self._read(self._named)

    def __next__(self) -> Article:
        article = next(self._articles)
        self.count += 1
        return article

    @property
    def files(self) -> set[str]:
        """The absolute paths of the files to be read, without standard input."""
        return {_absolute(file) for path in self._named for file in path.files} - {STDIN}

    @property
    def size(self) -> int:
        """Bytes in the files to be read, as far as it is known: standard input counts none."""
        return sum(os.path.getsize(file) for file in self.files if os.path.isfile(file))

    def _read(self, named: Sequence[Named]) -> Iterator[Article]:
        names = _names(named)
        # A file of records has no article of its own name, unless it holds a single one.
        ids = Ids(n for file, n in names.items() if ending(file) not in COLLECTIONS)
        gave: set[str] = set()  # absolute paths of files that an article came from
        for (path, file), found in resolve_in_order(
            _found(named, names, self.options), self._processes
        ):
            if isinstance(found, Problem):
                self._report(found)
            elif isinstance(found, Note):
                self.notes.append(found)
            elif found is not None:
                gave.add(_absolute(file))
                yield self._distinct(found, names[file], ids)
            elif not any(_absolute(one) in gave for one in path.files):
                self.failed.append(shown(path.path))
        if self._untold:
            what = f"{self._untold:,} more problems, which are not listed"
            self.problems.append(Problem("…", what))

    def _distinct(self, article: Article, name: str, ids: Ids) -> Article:
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
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        else:
            self._untold += 1


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


def _found(
    named: Iterable[Named], names: Mapping[str, str], options: Options
) -> Iterator[tuple[tuple[Named, str], Found | Deferred | None]]:
    """What is in the files, each with its path and file; None at the end of a path."""
    seen: set[str] = set()
    for path in named:
        yield from (((path, ""), problem) for problem in path.problems)
        for file in path.files:
            if _absolute(file) not in seen:
                seen.add(_absolute(file))
                yield from (((path, file), one) for one in _read_file(file, names[file], options))
        yield (path, ""), None


def _read_file(file: str, name: str, options: Options) -> Iterator[Found | Deferred]:
    path = shown(file)
    try:
        if file == STDIN:
            yield from read_stream(_standard_input(), path, name, options)
        else:
            with open(file, "rb") as stream:
                yield from read_stream(stream, path, name, options)
    except OSError as error:
        yield Problem(path, f"cannot be read: {error.strerror or error}")
    except MissingExtra as error:
        yield Problem(path, str(error))


def _standard_input() -> BufferedReader:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    buffer = sys.stdin.buffer
    return buffer if isinstance(buffer, BufferedReader) else BufferedReader(BytesIO(buffer.read()))
