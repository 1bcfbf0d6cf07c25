"""Titles: what of a headline is no part of it."""

import pytest

from dedup.article import Article
from dedup.text import prepare
from dedup.text.headlines import find_headline, headline_words


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


def test_a_title_has_the_words_of_its_headline() -> None:
    """With a site's name and a label it has the same ones; one that is missing has none."""
    words = headline_words("Ferry runs aground in fog")
    assert headline_words("LIVE: Ferry runs aground in fog | Bute Herald") == words
    assert words == {"ferry", "runs", "aground", "in", "fog"}
    assert headline_words(None) == set()


def test_a_text_of_a_headline_alone_has_its_site_as_boilerplate() -> None:
    """Under a headline that has a story below it the name may be a source, and stays."""
    line = "Ferry runs aground in fog – Bute Herald"
    alone = prepare(Article("a", line))
    assert [alone.slice(s) for s in alone.furniture] == ["– Bute Herald"]
    with_story = prepare(Article("b", f"{line}\n\nA ferry ran aground off Bute on Monday."))
    assert with_story.furniture == ()
