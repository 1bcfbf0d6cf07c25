"""Which part of a sentence comes from which of the several source sentences it is linked to.

"The minister quit Friday, and investigators seized two computers" joins two sentences of its
source. Each word speaks for the sources that have it, as much as it is rare. Of all ways to cut
the sentence into one part for each source, or for some, the one that gains most is taken; a part
should be about as long as its source, and a cut where no mark stands costs something (dynamic
programming over the sets of sources used: Held and Karp 1962).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.align.features import extract_units, measure_rarity
from dedup.article import Span
from dedup.text import Sentence, Text

# Chosen on the fitting half of joined sentences; `python -m benchmarks.clauses` prints both.
STEM = 5  # letters that forms of one word have in common
MIN_WEIGHT = 0.3  # what even "the" weighs
CUT_COST = 1.0  # weight that a cut between two words must be worth where no mark stands
LENGTH_COST = 2.0  # … and a part that is e times too long, or too short
MAX_SOURCES, MAX_WORDS = 4, 150  # of a sentence that is cut: bounds the work

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a passage, and the source sentence it comes from."""

    begin: int
    end: int
    source: Span


def cut_clauses(
    sentence: Sentence, sources: Sequence[Sentence], derivative: Text
) -> tuple[Clause, ...]:
    """The clauses of `sentence`, end to end; none where it comes from one source as a whole, or
    is too long to say."""
    tokens, text = sentence.tokens, derivative.article.text
    if not 2 <= len(sources) <= MAX_SOURCES or not 2 <= len(tokens) <= MAX_WORDS:
        return ()
    own = _stem_units(sentence)
    has = np.array([[stem in stems for stem in own] for stems in map(_stem_units, sources)])
    weights = [measure_rarity(token.form, derivative.language) for token in tokens]
    between = (text[a.end : b.begin] for a, b in pairwise(tokens))
    costs = np.array([CUT_COST if not gap or gap.isspace() else 0.0 for gap in between])
    lengths = [len(source.tokens) for source in sources]
    parts = find_best_cut(has * (np.array(weights) + MIN_WEIGHT), costs, lengths)
    if len(parts) < 2:
        return ()
    ends = [*(tokens[after - 1].end for _, after, _ in parts[:-1]), sentence.end]
    begins = [sentence.begin, *(tokens[first].begin for first, _, _ in parts[1:])]
    return tuple(
        Clause(begin, end, Span(sources[s].begin, sources[s].end))
        for begin, end, (_, _, s) in zip(begins, ends, parts, strict=True)
    )


def _stem_units(sentence: Sentence) -> list[str]:
    return [unit[:STEM] if unit[0].isalpha() else unit for unit in extract_units(sentence)]


def find_best_cut(
    gains: Floats, costs: Floats, lengths: Sequence[int]
) -> list[tuple[int, int, int]]:
    """The parts (first word, word after the last, source) that gain most: gains[k, n] of each
    word from each source, costs[n - 1] of a cut after each word, lengths[k] of the sources.
    """
    size = gains.shape[1]
    words = np.arange(size + 1)
    span = words[None, :] - words[:, None]  # from each border to each further one
    fits = [-LENGTH_COST * abs(np.log(np.maximum(span, 1) / length)) for length in lengths]
    sums = np.pad(np.cumsum(gains, axis=1), ((0, 0), (1, 0)))
    cost = np.concatenate(([0.0], costs, [0.0]))
    best, came = {0: np.where(words == 0, 0.0, -np.inf)}, {}
    for used in range(1, 1 << len(gains)):
        members = [s for s in range(len(gains)) if used >> s & 1]
        ways = []
        for s in members:
            start = best[used & ~(1 << s)] - cost - sums[s]
            ways.append(np.where(span > 0, start[:, None] + fits[s], -np.inf).T + sums[s][:, None])
        flat = np.stack(ways, axis=1).reshape(size + 1, -1)  # end × (source, begin)
        chosen = flat.argmax(axis=1)
        best[used] = flat[words, chosen]
        came[used] = [(members[c // (size + 1)], int(c % (size + 1))) for c in chosen]
    used, end = max(came, key=lambda used: (best[used][size], -used)), size
    parts = []
    while used:
        s, begin = came[used][end]
        parts.append((begin, end, s))
        used, end = used & ~(1 << s), begin
    return parts[::-1]
