"""Readers: paths → articles, one by one, and a problem for whatever could not be read.

`discover` lists the files that a path stands for, `detect` chooses the reader of each by its
format: `text`, `html`, `json_records` (with `ninjs`), `tables`, `columns`, `feeds`, `archives`,
`xml`, `mail` or `documents`. A reader yields articles and problems from a byte stream as it
meets them. What is not plain is read by a process of its own, pages by several (`isolation`). Here
articles get ids that are distinct across everything that is read.

Nothing is fetched, executed or expanded. Libraries that a format needs are loaded when it is
met (`dedup.extras`).
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from io import BufferedReader, BytesIO
from itertools import chain

from dedup.article import Article
from dedup.dates import Order
from dedup.errors import InputError
from dedup.phrasing import pluralize
from dedup.readers.columns import as_file
from dedup.readers.compression import compression_of
from dedup.readers.deferred import Unresolved
from dedup.readers.detect import BY_ENDING, ENDINGS, read_stream
from dedup.readers.discover import STDIN, Listing, ending, find_files, printable, stem, unreadable
from dedup.readers.frames import articles
from dedup.readers.ids import Ids
from dedup.readers.isolation import Isolation
from dedup.readers.options import FIELDS, Options
from dedup.readers.problem import Note, Problem

__all__ = ["FIELDS", "Note", "Options", "Problem", "Reading", "articles", "read"]

MAX_PROBLEMS = 10_000  # that are listed: in a file of noise each line is one


def read(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    strict: bool = False,
    encoding: str = "utf-8",
    fast_extract: bool = False,
    fields: Mapping[str, str] | None = None,
    date_order: Order | None = None,
    processes: int = 1,
    follow_links: bool = False,
    debug: bool = False,
) -> "Reading":
    """Read articles from files, folders, glob patterns and standard input ("-"), as a stream.

    A file's format is recognised by its content and its name: text, Markdown, HTML, JSON, CSV,
    Parquet, feeds, web archives, ninjs, NewsML-G2, NITF, mails, Word, PDF; compressed or not.
    A file that two paths lead to is read once.

    `encoding` is that of text files and tables without a byte-order mark; JSON is always
    UTF-8. `fast_extract` takes the text of pages faster and less exactly. `fields` says which
    field of a record or column of a table is the text, id, title, url, publisher, date or
    language: ``{"text": "content.body"}``. `date_order` says whether the day or the month comes
    first in 3/4/2018, where the other dates of a file do not show it. `processes` parse pages
    where there are many; a script that asks for more than one needs ``if __name__ == "__main__":``.

    Links in a folder that lead out of it are followed with `follow_links` only: a folder from
    somebody else could point anywhere. A link that is named itself is read. With `debug` a problem
    that is a fault of a reader has the traceback (`trace`).

    What cannot be read is listed in the result's `problems` and the rest goes on; with
    `strict` the first problem raises `InputError`. So does an `encoding` that Python does not
    know.

    >>> reading = read("seeds/")
    >>> [article.id[:3] for article in reading], reading.problems
    (['000', '001', '002', '003', '004'], [])
    """
    if not isinstance(fields, Mapping | None):
        raise InputError(f"fields is {fields!r:.80}; give the names by field: {{'text': 'body'}}")
    options = Options(
        encoding, fast_extract, dict(fields or {}), date_order, strict, follow_links, debug
    )
    given = [paths] if isinstance(paths, str | bytes | os.PathLike) else paths
    try:
        names = [os.fsdecode(path) for path in given]
    except TypeError:
        raise InputError(f"{paths!r:.80} is no path; dedup.articles reads records") from None
    return Reading(names, options, strict, processes)


class Reading(Iterator[Article]):
    """The articles that `read` finds, each read when it is asked for.

    Files are listed at once. `problems`, `notes`, `failed` and `count`, the number of
    articles, grow meanwhile and are complete at the end. `notes` has what cost no article;
    `failed` the paths, as given, that no article came from; each has its problem.
    """

    def __init__(
        self, paths: Iterable[str], options: Options, strict: bool, processes: int
    ) -> None:
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.failed: list[str] = []
        self.count = 0
        self._unlisted = 0
        self._noted: dict[str, tuple[int, str, int]] = {}  # place, first path, number of files
        self._options = options
        self._strict = strict
        # Fast extraction takes 1 ms a page, no less than to hand a page to another process.
        self._isolation = Isolation(1 if options.fast_extract else processes)
        self._listings = [find_files(path, ENDINGS, options.follow_links) for path in paths]
        self._articles = self._read()

    def __next__(self) -> Article:
        article = next(self._articles)
        self.count += 1
        return article

    @property
    def files(self) -> set[str]:
        """The absolute paths of the files to be read, without standard input."""
        return set(name_files(self._listings)) - {STDIN}

    @property
    def size(self) -> int:
        """Bytes in the files to be read, as far as it is known: standard input counts none."""
        return sum(os.path.getsize(file) for file in self.files if os.path.isfile(file))

    def _read(self) -> Iterator[Article]:
        names = name_files(self._listings)
        # A file of records has no article of its own name, unless it holds a single one.
        collections = {ending for ending, format in BY_ENDING.items() if format.many}
        ids = Ids(name for file, name in names.items() if ending(file) not in collections)
        productive: set[str] = set()  # absolute paths of files that an article came from
        outcomes = read_listings(self._listings, names, self._options, self._isolation)
        for (listing, file), outcome in self._isolation.resolve_in_order(outcomes):
            if isinstance(outcome, Problem):
                self._report(outcome)
            elif isinstance(outcome, Note):
                self._note(outcome)
            elif outcome is not None:
                productive.add(file)
                id = ids.claim(outcome.id, names[file])
                if id != outcome.id:
                    places = (outcome.extra.get(key) for key in ("path", "line"))
                    where = ":".join(str(place) for place in places if place is not None)
                    what = (
                        f"another article has the id {outcome.id!r}; this one is now called {id!r}"
                    )
                    self._report(Problem(where, what))
                    outcome = replace(outcome, id=id)
                yield outcome
            elif productive.isdisjoint(map(absolute, listing.files)):
                self.failed.append(printable(listing.path))
        if self._unlisted:
            what = f"{self._unlisted:,} more problems, which are not listed"
            self.problems.append(Problem("…", what))

    def _note(self, note: Note) -> None:
        """List a note once for all the files that it is about, under the first of them."""
        place, first, files = self._noted.get(note.what, (len(self.notes), note.path, 0))
        self._noted[note.what] = place, first, files + 1
        more = f"{first} and {pluralize(files, 'more file')}" if files else first
        self.notes[place : place + 1] = [Note(more, note.what)]

    def _report(self, problem: Problem) -> None:
        if problem.trace and not self._options.debug:
            problem = replace(problem, trace="")
        if self._strict:
            raise InputError(str(problem))
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
        else:
            self._unlisted += 1


def absolute(file: str) -> str:
    """The absolute path of a file; standard input stays what it is."""
    return file if file == STDIN else os.path.abspath(file)


def name_files(listings: Iterable[Listing]) -> dict[str, str]:
    """What the article of each file is called, by absolute path in the order of reading.

    That is its stem, or where two files have the same, its path as it was first given.
    """
    first: dict[str, str] = {}
    for file in chain.from_iterable(listing.files for listing in listings):
        first.setdefault(absolute(file), file)
    stems = Counter(map(stem, first.values()))
    return {
        path: stem(file) if stems[stem(file)] == 1 else printable(file)
        for path, file in first.items()
    }


def read_listings(
    listings: Sequence[Listing],
    names: Mapping[str, str],
    options: Options,
    isolation: Isolation,
) -> Iterator[tuple[tuple[Listing, str], Unresolved | None]]:
    """What is in the files, each with its listing and absolute path; None ends a listing."""
    unread = dict(names)
    for listing in listings:
        yield from (((listing, ""), problem) for problem in listing.problems)
        for file in listing.files:
            path = absolute(file)
            if path in unread:
                is_silent = True
                for outcome in read_file(file, unread.pop(path), options, isolation):
                    is_silent = is_silent and isinstance(outcome, Note)
                    yield (listing, path), outcome
                if is_silent:
                    yield (listing, path), Problem(printable(file), "no article in it")
        yield (listing, ""), None


def read_file(file: str, name: str, options: Options, isolation: Isolation) -> Iterator[Unresolved]:
    """What is in one file, or why it cannot be opened."""
    path = printable(file)

    def isolate() -> Iterator[Unresolved]:
        with as_file(stream) as whole:
            yield from isolation.read(whole, path, name, options)

    try:
        opened = stream = standard_input() if file == STDIN else open(file, "rb")  # noqa: SIM115
        if not stream.seekable() and compression_of(stream.peek()):
            # What is packed is read twice: to see what is in it, and by the process that reads it.
            with as_file(stream) as copy:
                stream = os.fdopen(os.dup(copy.fileno()), "rb")
    except OSError as error:
        yield unreadable(file, error)
        return
    with nullcontext() if file == STDIN and stream is opened else stream:
        yield from read_stream(
            stream, path, name, options, isolate=isolate if isolation.is_possible else None
        )


def standard_input() -> BufferedReader:
    """The bytes piped in. Raises `OSError` where there are none."""
    if sys.stdin is None:
        raise OSError("standard input is closed")
    buffer = sys.stdin.buffer
    return buffer if isinstance(buffer, BufferedReader) else BufferedReader(BytesIO(buffer.read()))
