"""gaoya: its own word-5 analyser, all articles inserted and queried at once."""

from pathlib import Path

from gaoya.minhash import MinHashStringIndex  # type: ignore[import-not-found]

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article with those like it."""
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=0.7,
        num_bands=None,
        num_hashes=128,
        analyzer="word",
        lowercase=True,
        ngram_range=(5, 5),
        id_container="smallvec",
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    found = index.par_bulk_query(texts)
    return [(one, other) for one, others in enumerate(found) for other in others if one < other]
