"""`dedup index`: a collection that grows, from the command line.

An index is a file or a postgresql:// address; only adding makes one. `add` may be stopped or
killed at any moment: the same command continues where it stopped, because what is there already
is skipped.
"""

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dedup.cli import console, options
from dedup.cli.adding import Added, check_all, read_blocks
from dedup.errors import InputError, StoreError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dedup.index import Index
    from dedup.report.view import Answer

COMMIT_EVERY = 1_000  # articles; a second's work, which is done again after a crash
MAX_COMPARED = 20  # near-duplicates of an article that are compared with it

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Manage a searchable article archive.",
)
CheckFormat = StrEnum("CheckFormat", ["terminal", "json", "jsonl"])
PageFormat = StrEnum("PageFormat", ["terminal", "json"])
StatsFormat = StrEnum("StatsFormat", ["terminal", "json", "prometheus"])


def known_date(value: str | None) -> str | None:
    """A date that an article could have."""
    from dedup.dates import parse_date

    try:
        if value is not None:
            parse_date(value)
    except InputError as error:
        raise typer.BadParameter(str(error)) from None
    return value


def date_option(help: str) -> Any:
    """An option that takes a day or a moment."""
    return typer.Option(metavar="DATE", help=help, callback=known_date)


Place = Annotated[
    str, typer.Argument(metavar="INDEX", help="The file of the index, or a postgresql:// address.")
]
AsPage = Annotated[PageFormat | None, options.FORMAT]


@app.command(cls=options.PlainCommand)
@options.with_groups
def add(
    index: Place,
    paths: options.Paths,
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Replace articles of the same id that differ.")
    ] = False,
    passages: Annotated[
        bool,
        typer.Option(
            "--passages/--no-passages",
            help="A new index finds articles that share only a passage, for 1 KB an article.",
        ),
    ] = True,
    commit_every: Annotated[
        int, typer.Option("--commit-every", min=1, metavar="N", help="Articles saved at once.")
    ] = COMMIT_EVERY,
    reading_options: options.ReadingOptions,
) -> None:
    """Add articles, and make the index if there is none.

    Stopped or killed, the same command continues where it stopped: nothing is added twice and
    nothing is lost. Reads what `dedup report` reads.
    """
    with console.handle_errors():
        reading = reading_options.read(paths)
        added = Added()
        with open_index(index, makes=True, passages=passages) as archive:
            try:
                with console.rate("adding") as show:
                    for block in read_blocks(reading, commit_every):
                        added.add(archive, block, update)
                        show(added.done)
            finally:
                console.say_what_was_read(reading, more="")
                console.say_problems(added.refused)
                console.say(added.summary(archive.place))
        if reading.failed or added.refused:
            raise typer.Exit(console.ERROR)


@app.command(cls=options.PlainCommand)
@options.with_groups
def check(
    index: Place,
    paths: options.Paths,
    *,
    since: Annotated[
        str | None, date_option("Leave out what was published before this day or moment.")
    ] = None,
    until: Annotated[
        str | None, date_option("Leave out what was published on this day or later.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Near-duplicates compared with each article.")
    ] = MAX_COMPARED,
    adds: Annotated[
        bool, typer.Option("--add", help="Then add each article, before the next is checked.")
    ] = False,
    exit_code: options.ExitCode = False,
    format: Annotated[CheckFormat | None, options.FORMAT] = None,
    output: options.Output = None,
    reading_options: options.ReadingOptions,
) -> None:
    """Check articles against the index: what they reuse, and who derives from whom.

    Translations are not found here: `dedup report` and `dedup check` find them.

    Exit codes: 0 success, 1 an error, 2 wrong usage, 3 reuse found (only with --exit-code).
    """
    chosen = console.choose_format(format, output, CheckFormat)
    is_stream = chosen is CheckFormat.jsonl
    with console.handle_errors():
        reading = reading_options.read(paths)
        console.protect([output], (index, *paths, *reading.files))
        from dedup.report.json import answer_line, index_check_json, problem_line
        from dedup.report.terminal.index import check_page

        refused: list[str] = []
        matched = 0
        text = ""

        def answers() -> "Iterator[Answer]":
            nonlocal matched
            for number, answer in enumerate(
                check_all(archive, reading, adds, window, refused), start=1
            ):
                matched += bool(answer.verdict.matches)
                show(number)
                yield answer

        with open_index(index, makes=adds, readonly=not adds) as archive:
            window = {"limit": limit, "since": since, "until": until}
            has_bar = not is_stream or console.is_file(output)
            try:
                with console.rate("checking", shows=has_bar) as show:
                    if is_stream:
                        problems = map(problem_line, reading.problems)  # complete at the end
                        lines = chain(map(answer_line, answers()), problems)
                        console.deliver_lines(lines, output)
                    elif chosen is CheckFormat.json:
                        text = index_check_json(archive.place, answers(), reading.problems)
                    else:
                        text = lay_out(check_page(archive.place, answers()), output)
            finally:
                console.say_what_was_read(reading, more="")
                console.say_problems(refused)
        if not is_stream:
            console.deliver(text, output, is_page=chosen is CheckFormat.terminal)
        if reading.failed or refused:
            raise typer.Exit(console.ERROR)
        if exit_code and matched:
            raise typer.Exit(console.REUSE_FOUND)


@app.command(cls=options.PlainCommand)
def remove(
    index: Place,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Ids of articles; - reads stdin.")
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Remove what was published before, as 2025-03-28."),
    ] = None,
) -> None:
    """Remove articles by their ids or their age. `compact` then reclaims their space."""
    if (before is None) == (not ids):
        raise typer.BadParameter("give ids of articles or --before DATE")
    with console.handle_errors(), open_index(index) as archive:
        from dedup.phrasing import pluralize

        if before is not None:
            with console.rate("removing") as show:
                removed = archive.remove_before(before, progress=show)
            console.say(f"{pluralize(removed, 'article')} removed from {archive.place}")
            return
        removed, missing = 0, []
        with archive.batch():
            for id in read_ids(ids or []):
                if id in archive:
                    archive.remove(id)
                    removed += 1
                else:
                    missing.append(f"there is no article {id!r} in {archive.place}")
        console.say_problems(missing)
        console.say(f"{pluralize(removed, 'article')} removed from {archive.place}")
        if missing:
            raise typer.Exit(console.ERROR)


@app.command(cls=options.PlainCommand)
def clusters(
    index: Place,
    format: AsPage = None,
    output: options.Output = None,
    threads: options.Threads = None,
) -> None:
    """List the clusters of the index.

    Pairs that have not been compared yet are compared first, which takes some 15 ms for each.
    """
    chosen = console.choose_format(format, output, PageFormat)
    with console.handle_errors():
        console.protect([output], [index])
        from dedup.report.json import index_clusters_json
        from dedup.report.terminal.index import clusters_page, listed_members

        fixed = "://" not in index and os.path.isfile(index) and not os.access(index, os.W_OK)
        with open_index(index, readonly=fixed) as archive:
            if fixed:
                console.say(f"{index} is read-only: these are the clusters of its last update")
            else:
                with console.rate("comparing", "pairs") as show:
                    archive.settle(progress=show, threads=threads)
            groups = archive.clusters()
            if chosen is PageFormat.json:
                text = index_clusters_json(archive.place, groups)
            else:
                listed = map(archive.get, listed_members(groups))
                articles = {article.id: article for article in listed if article}
                text = lay_out(clusters_page(archive.place, groups, articles), output)
        console.deliver(text, output, is_page=chosen is PageFormat.terminal)


@app.command(cls=options.PlainCommand)
def stats(
    index: Place,
    format: Annotated[StatsFormat | None, options.FORMAT] = None,
    output: options.Output = None,
) -> None:
    """Show index statistics: sizes, dates, and of its last articles languages and speed."""
    chosen = console.choose_format(format, output, StatsFormat)
    with console.handle_errors():
        console.protect([output], [index])
        with open_index(index, readonly=True) as archive:
            place, sizes = archive.place, archive.stats()
        from dedup.index.survey import survey

        surveyed = survey(index)
        if chosen is StatsFormat.json:
            from dedup.report.json import index_stats_json

            console.deliver(index_stats_json(place, sizes, surveyed), output)
        elif chosen is StatsFormat.prometheus:
            from dedup.report.prometheus import index_stats_metrics

            console.deliver(index_stats_metrics(place, sizes, surveyed), output)
        else:
            from dedup.report.terminal.index import stats_page

            page = stats_page(place, sizes, surveyed)
            console.deliver(lay_out(page, output), output, is_page=True)


@app.command(cls=options.PlainCommand)
def export(
    index: Place,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A .jsonl or .parquet file; - writes JSON lines."),
    ],
) -> None:
    """Write all articles to a file that `dedup index add` reads."""
    console.protect([file], [])
    with console.handle_errors(), open_index(index, readonly=True) as archive:
        if not console.is_file(file):
            from dedup.index.interchange import records

            console.deliver_lines(records(archive), None)
            return
        from dedup.phrasing import pluralize

        try:
            count = archive.export(file)
        except OSError as error:
            raise InputError(f"{file}: {error.strerror or error}") from None
        console.say(f"{pluralize(count, 'article')} written to {file}")


@app.command(cls=options.PlainCommand)
def backup(
    index: Place,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy, a file to be made.")],
) -> None:
    """Copy the index to a file, while others use it."""
    with console.handle_errors(), open_index(index, readonly=True) as archive:
        from dedup.phrasing import format_size

        archive.backup(file)
        console.say(f"{file}: {format_size(file.stat().st_size)}")


@app.command(cls=options.PlainCommand)
def verify(index: Place) -> None:
    """Check that an index is whole: its file, its articles, their signatures.

    Exit codes: 0 whole, 1 an error or a fault.
    """
    with console.handle_errors(), open_index(index, readonly=True) as archive:
        from dedup.phrasing import pluralize

        faults = list(archive.verify())
        console.say_problems(faults)
        if faults:
            console.say(f"{archive.place}: {pluralize(len(faults), 'fault')}")
            raise typer.Exit(console.ERROR)
        console.say(f"{archive.place}: {pluralize(len(archive), 'article')}, no fault")


@app.command(cls=options.PlainCommand)
def compact(index: Place) -> None:
    """Reclaim disk space."""
    with console.handle_errors(), open_index(index) as archive:
        from dedup.phrasing import format_size

        before = format_size(archive.stats().bytes)
        archive.compact()
        console.say(f"{archive.place}: {before} before, {format_size(archive.stats().bytes)} now")


def lay_out(page: "RenderableType", output: Path | None) -> str:
    """A page as text, as wide as the output allows."""
    from dedup.report.terminal import to_text

    width, color = console.page_size(output)
    return to_text(page, width, color)


def open_index(
    place: str, *, makes: bool = False, readonly: bool = False, passages: bool = True
) -> "Index":
    """The index; a `StoreError` if there is none and none is to be made."""
    if place == ":memory:":
        raise StoreError(f"{place} is gone when the command ends; name a file")
    if not makes and "://" not in place and not os.path.exists(place):
        raise StoreError(f"{place}: there is no such index; `dedup index add` makes one")
    from dedup.index import Index

    return Index(place, readonly=readonly, passages=passages)


def read_ids(ids: list[str]) -> Iterator[str]:
    """The ids of a command, with those on stdin in place of "-"."""
    for id in ids:
        if id != "-":
            yield id
        elif sys.stdin is None:
            raise InputError("standard input is closed")
        else:
            yield from filter(None, (line.rstrip("\r\n") for line in sys.stdin))
