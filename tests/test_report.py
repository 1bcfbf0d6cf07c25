"""Reports are made here of a hand-built result over the real seed articles.

Its spans are found in the texts, so that every offset in a report can be checked.
"""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import dedup
from dedup.align import Alignment, BlockPair, Drift, Kind, Passage, Run
from dedup.article import Article, Span
from dedup.attribution import Attribution
from dedup.derive import Derivation, Evidence, Mark
from dedup.derive.credited import Credit
from dedup.phrasing import characters, percent, sanitise, shorten
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.readers import Problem
from dedup.relate import Relation
from dedup.report import render, render_alignment
from dedup.report.terminal.passages import bar
from seeds import SEEDS

SCHEMA = json.loads((files("dedup") / "data" / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def seed(number: str, **known: Any) -> Article:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    text = path.read_bytes().decode()
    return Article(number, text, extra={"path": f"seeds/{path.name}"}, **known)


def span(article: Article, words: str) -> Span:
    begin = article.text.index(words)
    return Span(begin, begin + len(words))


def passage(
    kind: Kind, article: Article, words: str, sources: tuple[Span, ...] = (), **more: Any
) -> Passage:
    at = span(article, words)
    score = 0.91 if sources else 0.05
    known = {"parts": (at,), "score": score, "runs": (), "drift": (), **more}
    return Passage(kind=kind, begin=at.begin, end=at.end, sources=sources, **known)


def phrase(article: Article, words: str, name: str, outlet: str, **more: Any) -> Attribution:
    at = span(article, words)
    known = {"kind": "outlet", "role": "origin", "form": "report", **more}
    return Attribution(at.begin, at.end, name, outlet, **known)


PORTUGUESE = seed("000")
POLISH = seed("001")
MOSCOW = seed("002", publisher="The Moscow Times", published="2025-03-28")
CALIBER = seed("003", publisher="Caliber.Az")
SEOUL = seed("004")

DESTROYED = span(MOSCOW, "Ukrainian forces managed to destroy five of them with drones.")
SUPPLIED = span(MOSCOW, "believed to have supplied up to 200 of the systems to Russia")
RANGE = (
    span(MOSCOW, "170-millimeter Koksan guns — are among the longest-"),
    span(MOSCOW, "range conventional field artillery pieces in the world"),
)
HAS_SUPPLIED = span(POLISH, "has supplied")
MANAGED_HERE = span(POLISH, "Ukrainian forces managed to destroy five")
MANAGED_THERE = span(MOSCOW, "Ukrainian forces managed to destroy five")

ABRIDGED = Alignment(
    source="002",
    derivative="001",
    passages=(
        passage("furniture", POLISH, "Images source: © Getty Images | Contributor", score=0.0),
        passage("added", POLISH, "What do you need to know?"),
        passage(
            "paraphrased",
            POLISH,
            "Previously, in the Kursk region, Ukrainian forces managed to destroy five such guns "
            "using drones, but Pyongyang has supplied Russia with as many as 200 of these systems.",
            (DESTROYED, SUPPLIED),
            runs=(
                Run(
                    MANAGED_HERE.begin, MANAGED_HERE.end, MANAGED_THERE.begin, MANAGED_THERE.end
                ),
            ),
            drift=(Drift("hedge", "“is believed to have” is gone", HAS_SUPPLIED, SUPPLIED),),
        ),
    ),
    dropped=(span(MOSCOW, "Related article: North Korea Sent More Troops"),),
    blocks=(BlockPair(1655, 1835, DESTROYED.begin, SUPPLIED.end),),
    shares={"paraphrased": 0.87654321, "added": 0.12345679},
)  # fmt: skip

REWRITTEN = Alignment(
    source="002",
    derivative="000",
    passages=(
        passage(
            "paraphrased",
            PORTUGUESE,
            "These 170mm guns are considered the most powerful in the world in terms of range",
            RANGE,
        ),
    ),
    dropped=(),
    blocks=(),
    shares={"paraphrased": 0.93, "added": 0.07},
)

CREDIT = span(MOSCOW, "the German broadcaster ZDF reported Friday")
ABRIDGES = Relation("001", "002", "rewrite", 0.94, 0.077, (0.2, 0.1), 0.5, 0.45, (0.8, 0.6))
REWRITES = Relation("000", "002", "rewrite", 0.91, 0.044, (0.1, 0.2), 0.39, 0.5, (0.9, 0.9))
CLUSTER = Cluster(
    id="c1",
    members=("002", "000", "001"),
    relations=(REWRITES, ABRIDGES),
    derivations=(
        Derivation("external:ZDF", "002", "attributed", 0.98, "certain", 0.99, (
            Evidence("credit", "Credits the source", 3.2,
                     "the German broadcaster ZDF reported Friday",
                     (Mark("002", CREDIT.begin, CREDIT.end),)),
        )),
        Derivation("external:ZDF", "001", "attributed-via", 0.99, "certain", 0.99, (
            Evidence("credit", "Credits the source", 2.9, "via ZDF"),
        )),
        Derivation("002", "001", "derived", 0.95, "certain", 0.99, (
            Evidence("length", "Length", -0.4, "shorter than its source"),
            Evidence("credit", "Credits the source", 2.8, 'reports the "Moscow Times"'),
        )),
        Derivation("002", "000", "derived", 0.56, "unknown", 0.56, (
            Evidence("corroborated", "Confirmed content", 0.3,
                     "its facts stand in other members too"),
        )),
    ),
    alignments=(REWRITTEN, ABRIDGED),
    weakest_link=REWRITES,
)  # fmt: skip

CITING = "Caliber.Az reports, citing foreign media"
FOREIGN = phrase(CALIBER, CITING, "foreign media", "(unnamed media)")
MINISTRY = phrase(
    SEOUL, "South Korea’s Defence Ministry", "South Korea", "South Korea", kind="informant"
)
RESULT = Result(
    articles=(PORTUGUESE, POLISH, MOSCOW, CALIBER, SEOUL),
    clusters=(CLUSTER,),
    singletons=(Singleton("003", (FOREIGN,), ()), Singleton("004", (MINISTRY,), ())),
    related=(Related("002", "003", "same-event", 0.21, "2 of 19 sentences have a counterpart"),),
    attributions={"003": (FOREIGN,), "004": (MINISTRY,)},
    languages=dict.fromkeys(("000", "001", "002", "003", "004"), "en"),
    problems=(Problem("seeds/photo.jpg", "is no text; it was skipped"),),
    settings={"threshold": 0.5, "languages": ("en", "de")},
    counts={"articles": 5, "pairs": 10},
)


def result_of(*articles: Article, **known: Any) -> Result:
    empty: dict[str, Any] = {
        "clusters": (), "singletons": tuple(Singleton(a.id, (), ()) for a in articles),
        "related": (), "attributions": {}, "languages": {}, "problems": (), "settings": {},
        "counts": {},
    }  # fmt: skip
    return Result(articles=articles, **{**empty, **known})


def parsed(result: Result) -> Any:
    return json.loads(render(result, "json"))


class TestJson:
    def test_the_document_fits_its_schema(self) -> None:
        """Whatever the result holds, the schema in the package describes what is printed."""
        Draft202012Validator.check_schema(SCHEMA)
        VALIDATOR.validate(parsed(RESULT))
        VALIDATOR.validate(parsed(result_of()))

    def test_an_alignment_is_a_document_of_its_own(self) -> None:
        """`dedup align` prints the same object that a report has, under its own schema name."""
        document = json.loads(render_alignment(ABRIDGED, MOSCOW, POLISH, "json"))
        VALIDATOR.validate(document)
        assert document.pop("schema") == "dedup/alignment/1"
        assert document == parsed(RESULT)["clusters"][0]["alignments"][1]

    def test_a_derivation_says_whether_the_source_is_credited(self) -> None:
        """Where the derivative names it; for an outside source there is nothing to say."""
        credit = Credit("credited", "The Moscow Times", (Mark("001", 0, 10),), "", ("ZDF",))
        edges = (CLUSTER.derivations[0], replace(CLUSTER.derivations[2], credit=credit))
        document = parsed(replace(RESULT, clusters=(replace(CLUSTER, derivations=edges),)))
        VALIDATOR.validate(document)
        outside, inside = document["clusters"][0]["derivations"]
        assert outside["credit"] is None
        assert inside["credit"] == {
            "standing": "credited",
            "publisher": "The Moscow Times",
            "spans": [{"begin": 0, "end": 10}],
            "also_credits": ["ZDF"],
        }

    def test_the_schema_refuses_what_it_does_not_know(self) -> None:
        """An unknown key, and a kind that does not exist, are errors."""
        document = parsed(RESULT)
        document["clusters"][0]["alignments"][0]["mood"] = "gloomy"
        assert not VALIDATOR.is_valid(document)
        document = parsed(RESULT)
        document["clusters"][0]["alignments"][0]["passages"][0]["kind"] = "stolen"
        assert not VALIDATOR.is_valid(document)

    def test_keys_stand_in_the_documented_order(self) -> None:
        """A person who reads the JSON finds articles first and the run last."""
        document = parsed(RESULT)
        assert list(document) == [
            "schema", "articles", "clusters", "singletons", "related", "problems", "run",
        ]  # fmt: skip
        assert list(document["articles"][0]) == [
            "id", "path", "title", "url", "publisher", "published", "language", "words",
            "verdict",
        ]  # fmt: skip
        assert list(document["clusters"][0]) == [
            "id", "members", "weakest_link", "relations", "derivations", "alignments",
        ]  # fmt: skip
        assert document["run"]["version"] == dedup.__version__

    def test_offsets_slice_the_words_they_claim(self) -> None:
        """Offsets count the code points of the article as it was read."""
        found = parsed(RESULT)["clusters"][0]
        managed = found["alignments"][1]["passages"][2]["runs"][0]
        assert (
            POLISH.text[managed["begin"] : managed["end"]]
            == (MOSCOW.text[managed["source_begin"] : managed["source_end"]])
        )
        mark = found["derivations"][0]["evidence"][0]["spans"][0]
        assert MOSCOW.text[mark["begin"] : mark["end"]].startswith("the German broadcaster")

    def test_numbers_have_four_decimals(self) -> None:
        """0.87654321 is printed as 0.8765, and no share is left out."""
        shares = parsed(RESULT)["clusters"][0]["alignments"][1]["shares"]
        assert shares == {"copied": 0, "paraphrased": 0.8765, "translated": 0, "added": 0.1235}

    def test_a_whole_sentence_has_no_parts(self) -> None:
        """Parts are given only where boilerplate cuts a sentence in two."""
        cut = replace(REWRITTEN.passages[0], parts=(Span(0, 8), Span(12, 27)))
        whole, both = (
            json.loads(render_alignment(alignment, MOSCOW, PORTUGUESE, "json"))["passages"][0]
            for alignment in (REWRITTEN, replace(REWRITTEN, passages=(cut,)))
        )
        assert "parts" not in whole
        assert both["parts"] == [{"begin": 0, "end": 8}, {"begin": 12, "end": 27}]

    def test_equal_input_prints_equal_bytes(self) -> None:
        """There is no clock and no chance in a report."""
        for format in ("json", "jsonl", "csv", "terminal"):
            assert render(RESULT, format) == render(replace(RESULT), format)

    def test_letters_stay_letters(self) -> None:
        """Cyrillic and typographic quotes are not escaped."""
        article = Article("tass", "…", title="Россия — «Коксан»")
        assert '"Россия — «Коксан»"' in render(result_of(article), "json")

    @pytest.mark.parametrize("format", ["json", "jsonl", "csv", "terminal"])
    def test_a_lone_surrogate_can_be_written_as_utf8(self, format: Any) -> None:
        """Half a character in a headline does not stop the report."""
        article = Article("half\ud83d", "Kim \udcff said", title="Koksan \ud83d guns")
        other = Article("b", "…")
        assert render(result_of(article, other), format).encode("utf-8")

    def test_a_lone_surrogate_survives_json(self) -> None:
        """What was escaped is what was read."""
        assert parsed(result_of(Article("half\ud83d", "…")))["articles"][0]["id"] == "half\ud83d"

    @pytest.mark.parametrize(
        ("published", "printed"),
        [
            (None, None),
            (date(2025, 3, 28), "2025-03-28"),
            (datetime(2025, 3, 28, 14, 5, tzinfo=UTC), "2025-03-28T14:05:00+00:00"),
            (datetime(2025, 3, 28, 14, 5), "2025-03-28T14:05:00"),
        ],
    )
    def test_dates_are_iso_8601(self, published: date | None, printed: str | None) -> None:
        """A day stays a day, a moment keeps its hour and its zone."""
        document = parsed(result_of(Article("a", "…", published=published)))
        assert document["articles"][0]["published"] == printed
        VALIDATOR.validate(document)


class TestLines:
    def test_the_lines_hold_what_the_document_holds(self) -> None:
        """Each line is one object of the document with its type in front, the run at the end."""
        lines = [json.loads(line) for line in render(RESULT, "jsonl").splitlines()]
        document = parsed(RESULT)
        assert [line.pop("type") for line in lines] == [
            "cluster", *["article"] * 5, "singleton", "singleton", "related", "problem", "run",
        ]  # fmt: skip
        assert lines == [
            *document["clusters"], *document["articles"], *document["singletons"],
            *document["related"], *document["problems"], document["run"],
        ]  # fmt: skip

    def test_no_line_is_cut_in_two(self) -> None:
        """Line separators in a headline are escaped: one object stays one line."""
        article = Article("a", "…", title="Koksan\u2028guns\x85in\nCrimea")
        assert len(render(result_of(article), "jsonl").splitlines()) == 3


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(result, "csv"))))


class TestTable:
    def test_each_pair_has_one_row_and_no_article_is_missing(self) -> None:
        """An analyst sees source, confidence and shares of every article at a glance."""
        table = [(row["article"], row["link"], row["other"]) for row in rows(RESULT)]
        assert table == [
            ("000", "derived", "002"),
            ("001", "derived", "002"),
            ("001", "attributed-via", "external:ZDF"),
            ("002", "attributed", "external:ZDF"),
            ("002", "related", "003"),
            ("003", "", ""),
            ("004", "", ""),
        ]

    def test_a_row_says_what_is_known_of_both(self) -> None:
        """Outlet, headline and date of the other, how sure, and what changed."""
        row = rows(RESULT)[1]
        assert (row["other_outlet"], row["other_published"]) == ("The Moscow Times", "2025-03-28")
        assert (row["confidence"], row["direction"]) == ("0.9500", "certain")
        assert (row["relation"], row["probability"]) == ("rewrite", "0.9400")
        assert (row["copied"], row["paraphrased"]) == ("0.0000", "0.8765")
        assert row["changes"] == "hedge: “is believed to have” is gone"
        assert rows(RESULT)[0]["direction"] == "unknown"

    def test_an_outside_source_has_no_shares(self) -> None:
        """What is not in the collection cannot be compared."""
        row = rows(RESULT)[3]
        assert (row["other_outlet"], row["credited"]) == ("ZDF", "credited")
        assert (row["copied"], row["added"]) == ("", "")

    def test_a_related_pair_says_why_it_is_apart(self) -> None:
        """In the words of the terminal."""
        row = rows(RESULT)[4]
        assert (row["relation"], row["why"]) == ("same-event", RESULT.related[0].why)

    def test_every_row_has_the_verdict_of_its_article(self) -> None:
        """In the words of JSON."""
        verdicts = {each["id"]: each["verdict"] for each in parsed(RESULT)["articles"]}
        assert {row["article"]: row["verdict"] for row in rows(RESULT)} == verdicts

    @pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝"])
    def test_a_headline_is_never_a_formula(self, first: str) -> None:
        """A cell that a spreadsheet would run gets a leading apostrophe."""
        title = f'{first}HYPERLINK("https://example.org")'
        assert rows(result_of(Article("a", "…", title=title)))[0]["headline"] == "'" + title

    @pytest.mark.parametrize("first", ["=", "\t=", "\r+", "\n@"])
    def test_no_other_cell_is_a_formula(self, first: str) -> None:
        """An address, a path or an id neither."""
        formula = f"{first}1+2"
        table = render(
            result_of(Article(formula, "…", url=formula, extra={"path": formula})), "csv"
        )
        row = next(csv.DictReader(io.StringIO(table, newline="")))
        assert [row[name] for name in ("article", "url", "path")] == ["'" + formula] * 3

    @pytest.mark.parametrize("inside", ["a;=1+2", "a; -1", "a\n@x"])
    def test_no_part_of_a_cell_becomes_one(self, inside: str) -> None:
        """Where a semicolon separates, as in half of Europe, quotation marks do not help."""
        at = re.search(r"[=@-]", inside).start()
        before = inside[:at].rstrip(" ")
        expected = f"{before}'{inside[len(before) :]}"
        assert rows(result_of(Article(inside, "…")))[0]["article"] == expected

    def test_no_cell_has_a_control_character(self) -> None:
        """A table is looked at in a terminal, too."""
        article = Article("a", "…", title="Guns \x1b[2J\x9b31m\x07 moved")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", render(result_of(article), "csv"))

    def test_every_cell_is_quoted(self) -> None:
        """Whatever the separators of the spreadsheet's country are."""
        assert render(RESULT, "csv").splitlines()[0].startswith('"cluster","article","outlet",')

    def test_a_line_break_in_a_headline_stays_in_its_cell(self) -> None:
        """The row count is the article count where there are no pairs."""
        found = rows(
            result_of(Article("a", "…", title='Koksan\n"guns", Crimea'), Article("b", "…"))
        )
        assert [row["headline"] for row in found] == ['Koksan "guns", Crimea', ""]


def in_full(result: Result, **known: Any) -> str:
    return render(result, detail="full", **known)


class TestTerminal:
    def test_the_first_line_sums_up(self) -> None:
        """Who reads one line knows what was found."""
        first = render(RESULT).splitlines()[0]
        assert first == "5 articles: 1 cluster of 3, 2 in no cluster; 1 problem"

    def test_a_legend_says_what_a_cluster_is(self) -> None:
        """In the words of the glossary, above the clusters; without a cluster there is none."""
        legend = in_full(RESULT)
        assert "A cluster is a group of articles that go back to one source text." in legend
        assert "A cluster is" not in in_full(result_of(MOSCOW, SEOUL))

    @pytest.mark.parametrize(
        ("credit", "words"),
        [
            (Credit("uncredited", "The Moscow Times"), "the source is not credited"),
            (
                Credit("uncredited", "The Moscow Times", also_credits=("ZDF",)),
                "the source is not credited; this article credits ZDF instead",
            ),
            (
                Credit("unknown", None, also_credits=("ZDF",)),
                "the source's publisher is unknown, so whether it is credited cannot be checked; "
                "this article credits ZDF",
            ),
            (
                Credit("credited", "The Moscow Times", (Mark("001", 0, 10),)),
                "the source is credited: “NewsRussia”",
            ),
        ],
    )
    def test_the_tree_says_whether_a_source_is_credited(self, credit: Credit, words: str) -> None:
        """Below the derivation, in the derivative's words where there are any."""
        edges = [replace(e, credit=credit) if e.source == "002" else e for e in CLUSTER.derivations]
        cluster = replace(CLUSTER, derivations=tuple(edges))
        page = in_full(replace(RESULT, clusters=(cluster,)), width=200)
        assert re.search(rf"^[│├└─ ]*{re.escape(words)}$", page, re.MULTILINE)
        assert "the source" not in in_full(RESULT).partition("What each")[0]

    def test_who_lost_the_credit_is_not_said_to_give_it(self) -> None:
        """A copy that dropped the agency's name has the source, not the credit."""
        carried = Evidence("carried", "Credit found in a copy", 3.0, "inherited from 002")
        edge = Derivation("external:ZDF", "002", "attributed", 0.9, "certain", 0.99, (carried,))
        cluster = replace(CLUSTER, derivations=(edge, *CLUSTER.derivations[1:]))
        page = in_full(replace(RESULT, clusters=(cluster,)), width=200)
        assert "comes from ZDF without a credit, 90% sure: inherited from The Mos" in page

    def test_the_cluster_hangs_from_its_outside_source(self) -> None:
        """ZDF is the root, 002 hangs from it, 000 and 001 from 002."""
        indent = {
            line.strip("├└│ ─")[:3]: len(line) - len(line.lstrip("├└│ ─"))
            for line in in_full(RESULT).partition("Weakest connection")[0].splitlines()
        }
        assert indent["ZDF"] < indent["The"] < indent["000"] == indent["001"]

    def test_an_edge_gives_its_strongest_reason(self) -> None:
        """The evidence that weighs most is given, the rest is in the JSON."""
        page = in_full(RESULT)
        assert (
            'derived from The Moscow Times, 95% sure, direction certain: reports the "Moscow Times"'
            in page
        )
        assert "shorter than its source" not in page
        assert "also credits ZDF at second hand, 99% sure: via ZDF" in page

    def test_an_open_direction_is_said(self) -> None:
        """Nobody takes a coin's toss for a finding."""
        assert "56% sure, direction unknown" in in_full(RESULT)

    def test_shares_are_given_in_characters_and_words(self) -> None:
        """The page means the same without colour."""
        page = in_full(RESULT)
        assert "88% paraphrased, 12% added" in page
        assert re.search("▓{20,}░+ ", page)
        assert "█ copied   ▓ paraphrased   ╱ translated   ░ added" in page

    def test_a_passage_stands_beside_all_its_sources(self) -> None:
        """Merged source sentences are joined by an ellipsis, and a changed meaning is flagged."""
        page = re.sub(r"\s+", " ", in_full(RESULT, width=400))
        assert "destroy five of them with drones. … believed to have supplied up to 200" in page
        assert "⚠ hedge: “is believed to have” is gone" in page

    def test_singletons_are_shown_with_whom_they_name(self) -> None:
        """Without a source it is not called an original; people in the story are no sources."""
        page = in_full(RESULT)
        assert f"cites (unnamed media): “{CITING}”" in page
        assert "No source found; no outlet credited" in page

    def test_related_pairs_say_why_they_are_apart(self) -> None:
        """Two desks on one topic share no source text, and the reader learns why."""
        page = in_full(RESULT)
        assert "The Moscow Times – Caliber.Az: same event, 21%\n  2 of 19 sentences" in page

    def test_problems_are_listed(self) -> None:
        """What could not be read is on the page too."""
        assert "seeds/photo.jpg: is no text; it was skipped" in render(RESULT)

    def test_one_problem_of_many_files_is_listed_once(self) -> None:
        """With the first paths that have it, and how many more there are."""
        problems = tuple(Problem(f"{n}.bin", "is no text") for n in range(5))
        page = render(replace(RESULT, problems=problems))
        assert "0.bin, 1.bin, 2.bin and 2 more: is no text" in page
        assert page.count("is no text") == 1

    def test_an_empty_result_says_why(self) -> None:
        """No article: the reader learns what to do."""
        page = render(result_of())
        assert page.startswith("No articles found in the input.")
        assert "Name files or folders" in page

    def test_a_lone_article_says_why_there_is_no_cluster(self) -> None:
        """One article cannot be compared with anything."""
        page = in_full(result_of(MOSCOW))
        assert page.startswith("1 article, and nothing to compare it with.")
        assert "The Moscow Times · 002 · 28 March 2025" in page

    @pytest.mark.parametrize("width", [40, 80, 100, 120])
    def test_no_line_is_wider_than_the_page(self, width: int) -> None:
        """A page fits its columns, however few."""
        assert max(map(len, in_full(RESULT, width=width).splitlines())) <= width

    def test_a_page_is_plain_unless_colour_is_asked_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Escapes appear only with colour, and NO_COLOR takes the colours away again."""
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        assert "\x1b" not in in_full(RESULT)
        assert "\x1b[33m" in in_full(RESULT, color=True)
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[33m" not in in_full(RESULT, color=True)

    def test_a_hostile_article_stays_text(self) -> None:
        """Markup, escape sequences and direction controls in an article do nothing."""
        hostile = (
            "[red]\x1b[2J\x1b]0;owned\x07[/] [link=file:///etc/passwd]\u202eesrever\u2066\x9b1m"
        )
        article = Article(hostile, hostile + " said", title=hostile, publisher=hostile)
        copied = Passage("copied", 0, 60, (Span(0, 60),), 1.0, (Span(0, 60),), (), (
            Drift("number", hostile, None, None),))  # fmt: skip
        page = in_full(
            result_of(article, replace(article, id="b"), problems=(Problem(hostile, hostile),),
                      related=(Related(hostile, "b", "same-event", 0.4, hostile),))
        )  # fmt: skip
        page += render_alignment(
            Alignment(hostile, "b", (copied,), (Span(0, 60),), (), {"copied": 1.0}),
            article, replace(article, id="b"),
        )  # fmt: skip
        assert not set("\x1b\x07\x9b\u202e\u2066") & set(page)
        assert "[red]]0;owned[/] [link=file:///etc/passwd]esrever" in page

    def test_a_large_result_is_cut_with_a_word(self) -> None:
        """A screen shows the most telling part and says where the rest is."""
        result = result_of(*(Article(f"wire-{n}", "…") for n in range(500)))
        assert "… and 480 articles more; --format json has all." in in_full(result)
        assert "… and 488 articles more; --format json has all." in render(result)
        assert max(len(page.splitlines()) for page in (render(result), in_full(result))) < 80

    def test_a_circle_of_derivations_is_drawn_once(self) -> None:
        """Each article has one place in the tree, even where the edges go round."""
        edges = (
            Derivation("000", "001", "derived", 0.6, "certain", 0.99, ()),
            Derivation("001", "000", "derived", 0.6, "certain", 0.99, ()),
        )
        link = replace(REWRITES, b="001")
        cluster = Cluster("c1", ("000", "001"), (link,), edges, (), link)
        page = in_full(result_of(PORTUGUESE, POLISH, clusters=(cluster,), singletons=()))
        tree = page.partition("Weakest connection")[0]
        assert len(re.findall(r"^[└─ ]*00[01]\b", tree, re.MULTILINE)) == 2

    def test_a_long_chain_of_revisions_keeps_to_the_page(self) -> None:
        """A thousand versions of one story neither crash the tree nor push it off the page."""
        ids = [f"version-{n:04}" for n in range(1000)]
        edges = tuple(
            Derivation(a, b, "revision", 0.9, "certain", 0.99, ()) for a, b in pairwise(ids)
        )
        link = replace(REWRITES, a=ids[0], b=ids[1])
        cluster = Cluster("c1", tuple(ids), (link,), edges, (), link)
        articles = [Article(id, "…") for id in ids]
        page = in_full(result_of(*articles, clusters=(cluster,), singletons=()), width=80)
        assert "… and 992 articles more" in page
        assert max(map(len, page.splitlines())) <= 80


class TestAlignmentPage:
    def test_passages_stand_in_the_derivatives_order(self) -> None:
        """The page reads like the article, boilerplate and additions included."""
        page = render_alignment(ABRIDGED, MOSCOW, POLISH)
        marks = ["· boilerplate", "░ added", "▓ paraphrased  "]
        begins = [page.index(mark, page.index("Source: The Moscow Times")) for mark in marks]
        assert begins == sorted(begins)
        assert "1 of 2 sentences come from the source; in 1 of them the meaning changed." in page

    def test_what_was_dropped_is_at_the_end(self) -> None:
        """The source's sentences without a counterpart close the page."""
        page = render_alignment(ABRIDGED, MOSCOW, POLISH)
        tail = page.partition("Only in the source (1)")[2]
        assert tail.strip() == "– Related article: North Korea Sent More Troops"

    def test_an_empty_derivative_is_said(self) -> None:
        """Nothing to compare is said, not shown as an empty table."""
        nothing = Alignment("002", "b", (), (), (), {})
        assert "There is nothing to compare" in render_alignment(nothing, MOSCOW, Article("b", ""))


class TestPlain:
    @given(st.text())
    def test_what_is_shown_has_nothing_a_terminal_obeys(self, text: str) -> None:
        """Whatever comes in, what goes out is one printable line, and showing it twice is safe."""
        shown = sanitise(text)
        assert shown == "".join(letter for letter, _ in characters(text, 0, len(text)))
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
        assert sanitise(shown) == shown

    @given(st.text(), st.integers(2, 60))
    def test_a_shortened_text_keeps_its_length(self, text: str, length: int) -> None:
        """However a text is cut, it is no longer than asked for."""
        assert len(shorten(text, length)) <= length

    @given(st.tuples(*[st.floats(0, 1)] * 4), st.integers(4, 60))
    def test_a_bar_shows_every_kind_that_occurs(self, parts: tuple[float, ...], width: int) -> None:
        """A trace of copying is one character at least, and the bar has its width."""
        shares = dict(zip(("copied", "paraphrased", "translated", "added"), parts, strict=True))
        drawn = bar(shares, width).plain  # type: ignore[arg-type]
        assert len(drawn) == (width if sum(parts) > 0 else 0)
        for glyph, part in zip("█▓╱░", parts, strict=True):
            assert (glyph in drawn) == (part > 0)

    def test_a_percentage_promises_nothing(self) -> None:
        """Only certainty is 100%, and only nothing is 0%."""
        assert [percent(p) for p in (0, 0.0001, 0.5, 0.9999, 1)] == (
            ["0%", "<1%", "50%", ">99%", "100%"]
        )
