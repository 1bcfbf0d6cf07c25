"""A server for tests: in this process for questions of every kind, in its own to be killed."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest

pytest.importorskip("fastapi", reason="the extra serve is not installed")

import httpx
from patience import MAX_WAIT
from starlette.testclient import TestClient

from dedup.serve.app import make_app
from dedup.serve.pool import Pool
from dedup.serve.settings import Settings

BASE = "http://127.0.0.1:8765"
TOKEN = "a-secret-of-the-newsroom"
WIRE = (
    "The harbour authority closed the old ferry terminal on Monday after divers found cracks in "
    "four of its pillars. Engineers expect repairs to take at least eleven weeks, the authority "
    "said. Some 6,400 commuters have to cross by the northern bridge until then. The city council "
    "had been warned in a report of 2019 that the pillars would not last."
)
RETOLD = (
    "After divers discovered cracks in four pillars, the old ferry terminal was closed on Monday "
    "by the harbour authority. At least eleven weeks are needed for repairs, engineers think. "
    "Until then about 6,400 commuters must use the northern bridge. A 2019 report had warned the "
    "city council that the pillars would not last, Harbour News reported."
)
OTHER = (
    "The national theatre opened its season with a comedy about beekeepers. Critics praised the "
    "stage design, a meadow of two thousand paper flowers, and the young actress in the lead."
)


def make_settings(folder: Path, **changed: Any) -> Settings:
    """Settings for an empty archive in a folder."""
    usual = {"index": str(folder / "news.dedup"), "folder": folder / "data", "encoder": None,
             "processes": 1, "max_seconds": 600.0}  # fmt: skip
    return Settings(**{**usual, **changed})


@contextmanager
def serving(folder: Path, **changed: Any) -> Iterator[TestClient]:
    """A client of a server in this process, whose processes start when they are first needed."""

    async def wait(_: Pool) -> None:
        """Load nothing ahead of the first draft."""

    app = make_app(make_settings(folder, **changed))
    with (
        patch.object(Pool, "warm_up", wait),
        TestClient(app, base_url=BASE, follow_redirects=False) as client,
    ):
        yield client


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Running:
    """A server in a process of its own."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.log: list[str] = []
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "dedup", "serve", *arguments]
        command += ["--port", str(self.port), "--encoder", "none", "--jobs", "1"]
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, env={**os.environ, **environment}, text=True
        )
        lines = self.process.stderr
        assert lines
        self.said = lines.readline()
        # A pipe that nobody reads would stop the server when it is full.
        self._drain = Thread(target=lambda: self.log.extend(lines), daemon=True)
        self._drain.start()

    def client(self) -> httpx.Client:
        """A client of this server."""
        return httpx.Client(base_url=self.address, timeout=MAX_WAIT)

    def stop(self, signal: int = 15) -> int:
        """End it, and say how it ended."""
        self.process.send_signal(signal)
        self.process.wait(timeout=MAX_WAIT)
        self._drain.join()
        return self.process.returncode
