"""rensa in bulk: one matrix of full-set R-MinHash, then its LSH in one call."""

from pathlib import Path

from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

from benchmarks.peers.shingles import shingles

FOUND = "matched"


def find(texts: list[str], path: Path) -> list[bool]:
    """Whether each article is like another."""
    matrix = RMinHash.digest_matrix_from_token_sets(list(map(shingles, texts)), 128, 42)
    lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    return list(lsh.insert_matrix_and_query_duplicate_flags(matrix))
