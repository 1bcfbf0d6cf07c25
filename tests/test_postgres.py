"""PostgreSQL: it says what a file says, whoever else writes, whatever is killed or restarted."""

import json
import lzma
import os
import random
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from patience import wait_until
from places import query, server

from benchmarks.data import DATA
from dedup.article import Article
from dedup.errors import InputError, MissingExtra, StoreError
from dedup.index import Index
from dedup.index.records import Content
from dedup.pipeline import Verdict
from seeds import ROOT

__all__ = ["server"]  # a fixture

RESTART = os.environ.get("DEDUP_TEST_POSTGRES_RESTART", "")

# Both stores give the same


def told(verdict: Verdict) -> list[tuple[str, float]]:
    """What the store found for an article: of the same candidates the same matches are made."""
    return [(candidate.id, candidate.resemblance) for candidate in verdict.candidates]


def matched(verdict: Verdict) -> list[Any]:
    """What comes of it."""
    return [(match.article, match.relation) for match in verdict.matches]


def stories() -> list[Article]:
    """The seeds, and of each an exact copy, a light edit, and a page around its beginning."""
    found = []
    for day, path in enumerate(sorted((ROOT / "seeds").glob("*.txt")), 10):
        text, id = path.read_text("utf-8"), path.stem[:3]
        words = text.split(" ")
        edited = " ".join("troops" if n % 41 == 40 else word for n, word in enumerate(words))
        half = " ".join(words[: len(words) // 2])
        page = f"Read more: ten pictures of the week.\n\n{half}\n\nSubscribe to our letter."
        variants = {"": text, "-copy": text, "-edit": edited, "-page": page}
        found += [
            Article(f"{id}{name}", said, published=f"2025-03-{day}", extra={"nul": "\x00"})
            for name, said in variants.items()
        ]
    return [*found, Article("empty", ""), Article("short", "North Korea.")]


def arrive(index: Index) -> Iterator[Any]:
    """What an index says while articles come, are replaced and go."""
    articles = stories()
    random.Random(3).shuffle(articles)
    for verdict in index.check_and_add_many(articles[:15], commit_every=4):
        yield told(verdict)
    yield index.clusters()
    index.add_many(articles[15:])
    yield [told(index.check_and_add(article)) for article in articles[12:18]]
    yield index.clusters()
    for id in ("000", "001-copy", "003", "000-copy", "002-edit"):
        index.remove(id)
        yield [article.id for article in index], [told(index.check(a)) for a in articles]
    index.update(Article("003-edit", articles[0].text, published="2024-12-31"))
    index.update(Article("000", articles[1].text))
    with pytest.raises(InputError, match="another text"):
        index.add(Article("000", "Something else."))
    with suppress(ZeroDivisionError), index.batch():
        index.remove("short")
        raise ZeroDivisionError
    yield index.clusters()
    yield [told(index.check(article)) for article in articles]
    yield [matched(index.check(article)) for article in articles[:4]]
    for window in ({"since": "2025-03-11"}, {"until": "2025-03-11"}, {"since": "2026-01-01"}):
        yield [told(index.check(article, **window)) for article in articles]
        yield [article.id for article in index.articles(**window)]
    sizes = index.stats()
    yield len(index), sizes.bands, sizes.terms, sizes.pending, sizes.relations, sizes.clusters


def test_both_stores_say_the_same_of_the_seeds(server: str, tmp_path: Path) -> None:
    """Verdicts, clusters and their ids are equal at every step."""
    with Index(tmp_path / "news.dedup") as file, Index(server) as base:
        for step, (one, other) in enumerate(zip(arrive(file), arrive(base), strict=True)):
            assert one == other, f"step {step}"


@pytest.mark.data
def test_both_stores_say_the_same_of_real_articles(server: str, tmp_path: Path) -> None:
    """Of a hundred articles found on the web, clusters and all."""
    path = DATA / "families.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line, _ in zip(lines, range(100), strict=False)]
    # As a feed has them, for clusters of long articles take their time.
    articles = [Article(record["id"], record["text"][:1_500]) for record in records]
    with Index(tmp_path / "news.dedup") as file, Index(server) as base:
        verdicts = [
            [told(verdict) for verdict in index.check_and_add_many(articles, commit_every=30)]
            for index in (file, base)
        ]
        assert verdicts[0] == verdicts[1]
        assert any(verdicts[0])
        assert file.clusters() == base.clusters() != ()


# A server that many share


def start(work: Callable[..., None], *args: Any) -> Any:
    process = get_context("spawn").Process(target=work, args=args)
    process.start()
    return process


def crawl(place: str, turn: int) -> None:
    """One of several crawlers, which all meet the same articles, each in an order of its own."""
    articles = stories()
    random.Random(turn).shuffle(articles)
    with Index(place) as index:
        for n, article in enumerate(articles):
            if n % 3 == 0:
                index.check_and_add(article)
            elif n % 3 == 1:
                index.add_many([article, *articles[n + 1 : n + 3]])
            else:
                index.check(article)
        index.settle(10)


def test_four_processes_add_and_check_at_once(server: str, tmp_path: Path) -> None:
    """No article is lost or there twice, and verdicts are those of a file with the same."""
    crawlers = [start(crawl, server, turn) for turn in range(4)]
    for crawler in crawlers:
        crawler.join()
    assert [crawler.exitcode for crawler in crawlers] == [0] * 4
    with Index(server) as base, Index(tmp_path / "news.dedup") as file:
        articles = list(base)
        ids = [article.id for article in articles]
        assert sorted(ids) == sorted(article.id for article in stories())
        assert len(base) == len(ids)
        assert query(server, "SELECT max(number) FROM articles") == [(len(ids),)]
        file.add_many(articles)
        for article in articles:
            assert told(file.check(article)) == told(base.check(article))
        file._store.merge_recent()  # postings wait in a file
    for rows in ("key, number FROM bands", "term, numbers FROM terms", "a, b FROM pairs"):
        ordered = f"SELECT {rows} ORDER BY 1, 2"
        assert query(str(tmp_path / "news.dedup"), ordered) == query(server, ordered) != []


def add_without_end(place: str, told: str) -> None:
    """Add in batches of five, and write down how many are kept."""
    texts = [article.text for article in stories() if article.text]
    articles = (Article(f"{n}", f"{n} {texts[n % len(texts)]}") for n in range(100_000))
    with Index(place) as index, open(told, "a") as file:

        def progress(done: int) -> None:
            file.write(f"{done}\n")
            file.flush()

        index.add_many(articles, commit_every=5, progress=progress)


def has_lines(file: Path, count: int) -> bool:
    """Whether another process has written so many lines."""
    return file.exists() and file.read_text().count("\n") >= count


def test_a_killed_process_leaves_whole_batches(server: str, tmp_path: Path) -> None:
    """After kill -9 at any moment all that was acknowledged is there, nothing half of it is,
    and the next writer gets its turn."""
    Index(server).close()
    moments = random.Random(8)
    for turn in range(4):
        before, done = query(server, "SELECT count(*) FROM articles")[0][0], tmp_path / f"{turn}"
        process = start(add_without_end, server, str(done))
        wait_until(has_lines, done, moments.randrange(1, 40))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        acknowledged = int(done.read_text().split("\n")[-2])
        with Index(server) as index:
            index.update(Article("next", "Guns reach Crimea."))
            index.remove("next")
            ids = [article.id for article in index]
            assert len(index) == len(ids) == len(set(ids))
            assert len(ids) >= max(before, acknowledged)
            assert len(ids) % 5 == 0
            assert ids == [str(n) for n in range(len(ids))]
    counted = query(server, "SELECT count(*), count(DISTINCT id) FROM articles JOIN contents "
                            "USING (number)")  # fmt: skip
    assert counted == [(len(ids), len(ids))]
    orphans = "SELECT count(*) FROM bands WHERE number NOT IN (SELECT number FROM articles)"
    assert query(server, orphans) == [(0,)]


def hold(place: str, told: str) -> None:
    """Begin a batch, and do not end it."""
    with Index(place) as index, index.batch():
        index.add_many(stories())
        Path(told).write_text("held\n")
        signal.pause()


def test_a_process_killed_within_a_batch_frees_the_lock(server: str, tmp_path: Path) -> None:
    """Nothing of the batch is there, and others can write: who waits too long gets an error."""
    process = start(hold, server, str(tmp_path / "held"))
    wait_until(has_lines, tmp_path / "held", 1)
    with Index(server) as index:
        assert len(index) == 0
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert index.add(Article("next", "Guns reach Crimea."))
        assert [article.id for article in index] == ["next"]
        assert index.stats().bands == 25


def cut(server: str) -> None:
    """End all other connections to the server, as its administrator may."""
    ours = "FROM pg_stat_activity WHERE application_name = 'dedup'"
    query(server, f"SELECT pg_terminate_backend(pid) {ours}")


def restart() -> None:
    subprocess.run(shlex.split(RESTART), check=True, stdout=subprocess.DEVNULL)


def add_and_lose(index: Index, lose: Callable[[], None], following: list[Article]) -> None:
    """A batch that adds an article, loses the connection, and then adds others."""
    with index.batch():
        index.add(Article("lost", "Guns reach Crimea."))
        lose()
        index.add_many(following)


def test_a_connection_lost_between_calls_is_opened_again(server: str) -> None:
    """The next call does not notice, whether it reads or writes."""
    with Index(server) as index:
        index.add(Article("a", "Guns reach Crimea."))
        cut(server)
        assert len(index) == 1
        cut(server)
        index.add(Article("b", "Guns reach Crimea, officials say."))
        assert [article.id for article in index] == ["a", "b"]


def test_a_connection_lost_within_a_batch_is_an_error(server: str) -> None:
    """Nothing of the batch is kept, the error says so, and the next call connects again."""
    with Index(server) as index:
        for following in ([Article("b", "Guns reach Crimea, officials say.")], []):
            with pytest.raises(StoreError, match=r"dedup_schema=test_.* not kept"):
                add_and_lose(index, lambda: cut(server), following)
            assert list(index) == []
        assert index.add(Article("a", "Guns reach Crimea."))
        assert len(index) == 1


def test_a_restarted_server_is_found_again(server: str) -> None:
    """What was kept is there, and the same index goes on."""
    if not RESTART:
        pytest.skip("how to restart the server is not in DEDUP_TEST_POSTGRES_RESTART")
    with Index(server) as index:
        index.add(Article("a", "Guns reach Crimea."))
        restart()
        assert index.get("a") is not None
        with pytest.raises(StoreError, match="not kept"):
            add_and_lose(index, restart, [Article("b", "Guns reach Crimea, officials say.")])
        assert index.add(Article("b", "Guns reach Crimea, officials say."))
        assert [article.id for article in index] == ["a", "b"]


def test_an_error_that_was_swallowed_keeps_nothing(server: str) -> None:
    """A batch of which a part failed is not kept, though nobody said so."""
    with Index(server) as index:
        store = index._store
        with pytest.raises(StoreError), store.writing():  # noqa: PT012
            index.add(Article("a", "Guns reach Crimea."))
            store.insert("a", None, None, False, b"", Content("{}", None))
            with suppress(Exception):
                store.count()
        assert len(index) == 0


def test_no_lookup_walks_through_a_table(server: str) -> None:
    """Every one goes by an index, in a new table too, which nobody has counted yet."""
    Index(server).close()
    for (table,) in query(server, "SELECT relname FROM pg_stat_user_tables "
                                  "WHERE schemaname = current_schema()"):  # fmt: skip
        query(server, f"ALTER TABLE {table} SET (autovacuum_enabled = off)")  # nor does meanwhile
    walks = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()"
    before = dict(query(server, walks))
    with Index(server) as index:
        texts = [article.text for article in stories() if article.text]
        for n, text in enumerate(texts):
            index.check_and_add(Article(f"{n}", text))
        index.settle(20)
        index.update(Article("0", "Guns reach Crimea."))
        index.remove("1")
        for article in index:
            index.check(article)
    # The process of a connection adds its counts before it goes.
    ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'dedup'"
    wait_until(lambda: not query(server, ours))
    after = dict(query(server, walks))
    small = {"settings", "counters"}
    assert {n: walked for n, walked in after.items() if n not in small} == {
        n: walked for n, walked in before.items() if n not in small
    }


# Addresses


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://u:se@h/db", "postgresql://u:***@h/db"),
        ("postgresql://u@h/db?password=se", "postgresql://u@h/db?password=***"),
        ("postgres://u:se@h:1,i:2/db?dedup_schema=n", "postgres://u:***@h:1,i:2/db?dedup_schema=n"),
        ("postgresql://u@h/db?dedup_schema=n&sslpassword=se&connect_timeout=1",
         "postgresql://u@h/db?dedup_schema=n&sslpassword=***&connect_timeout=1"),
    ],
)  # fmt: skip
def test_a_password_is_never_shown(given: str, shown: str) -> None:
    """Neither in the place nor in what is told of it."""
    pytest.importorskip("psycopg")
    from dedup.index.postgres.connection import parse_address

    where = parse_address(given)
    assert where.display == shown
    assert where.schema == ("n" if "dedup_schema" in given else "dedup")
    assert "dedup_schema" not in where.parameters
    assert "se" in where.parameters.values() or "se" in str(where.parameters)
    assert "'se'" not in repr(where)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://u:sec@ret@h/db", "postgresql://u:sec/ret@h/db", "postgresql://u:sec@h/d%zz",
        "postgresql://u:sec@h/db?dedup_schema=No-Such", "postgresql://u:sec@h/db?dedup_schema=",
        "postgresql://u:sec@h/db?nonsense=1", "postgresql://u:sec@127.0.0.1:1/db",
        "postgresql://u:sec@[::1/db",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_told_without_its_password(given: str) -> None:
    """With the place, and what to do about it."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match=r"postgresql://u:\*\*\*@") as error:
        Index(given)
    trace: BaseException | None = error.value
    while trace is not None:
        assert "sec" not in str(trace).replace("seconds", "")
        assert "ret@" not in str(trace)
        trace = trace.__cause__


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the line that installs it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'dedup-news\[postgres\]'"):
        Index("postgresql://localhost/news")
