"""Attribution."""

from dataclasses import dataclass
from typing import Literal


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
