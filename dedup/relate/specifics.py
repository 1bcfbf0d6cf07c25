"""Names, figures and days: those that two articles share, and those in which they differ.

A translation, a rewrite and a copy keep them. The next item of a form (another obituary, the
next day's prices) keeps the wording and has others in their place. Agreement and contradiction
are counted apart, each specific once, so that one odd name or figure never decides and twenty do.

- Figures agree by value, also rounded or in another unit; names in other spellings, too.
- A specific is contradicted where the other article lacks it, and the sentence linked to its own
  has one of the same kind that is missing here. In one language the words beside both must
  agree too: they are the place in the form. So do persons whose names are common words. In a script
  without capitals, whatever takes another thing's place is contradicted, if nearly all else is the
  same word for word.

What a linked sentence merely leaves out or adds counts neither way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

import regex

from dedup.align import Links
from dedup.align.features import NUMBER
from dedup.relate.contents import (
    EDGE,
    KINDS,
    MIN_CHARACTERS,
    Contents,
    Line,
    Place,
    Specific,
    read_contents,
)
from dedup.text import Text, same_language
from dedup.text.transcription import begin_alike

REACH = 2  # words on either side of a specific
MIN_BESIDE = 2  # of those, that agree with the words beside another one in its place
# In scripts without capitals one form was filled twice where so much of two texts is the same word
# for word (of characters, which Chinese shares more of: the second figure), in order, sentence by
# sentence. Of forms .61 to .83 is, and .84 to .90; of reworded English .32 to .48, and of the
# characters of two Japanese translations of one story half of the time less than .7.
MIN_VERBATIM, MIN_VERBATIM_CHARACTERS = 0.55, 0.75
MAX_FORM = 500  # words; comparing them in order takes the square of their number
MIN_WORDING = 0.4  # in any order, of the words of two sentences that are compared so
MIN_RUN = 3  # letters that agree, where words are neither spaced nor single characters

UNSPACED_LETTERS = regex.compile(r"[\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]")
# Endings and particles of Japanese are in Hiragana.
CONTENT = regex.compile(r"[\p{L}\p{M}\p{N}--\p{Hiragana}]", regex.VERSION1)
HAN_NUMERAL = regex.compile(r"[〇零一二三四五六七八九十百千万亿两]+")


@dataclass(frozen=True, slots=True)
class Specifics:
    """How many names, figures and days two articles share, how many each has in place of the
    other's, and how many of the figures and days, of so many, they share; each counts once, and
    all are counts of the article that has fewer."""

    agreed: int
    contradicted: int
    figures_agreed: int
    figures: int


def compare_specifics(a: Text, b: Text, links: tuple[Links, Links]) -> Specifics:
    """Which specifics two articles share and contradict; symmetrical."""
    one, other = read_contents(a), read_contents(b)
    counts = []
    for own, theirs in ((one, other), (other, one)):
        every = [s for line in own.lines for s in line.specifics]
        agreed = {s.value for s in every if theirs.has(s)}
        figures = {s.value for s in every if s.kind != "name"}
        counts.append((len(agreed), len(figures & agreed), len(figures)))
    pairs = find_contradictions(a, b, links)
    contradicted = min(len({x for x, _ in pairs}), len({y for _, y in pairs}))
    both, figures_agreed, fewer = map(min, zip(*counts, strict=True))
    return Specifics(both, contradicted, figures_agreed, fewer)


def share_linked_names(a: Text, b: Text, links: tuple[Links, Links], prior: float) -> float:
    """Of the names in sentences with a counterpart, in either article each once, the share that
    the other article has anywhere, as if half of `prior` more were; symmetrical."""
    one, other = read_contents(a), read_contents(b)
    found = [
        theirs.has(s)
        for own, theirs, side in ((one, other, links[0]), (other, one, links[1]))
        for s in {
            s.value: s
            for line, sources in zip(own.lines, side.sources, strict=False)
            if sources
            for s in line.specifics
            if s.kind == "name"
        }.values()
    ]
    return (sum(found) + prior / 2) / (len(found) + prior)


def find_contradictions(a: Text, b: Text, links: tuple[Links, Links]) -> set[tuple[str, str]]:
    """What two articles have in place of each other, by value."""
    one, other = read_contents(a), read_contents(b)
    framed = same_language(a, b)
    found: set[tuple[str, str]] = set()
    for i, j in linked_pairs(links):
        ours, theirs = one.lines[i], other.lines[j]
        own = [s for s in ours.specifics if not other.has(s)]
        rivals = [s for s in theirs.specifics if not one.has(s)] if own else []
        if not framed:
            found.update(pair_by_kind(own, rivals))
            continue
        for row, rival_row in product(rows_of(own), rows_of(rivals)):
            own_place = row[0].first, row[-1].last
            rival_place = rival_row[0].first, rival_row[-1].last
            beside = count_beside(ours, own_place, theirs, rival_place)
            if row[0].kind == rival_row[0].kind and beside >= MIN_BESIDE:
                found.update((s.value, rival.value) for s, rival in product(row, rival_row))
    if framed and one.caseless and other.caseless:
        found.update(find_replaced(one, other, linked_pairs(links)))
    elif framed:
        found.update(find_other_persons(one, other, linked_pairs(links)))
    return found


def find_other_persons(
    one: Contents, other: Contents, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str]]:
    """Persons in each other's place, where one has a name of common words only ("John Baker"): the
    others are found by their rare words."""
    for i, j in pairs:
        ours, theirs = one.lines[i], other.lines[j]
        rivals = list(find_persons(theirs, one))
        for own, rival in product(find_persons(ours, other), rivals) if rivals else ():
            rare = has_name_at(ours, own) and has_name_at(theirs, rival)
            if not rare and is_one_place(ours, own, theirs, rival):
                yield ours.spell(own), theirs.spell(rival)


def find_persons(line: Line, other: Contents) -> Iterator[Place]:
    """The ends of runs of words with capitals of which the other article has no word, two words at
    least. What stands before a name that it has is a title, for which it may have other words."""
    for start, last in line.capitals:
        first = last + 1
        while first > start and not other.has_word(line.units[first - 1]):
            first -= 1
        if first < last:
            yield first, last


def has_name_at(line: Line, place: Place) -> bool:
    """Whether a word at a place is a rare name."""
    return any(s.kind == "name" and place[0] <= s.first <= place[1] for s in line.specifics)


def is_one_place(ours: Line, own: Place, theirs: Line, rival: Place) -> bool:
    """Whether the words beside two persons agree, or those beside them and the words before them,
    which are another title."""
    titled = (own[0] - 1, own[1]), (rival[0] - 1, rival[1])
    places = (own, rival), titled
    return any(count_beside(ours, a, theirs, b) >= MIN_BESIDE for a, b in places)


def find_replaced(
    one: Contents, other: Contents, pairs: Sequence[tuple[int, int]]
) -> list[tuple[str, str]]:
    """What takes each other's place in two texts in a script without capitals that are else the
    same word for word; nothing where they are not."""
    sizes = [sum(len(line.units) for line in contents.lines) for contents in (one, other)]
    if min(sizes) > MAX_FORM:
        return []
    compared = [compare_wording(one.lines[i].units, other.lines[j].units) for i, j in pairs]
    characters = sum(len(unit) == 1 for line in one.lines for unit in line.units)
    least = MIN_VERBATIM_CHARACTERS if 2 * characters > sizes[0] else MIN_VERBATIM
    if 2 * sum(same for same, _ in compared) < least * sum(sizes):
        return []
    return [pair for _, replaced in compared for pair in replaced]


def linked_pairs(links: tuple[Links, Links]) -> list[tuple[int, int]]:
    """The pairs of sentences that are linked either way, sorted."""
    there = {(i, j) for i, sources in enumerate(links[0].sources) for j in sources}
    back = {(i, j) for j, sources in enumerate(links[1].sources) for i in sources}
    return sorted(there | back)


def pair_by_kind(ours: Sequence[Specific], theirs: Sequence[Specific]) -> Iterator[tuple[str, str]]:
    """Specifics of one kind, the first with the first, as far as there are any on both sides;
    without what may be no name, and names that begin alike, which may be one."""
    for kind in KINDS:
        own, rivals = (
            dict.fromkeys(s.value for s in side if s.kind == kind and s.surely)
            for side in (ours, theirs)
        )
        if kind == "name":
            alike = {(x, y) for x, y in product(own, rivals) if begin_alike(x, y)}
            own = dict.fromkeys(x for x in own if not any(x == one for one, _ in alike))
            rivals = dict.fromkeys(y for y in rivals if not any(y == two for _, two in alike))
        yield from zip(own, rivals, strict=False)


def rows_of(specifics: Sequence[Specific]) -> list[list[Specific]]:
    """Specifics of one kind that follow one another with no word between, in one list."""
    rows: list[list[Specific]] = []
    for s in sorted(specifics, key=lambda s: s.first):
        if rows and rows[-1][-1].kind == s.kind and rows[-1][-1].last + 1 >= s.first:
            rows[-1].append(s)
        else:
            rows.append([s])
    return rows


def count_beside(ours: Line, own: Place, theirs: Line, rival: Place) -> int:
    """How many of the words before and behind two places agree, outward from them, up to the
    first that differs on either side."""
    agreed = 0
    for step, i, j in ((-1, own[0], rival[0]), (1, own[1], rival[1])):
        for n in range(step, step * (REACH + 1), step):
            word = ours.word_at(i + n)
            if word != theirs.word_at(j + n):
                break
            agreed += 1
            if word == EDGE:
                break
    return agreed


def compare_wording(
    ours: Sequence[str], theirs: Sequence[str]
) -> tuple[int, list[tuple[str, str]]]:
    """How many words of two sentences are the same, in order, and what takes each other's place
    between them."""
    if not have_common_wording(ours, theirs):
        return 0, []
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    shortest = MIN_RUN if any(map(UNSPACED_LETTERS.match, ours)) else 1
    replaced: list[tuple[str, str]] = []
    i = j = 0
    for block in blocks:
        if 0 < block.size < shortest:
            continue
        own, other = ours[i : block.a], theirs[j : block.b]
        if fills_form(own) and fills_form(other) and not have_common_wording(own, other):
            replaced.append(("".join(own), "".join(other)))
        i, j = block.a + block.size, block.b + block.size
    return sum(block.size for block in blocks), replaced


def have_common_wording(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether the words of two stretches are the same for the most part, in whatever order."""
    own, other = set(ours), set(theirs)
    return 2 * len(own & other) >= MIN_WORDING * (len(own) + len(other))


def fills_form(units: Sequence[str]) -> bool:
    """Whether a stretch is more than an ending or a particle, and no figure, however written."""
    written = "".join(units)
    return (
        NUMBER not in written
        and not HAN_NUMERAL.fullmatch(written)
        and len(CONTENT.findall(written)) >= MIN_CHARACTERS
    )
