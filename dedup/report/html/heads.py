"""Heads: what a page calls an article, in a line or two.

Comes in: articles. Goes out: a `Head` for each: name, publisher, date, opening, an address that
may be followed. It holds no text, so that all heads of a large collection fit in memory.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.attribution import canonical_name
from dedup.attribution.outlets import host
from dedup.report.html.safe import brief
from dedup.report.lineage import published
from dedup.text.layout import lay_out
from dedup.text.model import UNKNOWN
from dedup.text.words import split_words

NAME = 80  # characters
OPENING = 180
OPENING_WITHIN = 800  # characters in which an article's first paragraph is looked for
OPENING_WORDS = 6  # a shorter first line is more likely navigation than news
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """An article without its text. `moment` sorts: seconds since 1970, a day at its midnight."""

    id: str
    name: str
    publisher: str
    opening: str
    date: str
    day: str
    iso: str
    moment: float | None
    url: str
    language: str
    characters: int


def heads(articles: Iterable[Article], languages: Mapping[str, str]) -> dict[str, Head]:
    """The heads of articles by id."""
    return {article.id: _head(article, languages) for article in articles}


def told_apart(together: Iterable[Head]) -> dict[str, Head]:
    """Heads that stand on one page, by id; where two have one name, it is followed by the id."""
    heads = {head.id: head for head in together}
    seen = Counter(head.name for head in heads.values())
    return {
        id: head if seen[head.name] == 1 or head.name == id
        else replace(head, name=brief(f"{head.name} ({id})", NAME))
        for id, head in heads.items()
    }  # fmt: skip


def _head(article: Article, languages: Mapping[str, str]) -> Head:
    begins = opening(article)
    name = brief(article.publisher or article.title or article.id, NAME) or article.id
    return Head(
        article.id,
        name,
        publisher_of(article),
        "" if begins in (article.id, name) else brief(begins, OPENING),
        _told(article.published),
        _day(article.published),
        published(article) or "",
        _moment(article.published),
        followed(article.url),
        _code(languages.get(article.id) or article.language or ""),
        len(article.text),
    )


def opening(article: Article) -> str:
    """The title, or the first paragraph that looks like news rather than navigation."""
    if article.title and article.title.strip():
        return article.title
    blocks = lay_out(article.text[:OPENING_WITHIN])
    told = [article.text[block.begin : block.end] for block in blocks if block.form != "furniture"]
    news = (paragraph for paragraph in told if len(split_words(paragraph)) >= OPENING_WORDS)
    return next(news, next(iter(told), ""))


def publisher_of(article: Article) -> str:
    """The publisher as given or as the address has it; empty where neither is known."""
    if article.publisher:
        return brief(article.publisher, NAME)
    return brief(canonical_name(host(article.url)), NAME) if article.url else ""


def followed(url: str | None) -> str:
    """An address that a reader may follow: of the web, not of a script. Else nothing.

    >>> followed("javascript:alert(1)"), followed("https://www.zdf.de/koksan")
    ('', 'https://www.zdf.de/koksan')
    """
    if not url or len(url) > 2_000 or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[broken"
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def span_of(found: Iterable[Head]) -> str:
    """From when to when articles appeared: "27 to 28 March 2025"; nothing without dates."""
    dated = sorted(
        ((head.moment, head) for head in found if head.moment is not None), key=lambda one: one[0]
    )
    if not dated:
        return ""
    first, last = dated[0][1], dated[-1][1]
    return first.date if first.date == last.date else (
        first.day if first.day == last.day else f"{first.day} to {last.day}"
    )  # fmt: skip


def _code(language: str) -> str:
    """The code of a language as a page may declare it; nothing where it is not known."""
    code = language.partition("-")[0].lower()
    known = code.isascii() and code.isalpha() and len(code) in (2, 3) and code != UNKNOWN
    return code if known else ""


def _day(when: date | str | None) -> str:
    return "" if not isinstance(when, date) else f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def _told(when: date | str | None) -> str:
    if not isinstance(when, datetime):
        return _day(when)
    offset = when.strftime("%z")
    zone = f" {offset[:3]}:{offset[3:5]}" if offset and offset != "+0000" else ""
    return f"{_day(when)}, {when:%H:%M}{zone or (' UTC' if offset else '')}"


def _moment(when: date | str | None) -> float | None:
    if not isinstance(when, date):
        return None
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):  # the year 1 behind Greenwich
        return None
