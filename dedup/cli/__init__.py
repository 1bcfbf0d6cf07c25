"""The command line: what a person types, turned into calls of the library and back into text.

Comes in: arguments. Goes out: data on stdout, messages and progress on stderr, an exit code:
0 fine, 1 an error, 2 wrong usage, 3 reuse found (only if `--exit-code` asked for it), 130
interrupted. It decides nothing about articles: each command is a verb of the library.

Everything heavy is imported where it is used, so that `dedup --help` answers at once.
"""

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast

import typer

import dedup
from dedup.cli.check import check
from dedup.cli.index import app as index_app
from dedup.cli.options import (
    DateField,
    EncoderName,
    Encoding,
    ExitCode,
    Family,
    FastExtract,
    Html,
    IdField,
    LanguageField,
    LeastWords,
    Output,
    Paths,
    Picture,
    PictureKind,
    PublisherField,
    Strict,
    TextField,
    Threads,
    TitleField,
    UrlField,
    WithFurniture,
    WithoutQuotations,
)
from dedup.cli.output import (
    FILE_WIDTH,
    deliver,
    deliver_page,
    format_for,
    page_size,
    refuse_terminal,
)
from dedup.cli.reading import named, only_article, reading_of
from dedup.cli.speech import (
    ERROR,
    REUSE_FOUND,
    handle_errors,
    progress,
    tell,
    tell_problems,
    tell_reading,
)
from dedup.errors import DedupError

if TYPE_CHECKING:
    from dedup.pipeline import Result
    from dedup.readers import Reading
    from dedup.report import Format

LARGE = 100_000_000  # bytes of input, from which on the memory that it may take is told

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich costs a third of the time that --help may take
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(index_app, name="index")


class ReportFormat(StrEnum):
    """How a report can be told."""

    terminal = "terminal"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    graphml = "graphml"
    html = "html"
    svg = "svg"
    png = "png"


class AlignmentFormat(StrEnum):
    """How an alignment can be told."""

    terminal = "terminal"
    json = "json"
    html = "html"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dedup {dedup.__version__}")
        raise typer.Exit


@app.callback()
def dedup_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Which of these news articles are one report, who took it from whom, and what in each
    was copied, paraphrased, translated or added."""


@app.command()
def report(
    paths: Paths,
    format: Annotated[
        ReportFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    html: Html = None,
    strict: Strict = False,
    exit_code: ExitCode = False,
    encoding: Encoding = "utf-8",
    fast_extract: FastExtract = False,
    text_field: TextField = None,
    id_field: IdField = None,
    title_field: TitleField = None,
    url_field: UrlField = None,
    publisher_field: PublisherField = None,
    date_field: DateField = None,
    language_field: LanguageField = None,
    encoder: EncoderName = "auto",
    threads: Threads = None,
    without_quotations: WithoutQuotations = False,
    with_furniture: WithFurniture = False,
    least_words: LeastWords = 0,
    picture: Picture = None,
    family: Family = None,
) -> None:
    """Find which articles are one report, and who took what.

    Reads text, Markdown, HTML, JSON, CSV, Parquet, RSS, WARC, ninjs, NewsML-G2, NITF, .eml,
    .docx and .pdf, packed or not.

    Exit codes: 0 fine, 1 an error (what could be read is still reported), 2 wrong usage.
    """
    chosen = ReportFormat(format or format_for(output, ReportFormat))
    if (picture or family) and chosen not in (ReportFormat.svg, ReportFormat.png):
        raise typer.BadParameter("--picture and --family go with --format svg or png")
    with handle_errors():
        if chosen is ReportFormat.png:
            from dedup.report.pictures import painter

            refuse_terminal(output)
            painter()  # what lacks is said now, not after the work
        reading = reading_of(
            paths, strict, encoding, fast_extract, threads,
            text=text_field, id=id_field, title=title_field, url=url_field,
            publisher=publisher_field, date=date_field, language=language_field,
        )  # fmt: skip
        result = _compare(reading, threads, encoder)
        tell_reading(reading)
        for problem in result.problems[len(reading.problems) :]:
            tell(f"{problem.path}: {problem.what}")
        page = chosen is ReportFormat.terminal
        from dedup.align import Counting
        from dedup.report import render

        counting = Counting(not without_quotations, with_furniture, least_words)
        if html:
            deliver_page(render(result, "html", counting=counting), html)
        told: str | bytes
        if chosen in (ReportFormat.svg, ReportFormat.png):
            from dedup.report.pictures import draw, png

            svg = draw(result, (picture or PictureKind.tree).value, family)
            told = png(svg) if chosen is ReportFormat.png else svg
        else:
            width, color = page_size(output) if page else (FILE_WIDTH, False)
            text = cast("Format", chosen.value)
            told = render(result, text, width=width, color=color, counting=counting)
        deliver(told, output, page)
        if reading.failed or (strict and result.problems):
            raise typer.Exit(ERROR)
        if exit_code and result.clusters:
            raise typer.Exit(REUSE_FOUND)


@app.command()
def align(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="The article that may be the source.")
    ],
    derivative: Annotated[
        str, typer.Argument(metavar="DERIVATIVE", help="The article that may be taken from it.")
    ],
    format: Annotated[
        AlignmentFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    html: Html = None,
    encoding: Encoding = "utf-8",
    encoder: EncoderName = "auto",
    without_quotations: WithoutQuotations = False,
    with_furniture: WithFurniture = False,
    least_words: LeastWords = 0,
) -> None:
    """Lay an article beside its source, passage by passage."""
    if source == derivative == "-":
        raise typer.BadParameter("only one of SOURCE and DERIVATIVE can be stdin")
    chosen = AlignmentFormat(format or format_for(output, AlignmentFormat))
    with handle_errors():
        from dedup.align import Counting, recount
        from dedup.align import align as align_articles
        from dedup.report import render_alignment

        origin, taken = only_article(source, encoding), only_article(derivative, encoding)
        if origin.id == taken.id:
            origin, taken = replace(origin, id=source), replace(taken, id=derivative)
        counting = Counting(not without_quotations, with_furniture, least_words)
        aligned = align_articles(origin, taken, encoder=named(encoder))
        alignment = recount(aligned, counting)
        if html:
            deliver_page(render_alignment(alignment, origin, taken, "html"), html)
        page = chosen is AlignmentFormat.terminal
        width, color = page_size(output) if page else (FILE_WIDTH, False)
        told = render_alignment(alignment, origin, taken, chosen.value, width=width, color=color)
        deliver(told, output, page)


app.command()(check)


def _compare(reading: "Reading", threads: int | None, encoder: str) -> "Result":
    """The result; what could not be read is told before an error stops the work."""
    from dedup.pipeline import compare, estimate_memory

    if reading.size > LARGE:
        tell(
            f"{reading.size / 1e6:,.0f} MB to read; "
            f"this may take {estimate_memory(reading.size) / 1e9:.1f} GB of memory"
        )
    try:
        with progress() as bar:
            return compare(reading, threads=threads, encoder=named(encoder), progress=bar)
    except DedupError:
        tell_problems(reading)
        raise
