"""A record → an article: which of its fields is the text, the title, the date.

A record is a mapping with string keys, from JSON or from a table. Names are compared without
case, hyphens and underscores, so ``publishedAt``, ``published_at`` and ``Published-At`` are one;
of several the first in the list that holds something is taken. All other fields go into
`Article.extra` under their own names. A caller may name fields instead, by paths into nested
records: ``content.body``, ``versions[0].text``.

A text in HTML, as content systems export it, becomes running text. By itself this looks into
nested records only for a name (``{"source": {"name": …}}``) and where one record wraps all of
an article (``{"_source": {…}}``).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

from dedup.article import Article, parse_date
from dedup.errors import InputError
from dedup.readers.markup import html_to_text
from dedup.readers.problem import Outcome, Problem
from dedup.readers.provenance import plausible_date

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
IMPLIED = frozenset({"datetime", "timestamp"})  # may be when it was crawled
LANGUAGE = ("language", "lang", "inlanguage")
BYLINE = ("byline", "author", "authors", "creator")

NAMES = {"text": TEXT, "id": ID, "title": TITLE, "url": URL, "publisher": PUBLISHER,
         "date": PUBLISHED, "language": LANGUAGE, "byline": BYLINE}  # fmt: skip
TEXT_NAMES = f"{', '.join(TEXT[:3])} or {TEXT[3]}"  # for messages: the usual ones

MAX_DATE_LENGTH = 100  # characters
MAX_NAME_DEPTH = 9  # of lists in lists of names
MIN_EPOCH = 10**8  # smaller numbers are read as a day: 20250328
MIN_MILLISECONDS = 10**11
# What wraps the fields of an article in a record (Elasticsearch, JSON:API, content systems).
WRAPPING = ("_source", "article", "attributes", "fields", "document", "data", "item", "story")
MARKUP = re.compile(r"\s*<(?:!doctype|html|body|article|section|div|p|h[1-6]|ul|figure)\b", re.I)
STEP = re.compile(r"[^.\[\]]+")
IN_WORDS = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.? (\d\d?), (\d{4})")  # "March 28, 2025"

Plan = Mapping[str, tuple[str, ...]]
NOTHING: Mapping[str, str] = {}


def make_article(
    record: Mapping[str, Any],
    name: str,
    where: Mapping[str, Any],
    chosen: Mapping[str, str] = NOTHING,
) -> tuple[Article, str | None]:
    """The article in `record`, and a message if its date could not be read.

    Its id is its own, else its address, else `name`. `where` (path, line, …) goes into its
    `extra` and wins over fields of the same name. `chosen` says which field is the text, id,
    title, url, publisher, date or language; the others are recognised by their names. Raises
    `InputError` if the record has no text.
    """
    if chosen:
        record, plan = choose_fields(record, chosen)
    else:
        plan = plan_fields(tuple(record))
    used: set[str] = set()
    text = take(record, plan["text"], text_in, used)
    if text is None:
        inner = None if chosen else unwrap(record)
        if inner is None:
            raise InputError(explain_no_text(record, plan["text"]))
        return make_article(inner, name, where)
    links: tuple[str, ...] = ()
    if MARKUP.match(text):
        text, links = html_to_text(text)
        if not text:
            raise InputError("no text: its text field holds only HTML tags")
    url = take(record, plan["url"], name_in, used)
    published = take(record, plan["date"], read_date, used)
    extra: dict[str, Any] = {}
    article = Article(
        id=take(record, plan["id"], id_in, used) or url or name,
        text=text,
        title=take(record, plan["title"], name_in, used),
        url=url,
        publisher=take(record, plan["publisher"], name_in, used),
        published=published,
        language=take(record, plan["language"], name_in, used),
        byline=take(record, plan["byline"], name_in, used),
        extra=extra,
    )
    extra.update({key: value for key, value in record.items() if key not in used})
    if links:
        extra["links"] = links
    if published:
        dated_by = next(key for key in plan["date"] if key in used)
        extra["dated_by"] = dated_by
        extra["dated"] = "implied" if normalise_name(dated_by) in IMPLIED else "stated"
    extra.update(where)
    undated = None if published else next((key for key in plan["date"] if record[key]), None)
    return article, explain_undated(undated, record[undated]) if undated else None


def take(
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


def read_record(
    record: Mapping[str, Any],
    name: str,
    where: Mapping[str, Any],
    place: str,
    chosen: Mapping[str, str] = NOTHING,
    at: str = "",
) -> Iterator[Outcome]:
    """The article in `record` and what is wrong with it: at `place`, with `at` after the reason."""
    try:
        article, undated = make_article(record, name, where, chosen)
    except InputError as error:
        yield Problem(place, f"{error}{at}")
        return
    if undated:
        yield Problem(place, undated + at)
    yield article


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """The value at a path into nested records and lists; None where there is none.

    >>> value_at({"versions": [{"text": "Guns"}], "a.b": 1}, "versions[0].text")
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


def choose_fields(
    record: Mapping[str, Any], chosen: Mapping[str, str]
) -> tuple[Mapping[str, Any], Plan]:
    """The record with the chosen fields beside its own, and the plan that takes them."""
    plan = dict(plan_fields(tuple(record)))
    extended = dict(record)
    for kind, path in chosen.items():
        value = value_at(record, path)
        if kind == "text" and isinstance(value, list):  # paragraph by paragraph
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if kind == "text" and value is None:
            raise InputError(f"no text: this record has no field {path!r}")
        extended[path] = value
        plan[kind] = (path,)
    return extended, plan


def unwrap(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a record wraps, with the fields around it, if that has a text."""
    for key in WRAPPING:
        inner = record.get(key)
        if isinstance(inner, dict) and has_text(inner):
            return {k: v for k, v in record.items() if k != key} | inner
    return None


@lru_cache(maxsize=1024)
def plan_fields(keys: tuple[str, ...]) -> Plan:
    """For each kind of field, which of a record's keys may be it, the best name first.

    The records of a file have the same keys, so this is worked out once for all of them.
    """
    spelled: dict[str, str] = {}
    for key in keys:
        spelled.setdefault(normalise_name(key), key)
    return {kind: tuple(spelled[n] for n in names if n in spelled) for kind, names in NAMES.items()}


def guess_field(keys: tuple[str, ...], kind: str) -> str | None:
    """Which of the keys is first taken for the text, the title …; None if none is."""
    return next(iter(plan_fields(keys)[kind]), None)


def has_text(record: Mapping[str, Any]) -> bool:
    """Whether a field that may be the text of an article holds one."""
    return any(text_in(record[key]) for key in plan_fields(tuple(record))["text"])


@lru_cache(maxsize=4096)
def normalise_name(key: str) -> str:
    """A name as names are compared: small letters and digits."""
    return "".join(character for character in key.casefold() if character.isalnum())


def text_in(value: Any) -> str | None:
    """A string that is not blank; None for the rest."""
    return value if isinstance(value, str) and value and not value.isspace() else None


def name_in(value: Any, depth: int = 0) -> str | None:
    """A string as it is, the name inside a record, the names in a list; None for the rest."""
    if isinstance(value, str):
        return text_in(value)
    if isinstance(value, Mapping):
        return text_in(value.get("name"))
    if isinstance(value, list) and depth <= MAX_NAME_DEPTH:
        return ", ".join(name for part in value if (name := name_in(part, depth + 1))) or None
    return None


def id_in(value: Any) -> str | None:
    """A string or a whole number as an id; None for the rest."""
    if isinstance(value, str):
        return text_in(value)
    if isinstance(value, Mapping):  # MongoDB's export
        value = value.get("$oid")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_in(value)


def read_date(value: Any) -> date | None:
    """The date that a value names: ISO 8601, RFC 2822 (mail, RSS), seconds since 1970, an
    English month; None if its format is unknown or no article can have that date."""
    if isinstance(value, date):
        return plausible_date(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        if not isinstance(value, str) and value >= MIN_EPOCH:
            seconds = value / 1000 if value >= MIN_MILLISECONDS else value
            return plausible_date(datetime.fromtimestamp(seconds, UTC))
        return plausible_date(parse_date(str(value)))
    except (InputError, ValueError, OverflowError, OSError):
        return plausible_date(parse_mail_date(value)) if isinstance(value, str) else None


def parse_mail_date(value: str) -> date | None:
    """The date in a string as mails and feeds write it, or with an English month."""
    value = value[:MAX_DATE_LENGTH]
    has_time = ":" in value
    in_words = IN_WORDS.fullmatch(value.strip())
    if in_words:
        value = " ".join((in_words.group(2), in_words.group(1), in_words.group(3)))
    try:
        published = parsedate_to_datetime(value if has_time else f"{value} 00:00:00")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return published if has_time else published.date()


def preview(value: Any) -> str:
    """A value for a message: never long, and never deep."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "a record"
    return f"{value!r:.60}"


def explain_undated(key: str, value: Any) -> str:
    """That an article is imported without a date, because this one cannot be read."""
    return f"unrecognised date in {key!r}: {preview(value)}; imported undated"


def explain_no_text(record: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Why a record has no text, of which these keys could have been the field."""
    for key in keys:
        value = record[key]
        is_empty = not value or isinstance(value, str)
        return f"no text: its field {key!r} {'is empty' if is_empty else 'is not a string'}"
    names = ", ".join(repr(key) for key in list(record)[:8])
    longest = max(record, key=lambda key: len(text_in(record[key]) or ""), default="")
    has_longest = text_in(record.get(longest)) is not None
    advice = f"; if its text is in {longest!r:.60}, add --text-field" if has_longest else ""
    fields = f"its fields are {names:.200}" if names else "it has no fields"
    return f"no text: no field is called {TEXT_NAMES}; {fields}{advice}"
