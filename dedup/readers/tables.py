"""CSV and TSV → articles: one row, one article.

Comes in: a table with a row of names. Goes out: its articles, row by row, as a stream; fields
are found as in JSON (`fields`), and where no name says which column is the text, it is the
column with the longest values in the first rows; a note tells what was taken. The delimiter is
found in the first line, and whether values are quoted in the first few. A row that is broken
is a problem of its own; one whose quotation mark never closes ends at `MAX_BYTES`. Every
article has the byte at which its row begins, so that it can be read again.
"""

import csv
from codecs import BOM_UTF8 as MARK
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from itertools import chain, islice
from typing import Any, NamedTuple

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.encoding import mark_of
from dedup.readers.fields import NAMES, TEXT, article_of, guessed
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Note, Problem

ENDINGS = frozenset({".csv", ".tsv", ".tab"})

MAX_BYTES = 10_000_000  # of one row, and so of one article
DELIMITERS = ",;\t|"
SAMPLED = 100  # rows in which the text is looked for
LEAST = 200  # characters that the values of a column of texts have, on average

csv.field_size_limit(MAX_BYTES)  # for the whole process: csv has no other way


class _Lines(Iterator[str]):
    """The lines of a table, decoded, as csv takes them, with the place of the next."""

    def __init__(self, stream: BufferedReader, options: Options) -> None:
        self._first = stream.readline(MAX_BYTES + 1)
        self._stream = stream
        marked = mark_of(self._first)
        if marked and marked != "utf-8-sig":
            raise InputError(f"a table in {marked.upper()}; save it as UTF-8")
        self.encoding = "utf-8" if marked else options.encoding
        self.offset = len(MARK) if marked else 0  # of the next line
        self.line = 1  # its number
        self.size = 0  # bytes of the row so far
        self.fault = ""
        self._first = self._first[self.offset :]
        self.delimiter = max(DELIMITERS, key=self._first.decode("latin-1").count)
        self.quoted = self.delimiter != "\t" or _has_quotation(self._first + stream.peek())

    def seek(self, offset: int) -> None:
        """Go on at byte `offset`."""
        self._stream.seek(offset)
        self._first, self.offset = b"", offset

    def __next__(self) -> str:
        data = self._first or self._stream.readline(MAX_BYTES + 1)
        self._first = b""
        if not data:
            raise StopIteration
        self.offset += len(data)
        self.size += len(data)
        self.line += data.endswith(b"\n")
        if self.size > MAX_BYTES:
            raise csv.Error(f"a row of more than {MAX_BYTES / 1e6:,.0f} MB")
        try:
            return data.decode(self.encoding)
        except UnicodeDecodeError as error:
            self.fault = f"not valid {self.encoding.upper()}: {data[error.start]:#04x} is in it"
            return data.decode(self.encoding, "replace")


class _Row(NamedTuple):
    """A row, or the fault in it; `line` and `offset` are those of its begin."""

    line: int
    offset: int
    record: dict[str, str]
    fault: str = ""


def read_table(
    stream: BufferedReader, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The articles in a table and its problems. A row without an id is called ``name:line``."""
    try:
        lines = _Lines(stream, options)
        header = _header(lines)
        rows = _rows(lines, header)
        sample = list(islice(rows, SAMPLED))
        chosen, note = choose(header, [row.record for row in sample], options)
    except InputError as error:
        yield Problem(path, str(error))
        return
    yield Note(path, note)
    empty = True
    for row in chain(sample, rows):
        empty = False
        yield from _article(row, path, f"{name}:{row.line}", chosen)
    if empty:
        yield Problem(path, "empty: there is no row below its names")


def row_at(stream: BufferedReader, path: str, offset: int, options: Options) -> Article | None:
    """The article in the row that begins at byte `offset`; None if there is none.

    The stream stands at its begin.
    """
    lines = _Lines(stream, options)
    header = _header(lines)
    sample = [row.record for row in islice(_rows(lines, header), SAMPLED)]
    chosen, _ = choose(header, sample, options)
    lines.seek(offset)
    row = next(_rows(lines, header), None)
    found = list(_article(row, path, "", chosen)) if row else []
    return next((one for one in found if isinstance(one, Article)), None)


def choose(
    names: Sequence[str], sample: Sequence[Mapping[str, Any]], options: Options
) -> tuple[Mapping[str, str], str]:
    """Which columns are what: as the options say, by their names, or for the text by the
    length of its values in the sample; and a note of that. Raises `InputError` if no column
    is a text."""
    chosen, keys = dict(options.fields), tuple(names)
    roots = {column: column.partition(".")[0].partition("[")[0] for column in chosen.values()}
    missing = [c for c, root in roots.items() if c not in keys and root not in keys]
    if missing:
        raise InputError(f"no column {missing[0]!r}; there are {', '.join(map(repr, keys)):.300}")
    told = {kind: chosen.get(kind) or guessed(keys, kind) for kind in NAMES}
    if told["text"] is None:
        told["text"] = _longest(keys, sample)
        if told["text"] is None:
            raise InputError(
                f"no text: none of its columns is called {', '.join(TEXT[:4])} or has long "
                f"values; there are {', '.join(map(repr, keys)):.300}; name it: --text-field"
            )
        chosen["text"] = told["text"]
    taken = ", ".join(f"{kind} = {column}" for kind, column in told.items() if column)
    return chosen, f"columns taken: {taken}"


def _longest(keys: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> str | None:
    """The column whose values are the longest, if they are as long as texts."""
    if not sample:
        return None
    sizes = {k: sum(len(r[k]) for r in sample if isinstance(r.get(k), str)) for k in keys}
    best = max(keys, key=lambda key: sizes[key])
    return best if sizes[best] >= LEAST * len(sample) else None


def _header(lines: _Lines) -> list[str]:
    row = next(_rows(lines, []), None)
    if row is None or row.fault:
        fault = f"its row of names is {row.fault}" if row else "empty: it has no row of names"
        raise InputError(fault)
    return [name.strip() or f"column {n}" for n, name in enumerate(row.record.values(), 1)]


def _has_quotation(sample: bytes) -> bool:
    """Whether a table with tabs quotes its values. Databases write it without, and then a text
    that begins with a quotation mark is no value in quotation marks."""
    rows = [line.split(b"\t") for line in sample.splitlines()[:-1]]
    values = [value for row in rows for value in row if len(value) > 1]
    closed = any(value.startswith(b'"') and value.endswith(b'"') for value in values)
    return closed or len({len(row) for row in rows}) != 1


def _rows(lines: _Lines, header: Sequence[str]) -> Iterator[_Row]:
    """The rows that follow; without names their values are numbered."""
    rows = csv.reader(
        lines,
        delimiter=lines.delimiter,
        quoting=csv.QUOTE_MINIMAL if lines.quoted else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        line, offset, lines.size, lines.fault = lines.line, lines.offset, 0, ""
        try:
            values = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            lost = f" (lines {line:,} to {lines.line - 1:,})" if lines.line > line + 1 else ""
            yield _Row(line, offset, {}, f"a row that is no CSV: {error}{lost}")
            continue
        if not any(values):
            continue
        names = header or [str(n) for n in range(len(values))]
        fault = lines.fault
        if len(values) > len(names) and any(values[len(names) :]):
            fault = fault or f"a row of {len(values)} values, and there are {len(names)} names"
        yield _Row(line, offset, dict(zip(names, values, strict=False)), fault)


def _article(row: _Row, path: str, name: str, chosen: Mapping[str, str]) -> Iterator[Found]:
    place = f"{path}:{row.line}"
    at = f"(row at byte {row.offset:,})"
    if row.fault:
        yield Problem(place, f"{row.fault} {at}")
        return
    where = {"path": path, "line": row.line, "offset": row.offset}
    try:
        article, note = article_of(row.record, name, where, chosen)
    except InputError as error:
        yield Problem(place, f"{error} {at}")
        return
    if note:
        yield Problem(place, f"{note} {at}")
    yield article
