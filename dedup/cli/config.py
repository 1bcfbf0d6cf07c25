"""dedup.toml: what one's own commands begin with, and outlets that no list knows.

The file of the folder in which a command is run, or of the nearest folder above, gives options of
commands their defaults; whatever stands on the command line counts more. None is needed. What
names a file to write cannot stand in it, since a folder may be a stranger's.

    ours = ["ferrypost.example"]          # as --ours of every command that has it

    [report]                              # options by their names: --min-words 8
    min-words = 8

    [outlets]                             # names and domains of outlets that no list has
    "Ferry Post" = ["ferrypost.example", "The Ferry Post Online"]
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

NAME = "dedup.toml"
MAX_BYTES = 1_000_000
# What a file cannot set: what is written or opened, and what a command is about.
EXCLUDED = frozenset({"output", "html", "open", "help", "version", "config", "paths"})


def find_config(folder: Path) -> Path | None:
    """dedup.toml in `folder` or in the nearest folder above that has one."""
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
    return None


def load_config(context: typer.Context, given: Path | None) -> None:
    """Give the commands of `context` their defaults from the file `given`, else from the nearest
    dedup.toml. Raises `typer.BadParameter`, with the file and the reason, for what has no place
    in it."""
    path = given or find_config(Path.cwd())
    if path is None:
        return
    settings = _read(path)
    outlets = settings.pop("outlets", {})
    ours = settings.pop("ours", None)
    _check_outlets(path, outlets)
    defaults: dict[str, Any] = {}
    commands: Mapping[str, Any] = getattr(context.command, "commands", {})
    for name, command in commands.items():
        own = settings.pop(name, {})
        if not isinstance(own, dict):
            raise typer.BadParameter(f"{path}: {name} is a table: [{name}]")
        defaults[name] = _command_defaults(path, name, command, own, ours)
    if settings:
        known = ", ".join(["ours", "outlets", *commands])
        raise typer.BadParameter(f"{path}: unknown {next(iter(settings))!r}; known are {known}")
    context.default_map = defaults
    if outlets:
        from dedup.attribution.outlets import OWN_LIST

        os.environ[OWN_LIST] = str(path.resolve())  # which processes started later see, too


def _command_defaults(
    path: Path, name: str, command: Any, own: dict[str, Any], ours: Any
) -> dict[str, Any]:
    """The defaults of one command; those of a group by the names of its commands."""
    if inner := getattr(command, "commands", None):
        unknown = set(own) - set(inner)
        if unknown:
            raise typer.BadParameter(f"{path}: [{name}] has no command {min(unknown)!r}")
        return {
            each: _command_defaults(path, f"{name}.{each}", inner[each], own.get(each, {}), None)
            for each in inner
        }
    options = {
        option.lstrip("-"): parameter.name
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and parameter.name not in EXCLUDED
    }
    for option in own:
        if option not in options:
            known = ", ".join(sorted(options))
            raise typer.BadParameter(f"{path}: [{name}] has no {option!r}; known are {known}")
    defaults = {options[option]: value for option, value in own.items()}
    if ours is not None and "ours" in options:
        defaults.setdefault("ours", ours)
    return defaults


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise typer.BadParameter(f"{path}: is larger than {MAX_BYTES:,} bytes")
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise typer.BadParameter(f"{path}: {error}") from None


def _check_outlets(path: Path, outlets: Any) -> None:
    is_right = isinstance(outlets, dict) and all(
        isinstance(names, list) and all(isinstance(each, str) and each.strip() for each in names)
        for names in outlets.values()
    )
    if not is_right:
        raise typer.BadParameter(
            f'{path}: [outlets] has a list of names and domains for each outlet: "Ferry Post" = '
            '["ferrypost.example"]'
        )
