"""Many machines: whether Spark finds what one machine finds, and what that costs.

    python -m benchmarks.spark [--articles 20000] [--near 100000] [--encoder none] [--kill]

Starts a cluster of two workers on this machine (`benchmarks.spark_cluster`). `compare` of made
articles of 490 words, one in ten made from another one, mixed with the open families, and
`near_duplicates` of made articles: on one machine in a process, and on the cluster, with the CPU of
all its processes, and the bytes that executors wrote to be shuffled. Answers are compared byte by
byte. A first, small run starts Java and compiles the kernels; what follows is measured without it.
The families are in several languages, and most of the time of a small run goes into their sentence
vectors; `--encoder none` does without. `--kill` ends one of the workers, with all that it has read
on its disk, between reading and relating.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.corpus import SHORT_SPAN, corpus
from benchmarks.families.gold import families
from benchmarks.processes import TICKS, Usage, read_usage
from benchmarks.spark_cluster import Cluster, missing, start_cluster
from dedup import Article, compare, near_duplicates
from dedup.embed import DEFAULT_ENCODER
from dedup.pipeline.reading import FIELDS
from dedup.report import render

# With families-c there are enough articles in other languages to be compared across them, which the
# driver prepares one by one.
SETS = ("families", "families-b")
DERIVED = 0.1
FIRST = 50  # articles of the run that is not measured
MEMORY = "2g"  # of each worker


@dataclass
class Cost:
    """What some work took."""

    cpu: float = 0.0
    wall: float = 0.0
    shuffled: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found to be equal, and the costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark")
    parser.add_argument("--articles", type=int, default=20_000, help="made ones, for compare")
    parser.add_argument("--near", type=int, default=100_000, help="for near_duplicates")
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, help="none for no vectors")
    parser.add_argument("--kill", action="store_true", help="kill a worker in mid-run")
    options = parser.parse_args(argv)
    if reason := missing() or (None if data.available() else f"no evaluation data in {data.DATA}"):
        print(reason)
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        start_cluster(2, memory=MEMORY) as cluster,
        open_session(cluster) as spark,
    ):
        # Imported when PYSPARK_PYTHON is set.
        import dedup.spark as many

        first = write(spark, mixed(FIRST)[:FIRST], Path(folder) / "first")
        many.near_duplicates(first).unpersist()
        many.compare(first)
        equal = True
        if options.near:
            equal &= measure_near(spark, options.near, Path(folder))
        if options.articles:
            encoder = None if options.encoder == "none" else options.encoder
            arguments = (options.articles, Path(folder), cluster, options.kill, encoder)
            equal &= measure_compare(spark, *arguments)
    return 0 if equal else 1


def measure_near(spark: Any, count: int, folder: Path) -> bool:
    """`near_duplicates` of made articles: whether labels are equal, and both costs."""
    import dedup.spark as many

    texts = corpus(count, derived=DERIVED).texts
    ids = [f"{n:09}" for n in range(count)]
    rows = write(spark, [Article(*row) for row in zip(ids, texts, strict=True)], folder / "near")
    own, alone = measured(lambda: near_duplicates(texts, threads=1))
    expected = {ids[n]: ids[first] for n, first in enumerate(own.labels.tolist())}
    labels, cost = measured(lambda: many.near_duplicates(rows), spark)
    table = labels.toArrow()
    columns = (table.column(name).to_pylist() for name in ("id", "cluster"))
    equal = dict(zip(*columns, strict=True)) == expected
    show(f"near_duplicates, {count:,} articles", count, alone, cost, equal)
    return equal


def measure_compare(
    spark: Any, count: int, folder: Path, cluster: Cluster, kill: bool, encoder: str | None
) -> bool:
    """`compare` of made articles and the open families: whether the reports are equal, byte for
    byte, and both costs."""
    import dedup.spark as many

    articles = mixed(count)
    rows = write(spark, articles, folder / "compare")
    articles.sort(key=lambda article: article.id)
    own, alone = measured(lambda: compare(articles, threads=1, encoder=encoder))
    killed = list[str]()

    def progress(stage: str, done: int, total: int) -> None:
        if kill and not killed:
            cluster.kill_worker(0)
            killed.append(stage)

    found, cost = measured(lambda: many.compare(rows, progress=progress, encoder=encoder), spark)
    equal = render(found.result, "jsonl") == render(own, "jsonl")
    tables = (found.clusters, own.clusters_table()), (found.edges, own.edges_table())
    equal &= all(frame.toArrow().to_pylist() == table.to_pylist() for frame, table in tables)
    name = f"compare, {len(articles):,} articles, {len(own.clusters):,} clusters"
    name += f", a worker killed after {killed[0]!r}" if killed else ""
    show(name, len(articles), alone, cost, equal)
    return equal


def mixed(count: int) -> list[Article]:
    """Made articles and the open families."""
    made = corpus(count, derived=DERIVED, span=SHORT_SPAN).texts
    articles = [Article(f"made-{n:07}", text) for n, text in enumerate(made)]
    for name in SETS:
        articles += families(name).articles
    return articles


def write(spark: Any, articles: Sequence[Article], path: Path) -> Any:
    """The articles as a frame that is read from Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.mkdir()
    schema = pa.schema([(field, pa.string()) for field in FIELDS])
    parts = 8
    for n in range(parts):
        rows = [
            {f: str(v) if (v := getattr(a, f)) is not None else None for f in FIELDS}
            for a in articles[n::parts]
        ]
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path / f"part-{n}.parquet")
    return spark.read.parquet(str(path))


def measured(work: Callable[[], Any], spark: Any = None) -> tuple[Any, Cost]:
    """What some work gives, and what it costs: of the cluster, if `spark` is its session, else of
    this process."""
    begin, wall, written = cpu_seconds(), time.perf_counter(), shuffled(spark)
    given = work()
    return given, Cost(cpu_seconds() - begin, time.perf_counter() - wall, shuffled(spark) - written)


def show(name: str, count: int, alone: Cost, many: Cost, equal: bool) -> None:
    """Print both costs."""
    print(f"{name}: the answers are {'equal' if equal else 'NOT EQUAL'}")
    print(f"{'':>14}{'CPU s':>9}{'CPU ms each':>13}{'wall s':>9}{'shuffled, bytes each':>22}")
    for where, cost in (("one machine", alone), ("two workers", many)):
        print(f"{where:>14}{cost.cpu:>9.1f}{cost.cpu / count * 1000:>13.3f}{cost.wall:>9.1f}"
              f"{cost.shuffled / count:>22.0f}")  # fmt: skip
    print(f"{'':>14}CPU × {many.cpu / alone.cpu:.2f}\n", flush=True)


def cpu_seconds() -> float:
    """The CPU that this process, and all that it has started, has taken so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = usage.ru_utime + usage.ru_stime
    usages: dict[int, Usage] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it has just ended
                usages[int(entry.name)] = read_usage(int(entry.name))
    ours, edge = set[int](), {os.getpid()}
    while edge:
        edge = {process for process, usage in usages.items() if usage.parent in edge} - ours
        ours |= edge
    return spent + sum(usages[one].own + usages[one].waited_for for one in ours) / TICKS


def shuffled(spark: Any) -> int:
    """The bytes that executors have written to be shuffled so far."""
    if spark is None:
        return 0
    time.sleep(1)  # what an executor has written is reported with the end of its task
    executors = spark.sparkContext._jsc.sc().statusStore().executorList(False)
    return sum(executors.apply(n).totalShuffleWrite() for n in range(executors.size()))


@contextmanager
def open_session(cluster: Cluster) -> Iterator[Any]:
    """A session on the cluster."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings: dict[str, bool | float | int | str | None] = {
        "spark.master": cluster.address,
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "1g",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
    }
    spark = SparkSession.builder.config(map=settings).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
