"""The date of an article among those that a file names, and what is wrong with one that is none.

`dedup.dates` reads them. A reader knows more: that nothing was published in the future, and that
a date which every new file of a program has (that of its template) is none.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from dedup.dates import Order, parse_date
from dedup.errors import InputError

DateBasis = Literal["stated", "implied", "guessed"]

# What a date is called that stood somewhere on a page: it proves nothing about who was first.
ANYWHERE = "a date on the page"
# Without a zone it is how spreadsheets, data frames and databases write a day.
MIDNIGHT = time()
MIN_YEAR = 1600  # from before any newspaper
MAX_AHEAD = timedelta(days=2)  # of our clock: more than any zone, and a paper of tomorrow
# The dates that python-docx writes into every document that it makes.
TEMPLATES = frozenset({datetime(2013, 12, 23, 23, 15, tzinfo=UTC)})


def first_date(
    candidates: Iterable[tuple[str, Any, DateBasis]], order: Order | None = None
) -> tuple[date | None, str | None, DateBasis | None]:
    """The first value that is a date, the name of its field and how reliable that is.

    `order` is that of day and month, where the file shows it.

    >>> first_date([("issued", "soon", "stated"), ("modified", "2025-03-28", "implied")])
    (datetime.date(2025, 3, 28), 'modified', 'implied')
    """
    for name, value, basis in candidates:
        if published := read_date(value, order):
            return published, name, basis
    return None, None, None


def read_date(value: Any, order: Order | None = None) -> date | None:
    """The date that a value names; None if it names none, or one that no article can have."""
    if value is None or value == "":
        return None
    try:
        return check_date(value, order)
    except InputError:
        return None


def explain_date(value: Any, order: Order | None = None) -> str:
    """Why a value is not the date of an article: "… may be two days"."""
    try:
        check_date(value, order)
    except InputError as error:
        return str(error).partition("; write it")[0]
    return ""


def check_date(value: Any, order: Order | None = None) -> date:
    """The date that a value names; `InputError` says why it cannot be that of an article."""
    found = parse_date(value, order)
    if isinstance(found, datetime):
        moment = found if found.tzinfo else found.replace(tzinfo=UTC)
        if moment in TEMPLATES:
            raise InputError(f"{value!s} is the date of a template, which every new file has")
        is_ahead = moment > datetime.now(UTC) + MAX_AHEAD
    else:
        is_ahead = found > (datetime.now(UTC) + MAX_AHEAD).date()
    if is_ahead:
        raise InputError(f"{value!s:.60} lies in the future")
    if found.year < MIN_YEAR:
        raise InputError(f"{value!s:.60} is older than any newspaper")
    if isinstance(found, datetime) and found.tzinfo is None and found.time() == MIDNIGHT:
        return found.date()
    return found
