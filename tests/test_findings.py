"""What there is to say of a draft, and how the terminal, JSON and a page say it."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import dedup
from dedup.align import Counting
from dedup.article import Article
from dedup.pipeline.findings import Findings, add_up
from dedup.report import PairFormat, render_alignment, render_verdict
from dedup.report.json import answer_to_json
from dedup.report.view import Answer, summarize_findings
from seeds import SEEDS

SCHEMA = json.loads((files("dedup") / "data" / "report.schema.json").read_text("utf-8"))

FIRST = (
    "The minister of finance resigned on Friday over the eleven missing millions. "
    "Auditors had found in March that the money never reached the hospital of Lindau. "
    "She denies having known of the transfers to the company of her brother-in-law."
)
OTHER = (
    "Farmers along the lower Danube expect the poorest harvest of maize in thirty years. "
    "Since the second week of June it has rained on four days in the whole of Dolj county. "
    "The ministry promises two hundred lei for every hectare that has withered."
)
OWN = "Whoever walks through the town these days hears of little else."
TOO_SHORT = "too short to judge: give at least 5 words of running text."
FORMATS: tuple[PairFormat, ...] = ("terminal", "html", "json")
MOSCOW = Article("mt", FIRST, publisher="The Moscow Times")
DANUBE = Article("danube", OTHER, publisher="Danube Courier")
BESIDE = Article("beside", "The museum of the city shows clocks from four centuries until May.")


def check(text: str, *against: Article) -> Findings:
    return add_up(dedup.check(Article("draft", text), [*against, BESIDE], encoder=None))


class TestFindings:
    def test_one_source_in_a_sentence(self) -> None:
        """How much, of whom, how, and whether it is credited."""
        findings = check(f"{FIRST} {OWN}", MOSCOW)
        assert summarize_findings(findings) == (
            "3 of 4 sentences retell the Moscow Times piece, word for word; it is not credited."
        )
        assert (findings.sentences, findings.taken) == (4, 3)

    def test_a_credit_is_quoted(self) -> None:
        """The editor sees the very words."""
        findings = check(f"{FIRST} {OWN} That is what the Moscow Times reported.", MOSCOW)
        assert "it is credited: “" in summarize_findings(findings)
        assert "Moscow Times reported" in summarize_findings(findings)

    def test_two_sources_are_added_up_sentence_by_sentence(self) -> None:
        """No sentence counts twice, and each goes to the source that has most of it."""
        findings = check(f"{FIRST} {OTHER} {OWN}", MOSCOW, DANUBE)
        assert summarize_findings(findings).startswith(
            "6 of 7 sentences come from 2 articles. 3 of 7 sentences"
        )
        assert {source.match.article.id for source in findings.sources} == {"mt", "danube"}
        assert sum(findings.shares.values()) == pytest.approx(1)
        assert findings.shares["copied"] == pytest.approx(
            sum(source.share for source in findings.sources), abs=1e-9
        )
        ids = [source.match.article.id for source in findings.sources]
        origins = [None if link.source is None else ids[link.source] for link in findings.passages]
        assert origins == ["mt"] * 3 + ["danube"] * 3 + [None]

    def test_sources_come_by_share(self) -> None:
        """Not by how sure it is that there is a relation at all."""
        whole = Article("whole", f"{FIRST} {OTHER}", publisher="Whole Daily")
        findings = check(f"{FIRST} {OTHER} {OWN}", MOSCOW, whole)
        assert [source.match.article.id for source in findings.sources] == ["whole", "mt"]

    def test_where_nothing_is_found_it_does_not_say_original(self) -> None:
        """It says what it was checked against."""
        findings = check(f"{OWN} {OWN}")
        assert summarize_findings(findings) == (
            "No matching source found among the articles that it was checked against."
        )
        assert findings.shares["added"] == 1
        assert (findings.sources, findings.taken) == ((), 0)

    def test_an_outlet_that_is_credited_once_is_not_two_articles(self) -> None:
        """Of two sources whose publishers are unknown it can be but the one."""
        articles = sorted(dedup.read([str(SEEDS)]), key=lambda article: article.id)
        findings = add_up(dedup.check(articles[1], [articles[0], articles[2]], encoder=None))
        assert [source.credit.standing for source in findings.sources] == ["likely", "unknown"]


class TestReports:
    def test_the_json_is_what_the_schema_says(self) -> None:
        """With and without sources."""
        for draft in (f"{FIRST} {OTHER} {OWN}", OWN):
            verdict = dedup.check(Article("draft", draft), [MOSCOW, DANUBE], encoder=None)
            document = json.loads(render_verdict(verdict, "json"))
            Draft202012Validator(SCHEMA).validate(document)
            assert document["schema"] == "dedup/check/1"

    def test_the_terminal_says_it_first(self) -> None:
        """The sentence, then the bars, then the words side by side."""
        verdict = dedup.check(f"{FIRST} {OWN}", [MOSCOW], encoder=None)
        page = render_verdict(verdict, counting=Counting(min_words=3))
        assert page.startswith("3 of 4 sentences retell the Moscow Times piece, word for word;")
        assert "without matches under 3 words" in page
        assert "The clearest passages" in page

    def test_the_page_says_it_first_too(self) -> None:
        """And every passage leads to its source."""
        verdict = dedup.check(f"{FIRST} {OWN}", [MOSCOW], encoder=None)
        page = render_verdict(verdict, "html")
        assert '<p class="verdict"><bdi>3 of 4 sentences retell the Moscow Times piece' in page
        assert 'href="#m1.d1"' in page


class TestTooShort:
    @pytest.mark.parametrize(
        "draft", ["", " \n\n ", "…!", "Resigned", "Minister of finance resigned"]
    )
    def test_a_draft_of_a_few_words_is_not_judged(self, draft: str) -> None:
        """Not even beside an article of the same words: no share that might be taken for one."""
        verdict = dedup.check(draft, [MOSCOW, Article("same", draft)])
        assert (verdict.is_too_short, verdict.matches) == (True, ())
        for format in FORMATS:
            assert f"The draft is {TOO_SHORT}" in render_verdict(verdict, format)
        assert "%" not in render_verdict(verdict)
        document = json.loads(render_verdict(verdict, "json"))
        Draft202012Validator(SCHEMA).validate(document)
        assert document["too_short"] is True

    def test_five_words_are_judged(self) -> None:
        """The shortest thing that is looked for anywhere is a run of five words."""
        verdict = dedup.check("The minister of finance resigned.", [Article("mt", FIRST)])
        assert not verdict.is_too_short
        assert TOO_SHORT not in render_verdict(verdict)

    @pytest.mark.parametrize(
        ("source", "derivative", "which"),
        [
            ("", FIRST, "source is"),
            (FIRST, "", "derivative is"),
            (FIRST, "Resigned", "derivative is"),
            ("Resigned", FIRST, "source is"),
            ("Resigned", "Lindau", "source and the derivative are"),
        ],
    )
    def test_a_side_of_a_few_words_has_no_share(
        self, source: str, derivative: str, which: str
    ) -> None:
        """A word that stands in both is no evidence that a sentence comes from it."""
        a, b = Article("a", source), Article("b", derivative)
        alignment = dedup.align(a, b)
        assert not any(passage.sources for passage in alignment.passages)
        for format in ("terminal", "html"):
            assert f"The {which} {TOO_SHORT}" in render_alignment(alignment, a, b, format)
        assert "%" not in render_alignment(alignment, a, b)
        document = json.loads(render_alignment(alignment, a, b, "json"))
        Draft202012Validator(SCHEMA).validate(document)
        assert document["too_short"] == [side for side in ("source", "derivative") if side in which]

    def test_the_same_few_words_stand_in_both(self) -> None:
        """What is there to see is shown, and nothing concluded from it."""
        alignment = dedup.align("Resigned", "Resigned")
        assert [passage.kind for passage in alignment.passages] == ["copied"]
        assert alignment.too_short == ("source", "derivative")

    def test_an_index_says_so_too(self) -> None:
        """For every article that it is asked about."""
        with dedup.Index(":memory:") as index:
            index.add(Article("mt", "Resigned"))
            answers = [answer_to_json(Answer(index.check(text))) for text in ("Resigned", FIRST)]
        assert [(answer["too_short"], answer["matches"]) for answer in answers] == [
            (True, []),
            (False, []),
        ]
