"""How to read: what a person may choose about files that do not say it themselves.

Comes in: the choices of a call. Goes out: frozen `Options`, the same for all files of a
reading. Limits are no choice: each reader has its own, as constants beside their use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dedup.errors import InputError

FIELDS = ("text", "id", "title", "url", "publisher", "date", "language")


@dataclass(frozen=True, slots=True)
class Options:
    """`encoding` is that of text and tables without a byte-order mark. `fast_extract` takes
    the text of web pages ten times faster and less exactly. `fields` says which field of a
    record or column of a table holds what, by the names in `FIELDS`; what it does not say is
    guessed from the names."""

    encoding: str = "utf-8"
    fast_extract: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            "a".encode(self.encoding)
        except (LookupError, ValueError):
            raise InputError(
                f"{self.encoding!r} is no encoding that Python knows; try utf-8 or windows-1252"
            ) from None
        unknown = [name for name in self.fields if name not in FIELDS]
        if unknown:
            raise InputError(f"{unknown[0]!r} is no field of an article; use {', '.join(FIELDS)}")


DEFAULT = Options()
