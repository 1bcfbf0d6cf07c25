"""Front matter: the lines of metadata above a Markdown draft.

They stand between ``---`` (YAML) or ``+++`` (TOML) or in braces (JSON). Of YAML only what front
matter uses is read: names with a value, a quoted value or a list. Aliases and tags, by which a
YAML file can grow without end, are plain text, and so is a date.
"""

import json
import re
import tomllib
from typing import Any

from dedup.readers.json_values import Repeated

YAML = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
TOML = re.compile(r"\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
DEEP = re.compile(
    r"(?:[\w\"'-]+\s{0,9}\.\s{0,9}){20}|(?:[\[{]\s{0,9}){20}"
)  # takes memory by the square
MAX_LENGTH = 100_000  # characters in which it has to end
KEY = re.compile(r"([\w][\w .-]{0,60}):(?:[ \t]+(.*))?$")
ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")


def split_front_matter(text: str) -> tuple[dict[str, Any], str, list[str]]:
    """The metadata above a text, empty if there are none, the text, and the names that stand twice.

    >>> split_front_matter('---\\ntitle: "Guns: to Crimea"\\ntags: [a, b]\\n---\\nRussia has …')
    ({'title': 'Guns: to Crimea', 'tags': ['a', 'b']}, 'Russia has …', [])
    """
    head, repeated = text[:MAX_LENGTH], Repeated()
    if match := YAML.match(head):
        return parse_yaml(match.group(1), repeated), text[match.end() :], repeated
    try:
        if (match := TOML.match(head)) and not DEEP.search(match.group(1)):
            return dict(tomllib.loads(match.group(1))), text[match.end() :], repeated
        if head.startswith("{"):
            record, end = json.JSONDecoder(object_pairs_hook=repeated).raw_decode(head)
            return record, text[end:], repeated
    except (ValueError, RecursionError):  # not well-formed, or a number of thousands of digits
        pass
    return {}, text, []


def parse_yaml(source: str, repeated: list[str]) -> dict[str, Any]:
    """The names and values in a few lines of simple YAML; of a name that is `repeated` the last."""
    record: dict[str, Any] = {}
    key = ""
    for line in source.splitlines():
        if item := ITEM.match(line):
            if key and not record[key]:
                record[key] = []
            if key and isinstance(record[key], list):
                record[key].append(unquote(item.group(1)))
        elif match := KEY.match(line):
            key = match.group(1).strip()
            if key in record:
                repeated.append(key)
            value = (match.group(2) or "").strip()
            if value.startswith("[") and value.endswith("]"):
                parts = [unquote(part.strip()) for part in value[1:-1].split(",")]
                record[key] = [part for part in parts if part]
            else:
                record[key] = unquote(value)
        elif key and line[:1] in " \t" and isinstance(record[key], str):  # a folded value
            record[key] = f"{record[key].rstrip('|>')} {line.strip()}".strip()
    return {key: value for key, value in record.items() if value}


def unquote(value: str) -> str:
    """A value without its quotation marks, or without the comment behind it."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()
