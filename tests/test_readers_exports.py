# ruff: noqa: E501
"""Exports of archives: each story with what the archive says of it, or a refusal by name."""

from datetime import date
from pathlib import Path

import pytest
from exported import (
    BOTH,
    CLOCKS,
    EXPORTS,
    FERRY,
    Exported,
    factiva_lines,
    lexisnexis,
    nexis_uni,
    proquest,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import Story, html, pdf, written

from dedup.pipeline import compare
from dedup.readers import Reading, read
from dedup.readers.exports import find_export
from seeds import TEXTS


def day_of(reading_date: object) -> date:
    assert isinstance(reading_date, date)
    return date(reading_date.year, reading_date.month, reading_date.day)


class TestStories:
    @pytest.mark.parametrize("name", EXPORTS)
    def test_an_export_has_its_stories(self, here: Path, name: str) -> None:
        """Headline, byline, publication and date of each are the story's, and so is its text."""
        file, make = EXPORTS[name]
        reading = read(written(file, make()))
        articles = list(reading)
        assert [article.title for article in articles] == [s.title for s in BOTH]
        assert reading.problems == []
        for article, story in zip(articles, BOTH, strict=True):
            assert article.byline == story.byline
            assert article.publisher == story.publisher
            assert day_of(article.published) == date(2024, 3, story.day)
            assert article.text.split() == " ".join(story.paragraphs).split()
            assert article.text.count("\n\n") == len(story.paragraphs) - 1
            assert "Copyright" not in str(article.title)

    @pytest.mark.parametrize("name", [n for n in EXPORTS if n != "europresse"])
    def test_the_language_is_a_code(self, here: Path, name: str) -> None:
        """Archives call it by its name, in the language of their pages."""
        file, make = EXPORTS[name]
        assert {article.language for article in read(written(file, make()))} == {"en"}

    @pytest.mark.parametrize("name", EXPORTS)
    def test_one_story_is_an_export_too(self, here: Path, name: str) -> None:
        """With one document the marks are the same."""
        file, make = EXPORTS[name]
        reading = read(written(file, make((FERRY,))))
        assert [(a.title, a.byline) for a in reading] == [(FERRY.title, FERRY.byline)]
        assert not reading.problems

    def test_the_seeds_in_every_export_are_one_cluster(self, here: Path) -> None:
        """The five seeds come out of each archive as they come out of text files."""
        stories = tuple(
            Exported(f"Guns {n}", "Anna Schmidt", "Example News", 5, f"EXDLY00020240305ek35000{n}a",
                     tuple(" ".join(p.split()) for p in text.split("\n\n") if p.strip()))
            for n, text in enumerate(TEXTS.values())
        )  # fmt: skip
        for name in (
            "lexisnexis txt",
            "nexis uni docx",
            "factiva codes",
            "proquest txt",
            "europresse",
        ):
            file, make = EXPORTS[name]
            result = compare(read(written(file, make(stories))))
            by_title = {article.id: article.title for article in result.articles}
            clusters = [{by_title[m] for m in c.members} for c in result.clusters]
            assert clusters == [{"Guns 0", "Guns 1", "Guns 2"}], name

    @pytest.mark.parametrize("name", ["guardian", "süddeutsche", "figaro"])
    def test_pages_in_other_languages_have_their_own_labels(self, here: Path, name: str) -> None:
        """And editions between date and headline, teasers before the text, rights behind it."""
        date_line, labels, closing = {
            "guardian": (
                "March 5, 2024 Tuesday 9:08 PM BST\nLate Edition - Final",
                "BYLINE: By Ann Writer\n\nLENGTH: 1,561 words\n\nABSTRACT\n\nShort.\n\nFULL TEXT",
                "URL: http://www.example.co.uk\n\nJOURNAL-CODE: WEB\n\nCopyright 2024 Guardian\nAll Rights Reserved",
            ),
            "süddeutsche": (
                "Dienstag 5. März 2024\n\nBayern Ausgabe",
                "AUTOR: Ann Writer\n\nRUBRIK: POLITIK; S. 5\n\nLÄNGE: 1561 Wörter\n\nHIGHLIGHT: Kurz.",
                "UPDATE: 6. März 2024\n\nSPRACHE: GERMAN; DEUTSCH\n\nCopyright 2024\nAlle Rechte vorbehalten",
            ),
            "figaro": (
                "mardi 5 mars 2024",
                "AUTEUR: Ann Writer\n\nRUBRIQUE: FRANCE\n\nLONGUEUR: 1561 mots\n\nENCART: Bref.",
                "DATE-CHARGEMENT: 6 mars 2024\n\nLANGUE: FRENCH; FRANCAIS\n\nCopyright 2024",
            ),
        }[name]  # fmt: skip
        text = "\n\n".join(FERRY.paragraphs)
        mark = {
            "guardian": "1 of 1 DOCUMENTS",
            "süddeutsche": "Dokument 1 von 1",
            "figaro": "Document 1 de 1",
        }[name]
        source = f"\n   {mark}\n\n\n   Example Daily\n\n  {date_line}\n\nFerry terminal\napproved\n\n{labels}\n\n\n{text}\n\n{closing}"
        (article,) = read(written("a.txt", source))
        assert (article.title, article.byline) == (FERRY.title, "Ann Writer")
        assert (article.publisher, day_of(article.published)) == ("Example Daily", date(2024, 3, 5))
        assert article.text == text
        assert article.extra["length"] == "1561"

    def test_proquest_of_before_has_its_text_last(self, here: Path) -> None:
        """Its headline has a label, its names are turned around."""
        parts = "".join(
            f"{'_' * 60}\n\nDocument {n} of 2\n\nTitle: {s.title}\n\nAuthor: {s.byline.split()[1]}, "
            f"{s.byline.split()[0]}\n\nPublication title: {s.publisher}\n\nPublication date: Mar {s.day}, 2024"
            f"\n\nProQuest document ID: {n}\n\nFull text: "
            + "\n\n".join((*s.paragraphs, "More: a line."))
            + "\n\n"
            for n, s in enumerate(BOTH, 1)
        )
        articles = list(read(written("a.txt", parts)))
        assert [(a.title, a.byline) for a in articles] == [(s.title, s.byline) for s in BOTH]
        assert articles[0].text == "\n\n".join((*FERRY.paragraphs, "More: a line."))

    def test_a_name_below_a_headline_is_a_byline(self, here: Path) -> None:
        """Factiva writes it without a word before it."""
        text = (
            "\n".join(factiva_lines())
            .replace("By Ann Writer", "Ann Writer")
            .replace("By Bo Scribe\n", "")
        )
        assert [(a.title, a.byline) for a in read(written("a.txt", text))] == [
            (FERRY.title, "Ann Writer"), (CLOCKS.title, None),
        ]  # fmt: skip

    def test_hours_are_kept(self, here: Path) -> None:
        """Factiva and Nexis Uni know them."""
        (first, _) = read(written("a.txt", "\n".join(factiva_lines())))
        assert str(first.published) == "2024-03-05 14:05:00"
        (first, _) = read(written("b.txt", "\n".join(nexis_uni())))
        assert str(first.published) == "2024-03-05 10:15:00-05:00"


class TestRefusals:
    def test_a_story_that_is_not_understood_is_named(self, here: Path) -> None:
        """The others are read; its number is its place."""
        text = proquest().replace("Full text: ", "Pages: 1. ", 1)
        reading = read(written("a.txt", text))
        assert [article.title for article in reading] == [CLOCKS.title]
        assert reading.problems[0].path == "a.txt:1"
        assert "ProQuest" in reading.problems[0].what

    def test_an_export_without_a_story_is_no_article(self, here: Path) -> None:
        """A list of headlines has the marks of an archive and no text."""
        lines = [
            line for line in nexis_uni() if line not in (*FERRY.paragraphs, *CLOCKS.paragraphs)
        ]
        reading = read(written("a.txt", "\n".join(lines)))
        assert list(reading) == []
        assert "LexisNexis" in reading.problems[0].what

    def test_an_export_of_europresse_as_text_is_refused_by_name(self, here: Path) -> None:
        """Nothing in it shows where a story begins."""
        text = f"{FERRY.paragraphs[0]}\n\n© 2024 Le Quotidien. Conditions générales d'utilisation CEDROM-SNi.\n"
        reading = read(written("a.txt", text * 2))
        assert list(reading) == []
        assert "Europresse" in reading.problems[0].what

    def test_fewer_documents_than_announced_are_told(self, here: Path) -> None:
        """The cover page says how many there are."""
        text = "\n".join(nexis_uni()).replace("Documents (2)", "Documents (83)")
        reading = read(written("a.txt", text))
        assert len(list(reading)) == 2
        assert "announces 83 documents" in reading.problems[0].what

    def test_an_export_as_pdf_is_refused_by_name(self, here: Path) -> None:
        """Lines of a printed page do not show where paragraphs end."""
        text = "\n\n".join(nexis_uni())
        reading: Reading = read(written("a.pdf", pdf(Story("a", text))))
        assert list(reading) == []
        assert "LexisNexis as PDF" in reading.problems[0].what

    @pytest.mark.parametrize(
        "text",
        [
            "The clerk read item 3 of 12 documents.\n\nLength: nobody knew.",
            "He wrote End of Document under the letter.\nSection: four.",
            "1 of 2 DOCUMENTS was found, said the police.",
            "Document 1 of 2 was sealed.\nFull text: the judge read it to the court.",
            f"{'_' * 60}\nMinutes of the council\nPages: 4\n",
        ],
    )
    def test_an_article_that_speaks_of_documents_is_one_article(
        self, here: Path, text: str
    ) -> None:
        """Only lines that are nothing but a mark are marks."""
        assert find_export(text) is None
        assert [article.text for article in read(written("a.txt", text))] == [text]

    def test_a_page_that_names_an_archive_is_a_page(self, here: Path) -> None:
        """A word in it makes no export."""
        page = html(
            Story("a", f"{list(TEXTS.values())[2]}\n\nProQuest and Document 1 of 2 DOCUMENTS")
        )
        assert [article.id for article in read(written("a.html", page))] == ["a"]

    def test_an_export_may_be_larger_than_an_article(self, here: Path) -> None:
        """Ten megabytes are the limit of one story, not of an export."""
        big = Exported(
            "Ferry", "Ann Writer", "Example Daily", 5, FERRY.number, ("Long. " * 60_000,)
        )
        text = lexisnexis((big,) * 30)
        assert len(text) > 10_000_000
        reading = read(written("a.txt", text))
        assert len(list(reading)) == 30
        assert not reading.problems


PLAIN = [name for name in EXPORTS if "docx" not in name and "cover" not in name]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(PLAIN), st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=9))
def test_a_damaged_export_is_read_or_named(
    tmp_path: Path, name: str, at: int, gone: int, put: bytes
) -> None:
    """No fault of a reader, whatever stands in the file."""
    file, make = EXPORTS[name]
    data = make()
    at = at % len(data)
    path = tmp_path / file
    path.write_bytes(data[:at] + put + data[at + gone :])
    reading = read(path)
    list(reading)
    assert not [problem for problem in reading.problems if "failed here" in problem.what]
