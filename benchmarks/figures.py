"""The figures that the docs quote: kept when measured, never typed.

`sections.toml` says which command prints a figure, and where. `figures.json` has each figure with
the day, the commit and the machine it was measured on (null where that was not recorded); those
that are not measured again keep theirs.

docs/benchmarks.md and the table in README.md, which are full of them, are made of templates. On any
other page a comment that nobody sees stands before the figure and says which one it is, as in
`<!--planted.altered-->.992`: there the figure is put, with as many digits behind its point as it
has now.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from benchmarks.data import ROOT

FOLDER = ROOT / "benchmarks"
FIGURES, SECTIONS = FOLDER / "figures.json", FOLDER / "sections.toml"
BY_HAND = "by hand"
# Numbers that no word has in it ("F1"), and the dash that stands for one.
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?|(?<![\w.])\.\d+|(?<=\s)–(?=\s|$)")
# The figures of the README stand between these lines.
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
# Elsewhere a figure has its section and its name before it.
MARKED = re.compile(
    r"<!--(?P<section>[a-z]+)\.(?P<name>[^<>]+?)-->(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
)
BENCHMARKS = ROOT / "docs" / "benchmarks.md"

Value = float | int | list[str]
Section = Mapping[str, Any]


def load_sections() -> dict[str, Section]:
    """The sections: `command` and the place of each of its `figures`."""
    return tomllib.loads(SECTIONS.read_text("utf-8"))


def load_figures() -> dict[str, dict[str, dict[str, Any]]]:
    """The figures of each section: `value`, `date`, `commit` and `machine`."""
    kept: dict[str, dict[str, dict[str, Any]]] = json.loads(FIGURES.read_text("utf-8"))
    return kept


def measure(section: Section) -> dict[str, Value]:
    """Run a section's command, print what it prints, and return the figures in it."""
    command = [sys.executable if word == "python" else word for word in section["command"].split()]
    lines = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip("\n"))
    if process.returncode:
        raise SystemExit(f"{section['command']} ended with {process.returncode}")
    places: dict[str, Sequence[Any]] = section["figures"]
    return {name: find(place, lines) for name, place in places.items() if BY_HAND not in place}


def find(place: Sequence[Any], lines: Sequence[str]) -> Value:
    """The figure at a place in what was printed. Raises `ValueError` where there is none.

    >>> find(["two", "b", 2], ["one", "b 1 2", "two", "b  3  .45"])
    0.45
    """
    *labels, which = place
    at = -1
    tidy = [" ".join(line.split()) for line in lines]
    for label in labels:
        beginnings = (n for n in range(at + 1, len(tidy)) if tidy[n].startswith(label))
        at = next(beginnings, len(tidy))
    if at == len(tidy):
        raise ValueError(f"no such line was printed: {' > '.join(labels)}")
    if which == "lines":
        end = next((n for n in range(at, len(tidy)) if not tidy[n]), len(tidy))
        return list(lines[at:end])
    numbers = [read_number(found) for found in NUMBER.findall(tidy[at][len(labels[-1]) :])]
    if isinstance(which, str):  # "max 2"
        chosen = numbers[int(which.removeprefix("max ")) - 1 :]
    else:
        places = which if isinstance(which, list) else [which]
        chosen = [numbers[n - 1] for n in places if n <= len(numbers)]
        chosen = [sum(chosen)] if len(chosen) == len(places) else []
    if not chosen or any(number != number for number in chosen):
        raise ValueError(f"there is no number {which} in {tidy[at]!r}")
    return max(chosen)


def read_number(printed: str) -> float | int:
    """A number as it was printed; not a number for a dash."""
    if printed == "–":
        return float("nan")
    digits = printed.replace(",", "")
    return float(digits) if "." in digits else int(digits)


def keep(name: str, values: Mapping[str, Value]) -> None:
    """Keep the figures of a section as measured now, here, with this commit."""
    figures = load_figures()
    run = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "commit": this_commit(), "machine": machine()}
    figures.setdefault(name, {}).update(
        {figure: {"value": value, **run} for figure, value in values.items()}
    )
    write_figures(figures)


def write_figures(figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Write the file, a line for each figure, in the order of the sections."""
    parts = []
    for name, section in load_sections().items():
        own = figures.get(name, {})
        lines = (
            f'  "{figure}": {json.dumps(own[figure], ensure_ascii=False)}'
            for figure in section["figures"]
            if figure in own
        )
        parts.append(f' "{name}": {{\n' + ",\n".join(lines) + "\n }")
    FIGURES.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def this_commit() -> str:
    """The commit of this checkout, with "+" where what is measured has changed since."""

    def git(*command: str) -> str:
        run = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, encoding="utf-8")
        return run.stdout.strip()

    changed = git("status", "--porcelain", "dedup", "benchmarks/*.py")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def machine() -> str:
    """This machine in a few words."""
    named = re.search(r"^model name\s*: (.*)$", read_if_there("/proc/cpuinfo"), re.MULTILINE)
    model = named[1] if named else platform.processor() or platform.machine()
    python = platform.python_version()
    return f"{os.cpu_count()} × {model}, {platform.system()}, Python {python}"


def read_if_there(path: str) -> str:
    """What is in a file, or nothing."""
    file = Path(path)
    return file.read_text("utf-8") if file.is_file() else ""


def render_docs() -> dict[Path, str]:
    """The docs as they must be with the figures of now, by their paths."""
    figures = load_figures()
    values = {
        section: {name: figure["value"] for name, figure in own.items()}
        for section, own in figures.items()
    }
    environment = Environment(
        undefined=StrictUndefined, keep_trailing_newline=True, finalize=show, autoescape=False
    )
    environment.filters["digits"] = lambda value, digits: show(float(value), digits)
    environment.globals["measured"] = lambda name: describe_runs(name, figures[name])
    page, block = (
        environment.from_string((FOLDER / f"{name}.md.jinja").read_text("utf-8")).render(values)
        for name in ("benchmarks", "readme")
    )
    rendered = {path: put_figures(path.read_text("utf-8"), values) for path in pages()}
    readme = ROOT / "README.md"
    rendered[readme] = BLOCK.sub(lambda _: block, rendered[readme])
    return {BENCHMARKS: page, **rendered}


def pages() -> list[Path]:
    """The pages that people read, but for docs/benchmarks.md. What was true at a time keeps its
    figures as they were: the changelog and the notes on decisions."""
    files = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs").glob("reference/*.md"),
    ]
    return sorted(path for path in files if path not in (BENCHMARKS, ROOT / "CHANGELOG.md"))


def put_figures(text: str, values: Mapping[str, Mapping[str, Value]]) -> str:
    """A page with the figures of now behind the comments that name them. Raises `KeyError` where
    there is no such figure.

    >>> put_figures("found <!--pan.dedup-->.80 of them", {"pan": {"dedup": 0.756}})
    'found <!--pan.dedup-->.76 of them'
    """

    def put(match: re.Match[str]) -> str:
        value = values[match["section"]][match["name"]]
        if isinstance(value, float):
            value = show(value, len(match["figure"].partition(".")[2]))
        return match[0].removesuffix(match["figure"]) + str(show(value))

    return MARKED.sub(put, text)


def show(value: Any, digits: int = 3) -> Any:
    """A figure as the docs print it: .935, 1.000, 2,466; anything else as it is."""
    if isinstance(value, float):
        shown = f"{value:,.{digits}f}"
        return shown.removeprefix("0") if digits else shown
    if isinstance(value, int):
        return f"{value:,}"
    return "\n".join(value) if isinstance(value, list) else value


def describe_runs(name: str, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """A section's command, and when its figures were measured: a day, or from when to when."""
    days = sorted({figure["date"] for figure in figures.values()})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"`{load_sections()[name]['command']}`, {when}"


def write_docs() -> None:
    """Make the docs anew."""
    for path, text in render_docs().items():
        path.write_text(text, "utf-8")
