"""Parquet and Arrow → articles: one row, one article.

Parquet, Arrow IPC (Feather) and Arrow streams are read batch by batch, so that no more than a
row group is in memory, by a process of their own (`column_rows`): a damaged file can end it, not
us. Fields are recognised as in tables of text (`tables.choose_columns`).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from io import BufferedReader, UnsupportedOperation
from itertools import chain, islice
from pathlib import Path
from typing import IO

import orjson

from dedup.article import Article
from dedup.extras import require
from dedup.processes import explain_end
from dedup.readers.exact import exact_article, is_exact
from dedup.readers.fields import Record, make_article, order_dates, read_record
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem, group_problems
from dedup.readers.tables import SAMPLE, choose_columns
from dedup.readers.text import MAX_BYTES

PARQUET, ARROW, ARROW_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"

WORKER = Path(__file__).with_name("column_rows.py")


def read_columns(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Outcome]:
    """The articles in a file of columns and its problems; without an id called ``name:row``."""
    require("pyarrow", "tables")
    return group_problems(read_rows(stream, path, name, options), path, options.strict)


def read_rows(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """What `read_columns` gives, with each problem by itself."""
    faults: list[str] = []
    lines = worker_lines(stream, faults)
    head = next(lines, None)
    if head is None and not faults:
        yield Problem(path, "empty: there is no row in it")
    if head is not None:
        rows = (Record(n, 0, n, orjson.loads(line)) for n, line in enumerate(lines))
        sample = list(islice(rows, SAMPLE))
        chosen, note = choose_columns(
            orjson.loads(head[1:]), [row.value for row in sample], options
        )
        yield Note(path, note)
        for row, order, note in order_dates(chain(sample, rows), options.date_order, chosen):
            if note:
                yield Note(path, note)
            place, where = f"{path}:{row.number}", {"path": path, "row": row.number}
            make = partial(make_article, row.value, f"{name}:{row.number}", where, chosen, order)
            if is_exact(row.value) and not options.fields:
                make = partial(exact_article, row.value)
            for outcome in read_record(make, place):
                if isinstance(outcome, Article) and (size := len(outcome.text)) > MAX_BYTES:
                    what = f"a text of {size / 1e6:,.0f} MB is too large for one article"
                    outcome = Problem(place, what)
                yield outcome
    yield from (Problem(path, f"damaged or cut off: {fault}") for fault in faults)


def worker_lines(stream: BufferedReader, faults: list[str]) -> Iterator[bytes]:
    """The lines that the worker writes for a file, that of the names first; then what is wrong.

    A process that ends by a signal has met what pyarrow does not survive.
    """
    with as_file(stream) as source, tempfile.TemporaryFile() as said:
        command = [sys.executable, "-P", os.fspath(WORKER)]  # -P: beside it are html.py and more
        environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}
        with subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as worker:
            assert worker.stdout is not None
            try:
                for line in worker.stdout:
                    if line.startswith(b"!"):
                        faults.append(line[1:].decode("utf-8", "replace").strip())
                    else:
                        yield line
            finally:
                worker.kill()
            code = worker.wait()
        if code and not faults:
            faults.append(explain_end(code, said))


def as_file(stream: BufferedReader) -> IO[bytes]:
    """The stream as a file that a process can be given: itself, or a copy of what is piped in or
    compressed."""
    try:
        file = os.fdopen(os.dup(stream.fileno()), "rb", buffering=0)
        if stream.seekable():
            file.seek(0)
            return file
        file.close()
    except (UnsupportedOperation, AttributeError):
        pass
    copy: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy
