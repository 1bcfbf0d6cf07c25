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
    keys: dict[str, str] = {}
    for key in record:
        keys.setdefault(_fold(key), key)
    used: set[str] = set()

    def take(names: tuple[str, ...], usable: Callable[[Any], T | None]) -> T | None:
        for folded in names:
            value = usable(record[keys[folded]]) if folded in keys else None
            if value is not None:
                used.add(keys[folded])
                return value
        return None

    text = take(TEXT, _text)
    if text is None:
        raise InputError(_no_text(record, keys))
    url = take(URL, _words)
    published = take(PUBLISHED, _moment)
    undated = next((keys[n] for n in PUBLISHED if n in keys and record[keys[n]]), None)
    article = Article(
        id=take(ID, _identity) or url or name,
        text=text,
        title=take(TITLE, _words),
        url=url,
        publisher=take(PUBLISHER, _words),
        published=published,
        language=take(LANGUAGE, _words),
        byline=take(BYLINE, _words),
        extra={key: value for key, value in record.items() if key not in used} | dict(where),
    )
    if published is None and undated is not None:
        value = brief(record[undated])
        return article, f"{undated!r} is {value}, which is no date; kept without a date"
    return article, None


def has_text(record: Mapping[str, Any]) -> bool:
    """Whether a field that may be the text of an article holds one."""
    return any(_fold(key) in TEXT and _text(value) for key, value in record.items())


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


def _no_text(record: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    for name in TEXT:
        if name in keys:
            value = record[keys[name]]
            state = "empty" if not value or isinstance(value, str) else "no string"
            return f"no text: its field {keys[name]!r} is {state}"
    has = ", ".join(repr(key) for key in list(record)[:8]) or "no field at all"
    return f"no text: none of its fields is called {', '.join(TEXT[:4])}; it has {has:.200}"
