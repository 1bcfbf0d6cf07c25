"""What there is to say of a draft, and how it is told on a terminal, as JSON and to editors."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import dedup
from dedup.align import Counting
from dedup.article import Article
from dedup.report import render_verdict
from dedup.report.findings import Findings, findings
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
MOSCOW = Article("mt", FIRST, publisher="The Moscow Times")
DANUBE = Article("danube", OTHER, publisher="Danube Courier")
BESIDE = Article("beside", "The museum of the city shows clocks from four centuries until May.")


def found(text: str, *against: Article, counting: Counting | None = None) -> Findings:
    verdict = dedup.check(Article("draft", text), [*against, BESIDE], encoder=None)
    return findings(verdict, counting or Counting())


class TestFindings:
    def test_one_source_in_a_sentence(self) -> None:
        """How much, of whom, how, and whether it is credited."""
        told = found(f"{FIRST} {OWN}", MOSCOW)
        assert told.told == (
            "3 of 4 sentences retell the Moscow Times piece, word for word; it is not credited."
        )
        assert (told.sentences, told.taken) == (4, 3)

    def test_a_credit_is_quoted(self) -> None:
        """The editor sees the very words."""
        told = found(f"{FIRST} {OWN} That is what the Moscow Times reported.", MOSCOW)
        assert "it is credited: “" in told.told
        assert "Moscow Times reported" in told.told

    def test_two_sources_are_added_up_sentence_by_sentence(self) -> None:
        """No sentence counts twice, and each goes to the source that has most of it."""
        told = found(f"{FIRST} {OTHER} {OWN}", MOSCOW, DANUBE)
        assert told.told.startswith("6 of 7 sentences come from 2 articles. 3 of 7 sentences")
        assert {source.match.article.id for source in told.sources} == {"mt", "danube"}
        assert sum(told.shares.values()) == pytest.approx(1)
        assert told.shares["copied"] == pytest.approx(
            sum(source.share for source in told.sources), abs=1e-9
        )
        ids = [source.match.article.id for source in told.sources]
        origins = [None if one.source is None else ids[one.source] for one in told.passages]
        assert origins == ["mt"] * 3 + ["danube"] * 3 + [None]

    def test_sources_come_by_share(self) -> None:
        """Not by how sure it is that there is a relation at all."""
        whole = Article("whole", f"{FIRST} {OTHER}", publisher="Whole Daily")
        told = found(f"{FIRST} {OTHER} {OWN}", MOSCOW, whole)
        assert [source.match.article.id for source in told.sources] == ["whole", "mt"]

    def test_where_nothing_is_found_it_does_not_say_original(self) -> None:
        """It says what it was checked against."""
        told = found(f"{OWN} {OWN}")
        assert told.told == "Nothing that this draft was checked against tells what it tells."
        assert told.shares["added"] == 1
        assert (told.sources, told.taken) == ((), 0)

    def test_an_outlet_that_is_credited_once_is_not_two_articles(self) -> None:
        """Of two sources whose publishers are unknown it can be but the one."""
        articles = sorted(dedup.read([str(SEEDS)]), key=lambda article: article.id)
        told = findings(dedup.check(articles[1], [articles[0], articles[2]], encoder=None))
        assert [source.credit.standing for source in told.sources] == ["likely", "unknown"]


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
        assert "The plainest passages" in page

    def test_the_page_says_it_first_too(self) -> None:
        """And every passage leads to its source."""
        verdict = dedup.check(f"{FIRST} {OWN}", [MOSCOW], encoder=None)
        page = render_verdict(verdict, "html")
        assert '<p class="verdict"><bdi>3 of 4 sentences retell the Moscow Times piece' in page
        assert 'href="#m1.d1"' in page
