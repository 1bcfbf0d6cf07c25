"""Whether an article credits what it has its report from."""

from typing import Any

import pytest

from dedup.article import Article
from dedup.derive import Member, make_member
from dedup.derive.credited import Credit, find_credit
from dedup.text import prepare

REPORT = (
    "Russia has started transferring North Korean long-range artillery systems to annexed "
    "Crimea. A video showed the guns on a train through the north of the peninsula."
)
URL = "https://www.themoscowtimes.com/2025/03/28/artillery-in-crimea"


def member(id: str, text: str, **known: Any) -> Member:
    return make_member(prepare(Article(id, text, **known)))


def given(text: str, publisher: str | None = "The Moscow Times", **known: Any) -> Credit:
    return find_credit(member("s", REPORT, publisher=publisher, url=known.pop("url", None)),
                  member("d", text, **known))  # fmt: skip


class TestCredit:
    def test_a_reporting_phrase_is_a_credit_and_shows_where_it_stands(self) -> None:
        """The words of the derivative that say so are its span."""
        text = f"{REPORT} That is what the Moscow Times reported on Friday."
        found = given(text)
        assert (found.standing, found.publisher) == ("credited", "The Moscow Times")
        assert "Moscow Times reported" in text[found.spans[0].begin : found.spans[0].end]

    def test_a_link_is_a_credit(self) -> None:
        """To the very address of the source."""
        found = given(f"{REPORT} More at {URL} today.", publisher="Kyiv Gazette", url=URL)
        assert (found.standing, found.how) == ("credited", "it links to it")

    def test_what_metadata_declare_is_a_credit(self) -> None:
        """Nobody sees it in the text, so it is said where it was found."""
        found = given(REPORT, url=URL, extra={"based_on": URL})
        assert found.standing == "credited"
        assert "based on" in found.how

    def test_no_credit_is_said_with_whom_it_credits_instead(self) -> None:
        """The agency, not the newspaper."""
        found = given(f"{REPORT} Satellite images confirm it, Reuters reported.")
        assert (found.standing, found.also_credits) == ("uncredited", ("Reuters",))

    def test_a_name_alone_is_no_credit(self) -> None:
        """It is named, but not for this."""
        found = given(f"{REPORT} Its editor once worked in Moscow Times Square.")
        assert found.standing == "named"

    def test_of_an_unknown_publisher_nothing_can_be_said(self) -> None:
        """Unless the derivative credits somebody that the source may be."""
        assert given(REPORT, publisher=None).standing == "unknown"
        likely = given(f"{REPORT} So the Moscow Times reported on Friday.", publisher=None)
        assert (likely.standing, likely.publisher) == ("likely", "The Moscow Times")

    @pytest.mark.parametrize("name", ["The Moscow Times", "Moscow Times"])
    def test_nobody_has_to_credit_himself(self, name: str) -> None:
        """Two articles by one outlet, however it is spelled."""
        own = find_credit(
            member("s", REPORT, publisher="The Moscow Times"), member("d", REPORT, publisher=name)
        )
        assert own.standing == "own"
