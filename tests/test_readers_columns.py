"""Files of columns: damaged ones end nothing, whole ones are read whatever their types."""

import gzip
import random
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dedup.readers import read

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

GUNS = "Guns are in Crimea, a ministry said on Friday. " * 5


def write_stream(table: Any, path: str) -> None:
    """A table as a stream of Arrow."""
    with pyarrow.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)


def write_file(table: Any, path: str) -> None:
    """A table as a file of Arrow (Feather)."""
    with pyarrow.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def table(rows: int = 30) -> Any:
    """Articles with what tables have besides texts."""
    return pyarrow.table({
        "id": [str(n) for n in range(rows)],
        "text": [f"{n} {GUNS}" for n in range(rows)],
        "tags": [["guns", None, "Crimea"]] * rows,
        "meta": [{"section": "world", "pages": n} for n in range(rows)],
        "source": pyarrow.array(["EXA"] * rows).dictionary_encode(),
        "published": pyarrow.array([1741868700123456789 + n for n in range(rows)],
                                   pyarrow.timestamp("ns", "Europe/Berlin")),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("path", "write"),
    [("a.parquet", parquet.write_table), ("a.arrow", write_stream), ("a.feather", write_file)],
)
def test_columns_of_any_type_are_read(here: Path, path: str, write: Any) -> None:
    """Lists, records, dictionaries and nanoseconds; moments are in Greenwich's time."""
    write(table(), path)
    reading = read(path)
    first = next(reading)
    assert (first.id, first.publisher, first.extra["tags"]) == (
        "0",
        "EXA",
        ["guns", None, "Crimea"],
    )
    assert first.extra["meta"] == {"section": "world", "pages": 0}
    assert str(first.published) == "2025-03-13 12:25:00.123456+00:00"
    assert len(list(reading)) == 29
    assert reading.problems == []


def test_nested_columns_of_several_row_groups_are_read(here: Path) -> None:
    """Of which pyarrow makes no dictionaries, though their values repeat."""
    parquet.write_table(table(900), "a.parquet", row_group_size=100)
    reading = read("a.parquet")
    assert len(list(reading)) == 900
    assert reading.problems == []


def test_a_packed_file_is_read(here: Path) -> None:
    """A process can be given what is no file, too."""
    parquet.write_table(table(), "a.parquet")
    Path("b.parquet.gz").write_bytes(gzip.compress(Path("a.parquet").read_bytes()))
    assert len(list(read("b.parquet.gz"))) == 30


def test_values_that_python_does_not_have_cost_only_themselves(here: Path) -> None:
    """A day of the year 300,000, a large number, bytes, and what is no number."""
    columns = {
        "text": [GUNS, GUNS],
        "date": pyarrow.array([2**62, 1741868700000000], pyarrow.timestamp("us")),
        "price": [Decimal("1.50"), None],
        "hash": pyarrow.array([b"\xff" * 3, b"abc"], pyarrow.binary(3)),
        "score": [float("nan"), 2.5],
    }
    parquet.write_table(pyarrow.table(columns), "a.parquet")
    first, second = read("a.parquet")
    assert (first.published, second.published) == (None, datetime(2025, 3, 13, 12, 25))
    assert (first.extra["price"], first.extra["hash"]) == ("1.50", None)
    assert (first.extra["score"], second.extra["score"]) == (None, 2.5)


def test_a_file_of_arrow_that_points_beyond_its_end_is_refused(here: Path) -> None:
    """Offsets are checked before a value is read: nothing is read that does not belong to it."""
    offsets = pyarrow.array([0, 2_000_000, 5], pyarrow.int32()).buffers()[1]
    texts = pyarrow.Array.from_buffers(
        pyarrow.string(), 2, [None, offsets, pyarrow.py_buffer(b"hello")]
    )
    batch = pyarrow.RecordBatch.from_arrays([texts], ["text"])
    with pyarrow.ipc.new_stream("a.arrow", batch.schema) as writer:
        writer.write_batch(batch)
    Path("ok.txt").write_text(GUNS)
    reading = read(["a.arrow", "ok.txt"])
    assert [article.id for article in reading] == ["ok"]
    (problem,) = reading.problems
    assert "damaged or cut off" in problem.what
    assert "out of bounds" in problem.what


@pytest.mark.parametrize("write", [parquet.write_table, write_stream, write_file])
def test_damage_anywhere_is_an_article_or_a_problem(here: Path, write: Any) -> None:
    """Whatever pyarrow makes of it, this process lives and reads the file behind it."""
    write(table(5), "whole")
    data, chance = Path("whole").read_bytes(), random.Random(7)
    names = []
    for number in range(8):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[chance.randrange(8, len(data))] = chance.randrange(256)
        names.append(f"{number}.parquet")
        Path(names[-1]).write_bytes(damaged)
    Path("z.txt").write_text(GUNS)
    assert list(read([*names, "z.txt"]))[-1].id == "z"


def test_what_expands_without_end_is_stopped(here: Path) -> None:
    """Thousands of rows of one long text, or millions of rows without one, in a small file."""
    texts = pyarrow.DictionaryArray.from_arrays([0] * 3_000, ["x" * 1_000_000])
    parquet.write_table(pyarrow.table({"text": texts}), "a.parquet")
    assert Path("a.parquet").stat().st_size < 100_000
    reading = read("a.parquet")
    assert 20 < sum(1 for _ in reading) < 100
    assert "200 times" in reading.problems[0].what
    empty = pyarrow.nulls(3_000_000, pyarrow.string())
    parquet.write_table(pyarrow.table({"text": empty}), "b.parquet")
    reading = read("b.parquet")
    assert list(reading) == []
    assert "3,000,000 rows in" in reading.problems[0].what
