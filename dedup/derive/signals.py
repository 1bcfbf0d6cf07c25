"""Signals: what in two articles says which one came from the other.

A signal gives one number for a pair, and on request the words behind it; what speaks for u → v
speaks as much against v → u. What articles declare (dates, credits, links) is read here, the
traces of copying and rewriting in `traces`. The weights are fitted together (`model`), so that
plainer words or one more name, which prove little, get little.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from dedup.attribution import Attribution, is_release
from dedup.attribution.phrases import load_cues
from dedup.derive import traces
from dedup.derive.clock import hours_between, precision, version_hours, weigh
from dedup.derive.measures import Node, Pair
from dedup.derive.member import NOTHING, Finding, Mark, find_link, find_reference, share_address

PRIOR_COUNT = 4  # counts that are as good as none
# Hours by which a partner's stamp may be ahead of that of the agency whose report it prints, which
# stamps its last version.
MAX_AHEAD = 24
AT_ONCE = 12  # characters between "a report in X" and "attributed to Y": " that was "


def difference(one: float, other: float) -> float:
    return one - other


@dataclass(frozen=True, slots=True)
class Signal:
    """A named signal, and the `label` that an editor reads.

    `find` finds what speaks for a pair in its order, `scale(for, against)` makes one number of
    both orders. `declares`: it is what an article, its page or its outlet says of itself, and
    no trace.
    """

    name: str
    label: str
    find: Callable[[Pair], Finding]
    scale: Callable[[float, float], float] = difference
    declares: bool = False

    def explain(self, pair: Pair) -> Finding:
        """What the signal says of a pair (of the reverse it says the negative), in the words of
        the order for which more speaks."""
        there, back = self.find(pair), self.find(pair.reversed())
        ahead = there if there.value >= back.value else back
        return Finding(self.scale(there.value, back.value), ahead.describe)


def bounded_difference(one: float, other: float) -> float:
    return max(-1.0, min(one - other, 1.0))


def difference_where_both(one: float, other: float) -> float:
    """The bounded difference, where there is something on both sides."""
    return bounded_difference(one, other) if one and other else 0.0


def balance(one: float, other: float) -> float:
    """The difference as a share of all, drawn to nothing where there is little."""
    return (one - other) / (one + other + PRIOR_COUNT)


def present(detail: str, marks: tuple[Mark, ...] = ()) -> Finding:
    """What is either there or not."""
    return Finding(1.0, lambda: (detail, marks))


def time(pair: Pair) -> Finding:
    """The source was published first. Of two outlets that print one agency's report, either
    may have been."""
    one, other = pair.source, pair.derivative
    if one.prints & other.prints and one.member.publisher != other.member.publisher:
        return NOTHING
    earlier, later = one.member.text.article, other.member.text.article
    is_page = share_address(one.member, other.member)
    hours = version_hours(earlier, later) if is_page else hours_between(earlier, later)
    value = weigh(hours, precision(earlier, later))
    if value <= 0 or (hours < MAX_AHEAD and refers_to(one, other)):
        return NOTHING

    def describe() -> tuple[str, tuple[Mark, ...]]:
        when = f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
        if hours < 1.5:
            when = f"{hours * 60:.0f} minutes"
        return f"{one.id} was published {when} earlier", ()

    return Finding(value, describe)


def refers_to(derivative: Node, source: Node) -> bool:
    """Whether a node credits or links to the other."""
    one, other = source.member, derivative.member
    credited = source.member.publisher in derivative.named
    return credited or bool(find_link(one, other) or find_reference(one, other))


def doubtful_time(pair: Pair) -> Finding:
    """The dates, as far as they contradict the wording in this cluster."""
    doubt = pair.measures.doubt
    if not doubt:
        return NOTHING
    detail = f"the dates contradict the wording in {doubt:.0%} of the cluster"
    return Finding(time(pair).value * doubt, lambda: (detail, ()))


def credit(pair: Pair) -> Finding:
    """The derivative credits the source's publisher."""
    publisher = pair.source.member.publisher
    if publisher is None or publisher not in pair.derivative.named:
        return NOTHING
    return _credited(pair.derivative, publisher)


def likely_credit(pair: Pair) -> Finding:
    """The derivative credits an outlet that may have published the source. The value is divided
    by how many outlets that may be, and by how many members may be that outlet."""
    outlet = next(iter(_possible_credits(pair)), None)
    if outlet is None:
        return NOTHING
    value = 1 / (len(pair.source.may_be) * pair.measures.claimants[outlet])
    return _credited(pair.derivative, outlet, f", which may have published {pair.source.id}", value)


def _credited(derivative: Node, outlet: str, more: str = "", value: float = 1.0) -> Finding:
    member, places = derivative.member, derivative.named[outlet]

    def describe() -> tuple[str, tuple[Mark, ...]]:
        detail = f"{member.id} credits {outlet}{more}: {member.quote(places[0])}"
        return detail, member.marks(places)

    return Finding(value, describe)


def _possible_credits(pair: Pair) -> list[str]:
    """The outlets that the derivative credits and that may have published the source."""
    may_be = pair.source.may_be
    return [o for o in pair.derivative.member.credited_outlets() if o in may_be] if may_be else []


def chain(pair: Pair) -> Finding:
    """The derivative says "X, citing Y"; the source names Y, and X may have published it."""
    source, derivative = pair.source, pair.derivative
    cited = [
        (place, outlet)
        for outlet, places in derivative.named.items()
        if outlet in source.named
        for place in places
    ]
    for outlet in _possible_credits(pair):
        for place, (behind, further) in product(derivative.named[outlet], cited):
            in_one_phrase = behind.form == "second-hand" and behind.begin == place.begin
            if in_one_phrase or 0 <= behind.begin - place.end <= AT_ONCE:
                quote = derivative.member.quote(place)
                detail = f"{source.id} credits {further}, and may be by {outlet}: {quote}"
                return present(detail, derivative.member.marks([place]))
    return NOTHING


def link(pair: Pair) -> Finding:
    """The derivative links to the source in its text, or refers to it in its metadata."""
    source, derivative = pair.source.member, pair.derivative.member
    if mark := find_link(source, derivative):
        return present(f"{derivative.id} links to {source.id}", (mark,))
    reference = find_reference(source, derivative)
    return present(reference) if reference else NOTHING


def depth(pair: Pair) -> Finding:
    """The derivative names what the source names, and one more outlet in between."""
    named, known = pair.derivative.named, pair.source.named
    if not known or not all(outlet in named for outlet in known):
        return NOTHING
    extra = next((o for o in named if o not in known and not o.startswith("(")), None)
    if extra is None:
        return NOTHING
    detail = f"{pair.derivative.id} also credits {extra}, so it is probably a later copy"
    return present(detail, pair.derivative.member.marks(named[extra]))


def description(pair: Pair) -> Finding:
    """The derivative first calls an outlet by a definite description ("the German broadcaster"),
    as if it had been named; the source has the name there."""
    derivative = pair.derivative
    for outlet, places in derivative.named.items():
        first = min(places, key=lambda place: place.begin)
        others = pair.source.named.get(outlet)
        if not first.in_words or not others:
            continue
        other = min(others, key=lambda place: place.begin)
        if _is_described(first, derivative) and not _is_described(other, pair.source):
            quote = derivative.member.quote(first)
            detail = f"{derivative.id} writes {quote} before it names {outlet}"
            return present(detail, derivative.member.marks([first]))
    return NOTHING


def _is_described(attribution: Attribution, node: Node) -> bool:
    """Whether the source is called by a definite description: "a German broadcaster" opens a
    report as well as any name."""
    name, cues = attribution.name, load_cues(node.member.text.language)
    described = name.split()[-1].islower() and name != attribution.outlet
    return described and not cues.source.indefinite.match(name)


def release(pair: Pair) -> Finding:
    """The source is a press release, unless the derivative was there days before."""
    return _released(pair, "is a press release") if _is_sure(pair.source) else NOTHING


def release_style(pair: Pair) -> Finding:
    """The source has one of the marks that releases have more often than articles."""
    return NOTHING if _is_sure(pair.source) else _released(pair, "reads like a press release")


def _is_sure(node: Node) -> bool:
    return is_release(node.member.text)


def _released(pair: Pair, says: str) -> Finding:
    marks, member = pair.source.release, pair.source.member
    ahead = hours_between(pair.derivative.member.text.article, member.text.article)
    if not marks or ahead > MAX_AHEAD:
        return NOTHING
    names = ", ".join(mark.name for mark in marks)
    spans = tuple(Mark(member.id, mark.begin, mark.end) for mark in marks)
    return present(f"{member.id} {says}: it has {names}", spans)


SIGNALS = (
    Signal("time", "Publication dates", time, declares=True),
    Signal("clock-doubt", "Unreliable dates", doubtful_time, declares=True),
    Signal("credit", "Credits the source", credit, declares=True),
    Signal("likely-credit", "Credits the likely publisher", likely_credit),
    Signal("chain", "Credits the source and its own source", chain, declares=True),
    Signal("link", "Links to the source", link, declares=True),
    Signal("release", "Press release", release, bounded_difference, declares=True),
    Signal("release-style", "Reads like a press release", release_style, bounded_difference),
    Signal("excerpt", "Excerpt", traces.excerpt, bounded_difference),
    Signal("corroboration", "Content that other articles confirm", traces.corroboration),
    Signal("depth", "Credits one more outlet", depth),
    Signal("description", "Describes an outlet before naming it", description),
    Signal("specifics", "Leaves out details", traces.specifics, balance),
    Signal("cuts", "Shortened sentences", traces.cuts, balance),
    Signal("plainness", "Plainer words", traces.plainness, difference_where_both),
    Signal("artefacts", "Copying and translation errors", traces.artefacts, balance),
    Signal("home", "Names known in the source's language", traces.home),
    Signal("centre", "Closer to other translations", traces.centre),
    Signal("growth", "Longer version", traces.growth, bounded_difference),
)
