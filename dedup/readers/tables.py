"""CSV and TSV → articles: one row, one article.

The first row has the names of the columns, if it looks like it (`headers`). Fields are recognised
as in JSON (`fields`); where no name says which column is the text, it is the one with the longest
values in the first rows, and a note says what was used. A broken row is a problem of its own; one
whose quotation mark never closes ends at `MAX_BYTES`.
"""

import csv
from codecs import BOM_UTF8 as MARK
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from io import BufferedReader
from itertools import chain, islice
from typing import Any

from dedup.errors import InputError
from dedup.readers.decode import marked_encoding
from dedup.readers.fields import (
    TEXT_NAMES,
    Record,
    make_article,
    order_dates,
    plan_fields,
    read_record,
)
from dedup.readers.headers import guess_columns, name_columns
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem, group_problems

MAX_BYTES = 10_000_000  # of one row, and so of one article
DELIMITERS = ",;\t|"
SAMPLE = 100  # rows in which the text is looked for
MIN_TEXT = 200  # characters that the values of a column of texts have, on average

csv.field_size_limit(MAX_BYTES)  # for the whole process: csv has no other way


class Lines(Iterator[str]):
    """The lines of a table, decoded, as csv takes them, with the place of the next."""

    def __init__(self, stream: BufferedReader, options: Options) -> None:
        self._first = stream.readline(MAX_BYTES + 1)
        self._stream = stream
        marked = marked_encoding(self._first)
        if marked and marked != "utf-8-sig":
            raise InputError(f"encoded in {marked.upper()}; save it as UTF-8")
        self.encoding = "utf-8" if marked else options.encoding
        self.offset = len(MARK) if marked else 0  # of the next line
        self.line = 1  # its number
        self.size = 0  # bytes of the row so far
        self.fault = ""
        self._first = self._first[self.offset :]
        self.delimiter = max(DELIMITERS, key=self._first.decode("latin-1").count)
        self.quoted = self.delimiter != "\t" or has_quotation(self._first + stream.peek())

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
            byte = f"{data[error.start]:#04x}"
            other = "windows-1252" if self.encoding.startswith("utf") else "utf-8"
            self.fault = (
                f"not valid {self.encoding.upper()}: it has the byte {byte}; "
                f"if it is in another encoding, name it: --encoding {other}"
            )
            return data.decode(self.encoding, "replace")


def read_table(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in a table and its problems. A row without an id is called ``name:line``.

    Raises `InputError` if it has no rows or no column of texts.
    """
    return group_problems(read_rows(stream, path, name, options), path, options.strict)


def read_rows(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """What `read_table` gives, with each problem by itself."""
    lines = Lines(stream, options)
    first = next(split_rows(lines, []), None)
    if first is None:
        raise InputError("empty: it has no row of column names")
    if first.fault:
        raise InputError(f"its first row cannot be read: {first.fault}")
    values = list(first.value.values())
    named, header = name_columns(values)
    rows = split_rows(lines, header)
    if not named:
        own = first._replace(value=dict(zip(header, values, strict=True)))
        rows = chain([own], rows)
    sample = list(islice(rows, SAMPLE))
    chosen, note = choose_columns(header, [row.value for row in sample], options, named)
    yield Note(path, note)
    for row, order, note in order_dates(chain(sample, rows), options.date_order, chosen):
        if note:
            yield Note(path, note)
        place, at = f"{path}:{row.line}", f" (row at byte {row.offset:,})"
        if row.fault:
            yield Problem(place, row.fault + at)
            continue
        where = {"path": path, "line": row.line, "offset": row.offset}
        make = partial(make_article, row.value, f"{name}:{row.line}", where, chosen, order)
        yield from read_record(make, place, at)
    if not sample:
        yield Problem(path, "empty: there is no row below the column names")


def choose_columns(
    names: Sequence[str],
    sample: Sequence[Mapping[str, Any]],
    options: Options,
    named: bool = True,
) -> tuple[Mapping[str, str], str]:
    """The columns that the options choose, with that of the text, and a note of all in use.

    Columns without names are recognised by what is in them. Raises `InputError` if none is a text.
    """
    chosen, keys = dict(options.fields), tuple(names)
    columns = f"{', '.join(map(repr, keys)):.300}"
    roots = {column: column.partition(".")[0].partition("[")[0] for column in chosen.values()}
    missing = [c for c, root in roots.items() if c not in keys and root not in keys]
    if missing:
        raise InputError(f"no column {missing[0]!r}; the columns are {columns}")
    if not named:
        chosen = guess_columns(keys, sample) | chosen
    plan = plan_fields(keys)
    used = {kind: chosen.get(kind) or next(iter(plan[kind]), None) for kind in plan}
    if used["text"] is None:
        used["text"] = longest_column(keys, sample) if named else None
        if used["text"] is None:
            called = f"is called {TEXT_NAMES} or " if named else ""
            raise InputError(
                f"no text: no column {called}has long values; "
                f"the columns are {columns}; name one of them with --text-field"
            )
        chosen["text"] = used["text"]
    listed = ", ".join(f"{kind} = {column}" for kind, column in used.items() if column)
    said = "" if named else "it has no row of names, so columns are recognised by what is in them; "
    return chosen, f"{said}columns used: {listed}"


def longest_column(keys: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> str | None:
    """The column whose values are the longest, if they are as long as texts."""
    if not sample:
        return None
    sizes = {k: sum(len(r[k]) for r in sample if isinstance(r.get(k), str)) for k in keys}
    best = max(keys, key=lambda key: sizes[key])
    return best if sizes[best] >= MIN_TEXT * len(sample) else None


def has_quotation(sample: bytes) -> bool:
    """Whether a table with tabs quotes its values. Databases write it without, and then a text
    that begins with a quotation mark is no value in quotation marks."""
    rows = [line.split(b"\t") for line in sample.splitlines()[:-1]]
    values = [value for row in rows for value in row if len(value) > 1]
    closed = any(value.startswith(b'"') and value.endswith(b'"') for value in values)
    return closed or len({len(row) for row in rows}) != 1


def split_rows(lines: Lines, header: Sequence[str]) -> Iterator[Record]:
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
            yield Record(line, offset, line, {}, f"not valid CSV: {error}{lost}")
            continue
        if not any(values):
            continue
        names = header or [str(n) for n in range(len(values))]
        fault = lines.fault
        if len(values) > len(names) and any(values[len(names) :]):
            fault = fault or f"{len(values)} values in this row, but only {len(names)} column names"
        yield Record(line, offset, line, dict(zip(names, values, strict=False)), fault)
