# ruff: noqa: E501
"""Word, RTF and PDF: what a document shows, and nothing that it does not."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from exported import rtf
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Story, only, pdf, written, zipped

from dedup.article import Article
from dedup.readers import Problem, read
from dedup.readers.rtf import rtf_to_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def word(body: str, space: str = W, main: str = "word/document.xml") -> bytes:
    kind = space.rpartition("/wordprocessingml")[0].replace("schemas.openxmlformats.org", "x")
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{kind}/officeDocument" Target="{main}"/></Relationships>'
    )
    document = f'<w:document xmlns:w="{space}" xmlns:m="m"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": b"<Types/>", "_rels/.rels": relations.encode(),
                   main: document.encode()})  # fmt: skip


def run(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>"


class TestWord:
    def test_tracked_changes_are_read_as_accepted(self, here: Path) -> None:
        """What was inserted or moved here stands, what was deleted or moved away does not."""
        body = (
            f"<w:p>{run('Guns ')}<w:ins>{run('arrived ')}</w:ins><w:del><w:r><w:delText>left "
            f"</w:delText></w:r></w:del><w:moveFrom>{run('x')}</w:moveFrom>"
            f"<w:moveTo>{run('in the south.')}</w:moveTo></w:p>"
        )
        assert only(read(written("a.docx", word(body)))).text == "Guns arrived in the south."

    def test_controls_links_and_boxes_are_read_once(self, here: Path) -> None:
        """A text box has a second form for old programs."""
        box = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
        body = (
            f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent><w:p>{run('Controlled.')}</w:p>"
            f"</w:sdtContent></w:sdt><w:p><w:hyperlink>{run('Linked')}</w:hyperlink><w:sdt><w:sdtContent>"
            f"{run(' and inline.')}</w:sdtContent></w:sdt></w:p><w:p><w:r><AlternateContent><Choice>{box}"
            f"</Choice><Fallback>{box}</Fallback></AlternateContent></w:r>{run('Around.')}</w:p>"
        )
        text = only(read(written("a.docx", word(body)))).text
        assert text == "Controlled.\n\nLinked and inline.\n\nIn a box.\n\nAround."

    def test_the_strict_form_is_read(self, here: Path) -> None:
        """ISO 29500 strict has other names for everything, and any part may be the main one."""
        data = word(f"<w:p>{run('Guns.')}</w:p>", STRICT, "texts/main.part")
        assert only(read(written("a.docx", data))).text == "Guns."

    def test_breaks_tabs_and_tables_keep_their_places(self, here: Path) -> None:
        """A row is a line, and stops of tabs are no tabs."""
        cell = "<w:tc><w:p>{}</w:p></w:tc>".format
        body = (
            f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{run('a')}<w:r><w:tab/><w:t>b</w:t><w:br/>"
            f"<w:noBreakHyphen/></w:r></w:p><w:tbl><w:tr>{cell(run('x'))}{cell('')}{cell(run('y'))}"
            "</w:tr></w:tbl>"
        )
        assert only(read(written("a.docx", word(body)))).text == "a\tb\n-\n\nx | y"

    def test_a_document_without_properties_has_none(self, here: Path) -> None:
        """No title, no date, and none of the template's."""
        article = only(read(written("a.docx", word(f"<w:p>{run('Guns.')}</w:p>"))))
        assert (article.title, article.published, article.byline) == (None, None, None)
        document = docx.Document()
        document.add_paragraph("Guns.")
        made = io.BytesIO()
        document.save(made)
        article = only(read(written("b.docx", made.getvalue())))
        assert (article.title, article.published, article.byline) == (None, None, None)

    def test_a_grid_of_a_billion_columns_is_a_row(self, here: Path) -> None:
        """What a cell spans is not counted out."""
        span = '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>'
        body = f"<w:tbl><w:tr><w:tc>{span}<w:p>{run('x')}</w:p></w:tc></w:tr></w:tbl>"
        assert only(read(written("a.docx", word(body)))).text == "x"

    def test_a_damaged_part_is_a_problem(self, here: Path) -> None:
        """With its name."""
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as package:
            package.writestr("[Content_Types].xml", b"<Types/>")
        reading = read(written("a.docx", whole.getvalue()))
        assert list(reading) == []
        assert "word/document.xml" in reading.problems[0].what


class TestRichText:
    def test_a_draft_is_one_article(self, here: Path) -> None:
        """With its title and author; its date only implies one."""
        data = (
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Guns \u8211? south}{\author Ann}"
            r"{\creatim\yr2024\mo3\dy5\hr10\min0}}\f0 Z\'fcrich: guns.\par\pard{\*\x y}More.\line x\par}"
        )
        article = only(read(written("a.rtf", data.encode())))
        assert article.text == "Zürich: guns.\n\nMore.\nx"
        assert (article.title, article.byline) == ("Guns – south", "Ann")
        assert (str(article.published), article.extra["dated"]) == ("2024-03-05", "implied")

    @given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1))
    def test_paragraphs_come_back(self, paragraphs: list[str]) -> None:
        """Whatever their characters are, beyond the first plane too."""
        coded = ["".join(chr(n) for n in utf16(p)) for p in paragraphs]
        assert rtf_to_text(rtf(coded).decode()) == "\n\n".join(paragraphs)

    def test_fonts_have_encodings(self) -> None:
        """Old programs write Cyrillic as bytes of its own page."""
        source = (
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204{\*\fname Arial;}A;}}"
            r"\f1 \'cc\'ee\'f1\'ea\'e2\'e0\f0 , \'e9}"
        )
        assert rtf_to_text(source) == "Москва, é"

    @pytest.mark.parametrize(
        "part",
        ["{", "}", "{\\*", "\\'", "\\u1 ", '{\\field{\\*\\fldinst{HYPERLINK "a', "{\\title \\x"],
    )
    def test_hostile_documents_end(self, part: str) -> None:
        """In time that grows with their length."""
        assert isinstance(rtf_to_text("{\\rtf1 " + part * 100_000), str)


def utf16(text: str) -> list[int]:
    data = text.encode("utf-16-le")
    return [int.from_bytes(data[n : n + 2], "little") for n in range(0, len(data), 2)]


@pytest.mark.usefixtures("one_process")
def test_pages_that_are_not_read_are_reported(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is marked as a part, and a problem says of how much."""
    monkeypatch.setattr("dedup.readers.documents.MAX_PAGES", 2)
    reading = read(written("a.pdf", pdf(Story("a", "\n\n".join(f"Line {n}." for n in range(90))))))
    (article,) = reading
    assert article.extra["partial"] is True
    assert "only the first 2 of its 5 pages" in reading.problems[0].what


def test_a_pdf_that_is_cut_off_says_so(here: Path) -> None:
    """It has no end, or is not as long as it says; what can be read is an article."""
    whole = pdf(Story("a", "Guns moved to Crimea."))
    assert not read_all("a.pdf", whole)[1]
    articles, problems = read_all("b.pdf", whole.replace(b"%%EOF", b""))
    assert [article.extra["partial"] for article in articles] == [True]
    assert "cut off: it has no end" in problems[0].what
    linear = b"%PDF-1.7\n9 0 obj\n<< /Linearized 1 /L 99999999 >>\nendobj\n"
    _, problems = read_all("c.pdf", linear + whole)
    assert any("of 99,999,999 bytes" in problem.what for problem in problems)


def read_all(name: str, data: bytes) -> tuple[list[Article], list[Problem]]:
    """What is in a file, and what is wrong with it."""
    reading = read(written(name, data))
    return list(reading), reading.problems
