"""The errors that dedup raises, drawn once.

    DedupError
    ├── InputError     something given cannot be used: a path, a record, a value
    ├── StoreError     an index cannot be opened, read or written
    └── MissingExtra   an optional package is needed; the message has the pip line

A message says what happened, shows the offending value, and says what to do.
"""

from typing import Any


class DedupError(Exception):
    """The root of all errors that dedup raises on purpose."""


class InputError(DedupError):
    """Something that was given cannot be used: a path, a record, a value."""


class StoreError(DedupError):
    """An index cannot be opened, read or written; what it has kept stays as it is."""


class MissingExtra(DedupError):
    """A feature needs an optional package; the message has the exact ``pip install`` line."""


def check_count(name: str, value: Any) -> None:
    """Raise `InputError` where the argument called `name` is no whole number from 1 on."""
    if not hasattr(value, "__index__") or value < 1:
        raise InputError(f"{name} is {value!r:.40}; give a whole number from 1 on")
