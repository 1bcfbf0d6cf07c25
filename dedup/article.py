"""The article: one piece of news as it was found, and the spans that point into it.

The text of an article is never changed, so every offset in every later result can be sliced from
it. Nothing is cleaned, split or judged here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from os import PathLike
from typing import Any

from dedup.dates import parse_date
from dedup.errors import InputError

NAMES = ("title", "url", "publisher", "language", "byline")  # fields that are strings or None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: half-open Unicode code-point offsets.

    >>> Span(4, 9).of("The quick fox")
    'quick'
    """

    begin: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in `text`."""
        return text[self.begin : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as it was found.

    `text` is kept exactly as given. `published` is a `datetime` where the hour is known and
    a plain `date` where only the day is; an ISO 8601 string is parsed to whichever it is.
    `extra` holds what else a reader found: its place (`path`, `line`, `offset`), what it
    says about its origin (`dated_by`, `based_on`, `earlier`, `sources`, `links` … as in
    `dedup.readers.provenance`), and fields under their own names.
    An id may be given as a number. Raises `InputError`, with the id, if the text or another
    field is no string, the id is empty, `extra` is no mapping, or `published` is not a date.

    >>> Article("mt", "Russia has started …", published="2025-03-28").published
    datetime.date(2025, 3, 28)
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | str | None = None
    language: str | None = None
    byline: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if type(self.id) is not str or not self.id:
            object.__setattr__(self, "id", check_id(self.id))
        if type(self.text) is not str and not isinstance(self.text, str):
            raise InputError(
                f"the text of the article {self.id!r} is {describe(self.text)}; give a string"
            )
        if type(self.extra) is not dict and not isinstance(self.extra, Mapping):
            what = f"the extra of the article {self.id!r} is {describe(self.extra)}"
            raise InputError(f"{what}; give fields by their names")
        for name in NAMES:
            value = getattr(self, name)
            if value is None or type(value) is str or isinstance(value, str):
                continue
            if value == value:  # NaN, as tables have it, is none
                what = f"the {name} of the article {self.id!r} is {describe(value)}"
                raise InputError(f"{what}; give a string or None")
            object.__setattr__(self, name, None)
        if self.published is not None and not isinstance(self.published, date):
            object.__setattr__(self, "published", read_published(self.id, self.published))
        elif self.published != self.published:  # pandas' NaT, which says that it is a date
            object.__setattr__(self, "published", None)


def read_published(id: str, value: Any) -> date:
    """The date of the article `id`; `InputError` names it where the value is none."""
    try:
        return parse_date(value)
    except InputError as error:
        raise InputError(f"the date of the article {id!r}: {error}") from None


def check_id(id: Any) -> str:
    """The id of an article as a string; `InputError` if it is none."""
    if isinstance(id, int) and not isinstance(id, bool):
        return str(id)
    if hasattr(id, "__index__") and not isinstance(id, bool):  # numpy's whole numbers
        return str(int(id))
    if not isinstance(id, str) or not id:
        raise InputError(f"the id of an article is {describe(id)}; give a string or a number")
    return id


def describe(value: Any) -> str:
    """A value for a message: what it is, and how it begins."""
    if isinstance(value, str):
        return "empty" if not value else repr(value[:40])
    if isinstance(value, bytes | bytearray):
        return f"bytes, {bytes(value[:20])!r}, which have to be decoded"
    if value is None or (isinstance(value, float) and value != value):
        return repr(value)
    return f"of the type {type(value).__name__}"


def expect_articles(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles, each checked to be one; `InputError` says what to give instead."""
    if isinstance(articles, str | bytes | PathLike):
        raise InputError(f"{articles!r:.80} is no collection of articles; dedup.read reads files")
    if not isinstance(articles, Iterable):
        advice = "dedup.read reads files, dedup.articles records"
        raise InputError(f"{articles!r:.80} is no collection of articles; {advice}")
    if isinstance(articles, Mapping) or hasattr(articles, "columns"):
        kind = type(articles).__name__
        raise InputError(f"a {kind} is no collection of articles; dedup.articles makes one of it")
    return map(expect_article, articles)


def expect_article(article: Article) -> Article:
    """The article; `InputError` if it is something else."""
    if not isinstance(article, Article):
        kind = type(article).__name__
        advice = "dedup.articles makes articles of records, dedup.read of files"
        raise InputError(f"{article!r:.60} is of the type {kind}, and no article; {advice}")
    return article
