"""Results that a browser may look at again for a while: in memory, never on the disk.

There are few, the oldest go first, and all are gone after an hour or when the server ends.
"""

import asyncio
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from dedup.article import Article
from dedup.report.html.page import Page
from dedup.serve.catalogue import pack_page, unpack_page

MAX_BYTES = 64_000_000  # of all results
MAX_RESULTS = 500
KEPT_SECONDS = 3600.0


@dataclass(slots=True)
class Result:
    """A task of a page: under way, done, or failed. `draft` is what may still be kept; `is_early`
    that files of the archive were still being read when it began."""

    task: "asyncio.Task[Any]"
    draft: Article | None
    begun: float
    page: bytes = b""
    json: bytes = b""
    articles: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()
    error: Exception | None = None
    kept: bool = False
    is_early: bool = False

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        articles = (*self.articles, self.draft) if self.draft else self.articles
        return len(self.page) + len(self.json) + sum(len(a.text) for a in articles) + 1_000

    def read_page(self) -> Page:
        """The page of a task that is done."""
        return unpack_page(self.page)

    def read_json(self) -> str:
        """The document of a task that is done."""
        return zlib.decompress(self.json).decode("utf-8", "surrogatepass")


class Results:
    """The results of the last hour, by keys that nobody can guess."""

    def __init__(self) -> None:
        self._results: OrderedDict[str, Result] = OrderedDict()

    def start(
        self, work: Awaitable[Any], draft: Article | None = None, is_early: bool = False
    ) -> str:
        """Begin a task that gives an `Output` or an `Upload`; the key of its result."""
        key = token_urlsafe(16)
        task = asyncio.create_task(self._finish(key, work))
        self._results[key] = Result(task, draft, time.monotonic(), is_early=is_early)
        return key

    async def _finish(self, key: str, work: Awaitable[Any]) -> None:
        try:
            output = await work
        except Exception as error:
            output = error
        result = self._results.get(key)
        if result is None:
            return
        if isinstance(output, Exception):
            result.error = output
        elif hasattr(output, "articles"):
            result.articles, result.problems = output.articles, output.problems
        else:
            result.json = zlib.compress(output.json.encode("utf-8", "surrogatepass"))
            result.page = await asyncio.to_thread(pack_page, output.page)
        self._forget()

    def get(self, key: str) -> Result | None:
        """The result of that key, as long as it is there."""
        self._forget()
        return self._results.get(key)

    async def wait(self, key: str, seconds: float) -> Result | None:
        """The same, after it is done or so many seconds have passed."""
        if result := self.get(key):
            await asyncio.wait([result.task], timeout=seconds)
        return self.get(key)

    def _forget(self) -> None:
        oldest = time.monotonic() - KEPT_SECONDS
        size = sum(result.size for result in self._results.values())
        for key, result in list(self._results.items()):
            if result.begun >= oldest and size <= MAX_BYTES and len(self._results) <= MAX_RESULTS:
                break
            if result.task.done():
                size -= result.size
                del self._results[key]
