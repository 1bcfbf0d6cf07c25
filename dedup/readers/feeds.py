"""RSS and Atom → articles: the entries of a feed, with their full content where it has it.

An export of WordPress (WXR) is RSS, too, whose paragraphs are lines.

The text is the entry's content (``content:encoded``, ``content``), else its summary, else its
headline; ``extra["partial"]`` says that it is less than the content. The feed's title is the
publisher; an entry's ``source`` and its links as ``via`` say whom it was taken from. feedparser
reads the dialects and the broken ones; it is given bytes, never an address, and a feed that
declares entities is refused.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.broken import broken_to_text
from dedup.readers.compression import read_whole
from dedup.readers.dates import first_date
from dedup.readers.markup import html_to_text
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem
from dedup.readers.provenance import Provenance, clean_list, first_value, one_line, web_addresses
from dedup.readers.values import byline_in

MAX_BYTES = 30_000_000  # a feed is read as a whole; archives of 10,000 entries have 20 MB
ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y", re.IGNORECASE)
# An export of WordPress has the names of its authors apart from the names that they log in with.
AUTHOR = re.compile(
    rb"<wp:author_login>(?:<!\[CDATA\[)?([^<>\]]{1,200}).{1,1000}?"
    rb"<wp:author_display_name>(?:<!\[CDATA\[)?([^<>\]]{1,200})",
    re.DOTALL,
)
MAX_AUTHORS = 10_000
NO_POSTS = frozenset({"attachment", "nav_menu_item", "revision", "custom_css", "wp_navigation"})
OWN_ENTITIES = "declares entities of its own (<!ENTITY), which are never expanded; remove them"


def read_feed(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in a feed and its problems. Raises `InputError` if it is none.

    The id of an entry without one is its address, else ``name:place``.
    """
    data = read_whole(stream, MAX_BYTES, "a feed")
    if ENTITY.search(data.getvalue()):
        raise InputError(OWN_ENTITIES)
    parse = require("feedparser", "feeds").parse
    try:
        feed = parse(data, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise InputError(f"not a feed that can be read: {error!s:.200}") from None
    left_out: Counter[str] = Counter()
    authors = {
        match[1].decode("utf-8", "replace"): unescape(match[2].decode("utf-8", "replace"))
        for match in islice(AUTHOR.finditer(data.getvalue()), MAX_AUTHORS)
    }
    exceptions = require("feedparser.exceptions", "feeds")
    harmless = exceptions.CharacterEncodingOverride, exceptions.NonXMLContentType
    for number, entry in enumerate(feed.entries, 1):
        if entry.get("wp_post_type") in NO_POSTS:  # an export of WordPress
            left_out[entry["wp_post_type"]] += 1
            continue
        article = make_article(entry, feed.feed, authors, path, f"{name}:{number}", number)
        yield article or Problem(
            f"{path}:{number}", "no text: the entry has neither content nor a title"
        )
    if left_out:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(left_out.items()))
        yield Note(path, f"skipped what is no post: {kinds}")
    reason = f"{feed.get('bozo_exception')!s:.200}"
    if feed.bozo and not (feed.entries and feed.get("version")):
        yield Problem(path, f"not a feed that can be read: {reason}")
    elif feed.bozo and not isinstance(feed.bozo_exception, harmless):
        yield Problem(path, f"damaged, its last entries may be missing: {reason}")
    elif not feed.entries:
        yield Problem(path, "empty: there is no entry in this feed")


def make_article(
    entry: Any, feed: Any, authors: Mapping[str, str], path: str, name: str, number: int
) -> Article | None:
    """The article in an entry of a feed; None if it has no text. `authors` are the names of those
    that an entry calls otherwise."""
    contents = [part.get("value") or "" for part in entry.get("content") or ()]
    content, summary = max(contents, key=len, default=""), entry.get("summary") or ""
    is_partial = not content.strip()
    title = plain_title(entry.get("title"))
    text, links = broken_to_text(summary if is_partial else content)
    if not (text := text or title or ""):
        return None
    published, dated_by, dated = first_date(
        [
            ("published", entry.get("published"), "stated"),
            ("created", entry.get("created"), "stated"),
            ("updated", dict.get(entry, "updated"), "implied"),  # feedparser's `get` would guess
        ]
    )
    by_relation = [
        (str(link.get("rel") or "").lower(), link.get("href"))
        for link in entry.get("links") or ()
        if isinstance(link, dict)  # a damaged feed may have text in its place
    ]
    url = one_line(entry.get("link"))
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        canonical=next((href for rel, href in by_relation if rel == "canonical"), None),
        based_on=web_addresses([href for rel, href in by_relation if rel == "via"]),
        sources=clean_list([first_value(entry.get("source") or {}, "title", "value")]),
        rights=one_line(entry.get("rights")) or one_line(feed.get("rights")),
        links=links,
    )
    extra = provenance.extra() | ({"partial": True} if is_partial else {})
    author = one_line(entry.get("author")) or ""
    language = one_line(first_value(entry.get("content", [{}])[0], "language"))
    return Article(
        one_line(entry.get("id")) or url or name,
        text,
        title=title,
        url=url,
        publisher=one_line(entry.get("publisher")) or plain_title(feed.get("title")),
        published=published,
        language=language or one_line(feed.get("language")),
        byline=byline_in(authors.get(author, author)),
        extra=extra | {"path": path, "entry": number},
    )


def plain_title(title: Any) -> str | None:
    """A title, which may have markup in it, on one line."""
    return one_line(html_to_text(title)[0]) if isinstance(title, str) else None
