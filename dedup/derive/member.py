"""Members and evidence: the words in which derivation speaks.

Comes in: articles taken apart, with their publisher and attributions. Goes out: `Member`s,
and the `Evidence` that the other modules of the room give for or against an edge. It weighs
nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dedup.align import Links
from dedup.attribution import Attribution, attributions, publisher_of
from dedup.attribution.outlets import find_outlet
from dedup.text import Sentence, Text

LinkTable = Mapping[tuple[int, int], Links]  # (u, v): the links of u's sentences into v
LONGEST_QUOTE = 90  # characters of an attribution that are shown


@dataclass(frozen=True, slots=True)
class Mark:
    """A span in a named article: where a piece of evidence stands."""

    article: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal for (`log_odds` > 0) or against an edge: its `label` is what an editor calls it,
    `detail` says what was found, `spans` are the words it rests on."""

    signal: str
    label: str
    log_odds: float
    detail: str
    spans: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a family: taken apart, who publishes it, whom it names."""

    text: Text
    publisher: str | None
    attributions: tuple[Attribution, ...]

    @property
    def id(self) -> str:
        return self.text.article.id

    def named(self) -> dict[str, list[Attribution]]:
        """The outside outlets that the article names, with the places; itself left out."""
        found: dict[str, list[Attribution]] = {}
        for attribution in self.attributions:
            outside = attribution.kind == "outlet" and attribution.role != "self"
            if outside and attribution.outlet != self.publisher:
                found.setdefault(attribution.outlet, []).append(attribution)
        return found

    def credit_lines(self) -> frozenset[str]:
        """The outlets that a credit line or an agency's dateline names."""
        return frozenset(
            outlet
            for outlet, places in self.named().items()
            if any(place.role == "credits" for place in places)
        )

    def tellers(self) -> list[str]:
        """The outlets that the article credits as those who told it, in order of appearance."""
        return [
            outlet
            for outlet, places in self.named().items()
            if not outlet.startswith("(")
            and any(place.role == "attributes" or _own_paper(place) for place in places)
        ]

    def mark(self, item: Attribution | Sentence) -> Mark:
        return Mark(self.id, item.begin, item.end)


def make_member(text: Text) -> Member:
    """The member that an article is, with its attributions and its publisher."""
    found = attributions(text)
    return Member(text, publisher_of(text, found), found)


def _own_paper(place: Attribution) -> bool:
    """Whether a credit line is that of a newsroom of its own, which is one article's, and not
    of an agency, whose line many articles have and more have lost."""
    outlet = find_outlet(place.outlet)
    return place.role == "credits" and outlet is not None and outlet.kind != "agency"


def may_be(source: Member, credited: Iterable[str]) -> list[str]:
    """Those of the `credited` outlets (`Member.tellers`) that `source` may be: nobody knows who
    publishes it, it does not name them itself, as it would if it had its report from them, and
    has no credit line of anybody else."""
    if source.publisher is not None or source.credit_lines():
        return []
    theirs = source.named()
    return [outlet for outlet in credited if outlet not in theirs]


def quoted(member: Member, attribution: Attribution) -> str:
    """The words of an attribution, on one line."""
    phrase = " ".join(member.text.article.text[attribution.begin : attribution.end].split())
    short = phrase if len(phrase) <= LONGEST_QUOTE else f"{phrase[: LONGEST_QUOTE - 1]}…"
    return f"“{short}”"
