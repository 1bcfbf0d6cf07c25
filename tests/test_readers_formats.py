"""Formats: one story comes out of all of them, with what each says of its origin."""

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from newsroom import (
    EARLIER,
    FORMATS,
    LINKED,
    URL,
    WHEN,
    Story,
    archive_record,
    atom,
    crawled,
    html,
    json_lines,
    mail,
    newsml_item,
    ninjs1,
    nitf,
    nitf_body,
    only,
    rss,
    table,
    warc,
    written,
    zipped,
)

from dedup import extras
from dedup.errors import InputError, MissingExtra
from dedup.pipeline import compare
from dedup.pipeline.spool import Spool
from dedup.processes import start_process
from dedup.readers import Note, Problem, isolation, read
from dedup.readers.decode import decode
from dedup.readers.html_head import read_head
from dedup.readers.markup import html_to_text
from seeds import TEXTS

SEEDS = list(TEXTS.values())
NUMBERS = ["000", "001", "002", "003", "004"]
STORY = Story("koksan-1", SEEDS[2])
ADDED = "Thebroadcastershowedthevideoofthetransport onFriday.".replace(" ", "")
MOMENT = datetime.fromisoformat(WHEN)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestOneStory:
    @pytest.mark.parametrize("name", FORMATS)
    def test_the_seeds_come_out_of_every_format(self, here: Path, name: str) -> None:
        """Letter for letter, but for white space; a page adds the sentence that it has."""
        ending, make = FORMATS[name]
        for number, text in zip(NUMBERS, SEEDS, strict=True):
            path = written(f"{number}{ending}", make(Story(number, text)))
            read_text = squeezed(only(read(path)).text)
            assert read_text.removesuffix(ADDED) == squeezed(text)

    @pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("text", "wet")])
    def test_metadata_come_out_of_every_format(self, here: Path, name: str) -> None:
        """Title, date and who wrote it are the article's; where the date is from is said."""
        ending, make = FORMATS[name]
        article = only(read(written(f"a{ending}", make(STORY))))
        assert article.title == STORY.title
        assert article.published == MOMENT
        assert article.extra["dated"] == ("implied" if name in ("docx", "pdf") else "stated")
        assert article.extra["dated_by"]
        if name not in ("mail",):
            assert article.byline == STORY.byline
        if name not in ("docx", "pdf"):
            assert article.publisher == STORY.publisher
            assert article.language in ("en", "en-GB")
        if name in ("html", "warc", "rss", "atom", "json lines", "csv", "parquet", "markdown"):
            assert article.url == URL

    def test_one_story_in_all_formats_is_one_cluster(self, here: Path) -> None:
        """The seeds in five formats: 001 and 000 are told after 002, the others on their own."""
        for number, name in zip(NUMBERS, ("rss", "docx", "newsml-g2", "pdf", "html"), strict=True):
            ending, make = FORMATS[name]
            story = Story(number, SEEDS[int(number)], title="Guns", url="", publisher="")
            data = make(story)
            written(f"{number}{ending}", data)
        result = compare(read("."))
        assert [set(cluster.members) for cluster in result.clusters] == [{"000", "001", "002"}]
        assert {one.id for one in result.singletons} == {"003", "004"}

    @pytest.mark.parametrize("name", FORMATS)
    def test_what_does_not_fit_in_memory_comes_back_equal(self, here: Path, name: str) -> None:
        """From the spool's own file, so that the source may change in between."""
        ending, make = FORMATS[name]
        for number, text in zip(NUMBERS, SEEDS, strict=True):
            written(f"{number}{ending}", make(Story(number, text, url=f"{URL}/{number}")))
        articles = list(read("."))
        spool = Spool(room=0)
        assert list(spool.fill(read("."))) == [article.text for article in articles]
        for number in NUMBERS:
            Path(f"{number}{ending}").unlink()
        assert list(spool) == articles
        assert spool.ids == [article.id for article in articles]

    @pytest.mark.parametrize(
        "name", [n for n in FORMATS if n not in ("tsv", "pdf", "docx", "xlsx", "har")]
    )
    def test_content_tells_the_format_where_the_name_does_not(self, here: Path, name: str) -> None:
        """Without an ending the first bytes say what a file is."""
        _, make = FORMATS[name]
        if name in ("text", "markdown"):
            return
        assert squeezed(only(read(written("dump", make(STORY)))).text).startswith(
            squeezed(STORY.text)[:1000]
        )

    @pytest.mark.parametrize("name", ["docx", "pdf", "parquet", "html", "csv", "warc"])
    def test_standard_input_has_any_format(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is piped in is told by its content, and need not be read from its end."""
        reader, writer = os.pipe()
        data = FORMATS[name][1](STORY)
        assert len(data) < 60_000  # a pipe holds it
        os.write(writer, data)
        os.close(writer)
        with io.TextIOWrapper(io.BufferedReader(io.FileIO(reader))) as pipe:
            monkeypatch.setattr(sys, "stdin", pipe)
            assert squeezed(only(read("-")).text).startswith(squeezed(STORY.text)[:1000])


class TestPacked:
    @pytest.mark.parametrize(
        ("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
    )
    def test_a_packed_file_is_read_as_what_it_holds(
        self, here: Path, ending: str, pack: Any
    ) -> None:
        """The ending within counts, and the id is without either."""
        written(f"dump.jsonl{ending}", pack(json_lines(STORY) * 2))
        written(f"story.txt{ending}", pack(STORY.text.encode()))
        written("page", pack(html(STORY)))
        articles = list(read("."))
        assert [a.id for a in articles] == ["koksan-1", "koksan-1#2", "page", "story"]
        assert articles[0].extra["path"] == f"./dump.jsonl{ending}"

    def test_zstandard_is_read_by_its_package(self, here: Path) -> None:
        """As dumps of crawls are packed."""
        zstd = pytest.importorskip("backports.zstd")
        written("dump.jsonl.zst", zstd.compress(json_lines(STORY)))
        assert only(read("dump.jsonl.zst")).id == "koksan-1"

    def test_a_zip_is_read_member_by_member(self, here: Path) -> None:
        """Each by its own format and under its own name; what is no news is named."""
        files = {
            "monday/a.html": html(STORY), "monday/b.txt": STORY.text.encode(),
            "c.docx": FORMATS["docx"][1](STORY), "d.parquet": FORMATS["parquet"][1](STORY),
            "__MACOSX/x.txt": b"x", "photo.jpg": b"x", "photo2.jpg": b"x",
            "../../e.txt": STORY.text.encode(), "inner.zip": zipped({"x.txt": b"x"}),
        }  # fmt: skip
        reading = read(written("news.zip", zipped(files)))
        articles = list(reading)
        assert [a.id for a in articles] == ["e", "c", "koksan-1", "a", "b"]
        assert articles[0].extra["path"] == "news.zip/../../e.txt"
        assert [p.path for p in reading.problems] == ["news.zip/inner.zip", "news.zip/photo.jpg"]
        assert sorted(path.name for path in here.iterdir()) == ["news.zip"]

    def test_a_folder_of_everything_is_read(self, here: Path) -> None:
        """Every format in one folder, each article with an id of its own."""
        for name, (ending, make) in FORMATS.items():
            written(f"{name.replace(' ', '-').replace('.', '')}{ending}", make(STORY))
        articles = list(read("."))
        assert len(articles) == len(FORMATS)
        assert len({a.id for a in articles}) == len(FORMATS)


class TestPages:
    def test_a_page_says_what_it_was_taken_from(self, here: Path) -> None:
        """schema.org's isBasedOn, citation and sourceOrganization, rights and links."""
        extra = only(read(written("a.html", html(STORY)))).extra
        assert extra["based_on"] == ("https://agency.example/takes/1", LINKED)
        assert extra["sources"] == ("Agence Exemple",)
        assert extra["credit"] == "Reporting by AE"
        assert extra["rights"] == "© 2025 Example News"
        assert extra["links"] == (LINKED,)

    def test_a_canonical_address_on_another_site_is_its_source(self) -> None:
        """A page found here that calls an address there its own was taken from there."""
        page = '<link rel="canonical" href="https://origin.example/1"><p>Guns</p>'
        extra = read_head(page, "https://copy.example/1").extra
        assert extra["canonical"] == "https://origin.example/1"
        assert extra["based_on"] == ("https://origin.example/1",)
        same = read_head(page, "https://www.origin.example/1?from=feed").extra
        assert same == {"canonical": "https://origin.example/1"}

    @pytest.mark.parametrize(
        ("head", "expected", "by", "sure"),
        [
            ('<meta property="article:published_time" content="2025-03-28T14:05:00+01:00">',
             MOMENT, "meta article:published_time", "stated"),
            ('<meta name=date content=2025-03-28>', date(2025, 3, 28), "meta date", "stated"),
            ('<time datetime="2025-03-28">Friday</time>', date(2025, 3, 28), "time element",
             "implied"),
            ('<meta property="article:modified_time" content="2025-03-28">', date(2025, 3, 28),
             "meta article:modified_time", "implied"),
            ("", date(2025, 3, 28), "address", "guessed"),
            ('<meta name="date" content="9999-12-31">', date(2025, 3, 28), "address", "guessed"),
        ],
    )  # fmt: skip
    def test_a_date_says_where_it_comes_from_and_how_sure_it_is(
        self, head: str, expected: date, by: str, sure: str
    ) -> None:
        """What is stated wins over what is implied, and that over the address."""
        article = read_head(f"<html><head>{head}</head>", URL)
        assert (article.published, article.extra["dated_by"]) == (expected, by)
        assert article.extra["dated"] == sure

    def test_a_saved_page_knows_its_address(self) -> None:
        """Browsers leave a word of it at the top."""
        page = "<!-- saved from url=(0042)https://www.example.org/saved --><html>"
        assert read_head(page).url == "https://www.example.org/saved"

    def test_structured_data_have_the_text_where_the_page_has_none(self, here: Path) -> None:
        """A page that a script would fill is read from its JSON-LD."""
        data = json.dumps({"@type": "NewsArticle", "articleBody": STORY.text})
        page = (
            f'<html><script type="application/ld+json">{data}</script><div id="app"></div></html>'
        )
        assert only(read(written("a.html", page.encode()))).text.startswith("Russia has started")

    def test_the_fast_way_takes_the_same_story(self, here: Path) -> None:
        """Both ways have every sentence of it, and neither the navigation."""
        path = written("a.html", html(STORY))
        fast = only(read(path, fast_extract=True))
        assert squeezed(STORY.text) in squeezed(fast.text)
        assert "recipes" not in fast.text
        assert fast.published == MOMENT

    @pytest.mark.parametrize(
        ("charset", "label"),
        [("utf-8", "iso-8859-1"), ("windows-1252", "utf-8"), ("utf-16", "utf-8"),
         ("windows-1251", "windows-1251")],
    )  # fmt: skip
    def test_a_wrong_label_does_not_spoil_the_text(self, charset: str, label: str) -> None:
        """Valid UTF-8 is UTF-8 whatever is said; what is not, is not."""
        text = "Пушки в Крыму, говорит ZDF. " if "1251" in charset else "Café à Zürich – “Guns”. "
        assert decode((text * 20).encode(charset), label)[0].removeprefix("\ufeff") == text * 20

    def test_markup_becomes_running_text(self) -> None:
        """Paragraphs, lines, lists and tables, without scripts; entities are characters."""
        page = (
            "<div>One &amp; two<br>lines<ul><li>a</li><li>b</li></ul><script>x</script>"
            "<table><tr><td>1</td><td>2</td></tr></table>3 &lt; 4 <p>end"
        )
        assert html_to_text(page)[0] == "One & two\nlines\n\n- a\n- b\n\n1 | 2\n\n3 < 4\n\nend"


class TestProcesses:
    def test_several_processes_give_the_same_in_the_same_order(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Articles, problems and what lies between them, page by page or record by record."""
        monkeypatch.setattr(isolation, "MIN_PAGES", 2)
        for number in range(9):
            page = html(Story("", f"{number} {SEEDS[number % 5]}", url=f"{URL}/{number}"))
            written(f"{number}.html", b"<html>" if number == 5 else page)
        written("6b.txt", STORY.text.encode())
        records = [crawled(f"{URL}/w{n}", html(STORY) if n % 3 else b"") for n in range(9)]
        written("w.warc", b"".join(records))
        alone, together = read("."), read(".", processes=2)
        assert list(alone) == list(together)
        assert len(alone.problems) == 4
        assert (alone.problems, alone.notes) == (together.problems, together.notes)

    @pytest.mark.usefixtures("fresh")
    def test_a_reading_that_is_left_early_leaves_no_process(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Strict or not wanted any longer: what is under way is given up. What has come to its end
        waits for the next reading."""
        started = list[subprocess.Popen[bytes]]()

        def start(*arguments: Any, **streams: Any) -> "subprocess.Popen[bytes]":
            started.append(start_process(*arguments, **streams))
            return started[-1]

        monkeypatch.setattr(isolation, "start_process", start)
        monkeypatch.setattr(isolation, "MIN_PAGES", 0)
        written("a.html", html(STORY))
        written("b.html", b"<html>")
        with pytest.raises(InputError, match="no text"):
            list(read(["a.html", "b.html"], processes=2, strict=True))
        waiting = [worker.process for worker in isolation._idle]
        assert started
        assert all(process in waiting or process.poll() is not None for process in started)


class TestArchives:
    def test_a_crawl_has_its_pages_and_tells_of_the_rest(self, here: Path) -> None:
        """A page keeps its address and place; pictures and redirections are one note."""
        reading = read(written("crawl.warc.gz", warc(STORY)))
        article = only(reading)
        assert article.id == article.url == URL
        assert article.extra["crawled"] == "2025-03-29T00:00:00Z"
        assert reading.notes == [
            Note("crawl.warc.gz", "skipped 1 record without a page: 1 image/png")
        ]

    def test_a_page_without_text_does_not_stop_a_crawl(self, here: Path) -> None:
        """It is named with its address and the byte at which its record begins."""
        data = crawled("https://example.org/empty", b"<html></html>") + crawled(URL, html(STORY))
        reading = read(written("crawl.warc", data))
        assert [article.url for article in reading] == [URL]
        assert "https://example.org/empty (record at byte 0)" in reading.problems[0].what

    def test_a_record_that_is_cut_off_is_told(self, here: Path) -> None:
        """What stands before it is read."""
        data = crawled(URL, html(STORY))
        for name, whole in (("a.warc", data), ("a.warc.gz", gzip.compress(data))):
            reading = read(written(name, whole + whole[: len(whole) // 2]))
            assert len(list(reading)) >= 1
            assert reading.problems

    def test_the_texts_of_a_crawl_are_read_as_they_are(self, here: Path) -> None:
        """WET has texts that were taken from pages already."""
        records = [
            archive_record(
                "conversion",
                {"WARC-Target-URI": f"{URL}/{n}", "Content-Type": "text/plain"},
                f"{n} {STORY.text}".encode(),
            )
            for n in range(3)
        ]
        articles = list(read(written("crawl.wet", b"".join(records))))
        assert [a.text for a in articles] == [f"{n} {STORY.text}" for n in range(3)]


class TestTables:
    def test_columns_are_chosen_by_a_caller(self, here: Path) -> None:
        """Any column may be the text, the title, the date …"""
        rows = "a,b,c,d\n1,Guns,Russia has started.,2025-03-28\n"
        fields = {"text": "c", "id": "a", "title": "b", "date": "d"}
        article = only(read(written("a.csv", rows.encode()), fields=fields))
        assert (article.id, article.title, article.text) == ("1", "Guns", "Russia has started.")
        assert article.published == date(2025, 3, 28)

    def test_nested_records_are_reached_by_paths(self, here: Path) -> None:
        """Dots lead into records, numbers in brackets into lists; paragraphs are joined."""
        value = {"meta": {"no": 7}, "versions": [{"body": ["Guns.", "Shells."]}], "b": {"t": "T"}}
        path = written("a.jsonl", json.dumps(value).encode())
        fields = {"text": "versions[0].body", "id": "meta.no", "title": "b.t"}
        article = only(read(path, fields=fields))
        assert (article.id, article.title, article.text) == ("7", "T", "Guns.\n\nShells.")

    def test_what_wraps_an_article_is_opened(self, here: Path) -> None:
        """An export of Elasticsearch has it under _source."""
        value = {"_id": "7", "_source": {"body": "Guns.", "title": "T"}}
        article = only(read(written("a.jsonl", json.dumps(value).encode())))
        assert (article.id, article.title, article.text) == ("7", "T", "Guns.")

    @pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
    def test_a_text_without_a_name_is_known_by_its_length(self, here: Path, name: str) -> None:
        """The longest column is taken, and a note says so."""
        if name == "a.csv":
            data = f'nummer,artikel\n7,"{STORY.text}"\n'.encode()
        else:
            parquet = pytest.importorskip("pyarrow.parquet")
            pyarrow = pytest.importorskip("pyarrow")
            stream = io.BytesIO()
            parquet.write_table(pyarrow.table({"nummer": [7], "artikel": [STORY.text]}), stream)
            data = stream.getvalue()
        reading = read(written(name, data))
        assert only(reading).text == STORY.text
        assert reading.notes == [Note(name, "columns used: text = artikel")]

    def test_a_column_that_is_not_there_is_refused(self, here: Path) -> None:
        """With the names of those that are."""
        reading = read(written("a.csv", table(STORY)), fields={"text": "artikel"})
        assert list(reading) == []
        assert "no column 'artikel'; the columns are 'id', 'headline'" in reading.problems[0].what

    def test_a_bad_row_is_named_and_the_rest_is_read(self, here: Path) -> None:
        """Rows that are too long, have no text or bad bytes cost themselves only."""
        rows = b'id,text\n1,Guns\n2,"a",b\n3,\n4,caf\xe9\n5,"two\nlines"\n6,last\n'
        reading = read(written("a.csv", rows))
        articles = list(reading)
        assert [(a.id, a.text) for a in articles] == [
            ("1", "Guns"),
            ("5", "two\nlines"),
            ("6", "last"),
        ]
        assert [p.path for p in reading.problems] == ["a.csv:3", "a.csv:4", "a.csv:5"]
        assert all("row at byte" in p.what for p in reading.problems)
        for article in articles:
            assert rows[article.extra["offset"] :].startswith(article.id.encode())

    def test_a_table_of_a_database_has_quotation_marks_in_its_texts(self, here: Path) -> None:
        """Tabs without quotation: a text may begin with a quotation mark and not end with it."""
        rows = 'id\ttext\n1\t"Guns" reach Crimea\n2\t"They are here, ZDF said\n3\tOn a train\n'
        articles = list(read(written("a.tsv", rows.encode())))
        assert [a.text for a in articles] == [line.split("\t")[1] for line in rows.splitlines()[1:]]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252"])
    def test_a_table_is_decoded(self, here: Path, encoding: str) -> None:
        """By its mark, or as it is asked for."""
        data = "id;text\n1;Café à Paris\n".encode(encoding)
        asked = encoding.removesuffix("-sig")
        assert only(read(written("a.csv", data), encoding=asked)).text == "Café à Paris"


class TestFeeds:
    def test_an_entry_says_whom_it_is_from(self, here: Path) -> None:
        """RSS names a source, Atom links to it."""
        assert only(read(written("a.rss", rss(STORY)))).extra["sources"] == ("Agence Exemple",)
        extra = only(read(written("a.atom", atom(STORY)))).extra
        assert extra["based_on"] == ("https://agency.example/takes/1",)

    def test_a_summary_stands_in_for_the_text_and_says_so(self, here: Path) -> None:
        """A feed without full content has teasers."""
        item = b"<item><title>T</title><description>Guns on a train.</description></item>"
        article = only(read(written("a.rss", b"<rss><channel>%s</channel></rss>" % item)))
        assert (article.text, article.extra["partial"]) == ("Guns on a train.", True)
        assert article.id == "a:1"

    def test_a_headline_stands_in_for_a_summary(self, here: Path) -> None:
        """Many feeds have headlines and links only; an entry without any text is a problem."""
        items = b"<item><title>Guns on a train</title></item><item><link>https://a.eu</link></item>"
        articles = read(written("a.rss", b"<rss><channel>%s</channel></rss>" % items))
        (article,) = articles
        assert (article.text, article.title) == ("Guns on a train", "Guns on a train")
        assert article.extra["partial"]
        assert [problem.path for problem in articles.problems] == ["a.rss:2"]


class TestNewsrooms:
    @pytest.mark.parametrize("name", ["ninjs 1", "ninjs 2", "ninjs 3", "nitf", "newsml-g2"])
    def test_an_item_says_where_it_is_from(self, here: Path, name: str) -> None:
        """Its earlier version by id, whatever the standard calls that."""
        ending, make = FORMATS[name]
        article = only(read(written(f"a{ending}", make(STORY))))
        assert article.id == STORY.id
        assert article.extra["earlier"] == (EARLIER,)
        if name != "nitf":
            assert article.extra["sources"] == ("Agence Exemple",)

    def test_newsml_keeps_through_whose_hands_an_item_went(self, here: Path) -> None:
        """Hops in order, by name or else by code; links by what they say."""
        extra = only(read(written("a.xml", FORMATS["newsml-g2"][1](STORY)))).extra
        assert extra["hops"] == (
            "Agence Exemple, 2025-03-28T12:00:00Z, created content",
            "wire2, 2025-03-28T13:00:00Z, transformed content",
        )
        assert extra["based_on"] == ("urn:newsml:ae:take:1",)
        assert extra["rights"] == "© 2025 Example News"
        assert extra["note"] == "Updates with reaction."
        assert extra["version"] == "2"

    def test_codes_and_addresses_stand_for_names_that_are_not_given(self, here: Path) -> None:
        """As in the standard's own text document: a provider by address, a body in NITF with
        the byline's title, nothing but metadata dated."""
        item = f"""<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"
        guid="urn:newsml:example.org:20250328:FED" version="10" standard="NewsML-G2">
        <rightsInfo><copyrightHolder uri="https://www.example.org/about"/></rightsInfo>
        <itemMeta><itemClass qcode="ninat:text"/><provider uri="https://www.example.org/about"/>
        <versionCreated>2025-03-28T14:05:00+01:00
        </versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
        <contentMeta><infoSource qcode="is:AE"/><language tag="en-US"/>
        <headline> Guns reach
         Crimea</headline></contentMeta><contentSet><inlineXML>
        <nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>
        <byline>By Anna Schmidt, <byttl>Staff Reporter</byttl></byline></body.head>
        <body.content><p>{STORY.paragraphs[0]}</p></body.content></body></nitf>
        </inlineXML></contentSet></newsItem>"""
        article = only(read(written("a.xml", item.encode())))
        assert (article.title, article.published) == ("Guns reach Crimea", MOMENT)
        assert article.byline == "Anna Schmidt, Staff Reporter"
        assert (article.language, article.text) == ("en-US", STORY.paragraphs[0])
        assert article.publisher == article.extra["rights"] == "https://www.example.org/about"
        assert article.extra["sources"] == ("AE",)

    def test_nitf_keeps_notes_and_rights(self, here: Path) -> None:
        """ed-msg, doc.copyright, tagline; captions are no text."""
        article = only(read(written("a.nitf", nitf(STORY))))
        assert article.extra["note"] == "Eds: UPDATES with reaction."
        assert article.extra["rights"] == "2025 Example News"
        assert article.extra["credit"] == "Reporting by AE"
        assert "gun on a train" not in article.text

    def test_a_message_has_many_items(self, here: Path) -> None:
        """Those without text, and packages, are named with their line."""
        inner = f'<inlineXML><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">{nitf_body(STORY)}</nitf></inlineXML>'
        items = "\n".join(
            [newsml_item(Story(f"n{n}", ""), inner) for n in range(3)]
            + ["<packageItem/>", newsml_item(STORY, "<remoteContent href='a.jpg'/>")]
        )
        reading = read(
            written("a.xml", f"<newsMessage><itemSet>{items}</itemSet></newsMessage>".encode())
        )
        assert [article.id for article in reading] == ["n0", "n1", "n2"]
        assert [p.what.split(",")[0] for p in reading.problems] == [
            "a packageItem",
            "no text in this newsItem (text)",
        ]

    def test_nitf_within_another_envelope_is_found(self, here: Path) -> None:
        """NewsML 1 carries it as the content of an item."""
        item = f"<DataContent><nitf>{nitf_body(STORY)}</nitf></DataContent>"
        page = f"<NewsML><NewsItem>{item}</NewsItem></NewsML>"
        assert only(read(written("a.xml", page.encode()))).title == STORY.title

    def test_a_picture_of_ninjs_is_no_article(self, here: Path) -> None:
        """It is named as what it is."""
        item = {"uri": "urn:p", "type": "picture", "versioncreated": WHEN}
        reading = read(written("a.json", json.dumps(item).encode()))
        assert list(reading) == []
        assert "a ninjs item of type picture without body" in reading.problems[0].what

    def test_lines_of_ninjs_are_a_stream(self, here: Path) -> None:
        """A wire saved as JSON lines has an item in each."""
        data = b"\n".join(ninjs1(Story(f"n{n}", STORY.text)) for n in range(3))
        assert [a.id for a in read(written("wire.jsonl", data))] == ["n0", "n1", "n2"]


class TestMails:
    def test_a_newsletter_has_its_text_without_attachments(self, here: Path) -> None:
        """The plain part, or the HTML part where the plain one is a stub."""
        article = only(read(written("a.eml", mail(STORY))))
        assert article.id == "koksan-1@example.org"
        assert article.extra["provider"] == "desk@example.org"
        stub = mail(STORY).replace(STORY.paragraphs[0][:20].encode(), b"Open in a browser")
        assert "Open in a browser" in only(read(written("b.eml", stub))).text


@pytest.mark.usefixtures("one_process")
class TestExtras:
    @pytest.mark.parametrize(
        ("name", "module", "extra"),
        [
            ("html", "trafilatura", "html"), ("warc", "trafilatura", "html"),
            ("parquet", "pyarrow", "tables"), ("rss", "feedparser", "feeds"),
            ("nitf", "lxml", "xml"), ("docx", "lxml", "documents"), ("pdf", "pypdf", "documents"),
        ],
    )  # fmt: skip
    def test_a_missing_package_is_named_with_its_line(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
    ) -> None:
        """The file is a problem that says what to type; the others are read."""

        def missing(wanted: str, of: str) -> Any:
            raise ImportError(name=wanted)

        loaded = [name for name in sys.modules if name.partition(".")[0] == module]
        for loaded_name in loaded:
            monkeypatch.delitem(sys.modules, loaded_name)
        monkeypatch.setattr(extras, "import_module", lambda wanted: missing(wanted, ""))
        ending, make = FORMATS[name] if name in ("html", "warc", "rss", "nitf", "pdf") else (
            FORMATS[name][0], lambda _: {"docx": zipped({"word/document.xml": b"<a/>"}),
                                         "parquet": b"PAR1" + b"\0" * 100}[name],
        )  # fmt: skip
        written(f"a{ending}", make(STORY))
        written("b.txt", b"Guns.")
        reading = read(".")
        assert [article.id for article in reading] == ["b"]
        assert f"pip install 'dedup-news[{extra}]'" in reading.problems[0].what

    def test_strict_stops_at_a_missing_package_too(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is an error like any other."""
        monkeypatch.setattr(
            "dedup.readers.html.require", lambda *_: (_ for _ in ()).throw(MissingExtra("no"))
        )
        with pytest.raises(InputError, match="no"):
            list(read(written("a.html", html(STORY)), strict=True))


def test_problems_and_notes_are_told_apart(here: Path) -> None:
    """A note costs no article and never stops a strict reading."""
    reading = read(written("a.csv", table(STORY)), strict=True)
    assert len(list(reading)) == reading.count == 1
    assert reading.problems == []
    assert not any(isinstance(note, Problem) for note in reading.notes)
