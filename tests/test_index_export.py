"""An export is whole or not there, and never stands where something else was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import dedup
from dedup import Article, Index, InputError
from dedup.index.interchange import write

WIRE = Article("wire", "Russia moved North Korean Koksan guns to Crimea, ZDF reported on Friday.")


@pytest.mark.parametrize("name", ["news.jsonl", "news.parquet"])
def test_an_export_that_fails_leaves_what_was_there(name: str, tmp_path: Path) -> None:
    """Half a file would be read as a whole one."""

    def dying() -> Iterator[Article]:
        yield WIRE
        raise OSError("the disk is full")

    file = tmp_path / name
    file.write_text("yesterday's")
    with pytest.raises(OSError, match="full"):
        write(dying(), file)
    assert file.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [file]


def test_an_index_is_not_exported_onto_itself(tmp_path: Path) -> None:
    """Not even where its name is that of an export, or a link leads to it."""
    place, link = tmp_path / "news.jsonl", tmp_path / "link.jsonl"
    link.symlink_to(place)
    with Index(place) as index:
        index.add(WIRE)
        for file in (place, link):
            with pytest.raises(InputError, match="the index itself"):
                index.export(file)
    with Index(place) as index:
        assert index.get("wire") == WIRE


@pytest.mark.parametrize("name", ["News.JSONL", "News.Parquet"])
def test_the_case_of_a_suffix_does_not_matter(name: str, tmp_path: Path) -> None:
    """As in reading."""
    with Index(":memory:") as index:
        index.add(WIRE)
        assert index.export(tmp_path / name) == 1
    assert [article.text for article in dedup.read(tmp_path / name)] == [WIRE.text]
