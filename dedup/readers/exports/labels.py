"""Labelled lines: what an export of an archive says of a story, and where its text begins.

Every archive writes it in its own order, and all in the same way: a line ``LABEL: value`` or a
line that can only be a date, a count of words, a copyright. So a story is taken apart into blocks
(lines between blank ones), and each block is one of these kinds. The words are data
(data/exports.toml), in the languages of the archives' pages.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from dedup.readers.dates import read_date
from dedup.readers.values import without_by

LABEL = re.compile(r"\s*([^\W\d_][\w/ .&'()-]{0,45}?)\s*:(?:[\s\xa0]+|$)")
COPYRIGHT = re.compile(r"\s*(?:copyright\b|\(c\)|©|\bcopr\.)", re.IGNORECASE)
RESERVED = re.compile(
    r"(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|"
    r"tutti i diritti|todos os direitos|alle rechten voorbehouden)",
    re.IGNORECASE,
)
COUNT = re.compile(r"\s*([\d][\d.,\xa0 ]{0,9})\s?([^\W\d_]{1,12}|[字语語])\s*")
MAX_DATE = 120  # characters of a line that is a date
MAX_WORDS = 9  # of such a line


class Vocabulary(NamedTuple):
    """The words of data/exports.toml: fields by their labels, and sets of what ends what."""

    fields: Mapping[str, str]
    body: frozenset[str]
    end: frozenset[str]
    words: frozenset[str]
    languages: Mapping[str, str]


@cache
def load_vocabulary() -> Vocabulary:
    """The words by which exports label what they say."""
    text = resources.files("dedup").joinpath("data/exports.toml").read_text("utf-8")
    data = tomllib.loads(text)
    fields = dict.fromkeys(data["ignored"]["names"], "")
    fields |= {name: field for field, names in data["labels"].items() for name in names}
    return Vocabulary(
        fields,
        frozenset(data["body"]["names"]),
        frozenset(data["end"]["names"]),
        frozenset(data["words"]["names"]),
        {name: code for code, names in data["languages"].items() for name in names},
    )


def split_blocks(lines: Iterable[str]) -> list[list[str]]:
    """Lines between blank ones, without the white space around them."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line := line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def split_label(block: Sequence[str]) -> tuple[str, str] | None:
    """The label of a block in small letters and what it says; None if none of ours begins it.

    >>> split_label(["BYLINE: Ann Writer"])
    ('byline', 'Ann Writer')
    """
    match = LABEL.match(block[0])
    if match is None:
        return None
    label = match.group(1).casefold()
    if label not in load_vocabulary().fields and label not in load_vocabulary().body:
        return None
    return label, "\n".join((block[0][match.end() :], *block[1:])).strip()


def is_body_mark(block: Sequence[str]) -> bool:
    """Whether a block only says that the text begins."""
    return len(block) == 1 and block[0].rstrip(":").casefold() in load_vocabulary().body


def is_end_mark(line: str) -> bool:
    """Whether a line only says that a story ends here."""
    return len(line) < MAX_DATE and line.strip().casefold() in load_vocabulary().end


def is_copyright(line: str) -> bool:
    """Whether a line says who has the rights."""
    return bool(COPYRIGHT.match(line) or RESERVED.search(line[:MAX_DATE]))


def count_in(line: str) -> str | None:
    """The number of words where a line says only that: ``1,285 words``."""
    match = COUNT.fullmatch(line) if len(line) < 40 else None
    if match is None or match.group(2).casefold() not in load_vocabulary().words:
        return None
    return re.sub(r"\D", "", match.group(1))


def date_in(line: str) -> str | None:
    """The date that a line consists of, without the edition behind it; None if it is none."""
    if len(line) > MAX_DATE or len(line.split()) > MAX_WORDS or not any(map(str.isdigit, line)):
        return None
    parts = line.split(",")
    for end in range(len(parts), 0, -1):
        part = ",".join(parts[:end]).strip()
        if len(part) > 5 and read_date(part):
            return part
    return None


def language_code(name: str | None) -> str | None:
    """The code of a language that is called by its name; as it stands where it is unknown.

    >>> language_code("GERMAN; DEUTSCH")
    'de'
    """
    first = re.split(r"[;,(]", name or "", maxsplit=1)[0].strip()
    return load_vocabulary().languages.get(first.casefold(), first) or None


def add_field(record: dict[str, str], label: str, value: str) -> None:
    """Put what a label says into the record, if it is a field of an article."""
    field = load_vocabulary().fields.get(label, "")
    value = " ".join(value.split())
    if field == "byline":
        value = without_by(value)
    if field == "length":
        value = count_in(value) or value
    if field and value:
        record.setdefault(field, value)


def join_blocks(blocks: Iterable[Sequence[str]]) -> str:
    """The text in blocks, each a paragraph with its lines."""
    return "\n\n".join("\n".join(block) for block in blocks)
