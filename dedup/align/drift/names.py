"""Names: two that changed places, one that gave way to another.

Comes in: a `Pair`. Goes out: drifts. "A beat B" and "B beat A" have the same words; what differs
is what stands beside each name. Two names changed places where each has beside it what the other
has in the source, and less of what it had itself. One was replaced where the sources lack it,
the passage lacks one of theirs, and both have the same words beside them. Names that only stand
in a row ("A and B"), forms and parts of one name (Putin, Vladimir Putin; Russia, Russian),
acronyms and known aliases (data/drift.toml) are the same name. It does not know who is meant by
"the president".
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from dedup.align.drift.cues import cues, drift_data
from dedup.align.drift.drifted import Drift, excerpt
from dedup.align.drift.pairing import Pair, alike
from dedup.article import Span
from dedup.text import Anchor, Text, Token
from dedup.text.model import once_per_text

# Of the two words before each of two names and the two behind, eight in all, so many are those
# that stood beside the other one, and so many more than those that it had itself.
AROUND = 2
SWAPPED = 4
CROSSED_LEAD = 2
REPLACED = 2  # both the word before and the word behind
LEAST_SHARED = 0.5  # of the content words, where a name is replaced: "the rest stands"
SPELLED_ALIKE = 0.6  # difflib's ratio: Tsirkon and Zircon, Stoiky and Stoyky
EDGE = ""


def name_drifts(pair: Pair) -> Iterator[Drift]:
    """Names swapped, else names replaced."""
    ours = [a for a in pair.passage.anchors if a.kind == "name"]
    theirs = [a for s in pair.sources for a in s.anchors if a.kind == "name"]
    if not ours or not theirs:
        return
    same = {
        i: next((j for j, other in enumerate(theirs) if other.value == own.value), None)
        for i, own in enumerate(ours)
    }
    swapped = _swapped(pair, ours, theirs, same)
    if swapped is not None:
        yield swapped
        return
    yield from _replaced(pair, ours, theirs)


def _swapped(
    pair: Pair, ours: Sequence[Anchor], theirs: Sequence[Anchor], same: dict[int, int | None]
) -> Drift | None:
    """Two names that changed places."""
    both = [(i, j) for i, j in same.items() if j is not None]
    for n, (i, j) in enumerate(both):
        for k, m in both[n + 1 :]:
            a, b = ours[i], ours[k]
            if theirs[j].begin <= theirs[m].begin or a.value == b.value:
                continue
            if _listed(pair, a, b):
                continue
            here, there = (_beside(pair.ours, x, AROUND) for x in (a, b))
            was, other = (_beside(pair.theirs, theirs[x], AROUND) for x in (j, m))
            crossed = _agreement(here, other) + _agreement(there, was)
            straight = _agreement(here, was) + _agreement(there, other)
            # "B was beaten by A": between the names, all is new.
            between = alike(here[AROUND], other[AROUND]) or alike(
                there[AROUND - 1], was[AROUND - 1]
            )
            if between and crossed >= SWAPPED and crossed >= straight + CROSSED_LEAD:
                detail = (
                    f"names swapped: {excerpt(pair.source, _span(theirs[m]))} … "
                    f"{excerpt(pair.source, _span(theirs[j]))} → "
                    f"{excerpt(pair.derivative, _span(a))} … {excerpt(pair.derivative, _span(b))}"
                )
                low, high = theirs[m], theirs[j]
                return Drift("name", detail, Span(a.begin, b.end), Span(low.begin, high.end))
    return None


def _listed(pair: Pair, a: Anchor, b: Anchor) -> bool:
    """Whether two names stand in a row, where their order says nothing."""
    between = [t.form for t in pair.ours if a.end <= t.begin < b.begin]
    known = cues(pair.source.language)
    joining = {forms[0] for forms in known.lists["symmetric"]} if known else set()
    return len(between) <= 1 and joining.issuperset(between)


def _replaced(pair: Pair, ours: Sequence[Anchor], theirs: Sequence[Anchor]) -> Iterator[Drift]:
    """A name that the sources lack where they have another."""
    new, lost = _only_in(ours, pair.theirs), _only_in(theirs, pair.ours)
    if not new or not lost:
        return
    for own in new:
        known = own.value in _names_of(pair.source)
        here = _beside(pair.ours, own, 1)
        for other in lost:
            if not known and other.value not in _names_of(pair.derivative):
                continue  # neither text uses both: two spellings, or two words for one thing
            if _agreement(here, _beside(pair.theirs, other, 1)) < REPLACED:
                continue
            if pair.shared() < LEAST_SHARED or _is_there(own, theirs, pair.theirs, pair):
                continue
            if _is_there(other, ours, pair.ours, pair):
                continue
            detail = f"name replaced: {excerpt(pair.source, _span(other))} → " + excerpt(
                pair.derivative, _span(own)
            )
            yield Drift("name", detail, _span(own), _span(other))
            lost.remove(other)
            break


def _only_in(names: Sequence[Anchor], others: Sequence[Token]) -> list[Anchor]:
    """The names of which no word stands on the other side as it is."""
    forms = {token.form for token in others}
    return [name for name in names if forms.isdisjoint(name.value.split())]


def _is_there(name: Anchor, names: Sequence[Anchor], tokens: Sequence[Token], pair: Pair) -> bool:
    """Whether the other side has a name in any form."""
    return _said(name, tokens) or any(_one(name, other, pair) for other in names)


def _said(name: Anchor, tokens: Sequence[Token]) -> bool:
    """Whether any word of a name stands among `tokens`, in some form."""
    return any(
        alike(word, token.form) for word in name.value.split() if len(word) > 2 for token in tokens
    )


def _one(a: Anchor, b: Anchor, pair: Pair) -> bool:
    """Whether two names are one: forms, parts, acronyms, aliases, or parts of a third."""
    one, other = a.value.split(), b.value.split()
    if any(alike(x, y) for x in one for y in other):
        return True
    if SequenceMatcher(None, a.value, b.value).ratio() >= SPELLED_ALIKE:
        return True
    if _acronym(one, other) or _acronym(other, one):
        return True
    groups = _aliases()
    if not groups.get(a.value, frozenset()).isdisjoint(groups.get(b.value, frozenset())):
        return True
    return any(
        not names.isdisjoint(one) and not names.isdisjoint(other)
        for text in (pair.derivative, pair.source)
        for names in _whole_names(text)
    )


def _acronym(short: Sequence[str], long: Sequence[str]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


@cache
def _aliases() -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(drift_data()["aliases"]["groups"]):
        for name in group:
            found[name] = found.get(name, frozenset()) | {number}
    return found


@once_per_text
def _names_of(text: Text) -> frozenset[str]:
    return frozenset(anchor.value for anchor in text.anchors if anchor.kind == "name")


@once_per_text
def _whole_names(text: Text) -> tuple[frozenset[str], ...]:
    """The names of several words in a text."""
    values = {anchor.value for anchor in text.anchors if anchor.kind == "name"}
    return tuple(frozenset(value.split()) for value in sorted(values) if " " in value)


def _beside(tokens: Sequence[Token], name: Anchor, reach: int) -> tuple[str, ...]:
    """The words before a name and those behind it; "" beyond the ends."""
    first = bisect_left(tokens, name.begin, key=lambda token: token.begin)
    after = bisect_left(tokens, name.end, first, key=lambda token: token.begin)
    places = (*range(first - reach, first), *range(after, after + reach))
    return tuple(tokens[i].form if 0 <= i < len(tokens) else EDGE for i in places)


def _agreement(here: Sequence[str], there: Sequence[str]) -> int:
    """How many of the words beside two names agree, place by place; an end counts once."""
    pairs = list(zip(here, there, strict=True))
    words = sum(alike(a, b) for a, b in pairs if a != EDGE)
    return words + ((EDGE, EDGE) in pairs)


def _span(name: Anchor) -> Span:
    return Span(name.begin, name.end)
