"""Dates as files write them → the date of an article, and where it was found.

Read are ISO 8601, what mails and feeds write, seconds since 1970, days in figures and with the
name of a month in 22 languages (data/dates.toml), hours with AM or PM, and the usual zones. Where
only the day is understood, the date is that day. Nothing is guessed: 3/4/2018, which is a day in
March or in April, is no date, nor is a year that no article can be from.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedup.article import parse_date
from dedup.errors import InputError

DateBasis = Literal["stated", "implied", "guessed"]

MAX_LENGTH = 100  # characters
MIN_EPOCH = 10**8  # seconds since 1970; smaller numbers are read as a day
MIN_MILLISECONDS = 10**11  # since 1970; smaller numbers are seconds
MIN_YEAR, MAX_YEAR = 1600, 2099  # from before any newspaper to the end of the century
MIN_SHORT_YEAR = 70  # of two figures: 70 is 1970, 69 is 2069
MAX_OFFSET = 14  # hours from Greenwich: Kiribati's
MAX_UNKNOWN = 2  # words beside a day; what has more is a sentence

EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
COMPACT = re.compile(r"(\d{8})T?(\d\d)(\d\d)(\d\d)?")  # 20250328140500
HALF = r"\s*(?P<half>[ap])\.?\s?m\b\.?"
TIME = re.compile(
    rf"\bt?(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?:{HALF})?"
)
# Only where the day has been taken out: 14.05, 14h05, 5 pm, 5 Uhr.
LOOSE_TIME = re.compile(
    r"(?<![-+\d])(?P<hour>\d\d?)"
    rf"(?:[.h](?P<minute>\d\d)(?:{HALF}|\b)|{HALF.replace('half', 'only')}|\s*(?:uhr|h)\b)"
)
OFFSET = re.compile(r"(?:\b(?:utc|gmt)\s*)?([+-])(\d\d?)(?::?(\d\d))?(?!\d)")
YEAR_FIRST = re.compile(r"\b(\d{4})([-/.])(\d\d?)\2(\d\d?)(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d\d?)([-/.])\s?(\d\d?)\2\s?(\d{4})\b")
HAN = re.compile(r"(\d{4})\s*[年년]\s*(\d\d?)\s*[月월]\s*(\d\d?)\s*[日일]?")
ORDINAL = r"(?:st|nd|rd|th|er|re|º|°|\.)?"
OF = r"(?:\s*[-.,/]\s*|\s+)(?:(?:de|of|del|d'|do)\s+)?"
MONTH = r"(?P<month>[^\W\d_]{3,})\.?"
YEAR = r"(?P<year>\d{4}|(?:(?<=[-\s])|(?<='))\d\d(?!\d))"
DAY_MONTH = re.compile(rf"(?<!\d)(?P<day>\d\d?){ORDINAL}{OF}{MONTH}{OF}(?:')?{YEAR}\b")
MONTH_DAY = re.compile(rf"\b{MONTH}\s+(?P<day>\d\d?){ORDINAL}(?:\s*,\s*|\s+)(?P<year>\d{{4}})\b")
WORD = re.compile(r"[^\W\d_]+|\d+")


def first_date(
    candidates: Iterable[tuple[str, Any, DateBasis]],
) -> tuple[date | None, str | None, DateBasis | None]:
    """The first value that is a date, the name of its field and how reliable that is.

    >>> first_date([("issued", "soon", "stated"), ("modified", "2025-03-28", "implied")])
    (datetime.date(2025, 3, 28), 'modified', 'implied')
    """
    for name, value, basis in candidates:
        if published := read_date(value):
            return published, name, basis
    return None, None, None


def read_date(value: Any) -> date | None:
    """The date that a value names; None if its form is unknown or no article can have it.

    >>> read_date("July 15, 2018 at 5:23 PM EDT").isoformat()
    '2018-07-15T17:23:00-04:00'
    """
    published: date | None = None
    try:
        if isinstance(value, date):
            published = value
        elif isinstance(value, str):
            published = parse_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            is_day = value < MIN_EPOCH  # 20250328
            published = parse_date(str(value)) if is_day else since_epoch(value)
    except (InputError, ValueError, TypeError, IndexError, OverflowError, OSError):
        return None  # each of these can come out of a parser in the standard library
    return published if published and MIN_YEAR <= published.year <= MAX_YEAR else None


def parse_text(value: str) -> date:
    """The day or the moment in a string; `InputError` or `ValueError` where there is none."""
    try:
        return parse_date(value)
    except InputError:
        value = value.strip()[:MAX_LENGTH].lower()
    if EPOCH.fullmatch(value):
        return since_epoch(float(value))
    if compact := COMPACT.fullmatch(value):
        day, hour, minute, second = compact.groups()
        return parse_date(f"{day}T{hour}{minute}{second or '00'}")
    time = TIME.search(value)
    rest = value if time is None else f"{value[: time.start()]} {value[time.end() :]}"
    day, rest = split_day(rest, american=time is not None and time["half"] is not None)
    if time is None and (time := LOOSE_TIME.search(rest)):
        rest = f"{rest[: time.start()]} {rest[time.end() :]}"
    zone, unknown = read_zone(rest, day)
    if len(unknown) > MAX_UNKNOWN:
        raise ValueError(f"{value!r} is a sentence")
    if time is None or unknown:
        return day
    parts = time.groupdict()
    hour, half = int(parts["hour"]), parts["half"] or parts.get("only")
    if half and not 1 <= hour <= 12:
        return day
    if half:
        hour = hour % 12 + 12 * (half == "p")
    minute, second = int(parts["minute"] or 0), min(int(parts.get("second") or 0), 59)
    if hour > 23 or minute > 59:
        return day
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def since_epoch(value: float) -> datetime:
    """The moment so many seconds, or milliseconds, after 1970 began."""
    return datetime.fromtimestamp(value / 1000 if value >= MIN_MILLISECONDS else value, UTC)


def split_day(text: str, american: bool) -> tuple[date, str]:
    """The day in a string in small letters, and the rest. `american`: its clock has halves, as
    clocks have where the month comes first."""
    if match := HAN.search(text) or YEAR_FIRST.search(text):
        year, month, day = match.group(1), *match.groups()[-2:]
        found = date(int(year), int(month), int(day))
    elif match := DAY_FIRST.search(text):
        one, mark, other, year = match.groups()
        first, second = int(one), int(other)
        if mark != "." and (second > 12 or (american and first <= 12)):
            first, second = second, first
        elif mark != "." and first <= 12 and first != second:
            raise ValueError(f"{match.group()!r} may be two days")
        found = date(int(year), second, first)
    else:
        found, match = _named_day(text)
    return found, f"{text[: match.start()]} {text[match.end() :]}"


def _named_day(text: str) -> tuple[date, re.Match[str]]:
    months = load_names().months
    for form in (DAY_MONTH, MONTH_DAY):
        for match in form.finditer(text):
            if month := months.get(match["month"]):
                year = int(match["year"])
                if year < 100:
                    year += 1900 if year >= MIN_SHORT_YEAR else 2000
                return date(year, month, int(match["day"])), match
    raise ValueError(f"{text!r} names no day")


def read_zone(text: str, day: date) -> tuple[tzinfo | None, list[str]]:
    """The zone in what is left of a date, and the words that are not understood."""
    zone: tzinfo | None = None
    if (offset := OFFSET.search(text)) and int(offset.group(2)) <= MAX_OFFSET:
        sign, hours, minutes = offset.groups()
        behind = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(-behind if sign == "-" else behind)
        text = f"{text[: offset.start()]} {text[offset.end() :]}"
    unknown, names = [], load_names()
    for word in WORD.findall(text):
        if word in names.zones:
            zone = zone or timezone(timedelta(hours=names.zones[word]))
        elif word in names.places:
            try:
                place = ZoneInfo(names.places[word])
            except ZoneInfoNotFoundError:  # the system has no table of zones
                unknown.append(word)
            else:
                noon = datetime(day.year, day.month, day.day, 12, tzinfo=place)
                zone = zone or timezone(noon.utcoffset() or timedelta())
        elif word not in names.other:
            unknown.append(word)
    return zone, unknown


class Names(NamedTuple):
    """The words of dates: the numbers of months, the hours of zones from Greenwich, where zones
    without fixed hours are, and the words that say nothing."""

    months: Mapping[str, int]
    zones: Mapping[str, float]
    places: Mapping[str, str]
    other: frozenset[str]


@cache
def load_names() -> Names:
    """The words of data/dates.toml."""
    text = resources.files("dedup").joinpath("data/dates.toml").read_text("utf-8")
    data = tomllib.loads(text)
    months = {name: n for n, names in enumerate(data["months"], 1) for name in names}
    other = (word for name in (*data["weekdays"], *data["filling"]) for word in WORD.findall(name))
    return Names(months, data["zones"], data["places"], frozenset(other))
