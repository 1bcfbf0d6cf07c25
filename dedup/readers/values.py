"""What a field of a record holds: a text, a name, an id, or nothing.

Tables write "NA", "nan" or "null" where there is no value, and programs write a list of
paragraphs or names as they print it: ``['First …', 'Second …']``.
"""

import ast
import re
from collections.abc import Mapping
from typing import Any

# As R, pandas, databases and spreadsheets write that there is no value, in small letters.
MISSING = frozenset({"na", "n/a", "#n/a", "nan", "nat", "<na>", "none", "null", "nil", "\\n"})
MAX_MISSING = max(map(len, MISSING))
MAX_NAME_DEPTH = 9  # of lists in lists of names
# The word before the names of a byline; what follows one of another language has to be two names,
# of which the first has a capital: "Di Maio" and "von der Leyen" are names.
BY = re.compile(
    r"\s*(?i:by:?|written by|reported by)\s+(?=\w)"
    r"|\s*(?i:von|par|por|di|door|av|af):?\s+(?=[^\W\d_a-zß-ÿ]\S*\s+\S)"
)
QUOTED = r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\""
PRINTED_LIST = re.compile(rf"\[\s*(?:(?:{QUOTED})\s*,\s*)*+(?:{QUOTED})\s*\]", re.DOTALL)
ITEM = re.compile(QUOTED, re.DOTALL)
PARAGRAPH = ("text", "content", "paragraph", "value")  # what a record in a list of them calls it


def is_missing(value: str) -> bool:
    """Whether a string says that there is no value: it is blank, "NA", "null" …"""
    if len(value) > MAX_MISSING + 2:
        return value.isspace()
    bare = value.strip()
    return not bare or bare.casefold() in MISSING


def text_in(value: Any) -> str | None:
    """A text: a string with something in it, or a list of paragraphs; None for the rest.

    >>> text_in("['Guns.', 'More guns.']"), text_in("NA"), text_in("[sic]")
    ('Guns.\\n\\nMore guns.', None, '[sic]')
    """
    if isinstance(value, str):
        if is_missing(value):
            return None
        return "\n\n".join(listed) if (listed := printed_list(value)) else value
    if not isinstance(value, list):
        return None
    parts = [first_of(part, PARAGRAPH) if isinstance(part, dict) else part for part in value]
    paragraphs = [part for part in parts if isinstance(part, str) and not is_missing(part)]
    return "\n\n".join(paragraphs) or None


def name_in(value: Any, depth: int = 0) -> str | None:
    """A string as it is, the name inside a record, the names in a list; None for the rest."""
    if isinstance(value, str):
        if is_missing(value):
            return None
        return ", ".join(listed) if (listed := printed_list(value)) else value
    if isinstance(value, Mapping):
        return name_in(first_of(value, ("name", "title")), depth + 1)
    if isinstance(value, list) and depth <= MAX_NAME_DEPTH:
        return ", ".join(name for part in value if (name := name_in(part, depth + 1))) or None
    return None


def id_in(value: Any) -> str | None:
    """A string or a whole number as an id; None for the rest."""
    value = value.get("$oid") if isinstance(value, dict) else value  # as MongoDB exports it
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():  # as pandas has a column with gaps
        return str(int(value))
    return value if isinstance(value, str) and not is_missing(value) else None


def address_in(value: Any) -> str | None:
    """A web address; None for the rest."""
    return value.strip() if isinstance(value, str) and is_address(value) else None


def publisher_in(value: Any) -> str | None:
    """A name that is no address: a field "source" may hold either."""
    name = name_in(value)
    return None if name is None or is_address(name) else name.strip().removeprefix("www.")


def byline_in(value: Any) -> str | None:
    """The names in a byline, without the word before them; None where there are none.

    >>> byline_in("By Ann Writer"), byline_in(["Ann Writer", "Bo Scribe"])
    ('Ann Writer', 'Ann Writer, Bo Scribe')
    """
    names = name_in(value)
    return without_by(names) or None if names else None


def without_by(names: str) -> str:
    """A byline without the word before it: ``Par Ann Writer``."""
    found = BY.match(names)
    return names[found.end() :].strip() if found else names


def is_address(value: str) -> bool:
    """Whether a string is a web address."""
    return value.lstrip()[:8].lower().startswith(("http://", "https://"))


def first_of(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first value under `names` that is a string with something in it."""
    values = (record.get(name) for name in names)
    return next((v for v in values if isinstance(v, str) and not is_missing(v)), None)


def printed_list(value: str) -> list[str]:
    """The strings of a list that a program has printed; none where `value` is something else."""
    if value[:1] != "[" or value[1:2] not in ("'", '"') or not PRINTED_LIST.fullmatch(value):
        return []
    try:
        items = [ast.literal_eval(match.group()) for match in ITEM.finditer(value)]
    except (SyntaxError, ValueError, MemoryError):  # an escape that is none
        return []
    return [item for item in items if not is_missing(item)]


def preview(value: Any) -> str:
    """A value for a message: never long, and never deep."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if isinstance(value, list):
        return "a list"
    return "a record" if isinstance(value, Mapping) else f"{value!r:.60}"
