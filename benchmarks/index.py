"""An index that grows: what one more article costs, and what it finds.

    python -m benchmarks.index [--stop 1000000] [--agreement]

Fills a `dedup.Index` in a file with made news of 490 words (`benchmarks.corpus`, one in five
made from another one; each original has eight names that few others have, for real news always
brings new ones), kept by thousands. At 10k, 100k and 1M articles it prints for `check_and_add`,
called article by article within such batches: CPU milliseconds, median, 99th percentile and
mean with the commits; bytes an article without the texts; seconds to open the file and answer
in a new process; and of the articles made from another one the share that finds it.

Beside it, in the same run and with signatures made beforehand (which spares them the reading of
texts): datasketch's MinHashLSH with the same bands in memory, the same on a Redis server of its
own if there is one on the path, and the plain table of bands that one would write in SQLite.
They verify nothing and keep no text. `--agreement` compares the clusters of an index with those
of `dedup.compare`, for real articles in several orders of arrival.
"""

import argparse
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks import data
from benchmarks.corpus import corpus
from benchmarks.families.gold import families
from dedup import Article, Index, compare
from dedup.candidates.near import BANDS, ROWS
from dedup.index.interchange import minhash
from dedup.index.search import band_keys
from dedup.sketch import PERMUTATIONS, signatures

STEPS = (10_000, 100_000, 1_000_000)
BLOCK = 20_000  # articles made at once; what is made of another one stands in its block
DERIVED = 0.2
NAMES, POOL = 8, 5_000_000  # names of an original, and how many there are
MEASURED = 2_000  # articles of which each is timed
COMMIT_EVERY = 1_000
PEERS_STOP = 10_000  # Redis takes 6 ms an article
ORDERS = 5

OPENED = """
import sys, time
begin = time.perf_counter()
from dedup import Index
index = Index(sys.argv[1])
opened = time.perf_counter()
index.check(open(sys.argv[2], encoding="utf-8").read())
print(f"{opened - begin:.2f} {time.perf_counter() - begin:.2f}")
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index")
    parser.add_argument("--stop", type=int, default=STEPS[1], help="articles at most")
    parser.add_argument("--agreement", action="store_true", help="compare clusters only")
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    if options.agreement:
        agreement()
        return 0
    steps = [step for step in STEPS if step <= options.stop]
    print(f"{'articles':>10}{'median ms':>11}{'p99 ms':>9}{'mean, kept':>12}{'bytes each':>12}"
          f"{'with texts':>12}{'open s':>8}{'answer s':>10}{'found':>7}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder) / "news.dedup", steps)
    peers([step for step in steps if step <= PEERS_STOP])
    return 0


def made() -> Iterator[tuple[Article, set[str]]]:
    """Articles without end, each with the ids of those before it that are made from the same."""
    chance = random.Random(1)
    for block in range(sys.maxsize):
        texts = corpus(BLOCK, derived=DERIVED, seed=block)
        before: dict[int, set[str]] = {}
        names: dict[int, str] = {}
        for n, (text, group) in enumerate(zip(texts.texts, texts.groups.tolist(), strict=True)):
            if group not in names:
                ranks = (int(POOL ** chance.random()) for _ in range(NAMES))
                names[group] = " ".join(f"N{rank:x}q" for rank in ranks)
            id = f"{block}-{n}"
            earlier = before.setdefault(group, set())
            yield Article(id, f"{text}\n\n{names[group]}."), set(earlier)
            earlier.add(id)


def grow(file: Path, steps: Sequence[int]) -> None:
    """Fill an index up to each step and measure there."""
    articles = made()
    with Index(file) as index:
        held = 0
        for step in steps:
            index.add_many((a for a, _ in islice(articles, step - held)))
            times, commits, met = measured(index, list(islice(articles, MEASURED)))
            held = step + MEASURED
            sizes = index.stats()
            lean = (sizes.bytes - sizes.text_bytes) / sizes.articles
            opened, answered = _opened(file)
            mean = (sum(times) + commits) / len(times)
            print(f"{step:>10,}{np.median(times):>11.2f}{np.percentile(times, 99):>9.2f}"
                  f"{mean:>12.2f}{lean:>12.0f}{sizes.bytes / sizes.articles:>12.0f}"
                  f"{opened:>8}{answered:>10}{met:>7.3f}", flush=True)  # fmt: skip


def measured(
    index: Index, articles: Sequence[tuple[Article, set[str]]]
) -> tuple[list[float], float, float]:
    """CPU milliseconds of each call and of the commits, and the share of the articles with an
    earlier version that find one."""
    times, commits = [], 0.0
    asked = met = 0
    for at in range(0, len(articles), COMMIT_EVERY):
        with index.batch():
            for article, earlier in articles[at : at + COMMIT_EVERY]:
                begin = time.thread_time()
                verdict = index.check_and_add(article)
                times.append((time.thread_time() - begin) * 1000)
                asked += bool(earlier)
                met += not earlier.isdisjoint(c.id for c in verdict.candidates)
            begin = time.thread_time()
        commits += (time.thread_time() - begin) * 1000
    return times, commits, met / max(asked, 1)


def _opened(file: Path) -> tuple[str, str]:
    """Seconds until a new process has the index open, and its first answer."""
    draft = file.with_name("draft.txt")
    draft.write_text("The minister resigned on Friday over the lost millions.", "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", OPENED, str(file), str(draft)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    opened, answered = run.stdout.split()
    return opened, answered


def peers(steps: Sequence[int]) -> None:
    """What the others take, in CPU milliseconds of this process, with signatures given."""
    print(f"\n{'articles':>10}{'datasketch in memory':>24}{'datasketch on Redis':>24}"
          f"{'plain SQLite table':>24}   (mean ms)")  # fmt: skip
    count = max(steps) + 3 * MEASURED
    signed = signatures(a.text for a, _ in islice(made(), count))
    with _redis() as storage, tempfile.TemporaryDirectory() as folder:
        plain = _plain(Path(folder) / "plain.db")
        calls: list[Callable[[int], None] | None] = [
            _datasketch(signed, None), _datasketch(signed, storage) if storage else None,
            lambda n: plain(n, band_keys(signed[n : n + 1])[0].tolist()),
        ]  # fmt: skip
        held = [0] * len(calls)
        for step in steps:
            figures = []
            for n, call in enumerate(calls):
                if call is None:
                    figures.append("no redis-server")
                    continue
                for number in range(held[n], step):
                    call(number)
                begin = time.process_time()
                for number in range(step, step + MEASURED):
                    call(number)
                figures.append(f"{(time.process_time() - begin) / MEASURED * 1000:.2f}")
                held[n] = step + MEASURED
            print(f"{step:>10,}" + "".join(f"{figure:>24}" for figure in figures), flush=True)


def _datasketch(
    signed: "np.typing.NDArray[np.uint32]", storage: dict[str, object] | None
) -> Callable[[int], None]:
    from datasketch import MinHashLSH

    lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS), storage_config=storage)

    def call(number: int) -> None:
        made = minhash(signed[number])
        lsh.query(made)
        lsh.insert(str(number), made, check_duplication=False)

    return call


def _plain(file: Path) -> Callable[[int, list[int]], None]:
    sql = sqlite3.connect(file, isolation_level=None)
    sql.execute("PRAGMA journal_mode=WAL")
    sql.execute("CREATE TABLE bands (key INTEGER, article TEXT)")
    sql.execute("CREATE INDEX keys ON bands (key)")
    sql.execute("BEGIN")
    query = f"SELECT DISTINCT article FROM bands WHERE key IN ({','.join('?' * BANDS)})"

    def call(number: int, keys: list[int]) -> None:
        sql.execute(query, keys).fetchall()
        sql.executemany("INSERT INTO bands VALUES (?, ?)", [(key, str(number)) for key in keys])
        if number % COMMIT_EVERY == 0:
            sql.execute("COMMIT")
            sql.execute("BEGIN")

    return call


@contextmanager
def _redis() -> Iterator[dict[str, object] | None]:
    """A Redis server of our own, as datasketch takes it; None where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [program, "--port", str(port), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            time.sleep(1)
            yield {"type": "redis", "redis": {"host": "127.0.0.1", "port": port}}
        finally:
            server.terminate()
            server.wait()


def agreement() -> None:
    """Clusters of an index against those of a comparison, by pairs that only one of them has."""
    articles = list(families().articles)
    whole = _pairs(cluster.members for cluster in compare(articles, encoder=None).clusters)
    print(f"{len(articles)} real articles, {len(whole)} pairs in clusters by dedup.compare")
    for order in range(ORDERS):
        arriving = articles[:]
        random.Random(order).shuffle(arriving)
        with Index(":memory:") as index:
            index.add_many(arriving)
            pairs = index.stats().pending
            found = _pairs(cluster.members for cluster in index.clusters())
        print(f"order {order}: {pairs / len(articles):.1f} pairs an article related; "
              f"missed {len(whole - found)}, more {len(found - whole)}", flush=True)  # fmt: skip


def _pairs(groups: Iterator[tuple[str, ...]]) -> set[tuple[str, str]]:
    return {(a, b) for group in groups for a in group for b in group if a < b}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    raise SystemExit(main())
