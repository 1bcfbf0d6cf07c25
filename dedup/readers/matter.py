"""Front matter: the lines of metadata above a Markdown draft.

Comes in: a text. Goes out: what stands between its first ``---`` (YAML), ``+++`` (TOML) or in
braces (JSON), as a record, and the text below. Of YAML it knows what front matter uses: names
with a value, a quoted value or a list. Types are left to who reads the fields (a date stays
the string that it is); aliases and tags, by which a YAML file can grow without end, are text.
"""

import json
import re
import tomllib
from typing import Any

YAML = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
TOML = re.compile(r"\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
WITHIN = 100_000  # characters in which it ends
KEY = re.compile(r"([\w][\w .-]{0,60}):(?:[ \t]+(.*))?$")
ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The metadata above a text, empty if there are none, and the text.

    >>> front_matter('---\\ntitle: "Guns: to Crimea"\\ntags: [a, b]\\n---\\nRussia has …')
    ({'title': 'Guns: to Crimea', 'tags': ['a', 'b']}, 'Russia has …')
    """
    head = text[:WITHIN]
    if found := YAML.match(head):
        return _yaml(found.group(1)), text[found.end() :]
    if found := TOML.match(head):
        try:
            return dict(tomllib.loads(found.group(1))), text[found.end() :]
        except (tomllib.TOMLDecodeError, RecursionError):
            return {}, text
    if head.startswith("{"):
        try:
            record, end = json.JSONDecoder().raw_decode(head)
        except (ValueError, RecursionError):
            return {}, text
        return (record, text[end:]) if isinstance(record, dict) else ({}, text)
    return {}, text


def _yaml(source: str) -> dict[str, Any]:
    record: dict[str, Any] = {}
    key = ""
    for line in source.splitlines():
        if item := ITEM.match(line):
            if key and not record[key]:
                record[key] = []
            if key and isinstance(record[key], list):
                record[key].append(_scalar(item.group(1)))
        elif found := KEY.match(line):
            key = found.group(1).strip()
            value = (found.group(2) or "").strip()
            listed = value.startswith("[") and value.endswith("]")
            record[key] = _listed(value) if listed else _scalar(value)
        elif key and line[:1] in " \t" and isinstance(record[key], str):  # a folded value
            record[key] = f"{record[key].rstrip('|>')} {line.strip()}".strip()
    return {key: value for key, value in record.items() if value}


def _listed(value: str) -> list[str]:
    return [told for part in value[1:-1].split(",") if (told := _scalar(part.strip()))]


def _scalar(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()
