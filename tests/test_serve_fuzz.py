"""The interface against its own description: no fault of the server, every answer as documented.

Few examples for each operation here; `DEDUP_FUZZ=1000 pytest tests/test_serve_fuzz.py` sends a
thousand for each.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from patience import MAX_WAIT
from serving import WIRE, Running, make_settings

from dedup.serve.app import make_routes
from dedup.serve.auth import Gate
from dedup.serve.house import House
from dedup.serve.metrics import Metrics

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

EXAMPLES = int(os.environ.get("DEDUP_FUZZ", "3"))


@schemathesis.serializer("application/x-ndjson")
def as_lines(context: Any, value: Any) -> bytes:
    """A body of many lines is sent as it is."""
    return str(value).encode("utf-8", "surrogatepass")


def describe() -> Any:
    """The description of the interface, of which no archive is opened."""
    settings = make_settings(Path("nowhere"))
    return make_routes(House(settings, Gate(None), Metrics())).openapi()


schema = schemathesis.openapi.from_dict(describe())


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("fuzzed")
    running = Running(str(folder / "news.dedup"), "--data", str(folder / "data"))
    with running.client() as client:
        client.post("/api/v1/articles", json={"id": "zdf", "text": WIRE})
    yield running.address
    running.stop()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
def test_every_answer_is_as_documented(case: Any, address: str) -> None:
    """Status, headers and body, whatever is sent; what the description permits may still be
    refused, as a date that is none."""
    from schemathesis.specs.openapi.checks import (
        negative_data_rejection,
        positive_data_acceptance,
    )

    excluded = [positive_data_acceptance]
    if case.media_type == "application/x-ndjson":  # its lines are judged one by one
        excluded.append(negative_data_rejection)
    case.call_and_validate(base_url=address, excluded_checks=excluded, timeout=MAX_WAIT)
