"""Relate two articles: do they share a source text, in which way, and how certain is that?

A small logistic model weighs how much of one article the other has, in which order, and whether
names and figures agree. Its log-odds are the sum of what each piece of evidence adds (Good 1985,
"Weight of evidence"). Pairs in two languages have two models of their own, because wording does
not survive translation. All evidence comes from the two texts and from the language at large, so
a pair is judged the same among five articles and among five million. The weights are fitted on
open data (`benchmarks/fit_relation.py`, `benchmarks/fit_relation_across.py`). Who copied from
whom is not decided here (`dedup.derive`).
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedup.align import Links, ModelName, choose_model, content_sentences, link_sentences
from dedup.embed import Encoder
from dedup.sketch import shingle_containment
from dedup.text import Anchor, Text, same_language
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.romanize import names_and_numbers
from dedup.text.words import split_words

RelationKind = Literal[
    "duplicate", "near-duplicate", "rewrite", "translation", "excerpt", "related"
]

MIN_PROBABILITY = 0.5  # from which on two articles are taken to share a source text
# Resemblance of word-5 shingles from which on articles are near-duplicates: the usual limit,
# also that of datasketch and rensa.
MIN_NEAR_DUPLICATE = 0.7
# An excerpt stands almost whole in the longer article, which has much more.
MIN_EXCERPT_CONTAINMENT = 0.8
MAX_EXCERPT_SIZE = 0.6  # of the longer article's words

INTERCEPT = "intercept"
# Each signal with its label. Of two articles in one language:
SIGNALS = {
    # how much of an article's words have counterparts in the other, the opening most; …
    "telling": "Sentences with a counterpart",
    # … how many of its words stand in linked sentences that keep the other's order; …
    "order": "Same order",
    # … how many names and numbers of linked sentences their counterparts have, …
    "corroboration": "Names and numbers agree",
    # … and how many of the numbers alone: a form keeps the names of its trade.
    "figures": "Numbers agree",
}
# The first two are averaged (geometric mean) with the agreement of names and numbers in the
# whole texts: this week's market report has last week's wording and other figures. Of true
# pairs of the open families 98 in 100 share at least .38 of the names and numbers of the one
# that has fewer; of Reuters' form reports only 2 in 100 do.
# Of two articles in different languages:
CROSSLINGUAL_SIGNALS = {
    "telling": "Sentences with a counterpart",
    "order": "Same order",
    # how many names and numbers of the article that has fewer the other one has.
    "names": "Same names and numbers",
    "corroboration": "Names and numbers agree",
}
# Agreement of names begins at one in four: one name that agrees proves less than twenty.
PRIOR_AGREED, PRIOR_TOTAL = 1, 4
# Agreement of figures begins at three in four: where there are no figures, none disagrees.
PRIOR_FIGURES_AGREED, PRIOR_FIGURES_TOTAL = 3, 4
# The word after this many counts half as much as the first: news is in the opening, and stories
# of one day share the background at their end. 60 and 150 do equally well (cross-validation).
OPENING = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: its value, what it adds to the log-odds of a common source text,
    and the `label` that an editor reads."""

    signal: str
    label: str
    value: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles are related, and why.

    `a` < `b` are article ids. `probability` is that of a common source text; below one half
    the kind is `related`: the same story, reported independently. `containment` and `coverage`
    are (a in b, b in a). The log-odds of `probability` are the sum of those in `evidence`.
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
    """The relation of `a` and `b`, and their sentence links (a's into b, b's into a).

    The relation's first article is the one with the lesser id; the links follow the arguments.
    An `encoder` helps to link sentences by what they mean.
    """
    if b.article.id < a.article.id:
        relation, (back, there) = relate(b, a, encoder)
        return relation, (there, back)
    links, one, other = link_sentences(a, b, encoder), profile(a), profile(b)
    containment = shingle_containment(one.hashes, other.hashes)
    if same_language(a, b) or _same_words(a, b):
        evidence = _explain(collect_evidence(a, b, links), "lexical")
    else:
        values = collect_crosslingual_evidence(a, b, links)
        evidence = _explain(values, choose_model(a, b, encoder))
    probability = logistic(sum(piece.log_odds for piece in evidence))
    resemblance = 0.0
    if min(containment):  # |A ∩ B| = x·|A| = y·|B|, so Jaccard's J = 1 / (1/x + 1/y − 1)
        resemblance = 1 / (1 / containment[0] + 1 / containment[1] - 1)
    shared_anchors = len(one.anchors & other.anchors)
    relation = Relation(
        a.article.id,
        b.article.id,
        _kind(a, b, probability, resemblance, containment),
        probability,
        resemblance,
        containment,
        compute_cosine(a, b),
        shared_anchors / max(len(one.anchors | other.anchors), 1),
        (compute_coverage(a, links[0]), compute_coverage(b, links[1])),
        evidence,
    )
    return relation, links


@cache
def load_model(setting: ModelName) -> tuple[float, dict[str, float]]:
    """The fitted model of a setting: its intercept and the weight of each signal."""
    text = resources.files("dedup").joinpath("data/relation.json").read_text("utf-8")
    data = json.loads(text)[setting]
    return data["intercept"], data["weights"]


def _explain(values: Mapping[str, float], setting: ModelName) -> tuple[Evidence, ...]:
    """What each signal of the setting's model adds to the log-odds."""
    labels = SIGNALS if setting == "lexical" else CROSSLINGUAL_SIGNALS
    intercept, weights = load_model(setting)
    return (
        Evidence(INTERCEPT, "Prior", 1.0, intercept),
        *(Evidence(s, labels[s], values[s], weights[s] * values[s]) for s in weights),
    )


def _kind(
    a: Text, b: Text, probability: float, resemblance: float, containment: tuple[float, float]
) -> RelationKind:
    if probability < MIN_PROBABILITY:
        return "related"
    if _same_words(a, b):
        return "duplicate"
    if not same_language(a, b):
        return "translation"
    if resemblance >= MIN_NEAR_DUPLICATE:
        return "near-duplicate"
    shorter, longer = sorted((profile(a).size, profile(b).size))
    if max(containment) >= MIN_EXCERPT_CONTAINMENT and shorter <= MAX_EXCERPT_SIZE * longer:
        return "excerpt"
    return "rewrite"


def _same_words(a: Text, b: Text) -> bool:
    """Whether two articles are the same word for word, and have words."""
    one, other = profile(a).hashes, profile(b).hashes
    return len(one) > 0 and np.array_equal(one, other)


def logistic(odds: float) -> float:
    """The probability of log-odds; beyond ±30 they say no more."""
    return 1 / (1 + exp(-max(-30.0, min(odds, 30.0))))


@dataclass(frozen=True, slots=True)
class Profile:
    """Word hashes in order, how many words the prose has, its words weighted by background
    rarity with the vector's length, and its names and numbers."""

    hashes: npt.NDArray[np.uint64]
    size: int
    vector: Mapping[str, float]
    length: float
    anchors: frozenset[str]


@once_per_text
def profile(text: Text) -> Profile:
    """The profile of a text."""
    counts, language = Counter(token.form for s in text.prose for token in s.tokens), text.language
    vector = {word: (1 + log(n)) * word_rarity(word, language) for word, n in counts.items()}
    return Profile(
        split_words(text.article.text).hashes,
        counts.total(),
        vector,
        sqrt(sum(weight * weight for weight in vector.values())),
        frozenset(anchor_words(text.anchors)),
    )


def anchor_words(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Numbers by value, names word by word."""
    for anchor in anchors:
        yield from (anchor.value,) if anchor.kind == "number" else anchor.value.split()


def numbers(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Numbers by value, without the names."""
    return (anchor.value for anchor in anchors if anchor.kind == "number")


def compute_cosine(a: Text, b: Text) -> float:
    """Cosine of the words of two texts: (1 + ln tf) × background rarity."""
    one, other = profile(a), profile(b)
    small, large = sorted((one.vector, other.vector), key=len)
    dot = sum(weight * large[word] for word, weight in small.items() if word in large)
    return dot / (one.length * other.length) if dot else 0.0


def collect_evidence(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The values of `SIGNALS`, for two articles in one language; symmetrical."""
    if _same_words(a, b):  # whatever else is made of them
        return dict.fromkeys(SIGNALS, 1.0)
    one, other = profile(a).anchors, profile(b).anchors
    fewer = min(len(one), len(other))
    agreement = len(one & other) / fewer if fewer else 1.0
    shares = links[0].best_shares, links[1].best_shares
    telling = max(compute_telling(a, shares[0]), compute_telling(b, shares[1]))
    order = max(compute_order(a, links[0]), compute_order(b, links[1]))
    agreed, total = count_agreed(a, b, links, anchor_words)
    figures_agreed, figures = count_agreed(a, b, links, numbers)
    return {
        "telling": sqrt(telling * agreement),
        "order": sqrt(order * agreement),
        "corroboration": (agreed + PRIOR_AGREED) / (total + PRIOR_TOTAL),
        "figures": (figures_agreed + PRIOR_FIGURES_AGREED) / (figures + PRIOR_FIGURES_TOTAL),
    }


def collect_crosslingual_evidence(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The values of `CROSSLINGUAL_SIGNALS`, for two articles in different languages;
    symmetrical."""
    one, other = frozenset(names_and_numbers(a.anchors)), frozenset(names_and_numbers(b.anchors))
    agreed, total = count_agreed(a, b, links, names_and_numbers)
    return {
        "telling": max(compute_telling(a, links[0].scores), compute_telling(b, links[1].scores)),
        "order": max(compute_order(a, links[0]), compute_order(b, links[1])),
        "names": (PRIOR_AGREED + len(one & other)) / (PRIOR_TOTAL + min(len(one), len(other))),
        "corroboration": (agreed + PRIOR_AGREED) / (total + PRIOR_TOTAL),
    }


def compute_coverage(text: Text, links: Links) -> float:
    """The share of a text's words that stand in sentences with a link."""
    sizes = [len(s.tokens) for s in content_sentences(text)]
    linked = sum(size for size, sources in zip(sizes, links.sources, strict=False) if sources)
    return linked / sum(sizes) if sizes and links.sources else 0.0


def compute_telling(text: Text, shares: Sequence[float]) -> float:
    """The share of a text's words that the other article has, given the share (or the
    probability) for each of its sentences; the opening counts most."""
    counted = content_sentences(text)[: len(shares)]
    sizes = np.array([len(s.tokens) for s in counted], dtype=np.float64)
    weights = sizes / (1 + (np.cumsum(sizes) - sizes) / OPENING)
    return float(weights @ np.array(shares) / weights.sum()) if len(sizes) else 0.0


def compute_order(text: Text, links: Links) -> float:
    """The share of a text's words that stand in linked sentences in the source's order: in
    those of its heaviest chain that never goes back (Fredman 1975)."""
    total = sum(len(s.tokens) for s in content_sentences(text))
    places: list[int] = []  # where chains end, ascending; of each place, the heaviest
    weights: list[int] = []
    for sentence, sources in zip(content_sentences(text), links.sources, strict=False):
        if sources:
            at = bisect_right(places, sources[0])
            weight = len(sentence.tokens) + (weights[at - 1] if at else 0)
            end = bisect_right(weights, weight, lo=at)
            places[at:end], weights[at:end] = [sources[0]], [weight]
    return weights[-1] / total if weights else 0.0


def count_agreed(
    a: Text, b: Text, links: tuple[Links, Links], pick: Callable[[Iterable[Anchor]], Iterable[str]]
) -> tuple[int, int]:
    """How many of the things that `pick` takes from linked sentences their counterparts have,
    both ways, and how many there are."""
    one, other = ([frozenset(pick(s.anchors)) for s in content_sentences(t)] for t in (a, b))
    agreed = total = 0
    for own, others, known in ((one, other, links[0]), (other, one, links[1])):
        for picked, sources in zip(own, known.sources, strict=False):
            if sources:
                total += len(picked)
                agreed += len(picked & frozenset().union(*(others[j] for j in sources)))
    return agreed, total
