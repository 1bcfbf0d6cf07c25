"""A pipeline for Scrapy, in real crawls of pages that are served here; and its worker."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from patience import MAX_WAIT

from dedup import Article, Index, InputError, StoreError
from dedup.contrib.scrapy.settings import Choices
from dedup.contrib.worker import Seen, Worker
from seeds import TEXTS

pytest.importorskip("scrapy", reason="Scrapy is not installed: pip install 'dedup-news[scrapy]'")


# What the site has: a report, a copy with a word changed, two rewrites, and other news.
PAGES = {
    "wire": TEXTS["002"],
    "copy": TEXTS["002"].replace("Friday", "on Friday", 1),
    "retold": TEXTS["001"],
    "again": TEXTS["000"],
    "other": TEXTS["004"],
    "empty": "",
}

SPIDER = """
import dataclasses, json, sys
import attrs, scrapy
from scrapy.crawler import CrawlerProcess

options = json.loads(sys.argv[1])

@dataclasses.dataclass
class Data:
    url: str
    text: str
    dedup: dict = None

@dataclasses.dataclass(frozen=True)
class Frozen:
    url: str
    text: str

@attrs.define
class Attrs:
    url: str
    text: str
    dedup: dict = None

class Fields(scrapy.Item):
    url, text, dedup = scrapy.Field(), scrapy.Field(), scrapy.Field()

class Bare(scrapy.Item):
    url, text = scrapy.Field(), scrapy.Field()

KINDS = {"dict": dict, "data": Data, "frozen": Frozen, "attrs": Attrs, "item": Fields, "bare": Bare}

class News(scrapy.Spider):
    name = "news"
    start_urls = [options["site"]]
    custom_settings = {"LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False, **options["settings"]}

    def parse(self, response):
        for n, link in enumerate(response.css("a::attr(href)").getall()):
            yield response.follow(link, self.article, priority=-n)

    def article(self, response):
        found = {"url": response.url, "text": response.css("p::text").getall()}
        if options.get("names"):
            yield {options["names"].get(name, name): value for name, value in found.items()}
        else:
            found["text"] = "\\n\\n".join(found["text"])
            page = response.url.rpartition("/")[2]
            yield KINDS[options.get("kinds", {}).get(page, "dict")](**found)

if __name__ == "__main__":
    process = CrawlerProcess()
    crawler = process.create_crawler(News)
    process.crawl(crawler)
    process.start()
    print(json.dumps(crawler.stats.get_stats(), default=str))
"""


class Site(BaseHTTPRequestHandler):
    """A front page of links, and an article for each."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name == "robots.txt":
            self.send_error(404)
            return
        body = "".join(f'<a href="/{page}">{page}</a>' for page in PAGES)
        if name:
            body = "".join(f"<p>{part}</p>" for part in PAGES[name].split("\n") if part.strip())
        page = f"<html><body>{body}</body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: Any) -> None:
        """A test has no log."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Crawl:
    """What came of a crawl: its items by the name of their page, its statistics, its log."""

    def __init__(self, site: str, folder: Path, settings: dict[str, Any], **options: Any) -> None:
        script, items = folder / "spider.py", folder / "items.jsonl"
        script.write_text(SPIDER)
        items.unlink(missing_ok=True)
        settings = {
            "ITEM_PIPELINES": {"dedup.contrib.scrapy.DedupPipeline": 500},
            "FEEDS": {str(items): {"format": "jsonlines", "encoding": "utf-8"}},
            "CONCURRENT_REQUESTS": 1,  # so that pages come in the order of their links
            **settings,
        }
        asked = json.dumps({"site": site, "settings": settings, **options})
        done = subprocess.run(
            [sys.executable, str(script), asked], capture_output=True, text=True, timeout=MAX_WAIT
        )
        self.log, self.code = done.stderr, done.returncode
        self.stats = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
        lines = items.read_text("utf-8").splitlines() if items.exists() else []
        self.list = [json.loads(line) for line in lines]
        self.items = {item["url"].rpartition("/")[2]: item for item in self.list if "url" in item}

    def stat(self, name: str) -> int:
        return int(self.stats.get(f"dedup/{name}", 0))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "news.dedup"


@pytest.mark.slow
class TestCrawl:
    def test_items_are_annotated(self, site: str, tmp_path: Path, place: Path) -> None:
        """All items go on, each with what was there before it; the index has them all."""
        crawl = Crawl(site, tmp_path, {"DEDUP_INDEX": str(place)})
        assert set(crawl.items) == set(PAGES), crawl.log
        found = {name: item.get("dedup") for name, item in crawl.items.items()}
        assert found["wire"] == {"seen": False, "known": False, "changed": False, "matches": []}
        assert found["copy"]["seen"]
        best = found["copy"]["matches"][0]
        assert (best["url"], best["kind"]) == (f"{site}wire", "near-duplicate")
        assert not found["retold"]["seen"]
        assert {match["kind"] for match in found["retold"]["matches"]} == {"rewrite"}
        assert found["other"]["matches"] == []
        assert found["empty"] is None
        with Index(place) as index:
            assert {article.id for article in index} == {
                f"{site}{name}" for name in PAGES if name != "empty"
            }
        assert (crawl.stat("items"), crawl.stat("added"), crawl.stat("seen")) == (6, 5, 1)
        assert (crawl.stat("without_text"), crawl.stat("errors")) == (1, 0)
        assert crawl.stat("matched/near-duplicate") == 1
        assert crawl.stat("matched/rewrite") == 2
        assert "Deprecat" not in crawl.log

    def test_what_was_seen_is_dropped(self, site: str, tmp_path: Path, place: Path) -> None:
        """Copies by default; rewrites too, if they are to count; and all of it the next day."""
        settings = {"DEDUP_INDEX": str(place), "DEDUP_ACTION": "drop"}
        crawl = Crawl(site, tmp_path, settings)
        assert set(crawl.items) == set(PAGES) - {"copy"}, crawl.log
        assert crawl.stat("dropped") == 1
        assert f"is in the index as {site}wire (near-duplicate)" in crawl.log
        assert set(Crawl(site, tmp_path, settings).items) == {"empty"}
        place.unlink()
        kinds = {"DEDUP_KINDS": ["near-duplicate", "rewrite"]}
        again = Crawl(site, tmp_path, {**settings, **kinds})
        assert set(again.items) == {"wire", "other", "empty"}

    def test_a_threshold_counts_instead_of_kinds(
        self, site: str, tmp_path: Path, place: Path
    ) -> None:
        """By resemblance alone: no text is taken apart."""
        settings = {"DEDUP_INDEX": str(place), "DEDUP_THRESHOLD": 0.8, "DEDUP_ACTION": "drop"}
        crawl = Crawl(site, tmp_path, settings)
        assert set(crawl.items) == set(PAGES) - {"copy"}, crawl.log
        assert crawl.items["retold"]["dedup"]["matches"] == []
        assert crawl.stat("matched/resembling") == 1

    def test_items_may_be_of_any_kind(self, site: str, tmp_path: Path, place: Path) -> None:
        """Dataclasses, attrs classes, Scrapy's own; one without room for what was found goes on
        all the same, and the log says, once, how to help."""
        kinds = {
            "wire": "frozen", "copy": "data", "retold": "attrs", "again": "item", "other": "bare",
        }  # fmt: skip
        crawl = Crawl(site, tmp_path, {"DEDUP_INDEX": str(place)}, kinds=kinds)
        assert set(crawl.items) == set(PAGES), crawl.log
        assert crawl.items["copy"]["dedup"]["seen"]
        assert crawl.items["retold"]["dedup"]["matches"]
        assert crawl.items["again"]["dedup"]["matches"]
        assert (crawl.stat("added"), crawl.stat("unannotated")) == (5, 2)
        assert crawl.log.count("add one, or name another in DEDUP_RESULT_FIELD") == 1

    def test_fields_are_named(self, site: str, tmp_path: Path, place: Path) -> None:
        """Items as another crawler has them, with the text as a list of paragraphs."""
        settings = {
            "DEDUP_INDEX": str(place),
            "DEDUP_FIELDS": {"text": "body", "url": "link"},
            "DEDUP_RESULT_FIELD": "found",
        }
        crawl = Crawl(site, tmp_path, settings, names={"text": "body", "url": "link"})
        seen = [item["link"] for item in crawl.list if item.get("found", {}).get("seen")]
        assert seen == [f"{site}copy"], crawl.log

    def test_many_at_once_are_kept_under_any_reactor(
        self, site: str, tmp_path: Path, place: Path
    ) -> None:
        """Not only asyncio's; and nothing is lost when the crawl ends with articles waiting."""
        settings = {
            "DEDUP_INDEX": str(place), "CONCURRENT_REQUESTS": 16, "DEDUP_COMMIT_SECONDS": 2,
            "TWISTED_REACTOR": "twisted.internet.selectreactor.SelectReactor",
        }  # fmt: skip
        crawl = Crawl(site, tmp_path, settings)
        assert (crawl.stat("added"), crawl.stat("errors")) == (5, 0), crawl.log
        assert sum(bool((item.get("dedup") or {}).get("seen")) for item in crawl.list) == 1
        assert "Deprecat" not in crawl.log

    def test_errors_lose_no_item(self, site: str, tmp_path: Path, place: Path) -> None:
        """An index that says of itself what is not so: items go on unchecked, and the log says
        why."""
        with Index(place):
            pass
        with sqlite3.connect(place) as sql:
            sql.execute("INSERT INTO contents VALUES (1, '{}', x'00')")  # of no article
        sql.close()
        crawl = Crawl(site, tmp_path, {"DEDUP_INDEX": str(place), "DEDUP_ACTION": "drop"})
        assert set(crawl.items) == set(PAGES), crawl.log
        assert crawl.stat("errors") == 5
        assert "the item goes on unchecked" in crawl.log
        assert crawl.log.count("goes on unchecked\nTraceback") == 1

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({}, "DEDUP_INDEX is not set; name the file of the index"),
            ({"DEDUP_INDEX": "no/such/folder/news.dedup"}, "is no file, nor a place for one"),
        ],
    )
    def test_a_wrong_setting_stops_the_crawl(
        self, settings: dict[str, Any], told: str, site: str, tmp_path: Path
    ) -> None:
        """A crawl of hours without the index that was asked for helps nobody."""
        crawl = Crawl(site, tmp_path, settings)
        assert told in crawl.log
        assert crawl.items == {}


class TestSettings:
    def test_values_may_be_strings(self) -> None:
        """As `scrapy crawl -s` gives them."""
        found = Choices.of({
            "DEDUP_INDEX": "news.dedup", "DEDUP_THRESHOLD": "0.8", "DEDUP_LIMIT": "5",
            "DEDUP_KINDS": "duplicate, rewrite", "DEDUP_FIELDS": '{"text": "body"}',
            "DEDUP_WINDOW_DAYS": "7", "DEDUP_RESULT_FIELD": None, "BOT_NAME": "news",
        })  # fmt: skip
        assert found == Choices(
            "news.dedup", threshold=0.8, limit=5, kinds=("duplicate", "rewrite"),
            fields={"text": "body"}, window_days=7,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("INDEXX", "a", "unknown setting DEDUP_INDEXX; there are DEDUP_INDEX, DEDUP_ACTION"),
            ("INDEX", 7, "DEDUP_INDEX is 7; give a file's name"),
            ("KINDS", "rewrites", "DEDUP_KINDS is 'rewrites'; give some of known, duplicate"),
            ("KINDS", 7, "give some of"),
            ("ACTION", "delete", "DEDUP_ACTION is 'delete'; give 'annotate' or 'drop'"),
            ("THRESHOLD", 80, "DEDUP_THRESHOLD is 80; give a share from 0.4 to 1"),
            ("THRESHOLD", "much", "DEDUP_THRESHOLD is 'much'"),
            ("WINDOW_DAYS", -1, "give a number of days"),
            ("FIELDS", {"body": "text"}, "item fields by id, text"),
            ("FIELDS", "body", "item fields by id, text"),
            ("COMMIT_EVERY", 0, "a whole number from 1 on"),
            ("COMMIT_EVERY", 1.5, "a whole number from 1 on"),
        ],
    )
    def test_a_wrong_value_is_explained(self, name: str, value: Any, told: str) -> None:
        """The setting, its value, and what it may be."""
        with pytest.raises(InputError, match=told):
            Choices.of({"DEDUP_INDEX": "news.dedup", f"DEDUP_{name}": value})


def candidates(seen: Seen) -> list[str]:
    return [one.id for one in seen.verdict.candidates]


class TestWorker:
    def test_articles_wait_for_each_other(self, place: Path) -> None:
        """Those that come within a moment are kept in one commit, and see each other."""
        worker = Worker(place, candidates, commit_every=3, commit_seconds=10 * MAX_WAIT)
        asked = [worker.ask(Article(id, TEXTS["002"])) for id in ("a", "b", "c")]
        assert [one.result(MAX_WAIT) for one in asked] == [[], ["a"], ["a", "b"]]
        worker.close()
        assert worker.commits == 1

    def test_a_full_batch_does_not_wait(self, place: Path) -> None:
        """`commit_every` articles are kept at once."""
        worker = Worker(place, candidates, commit_every=2, commit_seconds=10 * MAX_WAIT)
        for future in [worker.ask(Article(f"n{n}", f"{TEXTS['002']} {n}")) for n in range(4)]:
            future.result(MAX_WAIT)
        assert worker.commits == 2
        worker.close()

    def test_an_answer_is_given_when_it_is_kept(self, place: Path) -> None:
        """Another process sees the article as soon as the future is done."""
        worker = Worker(place, candidates)
        worker.ask(Article("wire", TEXTS["002"])).result(MAX_WAIT)
        with Index(place, readonly=True) as index:
            assert "wire" in index
        worker.close()

    def test_closing_answers_what_waits(self, place: Path) -> None:
        """And twice is as good as once; afterwards there is nobody to ask."""
        worker = Worker(place, candidates, commit_seconds=10 * MAX_WAIT)
        asked = [worker.ask(Article(f"n{n}", f"{TEXTS['002']} {n}")) for n in range(3)]
        worker.close()
        worker.close()
        assert [len(one.result(0)) for one in asked] == [0, 1, 2]
        with pytest.raises(StoreError, match="closed"):
            worker.ask(Article("late", "")).result(0)
        with Index(place, readonly=True) as index:
            assert len(index) == 3

    def test_what_is_known_or_changed_is_said(self, place: Path) -> None:
        """The same text again, and another one under its id, which takes its place."""
        worker = Worker(place, lambda seen: (seen.known, seen.changed))
        texts = [TEXTS["002"], TEXTS["002"], TEXTS["004"]]
        found = [worker.ask(Article("wire", text)).result(MAX_WAIT) for text in texts]
        worker.close()
        assert found == [(False, False), (True, False), (False, True)]
        with Index(place) as index:
            assert [article.text for article in index] == [TEXTS["004"]]

    def test_an_error_is_that_of_its_article(self, place: Path) -> None:
        """What no index can keep costs its neighbours in the commit nothing."""
        worker = Worker(place, candidates, commit_seconds=0.5)
        ids = ["a", "b\x00", "c" * 3000, "d"]
        asked = [worker.ask(Article(id, TEXTS["002"])) for id in ids]
        errors = [type(one.exception(MAX_WAIT)) for one in asked]
        assert errors == [type(None), InputError, InputError, type(None)]
        assert asked[3].result() == ["a"]
        worker.close()

    def test_a_judge_that_fails_costs_one_answer(self, place: Path) -> None:
        """The article is kept, and the worker goes on."""

        def judge(seen: Seen) -> str:
            if seen.verdict.draft.id == "b":
                raise KeyError("judge")
            return seen.verdict.draft.id

        worker = Worker(place, judge, commit_seconds=0.5)
        asked = [worker.ask(Article(id, TEXTS["002"])) for id in "abc"]
        assert [asked[0].result(MAX_WAIT), asked[2].result(MAX_WAIT)] == ["a", "c"]
        assert isinstance(asked[1].exception(MAX_WAIT), KeyError)
        worker.close()
        with Index(place, readonly=True) as index:
            assert len(index) == 3

    def test_who_no_longer_waits_is_passed_over(self, place: Path) -> None:
        """A request that was cancelled before its turn."""
        worker = Worker(place, candidates, commit_every=1)
        held: Future[list[str]] = worker.ask(Article("a", TEXTS["002"]))
        late = [worker.ask(Article(f"n{n}", TEXTS["002"])) for n in range(20)]
        cancelled = [one.cancel() for one in late]
        held.result(MAX_WAIT)
        worker.close()
        with Index(place, readonly=True) as index:
            assert len(index) == 1 + cancelled.count(False)

    def test_an_event_loop_goes_on_meanwhile(self, place: Path) -> None:
        """While the thread is busy, the loop's clock ticks: the thread waits for that."""
        busy, ticked = threading.Event(), threading.Event()

        def judge(seen: Seen) -> bool:
            busy.set()
            return ticked.wait(MAX_WAIT)

        async def both() -> bool:
            asked = asyncio.wrap_future(worker.ask(Article("wire", TEXTS["002"])))
            while not busy.is_set():
                await asyncio.sleep(0.01)
            for _ in range(4):
                await asyncio.sleep(0.01)
            ticked.set()
            return await asked

        worker = Worker(place, judge)
        assert asyncio.run(both())
        worker.close()

    def test_an_index_that_cannot_be_opened_is_told_at_once(self, tmp_path: Path) -> None:
        """Not with the first article."""
        with pytest.raises(StoreError):
            Worker(tmp_path, candidates)

    def test_a_window_leaves_out_what_is_old(self, place: Path) -> None:
        """As in `Index.check`."""
        worker = Worker(place, candidates)
        day = date(2025, 3, 28)
        worker.ask(Article("old", TEXTS["002"], published=day)).result(MAX_WAIT)
        new = Article("new", TEXTS["002"], published=day + timedelta(days=9))
        assert worker.ask(new, since=day + timedelta(days=2)).result(MAX_WAIT) == []
        assert worker.ask(new, since=day).result(MAX_WAIT) == ["old"]
        worker.close()
