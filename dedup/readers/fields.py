"""A record → an article: which of its fields is the text, the title, the date.

A record is a mapping with string keys, from JSON today and from tables and feeds later.
Names are compared without case, hyphens and underscores, so ``publishedAt``, ``published_at``
and ``Published-At`` are one; of several the first in the list that holds something is taken.
All other fields go into `Article.extra` under their own names.

It does not look into nested records, save for a name inside them (``{"source": {"name": …}}``).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

from dedup.article import Article, parse_date
from dedup.errors import InputError

T = TypeVar("T")

ID = ("id", "uuid", "guid", "docid", "articleid")
TEXT = ("text", "body", "content", "article", "articlebody", "bodytext", "maintext", "fulltext")
TITLE = ("title", "headline")
URL = ("url", "link", "canonicalurl", "uri")
PUBLISHER = ("publisher", "source", "sitename", "outlet", "domain", "sourcedomain")
PUBLISHED = (
    *("published", "publishedat", "datepublished", "publishdate", "publicationdate"),
    *("date", "pubdate", "datetime", "timestamp"),
)
LANGUAGE = ("language", "lang", "inlanguage")
BYLINE = ("byline", "author", "authors", "creator")

FIRST_EPOCH = 10**8  # smaller numbers are read as a day: 20250328
FIRST_MILLISECONDS = 10**11


def article_of(
    record: Mapping[str, Any], name: str, where: Mapping[str, Any]
) -> tuple[Article, str | None]:
    """The article in `record`, and what could not be read of it.

    It is called by its own id, else by its address, else `name`. `where` (path, line, …) goes
    into its `extra` and wins over fields of the same name. Raises `InputError` if the record
    has no text.
    """
    plan = _plan(tuple(record))
    used: set[str] = set()
    text = _take(record, plan[TEXT], _text, used)
    if text is None:
        raise InputError(_no_text(record, plan[TEXT]))
    url = _take(record, plan[URL], _words, used)
    published = _take(record, plan[PUBLISHED], _moment, used)
    article = Article(
        id=_take(record, plan[ID], _identity, used) or url or name,
        text=text,
        title=_take(record, plan[TITLE], _words, used),
        url=url,
        publisher=_take(record, plan[PUBLISHER], _words, used),
        published=published,
        language=_take(record, plan[LANGUAGE], _words, used),
        byline=_take(record, plan[BYLINE], _words, used),
        extra={key: value for key, value in record.items() if key not in used} | dict(where),
    )
    undated = None if published else next((key for key in plan[PUBLISHED] if record[key]), None)
    if undated is not None:
        value = brief(record[undated])
        return article, f"{undated!r} is {value}, which is no date; kept without a date"
    return article, None


def _take(
    record: Mapping[str, Any],
    keys: tuple[str, ...],
    usable: Callable[[Any], T | None],
    used: set[str],
) -> T | None:
    """The first usable value under `keys`; its key is `used`."""
    for key in keys:
        value = usable(record[key])
        if value is not None:
            used.add(key)
            return value
    return None


@lru_cache(maxsize=1024)
def _plan(keys: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """For each kind of field, which of a record's keys may be it, the best name first.

    The records of a file have the same keys, so this is worked out once for all of them.
    """
    spelled: dict[str, str] = {}
    for key in keys:
        spelled.setdefault(_fold(key), key)
    kinds = (ID, TEXT, TITLE, URL, PUBLISHER, PUBLISHED, LANGUAGE, BYLINE)
    return {names: tuple(spelled[n] for n in names if n in spelled) for names in kinds}


def has_text(record: Mapping[str, Any]) -> bool:
    """Whether a field that may be the text of an article holds one."""
    return any(_text(record[key]) for key in _plan(tuple(record))[TEXT])


def brief(value: Any) -> str:
    """A value for a message: never long, and never deep."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "a record"
    return f"{value!r:.60}"


@lru_cache(maxsize=4096)
def _fold(key: str) -> str:
    return "".join(character for character in key.casefold() if character.isalnum())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _words(value: Any) -> str | None:
    """A string as it is, the name inside a record, the names in a list; None for the rest."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _text(value.get("name"))
    if isinstance(value, list):
        names = [words for part in value if (words := _words(part))]
        return ", ".join(names) or None
    return None


def _identity(value: Any) -> str | None:
    if isinstance(value, Mapping):  # MongoDB's export
        value = value.get("$oid")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value)


def _moment(value: Any) -> date | None:
    """The date that a value names: ISO 8601, RFC 2822 (mail, RSS), seconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if isinstance(value, int | float) and value >= FIRST_EPOCH:
            seconds = value / 1000 if value >= FIRST_MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
        return parse_date(str(value))
    except (InputError, ValueError, OverflowError, OSError):
        return _mail_date(value) if isinstance(value, str) else None


def _mail_date(value: str) -> date | None:
    timed = ":" in value
    try:
        moment = parsedate_to_datetime(value if timed else f"{value} 00:00:00")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if timed else moment.date()


def _no_text(record: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = record[key]
        state = "empty" if not value or isinstance(value, str) else "no string"
        return f"no text: its field {key!r} is {state}"
    has = ", ".join(repr(key) for key in list(record)[:8]) or "no field at all"
    return f"no text: none of its fields is called {', '.join(TEXT[:4])}; it has {has:.200}"
