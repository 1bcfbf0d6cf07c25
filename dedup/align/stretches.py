"""Stretches: where words of one text come from a stretch of another, whatever its sentences.

Comes in: the words of two texts in columns. Goes out: `Found` stretches, disjoint in the
derivative, each with where it comes from and the evidence on either side.

Beside a stretch of the source each word of the derivative is in one of three states: absent,
present, or present together with its neighbour. The three have one set of rates inside a
copied stretch and another outside; with both, a word's gain is its weight times the log of
their ratio, and the stretch with the greatest sum of gains is the likeliest (Karlin and
Altschul 1990). What it holds gives new rates, and each side in turn decides how far the other
reaches, until nothing moves. A verbatim copy, whose rates differ sharply, so gets sharp
borders, and a retelling is found by its rarer words without any threshold of its own. Where a
stretch is explained better by the source as a whole than by stretches of it, it is condensed
from the whole: a summary.

Time: a step for each stem that two windows share, then at most `TRIES` + windows / 10
attempts, each linear in the words of both texts. It does not say how a passage was reworded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.postings import join
from dedup.text import Text
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Stretch = tuple[int, int]  # of words, half-open

# All constants below were chosen on the fitting half of PAN 2013 and judged on the other half
# (`python -m benchmarks.pan` prints both). Of the changes tried, most moved plagdet by less
# than .01; `PROMISE` (.016 less at 11) and `EXPLAINED` (.024 less at .5) matter more.
STEM = 5  # letters by which forms of a word are told to be one; 4 and 6 lose .005
RAREST, COMMON = 6.0, 0.3  # bounds of a word's weight, as in `likeness`
WINDOW, STEP = 50, 25  # words; where stretches are looked for
WIDESPREAD = 200  # windows; words in more are left out of the search, and only there
PROMISE = 14.0  # weight that two windows must share to be looked at
TILE = 64  # windows of ours looked up at once: bounds the memory
TRIES = 60
ROUNDS = 20  # of growing; four are usual
MARGIN, RELATIVE = 40, 0.3  # words (and part of the stretch) beyond a border that may still match
# Rates of the three states outside, believed until this weight of words has been seen.
OUTSIDE = 60.0 * np.array([0.80, 0.17, 0.03])
LEAST_RATE = 0.05  # of a state inside: no single word proves or disproves a copy
DEEPEST = 70.0  # loss that no stretch may lead through
NEAR = 500  # words looked at first for the end of a stretch; more only if it is not there
TO_SENTENCE = 12.0  # loss accepted to begin and end with a sentence
# Gain that a stretch must have on either side, and by the geometric mean of both.
EVIDENCE, MEAN_EVIDENCE = 30.0, 50.0
SHORTEST = 25  # words
TAKEN = 0.3  # part of a window that may be in blocks already

# A summary: words looked at first, how many times longer the source is, the gain it must have,
# the part of its words found in the source, the part of the source over which they are spread,
# and what it must explain of what single stretches explain on both sides together.
SUMMARY, CONDENSED, SUMMARY_EVIDENCE = 100, 4.0, 100.0
FOUND, SPREAD, EXPLAINED = 0.7, 0.6, 0.6
PRESENT = np.array([0.0, 0.7, 1.0])  # the three states, to find where a summary may be


@dataclass(frozen=True, slots=True)
class Columns:
    """The words of a text, in columns.

    `begins`, `ends`: offsets, of a sentence's first and last word with the marks around them.
    `stems`: the number of each word's stem in `vocabulary`, which has them as they first appear;
    `rarity`: of each word at large (0 for furniture). `edges`: the words that begin a sentence,
    and the number of words at the end. `windows`, and `held`: which has which stem, each once,
    as numbers of windows, ascending, and of stems.
    """

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    vocabulary: Mapping[str, int]
    stems: Ints
    rarity: Floats
    edges: Ints
    windows: tuple[Stretch, ...]
    held: tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Side:
    """One text beside another: numbers of its stems and of its pairs of neighbours, of which
    both texts together have `sizes`, the weight of each word, its windows, its sentences'
    edges."""

    stems: Ints
    pairs: Ints
    sizes: tuple[int, int]
    weights: Floats
    windows: Sequence[Stretch]
    edges: Ints

    def __len__(self) -> int:
        return len(self.stems)


@dataclass(frozen=True, slots=True)
class LocalAlignment:
    """A stretch of the derivative, where it comes from, and the gain on either side."""

    own: Stretch
    source: Stretch
    gain: float
    source_gain: float


@once_per_text
def columns(text: Text) -> Columns:
    """The words of `text`; the last few thousand answers are kept."""
    told = [sentence for sentence in text.sentences if sentence.tokens]
    tokens = [token for sentence in told for token in sentence.tokens]
    edges = np.cumsum([0, *(len(sentence.tokens) for sentence in told)])
    begins, ends = ([getattr(t, edge) for t in tokens] for edge in ("begin", "end"))
    for sentence, first, after in zip(told, edges.tolist(), edges[1:].tolist(), strict=False):
        begins[first], ends[after - 1] = sentence.begin, sentence.end
    weights = [
        0.0
        if sentence.form == "furniture"
        else min(word_rarity(t.form, text.language), RAREST) + COMMON
        for sentence in told
        for t in sentence.tokens
    ]
    vocabulary: dict[str, int] = {}
    stems = [vocabulary.setdefault(token.form[:STEM], len(vocabulary)) for token in tokens]
    windows = _windows(len(stems))
    held = [dict.fromkeys(stems[low:high]) for low, high in windows]
    return Columns(
        tuple(begins),
        tuple(ends),
        vocabulary,
        np.array(stems, dtype=np.intp),
        np.array(weights, dtype=np.float64),
        edges,
        windows,
        (np.repeat(np.arange(len(windows)), [*map(len, held)]), np.array([*chain(*held)], np.intp)),
    )


def local_alignments(ours: Columns, theirs: Columns) -> list[LocalAlignment]:
    """What is copied or retold, stretch by stretch, the most promising first."""
    own, other, shared, alone = _sides(ours, theirs)
    found: list[LocalAlignment] = []
    free = np.ones(len(own), dtype=np.bool_)
    tries = TRIES + len(own.windows) // 10
    for i, j in shared:
        low, high = own.windows[i]
        if np.count_nonzero(free[low:high]) / (high - low) < 1 - TAKEN:
            continue
        if tries == 0:
            break
        tries -= 1
        grown = _grow(own, other, (low, high), other.windows[j], free)
        if grown is not None:
            free[slice(*grown.own)] = False
            found.append(grown)
    whole = _summary(own, other, alone, found)
    if whole is None:
        return found
    return [*(f for f in found if not _overlap(f.own, whole.own)), whole]


def _sides(ours: Columns, theirs: Columns) -> tuple[Side, Side, Iterator[tuple[int, int]], Floats]:
    """Both texts by numbers; the pairs of windows that share much, most first; and what each
    of our words would weigh if it mattered in our text only."""
    numbers = dict(ours.vocabulary)
    known = np.array([numbers.setdefault(stem, len(numbers)) for stem in theirs.vocabulary])
    size = len(numbers)
    stems = ours.stems, known[theirs.stems]
    held = ours.held, (theirs.held[0], known[theirs.held[1]])
    neighbours = [side[:-1] * size + side[1:] for side in stems]
    every, pairs = np.unique(np.concatenate(neighbours), return_inverse=True)
    spread = [np.bincount(held_, minlength=size) for _, held_ in held]
    rare_here = _rare(spread[0] + spread[1], len(ours.windows) + len(theirs.windows))
    weights = np.zeros(size)
    sides = []
    for side, pair, column in zip(
        stems, np.split(pairs, [len(stems[0]) - 1]), (ours, theirs), strict=True
    ):
        own = column.rarity * rare_here[side]
        weights[side] = own
        sides.append(Side(side, pair, (size, len(every)), own, column.windows, column.edges))
    weights[np.maximum(*spread) > WIDESPREAD] = 0
    i, j, weight = _shared(held[0], held[1], weights)
    order = np.lexsort((j, i, -np.round(weight, 3)))
    promising = zip(i[order].tolist(), j[order].tolist(), strict=True)
    alone = ours.rarity * _rare(spread[0], len(ours.windows))[stems[0]]
    return sides[0], sides[1], promising, alone


def _shared(
    ours: tuple[Ints, Ints], theirs: tuple[Ints, Ints], weights: Floats
) -> tuple[Ints, Ints, Floats]:
    """The pairs of windows that share at least `PROMISE`, and the weight that they share.

    `ours` and `theirs`: which window has which stem, of those that have `weights` float64[v].
    """
    (windows, stems), (their_windows, their_stems) = ours, theirs
    width = int(their_windows[-1]) + 1
    order = np.argsort(their_stems, kind="stable")
    order = order[weights[their_stems[order]] > 0]
    their_windows, their_stems = their_windows[order], their_stems[order]
    found = []
    for first in range(0, int(windows[-1]) + 1, TILE):
        low, high = windows.searchsorted([first, first + TILE])
        i, j = join(stems[low:high], their_stems)
        cells = (windows[low:high] - first)[i] * width + their_windows[j]
        weight = np.bincount(cells, weights[their_stems[j]])
        enough = np.flatnonzero(weight >= PROMISE)
        found.append((enough // width + first, enough % width, weight[enough]))
    rows, columns, shared = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(shared)


def _rare(spread: Ints, windows: int) -> Floats:
    """1 for a word in one window, 0 for a word in all."""
    rare: Floats = np.log((windows + 1) / np.maximum(spread, 1)) / np.log(windows + 1)
    return rare


def _windows(words: int) -> tuple[Stretch, ...]:
    starts = range(0, max(words - WINDOW + STEP, 1), STEP)
    return tuple((start, min(start + WINDOW, words)) for start in starts)


def _grow(
    own: Side, other: Side, here: Stretch, there: Stretch, free: Bools
) -> LocalAlignment | None:
    """The likeliest stretches around two windows, where the evidence suffices for a block;
    each side in turn decides how far the other reaches."""
    for _ in range(ROUNDS):
        before = here, there
        gains = _gains(_states(own, other, _wider(there)) * free, own.weights, here)
        moved = _extended(gains, here)
        if moved is None:
            return None
        back = _gains(_states(other, own, _wider(moved)), other.weights, there)
        moved_there = _extended(back, there)
        if moved_there is None:
            return None
        here, there = moved, moved_there
        if (here, there) == before:
            break
    gain, back_gain = (float(g[slice(*s)].sum()) for g, s in ((gains, here), (back, there)))
    if min(gain, back_gain) < EVIDENCE or sqrt(gain * back_gain) < MEAN_EVIDENCE:
        return None
    gains = np.where(free, gains, -np.inf)  # no border moves into another block
    here, there = _tidy(gains, here, own), _tidy(back, there, other)
    if min(here[1] - here[0], there[1] - there[0]) < SHORTEST:
        return None
    return LocalAlignment(here, there, gain, back_gain)


def _wider(stretch: Stretch) -> Stretch:
    margin = max(MARGIN, int(RELATIVE * (stretch[1] - stretch[0])))
    return max(stretch[0] - margin, 0), stretch[1] + margin


def _states(own: Side, other: Side, there: Stretch) -> Ints:
    """Of each word, whether it is absent there (0), present (1), or with a neighbour (2)."""
    low, high = there
    beside = np.zeros(len(own), dtype=np.bool_)
    beside[1:] = _among(own.pairs, other.pairs[low : max(high - 1, low)], own.sizes[1])
    beside[:-1] |= beside[1:]
    return np.add(_among(own.stems, other.stems[low:high], own.sizes[0]), beside, dtype=np.intp)


def _among(numbers: Ints, some: Ints, size: int) -> Bools:
    """Which of `numbers` are among `some`; all are less than `size`."""
    table = np.zeros(size, dtype=np.bool_)
    table[some] = True
    return table[numbers]


def _gains(states: Ints, weights: Floats, inside: Stretch) -> Floats:
    """Weight × log ratio of the rates of each word's state inside and outside: float64[n]."""
    low, high = inside
    all_ = np.bincount(states, weights, 3)
    within = np.bincount(states[low:high], weights[low:high], 3)
    outside = all_ - within + OUTSIDE
    rates = np.maximum(within / max(within.sum(), 1e-9), LEAST_RATE)
    ratio = np.log(rates / rates.sum()) - np.log(outside / outside.sum())
    gains: Floats = weights * ratio.take(states)
    return gains


def _extended(gains: Floats, around: Stretch) -> Stretch | None:
    """The stretch with the greatest sum that begins with the best part of `around`."""
    low, high = around
    sums = np.concatenate(([0.0], gains[low:high].cumsum()))
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    begin = int(sums[: end + 1].argmin())
    if end <= begin:
        return None
    low, high = low + begin, low + end
    return low - _reach(gains[:low][::-1]), high + _reach(gains[high:])


def _reach(gains: Floats) -> int:
    """How many words to go on for the greatest sum, through no loss over `DEEPEST`."""
    ahead = NEAR
    while len(gains):
        sums = gains[:ahead].cumsum()
        deep = np.maximum.accumulate(np.maximum(sums, 0)) - sums > DEEPEST
        depth = int(deep.argmax())
        if deep[depth]:
            sums = sums[:depth]
        elif ahead < len(gains):
            ahead *= 8
            continue
        best = int(sums.argmax()) if len(sums) else 0
        return best + 1 if len(sums) and sums[best] > 0 else 0
    return 0


def _tidy(gains: Floats, stretch: Stretch, side: Side) -> Stretch:
    """The stretch from sentence to sentence, where that costs little."""
    middle = sum(stretch) // 2
    finite = np.isfinite(gains)
    sums = np.concatenate(([0.0], np.where(finite, gains, 0).cumsum()))
    barred = np.concatenate(([0], (~finite).cumsum()))

    def moved(border: int, low: int, high: int) -> int:
        k = int(side.edges.searchsorted(border))
        costs = [
            (abs(sums[edge] - sums[border]), edge)
            for edge in side.edges[max(k - 1, 0) : k + 2].tolist()
            if low <= edge <= high and barred[edge] == barred[border]
        ]
        cost, edge = min(costs, default=(np.inf, border))
        return edge if cost <= TO_SENTENCE else border

    return moved(stretch[0], 0, middle), moved(stretch[1], middle + 1, len(side))


# -- a summary -----------------------------------------------------------------------------


def _summary(
    own: Side, other: Side, alone: Floats, found: Sequence[LocalAlignment]
) -> LocalAlignment | None:
    """The stretch that the source as a whole explains better than stretches of it do."""
    if len(own) <= SUMMARY:
        return None
    whole = (0, len(other))
    states = _states(own, other, whole)
    hits, mass = (np.concatenate(([0.0], np.cumsum(x))) for x in (alone * PRESENT[states], alone))
    shares = (hits[SUMMARY:] - hits[:-SUMMARY]) / np.maximum(mass[SUMMARY:] - mass[:-SUMMARY], 1e-9)
    likeliest = int(shares.argmax())
    best: LocalAlignment | None = None
    for here in [*(f.own for f in found), (likeliest, likeliest + SUMMARY)]:
        for _ in range(ROUNDS):
            gains = _gains(states, alone, here)
            moved = _extended(gains, here)
            if moved in (None, here):
                break
            here = moved or here
        gain = float(gains[slice(*here)].sum())
        if gain < SUMMARY_EVIDENCE:
            continue
        stretch = _tidy(gains, here, own)
        if not _is_summary(own, other, alone, states, stretch):
            continue
        rival = sum(
            float(_gains(_states(own, other, _wider(f.source)), alone, f.own)[slice(*f.own)].sum())
            + f.source_gain
            for f in found
            if _within(f.own, stretch)
        )
        if gain > EXPLAINED * rival and (best is None or gain > best.gain):
            best = LocalAlignment(stretch, whole, gain, 0.0)
    return best


def _is_summary(own: Side, other: Side, alone: Floats, states: Ints, stretch: Stretch) -> bool:
    """Whether it is short, found in the source nearly throughout, and drawn from all over it."""
    low, high = stretch
    if len(other) < CONDENSED * (high - low):
        return False
    mass = alone[low:high]
    if mass[states[low:high] > 0].sum() < FOUND * mass.sum():
        return False
    drawn = np.cumsum(other.weights * _among(other.stems, own.stems[low:high], own.sizes[0]))
    first, last = np.searchsorted(drawn, [0.1 * drawn[-1], 0.9 * drawn[-1]])
    return bool(last - first >= SPREAD * len(other))


def _overlap(a: Stretch, b: Stretch) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _within(a: Stretch, b: Stretch) -> bool:
    return 2 * (min(a[1], b[1]) - max(a[0], b[0])) > a[1] - a[0]
