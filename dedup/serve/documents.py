"""What the interface answers: the documents of the command line, and a few lists of its own.

Their schemas are those of `data/report.schema.json` and `data/index.schema.json`, put under the
components of the interface's own description.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from dedup.article import NAMES, Article
from dedup.report.json import dump, to_json
from dedup.report.view import iso_date

ADDED_SCHEMA = "dedup/added/1"
LIST_SCHEMA = "dedup/articles/1"
CLUSTERS_SCHEMA = "dedup/clusters/1"
BULK_SCHEMA = "dedup/bulk/1"


def article_document(article: Article) -> str:
    """An article as it is kept."""
    return dump(
        {
            "id": article.id,
            "text": article.text,
            **{name: getattr(article, name) for name in NAMES},
            "published": iso_date(article.published),
            "extra": to_json(article.extra),
        }
    )


def head_of(article: Article) -> dict[str, Any]:
    """An article without its text, as a list has it."""
    published = article.published
    return {
        "id": article.id,
        **{name: getattr(article, name) for name in NAMES},
        "published": published.isoformat() if isinstance(published, date) else None,
    }


def tag(document: str) -> str:
    """What names these very bytes in an ETag header."""
    return f'"{sha256(document.encode("utf-8", "replace")).hexdigest()[:32]}"'


@cache
def components() -> Mapping[str, Any]:
    """The schemas of all answers, by the names that the interface's description has for them."""
    schemas: dict[str, Any] = {}
    for room in ("report", "index"):
        text = files("dedup").joinpath(f"data/{room}.schema.json").read_text("utf-8")
        text = text.replace("#/$defs/", f"#/components/schemas/{room}_")
        schemas |= {f"{room}_{name}": made for name, made in json.loads(text)["$defs"].items()}
    text = files("dedup").joinpath("serve/answers.schema.json").read_text("utf-8")
    return {**schemas, **json.loads(text)}


def answers(name: str, description: str, *, type: str = "application/json") -> dict[str, Any]:
    """How the interface's description has an answer."""
    content = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"description": description, "content": {type: content}}
