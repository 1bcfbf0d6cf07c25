"""The command line: arguments become calls of the library, and results become text.

Data go to stdout, messages and progress to stderr. Exit codes: 0 success, 1 an error, 2 wrong
usage, 3 reuse found (only with `--exit-code`), 130 interrupted, 143 terminated. Commands decide
nothing about articles: each is a verb of the library. Everything heavy is imported where it is
used, so that `dedup --help` answers at once.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from dedup.cli import console, options
from dedup.cli.align import align
from dedup.cli.check import check
from dedup.cli.completion import completion
from dedup.cli.config import load_config
from dedup.cli.index import app as index_app
from dedup.cli.serve import serve
from dedup.errors import DedupError, InputError

if TYPE_CHECKING:
    from dedup.pipeline import Comparison
    from dedup.readers import Reading

LARGE = 100_000_000  # bytes of input from which on the memory that it may take is announced

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich costs a third of the time that --help may take
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(index_app, name="index")
ReportFormat = StrEnum(
    "ReportFormat", ["terminal", "json", "jsonl", "csv", "graphml", "html", "svg", "png"]
)


def show_version(wanted: bool) -> None:
    """Print the version, and nothing else."""
    if wanted:
        from dedup import __version__

        typer.echo(f"dedup {__version__}")
        raise typer.Exit


@app.callback()
def dedup_command(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Defaults of options. Default: the nearest dedup.toml.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Find news articles that share a source text, show which derives from which, and mark what
    was copied, paraphrased, translated or added."""
    load_config(context, config)


@app.command(cls=options.PlainCommand)
@options.with_groups
def report(
    paths: options.Paths,
    *,
    format: Annotated[ReportFormat | None, options.FORMAT] = None,
    outputs: options.OutputOptions,
    detail_options: options.DetailOptions,
    ours: options.Ours = None,
    cluster: options.ClusterId = None,
    picture: options.Picture = None,
    exit_code: options.ExitCode = False,
    counting_options: options.CountingOptions,
    encoder: options.EncoderName = "auto",
    threads: options.Threads = None,
    work: options.Work = None,
    reading_options: options.ReadingOptions,
) -> None:
    """Group related articles and show reuse.

    Reads text, Markdown, HTML, JSON, CSV, Parquet, RSS, WARC, ninjs, NewsML-G2, NITF, .eml,
    .docx and .pdf, compressed or not.

    Exit codes: 0 success, 1 an error (what could be read is still reported), 2 wrong usage,
    3 reuse found (only with --exit-code).
    """
    output, html = outputs.output, outputs.html
    chosen = console.choose_format(format, output, ReportFormat)
    outputs.check(chosen.value)
    is_picture = chosen in (ReportFormat.svg, ReportFormat.png)
    detail, quiet = detail_options.detail, detail_options.quiet
    if picture and not is_picture:
        raise typer.BadParameter("--picture goes with --format svg or png")
    if cluster and not (is_picture or chosen is ReportFormat.terminal):
        raise typer.BadParameter("--cluster goes with --format terminal, svg or png")
    with console.handle_errors():
        reading = reading_options.read(paths, threads)
        console.protect((output, html), (*paths, *reading.files))
        if chosen is ReportFormat.png:
            from dedup.report.pictures import painter

            if not console.is_file(output) and sys.stdout is not None and sys.stdout.isatty():
                raise typer.BadParameter("a terminal cannot show a picture; give -o FILE")
            painter()  # a missing package is reported now, not after the work
        from dedup.report import render, render_parts, stream_lines

        counting = counting_options.counting
        streams = chosen is ReportFormat.jsonl
        # No bar among lines on one screen.
        bar = not quiet and not (streams and console.is_on_screen(output))
        with compare_articles(reading, threads, encoder, work, quiet, bar) as comparison:
            if streams:
                console.deliver_lines(stream_lines(comparison, counting), output)
            result = comparison.run()
        listed = chosen is ReportFormat.terminal and console.is_on_screen(output)
        console.say_what_was_read(reading, listed=listed, quiet=quiet)
        if not listed:
            console.say_problems(result.problems[len(reading.problems) :])
        shown: dict[str, Any] = {
            "detail": detail,
            "cluster": cluster,
            "ours": ours or (),
            "counting": counting,
        }
        render_result = partial(render, result, **shown)
        if is_picture:
            from dedup.report.pictures import draw, png

            svg = draw(result, (picture or options.PictureKind.tree).value, cluster)
            console.write(render_result, None, None, html)
            console.deliver(png(svg) if chosen is ReportFormat.png else svg, output)
        elif chosen is ReportFormat.terminal:
            console.write(render_result, chosen.value, output, html)
        else:
            console.write(render_result, None, None, html)
            if not streams:
                parts = render_parts(result, cast(Any, chosen.value), **shown)
                console.deliver_lines(parts, output)
        outputs.show(chosen.value)
        if reading.failed or (reading_options.strict and result.problems):
            raise typer.Exit(console.ERROR)
        if exit_code and result.clusters:
            raise typer.Exit(console.REUSE_FOUND)


app.command(cls=options.PlainCommand)(options.with_groups(align))
app.command(cls=options.PlainCommand)(options.with_groups(check))
app.command(cls=options.PlainCommand)(options.with_groups(serve))
app.command(cls=options.PlainCommand)(completion)


@contextmanager
def compare_articles(
    reading: "Reading",
    threads: int | None,
    encoder: str | None,
    work: Path | None,
    quiet: bool,
    bar_shows: bool,
) -> Iterator["Comparison"]:
    """A comparison of the articles; what could not be read is reported even where an error stops
    it."""
    from dedup.pipeline import Comparison, estimate_memory

    if reading.size > LARGE and not quiet:
        console.say(
            f"{reading.size / 1e6:,.0f} MB to read; "
            f"this may take {estimate_memory(reading.size, threads) / 1e9:.1f} GB of memory"
        )
    try:
        with (
            console.progress(shows=bar_shows) as bar,
            Comparison(
                reading, threads=threads, encoder=encoder, work=work, progress=bar
            ) as comparison,
        ):
            yield comparison
    except DedupError:
        console.say_problems(reading.problems)
        raise


@app.command(cls=options.PlainCommand, name="warm-up")
def warm_up() -> None:
    """Compile the kernels ahead of the first large run, as when a container is built.

    They are kept in NUMBA_CACHE_DIR, or beside the installed package.
    """
    with console.handle_errors():
        from dedup.sketch.kernels.compiling import find_cache

        kept = find_cache()
        if kept is None:
            raise InputError(
                "the compiled kernels cannot be kept; set NUMBA_CACHE_DIR to a folder that can be "
                "written"
            )
        console.say(f"the kernels are compiled and kept in {kept}")
