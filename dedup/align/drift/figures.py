"""Numbers, units, dates and days that are not what the source says.

Figures are compared by value and unit; a rounded figure, a converted unit, a date that gains its
year are no drift. A figure that the source sentences lack counts only against one of theirs that
the passage lacks, of the same dimension and with the same words beside it, so that a figure left
out or taken from elsewhere is none. Clock times, which time zones move, and numbers that are
part of a name (COVID-19) are left alone. Days of the week and months are compared by name, but
not "yesterday" with "on Friday", which may be one day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import regex

from dedup.align.drift.cues import Answers, load_cues, load_drift_data, read_answers
from dedup.align.drift.pairing import (
    Drift,
    Pair,
    count_shared_beside,
    find_words,
    once_per_sentence,
)
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text, Token, same_language
from dedup.text.lexicon import load_data, load_lexicon
from dedup.text.model import once_per_text
from dedup.text.numbers import knows_months

FULL_DATE = regex.compile(r"\d{4}-\d\d-\d\d")
CLOCK = regex.compile(r"[:.]\d\d(?!\d)|\s?(?:[ap]\.?\s?m\b|Uhr|h\b|o['’]clock)", regex.IGNORECASE)
INSIDE_CLOCK = regex.compile(r"(?<=\d[:.])")
# A letter before a figure makes it part of a name, but not in a script without spaces.
PART_OF_NAME = regex.compile(
    r"(?<=[\p{L}--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]][-‐‑–]?)",
    regex.VERSION1,
)
FRACTION = regex.compile(
    r"\s?[¼½¾⅓⅔]| (?:and a (?:half|quarter)|et demie?|y medi[oa]|e mei[oa]|einhalb)\b"
)
MEASURE = regex.compile(r"[\s-]?°?\s?(\p{L}+)(?:[\s]+(\p{L}+))?")

YEAR = regex.compile(r"[1-9]\d{3}")  # of four digits and no unit: no other figure becomes one
MAX_ROUNDING = Decimal("0.05")  # a figure with fewer digits that is this near is the same, rounded
MAX_CONVERSION = Decimal("0.04")  # 60 miles are 97 km, "nearly 100"
DIMENSIONS = {
    **dict.fromkeys("$€£¥", "money"), **dict.fromkeys(("km", "m", "mm", "mile", "foot"), "length"),
    **dict.fromkeys(("kg", "t"), "weight"), **dict.fromkeys(("year", "day", "hour"), "time"),
}  # fmt: skip

NEAR_OVER = 2  # words before a figure in which others say that it is more than that
MAX_OVER = Decimal("1.25")  # "more than 20" for 24, not for 25
FIRST_MONTH = 7  # months are numbered from here on, behind the days
CAPITALISED = frozenset({"en", "de"})  # where a day and a month have a capital
MIN_MONTH_LETTERS = 4  # "mar", "dec" and "set" are other words
HYPHENS = "-‑‐"
UNHYPHENATED = frozenset({"sabado", "domingo"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a date (no value). `digits` are those of the number, without
    the zeros at its end; one that `may_be_day` stands in a language whose months are not known."""

    anchor: Anchor
    value: Decimal | None
    unit: str
    digits: tuple[int, ...] = ()
    may_be_day: bool = False

    @property
    def span(self) -> Span:
        return Span(self.anchor.begin, self.anchor.end)

    @property
    def shape(self) -> str:
        """What it can be compared with."""
        if self.value is None:
            return "date"
        bare = self.anchor.end - self.anchor.begin == len(self.anchor.value)  # not 1,500
        year = bare and not self.unit and YEAR.fullmatch(self.anchor.value)
        return "year" if year else "number"


def compare_figures(pair: Pair) -> Iterator[Drift]:
    """Figures, units and dates changed."""
    ours = read_figures(pair.passage, pair.derivative)
    theirs = [figure for s in pair.sources for figure in read_figures(s, pair.source)]
    missing = [figure for figure in theirs if not any(agree(figure, o) for o in ours)]
    new = [figure for figure in ours if not any(agree(figure, o) for o in theirs)]
    # In another language the words beside a figure are others; one each is the same one.
    across = not same_language(pair.derivative, pair.source)
    if across and not {pair.derivative.language, pair.source.language} <= load_data().keys():
        return  # "13 miliard" is 13 where no list has the word
    lone = len(missing) == len(new) == 1 and across
    for figure in new:
        options = [other for other in missing if is_comparable(figure, other)]
        elsewhere = figure.anchor.value.partition(" ")[0] in _values(pair.source)
        agreement = [
            count_shared_beside(pair, figure.span, other.span)
            + (figure.unit == other.unit != "")
            + (figure.value is None)
            + lone
            for other in options
        ]
        if max(agreement, default=0) < (2 if elsewhere else 1):
            continue
        other = options[agreement.index(max(agreement))]
        if is_over(figure, other, pair):
            continue
        missing.remove(other)
        what = "unit" if figure.value == other.value and figure.value is not None else "number"
        yield pair.drift("number", f"{what} changed", figure.span, other.span)


@once_per_sentence
def read_figures(sentence: Sentence, text: Text) -> list[Figure]:
    """The figures of a sentence."""
    numbers = (anchor for anchor in sentence.anchors if anchor.kind == "number")
    return [figure for anchor in numbers if (figure := read_figure(anchor, text)) is not None]


def read_figure(anchor: Anchor, text: Text) -> Figure | None:
    content, begin, end = text.article.text, anchor.begin, anchor.end
    value, _, unit = anchor.value.partition(" ")
    if "-" in value:
        return Figure(anchor, None, "")
    before, behind = (INSIDE_CLOCK, PART_OF_NAME), (CLOCK, FRACTION)
    if any(p.match(content, begin) for p in before) or any(p.match(content, end) for p in behind):
        return None
    figure = make_figure(anchor, Decimal(value), unit or read_measure(content, end))
    return figure if knows_months(text.language) else replace(figure, may_be_day=True)


def make_figure(anchor: Anchor, value: Decimal, unit: str) -> Figure:
    """A number with its unit and digits."""
    return Figure(anchor, value, unit, value.normalize().as_tuple().digits)


def read_measure(content: str, end: int) -> str:
    """The unit behind a figure, where it is one of data/drift.toml's measures."""
    match = MEASURE.match(content, end)
    if match is None:
        return ""
    first, second = match[1].casefold(), (match[2] or "").casefold()
    if len(first) == 1 and "°" not in match[0]:
        return ""
    return load_measures().get(f"{first} {second}") or load_measures().get(first, "")


@cache
def load_measures() -> dict[str, str]:
    """Units that `dedup.text.numbers` does not read, by their spellings."""
    table = load_drift_data()["measures"]
    return {spelling: unit for unit, spellings in table.items() for spelling in spellings}


@cache
def _conversions() -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    return {
        (row["from"], row["to"]): (Decimal(str(row["factor"])), Decimal(row.get("offset", 0)))
        for row in load_drift_data()["conversion"]
    }


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures say the same: equal, rounded, or in another unit, also where one of them
    has none that is read."""
    if agree_as_written(a, b):
        return True
    if a.value is None or b.value is None or bool(a.unit) == bool(b.unit):
        return False
    bare, known = (a, b) if b.unit else (b, a)  # "12m" may be metres, or millions
    read = [replace(bare, unit=unit) for pair in _conversions() for unit in pair]
    return any(is_conversion(known, x) or is_conversion(x, known) for x in read)


def agree_as_written(a: Figure, b: Figure) -> bool:
    """Whether two figures say the same in the units that are read: among many, where one without
    a unit would meet its like in some unit by chance."""
    if a.value is None or b.value is None:
        date, other = a.anchor.value, b.anchor.value
        return a.value is b.value and (date.endswith(other) or other.endswith(date))
    if a.unit != b.unit and a.unit and b.unit:
        return is_conversion(a, b) or is_conversion(b, a)
    return a.value == b.value or (is_rounded(a, b) and a.shape == b.shape == "number")


def is_over(a: Figure, b: Figure, pair: Pair) -> bool:
    """Whether the lower of two figures is rounded, and words beside it say that it is more than
    that: "more than 20" for 24."""
    if a.value is None or b.value is None or a.unit != b.unit:
        return False
    low, high = (a, b) if a.value < b.value else (b, a)
    near = max(a.value, b.value) < MAX_OVER * min(a.value, b.value)
    if not near or len(low.digits) >= len(high.digits):
        return False
    over = load_over(pair.source.language)
    places = (
        (tokens, *find_words(tokens, low.anchor.begin, low.anchor.end))
        for tokens in (pair.ours, pair.theirs)
    )
    return any(
        over.match([token.form for token in tokens[max(first - NEAR_OVER, 0) : after + 1]])
        for tokens, first, after in places
    )


@cache
def load_over(language: str) -> Answers:
    """The words by which a round figure stands for a higher one."""
    return read_answers(load_drift_data().get(language, {}).get("over", ()))


def is_conversion(a: Figure, b: Figure) -> bool:
    """Whether one figure is the other in another unit."""
    rule = _conversions().get((a.unit, b.unit))
    if rule is None or a.value is None or b.value is None:
        return False
    expected = a.value * rule[0] + rule[1]
    return abs(expected - b.value) <= MAX_CONVERSION * max(abs(expected), Decimal(1))


def is_rounded(a: Figure, b: Figure) -> bool:
    """Whether one number is the other with fewer digits, and near it."""
    shorter, longer = (a, b) if len(a.digits) < len(b.digits) else (b, a)
    if len(shorter.digits) == len(longer.digits) or not shorter.value or not longer.value:
        return False
    apart = abs(longer.value - shorter.value)
    if apart > MAX_ROUNDING * abs(longer.value):
        return False
    step = Decimal(1).scaleb(longer.value.adjusted() - len(shorter.digits) + 1)
    return apart <= step


def is_comparable(a: Figure, b: Figure) -> bool:
    if a.shape != b.shape:
        return False
    if not a.unit or not b.unit:
        return True
    return DIMENSIONS.get(a.unit, a.unit) == DIMENSIONS.get(b.unit, b.unit)


@once_per_text
def _values(text: Text) -> frozenset[str]:
    """The values of all figures of a text; a date with its year also without."""
    values = {anchor.value.partition(" ")[0] for anchor in text.anchors if anchor.kind == "number"}
    return frozenset(values | {value[5:] for value in values if FULL_DATE.fullmatch(value)})


# -- Days and months by name -----------------------------------------------------------------


def compare_days(pair: Pair) -> Iterator[Drift]:
    """A day or a month for another, where the same words stand beside them."""
    ours = dict(find_days(pair.passage, pair.derivative))
    theirs: dict[int, Span] = {}  # each day where it stands first
    for day, span in (days for s in pair.sources for days in find_days(s, pair.source)):
        theirs.setdefault(day, span)
    for months in (False, True):
        new, missing = (
            [span for day, span in own.items() if day not in other and is_month(day) == months]
            for own, other in ((ours, theirs), (theirs, ours))
        )
        if len(new) != 1 or not missing:
            continue
        agreement = [count_shared_beside(pair, new[0], span) for span in missing]
        if max(agreement) > 0 or (len(missing) == 1 and pair.is_alike):
            there = missing[agreement.index(max(agreement))]
            yield pair.drift("number", "date changed", new[0], there)


@once_per_sentence
def find_days(sentence: Sentence, text: Text) -> list[tuple[int, Span]]:
    """The days and months that a sentence names."""
    names = _day_names(text.language)
    return [
        (names[token.form], Span(token.begin, token.end))
        for token in sentence.tokens
        if token.form in names and is_day(sentence, token, text)
    ]


def is_month(day: int) -> bool:
    """Whether a number is that of a month rather than a day of the week."""
    return day >= FIRST_MONTH


@cache
def _day_names(language: str) -> dict[str, int]:
    """Folded names of days and months, numbered."""
    cues = load_cues(language)
    if cues is None:
        return {}
    days = {forms[0]: number for number, forms in enumerate(cues.lists["weekdays"])}
    months = load_lexicon(language).months.items()
    return days | {name: FIRST_MONTH + n for name, n in months if len(name) >= MIN_MONTH_LETTERS}


def is_day(sentence: Sentence, token: Token, text: Text) -> bool:
    """Whether the name of a day or month is one: no verb ("may", "march"), no Portuguese ordinal
    ("segunda"), no part of a date in figures."""
    content = text.article.text
    if text.language in CAPITALISED and not content[token.begin].isupper():
        return False
    if (
        text.language == "pt"
        and not is_month(_day_names("pt")[token.form])
        and token.form not in UNHYPHENATED
        and content[token.end : token.end + 1] not in tuple(HYPHENS)
    ):
        return False
    return not any(
        anchor.kind == "number" and anchor.begin <= token.begin < anchor.end
        for anchor in sentence.anchors
    )
