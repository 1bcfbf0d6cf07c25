"""CONTRIBUTING.md is true: its examples, made in a copy, pass the tests that they show."""

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_house import CORRIDOR, ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
CHAPTERS = dict(re.findall(r"^## (.+)\n((?s:.*?))(?=^## |\Z)", PAGE, re.MULTILINE))
SHOWN = {
    "Add a format": "tests/test_readers_subtitles.py",
    "Add a language": "tests/test_attribution_languages.py",
    "Add a signal": "tests/test_correction.py",
    "Add a store": "tests/test_store.py",
}


def blocks(chapter: str, language: str) -> list[str]:
    """The code blocks of a chapter."""
    return re.findall(rf"^```{language}\n(.*?)^```", CHAPTERS[chapter], re.MULTILINE | re.DOTALL)


def replace_list(cues: str, line: str) -> str:
    """The cue file with one of its lists replaced."""
    start = re.escape(line.partition(" = ")[0])
    changed, count = re.subn(
        rf"(?ms)^{start} = .*?\](?=\n[\w\[#\n])", lambda _: line, cues, count=1
    )
    assert count == 1, f"no list is called {start}"
    return changed


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with all that the page tells to add."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("dedup", "tests", "benchmarks"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "seeds").symlink_to(ROOT / "seeds")
    for chapter in SHOWN:
        for path, content in re.findall(
            r"^New file `(.+?)`:\n\n```\w+\n(.*?)^```", CHAPTERS[chapter], re.MULTILINE | re.DOTALL
        ):
            assert not (copy / path).exists()
            (copy / path).write_text(content, "utf-8")
        for diff in blocks(chapter, "diff"):
            apply = ["git", "apply", "--recount", "-"]
            done = subprocess.run(apply, cwd=copy, input=diff.encode(), capture_output=True)
            assert done.returncode == 0, f"{done.stderr.decode()}\n{diff}"
    (weight,) = re.findall(r'`"(\w+)": 0\.0`', CHAPTERS["Add a signal"])
    model = copy / "dedup" / "data" / "derivation.json"
    fitted = json.loads(model.read_text("utf-8"))
    fitted["weights"][weight] = 0.0
    model.write_text(json.dumps(fitted), "utf-8")
    cues = copy / "dedup" / "data" / "cues"
    swedish = (cues / "en.toml").read_text("utf-8")
    (lists,) = blocks("Add a language", "toml")
    for line in [*lists.splitlines(), 'newspaper = ["tidningen", "dagstidningen"]']:
        swedish = replace_list(swedish, line)
    (cues / "sv.toml").write_text(swedish, "utf-8")
    return copy


@pytest.mark.slow
@pytest.mark.seeds
def test_a_language_a_format_a_signal_and_a_store_are_added_as_told(copy: Path) -> None:
    """The tests that the page shows pass, and are more than those that were there."""
    env = {**os.environ, "PYTHONPATH": str(copy)}
    chosen = ["-k", "subtitles or correction or [sv- or mapped"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *chosen, *SHOWN.values()],
        cwd=copy, env=env, capture_output=True,
    )  # fmt: skip
    printed = run.stdout.decode("utf-8")
    assert run.returncode == 0, printed
    assert all(test in printed for test in SHOWN.values())


@pytest.mark.seeds
def test_the_new_code_is_in_the_house_format(copy: Path) -> None:
    """ruff has nothing to say of it."""
    new = [path for path in copy.rglob("*.py") if not (ROOT / path.relative_to(copy)).exists()]
    assert len(new) == 4
    for command in (["check"], ["format", "--check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *new], cwd=copy, capture_output=True
        )
        assert run.returncode == 0, run.stdout.decode()


def test_the_encoder_gives_what_is_shown() -> None:
    """The example of an encoder is a doctest."""
    (block,) = blocks("Add an encoder", "python")
    example = doctest.DocTestParser().get_doctest(block, {}, "CONTRIBUTING.md", None, 0)
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_order_of_rooms_is_that_of_the_corridor() -> None:
    """The line with arrows has every room that a change may belong to, in order."""
    (line,) = re.findall(r"^`article` → (?s:.*?)\n\n", PAGE, re.MULTILINE)
    named = re.findall(r"`(\w+)`", PAGE[PAGE.index("`article` → ") :].partition("\n\n")[0])
    assert line
    place = {room: place for place, rooms in enumerate(CORRIDOR) for room in rooms}
    assert [place[room] for room in named] == sorted(place[room] for room in named)
    beside = {"errors", "_version", "dates", "extras", "phrasing", "processes", "__init__"}
    assert {*named} == {*place} - beside - {"__main__"}


@pytest.mark.seeds
def test_what_the_page_names_is_there() -> None:
    """Files, folders and commands of make; what an example adds apart."""
    new = set(re.findall(r"^New file `(.+?)`", PAGE, re.MULTILINE))
    data = ROOT / "dedup" / "data"
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    for path in re.findall(r"`([\w./]+/[\w./]*)`", prose):
        place = data / path.removeprefix("data/") if path.startswith("data/") else ROOT / path
        assert path in new or place.exists() or "LANGUAGE" in path, path
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"[`$] ?make ([a-z-]+)", PAGE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_public_ci_decides_nothing() -> None:
    """Its steps are .ci/run and targets of make, and what a container needs for git."""
    steps = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    runs = re.findall(r"^ +- run: (.+)$", steps, re.MULTILINE)
    assert len(runs) == steps.count("run:")
    assert ".ci/run" in runs
    for command in (run for run in runs if run != ".ci/run"):
        target = command.removeprefix("make ")
        assert command.startswith("git config") or re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_form_for_a_wrong_answer_asks_for_both_texts() -> None:
    """Nobody can send it without them, what was printed and what should have been."""
    form = (ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong-answer.yml").read_text("utf-8")
    fields = re.findall(r"^    id: (\w+)\n(.*?)(?=^  - |\Z)", form, re.MULTILINE | re.DOTALL)
    required = {name for name, field in fields if "required: true" in field}
    assert required >= {"source", "derivative", "printed", "expected", "version"}
