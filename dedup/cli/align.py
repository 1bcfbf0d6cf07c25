"""`dedup align`: any two articles side by side, from files, a collection, a report or an index."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli import console, options
from dedup.errors import InputError
from dedup.phrasing import shorten

if TYPE_CHECKING:
    from dedup.article import Article

MAX_NAMED = 5  # ids in a message


def align(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="The article that may be the source: a file, or an "
                       "id with --in."),
    ],
    derivative: Annotated[
        str,
        typer.Argument(metavar="DERIVATIVE", help="The article that may derive from it."),
    ],
    *,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--in",
            metavar="PATH|INDEX",
            help="Where articles with these ids are: files, folders, an index, or the JSON of "
            "`dedup report`. May be repeated.",
        ),
    ] = None,
    format: options.AsPair = None,
    outputs: options.OutputOptions,
    counting_options: options.CountingOptions,
    encoder: options.EncoderName = "auto",
    reading_options: options.ReadingOptions,
) -> None:  # fmt: skip
    """Compare an article with its source, passage by passage.

    With --in, SOURCE and DERIVATIVE are ids, as reports print them.
    """
    if source == derivative and (within or source == "-"):
        raise typer.BadParameter(
            "SOURCE and DERIVATIVE are one article" if within else
            "only one of SOURCE and DERIVATIVE can be stdin"
        )  # fmt: skip
    chosen = console.choose_format(format, outputs.output, options.PairFormat)
    outputs.check(chosen.value)
    with console.handle_errors():
        console.protect((outputs.output, outputs.html), within or (source, derivative))
        from dedup.align import align as align_articles
        from dedup.align import recount
        from dedup.report import render_alignment

        if within:
            a, b = find_articles(within, (source, derivative), reading_options)
        else:
            a, b = (
                console.only_article(reading_options.read([path]), path)
                for path in (source, derivative)
            )
            if a.id == b.id:
                a, b = replace(a, id=source), replace(b, id=derivative)
        alignment = recount(align_articles(a, b, encoder=encoder), counting_options.counting)
        render = partial(render_alignment, alignment, a, b)
        console.write(render, chosen.value, outputs.output, outputs.html)
        outputs.show(chosen.value)


def find_articles(
    places: Sequence[str], ids: Sequence[str], reading: options.ReadingOptions
) -> "list[Article]":
    """The articles with these ids, from wherever they are; an id of none is an error that names
    ids that are alike."""
    from dedup.index import Index, is_index_address

    found: dict[str, Article] = {}
    others: list[str] = []

    def take(article: "Article") -> bool:
        """Keep an article that is wanted; whether all are found."""
        if article.id in ids:
            found.setdefault(article.id, article)
        else:
            others.append(article.id)
        return len(found) == len(ids)

    for place in places:
        if is_index_address(place):
            with Index(place, readonly=True) as index:
                for article in filter(None, map(index.get, ids)):
                    take(article)
        elif (paths := read_report_paths(place)) is not None:
            others += paths
            for id in ids:
                if id in paths:
                    take(read_reported(id, paths[id], reading))
        else:
            articles = reading.read([place])
            any(map(take, articles))
            console.say_problems(articles.problems)
    for id in ids:
        if id not in found:
            from difflib import get_close_matches

            alike = get_close_matches(id, dict.fromkeys(others), MAX_NAMED, 0.5)
            hint = f"; there is {', '.join(shorten(a, 60) for a in alike)}" if alike else ""
            raise InputError(f"{', '.join(places)}: no article has the id {id!r}{hint}")
    return [found[id] for id in ids]


def read_report_paths(place: str) -> dict[str, str] | None:
    """The ids and paths in the JSON of a report; None for any other file."""
    from dedup.report.json import REPORT_SCHEMA

    path = Path(place)
    if not path.is_file() or path.suffix.lower() != ".json":
        return None
    with path.open("rb") as file:
        if REPORT_SCHEMA.encode() not in file.read(200):
            return None
    articles = json.loads(path.read_bytes())["articles"]
    return {article["id"]: article["path"] for article in articles if article["path"]}


def read_reported(id: str, path: str, reading: options.ReadingOptions) -> "Article":
    """An article of a report, read again from where it was read."""
    articles: Iterator[Article] = iter(reading.read([path]))
    first = next(articles, None)
    rest = list(articles) if first else []
    for article in filter(None, (first, *rest)):
        if article.id == id or not rest:  # of a file of one the report may use the path as its id
            return replace(article, id=id)
    raise InputError(f"{path}: has no article with the id {id!r} any more; make the report again")
