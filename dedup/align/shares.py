"""Shares: how much of the derivative is of each kind, in words.

Comes in: the passages of an alignment, each with its number of words and how many of them are
quoted. Goes out: the part of each kind. What an editor does not hold against a writer can be
left out: what somebody else said word for word, and matches too short to prove anything. Left
out means counted nowhere, neither in a part nor in the whole, as page furniture is unless it is
asked for. It changes no passage: whoever has the JSON can do the same sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedup.align.kinds import Kind

if TYPE_CHECKING:
    from dedup.align import Alignment, Passage

KINDS: tuple[Kind, ...] = ("copied", "paraphrased", "translated", "added")


@dataclass(frozen=True, slots=True)
class Counting:
    """What the shares count: words in quotations, boilerplate, and matches (linked
    passages) of at least `min_words` words."""

    quotations: bool = True
    boilerplate: bool = False
    min_words: int = 0


COUNT_EVERYTHING = Counting()


def compute_shares(
    passages: "Sequence[Passage]", counting: Counting = COUNT_EVERYTHING
) -> dict[Kind, float]:
    """The part of the derivative's words by kind; all 0 where nothing is counted.

    `furniture` is among the kinds only where it is counted.
    """
    kinds: tuple[Kind, ...] = (*KINDS, "furniture") if counting.boilerplate else KINDS
    counts = dict.fromkeys(kinds, 0)
    for passage in passages:
        short = bool(passage.sources) and passage.words < counting.min_words
        if passage.kind in counts and not short:
            counts[passage.kind] += passage.words
            counts[passage.kind] -= 0 if counting.quotations else passage.quoted
    total = sum(counts.values())
    return {kind: count / total if total else 0.0 for kind, count in counts.items()}


def recount(alignment: "Alignment", counting: Counting) -> "Alignment":
    """The same alignment with the shares that count what `counting` says."""
    parts: Mapping[Kind, float] = compute_shares(alignment.passages, counting)
    return replace(alignment, shares=parts, counting=counting)
