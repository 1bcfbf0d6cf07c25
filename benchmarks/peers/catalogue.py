"""The peers: which, from which package, run how.

Their settings are those of their own guides for a threshold of .7, 128 permutations and word-5
shingles; where a peer leaves the bands to its user they are 16 of 8 rows ((1/16)^(1/8) = .71).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """A way of finding near-duplicates.

    adapter: its module in `benchmarks.peers.adapters`. needs: what pip installs, the package
    itself first; nothing for dedup. note: how it is run. most: articles it is given at most.
    """

    name: str
    adapter: str
    needs: tuple[str, ...]
    note: str
    most: int = 1_000_000

    @property
    def package(self) -> str:
        """The name of its package without extras."""
        return self.needs[0].partition("[")[0] if self.needs else "dedup-news"


DEDUP = Peer("dedup", "dedup", (), "near_duplicates(texts, threshold=0.7); 25 × 5, verified")

PEERS = (
    Peer(
        "datasketch update",
        "datasketch_update",
        ("datasketch", "scipy"),
        "a MinHash an article, one update a shingle, as in its guide; 14 × 9",
    ),
    Peer(
        "datasketch batch",
        "datasketch_batch",
        ("datasketch", "scipy"),
        "a MinHash an article, update_batch; 14 × 9",
    ),
    Peer(
        "datasketch bulk",
        "datasketch_bulk",
        ("datasketch", "scipy"),
        "MinHash.bulk over all articles; 14 × 9",
    ),
    Peer(
        "rensa update",
        "rensa_update",
        ("rensa",),
        "an RMinHash an article, queried and inserted one by one; 16 × 8",
    ),
    Peer(
        "rensa dedup",
        "rensa_dedup",
        ("rensa",),
        "RMinHashDeduplicator as in its README, verified; says which to keep",
    ),
    Peer(
        "rensa matrix",
        "rensa_matrix",
        ("rensa",),
        "full-set R-MinHash matrix and one-shot LSH; 16 × 8; says which are like others",
    ),
    Peer("gaoya", "gaoya", ("gaoya",), "its own analyser, words split at spaces; in parallel"),
    Peer("daft", "daft", ("daft",), "normalize, minhash, explode, groupby; 16 × 8; in parallel"),
    Peer("fastsketchlsh", "fastsketchlsh", ("fastsketchlsh",), "batch and LSH; 16 × 8"),
    Peer("text-dedup", "text_dedup", ("text-dedup",), "its minhash command; 14 × 9; reads JSON"),
    Peer(
        "datatrove",
        "datatrove",
        ("datatrove[processing]", "spacy"),
        "its MinHash steps in one process, its own English words; 16 × 8; through files",
    ),
    Peer("semhash", "semhash", ("semhash",), "its default model, cosine .9: another question"),
)


def chosen(only: Sequence[str]) -> tuple[Peer, ...]:
    """The peers whose name or package is in `only`; all of them where that is empty."""
    return tuple(peer for peer in PEERS if not only or {peer.name, peer.package} & set(only))
