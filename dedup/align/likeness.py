"""Likeness: how much of each sentence of one text stands in each sentence of another.

Comes in: the sentences of two texts. Goes out: a `Likeness`, matrices over (derivative
sentence, source sentence). A sentence is its words and its numbers by value. Two words match
as far as their character trigrams agree (Dice), which serves for inflections, compounds and
transliterations in any alphabet; numbers match by value or not at all. A word weighs as much
as it is rare in the language at large times how few of the story's sentences have it, so
that "Korea" in a story about Korea counts for little (Sparck Jones 1972, both ways).
It decides nothing: see `dedup.align.links`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.text import Sentence
from dedup.text.rarity import rarity

Matrix = npt.NDArray[np.floating[Any]]

NUMBER = "#"  # begins a number's unit of meaning, which no word can
# A number is as telling as a word of one in 100,000 (Zipf 2 to 2.5) …
NUMBER_RARITY = 5.0
# … beyond one in a million, rarity says more about spelling than about meaning.
RAREST = 6.0
COMMON = 0.3  # even "the" counts a little, so that a sentence of such words can match
# Dice of two words' trigrams from which on they are forms of one word.
ALIKE = 0.5
SHORTEST_SOFT = 4  # letters; shorter words match exactly or not


@dataclass(frozen=True, slots=True)
class Likeness:
    """Matrices float32[n, m] over n derivative and m source sentences.

    `in_source[i, j]`: the share of derivative sentence i's weight that sentence j has;
    `in_derivative[i, j]`: the share of j's weight that i has; `shared[i, j]`: the weight of
    what i shares with j, by i's words, `shared_back[i, j]` by j's. `mass[n]` and
    `source_mass[m]`: each sentence's weight. `cover[i]` gives, for the words of derivative
    sentence i, (weights[k], matches[k, m]); `source_cover[j]` the same the other way round.
    """

    in_source: Matrix
    in_derivative: Matrix
    shared: Matrix
    shared_back: Matrix
    mass: Matrix
    source_mass: Matrix
    cover: tuple[tuple[Matrix, Matrix], ...]
    source_cover: tuple[tuple[Matrix, Matrix], ...]

    def reversed(self) -> "Likeness":
        """The same seen from the source: its sentences against the derivative's."""
        return Likeness(
            self.in_derivative.T,
            self.in_source.T,
            self.shared_back.T,
            self.shared.T,
            self.source_mass,
            self.mass,
            self.source_cover,
            self.cover,
        )


def meaning(sentence: Sentence) -> frozenset[str]:
    """What a sentence is made of: its words, and its numbers by value ("#11000")."""
    numbers = [anchor for anchor in sentence.anchors if anchor.kind == "number"]
    units = {NUMBER + anchor.value for anchor in numbers}
    spans = iter(numbers)
    number = next(spans, None)
    for token in sentence.tokens:
        while number is not None and number.end <= token.begin:
            number = next(spans, None)
        if number is None or token.end <= number.begin:
            units.add(token.form)
    return frozenset(units)


def liken(
    derivative: Sequence[Sentence], source: Sequence[Sentence], languages: tuple[str, str]
) -> Likeness:
    """Compare every sentence of `derivative` with every one of `source`.

    `languages` are the derivative's and the source's. Neither side may be empty.
    """
    ours, theirs = [meaning(s) for s in derivative], [meaning(s) for s in source]
    spread = _spread(ours, theirs)
    our_words, our_sentences = _columns(ours)
    their_words, their_sentences = _columns(theirs)
    our_weights = _weights(our_words, spread, len(ours) + len(theirs), languages[0])
    their_weights = _weights(their_words, spread, len(ours) + len(theirs), languages[1])
    similar = match_words(our_words, their_words)

    best_theirs = _best(similar, their_sentences)  # [our words, source sentences]
    best_ours = _best(similar.T, our_sentences)  # [their words, derivative sentences]
    cover = tuple((our_weights[i], best_theirs[i]) for i in our_sentences)
    source_cover = tuple((their_weights[j], best_ours[j]) for j in their_sentences)
    shared = np.stack([weights @ matches for weights, matches in cover])
    back = np.stack([weights @ matches for weights, matches in source_cover], axis=1)
    mass, source_mass = (
        np.array([weights.sum() for weights, _ in side], dtype=np.float32)
        for side in (cover, source_cover)
    )
    tiny = np.float32(1e-6)
    return Likeness(
        shared / np.maximum(mass, tiny)[:, None],
        back / np.maximum(source_mass, tiny)[None, :],
        shared,
        back,
        mass,
        source_mass,
        cover,
        source_cover,
    )


def match_words(ours: Sequence[str], theirs: Sequence[str]) -> Matrix:
    """How far each word matches each other one: float32[len(ours), len(theirs)] in [0, 1]."""
    from scipy.sparse import csr_matrix

    vocabulary: dict[str, int] = {}

    def incidence(words: Sequence[str]) -> tuple[list[int], list[int]]:
        columns, starts = [], [0]
        for word in words:
            columns += [vocabulary.setdefault(gram, len(vocabulary)) for gram in _grams(word)]
            starts.append(len(columns))
        return columns, starts

    sides = [incidence(ours), incidence(theirs)]
    left, right = (
        csr_matrix(
            (np.ones(len(columns), np.float32), columns, starts),
            shape=(len(starts) - 1, len(vocabulary)),
        )
        for columns, starts in sides
    )
    common = (left @ right.T).toarray()
    sizes = [np.diff(starts).astype(np.float32) for _, starts in sides]
    dice: Matrix = 2 * common / (sizes[0][:, None] + sizes[1][None, :])
    dice[dice < ALIKE] = 0
    return dice


def _grams(word: str) -> frozenset[str]:
    """The character trigrams of a word, its first four letters counted once more."""
    if word.startswith(NUMBER) or len(word) < SHORTEST_SOFT:
        return frozenset((word,))
    edged = f"<{word}>"
    return frozenset(edged[i : i + 3] for i in range(len(edged) - 2)) | {"^" + word[:4]}


def _spread(*texts: Sequence[frozenset[str]]) -> dict[str, int]:
    """In how many of the story's sentences each unit stands."""
    spread: dict[str, int] = {}
    for text in texts:
        for units in text:
            for unit in units:
                spread[unit] = spread.get(unit, 0) + 1
    return spread


def _columns(sentences: Sequence[frozenset[str]]) -> tuple[list[str], list[npt.NDArray[np.int64]]]:
    """The distinct units in order, and which of them each sentence has."""
    units = sorted(frozenset().union(*sentences))
    index = {unit: i for i, unit in enumerate(units)}
    return units, [
        np.array(sorted(index[unit] for unit in sentence), dtype=np.int64) for sentence in sentences
    ]


def _weights(units: Sequence[str], spread: dict[str, int], sentences: int, language: str) -> Matrix:
    background: Matrix = np.array(
        [
            NUMBER_RARITY if unit.startswith(NUMBER) else min(rarity(unit, language), RAREST)
            for unit in units
        ],
        dtype=np.float32,
    )
    spreads = np.array([spread[unit] for unit in units], dtype=np.float32)
    rare_here = np.log((sentences + 1) / spreads) / np.log(sentences + 1)
    weights: Matrix = ((background + COMMON) * rare_here).astype(np.float32)
    return weights


def _best(similar: Matrix, sentences: Sequence[npt.NDArray[np.int64]]) -> Matrix:
    """Each row's best match within each sentence's columns; a sentence may be empty."""
    best = np.zeros((similar.shape[0], len(sentences)), dtype=np.float32)
    for j, columns in enumerate(sentences):
        if len(columns):
            best[:, j] = similar[:, columns].max(axis=1)
    return best
