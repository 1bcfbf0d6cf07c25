"""Signals of direction: what in two articles says which came from the other.

Comes in: the `Measures` of a family. Goes out: for a pair, one number for each signal, and on
request the words behind it. Every signal is antisymmetric by construction: what speaks for
u → v speaks as much against v → u. What a number is worth is not said here: the weights are
fitted together (`dedup.derive.model`), so that containment or shorter sentences, which prove
little, get little.
"""

from collections.abc import Callable
from dataclasses import dataclass

import regex

from dedup.attribution import Attribution
from dedup.attribution.phrases import load_cues
from dedup.derive import traces
from dedup.derive.clock import hours_between, precedence
from dedup.derive.declared import refers
from dedup.derive.measures import Measures
from dedup.derive.member import Mark, Member, quoted
from dedup.derive.traces import Found, marks

LITTLE = 4  # counts that are as good as none
AT_ONCE = 12  # characters between "a report in X" and "attributed to Y": " that was "


@dataclass(frozen=True, slots=True)
class Signal:
    """A named signal: `half(measures, u, v)` counts what speaks for u → v, `scaled(for,
    against)` makes one number of both sides, `words(measures, u, v)` tells what was counted.
    `declares`: it is what an article, its page or its outlet says of itself, and no trace."""

    name: str
    label: str  # what an editor calls it
    half: Callable[[Measures, int, int], float]
    scaled: Callable[[float, float], float]
    words: Callable[[Measures, int, int], Found]
    declares: bool = False

    def value(self, measures: Measures, u: int, v: int) -> float:
        """What the signal says of u → v; of v → u it says the negative."""
        return self.scaled(self.half(measures, u, v), self.half(measures, v, u))

    def told(self, measures: Measures, u: int, v: int) -> Found:
        """The words behind the value: of the side on which more speaks."""
        ahead = self.half(measures, u, v) >= self.half(measures, v, u)
        return self.words(measures, u, v) if ahead else self.words(measures, v, u)


def difference(one: float, other: float) -> float:
    return one - other


def balance(one: float, other: float) -> float:
    """The difference as a share of all, drawn to nothing where there is little."""
    return (one - other) / (one + other + LITTLE)


# -- time ------------------------------------------------------------------------------------


def time(m: Measures, u: int, v: int) -> float:
    """u was published first. Of two outlets that print one agency's report, either may be."""
    one, other = m.members[u].publisher, m.members[v].publisher
    if m.prints[u] & m.prints[v] and one != other:
        return 0.0
    return max(precedence(m.members[u].text.article, m.members[v].text.article), 0.0)


def time_words(m: Measures, u: int, v: int) -> Found:
    hours = abs(hours_between(m.members[u].text.article, m.members[v].text.article))
    when = f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
    if hours < 1.5:
        when = f"{hours * 60:.0f} minutes"
    return f"{m.members[u].id} is older by {when}", ()


def doubted(m: Measures, u: int, v: int) -> float:
    """The time, as far as the family's clocks contradict its wording."""
    return m.doubt and time(m, u, v) * m.doubt


def doubted_words(m: Measures, u: int, v: int) -> Found:
    return f"in {m.doubt:.0%} of the family the clocks contradict the wording", ()


# -- explicit credit and links ---------------------------------------------------------------


def credit(m: Measures, u: int, v: int) -> float:
    return float(m.members[u].publisher in m.named[v])


def credit_words(m: Measures, u: int, v: int) -> Found:
    publisher = m.members[u].publisher
    places = m.named[v].get(publisher or "", ())
    said = f": {quoted(m.members[v], places[0])}" if places else ""
    return f"{m.members[v].id} credits {publisher}{said}", marks(m.members[v], places)


def likely_credit(m: Measures, u: int, v: int) -> float:
    """v credits an outlet that u may be: of the outlets that u may be it is one, and of the
    members that may be that outlet one is."""
    outlets = _credited(m, u, v)
    return 1 / (len(m.may_be[u]) * m.claimants[outlets[0]]) if outlets else 0.0


def _credited(m: Measures, u: int, v: int) -> list[str]:
    """The outlets that v credits and u may be, in v's order."""
    claimed = m.may_be[u]
    return [outlet for outlet in m.members[v].tellers() if outlet in claimed] if claimed else []


def likely_credit_words(m: Measures, u: int, v: int) -> Found:
    outlets = _credited(m, u, v)
    places = m.named[v][outlets[0]] if outlets else ()
    said = f": {quoted(m.members[v], places[0])}" if places else ""
    named = outlets[0] if outlets else "an outlet"
    return f"credits {named}, which {m.members[u].id} may be{said}", marks(m.members[v], places)


def chain(m: Measures, u: int, v: int) -> float:
    """v says "X, citing Y"; u names Y, and may be X."""
    return float(_chained(m, u, v) is not None)


def _chained(m: Measures, u: int, v: int) -> tuple[Attribution, str] | None:
    """Where v says so, in one phrase or in two that follow at once: the place of X, and Y."""
    cited = [
        (place, outlet)
        for outlet, places in m.named[v].items()
        if outlet in m.named[u]
        for place in places
    ]
    for outlet in _credited(m, u, v):
        for place in m.named[v][outlet]:
            for behind, further in cited:
                one = behind.role == "attributes-via" and behind.begin == place.begin
                if one or 0 <= behind.begin - place.end <= AT_ONCE:
                    return place, further
    return None


def chain_words(m: Measures, u: int, v: int) -> Found:
    found = _chained(m, u, v)
    if found is None:
        return "", ()
    place, cited = found
    source, said = m.members[u], quoted(m.members[v], place)
    detail = f"{source.id} names {cited}, and may be {place.outlet}: {said}"
    return detail, marks(m.members[v], (place,))


def link(m: Measures, u: int, v: int) -> float:
    """v links to u in its text, or refers to it in its metadata."""
    source, derivative = m.members[u], m.members[v]
    return float(linked(source, derivative) is not None or refers(source, derivative) is not None)


def link_words(m: Measures, u: int, v: int) -> Found:
    mark = linked(m.members[u], m.members[v])
    if mark is None:
        return refers(m.members[u], m.members[v]) or "", ()
    return f"{m.members[v].id} links to {m.members[u].id}", (mark,)


def linked(source: Member, derivative: Member) -> Mark | None:
    """Where the derivative links to the source: its very address, not one that goes on, nor
    one that both have."""
    url = source.text.article.url
    text = derivative.text.article.text
    address = (url or "").rstrip("/")
    if not address or url == derivative.text.article.url or address not in text:
        return None
    found = regex.search(regex.escape(address) + r"(?!/?[\p{L}\p{N}_%-])", text)
    return Mark(derivative.id, *found.span()) if found else None


# -- how far from the source ----------------------------------------------------------------


def depth(m: Measures, u: int, v: int) -> float:
    """v names what u names, and one more outlet in between."""
    return float(_between(m, u, v) is not None)


def _between(m: Measures, u: int, v: int) -> str | None:
    theirs, ours = m.named[u], m.named[v]
    if not theirs or not all(outlet in ours for outlet in theirs):
        return None
    further = (o for o in ours if o not in theirs and not o.startswith("("))
    return next(further, None)


def depth_words(m: Measures, u: int, v: int) -> Found:
    extra = _between(m, u, v) or ""
    detail = f"{m.members[v].id} names {extra} besides {', '.join(m.named[u])}: one more step away"
    return detail, marks(m.members[v], m.named[v].get(extra, ()))


def description(m: Measures, u: int, v: int) -> float:
    """v first calls an outlet by a definite description ("the German broadcaster"), as if it had
    been named, that goes with its name in u."""
    return float(_unresolved(m, u, v) is not None)


def _unresolved(m: Measures, u: int, v: int) -> str | None:
    for outlet, places in m.named[v].items():
        first = min(places, key=lambda place: place.begin)
        firsts = m.named[u].get(outlet)
        if first.role != "attributes" or not firsts:
            continue
        theirs = min(firsts, key=lambda place: place.begin)
        if _described(first, m.members[v]) and not _described(theirs, m.members[u]):
            return outlet
    return None


def _described(attribution: Attribution, member: Member) -> bool:
    """Whether the source is called by a definite description: "a German broadcaster" opens a
    report as well as any name."""
    name, cues = attribution.name, load_cues(member.text.language)
    described = name.split()[-1].islower() and name != attribution.outlet
    return described and not cues.source.indefinite.match(name)


def description_words(m: Measures, u: int, v: int) -> Found:
    outlet = _unresolved(m, u, v) or ""
    places = sorted(m.named[v].get(outlet, ()), key=lambda place: place.begin)[:1]
    said = quoted(m.members[v], places[0]) if places else ""
    return f"{m.members[v].id} writes {said} before it names {outlet}", marks(m.members[v], places)


def plainly(one: float, other: float) -> float:
    """The difference in rarity, where both sides have words of their own."""
    return max(-1.0, min(one - other, 1.0)) if one and other else 0.0


def bounded(one: float, other: float) -> float:
    return max(-1.0, min(one - other, 1.0))


SIGNALS = (
    Signal("time", "Publication dates", time, difference, time_words, declares=True),
    Signal("clock-doubt", "Unreliable dates", doubted, difference, doubted_words, declares=True),
    Signal("credit", "Credits the source", credit, difference, credit_words, declares=True),
    Signal(
        "likely-credit",
        "Credits an outlet that may be the source",
        likely_credit,
        difference,
        likely_credit_words,
    ),
    Signal(
        "chain",
        "Credits the source and its own source",
        chain,
        difference,
        chain_words,
        declares=True,
    ),
    Signal("link", "Links to the source", link, difference, link_words, declares=True),
    Signal(
        "corroboration",
        "Content that other articles confirm",
        traces.corroboration,
        difference,
        traces.corroboration_words,
    ),
    Signal("depth", "Credits one more outlet", depth, difference, depth_words),
    Signal(
        "description",
        "Describes an outlet before naming it",
        description,
        difference,
        description_words,
        declares=True,
    ),
    Signal(
        "containment",
        "Share of one text in the other",
        traces.containment,
        difference,
        traces.containment_words,
    ),
    Signal("specifics", "Leaves out details", traces.specifics, balance, traces.specifics_words),
    Signal("cuts", "Shortened sentences", traces.cuts, balance, traces.cuts_words),
    Signal("plainness", "Plainer words", traces.plainness, plainly, traces.plainness_words),
    Signal(
        "artefacts",
        "Copying and translation errors",
        traces.artefacts,
        balance,
        traces.artefacts_words,
    ),
    Signal(
        "home", "Names known in the source's language", traces.home, difference, traces.home_words
    ),
    Signal(
        "centre", "Closer to other translations", traces.centre, difference, traces.centre_words
    ),
    Signal("growth", "Longer version", traces.growth, bounded, traces.growth_words, declares=True),
)
