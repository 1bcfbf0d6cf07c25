"""text-matcher: runs of stemmed word trigrams (difflib), neighbours joined, ends extended.

Stop words stay, as with its option --stops: its list of them has to be fetched. It fails on
some texts, where it looks past the end of a list or extends a run without end; those have no
match.
"""

from typing import Any

from text_matcher.matcher import Matcher, Text  # type: ignore[import-not-found]

# Shortest run of trigrams at first and in the end: its defaults, and all it can find.
SETTINGS = {
    "3, 5": {"threshold": 3, "cutoff": 5},
    "1, 2": {"threshold": 1, "cutoff": 2},
    "0, 1": {"threshold": 0, "cutoff": 1},
}


def find(
    pair: dict[str, Any], threshold: int, cutoff: int
) -> list[tuple[int, int, int, int, float]]:
    """The locations of its matches."""
    try:
        derivative, source = (
            Text(pair[side], side, removeStopwords=False) for side in ("derivative", "source")
        )
        matcher = Matcher(derivative, source, threshold=threshold, cutoff=cutoff)
        _, ours, theirs = matcher.match()
    except (IndexError, RecursionError, ZeroDivisionError):
        return []
    return [(*own, *other, 1.0) for own, other in zip(ours, theirs, strict=True)]
