"""Relate two articles: do they share a source text, in which way, and how certain is that?

A small logistic model weighs how much of one article the other has, in which order, and whether
names and figures agree. Its log-odds are the sum of what each piece of evidence adds (Good 1985,
"Weight of evidence"). Pairs in two languages have two models of their own, because wording does
not survive translation. All evidence comes from the two texts and from the language at large, so
a pair is judged the same among five articles and among five million. The weights are fitted on
open data (`benchmarks/fit_relation.py`, `benchmarks/fit_relation_across.py`). Who copied from
whom is not decided here (`dedup.derive`).
"""

from dataclasses import dataclass
from typing import Literal

from dedup.align import Links, choose_model, link_sentences
from dedup.embed import Encoder
from dedup.relate.crosslingual import CROSSLINGUAL_SIGNALS, collect_crosslingual_evidence
from dedup.relate.lexical import SIGNALS, collect_evidence
from dedup.relate.measures import compute_coverage
from dedup.relate.model import Evidence, explain, logistic
from dedup.relate.profile import compute_cosine, profile, same_words
from dedup.sketch import shingle_containment
from dedup.text import Text, same_language

RelationKind = Literal[
    "duplicate", "near-duplicate", "rewrite", "translation", "excerpt", "partial", "related"
]

MIN_PROBABILITY = 0.5  # from which on two articles are taken to share a source text
# Resemblance of word-5 shingles from which on articles are near-duplicates: the usual limit,
# also that of datasketch and rensa.
MIN_NEAR_DUPLICATE = 0.7
# An excerpt stands almost whole in the longer article, which has much more.
MIN_EXCERPT_CONTAINMENT = 0.8
MAX_EXCERPT_SIZE = 0.6  # of the longer article's words


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles are related, and why.

    `a` < `b` are article ids. `probability` is that of a common source text; below one half
    the kind is `related`: the same story, reported independently, or `partial`: a passage of one
    stands in the other, the rest is independent. `containment` and `coverage`
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
    if same_language(a, b) or same_words(a, b):
        evidence = explain(collect_evidence(a, b, links), SIGNALS, "lexical")
    else:
        values = collect_crosslingual_evidence(a, b, links)
        evidence = explain(values, CROSSLINGUAL_SIGNALS, choose_model(a, b, encoder))
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


def _kind(
    a: Text, b: Text, probability: float, resemblance: float, containment: tuple[float, float]
) -> RelationKind:
    if probability < MIN_PROBABILITY:
        return "related"
    if same_words(a, b):
        return "duplicate"
    if not same_language(a, b):
        return "translation"
    if resemblance >= MIN_NEAR_DUPLICATE:
        return "near-duplicate"
    shorter, longer = sorted((profile(a).size, profile(b).size))
    if max(containment) >= MIN_EXCERPT_CONTAINMENT and shorter <= MAX_EXCERPT_SIZE * longer:
        return "excerpt"
    return "rewrite"
