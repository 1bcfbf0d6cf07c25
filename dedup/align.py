"""Align."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dedup.article import Span

Kind = Literal["copied", "paraphrased", "translated", "added", "furniture"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of identical words: where it is in the derivative and in the source."""

    begin: int
    end: int
    source_begin: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the link stands and the meaning moved.

    kind: `number` (a figure changed), `hedge` (a hedge dropped or added), `attribution`
    (who said it was dropped), `quotation` (words in quotation marks that the source lacks),
    `negation`. `span` lies in the derivative, `source` in the source; one may be missing.
    """

    kind: Literal["number", "hedge", "attribution", "quotation", "negation"]
    detail: str
    span: Span | None
    source: Span | None


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the derivative: its kind and what in the source it tells.

    `parts` has several spans where furniture cuts the sentence. `score` is the probability
    that the passage tells what `sources` tell (0 for furniture).
    """

    kind: Kind
    begin: int
    end: int
    parts: tuple[Span, ...]
    score: float
    sources: tuple[Span, ...]
    runs: tuple[Run, ...]
    drift: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class BlockPair:
    """Adjacent linked passages merged: one contiguous span on both sides."""

    begin: int
    end: int
    source_begin: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """What in the derivative comes from the source. Offsets into the two articles' texts.

    `source` and `derivative` are article ids. `shares` gives the part of the derivative's
    words (furniture left out) by kind; `dropped` the source sentences with no counterpart.
    """

    source: str
    derivative: str
    passages: tuple[Passage, ...]
    dropped: tuple[Span, ...]
    blocks: tuple[BlockPair, ...]
    shares: Mapping[Kind, float]
