"""FastSketchLSH: sketches in a batch, then its LSH, the candidates of every article."""

from pathlib import Path

from FastSketchLSH import LSH, FastSimilaritySketch  # type: ignore[import-not-found]

from benchmarks.peers.shingles import shingles

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article with the candidates that follow it."""
    sketches = FastSimilaritySketch(size=128, seed=42).batch(list(map(shingles, texts)))
    lsh = LSH(num_perm=128, num_bands=16)
    lsh.insert(sketches)
    found = lsh.query(sketches)
    return [(one, int(two)) for one, others in enumerate(found) for two in others if one < two]
