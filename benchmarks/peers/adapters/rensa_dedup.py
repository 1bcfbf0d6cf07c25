"""rensa as its README has it: the deduplicator, fed with keys and tokens."""

from pathlib import Path

from rensa import RMinHashDeduplicator  # type: ignore[import-not-found]

from benchmarks.peers.shingles import shingles

FOUND = "kept"


def find(texts: list[str], path: Path) -> list[bool]:
    """Whether each article is kept."""
    index = RMinHashDeduplicator(threshold=0.7, num_perm=128, use_lsh=True)
    kept = index.add_pairs((str(number), shingles(text)) for number, text in enumerate(texts))
    return list(kept)
