"""JSON → a value, and the keys that stand twice in one of its objects.

JSON does not forbid `{"text": "…", "text": ""}`, and a parser takes one of the two without a word
(RFC 8259, section 4), most of them the last. Two programs may so read different texts. dedup takes
the last one, too, and says so.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

KEY_END = re.compile(rb'"\s*:')
QUOTED = re.compile(rb'(?<!\\)\\"\s*:')  # the same within a string: `he said \": …`
MAX_NAMED = 3  # repeated keys that a message names


class Repeated(list[str]):
    """The keys that stood twice or more in the objects that were parsed: a hook for `json`, which
    makes the objects as it does by itself."""

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            self.extend(key for key, count in counts.items() if count > 1)
        return made


def parse_json(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """The value by orjson, and what is repeated in it. Raises `ValueError` where it is none.

    orjson has no hook, so keys are counted: what ends like a key is one or part of a string, and
    where no more ends than keys are left none was lost. Elsewhere Python's parser looks.
    """
    value = orjson.loads(data)
    more = len(KEY_END.findall(data)) - count_keys(value)
    if not more or more == len(QUOTED.findall(data)):
        return value, ()
    return value, parse_plainly(data)[1]


def parse_plainly(source: str | bytes) -> tuple[Any, tuple[str, ...]]:
    """The value by Python's parser, and what is repeated in it. Raises `ValueError` where it is
    none, `RecursionError` where it is too deep."""
    repeated = Repeated()
    value = json.loads(source, object_pairs_hook=repeated)
    return value, tuple(repeated)


def count_keys(value: Any) -> int:
    """The keys of all objects in a value."""
    count = 0
    waiting: list[Iterable[Any]] = [[value]]
    while waiting:
        for part in waiting.pop():
            if type(part) is dict:
                count += len(part)
                waiting.append(part.values())
            elif type(part) is list:
                waiting.append(part)
    return count


def explain_repeated(repeated: Sequence[str]) -> str:
    """Which keys were repeated, and what was done."""
    names = list(dict.fromkeys(repeated))
    named = ", ".join(repr(name[:40]) for name in names[:MAX_NAMED])
    more = f" and {len(names) - MAX_NAMED:,} more" if len(names) > MAX_NAMED else ""
    keys = "the key" if len(names) == 1 else "the keys"
    return f"has {keys} {named}{more} more than once; the last of each counts"
