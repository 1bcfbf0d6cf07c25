"""Near-duplicates on many machines: sign, pair, compare, group.

As `dedup.near_duplicates`, whose labels these are: texts are signed where they are; the keys of
bands bring those together that may resemble each other, and each is compared with those that
follow it in its bucket; pairs that resemble each other enough are edges of a graph, whose
components are found on the driver, for that takes a second for a million edges and a minute on
executors. Identical texts stand for one another throughout, so that a story of a million copies is
compared once.

A signature is its own name here: the hash of its content, 8 bytes. Of every text some 600 bytes of
keys are shuffled, and its signature only where it has a partner.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.candidates.near import check_threshold, components
from dedup.extras import require
from dedup.spark.batches import (
    BANDS,
    COMPARED,
    PAIRS,
    SIGNED,
    band_batches,
    compare_batches,
    pair_batches,
    sign_batches,
)
from dedup.spark.frames import choose_columns, explain_faults, storage_level

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def near_duplicates(
    df: "DataFrame", *, id: str = "id", text: str = "text", threshold: float = 0.7
) -> "DataFrame":
    """The clusters of nearly identical texts: a frame with the `id` of each row and its `cluster`,
    the smallest id in it; a text that resembles no other is a cluster of its own.

    `id` and `text` name the columns of `df`, which is read once; ids are strings, one for each row.
    `threshold` as for `dedup.near_duplicates`, and the clusters are those that it finds in the
    texts in the order of their ids. The frame is worked out when it is returned and kept on the
    executors' disks (`.unpersist()` lets go of it). Raises `InputError` where a row is no article.
    """
    check_threshold(threshold)
    rows = choose_columns(df, {"id": id, "text": text}, ("id", "text"))
    level, functions = storage_level(), require("pyspark.sql.functions", "spark")
    signed = rows.mapInArrow(sign_batches, SIGNED).persist(level)
    pairs = pair_contents(signed).persist(level)
    try:
        with explain_faults():
            linked = group(compare_pairs(pairs, signed, threshold))
            groups = df.sparkSession.createDataFrame(linked, "content bigint, root bigint")
            own = functions.coalesce("root", "content").alias("root")
            rooted = signed.join(groups, "content", "left").select("id", own)
            names = rooted.where("root IS NOT NULL").groupBy("root")
            firsts = names.agg(functions.min("id").alias("first"))
            cluster = functions.coalesce("first", "id").alias("cluster")
            labels: DataFrame = (
                rooted.join(firsts, "root", "left").select("id", cluster).persist(level)
            )
            labels.count()
    finally:
        pairs.unpersist()
        signed.unpersist()
    return labels


def pair_contents(signed: "DataFrame") -> "DataFrame":
    """The pairs of contents that may resemble each other, as `PAIRS`, of a frame `SIGNED`."""
    worded = signed.where("content IS NOT NULL").select("content", "signature")
    bands = worded.mapInArrow(band_batches, BANDS)
    buckets = bands.repartition("key").sortWithinPartitions("key", "following", "content")
    return buckets.mapInArrow(pair_batches, PAIRS).distinct()


def compare_pairs(pairs: "DataFrame", signed: "DataFrame", threshold: float) -> "DataFrame":
    """Those of `PAIRS` that resemble each other, as `COMPARED`."""
    functions = require("pyspark.sql.functions", "spark")
    ends = pairs.select(functions.explode(functions.array("a", "b")).alias("content")).distinct()
    worded = signed.where("content IS NOT NULL").select("content", "signature")
    met = worded.join(ends, "content", "left_semi").groupBy("content")
    rows = met.agg(functions.first("signature").alias("signature"))
    left = rows.withColumnsRenamed({"content": "a", "signature": "left"})
    right = rows.withColumnsRenamed({"content": "b", "signature": "right"})
    both = pairs.join(left, "a").join(right, "b").select("a", "b", "left", "right")
    return both.mapInArrow(compare_batches, COMPARED).where(f"resemblance >= {threshold!r}f")


def group(pairs: "DataFrame") -> Any:
    """The components that pairs make, as a `pyarrow.Table`: each `content` in a pair, and the
    `root` of its component."""
    arrow = require("pyarrow", "spark")
    table = pairs.select("a", "b").toArrow()
    ends = np.stack([table.column(name).to_numpy() for name in ("a", "b")], axis=1)
    contents, places = np.unique(ends, return_inverse=True)
    roots = contents[components(places.reshape(-1, 2), len(contents))]
    return arrow.table({"content": contents, "root": roots})
