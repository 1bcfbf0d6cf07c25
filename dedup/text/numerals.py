"""The numbers of Chinese, Japanese and Korean text, by value.

"三百一十名", "310名" and "310명" are "310"; "3万5千" and "3만 5,000" are "35000";
"二〇二五年三月二十六日" is "2025-03-26". Characters that are also parts of words (三星, 十分,
万一) count only where a digit leads them and, one alone, where a counter follows. "Some hundreds"
(数百, 수백) is no number.
"""

import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import regex

from dedup.text.lexicon import CURRENCIES
from dedup.text.model import Anchor

LANGUAGES = frozenset({"ja", "ko", "zh"})
MIN_YEAR, MAX_YEAR = 1000, 2199
VERY = regex.compile("分(?![钟鐘])")  # behind 十, unless it is ten minutes
MIN_PLACES = 3  # digits in characters that are read by place; two are "seven or eight"


@cache
def load_numerals() -> dict[str, Any]:
    """What data/numerals.toml says."""
    data = resources.files("dedup").joinpath("data/numerals.toml").read_text("utf-8")
    return tomllib.loads(data)


@cache
def patterns() -> dict[str, Any]:
    """The patterns of numbers, and of what stands around them."""
    data = load_numerals()
    digits, tens, myriads = ("".join(data[name]) for name in ("digits", "tens", "myriads"))
    figures = r"\d{1,3}(?:[,，]\d{3}){1,5}(?!\d)(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6}(?![\d.]))?"
    # A run of digits is taken whole: cut in every way, thirty of them would never end.
    piece = rf"(?>{figures})|[{digits}{tens}{myriads}]"
    number = rf"(?:{piece})(?:(?:(?<=[{myriads}]) (?=\d))?(?:{piece})){{0,24}}"
    units = sorted((u for listed in data["units"].values() for u in listed), key=len, reverse=True)
    counters = "|".join(data["counters"]["korean"])
    return {
        "number": regex.compile(
            # Not "some hundreds", "the third", a weekday, or the end of an identifier.
            rf"(?<![数數几幾수第제期拜周週曜\d.,])(?:百分之(?P<percent>{number})|(?P<number>{number}))"
        ),
        "piece": regex.compile(piece),
        "figures": regex.compile(figures),
        "date": regex.compile(
            rf"(?:(?P<y>{number}) ?[年년] ?)?(?P<m>{number}) ?[月월] ?(?P<d>{number}) ?[日号號일]"
            r"|(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)"
        ),
        "unit": regex.compile(rf"[多余餘여]?\s?(?P<unit>{'|'.join(units)})"),
        "counter": regex.compile(rf"[{data['counters']['han']}]"),
        "word": regex.compile(
            rf"(?<!\p{{L}})(?P<word>{'|'.join(data['words'])})(?= ?(?:{counters}))"
        ),
    }


def find_numerals(text: str, begin: int, end: int) -> Iterator[Anchor]:
    """The numbers and dates in a stretch of `text`, in order."""
    known = patterns()
    found = [*known["number"].finditer(text, begin, end), *known["word"].finditer(text, begin, end)]
    passed = begin
    for match in sorted(found, key=lambda match: match.start()):
        at = match.start()
        if at < passed:
            continue
        if (date := known["date"].match(text, at, end)) and (value := read_date(date)):
            passed = date.end()
            yield Anchor(at, passed, "number", value)
        elif (number := read_match(text, match, end)) is not None:
            passed, value = number
            yield Anchor(at, passed, "number", value)


def read_match(text: str, match: "regex.Match[str]", end: int) -> tuple[int, str] | None:
    """A number with its unit: (where it ends, value)."""
    named, stop = match.groupdict(), match.end()
    if word := named.get("word"):
        value: Decimal | None = Decimal(load_numerals()["words"][word])
    else:
        written = named["percent"] or named["number"]
        value = read_numeral(written)
        counted = patterns()["counter"].match(text, stop, end) or named["percent"]
        very = written == "十" and VERY.match(text, stop)
        alone = len(written) == 1 and not written.isdecimal()
        if alone and (very or not counted or value is None or value < 2):
            return None
    if value is None:
        return None
    unit = "%" if named.get("percent") else None
    before = text[match.start() - 1 : match.start()]
    if before in CURRENCIES:
        unit = before
    elif unit is None and (following := patterns()["unit"].match(text, stop, end)):
        spelled = following["unit"]
        unit = next(name for name, listed in load_numerals()["units"].items() if spelled in listed)
        if spelled in "年년" and MIN_YEAR <= value <= MAX_YEAR:
            unit = None
        else:
            stop = following.end()
    shown = f"{value.normalize():f}"
    return stop, f"{shown} {unit}" if unit else shown


def read_date(match: "regex.Match[str]") -> str | None:
    """A day and month, with the year where it stands before them."""
    year, month, day = (match[name] and read_numeral(match[name]) for name in "ymd")
    if not (month and day and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    shown = f"{int(month):02d}-{int(day):02d}"
    if year is None:
        return shown
    return f"{int(year)}-{shown}" if MIN_YEAR <= year <= MAX_YEAR else None


def read_numeral(written: str) -> Decimal | None:
    """The value of figures and characters; None where they are no number ("万一", "七八")."""
    data = load_numerals()
    total = section = Decimal(0)
    number: Decimal | None = None  # what the next ten or myriad multiplies
    places = 0  # digits in characters, in a row
    for match in patterns()["piece"].finditer(written):
        piece = match[0]
        if piece in data["tens"]:
            if number is None and piece not in "十십":
                return None
            section, number = (
                section + (1 if number is None else number) * data["tens"][piece],
                None,
            )
        elif piece in data["myriads"]:
            section += number or 0
            if not section and not total:
                return None
            if section:
                total += section * data["myriads"][piece]
            else:
                total *= data["myriads"][piece]  # 万亿
            section, number = Decimal(0), None
        elif piece in data["digits"]:
            digit = data["digits"][piece]
            number = digit if not places or number is None else number * 10 + digit
            number = Decimal(number)
        elif number is None:
            figures = unicodedata.normalize("NFKC", piece).replace(",", "")
            number = Decimal("".join(str(int(c)) if c.isdecimal() else c for c in figures))
        else:
            return None
        places = places + 1 if piece in data["digits"] else 0
        if places == 2 and number is not None and number >= 10 and not _by_place(written):
            return None
    return total + section + (number or 0)


def _by_place(written: str) -> bool:
    """Whether digits in characters are read by place: there are nothing but several of them."""
    digits = load_numerals()["digits"]
    return len(written) >= MIN_PLACES and all(letter in digits for letter in written)
