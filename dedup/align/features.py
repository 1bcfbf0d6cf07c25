"""What each sentence of a text says, in columns that can be compared with those of another text.

A sentence is the set of its words and of its numbers by value: "four thousand" is #4000. Each
word comes with its rarity in the language and with the trigrams of its letters, by which
`dedup.align.similarity` matches inflections, compounds and names across alphabets. All of this
is computed once for each text. Nothing is compared here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import chain, compress
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.text import Sentence, Text, Token
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.romanize import romanize

NUMBER = "#"  # begins the unit of a number, as no word does
# A number is as telling as a word of one in 100,000 (Zipf 2 to 2.5) …
NUMBER_RARITY = 5.0
# … beyond one in a million, rarity says more about spelling than about meaning.
MAX_RARITY = 6.0
MIN_SOFT_LETTERS = 4  # shorter words match exactly or not at all; …
SYLLABLES = re.compile("[가-힣]{2}")  # … two syllables of Korean are as many letters
BIGRAM_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that "a b" and "b a" differ

MIN_INITIALS, MAX_INITIALS = 3, 7  # letters
# Small words that a long form may have inside and its initials may leave out.
MAX_SMALL_LETTERS = 4
MAX_SMALL_WORDS = 2  # in a row
BETWEEN_WORDS = re.compile(r"[\s\-–‐'’]*")  # of one name

Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Which sentence has which code, a number that stands for a word or the like.

    Row `rows[i]` has `codes[i]`: each pair once, in ascending order of the codes, so that two
    texts meet only where they have a code in common (the merge join of databases).
    """

    codes: Integers
    rows: npt.NDArray[np.int64]

    def count(self, rows: int) -> Floats:
        """How many codes each row has: float32[rows]."""
        return np.bincount(self.rows, minlength=rows).astype(np.float32)

    def count_common(self, other: "Postings", shape: tuple[int, int]) -> Floats:
        """How many codes each of our n rows shares with each of m others: float32[n, m]."""
        i, j = merge_join(self.codes, other.codes)
        cells = self.rows[i] * shape[1] + other.rows[j]
        return np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.float32).reshape(shape)


def make_postings(rows: npt.NDArray[np.int64], codes: Integers) -> Postings:
    """Postings of rows and codes in any order, with repetitions."""
    order = np.lexsort((rows, codes))
    rows, codes = rows[order], codes[order]
    new = np.append(True, (codes[1:] != codes[:-1]) | (rows[1:] != rows[:-1]))[: len(codes)]
    return Postings(codes[new], rows[new])


def merge_join(ours: Integers, theirs: Integers) -> tuple[npt.NDArray[np.int64], Integers]:
    """All pairs of places (i, j) with `ours[i] == theirs[j]`; `theirs` is in ascending order.

    >>> [places.tolist() for places in merge_join(np.array([7, 5, 6]), np.array([4, 5, 5, 7]))]
    [[0, 1, 1], [3, 1, 2]]
    """
    first = theirs.searchsorted(ours)
    counts = theirs.searchsorted(ours, side="right") - first
    return np.repeat(np.arange(len(ours)), counts), join_ranges(first, counts)


def join_ranges(begins: Integers, lengths: Integers) -> Integers:
    """The numbers from each begin on, as many as its length, end to end.

    >>> join_ranges(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    before = np.cumsum(lengths) - lengths
    return np.repeat(begins - before, lengths) + np.arange(lengths.sum())


@dataclass(frozen=True)
class SentenceFeatures:
    """What each sentence of a text says.

    `sentences`: those that say something (no boilerplate, at least one word). `units`: their
    distinct words and numbers by value ("#11000"), sorted; `rarity`: how rare each is in the
    language. `unit_ids`: the units of each sentence, end to end, those of sentence j from
    `starts[j]` on. `grams`: the hashed trigrams of each unit, end to end, `gram_counts[k]` of
    them each. `acronyms`: units written in capitals; `long_forms`: initials, and the units they
    may stand for.
    """

    sentences: tuple[Sentence, ...]
    units: tuple[str, ...]
    rarity: Floats
    unit_ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    grams: npt.NDArray[np.uint64]
    gram_counts: npt.NDArray[np.int64]
    acronyms: frozenset[str] = frozenset()
    long_forms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def units_in(self, j: int) -> list[str]:
        """The units of sentence j."""
        begin = self.starts[j]
        return [self.units[k] for k in self.unit_ids[begin : begin + self.unit_counts[j]].tolist()]

    def sentences_with(self, unit: str) -> frozenset[int]:
        """The sentences that have a unit."""
        if unit not in self.sentence_counts:
            return frozenset()
        return frozenset(self.sentence_ids[self.unit_ids == self.units.index(unit)].tolist())

    @cached_property
    def words(self) -> Floats:
        """How many words each sentence has."""
        return np.array([len(sentence.tokens) for sentence in self.sentences], np.float32)

    @cached_property
    def unit_counts(self) -> npt.NDArray[np.int64]:
        """How many distinct units each sentence has: int64[n]."""
        return np.diff(self.starts, append=len(self.unit_ids))

    @cached_property
    def bigram_counts(self) -> Floats:
        """How many distinct pairs of neighbouring words each sentence has: float32[n]."""
        return self.bigram_postings.count(len(self.sentences))

    @cached_property
    def gram_starts(self) -> npt.NDArray[np.int64]:
        """Where the grams of each unit begin."""
        return np.cumsum(self.gram_counts) - self.gram_counts

    @cached_property
    def sentence_ids(self) -> npt.NDArray[np.int64]:
        """The sentence that each of `unit_ids` belongs to."""
        return np.repeat(np.arange(len(self.starts)), self.unit_counts)

    @cached_property
    def sentence_counts(self) -> dict[str, int]:
        """In how many of the sentences each unit stands."""
        return dict(zip(self.units, np.bincount(self.unit_ids).tolist(), strict=True))

    @cached_property
    def unit_postings(self) -> Postings:
        """The sentences that have each unit."""
        return make_postings(self.sentence_ids, self.unit_ids)

    @cached_property
    def number_postings(self) -> Postings:
        """The sentences that have each number, for which its only gram stands."""
        is_number = np.array([unit.startswith(NUMBER) for unit in self.units], dtype=np.bool_)
        own = is_number[self.unit_ids]
        grams = self.grams[self.gram_starts[self.unit_ids[own]]]
        return make_postings(self.sentence_ids[own], grams)

    @cached_property
    def bigram_postings(self) -> Postings:
        """The sentences that have each pair of neighbouring words, hashed."""
        sentence = np.repeat(np.arange(len(self.sentences)), self.words.astype(np.int64))
        tokens = chain.from_iterable(sentence.tokens for sentence in self.sentences)
        words = np.array([_hash(token.form) for token in tokens], dtype=np.uint64)
        inside = sentence[1:] == sentence[:-1]
        return make_postings(sentence[1:][inside], (words[:-1] * BIGRAM_FACTOR + words[1:])[inside])

    @cached_property
    def gram_vocabulary(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        """The distinct grams, in ascending order; the number of each of `grams` among them."""
        vocabulary, numbers = np.unique(self.grams, return_inverse=True)
        return vocabulary, numbers.astype(np.int32)

    @cached_property
    def sentence_grams(self) -> tuple[npt.NDArray[np.int32], ...]:
        """The grams of the sentences in three columns: sentence, gram (its number in
        `gram_vocabulary`), and how many of the sentence's units have it."""
        counts = self.gram_counts[self.unit_ids]
        at = join_ranges(self.gram_starts[self.unit_ids], counts)
        grams, numbers = self.gram_vocabulary
        cells = np.repeat(self.sentence_ids, counts) * len(grams) + numbers[at]
        cells, counts = np.unique(cells, return_counts=True)
        return tuple(x.astype(np.int32) for x in (*np.divmod(cells, len(grams)), counts))


def measure_rarity(word: str, language: str) -> float:
    """How rare a word is in the language, as far as that says something of its meaning."""
    return min(word_rarity(word, language), MAX_RARITY)


@once_per_text
def extract_features(text: Text) -> SentenceFeatures:
    """The features of the sentences of `text` that say something."""
    sentences = tuple(s for s in text.prose if s.tokens)
    sets = [frozenset(extract_units(sentence)) for sentence in sentences]
    units = tuple(sorted(frozenset().union(*sets)))
    numbers = {unit: i for i, unit in enumerate(units)}
    ids = [sorted(map(numbers.__getitem__, own)) for own in sets]
    grams = [hash_grams(unit) for unit in units]
    rarity = [
        NUMBER_RARITY if unit.startswith(NUMBER) else measure_rarity(unit, text.language)
        for unit in units
    ]
    return SentenceFeatures(
        sentences,
        units,
        np.array(rarity, dtype=np.float32),
        np.array(list(chain.from_iterable(ids)), dtype=np.int64),
        np.cumsum([0, *map(len, ids[:-1])]),
        np.array(list(chain.from_iterable(grams)), dtype=np.uint64),
        np.array(list(map(len, grams)), dtype=np.int64),
        find_acronyms(sentences, text),
        find_long_forms(sentences, text),
    )


def select_sentences(
    features: SentenceFeatures, sentences: npt.NDArray[np.int64]
) -> SentenceFeatures:
    """The features of some of a text's sentences, in ascending order."""
    counts = features.unit_counts[sentences]
    ids = features.unit_ids[join_ranges(features.starts[sentences], counts)]
    units, ids = np.unique(ids, return_inverse=True)
    gram_counts = features.gram_counts[units]
    return replace(
        features,
        sentences=tuple(features.sentences[i] for i in sentences.tolist()),
        units=tuple(features.units[k] for k in units.tolist()),
        rarity=features.rarity[units],
        unit_ids=ids.ravel(),
        starts=np.cumsum(counts) - counts,
        grams=features.grams[join_ranges(features.gram_starts[units], gram_counts)],
        gram_counts=gram_counts,
    )


def extract_units(sentence: Sentence) -> list[str]:
    """The unit that each word of a sentence is, or is part of: itself, or its number by value."""
    numbers = iter([anchor for anchor in sentence.anchors if anchor.kind == "number"])
    number = next(numbers, None)
    units = []
    for token in sentence.tokens:
        while number is not None and number.end <= token.begin:
            number = next(numbers, None)
        inside = number is not None and number.begin < token.end
        units.append(NUMBER + number.value if number is not None and inside else token.form)
    return units


@lru_cache(maxsize=100_000)
def hash_grams(unit: str) -> tuple[int, ...]:
    """The character trigrams of a word and its first four letters, hashed.

    They are those of the word in Latin letters, so that names match across alphabets, and Korean
    words with other particles. A number or a short word has one, itself: it matches its like or
    nothing.
    """
    grams = {unit}
    long = len(unit) >= MIN_SOFT_LETTERS or SYLLABLES.match(unit)
    if long and not unit.startswith(NUMBER):
        spelled = romanize(unit)
        edged = f"<{spelled if len(spelled) >= MIN_SOFT_LETTERS else unit}>"
        grams = {edged[i : i + 3] for i in range(len(edged) - 2)} | {"^" + edged[1:5]}
    return tuple(map(_hash, sorted(grams)))


@lru_cache(maxsize=100_000)
def _hash(text: str) -> int:
    """64 bits that stand for `text`."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


# -- Initials and the names they stand for ---------------------------------------------------


def find_acronyms(sentences: Sequence[Sentence], text: Text) -> frozenset[str]:
    """The words written in capitals, folded; none where most of the text is in capitals."""
    raw = text.article.text
    tokens = [token for sentence in sentences for token in sentence.tokens]
    words = [(token.form, raw[token.begin : token.end]) for token in tokens]
    capitals = [(form, word) for form, word in words if word.isupper()]
    if 2 * len(capitals) >= len(tokens):
        return frozenset()
    return frozenset(
        form
        for form, word in capitals
        if MIN_INITIALS <= len(word) <= MAX_INITIALS and word.isalpha()
    )


def find_long_forms(sentences: Sequence[Sentence], text: Text) -> dict[str, frozenset[str]]:
    """Initials, and the words they may stand for: "iaea" for the International Atomic Energy
    Agency. Of several names with the same initials, the first in the text."""
    long_forms: dict[str, frozenset[str]] = {}
    for name in find_capitalised_names(sentences, text):
        large = [text.article.text[token.begin].isupper() for token in name]
        for first in range(len(name)):
            if large[first]:
                capitalised = [*compress(name[first:], large[first:])]
                for words in (capitalised, name[first:]):
                    initials = "".join(token.form[0] for token in words)
                    if MIN_INITIALS <= len(initials) <= MAX_INITIALS:
                        long_forms.setdefault(initials, frozenset(t.form for t in capitalised))
    return long_forms


def find_capitalised_names(sentences: Sequence[Sentence], text: Text) -> Iterator[list[Token]]:
    """Words in a row that begin with a capital letter, with the small words between them; of
    a hyphened word ("Co-operation") the first part."""
    raw = text.article.text
    for sentence in sentences:
        name: list[Token] = []
        small: list[Token] = []
        end = sentence.begin
        for token in sentence.tokens:
            capital = raw[token.begin].isupper()
            if not (name or capital):  # of most words no more is asked
                end = token.end
                continue
            word, gap = raw[token.begin : token.end], raw[end : token.begin]
            end = token.end
            if name and gap != " " and not BETWEEN_WORDS.fullmatch(gap):
                yield name
                name, small = [], []
            if capital and not word.isupper():
                name, small = [*name, *small, token], []
                continue
            lower = name and word[0].islower()
            if lower and gap and not gap.isspace():
                continue
            if lower and len(word) <= MAX_SMALL_LETTERS and len(small) < MAX_SMALL_WORDS:
                small.append(token)
            elif name:
                yield name
                name, small = [], []
        if name:
            yield name
