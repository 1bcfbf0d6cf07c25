"""Relate two articles: do they share a source text, in which way, and how certain is that?

Two small logistic models are asked of a pair in one language: does either retell the other in
words of its own (`lexical.STORY`), and are the facts the same (`lexical.FACTS`)? The lesser of
their probabilities counts, and its log-odds are the sum of what each piece of evidence adds (Good
1985, "Weight of evidence"). Pairs in two languages have models of their own, because wording does
not survive translation. All evidence comes from the two texts and from the language at large, so
a pair is judged the same among five articles and among five million. The weights are fitted on
open data (`benchmarks/fit_relation.py`, `benchmarks/fit_relation_across.py`). Who copied from
whom is not decided here (`dedup.derive`).
"""

from dataclasses import dataclass, replace

from dedup.align import Links, choose_model, link_sentences
from dedup.embed import Encoder
from dedup.relate.aside import MIN_PASSAGE
from dedup.relate.crosslingual import (
    CROSSLINGUAL_SIGNALS,
    choose_setting,
    collect_crosslingual_evidence,
)
from dedup.relate.kinds import (
    MIN_NEAR_DUPLICATE,
    MIN_PROBABILITY,
    RelationKind,
    VersionKind,
    count_taken,
    explain_kind,
    is_update,
    kind_of_others,
    kind_of_version,
)
from dedup.relate.lexical import FACTS, STORY, collect_facts, collect_story
from dedup.relate.measures import compute_coverage
from dedup.relate.model import MAX_LOG_ODDS, Evidence, explain, log_odds, logistic
from dedup.relate.profile import compute_cosine, profile, same_words
from dedup.sketch import shingle_containment
from dedup.text import Text, same_language

__all__ = [
    "MIN_NEAR_DUPLICATE", "MIN_PASSAGE", "MIN_PROBABILITY", "Relation", "RelationKind",
    "VersionKind", "relate", "relate_passage",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles are related, and why.

    `a` < `b` are article ids. `probability` is that of a common source text; from one half
    on the kind says which versions of it they are, below what else they have in common.
    `containment` and `coverage` are (a in b, b in a). The log-odds of `probability` are the sum
    of those in `evidence`; `why` says in one line what agrees and what does not. `taken_words`
    of a partial one are those, quotations apart, in the passages that both have.
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
    why: str = ""
    taken_words: int = 0


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
    evidence = weigh(a, b, links, encoder)
    probability = logistic(log_odds(evidence))
    resemblance = 0.0
    if min(containment):  # |A ∩ B| = x·|A| = y·|B|, so Jaccard's J = 1 / (1/x + 1/y − 1)
        resemblance = 1 / (1 / containment[0] + 1 / containment[1] - 1)
    anchors = len(one.anchors & other.anchors) / max(len(one.anchors | other.anchors), 1)
    if probability >= MIN_PROBABILITY:
        kind: RelationKind = kind_of_version(a, b, resemblance, containment)
    else:
        kind = kind_of_others(a, b, links, anchors)
    relation = Relation(
        a.article.id,
        b.article.id,
        kind,
        probability,
        resemblance,
        containment,
        compute_cosine(a, b),
        anchors,
        (compute_coverage(a, links[0]), compute_coverage(b, links[1])),
        evidence,
        explain_kind(kind, a, b, links),
        count_taken(a, b) if kind == "partial" else 0,
    )
    return relation, links


def relate_passage(a: Text, b: Text, encoder: Encoder | None = None) -> Relation | None:
    """The relation of two articles of different stories that have a long passage in common, else
    None: however likely a common source text is by what they share, the kind says what that
    is."""
    if not same_language(a, b) or not count_taken(a, b):  # of what is proposed, four in ten
        return None
    relation, links = relate(a, b, encoder)
    if relation.probability < MIN_PROBABILITY:
        return relation
    if b.article.id < a.article.id:
        a, b, links = b, a, links[::-1]
    kind = kind_of_others(a, b, links, relation.anchors)
    why, taken = explain_kind(kind, a, b, links), count_taken(a, b)
    return replace(relation, kind=kind, why=why, taken_words=taken if kind == "partial" else 0)


def weigh(
    a: Text, b: Text, links: tuple[Links, Links], encoder: Encoder | None
) -> tuple[Evidence, ...]:
    """The evidence that decides: of two models the one that is less sure."""
    if same_words(a, b):
        return (Evidence("words", "Same words", 1.0, MAX_LOG_ODDS),)
    if not same_language(a, b):
        values = collect_crosslingual_evidence(a, b, links)
        return explain(values, CROSSLINGUAL_SIGNALS, choose_setting(choose_model(a, b, encoder)))
    story = explain(collect_story(a, b, links), STORY, "story")
    # Of an update names and figures are those that may have changed; a story that is not the
    # same needs no facts to say so.
    if is_update(a, b) or log_odds(story) < 0:
        return story
    return min(story, explain(collect_facts(a, b, links), FACTS, "facts"), key=log_odds)
