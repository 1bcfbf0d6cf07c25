"""How much of each sentence of one text stands in each sentence of another, word by word.

Two words match as far as their character trigrams agree (Dice 1945), which serves for
inflections, compounds and transliterations in any alphabet; numbers match by value or not at
all. A word weighs as much as it is rare in the language times how few sentences of the two
texts have it (Sparck Jones 1972), so that "Korea" counts for little in a story about Korea.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.features import SentenceFeatures, merge_join

Matrix = npt.NDArray[np.floating[Any]]
Numbers = npt.NDArray[np.integer[Any]]
Numbering = tuple[Numbers, Numbers, int]

TINY = np.float32(1e-6)  # in place of a weight of 0, of which no share can be had
MIN_WEIGHT = 0.3  # even "the" counts a little, so that a sentence of such words can match
MIN_DICE = 0.5  # of two words' trigrams, from which on they are forms of one word
# Of all pairs of words, the part that match, from which on they are looked up in a full matrix:
# in a list of "entry1", "entry2" … all words match.
MAX_SPARSE = 0.1


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each of the n sentences of one text stands in each of the other's m.

    `share` float32[n, m]: the part of a sentence's weight that the other one has; `shared`
    float32[n, m]: that weight; `mass` float32[n]: the weight of a sentence. Word by word, as
    `features.unit_ids` has them: `weights` float32[k], and `matches` float32[k, m], how far each
    sentence of the other text has it.
    """

    features: SentenceFeatures
    share: Matrix
    shared: Matrix
    mass: Matrix
    weights: Matrix
    matches: Matrix


@dataclass(frozen=True, slots=True)
class Similarity:
    """n sentences of a derivative compared with m of a source.

    `derivative`: how the derivative's sentences are covered by the source's; `source`: the
    other way round. As float32[n, m]: `cosine` of the sentences' character trigrams, weighted by
    rarity in the two texts; `bigrams`, `numbers`: how many distinct pairs of neighbouring words
    and how many numbers both have; `numbers_missing`: how many numbers of the one that has fewer
    the other lacks; `meaning`: the cosine of the sentences' vectors, where an encoder made some.
    """

    derivative: Coverage
    source: Coverage
    cosine: Matrix
    bigrams: Matrix
    numbers: Matrix
    numbers_missing: Matrix
    meaning: Matrix | None = None

    @property
    def in_source(self) -> Matrix:
        """The share of each derivative sentence that each source sentence has: float32[n, m]."""
        return self.derivative.share

    @property
    def in_derivative(self) -> Matrix:
        """The share of each source sentence that each derivative sentence has: float32[n, m]."""
        return self.source.share.T

    def reversed(self) -> "Similarity":
        """The same with source and derivative exchanged."""
        meaning = None if self.meaning is None else self.meaning.T
        cosine, bigrams = self.cosine.T, self.bigrams.T
        numbers, missing = self.numbers.T, self.numbers_missing.T
        return Similarity(self.source, self.derivative, cosine, bigrams, numbers, missing, meaning)


def compute_similarity(
    derivative: SentenceFeatures, source: SentenceFeatures, meaning: Matrix | None = None
) -> Similarity:
    """Compare every sentence of `derivative` with every one of `source`; neither is empty."""
    numbering = number_grams(derivative, source)
    matches = match_units(derivative, source, numbering)
    shape = len(derivative.sentences), len(source.sentences)
    numbers = derivative.number_postings.count_common(source.number_postings, shape)
    own, other = derivative.number_postings.count(shape[0]), source.number_postings.count(shape[1])
    return Similarity(
        cover(matches, derivative, source),
        cover(matches.T, source, derivative),
        compare_grams(derivative, source, numbering),
        derivative.bigram_postings.count_common(source.bigram_postings, shape),
        numbers,
        np.minimum(own[:, None], other[None, :]) - numbers,
        meaning,
    )


def number_grams(ours: SentenceFeatures, theirs: SentenceFeatures) -> Numbering:
    """One vocabulary for the grams of both texts: the number in it of each gram in either
    text's own vocabulary, and its size."""
    own, other = ours.gram_vocabulary[0], theirs.gram_vocabulary[0]
    both = np.union1d(own, other)
    return both.searchsorted(own), both.searchsorted(other), len(both)


def match_units(ours: SentenceFeatures, theirs: SentenceFeatures, numbering: Numbering) -> Any:
    """How far each of k units matches each of l others, in (0, 1]: a sparse array of those with
    at least `MIN_DICE` of their trigrams in common."""
    from scipy.sparse import coo_array, csr_array

    *numbers, size = numbering
    tables = []
    for side, own in zip((ours, theirs), numbers, strict=True):
        ones, ends = np.ones(len(side.grams), np.float32), np.append(0, side.gram_counts.cumsum())
        columns = own[side.gram_vocabulary[1]]
        tables.append(csr_array((ones, columns, ends), shape=(len(side.units), size)))
    common = (tables[0] @ tables[1].T).tocoo()
    i, j = common.row, common.col
    dice = 2 * common.data / (ours.gram_counts[i] + theirs.gram_counts[j]).astype(np.float32)
    near = dice >= MIN_DICE
    return coo_array((dice[near], (i[near], j[near])), shape=common.shape)


def cover(matches: Any, own: SentenceFeatures, other: SentenceFeatures) -> Coverage:
    """How our sentences are covered by the other's: each word by its best match there. An
    acronym is matched where its long form stands whole, a word of a long form where its
    acronym stands."""
    if matches.nnz < MAX_SPARSE * len(own.units) * len(other.units):
        i, j = merge_join(matches.col, other.unit_postings.codes)
        best = np.zeros((len(own.units), len(other.sentences)), dtype=np.float32)
        np.maximum.at(best, (matches.row[i], other.unit_postings.rows[j]), matches.data[i])
    else:
        best = np.maximum.reduceat(matches.toarray()[:, other.unit_ids], other.starts, axis=1)
    for unit, sentences in match_acronyms(own, other):
        best[unit, sentences] = 1
    weights, matched = weigh_units(own, other)[own.unit_ids], best[own.unit_ids]
    shared = np.add.reduceat(weights[:, None] * matched, own.starts)
    mass = np.add.reduceat(weights, own.starts)
    share = shared / np.maximum(mass, TINY)[:, None]
    return Coverage(own, share, shared, mass, weights, matched)


def match_acronyms(
    own: SentenceFeatures, other: SentenceFeatures
) -> Iterator[tuple[int, list[int]]]:
    """Units of ours that are acronyms or of long forms, with the sentences of the other text
    that have what they stand for."""
    written = own.acronyms & own.sentence_counts.keys()
    for acronym in sorted((written & other.long_forms.keys()) - other.sentence_counts.keys()):
        has = [other.sentences_with(word) for word in other.long_forms[acronym]]
        yield own.units.index(acronym), sorted(frozenset.intersection(*has))
    spelled_out = (other.acronyms & own.long_forms.keys()) - own.sentence_counts.keys()
    for acronym in sorted(spelled_out):
        for word in sorted(own.long_forms[acronym] & own.sentence_counts.keys()):
            yield own.units.index(word), sorted(other.sentences_with(acronym))


def weigh_units(own: SentenceFeatures, other: SentenceFeatures) -> Matrix:
    """Rarity in the language × rarity in the two texts: float32[k]."""
    counts = np.bincount(own.unit_ids)
    counts += np.array([*map(other.sentence_counts.get, own.units, repeat(0))])
    sentences = len(own.sentences) + len(other.sentences)
    rare_here = np.log((sentences + 1) / counts) / np.log(sentences + 1)
    weights: Matrix = ((own.rarity + MIN_WEIGHT) * rare_here).astype(np.float32)
    return weights


def compare_grams(ours: SentenceFeatures, theirs: SentenceFeatures, numbering: Numbering) -> Matrix:
    """Cosine of the sentences' trigrams, by log of their number and rarity in both texts.

    The product is sparse, since a dense one starts threads that cost a small table more than they
    save: with two of them a draft with 35 sources took twice as much CPU.
    """
    from scipy.sparse import csr_array

    own, other, size = numbering
    grams = own[ours.sentence_grams[1]], other[theirs.sentence_grams[1]]
    spread = sum(np.bincount(gram, minlength=size) for gram in grams)
    sentences = len(ours.sentences) + len(theirs.sentences)
    idf = (np.log((1 + sentences) / (1 + spread)) + 1).astype(np.float32)
    vectors = []
    for side, gram in zip((ours, theirs), grams, strict=True):
        sentence, _, count = side.sentence_grams
        values = (1 + np.log(count.astype(np.float32))) * idf[gram]
        norm = np.sqrt(np.bincount(sentence, values * values, len(side.sentences)))
        values /= np.maximum(norm, TINY)[sentence].astype(np.float32)
        vectors.append(csr_array((values, (sentence, gram)), (len(side.sentences), size)))
    cosine: Matrix = (vectors[0] @ vectors[1].T).toarray()
    return cosine
