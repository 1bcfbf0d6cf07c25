# ruff: noqa: E501
"""XML of agencies and archives: what their items say, whatever the encoding that they declare."""

from datetime import date
from pathlib import Path

import pytest
from newsroom import Story, newsml_item, nitf, only, written

from dedup.readers import read
from dedup.readers.broken import broken_to_text
from dedup.readers.xml.wikitext import wikitext_to_text
from seeds import TEXTS

STORY = Story("koksan-1", list(TEXTS.values())[2])
GUNS, SHELLS = "Guns arrived in the south on Friday.", "Shells followed by train a day later."


def nitf_of(content: str, head: str = "", byline: str = "") -> str:
    return (
        f'<nitf baselang="en-US"><head><docdata>{head}</docdata></head><body><body.head>{byline}'
        f"</body.head><body.content>{content}</body.content></body></nitf>"
    )


class TestNitf:
    def test_a_lead_that_stands_twice_is_read_once(self, here: Path) -> None:
        """The New York Times corpus has it in a block of its own."""
        lead, text = f"<p>{GUNS}</p>", f"<p>{GUNS}</p><p>{SHELLS}</p>"
        blocks = (
            f'<block class="lead_paragraph">{lead}</block><block class="full_text">{text}</block>'
        )
        assert only(read(written("a.xml", nitf_of(blocks)))).text == f"{GUNS}\n\n{SHELLS}"

    @pytest.mark.parametrize(
        ("byline", "expected"),
        [
            ("<byline>By ANN WRITER<byttl>Business Writer</byttl></byline>", "ANN WRITER, Business Writer"),
            ("<byline>By <person>Ann Writer</person>, <byttl>Reporter</byttl></byline>", "Ann Writer, Reporter"),
            ("<byline><byttl>Staff</byttl></byline>", "Staff"),
            ('<byline class="print_byline">By Ann Writer</byline><byline>Writer, Ann</byline>', "Ann Writer"),
        ],
    )  # fmt: skip
    def test_the_parts_of_a_byline_are_parted(self, here: Path, byline: str, expected: str) -> None:
        """What somebody is stands behind a comma; of two bylines the printed one counts."""
        source = nitf_of(f"<p>{GUNS}</p>", byline=byline)
        assert only(read(written("a.xml", source))).byline == expected

    @pytest.mark.parametrize(
        ("head", "publisher"),
        [
            ('<doc.copyright holder="Example Press" year="2024"/>', "Example Press"),
            ('<del-list><from-src src-name="EXA" level-number="1"/></del-list>', "EXA"),
        ],
    )
    def test_who_published_it_is_said_in_several_places(
        self, here: Path, head: str, publisher: str
    ) -> None:
        """The holder of the rights, else the source; the language of the root."""
        article = only(read(written("a.xml", nitf_of(f"<p>{GUNS}</p>", head))))
        assert (article.publisher, article.language) == (publisher, "en-US")


class TestEncodings:
    @pytest.mark.parametrize(
        ("declared", "actual"),
        [
            ("iso-8859-1", "utf-8"), ("windows-1252", "utf-8"), ("us-ascii", "utf-8"),
            ("utf-8", "windows-1252"), ("iso-8859-1", "iso-8859-1"), ("iso-8859-2", "iso-8859-2"),
            ("utf-8", "utf-8"), ("utf-16", "utf-16"),
        ],
    )  # fmt: skip
    def test_the_bytes_say_which_encoding_it_is(
        self, here: Path, declared: str, actual: str
    ) -> None:
        """What is valid UTF-8 is that; what is not, is what it declares, or Windows'."""
        source = nitf_of("<p>Zürich: Fähre fährt wieder.</p>")
        source = f'<?xml version="1.0" encoding="{declared}"?>\n{source}'
        article = only(read(written("a.xml", source.encode(actual))))
        assert article.text == "Zürich: Fähre fährt wieder."


class TestNewsml:
    def test_a_text_called_plain_may_have_tags(self, here: Path) -> None:
        """And then an indented line begins a paragraph."""
        content = f"<inlineData contenttype='text/plain'><![CDATA[\n<p>\n{GUNS}\n   {SHELLS}\n</p>]]></inlineData>"
        source = newsml_item(STORY, content)
        assert only(read(written("a.xml", source))).text == f"{GUNS}\n\n{SHELLS}"

    def test_headers_and_footers_of_a_page_are_left_out(self, here: Path) -> None:
        """Agencies repeat keywords and headline there, and note their contacts."""
        page = (
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><header><h1>Guns</h1></header>'
            f"<section><p>{GUNS}</p></section><footer><p>Desk: +49 30</p></footer></body></html>"
        )
        content = f'<inlineXML contenttype="application/xhtml+xml">{page}</inlineXML>'
        assert only(read(written("a.xml", newsml_item(STORY, content)))).text == GUNS
        alone = f'<inlineXML><body xmlns="x"><header><p>{GUNS}</p></header></body></inlineXML>'
        assert only(read(written("b.xml", newsml_item(STORY, alone)))).text == GUNS

    def test_of_several_texts_the_longest_is_read(self, here: Path) -> None:
        """NewsML 1 puts captions and summaries beside the story."""
        parts = "".join(
            f"<NewsComponent><ContentItem><DataContent>{text}</DataContent></ContentItem></NewsComponent>"
            for text in (
                "Guns.",
                f"<p>{GUNS}</p><p>{SHELLS}</p>",
                "<media-caption>x</media-caption>",
            )
        )
        source = f"<NewsML><NewsItem><NewsComponent>{parts}</NewsComponent></NewsItem></NewsML>"
        assert only(read(written("a.xml", source))).text == f"{GUNS}\n\n{SHELLS}"

    def test_one_bad_item_costs_no_other(self, here: Path) -> None:
        """Its line is its place."""
        items = "".join(
            f"<NewsItem><DataContent>{text}</DataContent></NewsItem>\n" for text in ("", GUNS)
        )
        reading = read(written("a.xml", f"<NewsML>{items}</NewsML>"))
        assert [article.text for article in reading] == [GUNS]
        assert reading.problems[0].path == "a.xml:1"


def test_a_fragment_without_tags_has_its_paragraphs() -> None:
    """Blank lines part them, or indents behind the end of a sentence; tags win where there are any."""
    for source in (
        f"{GUNS}\n\n{SHELLS}",
        f"    {GUNS}\n    {SHELLS}",
        f"{GUNS}\r\n \r\n<b>{SHELLS}</b>",
    ):
        assert broken_to_text(source)[0] == f"{GUNS}\n\n{SHELLS}"
    assert (
        broken_to_text(f"<p>Guns\n\narrived</p><p>{SHELLS}</p>")[0] == f"Guns arrived\n\n{SHELLS}"
    )
    assert broken_to_text("Guns arrived\n    in the south.")[0] == "Guns arrived in the south."


class TestCorpora:
    def test_a_volume_of_reuters_is_read(self, here: Path) -> None:
        """One story a file, its fields elements of their own."""
        source = (
            '<?xml version="1.0" encoding="iso-8859-1" ?>\n<newsitem itemid="2286" date="1996-08-20" '
            'xml:lang="en"><title>EXAMPLE: Guns.</title><headline>Guns.</headline><byline>Ann Writer'
            f"</byline><text><p>{GUNS}</p><p>{SHELLS}</p></text><copyright>(c) A 1996</copyright></newsitem>"
        )
        article = only(read(written("2286newsML.xml", source)))
        assert (article.id, article.title, article.byline) == ("2286", "Guns.", "Ann Writer")
        assert (article.published, article.publisher) == (date(1996, 8, 20), "Reuters")
        assert article.text == f"{GUNS}\n\n{SHELLS}"

    def test_trafilatura_writes_xml_too(self, here: Path) -> None:
        """Attributes of the document are its fields; comments are left out."""
        source = (
            '<doc sitename="Example Daily" title="Guns" author="Ann Writer" date="2024-03-05" '
            'source="https://www.example.com/1" hostname="example.com">'
            f"<main><p>{GUNS}</p><p>{SHELLS}</p></main><comments><p>First!</p></comments></doc>"
        )
        article = only(read(written("a.xml", source)))
        assert (article.title, article.publisher, article.url) == (
            "Guns", "Example Daily", "https://www.example.com/1",
        )  # fmt: skip
        assert article.text == f"{GUNS}\n\n{SHELLS}"

    def test_a_dump_of_a_wiki_has_its_pages(self, here: Path) -> None:
        """The last version of each; no redirections, no pages about pages."""

        def page(title: str, space: int, *texts: str) -> str:
            versions = "".join(
                f"<revision><timestamp>2024-03-0{n}T10:00:00Z</timestamp><text>{text}</text></revision>"
                for n, text in enumerate(texts, 1)
            )
            return f"<page><title>{title}</title><ns>{space}</ns><id>{len(title)}</id>{versions}</page>"

        pages = page("Guns", 0, "Draft.", f"{{{{date|x}}}} {GUNS}") + page("Talk:Guns", 1, "No!")
        root = "http://www.mediawiki.org/xml/export-0.11/"
        source = f'<mediawiki xmlns="{root}"><siteinfo/>{pages}</mediawiki>'
        article = only(read(written("wikinews.xml", source)))
        assert (article.title, article.text, article.id) == ("Guns", GUNS, "4")
        assert str(article.published) == "2024-03-02 10:00:00+00:00"
        assert article.extra["dated"] == "implied"

    def test_a_page_of_a_wiki_has_the_name_of_its_site_and_its_own_date(self, here: Path) -> None:
        """Which a template shows; the date of the version is that of a change."""
        source = (
            '<mediawiki xml:lang="en"><siteinfo><sitename>Wikinews</sitename>'
            "<base>https://en.wikinews.org/wiki/Main_Page</base></siteinfo>"
            "<page><title>Guns arrive</title><ns>0</ns><id>1</id><revision>"
            "<timestamp>2024-05-01T10:00:00Z</timestamp>"
            f"<text>{{{{byline|date=March 5, 2024|location=Pier}}}} {GUNS}</text></revision></page></mediawiki>"
        )
        article = only(read(written("wikinews.xml", source)))
        assert (article.publisher, article.language) == ("Wikinews", "en")
        assert article.url == "https://en.wikinews.org/wiki/Guns_arrive"
        assert (str(article.published), article.extra["dated"]) == ("2024-03-05", "stated")

    def test_wikitext_becomes_text(self) -> None:
        """Links are their words; templates, pictures, tables, notes and sources are gone."""
        source = (
            "[[File:a.jpg|thumb|A [[gun]] on a train]]{{a|{{b}}|c}}'''Guns''' reached [[Crimea|the south]] "
            "[https://x.example by rail].<ref name=a>note</ref>\n{| class=x\n| cell\n|}\n\n"
            "== Shells ==\n* one\n* two\n\n== Sources ==\n* {{source|url=x}}"
        )
        assert (
            wikitext_to_text(source) == "Guns reached the south by rail.\n\nShells\n\n- one\n- two"
        )


def test_the_nesting_of_items_counts_the_outer_one(here: Path) -> None:
    """NITF in an item of NewsML is its content, not a second article."""
    assert len(list(read(written("a.xml", nitf(STORY))))) == 1
