"""Numbers, quantities and dates in running text, by value.

Comes in: words of a text and its language. Goes out: (begin, end, value): "11,000",
"four thousand" and "4 000" are "11000", "4000" and "4000"; "60 kilometres" is "60 km", "26th
March" is "03-26", "March 26, 2025" is "2025-03-26". Words and units are data
(data/numbers.toml). It does not read fractions, ranges or relative dates ("last March").
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from dedup.text.sentences import Token

DIGITS = regex.compile(
    r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
)
CURRENCIES = "$€£¥"
SIGN_BEHIND = regex.compile(r"\s?[%$€£¥]")
LONGEST_NUMBER = 24  # digits and marks; beyond it a run of digits is an identifier
FIRST_YEAR, LAST_YEAR = 1000, 2199


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The number words of one language, folded."""

    decimal: str
    words: dict[str, int]
    scales: dict[str, int]
    months: dict[str, int]
    linking: frozenset[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a run of digits or a sign that may take part in a number."""

    begin: int
    end: int
    form: str
    value: Decimal | None  # of digits


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("dedup").joinpath("data/numbers.toml").read_text("utf-8"))


@cache
def lexicon(language: str) -> Lexicon:
    """The number words of `language`; English where there are none."""
    data = _data()
    entry = data.get(language) or data["en"]
    months = {name: i + 1 for i, names in enumerate(entry["months"]) for name in names}
    return Lexicon(
        entry["decimal"], entry["words"], entry["scales"], months, frozenset(entry["linking"])
    )


@cache
def units() -> dict[str, str]:
    """Folded spelling → unit."""
    return {spelling: unit for unit, names in _data()["units"].items() for spelling in names}


def find_numbers(
    text: str, tokens: Sequence["Token"], language: str
) -> Iterator[tuple[int, int, str]]:
    """The numbers among `tokens`, which point into `text`, in order: begin, end, value."""
    lexical = lexicon(language)
    pieces = list(_pieces(text, tokens, lexical))
    at = 0
    while at < len(pieces):
        found = _date(pieces, at, lexical) or _quantity(pieces, at, lexical)
        if found is None:
            at += 1
            continue
        after, value = found
        yield pieces[at].begin, pieces[after - 1].end, value
        at = after


def _pieces(text: str, tokens: Sequence["Token"], lexical: Lexicon) -> Iterator[Piece]:
    """Words, digits with their marks, what is glued to digits ("170mm"), and signs."""
    passed = 0
    for token in tokens:
        if token.end <= passed:
            continue  # its digits were part of the number before: 11,000
        if not token.form[0].isdecimal():
            yield Piece(token.begin, token.end, token.form, None)
            continue
        if token.begin and text[token.begin - 1] in CURRENCIES:
            yield Piece(token.begin - 1, token.begin, text[token.begin - 1], None)
        match = DIGITS.match(text, token.begin)
        if match is None or match.end() - match.start() > LONGEST_NUMBER:
            continue
        passed = match.end()
        yield Piece(token.begin, passed, match.group(), _value(match.group(), lexical.decimal))
        if passed < token.end:
            yield Piece(passed, token.end, text[passed : token.end].lower(), None)
            passed = token.end
        if sign := SIGN_BEHIND.match(text, passed):
            yield Piece(sign.end() - 1, sign.end(), sign.group()[-1], None)


def _value(digits: str, decimal: str) -> Decimal:
    """The value of digits with their marks: the language says what the last mark means."""
    other = "," if decimal == "." else "."
    plain = "".join(c for c in digits if c.isdigit() or c in ".,")
    last = plain.rpartition(decimal)
    if last[1] and (other in plain or plain.count(decimal) == 1):
        # One decimal mark. "11.000" in English is eleven only in print-outs: news means 11000
        # where exactly three digits follow one mark of either kind and no other mark stands.
        if decimal == "." or len(last[2]) != 3 or last[0] == "0" or other in plain:
            whole, fraction = last[0], last[2]
            return _decimal(f"{whole.replace(other, '')}.{fraction}")
    elif plain.count(other) == 1 and len(plain.rpartition(other)[2]) != 3:
        return _decimal(plain.replace(other, "."))
    return _decimal(plain.replace(",", "").replace(".", ""))


def _decimal(digits: str) -> Decimal:
    return Decimal("".join(str(int(c)) if c.isdecimal() else c for c in digits)).normalize()


def _quantity(pieces: list[Piece], at: int, lexicon: Lexicon) -> tuple[int, str] | None:
    """A number from piece `at` on, with scale and unit: (index after it, value)."""
    sign = None
    if pieces[at].form in CURRENCIES and at + 1 < len(pieces):
        sign, at = pieces[at].form, at + 1
    piece = pieces[at]
    spelled = piece.value is None
    if piece.value is not None:
        total, at = piece.value, at + 1
    elif (read := _spelled(pieces, at, lexicon)) is not None:
        at, total = read
    else:
        return None
    while at < len(pieces) and pieces[at].form in lexicon.scales:
        total, at, spelled = total * lexicon.scales[pieces[at].form], at + 1, False
    if spelled and total < 2:
        return None  # "one" is mostly a pronoun or an article
    unit = sign
    if sign is None and at < len(pieces) and pieces[at].form in units():
        unit, at = units()[pieces[at].form], at + 1
    value = f"{total.normalize():f}"
    return at, f"{value} {unit}" if unit else value


def _spelled(pieces: list[Piece], at: int, lexicon: Lexicon) -> tuple[int, Decimal] | None:
    """A number in words, scales below a thousand included ("three hundred and fifty")."""
    total, after = 0, at
    while after < len(pieces):
        form = pieces[after].form
        if form in lexicon.words:
            total += lexicon.words[form]
        elif form in lexicon.scales and total and lexicon.scales[form] == 100:
            total *= 100
        elif form in lexicon.linking and total and _goes_on(pieces, after, lexicon):
            pass
        else:
            break
        after += 1
    return (after, Decimal(total)) if after > at else None


def _goes_on(pieces: list[Piece], at: int, lexicon: Lexicon) -> bool:
    """Whether a linking word stands between a round number and a smaller one."""
    before = pieces[at - 1].form
    round_number = lexicon.scales.get(before) == 100 or lexicon.words.get(before, 0) >= 20
    return round_number and at + 1 < len(pieces) and pieces[at + 1].form in lexicon.words


def _date(pieces: list[Piece], at: int, lexicon: Lexicon) -> tuple[int, str] | None:
    """A day and month, in either order, with or without year: (index after it, value)."""
    window = pieces[at : at + 5]
    first, *rest = [p for p in window if p.form not in ("de", "of", "th", "st", "nd", "rd", "er")]
    if not rest:
        return None
    month, day = lexicon.months.get(first.form), first
    if month is not None:
        day = rest[0]
    elif first.value is not None:
        month = lexicon.months.get(rest[0].form)
    if month is None or day.value is None or not 1 <= day.value <= 31 or "." in day.form:
        return None
    last, value = rest[0], f"{month:02d}-{int(day.value):02d}"
    if len(rest) > 1 and rest[1].value is not None and FIRST_YEAR <= rest[1].value <= LAST_YEAR:
        last, value = rest[1], f"{int(rest[1].value)}-{value}"
    return pieces.index(last, at) + 1, value
