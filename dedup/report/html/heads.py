"""What a page shows of an article in a line or two.

A head has no text, so the heads of a large collection fit in memory together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.attribution.outlets import outlet_keys
from dedup.report.names import article_name, disambiguate, opening, publisher_name
from dedup.text.model import UNKNOWN

MAX_URL = 2_000  # characters of an address that is a link


@dataclass(frozen=True, slots=True)
class Head:
    """An article without its text. `opening` is empty where it only repeats the name."""

    id: str
    name: str
    publisher: str
    opening: str
    published: date | str | None
    url: str
    language: str
    characters: int
    outlet_keys: frozenset[str] = frozenset()

    @property
    def headline(self) -> str:
        """The opening; the name where there is none."""
        return self.opening or self.name


def make_heads(articles: Iterable[Article], languages: Mapping[str, str]) -> dict[str, Head]:
    """The heads of articles by id."""
    return {article.id: _head(article, languages) for article in articles}


def distinct(heads: Iterable[Head]) -> dict[str, Head]:
    """Heads that stand on one page, by id; where two have one name, the id stands behind it."""
    by_id = {head.id: head for head in heads}
    names = disambiguate({id: head.name for id, head in by_id.items()})
    return {id: replace(head, name=names[id]) for id, head in by_id.items()}


def publishers(heads: Iterable[Head]) -> list[str]:
    """Who published the articles, each once."""
    return list(dict.fromkeys(head.publisher for head in heads if head.publisher))


def _head(article: Article, languages: Mapping[str, str]) -> Head:
    name, begins = article_name(article), opening(article)
    return Head(
        article.id,
        name,
        publisher_name(article),
        "" if begins in (article.id, name) else begins,
        article.published,
        safe_link(article.url),
        _language_code(languages.get(article.id) or article.language or ""),
        len(article.text),
        outlet_keys(article),
    )


def safe_link(url: str | None) -> str:
    """An address that a reader may follow: of the web, not of a script. Else nothing.

    >>> safe_link("javascript:alert(1)"), safe_link("https://www.zdf.de/koksan")
    ('', 'https://www.zdf.de/koksan')
    """
    if not url or len(url) > MAX_URL or not url.isprintable():
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[broken"
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _language_code(language: str) -> str:
    """The code of a language as a page may declare it; nothing where it is not known."""
    code = language.partition("-")[0].lower()
    known = code.isascii() and code.isalpha() and len(code) in (2, 3) and code != UNKNOWN
    return code if known else ""
