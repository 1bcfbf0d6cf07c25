"""Records from Python → articles: dicts, and the tables of pandas, polars, Arrow and Hugging Face.

Fields are recognised as in files (`fields`, `tables.choose_columns`), with the same notes and
problems. None of those packages is imported here: an object that is a table brings its own.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain, islice
from typing import Any

from dedup.article import Article
from dedup.dates import Order
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.column_rows import values_of
from dedup.readers.fields import (
    Record,
    has_text,
    make_article,
    order_dates,
    read_record,
)
from dedup.readers.ids import Ids
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem, group_problems
from dedup.readers.tables import SAMPLE, choose_columns

RECORDS = "records"  # what problems and notes are about


def articles(
    records: Any,
    *,
    fields: Mapping[str, str] | None = None,
    date_order: Order | None = None,
    strict: bool = False,
) -> "Articles":
    """Make articles of records: dicts, or the rows of a table of pandas, polars or Arrow, or of a
    Hugging Face data set.

    Which field is the text, the id, the title, the date is recognised by its name, or said with
    `fields` as in `read`. An id may be a number; a record without one is called by its place.
    The result is an iterator; its `problems` list what could not be taken, its `notes` what was
    guessed, complete at the end. With `strict` the first problem raises `InputError`, as does
    what holds no records.

    >>> wire = {"nr": 7, "headline": "Guns", "body": "Guns have been sent.", "date": "28 Mar 2025"}
    >>> next(articles([wire], fields={"id": "nr"})).published
    datetime.date(2025, 3, 28)
    """
    return Articles(
        records, Options(fields=dict(fields or {}), date_order=date_order, strict=strict), strict
    )


class Articles(Iterator[Article]):
    """The articles that records hold, each made when it is asked for."""

    def __init__(self, records: Any, options: Options, strict: bool) -> None:
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self._strict = strict
        self._outcomes = group_problems(
            read_rows(rows_of(records), options), RECORDS, options.strict
        )
        self._ids = Ids(())

    def __next__(self) -> Article:
        for outcome in self._outcomes:
            if isinstance(outcome, Note):
                self.notes.append(outcome)
            elif isinstance(outcome, Problem):
                self._report(outcome)
            else:
                id = self._ids.claim(outcome.id, "")
                if id == outcome.id:
                    return outcome
                what = f"another article has the id {outcome.id!r}; this one is now called {id!r}"
                self._report(Problem(f"{RECORDS}:{outcome.extra.get('row')}", what))
                return replace(outcome, id=id)
        raise StopIteration

    def _report(self, problem: Problem) -> None:
        if self._strict:
            raise InputError(str(problem))
        self.problems.append(problem)


def read_rows(rows: Iterator[Any], options: Options) -> Iterator[Outcome]:
    """What is in records, each with its place among them."""
    records = (Record(n, n, n, plain(row)) for n, row in enumerate(rows))
    sample = list(islice(records, SAMPLE))
    maps = [record.value for record in sample if isinstance(record.value, Mapping)]
    chosen: Mapping[str, str] = options.fields
    names = list(dict.fromkeys(name for record in maps for name in record))
    if maps and (chosen or not any(map(has_text, maps))):
        paths = {kind: path for kind, path in chosen.items() if path not in names}
        chosen, note = choose_columns([*names, *paths.values()], maps, options)
        yield Note(RECORDS, note)
    for record, order, note in order_dates(chain(sample, records), options.date_order, chosen):
        place = f"{RECORDS}:{record.number}"
        if isinstance(record.value, Article):
            yield record.value
            continue
        if not isinstance(record.value, Mapping):
            kind = type(record.value).__name__
            yield Problem(place, f"no record but {kind}: give dicts, or a table with names")
            continue
        if note:
            yield Note(RECORDS, note)
        where = {"row": record.number}
        make = partial(make_article, record.value, str(record.number), where, chosen, order)
        yield from read_record(make, place)


def rows_of(records: Any) -> Iterator[Any]:
    """The records of whatever holds them; `InputError` says what to give instead."""
    package = type(records).__module__.partition(".")[0]
    if isinstance(records, str | bytes | os.PathLike):
        raise InputError(f"{records!r:.80} holds no records; dedup.read reads files")
    if package in ("pandas", "polars") and type(records).__name__ == "Series":
        raise InputError("a Series is one column; give the data frame, or one record for each text")
    if package == "pandas" and hasattr(records, "itertuples"):
        names = [str(name) for name in records.columns]
        rows = records.itertuples(index=False, name=None)
        return (dict(zip(names, row, strict=True)) for row in rows)
    if package == "polars" and hasattr(records, "collect"):
        records = records.collect()
    if package == "polars" and hasattr(records, "iter_rows"):
        return iter(records.iter_rows(named=True))
    if package == "datasets" and isinstance(records, Mapping):
        raise InputError(f"a data set of several splits ({', '.join(records)}); give one of them")
    if package == "datasets":
        return iter(records)
    if hasattr(records, "__arrow_c_stream__") or package == "pyarrow":
        return rows_of_arrow(records)
    if isinstance(records, Mapping):
        values = list(records.values())
        if values and all(isinstance(value, list | tuple) for value in values):
            return (dict(zip(records, row, strict=False)) for row in zip(*values, strict=True))
        return iter([records])
    if not isinstance(records, Iterable):
        raise InputError(f"{type(records).__name__} holds no records; give a list of dicts")
    return iter(records)


def rows_of_arrow(table: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table, a batch or a stream of Arrow, or of what gives its data so."""
    pyarrow = require("pyarrow", "tables")
    if isinstance(table, pyarrow.RecordBatch):
        batches: Sequence[Any] = [table]
    else:
        is_arrow = isinstance(table, pyarrow.Table | pyarrow.RecordBatchReader)
        reader = table if is_arrow else pyarrow.RecordBatchReader.from_stream(table)
        batches = reader.to_batches() if isinstance(reader, pyarrow.Table) else reader
    for batch in batches:
        for begin in range(0, batch.num_rows, SAMPLE):
            part = batch.slice(begin, SAMPLE)
            for row in zip(*map(values_of, part.columns), strict=True):
                yield dict(zip(part.schema.names, row, strict=True))


def plain(row: Any) -> Any:
    """A record whose values are Python's own, None where a table has no value."""
    if not isinstance(row, Mapping):
        return row
    return {str(name): plain_value(value) for name, value in row.items()}


def plain_value(value: Any) -> Any:
    """A value of numpy or pandas as Python has it; None for NaN, NaT and NA."""
    if isinstance(value, str) or value is None:
        return value
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas"):
        if type(value).__name__ in ("NAType", "NaTType"):
            return None
        if hasattr(value, "to_pydatetime"):
            return value.to_pydatetime(warn=False)
        value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, float | date) and value != value:
        return None
    return value
