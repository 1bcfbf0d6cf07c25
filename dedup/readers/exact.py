"""Records of `dedup index export` → the articles that they were, field by field.

Other records are guessed at: a field called "Text" may be the text, HTML in it is taken apart, half
an emoji becomes U+FFFD, the place in the file goes into `extra`. A record with this schema says
that it is an article, and comes back equal to it.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dedup.article import Article
from dedup.dates import read_iso
from dedup.errors import InputError

SCHEMA = "dedup/article/1"
BEGIN = b'{"schema": "dedup/article/1"'  # of a line that holds such a record
MAX_BYTES = 100_000_000  # of such a line: an article of 10 MB has up to 60 MB as JSON
NAMES = ("id", "text", "title", "url", "publisher", "published", "language", "byline")


def is_exact(record: Any) -> bool:
    """Whether a record is an article as it was."""
    return isinstance(record, Mapping) and record.get("schema") == SCHEMA


def exact_article(record: Mapping[str, Any]) -> tuple[Article, str | None]:
    """The article in a record or the row of a table. Raises `InputError` if it is none."""
    fields = {name: record[name] for name in NAMES if record.get(name) is not None}
    extra = record.get("extra") or {}
    try:
        if isinstance(extra, str):  # in a table
            extra = json.loads(extra)
        if exact := record.get("exact"):
            fields |= {name: value for name, value in json.loads(exact).items() if name in NAMES}
        if not isinstance(extra, dict) or not all(isinstance(v, str) for v in fields.values()):
            raise ValueError("its fields are not those of an article")
        if not fields.get("text"):
            raise InputError("no text: only its signature is known")
        with suppress(ValueError, KeyError):
            when = read_iso(fields["published"])
            if when.isoformat() == fields["published"]:  # else it is for `parse_date`
                fields["published"] = when
        return Article(**{"id": "", **fields}, extra=extra), None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"no article of {SCHEMA}: {error!s:.200}") from None
