"""From the spans that a tool finds to scores of sentences.

Comes in: spans of the derivative, each with the span of the source that it is like and a
weight. Goes out: for each sentence and each source sentence, which part of the sentence's
characters is found there.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.alignment.tallies import Scores

Span = tuple[int, int]
Found = tuple[int, int, int, int, float]  # begin, end, source begin, source end, weight


def found_in(spans: Sequence[Found], sentences: Sequence[Span], sources: Sequence[Span]) -> Scores:
    """Which part of each sentence is found in each source sentence: float[n, m].

    A character stands where it lies in the source if its span is stretched to the source's.
    Of spans that say of one character that it stands in one sentence the heaviest counts.

    >>> found_in([(0, 10, 50, 60, 1.0)], [(0, 10), (11, 20)], [(40, 55), (56, 80)])
    array([[0.5, 0.4],
           [0. , 0. ]])
    """
    heaviest = np.zeros((len(sources), max((end for _, end in sentences), default=0)))
    begins = np.array([begin for begin, _ in sources], dtype=np.int64)
    ends = np.array([end for _, end in sources], dtype=np.int64)
    for begin, end, source_begin, source_end, weight in spans:
        characters = np.arange(max(begin, 0), min(end, heaviest.shape[1]))
        if not len(characters) or not len(sources):
            continue
        stretch = (source_end - source_begin) / (end - begin)
        there = source_begin + np.floor((characters - begin) * stretch)
        place = np.minimum(np.searchsorted(ends, there, side="right"), len(ends) - 1)
        inside = (begins[place] <= there) & (there < ends[place])
        cells = place[inside], characters[inside]
        heaviest[cells] = np.maximum(heaviest[cells], weight)
    # A character that several source sentences have counts for each of them.
    return np.array(
        [heaviest[:, begin:end].sum(axis=1) / max(end - begin, 1) for begin, end in sentences]
    ).reshape(len(sentences), len(sources))
