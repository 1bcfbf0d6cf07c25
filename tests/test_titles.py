"""Titles: what two of them have in common, and what of a headline is no part of it."""

import pytest

from dedup.article import Article
from dedup.pipeline.boilerplate import compare_vocabularies
from dedup.text import prepare
from dedup.text.headlines import find_headline, headline_words


def compare_titles(one: str | None, other: str | None) -> float | None:
    """How far two titles agree."""
    return compare_vocabularies(headline_words(one), headline_words(other), "en")


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Ferry runs aground in fog | Bute Herald", "Ferry runs aground in fog"),
        ("Ferry runs aground in fog - the Herald of Bute", "Ferry runs aground in fog"),
        ("Fähre läuft auf Grund | inselbote.example", "Fähre läuft auf Grund"),
        ("LIVE: Ferry runs aground", "Ferry runs aground"),
        ("Storm briefing: Ferry runs aground – Scotland live", "Ferry runs aground"),
        ("Срочно: паром сел на мель", "паром сел на мель"),
        ("Ferry aground - mayor warns of more", "Ferry aground - mayor warns of more"),
        ("Live music returns to Bute", "Live music returns to Bute"),
        ("Herald - Bute", "Herald - Bute"),
        ("", ""),
    ],
)
def test_a_headline_stands_without_its_site_and_label(line: str, headline: str) -> None:
    """A name with capitals behind a mark is the site's; a label says what kind of page it is."""
    assert find_headline(line).of(line) == headline


def test_titles_agree_as_far_as_their_rare_words_do() -> None:
    """Wholly, in part, not at all; where one is missing nobody can say."""
    same = compare_titles("Ferry runs aground | Bute Herald", "Ferry runs aground")
    near = compare_titles("Ferry runs aground", "Grounded ferry is refloated")
    apart = compare_titles("Rats blamed for broadband cut", "Choir seeks men")
    assert same == pytest.approx(1)
    assert near
    assert 0.1 < near < 0.9
    assert apart == 0
    assert compare_titles("Choir seeks men", None) is None


def test_a_text_of_a_headline_alone_has_its_site_as_boilerplate() -> None:
    """Under a headline that has a story below it the name may be a source, and stays."""
    line = "Ferry runs aground in fog – Bute Herald"
    alone = prepare(Article("a", line))
    assert [alone.slice(s) for s in alone.furniture] == ["– Bute Herald"]
    with_story = prepare(Article("b", f"{line}\n\nA ferry ran aground off Bute on Monday."))
    assert with_story.furniture == ()
