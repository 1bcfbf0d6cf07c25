"""A record → an article: which of its fields is the text, the title, the date.

A record is a mapping with string keys, from JSON or from a table. Names are compared without
case, hyphens and underscores; data/fields.toml lists those that are known. All other fields go
into `Article.extra` under their own names. A caller may name fields instead, by paths into
nested records: ``content.body``, ``versions[0].text``. By itself this looks into nested records
only for a name (``{"source": {"name": …}}``) and where one wraps the whole article.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple
from unicodedata import normalize

from dedup.article import Article
from dedup.dates import Order, find_period, learn_order, needs_order
from dedup.errors import InputError
from dedup.readers.dates import DateBasis, explain_date, first_date, read_date
from dedup.readers.markup import html_to_text
from dedup.readers.problem import Outcome, Problem
from dedup.readers.values import (
    address_in,
    byline_in,
    id_in,
    is_missing,
    name_in,
    preview,
    publisher_in,
    text_in,
)

DATA = resources.files("dedup").joinpath("data/fields.toml").read_text("utf-8")
NAMES: dict[str, dict[str, list[str]]] = tomllib.loads(DATA)  # by format and kind of field
TEXT_NAMES = "text, body, content or article"  # the usual ones, for messages
# Dates that may be those of a crawl or of a record, and names that may hold something else.
IMPLIED = frozenset({"created", "createdat", "datecreated", "datetime", "time", "timestamp"})
AMBIGUOUS = frozenset({"data", "day", "time"})
# What wraps the fields of an article in a record (Elasticsearch, JSON:API, content systems).
WRAPPING = ("_source", "article", "attributes", "fields", "document", "data", "item", "story")

MAX_HELD, MAX_HELD_RECORDS = 4_000_000, 10_000  # bytes, and records where their bytes are unknown
MARKUP = re.compile(r"\s*<(?:!doctype|html|body|article|section|div|p|h[1-6]|ul|figure)\b", re.I)
STEP = re.compile(r"[^.\[\]]+")

Plan = Mapping[str, tuple[str, ...]]


class Record(NamedTuple):
    """A record of a file, or the fault in it.

    `line` counts from 1, `offset` is its first byte, `number` is its line, in a list its place;
    `repeated` are the keys of which it has lost one (`json_values`).
    """

    line: int
    offset: int
    number: int
    value: Any = None
    fault: str | None = None
    repeated: tuple[str, ...] = ()


def make_article(
    record: Mapping[str, Any],
    name: str,
    where: Mapping[str, Any],
    chosen: Mapping[str, str],
    order: Order | None = None,
) -> tuple[Article, str | None]:
    """The article in `record`, and a message if its date could not be read.

    Its id is its own, else its address, else `name`. `where` (path, line, …) goes into its
    `extra` and wins over fields of the same name. `chosen` says which field is the text, id,
    title, url, publisher, date or language; the others are recognised by their names. `order`
    is that of day and month in its dates. Raises `InputError` if the record has no text.
    """
    if chosen:
        record, plan = choose_fields(record, chosen)
    else:
        plan = plan_fields(tuple(record))
    used: set[str | None] = set()

    def take(kind: str, read: Callable[[Any], str | None]) -> str | None:
        for key in plan[kind]:
            if (value := read(record[key])) is not None:
                used.add(key)
                return value
        return None

    text = take("text", text_in)
    if text is None:
        inner = None if chosen else unwrap(record)
        if inner is None:
            raise InputError(explain_no_text(record, plan["text"]))
        return make_article(inner, name, where, chosen, order)
    links: tuple[str, ...] = ()
    if MARKUP.match(text):
        text, links = html_to_text(text)
        if not text:
            raise InputError("no text: its text field holds only HTML tags")
    candidates: list[tuple[str, Any, DateBasis]] = [
        (key, record[key], "implied" if normalise_name(key) in IMPLIED else "stated")
        for key in plan["date"]
    ]
    candidates += [(key, record[key], "implied") for key in plan["changed"]]
    published, dated_by, dated = first_date(candidates, order)
    used.add(dated_by)
    modified = next((record[key] for key in plan["changed"] if read_date(record[key])), None)
    url = take("url", name_in) or take("publisher", address_in)  # "source" may be either
    extra: dict[str, Any] = {}
    article = Article(
        id=take("id", id_in) or url or name,
        text=text,
        title=take("title", name_in),
        url=url,
        publisher=take("publisher", publisher_in),
        published=published,
        language=take("language", name_in),
        byline=take("byline", byline_in),
        extra=extra,
    )
    extra |= {key: value for key, value in record.items() if key not in used}
    extra |= {"links": links} if links else {}
    extra |= {"modified": modified} if modified else {}
    extra |= {"dated_by": dated_by, "dated": dated} if dated_by else {}
    extra |= where
    if published:
        return article, None
    periods = (find_period(record[key]) for key in plan["date"])
    if period := next(filter(None, periods), None):
        extra["dated_within"] = period
    return article, explain_undated(record, plan["date"], order)


def read_record(
    make: Callable[[], tuple[Article, str | None]], place: str, at: str = ""
) -> list[Outcome]:
    """The article that `make` gives and what is wrong with it, as problems of `place`.

    `make` is `make_article` or its like, with its arguments; `at` is added to each message.
    """
    try:
        article, undated = make()
    except InputError as error:
        return [Problem(place, f"{error}{at}")]
    return [Problem(place, undated + at), article] if undated else [article]


def order_dates(
    records: Iterable[Record], order: Order | None, chosen: Mapping[str, str]
) -> Iterator[tuple[Record, Order | None, str]]:
    """The records, each with the order of day and month in their dates as far as it is known, and
    the first whose order the records have shown with a note on that, the others with none.

    The field `chosen` as the date has them; without one, those that are called so. From the first
    date on that may be two days, records are held back until another date shows the order, up
    to `MAX_HELD` bytes of them.
    """
    keys = [chosen["date"]] if "date" in chosen else []
    held: list[Record] = []
    may_wait = True
    known = order

    def release() -> Iterator[tuple[Record, Order | None, str]]:
        nonlocal known
        for record in held:
            note = ""
            if order != known and isinstance(record.value, Mapping):
                note, known = explain_order(record, order, keys), order
            yield record, order, note

    for record in records:
        values = dates_of(record, keys) if order is None else ()
        order = order or learn_order(values)
        held.append(record)
        waits = may_wait and order is None and (len(held) > 1 or any(map(needs_order, values)))
        may_wait = record.offset - held[0].offset < MAX_HELD and len(held) < MAX_HELD_RECORDS
        if waits and may_wait:
            continue
        yield from release()
        held = []
    yield from release()


def dates_of(record: Record, keys: Sequence[str] = ()) -> list[Any]:
    """The values of a record that are dates: those at `keys`, else by the names of its fields."""
    if not isinstance(record.value, Mapping):
        return []
    names = keys or plan_fields(tuple(record.value))["date"]
    return [value_at(record.value, name) for name in names]


def explain_order(row: Record, order: Order | None, keys: Sequence[str]) -> str:
    """That days of a file are read in an order which one of its records shows."""
    value = next((v for v in dates_of(row, keys) if isinstance(v, str)), "")
    other = "month" if order == "day" else "day"
    return (
        f"dates such as {preview(value)} are read with the {order} first, as others of them show; "
        f"--date-order {other} reads them the other way"
    )


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
        if kind == "text" and value is None:
            is_there = path in record
            fault = f"its field {path!r} is empty" if is_there else f"it has no field {path!r}"
            raise InputError(f"no text: {fault}")
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
    return {
        kind: tuple(spelled[name] for name in names if name in spelled)
        for kind, names in known_names().items()
    }


@lru_cache(maxsize=1)
def known_names() -> Mapping[str, tuple[str, ...]]:
    """The names of each kind of field, as names are compared."""
    return {
        kind: tuple(dict.fromkeys(map(normalise_name, names)))
        for kind, names in NAMES["record"].items()
    }


def has_text(record: Mapping[str, Any]) -> bool:
    """Whether a field that may be the text of an article holds one."""
    return any(text_in(record[key]) for key in plan_fields(tuple(record))["text"])


@lru_cache(maxsize=4096)
def normalise_name(key: str) -> str:
    """A name as names are compared: small letters and digits, without accents."""
    return "".join(sign for sign in normalize("NFKD", key.casefold()) if sign.isalnum())


def explain_undated(
    record: Mapping[str, Any], keys: Iterable[str], order: Order | None = None
) -> str | None:
    """Why the date of a record could not be read; None if none of these fields has a value."""
    held = ((key, record.get(key)) for key in keys if normalise_name(key) not in AMBIGUOUS)
    given = ((k, v) for k, v in held if v and not (isinstance(v, str) and is_missing(v)))
    key, value = next(given, ("", None))
    if not key:
        return None
    if period := find_period(value):
        return f"the date in {key!r}, {preview(value)}, names no day; kept as within {period}"
    if order is None and needs_order(value):
        return (
            f"the date in {key!r}, {preview(value)}, may be two days, and no other date shows the "
            "order; imported undated; say which comes first with --date-order day or month"
        )
    why = explain_date(value, order) if isinstance(value, str | int | float) else ""
    reason = "" if not why or why.endswith("is not a date") else f" ({why})"
    return f"unrecognised date in {key!r}: {preview(value)}{reason}; imported undated"


def explain_no_text(record: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Why a record has no text, of which these keys could have been the field."""
    if keys:
        value = record[keys[0]]
        if isinstance(value, str) and value.strip():
            return f"no text: its field {keys[0]!r} holds {preview(value)}, which is no value"
        is_empty = not value or isinstance(value, str)
        return f"no text: its field {keys[0]!r} {'is empty' if is_empty else 'is not a string'}"
    names = ", ".join(repr(key) for key in list(record)[:8])
    longest = max(record, key=lambda key: len(text_in(record[key]) or ""), default="")
    has_longest = text_in(record.get(longest)) is not None
    advice = f"; if its text is in {longest!r:.60}, add --text-field" if has_longest else ""
    fields = f"its fields are {names:.200}" if names else "it has no fields"
    return f"no text: no field is called {TEXT_NAMES}; {fields}{advice}"
