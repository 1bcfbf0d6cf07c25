# ruff: noqa: E501
"""JSON of services and apps, corpora in SGML, mailboxes, saved pages, spreadsheets, the wire."""

import base64
import datetime
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from newsroom import URL, Story, fragment, har, html, mail, nitf, only, written

from dedup.readers import Note, read
from seeds import TEXTS

STORY = Story("koksan-1", list(TEXTS.values())[2])
GUNS, SHELLS = "Guns arrived in the south on Friday.", "Shells followed by train a day later."
BOTH = f"<p>{GUNS}</p><p>{SHELLS}</p>"
LINES = f"{GUNS}\n\n{SHELLS}"


RECORDS: dict[str, Any] = {
    "wordpress": [{
        "id": 101, "date": "2024-03-05T11:00:00", "date_gmt": "2024-03-05T10:00:00", "link": URL, "author": 3,
        "guid": {"rendered": "https://x.example/?p=101"}, "title": {"rendered": "Guns &#8211; south"},
        "content": {"rendered": BOTH, "protected": False}, "excerpt": {"rendered": "<p>x</p>"},
        "_embedded": {"author": [{"name": "Ann Writer"}]},
    }],
    "guardian": {"response": {"status": "ok", "results": [{
        "id": "world/1", "webTitle": "Guns – south", "webUrl": URL, "webPublicationDate": "2024-03-05T10:00:00Z",
        "fields": {"headline": "Guns – south", "byline": "Ann Writer", "body": BOTH, "trailText": "x"},
    }]}},
    "event registry": {"articles": {"page": 1, "results": [{
        "uri": "8001", "lang": "eng", "dateTime": "2024-03-05T10:00:00Z", "url": URL, "title": "Guns – south",
        "body": LINES, "source": {"uri": "example.com", "title": "Example Daily"},
        "authors": [{"name": "Ann Writer"}],
    }]}},
    "associated press": {"data": {"items": [{"item": {
        "uri": "https://api.example/1", "headline": "Guns – south", "versioncreated": "2024-03-05T10:00:00Z",
        "bylines": [{"by": "By Ann Writer"}], "body_nitf": f"<p>{GUNS}</p><p>{SHELLS}</p>", "type": "text",
    }, "meta": {}}]}},
    "elasticsearch": {"hits": {"total": 1, "hits": [{"_id": "1", "_source": {
        "title": "Guns – south", "author": "Ann Writer", "url": URL, "published": "2024-03-05T10:00:00Z", "text": LINES,
    }}]}},
    "news-please": {
        "title": "Guns – south", "maintext": LINES, "authors": ["Ann Writer"], "date_publish": "2024-03-05 10:00:00",
        "date_download": "2024-03-06 10:00:00", "url": URL, "source_domain": "example.com", "language": "en",
        "description": "x", "image_url": "x", "filename": "x", "localpath": None,
    },
    "fundus": {
        "title": "Guns – south", "authors": ["Ann Writer"], "publishing_date": "2024-03-05 10:00:00+00:00",
        "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [GUNS, SHELLS]}]},
        "topics": ["War"], "html": {"requested_url": URL, "source_info": {"publisher": "Example Daily"}},
    },
    "fundus, plain": {
        "title": "Guns – south", "authors": ["Ann Writer"], "publishing_date": "2024-03-05 10:00:00+00:00",
        "plaintext": LINES, "html": {"responded_url": URL, "source_info": {"publisher": "Example Daily"}},
    },
    "superdesk": {"_items": [{
        "guid": "urn:newsml:localhost:1", "type": "text", "versioncreated": "2024-03-05T10:00:00+0000",
        "headline": "Guns – south", "byline": "Ann Writer", "body_html": BOTH, "source": "EXA",
        "pubstatus": "usable",
    }]},
    "ninjs of 3 with nitf": {
        "uri": URL, "versionCreated": "2024-03-05T10:00:00Z", "by": "Ann Writer",
        "headlines": [{"role": "main", "value": "Guns – south"}],
        "bodies": [
            {"role": "text", "contentType": "text/plain", "value": LINES},
            {"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": (
                f"<nitf><body><body.head><hedline><hl1>Guns</hl1></hedline></body.head><body.content>{BOTH}"
                "<media><media-caption>A gun.</media-caption></media></body.content></body></nitf>")},
        ],
    },
}  # fmt: skip


class TestServices:
    @pytest.mark.parametrize("name", RECORDS)
    def test_records_of_services_are_read(self, here: Path, name: str) -> None:
        """Title, byline, day and both paragraphs, wherever they stand."""
        article = only(read(written("a.json", RECORDS[name])))
        assert (article.title, article.byline) == ("Guns – south", "Ann Writer")
        assert article.text == LINES
        assert str(article.published)[:16] == "2024-03-05 10:00"

    def test_the_new_york_times_gives_a_part(self, here: Path) -> None:
        """Its service has no more than the lead, and that is said."""
        record = {"web_url": URL, "headline": {"main": "Guns"}, "lead_paragraph": GUNS, "pub_date": "2024-03-05T10:00:00Z",
                  "byline": {"original": "By Ann Writer"}, "_id": "nyt://1", "source": "The New York Times"}  # fmt: skip
        article = only(read(written("a.json", {"response": {"docs": [record]}})))
        assert (article.text, article.extra["partial"]) == (GUNS, True)
        assert article.publisher == "The New York Times"

    @pytest.mark.parametrize("end", ["… [+2345 chars]", "[+17 chars]", "... [+9 chars]\n"])
    def test_a_text_that_was_cut_says_so(self, here: Path, end: str) -> None:
        """And is without the words that say it."""
        article = only(
            read(written("a.json", {"articles": [{"title": "a", "content": f"{GUNS}{end}"}]}))
        )
        assert (article.text, article.extra["partial"]) == (GUNS, True)

    def test_a_channel_is_its_messages(self, here: Path) -> None:
        """Their text comes in pieces, their publisher is the channel; who joined is no article."""
        channel = {
            "name": "Example News", "type": "public_channel", "id": 1,
            "messages": [
                {"id": 1, "type": "service", "date": "2024-03-05T09:00:00", "action": "create_channel"},
                {"id": 2, "type": "message", "date": "2024-03-05T10:00:00", "date_unixtime": "1709632800",
                 "text": ["Guns ", {"type": "bold", "text": "arrived"}, "."], "text_entities": [{"type": "plain"}]},
            ],
        }  # fmt: skip
        article = only(read(written("result.json", channel)))
        assert (article.id, article.text, article.publisher) == (
            "2",
            "Guns arrived.",
            "Example News",
        )
        assert str(article.published) == "2024-03-05 10:00:00+00:00"
        older = {
            "id": 3, "type": "message", "date": "2024-03-05T11:00:00", "from_id": "channel1",
            "text": [f"{GUNS}\n\nMore ", {"type": "link", "text": "there"}, "."],
        }  # fmt: skip
        channel["messages"] = [older, {**older, "id": 4, "text": "", "photo": "a.jpg"}]
        assert only(read(written("result.json", channel))).text == f"{GUNS}\n\nMore there."

    def test_the_authors_of_a_blog_have_names(self, here: Path) -> None:
        """An export of WordPress gives them once, and at each post the name to log in with."""
        item = "<item><title>Guns</title><dc:creator>ann</dc:creator><content:encoded>{}</content:encoded></item>"
        source = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
            "<channel><title>A</title><wp:author><wp:author_login><![CDATA[ann]]></wp:author_login>"
            "<wp:author_display_name><![CDATA[Ann Writer]]></wp:author_display_name></wp:author>"
            f"{item.format(GUNS)}</channel></rss>"
        )
        assert only(read(written("a.xml", source))).byline == "Ann Writer"

    @pytest.mark.parametrize(
        ("given", "byline"),
        [
            ("By Ann Writer", "Ann Writer"), ("BY: ANN WRITER", "ANN WRITER"),
            ("Par Ann Writer", "Ann Writer"), ("Von Ann Writer", "Ann Writer"),
            ("Luigi Di Maio", "Luigi Di Maio"), ("Di Maio", "Di Maio"), ("Byron Bay", "Byron Bay"),
            ("von der Leyen", "von der Leyen"), ("By", "By"),
        ],
    )  # fmt: skip
    def test_a_byline_has_names_and_no_word_before_them(
        self, here: Path, given: str, byline: str
    ) -> None:
        """The word "by" and its like are no part of a name, and parts of names are none of them."""
        assert only(read(written("a.json", {"text": GUNS, "byline": given}))).byline == byline

    def test_a_record_of_nobodys_is_left_as_it_is(self, here: Path) -> None:
        """Fields keep their names, and a caller's choice wins."""
        path = written("a.json", {"text": GUNS, "source": "A", "content": {"rendered": "x"}})
        assert only(read(path)).extra["content"] == {"rendered": "x"}
        assert only(read(path, fields={"text": "content.rendered"})).text == "x"


class TestCorpora:
    def test_gigaword_has_agency_and_day_in_its_ids(self, here: Path) -> None:
        """Of a DOC the id is an attribute."""
        stories = "".join(
            f'<DOC id="AFP_ENG_19940512.000{n}" type="story" >\n<HEADLINE>\nGuns &amp; shells\n</HEADLINE>\n'
            f"<DATELINE>\nPARIS, May 12 (AFP)\n</DATELINE>\n<TEXT>\n{BOTH}\n</TEXT>\n</DOC>\n"
            for n in (1, 2)
        )
        for path in (written("afp_eng_199405", stories), written("a.sgm", stories)):
            first, second = read(path)
            assert (first.id, second.id) == ("AFP_ENG_19940512.0001", "AFP_ENG_19940512.0002")
            assert (first.title, first.publisher) == ("Guns & shells", "Agence France-Presse")
            assert first.published == datetime.date(1994, 5, 12)
            assert first.text == LINES

    def test_trec_has_them_as_elements(self, here: Path) -> None:
        """An indented line begins a paragraph."""
        story = f"<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n<HEAD>Guns</HEAD>\n<TEXT>\n   {GUNS}\n   {SHELLS}\n</TEXT>\n</DOC>\n"
        article = only(read(written("ap880212", story)))
        assert (article.id, article.title, article.text) == ("AP880212-0001", "Guns", LINES)

    def test_reuters_of_1987_are_read(self, here: Path) -> None:
        """Without the word that ends each, and the controls around it."""
        story = (
            '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="7"><DATE>26-FEB-1987 15:01:01.79</DATE>\n'
            f"<TEXT>&#2;<TITLE>GUNS</TITLE><BODY>{GUNS[:20]}\n{GUNS[20:]}\n    {SHELLS}\n Reuter\n&#3;</BODY></TEXT></REUTERS>\n"
        )
        article = only(read(written("reut2-000.sgm", story)))
        assert (article.id, article.title, article.publisher) == ("7", "GUNS", "Reuters")
        assert article.text == LINES.replace(GUNS, f"{GUNS[:20]} {GUNS[20:]}".replace("  ", " "))
        assert str(article.published) == "1987-02-26 15:01:01"


class TestMailboxes:
    def test_a_mailbox_is_its_mails(self, here: Path) -> None:
        """Each costs only itself; a line that begins with From is quoted."""
        quoted = mail(Story("1", f"{GUNS}\n\nx")).replace(b"\n\nx", b"\n\n>From the south.")
        whole = b"".join(
            b"From desk@example.org Fri Mar 28 14:05:00 2025\n" + one + b"\n\n"
            for one in (quoted, b"Subject: empty\n\n", mail(Story("2", SHELLS)))
        )
        for path in (written("a.mbox", whole), written("dump", whole)):
            reading = read(path)
            texts = [article.text for article in reading]
            assert texts == [f"{GUNS}\n\nFrom the south.", SHELLS]
            assert [problem.path for problem in reading.problems] == [f"{path}:2"]

    def test_long_headers_take_no_time(self, here: Path) -> None:
        """The standard library takes the square of their length, in memory as well."""
        for header in (
            "From: " + "=?utf-8?q?a?= " * 20_000,
            "Content-Type: text/plain; " + "a=b; " * 40_000,
        ):
            source = f"{header}\nSubject: s\nDate: Mon, 1 Jan 2024 00:00:00 +0000\n\n{GUNS}"
            assert only(read(written("a.eml", source))).text == GUNS

    def test_a_mail_that_is_cut_off_says_so(self, here: Path) -> None:
        """The line that ends its last part is missing; what stands there is read."""
        data = (
            b"Subject: Guns\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\nGuns moved to Crimea.\r\n"
        )
        reading = read(written("a.eml", data))
        assert [article.extra["partial"] for article in reading] == [True]
        assert "cut off" in reading.problems[0].what
        whole = read(written("b.eml", data + b"--b--\r\n"))
        assert [article.extra.get("partial") for article in whole] == [None]
        assert whole.problems == []

    @pytest.mark.usefixtures("one_process")
    def test_parts_that_are_not_read_are_reported(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The text is marked as a part."""
        monkeypatch.setattr("dedup.readers.mail.MAX_PARTS", 3)
        reading = read(written("a.eml", mail(STORY)))
        assert [article.extra["partial"] for article in reading] == [True]
        assert "only the first 3 parts" in reading.problems[0].what

    def test_an_address_that_the_library_fails_on_is_taken_as_it_stands(self, here: Path) -> None:
        """Groups where a mailbox belongs make it raise."""
        article = only(
            read(written("a.eml", f"From: a:b:c@d;,;\nMIME-Version: 1.0\nSubject: s\n\n{GUNS}"))
        )
        assert (article.text, article.title) == (GUNS, "s")


class TestSavedPages:
    def test_the_address_of_a_saved_page_is_its_own(self, here: Path) -> None:
        """SingleFile notes it in a comment; pictures in the page do not count."""
        picture = base64.b64encode(bytes(range(256)) * 50_000).decode()
        note = (
            f"<!--\n Page saved with SingleFile \n url: {URL}/1 \n saved date: Wed Mar 06 2024\n-->"
        )
        page = html(Story("a", STORY.text, url="")).decode()
        page = page.replace(
            "<head>",
            f"{note}<head><style>a{{background:url(data:image/png;base64,{picture})}}</style>",
        )
        assert len(page) > 10_000_000
        assert only(read(written("a.html", page))).url == f"{URL}/1"

    def test_a_log_tells_what_it_leaves_out(self, here: Path) -> None:
        """Pictures are counted, pages without content named."""
        log = json.loads(har(STORY))
        first = log["log"]["entries"][0]
        coded = json.loads(json.dumps(first))
        coded["request"]["url"] = f"{URL}/2"
        coded["response"]["content"] |= {
            "text": base64.b64encode(html(STORY)).decode(),
            "encoding": "base64",
        }
        empty = {
            "request": {"url": f"{URL}/3"},
            "response": {"status": 200, "content": {"mimeType": "text/html"}},
        }
        log["log"]["entries"] += [coded, empty, {"request": None}]
        reading = read(written("a.har", log))
        assert [article.id for article in reading] == [URL, f"{URL}/2"]
        assert [f"{URL}/3" in problem.what for problem in reading.problems] == [True, False]
        assert reading.notes == [Note("a.har", "skipped 1 entry without a page")]


class TestSpreadsheets:
    def test_every_sheet_with_texts_is_read(self, here: Path) -> None:
        """Dates are cells, and a sheet without texts is named."""
        book = openpyxl.Workbook()
        first = book.active
        first.title = "March"
        first.append(["Headline", "Date", "Text", None])
        first.append(["Guns", datetime.datetime(2024, 3, 5, 10, 0), GUNS, None])
        first.append([None, None, None, None])
        first.append(["Shells", datetime.date(2024, 3, 6), SHELLS, "x"])
        book.create_sheet("Codes").append(["a", "b"])
        book["Codes"].append([1, 2])
        made = io.BytesIO()
        book.save(made)
        reading = read(written("a.xlsx", made.getvalue()))
        articles = list(reading)
        assert [(a.title, a.text, str(a.published)) for a in articles] == [
            ("Guns", GUNS, "2024-03-05 10:00:00"), ("Shells", SHELLS, "2024-03-06"),
        ]  # fmt: skip
        assert [a.extra["row"] for a in articles] == [2, 4]
        assert "'Codes'" in reading.problems[0].what

    def test_a_sheet_is_read_as_a_table_of_text_is(self, here: Path) -> None:
        """Its dates show the order of day and month, and its first row may be an article."""
        book = openpyxl.Workbook()
        book.active.append(["headline", "date", "text"])
        book.active.append(["Guns", "3/4/2024", GUNS])
        book.active.append(["Shells", "25/4/2024", SHELLS])
        bare = book.create_sheet("bare")
        bare.append(["Two reports on guns", "4/25/2024", GUNS * 4])
        bare.append(["A report on shells", "3/4/2024", SHELLS * 4])
        book.save("a.xlsx")
        reading = read("a.xlsx")
        assert [(a.title, str(a.published)) for a in reading] == [
            ("Guns", "2024-04-03"), ("Shells", "2024-04-25"),
            ("Two reports on guns", "2024-04-25"), ("A report on shells", "2024-03-04"),
        ]  # fmt: skip
        assert reading.problems == []
        assert any("with the day first" in note.what for note in reading.notes)
        reading = read("a.xlsx", date_order="month")
        assert str(next(reading).published) == "2024-03-04"

    def test_an_encrypted_part_is_named(self, here: Path) -> None:
        """As the archive says of it, truly or not."""
        made = io.BytesIO()
        openpyxl.Workbook().save(made)
        data = bytearray(made.getvalue())
        data[data.rindex(b"[Content_Types].xml") - 46 + 8] |= 1  # in the list at the end
        reading = read(written("a.xlsx", bytes(data)))
        assert list(reading) == []
        assert "encrypted" in reading.problems[0].what
        assert "failed here" not in reading.problems[0].what

    def test_a_file_that_is_none_is_named(self, here: Path) -> None:
        """Whatever its name says."""
        reading = read([written("a.xlsx", b"PK\x03\x04 broken"), written("b.xlsx", "text")])
        assert list(reading) == []
        assert all("spreadsheet" in p.what or ".xlsx" in p.what for p in reading.problems)


class TestWire:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("iptc", f"\x16\x16\x01dpa0001 3 pl 120  War/ \r\n\x02Guns in the south =\r\n   By Ann Writer =\r\n   {GUNS}\r\n"
                     f"   {SHELLS[:20]}\r\n{SHELLS[20:]}\r\n\x03051030 mar 24\x04"),
            ("anpa", f"\x16\x16\x01a0001\x1fr i\x12AM-Guns\x13 03-05\x02^Guns in the south =^\r\n^By Ann Writer^\r\n"
                     f"\t{GUNS}<\r\n\t{SHELLS}<\r\n\x0303-05-24 1030EST\x04"),
        ],
    )  # fmt: skip
    def test_messages_of_the_wire_are_read(self, here: Path, name: str, data: str) -> None:
        """Headline, byline, paragraphs and the moment of sending; any number in a file."""
        reading = read(written("a.txt", data.replace(" =", "") * 2))
        first, second = reading
        assert (first.title, first.byline) == ("Guns in the south", "Ann Writer")
        assert first.text == second.text
        assert first.text.split() == LINES.split() or "".join(first.text.split()) == "".join(
            LINES.split()
        )
        assert str(first.published)[:16] == "2024-03-05 10:30"
        assert not reading.problems

    def test_a_text_with_a_stray_control_is_a_text(self, here: Path) -> None:
        """A message has a beginning and a text in it."""
        text = f"\x02{STORY.text}\x03"
        assert only(read(written("a.txt", text))).text == text


def test_a_fragment_in_a_record_is_read_by_its_paragraphs(here: Path) -> None:
    """As a feed's content is; NITF as its body."""
    for body in (fragment(STORY), nitf(STORY).decode()):
        record = {
            "uri": "urn:1",
            "versioncreated": "2024-03-05T10:00:00Z",
            "body_nitf": body,
            "headline": "a",
        }
        text = only(read(written("a.json", record))).text
        assert text.split() == " ".join(STORY.paragraphs).split()
