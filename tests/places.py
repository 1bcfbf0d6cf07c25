"""Places for an index, for the tests of stores: files, and schemas of a server.

A server is needed for the half of them: `.ci/with-postgres make test`, or any database whose
address is in DEDUP_TEST_POSTGRES; the tests make schemas of their own there and drop them.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

SERVER = os.environ.get("DEDUP_TEST_POSTGRES", "")
NO_SERVER = "no PostgreSQL server; run .ci/with-postgres make test, or set DEDUP_TEST_POSTGRES"


def query(place: str, statement: str) -> list[Any]:
    """What a statement gives, past the store."""
    if place.startswith("postgresql:"):
        psycopg = pytest.importorskip("psycopg")
        server, _, schema = place.partition("dedup_schema=")
        with psycopg.connect(server.rstrip("?&"), autocommit=True) as sql:
            sql.execute(f"SET search_path TO {schema}")
            cursor = sql.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    with closing(sqlite3.connect(place, isolation_level=None)) as file:
        return list(file.execute(statement))


@contextmanager
def schema() -> Iterator[str]:
    """The address of a schema that is not there yet, and is gone afterwards."""
    if not SERVER:
        pytest.skip(NO_SERVER)
    pytest.importorskip("psycopg")
    name = f"test_{uuid4().hex[:12]}"
    address = f"{SERVER}{'&' if '?' in SERVER else '?'}dedup_schema={name}"
    try:
        yield address
    finally:
        query(address, f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture
def server() -> Iterator[str]:
    """A place for an index on the server."""
    with schema() as place:
        yield place


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place for an index, of either kind."""
    if request.param == "sqlite":
        yield str(tmp_path / "news.dedup")
    else:
        with schema() as address:
            yield address
