"""copydetect: fingerprints of k characters (winnowing: Schleimer, Wilkerson and Aiken 2003).

Its slices of copied text are not paired across the two texts, its fingerprints are: each
fingerprint that both texts have is a span of k characters, and those that overlap alike in
both are one span.
"""

import io
from typing import Any

from copydetect import CodeFingerprint  # type: ignore[import-not-found]

# k and the window: those it has by default for code, and shorter ones, all of them compared.
SETTINGS = {
    "k 25, window 6": {"k": 25, "window": 6},
    "k 15, window 1": {"k": 15, "window": 1},
    "k 10, window 1": {"k": 10, "window": 1},
}
OFTEN = 20  # places in the source from which on a fingerprint says nothing


def find(pair: dict[str, Any], k: int, window: int) -> list[tuple[int, int, int, int, float]]:
    """The places of the fingerprints that the texts share."""
    derivative, source = (
        CodeFingerprint(side, k, window, filter=False, fp=io.StringIO(pair[side].lower()))
        if len(pair[side]) >= k + window
        else None
        for side in ("derivative", "source")
    )
    if derivative is None or source is None:
        return []
    places = sorted(
        (int(j) - int(i), int(i))
        for value in derivative.hashes & source.hashes
        if len(source.hash_idx[value]) <= OFTEN
        for i in derivative.hash_idx[value]
        for j in source.hash_idx[value]
    )
    spans: list[tuple[int, int, int]] = []  # distance to the source, begin, end
    for distance, begin in places:
        if spans and spans[-1][0] == distance and begin <= spans[-1][2]:
            spans[-1] = (distance, spans[-1][1], begin + k)
        else:
            spans.append((distance, begin, begin + k))
    return [(begin, end, begin + d, end + d, 1.0) for d, begin, end in spans]
