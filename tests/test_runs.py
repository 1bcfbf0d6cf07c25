"""Runs: `copied` is what the definition says, word by word."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align.runs import common_subsequence, identical_runs, is_copied, located
from dedup.text import Token
from dedup.text.words import words

SENTENCE = "Western military analysts warn that the guns could be used to shell key cities."
WORDS = ["north", "korea", "sent", "troops", "guns", "to", "russia", "and", "crimea"]
# Few different words, so that runs and their look-alikes are frequent.
PHRASES = st.lists(st.sampled_from(WORDS[:4]), max_size=14)
LONGER = st.lists(st.sampled_from(WORDS), max_size=40)


def tokens(text):
    """The words of a text as tokens."""
    found = words(text)
    return list(map(Token, found.begins.tolist(), found.ends.tolist(), found.forms()))


def forms(listed):
    return [token.form for token in listed]


def naive_subsequence(ours, theirs):
    """The textbook table of the longest common subsequence."""
    table = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if one == other else max(table[i][j + 1], table[i + 1][j])
            )
    return table[-1][-1]


def naive_copied(ours, theirs):
    """The definition in DESIGN.md, read aloud; short passages must stand whole."""
    width = min(3, len(ours))
    runs = [theirs[j : j + width] for j in range(len(theirs) - width + 1)]
    inside = set()
    for i in range(len(ours) - width + 1):
        if ours[i : i + width] in runs:
            inside |= set(range(i, i + width))
    return (
        len(ours) > 0
        and len(inside) >= 0.8 * len(ours)
        and naive_subsequence(ours, theirs) >= 0.9 * len(ours)
    )


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_the_common_subsequence_is_as_long_as_the_textbooks(ours, theirs):
    """Bits and table agree."""
    assert common_subsequence(ours, theirs) == naive_subsequence(ours, theirs)


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_copied_is_what_the_design_says(ours, theirs):
    """Nine in ten words in order, eight in ten inside runs of three or more."""
    copied = is_copied(tokens(" ".join(ours)), tokens(" ".join(theirs)))
    assert copied == naive_copied(ours, theirs)


@settings(deadline=None)
@given(LONGER, st.integers(0, 39), st.sampled_from(WORDS))
def test_a_copy_with_one_word_replaced_is_judged_by_the_definition(ours, place, other):
    """Near the thresholds too, rounding does not decide."""
    edited = [*ours[:place], other, *ours[place + 1 :]]
    copied = is_copied(tokens(" ".join(edited)), tokens(" ".join(ours)))
    assert copied == naive_copied(edited, ours)


@settings(deadline=None)
@given(PHRASES, PHRASES)
def test_runs_are_equal_maximal_and_disjoint(ours, theirs):
    """The same words on both sides, no word of ours twice, none that could be longer."""
    runs, end = identical_runs(tokens(" ".join(ours)), tokens(" ".join(theirs))), 0
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
    runs = identical_runs(tokens(" ".join(ours)), tokens(" ".join(theirs)))
    taken = {k for i, _, length in runs for k in range(i, i + length)}
    theirs_in_threes = {tuple(theirs[j : j + 3]) for j in range(len(theirs) - 2)}
    for i in range(len(ours) - 2):
        if tuple(ours[i : i + 3]) in theirs_in_threes:
            assert taken & {i, i + 1, i + 2}


def test_case_punctuation_quotes_and_line_breaks_do_not_count():
    """What an editor's typography changes is copied all the same."""
    source = "Kim reaffirmed his country’s “full support” for Russia — in its war on Ukraine."
    typed = 'KIM reaffirmed his country\'s "full\nsupport" for Russia, in its war on\r\nUkraine!'
    assert is_copied(tokens(typed), tokens(source))


def test_nine_words_of_ten_are_copied_and_eight_are_not():
    """The thresholds stand where the design puts them."""
    source = "Pyongyang has supplied Russia with large quantities of short-range missiles"
    assert len(tokens(source)) == 11
    one, two = source.replace("large", "great"), source.replace("large quantities", "great stores")
    assert is_copied(tokens(one), tokens(source))
    assert not is_copied(tokens(two), tokens(source))


def test_scattered_words_in_order_are_not_copied():
    """Order without runs is no copy: every third word is new."""
    ours = tokens("the guns then could be perhaps used to also shell key even cities")
    theirs = tokens("the guns could be used to shell key cities")
    assert not is_copied(ours, theirs)


def test_moved_runs_are_no_copy_by_themselves():
    """Runs without order are no copy: the halves have changed places."""
    moved = "the guns could be used to shell key cities, western military analysts warn that"
    assert not is_copied(tokens(moved), tokens(SENTENCE))
    assert [length for _, _, length in identical_runs(tokens(moved), tokens(SENTENCE))] == [9, 5]


def test_runs_that_overlap_both_count():
    """A word is inside a run whichever run of the source it is."""
    ours = tokens("troops and guns to Russia")
    assert is_copied(ours, tokens("troops and guns, guns to Russia"))
    assert identical_runs(ours, tokens("troops and guns, guns to Russia")) == [(0, 0, 3)]


def test_a_passage_of_two_words_must_stand_whole():
    """A heading has no run of three; all of it must be there, side by side."""
    assert is_copied(tokens("Artillery sent"), tokens("Artillery sent to Crimea"))
    assert not is_copied(tokens("Artillery sent"), tokens("Artillery was sent to Crimea"))
    assert not is_copied([], tokens(SENTENCE))
    assert not is_copied(tokens(SENTENCE), [])


def test_runs_have_their_spans_on_both_sides():
    """Each side slices to the words of the run."""
    ours = "Analysts warn that the guns could be used against ports."
    runs = located(identical_runs(tokens(ours), tokens(SENTENCE)), tokens(ours), tokens(SENTENCE))
    assert [ours[run.begin : run.end] for run in runs] == [
        "Analysts warn that the guns could be used"
    ]
    assert [SENTENCE[run.source_begin : run.source_end] for run in runs] == [
        "analysts warn that the guns could be used"
    ]


def test_a_monotonous_passage_takes_no_quadratic_time():
    """Thousands of equal words, on both sides and with an end that differs."""
    same, other = tokens("京" * 8_000), tokens("京" * 7_999 + "東")
    start = time.perf_counter()
    assert identical_runs(same, same) == [(0, 0, 8_000)]
    assert identical_runs(same, other)[0] == (0, 0, 7_999)
    assert is_copied(other, same)
    assert time.perf_counter() - start < 5
