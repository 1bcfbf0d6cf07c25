"""Windows: very long texts compared only where it promises something.

Comes in: the wordings of two texts. Goes out: their `Links`, both ways. Comparing every
sentence with every other one takes time and memory in proportion to the product of the
lengths. Here each sentence first meets those that share its rare words, its stems or its
pairs of words (an inverted index, as a search engine has), which takes time in proportion to
the sum. Then window after window of one text is compared, word by word, with the likeliest
sentences of the other and what stands around them (`likeness`), and linked (`links`).
(Seed and extend: Altschul et al. 1990; the bounded postings: Turtle and Flood 1995.)

Rarity within the story is that of the window: in a book, a passage is judged by what stands
around it. A sentence that meets no other one has
probability 0 instead of a small one.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.likeness import compute_similarity
from dedup.align.links import Links, ModelName, link
from dedup.align.wording import NUMBER, SentenceFeatures

# All chosen on the fitting half of the books in `benchmarks/long.py`, which prints how far
# windows and the whole agree and what both find of the gold, for both halves.
WINDOW = 32  # sentences that are linked together: an article's worth …
WINDOW_WORDS = 1_000  # … or of long ones so many that have this many words
AROUND = 2  # sentences before and after one that promises something, on both sides
LIKELY = 4  # places kept of each sentence
RIVALS = 4  # sentences that contend for a place, kept of each place
MOST_WORDS = 1_000  # in the places of a window: bounds the work on what is said again and again
PROMISING = 0.25  # resemblance of rare features from which on a sentence is compared at all
CONTEXT = 0.22  # … and from which on a place is one of several for a sentence that is
MOST_LIKELY = max(LIKELY, RIVALS)
POSTINGS = 100  # sentences kept of each feature, evenly spread over a text that has more
STEM = 4  # letters that forms of one word have in common
TILE = 64  # sentences whose places are looked up at once: bounds the memory

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """The likeliest places of each sentence in the other text, best first, end to end.

    Sentence i's are `places[starts[i] : starts[i + 1]]`, with their resemblance.
    """

    starts: Integers
    places: Integers
    resemblance: npt.NDArray[np.float32]

    def of(self, sentences: Integers, most: int, words: Integers) -> Integers:
        """The best places of some sentences, ascending: at most `most` of each, and all
        together no more than `MOST_WORDS` long, of the `words` that each place has."""
        at = _ranges(self.starts[sentences], np.diff(self.starts)[sentences].clip(max=most))
        ordered = self.places[at[np.argsort(-self.resemblance[at], kind="stable")]]
        best = ordered[np.sort(np.unique(ordered, return_index=True)[1])]
        within = np.cumsum(words[best]) <= max(MOST_WORDS, words[best[:1]].sum())
        return np.sort(best[within])

    def promising(self) -> npt.NDArray[np.bool_]:
        """Which sentences have a place that is worth a comparison."""
        found = np.diff(self.starts) > 0
        found[found] = self.resemblance[self.starts[:-1][found]] >= PROMISING
        return found


def link_windows(
    ours: SentenceFeatures, theirs: SentenceFeatures, setting: ModelName = "alike"
) -> Iterator[Links]:
    """The links of `ours` into `theirs`, then the other way round: the second takes time only
    if it is asked for. Neither text is empty."""
    there, back = find_places(ours, theirs)
    yield _link_one_way(ours, theirs, there, back, setting)
    yield _link_one_way(theirs, ours, back, there, setting)


def _link_one_way(
    ours: SentenceFeatures,
    theirs: SentenceFeatures,
    there: Places,
    back: Places,
    setting: ModelName,
) -> Links:
    """The links of `ours` into `theirs`, window by window."""
    count, words, their_words = len(ours.sentences), _words(ours), _words(theirs)
    sources: list[tuple[int, ...]] = [()] * count
    scores = [0.0] * count
    found = [0.0] * count
    promising = there.promising()
    for begin, end in pairwise(_bounds(words)):
        own = np.flatnonzero(promising[begin:end]) + begin
        if not len(own):
            continue
        judged = _around(own, AROUND, count)
        rows = _around(judged, 1, count)
        places = there.of(rows, LIKELY, their_words)
        columns = _around(places, AROUND, len(theirs.sentences))
        rows = np.union1d(rows, back.of(places, RIVALS, words))
        links = link(
            compute_similarity(select_sentences(ours, rows), select_sentences(theirs, columns)),
            setting,
        )
        for i in judged[(judged >= begin) & (judged < end)].tolist():
            at = int(np.searchsorted(rows, i))
            sources[i] = tuple(columns[list(links.sources[at])].tolist())
            scores[i] = links.scores[at]
            found[i] = links.found[at]
    return Links(tuple(sources), tuple(scores), tuple(found))


def _words(wording: SentenceFeatures) -> Integers:
    """How many words, each counted once, every sentence has."""
    return np.diff(wording.starts, append=len(wording.columns))


def _bounds(words: Integers) -> list[int]:
    """Where windows begin, and where the last one ends."""
    bounds, size = [0], 0
    for i, length in enumerate(words.tolist()):
        size += length
        if i - bounds[-1] == WINDOW or (size > WINDOW_WORDS and i > bounds[-1]):
            bounds.append(i)
            size = length
    return [*bounds, len(words)]


def _around(sentences: Integers, reach: int, count: int) -> Integers:
    """Some sentences and those up to `reach` before and after, ascending."""
    spread = sentences[:, None] + np.arange(-reach, reach + 1)
    return np.unique(spread.clip(0, count - 1))


def select_sentences(wording: SentenceFeatures, sentences: Integers) -> SentenceFeatures:
    """The wording of some of a text's sentences, in ascending order."""
    starts = np.append(wording.starts, len(wording.columns))
    lengths = np.diff(starts)[sentences]
    columns = wording.columns[_ranges(starts[sentences], lengths)]
    units, columns = np.unique(columns, return_inverse=True)
    grams = np.concatenate(([0], np.cumsum(wording.sizes)))
    return replace(
        wording,
        sentences=tuple(wording.sentences[i] for i in sentences.tolist()),
        units=tuple(wording.units[k] for k in units.tolist()),
        rarity=wording.rarity[units],
        columns=columns.ravel(),
        starts=np.cumsum(lengths) - lengths,
        grams=wording.grams[_ranges(grams[units], wording.sizes[units])],
        sizes=wording.sizes[units],
    )


def _ranges(begins: Integers, lengths: Integers) -> Integers:
    """The numbers from each begin on, as many as its length, end to end."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(begins - before, lengths) + np.arange(lengths.sum())


# -- Where a sentence may have come from -----------------------------------------------------


def find_places(ours: SentenceFeatures, theirs: SentenceFeatures) -> tuple[Places, Places]:
    """The likeliest places of our sentences among theirs, and of theirs among ours.

    The resemblance of two sentences is the cosine over their features, each weighted by the
    square root of its idf in both texts.
    """
    from scipy.sparse import csr_array

    numbers: dict[Hashable, int] = {}
    listed = [_features(side, numbers) for side in (ours, theirs)]
    spread = np.bincount(np.concatenate([features for features, _ in listed]))
    idf = np.log((len(ours.sentences) + len(theirs.sentences) + 1) / spread)
    sides = []
    for features, sizes in listed:
        starts = np.concatenate(([0], np.cumsum(sizes)))
        lengths = np.sqrt(np.add.reduceat(idf[features], starts[:-1]))
        weights = (np.sqrt(idf[features]) / np.repeat(lengths, sizes)).astype(np.float32)
        sides.append(csr_array((weights, features, starts), shape=(len(sizes), len(spread))))
    return _look_up(sides[0], sides[1]), _look_up(sides[1], sides[0])


def _features(side: SentenceFeatures, numbers: dict[Hashable, int]) -> tuple[Integers, Integers]:
    """The numbers of each sentence's features, end to end, and how many it has: its units,
    their stems, its pairs of adjacent words, and the sentence as a whole."""
    found = []
    for i, sentence in enumerate(side.sentences):
        units = [side.units[k] for k in side.sentence(i).tolist()]
        stems = ["^" + unit[:STEM] for unit in units if len(unit) >= STEM and unit[0] != NUMBER]
        forms = [token.form for token in sentence.tokens]
        features = dict.fromkeys((*units, *stems, *pairwise(forms), tuple(forms)))
        found.append([numbers.setdefault(feature, len(numbers)) for feature in features])
    sizes = np.array(list(map(len, found)), dtype=np.int64)
    return np.array(list(chain.from_iterable(found)), dtype=np.int64), sizes


def _look_up(ours: Any, theirs: Any) -> Places:
    """The places of each row of `ours` among the rows of `theirs` (sparse, one norm)."""
    postings = _thinned(theirs.T.tocsr())
    found = []
    for begin in range(0, ours.shape[0], TILE):
        tile = ours[begin : begin + TILE] @ postings
        close = tile.data >= CONTEXT
        rows = np.repeat(np.arange(tile.shape[0]), np.diff(tile.indptr))[close]
        columns, resemblance = tile.indices[close], tile.data[close]
        order = np.lexsort((columns, -resemblance, rows))
        first = np.searchsorted(rows, np.arange(tile.shape[0]))
        order = order[np.arange(len(order)) - first[rows] < MOST_LIKELY]
        counts = np.bincount(rows[order], minlength=tile.shape[0])
        found.append((counts, columns[order], resemblance[order]))
    counts, places, resemblance = map(np.concatenate, zip(*found, strict=True))
    return Places(np.concatenate(([0], np.cumsum(counts))), places.astype(np.int64), resemblance)


def _thinned(postings: Any) -> Any:
    """Postings (a row for each feature) with at most `POSTINGS` in each row, evenly chosen."""
    from scipy.sparse import csr_array

    sizes = np.diff(postings.indptr)
    size = np.repeat(sizes, sizes)
    rank = np.arange(len(size)) - np.repeat(postings.indptr[:-1], sizes)
    kept = (size <= POSTINGS) | (rank * POSTINGS // size != (rank - 1) * POSTINGS // size)
    starts = np.concatenate(([0], np.cumsum(np.minimum(sizes, POSTINGS))))
    return csr_array((postings.data[kept], postings.indices[kept], starts), shape=postings.shape)
