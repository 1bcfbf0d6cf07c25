"""No file ends a run, and none is passed over: damaged ones, and small ones that mean harm."""

import subprocess
import sys
from pathlib import Path

import fuzzing
import pytest

FILES = 200


@pytest.mark.slow
@pytest.mark.usefixtures("fresh")
def test_damaged_files_are_read_or_named() -> None:
    """Accidents in good files of every format; `make fuzz` has as many as its time allows."""
    outcome = fuzzing.fuzz(1, files=FILES)
    assert outcome.failures == []
    assert outcome.files == FILES
    assert outcome.articles > FILES / 10


@pytest.mark.slow
def test_small_files_that_mean_harm_are_read_or_named() -> None:
    """In bounded memory, measured in a process of its own; a good file among them is read."""
    script = Path(fuzzing.__file__)
    done = subprocess.run(
        [sys.executable, script, "--harm"], capture_output=True, text=True, cwd=script.parent
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "16 files" in done.stdout


def test_a_file_can_be_made_again() -> None:
    """By its seed and its number, so that a fault that was found can be looked at."""
    whole = fuzzing.samples()
    assert fuzzing.make_file(3, 17, whole) == fuzzing.make_file(3, 17, whole)
    assert fuzzing.make_file(3, 17, whole) != fuzzing.make_file(3, 18, whole)
