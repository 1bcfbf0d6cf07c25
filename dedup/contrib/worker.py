"""A worker: articles are checked and kept by an index in a thread of its own.

An event loop hands them over one by one and gets a future for each, done once the article is
committed, with those that came within the same moment (`dedup.index.thread`).
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import partial
from os import PathLike
from typing import Any, Generic, TypeVar

from dedup.article import Article
from dedup.index import MAX_COMPARED, Index, Store
from dedup.index.thread import IndexThread
from dedup.pipeline import Verdict

T = TypeVar("T")

COMMIT_EVERY = 100  # articles; a tenth of a second's work
COMMIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Seen:
    """An article that is committed, and the verdict on it against those before it.

    `known`: it was there already, word for word. `changed`: its id stood for another text, which
    it has replaced.
    """

    verdict: Verdict
    known: bool = False
    changed: bool = False


class Worker(Generic[T]):
    """Checks articles against the index at `place`, adds them, and judges the verdicts.

    `judge(seen)` runs in the worker's thread too, when the article is committed: it is the place
    for slow work such as looking at a verdict's matches. Raises `StoreError` where the
    index cannot be opened.

    >>> worker = Worker(":memory:", lambda seen: len(seen.verdict.matches))
    >>> wire = "The minister resigned on Friday over the missing millions."
    >>> [worker.ask(Article(id, wire)).result() for id in ("wire", "copy")]
    [0, 1]
    >>> worker.close()
    """

    def __init__(
        self,
        place: str | PathLike[str] | Store,
        judge: Callable[[Seen], T],
        *,
        commit_every: int = COMMIT_EVERY,
        commit_seconds: float = COMMIT_SECONDS,
        limit: int = MAX_COMPARED,
    ) -> None:
        self._judge, self._limit = judge, limit
        self.commits = 0
        self._thread = IndexThread(
            lambda: Index(place), f"{place}: the worker has been closed",
            commit_every, commit_seconds, self._count,
        )  # fmt: skip

    def ask(
        self, article: Article, since: date | None = None, until: date | None = None
    ) -> "Future[T]":
        """What `judge` makes of the article; `since` and `until` as in `Index.check`."""
        options = {"limit": self._limit, "since": since, "until": until}
        keep = partial(check_and_keep, article=article, options=options)
        return self._thread.submit(keep, self._judge)

    def close(self) -> None:
        """Answer what waits, and close the index. Closing twice does nothing."""
        self._thread.close()

    def _count(self) -> None:
        self.commits += 1


def check_and_keep(index: Index, article: Article, options: dict[str, Any]) -> Seen:
    """Check an article, then add it or replace the one with its id."""
    known = index.get(article.id)
    if known is None:
        return Seen(index.check_and_add(article, **options))
    verdict = index.check(article, **options)
    if known.text == article.text:
        return Seen(verdict, known=True)
    index.update(article)
    return Seen(verdict, changed=True)
