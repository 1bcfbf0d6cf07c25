"""`dedup index`: a collection that grows, from the command line.

Comes in: what a person types after `dedup index`. Goes out: calls of `dedup.Index`, and what it
answers, on stdout. An index is a file or a postgresql:// address; only adding makes one.
`add` may be stopped at any moment, and killed: the same command goes on where it stopped, for
what is kept already is passed over.
"""

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dedup.cli.adding import Added, blocks
from dedup.cli.answering import Counted, answers, lines, stream
from dedup.cli.options import (
    DateField,
    Encoding,
    FastExtract,
    IdField,
    LanguageField,
    Output,
    Paths,
    PublisherField,
    Strict,
    TextField,
    TitleField,
    UrlField,
)
from dedup.cli.output import deliver, format_for, page_size, to_file
from dedup.cli.reading import reading_of
from dedup.cli.speech import ERROR, REUSE_FOUND, handle_errors, rate, tell, tell_reading, tell_some
from dedup.errors import InputError, StoreError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dedup.index import Index
    from dedup.readers import Reading

COMMIT_EVERY = 1_000  # articles; a second's work, which is done again after a crash
LIMIT = 20  # near-duplicates of an article that are looked at

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A collection that grows: add articles, and ask what it has of another one.",
)


class CheckFormat(StrEnum):
    """How verdicts can be told."""

    terminal = "terminal"
    json = "json"
    jsonl = "jsonl"


class PageFormat(StrEnum):
    """How families and sizes can be told."""

    terminal = "terminal"
    json = "json"


def _known_date(value: str | None) -> str | None:
    from dedup.article import parse_date

    try:
        if value is not None:
            parse_date(value)
    except InputError as error:
        raise typer.BadParameter(str(error)) from None
    return value


def _date(help: str) -> Any:
    return typer.Option(metavar="DATE", help=help, callback=_known_date)


Place = Annotated[
    str, typer.Argument(metavar="INDEX", help="The file of the index, or a postgresql:// address.")
]
CommitEvery = Annotated[
    int, typer.Option("--commit-every", min=1, metavar="N", help="Articles that are kept at once.")
]
Update = Annotated[
    bool, typer.Option("--update", help="Replace what is there under an id, where it differs.")
]
AsPage = Annotated[PageFormat | None, typer.Option("--format", help="Default: terminal.")]


@app.command()
def add(
    index: Place,
    paths: Paths,
    update: Update = False,
    commit_every: CommitEvery = COMMIT_EVERY,
    strict: Strict = False,
    encoding: Encoding = "utf-8",
    fast_extract: FastExtract = False,
    text_field: TextField = None,
    id_field: IdField = None,
    title_field: TitleField = None,
    url_field: UrlField = None,
    publisher_field: PublisherField = None,
    date_field: DateField = None,
    language_field: LanguageField = None,
) -> None:
    """Add articles, and make the index where there is none.

    Stopped or killed, the same command goes on where it stopped: nothing is added twice, and
    nothing is lost. Reads what `dedup report` reads.
    """
    with handle_errors():
        reading = reading_of(
            paths, strict, encoding, fast_extract,
            text=text_field, id=id_field, title=title_field, url=url_field,
            publisher=publisher_field, date=date_field, language=language_field,
        )  # fmt: skip
        added = Added()
        with _opened(index, makes=True) as kept:
            try:
                with rate("adding") as bar:
                    for block in blocks(reading, commit_every):
                        added.add(kept, block, update)
                        bar(added.done)
            finally:
                _tell_read(reading, added.refused)
                tell(_sum(added, kept.place))
        if reading.failed or added.refused:
            raise typer.Exit(ERROR)


@app.command()
def check(
    index: Place,
    paths: Paths,
    since: Annotated[
        str | None, _date("Leave out what was published before this day or moment.")
    ] = None,
    until: Annotated[
        str | None, _date("Leave out what was published on this day or later.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Near-duplicates looked at for each article.")
    ] = LIMIT,
    adds: Annotated[
        bool, typer.Option("--add", help="Then add each article, before the next is checked.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 3 where a counterpart was found.")
    ] = False,
    format: Annotated[
        CheckFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    strict: Strict = False,
    encoding: Encoding = "utf-8",
    fast_extract: FastExtract = False,
    text_field: TextField = None,
    id_field: IdField = None,
    title_field: TitleField = None,
    url_field: UrlField = None,
    publisher_field: PublisherField = None,
    date_field: DateField = None,
    language_field: LanguageField = None,
) -> None:
    """Ask what the index has of each article: what it retells, and who has it from whom.

    Across languages nothing is found: `dedup report` and `dedup check` do that.
    """
    chosen = CheckFormat(format or format_for(output, CheckFormat))
    with handle_errors():
        reading = reading_of(
            paths, strict, encoding, fast_extract,
            text=text_field, id=id_field, title=title_field, url=url_field,
            publisher=publisher_field, date=date_field, language=language_field,
        )  # fmt: skip
        refused: list[str] = []
        window = {"limit": limit, "since": since, "until": until}
        from dedup.report.index_documents import check_json
        from dedup.report.index_pages import check_page

        with _opened(index, makes=adds, readonly=not adds) as kept:
            found = answers(kept, reading, adds, window, refused)
            streams = chosen is CheckFormat.jsonl
            told = ""
            try:
                with rate("checking", shown=not streams or to_file(output)) as bar:
                    counted = Counted(found, bar)
                    if streams:
                        stream(lines(counted, reading), output)
                    elif chosen is CheckFormat.json:
                        told = check_json(kept.place, counted, reading.problems)
                    else:
                        told = _printed(check_page(kept.place, counted), output)
            finally:
                _tell_read(reading, refused)
        if not streams:
            deliver(told, output, chosen is CheckFormat.terminal)
        if reading.failed or refused:
            raise typer.Exit(ERROR)
        if exit_code and counted.matched:
            raise typer.Exit(REUSE_FOUND)


@app.command()
def remove(
    index: Place,
    ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="Ids of articles; - reads them from stdin.")
    ],
) -> None:
    """Remove articles by their ids. `compact` then gives back their room."""
    with handle_errors(), _opened(index) as kept:
        removed, missing = 0, []
        with kept.batch():
            for id in _ids(ids):
                if id in kept:
                    kept.remove(id)
                    removed += 1
                else:
                    missing.append(f"there is no article {id!r} in {kept.place}")
        tell_some(missing)
        tell(f"{_articles(removed)} removed from {kept.place}")
        if missing:
            raise typer.Exit(ERROR)


@app.command()
def clusters(index: Place, format: AsPage = None, output: Output = None) -> None:
    """Tell the families of the index: the articles that are one report.

    Pairs that nobody has looked at yet are looked at first, which takes some 15 ms for each.
    """
    chosen = PageFormat(format or format_for(output, PageFormat))
    with handle_errors():
        from dedup.report.index_documents import clusters_json
        from dedup.report.index_pages import clusters_page, told_of

        fixed = "://" not in index and os.path.isfile(index) and not os.access(index, os.W_OK)
        with _opened(index, readonly=fixed) as kept:
            if fixed:
                tell(f"{index} may only be read: families as they were when it was last settled")
            else:
                with rate("relating", "pairs") as bar:
                    kept.settle(progress=bar)
            families = kept.clusters()
            if chosen is PageFormat.json:
                told = clusters_json(kept.place, families)
            else:
                named = (kept.get(id) for id in told_of(families))
                articles = {article.id: article for article in named if article}
                told = _printed(clusters_page(kept.place, families, articles), output)
        deliver(told, output, chosen is PageFormat.terminal)


@app.command()
def stats(index: Place, format: AsPage = None, output: Output = None) -> None:
    """Tell how much there is of everything."""
    chosen = PageFormat(format or format_for(output, PageFormat))
    with handle_errors():
        from dedup.report.index_documents import stats_json
        from dedup.report.index_pages import stats_page

        with _opened(index, readonly=True) as kept:
            place, sizes = kept.place, kept.stats()
        if chosen is PageFormat.json:
            deliver(stats_json(place, sizes), output, False)
        else:
            deliver(_printed(stats_page(place, sizes), output), output, True)


@app.command()
def export(
    index: Place,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A .jsonl or .parquet file; - writes JSON lines."),
    ],
) -> None:
    """Write all articles to a file that `dedup index add` reads back."""
    with handle_errors(), _opened(index, readonly=True) as kept:
        if not to_file(file):
            from dedup.index.interchange import records

            stream(records(kept), None)
            return
        try:
            count = kept.export(file)
        except OSError as error:
            raise InputError(f"{file}: {error.strerror or error}") from None
        tell(f"{_articles(count)} written to {file}")


@app.command()
def compact(index: Place) -> None:
    """Give back the room of what was removed."""
    with handle_errors(), _opened(index) as kept:
        from dedup.report.index_pages import size

        before = kept.stats().bytes
        kept.compact()
        tell(f"{kept.place}: {size(before)} before, {size(kept.stats().bytes)} now")


def _printed(page: "RenderableType", output: Path | None) -> str:
    from dedup.report import printed

    width, color = page_size(output)
    return printed(page, width, color)


def _sum(added: Added, place: str) -> str:
    """What was done, in a line."""
    told = [f"{_articles(added.fresh)} added to {place}"]
    for number, what in (
        (added.replaced, "replaced"),
        (added.known, "were there already"),
        (len(added.refused), "not added"),
    ):
        if number:
            told.append(f"{number:,} {what}")
    return ", ".join(told)


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{number:,} articles"


def _tell_read(reading: "Reading", refused: list[str]) -> None:
    tell_reading(reading, more="")
    tell_some(refused)


def _opened(place: str, *, makes: bool = False, readonly: bool = False) -> "Index":
    """The index; a `StoreError` where there is none and none is to be made."""
    if place == ":memory:":
        raise StoreError(f"{place} is gone when the command ends; name a file")
    if not makes and "://" not in place and not os.path.exists(place):
        raise StoreError(f"{place}: there is no such index; `dedup index add` makes one")
    from dedup.index import Index

    return Index(place, readonly=readonly)


def _ids(given: list[str]) -> Iterator[str]:
    for id in given:
        if id != "-":
            yield id
        elif sys.stdin is None:
            raise InputError("standard input is closed")
        else:
            yield from filter(None, (line.rstrip("\r\n") for line in sys.stdin))
