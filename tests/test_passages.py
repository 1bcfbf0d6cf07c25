"""Passages: each kind is what the design's table says, and shares leave out what is asked."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align import COUNT_EVERYTHING, Counting, Passage, align, recount
from dedup.align.passages import KINDS, choose_kind, compute_shares, is_copied
from dedup.align.runs import common_subsequence, count_words_in_runs
from dedup.article import Span
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
    kind = choose_kind(spelled(ours), spelled(theirs), translated=translated, boilerplate=furniture)
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
    assert count_words_in_runs(*pair) == inside_runs(*pair)


@settings(deadline=None)
@given(LONGER, LONGER, LONGER)
def test_a_passage_is_copied_wherever_it_stands_in_the_source(ours, before, behind):
    """What surrounds it changes nothing."""
    home = spelled([*before, *ours, *behind])
    assert choose_kind(spelled(ours), home) == ("copied" if ours else "furniture")


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
    assert choose_kind(tokens(typed), tokens(source)) == "copied"


@pytest.mark.parametrize(
    ("words", "changed", "kind"),
    [(10, 1, "copied"), (10, 2, "paraphrased"), (19, 1, "copied"), (19, 2, "paraphrased"),
     (20, 2, "copied"), (20, 3, "paraphrased"), (9, 1, "paraphrased"), (9, 0, "copied")],
)  # fmt: skip
def test_one_word_in_ten_may_differ_and_no_more(words, changed, kind):
    """The thresholds stand where the design puts them, counted in whole words."""
    source = [f"word{i}" for i in range(words)]
    ours = [f"new{i}" for i in range(changed)] + source[changed:]
    assert choose_kind(spelled(ours), spelled(source)) == kind


def test_words_in_order_that_make_no_runs_are_no_copy():
    """Eleven of twelve words in order, but only nine of them inside runs."""
    ours = tokens("the guns could be used to shell key cities in the south")
    torn = tokens("the guns could be used to shell key cities on the coast or in a town far south")
    own, other = ([token.form for token in side] for side in (ours, torn))
    assert (textbook_subsequence(own, other), inside_runs(own, other)) == (11, 9)
    assert choose_kind(ours, torn) == "paraphrased"


def test_runs_in_another_order_are_no_copy():
    """The halves have changed places: every word is in a run, too few are in order."""
    moved = "the guns could be used to shell key cities, western military analysts warn that"
    assert choose_kind(tokens(moved), tokens(SENTENCE)) == "paraphrased"


def test_runs_that_overlap_both_count():
    """A word is inside a run whichever run of the source it is."""
    assert is_copied(tokens("troops and guns to Russia"), tokens("troops and guns, guns to Russia"))


def test_a_passage_of_two_words_must_stand_whole():
    """A heading has no run of three; all of it must be there, side by side."""
    heading = tokens("Artillery sent")
    assert choose_kind(heading, tokens("Artillery sent to Crimea")) == "copied"
    assert choose_kind(heading, tokens("Artillery was sent to Crimea")) == "paraphrased"


def test_without_a_home_it_is_added_and_without_words_it_is_no_passage():
    """Whatever the language; and what belongs to the page is furniture before all else."""
    ours = tokens(SENTENCE)
    assert choose_kind(ours, []) == choose_kind(ours, [], translated=True) == "added"
    assert choose_kind([], ours) == choose_kind(ours, ours, boilerplate=True) == "furniture"
    assert choose_kind(ours, ours, translated=True) == "translated"


# -- Shares: what an editor does not hold against a writer can be left out --------------------

KIND = st.sampled_from([*KINDS, "furniture"])


def passage(kind: str, words: int, quoted: int = 0) -> Passage:
    """A passage of which only the kind and the counts matter."""
    linked = kind in ("copied", "paraphrased", "translated")
    sources = (Span(0, 9),) if linked else ()
    return Passage(kind, 0, 9, (Span(0, 9),), 0.9, sources, (), (), words, min(quoted, words))  # type: ignore[arg-type]


PASSAGES = st.lists(st.builds(passage, KIND, st.integers(1, 40), st.integers(0, 40)), max_size=8)
COUNTED = st.builds(Counting, st.booleans(), st.booleans(), st.integers(0, 30))


@given(PASSAGES, COUNTED)
def test_shares_are_parts_of_one_whole(passages: list[Passage], counting: Counting) -> None:
    """They add up to 1, or are all 0 where nothing is counted."""
    found = compute_shares(passages, counting)
    assert set(found) == {*KINDS, *(["furniture"] if counting.boilerplate else [])}
    assert all(0 <= part <= 1 for part in found.values())
    assert sum(found.values()) == pytest.approx(1) or not any(found.values())


def test_quotations_count_neither_in_a_part_nor_in_the_whole() -> None:
    """Ten words copied, of which six are quoted, beside four of one's own: half and half."""
    passages = [passage("copied", 10, 6), passage("added", 4)]
    assert compute_shares(passages)["copied"] == pytest.approx(10 / 14)
    assert compute_shares(passages, Counting(quotations=False))["copied"] == 0.5


def test_matches_of_few_words_count_nowhere_and_own_sentences_always() -> None:
    """A short sentence of one's own is no match."""
    passages = [passage("copied", 5), passage("paraphrased", 15), passage("added", 5)]
    found = compute_shares(passages, Counting(min_words=8))
    assert (found["copied"], found["paraphrased"], found["added"]) == (0, 0.75, 0.25)


def test_boilerplate_has_a_share_only_if_it_is_asked_for() -> None:
    """As grey as it is, it may be most of the page."""
    passages = [passage("furniture", 30), passage("added", 10)]
    assert compute_shares(passages) == {"copied": 0, "paraphrased": 0, "translated": 0, "added": 1}
    assert compute_shares(passages, Counting(boilerplate=True))["furniture"] == 0.75


SOURCE = (
    "The minister resigned on Friday after auditors found the losses. “I have done nothing wrong "
    "and I shall prove it in court,” she told reporters in Lyon."
)
COPY = f"{SOURCE} Nobody in the capital had expected such a sudden end of her career."


def test_an_alignment_carries_what_a_recount_needs() -> None:
    """Words and quoted words of each passage, and where the quotation stands."""
    alignment = align(SOURCE, COPY)
    assert alignment.counting == COUNT_EVERYTHING
    assert [COPY[q.begin : q.end] for q in alignment.quotations] == [
        "“I have done nothing wrong and I shall prove it in court,”"
    ]
    assert [(p.words, p.quoted) for p in alignment.passages] == [(10, 0), (17, 12), (13, 0)]
    less = recount(alignment, Counting(quotations=False))
    assert less.shares["copied"] == pytest.approx(15 / 28)
    assert (less.passages, less.counting.quotations) == (alignment.passages, False)
    assert recount(less, COUNT_EVERYTHING) == alignment
