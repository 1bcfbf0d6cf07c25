"""datatrove: signatures, buckets and clusters by its MinHash steps, in one local process."""

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

from datatrove.data import Document  # type: ignore[import-not-found]
from datatrove.pipeline.dedup import (  # type: ignore[import-not-found]
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig  # type: ignore[import-not-found]

FOUND = "groups"


def find(texts: list[str], path: Path) -> list[int]:
    """A label an article."""
    config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8)
    articles = (Document(text=text, id=str(number)) for number, text in enumerate(texts))
    with TemporaryDirectory() as folder:
        signatures, buckets, clusters = (f"{folder}/{name}" for name in ("sigs", "bucks", "out"))
        MinhashDedupSignature(signatures, config).run(articles)
        for bucket in range(config.num_buckets):
            step = MinhashDedupBuckets(signatures, buckets, config=config)
            step.run(None, bucket, config.num_buckets)
        MinhashDedupCluster(buckets, clusters, config, save_cluster_id=True).run()
        found = Path(clusters) / "000000.clusters"
        numbers = struct.iter_unpack("<2I", found.read_bytes() if found.exists() else b"")
        # Articles in no cluster get numbers that no cluster has.
        groups = [-1 - number for number in range(len(texts))]
        for article, cluster in numbers:
            groups[article] = cluster
    return groups
