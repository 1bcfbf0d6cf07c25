"""Relations: whether two articles tell one report, how, and how sure that is.

Comes in: two `Text`s. Goes out: a `Relation`: its kind, a probability and the evidence in
numbers. Near-duplicates are settled by their shingles. For the rest a small logistic model,
fitted by `benchmarks/fit_relation.py` on open data and kept as readable numbers in
data/relation.json, weighs sentence coverage, likeness, names and numbers, wording and order.
All evidence comes from the two texts and the language at large, never from the collection
around them, so a pair is judged alike among five articles and among five million.
It does not say who took it from whom.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import exp, log, sqrt
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.align import Links, match, told
from dedup.sketch import shingle_containment
from dedup.text import Text
from dedup.text.rarity import rarity
from dedup.text.words import words

RelationKind = Literal[
    "duplicate", "near-duplicate", "rewrite", "translation", "excerpt", "related"
]

NEAR = 0.7  # word-5-shingle resemblance of near-duplicates (datasketch's and rensa's custom)
ONE_REPORT = 0.5  # probability from which on two articles are one report
# An excerpt: nearly all of the shorter article stands in the longer, which has much more.
EXCERPT_INSIDE = 0.8
EXCERPT_SIZE = 0.6
TRAITS_KEPT = 2_000  # of about 30 KB each

EVIDENCE = (
    "telling",  # the greater share of one article's words in linked sentences …
    "wording",  # the greater share of its 5-word shingles in the other …
    "retelling",  # mean log-odds of the alignment gate, both directions
    "cosine",  # of words weighted by background rarity
    "order",  # share of linked sentences in the source's order
)
# … each in geometric mean with the agreement of names and numbers: a market report has last
# week's wording and other figures. Of true pairs of the open families 98 in 100 share .38 of
# the names and numbers of the one that has fewer, of Reuters' form reports 2 in 100 do.


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles are related, and the evidence in numbers.

    `a` < `b` are article ids. `probability` is that the two tell one report (`related`: the
    same story, own work: below one half). `containment` and `coverage` are (a in b, b in a).
    """

    a: str
    b: str
    kind: RelationKind
    probability: float
    resemblance: float
    containment: tuple[float, float]
    cosine: float
    anchors: float
    coverage: tuple[float, float]


def relate(a: Text, b: Text) -> tuple[Relation, tuple[Links, Links]]:
    """How `a` and `b` are related, and their sentence links (a's into b, b's into a).

    The relation's first article is the one with the lesser id; the links go with the
    arguments. Raises `InputError` where the texts are too long to align.
    """
    measured = _measure(a, b)
    links, evidence, containment = measured.links, measured.evidence, measured.containment
    probability = _probability(evidence)
    resemblance = _resemblance(containment)
    kind = _kind(a, b, probability, resemblance, containment)
    relation = Relation(
        a.article.id, b.article.id, kind, probability, resemblance, containment,
        evidence["cosine"], _anchor_resemblance(_traits(a).anchors, _traits(b).anchors),
        measured.coverage,
    )  # fmt: skip
    return (relation if a.article.id <= b.article.id else _swapped(relation)), links


def weigh(a: Text, b: Text) -> dict[str, float]:
    """The evidence that the model reads, in the order of `EVIDENCE`; symmetrical."""
    return _measure(a, b).evidence


class _Measured(NamedTuple):
    """What a pair shows: sentence links both ways, what they cover, shingles, evidence."""

    links: tuple[Links, Links]
    coverage: tuple[float, float]
    containment: tuple[float, float]
    evidence: dict[str, float]


def _measure(a: Text, b: Text) -> _Measured:
    links, one, other = match(a, b), _traits(a), _traits(b)
    coverage = _coverage(a, links[0]), _coverage(b, links[1])
    containment = shingle_containment(one.hashes, other.hashes)
    agreement = _anchor_agreement(one.anchors, other.anchors)
    evidence = {
        "telling": sqrt(max(coverage) * agreement),
        "wording": sqrt(max(containment) * agreement),
        "retelling": (_log_odds(links[0].retelling) + _log_odds(links[1].retelling)) / 2,
        "cosine": _cosine(one, other),
        "order": (_order(links[0]) + _order(links[1])) / 2,
    }
    return _Measured(links, coverage, containment, evidence)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a text brings to every comparison: word hashes in order, how many words it tells,
    its words weighted by background rarity with the vector's length, names and numbers."""

    hashes: npt.NDArray[np.uint64]
    size: int
    vector: Mapping[str, float]
    length: float
    anchors: frozenset[str]


@lru_cache(maxsize=TRAITS_KEPT)
def _traits(text: Text) -> _Traits:
    counts = Counter(token.form for s in text.prose for token in s.tokens)
    vector = {
        word: (1 + log(count)) * rarity(word, text.language) for word, count in counts.items()
    }
    return _Traits(
        words(text.article.text).hashes,
        counts.total(),
        vector,
        sqrt(sum(weight * weight for weight in vector.values())),
        frozenset(_anchors(text)),
    )


@cache
def model() -> tuple[float, dict[str, float]]:
    """The fitted model: intercept and the weight of each piece of evidence."""
    text = resources.files("dedup").joinpath("data/relation.json").read_text("utf-8")
    data = json.loads(text)
    return float(data["intercept"]), {name: float(data["weights"][name]) for name in EVIDENCE}


def _probability(evidence: Mapping[str, float]) -> float:
    intercept, weights = model()
    odds = intercept + sum(weights[name] * evidence[name] for name in EVIDENCE)
    return 1 / (1 + exp(-max(min(odds, 30.0), -30.0)))


def _kind(
    a: Text, b: Text, probability: float, resemblance: float, containment: tuple[float, float]
) -> RelationKind:
    if a.language == b.language and resemblance >= NEAR:
        same = words(a.article.text).forms() == words(b.article.text).forms()
        return "duplicate" if same else "near-duplicate"
    if probability < ONE_REPORT:
        return "related"
    if a.language != b.language:
        return "translation"
    shorter, longer = sorted((_traits(a).size, _traits(b).size))
    if max(containment) >= EXCERPT_INSIDE and shorter <= EXCERPT_SIZE * longer:
        return "excerpt"
    return "rewrite"


def _swapped(r: Relation) -> Relation:
    return Relation(
        r.b, r.a, r.kind, r.probability, r.resemblance, r.containment[::-1], r.cosine,
        r.anchors, r.coverage[::-1],
    )  # fmt: skip


def _coverage(text: Text, links: Links) -> float:
    """The share of a text's words that stand in sentences with a link."""
    sizes = [len(s.tokens) for s in told(text)]
    linked = sum(size for size, sources in zip(sizes, links.sources, strict=False) if sources)
    return linked / sum(sizes) if sizes and links.sources else 0.0


def _resemblance(containment: tuple[float, float]) -> float:
    """Jaccard resemblance of the 5-word shingles, from their containment both ways."""
    if not min(containment):
        return 0.0
    # |A ∩ B| = x·|A| = y·|B|, so J = 1 / (1/x + 1/y − 1).
    return 1 / (1 / containment[0] + 1 / containment[1] - 1)


def _cosine(a: _Traits, b: _Traits) -> float:
    """Cosine of the two word vectors, (1 + ln tf) × background rarity."""
    small, large = sorted((a.vector, b.vector), key=len)
    dot = sum(weight * large[word] for word, weight in small.items() if word in large)
    return dot / (a.length * b.length) if dot else 0.0


def _anchor_resemblance(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard resemblance of two sets of names and numbers; 0 where there are none."""
    return len(a & b) / max(len(a | b), 1)


def _anchor_agreement(a: frozenset[str], b: frozenset[str]) -> float:
    """The names and numbers that both have, as a share of the fewer; 1 where one has none."""
    fewer = min(len(a), len(b))
    return len(a & b) / fewer if fewer else 1.0


def _anchors(text: Text) -> Iterator[str]:
    for anchor in text.anchors:
        if anchor.kind == "number":
            yield anchor.value
        else:
            yield from anchor.value.split()


def _order(links: Links) -> float:
    """The share of linked sentences that stand in the source's order (longest such chain)."""
    places = [sources[0] for sources in links.sources if sources]
    return _longest_rising(places) / len(places) if places else 0.0


def _longest_rising(places: Sequence[int]) -> int:
    """The length of the longest non-falling subsequence (patience sorting)."""
    from bisect import bisect_right

    tails: list[int] = []
    for place in places:
        at = bisect_right(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
