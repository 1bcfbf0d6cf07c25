"""Where words of one text come from a stretch of another, whatever its sentences.

Beside a stretch of the source each word of the derivative is absent, present, or present
together with its neighbour. The three states have one set of rates inside a copied stretch and
another outside; a word's gain is its weight times the log of their ratio, and the stretch with
the greatest sum of gains is the likeliest (Karlin and Altschul 1990). What it holds gives new
rates, and each text in turn decides how far the stretch of the other reaches, until nothing
moves. So a verbatim copy, whose rates differ sharply, gets sharp borders, and a retelling is
recognised by its rarer words. A stretch that the source as a whole explains better than
stretches of it do is a summary.

Time: a step for each stem that two windows share, then at most `MAX_TRIES` + windows / 10
attempts, each linear in the words of both texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.features import measure_rarity, merge_join
from dedup.text import Text
from dedup.text.model import once_per_text

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Stretch = tuple[int, int]  # of words, half-open

# All constants below were chosen on the fitting half of PAN 2013 and judged on the other half
# (`python -m benchmarks.pan` prints both). Of the changes tried, most moved plagdet by less
# than .01; `MIN_PROMISE` (.016 less at 11) and `MIN_EXPLAINED` (.024 less at .5) matter more.
STEM = 5  # letters that forms of one word have in common; 4 and 6 lose .005
MIN_WEIGHT = 0.3  # of a word, as in `similarity`
WINDOW, STEP = 50, 25  # words; where stretches are looked for
MAX_SPREAD = 200  # windows; words in more are left out of the search, and only there
MIN_PROMISE = 14.0  # weight that two windows must share to be looked at
TILE = 64  # windows of ours looked up at once: bounds the memory
MAX_TRIES = 60
MAX_ROUNDS = 20  # of growing; four are usual
# Words (and part of the stretch) beyond a border that may still match.
MARGIN, RELATIVE_MARGIN = 40, 0.3
# Rates of the three states outside, believed until this weight of words has been counted.
PRIOR_OUTSIDE = 60.0 * np.array([0.80, 0.17, 0.03])
MIN_RATE = 0.05  # of a state inside: no single word proves or disproves a copy
MAX_LOSS = 70.0  # that a stretch may lead through
NEAR = 500  # words looked at first for the end of a stretch; more only if it is not there
MAX_SENTENCE_COST = 12.0  # loss accepted to begin and end with a sentence
# Gain that a stretch must have in either text, and by the geometric mean of both.
MIN_GAIN, MIN_MEAN_GAIN = 30.0, 50.0
MIN_WORDS = 25
MAX_TAKEN = 0.3  # part of a window that may be in blocks already

SUMMARY_WORDS = 100  # of the stretch that is tried as a summary first
MIN_CONDENSED = 4.0  # how many times longer the source must be
MIN_SUMMARY_GAIN = 100.0
MIN_PRESENT = 0.7  # part of a summary's words that stand in the source …
MIN_DRAWN = 0.6  # … and part of the source over which they are spread
MIN_EXPLAINED = 0.6  # of the gain of single stretches, in both texts together
BARRIER = -1e6  # the gain of a word of another block, which no stretch can make good
PRESENCE = np.array([0.0, 0.7, 1.0])  # of the three states, to find where a summary may be


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of a text, in columns.

    `begins`, `ends`: offsets, of a sentence's first and last word with the marks around them.
    `stems`: the number of each word's stem in `vocabulary`; `rarity`: of each word in the
    language (0 for boilerplate). `edges`: the words that begin a sentence, and the number of
    words at the end. `window_stems`: which of the `windows`, ascending, has which stem, each once.
    """

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    vocabulary: Mapping[str, int]
    stems: Ints
    rarity: Floats
    edges: Ints
    windows: tuple[Stretch, ...]
    window_stems: tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class WeightedWords:
    """The words of a text beside another: numbers of its stems and of its pairs of neighbours,
    of which both texts together have `sizes`, and the weight of each word."""

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
    """A stretch of the derivative, where it comes from, and the gain in either text."""

    own: Stretch
    source: Stretch
    gain: float
    source_gain: float


@once_per_text
def list_words(text: Text) -> WordList:
    """The words of `text`, boilerplate included."""
    sentences = [sentence for sentence in text.sentences if sentence.tokens]
    tokens = [token for sentence in sentences for token in sentence.tokens]
    edges = np.cumsum([0, *(len(sentence.tokens) for sentence in sentences)])
    begins, ends = [t.begin for t in tokens], [t.end for t in tokens]
    rarity = np.array([measure_rarity(t.form, text.language) for t in tokens]) + MIN_WEIGHT
    for sentence, first, after in zip(sentences, edges, edges[1:], strict=False):
        begins[first], ends[after - 1] = sentence.begin, sentence.end
        if sentence.form == "furniture":
            rarity[first:after] = 0
    vocabulary: dict[str, int] = {}
    stems = [vocabulary.setdefault(token.form[:STEM], len(vocabulary)) for token in tokens]
    starts = range(0, max(len(stems) - WINDOW + STEP, 1), STEP)
    windows = tuple((start, min(start + WINDOW, len(stems))) for start in starts)
    distinct = [dict.fromkeys(stems[low:high]) for low, high in windows]
    window_of = np.repeat(np.arange(len(windows)), [*map(len, distinct)])
    return WordList(
        tuple(begins),
        tuple(ends),
        vocabulary,
        np.array(stems, dtype=np.intp),
        rarity,
        edges,
        windows,
        (window_of, np.array([*chain(*distinct)], np.intp)),
    )


def local_alignments(ours: WordList, theirs: WordList) -> list[LocalAlignment]:
    """What is copied or retold, stretch by stretch, disjoint in the derivative (`ours`), the
    most promising first."""
    own, other, promising, alone = weigh_words(ours, theirs)
    locals_: list[LocalAlignment] = []
    free = np.ones(len(own), dtype=np.bool_)
    tries = MAX_TRIES + len(own.windows) // 10
    for i, j in promising:
        low, high = own.windows[i]
        if np.count_nonzero(free[low:high]) / (high - low) < 1 - MAX_TAKEN:
            continue
        if tries == 0:
            break
        tries -= 1
        grown = grow(own, other, (low, high), other.windows[j], free)
        if grown is not None:
            free[slice(*grown.own)] = False
            locals_.append(grown)
    if summary := find_summary(own, other, alone, locals_):
        low, high = summary.own
        locals_ = [a for a in locals_ if a.own[1] <= low or high <= a.own[0]] + [summary]
    return locals_


def weigh_words(
    ours: WordList, theirs: WordList
) -> tuple[WeightedWords, WeightedWords, Iterator[tuple[int, int]], Floats]:
    """Both texts; the pairs of windows that share much, most first; and what each of our words
    would weigh if it mattered in our text only."""
    numbers = dict(ours.vocabulary)
    known = np.array([numbers.setdefault(stem, len(numbers)) for stem in theirs.vocabulary])
    size = len(numbers)
    stems = ours.stems, known[theirs.stems]
    window_stems = ours.window_stems, (theirs.window_stems[0], known[theirs.window_stems[1]])
    neighbours = [side[:-1] * size + side[1:] for side in stems]
    every, pairs = np.unique(np.concatenate(neighbours), return_inverse=True)
    spread = [np.bincount(own_stems, minlength=size) for _, own_stems in window_stems]
    rare_here = measure_local_rarity(spread[0] + spread[1], len(ours.windows) + len(theirs.windows))
    weights = np.zeros(size)
    sides = []
    for side, pair, words in zip(
        stems, np.split(pairs, [len(stems[0]) - 1]), (ours, theirs), strict=True
    ):
        own = words.rarity * rare_here[side]
        weights[side] = own
        sides.append(WeightedWords(side, pair, (size, len(every)), own, words.windows, words.edges))
    weights[np.maximum(*spread) > MAX_SPREAD] = 0
    i, j, weight = pair_windows(*window_stems, weights)
    order = np.lexsort((j, i, -np.round(weight, 3)))
    promising = zip(i[order].tolist(), j[order].tolist(), strict=True)
    alone = ours.rarity * measure_local_rarity(spread[0], len(ours.windows))[stems[0]]
    return sides[0], sides[1], promising, alone


def pair_windows(
    ours: tuple[Ints, Ints], theirs: tuple[Ints, Ints], weights: Floats
) -> tuple[Ints, Ints, Floats]:
    """The pairs of windows that share at least `MIN_PROMISE`, and the weight that they share.

    `ours` and `theirs`: which window has which stem, of those that have `weights` float64[v].
    """
    (windows, stems), (their_windows, their_stems) = ours, theirs
    width = int(their_windows[-1]) + 1
    order = np.argsort(their_stems, kind="stable")
    order = order[weights[their_stems[order]] > 0]
    their_windows, their_stems = their_windows[order], their_stems[order]
    tiles = []
    for first in range(0, int(windows[-1]) + 1, TILE):
        low, high = windows.searchsorted([first, first + TILE])
        i, j = merge_join(stems[low:high], their_stems)
        cells = (windows[low:high] - first)[i] * width + their_windows[j]
        weight = np.bincount(cells, weights[their_stems[j]])
        enough = np.flatnonzero(weight >= MIN_PROMISE)
        tiles.append((enough // width + first, enough % width, weight[enough]))
    rows, columns, shared = zip(*tiles, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(shared)


def measure_local_rarity(spread: Ints, windows: int) -> Floats:
    """1 for a word in one window, 0 for a word in all."""
    rare: Floats = np.log((windows + 1) / np.maximum(spread, 1)) / np.log(windows + 1)
    return rare


def grow(
    own: WeightedWords, other: WeightedWords, here: Stretch, there: Stretch, free: Bools
) -> LocalAlignment | None:
    """The likeliest stretches around two windows, where the evidence suffices for a block;
    each text in turn decides how far the stretch of the other reaches."""
    for _ in range(MAX_ROUNDS):
        before = here, there
        gains = compute_gains(mark_states(own, other, there) * free, own.weights, here)
        gains[~free] = BARRIER
        moved = extend(gains, here)
        if moved is None:
            return None
        back = compute_gains(mark_states(other, own, moved), other.weights, there)
        moved_there = extend(back, there)
        if moved_there is None:
            return None
        here, there = moved, moved_there
        if (here, there) == before:
            break
    gain, back_gain = float(gains[slice(*here)].sum()), float(back[slice(*there)].sum())
    if min(gain, back_gain) < MIN_GAIN or sqrt(gain * back_gain) < MIN_MEAN_GAIN:
        return None
    gains = np.where(free, gains, -np.inf)  # no border moves into another block
    here, there = snap(gains, here, own.edges), snap(back, there, other.edges)
    if min(here[1] - here[0], there[1] - there[0]) < MIN_WORDS:
        return None
    return LocalAlignment(here, there, gain, back_gain)


def mark_states(own: WeightedWords, other: WeightedWords, there: Stretch) -> Ints:
    """Of each word, whether it is absent there and close by (0), present (1), or present with a
    neighbour (2)."""
    margin = max(MARGIN, int(RELATIVE_MARGIN * (there[1] - there[0])))
    low, high = max(there[0] - margin, 0), there[1] + margin
    beside = np.zeros(len(own), dtype=np.bool_)
    beside[1:] = _is_in(own.pairs, other.pairs[low : max(high - 1, low)], own.sizes[1])
    beside[:-1] |= beside[1:]
    return np.add(_is_in(own.stems, other.stems[low:high], own.sizes[0]), beside, dtype=np.intp)


def _is_in(numbers: Ints, some: Ints, size: int) -> Bools:
    """Which of `numbers` are among `some`; all are less than `size`."""
    table = np.zeros(size, dtype=np.bool_)
    table[some] = True
    return table[numbers]


def compute_gains(states: Ints, weights: Floats, inside: Stretch) -> Floats:
    """Weight × log ratio of the rates of each word's state inside and outside: float64[n]."""
    low, high = inside
    all_ = np.bincount(states, weights, 3)
    within = np.bincount(states[low:high], weights[low:high], 3)
    outside = all_ - within + PRIOR_OUTSIDE
    rates = np.maximum(within / max(within.sum(), 1e-9), MIN_RATE)
    ratio = np.log(rates / rates.sum()) - np.log(outside / outside.sum())
    gains: Floats = weights * ratio.take(states)
    return gains


def extend(gains: Floats, around: Stretch) -> Stretch | None:
    """The stretch with the greatest sum that begins with the best part of `around`."""
    low, high = around
    sums = np.concatenate(([0.0], gains[low:high].cumsum()))
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    begin = int(sums[: end + 1].argmin())
    if end <= begin:
        return None
    low, high = low + begin, low + end
    return low - measure_reach(gains[:low][::-1]), high + measure_reach(gains[high:])


def measure_reach(gains: Floats) -> int:
    """How many words to go on for the greatest sum, through no loss over `MAX_LOSS`."""
    ahead = NEAR
    while True:
        sums = gains[:ahead].cumsum()
        losses = np.maximum.accumulate(np.maximum(sums, 0)) - sums
        deep = np.flatnonzero(losses > MAX_LOSS)
        if len(deep) or ahead >= len(gains):
            sums = sums[: deep[0]] if len(deep) else sums
            return int(sums.argmax()) + 1 if sums.max(initial=0) > 0 else 0
        ahead *= 8


def snap(gains: Floats, stretch: Stretch, edges: Ints) -> Stretch:
    """The stretch from sentence to sentence, where that costs little."""
    middle = sum(stretch) // 2
    finite = np.isfinite(gains)
    sums = np.concatenate(([0.0], np.where(finite, gains, 0).cumsum()))
    barred = np.concatenate(([0], (~finite).cumsum()))

    def moved(border: int, low: int, high: int) -> int:
        k = int(edges.searchsorted(border))
        costs = [
            (abs(sums[edge] - sums[border]), edge)
            for edge in edges[max(k - 1, 0) : k + 2].tolist()
            if low <= edge <= high and barred[edge] == barred[border]
        ]
        cost, edge = min(costs, default=(np.inf, border))
        return edge if cost <= MAX_SENTENCE_COST else border

    return moved(stretch[0], 0, middle), moved(stretch[1], middle + 1, len(gains))


def find_summary(
    own: WeightedWords, other: WeightedWords, alone: Floats, locals_: Sequence[LocalAlignment]
) -> LocalAlignment | None:
    """The stretch that the source as a whole explains better than stretches of it do."""
    if len(own) <= SUMMARY_WORDS:
        return None
    whole = (0, len(other))
    states = mark_states(own, other, whole)
    hits, mass = (np.concatenate(([0.0], np.cumsum(x))) for x in (alone * PRESENCE[states], alone))
    width = SUMMARY_WORDS
    shares = (hits[width:] - hits[:-width]) / np.maximum(mass[width:] - mass[:-width], 1e-9)
    likeliest = int(shares.argmax())
    best: LocalAlignment | None = None
    for here in [*(a.own for a in locals_), (likeliest, likeliest + width)]:
        for _ in range(MAX_ROUNDS):
            gains = compute_gains(states, alone, here)
            moved = extend(gains, here) or here
            if moved == here:
                break
            here = moved
        gain = float(gains[slice(*here)].sum())
        if gain < MIN_SUMMARY_GAIN:
            continue
        stretch = snap(gains, here, own.edges)
        if not is_summary(own, other, alone, states, stretch):
            continue
        rival = 0.0
        for local in locals_:
            low, high = local.own
            if 2 * (min(high, stretch[1]) - max(low, stretch[0])) > high - low:
                own_gains = compute_gains(mark_states(own, other, local.source), alone, local.own)
                rival += float(own_gains[low:high].sum()) + local.source_gain
        if gain > MIN_EXPLAINED * rival and (best is None or gain > best.gain):
            best = LocalAlignment(stretch, whole, gain, 0.0)
    return best


def is_summary(
    own: WeightedWords, other: WeightedWords, alone: Floats, states: Ints, stretch: Stretch
) -> bool:
    """Whether it is short, stands in the source nearly throughout, and comes from all over it."""
    low, high = stretch
    if len(other) < MIN_CONDENSED * (high - low):
        return False
    mass = alone[low:high]
    if mass[states[low:high] > 0].sum() < MIN_PRESENT * mass.sum():
        return False
    drawn = np.cumsum(other.weights * _is_in(other.stems, own.stems[low:high], own.sizes[0]))
    first, last = np.searchsorted(drawn, [0.1 * drawn[-1], 0.9 * drawn[-1]])
    return bool(last - first >= MIN_DRAWN * len(other))
