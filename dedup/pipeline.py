"""Pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dedup.align import Alignment
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.readers import Problem
from dedup.relate import Relation


@dataclass(frozen=True, slots=True)
class Cluster:
    """A family: articles that tell one report.

    `id` is "c1", "c2" … by size. `members` are article ids, sources first. `weakest_link` is
    the relation without which the family would fall apart at the least probability.
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
    """An article of no family, with whom it names and the outside sources it was taken from."""

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

    `attributions` has every article's attribution phrases by id. `settings` and `counts`
    describe the run: what was asked for and how much work each stage had.
    """

    articles: tuple[Article, ...]
    clusters: tuple[Cluster, ...]
    singletons: tuple[Singleton, ...]
    related: tuple[Related, ...]
    attributions: Mapping[str, tuple[Attribution, ...]]
    languages: Mapping[str, str]
    problems: tuple[Problem, ...]
    settings: Mapping[str, Any]
    counts: Mapping[str, int]
