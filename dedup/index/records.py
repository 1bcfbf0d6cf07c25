"""Articles as an index keeps them, and back.

Comes in: an `Article`. Goes out: `Content`: its text, compressed, and its other fields as JSON.
What comes back is equal to what went in, as far as JSON knows the values in `extra`: tuples
come back as lists, dates as strings. Nothing is unpickled.
"""

import json
import zlib
from datetime import UTC, date, datetime
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.index.store import Content

FIELDS = ("title", "url", "publisher", "language", "byline")
LONGEST_ID = 2_000  # characters; longer ones are no ids, and PostgreSQL indexes no more


def content_of(article: Article) -> Content:
    """What is kept of an article."""
    fields: dict[str, Any] = {
        name: value for name in FIELDS if (value := getattr(article, name)) is not None
    }
    if article.published is not None:
        fields["published"] = _iso(article.published)
    if article.extra:
        fields["extra"] = dict(article.extra)
    text = article.text.encode("utf-8", "surrogatepass")
    return Content(json.dumps(fields, default=_iso), zlib.compress(text))


def article_of(id: str, content: Content) -> Article:
    """The article again; its text is empty where only its signature is known."""
    fields = json.loads(content.fields)
    text = "" if content.text is None else zlib.decompress(content.text).decode(
        "utf-8", "surrogatepass"
    )  # fmt: skip
    return Article(id, text, **fields)


def moment(when: date | str | None) -> float | None:
    """Seconds since 1970 of a day's beginning or of a moment; UTC where no zone is named."""
    if when is None:
        return None
    if isinstance(when, str):
        when = Article("", "", published=when).published
        assert not isinstance(when, str)  # an article has parsed it
        return moment(when)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return when.timestamp()


def usable_id(id: str) -> str:
    """The id, or an `InputError` where no store could keep it."""
    if not id or len(id) > LONGEST_ID:
        raise InputError(f"the id {id[:40]!r}… has {len(id)} characters; give 1 to {LONGEST_ID}")
    if "\x00" in id or any("\ud800" <= sign <= "\udfff" for sign in id):
        raise InputError(f"the id {id!r} has a NUL or half a surrogate pair; give it without")
    return id


def _iso(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
