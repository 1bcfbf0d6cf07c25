"""sentence-plagiarism: sets of words of each two sentences, as it cuts them itself."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sentence_plagiarism import check  # type: ignore[import-not-found]

SETTINGS = {
    "jaccard": {"metric": "jaccard_similarity"},
    "overlap": {"metric": "overlap_similarity"},
}


def find(pair: dict[str, Any], metric: str) -> list[tuple[int, int, int, int, float]]:
    """Every two sentences with a word in common, and their similarity."""
    # It leaves out what a text begins with if that is white space.
    own, other = (len(pair[k]) - len(pair[k].lstrip()) for k in ("derivative", "source"))
    with TemporaryDirectory() as folder:
        derivative, source = Path(folder) / "derivative", Path(folder) / "source"
        derivative.write_text(pair["derivative"], encoding="utf-8")
        source.write_text(pair["source"], encoding="utf-8")
        found = check(str(derivative), [str(source)], 0.0, quiet=True, similarity_metric=metric)
    return [
        (
            match["input_start_pos"] + own,
            match["input_end_pos"] + own + 1,
            match["reference_start_pos"] + other,
            match["reference_end_pos"] + other + 1,
            match["similarity_score"],
        )
        for match in found
    ]
