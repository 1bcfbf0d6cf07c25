"""What takes each other's place where two articles agree word for word.

A form that is filled anew keeps its wording, in long runs, and has other words where the last one
had its own: another accident, another version, another sign's advice. Whoever edits a text drops
sentences, adds some, or swaps a word for a like one. So the words of both are aligned in order
(Ratcliff and Obershelp 1988), and what stands between two common runs on either side, and is
nowhere in the other article, was replaced. It is no evidence by itself: a free retelling replaces
nearly everything, and has no long runs.

For the alignment every figure is the same, and figures are compared where it puts them. Yesterday's
notice says "rose to 3.2 from 2.9", today's "fell to 2.7 from 3.2": they share a figure, but not its
place.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from itertools import groupby
from typing import NamedTuple

import regex

from dedup.align.features import NUMBER
from dedup.relate.contents import Contents, read_contents
from dedup.relate.profile import profile
from dedup.sketch import shingle_containment
from dedup.text import Text
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.transcription import stem
from dedup.text.words import split_words

# A form is short, and comparing words in order takes the square of their number. Longer ones are
# compared only where they have a little of their wording in common.
MAX_WORDS, MAX_BRIEF = 600, 100
MIN_CONTAINMENT = 0.05
MIN_RUN = 4  # words in a row that belong to the form; fewer are set phrases
MIN_KEPT = 2  # words in a row beside what is replaced
MIN_LETTERS, MIN_RARITY = 3, 1.5  # of a word that says something ("after", "over" are commoner)
# Of the words that say something, so many are replaced in true pairs too, where a phrase is new: of
# those of the open families 95 in 100 have less.
MAX_EDITED = 0.05
# Figures and names that stand in each other's place say most where they are all that is said: one
# in so many words counts in full. They are in each other's place only where at least this much of
# both texts agrees in order.
PER_WORDS, MAX_PER_WORDS = 20, 2.0
MIN_VERBATIM = 0.3
MIN_SIGNS = 3  # of the zodiac: fewer are names and an illness
# Scripts that write a name and what follows it as one word, or every character as one.
ATTACHED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Hangul}]")

Row = tuple[str, ...]  # the words of figures that follow one another, by value


class Block(NamedTuple):
    """So many words that are the same, from a place in either article on."""

    at: int
    to: int
    size: int


@dataclass(frozen=True, slots=True)
class Wording:
    """How much of two articles is filled into one form.

    `in_runs`: the share of all words that stand in long common runs. `replaced`: the share of the
    words that say something and are replaced, times `in_runs` (of horoscopes, whose sentences have
    a few words of the form each, as it is), beyond `MAX_EDITED`. `swapped`:
    how many figures or names take each other's place, for each `PER_WORDS` words, at most 2.
    """

    in_runs: float
    replaced: float
    swapped: float


NOTHING = Wording(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an article in order, with `NUMBER` for each row of figures; those rows; of the
    words that are names, the keys of their spellings; and which words say something."""

    units: tuple[str, ...]
    figures: dict[int, Row]
    names: dict[int, frozenset[str]]
    telling: frozenset[int]

    def count(self, begin: int, end: int) -> int:
        """How many words stand at places from `begin` to `end`."""
        rows = (self.figures[n] for n in range(begin, end) if n in self.figures)
        return end - begin + sum(len(row) - 1 for row in rows)


@once_per_text
def read_words(text: Text) -> Words:
    """The words of a text."""
    units: list[str] = []
    figures: dict[int, Row] = {}
    names: dict[int, frozenset[str]] = {}
    for line in read_contents(text).lines:
        keys = {s.first: s.keys for s in line.specifics if s.kind == "name" and s.surely}
        for is_figure, row in groupby(enumerate(line.units), lambda u: u[1].startswith(NUMBER)):
            if is_figure:
                figures[len(units)] = tuple(unit for _, unit in row)
                units.append(NUMBER)
                continue
            for place, unit in row:
                if place in keys:
                    names[len(units)] = keys[place]
                units.append(unit)
    telling = (
        i
        for i, unit in enumerate(units)
        if unit != NUMBER
        and len(unit) >= MIN_LETTERS
        and word_rarity(unit, text.language) >= MIN_RARITY
    )
    return Words(tuple(units), figures, names, frozenset(telling))


def compare_wordings(a: Text, b: Text) -> Wording:
    """How much of two articles in one language is filled into one form; symmetrical."""
    own, other = read_words(a), read_words(b)
    fewer = min(len(own.units), len(other.units))
    if not 0 < fewer <= MAX_WORDS:
        return NOTHING
    if fewer > MAX_BRIEF:
        shares = shingle_containment(profile(a).hashes, profile(b).hashes)
        if max(shares) < MIN_CONTAINMENT:
            return NOTHING
    if other.units < own.units:  # what is aligned depends on which comes first
        own, other, a, b = other, own, b, a
    matcher = SequenceMatcher(None, own.units, other.units, autojunk=False)
    blocks = [Block(*block) for block in matcher.get_matching_blocks()]
    ours, theirs = read_contents(a), read_contents(b)
    in_runs = share_words(own, other, [block for block in blocks if block.size >= MIN_RUN])
    verbatim = share_words(own, other, blocks)
    replaced = count_replaced(own, other, blocks, ours, theirs)
    share = replaced / (1 + min(len(own.telling), len(other.telling)))
    if not are_horoscopes(a, b):
        share *= in_runs
    elif not own.telling:  # single characters are in every text
        share = 1 - verbatim
    swapped = count_swapped(own, other, blocks, ours, theirs) * PER_WORDS / max(fewer, PER_WORDS)
    return Wording(
        in_runs,
        max(0.0, share - MAX_EDITED),
        min(MAX_PER_WORDS, swapped) if verbatim >= MIN_VERBATIM else 0.0,
    )


def share_words(own: Words, other: Words, blocks: Iterable[Block]) -> float:
    """The share of all words of two articles that stand in these blocks."""
    inside = sum(own.count(at, at + size) + other.count(to, to + size) for at, to, size in blocks)
    return inside / (own.count(0, len(own.units)) + other.count(0, len(other.units)))


def gaps_between(blocks: Iterable[Block]) -> Iterator[tuple[range, range]]:
    """The stretches of either article before each block; the last block is the end of both."""
    i = j = 0
    for at, to, size in blocks:
        yield range(i, at), range(j, to)
        i, j = at + size, to + size


def count_replaced(
    own: Words, other: Words, blocks: Sequence[Block], ours: Contents, theirs: Contents
) -> int:
    """How many of the words that say something have others in their place, between two runs."""
    kept = [block for block in blocks if block.size >= MIN_KEPT or not block.size]
    return sum(
        min(count_foreign(own, here, theirs), count_foreign(other, there, ours))
        for here, there in gaps_between(kept)
    )


def count_swapped(
    own: Words, other: Words, blocks: Sequence[Block], ours: Contents, theirs: Contents
) -> int:
    """How many figures or names have others in their place, between the blocks and in them."""
    between = sum(
        swaps(own, here, other, there, ours, theirs) for here, there in gaps_between(blocks)
    )
    return between + sum(
        count_other_figures(own.figures[at + n], other.figures[to + n], ours, theirs)
        for at, to, size in blocks
        for n in range(size)
        if at + n in own.figures
    )


def count_foreign(words: Words, places: range, other: Contents) -> int:
    """How many of the words at these places say something and are nowhere in the other article."""
    return sum(
        words.units[n] not in other.keys
        and stem(words.units[n]) not in other.keys
        and (n not in words.names or words.names[n].isdisjoint(other.keys))
        for n in places
        if n in words.telling
    )


def swaps(
    own: Words, here: range, other: Words, there: range, ours: Contents, theirs: Contents
) -> bool:
    """Whether two stretches that take each other's place have other figures, or other names."""
    figures, rivals = (
        {unit for n in places for unit in words.figures.get(n, ())}
        for words, places in ((own, here), (other, there))
    )
    if figures and rivals and figures.isdisjoint(rivals):
        return True
    return has_strange_name(own, here, theirs) and has_strange_name(other, there, ours)


def count_other_figures(row: Row, other: Row, ours: Contents, theirs: Contents) -> int:
    """How many of the figures of either row have others in their place, of which one at least is
    nowhere in the other article: whoever retells a report may turn the two of "from 2.9 to 3.2"."""
    left, came = set(row) - set(other), set(other) - set(row)
    strange = max(len(left - theirs.keys), len(came - ours.keys))
    return min(len(left), len(came), strange)


def has_strange_name(words: Words, places: range, other: Contents) -> bool:
    """Whether one of the words at these places is a name that is nowhere in the other article."""
    return any(n in words.names and words.names[n].isdisjoint(other.keys) for n in places)


def are_horoscopes(a: Text, b: Text) -> bool:
    """Whether both articles name several signs of the zodiac, the same ones."""
    return len(find_signs(a) & find_signs(b)) >= MIN_SIGNS


@once_per_text
def find_signs(text: Text) -> frozenset[str]:
    """The signs of the zodiac that stand in a text, in its language."""
    units = frozenset(read_words(text).units)
    return frozenset(
        name
        for name, form in zodiac().get(text.language, {}).items()
        if form in units or (ATTACHED.match(name) and name in text.article.text)
    )


@cache
def zodiac() -> dict[str, dict[str, str]]:
    """The names of the signs of the zodiac, by language, each with its folded form."""
    data = resources.files("dedup").joinpath("data/zodiac.toml").read_text("utf-8")
    listed: dict[str, list[str]] = tomllib.loads(data)
    return {
        language: dict(zip(names, split_words(" ".join(names)).forms(), strict=True))
        for language, names in listed.items()
        if not ATTACHED.match(names[0])
    } | {
        language: {name: name for name in names}
        for language, names in listed.items()
        if ATTACHED.match(names[0])
    }
