"""Anchors."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name or a number: what two tellings of one report must agree on.

    `value` is the normal form: folded words of a name joined by a space ("kim jong un"),
    a number as its value and unit ("11000", "60 km", "2025-03-26").
    """

    begin: int
    end: int
    kind: Literal["name", "number"]
    value: str
