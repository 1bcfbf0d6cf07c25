"""The code on the pages is true: commands print what is shown, Python runs, settings are taken.

Each page is read from top to bottom in a folder that has what its reader has: articles, a draft, an
export. A block that cannot run here has a comment before it, `<!-- not run: WHY -->`; its commands
must still have the options that it shows.
"""

import ast
import configparser
import doctest
import gzip
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import pytest
from exported import FERRY, docx, nexis_uni
from typer.main import get_command
from typer.testing import CliRunner

from dedup.cli import app
from dedup.report.csv import COLUMNS

pytestmark = [pytest.mark.slow, pytest.mark.seeds]

ROOT = Path(__file__).parent.parent
FENCE = re.compile(r"^(?:<!-- not run: (.+) -->\n)?```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Pages and languages that have tests of their own: in which module.
ELSEWHERE = {
    ("README.md", "python"): "test_house",
    ("library.md", "python"): "test_house",
    ("crawlers.md", "python"): "test_docs_crawlers",
    ("crawlers.md", "console"): "test_docs_crawlers",
    ("scrapy.md", "python"): "test_docs_crawlers",
    ("serve.md", "python"): "test_serve",
}
# Pages whose articles are the seeds; the others have those of the quickstart.
ON_SEEDS = ("README.md", "report.md", "command-line.md", "report-pictures.md")
SHOWN = ("text",)  # what something looks like: nothing to run
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
PLACEHOLDER = re.compile("…|ID-[AB]|COMMAND")
COMMANDS = get_command(app)
RUNNER = CliRunner(env={"COLUMNS": "84", "NO_COLOR": "1"})


@dataclass(frozen=True)
class Block:
    """A block of code, and why it is not run, if it is not."""

    language: str
    code: str
    reason: str


def blocks(page: Path) -> list[Block]:
    found = FENCE.findall(page.read_text("utf-8"))
    return [Block(language, code, reason) for reason, language, code in found]


def is_tested_elsewhere(page: Path, language: str) -> bool:
    return (page.name, language) in ELSEWHERE


def commands(code: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console, with the lines that it is shown to print."""
    for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command.partition("  #")[0].strip(), [line for line in shown if line != "…"]


def lines_of(code: str) -> Iterator[str]:
    """The lines of a script, without comments; those that go on are one, bodies of files none."""
    code = re.sub(r"<<'END'\n.*?^END$", "", code, flags=re.MULTILINE | re.DOTALL)
    for line in code.replace("\\\n", " ").splitlines():
        if line := re.sub(r"(^|\s)#.*", "", line).strip():
            yield line


def check_words(command: str) -> bool:
    """Whether a command is one whose words can be checked, and they are right."""
    words = shlex.split(command)
    if words[0] == "dedup":
        parse(words[1:])
    elif words[:2] == ["pip", "install"]:
        for extras in re.findall(r"\[([\w,]+)\]", command):
            assert set(extras.split(",")) <= EXTRAS.keys(), command
    elif words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    else:
        return False
    return True


def parse(words: list[str]) -> None:
    """Find the command and its options; what it does not know is an error."""
    command, context = COMMANDS, click.Context(COMMANDS, info_name="dedup")
    while isinstance(command, click.Group):
        command.make_parser(context).parse_args(list(words))
        while words and words[0].startswith("-"):
            words = words[2:]
        if not words:
            return
        name, words = words[0], words[1:]
        assert name in command.commands, f"no command {name}"
        command = command.commands[name]
        context = click.Context(command, info_name=name, parent=context)
    command.make_parser(context).parse_args(list(words))


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the articles of the quickstart, and what other pages ask for."""
    folder = tmp_path_factory.mktemp("docs")
    (making,) = [
        block.code for block in blocks(ROOT / "docs" / "quickstart.md") if "<<'END'" in block.code
    ]
    subprocess.run(["bash", "-ec", making], cwd=folder, check=True)
    (folder / "seeds").symlink_to(ROOT / "seeds")
    stories = [folder / "news" / "harbour-news.md", folder / "draft.md"]
    source, draft = [path.read_text("utf-8").split("---\n")[2] for path in stories]
    for name, text in (("source", source), ("derivative", draft)):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    seeds = sorted((ROOT / "seeds").glob("*.txt"))
    (folder / "draft.txt").symlink_to(seeds[1])
    (folder / "others").mkdir()
    for path in (seeds[0], *seeds[2:]):
        (folder / "others" / path.name).write_bytes(path.read_bytes())
    rows = f'artikel,datum\n"{source}",5.3.2024\n"{draft}",6.3.2024\n'
    (folder / "wire.csv").write_text(rows, "utf-8")
    record = '{"_source": {"content": [{"text": "The harbour authority closed the terminal."}]}}\n'
    (folder / "dump.jsonl.gz").write_bytes(gzip.compress(record.encode()))
    retold = [
        replace(FERRY, title=title, paragraphs=tuple(text.strip().split("\n\n")))
        for title, text in (("Terminal closed", source), ("Terminal shuts", draft))
    ]
    museum = replace(FERRY, title="Museum of clocks", paragraphs=(
        "A museum of clocks opened in the old post office of Westhaven with free entry.",
        "Its curator said that three hundred clocks had been lent by families of the valley."),
    )  # fmt: skip
    bees = replace(FERRY, title="Season opens", paragraphs=(
        "The national theatre opened its season with a comedy about beekeepers on a roof.",
        "Critics praised the stage design, a meadow of two thousand paper flowers."),
    )  # fmt: skip
    again = replace(retold[0], title="Closed until summer", publisher="The Islander", day=8)
    (folder / "export").mkdir()
    for name, part in (("1-3", [retold[0], retold[1], museum]), ("4-5", [bees, again])):
        document = docx(nexis_uni(tuple(part)))
        (folder / "export" / f"Files_{name}.DOCX").write_bytes(document)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_runs_or_says_why_not(
    page: Path, furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From top to bottom, each block in the place of the one before it."""
    for path in furnished.iterdir():
        (tmp_path / path.name).symlink_to(path)
    if page.name in ON_SEEDS:
        (tmp_path / "news").unlink()
        (tmp_path / "news").symlink_to(furnished / "others")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    for block in blocks(page):
        if is_tested_elsewhere(page, block.language) or block.language in SHOWN:
            continue
        runners[block.language](block, page, scope)


def run_python(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """As a doctest, where it looks like one."""
    if block.reason:
        ast.parse(block.code)
    elif ">>>" in block.code:
        example = doctest.DocTestParser().get_doctest(block.code, scope, page.name, None, 0)
        assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
        scope.update(example.globs)
    else:
        exec(compile(block.code, page.name, "exec"), scope)


def run_console(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """Commands of dedup are run, and print the lines that are shown, in this order."""
    for command, shown in commands(block.code):
        before, _, last = command.rpartition(" | ")
        is_run = last.startswith("dedup ") and not block.reason and not PLACEHOLDER.search(command)
        if not is_run:
            assert check_words(last), f"cannot be checked; say why it is not run: {command}"
        elif not (page.name == "README.md" and shown):  # those are in test_house
            done = RUNNER.invoke(app, words_to_run(last), input=given(before))
            assert done.exit_code == 0, f"{command}: {done.output}"
            printed = iter((done.stderr + done.stdout).splitlines())
            missing = [line for line in shown if line not in printed]
            assert not missing, f"{command}: not printed, or not in this order: {missing}"


def words_to_run(command: str) -> list[str]:
    """The words of a command, which opens no browser here."""
    return [word for word in shlex.split(command)[1:] if word != "--open"]


def given(command: str) -> bytes | None:
    """What `cat FILE` or `zcat FILE` gives to the command behind it."""
    if not command:
        return None
    name, path = shlex.split(command)
    content = Path(path).read_bytes()
    return {"cat": bytes, "zcat": gzip.decompress}[name](content)


def run_script(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """What only writes files is run; of other commands, options and extras are checked."""
    if "<<'END'" in block.code:
        folder = Path("made")
        folder.mkdir()
        subprocess.run(["bash", "-ec", block.code], cwd=folder, check=True)
    for line in lines_of(block.code):
        for command in re.split(r" && | \|\|", line):
            is_checked = check_words(command)
            assert is_checked or block.reason or "<<'END'" in block.code, command


def run_toml(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """The command line takes it as its configuration."""
    assert tomllib.loads(block.code)
    Path("own.toml").write_text(block.code, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))  # it may name a list of outlets
        done = RUNNER.invoke(app, ["--config", "own.toml", "completion", "bash"])
    assert done.exit_code == 0, done.output


def run_ini(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """A unit of systemd starts a command that has these options."""
    unit = configparser.ConfigParser(strict=False)
    unit.read_string(block.code)
    command = unit["Service"]["ExecStart"]
    assert check_words(f"dedup {command.partition(' ')[2]}")


def run_other(block: Block, page: Path, scope: dict[str, Any]) -> None:
    """There is nothing here that could run it, which the page says."""
    assert block.reason, f"say why it is not run: {block.code}"


runners = {
    "python": run_python,
    "console": run_console,
    "sh": run_script,
    "toml": run_toml,
    "ini": run_ini,
    "nginx": run_other,
}


def test_every_column_of_the_table_is_explained() -> None:
    """In the order in which they stand in it."""
    page = (ROOT / "docs" / "reference" / "csv.md").read_text("utf-8")
    first = "".join(re.findall(r"^\| (`.+?) \|", page, re.MULTILINE))
    assert tuple(re.findall(r"`(\w+)`", first)) == COLUMNS


def test_tests_elsewhere_name_their_page() -> None:
    """What is left out here is tested there."""
    for (page, _), module in ELSEWHERE.items():
        assert page in (ROOT / "tests" / f"{module}.py").read_text("utf-8")
