"""docs/crawlers.md and docs/scrapy.md are true: the code runs, and commands print what is shown."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dedup import Index
from dedup.cli import app
from dedup.contrib.scrapy.settings import Choices
from dedup.pipeline.reading import FIELDS
from seeds import ROOT

PAGE = (ROOT / "docs" / "crawlers.md").read_text("utf-8")
SCRAPY = (ROOT / "docs" / "scrapy.md").read_text("utf-8")
SERVER = os.environ.get("DEDUP_TEST_POSTGRES", "")
ADDRESS = "postgresql://crawler@db.example/news"
FOUND = '{\n    "seen"'


def blocks(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the seeds, where the page's code and commands leave what they make."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(code: str, scope: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[str]:
    exec(compile(code, "docs/crawlers.md", "exec"), scope)
    return capsys.readouterr().out.splitlines()


def test_the_code_runs_and_the_commands_print_what_is_shown(
    room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From top to bottom, in one place; what needs a server is for the next test."""
    scope: dict[str, Any] = {}
    printed = [ran(code, scope, capsys) for code in blocks("python") if ADDRESS not in code]
    loop, version, wishes = printed[0], printed[1], printed[2]
    assert sorted(loop) == ["001 rewrite 000", "002 rewrite 000", "002 rewrite 001"]
    assert version in (["['001', '000']"], ["['000', '001']"])
    assert [line.split()[:3] for line in wishes] == [
        ["000", "False", "False"],
        ["001", "False", "False"],
        ["002", "False", "False"],
        ["003", "False", "True"],
        ["004", "False", "True"],
    ]
    assert printed[4] == ["000 known", "001 known", "002 new", "003 known", "004 known"]
    for command, shown in commands():
        done = CliRunner().invoke(app, shlex.split(command)[1:])
        assert done.exit_code == 0, done.output
        lines = iter((done.stderr + done.stdout).splitlines())
        missing = [line for line in shown if line not in lines]
        assert not missing, f"{command}: not printed: {missing}"


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command of the page, with the lines that it is shown to print."""
    for part in "".join(blocks("console")).split("$ ")[1:]:
        command, *shown = part.splitlines()
        yield command, [line for line in shown if line != "…"]


@pytest.mark.postgres
@pytest.mark.skipif(not SERVER, reason="no PostgreSQL server; run .ci/with-postgres make test")
def test_the_code_for_many_hosts_runs(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the address of a server that is there."""
    from places import schema

    first, (shared,) = blocks("python")[0], [b for b in blocks("python") if ADDRESS in b]
    scope: dict[str, Any] = {}
    ran(first, scope, capsys)
    with schema() as address:
        found = ran(shared.replace(ADDRESS, address), scope, capsys)
    assert found == ["000 0", "001 1", "002 2", "003 0", "004 0"]


def test_every_setting_is_told_with_its_default() -> None:
    """The table of settings is that of the code, and the example can be used."""
    (settings,) = [block for block in blocks("python", SCRAPY) if "settings.py" in block]
    scope: dict[str, Any] = {}
    exec(settings, scope)
    given = {name: value for name, value in scope.items() if name.startswith("DEDUP_")}
    assert Choices.of(given).window_days == 7
    choices = Choices("news.dedup")
    for name in Choices.__dataclass_fields__:
        assert f"`DEDUP_{name.upper()}`" in SCRAPY
    assert f"| `DEDUP_LIMIT` | {choices.limit} |" in SCRAPY
    assert f"| {choices.commit_every}, {choices.commit_seconds} |" in SCRAPY
    assert ", ".join(f"`{kind}`" for kind in choices.kinds) in SCRAPY
    for name in FIELDS:
        assert f"`{name}`" in SCRAPY


def test_what_is_found_has_the_shape_that_is_shown() -> None:
    """The keys of an annotation are those of the example."""
    from dedup import Article
    from dedup.contrib.scrapy import DedupPipeline
    from dedup.contrib.worker import Seen

    (example,) = [block for block in blocks("python", SCRAPY) if block.startswith(FOUND)]
    shown = eval(example)
    text = (ROOT / "seeds" / "002_876831d5eae6630a.txt").read_text("utf-8")
    with Index(":memory:") as index:
        index.add(Article("wire", text))
        seen = Seen(index.check(Article("copy", text)))
    found = DedupPipeline(Choices("news.dedup"), print).judge(seen)
    assert list(found) == list(shown)
    assert list(found["matches"][0]) == list(shown["matches"][0])
