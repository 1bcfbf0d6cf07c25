"""Caring for an index: copies of it, retention, what it says of itself, and processes."""

import json
import multiprocessing
import os
import pickle
import re
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from patience import MAX_WAIT
from typer.testing import CliRunner

from dedup.article import Article
from dedup.candidates import MAX_NEIGHBOURS
from dedup.cli import app
from dedup.errors import InputError, StoreError
from dedup.index import Index, relating
from dedup.index.records import IndexPair
from dedup.index.search import MAX_OLDER
from dedup.text import Text

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

    def test_while_others_write_it_has_all_that_was_acknowledged(
        self, place: Path, tmp_path: Path
    ) -> None:
        """Article by article, without a gap, as far as the last one before the copy at least."""
        kept, enough = [1, 2, 3], Event()

        def write() -> None:
            with Index(place) as writer:
                while not enough.is_set():
                    writer.add(article(kept[-1] + 1))
                    kept.append(kept[-1] + 1)

        thread = Thread(target=write)
        thread.start()
        try:
            with Index(place, readonly=True) as reader:
                for n in range(3):
                    before = len(kept)
                    while len(kept) < before + 10:
                        assert thread.is_alive()
                    acknowledged = kept[-1]
                    reader.backup(tmp_path / f"{n}.dedup")
                    with Index(tmp_path / f"{n}.dedup") as copy:
                        assert [each.id for each in copy] == [f"a{m + 1}" for m in range(len(copy))]
                        assert len(copy) >= acknowledged
                        assert not list(copy.verify())
        finally:
            enough.set()
            thread.join()

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


def test_statistics_say_what_its_last_articles_are_like(place: Path, tmp_path: Path) -> None:
    """In which language they are, how quickly one is looked up, and whether passages are found."""
    with Index(place) as index:
        index.add(Article("d", "Der Hafenmeister von Vexford hat die Gebühr am Montag erhöht."))
        index.add(Article("k", "Said in passing.", language="ku"))
    stats = json.loads(invoke("index", "stats", place, "--format", "json").stdout)
    assert stats["languages"] == {"en": 3, "de": 1, "ku": 1}
    assert stats["finds_passages"]
    assert stats["check_seconds"] > 0
    page = " ".join(invoke("index", "stats", place).stdout.split())
    assert "languages of the last 5 en 60%, de 20%, ku 20%" in page
    assert "passages found" in page
    with Index(tmp_path / "lean.dedup", passages=False):
        pass
    page = " ".join(invoke("index", "stats", tmp_path / "lean.dedup").stdout.split())
    assert "passages not found: this index keeps no runs" in page
    assert "opened in" in page


# https://prometheus.io/docs/instrumenting/exposition_formats/
SAMPLE = re.compile(
    r'(dedup_index_[a-z_]+)\{index="((?:[^"\\]|\\.)*)"(?:,language="\w+")?\} ([\d.e+-]+)'
)


def test_statistics_are_written_for_prometheus(place: Path, tmp_path: Path) -> None:
    """Each gauge after what it means, once; what is not known has none."""
    odd = tmp_path / 'of "all"\\news.dedup'
    place.rename(odd)
    written = tmp_path / "index.prom"
    assert invoke("index", "stats", odd, "--format", "prometheus", "-o", written).exit_code == 0
    lines = written.read_text().splitlines()
    values: dict[str, float] = {}
    while lines:
        _, _, name, *meaning = lines.pop(0).split(" ")
        assert meaning
        assert lines.pop(0) == f"# TYPE {name} gauge"
        while lines and not lines[0].startswith("#"):
            sample = SAMPLE.fullmatch(lines.pop(0))
            assert sample
            assert sample[1] == name
            assert sample[2].replace(r"\"", '"').replace(r"\\", "\\") == str(odd)
            values[name] = float(sample[3])
    assert values["dedup_index_articles"] == values["dedup_index_languages"] == 3
    assert values["dedup_index_newest_timestamp_seconds"] == 1_743_163_500
    with Index(tmp_path / "empty.dedup"):
        pass
    text = invoke("index", "stats", tmp_path / "empty.dedup", "--format", "prometheus").stdout
    assert "timestamp" not in text
    assert "check_seconds" not in text


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
            assert "was opened in another process" in answers.get(timeout=MAX_WAIT)
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


# Words that all reports have, and those that one has.
FRAME = ("council", "harbour", "monday", "audit", "report", "minister", "said")
NAMES = ("vexford", "lindesnes", "kiruna", "umea")
DRAFT = Article("draft", " ".join(reversed((*NAMES, "shipworms"))))


def report(n: int, *more: str) -> Article:
    """A report of common words and eight that no other has, or `more`."""
    own = more or tuple(f"{name}{n}q" for name in "abcdefgh")
    return Article(f"r{n}", " ".join(word for pair in zip(own, FRAME * 2) for word in pair))  # noqa: B905


def naming(n: int) -> Article:
    """A report that has the names."""
    return report(n, *NAMES, f"w{n}q", f"x{n}q")


def test_a_long_article_does_not_crowd_out_a_short_one() -> None:
    """Twelve long ones name all that a draft names, and a short one all but one of it."""
    with Index(":memory:") as index:
        index.add(report(0, *NAMES, "w0q", "x0q"))
        for n in range(1, 13):
            more = " ".join(f"{name}{n}q" for name in map(str, range(300)))
            index.add(Article(f"long{n}", f"Shipworms {report(n, *NAMES).text} {more}"))
        assert "r0" in [c.id for c in index.check(DRAFT).candidates][:1]


class TestWindow:
    """Terms are common for as long as many recent articles have them."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A hundred articles are recent."""
        for room in ("dedup.index", "dedup.index.search", "dedup.index.migration"):
            monkeypatch.setattr(f"{room}.RECENT", 100)

    def test_names_that_were_in_all_reports_find_again_when_they_are_not(self) -> None:
        """Sixty reports of one week name them; when these lie back, two new ones meet."""
        with Index(":memory:") as index:
            index.add_many(naming(n) for n in range(60))
            assert not index.check(DRAFT).candidates
            index.add_many(report(n) for n in range(60, 200))
            index.add(report(200, *NAMES, "piles", "divers"))
            assert "r200" in [c.id for c in index.check(DRAFT).candidates]

    def test_an_old_article_does_not_crowd_out_a_recent_one(self) -> None:
        """Of forty that share as much, the recent ones are among the candidates."""
        with Index(":memory:") as index:
            index.add_many(naming(n) for n in range(20))
            index.add_many(report(n) for n in range(20, 140))
            index.add_many(naming(n) for n in range(140, 145))
            found = {c.id for c in index.check(DRAFT).candidates}
            assert found > {f"r{n}" for n in range(140, 145)}

    def test_a_window_of_time_may_lie_long_ago(self) -> None:
        """Then as many of it are candidates as of recent articles otherwise."""
        with Index(":memory:") as index:
            index.add_many(replace(naming(n), published="2025-01-07") for n in range(20))
            index.add_many(replace(report(n), published="2025-06-01") for n in range(20, 140))
            assert len(index.check(DRAFT, until="2025-02-01").candidates) == MAX_NEIGHBOURS
            assert len(index.check(DRAFT).candidates) == MAX_OLDER

    def test_another_process_sees_what_was_removed(self, tmp_path: Path) -> None:
        """What it has learned to be common it looks up anew."""
        with Index(tmp_path / "news.dedup") as index, Index(tmp_path / "news.dedup") as other:
            index.add_many(naming(n) for n in range(50))
            assert not other.check(DRAFT).candidates
            index.remove("r7")
            assert len(other.check(DRAFT).candidates) == 8

    @pytest.mark.parametrize("at_once", [True, False])
    def test_after_expiry_an_index_finds_what_a_fresh_one_does(self, at_once: bool) -> None:
        """Nine tenths go, those too that made words common for the others; in one call, or one by
        one and compacted."""
        day = [f"2025-01-{1 + n // 40:02}" for n in range(400)]
        names = [tuple(f"{name}{n % 7}q" for name in "abcdef") for n in range(400)]
        articles = [
            replace(report(n, *names[n], f"y{n % 30}q"), published=day[n]) for n in range(400)
        ]
        with Index(":memory:") as index, Index(":memory:") as fresh:
            index.add_many(articles)
            if at_once:
                index.remove_before(day[360])
            else:
                for old in articles[:360]:
                    index.remove(old.id)
                index.compact()
            fresh.add_many(articles[360:])
            for n in range(7):
                draft = report(1000 + n, *reversed(names[n]))
                found = [c.id for c in index.check(draft).candidates]
                assert found == [c.id for c in fresh.check(draft).candidates]
                assert found


@pytest.mark.parametrize(("kept", "times"), [(4_000_000, 1), (1, 3)])
def test_settling_prepares_an_article_once(
    kept: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as there is room for the texts; without room the same pairs are related."""
    prepared: list[str] = []
    read = relating.prepare

    def count(article: Article) -> Text:
        prepared.append(article.id)
        return read(article)

    monkeypatch.setattr(relating, "prepare", count)
    monkeypatch.setattr(relating, "MAX_CHARACTERS", kept)
    monkeypatch.setattr(relating, "MAX_RELATED", 1)
    with Index(":memory:") as index:
        index.add_many(naming(n) for n in range(4))
        assert index.settle() == 6
        assert index.stats().pending == 0
    assert Counter(prepared) == {f"r{n}": times for n in range(4)}


def retelling(n: int) -> Article:
    """A story with a sentence of its own at the end."""
    own = ("A ferry helps out.", "Boats wait outside.", "Cyclists walk.", "It rains.", "Gulls sit.")
    story = (
        "The swing bridge of Wexley will stay shut for nine weeks, for a barge has bent one of its "
        "gates. Engineers found a crack of 40 centimetres in the eastern pier on Tuesday. The town "
        "council wants the owner of the barge to pay for all of it."
    )
    return Article(f"r{n}", f"{story} {own[n]}")


class TestSettlingInSeveralProcesses:
    """The same clusters, sooner."""

    def test_gives_what_one_gives(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """To the last digit, and in the same order."""
        monkeypatch.setattr(relating, "MIN_FOR_WORKERS", 3)
        monkeypatch.setattr(relating, "MAX_RELATED", 2)
        kept = []
        for threads in (1, 2):
            with Index(tmp_path / f"{threads}.dedup") as index:
                index.add_many(naming(n) for n in range(5))
                said: list[int] = []
                assert index.settle(progress=said.append, threads=threads) == 10
                assert said == [2, 4, 6, 8, 10]
                with index._store.reading():
                    kept.append(index._store.read_relations([*range(1, 6)]))
                assert index.stats().pending == 0
        assert kept[0] == kept[1]

    def test_what_is_removed_meanwhile_stays_removed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its pairs may be under way just then."""
        relate = relating.Relater.relate
        with Index(":memory:") as index:

            def remove(relater: relating.Relater, task: relating.RelateTask) -> list[IndexPair]:
                if "r1" in index:
                    index.remove("r1")
                return relate(relater, task)

            monkeypatch.setattr(relating.Relater, "relate", remove)
            index.add_many(retelling(n) for n in range(3))
            index.settle()
            assert [c.members for c in index.clusters()] == [("r0", "r2")]
            assert list(index.verify()) == []

    def test_long_texts_are_sent_a_few_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So that those on their way take little memory."""
        monkeypatch.setattr(relating, "MAX_SENT", 1)
        with Index(":memory:") as index:
            index.add_many(naming(n) for n in range(3))
            said: list[int] = []
            index.settle(progress=said.append)
            assert said == [1, 2, 3]

    def test_an_error_names_the_articles(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In whichever process it happens."""
        monkeypatch.setattr(relating, "MIN_FOR_WORKERS", 1)
        fail = "from dedup.index import relating; "
        fail += "relating.relate_pair = lambda *_: {}['missing']; relating.work()"
        monkeypatch.setattr(relating, "START", fail)
        with Index(":memory:") as index:
            index.add_many(naming(n) for n in range(2))
            with pytest.raises(KeyError) as caught:
                index.settle(threads=2)
        assert "while working on the articles r0, r1" in "\n".join(caught.value.__notes__)
