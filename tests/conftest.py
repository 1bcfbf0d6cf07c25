"""Marks, and what their tests need.

- `slow`: takes seconds rather than moments.
- `browser`: opens pages in Chromium.
- `postgres`: needs a server, see places.py.
- `data`: needs the evaluation data, see benchmarks/data.py.
- `seeds`: needs the articles in seeds/; modules that import seeds.py need no mark.

`make test` runs everything, in two processes; `make test-fast` runs what is neither slow nor needs
a browser or a server. A process takes file by file, those that take longest first, so that both
end at about the same time; the server's tests are one group, for one of them restarts it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import data
from dedup.readers import isolation
from dedup.readers.isolation import Isolation

# How the names of the groups begin that take a minute or nearly as much.
LONGEST = ("test_floors", "postgres")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks for a place on the server needs one. What is run by one process is marked
    where there are several."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
    if hasattr(config, "workerinput"):
        for item in items:
            item.add_marker(pytest.mark.xdist_group(name_group(item)))
        items.sort(key=lambda item: not name_group(item).startswith(LONGEST))


def name_group(item: pytest.Item) -> str:
    """Tests of one name are run one after the other by the same process."""
    if item.get_closest_marker("postgres"):
        return "postgres"
    part = getattr(item, "callspec", None)
    if item.path.stem == "test_floors" and part:
        return f"test_floors {part.id}"
    return item.path.stem


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
