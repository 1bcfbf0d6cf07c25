"""Parquet and Arrow → articles: one row, one article.

Comes in: a file of columns (Parquet, Arrow IPC or Feather, an Arrow stream). Goes out: its
articles, batch by batch, so that the memory of a row group is all that is taken. Fields are
found as in tables of text (`tables.choose`). pyarrow reads the files; it runs nothing that a
file brings along. Every article has the number of its row, by which it can be read again.
"""

from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.fields import article_of
from dedup.readers.options import DEFAULT, Options
from dedup.readers.packed import whole
from dedup.readers.plain import MAX_BYTES
from dedup.readers.problem import Found, Note, Problem
from dedup.readers.tables import SAMPLED, choose

ENDINGS = frozenset({".parquet", ".pq", ".arrow", ".feather", ".ipc"})
PARQUET, ARROW, STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"

BATCH = 1_000  # rows
# Bytes of a column for each row, below which its values are repeated: as values of their own
# a file of some KB could hold terabytes.
REPEATED = 64
MOST_PIPED = 2_000_000_000  # bytes, where a file cannot be read from its end


def read_columns(
    stream: BufferedReader, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The articles in a file of columns and its problems. A row without an id is called
    ``name:row``."""
    try:
        yield from _articles(stream, path, name, options)
    except InputError as error:
        yield Problem(path, str(error))
    except (OSError, ValueError, NotImplementedError, MemoryError) as error:
        # ArrowInvalid is a ValueError, other faults of a file are OSError.
        yield Problem(path, f"a table that is damaged or cut off: {error!s:.200}")


def row_at(stream: BinaryIO, path: str, row: int, options: Options) -> Article | None:
    """The article in row `row` of a Parquet file, from 0; None if there is none. It takes as
    long as reading the rows before it in the same row group."""
    opened = _parquet(stream)
    sample = next(opened.iter_batches(SAMPLED), None)
    if sample is None:
        return None
    chosen, _ = choose(sample.schema.names, list(_records(sample)), options)
    left = row
    for group in range(opened.num_row_groups):
        rows = opened.metadata.row_group(group).num_rows
        if left < rows:
            for batch in opened.iter_batches(BATCH, row_groups=[group], use_threads=False):
                if left < batch.num_rows:
                    record = next(_records(batch.slice(left, 1)))
                    return article_of(record, "", {"path": path, "row": row}, chosen)[0]
                left -= batch.num_rows
        left -= rows
    return None


def _articles(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Found]:
    chosen: Mapping[str, str] | None = None
    number = -1
    for batch in _batches(stream):
        if chosen is None:
            sample = list(_records(batch.slice(0, SAMPLED)))
            chosen, note = choose(batch.schema.names, sample, options)
            yield Note(path, note)
        for record in _records(batch):
            number += 1
            yield from _article(record, number, path, name, chosen)
    if number < 0:
        yield Problem(path, "empty: there is no row in it")


def _article(
    record: dict[str, Any], number: int, path: str, name: str, chosen: Mapping[str, str]
) -> Iterator[Found]:
    where = {"path": path, "row": number}
    try:
        article, problem = article_of(record, f"{name}:{number}", where, chosen)
    except InputError as error:
        yield Problem(f"{path}:{number}", str(error))
        return
    if problem:
        yield Problem(f"{path}:{number}", problem)
    if len(article.text) > MAX_BYTES:
        yield Problem(f"{path}:{number}", f"a text of {len(article.text) / 1e6:,.0f} MB")
    else:
        yield article


def _batches(stream: BufferedReader) -> Iterator[Any]:
    """The rows of a file in batches."""
    require("pyarrow", "tables")
    head = bytes(stream.peek(8)[:8])
    source: BinaryIO = stream
    if not stream.seekable() and not head.startswith(STREAM):
        source = whole(stream, MOST_PIPED, "a table")
    if head.startswith(PARQUET):
        yield from _parquet(source).iter_batches(BATCH, use_threads=False)
        return
    ipc = require("pyarrow.ipc", "tables")
    if head.startswith(ARROW):
        opened = ipc.open_file(source)
        batches = (opened.get_batch(n) for n in range(opened.num_record_batches))
    else:
        batches = iter(ipc.open_stream(source))
    for batch in batches:
        yield from (batch.slice(begin, BATCH) for begin in range(0, batch.num_rows, BATCH))


def _parquet(source: BinaryIO) -> Any:
    """The file, opened so that values which stand in it once are once in memory."""
    parquet = require("pyarrow.parquet", "tables")
    metadata = parquet.read_metadata(source)
    sizes: dict[str, int] = {}
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            if column.physical_type == "BYTE_ARRAY":
                path = column.path_in_schema
                sizes[path] = sizes.get(path, 0) + column.total_uncompressed_size
    often = [path for path, size in sizes.items() if size < REPEATED * metadata.num_rows]
    source.seek(0)
    return parquet.ParquetFile(source, metadata=metadata, read_dictionary=often)


def _records(batch: Any) -> Iterator[dict[str, Any]]:
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
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))
