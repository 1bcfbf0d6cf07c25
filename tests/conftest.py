"""Marks, and what their tests need.

- `slow`: takes seconds rather than moments.
- `browser`: opens pages in Chromium.
- `postgres`: needs a server, see places.py.
- `data`: needs the evaluation data, see benchmarks/data.py.

`make test` runs everything, `make test-fast` what is neither slow nor needs a browser or a server,
both in two processes.
"""

import pytest

from benchmarks import data


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a place on the server needs one. The tests of a file stay in one
    process, and so do those of the server, which one of them restarts."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
        group = "postgres" if item.get_closest_marker("postgres") else item.path.name
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs data that are not here."""
    if item.get_closest_marker("data") and not data.available():
        pytest.skip(f"no evaluation data in {data.DATA}; set DEDUP_DATA to where they are")
