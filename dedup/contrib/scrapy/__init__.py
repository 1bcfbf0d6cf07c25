"""A Scrapy pipeline: is the text of this item in the index already?

It takes items with a text (dicts, dataclasses, attrs classes, Scrapy items) and passes them on with
the matches from the index or, if so chosen, only the new ones. The index works in a
thread of its own (`dedup.contrib.worker`) while the crawl goes on. An error of the index is
logged and counted, and the item goes on unchecked.

    ITEM_PIPELINES = {"dedup.contrib.scrapy.DedupPipeline": 500}
    DEDUP_INDEX = "news.dedup"

docs/scrapy.md explains the settings, all of which begin with DEDUP_.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from dedup.article import Article
from dedup.contrib.scrapy.settings import COPIES, KNOWN, Choices
from dedup.contrib.worker import Seen, Worker
from dedup.dates import parse_date
from dedup.errors import InputError
from dedup.pipeline import Verdict
from dedup.pipeline.reading import FIELDS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")

# Candidates of copies: near-duplicates share .7 of their shingles, which signatures of 128
# positions estimate with a standard error of .04.
COPY_LIKE = 0.5

log = logging.getLogger(__name__)


class DedupPipeline:
    """Checks every item against an index, adds it, and annotates or drops what was seen before.

    `item["dedup"]` has `seen`, `known` (this very article was there), `changed` and `matches`, the
    most probable first. Statistics are under `dedup/`.
    """

    def __init__(self, choices: Choices, count: Callable[[str], None]) -> None:
        self.choices = choices
        self._count = count
        self._logged: set[str] = set()
        self._worker: Worker[dict[str, Any]] | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        def count(name: str) -> None:
            if crawler.stats:
                crawler.stats.inc_value(f"dedup/{name}")

        return cls(Choices.of(crawler.settings), count)

    def open_spider(self, spider: object = None) -> None:
        chosen = self.choices
        self._worker = Worker(
            chosen.index, self.judge, commit_every=chosen.commit_every,
            commit_seconds=chosen.commit_seconds, limit=chosen.limit,
        )  # fmt: skip

    def close_spider(self, spider: object = None) -> None:
        """All items have been answered by now: there is nothing to wait for but the file."""
        if self._worker:
            self._worker.close()

    async def process_item(self, item: Any, spider: object = None) -> Any:
        self._count("items")
        try:
            article = self._article(item)
            if article is None:
                return item
            finding = await wait_for(self._ask(article))
        except Exception as error:
            self._count("errors")
            log.error("%s: the item goes on unchecked", error, exc_info=self._first("errors"))
            return item
        self._count("known" if finding["known"] else "changed" if finding["changed"] else "added")
        if finding["seen"]:
            self._count("seen")
        if finding["matches"]:
            self._count(f"matched/{finding['matches'][0]['kind'] or 'resembling'}")
        if finding["seen"] and self.choices.action == "drop":
            self._count("dropped")
            from scrapy.exceptions import DropItem

            raise DropItem(explain(article, finding))
        self._annotate(item, finding)
        return item

    def _article(self, item: Any) -> Article | None:
        """The item as an article; None where it has no text, or nothing to be called by."""
        from itemadapter import ItemAdapter

        adapter = ItemAdapter(item)
        value = {name: adapter.get(self.choices.fields.get(name, name)) for name in FIELDS}
        text = value.pop("text")
        if isinstance(text, list | tuple):  # as `.getall()` gives paragraphs
            text = "\n\n".join(part for part in text if isinstance(part, str))
        if not isinstance(text, str) or not text.strip():
            self._count("without_text")
            return None
        id = value.pop("id") or value["url"]
        if not id:
            self._warn(
                "without_id", "an item has neither id nor url, so it cannot be kept: %r", item
            )
            return None
        published = self._date(value.pop("published"))
        named: dict[str, Any] = {n: v for n, v in value.items() if v and isinstance(v, str)}
        return Article(str(id), text, published=published, **named)

    def _date(self, value: Any) -> date | None:
        if value in (None, ""):
            return None
        try:
            return parse_date(value)
        except InputError as error:
            self._warn("undated", "%s; such items count as undated", error)
            return None

    def _ask(self, article: Article) -> "Future[dict[str, Any]]":
        assert self._worker  # a spider is opened before it has items
        days = self.choices.window_days
        if days is None:
            return self._worker.ask(article)
        when = article.published or datetime.now(UTC)
        assert not isinstance(when, str)  # an article has parsed it
        return self._worker.ask(article, *window(when, timedelta(days=days)))

    def judge(self, seen: Seen) -> dict[str, Any]:
        """The verdict as plain data for the item."""
        chosen = self.choices
        if chosen.threshold is not None:
            matches = resembling(seen.verdict, chosen.threshold)
            is_seen = bool(matches)
        else:
            copies = chosen.action == "drop" and set(chosen.kinds) <= set(COPIES)
            matches = plain_matches(seen.verdict, copies)
            is_seen = any(match["kind"] in chosen.kinds for match in matches)
        is_seen = is_seen or (seen.known and KNOWN in chosen.kinds)
        return {
            "seen": is_seen, "known": seen.known, "changed": seen.changed, "matches": matches,
        }  # fmt: skip

    def _annotate(self, item: Any, finding: dict[str, Any]) -> None:
        from itemadapter import ItemAdapter

        try:
            ItemAdapter(item)[self.choices.result_field] = finding
        except (KeyError, AttributeError, TypeError, ValueError):
            self._warn(
                "unannotated",
                "%s has no field %r for the result; add one, or name another in DEDUP_RESULT_FIELD",
                type(item).__name__,
                self.choices.result_field,
            )

    def _warn(self, what: str, message: str, *values: object) -> None:
        self._count(what)
        if self._first(what):
            log.warning(message, *values)

    def _first(self, what: str) -> bool:
        """Whether this is the first time: what happens to every item is logged once."""
        first = what not in self._logged
        self._logged.add(what)
        return first


async def wait_for(future: "Future[T]") -> T:
    """The future's result, waited for as the crawl's event loop can wait."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # another reactor of Twisted's
        from twisted.internet import defer, reactor

        deferred: defer.Deferred[T] = defer.Deferred()

        def hand_over(future: "Future[T]") -> None:
            error = future.exception()
            end = deferred.errback if error else deferred.callback
            reactor.callFromThread(end, error or future.result())

        future.add_done_callback(hand_over)
        return await deferred
    return await asyncio.wrap_future(future)


def plain_matches(verdict: Verdict, copies: bool) -> list[dict[str, Any]]:
    """The matches as plain data; where only copies count, only their candidates are compared."""
    if copies:
        near = tuple(c for c in verdict.candidates if c.resemblance >= COPY_LIKE)
        verdict = replace(verdict, candidates=near)
    return [
        {
            "id": match.article.id,
            "url": match.article.url,
            "publisher": match.article.publisher,
            "kind": match.relation.kind,
            "probability": round(match.relation.probability, 4),
            "resemblance": round(match.relation.resemblance, 4),
        }
        for match in verdict.matches
    ]


def resembling(verdict: Verdict, threshold: float) -> list[dict[str, Any]]:
    """The candidates that resemble the draft enough; no text is analysed, so it takes no time."""
    return [
        {"id": candidate.id, "url": None, "publisher": None, "kind": None, "probability": None,
         "resemblance": round(candidate.resemblance, 4)}
        for candidate in verdict.candidates if candidate.resemblance >= threshold
    ]  # fmt: skip


def explain(article: Article, finding: dict[str, Any]) -> str:
    """Why an item is dropped."""
    if finding["known"]:
        return f"{article.id} is in the index already"
    first = finding["matches"][0]
    alike = first["kind"] or f"{first['resemblance']:.0%} alike"
    return f"{article.id} is in the index as {first['id']} ({alike})"


def window(when: date, span: timedelta) -> tuple[date | None, date | None]:
    """The time from so long before to so long after; None beyond what a calendar has."""
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    since = until = None
    with suppress(OverflowError):
        since = when - span
    with suppress(OverflowError):
        until = when + span + timedelta(days=1)
    return since, until
