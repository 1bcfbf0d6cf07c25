"""Many machines: what two workers of Spark find is what one machine finds, whatever dies.

All tests share one cluster, a master and two workers, which the last of them kills one of.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dedup
import dedup.spark
from benchmarks.spark_cluster import Cluster, missing, start_cluster
from dedup import Article, InputError, Result
from dedup.pipeline.reading import FIELDS
from dedup.report import render
from dedup.spark.__main__ import begin_output, write_lines
from seeds import SEEDS

pa = pytest.importorskip("pyarrow")

FRAME = "The {} of {} and the {} in {} were not {} for the {} that {} had {} from {} to {}."
STORIES = 80
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # of Java, for what lasts seconds


def story(n: int) -> str:
    """A short report that shares next to nothing with the next."""
    chance = random.Random(n)

    def word() -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))

    return "\n".join(FRAME.format(*(word() for _ in range(10))) for _ in range(5))


def bare(article: Article) -> Article:
    """The article without what a frame has no column for."""
    return replace(article, extra={})


def collection() -> list[Article]:
    """Reports; of every fourth one a version, copies of three, the seeds, and what has no words."""
    articles = [Article(f"r{n:03}", story(n), publisher="Wire") for n in range(STORIES)]
    for n in range(0, STORIES, 4):
        lines = story(n).split("\n")
        retold = "\n".join((*lines[1:], f"Our reporter in town {n} was there, Wire reported."))
        articles.append(Article(f"v{n:03}", retold, published="2025-03-28", publisher="Courier"))
    articles += [Article(f"c{n:03}", story(n % 3), title=f"Copy {n}") for n in range(24)]
    articles += [Article("é", "…"), Article("empty", ""), *map(bare, dedup.read(SEEDS))]
    random.Random(1).shuffle(articles)
    return articles


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two workers of one core."""
    if reason := missing():
        pytest.skip(reason)
    with start_cluster(2) as started:
        yield started


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[Any]:
    """The session that all tests share."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.master": cluster.address,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.driver.extraJavaOptions": QUICK,
        "spark.executor.extraJavaOptions": QUICK,
        "spark.sql.shuffle.partitions": "2",
        "spark.task.maxFailures": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
    }
    session = SparkSession.builder.config(map=settings).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def known() -> Result:
    """What one machine finds."""
    return dedup.compare(by_id(collection()))


def frame(spark: Any, articles: list[Article], parts: int = 4, **names: str) -> Any:
    """The articles as rows."""
    schema = pa.schema([(names.get(field, field), pa.string()) for field in FIELDS])
    rows = [
        {names.get(f, f): str(v) if (v := getattr(a, f)) is not None else None for f in FIELDS}
        for a in articles
    ]
    return spark.createDataFrame(pa.Table.from_pylist(rows, schema=schema)).repartition(parts)


def kept_frames(spark: Any) -> set[int]:
    """Which frames the executors keep, by number."""
    return set(spark.sparkContext._jsc.getPersistentRDDs().keySet())


def by_id(articles: list[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: article.id)


def test_labels_are_those_of_one_machine(spark: Any) -> None:
    """Each text is in the cluster of the same first one, whatever part of the frame it is in; a
    text without words is alone. Of the work only the labels stay on the executors."""
    articles = by_id(collection())
    known = dedup.near_duplicates([article.text for article in articles], threshold=0.5)
    expected = {articles[i].id: articles[n].id for i, n in enumerate(known.labels.tolist())}
    before = kept_frames(spark)
    labels = dedup.spark.near_duplicates(frame(spark, articles, id="key"), id="key", threshold=0.5)
    assert len(kept_frames(spark) - before) == 1
    assert labels.columns == ["id", "cluster"]
    assert dict(labels.collect()) == expected
    assert len(set(expected.values())) < len(expected) - 30
    assert expected["empty"] == "empty"
    labels.unpersist()
    assert kept_frames(spark) == before


def test_clusters_relations_and_edges_are_those_of_one_machine(spark: Any, known: Result) -> None:
    """The report is the same, byte for byte, and so are the tables."""
    found = dedup.spark.compare(frame(spark, collection()))
    assert render(found.result, "jsonl") == render(known, "jsonl")
    assert len(known.clusters) > 20
    for own, table in (
        (found.clusters, known.clusters_table()),
        (found.relations, known.pairs_table()),
        (found.edges, known.edges_table()),
    ):
        assert own.toArrow().to_pylist() == table.to_pylist()


def test_given_pairs_are_related_and_no_others(spark: Any) -> None:
    """A frame of two ids a row, as `dedup.pairs` makes them."""
    articles = [Article("a", story(1)), Article("b", story(1)), Article("c", story(1) + " More.")]
    pairs = spark.createDataFrame([("a", "c")], "a string, b string")
    found = dedup.spark.compare(frame(spark, articles), pairs=pairs, encoder=None)
    assert [sorted(cluster.members) for cluster in found.result.clusters] == [["a", "c"]]


def test_a_part_of_garbage_is_an_error_that_names_the_row(spark: Any) -> None:
    """It comes from an executor, and says which row is none and what to do."""
    good = frame(spark, [Article("a", story(1))]).select("id", "text")
    bad = spark.createDataFrame([("b", None)], "id string, text string")
    with pytest.raises(InputError, match="the text of 'b' is None, and no string; leave it out"):
        dedup.spark.near_duplicates(good.union(bad))
    nameless = spark.createDataFrame([(None, "Text.")], "id string, text string")
    with pytest.raises(InputError, match="a row has the id None"):
        dedup.spark.compare(good.union(nameless))


def test_a_file_of_garbage_is_an_error_that_names_it(spark: Any, tmp_path: Path) -> None:
    """One among good ones, which Spark meets when it reads them."""
    frame(spark, [Article("a", story(1))], 1).write.parquet(str(tmp_path / "news"))
    rows = spark.read.parquet(str(tmp_path / "news"))
    (part,) = (tmp_path / "news").glob("part-*")
    part.write_bytes(b"garbage")
    with pytest.raises(InputError, match=r"\[FAILED_READ_FILE.*part-"):
        dedup.spark.near_duplicates(rows)


def test_what_is_no_frame_of_articles_is_refused(spark: Any) -> None:
    """Before anything is read: columns that are missing or of another type, ids that are taken."""
    rows = frame(spark, [Article("a", story(1)), Article("a", story(2))])
    with pytest.raises(InputError, match="no column 'body' for the text; it has id, text"):
        dedup.spark.near_duplicates(rows, text="body")
    with pytest.raises(InputError, match="'id' is of type int; the id must be a string"):
        dedup.spark.compare(spark.createDataFrame([(1, "T")], "id int, text string"))
    with pytest.raises(InputError, match="an article has no 'body'"):
        dedup.spark.compare(rows, body="text")
    with pytest.raises(InputError, match="two articles have the id 'a'"):
        dedup.spark.compare(rows)
    with pytest.raises(InputError, match="list is no data frame"):
        dedup.spark.near_duplicates(["a"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="list is no data frame"):
        dedup.spark.compare(["a"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="list is no data frame"):
        dedup.spark.compare(rows, pairs=[("a", "b")])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="threshold is 7"):
        dedup.spark.near_duplicates(rows, threshold=7)


def test_output_is_a_new_folder(spark: Any, tmp_path: Path) -> None:
    """One that holds work already is an error at once; lines come back as they were."""
    out = str(tmp_path / "out")
    begin_output(spark, out, "compare", "news.parquet")
    with pytest.raises(Exception, match=r"already exists"):
        begin_output(spark, out, "compare", "news.parquet")
    write_lines(spark, [json.dumps({"n": n}) + "\n" for n in range(3)], f"{out}/report")
    (part,) = (tmp_path / "out" / "report").glob("part-*")
    assert part.read_text("utf-8").splitlines() == ['{"n": 0}', '{"n": 1}', '{"n": 2}']


def test_a_worker_that_is_killed_costs_nothing_but_time(
    spark: Any, cluster: Cluster, known: Result
) -> None:
    """Between reading and relating, with what it has read on its disk: the same report."""
    killed = list[str]()

    def kill(stage: str, done: int, total: int) -> None:
        if not killed:
            cluster.kill_worker(0)
            killed.append(stage)

    found = dedup.spark.compare(frame(spark, collection()), progress=kill)
    assert killed == ["read"]
    assert render(found.result, "jsonl") == render(known, "jsonl")
