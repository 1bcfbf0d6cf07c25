"""`dedup check --against` takes an index as it takes files, and both at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dedup import Index, read
from dedup.cli import app
from seeds import SEEDS

SOURCE, FIRST, SECOND = (next(SEEDS.glob(f"{n}_*")) for n in ("002", "000", "001"))


def invoke(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["check", *map(str, arguments), "--encoder", "none"])


def sources(*arguments: str | Path) -> list[str]:
    """The articles that the draft is found to come from."""
    done = invoke(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return [source["article"]["id"] for source in json.loads(done.stdout)["sources"]]


OTHERS = sorted(path for path in SEEDS.iterdir() if path != SECOND)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of the other seeds, under a name that says nothing."""
    place = tmp_path / "archive"
    with Index(place) as made:
        made.add_many(read(OTHERS))
    return place


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.txt"
    file.write_bytes(SECOND.read_bytes())
    return file


def test_an_index_is_asked_as_files_are(index: Path, draft: Path) -> None:
    """The same sources in the same order."""
    files = [part for path in OTHERS for part in ("--against", path)]
    found = sources(draft, "--against", index)
    assert found == sources(draft, *files)
    assert found[0] == SOURCE.stem


def test_an_index_and_files_are_asked_together(index: Path, draft: Path, tmp_path: Path) -> None:
    """What stands in both counts once."""
    other = tmp_path / "wire.txt"
    other.write_bytes(SOURCE.read_bytes())
    found = sources(draft, "--against", index, "--against", other, "--against", SOURCE)
    assert sorted(found) == sorted([*sources(draft, "--against", index), "wire"])


def test_the_draft_itself_is_passed_over(index: Path) -> None:
    """An index that was made of the draft's own file has it under another id."""
    with Index(index) as made:
        made.add_many(read(SEEDS))
    assert sources(SECOND, "--against", index)[0] == SOURCE.stem


def test_an_index_of_another_format_is_an_error(index: Path, draft: Path) -> None:
    """In one line; nothing is read as if it were articles."""
    index.write_bytes(index.read_bytes()[:4096])
    done = invoke(draft, "--against", index)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"dedup: {index}: ")
    assert done.stderr.count("\n") == 1
