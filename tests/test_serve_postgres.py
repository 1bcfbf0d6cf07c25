"""A server before an index in PostgreSQL: the same questions, the same answers."""

from pathlib import Path

import pytest
from patience import wait_until
from places import server
from serving import OTHER, RETOLD, WIRE, serving
from starlette.testclient import TestClient

__all__ = ["server"]  # a fixture

pytestmark = pytest.mark.postgres


def members(client: TestClient) -> list[list[str]]:
    """The articles of each cluster."""
    return [one["members"] for one in client.get("/api/v1/clusters").json()["clusters"]]


def test_an_archive_in_postgresql_is_checked_searched_grouped_and_shrunk(
    server: str, tmp_path: Path
) -> None:
    """What is kept has its candidates, is found by its words and is a cluster once its pairs are
    related; what is removed is in neither."""
    with serving(tmp_path, index=server) as client:
        for id, text in {"wire": WIRE, "retold": RETOLD, "other": OTHER}.items():
            added = client.post("/api/v1/check_and_add", json={"id": id, "text": text}).json()
            assert added["standing"] == "added"
        again = client.post("/api/v1/check_and_add", json={"id": "again", "text": WIRE}).json()
        assert again["candidates"][0] == {"id": "wire", "resemblance": 1.0}
        checked = client.post("/api/v1/check", json={"text": RETOLD}).json()
        found = {source["article"]["id"] for source in checked["sources"]}
        assert {"wire", "retold"} <= found
        wait_until(lambda: members(client) == [["again", "retold", "wire"]])
        wait_until(lambda: "beekeepers" in client.get("/archive?words=theatre").text)
        assert client.delete("/api/v1/articles/other").status_code == 204
        assert client.get("/api/v1/articles/other").status_code == 404
        wait_until(lambda: "beekeepers" not in client.get("/archive?words=theatre").text)
