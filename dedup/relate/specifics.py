"""Names, figures and days: those that two articles share, and those in which they differ.

A translation, a rewrite and a copy keep them. The next item of a form (another obituary, the
next day's prices) keeps the wording and has others in their place. Agreement and contradiction
are counted apart, each specific once, so that one odd name or figure never decides and twenty do.

- A name is a word with a capital (`dedup.text.anchors`). Scripts without capitals have words
  that are rare in the language at large instead.
- Figures agree by value, also rounded or in another unit; names by their consonants or their
  first letters in Latin script, so that Kyiv is Kiev (after Soundex, Russell 1918); days of the
  week and months by number.
- A specific is contradicted where the other article lacks it, and the sentence linked to its own
  has one of the same kind that is missing here. In one language the words beside both must
  agree too: they are the place in the form. In a script without capitals, whatever takes another
  thing's place is contradicted, if nearly all else is the same word for word.

What a linked sentence merely leaves out or adds counts neither way.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, product
from typing import Literal, get_args

import regex

from dedup.align import Links, content_sentences
from dedup.align.drift.figures import Figure, agree_as_written, find_days, read_figures
from dedup.align.features import NUMBER, extract_units
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text, same_language
from dedup.text.anchors import NOUN_CAPITALS
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.transcription import begin_alike, spell, stem, strip_affixes

SpecificKind = Literal["name", "figure", "day"]
KINDS: tuple[SpecificKind, ...] = get_args(SpecificKind)

DAY = "@"  # begins the value of a day or month, as no word does
# A name that is commoner (Zipf 4.5: "North", "Bank") is in too many stories to say much, …
MIN_NAME_RARITY = 2.5
# … and in a script without capitals a word that is no rarer than one in a million is no name.
MIN_WORD_RARITY = 4.0
MIN_LETTERS = 3  # of a name
MAX_ROUND = 2  # digits of a rounded figure, without the zeros at its end
MIN_CUT = 2  # zeros of one that may be cut to its first digit: hundreds
EDGE = ""  # beyond the ends of a sentence
REACH = 2  # words on either side of a specific
MIN_BESIDE = 2  # of those, that agree with the words beside another one in its place
MAX_CASELESS = 0.5  # of a text's words, in a text with capitals
# In scripts without capitals one form was filled twice where so much of two texts is the same word
# for word (of characters, which Chinese shares more of: the second figure), in order, sentence by
# sentence. Of forms .61 to .83 is, and .84 to .90; of reworded English .32 to .48, and of the
# characters of two Japanese translations of one story half of the time less than .7.
MIN_VERBATIM, MIN_VERBATIM_CHARACTERS = 0.55, 0.75
MAX_FORM = 500  # words; comparing them in order takes the square of their number
MIN_WORDING = 0.4  # in any order, of the words of two sentences that are compared so
MIN_CHARACTERS = 2  # of what fills a form there
MIN_RUN = 3  # letters that agree, where words are neither spaced nor single characters

CAPITAL = regex.compile(r"\p{Lu}|\p{Lt}")
CASED = regex.compile(r"(?!\p{Georgian})[\p{Lu}\p{Ll}\p{Lt}]")
UNSPACED_LETTERS = regex.compile(r"[\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]")
# Endings and particles of Japanese are in Hiragana.
CONTENT = regex.compile(r"[\p{L}\p{M}\p{N}--\p{Hiragana}]", regex.VERSION1)
KATAKANA_NAME = regex.compile(r"[\p{Katakana}ー]{3,}")
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


@dataclass(frozen=True, slots=True)
class Specific:
    """A name, figure or day of a sentence: the place of its first word and of its last one, and
    the keys by which other spellings of it are found. A rare word is not `surely` a name where
    there are no capitals, or every noun has one."""

    kind: SpecificKind
    value: str
    keys: frozenset[str]
    first: int
    last: int
    figure: Figure | None = None
    surely: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence: its words, with figures by value, and its specifics."""

    units: tuple[str, ...]
    specifics: tuple[Specific, ...]

    def word_at(self, i: int) -> str:
        """The word at a place; `EDGE` beyond the ends."""
        return self.units[i] if 0 <= i < len(self.units) else EDGE


@dataclass(frozen=True, slots=True)
class Contents:
    """What a text says: its lines, the keys of all its words and specifics, its figures, each
    once, and whether its script has no capitals."""

    lines: tuple[Line, ...]
    keys: frozenset[str]
    figures: tuple[Figure, ...]
    caseless: bool

    def has(self, specific: Specific) -> bool:
        """Whether a specific of another text stands anywhere in this one."""
        own = specific.figure
        return not self.keys.isdisjoint(specific.keys) or (
            own is not None and any(are_same(own, figure) for figure in self.figures)
        )


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
            if (
                row[0].kind == rival_row[0].kind
                and count_beside(ours, row, theirs, rival_row) >= MIN_BESIDE
            ):
                found.update((s.value, rival.value) for s, rival in product(row, rival_row))
    if framed and one.caseless and other.caseless:
        found.update(find_replaced(one, other, linked_pairs(links)))
    return found


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


def are_same(a: Figure, b: Figure) -> bool:
    """Whether two figures agree, in another unit or rounded too. A rounded one must be round, for
    yesterday's price of 1,150 is not today's 1,151.90; "more than 200" may be 240. Where the names
    of months are not known, "20" may be what is left of 20 April."""
    if (a.value is None) != (b.value is None):
        date, number = (a, b) if a.value is None else (b, a)
        return number.may_be_day and number.value == int(date.anchor.value[-2:])
    if a.value is None or b.value is None or a.value == b.value or a.unit != b.unit:
        return agree_as_written(a, b)
    fewer = min(len(a.digits), len(b.digits))
    if fewer == 1 and a.digits[0] == b.digits[0]:
        return a.value.adjusted() == b.value.adjusted() >= MIN_CUT or agree_as_written(a, b)
    return fewer <= MAX_ROUND and agree_as_written(a, b)


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


def count_beside(
    ours: Line, row: Sequence[Specific], theirs: Line, other: Sequence[Specific]
) -> int:
    """How many of the words before and behind two rows of specifics agree, outward from them,
    up to the first that differs on either side."""
    agreed = 0
    for step, i, j in ((-1, row[0].first, other[0].first), (1, row[-1].last, other[-1].last)):
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


@once_per_text
def read_contents(text: Text) -> Contents:
    """What a text says, sentence by sentence."""
    sentences = content_sentences(text)
    caseless = is_caseless(text, sentences)
    lines = tuple(read_line(s, text, caseless) for s in sentences)
    keys = {key for line in lines for specific in line.specifics for key in specific.keys}
    units = {unit for line in lines for unit in line.units}
    keys.update(units, map(stem, units))
    if caseless:  # names are among the words, in Japanese in runs of Katakana
        named = {unit for unit in units if rate_name(unit, text.language) >= MIN_NAME_RARITY}
        named.update(run for s in sentences for run in KATAKANA_NAME.findall(text.slice(s)))
    else:
        tokens = (token for s in sentences for token in s.tokens)
        named = {t.form for t in tokens if text.article.text[t.begin].isupper()}
    keys.update(key for unit in named if len(unit) >= MIN_LETTERS for key in spell(unit))
    figures = {
        (figure.anchor.value, figure.value, figure.unit, figure.shape): figure
        for s in sentences
        for figure in read_figures(s, text)
    }
    return Contents(lines, frozenset(keys), tuple(figures.values()), caseless)


def is_caseless(text: Text, sentences: Sequence[Sentence]) -> bool:
    """Whether most of a text's words are in a script without capitals."""
    firsts = [text.article.text[token.begin] for s in sentences for token in s.tokens]
    letters = [letter for letter in firsts if letter.isalpha()]
    return sum(CASED.match(c) is None for c in letters) > MAX_CASELESS * len(letters)


def read_line(sentence: Sentence, text: Text, caseless: bool) -> Line:
    """The words and specifics of a sentence."""
    units = tuple(extract_units(sentence))
    found: list[Specific] = []
    for figure in read_figures(sentence, text):
        value = NUMBER + figure.anchor.value
        places = find_places(sentence, figure.span)
        if places:
            own = frozenset((value,))
            found.append(Specific("figure", value, own, places[0], places[-1], figure))
    for day, span in find_days(sentence, text):
        value = f"{DAY}{day}"
        found += [
            Specific("day", value, frozenset((value,)), i, i) for i in find_places(sentence, span)
        ]
    known = {specific.first for specific in found}
    if caseless:
        named: Iterable[int] = range(len(units))
        shortest, rarity = MIN_CHARACTERS, MIN_WORD_RARITY
    else:
        spans = [anchor for anchor in sentence.anchors if anchor.kind == "name"]
        named = chain.from_iterable(find_places(sentence, span) for span in spans)
        shortest, rarity = MIN_LETTERS, MIN_NAME_RARITY
    found += [
        Specific("name", units[i], spell(units[i]), i, i, surely=is_surely_name(i, sentence, text))
        for i in named
        if i not in known
        and len(units[i]) >= shortest
        and not units[i].startswith(NUMBER)
        and rate_name(units[i], text.language) >= rarity
    ]
    return Line(units, tuple(found))


def is_surely_name(i: int, sentence: Sentence, text: Text) -> bool:
    """Whether word `i`, which may be a name, is one: it has a capital, and where every noun has,
    another such word beside it ("Christine Lagarde"), apart from the first of the sentence."""

    def has_capital(j: int) -> bool:
        tokens = sentence.tokens
        return 0 <= j < len(tokens) and CAPITAL.match(text.slice(tokens[j])) is not None

    if text.language not in NOUN_CAPITALS:
        return has_capital(i)
    return has_capital(i + 1) or (i > 1 and has_capital(i - 1))


def rate_name(word: str, language: str) -> float:
    """How rare a word is in its language, also without what is written to it there."""
    return min(word_rarity(own, language) for own in strip_affixes(word))


def find_places(sentence: Sentence, span: Span | Anchor) -> range:
    """The places of the words that begin within a span."""
    first = bisect_left(sentence.tokens, span.begin, key=lambda token: token.begin)
    return range(first, bisect_left(sentence.tokens, span.end, first, key=lambda t: t.begin))
