"""Places: where an article names a source, and what could be one.

A `Source` is a stretch of text that could be the source of something (`sources` finds them); an
`Attribution` is a place where something is attributed to one. Nothing is looked for here.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

RANK = {"listed": 0, "photo": 0, "media": 1, "described": 2, "named": 3, "role": 4, "name": 5}


Kind = Literal["outlet", "statement", "informant"]
Role = Literal["origin", "statement", "cites", "subject", "self", "photo"]
Form = Literal["line", "report", "republished", "interview", "second-hand", "link"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A place where an article names a source.

    `begin` and `end` bound the whole phrase ("the German broadcaster ZDF reported Friday"),
    `name` is the source as the text has it ("ZDF", "the German broadcaster"), `outlet` its
    canonical name ("ZDF", "The Moscow Times", "(unnamed media)").
    kind: `outlet` is a news source, `statement` whoever publishes about himself (a press office,
    a ministry, a company's blog), `informant` a person or institution inside the story.
    role: `origin` (the article has its report from there), `statement` (it draws on a statement
    of that source), `cites` (it only cites it: an interview with CNN, a poll), `subject`
    (the outlet is what the news is about), `self` (the article's own publisher), `photo`.
    form: `line` (a credit line, a byline or an agency's dateline), `report` ("X reported"),
    `republished` ("first published in X"), `interview` ("spoke to X"), `second-hand` (the Y of
    "X, citing Y"), `link`.
    """

    begin: int
    end: int
    name: str
    outlet: str
    kind: Kind
    role: Role
    form: Form

    @property
    def in_words(self) -> bool:
        """Whether a sentence says so, rather than a credit line or a link."""
        return self.form in ("report", "republished", "interview")


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of text that could be the source of something, with its description."""

    begin: int
    end: int
    name: str
    outlet: str
    rank: str
    kind: str = ""
    countries: frozenset[str] = frozenset()

    @property
    def is_outlet(self) -> bool:
        return RANK[self.rank] <= RANK["named"]

    def attribute(
        self,
        form: Form,
        begin: int | None = None,
        end: int | None = None,
        name: str | None = None,
        role: Role | None = None,
    ) -> Attribution:
        """The attribution to this source in a phrase; `name` is the outlet that it was found to
        be. Its role is for `assign_roles` to say, unless it is known."""
        outlet = self.outlet if name is None else name
        is_outlet = self.is_outlet and bool(outlet)
        return Attribution(
            self.begin if begin is None else begin,
            self.end if end is None else end,
            self.name,
            outlet or self.name,
            "outlet" if is_outlet else "informant",
            role or ("origin" if is_outlet else "cites"),
            form,
        )


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones made one."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def overlaps_any(begin: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a stretch of text overlaps one of `spans`, which are merged."""
    i = bisect_right(spans, begin, key=lambda span: span[1])
    return i < len(spans) and spans[i][0] < end
