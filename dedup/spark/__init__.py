"""The work of `dedup` on many machines, by Spark: `near_duplicates` and `compare` of data frames.

    from dedup.spark import compare, near_duplicates

    labels = near_duplicates(df, id="url", text="body")
    found = compare(df)
    found.clusters.write.parquet("clusters")

Both give what the functions of the same names give on one machine. What the executors do with a
batch of Arrow is in `batches`, and calls what one machine calls. Python, this package and what it
needs must be the same on driver and executors.

Frames are only used as Spark Connect has them, too: no RDDs, no context. A lost executor costs its
work and nothing else.
"""

from dedup.spark.comparison import SparkResult, compare
from dedup.spark.near import near_duplicates

__all__ = ["SparkResult", "compare", "near_duplicates"]
