"""The settings of a crawl that begin with DEDUP_: read, checked, and explained where wrong.

Values may be strings, as `scrapy crawl -s` gives them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from os import fspath
from typing import Any, Self, get_args

from dedup.candidates import MIN_RESEMBLANCE
from dedup.contrib.worker import COMMIT_EVERY, COMMIT_SECONDS
from dedup.errors import InputError
from dedup.index import MAX_COMPARED
from dedup.pipeline.reading import FIELDS
from dedup.relate import VersionKind

ACTIONS = ("annotate", "drop")
KNOWN = "known"
KINDS = (KNOWN, *get_args(VersionKind))
COPIES = (KNOWN, "duplicate", "near-duplicate")


def setting(read: Callable[[Any], Any], meaning: str, default: Any = MISSING) -> Any:
    """A field with how its value is read, and what to say where that gives nothing."""
    metadata = {"read": read, "meaning": meaning}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def between(low: float, high: float) -> Callable[[Any], float | None]:
    return lambda value: float(value) if low <= float(value) <= high else None


def positive(value: Any) -> int | None:
    return int(value) if int(value) == float(value) >= 1 else None


def kinds(value: Any) -> tuple[str, ...] | None:
    names = value.split(",") if isinstance(value, str) else value
    chosen = tuple(str(name).strip() for name in names)
    return chosen if set(chosen) <= set(KINDS) else None


def mapping(value: Any) -> dict[str, str] | None:
    names = dict(json.loads(value) if isinstance(value, str) else value)
    return names if set(names) <= set(FIELDS) else None


@dataclass(frozen=True, slots=True)
class Choices:
    """The settings, each under its name without DEDUP_.

    `of` raises `InputError` where one is missing, unknown or of no use.
    """

    index: str = setting(fspath, "a file's name or a postgresql:// address")
    action: str = setting(
        lambda value: value if value in ACTIONS else None, "'annotate' or 'drop'", "annotate"
    )
    kinds: tuple[str, ...] = setting(kinds, f"some of {', '.join(KINDS)}", COPIES)
    threshold: float | None = setting(
        between(MIN_RESEMBLANCE, 1), f"a share from {MIN_RESEMBLANCE} to 1", None
    )
    window_days: float | None = setting(between(0, 1e6), "a number of days", None)
    result_field: str = setting(str, "the name of a field", "dedup")
    limit: int = setting(positive, "a whole number from 1 on", MAX_COMPARED)
    commit_every: int = setting(positive, "a whole number from 1 on", COMMIT_EVERY)
    commit_seconds: float = setting(between(0, 3600), "seconds, up to 3600", COMMIT_SECONDS)
    fields: Mapping[str, str] = setting(
        mapping, f"item fields by {', '.join(FIELDS)}, as in {{'text': 'body'}}", dict
    )

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The choices in a crawl's settings."""
        known = {f"DEDUP_{choice.name.upper()}": choice for choice in fields(cls)}
        values: dict[str, Any] = {}
        for name in settings:
            if not name.startswith("DEDUP_") or settings[name] is None:
                continue
            if name not in known:
                raise InputError(f"unknown setting {name}; there are {', '.join(known)}")
            choice, value = known[name], settings[name]
            try:
                read = choice.metadata["read"](value)
            except (TypeError, ValueError):
                read = None
            if read in (None, "") and (value or name != "DEDUP_INDEX"):
                raise InputError(f"{name} is {value!r}; give {choice.metadata['meaning']}")
            values[choice.name] = read
        if not values.get("index"):
            raise InputError(
                "DEDUP_INDEX is not set; name the file of the index, such as 'news.dedup', or a "
                "postgresql:// address"
            )
        return cls(**values)
