"""Very long texts, linked window by window where that promises something.

To compare every sentence with every other takes time and memory in proportion to the product
of the lengths. Here each sentence first looks up, in an inverted index as a search engine has,
the sentences of the other text that share its rare words, its stems or its pairs of words. Then
each window of one text is compared only with the likeliest sentences of the other and those
around them (seed and extend: Altschul et al. 1990; bounded postings: Turtle and Flood 1995).
How rare a word is in the story is counted in the window. A sentence that shares nothing has
probability 0 instead of a small one.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.features import NUMBER, SentenceFeatures, join_ranges, select_sentences
from dedup.align.links import Links, ModelName, link
from dedup.align.similarity import compute_similarity

# All chosen on the fitting half of the books in `benchmarks/long.py`, which prints how far
# windows and the whole agree and what both find of the gold, for both halves.
MAX_WINDOW = 32  # sentences that are linked together: an article's worth …
MAX_WINDOW_WORDS = 1_000  # … or of long ones so many that have this many words
AROUND = 2  # sentences before and after one that promises something, on both sides
MAX_PLACES = 4  # kept of each sentence, and as many sentences that contend for a place
MAX_PLACES_WORDS = 1_000  # for each window: bounds the work on what is said again and again
# Resemblance of rare features from which on a sentence is compared at all, and from which on a
# place is one of several for such a sentence.
MIN_BEST_PLACE = 0.25
MIN_PLACE = 0.22
MAX_POSTINGS = 100  # sentences kept of each feature, evenly spread over a text that has more
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

    def select(self, sentences: Integers, words: Integers) -> Integers:
        """The best places of some sentences, ascending: all together at most
        `MAX_PLACES_WORDS` long, where each place has so many `words`."""
        at = join_ranges(self.starts[sentences], np.diff(self.starts)[sentences])
        ordered = self.places[at[np.argsort(-self.resemblance[at], kind="stable")]]
        best = ordered[np.sort(np.unique(ordered, return_index=True)[1])]
        within = np.cumsum(words[best]) <= max(MAX_PLACES_WORDS, words[best[:1]].sum())
        return np.sort(best[within])

    def promising(self) -> npt.NDArray[np.bool_]:
        """Which sentences have a place that is worth a comparison."""
        promising = np.diff(self.starts) > 0
        promising[promising] = self.resemblance[self.starts[:-1][promising]] >= MIN_BEST_PLACE
        return promising


def link_windows(
    ours: SentenceFeatures, theirs: SentenceFeatures, name: ModelName = "lexical"
) -> Iterator[Links]:
    """The links of `ours` into `theirs`, then the other way round: the second takes time only
    if it is asked for. Neither text is empty."""
    there, back = find_places(ours, theirs)
    yield link_one_way(ours, theirs, there, back, name)
    yield link_one_way(theirs, ours, back, there, name)


def link_one_way(
    ours: SentenceFeatures, theirs: SentenceFeatures, there: Places, back: Places, name: ModelName
) -> Links:
    """The links of `ours` into `theirs`, window by window."""
    count, words, their_words = len(ours.sentences), ours.unit_counts, theirs.unit_counts
    sources: list[tuple[int, ...]] = [()] * count
    scores = [0.0] * count
    best_shares = [0.0] * count
    promising = there.promising()
    for begin, end in pairwise(find_windows(words)):
        own = np.flatnonzero(promising[begin:end]) + begin
        if not len(own):
            continue
        judged = add_neighbours(own, AROUND, count)
        rows = add_neighbours(judged, 1, count)
        places = there.select(rows, their_words)
        columns = add_neighbours(places, AROUND, len(theirs.sentences))
        rows = np.union1d(rows, back.select(places, words))
        chosen = select_sentences(ours, rows), select_sentences(theirs, columns)
        links = link(compute_similarity(*chosen), name)
        for i in judged[(judged >= begin) & (judged < end)].tolist():
            at = int(np.searchsorted(rows, i))
            sources[i] = tuple(columns[list(links.sources[at])].tolist())
            scores[i] = links.scores[at]
            best_shares[i] = links.best_shares[at]
    return Links(tuple(sources), tuple(scores), tuple(best_shares))


def find_windows(words: Integers) -> list[int]:
    """Where windows begin, and where the last one ends, of sentences with so many words."""
    bounds, size = [0], 0
    for i, length in enumerate(words.tolist()):
        size += length
        if i - bounds[-1] == MAX_WINDOW or (size > MAX_WINDOW_WORDS and i > bounds[-1]):
            bounds.append(i)
            size = length
    return [*bounds, len(words)]


def add_neighbours(sentences: Integers, reach: int, count: int) -> Integers:
    """Some sentences and those up to `reach` before and after, ascending."""
    spread = sentences[:, None] + np.arange(-reach, reach + 1)
    return np.unique(spread.clip(0, count - 1))


# -- Where a sentence may have come from -----------------------------------------------------


def find_places(ours: SentenceFeatures, theirs: SentenceFeatures) -> tuple[Places, Places]:
    """The likeliest places of our sentences among theirs, and of theirs among ours.

    The resemblance of two sentences is the cosine over their features, each weighted by the
    square root of its idf in both texts.
    """
    from scipy.sparse import csr_array

    numbers: dict[Hashable, int] = {}
    listed = [number_features(side, numbers) for side in (ours, theirs)]
    spread = np.bincount(np.concatenate([features for features, _ in listed]))
    idf = np.log((len(ours.sentences) + len(theirs.sentences) + 1) / spread)
    sides = []
    for features, sizes in listed:
        starts = np.concatenate(([0], np.cumsum(sizes)))
        lengths = np.sqrt(np.add.reduceat(idf[features], starts[:-1]))
        weights = (np.sqrt(idf[features]) / np.repeat(lengths, sizes)).astype(np.float32)
        sides.append(csr_array((weights, features, starts), shape=(len(sizes), len(spread))))
    return look_up_places(sides[0], sides[1]), look_up_places(sides[1], sides[0])


def number_features(
    side: SentenceFeatures, numbers: dict[Hashable, int]
) -> tuple[Integers, Integers]:
    """The numbers of each sentence's features, end to end, and how many it has: its units,
    their stems, its pairs of adjacent words, and the sentence as a whole."""
    listed = []
    for i, sentence in enumerate(side.sentences):
        units = side.units_in(i)
        stems = ["^" + unit[:STEM] for unit in units if len(unit) >= STEM and unit[0] != NUMBER]
        forms = [token.form for token in sentence.tokens]
        features = dict.fromkeys((*units, *stems, *pairwise(forms), tuple(forms)))
        listed.append([numbers.setdefault(feature, len(numbers)) for feature in features])
    sizes = np.array(list(map(len, listed)), dtype=np.int64)
    return np.array(list(chain.from_iterable(listed)), dtype=np.int64), sizes


def look_up_places(ours: Any, theirs: Any) -> Places:
    """The places of each row of `ours` among the rows of `theirs` (sparse, one norm)."""
    postings = thin_out(theirs.T.tocsr())
    tiles = []
    for begin in range(0, ours.shape[0], TILE):
        tile = ours[begin : begin + TILE] @ postings
        close = tile.data >= MIN_PLACE
        rows = np.repeat(np.arange(tile.shape[0]), np.diff(tile.indptr))[close]
        columns, resemblance = tile.indices[close], tile.data[close]
        order = np.lexsort((columns, -resemblance, rows))
        first = np.searchsorted(rows, np.arange(tile.shape[0]))
        order = order[np.arange(len(order)) - first[rows] < MAX_PLACES]
        counts = np.bincount(rows[order], minlength=tile.shape[0])
        tiles.append((counts, columns[order], resemblance[order]))
    counts, places, resemblance = map(np.concatenate, zip(*tiles, strict=True))
    return Places(np.concatenate(([0], np.cumsum(counts))), places.astype(np.int64), resemblance)


def thin_out(postings: Any) -> Any:
    """Postings (a row for each feature) with at most `MAX_POSTINGS` in each row, evenly chosen."""
    from scipy.sparse import csr_array

    sizes = np.diff(postings.indptr)
    size = np.repeat(sizes, sizes)
    rank = np.arange(len(size)) - np.repeat(postings.indptr[:-1], sizes)
    new_part = rank * MAX_POSTINGS // size != (rank - 1) * MAX_POSTINGS // size
    kept = (size <= MAX_POSTINGS) | new_part
    starts = np.concatenate(([0], np.cumsum(np.minimum(sizes, MAX_POSTINGS))))
    return csr_array((postings.data[kept], postings.indices[kept], starts), shape=postings.shape)
