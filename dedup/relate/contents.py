"""What an article says of its own: its names, figures and days, sentence by sentence.

- A name is a word with a capital (`dedup.text.anchors`). Scripts without capitals have words
  that are rare in the language at large instead. Two words with capitals in a row may be a person's
  full name, however common they are.
- Figures are kept with their value and unit, days of the week and months with their number. Names
  have keys by which other spellings are found: their consonants and their first letters in Latin
  script, so that Kyiv is Kiev (after Soundex, Russell 1918).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal, get_args

import regex

from dedup.align import content_sentences
from dedup.align.drift.figures import Figure, agree_as_written, find_days, read_figures
from dedup.align.features import NUMBER, extract_units
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text
from dedup.text.anchors import NAME_GAP, NOUN_CAPITALS
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.transcription import spell, stem, strip_affixes

Place = tuple[int, int]  # a first word and a last one
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
MAX_CASELESS = 0.5  # of a text's words, in a text with capitals
MIN_CHARACTERS = 2  # of a name in a script without capitals

CAPITAL = regex.compile(r"\p{Lu}|\p{Lt}")
CASED = regex.compile(r"(?!\p{Georgian})[\p{Lu}\p{Ll}\p{Lt}]")
KATAKANA_NAME = regex.compile(r"[\p{Katakana}ー]{3,}")


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
    """A sentence: its words, with figures by value, its specifics, and the first and the last word
    of each run of words with capitals, which may be a full name."""

    units: tuple[str, ...]
    specifics: tuple[Specific, ...]
    capitals: tuple[Place, ...]

    def spell(self, place: Place) -> str:
        """The words at a place."""
        return " ".join(self.units[place[0] : place[1] + 1])

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

    def has_word(self, word: str) -> bool:
        """Whether a word of another text, or its stem, is one of this one's."""
        return word in self.keys or stem(word) in self.keys

    def has(self, specific: Specific) -> bool:
        """Whether a specific of another text stands anywhere in this one."""
        own = specific.figure
        return not self.keys.isdisjoint(specific.keys) or (
            own is not None and any(are_same(own, figure) for figure in self.figures)
        )

    def has_date(self, date: Figure) -> bool:
        """Whether a date of another text stands in this one as a date."""
        return any(f.value is None and agree_as_written(f, date) for f in self.figures)


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
    firsts = Counter(text.article.text[token.begin] for s in sentences for token in s.tokens)
    letters = {letter: count for letter, count in firsts.items() if letter.isalpha()}
    caseless = sum(count for letter, count in letters.items() if CASED.match(letter) is None)
    return caseless > MAX_CASELESS * sum(letters.values())


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
    capitals = () if caseless else tuple(find_capitals(sentence, text, known))
    return Line(units, tuple(found), capitals)


def find_capitals(sentence: Sentence, text: Text, known: Collection[int]) -> Iterator[Place]:
    """Runs of two words and more with capitals and nothing but a space between them, without the
    first of the sentence, which has one in any case, and those that are `known` as days."""
    first = 1
    for i in range(1, len(sentence.tokens) + 1):
        capital = i < len(sentence.tokens) and i not in known and has_capital(i, sentence, text)
        follows = capital and NAME_GAP.fullmatch(
            text.article.text, sentence.tokens[i - 1].end, sentence.tokens[i].begin
        )
        if not follows:
            if i - first > 1:
                yield first, i - 1
            first = i if capital else i + 1


def has_capital(i: int, sentence: Sentence, text: Text) -> bool:
    """Whether there is a word `i`, and it begins with a capital."""
    tokens = sentence.tokens
    return 0 <= i < len(tokens) and is_capital(text.article.text[tokens[i].begin])


@cache
def is_capital(letter: str) -> bool:
    """Whether a character is a capital letter."""
    return CAPITAL.match(letter) is not None


def is_surely_name(i: int, sentence: Sentence, text: Text) -> bool:
    """Whether word `i`, which may be a name, is one: it has a capital, and where every noun has,
    another such word beside it ("Christine Lagarde"), apart from the first of the sentence."""
    if text.language not in NOUN_CAPITALS:
        return has_capital(i, sentence, text)
    return has_capital(i + 1, sentence, text) or (i > 1 and has_capital(i - 1, sentence, text))


def rate_name(word: str, language: str) -> float:
    """How rare a word is in its language, also without what is written to it there."""
    return min(word_rarity(own, language) for own in strip_affixes(word))


def find_places(sentence: Sentence, span: Span | Anchor) -> range:
    """The places of the words that begin within a span."""
    first = bisect_left(sentence.tokens, span.begin, key=lambda token: token.begin)
    return range(first, bisect_left(sentence.tokens, span.end, first, key=lambda t: t.begin))


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
