"""The article: one piece of news as it was found, and the spans that point into it.

The text of an article is never changed, so every offset in every later result can be sliced from
it. Nothing is cleaned, split or judged here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dedup.dates import parse_date


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
    Raises `InputError` if `published` is not a date.

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
        if isinstance(self.published, str):
            object.__setattr__(self, "published", parse_date(self.published))
