"""Web archives: what a record says of its length is compared with what follows."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import brotli
import pytest
from newsroom import URL, Story, answer, archive_record, crawled, html, warc, written, zipped

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers import Note, Reading, read
from dedup.readers.compression import CHUNK
from seeds import TEXTS

STORY = Story("koksan-1", list(TEXTS.values())[2])


def text_record(number: int, size: int | None = None) -> bytes:
    """A record of a text; `size` is how long it says that it is."""
    text = f"{number} {STORY.text}".encode()
    record = archive_record(
        "conversion", {"WARC-Target-URI": f"{URL}/{number}", "Content-Type": "text/plain"}, text
    )
    said = b"Content-Length: %d" % (len(text) if size is None else size)
    return record.replace(b"Content-Length: %d" % len(text), said)


def numbers(reading: Reading) -> list[str]:
    return [article.id.rpartition("/")[2] for article in reading]


def response(page: bytes, *headers: str) -> bytes:
    """The record of a page with these headers in the answer."""
    head = "".join(f"{line}\r\n" for line in headers).encode()
    body = answer(page).replace(b"\r\n\r\n", b"\r\n" + head + b"\r\n", 1)
    fields = {"WARC-Target-URI": URL, "Content-Type": "application/http; msgtype=response"}
    return archive_record("response", fields, body)


def arc(story: Story, version: int = 1) -> bytes:
    """A crawl of before 2010."""
    more = " 200 - - 0 x.arc" if version == 2 else ""
    page = answer(html(story))
    head = f"filedesc://x.arc 0.0.0.0 20080301000000 text/plain{more} "
    about = b"%d 0 X\nURL IP-address Archive-date Content-type Archive-length\n" % version
    first = f"{story.url} 192.0.2.1 20080301000000 text/html{more} {len(page)}\n".encode() + page
    picture = answer(b"GIF89a", "image/gif")
    second = f"{story.url}.gif 192.0.2.1 20080301000000 image/gif{more} {len(picture)}\n".encode()
    return b"\n".join((head.encode() + b"%d\n" % len(about) + about, first, second + picture))


class TestLengths:
    def test_a_record_that_is_cut_off_is_no_article(self, here: Path) -> None:
        """Those before it are read, and one problem names it; packed or not."""
        data = text_record(1) + text_record(2)
        packed = b"".join(gzip.compress(text_record(n)) for n in (1, 2))
        whole = gzip.compress(data)
        for name, cut in (("a.warc", data), ("b.warc.gz", packed), ("c.warc.gz", whole)):
            reading = read(written(name, cut[:-20]))
            assert numbers(reading) == ["1"]
            (problem,) = reading.problems
            assert "the record is cut off" in problem.what

    @pytest.mark.parametrize("size", [10**4, 10**9, 2**63 - 1, 10**40, 12, 0])
    def test_a_wrong_length_costs_one_record(self, here: Path, size: int) -> None:
        """Whether it would swallow those behind it or stops short."""
        data = text_record(1) + text_record(2, size) + text_record(3) + text_record(4)
        reading = read(written("a.warc", data))
        assert numbers(reading) == ["1", "3", "4"]
        assert len(reading.problems) == 1
        assert f"{URL}/2" in reading.problems[0].what

    def test_a_record_without_a_length_costs_itself(self, here: Path) -> None:
        """And so does one without an end of its headers."""
        bad = text_record(2).replace(b"Content-Length", b"Length")
        torn = b"WARC/1.0\r\nWARC-Type: conversion\r\n"
        reading = read(written("a.warc", text_record(1) + bad + torn + text_record(3)))
        assert numbers(reading)[0] == "1"
        assert numbers(read("a.warc"))[-1] == "3"
        assert len(reading.problems) == 2 or "does not say" in reading.problems[0].what

    def test_records_come_out_whole_wherever_a_buffer_ends(self, here: Path) -> None:
        """Large and small ones, packed one by one, as a whole or not at all."""
        sizes = [(n * 7919) % 90_000 + n % 3 * 40_000 + 10 for n in range(60)]
        texts = [f"{n} {'guns ' * (size // 5)}".strip() for n, size in enumerate(sizes)]
        records = [
            archive_record(
                "conversion",
                {"WARC-Target-URI": f"{URL}/{n}", "Content-Type": "text/plain"},
                text.encode(),
            )
            for n, text in enumerate(texts)
        ]
        whole = b"".join(records)
        assert len(whole) > 10 * CHUNK
        packs = b"".join(gzip.compress(record, 1) for record in records)
        for name, data in (
            ("a.warc", whole),
            ("b.warc.gz", packs),
            ("c.warc.gz", gzip.compress(whole)),
        ):
            reading = read(written(name, data))
            assert [article.text for article in reading] == texts
            assert not reading.problems

    def test_a_page_about_archives_is_one_record(self, here: Path) -> None:
        """That a text shows the head of a record says nothing while its length is right."""
        sample = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nGuns.\r\n\r\n"
        page = html(STORY).replace(b"<p>", f"<pre>\r\n{sample}</pre><p>".encode(), 1)
        reading = read(written("a.warc", crawled(URL, page) + crawled(f"{URL}/2", html(STORY))))
        assert [article.id for article in reading] == [URL, f"{URL}/2"]
        assert not reading.problems

    def test_the_place_of_a_record_is_where_its_pack_begins(self, here: Path) -> None:
        """As indexes of crawls count it; in a file packed as a whole, within its content."""
        packs = [gzip.compress(text_record(n)) for n in range(3)]
        articles = list(read(written("a.warc.gz", b"".join(packs))))
        assert [a.extra["offset"] for a in articles] == [0, len(packs[0]), sum(map(len, packs[:2]))]
        plain = [text_record(n) for n in range(3)]
        articles = list(read(written("b.warc.gz", gzip.compress(b"".join(plain)))))
        assert [a.extra["offset"] for a in articles][1:] == [
            len(plain[0]), sum(map(len, plain[:2])),
        ]  # fmt: skip

    @pytest.mark.parametrize("name", ["bz2", "lzma", "gzip"])
    def test_a_second_stream_that_is_damaged_is_told(self, here: Path, name: str) -> None:
        """The libraries take it for padding; only zeros are."""
        module: Any = __import__(name)
        first = module.compress(b'{"id": 1, "text": "Guns."}\n')
        ending = {"bz2": "bz2", "lzma": "xz", "gzip": "gz"}[name]
        reading = read(written(f"a.jsonl.{ending}", first + b"\x07" + first))
        assert [article.id for article in reading] == ["1"]
        assert "damaged" in reading.problems[0].what
        zeros = read(written(f"b.jsonl.{ending}", first + b"\0" * 12 + first + b"\0" * 4))
        assert [article.id for article in zeros] == ["1", "1#2"]
        assert [p.what for p in zeros.problems if "damaged" in p.what] == []


class TestAnswers:
    @pytest.mark.parametrize(
        ("header", "pack"),
        [
            ("Content-Encoding: gzip", gzip.compress),
            ("Content-Encoding: deflate", zlib.compress),
            ("Content-Encoding: br", brotli.compress),
            ("Content-Encoding: gzip", lambda page: page),
            ("Content-Encoding: br", lambda page: page),
            ("Transfer-Encoding: chunked", lambda page: page),
            ("Transfer-Encoding: chunked",
             lambda page: b"%x\r\n%s\r\n5;a=b\r\n<!-- \r\n0\r\n\r\n" % (len(page), page)),
        ],
    )  # fmt: skip
    def test_a_page_is_unpacked_or_taken_as_it_stands(
        self, here: Path, header: str, pack: Any
    ) -> None:
        """Crawlers unpack pages and keep the header that said they were packed."""
        data = response(pack(html(STORY)), header) + crawled(f"{URL}/2", html(STORY))
        reading = read(written("a.warc", data))
        first, second = reading
        assert first.text == second.text
        assert not reading.problems

    def test_a_damaged_answer_costs_one_record(self, here: Path) -> None:
        """Its problem names the address."""
        broken = gzip.compress(html(STORY))[:30] + b"\0" * 100
        data = response(broken, "Content-Encoding: gzip") + crawled(f"{URL}/2", html(STORY))
        reading = read(written("a.warc", data))
        assert numbers(reading) == ["2"]
        assert URL in reading.problems[0].what

    def test_a_page_that_the_crawler_cut_says_so(self, here: Path) -> None:
        """By its own header, or because the answer announced more."""
        cut = crawled(URL, html(STORY)).replace(
            b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"
        )
        short = response(html(STORY), "Content-Length: 999999")
        whole = crawled(URL, html(STORY))
        reading = read(written("a.warc", cut + short + whole))
        assert [article.extra.get("partial") for article in reading] == [True, True, None]
        by_crawler, by_server = (p.what for p in reading.problems if "the page" in p.what)
        assert by_crawler.startswith("the crawler has cut the page (length)")
        assert by_server.startswith("the page is shorter than its server announced")
        with pytest.raises(InputError, match="the crawler has cut"):
            list(read("a.warc", strict=True))


class TestKinds:
    @pytest.mark.parametrize("version", [1, 2])
    def test_arc_is_read_as_warc_is(self, here: Path, version: int) -> None:
        """With address and moment; pictures are counted; packed too."""
        for path in (
            written("a.arc", arc(STORY, version)),
            written("b.arc.gz", gzip.compress(arc(STORY, version))),
            written("c", arc(STORY, version)),
        ):
            reading = read(path)
            (article,) = reading
            assert isinstance(article, Article)
            assert (article.url, article.title) == (URL, STORY.title)
            assert article.extra["crawled"] == "20080301000000"
            assert reading.notes == [Note(path, "skipped 1 record without a page: 1 image/gif")]
            assert not reading.problems

    def test_a_wacz_is_the_crawl_in_it(self, here: Path) -> None:
        """Not its lists of pages and its indexes."""
        files = {
            "archive/data.warc.gz": warc(STORY), "datapackage.json": b'{"profile": "x"}',
            "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "x", "text": "Guns."}',
            "indexes/index.cdx.gz": gzip.compress(b"x"),
        }  # fmt: skip
        reading = read(written("site.wacz", zipped(files)))
        assert [article.url for article in reading] == [URL]
        assert not reading.problems

    def test_what_the_crawler_wrote_itself_is_no_page(self, here: Path) -> None:
        """wget puts its log into the archive and addresses in angle brackets."""
        log = archive_record(
            "resource",
            {"WARC-Target-URI": "metadata://gnu.org/software/wget/warc/wget.log",
             "Content-Type": "text/plain"},
            b"Saving to: index.html " * 20,
        )  # fmt: skip
        robots = crawled("https://www.example.org/robots.txt", b"User-agent: *", "text/plain")
        page = crawled(URL, html(STORY)).replace(URL.encode(), b"<%s>" % URL.encode(), 1)
        reading = read(written("a.warc", log + robots + page))
        (article,) = reading
        assert (article.id, article.url) == (URL, URL)
        assert not reading.problems
