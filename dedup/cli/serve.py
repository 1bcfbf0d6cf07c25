"""`dedup serve`: the page in the newsroom, and the interface for content systems."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dedup.cli import console, options
from dedup.errors import InputError

TOKEN = "DEDUP_TOKEN"
DEFAULT_PORT = 8765
MAX_TOKEN_FILE = 10_000  # bytes


def serve(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INDEX | PATH…]",
            help="An index (a file or a postgresql:// address), or files and folders that are "
            "read and watched. Default: an archive of its own.",
        ),
    ] = None,
    *,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; beyond this machine only "
                          "with a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N")] = DEFAULT_PORT,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOST", help="Another name that browsers call this server "
                     "by, as behind a proxy. May be given again."),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"A file with the token. Default: ${TOKEN}.",
                     exists=True, dir_okay=False),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="Where the archive and its search are kept. "
                     "Default: a folder of the user."),
    ] = None,
    ours: options.Ours = None,
    encoder: options.EncoderName = "auto",
    processes: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="Texts compared at once. Default: one for "
                     "each processor."),
    ] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:  # fmt: skip
    """Serve pages and an interface to check drafts, on this machine.

    Editors open the page; content systems ask /api/v1. Nothing is fetched and nothing is sent
    elsewhere. Stop it with Ctrl-C: what has begun is finished first.
    """
    with console.handle_errors():
        from dedup.extras import require

        for module in ("fastapi", "uvicorn", "multipart"):
            require(module, "serve")
        from dedup.serve.app import run
        from dedup.serve.settings import Settings, data_folder

        data = folder or data_folder()
        index, watched = find_index(tuple(places or ()), data)
        settings = Settings(
            index=index,
            folder=data,
            watched=watched,
            host=host,
            port=port,
            names=tuple(names or ()),
            token=read_token(token_file),
            encoder=encoder,
            ours=tuple(ours or ()),
            processes=processes or max(1, min(8, os.cpu_count() or 1)),
        )
        shown = f"[{host}]" if ":" in host else host
        run(settings, lambda: say_ready(f"http://{shown}:{port}/", settings.index, open))


def say_ready(address: str, index: str, opens: bool) -> None:
    """Say where the page is, and open it if that was asked for."""
    console.say(f"serving {index} at {address} (Ctrl-C stops it)")
    if opens:
        import webbrowser

        webbrowser.open(address)


def find_index(places: tuple[str, ...], folder: Path) -> tuple[str, tuple[str, ...]]:
    """The index that is served, and the paths that are watched for it."""
    from dedup.index import is_index_address
    from dedup.serve.settings import index_for

    if not places:
        return str(folder / "archive.dedup"), ()
    indexes = [place for place in places if is_index_address(place)]
    if indexes and len(places) > 1:
        raise InputError(f"{indexes[0]} is an index; serve it alone, or files and folders")
    if indexes:
        return indexes[0], ()
    for place in places:
        if place.startswith(("http://", "https://", "ftp://")):
            raise InputError(f"{place} is a web address, and dedup downloads nothing")
        if place == "-":
            raise InputError("standard input cannot be watched; name files and folders")
    if len(places) == 1 and places[0].endswith(".dedup") and not Path(places[0]).exists():
        return places[0], ()  # an index that is to be made
    return index_for(places, folder), places


def read_token(file: Path | None) -> str | None:
    """The token that programs and browsers must know; None where there is none."""
    if file is None:
        return os.environ.get(TOKEN) or None
    token = file.read_bytes()[:MAX_TOKEN_FILE].decode("utf-8", "replace").strip()
    if not token:
        raise InputError(f"{file}: is empty; put a secret of 16 characters or more into it")
    return token
