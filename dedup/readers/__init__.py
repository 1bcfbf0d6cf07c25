"""Readers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: where, and what to do about it."""

    path: str
    what: str
