"""Find news articles that share a source text, show which derives from which, and mark what was
copied, paraphrased, translated or added.

    articles = dedup.read("seeds/")
    result = dedup.compare(articles)

The public names below are loaded when they are first used, so that `import dedup` and the
command line's `--help` cost next to nothing. Loading this module imports no other.
"""

import sys

TYPE_CHECKING = False  # as type checkers know it: importing typing would cost more than the rest

if TYPE_CHECKING:
    from typing import Any

    from dedup._version import __version__ as __version__
    from dedup.align import Alignment, align
    from dedup.article import Article
    from dedup.candidates import near_duplicates
    from dedup.candidates.tables import pairs, sign
    from dedup.errors import DedupError, InputError, MissingExtra, StoreError
    from dedup.index import Index
    from dedup.pipeline import Result, check, compare
    from dedup.readers import articles, read

__all__ = [
    "Alignment",
    "Article",
    "DedupError",
    "Index",
    "InputError",
    "MissingExtra",
    "Result",
    "StoreError",
    "align",
    "articles",
    "check",
    "compare",
    "near_duplicates",
    "pairs",
    "read",
    "sign",
]

_ROOMS = {
    "__version__": "_version",
    "Alignment": "align",
    "Article": "article",
    "DedupError": "errors",
    "Index": "index",
    "InputError": "errors",
    "MissingExtra": "errors",
    "Result": "pipeline",
    "StoreError": "errors",
    "align": "align",
    "articles": "readers",
    "check": "pipeline",
    "compare": "pipeline",
    "near_duplicates": "candidates",
    "pairs": "candidates.tables",
    "read": "readers",
    "sign": "candidates.tables",
}


def __getattr__(name: str) -> "Any":
    if name not in _ROOMS:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"dedup.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(type(sys)):  # type: ignore[misc]
    """`dedup.align` is the verb. Loading the room of that name would otherwise replace it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _ROOMS and isinstance(value, type(sys))):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
