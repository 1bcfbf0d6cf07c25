"""The Dockerfile, which names things of the project that must be there; nothing is built here."""

import json
import re
import shlex
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from dedup.cli import app

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = SETTINGS["project"]
LINES = [
    line.split(maxsplit=1)
    for line in (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "").splitlines()
    if line and not line.startswith("#")
]


def lines_of(instruction: str) -> list[str]:
    """What follows this instruction, wherever it stands."""
    return [rest for name, rest in LINES if name == instruction]


def test_what_is_copied_is_there() -> None:
    """Files and folders of the project, among them all that its description names."""
    copied = [path for line in lines_of("COPY") for path in shlex.split(line)[:-1]]
    assert all((ROOT / path).exists() for path in copied)
    fragments = SETTINGS["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["fragments"]
    named = {part["path"] for part in fragments if "path" in part} | {*PROJECT["license-files"]}
    wanted = {"pyproject.toml", "dedup", *named}
    assert all(path in copied or path.startswith("dedup/") for path in wanted)


def test_what_is_installed_exists() -> None:
    """The extras are the project's, and the version of Python is one that it supports."""
    (run,) = lines_of("RUN")
    (extras,) = re.findall(r"'\.\[(.*?)\]'", run)
    assert set(extras.split(",")) <= PROJECT["optional-dependencies"].keys()
    (base,) = lines_of("FROM")
    version = base.removeprefix("python:").removesuffix("-slim")
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]


def test_commands_exist() -> None:
    """The one that a container runs, and the one that compiles the kernels."""
    (entry,) = map(json.loads, lines_of("ENTRYPOINT"))
    assert entry[0] in PROJECT["scripts"]
    (run,) = lines_of("RUN")
    commands = [shlex.split(part) for part in run.split("&&")]
    (warm_up,) = [command[1:] for command in commands if command[0] == "dedup"]
    for arguments in (warm_up, *map(json.loads, lines_of("CMD"))):
        assert CliRunner().invoke(app, arguments).exit_code == 0


def test_kernels_are_kept_where_everybody_may_use_them() -> None:
    """The folder that numba is told is the one whose permissions are opened."""
    (variable,) = lines_of("ENV")
    folder = variable.removeprefix("NUMBA_CACHE_DIR=")
    assert f"chmod -R a+rwX {folder}" in lines_of("RUN")[0]
