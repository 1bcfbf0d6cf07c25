"""Reading options: what a person may choose where a file does not say it itself.

Limits of size are no options: each reader has its own, as constants beside their use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dedup.dates import Order
from dedup.errors import InputError

FIELDS = ("text", "id", "title", "url", "publisher", "date", "language")


@dataclass(frozen=True, slots=True)
class Options:
    """As in `dedup.readers.read`; raises `InputError` if one is not known."""

    encoding: str = "utf-8"
    fast_extract: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    date_order: Order | None = None
    strict: bool = False  # the first problem ends the reading
    follow_links: bool = False  # also those that lead out of a folder
    debug: bool = False  # problems keep where they came from

    def __post_init__(self) -> None:
        try:
            "a".encode(self.encoding)
        except (LookupError, ValueError):
            raise InputError(
                f"unknown encoding {self.encoding!r}; try utf-8 or windows-1252"
            ) from None
        if self.date_order not in (None, "day", "month"):
            raise InputError(
                f"{self.date_order!r} is no order of dates; day or month comes first in 3/4/2018"
            )
        unknown = [name for name in self.fields if name not in FIELDS]
        if unknown:
            raise InputError(f"an article has no field {unknown[0]!r}; use {', '.join(FIELDS)}")
