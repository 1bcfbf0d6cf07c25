"""Clauses: which part of a sentence comes from which of the sources it is linked to.

Comes in: a sentence and its source sentences. Goes out: its `Clause`s, end to end, where it
mixes sources. Each word speaks for the sources that have it, as much as it is rare. Of all
ways to cut the sentence into one stretch for each source, or for some, the one is taken that
gains most, where a stretch should be about as long as its source and a cut where no mark
stands costs something (dynamic programming over the sets of sources used, as Held and Karp
1962 have it). It links nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.align.wording import units_of
from dedup.article import Span
from dedup.text import Sentence, Text
from dedup.text.rarity import word_rarity

# Chosen on the fitting half of joined sentences; `python -m benchmarks.clauses` prints both.
STEM = 5  # letters by which forms of a word are told to be one
COMMON, RAREST = 0.3, 6.0  # what even "the" weighs; bounds a word's weight
CUT = 1.0  # weight that a cut between two words must be worth where no mark stands
LENGTH = 2.0  # … and a stretch that is e times too long, or too short
MOST_SOURCES, MOST_WORDS = 4, 150  # of a sentence that is cut: bounds the work

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a passage, and the source sentence it comes from."""

    begin: int
    end: int
    source: Span


def clauses(
    sentence: Sentence, sources: Sequence[Sentence], derivative: Text
) -> tuple[Clause, ...]:
    """The clauses of `sentence`; none where it comes from one source as a whole, or is too
    long to say."""
    tokens, text = sentence.tokens, derivative.article.text
    if not 2 <= len(sources) <= MOST_SOURCES or not 2 <= len(tokens) <= MOST_WORDS:
        return ()
    own = _stems(sentence)
    known = [frozenset(_stems(source)) for source in sources]
    has = np.array([[stem in stems for stem in own] for stems in known])
    weights = [min(word_rarity(t.form, derivative.language), RAREST) + COMMON for t in tokens]
    between = (text[a.end : b.begin] for a, b in pairwise(tokens))
    costs = np.array([CUT if not gap or gap.isspace() else 0.0 for gap in between])
    stretches = _cut(has * np.array(weights), costs, [len(source.tokens) for source in sources])
    if len(stretches) < 2:
        return ()
    ends = [*(tokens[after - 1].end for _, after, _ in stretches[:-1]), sentence.end]
    begins = [sentence.begin, *(tokens[first].begin for first, _, _ in stretches[1:])]
    return tuple(
        Clause(begin, end, Span(sources[s].begin, sources[s].end))
        for begin, end, (_, _, s) in zip(begins, ends, stretches, strict=True)
    )


def _stems(sentence: Sentence) -> list[str]:
    return [unit[:STEM] if unit[0].isalpha() else unit for unit in units_of(sentence)]


def _cut(gains: Floats, costs: Floats, lengths: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches (first word, word after the last, source) that gain most: gains[k, n] of each
    word from each source, costs[n - 1] of a cut after each word, lengths[k] of the sources.
    """
    size = gains.shape[1]
    words = np.arange(size + 1)
    span = words[None, :] - words[:, None]  # from each border to each further one
    fits = [-LENGTH * abs(np.log(np.maximum(span, 1) / length)) for length in lengths]
    sums = np.pad(np.cumsum(gains, axis=1), ((0, 0), (1, 0)))
    cost = np.concatenate(([0.0], costs, [0.0]))
    nothing = np.where(words == 0, 0.0, -np.inf)
    best, came = {0: nothing}, {}
    for used in range(1, 1 << len(gains)):
        ways = []
        for s in _members(used):
            start = best[used & ~(1 << s)] - cost - sums[s]
            ways.append(np.where(span > 0, start[:, None] + fits[s], -np.inf).T + sums[s][:, None])
        stacked = np.stack(ways)  # source, end, begin
        flat = np.moveaxis(stacked, 0, 1).reshape(size + 1, -1)
        chosen = flat.argmax(axis=1)
        best[used] = flat[words, chosen]
        came[used] = [(_members(used)[c // (size + 1)], int(c % (size + 1))) for c in chosen]
    used, end = max(came, key=lambda used: (best[used][size], -used)), size
    stretches = []
    while used:
        s, begin = came[used][end]
        stretches.append((begin, end, s))
        used, end = used & ~(1 << s), begin
    return stretches[::-1]


def _members(used: int) -> list[int]:
    return [s for s in range(used.bit_length()) if used >> s & 1]
