"""Kinds: each is what the design's table says, word by word."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align.kinds import common_subsequence, is_copied, kind_of, words_in_runs
from dedup.align.runs import encode_as_characters
from dedup.text import Token
from dedup.text.words import split_words

SENTENCE = "Western military analysts warn that the guns could be used to shell key cities."
WORDS = ["north", "korea", "sent", "troops", "guns", "to", "russia", "and", "crimea"]
# Few different words, so that runs and their look-alikes are frequent.
PHRASES = st.lists(st.sampled_from(WORDS[:4]), max_size=14)
LONGER = st.lists(st.sampled_from(WORDS), max_size=40)


@st.composite
def edited(draw):
    """A passage of many words and what an editor made of it: around the thresholds."""
    theirs = draw(st.lists(st.sampled_from(WORDS), min_size=5, max_size=30))
    ours = list(theirs)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(ours) - 1, 0)))
        ours[place : place + draw(st.integers(0, 2))] = draw(
            st.lists(st.sampled_from([*WORDS, "howitzers", "pyongyang"]), max_size=2)
        )
    if draw(st.booleans()):  # a clause is moved to the front
        cut = draw(st.integers(0, len(ours)))
        ours = ours[cut:] + ours[:cut]
    return ours, theirs


PAIRS = st.one_of(st.tuples(PHRASES, PHRASES), st.tuples(LONGER, LONGER), edited())


def tokens(text):
    """The words of a text as tokens."""
    found = split_words(text)
    return list(map(Token, found.begins.tolist(), found.ends.tolist(), found.forms()))


def spelled(listed):
    """A list of words as tokens."""
    return tokens(" ".join(listed))


# -- The definition, read aloud --------------------------------------------------------------


def textbook_subsequence(ours, theirs):
    """The textbook table of the longest common subsequence."""
    table = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for (i, one), (j, other) in product(enumerate(ours), enumerate(theirs)):
        longer = max(table[i][j + 1], table[i + 1][j])
        table[i + 1][j + 1] = table[i][j] + 1 if one == other else longer
    return table[-1][-1]


def inside_runs(ours, theirs):
    """Every word that some run of at least three identical words covers, run by run.

    A passage of one or two words is a run only as a whole.
    """
    shortest = min(3, len(ours))
    covered = set()
    for i, j in product(range(len(ours)), range(len(theirs))):
        length = 0
        while (
            i + length < len(ours)
            and j + length < len(theirs)
            and ours[i + length] == theirs[j + length]
        ):
            length += 1
        if length >= shortest:
            covered |= set(range(i, i + length))
    return len(covered)


def slow_kind(ours, theirs, translated, furniture):
    """The table of kinds in DESIGN.md."""
    if furniture or not ours:
        return "furniture"
    if not theirs:
        return "added"
    if translated:
        return "translated"
    in_order = textbook_subsequence(ours, theirs) / len(ours)
    in_runs = inside_runs(ours, theirs) / len(ours)
    return "copied" if in_order >= 9 / 10 and in_runs >= 8 / 10 else "paraphrased"


# -- Properties ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(PAIRS, st.booleans(), st.booleans())
def test_the_kind_is_what_the_design_says(pair, translated, furniture):
    """Whatever the words, the table read aloud gives the same kind."""
    ours, theirs = pair
    kind = kind_of(spelled(ours), spelled(theirs), translated=translated, furniture=furniture)
    assert kind == slow_kind(ours, theirs, translated, furniture)


@settings(deadline=None, max_examples=200)
@given(edited())
def test_an_edited_copy_is_judged_by_the_definition(pair):
    """Near the thresholds too, rounding does not decide."""
    assert is_copied(*map(spelled, pair)) == (slow_kind(*pair, False, False) == "copied")


@settings(deadline=None)
@given(PAIRS)
def test_the_common_subsequence_is_as_long_as_the_textbooks(pair):
    """Bits and table agree, and it is the same from either side."""
    ours, theirs = pair
    length = common_subsequence(ours, theirs)
    assert length == textbook_subsequence(ours, theirs) == common_subsequence(theirs, ours)


@settings(deadline=None)
@given(PAIRS)
def test_the_words_in_runs_are_those_that_runs_cover(pair):
    """Threes side by side cover what the longest runs cover."""
    ours, theirs = pair
    assert words_in_runs(*encode_as_characters(*map(spelled, pair))) == inside_runs(ours, theirs)


@settings(deadline=None)
@given(LONGER, LONGER, LONGER)
def test_a_passage_is_copied_wherever_it_stands_in_the_source(ours, before, behind):
    """What surrounds it changes nothing."""
    home = spelled([*before, *ours, *behind])
    assert kind_of(spelled(ours), home) == ("copied" if ours else "furniture")


@settings(deadline=None)
@given(edited(), st.lists(st.sampled_from([*WORDS, "howitzers"]), max_size=10))
def test_more_source_never_makes_less_of_a_copy(pair, more):
    """A longer source has the words of the shorter, in its order."""
    ours, theirs = map(spelled, pair)
    if is_copied(ours, theirs):
        assert is_copied(ours, theirs + spelled(more))
        assert is_copied(ours, spelled(more) + theirs)


# -- By example ------------------------------------------------------------------------------


def test_case_punctuation_quotes_and_line_breaks_do_not_count():
    """What an editor's typography changes is copied all the same."""
    source = "Kim reaffirmed his country’s “full support” for Russia — in its war on Ukraine."
    typed = 'KIM reaffirmed his country\'s "full\nsupport" for Russia, in its war on\r\nUkraine!'
    assert kind_of(tokens(typed), tokens(source)) == "copied"


@pytest.mark.parametrize(
    ("words", "changed", "kind"),
    [(10, 1, "copied"), (10, 2, "paraphrased"), (19, 1, "copied"), (19, 2, "paraphrased"),
     (20, 2, "copied"), (20, 3, "paraphrased"), (9, 1, "paraphrased"), (9, 0, "copied")],
)  # fmt: skip
def test_one_word_in_ten_may_differ_and_no_more(words, changed, kind):
    """The thresholds stand where the design puts them, counted in whole words."""
    source = [f"word{i}" for i in range(words)]
    ours = [f"new{i}" for i in range(changed)] + source[changed:]
    assert kind_of(spelled(ours), spelled(source)) == kind


def test_words_in_order_that_make_no_runs_are_no_copy():
    """Eleven of twelve words in order, but only nine of them inside runs."""
    ours = tokens("the guns could be used to shell key cities in the south")
    torn = tokens("the guns could be used to shell key cities on the coast or in a town far south")
    own, other = encode_as_characters(ours, torn)
    assert (textbook_subsequence(own, other), inside_runs(own, other)) == (11, 9)
    assert kind_of(ours, torn) == "paraphrased"


def test_runs_in_another_order_are_no_copy():
    """The halves have changed places: every word is in a run, too few are in order."""
    moved = "the guns could be used to shell key cities, western military analysts warn that"
    assert kind_of(tokens(moved), tokens(SENTENCE)) == "paraphrased"


def test_runs_that_overlap_both_count():
    """A word is inside a run whichever run of the source it is."""
    assert is_copied(tokens("troops and guns to Russia"), tokens("troops and guns, guns to Russia"))


def test_a_passage_of_two_words_must_stand_whole():
    """A heading has no run of three; all of it must be there, side by side."""
    heading = tokens("Artillery sent")
    assert kind_of(heading, tokens("Artillery sent to Crimea")) == "copied"
    assert kind_of(heading, tokens("Artillery was sent to Crimea")) == "paraphrased"


def test_without_a_home_it_is_added_and_without_words_it_is_no_passage():
    """Whatever the language; and what belongs to the page is furniture before all else."""
    ours = tokens(SENTENCE)
    assert kind_of(ours, []) == kind_of(ours, [], translated=True) == "added"
    assert kind_of([], ours) == kind_of(ours, ours, furniture=True) == "furniture"
    assert kind_of(ours, ours, translated=True) == "translated"
