"""Counts of links, and how a method's scores become links.

Comes in: the links of sentences, or for each sentence a score of every source sentence.
Goes out: precision, recall and F1 of links and of `added`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.pairs import GoldPair

Scores = npt.NDArray[np.floating[Any]]

THRESHOLDS = np.arange(0.05, 1.0, 0.05)
HEAD = f"{'set':<22}{'method':<26}link F1  prec   rec    added  false kinds  ms/pair"


@dataclass
class Tally:
    """Counts of links and of `added` sentences, right and wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    added_right: int = 0
    added_wrong: int = 0
    added_missed: int = 0
    kinds: list[bool] = field(default_factory=list)

    def count(self, got: set[int], gold: set[int], free: frozenset[int] = frozenset()) -> None:
        """Count one sentence; links in `free` count neither way."""
        self.right += len(got & gold)
        self.wrong += len(got - gold - free)
        self.missed += len(gold - got)
        self.added_right += not gold and not got - free
        self.added_wrong += bool(gold) and not got
        self.added_missed += not gold and bool(got - free)

    def add(self, other: "Tally") -> None:
        """Count what another one counted."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.added_right += other.added_right
        self.added_wrong += other.added_wrong
        self.added_missed += other.added_missed
        self.kinds += other.kinds

    @property
    def link_f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    @property
    def added_f1(self) -> float:
        right = 2 * self.added_right
        return right / max(right + self.added_wrong + self.added_missed, 1)

    def row(self) -> str:
        """The cells of the table under `HEAD` from link F1 to kinds; "–" where the gold has
        no link, no `added` sentence, no kind."""
        precision = self.right / max(self.right + self.wrong, 1)
        recall = self.right / max(self.right + self.missed, 1)
        linked, added = self.right + self.missed, self.added_right + self.added_missed
        return (
            f"{_cell(self.link_f1, linked)}    {_cell(precision, linked)}  "
            f"{_cell(recall, linked)}  {_cell(self.added_f1, added)}  {self.added_missed:4d}  "
            f"{_cell(float(np.mean(self.kinds or [False])), len(self.kinds))}"
        )


def _cell(value: float, count: int) -> str:
    return f"{value:.3f}" if count else "  –  "


def tally_units(
    pair: GoldPair, units: Sequence[int], source_units: Sequence[int],
    links: Sequence[set[int]], into: Tally,
) -> None:  # fmt: skip
    """Count a pair, gold unit by gold unit: a unit is linked to what its sentences are.

    `units[i]` is the gold unit of derivative sentence i, `source_units[j]` that of source
    sentence j, `links[i]` the source sentences that i is linked to.
    """
    linked: dict[int, set[int]] = {}
    for unit, sources in zip(units, links, strict=True):
        linked.setdefault(unit, set()).update(source_units[j] for j in sources)
    for unit, got in linked.items():
        into.count(got, set(pair.units[unit].sources))


def argmax_links(scores: Scores, threshold: float) -> list[set[int]]:
    """Each sentence linked to its best source sentence, if that reaches the threshold.

    >>> argmax_links(np.array([[0.2, 0.6], [0.3, 0.1]]), 0.5)
    [{1}, set()]
    """
    if not scores.size:
        return [set() for _ in scores]
    best = scores.argmax(axis=1)
    return [{int(j)} if scores[i, j] >= threshold else set() for i, j in enumerate(best)]
