"""daft: its minhash expression over normalised text, bands exploded, grouped into buckets."""

from pathlib import Path

import daft  # type: ignore[import-not-found]
from daft import col
from daft.functions import chunk, minhash, normalize  # type: ignore[import-not-found]

FOUND = "pairs"
ROWS = 8


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each bucket's first article with the others."""
    articles = daft.from_pydict({"id": list(range(len(texts))), "text": texts})
    folded = normalize(
        col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True
    )
    signed = articles.select("id", minhash(folded, num_hashes=128, ngram_size=5).alias("signature"))
    banded = signed.select("id", chunk(col("signature"), ROWS).alias("band"))
    numbered = banded.with_column("number", daft.lit(list(range(128 // ROWS))))
    buckets = (
        numbered.explode("band", "number")
        .groupby("number", "band")
        .agg(col("id").list_agg().alias("ids"))
        .where(col("ids").list_count() > 1)
        .select("ids")
        .to_pydict()["ids"]
    )
    return sorted({(min(ids), other) for ids in buckets for other in ids if other != min(ids)})
