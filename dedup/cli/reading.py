"""Reading: the articles that arguments name, and the encoder that an option names.

Comes in: what a person typed. Goes out: what the library's verbs take, or an error that says
what to type instead.
"""

import os
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

import typer

from dedup.cli.speech import ERROR, tell_problems
from dedup.errors import InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.readers import Reading


def named(encoder: str) -> str | None:
    """The name of the encoder; None where none is wanted."""
    return None if encoder == "none" else encoder


def reading_of(
    paths: Sequence[str],
    strict: bool,
    encoding: str,
    fast_extract: bool,
    threads: int | None = None,
    **fields: str | None,
) -> "Reading":
    """The reading of what a command was given, by the options that every such command has."""
    from dedup.readers import read

    return read(
        list(paths),
        strict=strict,
        encoding=encoding,
        fast_extract=fast_extract,
        fields={kind: name for kind, name in fields.items() if name},
        processes=threads or os.cpu_count() or 1,
    )


def only_article(path: str, encoding: str) -> "Article":
    """The article of a file that has just one."""
    from dedup.readers import read

    reading = read([path], encoding=encoding)
    articles = list(islice(reading, 2))
    tell_problems(reading)
    if not articles and reading.problems:
        raise typer.Exit(ERROR)
    if len(articles) != 1:
        number = "more than one article" if articles else "no article"
        raise InputError(f"{path}: has {number}; give a file with one")
    return articles[0]
