"""Numbers, quantities and dates in running text, by value.

"11,000", "four thousand" and (in French) "4 000" become "11000", "4000" and "4000"; "60
kilometres" becomes "60 km", "26th March" "03-26", and "March 26, 2025" "2025-03-26". Words and
units are data (data/numbers.toml); Chinese, Japanese and Korean are read by `dedup.text.numerals`.
Fractions, ranges and relative dates ("last March") are not read.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import regex

from dedup.text import numerals
from dedup.text.lexicon import CURRENCIES, Lexicon, load_data, load_lexicon
from dedup.text.model import Anchor, Token

# Groups of three (of two before the last in India) and decimals. The counts bound the work on
# hostile lines; a longer run of digits is an identifier.
GROUPED = (
    r"\d{{1,3}}([.,'’٬\u00a0\u202f\u2009{space}])\d{{3}}(?:\1\d{{3}}){{0,5}}(?!\d)"
    r"(?:[.,٫]\d{{1,6}}(?!\d))?"
)
ARABIC_POINT = "٫"  # before decimals, never between thousands
PLAIN = r"\d{1,2}(?:,\d\d){1,3},\d{3}(?!\d)|\d{1,15}(?:[.,٫]\d{1,6}(?![\d,.]\d))?(?!\d)"
DIGITS = regex.compile(GROUPED.format(space="") + "|" + PLAIN)
SPACED_DIGITS = regex.compile(GROUPED.format(space=" ") + "|" + PLAIN)
ISO_DATE = regex.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
DOTTED_DATE = regex.compile(r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})(?!\d)")
SLASHED_DATE = regex.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?!\d)")

SIGNS = frozenset("%$€£¥")
SIGN_BEHIND = regex.compile(r"\s?([%$€£¥])(?!\d)")
# "$5m", "£1.5bn": only behind a sign, since "5m" alone is as often five metres.
GLUED_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
MAX_SCALES = 2  # "a thousand million"; more are no number
MIN_YEAR, MAX_YEAR = 1000, 2199
GLUED = regex.compile(r"[\p{L}\p{M}]{1,20}+(?!\p{L})")
WORD = regex.compile(r"\s?(\p{L}+)")
APOSTROPHES = frozenset("'’ʼ")
# What may stand between the words of a number, and between those of a date.
GAP = regex.compile(r"[\s-]|\.? |")
DATE_GAP = regex.compile(r"[\s,.]{0,3}")
MAX_WORDS = 8  # from the first word of a number to the last: "26 de março de 2025"


class Piece(NamedTuple):
    """A word, a run of digits (with their `value`) or a sign that may take part in a number;
    `gap` is what stands between it and the piece before."""

    begin: int
    end: int
    form: str
    value: Decimal | None
    gap: str
    date: str | None = None


def find_numbers(text: str, tokens: Sequence[Token], language: str) -> Iterator[Anchor]:
    """The numbers among `tokens`, which point into `text`, in order."""
    if language in numerals.LANGUAGES:
        if tokens:
            begins = [token.begin for token in tokens]
            for anchor in numerals.find_numerals(text, begins[0], tokens[-1].end):
                if anchor.begin < tokens[bisect_right(begins, anchor.begin) - 1].end:
                    yield anchor
        return
    lexical = load_lexicon(language)
    near, until = list[Token](), 0  # the words that may begin a number, and those after them
    for i, token in enumerate(tokens):
        if token.form in lexical.openers or token.form[0].isdecimal():
            until = i + MAX_WORDS
        if i < until:
            near.append(token)
    if not near:
        return
    pieces = list(split_pieces(text, near, lexical, language))
    dated = any(piece.form in lexical.months or piece.date is not None for piece in pieces)
    at = 0
    while at < len(pieces):
        begin, number = at, None
        if pieces[at].value is not None or pieces[at].form in lexical.openers:
            number = read_date(pieces, at, lexical) if dated else None
            number = number or read_quantity(pieces, at, lexical)
        at += 1
        if number:
            at, value = number
            yield Anchor(pieces[begin].begin, pieces[at - 1].end, "number", value)


def split_pieces(
    text: str, tokens: Sequence[Token], lexical: Lexicon, language: str
) -> Iterator[Piece]:
    """Words, digits with their marks, what is glued to digits ("170mm"), and signs."""
    digits = SPACED_DIGITS if lexical.spaced else DIGITS
    passed = last = tokens[0].begin if tokens else 0
    for i, token in enumerate(tokens):
        begin, end = token.begin, token.end
        if begin < passed:
            continue  # its digits were part of the number before: 11,000
        if begin and text[begin - 1] in CURRENCIES:
            yield Piece(begin - 1, begin, text[begin - 1], None, text[last : begin - 1][:4])
            last = begin
        gap = text[last:begin][:4]
        numeric = token.form[0].isdecimal()
        if numeric and (match := match_date(text, begin, language)):
            end = match.end()
            date = f"{int(match['y'])}-{int(match['m']):02d}-{int(match['d']):02d}"
            yield Piece(begin, end, match[0], Decimal(0), gap, date)
        elif numeric and (match := digits.match(text, begin)):
            end = match.end()
            value = parse_digits(match[0], find_decimal_mark(text, end, lexical))
            yield Piece(begin, end, match[0], value, gap)
            if glued := GLUED.match(text, end):
                end = glued.end()
                yield Piece(glued.start(), end, glued[0].lower(), None, "")
        else:  # a word, or a long identifier
            form, end = join_halves(text, tokens[i : i + 2], lexical)
            yield Piece(begin, end, form, None, gap)
        behind = text[end : end + 2]
        if not SIGNS.isdisjoint(behind) and (sign := SIGN_BEHIND.match(text, end)):
            yield Piece(sign.start(1), sign.end(), sign[1], None, text[end : sign.start(1)])
            end = sign.end()
        passed = last = end


def join_halves(text: str, tokens: Sequence[Token], lexical: Lexicon) -> tuple[str, int]:
    """The first of two words and where it ends; both, where an apostrophe parts a number word."""
    first, second = tokens[0], tokens[-1]
    if text[first.end : second.begin] in APOSTROPHES:
        whole = f"{first.form} {second.form}"
        if whole in lexical.words:
            return whole, second.end
    return first.form, first.end


def knows_months(language: str) -> bool:
    """Whether dates with the name of a month are read in `language`."""
    return language in numerals.LANGUAGES or bool(load_data().get(language, {}).get("months"))


def match_date(text: str, begin: int, language: str) -> "regex.Match[str] | None":
    """A date in digits; 03/04/2025 is read as day and month, but not in English."""
    match = ISO_DATE.match(text, begin) or DOTTED_DATE.match(text, begin)
    if match is None and language != "en":
        match = SLASHED_DATE.match(text, begin)
    valid = match and 1 <= int(match["m"]) <= 12 and 1 <= int(match["d"]) <= 31
    return match if valid else None


def find_decimal_mark(text: str, end: int, lexical: Lexicon) -> str | None:
    """The decimal mark that may stand before three digits; None, unless what follows decides it.

    "3.632%" and "1.047 billion" have decimals; in "about 2.000 units" and "480,000 Pfund" the
    mark separates thousands whatever the language's own custom (newstest 2008-2011, six languages).
    """
    if text[end : end + 2].strip()[:1] == "%":
        return lexical.decimal
    word = WORD.match(text, end)
    form = word[1].lower() if word else ""
    exact = form in lexical.scales or lexical.units.get(form) == "%"
    return lexical.decimal if exact else None


def parse_digits(digits: str, exact: str | None) -> Decimal:
    """The value of digits with their marks; `exact`: the mark of three decimals, if any."""
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in digits if c not in "'’٬")
    plain = "".join(plain.split())
    if ARABIC_POINT in plain:
        whole, _, behind = plain.partition(ARABIC_POINT)
        return Decimal(f"{regex.sub('[.,]', '', whole)}.{behind}")
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return Decimal(plain)
    *groups, fraction = regex.split("[.,]", plain)
    if marks.count(marks[-1]) > 1:  # 1,234,567
        decimals = False
    elif len(marks) > 1 or len(fraction) != 3:  # 1,234.5 or 1.5
        decimals = True
    else:
        decimals = marks[-1] == exact or groups == ["0"]
    return Decimal("".join(groups) + ("." if decimals else "") + fraction)


def read_quantity(pieces: list[Piece], at: int, lexical: Lexicon) -> tuple[int, str] | None:
    """A number from piece `at` on, with scale and unit: (index after it, value)."""
    sign = None
    if pieces[at].form in CURRENCIES:
        sign, at = pieces[at].form, at + 1
        if at == len(pieces) or pieces[at].gap or pieces[at].value is None:
            return None
    total = pieces[at].value
    in_words = total is None
    if total is None:
        after, total = read_words(pieces, at, lexical)
        if after == at:
            return None
        at = after
    else:
        at += 1
        for piece in pieces[at : at + MAX_SCALES]:
            scale = lexical.scales.get(piece.form)
            if sign and not piece.gap:
                scale = GLUED_SCALES.get(piece.form, scale)
            if scale is None or not _near(pieces, at):
                break
            total, at = total * scale, at + 1
    unit, at = (sign, at) if sign else read_unit(pieces, at, lexical)
    if in_words and total < 2 and (unit is None or unit.isalpha()):
        return None  # "one" is mostly a pronoun or an article, "one day" no measure
    value = f"{total.normalize():f}"
    return at, f"{value} {unit}" if unit else value


def read_unit(pieces: list[Piece], at: int, lexical: Lexicon) -> tuple[str | None, int]:
    """The unit at `at`, of one word or two ("per cent"), and the index after it."""
    if not _near(pieces, at):
        return None, at
    if _near(pieces, at + 1):
        unit = lexical.units.get(f"{pieces[at].form} {pieces[at + 1].form}")
        if unit:
            return unit, at + 2
    unit = lexical.units.get(pieces[at].form)
    return unit, at + 1 if unit else at


def _near(pieces: list[Piece], at: int) -> bool:
    """Whether there is a piece `at`, and no more than a space or a hyphen before it."""
    if at >= len(pieces):
        return False
    gap = pieces[at].gap
    return gap == " " or GAP.fullmatch(gap) is not None


def read_words(pieces: list[Piece], at: int, lexical: Lexicon) -> tuple[int, Decimal]:
    """A number in words: (index after it, value); the index stays `at` where there is none."""
    total = group = row = 0  # `group` is what the next scale multiplies
    begin, ceiling = at, 0
    while at < len(pieces) and (at == begin or _near(pieces, at)):
        form = pieces[at].form
        # -1 and 0 stand for "no number word" and "no scale".
        word, scale = lexical.words.get(form, -1), lexical.scales.get(form, 0)
        if pieces[at].value is not None:
            break
        if word >= 1000 and not group and not total:
            total, ceiling, row = word, word, 1  # mille, mil
        elif 0 <= word < 1000 and _fits(group, word) and (group or not total or word < ceiling):
            group += 80 - 4 if word == 20 and group % 100 == 4 else word  # quatre-vingt
            row = 0
        elif scale and scale < 1000 and 0 < group < 100:
            group, row = group * scale, 0
        elif scale and group and (not ceiling or scale < ceiling):
            total, group, ceiling, row = total + group * scale, 0, scale, 1
        elif scale and total and not group and 0 < row < MAX_SCALES:
            total, ceiling, row = total * scale, scale, row + 1
        elif not (form in lexical.linking and _goes_on(pieces, at, lexical)):
            break
        at += 1
    return at, Decimal(total + group)


def _fits(group: int, word: int) -> bool:
    """Whether a number word goes on with the number read so far: "twenty" + "five"."""
    if not group:
        return True
    if word >= 100:
        return group % 1000 == 0
    rest = group % 100
    if word >= 10:  # quatre-vingt, soixante-dix, quatre-vingt-onze
        return rest == 0 or (rest, word) == (4, 20) or (rest in (60, 80) and word < 20)
    return word > 0 and (rest == 0 or (rest >= 20 and rest % 10 == 0))


def _goes_on(pieces: list[Piece], at: int, lexical: Lexicon) -> bool:
    """Whether a linking word stands between a round number and a smaller one."""
    before = pieces[at - 1].form
    value = lexical.words.get(before, 0)
    round_number = before in lexical.scales or (value >= 20 and value % 10 == 0)
    return round_number and _near(pieces, at + 1) and pieces[at + 1].form in lexical.words


def read_date(pieces: list[Piece], at: int, lexical: Lexicon) -> tuple[int, str] | None:
    """A day and month, in either order, with or without year: (index after it, value)."""
    if (whole := pieces[at].date) is not None:
        return at + 1, whole
    kept = [at]
    for i in range(at + 1, min(at + 6, len(pieces))):
        if not DATE_GAP.fullmatch(pieces[i].gap) or len(kept) == 3:
            break
        if pieces[i].form not in lexical.between:
            kept.append(i)
    if len(kept) < 2:
        return None
    first, second = pieces[kept[0]], pieces[kept[1]]
    month, day = lexical.months.get(first.form), second
    if month is None:
        month, day = lexical.months.get(second.form), first
    if month is None or day.value is None or not day.form.isdecimal() or not 1 <= day.value <= 31:
        return None
    last, value = kept[1], f"{month:02d}-{int(day.value):02d}"
    year = pieces[kept[2]] if len(kept) > 2 else None
    if year and year.value and year.form.isdecimal() and MIN_YEAR <= year.value <= MAX_YEAR:
        last, value = kept[2], f"{int(year.value)}-{value}"
    elif last + 1 < len(pieces) and day is second and pieces[last + 1].form in lexical.between:
        last += 1 if not pieces[last + 1].gap else 0  # March 26th
    return last + 1, value
