"""rapidfuzz: fuzzy likeness of each two sentences, as dedup cuts them."""

from typing import Any

from rapidfuzz import fuzz, process, utils  # type: ignore[import-not-found]

SETTINGS = {
    name.replace("_", " "): {"scorer": name}
    for name in ("token_set_ratio", "token_sort_ratio", "ratio", "WRatio")
}


def find(pair: dict[str, Any], scorer: str) -> list[tuple[int, int, int, int, float]]:
    """Every two sentences and their likeness."""
    spans, theirs = pair["sentences"], pair["source_sentences"]
    scores = process.cdist(
        [pair["derivative"][begin:end] for begin, end in spans],
        [pair["source"][begin:end] for begin, end in theirs],
        scorer=getattr(fuzz, scorer),
        processor=utils.default_process,
    )
    return [
        (*own, *other, float(scores[i, j]) / 100)
        for i, own in enumerate(spans)
        for j, other in enumerate(theirs)
    ]
