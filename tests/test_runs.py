"""Runs: the longest identical words that stand in the source, wherever, however often."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.align.runs import find_runs, locate_runs
from dedup.text import Token
from dedup.text.words import split_words

SENTENCE = "Western military analysts warn that the guns could be used to shell key cities."
WORDS = ["north", "korea", "sent", "troops", "guns", "to", "russia", "and", "crimea"]
# Few different words, so that runs and their look-alikes are frequent.
PHRASES = st.lists(st.sampled_from(WORDS[:4]), max_size=14)
LONGER = st.lists(st.sampled_from(WORDS), max_size=40)


def tokens(text):
    """The words of a text as tokens."""
    found = split_words(text)
    return list(map(Token, found.begins.tolist(), found.ends.tolist(), found.forms()))


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_runs_are_equal_maximal_and_disjoint(ours, theirs):
    """The same words on both sides, no word of ours twice, none that could be longer."""
    runs, end = find_runs(tokens(" ".join(ours)), tokens(" ".join(theirs))), 0
    for i, j, length in runs:
        assert ours[i : i + length] == theirs[j : j + length]
        assert length >= min(3, len(ours))
        assert i >= end
        places = [k for k in range(len(theirs)) if theirs[k : k + length] == ours[i : i + length]]
        assert j == places[0]
        if i + length < len(ours):
            assert not any(
                theirs[k + length : k + length + 1] == [ours[i + length]] for k in places
            )
        if i > end:
            assert j == 0 or theirs[j - 1] != ours[i - 1]
        end = i + length


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_no_run_is_overlooked(ours, theirs):
    """Outside the runs there are no three words in a row that the source has too."""
    runs = find_runs(tokens(" ".join(ours)), tokens(" ".join(theirs)))
    taken = {k for i, _, length in runs for k in range(i, i + length)}
    theirs_in_threes = {tuple(theirs[j : j + 3]) for j in range(len(theirs) - 2)}
    for i in range(len(ours) - 2):
        if tuple(ours[i : i + 3]) in theirs_in_threes:
            assert taken & {i, i + 1, i + 2}


def test_moved_runs_are_found_where_they_went():
    """The halves of the sentence have changed places."""
    moved = "the guns could be used to shell key cities, western military analysts warn that"
    assert find_runs(tokens(moved), tokens(SENTENCE)) == [(0, 5, 9), (9, 0, 5)]


def test_of_runs_that_overlap_the_first_has_the_words():
    """No word is in two runs, though the source has it twice."""
    ours = tokens("troops and guns to Russia")
    assert find_runs(ours, tokens("troops and guns, guns to Russia")) == [(0, 0, 3)]


def test_a_passage_of_two_words_is_a_run_as_a_whole():
    """A heading is too short for three words."""
    assert find_runs(tokens("Artillery sent"), tokens("Kim’s artillery sent")) == [(0, 2, 2)]
    assert find_runs(tokens("Artillery sent"), tokens("Artillery was sent")) == []
    assert find_runs([], tokens(SENTENCE)) == find_runs(tokens(SENTENCE), []) == []


def test_runs_have_their_spans_on_both_sides():
    """Each side slices to the words of the run."""
    ours = "Analysts warn that the guns could be used against ports."
    runs = locate_runs(find_runs(tokens(ours), tokens(SENTENCE)), tokens(ours), tokens(SENTENCE))
    assert [ours[run.begin : run.end] for run in runs] == [
        "Analysts warn that the guns could be used"
    ]
    assert [SENTENCE[run.source_begin : run.source_end] for run in runs] == [
        "analysts warn that the guns could be used"
    ]


@settings(deadline=None)
@given(PHRASES, PHRASES, LONGER)
def test_runs_are_what_looking_up_finds(ours, theirs, more):
    """However much the words repeat themselves, runs are as long as can be, where first."""
    theirs = theirs + more + theirs
    runs, i, least = [], 0, min(3, len(ours))
    while i < len(ours):
        places = {
            length: j
            for length in range(least, len(ours) - i + 1)
            for j in reversed(range(len(theirs) - length + 1))
            if theirs[j : j + length] == ours[i : i + length]
        }
        if places:
            runs.append((i, places[max(places)], max(places)))
        i += max(places, default=1)
    assert find_runs(tokens(" ".join(ours)), tokens(" ".join(theirs))) == runs


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ours", "theirs", "longest"),
    [
        ("京" * 100_000, "京" * 100_000, 100_000),
        ("京" * 99_999 + "東", "京" * 100_000, 99_999),
        ("京都" * 50_000, "都京" * 50_000, 99_999),
        ("京" * 100_000, ("京" * 999 + "東") * 100, 999),
    ],
    ids=["same", "another end", "shifted", "cut"],
)
def test_what_repeats_itself_takes_no_quadratic_time(ours, theirs, longest):
    """100,000 words on both sides take half a second: word by word it would be ten thousand
    million steps."""
    with bounded_time():
        runs = find_runs(tokens(ours), tokens(theirs))
    assert runs[0][2] == longest
