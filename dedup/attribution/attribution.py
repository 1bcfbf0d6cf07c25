"""An attribution, and what an article's attributions say of its publisher.

Comes in: a `Text` and its attributions. Goes out: the outlet that published it, where that is
given, is plain from the address, or is what the article calls itself. It finds no attributions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dedup.attribution.outlets import by_host, canonical_name
from dedup.text import Text

Kind = Literal["outlet", "informant"]
Role = Literal["attributes", "attributes-via", "links", "credits", "self"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A place where an article says whom it has something from.

    `begin` and `end` bound the whole phrase ("the German broadcaster ZDF reported Friday"),
    `name` is the source as the text has it ("ZDF", "the German broadcaster"), `outlet` its
    canonical name ("ZDF", "The Moscow Times", "(unnamed media)").
    kind: `outlet` is a news source, `informant` a person or institution inside the story,
    which never is a parent. role: `attributes` ("X reported"), `attributes-via` (the Y of
    "X, via Y"), `links` (a link to the source), `credits` (a credit line or an agency's
    dateline), `self` (the article names its own publisher).
    """

    begin: int
    end: int
    name: str
    outlet: str
    kind: Literal["outlet", "informant"]
    role: Literal["attributes", "attributes-via", "links", "credits", "self"]


def publisher_of(text: Text, found: Iterable[Attribution]) -> str | None:
    """The article's own publisher: as given, by its address, or as it names itself.

    `found` are the article's attributions.
    """
    own = (a.outlet for a in found if a.role == "self")
    return declared(text) or next(own, None)


def declared(text: Text) -> str | None:
    """The publisher that is given or has the article's address."""
    article = text.article
    if article.publisher:
        return canonical_name(article.publisher)
    outlet = by_host(article.url) if article.url else None
    return outlet.name if outlet else None
