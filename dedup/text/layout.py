"""Layout."""

from dataclasses import dataclass
from typing import Literal

from dedup.article import Span

Form = Literal["prose", "headline", "heading", "bullet", "caption", "furniture"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, bullet or piece of furniture: lines that belong together.

    `parts` has more than one span where furniture cuts a sentence that goes on behind it.
    """

    begin: int
    end: int
    parts: tuple[Span, ...]
    form: Form
