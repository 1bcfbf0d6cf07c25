"""Numbers, units, dates and days that are not what the source says.

Figures are compared by value and unit; a rounded figure, a converted unit, a date that gains its
year are no drift. A figure that the source sentences lack counts only against one of theirs that
the passage lacks, of the same dimension and with the same words beside it, so that a figure left
out or taken from elsewhere is none. Clock times, which time zones move, are left alone, and so
are numbers that are part of a name (COVID-19).

Days of the week and months are compared by name, where they are no part of a date in figures and
no other word: a verb ("may", "march"), a Portuguese ordinal ("segunda"). "Yesterday" and "on
Friday" may be one day and are not compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain

import regex

from dedup.align.drift.cues import load_cues, load_drift_data
from dedup.align.drift.pairing import Drift, Pair, count_shared_beside
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text, Token, same_language
from dedup.text.lexicon import load_lexicon
from dedup.text.model import once_per_text

FULL_DATE = regex.compile(r"\d{4}-\d\d-\d\d")
CLOCK = regex.compile(r"[:.]\d\d(?!\d)|\s?(?:[ap]\.?\s?m\b|Uhr|h\b|o['’]clock)", regex.IGNORECASE)
INSIDE_CLOCK = regex.compile(r"(?<=\d[:.])")
PART_OF_NAME = regex.compile(r"(?<=\p{L}[-‐‑–]?)")
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

FIRST_MONTH = 7  # months are numbered from here on, behind the days
CAPITALISED = frozenset({"en", "de"})  # where a day and a month have a capital
MIN_MONTH_LETTERS = 4  # "mar", "dec" and "set" are other words
HYPHENS = "-‑‐"
UNHYPHENATED = frozenset({"sabado", "domingo"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a date (no value)."""

    anchor: Anchor
    value: Decimal | None
    unit: str

    @property
    def span(self) -> Span:
        return Span(self.anchor.begin, self.anchor.end)

    @property
    def shape(self) -> str:
        """What it can be compared with."""
        if self.value is None:
            return "date"
        return "year" if not self.unit and YEAR.fullmatch(self.anchor.value) else "number"


def compare_figures(pair: Pair) -> Iterator[Drift]:
    """Figures, units and dates changed."""
    ours = _figures((pair.passage,), pair.derivative)
    theirs = _figures(pair.sources, pair.source)
    missing = [figure for figure in theirs if not any(agree(figure, o) for o in ours)]
    new = [figure for figure in ours if not any(agree(figure, o) for o in theirs)]
    # In another language the words beside a figure are others; one each is the same one.
    lone = len(missing) == len(new) == 1 and not same_language(pair.derivative, pair.source)
    for figure in new:
        options = [other for other in missing if is_comparable(figure, other)]
        if not options:
            continue
        elsewhere = figure.anchor.value.partition(" ")[0] in _values(pair.source)
        agreement = [
            count_shared_beside(pair, figure.span, other.span)
            + (figure.unit == other.unit != "")
            + (figure.value is None)
            + lone
            for other in options
        ]
        if max(agreement) < (2 if elsewhere else 1):
            continue
        other = options[agreement.index(max(agreement))]
        missing.remove(other)
        what = "unit" if figure.value == other.value and figure.value is not None else "number"
        yield pair.drift("number", f"{what} changed", figure.span, other.span)


def _figures(sentences: Sequence[Sentence], text: Text) -> list[Figure]:
    every = _figures_by_sentence(text)
    return list(chain.from_iterable(every.get(s.begin, ()) for s in sentences))


@once_per_text
def _figures_by_sentence(text: Text) -> dict[int, tuple[Figure, ...]]:
    """The figures of each sentence of a text that has any, by where it begins."""
    figures = {}
    for sentence in text.prose:
        anchors = (anchor for anchor in sentence.anchors if anchor.kind == "number")
        own = tuple(figure for a in anchors if (figure := read_figure(a, text)) is not None)
        if own:
            figures[sentence.begin] = own
    return figures


def read_figure(anchor: Anchor, text: Text) -> Figure | None:
    content, begin, end = text.article.text, anchor.begin, anchor.end
    value, _, unit = anchor.value.partition(" ")
    if "-" in value:
        return Figure(anchor, None, "")
    if CLOCK.match(content, end) or INSIDE_CLOCK.match(content, begin):
        return None
    if PART_OF_NAME.match(content, begin) or FRACTION.match(content, end):
        return None
    return Figure(anchor, Decimal(value), unit or read_measure(content, end))


def read_measure(content: str, end: int) -> str:
    """The unit behind a figure, where it is one of data/drift.toml's measures."""
    match = MEASURE.match(content, end)
    if match is None:
        return ""
    first, second = match[1].casefold(), (match[2] or "").casefold()
    if len(first) == 1 and "°" not in match[0]:
        return ""
    return _measures().get(f"{first} {second}") or _measures().get(first, "")


@cache
def _measures() -> dict[str, str]:
    table = load_drift_data()["measures"]
    return {spelling: unit for unit, spellings in table.items() for spelling in spellings}


@cache
def _conversions() -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    return {
        (row["from"], row["to"]): (Decimal(str(row["factor"])), Decimal(row.get("offset", 0)))
        for row in load_drift_data()["conversion"]
    }


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures say the same: equal, rounded, or in another unit."""
    if a.value is None or b.value is None:
        date, other = a.anchor.value, b.anchor.value
        return a.value is b.value and (date.endswith(other) or other.endswith(date))
    if a.unit != b.unit and a.unit and b.unit:
        return is_conversion(a, b) or is_conversion(b, a)
    return a.value == b.value or (a.shape == b.shape == "number" and is_rounded(a.value, b.value))


def is_conversion(a: Figure, b: Figure) -> bool:
    rule = _conversions().get((a.unit, b.unit))
    if rule is None or a.value is None or b.value is None:
        return False
    expected = a.value * rule[0] + rule[1]
    return abs(expected - b.value) <= MAX_CONVERSION * max(abs(expected), Decimal(1))


def is_rounded(a: Decimal, b: Decimal) -> bool:
    """Whether one is the other with fewer digits, and near it."""
    digits = {value: len(value.normalize().as_tuple().digits) for value in (a, b)}
    shorter, longer = (a, b) if digits[a] < digits[b] else (b, a)
    if digits[shorter] == digits[longer] or not longer:
        return False
    step = Decimal(1).scaleb(longer.adjusted() - digits[shorter] + 1)
    return abs(a - b) <= min(step, MAX_ROUNDING * abs(longer))


def is_comparable(a: Figure, b: Figure) -> bool:
    if a.shape != b.shape:
        return False
    if a.unit == b.unit or not a.unit or not b.unit:
        return True
    dimension = DIMENSIONS.get(a.unit)
    return dimension is not None and dimension == DIMENSIONS.get(b.unit)


@once_per_text
def _values(text: Text) -> frozenset[str]:
    """The values of all figures of a text; a date with its year also without."""
    values = {anchor.value.partition(" ")[0] for anchor in text.anchors if anchor.kind == "number"}
    return frozenset(values | {value[5:] for value in values if FULL_DATE.fullmatch(value)})


# -- Days and months by name -----------------------------------------------------------------


def compare_days(pair: Pair) -> Iterator[Drift]:
    """A day or a month for another, where the same words stand beside them."""
    own = _days_by_sentence(pair.derivative).get(pair.passage.begin)
    if not own:
        return
    every = _days_by_sentence(pair.source)
    theirs: dict[int, Span] = {}  # each day where it stands first
    for sentence in pair.sources:
        for day, span in every.get(sentence.begin, ()):
            theirs.setdefault(day, span)
    for months in (False, True):
        ours = {day: span for day, span in own if (day >= FIRST_MONTH) == months}
        new = [span for day, span in ours.items() if day not in theirs]
        missing = [
            span
            for day, span in theirs.items()
            if (day >= FIRST_MONTH) == months and day not in ours
        ]
        if len(new) != 1 or not missing:
            continue
        agreement = [count_shared_beside(pair, new[0], span) for span in missing]
        if max(agreement) == 0 and len(missing) > 1:
            continue
        there = missing[agreement.index(max(agreement))]
        yield pair.drift("number", "date changed", new[0], there)


@once_per_text
def _days_by_sentence(text: Text) -> dict[int, tuple[tuple[int, Span], ...]]:
    """The days and months of each sentence of a text that names any, by where it begins."""
    names = _day_names(text.language)
    days = {}
    for sentence in text.prose:
        own = tuple(
            (names[token.form], Span(token.begin, token.end))
            for token in sentence.tokens
            if token.form in names and is_day(sentence, token, text)
        )
        if own:
            days[sentence.begin] = own
    return days


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
    """Whether a word is a day or a month, outside of any date."""
    content = text.article.text
    if text.language in CAPITALISED and not content[token.begin].isupper():
        return False
    if (
        text.language == "pt"
        and _day_names("pt")[token.form] < FIRST_MONTH
        and token.form not in UNHYPHENATED
        and content[token.end : token.end + 1] not in tuple(HYPHENS)
    ):
        return False
    return not any(
        anchor.kind == "number" and anchor.begin <= token.begin < anchor.end
        for anchor in sentence.anchors
    )
