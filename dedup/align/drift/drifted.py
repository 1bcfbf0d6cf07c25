"""What a drift is, and how its words are shown.

Comes in: the places that differ. Goes out: a `Drift`. It finds none itself.
"""

from dataclasses import dataclass
from typing import Literal

from dedup.article import Span
from dedup.text import Text

DriftKind = Literal["number", "hedge", "attribution", "quotation", "negation", "name"]

LONGEST_DETAIL = 80  # characters of each side that a detail shows


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the link stands and the meaning moved.

    kind: `number` (a figure, date or unit changed), `hedge` (dropped or added), `attribution`
    (who said it was dropped), `quotation` (words in quotation marks that the source lacks or
    has otherwise), `negation` (on one side only), `name` (names swapped or replaced). `span`
    lies in the derivative, `source` in the source; where one side lacks something, its span is
    where that would stand.
    """

    kind: DriftKind
    detail: str
    span: Span
    source: Span


def excerpt(text: Text, span: Span) -> str:
    """The words of a span on one line, cut where they are many."""
    flat = " ".join(span.of(text.article.text).split())
    return flat if len(flat) <= LONGEST_DETAIL else flat[: LONGEST_DETAIL - 1] + "…"
