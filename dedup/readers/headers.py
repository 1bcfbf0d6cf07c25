"""Names of columns: whether the first row of a table has them, and what columns without names are.

A row of names is short words. A first row with a date, an address, a number or a sentence in it
is an article like the others, and then the columns are recognised by what stands in most of the
first rows: days, addresses, hosts, whole texts, and of the rest the one that reads like headlines.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dedup.dates import needs_order
from dedup.readers.dates import read_date
from dedup.readers.fields import plan_fields
from dedup.readers.values import is_address, is_missing

MAX_NAME = 60  # characters of a name
MAX_NAME_WORDS = 8
MIN_KNOWN = 2  # names of fields that make a row with a number in it one of names
MIN_TEXT = 100  # characters that texts have on average in a table without names
MIN_SHARE = 0.8  # of the values of a column that have to look alike
MIN_TITLE, MAX_TITLE = 2, 40  # words of a headline
MAX_ID = 40  # characters
HOST = re.compile(r"(?i)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
NUMBER = re.compile(r"-?\d[\d.,]*")


def has_names(row: Sequence[str]) -> bool:
    """Whether a row holds the names of columns, not values.

    >>> has_names(["id", "Headline", "Text"]), has_names(["3", "Ferry approved", "The council…"])
    (True, False)
    """
    values = [value.strip() for value in row if value.strip()]
    if values in ([str(n) for n in range(len(values))], [str(n + 1) for n in range(len(values))]):
        return len(values) < len(row) or len(values) > 1  # as pandas numbers columns
    if any(map(is_value, values)):
        return False
    numbers = [value for value in values if NUMBER.fullmatch(value) or is_missing(value)]
    known = sum(map(bool, plan_fields(tuple(row)).values()))
    return not numbers or known >= MIN_KNOWN


def name_columns(first: Sequence[str]) -> tuple[bool, list[str]]:
    """Whether the first row of a table has the names of its columns, and these; those without a
    name have their number.

    >>> name_columns(["id", "", "Text"])
    (True, ['id', 'column 2', 'Text'])
    """
    named = has_names(first)
    return named, [(named and v.strip()) or f"column {n}" for n, v in enumerate(first, 1)]


def is_value(value: str) -> bool:
    """Whether no column is called so: a day, an address, a sentence."""
    if is_address(value) or len(value) > MAX_NAME or len(value.split()) > MAX_NAME_WORDS:
        return True
    is_number = NUMBER.fullmatch(value) is not None
    return value[-1:].isdigit() and not is_number and is_date(value)


def is_date(value: str) -> bool:
    """Whether a value is a day, or one of two, as the order of day and month will show."""
    return read_date(value) is not None or needs_order(value)


def guess_columns(keys: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which column is what, in a table without names: by kind of field, as far as it shows."""
    columns: dict[str, list[str]] = {}
    for key in keys:
        values = (row.get(key) for row in sample)
        columns[key] = [v for v in values if isinstance(v, str) and not is_missing(v)]
    kinds: dict[str, str] = {}

    def take(kind: str, candidates: Sequence[str]) -> None:
        if free := [key for key in candidates if key not in kinds.values()]:
            kinds[kind] = free[0]

    def alike(test: Any) -> list[str]:
        return [key for key in keys if share(columns[key], test) >= MIN_SHARE]

    take("url", alike(is_address))
    take("date", alike(lambda v: not NUMBER.fullmatch(v) and is_date(v)))
    by_length = sorted(keys, key=lambda key: -mean_length(columns[key]))
    take("text", [key for key in by_length if mean_length(columns[key]) >= MIN_TEXT][:1])
    take("publisher", alike(HOST.fullmatch))
    words = alike(lambda v: MIN_TITLE <= len(v.split()) <= MAX_TITLE)
    take("title", sorted(words, key=lambda key: -mean_length(columns[key])))
    first = columns[keys[0]]
    if len(set(first)) == len(sample) and all(len(v) <= MAX_ID and " " not in v for v in first):
        take("id", keys[:1])
    return kinds


def share(values: Sequence[str], test: Any) -> float:
    """The part of the values that pass a test; 0 where there are none."""
    return sum(bool(test(value)) for value in values) / len(values) if values else 0.0


def mean_length(values: Sequence[str]) -> float:
    """Characters that values have on average."""
    return sum(map(len, values)) / len(values) if values else 0.0
