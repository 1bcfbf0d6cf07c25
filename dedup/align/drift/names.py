"""Two names that were swapped, or one that was replaced by another.

"A beat B" and "B beat A" have the same words; what differs is what stands beside each name. Two
names were swapped where each has beside it what the other has in the source. One was replaced
where the sources lack it, the passage lacks one of theirs, and both have the same words beside
them. Names that only stand in a row ("A and B") may be swapped; forms and parts of one name
(Putin, Vladimir Putin; Russia, Russian), acronyms and known aliases (data/drift.toml) are the
same name. Who is meant by "the president" is not known.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import combinations

from dedup.align.drift.cues import load_cues, load_drift_data
from dedup.align.drift.figures import load_measures
from dedup.align.drift.pairing import Drift, Pair, excerpt, find_words, is_same_word
from dedup.article import Span
from dedup.text import Anchor, Text, Token
from dedup.text.model import once_per_text

# Of the two words before each of two names and the two behind, eight in all, so many are those
# that stood beside the other one, and so many more than those that it had itself.
AROUND = 2
MIN_CROSSED = 4
MIN_CROSSED_LEAD = 2
MIN_AGREEMENT = 2  # where a name is replaced: both the word before and the word behind
MIN_MATCHED = 0.5  # of the content words, where a name is replaced: "the rest stands"
MIN_SPELLED_ALIKE = 0.6  # difflib's ratio: Tsirkon and Zircon, Stoiky and Stoyky
MIN_LONG_NAME, MIN_LONG_ALIKE = 11, 0.8  # of so many letters, a name has several spellings
EDGE = ""


def compare_names(pair: Pair) -> Iterator[Drift]:
    """Names swapped, else names replaced."""
    ours, theirs = (
        [anchor for s in sentences for anchor in s.anchors if anchor.kind == "name"]
        for sentences in ((pair.passage,), pair.sources)
    )
    swapped = find_swapped(pair, ours, theirs)
    if swapped is not None:
        yield swapped
    else:
        yield from find_replaced(pair, ours, theirs)


def find_swapped(pair: Pair, ours: Sequence[Anchor], theirs: Sequence[Anchor]) -> Drift | None:
    """Two names that changed places."""
    first = {name.value: name for name in reversed(theirs)}
    both = [(name, first[name.value]) for name in ours if name.value in first]
    for (a, a_source), (b, b_source) in combinations(both, 2):
        if a_source.begin <= b_source.begin or a.value == b.value or is_list(pair, a, b):
            continue
        here, there = (_words_beside(pair.ours, name, AROUND) for name in (a, b))
        was, other = (_words_beside(pair.theirs, name, AROUND) for name in (a_source, b_source))
        crossed = _agreement(here, other) + _agreement(there, was)
        straight = _agreement(here, was) + _agreement(there, other)
        # "B was beaten by A": between the names, all is new.
        between = is_same_word(here[AROUND], other[AROUND]) or is_same_word(
            there[AROUND - 1], was[AROUND - 1]
        )
        if between and crossed >= MIN_CROSSED and crossed >= straight + MIN_CROSSED_LEAD:
            before = " … ".join(excerpt(pair.source, x) for x in (b_source, a_source))
            now = " … ".join(excerpt(pair.derivative, x) for x in (a, b))
            span, source = Span(a.begin, b.end), Span(b_source.begin, a_source.end)
            return Drift("name", f"names swapped: “{before}” → “{now}”", span, source)
    return None


def is_list(pair: Pair, a: Anchor, b: Anchor) -> bool:
    """Whether two names stand in a row, where their order says nothing."""
    between = [t.form for t in pair.ours if a.end <= t.begin < b.begin]
    cues = load_cues(pair.source.language)
    joining = {forms[0] for forms in cues.lists["symmetric"]} if cues else set()
    return len(between) <= 1 and joining.issuperset(between)


def find_replaced(pair: Pair, ours: Sequence[Anchor], theirs: Sequence[Anchor]) -> Iterator[Drift]:
    """Names that the sources lack where they have another."""
    lost = _only_in(theirs, pair.ours)
    for own in _only_in(ours, pair.theirs):
        known = own.value in _names(pair.source)
        beside = _words_beside(pair.ours, own, 1)
        replaced = (
            other
            for other in lost
            # Where neither text uses both, they are two spellings, or two words for one thing.
            if (known or other.value in _names(pair.derivative))
            and _agreement(beside, _words_beside(pair.theirs, other, 1)) >= MIN_AGREEMENT
            and pair.matched() >= MIN_MATCHED
            and not _is_there(own, theirs, pair.theirs, pair)
            and not _is_there(other, ours, pair.ours, pair)
        )
        other = next(replaced, None)
        if other is not None:
            here, there = (Span(name.begin, name.end) for name in (own, other))
            yield pair.drift("name", "name replaced", here, there)
            lost.remove(other)


def _only_in(names: Sequence[Anchor], others: Sequence[Token]) -> list[Anchor]:
    """The names of which no word stands on the other side as it is; a letter alone is an article
    or a bullet with a capital."""
    forms = {token.form for token in others}
    return [name for name in names if len(name.value) > 1 and forms.isdisjoint(name.value.split())]


def _is_there(name: Anchor, names: Sequence[Anchor], tokens: Sequence[Token], pair: Pair) -> bool:
    """Whether the other side has a name, or any word of it, in any form."""
    words = [word for word in name.value.split() if len(word) > 2]
    return any(is_same_word(word, token.form) for word in words for token in tokens) or any(
        is_spelled_alike(name, other) or is_same_name(name, other, pair) for other in names
    )


def is_spelled_alike(a: Anchor, b: Anchor) -> bool:
    """Whether two names in reworded sentences may be spellings of one."""
    return SequenceMatcher(None, a.value, b.value).ratio() >= MIN_SPELLED_ALIKE


def is_same_name(a: Anchor, b: Anchor, pair: Pair) -> bool:
    """Whether two names are one: forms, parts, acronyms, aliases, or parts of a third."""
    own, other = a.value.split(), b.value.split()
    groups = _alias_groups()
    return (
        any(is_same_word(x, y) for x in own for y in other)
        or is_acronym(own, other)
        or is_acronym(other, own)
        or bool(groups.get(a.value, set()) & groups.get(b.value, set()))
        or any(
            not names.isdisjoint(own) and not names.isdisjoint(other)
            for text in (pair.derivative, pair.source)
            for names in _whole_names(text)
        )
    )


def is_respelled(a: Anchor, b: Anchor) -> bool:
    """Whether two names are one in two customary spellings (Müller, Mueller; Kyiv, Kiev), or
    long and nearly alike (Zaporizhzhia, Zaporizehzia)."""
    groups = _alias_groups()
    if min(len(a.value), len(b.value)) >= MIN_LONG_NAME:
        return SequenceMatcher(None, a.value, b.value).ratio() >= MIN_LONG_ALIKE
    return spell_plainly(a.value) == spell_plainly(b.value) or bool(
        groups.get(a.value, set()) & groups.get(b.value, set())
    )


# Letters that one transcription has for another; applied in this order.
SPELLINGS = (
    ("sch", "sh"), ("tsch", "ch"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("ph", "f"), ("ts", "z"),
    ("tz", "z"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ou", "u"), ("oo", "u"), ("ck", "k"),
    ("c", "k"), ("q", "k"), ("w", "v"), ("iy", "i"), ("yi", "i"),
    ("ij", "i"), ("y", "i"), ("j", "i"),
    ("ie", "e"), ("ei", "i"), ("aa", "a"), ("gh", "g"), ("th", "t"), ("ks", "x"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def spell_plainly(name: str) -> str:
    """A name without what differs between spellings of one: doubled letters, transcriptions."""
    for letters, plain in SPELLINGS:
        name = name.replace(letters, plain)
    return "".join(c for i, c in enumerate(name) if c != name[i - 1 : i] and c not in "'’ʼ")


def is_acronym(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether a word is made of the initials of several, or of letters of one: VW, Volkswagen."""
    if len(short) != 1:
        return False
    if len(long) == 1:
        rest = iter(long[0])
        few = 2 * len(short[0]) < len(long[0])
        return few and short[0][0] == long[0][0] and all(c in rest for c in short[0])
    return short[0] == "".join(word[0] for word in long)


@cache
def load_titles() -> frozenset[str]:
    """What has a capital and is no name: a title, a time zone, a unit."""
    return frozenset(load_drift_data()["titles"]["words"]) | load_measures().keys()


@cache
def _alias_groups() -> dict[str, set[int]]:
    """The groups of names for one thing that each name is in."""
    groups: dict[str, set[int]] = {}
    for number, group in enumerate(load_drift_data()["aliases"]["groups"]):
        for name in group:
            groups.setdefault(name, set()).add(number)
    return groups


@once_per_text
def _names(text: Text) -> frozenset[str]:
    return frozenset(anchor.value for anchor in text.anchors if anchor.kind == "name")


@once_per_text
def _whole_names(text: Text) -> tuple[frozenset[str], ...]:
    """The names of several words in a text."""
    return tuple(frozenset(value.split()) for value in sorted(_names(text)) if " " in value)


def _words_beside(tokens: Sequence[Token], name: Anchor, reach: int) -> tuple[str, ...]:
    """The words before a name and those behind it; "" beyond the ends."""
    first, after = find_words(tokens, name.begin, name.end)
    places = (*range(first - reach, first), *range(after, after + reach))
    return tuple(tokens[i].form if 0 <= i < len(tokens) else EDGE for i in places)


def _agreement(here: Sequence[str], there: Sequence[str]) -> int:
    """How many of the words beside two names agree, place by place; an end counts once."""
    pairs = list(zip(here, there, strict=True))
    words = sum(is_same_word(a, b) for a, b in pairs if a != EDGE)
    return words + ((EDGE, EDGE) in pairs)
