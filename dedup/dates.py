"""Dates as people and programs write them → the day or the moment that they name.

Read are ISO 8601, what mails and feeds write, what programs print (Unix, JavaScript, .NET), seconds
and their thousandths since 1970, days in figures and with the name of a month in 30 languages
(data/dates.toml), hours with AM or PM, and the usual zones. Where only the day is understood, the
date is that day. Nothing is guessed: 3/4/2018 is a day in March or in April, which takes an
`order`, learned from other dates of the same collection (`learn_order`) or named; a month is no
day (`find_period`); what databases write for "no date" is none.

A parser of our own, because those of libraries guess: on the 3,391 dates of 590 real pages dateutil
takes 12.06.2025 for a day in December and knows no month but English ones, dateparser takes the
order from the language and takes a thousand times as long (4 ms a date).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedup.errors import InputError

Order = Literal["day", "month"]  # which of the two comes first in 3/4/2018

MAX_LENGTH = 100  # characters
MIN_EPOCH = 10**8  # seconds since 1970; smaller numbers are read as a day
MIN_PARTS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))  # of a second, since 1970
MIN_YEAR, MAX_YEAR = 1600, 2099  # from before any newspaper to the end of the century
MIN_SHORT_YEAR = 70  # of two figures: 70 is 1970, 69 is 2069
MAX_OFFSET = 14  # hours from Greenwich: Kiribati's
MAX_UNKNOWN = 2  # words beside a day; what has more is a sentence

EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}|\d{16}|\d{19}")
COMPACT = re.compile(r"(\d{8})t?(\d\d)(\d\d)(\d\d)?")  # 20250328140500
# What databases and programs write where there is no date: MySQL's zeros and what PHP makes of
# them, the first days of Excel, .NET and Windows, the second at which Unix begins.
NULL = re.compile(
    r"-?0{1,4}[-/.]0{1,2}[-/.]0{1,4}\b.*|.*(?<!\d)-000[01]\b.*|-?000[01]-\d\d-\d\d.*"
    r"|01/01/0001.*|1899-12-3[01].*|1601-01-01.*|1900-01-00.*"
    r"|1970-01-01[t ]00:00(?::00(?:[.,]0+)?)?\s?(?:z|utc|gmt|\+00:?00)?|0(?:\.0+)?"
)
NULL_YEARS = frozenset(("01/01", "1899-", "1601-", "1900-", "1970-"))  # as they begin
HALF = r"\s*(?P<half>[ap])\.?\s?m\b\.?"
HALVES = {"오전": "a", "上午": "a", "午前": "a", "오후": "p", "下午": "p", "午後": "p"}  # before it
TIME = re.compile(
    rf"(?:\b|(?<=\d)t)(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?:{HALF})?"
)
# Only where the day has been taken out: 14.05, 14h05, 5 pm, 5 Uhr, 14時05分.
LOOSE_TIME = re.compile(
    r"(?<![-+\d])(?P<hour>\d\d?)"
    rf"(?:[.h](?P<minute>\d\d)(?:{HALF}|\b)|{HALF.replace('half', 'only')}"
    r"|[時时点시]\s?(?:(?P<minutes>\d\d?)[分분])?|\s*(?:uhr|h)\b)"
)
OFFSET = re.compile(r"(?:\b(?:utc|gmt)\s*)?([+-])(\d\d?)(?::?(\d\d))?(?!\d)")
PLACE = re.compile(r"\[?\b([a-z]+(?:/[a-z_]+)+)\b\]?")  # europe/berlin
YEAR_FIRST = re.compile(r"\b(\d{4})([-/.])\s?(\d\d?)\2\s?(\d\d?)(?!\d)")
DAY_FIRST = re.compile(
    r"(?<![\d/.-])(\d\d?)([-/.])\s?(\d\d?)\2\s?(\d{4}|\d\d(?=\.?$|[,;\s]))(?!\d)"
)
HAN = re.compile(r"(\d{4})\s*[年년]\s*(\d\d?)\s*[月월]\s*(\d\d?)\s*[日일号]?")
ORDINAL = r"(?:st|nd|rd|th|er|re|º|°|\.)?"
OF = r"(?:\s*[-.,/]\s*|\s*)(?:(?:de|of|del|d'|do|ngày|năm)\s+)?"
MONTH = r"(?P<month>tháng\s\d\d?|[^\W\d_][^\s\d.,/-]+)\.?"
YEAR = r"(?P<year>\d{4}|(?:(?<=[-\s])|(?<='))\d\d(?!\d))"
DAY_MONTH = re.compile(rf"(?<!\d)(?P<day>\d\d?){ORDINAL}{OF}{MONTH}{OF}(?:')?{YEAR}\b")
MONTH_DAY = re.compile(
    rf"\b{MONTH}\s+(?P<day>\d\d?){ORDINAL}(?:\s*,\s*|\s+)"
    r"(?P<zone>[a-z]{2,5}\s+|[+-]\d{4}\s+)?(?P<year>\d{4})\b"
)
PERIOD = re.compile(rf"(?:{MONTH}{OF})?(?P<year>\d{{4}})|(?P<y>\d{{4}})[-/.](?P<m>\d\d?)")
HAN_PERIOD = re.compile(r"(\d{4})\s*[年년](?:\s*(\d\d?)\s*[月월])?")
WORD = re.compile(r"[^\W\d_]+|\d+")
ASIDE = re.compile(r"\([^()]*\)")


class Refusal(ValueError):
    """Why a value is not taken for a date."""


def read_date(value: Any, order: Order | None = None) -> date | None:
    """The date that a value names; None if its form is unknown.

    >>> read_date("July 15, 2018 at 5:23 PM EDT").isoformat()
    '2018-07-15T17:23:00-04:00'
    >>> read_date("3/4/2018"), read_date("3/4/2018", "day")
    (None, datetime.date(2018, 4, 3))
    """
    if value is None or value == "":
        return None
    try:
        return parse_date(value, order)
    except InputError:
        return None


def parse_date(value: Any, order: Order | None = None) -> date:
    """The day or the moment that a string or a number names; `InputError` says why it is none.

    `order` is that of day and month where both may be either.

    >>> parse_date("2018-07-15T06:42:25-04:00").isoformat()
    '2018-07-15T06:42:25-04:00'
    """
    why = "is not a date"
    try:
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            return parse_text(value, order)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return parse_text(str(value)) if value < MIN_EPOCH else since_epoch(value)
    except Refusal as error:
        why = str(error)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        pass  # each of these can come out of a parser in the standard library
    shown = repr(value if not isinstance(value, str) or len(value) <= 60 else value[:60] + "…")
    raise InputError(f"{shown:.80} {why}; write it as 2025-03-28 or 2025-03-28T14:05:00+01:00")


def find_period(value: Any) -> str | None:
    """The year, or the year and the month, that a value names which names no day.

    >>> find_period("March 2024"), find_period("2024")
    ('2024-03', '2024')
    """
    text = str(value).strip().lower() if isinstance(value, str | int) else ""
    if han := HAN_PERIOD.fullmatch(text):
        year, month = int(han[1]), int(han[2] or 0)
    elif match := PERIOD.fullmatch(text):
        year, month = int(match["year"] or match["y"]), int(match["m"] or 0)
        if match["month"] and not (month := load_names().months.get(match["month"], 0)):
            return None
    else:
        return None
    if not (MIN_YEAR <= year <= MAX_YEAR and month <= 12):
        return None
    return f"{year}-{month:02}" if month else f"{year}"


def learn_order(values: Iterable[Any]) -> Order | None:
    """Which of day and month comes first, by those of the dates that show it; None where none
    does, or where they contradict each other.

    >>> learn_order(["3/4/2018", "25/4/2018"])
    'day'
    """
    orders: set[Order] = set()
    for value in values:
        match = DAY_FIRST.search(value[:MAX_LENGTH]) if isinstance(value, str) else None
        if match and max(first := int(match[1]), second := int(match[3])) > 12 >= min(
            first, second
        ):
            orders.add("day" if first > 12 else "month")
    return orders.pop() if len(orders) == 1 else None


def needs_order(value: Any) -> bool:
    """Whether a value names a day that only an order of day and month can tell."""
    match = DAY_FIRST.search(value[:MAX_LENGTH]) if isinstance(value, str) else None
    if match is None or match[1] == match[3] or max(int(match[1]), int(match[3])) > 12:
        return False
    return match[2] != "." or len(match[4]) < 4


def read_iso(when: str) -> date:
    """The day or the moment that `isoformat` wrote: whatever it was, and though it is one that
    says in a file that there is no date (1970-01-01T00:00:00)."""
    is_day = len(when) == len("2025-03-28")
    return date.fromisoformat(when) if is_day else datetime.fromisoformat(when)


def parse_text(value: str, order: Order | None = None) -> date:
    """The day or the moment in a string; `ValueError` where there is none."""
    text = value.strip()
    may_be_null = text[:1] in ("-", "0") or text[:5] in NULL_YEARS or " -000" in text
    if may_be_null and NULL.fullmatch(text.lower()):
        raise Refusal("is a null date, which nobody set")
    kind = date if len(text) <= len("2025-03-28") else datetime
    try:
        return kind.fromisoformat(text)
    except ValueError:
        text = text[:MAX_LENGTH].lower().removeprefix("/date(").removesuffix(")/")
    if EPOCH.fullmatch(text):
        return since_epoch(float(text))
    if compact := COMPACT.fullmatch(text):
        day, hour, minute, second = compact.groups()
        return datetime.fromisoformat(f"{day}T{hour}{minute}{second or '00'}")
    if find_period(text):
        raise Refusal("names no day")
    text = ASIDE.sub(" ", text)
    before = next((half for half in HALVES if half in text), "")
    text = text.replace(before, " ") if before else text
    time = TIME.search(text)
    rest = text if time is None else f"{text[: time.start()]} {text[time.end() :]}"
    american = time is not None and time["half"] is not None
    day_found, rest = split_day(rest, order or ("month" if american else None))
    if time is None and (time := LOOSE_TIME.search(rest)):
        rest = f"{rest[: time.start()]} {rest[time.end() :]}"
    zone, unknown = read_zone(rest, day_found)
    if len(unknown) > MAX_UNKNOWN:
        raise Refusal("is a sentence")
    if time is None or unknown:
        return day_found
    return at_time(day_found, time, HALVES.get(before), zone)


def at_time(day: date, time: "re.Match[str]", before: str | None, zone: tzinfo | None) -> date:
    """The moment on a day that a clock names; `before` is the half that stood before it. The day
    alone where no clock shows that."""
    parts = time.groupdict()
    hour, half = int(parts["hour"]), before or parts["half"] or parts.get("only")
    if half and not 1 <= hour <= 12:
        return day
    if half:
        hour = hour % 12 + 12 * (half == "p")
    minute = int(parts["minute"] or parts.get("minutes") or 0)
    second = min(int(parts.get("second") or 0), 59)
    if hour > 23 or minute > 59:
        return day
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def since_epoch(value: float) -> datetime:
    """The moment so many seconds, or thousandths and smaller parts of them, after 1970 began."""
    part = next((part for least, part in MIN_PARTS if value >= least), 1)
    return datetime.fromtimestamp(value / part, UTC)


def split_day(text: str, order: Order | None) -> tuple[date, str]:
    """The day in a string in small letters, and the rest."""
    if match := HAN.search(text) or YEAR_FIRST.search(text):
        year, month, day = match.group(1), *match.groups()[-2:]
        found = date(int(year), int(month), int(day))
    elif match := DAY_FIRST.search(text):
        one, mark, other, year = match.groups()
        first, second = int(one), int(other)
        if second > 12 or (order == "month" and first <= 12):
            first, second = second, first
        elif first <= 12 and first != second and order is None and (mark != "." or len(year) < 4):
            raise Refusal("may be two days")
        found = date(full_year(year), second, first)
    else:
        found, match = _named_day(text)
    zone = match.groupdict().get("zone") or ""
    return found, f"{text[: match.start()]} {zone} {text[match.end() :]}"


def full_year(year: str) -> int:
    """A year of four figures or of two."""
    short = 0 if len(year) > 2 else 1900 if int(year) >= MIN_SHORT_YEAR else 2000
    return int(year) + short


def _named_day(text: str) -> tuple[date, re.Match[str]]:
    months = load_names().months
    for form in (DAY_MONTH, MONTH_DAY):
        for match in form.finditer(text):
            if month := months.get(match["month"]):
                return date(full_year(match["year"]), month, int(match["day"])), match
    raise Refusal("is not a date")


def read_zone(text: str, day: date) -> tuple[tzinfo | None, list[str]]:
    """The zone in what is left of a date, and the words that are not understood."""
    zone: tzinfo | None = None
    if (offset := OFFSET.search(text)) and int(offset.group(2)) <= MAX_OFFSET:
        sign, hours, minutes = offset.groups()
        behind = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(-behind if sign == "-" else behind)
        text = f"{text[: offset.start()]} {text[offset.end() :]}"
    names = load_names()
    if place := PLACE.search(text):
        zone = zone or zone_of_place("/".join(map(str.title, place[1].split("/"))), day)
        text = f"{text[: place.start()]} {text[place.end() :]}"
    unknown = []
    for word in WORD.findall(text):
        if word in names.zones:
            zone = zone or timezone(timedelta(hours=names.zones[word]))
        elif word in names.places and (there := zone_of_place(names.places[word], day)):
            zone = zone or there
        elif word not in names.other:
            unknown.append(word)
    return zone, unknown


def zone_of_place(place: str, day: date) -> tzinfo | None:
    """What clocks at a place were at on a day; None where the system does not know it."""
    try:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(place))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return timezone(noon.utcoffset() or timedelta())


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
