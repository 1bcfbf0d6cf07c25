"""The settings of a crawl that begin with DEDUP_: read, checked, and explained where wrong.

Comes in: Scrapy's settings, whose values may be strings where they were given on the command
line. Goes out: `Choices`, or an `InputError` that names the setting and what it may be.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from os import fspath
from typing import Any, Self, get_args

from dedup.candidates import MIN_RESEMBLANCE
from dedup.contrib.worker import COMMIT_EVERY, COMMIT_SECONDS, LIMIT
from dedup.errors import InputError
from dedup.relate import RelationKind

ACTIONS = ("annotate", "drop")
KNOWN = "known"
KINDS = (KNOWN, *(kind for kind in get_args(RelationKind) if kind != "related"))
COPIES = (KNOWN, "duplicate", "near-duplicate")
FIELDS = ("id", "text", "title", "url", "publisher", "published", "language", "byline")


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings, each under its name without DEDUP_, as far as they are right.

    Raises `InputError` where one is missing, or none that can be used.
    """

    index: str
    action: str = "annotate"
    kinds: tuple[str, ...] = COPIES
    threshold: float | None = None
    window_days: float | None = None
    result_field: str = "dedup"
    limit: int = LIMIT
    commit_every: int = COMMIT_EVERY
    commit_seconds: float = COMMIT_SECONDS
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The choices in a crawl's settings."""
        given = {
            name.removeprefix("DEDUP_"): settings[name]
            for name in settings
            if name.startswith("DEDUP_") and settings[name] is not None
        }
        known = {one.name.upper(): one.name for one in fields(cls)}
        for name in given:
            if name not in known:
                listed = ", ".join(f"DEDUP_{one}" for one in known)
                raise InputError(f"DEDUP_{name} is no setting; there are {listed}")
        if not given.get("INDEX"):
            raise InputError(
                "DEDUP_INDEX is not set; name the file of the index, say 'news.dedup', or a "
                "postgresql:// address"
            )
        return cls(**{known[name]: _usable(name, value) for name, value in given.items()})


def _usable(name: str, value: Any) -> Any:
    """A setting's value in its type, also where the command line gave it as a string."""
    reads, meant = READS[name]
    try:
        if (read := reads(value)) is not None:
            return read
    except (TypeError, ValueError):
        pass
    raise InputError(f"DEDUP_{name} is {value!r}; give {meant}")


def _place(value: Any) -> str | None:
    return fspath(value) or None


def _one_of(names: Sequence[str]) -> Callable[[Any], str | None]:
    return lambda value: value if value in names else None


def _kinds(value: Any) -> tuple[str, ...] | None:
    named = value.split(",") if isinstance(value, str) else value
    kinds = tuple(str(kind).strip() for kind in named)
    return kinds if set(kinds) <= set(KINDS) else None


def _mapping(value: Any) -> dict[str, str] | None:
    named = dict(json.loads(value) if isinstance(value, str) else value)
    return named if set(named) <= set(FIELDS) else None


def _between(least: float, most: float) -> Callable[[Any], float | None]:
    return lambda value: float(value) if least <= float(value) <= most else None


def _whole(value: Any) -> int | None:
    return int(value) if int(value) == float(value) >= 1 else None


# How each setting is read, and what to say where it cannot be.
READS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "INDEX": (_place, "a file's name or a postgresql:// address"),
    "ACTION": (_one_of(ACTIONS), "'annotate' or 'drop'"),
    "KINDS": (_kinds, f"some of {', '.join(KINDS)}"),
    "THRESHOLD": (_between(MIN_RESEMBLANCE, 1), f"a share from {MIN_RESEMBLANCE} to 1"),
    "WINDOW_DAYS": (_between(0, 1e6), "a number of days"),
    "FIELDS": (_mapping, f"item fields by {', '.join(FIELDS)}, as in {{'text': 'body'}}"),
    "RESULT_FIELD": (lambda value: str(value) or None, "the name of a field"),
    "LIMIT": (_whole, "a whole number from 1 on"),
    "COMMIT_EVERY": (_whole, "a whole number from 1 on"),
    "COMMIT_SECONDS": (_between(0, 3600), "seconds, up to 3600"),
}
