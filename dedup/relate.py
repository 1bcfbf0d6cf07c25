"""Relate."""

from dataclasses import dataclass
from typing import Literal

RelationKind = Literal["duplicate", "near-duplicate", "rewrite", "translation", "excerpt", "related"]


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
