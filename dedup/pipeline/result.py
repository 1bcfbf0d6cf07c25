"""What a comparison finds: families, articles on their own, related stories.

Plain frozen data. It is made by `dedup.pipeline` and told by `dedup.report`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dedup.align import Alignment
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.pipeline.spool import Spool
from dedup.readers import Problem
from dedup.relate import Relation


@dataclass(frozen=True, slots=True)
class Cluster:
    """A family: articles that tell one report.

    `id` is "c1", "c2" … by size. `members` are article ids, sources before derivatives.
    `weakest_link` is the relation without which the family falls apart at the least loss.
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
    """An article of no family, whom it names and the outside sources it was taken from."""

    id: str
    attributions: tuple[Attribution, ...]
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Two articles on one story that are each their own work, and why they are kept apart."""

    a: str
    b: str
    probability: float
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What `compare` finds.

    `attributions` has the attribution phrases of every article by id, `languages` the
    language. `settings` and `counts` describe the run: what was asked for and how much work
    each stage had.
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

    def find(self, ids: Collection[str]) -> dict[str, Article]:
        """The articles called `ids`, by id; those on disk are read back, the others not."""
        spool = self.articles
        every = spool.ids if isinstance(spool, Spool) else [article.id for article in spool]
        return {id: spool[i] for i, id in enumerate(every) if id in ids}
