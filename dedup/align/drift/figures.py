"""Figures: numbers, units and dates in figures that are not what the source says.

Comes in: a `Pair`. Goes out: drifts. Figures are compared by value and unit; a rounded figure, a
converted unit, a date that gains its year are no drift. A figure that the source sentences lack
counts only against one of theirs that the passage lacks, of the same dimension and with the same
words beside it, so that a figure left out or taken from elsewhere is none. Clock times, which
time zones move, are left alone, and so are numbers that are part of a name (COVID-19).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain

import regex

from dedup.align.drift.cues import drift_data
from dedup.align.drift.drifted import Drift, excerpt
from dedup.align.drift.pairing import Pair, beside
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text, same_language
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
ROUND = Decimal("0.05")  # a figure with fewer digits that is this near is the same, rounded
CONVERTED = Decimal("0.04")  # 60 miles are 97 km, "nearly 100"
DIMENSIONS = {
    **dict.fromkeys("$€£¥", "money"), **dict.fromkeys(("km", "m", "mm", "mile", "foot"), "length"),
    **dict.fromkeys(("kg", "t"), "weight"), **dict.fromkeys(("year", "day", "hour"), "time"),
}  # fmt: skip


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


def figure_drifts(pair: Pair) -> Iterator[Drift]:
    """Figures, units and dates changed."""
    ours = _figures((pair.passage,), pair.derivative)
    theirs = _figures(pair.sources, pair.source)
    if ours and theirs:
        yield from _numbers(pair, ours, theirs)


def _numbers(pair: Pair, ours: Sequence[Figure], theirs: Sequence[Figure]) -> Iterator[Drift]:
    missing = [figure for figure in theirs if not any(_agree(figure, o) for o in ours)]
    fresh = [figure for figure in ours if not any(_agree(figure, o) for o in theirs)]
    # In another language the words beside a figure are others; one each is the same one.
    lone = len(missing) == len(fresh) == 1 and not same_language(pair.derivative, pair.source)
    everywhere: frozenset[str] | None = None
    for figure in fresh:
        if not missing:
            break
        everywhere = everywhere if everywhere is not None else _everywhere(pair.source)
        elsewhere = figure.anchor.value.partition(" ")[0] in everywhere
        options = [o for o in missing if _comparable(figure, o)]
        if not options:
            continue
        near = [
            (
                beside(pair, figure.span, other.span)
                + (figure.unit == other.unit != "")
                + (figure.value is None)
                + lone,
                other,
            )
            for other in options
        ]
        most, other = max(near, key=lambda option: option[0])
        if most < (2 if elsewhere else 1):
            continue
        missing.remove(other)
        what = "unit" if figure.value == other.value and figure.value is not None else "number"
        detail = f"{what} changed: {excerpt(pair.source, other.span)} → " + excerpt(
            pair.derivative, figure.span
        )
        yield Drift("number", detail, figure.span, other.span)


@once_per_text
def _figures_of(text: Text) -> dict[int, tuple[Figure, ...]]:
    """The figures of each sentence of a text that has any, by where it begins."""
    found = {}
    for sentence in text.prose:
        figures = tuple(
            figure
            for anchor in sentence.anchors
            if anchor.kind == "number" and (figure := _figure(anchor, text)) is not None
        )
        if figures:
            found[sentence.begin] = figures
    return found


def _figures(sentences: Sequence[Sentence], text: Text) -> list[Figure]:
    every = _figures_of(text)
    return list(chain.from_iterable(every.get(s.begin, ()) for s in sentences))


def _figure(anchor: Anchor, text: Text) -> Figure | None:
    content, begin, end = text.article.text, anchor.begin, anchor.end
    value, _, unit = anchor.value.partition(" ")
    if "-" in value:
        return Figure(anchor, None, "")
    if CLOCK.match(content, end) or INSIDE_CLOCK.match(content, begin):
        return None
    if PART_OF_NAME.match(content, begin) or FRACTION.match(content, end):
        return None
    return Figure(anchor, Decimal(value), unit or _measure(content, end))


def _measure(content: str, end: int) -> str:
    """The unit behind a figure, where it is one of data/drift.toml's measures."""
    match = MEASURE.match(content, end)
    if match is None:
        return ""
    first, second = match[1].casefold(), (match[2] or "").casefold()
    found = _measures().get(f"{first} {second}") or _measures().get(first, "")
    return "" if len(first) == 1 and "°" not in match[0] else found


@cache
def _measures() -> dict[str, str]:
    table = drift_data()["measures"]
    return {spelling: unit for unit, spellings in table.items() for spelling in spellings}


@cache
def _conversions() -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    return {
        (row["from"], row["to"]): (Decimal(str(row["factor"])), Decimal(row.get("offset", 0)))
        for row in drift_data()["conversion"]
    }


def _agree(a: Figure, b: Figure) -> bool:
    """Whether two figures say the same: equal, rounded, or in another unit."""
    if a.value is None or b.value is None:
        one, other = a.anchor.value, b.anchor.value
        return a.value is b.value and (one.endswith(other) or other.endswith(one))
    if a.unit != b.unit and a.unit and b.unit:
        return _converted(a, b) or _converted(b, a)
    return a.value == b.value or (a.shape == b.shape == "number" and _rounded(a.value, b.value))


def _converted(a: Figure, b: Figure) -> bool:
    rule = _conversions().get((a.unit, b.unit))
    if rule is None or a.value is None or b.value is None:
        return False
    expected = a.value * rule[0] + rule[1]
    return abs(expected - b.value) <= CONVERTED * max(abs(expected), Decimal(1))


def _rounded(a: Decimal, b: Decimal) -> bool:
    """Whether one is the other with fewer digits, and near it."""
    shorter, longer = (a, b) if _digits(a) < _digits(b) else (b, a)
    if _digits(shorter) == _digits(longer) or not longer:
        return False
    step = Decimal(1).scaleb(longer.adjusted() - _digits(shorter) + 1)
    return abs(a - b) <= min(step, ROUND * abs(longer))


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _comparable(a: Figure, b: Figure) -> bool:
    if a.shape != b.shape:
        return False
    if a.unit == b.unit or not a.unit or not b.unit:
        return True
    dimension = DIMENSIONS.get(a.unit)
    return dimension is not None and dimension == DIMENSIONS.get(b.unit)


@once_per_text
def _everywhere(text: Text) -> frozenset[str]:
    """The values of all figures of a text; a date with its year also without."""
    values = {anchor.value.partition(" ")[0] for anchor in text.anchors if anchor.kind == "number"}
    return frozenset(values | {value[5:] for value in values if FULL_DATE.fullmatch(value)})
