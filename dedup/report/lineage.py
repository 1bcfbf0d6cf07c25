"""Lineage: what every report asks of a result before it is told.

Comes in: a `Result`. Goes out: names for articles, the derivations of an article with the
best first, the one reason to give for each, the alignment behind it. It decides nothing
that `derive` has not decided, and knows no output format.
"""

from collections.abc import Iterable, Mapping

from dedup.align import Alignment
from dedup.article import Article
from dedup.derive import Derivation, Evidence
from dedup.phrasing import shorten
from dedup.pipeline import Cluster, Result
from dedup.text.words import split_words

EXTERNAL = "external:"  # begins a source that is not among the articles

OPENING = 160  # characters of an article's first line; the page cuts it to fit
OPENING_WITHIN = 2000
OPENING_WORDS = 8  # a shorter first line is more likely navigation than news

# An article of the collection is a better answer than a name in the text.
RANK = {"derived": 0, "revision": 0, "attributed": 1, "attributed-via": 2}


def is_external(source: str) -> bool:
    """Whether `source` names an outlet outside the collection."""
    return source.startswith(EXTERNAL)


def names(articles: Iterable[Article]) -> dict[str, str]:
    """What to call each article: its publisher, its title or its id, told apart where equal."""
    plain = {article.id: article.publisher or article.title or article.id for article in articles}
    seen: dict[str, int] = {}
    for name in plain.values():
        seen[name] = seen.get(name, 0) + 1
    return {
        id: name if seen[name] == 1 or name == id else f"{name} ({id})"
        for id, name in plain.items()
    }


def source_name(source: str, called: Mapping[str, str]) -> str:
    """What to call the source of a derivation: an article's name, or the outlet's."""
    return called.get(source, source.removeprefix(EXTERNAL))


def derivations_of(derivative: str, derivations: Iterable[Derivation]) -> list[Derivation]:
    """Whence `derivative` was taken, the best answer first."""
    own = [edge for edge in derivations if edge.derivative == derivative]
    return sorted(own, key=lambda edge: (RANK[edge.kind], -edge.confidence, edge.source))


def best_derivations(result: Result) -> dict[str, Derivation]:
    """Each article's best derivation, for the articles that have one."""
    edges = [edge for cluster in result.clusters for edge in cluster.derivations]
    edges += [edge for singleton in result.singletons for edge in singleton.derivations]
    best: dict[str, Derivation] = {}
    for edge in sorted(edges, key=lambda edge: (RANK[edge.kind], -edge.confidence, edge.source)):
        best.setdefault(edge.derivative, edge)
    return best


def reason(derivation: Derivation) -> Evidence | None:
    """The strongest evidence for a derivation; None if it has no evidence at all.

    That most of the derivative stands in the source ("tie") says little of the direction, so
    it is the reason only where no other evidence speaks for the edge.
    """
    return max(
        derivation.evidence,
        key=lambda evidence: (
            evidence.signal != "tie" and evidence.log_odds > 0,
            evidence.log_odds,
        ),
        default=None,
    )


def alignment_behind(derivation: Derivation, cluster: Cluster) -> Alignment | None:
    """The alignment of a derivation's two articles; None where the source is outside."""
    for alignment in cluster.alignments:
        if (alignment.source, alignment.derivative) == (derivation.source, derivation.derivative):
            return alignment
    return None


def published(article: Article) -> str | None:
    """When the article appeared, as ISO 8601 has it: a day, or a moment."""
    date = article.published
    return date.isoformat() if date is not None and not isinstance(date, str) else date


def opening(article: Article) -> str:
    """The title, or the first line that looks like news rather than navigation."""
    if article.title:
        return shorten(article.title, OPENING)
    lines = [line for line in article.text[:OPENING_WITHIN].splitlines() if line.strip()]
    news = (line for line in lines if len(split_words(line)) >= OPENING_WORDS)
    return shorten(next(news, next(iter(lines), "")), OPENING)
