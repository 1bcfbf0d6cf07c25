"""Marks, and what their tests need.

- `slow`: takes seconds rather than moments.
- `browser`: opens pages in Chromium.
- `postgres`: needs a server, see places.py.
- `data`: needs the evaluation data, see benchmarks/data.py.
- `seeds`: needs the articles in seeds/; modules that import seeds.py need no mark.

`make test` runs everything, in two processes but for the server's tests, one of which restarts it;
`make test-fast` runs what is neither slow nor needs a browser or a server.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from dedup.readers import isolation
from dedup.readers.isolation import Isolation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a place on the server needs one."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs data that are not here."""
    if item.get_closest_marker("data") and not data.available():
        pytest.skip(f"no evaluation data in {data.DATA}; set DEDUP_DATA to where they are")
    if item.get_closest_marker("seeds") and not (data.ROOT / "seeds").is_dir():
        pytest.skip("no articles in seeds/; they are in a clone only")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of a module's own."""
    from browsing import running_browser

    with running_browser() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the test stands in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fresh() -> Iterator[None]:
    """No process that another test has used, and none for the next test."""
    isolation.end_idle_workers()
    yield
    isolation.end_idle_workers()


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is read in the process of the test, which replaces a part of a reader."""
    monkeypatch.setattr(Isolation, "is_possible", False)
