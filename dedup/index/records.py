"""What an index keeps, row by row, and how an article becomes such rows and comes back.

An article's text is kept compressed, its other fields as JSON. What comes back is equal to what
went in, as far as JSON knows the values in `extra`: tuples come back as lists, dates as strings.
Nothing is unpickled.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.dates import parse_date
from dedup.errors import InputError

FIELDS = ("title", "url", "publisher", "language", "byline", "published")
MAX_ID = 2_000  # characters; longer ones are no ids, and PostgreSQL indexes no more

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    terms: int
    common: int
    pending: int
    relations: int
    clusters: int
    text_bytes: int
    bytes: int
    oldest: str | None = None
    newest: str | None = None


class Postings(NamedTuple):
    """The articles that have terms: `terms` int64[n], how many articles each has, `sizes`
    int64[n], and their `numbers`, int64, those of each term end to end."""

    terms: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]


def spell_moment(seconds: float | None) -> str | None:
    """A moment in seconds since 1970 as ISO 8601, in UTC."""
    if seconds is None:
        return None
    return (EPOCH + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def content_of(article: Article) -> Content:
    """The content of an article as it is kept."""
    fields = {name: value for name in FIELDS if (value := getattr(article, name)) is not None}
    if article.extra:
        fields["extra"] = dict(article.extra)
    text = article.text.encode("utf-8", "surrogatepass")
    return Content(json.dumps(fields, default=as_json), zlib.compress(text))


def article_of(id: str, content: Content) -> Article:
    """The article again; its text is empty where only its signature is known."""
    text = zlib.decompress(content.text) if content.text is not None else b""
    return Article(id, text.decode("utf-8", "surrogatepass"), **json.loads(content.fields))


def moment(when: date | str | None) -> float | None:
    """Seconds since 1970 of a day's beginning or of a moment; UTC where no zone is named."""
    if when is None:
        return None
    if isinstance(when, str):
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
