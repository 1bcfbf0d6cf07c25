"""Relations: whether two articles tell one report, how, and how sure that is.

Comes in: two `Text`s. Goes out: a `Relation`: its kind, a probability and the evidence in
numbers. A small logistic model, fitted by `benchmarks/fit_relation.py` on open data and kept
as readable numbers in data/relation.json, weighs how much of one article the other has, in
what order, in which words, and whether names and figures bear it out; its log-odds are the
sum of what each piece of evidence says (Good 1985, "Weight of evidence"). All evidence comes
from the two texts and the language at large, never from the collection around them, so a pair
is judged alike among five articles and among five million. Two languages have models of
their own (`across`).
It does not say who took it from whom.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedup.align import Links, ModelName, choose_model, content_sentences, link_sentences
from dedup.embed import Encoder
from dedup.relate.across import ACROSS, weigh_across
from dedup.relate.coverage import coverage, in_order, telling
from dedup.sketch import shingle_containment
from dedup.text import Anchor, Text, same_language
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.words import split_words

RelationKind = Literal[
    "duplicate", "near-duplicate", "rewrite", "translation", "excerpt", "related"
]

NEAR = 0.7  # word-5-shingle resemblance of near-duplicates (datasketch's and rensa's custom)
MIN_PROBABILITY = 0.5  # probability from which on two articles are one report
# An excerpt: nearly all of the shorter article stands in the longer, which has much more.
EXCERPT_INSIDE = 0.8
EXCERPT_SIZE = 0.6

EVIDENCE = {  # with their labels
    # How much of one article's words its counterparts in the other have …
    "telling": "Sentences with a counterpart",
    # … the share of its words in linked sentences that keep the other's order …
    "order": "Same order",
    # … the greater share of its 5-word shingles in the other.
    "wording": "Same wording",
    # The names and numbers of linked sentences that their counterparts have, …
    "corroboration": "Names and numbers agree",
    # … and the numbers alone: a form keeps the names of its trade.
    "figures": "Numbers agree",
}
# The first three in geometric mean with the agreement of names and numbers: a market report has
# last week's wording and other figures. Of true pairs of the open families 98 in 100 share .38
# of the names and numbers of the one that has fewer, of Reuters' form reports 2 in 100 do.
AT_THE_OUTSET = "at the outset"  # the model's intercept, as a piece of evidence
# Corroboration begins at one in four: one name that agrees proves less than twenty.
AGREED_BEFOREHAND, NAMED_BEFOREHAND = 1, 4
# Figures begin at three in four: where there are none, none is against it.
FIGURES_AGREED, FIGURES_NAMED = 3, 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: its value, and what it adds to the log-odds of one report; its
    `label` is what an editor calls it."""

    signal: str
    label: str
    value: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles are related, and the evidence in numbers.

    `a` < `b` are article ids. `probability` is that the two tell one report (`related`: the
    same story, own work: below one half). `containment` and `coverage` are (a in b, b in a).
    The log-odds of `probability` are the sum of those in `evidence`.
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
    evidence: tuple[Evidence, ...] = ()


def relate(
    a: Text, b: Text, encoder: Encoder | None = None
) -> tuple[Relation, tuple[Links, Links]]:
    """How `a` and `b` are related, and their sentence links (a's into b, b's into a).

    The relation's first article is the one with the lesser id; the links go with the
    arguments. An `encoder` helps to link them.
    """
    links, one, other = link_sentences(a, b, encoder), _traits(a), _traits(b)
    containment = shingle_containment(one.hashes, other.hashes)
    if same_language(a, b) or _same_words(a, b):
        evidence = _explained(_weigh(a, b, links, containment), "alike")
    else:
        evidence = _explained(weigh_across(a, b, links), choose_model(a, b, encoder))
    probability = _logistic(sum(piece.log_odds for piece in evidence))
    resemblance = _resemblance(containment)
    relation = Relation(
        a.article.id, b.article.id, _kind(a, b, probability, resemblance, containment),
        probability, resemblance, containment, _cosine(one, other),
        _anchor_resemblance(one.anchors, other.anchors),
        (coverage(a, links[0]), coverage(b, links[1])), evidence,
    )  # fmt: skip
    return (relation if a.article.id <= b.article.id else _swapped(relation)), links


def weigh(a: Text, b: Text) -> dict[str, float]:
    """The evidence that the model of one language reads, in the order of `EVIDENCE`;
    symmetrical."""
    containment = shingle_containment(_traits(a).hashes, _traits(b).hashes)
    return _weigh(a, b, link_sentences(a, b), containment)


def cosine(a: Text, b: Text) -> float:
    """Cosine of the words of two texts, weighted by background rarity."""
    return _cosine(_traits(a), _traits(b))


def _weigh(
    a: Text, b: Text, links: tuple[Links, Links], containment: tuple[float, float]
) -> dict[str, float]:
    if _same_words(a, b):  # whatever else is made of them
        return dict.fromkeys(EVIDENCE, 1.0)
    agreement = _anchor_agreement(_traits(a).anchors, _traits(b).anchors)
    return {
        "telling": sqrt(max(telling(a, links[0].found), telling(b, links[1].found)) * agreement),
        "order": sqrt(max(in_order(a, links[0]), in_order(b, links[1])) * agreement),
        "wording": sqrt(max(containment) * agreement),
        "corroboration": _corroboration(a, b, links),
        "figures": _figures(a, b, links),
    }


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a text brings to every comparison: word hashes in order, how many words it tells,
    its words weighted by background rarity with the vector's length, names and numbers."""

    hashes: npt.NDArray[np.uint64]
    size: int
    vector: Mapping[str, float]
    length: float
    anchors: frozenset[str]


@once_per_text
def _traits(text: Text) -> _Traits:
    counts = Counter(token.form for s in text.prose for token in s.tokens)
    vector = {
        word: (1 + log(count)) * word_rarity(word, text.language) for word, count in counts.items()
    }
    return _Traits(
        split_words(text.article.text).hashes,
        counts.total(),
        vector,
        sqrt(sum(weight * weight for weight in vector.values())),
        frozenset(_anchors(text.anchors)),
    )


@cache
def model(setting: ModelName) -> tuple[float, dict[str, float]]:
    """The fitted model of a setting: intercept and the weight of each piece of evidence."""
    text = resources.files("dedup").joinpath("data/relation.json").read_text("utf-8")
    data = json.loads(text)[setting]
    names = _labels(setting)
    return float(data["intercept"]), {name: float(data["weights"][name]) for name in names}


def _explained(evidence: Mapping[str, float], setting: ModelName) -> tuple[Evidence, ...]:
    """What each piece of evidence adds to the log-odds."""
    intercept, weights = model(setting)
    return (
        Evidence(AT_THE_OUTSET, "Prior", 1.0, intercept),
        *(
            Evidence(name, label, evidence[name], weights[name] * evidence[name])
            for name, label in _labels(setting).items()
        ),
    )


def _labels(setting: ModelName) -> Mapping[str, str]:
    return EVIDENCE if setting == "alike" else ACROSS


def _kind(
    a: Text, b: Text, probability: float, resemblance: float, containment: tuple[float, float]
) -> RelationKind:
    if probability < MIN_PROBABILITY:
        return "related"
    if _same_words(a, b):
        return "duplicate"
    if not same_language(a, b):
        return "translation"
    if resemblance >= NEAR:
        return "near-duplicate"
    shorter, longer = sorted((_traits(a).size, _traits(b).size))
    if max(containment) >= EXCERPT_INSIDE and shorter <= EXCERPT_SIZE * longer:
        return "excerpt"
    return "rewrite"


def _swapped(r: Relation) -> Relation:
    return Relation(
        r.b, r.a, r.kind, r.probability, r.resemblance, r.containment[::-1], r.cosine,
        r.anchors, r.coverage[::-1], r.evidence,
    )  # fmt: skip


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


def _anchors(anchors: Iterable[Anchor]) -> Iterator[str]:
    for anchor in anchors:
        if anchor.kind == "number":
            yield anchor.value
        else:
            yield from anchor.value.split()


def _numbers(anchors: Iterable[Anchor]) -> Iterator[str]:
    return (anchor.value for anchor in anchors if anchor.kind == "number")


def _corroboration(a: Text, b: Text, links: tuple[Links, Links]) -> float:
    """The share of the names and numbers of linked sentences that their counterparts have."""
    agreed, named = _agreed(_of_sentences(a, _anchors), _of_sentences(b, _anchors), links)
    return (agreed + AGREED_BEFOREHAND) / (named + NAMED_BEFOREHAND)


def _figures(a: Text, b: Text, links: tuple[Links, Links]) -> float:
    """The share of the numbers of linked sentences that their counterparts have."""
    agreed, named = _agreed(_of_sentences(a, _numbers), _of_sentences(b, _numbers), links)
    return (agreed + FIGURES_AGREED) / (named + FIGURES_NAMED)


def _of_sentences(
    text: Text, pick: Callable[[Iterable[Anchor]], Iterator[str]]
) -> list[frozenset[str]]:
    return [frozenset(pick(sentence.anchors)) for sentence in content_sentences(text)]


def _agreed(
    one: list[frozenset[str]], other: list[frozenset[str]], links: tuple[Links, Links]
) -> tuple[int, int]:
    """Of what linked sentences name, both ways, how much their counterparts have; and all."""
    agreed = named = 0
    for own, others, known in ((one, other, links[0]), (other, one, links[1])):
        for said, sources in zip(own, known.sources, strict=False):
            if sources:
                named += len(said)
                agreed += len(said & frozenset().union(*(others[j] for j in sources)))
    return agreed, named


def _same_words(a: Text, b: Text) -> bool:
    """Whether two articles are word for word the same, and have words."""
    one, other = _traits(a).hashes, _traits(b).hashes
    return len(one) > 0 and np.array_equal(one, other)


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-max(min(odds, 30.0), -30.0)))
