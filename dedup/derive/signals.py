"""Signals of direction: what in two articles says which came from the other.

Comes in: a family's members and their sentence links. Goes out: for an ordered pair (source,
derivative), the `Evidence` for and against it. Every signal is antisymmetric: what speaks for
u → v speaks as much against v → u. Containment, length and fluency are not used: measured on
real pairs they point the wrong way as often as the right one.

The log-odds are set by hand, from what each signal can prove at most, and are to be fitted
once enough gold directions are at hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from math import copysign, log1p

import regex

from dedup.align import Links, told
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.text import Sentence, Text

TIME = 0.8  # per unit of log(1 + hours): an hour .6, a day 2.6
MOST_BY_TIME = 3.0  # page dates are often those of an update
NAMED = 4.0  # the derivative credits the source's publisher
MAY_BE_NAMED = 1.5  # it credits an outlet, and the source's publisher is not known
LINKED = 5.0  # it links to the source's address
CORROBORATED = 12.0  # per share of words that stand in further members too …
MOST_BY_CONTENT = 3.0  # … and all of it together
DEEPER = 1.5  # it names the source's sources and one more in between
UNRESOLVED = 1.0  # it says "the German broadcaster" before it has said which


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

    def mark(self, item: Attribution | Sentence) -> Mark:
        return Mark(self.id, item.begin, item.end)


LinkTable = Mapping[tuple[int, int], Links]  # (u, v): the links of u's sentences into v


def direction(u: int, v: int, members: Sequence[Member], links: LinkTable) -> tuple[Evidence, ...]:
    """The evidence that member `v` derives from member `u`, or for the reverse (< 0)."""
    source, derivative = members[u], members[v]
    found = [
        *_time(source, derivative),
        *_credit(source, derivative),
        *(_turned(e) for e in _credit(derivative, source)),
        *_content(u, v, members, links),
        *_depth(source, derivative),
        *(_turned(e) for e in _depth(derivative, source)),
        *_unresolved(source, derivative),
        *(_turned(e) for e in _unresolved(derivative, source)),
    ]
    return tuple(found)


def _turned(evidence: Evidence) -> Evidence:
    return Evidence(evidence.signal, -evidence.log_odds, evidence.detail, evidence.spans)


def _time(source: Member, derivative: Member) -> Iterator[Evidence]:
    hours = hours_between(source.text.article, derivative.text.article)
    if hours:
        strength = min(TIME * log1p(abs(hours)), MOST_BY_TIME)
        when = f"{abs(hours):.0f} hours" if abs(hours) < 72 else f"{abs(hours) / 24:.0f} days"
        first = source if hours > 0 else derivative
        yield Evidence("time", copysign(strength, hours), f"{first.id} is older by {when}")


def hours_between(earlier: Article, later: Article) -> float:
    """Hours from one publication to the other; 0 where they are unknown or on one day of
    which the hour is not known."""
    one, other = earlier.published, later.published
    if not isinstance(one, date) or not isinstance(other, date):
        return 0.0
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (_aware(other) - _aware(one)).total_seconds() / 3600
    return float((_day(other) - _day(one)).days * 24)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _credit(source: Member, derivative: Member) -> Iterator[Evidence]:
    """The derivative names the source's publisher, links to it, or names one it may be."""
    named = derivative.named()
    if link := _linked(source, derivative):
        yield Evidence("link", LINKED, f"links to {source.id}", (link,))
    if source.publisher is not None and source.publisher in named:
        places = named[source.publisher]
        yield Evidence(
            "credit",
            NAMED,
            f"credits {source.publisher}: {quoted(derivative, places[0])}",
            tuple(derivative.mark(place) for place in places),
        )
    elif source.publisher is None:
        for outlet in may_be(source, derivative):
            places = named[outlet]
            yield Evidence(
                "credit",
                MAY_BE_NAMED,
                f"credits {outlet}, which {source.id} may be: {quoted(derivative, places[0])}",
                tuple(derivative.mark(place) for place in places),
            )
            return


def _linked(source: Member, derivative: Member) -> Mark | None:
    """Where the derivative links to the source: its very address, not one that goes on, nor
    one that both have."""
    url = source.text.article.url
    if not url or url == derivative.text.article.url:
        return None
    text = derivative.text.article.text
    found = regex.search(regex.escape(url.rstrip("/")) + r"(?!/?[\p{L}\p{N}_%-])", text)
    return Mark(derivative.id, *found.span()) if found else None


def may_be(source: Member, derivative: Member) -> list[str]:
    """Outlets, surest first, that `derivative` credits as the teller and `source` may be:
    it does not name them itself, as it would if it had its report from them."""
    if source.publisher is not None:
        return []
    theirs = source.named()
    return [
        outlet
        for outlet, places in derivative.named().items()
        if outlet not in theirs
        and not outlet.startswith("(")
        and any(place.role == "attributes" for place in places)
    ]


def quoted(member: Member, attribution: Attribution) -> str:
    """The words of an attribution, on one line."""
    phrase = " ".join(member.text.article.text[attribution.begin : attribution.end].split())
    return f"“{phrase}”" if len(phrase) <= 90 else f"“{phrase[:89]}…”"


def _content(u: int, v: int, members: Sequence[Member], links: LinkTable) -> Iterator[Evidence]:
    """Corroborated content: what one has, the other lacks, and a third member tells too.

    The third cannot have it from the one that lacks it; so the one that lacks it is no
    parent of both.
    """
    ours, theirs = _corroborated(u, v, members, links), _corroborated(v, u, members, links)
    share = _words(ours) / _size(members[u]) - _words(theirs) / _size(members[v])
    strength = max(-MOST_BY_CONTENT, min(CORROBORATED * share, MOST_BY_CONTENT))
    if abs(strength) < 0.05:
        return
    one, other = (u, v) if strength > 0 else (v, u)
    sentences = ours if strength > 0 else theirs
    count = len(sentences)
    detail = (
        f"{count} sentence{'s' * (count != 1)} of {members[one].id} "
        f"{'are' if count != 1 else 'is'} missing from {members[other].id} "
        f"and told by further articles"
    )
    spans = tuple(members[one].mark(s) for s in islice(sentences, 5))
    yield Evidence("corroboration", strength, detail, spans)


def _corroborated(u: int, v: int, members: Sequence[Member], links: LinkTable) -> list[Sentence]:
    """The sentences of u that v does not tell and another member does."""
    sentences = told(members[u].text)
    in_v = links.get((u, v))
    if in_v is None or not in_v.sources:
        return []
    others = [
        links[u, w].sources
        for w in range(len(members))
        if w not in (u, v) and (u, w) in links and links[u, w].sources
    ]
    return [
        sentence
        for i, sentence in enumerate(sentences)
        if not in_v.sources[i] and any(other[i] for other in others)
    ]


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(len(s.tokens) for s in sentences)


def _size(member: Member) -> int:
    return max(_words(told(member.text)), 1)


def _depth(source: Member, derivative: Member) -> Iterator[Evidence]:
    """The derivative names what the source names, and one more outlet in between."""
    theirs, ours = source.named(), derivative.named()
    extra = [outlet for outlet in ours if outlet not in theirs and not outlet.startswith("(")]
    if theirs and extra and all(outlet in ours for outlet in theirs):
        places = ours[extra[0]]
        yield Evidence(
            "depth",
            DEEPER,
            f"{derivative.id} names {extra[0]} besides {', '.join(theirs)}: one more step away",
            tuple(derivative.mark(place) for place in places),
        )


def _unresolved(source: Member, derivative: Member) -> Iterator[Evidence]:
    """The derivative first calls an outlet by a description that the source goes with a name."""
    for outlet, places in derivative.named().items():
        first = min(places, key=lambda place: place.begin)
        if first.role != "attributes" or not _described(first):
            continue
        firsts = source.named().get(outlet)
        if firsts and not _described(min(firsts, key=lambda place: place.begin)):
            yield Evidence(
                "description",
                UNRESOLVED,
                f"{derivative.id} writes {quoted(derivative, first)} before it names {outlet}",
                (derivative.mark(first),),
            )
            return


def _described(attribution: Attribution) -> bool:
    """Whether the source is called by a description ("the German broadcaster")."""
    last = attribution.name.split()[-1]
    return last.islower() and attribution.name != attribution.outlet
