"""Caring for an index: copies of it, retention, what it says of itself, and processes."""

import json
import multiprocessing
import os
import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dedup.article import Article
from dedup.cli import app
from dedup.errors import InputError, StoreError
from dedup.index import Index

TEXT = "The council of Vexford raised the harbour fee on Monday after the audit of its books. "


def article(n: int, published: str | None = None) -> Article:
    return Article(f"a{n}", f"{TEXT}Report {n} names pier {n}, quay {n * 7} and {n * 13} boats.",
                   published=published)  # fmt: skip


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index of three articles: two of them dated, one not."""
    with Index(tmp_path / "news.dedup") as index:
        index.add_many([article(1, "2025-03-01"), article(2, "2025-03-28T14:05+02:00"), article(3)])
    return tmp_path / "news.dedup"


class TestBackup:
    def test_a_copy_has_everything_that_was_acknowledged(self, place: Path, tmp_path: Path) -> None:
        """Also what stands only in the file beside the index, while a writer has it open."""
        copy = tmp_path / "copy.dedup"
        with Index(place) as index:
            index.add(article(4))
            index.backup(copy)
            index.add(article(5))
        assert sorted(tmp_path.glob("*copy*")) == [copy]
        with Index(copy) as kept:
            assert [each.id for each in kept] == ["a1", "a2", "a3", "a4"]
            assert kept.check(article(4).text).matches

    def test_it_is_one_moment_in_the_midst_of_writing(self, place: Path, tmp_path: Path) -> None:
        """Half a batch of another writer is not in it."""
        with Index(place) as writer, Index(place, readonly=True) as reader, writer.batch():
            writer.add(article(4))
            reader.backup(tmp_path / "copy.dedup")
        with Index(tmp_path / "copy.dedup") as kept:
            assert len(kept) == 3

    def test_nothing_is_written_over(self, place: Path) -> None:
        """Least of all the index itself."""
        with Index(place) as index, pytest.raises(InputError, match="is there already"):
            index.backup(place)
        assert invoke("index", "backup", place, place).exit_code == 1
        assert invoke("index", "backup", place, place.parent / "no" / "x").exit_code == 1

    def test_the_command_says_how_large_it_is(self, place: Path, tmp_path: Path) -> None:
        """And makes the file."""
        done = invoke("index", "backup", place, tmp_path / "copy.dedup")
        assert "copy.dedup: " in done.stderr
        assert invoke("index", "stats", tmp_path / "copy.dedup").exit_code == 0


class TestRetention:
    def test_what_is_older_goes_and_what_has_no_date_stays(self, place: Path) -> None:
        """In batches, each committed."""
        steps: list[int] = []
        with Index(place) as index:
            assert index.remove_before("2025-04-01", commit_every=1, progress=steps.append) == 2
            assert steps == [1, 2]
            assert [each.id for each in index] == ["a3"]
            assert index.remove_before("2025-04-01") == 0

    def test_a_moment_bounds_to_the_second(self, place: Path) -> None:
        """The moment itself is not before it."""
        with Index(place) as index:
            assert index.remove_before("2025-03-28T12:05:00+00:00") == 1
            assert [each.id for each in index] == ["a2", "a3"]

    def test_what_remains_is_found_as_in_a_fresh_index(self, tmp_path: Path) -> None:
        """After nine in ten have gone."""
        articles = [article(n, f"2025-03-{1 + n % 28:02}") for n in range(60)]
        kept = [each for each in articles if str(each.published) >= "2025-03-26"]
        with Index(tmp_path / "old.dedup") as old, Index(tmp_path / "new.dedup") as new:
            old.add_many(articles)
            old.remove_before("2025-03-26")
            new.add_many(kept)
            for each in kept:
                found = [
                    {(m.article.id, m.relation.kind) for m in index.check(each).matches}
                    for index in (old, new)
                ]
                assert found[0] == found[1]

    def test_the_command_takes_ids_or_a_date(self, place: Path) -> None:
        """One of the two."""
        assert invoke("index", "remove", place, "--before", "2025-03-05").exit_code == 0
        assert invoke("index", "remove", place).exit_code == 2
        assert invoke("index", "remove", place, "a2", "--before", "2025-03-05").exit_code == 2
        assert invoke("index", "remove", place, "--before", "soon").exit_code == 1
        with Index(place) as index:
            assert [each.id for each in index] == ["a2", "a3"]


def test_statistics_say_from_when_to_when(place: Path, tmp_path: Path) -> None:
    """In UTC; of an index without dates nothing."""
    stats = json.loads(invoke("index", "stats", place, "--format", "json").stdout)
    assert (stats["oldest"], stats["newest"]) == (
        "2025-03-01T00:00:00+00:00", "2025-03-28T12:05:00+00:00",
    )  # fmt: skip
    with Index(tmp_path / "empty.dedup") as index:
        assert (index.stats().oldest, index.stats().newest) == (None, None)
    assert "no dates" in invoke("index", "stats", tmp_path / "empty.dedup").stdout


def refused(index: Index, answers: Any) -> None:
    try:
        len(index)
    except StoreError as error:
        answers.put(str(error))


class TestProcesses:
    @pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes fork")
    def test_an_index_is_not_used_across_a_fork(self, place: Path) -> None:
        """A connection that two processes share damages its file; each opens its own."""
        processes = multiprocessing.get_context("fork")
        answers = processes.Queue()
        with Index(place) as index:
            child = processes.Process(target=refused, args=(index, answers))
            child.start()
            assert "was opened in another process" in answers.get(timeout=120)
            child.join()
            assert len(index) == 3

    def test_a_pickled_index_is_opened_again(self, place: Path) -> None:
        """With what it was opened with; what is in no file cannot be pickled."""
        with Index(place, readonly=True) as index, pickle.loads(pickle.dumps(index)) as again:
            assert len(again) == 3
            with pytest.raises(StoreError, match="for reading only"):
                again.add(article(9))
        with Index(":memory:") as index, pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(index)


def test_a_copy_is_an_ordinary_file(place: Path, tmp_path: Path) -> None:
    """Nothing of it stands in a second file, until it is opened as an index."""
    with Index(place) as index:
        index.backup(tmp_path / "copy.dedup")
    with sqlite3.connect(tmp_path / "copy.dedup") as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    Index(tmp_path / "copy.dedup").close()
    with sqlite3.connect(tmp_path / "copy.dedup") as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
