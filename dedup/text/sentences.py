"""Sentences and their words."""

from dataclasses import dataclass

from dedup.article import Span
from dedup.text.anchors import Anchor
from dedup.text.layout import Block, Form


@dataclass(frozen=True, slots=True)
class Token:
    """One word: where it is, and its folded form (lower case, no accents)."""

    begin: int
    end: int
    form: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, bullet, heading, headline or piece of furniture.

    `begin` and `end` are its hull. `parts` are the stretches that really belong to it: more
    than one where furniture (a bare link, an advertisement) cuts it in two. `block` is the
    index of its block in `Text.blocks`.
    """

    begin: int
    end: int
    parts: tuple[Span, ...]
    form: Form
    block: int
    tokens: tuple[Token, ...]
    anchors: tuple[Anchor, ...] = ()
