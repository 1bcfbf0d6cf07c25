"""Likeness: how much of each sentence of one text stands in each sentence of another.

Comes in: the sentences of two texts. Goes out: a `Likeness`, matrices over (derivative
sentence, source sentence). A sentence is its words and its numbers by value. Two words match
as far as their character trigrams agree (Dice), which serves for inflections, compounds and
transliterations in any alphabet; numbers match by value or not at all. A word weighs as much
as it is rare in the language at large times how few of the story's sentences have it, so
that "Korea" in a story about Korea counts for little (Sparck Jones 1972, both ways).
It decides nothing: see `dedup.align.links`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align.postings import join
from dedup.align.wording import SentenceFeatures

Matrix = npt.NDArray[np.floating[Any]]
Numbers = npt.NDArray[np.integer[Any]]

TINY = np.float32(1e-6)  # where a share of nothing would be asked
COMMON = 0.3  # even "the" counts a little, so that a sentence of such words can match
# Dice of two words' trigrams from which on they are forms of one word.
ALIKE = 0.5
# Of all pairs of words, the part that match, from which on they are looked up in a full matrix:
# in a list of "entry1", "entry2" … all words match.
SPARSE = 0.1


@dataclass(frozen=True, slots=True)
class Cover:
    """How each word of each sentence of one text is matched in each sentence of the other.

    `weights` float32[k] and `matches` float32[k, m]: one row for every distinct unit of every
    sentence, end to end; sentence i's rows begin at `starts[i]`, and `sentences` int64[k] has
    the sentence of each row.
    """

    weights: Matrix
    matches: Matrix
    starts: npt.NDArray[np.int64]
    sentences: npt.NDArray[np.int64]

    def explained(self, beyond: Matrix | None = None) -> Matrix:
        """The weight of each sentence that each other one has: float32[n, m]; counting only
        what exceeds the match `beyond` float32[k] that each row has already."""
        matches = self.matches
        if beyond is not None:
            matches = np.maximum(matches - beyond[:, None], 0)
        explained: Matrix = np.add.reduceat(self.weights[:, None] * matches, self.starts)
        return explained

    def mass(self) -> Matrix:
        """The weight of each sentence: float32[n]."""
        mass: Matrix = np.add.reduceat(self.weights, self.starts)
        return mass

    def sentence_of_row(self) -> npt.NDArray[np.int64]:
        """The sentence that each row belongs to: int64[k]."""
        return self.sentences


@dataclass(frozen=True, slots=True)
class Similarity:
    """Matrices float32[n, m] over n derivative and m source sentences.

    `in_source[i, j]`: the share of derivative sentence i's weight that sentence j has;
    `in_derivative[i, j]`: the share of j's weight that i has; `shared[i, j]`: the weight of
    what i shares with j, by i's words, `shared_back[i, j]` by j's. `mass[n]` and
    `source_mass[m]`: each sentence's weight; `length[n]`, `source_length[m]`: its words.
    `cosine`: of the sentences' character trigrams, weighted by rarity in the two texts;
    `pairs`: how many pairs of neighbouring words both have, each counted once, of those that
    each has, `pair_count[n]` and `source_pair_count[m]`; `figures`: how many numbers both have,
    `clash`: how many numbers of the one that has fewer the other lacks.
    `cover` and `source_cover` give the matches word by word. `meaning`: the cosine of the
    sentences' vectors, where an encoder made some.
    """

    in_source: Matrix
    in_derivative: Matrix
    shared: Matrix
    shared_back: Matrix
    mass: Matrix
    source_mass: Matrix
    length: Matrix
    source_length: Matrix
    cosine: Matrix
    pairs: Matrix
    pair_count: Matrix
    source_pair_count: Matrix
    figures: Matrix
    clash: Matrix
    cover: Cover
    source_cover: Cover
    meaning: Matrix | None = None

    def reversed(self) -> "Similarity":
        """The same seen from the source: its sentences against the derivative's."""
        return Similarity(
            self.in_derivative.T,
            self.in_source.T,
            self.shared_back.T,
            self.shared.T,
            self.source_mass,
            self.mass,
            self.source_length,
            self.length,
            self.cosine.T,
            self.pairs.T,
            self.source_pair_count,
            self.pair_count,
            self.figures.T,
            self.clash.T,
            self.source_cover,
            self.cover,
            None if self.meaning is None else self.meaning.T,
        )


def compute_similarity(
    derivative: SentenceFeatures, source: SentenceFeatures, meaning: Matrix | None = None
) -> Similarity:
    """Compare every sentence of `derivative` with every one of `source`; neither is empty.

    `meaning` float32[n, m] is the cosine of the sentences' vectors, where they have any.
    """
    numbers = _numbered(derivative, source)
    matches = _dice(derivative, source, numbers)
    cover = _cover(matches, derivative, source)
    source_cover = _cover(matches.reversed(), source, derivative)
    shared, back = cover.explained(), source_cover.explained().T
    mass, source_mass = cover.mass(), source_cover.mass()
    shape = len(derivative.sentences), len(source.sentences)
    figures = derivative.figures.common(source.figures, shape)
    own, other = derivative.figures.sizes(shape[0]), source.figures.sizes(shape[1])
    return Similarity(
        shared / np.maximum(mass, TINY)[:, None],
        back / np.maximum(source_mass, TINY)[None, :],
        shared,
        back,
        mass,
        source_mass,
        derivative.length,
        source.length,
        _cosine(derivative, source, numbers),
        derivative.pairs.common(source.pairs, shape),
        derivative.pairs.sizes(shape[0]),
        source.pairs.sizes(shape[1]),
        figures,
        np.minimum(own[:, None], other[None, :]) - figures,
        cover,
        source_cover,
        meaning,
    )


def match_words(ours: SentenceFeatures, theirs: SentenceFeatures) -> Matrix:
    """How far each unit matches each other one: float32[k, l] in [0, 1]."""
    matches = _dice(ours, theirs, _numbered(ours, theirs))
    return matches.matrix(len(ours.units), len(theirs.units))


@dataclass(frozen=True, slots=True)
class Matches:
    """Which units of two texts match, and how far, in (0, 1]: three columns of a length."""

    ours: Numbers
    theirs: Numbers
    degree: Matrix

    def matrix(self, own: int, other: int) -> Matrix:
        """How far each of k own units matches each of l other ones: float32[k, l]."""
        matrix = np.zeros((own, other), dtype=np.float32)
        matrix[self.ours, self.theirs] = self.degree
        return matrix

    def reversed(self) -> "Matches":
        """The same seen from the other text."""
        return Matches(self.theirs, self.ours, self.degree)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The grams of two texts in one vocabulary of `size`: which number in it each gram of
    either text's own vocabulary has."""

    size: int
    ours: Numbers
    theirs: Numbers


def _numbered(ours: SentenceFeatures, theirs: SentenceFeatures) -> Numbered:
    """The grams of both texts, numbered in ascending order."""
    own, other = ours.vocabulary[0], theirs.vocabulary[0]
    both = np.union1d(own, other)
    return Numbered(len(both), both.searchsorted(own), both.searchsorted(other))


def _dice(ours: SentenceFeatures, theirs: SentenceFeatures, numbers: Numbered) -> Matches:
    """Which units have at least half of their trigrams in common."""
    from scipy.sparse import csr_array

    left, right = (
        csr_array(
            (
                np.ones(len(side.grams), np.float32),
                own[side.vocabulary[1]],
                np.append(0, side.sizes.cumsum()),
            ),
            shape=(len(side.units), numbers.size),
        )
        for side, own in ((ours, numbers.ours), (theirs, numbers.theirs))
    )
    common = (left @ right.T).tocoo()
    i, j = common.coords
    dice = 2 * common.data / (ours.sizes[i] + theirs.sizes[j]).astype(np.float32)
    alike = dice >= ALIKE
    return Matches(i[alike], j[alike], dice[alike])


def _cosine(ours: SentenceFeatures, theirs: SentenceFeatures, numbers: Numbered) -> Matrix:
    """Cosine of the sentences' trigrams, by log of their number and rarity in both texts."""
    sides = (ours, theirs)
    grams = numbers.ours[ours.sentence_grams[1]], numbers.theirs[theirs.sentence_grams[1]]
    spread = sum(np.bincount(gram, minlength=numbers.size) for gram in grams)
    sentences = sum(len(side.sentences) for side in sides)
    idf = (np.log((1 + sentences) / (1 + spread)) + 1).astype(np.float32)
    vectors = []
    for side, gram in zip(sides, grams, strict=True):
        sentence, _, count = side.sentence_grams
        vector = np.zeros((len(side.sentences), numbers.size), dtype=np.float32)
        vector[sentence, gram] = (1 + np.log(count.astype(np.float32))) * idf[gram]
        norm = np.sqrt((vector * vector).sum(axis=1, keepdims=True))
        vectors.append(vector / np.maximum(norm, TINY))
    cosine: Matrix = vectors[0] @ vectors[1].T
    return cosine


def _weights(own: SentenceFeatures, other: SentenceFeatures) -> Matrix:
    """Background rarity × rarity in the story, which is both texts: float32[k]."""
    spread = np.bincount(own.columns) + np.array([*map(other.spread.get, own.units, repeat(0))])
    sentences = len(own.sentences) + len(other.sentences)
    rare_here = np.log((sentences + 1) / spread) / np.log(sentences + 1)
    weights: Matrix = ((own.rarity + COMMON) * rare_here).astype(np.float32)
    return weights


def _cover(matches: Matches, own: SentenceFeatures, other: SentenceFeatures) -> Cover:
    """Each row's best match within each of the other's sentences. An acronym is matched where
    its long form stands whole, a word of a long form where its acronym stands."""
    if len(matches.degree) < SPARSE * len(own.units) * len(other.units):
        i, j = join(matches.theirs, other.places.codes)
        best = np.zeros((len(own.units), len(other.sentences)), dtype=np.float32)
        np.maximum.at(best, (matches.ours[i], other.places.rows[j]), matches.degree[i])
    else:
        every = matches.matrix(len(own.units), len(other.units))[:, other.columns]
        best = np.maximum.reduceat(every, other.starts, axis=1)
    for unit, sentences in _spelled_out(own, other):
        best[unit, sentences] = 1
    weights = _weights(own, other)[own.columns]
    return Cover(weights, best[own.columns], own.starts, own.sentence_of_column)


def _spelled_out(own: SentenceFeatures, other: SentenceFeatures) -> Iterator[tuple[int, list[int]]]:
    """Units of ours that are acronyms or of long forms, with the sentences of the other text
    that have what they stand for."""
    written = own.acronyms & own.spread.keys()
    for acronym in sorted((written & other.long_forms.keys()) - other.spread.keys()):
        has = [other.sentences_with(word) for word in other.long_forms[acronym]]
        yield own.units.index(acronym), sorted(frozenset.intersection(*has))
    for acronym in sorted((other.acronyms & own.long_forms.keys()) - own.spread.keys()):
        for word in sorted(own.long_forms[acronym] & own.spread.keys()):
            yield own.units.index(word), sorted(other.sentences_with(acronym))
