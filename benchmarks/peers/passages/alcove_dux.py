"""alcove-dux: the exact word sequences that two texts share, longest first, each used once.

Its scores of fuzzy likeness are for chunks of many sentences and say nothing about one.
"""

from typing import Any

from alcove_dux.matching import exact_token_sequence_matches  # type: ignore[import-not-found]

SETTINGS = {f"{words} words": {"words": words} for words in (8, 5, 3)}  # the first by default


def find(pair: dict[str, Any], words: int) -> list[tuple[int, int, int, int, float]]:
    """Its evidence as spans."""
    found = exact_token_sequence_matches(pair["derivative"], pair["source"], min_tokens=words)
    return [
        (m.suspicious_start, m.suspicious_end, m.source_start, m.source_end, m.score) for m in found
    ]
