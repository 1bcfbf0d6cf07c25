"""datasketch in bulk: all MinHashes by one call, then the index."""

from pathlib import Path

from datasketch import MinHash, MinHashLSH

from benchmarks.peers.shingles import shingles

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article with what the index holds like it."""
    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    encoded = ([shingle.encode("utf-8") for shingle in set(shingles(text))] for text in texts)
    pairs: list[tuple[int, int]] = []
    for number, minhash in enumerate(MinHash.bulk(encoded, num_perm=128)):
        pairs += [(other, number) for other in lsh.query(minhash)]
        lsh.insert(number, minhash)
    return pairs
