"""rensa article by article: an R-MinHash updated by one call, a query, an insert."""

from pathlib import Path

from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

from benchmarks.peers.shingles import shingles

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article with what the index holds like it."""
    lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    pairs: list[tuple[int, int]] = []
    for number, text in enumerate(texts):
        minhash = RMinHash(num_perm=128, seed=42)
        minhash.update(shingles(text))
        pairs += [(other, number) for other in lsh.query(minhash)]
        lsh.insert(number, minhash)
    return pairs
