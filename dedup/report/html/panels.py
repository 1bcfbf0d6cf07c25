"""Panels: shares as a bar with numbers, and evidence as a waterfall.

Comes in: shares and the passages they count; pieces of evidence with their log-odds. Goes out:
positions in percent for the templates to draw. A panel carries the words of each passage, so
that the page can leave some out and sum again as `align.shares` does. It weighs nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.align import Counting, Kind, Passage
from dedup.phrasing import percent
from dedup.report.view import ALL_KINDS, TAKEN

LETTER: Mapping[Kind, str] = {kind: kind[0] for kind in ALL_KINDS}


@dataclass(frozen=True, slots=True)
class Share:
    """One kind's part of the words, and where it stands in a bar of 100."""

    kind: Kind
    part: float
    told: str
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Panel:
    """The shares, with `words`: [kind, words, quoted, linked] of every passage as JSON."""

    shares: tuple[Share, ...]
    counting: Counting
    words: str

    @property
    def told(self) -> str:
        """In words: "86% paraphrased, 14% added"."""
        parts = [f"{share.told} {share.kind}" for share in self.shares if share.part > 0]
        return ", ".join(parts) or "no words to compare"


def panel(shares: Mapping[Kind, float], counting: Counting, passages: Iterable[Passage]) -> Panel:
    """The panel of an alignment, or of whatever else has passages and shares."""
    counts = [[LETTER[p.kind], p.words, p.quoted, int(bool(p.sources))] for p in passages]
    return Panel(bar(shares), counting, json.dumps(counts, separators=(",", ":")))


def bar(shares: Mapping[Kind, float]) -> tuple[Share, ...]:
    """Each kind's place in a bar; all five, that a page may count furniture later."""
    told: list[Share] = []
    begin = 0.0
    for kind in ALL_KINDS:
        part = shares.get(kind, 0.0)
        told.append(Share(kind, part, percent(part), round(100 * begin, 3), round(100 * part, 3)))
        begin += part
    return tuple(told)


def taken(shares: Mapping[Kind, float]) -> float:
    """The part that comes from the source, however it was told."""
    return sum(shares.get(kind, 0.0) for kind in TAKEN)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a piece of evidence rests on, and whose they are."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence before it has a place."""

    label: str
    log_odds: float
    detail: str = ""
    value: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of evidence as a bar that begins where the one before it ended."""

    piece: Piece
    told: str
    begin: float
    width: float
    speaks: str  # "for" or "against"


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Evidence added up. `zero` is where even odds stand, `total` what it comes to."""

    steps: tuple[Step, ...]
    zero: float
    end: float
    total: str


def waterfall(pieces: Sequence[Piece]) -> Waterfall:
    """The pieces in their order, each from where the sum stood to where it brings it."""
    sums = [0.0]
    for piece in pieces:
        sums.append(sums[-1] + piece.log_odds)
    low, high = min(sums), max(sums)
    width = (high - low) or 1.0

    def place(value: float) -> float:
        return round(100 * (value - low) / width, 2)

    steps = tuple(
        Step(
            piece,
            signed(piece.log_odds),
            min(place(before), place(after)),
            round(abs(place(after) - place(before)), 2),
            "for" if piece.log_odds >= 0 else "against",
        )
        for piece, before, after in zip(pieces, sums, sums[1:], strict=False)
    )
    return Waterfall(steps, place(0), place(sums[-1]), signed(sums[-1]))


def signed(value: float) -> str:
    """A number with its sign, two decimals.

    >>> signed(1.386), signed(-0.834), signed(-0.001)
    ('+1.39', '−0.83', '0.00')
    """
    told = f"{abs(value):.2f}"
    if float(told) == 0:
        return told
    return f"+{told}" if value > 0 else f"−{told}"
