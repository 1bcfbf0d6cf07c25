"""Dates as files write them → the date of an article, and where it was found.

Files write ISO 8601, RFC 2822 (mail, RSS), seconds since 1970 or an English month. A value in
any other form gives no date, as does a year that no article can be from; nothing is guessed.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from dedup.article import parse_date
from dedup.errors import InputError

DateBasis = Literal["stated", "implied", "guessed"]

MAX_LENGTH = 100  # characters
MIN_EPOCH = 10**8  # seconds since 1970; smaller numbers are read as a day
MIN_MILLISECONDS = 10**11  # since 1970; smaller numbers are seconds
MIN_YEAR, MAX_YEAR = 1600, 2099  # from before any newspaper to the end of the century
IN_WORDS = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.? (\d\d?), (\d{4})")  # "March 28, 2025"


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
    """The date that a value names; None if its form is unknown or no article can have it."""
    published: date | None = None
    try:
        if isinstance(value, date):
            published = value
        elif isinstance(value, str):
            published = parse_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            moment = value / 1000 if value >= MIN_MILLISECONDS else value
            is_day = value < MIN_EPOCH  # 20250328
            published = parse_date(str(value)) if is_day else datetime.fromtimestamp(moment, UTC)
    except (InputError, ValueError, TypeError, IndexError, OverflowError, OSError):
        return None  # each of these can come out of a parser in the standard library
    return published if published and MIN_YEAR <= published.year <= MAX_YEAR else None


def parse_text(value: str) -> date:
    """The date in a string: ISO 8601, as mails and feeds write it, or with an English month."""
    try:
        return parse_date(value)
    except InputError:
        value = value[:MAX_LENGTH]
    if in_words := IN_WORDS.fullmatch(value.strip()):
        month, day, year = in_words.groups()
        value = f"{day} {month} {year}"
    if ":" in value:
        return parsedate_to_datetime(value)
    return parsedate_to_datetime(f"{value} 00:00:00").date()
