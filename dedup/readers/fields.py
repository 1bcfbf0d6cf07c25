"""A record → an article: which of its fields is the text, the title, the date.

A record is a mapping with string keys, from JSON or from a table. Names are compared without
case, hyphens and underscores, so ``publishedAt``, ``published_at`` and ``Published-At`` are one;
of several the first in the list that holds something is taken. All other fields go into
`Article.extra` under their own names. A caller may name fields instead, by paths into nested
records: ``content.body``, ``versions[0].text``.

A text in HTML, as content systems export it, is given as running text. It looks into nested
records by itself only for a name (``{"source": {"name": …}}``) and where one record wraps all
of an article (``{"_source": {…}}``).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

from dedup.article import Article, parse_date
from dedup.errors import InputError
from dedup.readers.flow import fragment
from dedup.readers.provenance import credible

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
LOOSELY = frozenset({"datetime", "timestamp"})  # may be when it was crawled
LANGUAGE = ("language", "lang", "inlanguage")
BYLINE = ("byline", "author", "authors", "creator")

NAMES = {"text": TEXT, "id": ID, "title": TITLE, "url": URL, "publisher": PUBLISHER,
         "date": PUBLISHED, "language": LANGUAGE, "byline": BYLINE}  # fmt: skip

LONGEST_DATE = 100  # characters
DATES = (str, int, float)  # the types of a date in JSON
FIRST_EPOCH = 10**8  # smaller numbers are read as a day: 20250328
FIRST_MILLISECONDS = 10**11
# What wraps the fields of an article in a record (Elasticsearch, JSON:API, content systems).
WRAPPING = ("_source", "article", "attributes", "fields", "document", "data", "item", "story")
MARKUP = re.compile(r"\s*<(?:!doctype|html|body|article|section|div|p|h[1-6]|ul|figure)\b", re.I)
STEP = re.compile(r"[^.\[\]]+")
IN_WORDS = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.? (\d\d?), (\d{4})")  # "March 28, 2025"

Plan = Mapping[str, tuple[str, ...]]
NOTHING: Mapping[str, str] = {}


def article_of(
    record: Mapping[str, Any],
    name: str,
    where: Mapping[str, Any],
    chosen: Mapping[str, str] = NOTHING,
) -> tuple[Article, str | None]:
    """The article in `record`, and what could not be read of it.

    It is called by its own id, else by its address, else `name`. `where` (path, line, …) goes
    into its `extra` and wins over fields of the same name. `chosen` says which field is the
    text, id, title, url, publisher, date or language; the others are known by their names.
    Raises `InputError` if the record has no text.
    """
    if chosen:
        record, plan = _chosen(record, chosen)
    else:
        plan = _plan(tuple(record))
    used: set[str] = set()
    text = _take(record, plan["text"], _text, used)
    if text is None:
        inner = None if chosen else _inner(record)
        if inner is None:
            raise InputError(_no_text(record, plan["text"]))
        return article_of(inner, name, where)
    links: tuple[str, ...] = ()
    if MARKUP.match(text):
        text, links = fragment(text)
        if not text:
            raise InputError("no text: there are but tags in it")
    url = _take(record, plan["url"], _words, used)
    published = _take(record, plan["date"], moment, used)
    extra: dict[str, Any] = {}
    article = Article(
        id=_take(record, plan["id"], _identity, used) or url or name,
        text=text,
        title=_take(record, plan["title"], _words, used),
        url=url,
        publisher=_take(record, plan["publisher"], _words, used),
        published=published,
        language=_take(record, plan["language"], _words, used),
        byline=_take(record, plan["byline"], _words, used),
        extra=extra,
    )
    extra.update({key: value for key, value in record.items() if key not in used})
    if links:
        extra["links"] = links
    if published:
        dated_by = next(key for key in plan["date"] if key in used)
        extra["dated_by"] = dated_by
        extra["dated"] = "implied" if fold(dated_by) in LOOSELY else "stated"
    extra.update(where)
    undated = None if published else next((key for key in plan["date"] if record[key]), None)
    if undated is not None:
        value = brief(record[undated])
        return article, f"{undated!r} is {value}, which is no date; kept without a date"
    return article, None


def field_at(record: Mapping[str, Any], path: str) -> Any:
    """The value at a path into nested records and lists; None where there is none.

    >>> field_at({"versions": [{"text": "Guns"}], "a.b": 1}, "versions[0].text")
    'Guns'
    """
    if path in record:
        return record[path]
    value: Any = record
    for step in STEP.findall(path.removeprefix("$")):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _chosen(record: Mapping[str, Any], chosen: Mapping[str, str]) -> tuple[Mapping[str, Any], Plan]:
    """The record with the chosen fields beside its own, and the plan that takes them."""
    plan = dict(_plan(tuple(record)))
    found = dict(record)
    for kind, path in chosen.items():
        value = field_at(record, path)
        if kind == "text" and isinstance(value, list):  # paragraph by paragraph
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if kind == "text" and value is None:
            raise InputError(f"no text: there is no field {path!r} in this record")
        found[path] = value
        plan[kind] = (path,)
    return found, plan


def _inner(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a record wraps, with the fields around it, if that has a text."""
    for key in WRAPPING:
        inner = record.get(key)
        if isinstance(inner, dict) and has_text(inner):
            return {k: v for k, v in record.items() if k != key} | inner
    return None


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
def _plan(keys: tuple[str, ...]) -> Plan:
    """For each kind of field, which of a record's keys may be it, the best name first.

    The records of a file have the same keys, so this is worked out once for all of them.
    """
    spelled: dict[str, str] = {}
    for key in keys:
        spelled.setdefault(fold(key), key)
    return {kind: tuple(spelled[n] for n in names if n in spelled) for kind, names in NAMES.items()}


def has_text(record: Mapping[str, Any]) -> bool:
    """Whether a field that may be the text of an article holds one."""
    return any(_text(record[key]) for key in _plan(tuple(record))["text"])


def guessed(keys: tuple[str, ...], kind: str) -> str | None:
    """Which of the keys is taken for the text, the title … first; None if none is."""
    return next(iter(_plan(keys)[kind]), None)


def brief(value: Any) -> str:
    """A value for a message: never long, and never deep."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "a record"
    return f"{value!r:.60}"


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """A name as names are compared: small letters and digits."""
    return "".join(character for character in key.casefold() if character.isalnum())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value and not value.isspace() else None


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


def moment(value: Any) -> date | None:
    """The date that a value names: ISO 8601, RFC 2822 (mail, RSS), seconds since 1970, an
    English month; None for what is no date, or none that an article can have."""
    if isinstance(value, date):
        return credible(value)
    return credible(_moment(value))


def _moment(value: Any) -> date | None:
    if isinstance(value, bool) or not isinstance(value, DATES):
        return None
    try:
        if not isinstance(value, str) and value >= FIRST_EPOCH:
            seconds = value / 1000 if value >= FIRST_MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC)
        return parse_date(str(value))
    except (InputError, ValueError, OverflowError, OSError):
        return _mail_date(value) if isinstance(value, str) else None


def _mail_date(value: str) -> date | None:
    value = value[:LONGEST_DATE]
    timed = ":" in value
    named = IN_WORDS.fullmatch(value.strip())
    if named:
        value = " ".join((named.group(2), named.group(1), named.group(3)))
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
    longest = max(record, key=lambda key: len(_text(record[key]) or ""), default="")
    advice = (
        f"; if it is {longest!r:.60}, say so: --text-field" if _text(record.get(longest)) else ""
    )
    return f"no text: none of its fields is called {', '.join(TEXT[:4])}; it has {has:.200}{advice}"
