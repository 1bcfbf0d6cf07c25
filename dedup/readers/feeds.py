"""RSS and Atom → articles: the entries of a feed, with their full content where it has it.

Comes in: a feed as it was saved. Goes out: an article for each entry, in order. The text is
the entry's content (``content:encoded``, ``content``), else its summary, which is then said
(``extra["partial"]``). The feed's title is the publisher. An entry's ``source``, and a link
that it has as ``via`` or ``related``, say whom it was taken from. feedparser reads the dialects
and the broken ones; it is given bytes, never an address, and a feed that declares entities is
refused.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.extras import require
from dedup.readers.fields import moment
from dedup.readers.flow import fragment
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem
from dedup.readers.provenance import Provenance, addresses, first, line, several

ENDINGS = frozenset({".rss", ".atom", ".rdf"})

MAX_BYTES = 30_000_000  # a feed is read as a whole; archives of 10,000 entries have 20 MB
ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", re.IGNORECASE)


def read_feed(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The articles in a feed and its problems.

    An entry without an id is called by its address, else ``name:place``.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Problem(path, f"a feed of more than {MAX_BYTES / 1e6:,.0f} MB; split it")
        return
    if ENTITY.search(data):
        yield Problem(path, "declares entities of its own (<!ENTITY), which are not expanded")
        return
    try:
        feed = require("feedparser", "feeds").parse(
            BytesIO(data), sanitize_html=False, resolve_relative_uris=False
        )
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        yield Problem(path, f"no feed that can be read: {error!r:.200}")
        return
    for number, entry in enumerate(feed.entries, 1):
        article = _article(entry, feed.feed, path, f"{name}:{number}", number)
        yield article or Problem(f"{path}:{number}", "no text: the entry has no content")
    if feed.bozo and not (feed.entries and feed.get("version")):
        yield Problem(path, f"no feed that can be read: {feed.get('bozo_exception')!s:.200}")
    elif feed.bozo and not isinstance(feed.bozo_exception, _harmless()):
        reason = f"{feed.bozo_exception!s:.200}"
        yield Problem(path, f"a broken feed, whose last entries may be lost: {reason}")
    elif not feed.entries:
        yield Problem(path, "empty: there is no entry in this feed")


def _harmless() -> tuple[type[Exception], ...]:
    """What feedparser remarks on and reads all the same."""
    exceptions = require("feedparser.exceptions", "feeds")
    return exceptions.CharacterEncodingOverride, exceptions.NonXMLContentType


def _article(entry: Any, feed: Any, path: str, name: str, number: int) -> Article | None:
    contents = [part.get("value") or "" for part in entry.get("content") or ()]
    content, summary = max(contents, key=len, default=""), entry.get("summary") or ""
    partial = not content.strip()
    text, links = fragment(summary if partial else content)
    if not text:
        return None
    stated = [(f, moment(entry.get(f))) for f in ("published", "created")]
    implied = [("updated", moment(dict.get(entry, "updated")))]  # not what stands in for it
    dated_by, published = next(((f, d) for f, d in stated + implied if d), (None, None))
    by_relation = [
        (str(link.get("rel") or "").lower(), link.get("href")) for link in entry.get("links") or ()
    ]
    source = entry.get("source") or {}
    url = line(entry.get("link"))
    provenance = Provenance(
        dated_by=dated_by,
        dated=None if dated_by is None else "implied" if dated_by == "updated" else "stated",
        canonical=next((href for rel, href in by_relation if rel == "canonical"), None),
        based_on=addresses([href for rel, href in by_relation if rel == "via"]),
        sources=several([first(source, "title", "value")]),
        rights=line(entry.get("rights")) or line(feed.get("rights")),
        links=links,
    )
    extra = provenance.extra() | ({"partial": True} if partial else {})
    return Article(
        line(entry.get("id")) or url or name,
        text,
        title=_plain(entry.get("title")),
        url=url,
        publisher=line(entry.get("publisher")) or _plain(feed.get("title")),
        published=published,
        language=line(first(entry.get("content", [{}])[0], "language"))
        or line(feed.get("language")),
        byline=line(entry.get("author")),
        extra=extra | {"path": path, "entry": number},
    )


def _plain(title: Any) -> str | None:
    """A title, which may have markup in it, on one line."""
    return line(fragment(title)[0]) if isinstance(title, str) else None
