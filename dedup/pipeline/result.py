"""What a comparison finds: clusters, articles in no cluster, articles on one topic.

Plain frozen data, which `compare` makes and `dedup.report` shows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dedup.align import Alignment
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.errors import InputError
from dedup.pipeline.spool import Spool
from dedup.readers import Problem
from dedup.relate import Relation, RelationKind


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that share a source text.

    `id` is "c1", "c2" … by size. `members` are article ids, sources before derivatives.
    `weakest_link` is the least certain of the relations that hold the cluster together.
    `alignments` go from each derivation's source to its derivative.
    """

    id: str
    members: tuple[str, ...]
    relations: tuple[Relation, ...]
    derivations: tuple[Derivation, ...]
    alignments: tuple[Alignment, ...]
    weakest_link: Relation


@dataclass(frozen=True, slots=True)
class Singleton:
    """An article in no cluster, the outlets it names and the outside sources it derives from."""

    id: str
    attributions: tuple[Attribution, ...]
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Two articles that have something in common but are in no common cluster: what, and why;
    `taken_words` of a partial pair are those in the passages that both have."""

    a: str
    b: str
    kind: RelationKind
    probability: float
    why: str
    taken_words: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What `compare` finds.

    `attributions` and `languages` have, by id, those of the articles that were looked at.
    `settings` and `counts` describe the run: what was asked for and how much work each stage
    had.
    """

    articles: Sequence[Article]
    clusters: tuple[Cluster, ...]
    singletons: tuple[Singleton, ...]
    related: tuple[Related, ...]
    attributions: Mapping[str, tuple[Attribution, ...]]
    languages: Mapping[str, str]
    problems: tuple[Problem, ...]
    settings: Mapping[str, Any]
    counts: Mapping[str, int]

    def find_cluster(self, id: str) -> Cluster:
        """The cluster called `id` ("c2"); raises `InputError` if there is none."""
        for cluster in self.clusters:
            if cluster.id == id:
                return cluster
        if not self.clusters:
            raise InputError("no two of the articles share a source text: there is no cluster")
        known = ", ".join(cluster.id for cluster in self.clusters[:5])
        more = ", …" if len(self.clusters) > 5 else ""
        raise InputError(f"there is no cluster {id!r}; give one of {known}{more}")

    def find(self, ids: Collection[str]) -> dict[str, Article]:
        """The articles called `ids`, by id; only these are read back from disk."""
        articles = self.articles
        every = articles.ids if isinstance(articles, Spool) else [a.id for a in articles]
        return {id: articles[i] for i, id in enumerate(every) if id in ids}
