"""Heads: what a page calls an article, in a line or two.

Comes in: articles. Goes out: a `Head` for each: name, publisher, date, opening, an address that
may be followed. It holds no text, so that all heads of a large collection fit in memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.report.view import (
    article_name,
    disambiguate,
    iso_date,
    opening,
    publisher_name,
    seconds,
    spell_date,
    spell_span,
)
from dedup.text.model import UNKNOWN


@dataclass(frozen=True, slots=True)
class Head:
    """An article without its text. `moment` sorts: seconds since 1970, a day at its midnight."""

    id: str
    name: str
    publisher: str
    opening: str
    date: str
    iso: str
    moment: float | None
    published: Date | str | None
    url: str
    language: str
    characters: int


def heads(articles: Iterable[Article], languages: Mapping[str, str]) -> dict[str, Head]:
    """The heads of articles by id."""
    return {article.id: _head(article, languages) for article in articles}


def told_apart(together: Iterable[Head]) -> dict[str, Head]:
    """Heads that stand on one page, by id; where two have one name, it is followed by the id."""
    heads = {head.id: head for head in together}
    names = disambiguate({id: head.name for id, head in heads.items()})
    return {id: replace(head, name=names[id]) for id, head in heads.items()}


def _head(article: Article, languages: Mapping[str, str]) -> Head:
    name = article_name(article)
    begins = opening(article)
    return Head(
        article.id,
        name,
        publisher_name(article),
        "" if begins in (article.id, name) else begins,
        spell_date(article.published),
        iso_date(article) or "",
        seconds(article.published),
        article.published,
        followed(article.url),
        _code(languages.get(article.id) or article.language or ""),
        len(article.text),
    )


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
    return spell_span(head.published for head in found)


def _code(language: str) -> str:
    """The code of a language as a page may declare it; nothing where it is not known."""
    code = language.partition("-")[0].lower()
    known = code.isascii() and code.isalpha() and len(code) in (2, 3) and code != UNKNOWN
    return code if known else ""
