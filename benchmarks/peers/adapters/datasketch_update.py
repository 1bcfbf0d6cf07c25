"""datasketch article by article: a MinHash updated shingle by shingle, a query, an insert."""

from pathlib import Path

from datasketch import MinHash, MinHashLSH

from benchmarks.peers.shingles import shingles

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article with what the index holds like it."""
    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    pairs: list[tuple[int, int]] = []
    for number, text in enumerate(texts):
        minhash = MinHash(num_perm=128)
        for shingle in set(shingles(text)):
            minhash.update(shingle.encode("utf-8"))
        pairs += [(other, number) for other in lsh.query(minhash)]
        lsh.insert(number, minhash)
    return pairs
