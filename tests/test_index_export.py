"""An export is whole or not there, and never stands where something else was."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import dedup
from dedup import Article, Index, InputError
from dedup.index.interchange import write
from dedup.readers.exact import SCHEMA

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


@pytest.mark.parametrize("name", ["news.jsonl", "news.parquet"])
@pytest.mark.parametrize("when", [datetime(1970, 1, 1, tzinfo=UTC), date(1, 1, 1)])
def test_whatever_date_an_article_has_comes_back(when: date, name: str, tmp_path: Path) -> None:
    """Also one that in other files says that there is no date."""
    article = replace(WIRE, published=when)
    with Index(":memory:") as index:
        index.add(article)
        index.export(tmp_path / name)
    assert list(dedup.read(tmp_path / name)) == [article]


@pytest.mark.parametrize("written", ["20250328", "28 March 2025", "2025-03-28"])
def test_a_date_that_somebody_else_wrote_is_read_as_in_other_files(
    written: str, tmp_path: Path
) -> None:
    """A day is a day, however it is written."""
    record = {"schema": SCHEMA, "id": "wire", "text": WIRE.text, "published": written}
    place = tmp_path / "news.jsonl"
    place.write_text(json.dumps(record) + "\n")
    assert list(dedup.read(place)) == [replace(WIRE, published="2025-03-28")]
