"""Rows of a Parquet or Arrow file as lines of JSON, by a process of its own (``python -P FILE``).

A damaged file of columns can kill the process that reads it (pyarrow aborts, or reads beyond a
buffer) or ask for any amount of memory. So it is read by this one, which is no module of the
package: it starts with nothing but pyarrow, takes the file on standard input, limits its own memory
and time by the file's size, checks every batch before it reads a value of it, and writes each row
as a line. The first byte of a line says what it is: ``#`` names of columns, ``{`` a row, ``!`` why
no more come.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

PARQUET, ARROW = b"PAR1", b"ARROW1"
MAX_BATCH = 1_000  # rows
# Bytes of a column for each row, below which its values are repeated: as values of their own
# a file of some KB could hold terabytes.
MIN_ROW_BYTES = 64
# Memory and seconds of CPU beside those that a file has by its size: pyarrow itself takes
# 500 MB of address space, and reads 100 MB a second.
MIN_MEMORY, MEMORY_PER_BYTE = 1_500_000_000, 20
MIN_SECONDS, BYTES_PER_SECOND = 25, 1_000_000
# Rows and bytes that come out of a file for each byte of it: news as Parquet expands 3 to 10
# times, and no text is shorter than a byte. Up to MIN_EXPANDED nothing is counted.
MAX_ROWS_PER_BYTE = 10
MAX_RATIO, MIN_EXPANDED = 200, 32_000_000
MAX_ROW = 40_000_000  # bytes of JSON
MAX_BINARY = 64  # bytes of a value of fixed size, which is a hash and no text


def main() -> None:
    """Write the rows of the file on standard input."""
    source, out = os.fdopen(0, "rb"), sys.stdout.buffer
    size = os.fstat(0).st_size
    limit_resources(size)
    budget, begun = MIN_EXPANDED + MAX_RATIO * size, False
    try:
        for batch in read_batches(source, size):
            columns = usable_columns(batch)
            names = [name for name, _ in columns]
            if not begun:
                begun = True
                out.write(b"#" + orjson.dumps(names) + b"\n")
            for row in zip(*(values_of(column) for _, column in columns), strict=True):
                line = to_line(dict(zip(names, row, strict=True)))
                budget -= len(line)
                if budget < 0:
                    raise ValueError(f"expands to more than {MAX_RATIO} times its size")
                out.write(line + b"\n")
            out.flush()
    except MemoryError:
        out.write(b"!it asks for more memory than a file of its size can need\n")
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:  # whatever a damaged file makes of pyarrow
        said = " ".join(str(error).split())[:200] or type(error).__name__
        if "alloc" in said:
            said = "it asks for more memory than a file of its size can need"
        out.write(b"!" + said.encode("utf-8", "replace") + b"\n")
    out.flush()
    os._exit(0)  # without the destructors of what may be damaged


def limit_resources(size: int) -> None:
    """Limit memory and time by the size of the file, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    memory, seconds = MIN_MEMORY + MEMORY_PER_BYTE * size, MIN_SECONDS + size // BYTES_PER_SECOND
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        try:
            _, most = resource.getrlimit(kind)
            soft = limit if most == resource.RLIM_INFINITY else min(limit, most)
            resource.setrlimit(kind, (soft, most))
        except (OSError, ValueError):  # a system that does not know this limit
            continue


def read_batches(source: Any, size: int) -> Iterator[Any]:
    """The rows of a file in batches, each checked."""
    import pyarrow

    head = source.read(len(ARROW))
    source.seek(0)
    if head.startswith(PARQUET):
        batches = open_parquet(source, size).iter_batches(MAX_BATCH, use_threads=False)
    elif head.startswith(ARROW):
        opened = pyarrow.ipc.open_file(source)
        batches = (opened.get_batch(n) for n in range(opened.num_record_batches))
    else:
        batches = iter(pyarrow.ipc.open_stream(source))
    for batch in batches:
        if batch.num_rows > MAX_ROWS_PER_BYTE * max(size, MAX_BATCH):
            raise ValueError(f"{batch.num_rows:,} rows in {size:,} bytes")
        batch.validate(full=True)
        yield from (batch.slice(begin, MAX_BATCH) for begin in range(0, batch.num_rows, MAX_BATCH))


def open_parquet(source: Any, size: int) -> Any:
    """The file, opened so that a value which it stores once is once in memory."""
    from pyarrow import parquet

    metadata = parquet.read_metadata(source)
    if metadata.num_rows > MAX_ROWS_PER_BYTE * max(size, MAX_BATCH):
        raise ValueError(f"{metadata.num_rows:,} rows in {size:,} bytes")
    sizes: Counter[str] = Counter()
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            # Of nested columns pyarrow makes no dictionaries.
            if column.physical_type == "BYTE_ARRAY" and "." not in column.path_in_schema:
                sizes[column.path_in_schema] += column.total_uncompressed_size
    repeated = [path for path, size in sizes.items() if size < MIN_ROW_BYTES * metadata.num_rows]
    source.seek(0)
    return parquet.ParquetFile(source, metadata=metadata, read_dictionary=repeated)


def usable_columns(batch: Any) -> list[tuple[str, Any]]:
    """The columns that JSON can hold, by name; of two with one name the first."""
    import pyarrow.types as types

    usable: dict[str, Any] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        kind = column.type
        if not (types.is_fixed_size_binary(kind) and kind.byte_width > MAX_BINARY):
            usable.setdefault(name, column)
    return list(usable.items())


def values_of(column: Any) -> list[Any]:
    """The values of a column; one that is in a dictionary is one object wherever it stands."""
    import pyarrow
    import pyarrow.types as types

    if types.is_dictionary(column.type):
        values = [*values_of(column.dictionary), None]
        return [values[-1 if n is None else n] for n in column.indices.to_pylist()]
    if types.is_timestamp(column.type):  # to microseconds, which Python has, in Greenwich's time
        zone = "UTC" if column.type.tz else None
        if column.type.tz and column.type.tz != "UTC":
            column = column.view(pyarrow.timestamp(column.type.unit, "UTC"))
        try:
            column = column.cast(pyarrow.timestamp("us", zone), safe=False)
        except pyarrow.ArrowException:
            return [None] * len(column)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, SystemError, LookupError):
        return [value_of(value) for value in column]


def value_of(value: Any) -> Any:
    """One value; None where Python has none such (a day of the year 300,000)."""
    try:
        return value.as_py()
    except Exception:  # whatever pyarrow raises for a value that does not fit
        return None


def to_line(record: dict[str, Any]) -> bytes:
    """A row as JSON; without the values that JSON cannot hold."""
    try:
        line = orjson.dumps(record, default=plain, option=orjson.OPT_NON_STR_KEYS)
    except (TypeError, ValueError):
        kept = {key: plain_or_none(value) for key, value in record.items()}
        line = orjson.dumps(kept, default=plain, option=orjson.OPT_NON_STR_KEYS)
    if len(line) > MAX_ROW:
        raise ValueError(f"a row of more than {MAX_ROW / 1e6:,.0f} MB")
    return line


def plain_or_none(value: Any) -> Any:
    """A value if it can be written as JSON, a whole number of any size as text; else None."""
    if isinstance(value, int):
        return str(value)
    try:
        orjson.dumps(value, default=plain)
    except (TypeError, ValueError):
        return None
    return value


def plain(value: Any) -> Any:
    """What JSON has for a value that it does not know."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8")  # text in a column that does not say so
    except UnicodeDecodeError:
        return None


if __name__ == "__main__":
    main()
