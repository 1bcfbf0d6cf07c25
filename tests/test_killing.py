"""`tests/killing.py` runs, and notices what is lost: a kill of each kind, of few articles."""

import random
from collections import Counter
from pathlib import Path

import killing
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twentieth of the articles."""
    dump = killing.dump
    monkeypatch.setattr(killing, "dump", lambda place, count: dump(place, max(count // 20, 4)))


def run(what: str, folder: Path) -> Counter[str]:
    """What came of one kill."""
    outcome = killing.Outcome()
    killing.JOBS[what](folder, 1, random.Random(1), outcome)
    return outcome


@pytest.mark.parametrize("what", ["compare", "index"])
def test_one_kill_loses_nothing(what: str, few: None, tmp_path: Path) -> None:
    """A comparison in a work folder, and an index that grows."""
    outcome = run(what, tmp_path)
    assert outcome["kills"] == 1
    assert not [told for told in outcome if "LOST" in told and outcome[told]]


def test_what_is_lost_is_noticed(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that has seen more articles than the index has in the end."""
    monkeypatch.setattr(killing, "count_articles", lambda place: 1_000)
    assert any("LOST" in told and count for told, count in run("index", tmp_path).items())
