"""What the families' benchmark makes: texts that look alike, and scores."""

import random

import numpy as np
import pytest

from benchmarks.calibration import calibration_error, reliability
from benchmarks.families.gold import Gold, pairwise
from benchmarks.templates import later_report, other_case
from dedup.article import Article
from dedup.relate import relate
from dedup.text import prepare

MATCH = (
    "Ajax beat Feyenoord 3-1 at the Johan Cruijff Arena on Saturday. Dusan Tadic scored in the "
    "41st minute. Coach Erik ten Hag praised the defence. Ajax are now 12 points ahead."
)
NAMES = ["Rapid Wien", "Austria Salzburg", "Marko Arnautovic", "Peter Stöger", "Linz"]


def test_another_case_has_the_wording_and_none_of_the_names_and_figures():
    """The same name becomes the same other name, wherever it stands."""
    made = other_case(MATCH, NAMES, random.Random(1), kept=0)
    for gone in ("Ajax", "Feyenoord", "Tadic", "3-1", "41", "12"):
        assert gone not in made
    for kept in ("beat", "scored in the", "praised the defence", "points ahead"):
        assert kept in made
    texts = (prepare(Article(id, text, language="en")) for id, text in (("a", MATCH), ("b", made)))
    assert relate(*texts)[0].kind == "same-form"


def test_another_case_that_keeps_everything_is_the_same_text():
    """Nothing but names and figures is touched."""
    assert other_case(MATCH, NAMES, random.Random(1), kept=1) == MATCH


def test_the_next_days_story_ends_with_the_background_of_the_last():
    """Its own news stands above."""
    news, before = [f"news {n}" for n in range(10)], [f"before {n}" for n in range(10)]
    lines = later_report(news, before, random.Random(1)).split("\n")
    assert lines[:7] == news[:7]
    assert 1 <= len(lines[7:]) <= 3
    assert lines[7:] == before[-len(lines[7:]) :]


def test_pairs_are_counted_in_one_language_or_across():
    """Free pairs count neither way, articles in no group are apart."""
    articles = [Article(id, "", language=id[0]) for id in ("e1", "e2", "e3", "d1")]
    family = {"e1": "f", "e2": "f", "d1": "f"}
    hard = [frozenset(("e1", "e3"))]
    gold = Gold(articles, {}, family, hard, {frozenset(("e2", "e3"))}, [])
    ids = [article.id for article in articles]
    score = pairwise(gold, [("e1", "e2", "e3")], ids)
    assert (score.right, score.wrong, score.missed, score.hard) == (1, 1, 0, 1)
    across = pairwise(gold, [("e1", "e2", "e3")], ids, across=True)
    assert (across.right, across.wrong, across.missed) == (0, 0, 2)


def test_calibration_compares_what_is_said_with_what_comes_true():
    """Said .9 and true half of the time: off by .4."""
    said, true = np.array([0.9, 0.9, 0.1, 0.1]), np.array([True, False, False, False])
    assert calibration_error(said, true) == pytest.approx((0.4 + 0.1) / 2)
    assert [count for _, _, count in reliability(said, true)] == [2, 2]
