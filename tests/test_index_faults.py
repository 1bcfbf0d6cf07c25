"""What was acknowledged is kept, whatever happens: kills, full disks, locks, damage, clocks."""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dedup import Article, Index, StoreError
from dedup.index import sqlite
from dedup.index.merging import KEY
from dedup.index.postings import MAX_POSTED
from dedup.index.records import article_of
from dedup.index.search import make_fingerprints
from dedup.index.settings import SETTINGS
from dedup.sketch import raw_sketch

pytestmark = pytest.mark.slow

KILLS = 200
MAX_STEPS = 400  # hundreds of instructions of the database; an article takes about 20 of them
STORY = (
    "Auditors found {n} million euros missing from the pension fund of district {n}. Prosecutor "
    "Name{n} searched a house in Town{n} on Thursday and seized computers. The council called "
    "for elections in March, and a successor is to be named on Monday."
)


def story(n: int) -> Article:
    """The nth article; every fifth is a copy of the one before it."""
    told = n - 1 if n % 5 == 4 else n
    return Article(f"{n:06}", STORY.format(n=told))


def check_whole(file: Path) -> list[str]:
    """The ids in an index, after everything in it was found to fit together."""
    with sqlite3.connect(file) as sql:
        assert sql.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        one = "SELECT count(*) FROM articles LEFT JOIN contents USING (number) WHERE text IS NULL"
        assert sql.execute(one).fetchone() == (0,)
        assert (
            sql.execute("SELECT count(*) FROM contents").fetchone()
            == sql.execute("SELECT count(*) FROM articles").fetchone()
        )
        keys: dict[int, set[int]] = {}
        for key, number in sql.execute("SELECT key, number FROM bands"):
            keys.setdefault(number, set()).add(key)
        for number, blob in sql.execute("SELECT number, bands FROM recent"):
            keys.setdefault(number, set()).update(np.frombuffer(blob, KEY).tolist())
    sql.close()
    with Index(file) as index:
        store = index._store
        with store.reading():
            rows = store.read_articles(after=0, limit=1_000_000)
            numbers = {entry.number for entry, _ in rows}
            articles = [article_of(entry.id, content) for entry, content in rows]
            texts = make_fingerprints(raw_sketch([article.text for article in articles]))
            for (entry, _), article, text in zip(rows, articles, texts, strict=True):
                assert article == story(int(entry.id))
                assert entry.signature == text.signature.tobytes()
                if entry.original is None:
                    assert keys[entry.number] == set(text.bands)
                else:
                    assert entry.original in numbers
                    assert entry.number not in keys
                if entry.posted:
                    postings = store.lookup_terms(text.terms.tolist())
                    assert set(postings.terms.tolist()) == set(text.terms.tolist())
                    rare = postings.where(postings.sizes < MAX_POSTED)
                    assert (rare.numbers == entry.number).sum() == len(rare.terms)
        assert set(keys) <= numbers
        return [entry.id for entry, _ in rows]


def in_a_child(work: Callable[[], None]) -> int:
    """The number of a forked process that does `work` and nothing else."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def step(left: Iterator[int]) -> bool:
    """Go on while there is one left."""
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return False


def adding(
    file: Path, told: int, first: int, batch: int, steps: int | None = None
) -> Callable[[], None]:
    """Add articles from `first` on until somebody puts an end to it; tell what is kept. With
    `steps` it kills itself after so many of its database's."""

    def work() -> None:
        with Index(file) as index:
            if steps:
                left = iter(range(steps))
                index._store._sql.set_progress_handler(lambda: step(left), 100)
            for n in range(first, first + 1_000_000, batch):
                index.add_many(story(m) for m in range(n, n + batch))
                os.write(told, b"".join(b"%d\n" % m for m in range(n, n + batch)))

    return work


def test_whenever_it_is_killed_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """200 kills during adds, by ones and in batches: half of them while it opens the file or after
    it has told of some, half at a step of the database. What was told is there, what is there is
    whole, and adding goes on at once without a rebuild."""
    file, chance = tmp_path / "news.dedup", random.Random(4)
    with Index(file) as index:
        index.add(story(0))  # loads what the children need
    kept: set[str] = set()
    for kill in range(KILLS):
        reader, told = os.pipe()
        batch = chance.choice([1, 1, 3, 20])
        steps = chance.randrange(1, MAX_STEPS) if kill % 2 else None
        child = in_a_child(adding(file, told, 1 + kill * 1_000, batch, steps))
        os.close(told)
        with os.fdopen(reader, "rb") as tale:
            lines = [] if steps else [tale.readline() for _ in range(chance.randrange(6))]
            if not steps:
                os.kill(child, signal.SIGKILL)
            acknowledged = {f"{int(n):06}" for n in [*lines, *tale]}
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        with Index(file) as index:
            assert not [id for id in acknowledged if id not in index]
        kept |= acknowledged
    assert len(kept) > KILLS
    there = check_whole(file)
    assert len(there) == len(set(there))
    assert kept <= set(there)


def test_a_restart_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """The same call after a kill adds what is missing, and nothing twice."""
    file = tmp_path / "news.dedup"
    reader, told = os.pipe()
    child = in_a_child(adding(file, told, 0, 10))
    os.close(told)
    with os.fdopen(reader, "rb") as tale:
        tale.read(100)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with Index(file) as index:
        there = len(index)
        assert there > 0
        total = there + 55
        assert index.add_many((story(n) for n in range(total)), commit_every=10) == 55
    assert check_whole(file) == [f"{n:06}" for n in range(total)]


def test_a_file_that_may_not_grow_says_so(tmp_path: Path) -> None:
    """Where the system refuses to write more, what was kept stays, and adding can go on later."""
    file = tmp_path / "news.dedup"
    reader, told = os.pipe()

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        try:
            adding(file, told, 0, 5)()
        except StoreError as error:
            os.write(told, f"error {error}".encode())

    child = in_a_child(work)
    os.close(told)
    with os.fdopen(reader, "rb") as tale:
        numbers, _, message = tale.read().partition(b"error ")
    os.waitpid(child, 0)
    assert str(file).encode() in message
    kept = [f"{int(n):06}" for n in numbers.split()]
    assert check_whole(file) == kept
    with Index(file) as index:
        assert index.add(story(len(kept)))


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    """On a file system of one megabyte: the message says what to do, and nothing kept is lost."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(tmp_path)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a file system can fill one")
    try:
        file = tmp_path / "news.dedup"
        with Index(file) as index:
            with pytest.raises(StoreError, match="make room on the disk"):
                index.add_many((story(n) for n in range(100_000)), commit_every=1)
            kept = len(index)
            assert kept > 10
            assert [a.id for a in index] == [f"{n:06}" for n in range(kept)]
            subprocess.run(["mount", "-o", "remount,size=4m", str(tmp_path)], check=True)
            assert index.add(story(kept))
        assert check_whole(file) == [f"{n:06}" for n in range(kept + 1)]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


# Places that are no index


def databases(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    other = folder / "other.db"
    with sqlite3.connect(other) as sql:
        sql.execute("CREATE TABLE things (name TEXT)")
    sql.close()
    good = folder / "good.dedup"
    with Index(good) as index:
        index.add_many(story(n) for n in range(50))
    whole = good.read_bytes()
    yield "a database of somebody else's", other.read_bytes(), "not an index of dedup's"
    yield "a text", b"The minister resigned. " * 100, "not an index, or it is damaged"
    yield "half an index", whole[: len(whole) // 2], "damaged"
    spoiled = whole[:4096] + bytes(len(whole) // 2) + whole[4096 + len(whole) // 2 :]
    yield "an index with a hole", spoiled, "damaged"


def test_what_is_no_index_is_left_as_it_is(tmp_path: Path) -> None:
    """Each gets a message with the file and the reason; not a byte of it is changed."""
    for name, content, reason in databases(tmp_path):
        file = tmp_path / name
        file.write_bytes(content)

        def use(file: Path = file) -> None:
            with Index(file) as index:
                index.add_many(story(n) for n in range(60))
                list(index)

        with pytest.raises(StoreError, match=reason) as caught:
            use()
        assert str(file) in str(caught.value), name
        assert file.read_bytes() == content, name


@pytest.mark.parametrize("name", list(SETTINGS))
def test_an_index_with_other_settings_is_refused(name: str, tmp_path: Path) -> None:
    """A newer format, other bands: the message has both values and who wrote it."""
    file = tmp_path / "news.dedup"
    Index(file).close()
    with sqlite3.connect(file) as sql:
        sql.execute("UPDATE settings SET value = '99' WHERE name = ?", (name,))
    sql.close()
    with pytest.raises(
        StoreError, match=rf"has {name} '99', this version of dedup reads '.*written"
    ):
        Index(file)


@pytest.mark.parametrize("place", ["", "no folder/news.dedup", "."])
def test_a_place_for_no_file_is_refused(place: str, tmp_path: Path) -> None:
    """A folder, a file in a folder that is not there."""
    with pytest.raises(StoreError, match="name a file"):
        Index(f"{tmp_path}/{place}")
    with pytest.raises(StoreError, match="no such index"):
        Index(tmp_path / "missing.dedup", readonly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_index_answers_and_refuses(tmp_path: Path) -> None:
    """Opened for reading only it answers, also where nothing may be written; it adds nothing."""
    file = tmp_path / "news.dedup"
    with Index(file) as index:
        index.add_many(story(n) for n in range(5))
        index.clusters()
    file.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with Index(file, readonly=True) as index:
            assert [c.id for c in index.check(story(3).text).candidates][:2] == ["000003", "000004"]
            assert len(index.clusters()) == 1
            for write in (lambda: index.add(story(9)), lambda: index.remove("000001")):
                with pytest.raises(StoreError, match="for reading only"):
                    write()
            assert len(index) == 5
    finally:
        tmp_path.chmod(0o755)


def test_a_file_that_is_gone_keeps_nothing(tmp_path: Path) -> None:
    """Who adds to an index whose file was deleted, or replaced by another one, is told."""
    file = tmp_path / "news.dedup"
    with Index(file) as index:
        index.add(story(1))
        file.unlink()
        with pytest.raises(StoreError, match="was deleted or replaced"):
            index.add(story(2))
        Index(file).close()
        with pytest.raises(StoreError, match="was deleted or replaced"):
            index.add_many([story(2), story(3)])
    with Index(file) as index:
        assert len(index) == 0


def test_an_index_that_has_just_been_begun_is_empty(tmp_path: Path) -> None:
    """Who only reads it hears that, not that it is none."""
    file = tmp_path / "news.dedup"
    file.touch()
    with pytest.raises(StoreError, match="no index has been made there yet"):
        Index(file, readonly=True)


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    """Also to who closes it twice: nothing."""
    index = Index(tmp_path / "news.dedup")
    index.close()
    index.close()
    with pytest.raises(StoreError, match="closed"):
        len(index)


# Several at once


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Four processes add at once: every article is there once, and all is whole."""
    file = tmp_path / "news.dedup"
    Index(file).close()

    def work(own: int) -> Callable[[], None]:
        def add() -> None:
            with Index(file) as index:
                for n in range(own, 200, 4):
                    index.check_and_add(story(n))
                    index.add(story(n // 2))

        return add

    children = [in_a_child(work(own)) for own in range(4)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    there = check_whole(file)
    assert sorted(there) == [f"{n:06}" for n in range(200)]


def test_a_reader_sees_one_state(tmp_path: Path) -> None:
    """While another process writes, what is read in one go fits together, and a later question
    sees what was added."""
    file = tmp_path / "news.dedup"
    with Index(file) as writer, Index(file, readonly=True) as reader:
        writer.add_many(story(n) for n in range(4))
        with writer.batch():
            writer.add(story(100))
            assert len(reader) == 4
            assert "000100" not in {c.id for c in reader.check(story(100).text).candidates}
        assert reader.check(story(100).text).candidates[0].id == "000100"


def test_a_writer_that_dies_frees_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed in the middle of a batch leaves nothing of it, and nobody waits."""
    file = tmp_path / "news.dedup"
    with Index(file) as index:
        index.add(story(0))
    reader, told = os.pipe()

    def work() -> None:
        with Index(file) as index, index.batch():
            index.add_many(story(n) for n in range(1, 50))
            os.write(told, b"x")
            signal.pause()

    child = in_a_child(work)
    os.read(reader, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    monkeypatch.setattr(sqlite, "PATIENCE", 0.0)
    with Index(file) as index:
        assert index.add(story(3))
    assert check_whole(file) == ["000000", "000003"]


def test_a_writer_that_waits_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what it waited for."""
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    file = tmp_path / "news.dedup"
    with Index(file) as one, Index(file) as other, one.batch():
        one.add(story(1))
        with pytest.raises(StoreError, match=f"{file}.*try again"):
            other.add(story(2))


def test_a_clock_that_goes_backwards_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer reads a clock: the order of adding is counted."""
    file = tmp_path / "news.dedup"
    with Index(file) as index:
        for n in range(10):
            monkeypatch.setattr(time, "time", lambda n=n: 1e9 - n * 1e6)
            index.add(story(n))
        assert [a.id for a in index] == [f"{n:06}" for n in range(10)]
        assert [c.id for c in index.check(story(3).text).candidates][:2] == ["000003", "000004"]


def test_asking_goes_on_while_clusters_are_worked_out(tmp_path: Path) -> None:
    """Relating pairs holds no lock: another thread adds meanwhile, and nothing is missed."""
    with Index(tmp_path / "news.dedup") as index:
        index.add_many(story(n) for n in range(60))
        thread = threading.Thread(target=index.settle)
        thread.start()
        for n in range(60, 80):
            index.add(story(n))
        thread.join()
        members = {id for cluster in index.clusters() for id in cluster.members}
        assert {f"{n:06}" for n in range(80) if n % 5 in (3, 4)} <= members


def test_opening_in_a_new_process_is_quick(tmp_path: Path) -> None:
    """Neither scikit-learn nor numba nor language models are loaded to open and to add."""
    script = (
        "import sys, dedup; i = dedup.Index(sys.argv[1]); i.add(dedup.Article('a', 'One two.'));"
        "print([m for m in ('numba', 'sklearn', 'py3langid') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a.dedup")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
