"""Parquet and Arrow → articles: one row, one article.

Parquet, Arrow IPC (Feather) and Arrow streams are read batch by batch, so that no more than a
row group is in memory. Fields are recognised as in tables of text (`tables.choose_columns`).
pyarrow reads the files; it runs nothing that a file brings along.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from io import BufferedReader
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.extras import require
from dedup.readers.compression import seekable
from dedup.readers.fields import make_article, read_record
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem
from dedup.readers.tables import SAMPLE, choose_columns
from dedup.readers.text import MAX_BYTES

PARQUET, ARROW, ARROW_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"

MAX_BATCH = 1_000  # rows
# Bytes of a column for each row, below which its values are repeated: as values of their own
# a file of some KB could hold terabytes.
MIN_ROW_BYTES = 64


def read_columns(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Outcome]:
    """The articles in a file of columns and its problems; without an id called ``name:row``."""
    number = 0
    try:
        for batch in read_batches(stream):
            if not number:
                sample = batch_records(batch.slice(0, SAMPLE))
                chosen, note = choose_columns(batch.schema.names, sample, options)
                yield Note(path, note)
            for record in batch_records(batch):
                place, where = f"{path}:{number}", {"path": path, "row": number}
                make = partial(make_article, record, f"{name}:{number}", where, chosen)
                for outcome in read_record(make, place):
                    if isinstance(outcome, Article) and (size := len(outcome.text)) > MAX_BYTES:
                        what = f"a text of {size / 1e6:,.0f} MB is too large for one article"
                        outcome = Problem(place, what)
                    yield outcome
                number += 1
    except (OSError, ValueError, NotImplementedError, MemoryError) as error:
        # ArrowInvalid is a ValueError, other faults of a file are OSError.
        yield Problem(path, f"damaged or cut off: {error!s:.200}")
        return
    if not number:
        yield Problem(path, "empty: there is no row in it")


def read_batches(stream: BufferedReader) -> Iterator[Any]:
    """The rows of a file in batches."""
    require("pyarrow", "tables")
    head = bytes(stream.peek(8)[:8])
    source = stream if head.startswith(ARROW_STREAM) else seekable(stream, "a table")
    if head.startswith(PARQUET):
        yield from open_parquet(source).iter_batches(MAX_BATCH, use_threads=False)
        return
    ipc = require("pyarrow.ipc", "tables")
    if head.startswith(ARROW):
        opened = ipc.open_file(source)
        batches = (opened.get_batch(n) for n in range(opened.num_record_batches))
    else:
        batches = iter(ipc.open_stream(source))
    for batch in batches:
        yield from (batch.slice(begin, MAX_BATCH) for begin in range(0, batch.num_rows, MAX_BATCH))


def open_parquet(source: BinaryIO) -> Any:
    """The file, opened so that a value which it stores once is once in memory."""
    parquet = require("pyarrow.parquet", "tables")
    metadata = parquet.read_metadata(source)
    sizes: Counter[str] = Counter()
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            if column.physical_type == "BYTE_ARRAY":
                sizes[column.path_in_schema] += column.total_uncompressed_size
    repeated = [path for path, size in sizes.items() if size < MIN_ROW_BYTES * metadata.num_rows]
    source.seek(0)
    return parquet.ParquetFile(source, metadata=metadata, read_dictionary=repeated)


def batch_records(batch: Any) -> list[dict[str, Any]]:
    """The rows of a batch; a value that is in a dictionary is one object in all of them."""
    columns = []
    for column in batch.columns:
        if hasattr(column, "dictionary"):
            values = [*column.dictionary.to_pylist(), None]
            places = column.indices.to_pylist()
            columns.append([values[-1 if place is None else place] for place in places])
        else:
            columns.append(column.to_pylist())
    names = batch.schema.names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
