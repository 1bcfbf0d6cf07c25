"""The names, openings, dates and reasons that all reports share."""

from datetime import UTC, date, datetime

import pytest

import dedup
from dedup.article import Article
from dedup.derive import Derivation, Evidence
from dedup.report import render
from dedup.report.names import article_name, article_names, opening, publisher_name
from dedup.report.view import reason, spell_date, spell_span
from seeds import SEEDS

NAVIGATION = "Tap here to turn on desktop notifications to get the news sent straight to you."
NEWS = "Trump Blames Washington For Poor Russia Ties Ahead Of Putin Summit"


class TestOpening:
    def test_a_title_comes_first(self) -> None:
        """Whatever the text begins with."""
        assert opening(Article("a", NAVIGATION, title=" Koksan\nguns ")) == "Koksan guns"

    def test_navigation_is_no_opening(self) -> None:
        """The first paragraph that names something is, be the page's own words before it."""
        assert opening(Article("a", f"{NAVIGATION}\n\nEDITION\n\n{NEWS}\n\nHe tweeted.")) == NEWS

    def test_a_wrapped_line_is_read_to_its_end(self) -> None:
        """A sentence does not begin where a line does."""
        moscow = next(a for a in dedup.read([str(SEEDS)]) if a.id.startswith("002"))
        assert opening(moscow).startswith("Russia has started transferring North Korean")

    def test_a_short_text_is_its_own_opening(self) -> None:
        """And an empty one has none."""
        assert opening(Article("a", "Snow.")) == "Snow."
        assert opening(Article("a", "")) == ""

    def test_all_reports_open_an_article_alike(self) -> None:
        """The terminal's tree and the headings of the HTML page show the same words."""
        result = dedup.compare(dedup.read([str(SEEDS)]), encoder=None)
        begins = opening(result.articles[1])[:60]
        for format in ("terminal", "html", "graphml", "csv"):
            assert begins in render(result, format, detail="full"), format


class TestNames:
    @pytest.mark.parametrize(
        ("known", "name"),
        [
            ({"publisher": "the Moscow Times", "title": "Guns"}, "The Moscow Times"),
            ({"url": "https://www.zdf.de/koksan", "title": "Guns"}, "ZDF"),
            ({"url": "https://unlisted.example/", "title": "Guns"}, "Guns"),
            ({}, "a"),
        ],
    )
    def test_an_article_is_called_by_what_is_known(self, known: dict, name: str) -> None:
        """Its publisher, given or by its address; its title; its id."""
        assert article_name(Article("a", "", **known)) == name

    def test_equal_names_have_the_id_behind_them(self) -> None:
        """Only where they are equal."""
        articles = [Article(id, "", publisher="AP") for id in "ab"] + [Article("c", "")]
        assert article_names(articles) == {"a": "AP (a)", "b": "AP (b)", "c": "c"}

    def test_an_unlisted_host_is_a_publisher_but_no_name(self) -> None:
        """A title says more."""
        assert (
            publisher_name(Article("a", "", url="https://unlisted.example/")) == "unlisted.example"
        )

    def test_reasons_call_articles_by_their_names(self) -> None:
        """An id of letters alone is left: it may be a word."""
        evidence = Evidence("time", "Time of publication", 1.0, "fn_1 appeared after lead")
        edge = Derivation("lead", "fn_1", "derived", 0.9, "certain", 0.99, (evidence,))
        assert reason(edge, {"fn_1": "AP", "lead": "CNN"}) == "AP appeared after lead"


class TestDates:
    def test_a_moment_has_its_zone(self) -> None:
        """A day has none."""
        assert spell_date(datetime(2025, 3, 28, 14, 5, tzinfo=UTC)) == "28 March 2025, 14:05 UTC"
        assert spell_date(date(2025, 3, 28)) == "28 March 2025"
        assert spell_date(None) == ""

    def test_a_span_goes_from_first_to_last(self) -> None:
        """What has no date does not count, days and moments may be mixed."""
        dates = [None, datetime(2025, 3, 30, 1, tzinfo=UTC), date(2025, 3, 28), None]
        assert spell_span(dates) == "28 March 2025 to 30 March 2025"
        assert spell_span([None]) == ""
