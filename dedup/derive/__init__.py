"""Derive."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mark:
    """A span in a named article: where a piece of evidence stands."""

    article: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal for (`log_odds` > 0) or against an edge, with the words it rests on."""

    signal: str
    log_odds: float
    detail: str
    spans: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """`derivative` was taken from `source`: an article id, or `external:NAME`.

    kind: `derived` (from an article of the collection), `attributed` (the text names an
    outside source), `attributed-via` (named, but reached through another article),
    `revision` (a later version by the same outlet). `confidence` is in [0, 1].
    """

    source: str
    derivative: str
    kind: Literal["derived", "attributed", "attributed-via", "revision"]
    confidence: float
    direction: Literal["decided", "undecided"]
    evidence: tuple[Evidence, ...]
