"""Likeness: how much of each sentence of one text stands in each sentence of another.

Comes in: the sentences of two texts. Goes out: a `Likeness`, matrices over (derivative
sentence, source sentence). A sentence is its words and its numbers by value. Two words match
as far as their character trigrams agree (Dice), which serves for inflections, compounds and
transliterations in any alphabet; numbers match by value or not at all. A word weighs as much
as it is rare in the language at large times how few of the story's sentences have it, so
that "Korea" in a story about Korea counts for little (Sparck Jones 1972, both ways).
It decides nothing: see `dedup.align.links`.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.text import Sentence, Text
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
WORDINGS_KEPT = 2_000  # of about 50 KB each


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


@dataclass(frozen=True, slots=True)
class Wording:
    """What a text tells, in columns, ready to be compared with any other.

    `sentences` are those that tell something (no furniture, at least one word). `units`: the
    distinct words, and numbers by value ("#11000"), of all of them, sorted; `rarity`
    float32[k] how rare each is at large. `columns`: the numbers of each sentence's units, end
    to end, sentence j's from `starts[j]` on. `grams` uint64: the hashed character trigrams of
    each unit, end to end, with `sizes[k]` of them each.
    """

    sentences: tuple[Sentence, ...]
    units: tuple[str, ...]
    rarity: Matrix
    columns: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    grams: npt.NDArray[np.uint64]
    sizes: npt.NDArray[np.int64]

    def sentence(self, j: int) -> npt.NDArray[np.int64]:
        """The numbers of sentence j's units."""
        end = self.starts[j + 1] if j + 1 < len(self.starts) else None
        return self.columns[self.starts[j] : end]

    def spread(self) -> npt.NDArray[np.int64]:
        """In how many of the sentences each unit stands."""
        return np.bincount(self.columns, minlength=len(self.units))


@lru_cache(maxsize=WORDINGS_KEPT)
def wording(text: Text) -> Wording:
    """The wording of `text`; its last few thousand answers are kept."""
    sentences = tuple(s for s in text.prose if s.tokens)
    told = [_units(sentence) for sentence in sentences]
    units = tuple(sorted(frozenset().union(*told)))
    index = {unit: i for i, unit in enumerate(units)}
    columns = [sorted(index[unit] for unit in units_) for units_ in told]
    grams = [_grams(unit) for unit in units]
    return Wording(
        sentences,
        units,
        np.array([_rarity(unit, text.language) for unit in units], dtype=np.float32),
        np.array(list(chain.from_iterable(columns)), dtype=np.int64),
        np.cumsum([0, *map(len, columns[:-1])]),
        np.array(list(chain.from_iterable(grams)), dtype=np.uint64),
        np.array(list(map(len, grams)), dtype=np.int64),
    )


def _units(sentence: Sentence) -> frozenset[str]:
    """The words of a sentence, and its numbers by value in place of their words."""
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


def _rarity(unit: str, language: str) -> float:
    return NUMBER_RARITY if unit.startswith(NUMBER) else min(rarity(unit, language), RAREST)


@lru_cache(maxsize=100_000)
def _grams(unit: str) -> tuple[int, ...]:
    """The character trigrams of a word, its first four letters counted once more, hashed.

    A number or a short word has one, itself: it matches its like or nothing.
    """
    grams = {unit}
    if len(unit) >= SHORTEST_SOFT and not unit.startswith(NUMBER):
        edged = f"<{unit}>"
        grams = {edged[i : i + 3] for i in range(len(edged) - 2)} | {"^" + unit[:4]}
    return tuple(
        int.from_bytes(blake2b(gram.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        for gram in sorted(grams)
    )


def liken(derivative: Wording, source: Wording) -> Likeness:
    """Compare every sentence of `derivative` with every one of `source`; neither is empty."""
    similar = match_words(derivative, source)
    weights = _weights(derivative, source), _weights(source, derivative)
    # The best match of each of our words in each of their sentences, and the other way round.
    best = _best(similar, source), _best(similar.T, derivative)
    covers = [
        tuple(
            (weight[columns], found[columns])
            for j in range(len(side.sentences))
            for columns in (side.sentence(j),)
        )
        for side, weight, found in zip((derivative, source), weights, best, strict=True)
    ]
    shared, back = (np.stack([weight @ found for weight, found in cover]) for cover in covers)
    mass, source_mass = (
        np.array([weight.sum() for weight, _ in cover], dtype=np.float32) for cover in covers
    )
    tiny = np.float32(1e-6)
    return Likeness(
        shared / np.maximum(mass, tiny)[:, None],
        back.T / np.maximum(source_mass, tiny)[None, :],
        shared,
        back.T,
        mass,
        source_mass,
        *covers,
    )


def match_words(ours: Wording, theirs: Wording) -> Matrix:
    """How far each unit matches each other one: float32[k, l] in [0, 1]."""
    from scipy.sparse import csr_array

    both = np.concatenate((ours.grams, theirs.grams))
    vocabulary, columns = np.unique(both, return_inverse=True)
    left, right = (
        csr_array(
            (np.ones(len(part), np.float32), part, np.concatenate(([0], np.cumsum(side.sizes)))),
            shape=(len(side.units), len(vocabulary)),
        )
        for side, part in zip(
            (ours, theirs), np.split(columns.ravel(), [len(ours.grams)]), strict=True
        )
    )
    common = (left @ right.T).toarray()
    dice: Matrix = 2 * common / (ours.sizes[:, None] + theirs.sizes[None, :]).astype(np.float32)
    dice[dice < ALIKE] = 0
    return dice


def _weights(own: Wording, other: Wording) -> Matrix:
    """Background rarity × rarity in the story, which is both texts: float32[k]."""
    counts = dict(zip(other.units, other.spread().tolist(), strict=True))
    spread = own.spread() + np.array([counts.get(unit, 0) for unit in own.units])
    sentences = len(own.sentences) + len(other.sentences)
    rare_here = np.log((sentences + 1) / spread) / np.log(sentences + 1)
    weights: Matrix = ((own.rarity + COMMON) * rare_here).astype(np.float32)
    return weights


def _best(similar: Matrix, side: Wording) -> Matrix:
    """Each row's best match within each of the side's sentences: float32[k, m]."""
    best: Matrix = np.maximum.reduceat(similar[:, side.columns], side.starts, axis=1)
    return best
