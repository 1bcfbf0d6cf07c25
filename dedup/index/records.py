"""What an index keeps, row by row, and how an article becomes such rows and comes back.

An article's text is kept compressed, its other fields as JSON. What comes back is equal to what
went in, as far as JSON knows the values in `extra`: tuples come back as lists, dates as strings.
Nothing is unpickled, and nothing is trusted: an index may come from a stranger. What no index of
ours has (a text that unpacks without end, a signature of another length) is a `StoreError`.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from dedup.article import Article
from dedup.dates import parse_date, read_iso
from dedup.errors import InputError, StoreError
from dedup.sketch import PERMUTATIONS

FIELDS = ("title", "url", "publisher", "language", "byline", "published")
ENTRY = "number, id, published, original, posted, signature"
MAX_TEXT = 10_000_000  # bytes of an article's text, as in `dedup.read`
MAX_FIELDS = 10_000_000  # characters of its other fields as JSON
SIGNATURE_BYTES = 4 * PERMUTATIONS
MAX_ID = 2_000  # characters; longer ones are no ids, and PostgreSQL indexes no more

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Seconds since 1970 of the first and the last moment that a date can name, in any zone.
DAY = 86_400
FIRST = (datetime.min.replace(tzinfo=UTC) - EPOCH).total_seconds()
LAST = (datetime.max.replace(tzinfo=UTC, microsecond=0) - EPOCH).total_seconds()
MIN_MOMENT, MAX_MOMENT = FIRST - DAY, LAST + DAY


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it is kept, without its content.

    `published` is in seconds since 1970 (UTC), None where the article has no date. `original`
    is the number of the first article with the same signature, None for that one itself.
    `posted` says whether its rare terms are among the postings.
    """

    number: int
    id: str
    published: float | None
    original: int | None
    posted: bool
    signature: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an article: its fields but the text as JSON, its text compressed (None
    where only the signature is known)."""

    fields: str
    text: bytes | None


@dataclass(frozen=True, slots=True)
class IndexPair:
    """Two articles worth a closer look, by number, a < b.

    `relation` is None until they are related. Then it has, for articles that share a source
    text, the relation and the footprints of both as a JSON object; for others the probability
    that they do all the same, or "" where the two could not be compared.
    """

    a: int
    b: int
    relation: str | None

    @property
    def tie(self) -> str:
        """The relation and footprints, where they share a source text; else ""."""
        return self.relation if self.relation and self.relation.startswith("{") else ""


@dataclass(frozen=True, slots=True)
class IndexStats:
    """How much an index holds: rows of each kind, bytes (of texts, and in all), and when the oldest
    and the newest article were published (ISO 8601, in UTC), None where no date is known."""

    articles: int
    bands: int
    runs: int
    terms: int
    common: int
    pending: int
    relations: int
    clusters: int
    text_bytes: int
    bytes: int
    oldest: str | None = None
    newest: str | None = None


def read_moment(seconds: Any) -> float:
    """A moment in seconds since 1970 from its column."""
    if isinstance(seconds, float | int) and MIN_MOMENT <= seconds <= MAX_MOMENT:
        return seconds
    raise damaged(f"the date {seconds!r:.40} of an article is none")


def spell_moment(seconds: float | None) -> str | None:
    """A moment in seconds since 1970 as ISO 8601, in UTC, where the years 1 to 9999 are known."""
    if seconds is None:
        return None
    known = min(max(read_moment(seconds), FIRST), LAST)
    return (EPOCH + timedelta(seconds=known)).isoformat(timespec="seconds")


def read_entry(row: Sequence[Any]) -> Entry:
    """An entry from its columns, in the order of its fields."""
    number, id, published, original, posted, signature = row
    is_whole = (
        isinstance(id, str)
        and isinstance(original, int | None)
        and isinstance(signature, bytes)
        and len(signature) == SIGNATURE_BYTES
    )
    if not is_whole:
        raise damaged(f"the entry of article number {number} is none")
    when = None if published is None else read_moment(published)
    return Entry(number, id, when, original, bool(posted), signature)


def read_content(row: Sequence[Any]) -> Content:
    """A content from its columns."""
    fields, text = row
    if not isinstance(fields, str) or not isinstance(text, bytes | None):
        raise damaged("the content of an article is missing or none")
    return Content(fields, text)


def expect_numbers(rows: list[Any]) -> list[Any]:
    """Rows in which everything is a whole number; in a file that somebody else made it may be
    anything."""
    if not set(map(type, chain.from_iterable(rows))) <= {int}:
        wrong = next(value for row in rows for value in row if type(value) is not int)
        raise damaged(f"{wrong!r:.40} stands where there must be a whole number")
    return rows


def read_pair(row: Sequence[Any]) -> IndexPair:
    """A pair from its columns."""
    a, b, relation = row
    if not isinstance(a, int) or not isinstance(b, int) or not isinstance(relation, str | None):
        raise damaged(f"the pair of the articles {a!r:.40} and {b!r:.40} is none")
    return IndexPair(a, b, relation)


def content_of(article: Article) -> Content:
    """The content of an article as it is kept; `InputError` if it is larger than any article."""
    text = article.text.encode("utf-8", "surrogatepass")
    spelled = spell_fields(article)
    if len(text) > MAX_TEXT or len(spelled) > MAX_FIELDS:
        raise InputError(
            f"the article {article.id!r} has {(len(text) + len(spelled)) / 1e6:,.0f} MB; "
            f"the limit in an index is {MAX_TEXT / 1e6:,.0f} MB"
        )
    return Content(spelled, zlib.compress(text))


def spell_fields(article: Article) -> str:
    """The fields of an article but its id and its text, as JSON."""
    fields = {name: value for name in FIELDS if (value := getattr(article, name)) is not None}
    if article.extra:
        fields["extra"] = dict(article.extra)
    try:
        return json.dumps(fields, default=as_json)
    except (ValueError, TypeError, RecursionError) as error:
        what = f"the extra fields of the article {article.id!r} cannot be kept: {error!s:.200}"
        raise InputError(what) from None


def article_of(id: str, content: Content) -> Article:
    """The article again; its text is empty where only its signature is known. Raises `StoreError`
    where what is kept is no article."""
    try:
        fields = json.loads(content.fields)
        if not isinstance(fields.get("extra", {}), dict):
            raise ValueError("its extra fields are no record")
        if isinstance(when := fields.get("published"), str):
            fields["published"] = read_iso(when)
        text = unpack(content.text) if content.text is not None else b""
        return Article(id, text.decode("utf-8", "surrogatepass"), **fields)
    except (ValueError, TypeError, AttributeError, RecursionError, zlib.error, InputError) as error:
        raise damaged(f"the article {id!r:.200} cannot be read: {error!s:.200}") from None


def unpack(data: bytes) -> bytes:
    """A text that was compressed, if it is no longer than any text."""
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(data, MAX_TEXT + 1)
    if len(text) > MAX_TEXT:
        raise ValueError(f"its text has more than {MAX_TEXT / 1e6:,.0f} MB")
    if not unpacker.eof:
        raise ValueError("its text is cut off")
    return text


def damaged(what: str) -> StoreError:
    """The error that an index holds what it cannot hold."""
    return StoreError(f"the index is damaged: {what}; go back to a copy of it")


def moment(when: date | str | None) -> float | None:
    """Seconds since 1970 of a day's beginning or of a moment; UTC where no zone is named."""
    if when is None:
        return None
    when = parse_date(when)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return when.timestamp()


def check_id(id: str) -> str:
    """The id, or an `InputError` where no store could keep it."""
    if not id or len(id) > MAX_ID:
        raise InputError(f"the id {id[:40]!r}… has {len(id)} characters; give 1 to {MAX_ID}")
    if not is_storable(id):
        raise InputError(f"the id {id!r} has a NUL or half a surrogate pair; give it without")
    return id


def is_storable(id: str) -> bool:
    """Whether a database can keep this id: without NUL and lone surrogates."""
    return "\x00" not in id and not any("\ud800" <= sign <= "\udfff" for sign in id)


def as_json(value: Any) -> str:
    """A value that JSON does not know: a date, or whatever stands in `extra`."""
    return value.isoformat() if isinstance(value, date) else str(value)
