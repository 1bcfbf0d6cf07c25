"""Blocks: contiguous on both sides, disjoint, exact where the copy is exact, in bounded time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.align.blocks import BlockPair, find_blocks
from dedup.align.local import MIN_WORDS
from dedup.article import Article, Span
from dedup.text import prepare
from seeds import TEXTS as SEEDS

PENSIONS = (
    "The finance minister resigned on Friday after auditors found 40 million euros missing from "
    "the pension fund. Prosecutors searched her house in Lyon on Thursday and seized two "
    "computers. The prime minister said he had known nothing of the losses, which a whistleblower "
    "reported to the court of auditors in March."
)
RETOLD = (
    "After auditors discovered that 40 million euros were missing from the pension fund, the "
    "minister of finance stepped down on Friday. Two computers had been seized the day before, "
    "when prosecutors searched her house in Lyon. Of the losses, reported in March by a "
    "whistleblower to the court of auditors, the prime minister claims to have known nothing."
)
SNOW = (
    "Heavy snow closed three Alpine passes overnight. Farmers in Tyrol lost part of the apple "
    "harvest. Ski resorts opened two weeks early, and hoteliers expect a record December."
)
HARBOUR = (
    "Dockers in Antwerp walked out at dawn over a plan to automate the container cranes. The "
    "union wants guarantees for four hundred jobs; the operator offers retraining and early "
    "retirement. Freight was diverted to Rotterdam and Zeebrugge."
)
ORCHESTRA = (
    "The city orchestra named a conductor of twenty-nine, the youngest in its history. She "
    "studied violin in Tallinn and led an ensemble for contemporary opera before. Her first "
    "season opens with Sibelius in September."
)

PIECES = (
    *(s for text in SEEDS.values() for s in text.split("\n") if s.strip()),
    *(
        PENSIONS,
        RETOLD,
        SNOW,
        HARBOUR,
        "俄罗斯开始向克里米亚运送朝鲜火炮。",
        "***",
        "Leave a Reply",
        "",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("\n\n".join)


def found(source, derivative, passages=()):
    return find_blocks(
        *(prepare(Article(x or "empty", x, language="en")) for x in (source, derivative)), passages
    )


def spelled(source, derivative):
    """The blocks as their words, in the derivative and in the source."""
    return [
        (derivative[b.begin : b.end], source[b.source_begin : b.source_end])
        for b in found(source, derivative)
    ]


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_blocks_are_real_spans_disjoint_and_in_order(source, derivative):
    """Of the derivative no character is in two blocks; no span is empty or leaves its text."""
    pairs = found(source, derivative)
    borders = [x for b in pairs for x in (b.begin, b.end)]
    assert borders == sorted(borders)
    for b in pairs:
        assert 0 <= b.begin < b.end <= len(derivative)
        assert 0 <= b.source_begin < b.source_end <= len(source)
        assert not derivative[b.begin].isspace()
        assert not derivative[b.end - 1].isspace()
    assert pairs == found(source, derivative)


def test_a_text_is_one_block_of_itself():
    """From the first character to the last."""
    text = "\n\n".join((PENSIONS, HARBOUR, ORCHESTRA))
    assert found(text, text) == (BlockPair(0, len(text), 0, len(text)),)


@pytest.mark.parametrize("version", [PENSIONS, RETOLD], ids=["copied", "retold"])
def test_a_paragraph_from_another_article_is_one_block(version):
    """Its borders are the paragraph's on both sides, copied or retold."""
    source = "\n\n".join((SNOW, PENSIONS, ORCHESTRA))
    assert spelled(source, f"{HARBOUR}\n\n{version}") == [(version, PENSIONS)]


def test_a_copy_that_begins_and_ends_within_sentences_is_cut_there():
    """Exact words give exact borders, whatever the sentences."""
    copied = PENSIONS[PENSIONS.index("auditors") : PENSIONS.index(", which")]
    derivative = f"{HARBOUR} Brussels, meanwhile, learned that {copied}, to general amusement."
    source = f"{SNOW}\n\n{PENSIONS}"
    assert spelled(source, derivative) == [(copied, copied)]


def test_moved_paragraphs_are_blocks_of_their_own():
    """What was swapped around something new is found in both places."""
    derivative = "\n\n".join((HARBOUR, SNOW, PENSIONS))
    source = "\n\n".join((PENSIONS, ORCHESTRA, HARBOUR))
    assert spelled(source, derivative) == [(HARBOUR, HARBOUR), (PENSIONS, PENSIONS)]


def test_a_block_spans_furniture_inside_a_copy():
    """A form that a page puts into the story does not cut the copy in two."""
    first, rest = PENSIONS.split(". ", 1)
    derivative = f"{first}.\n\nLeave a Reply\n\nYour email address will not be published.\n\n{rest}"
    assert found(PENSIONS, derivative) == (BlockPair(0, len(derivative), 0, len(PENSIONS)),)


def test_unrelated_articles_have_no_block():
    """Nor have articles that share a topic and an agency's sentence or two."""
    assert found(PENSIONS, SNOW) == ()
    assert found(SEEDS["004"], ORCHESTRA) == ()


@pytest.mark.parametrize("empty", ["", "  \n\n", "… — !", "Resigned"])
def test_an_empty_side_has_no_block(empty):
    """Neither has a single word."""
    assert found(empty, PENSIONS) == ()
    assert found(PENSIONS, empty) == ()


def test_linked_sentences_make_blocks_where_words_are_no_evidence():
    """A translation's blocks are its links; a lone short sentence makes none."""
    german = (
        "Die Finanzministerin trat am Freitag zurück, weil Prüfer im Rentenfonds das Fehlen von 40 "
        "Millionen Euro bemerkt hatten. Ermittler durchsuchten am Donnerstag ihr Haus in Lyon und "
        "nahmen zwei Computer mit. Es schneit."
    )
    source = prepare(Article("en", PENSIONS, language="en"))
    derivative = prepare(Article("de", german, language="de"))
    own, theirs = ([Span(s.begin, s.end) for s in x.sentences] for x in (derivative, source))
    linked = [(own[0], (theirs[0],)), (own[1], (theirs[1],)), (own[2], ())]
    both = BlockPair(0, own[1].end, 0, theirs[1].end)
    assert find_blocks(source, derivative, linked) == (both,)
    assert find_blocks(source, derivative, [(own[2], (theirs[1],))]) == ()
    assert len(german.split()) > MIN_WORDS


@pytest.mark.parametrize(
    ("source", "derivative"),
    [
        ("a" * 1_000_000, "a" * 1_000_000),
        ("京" * 50_000, "京" * 50_000),
        (f"{HARBOUR} " * 500, f"{HARBOUR} " * 500),
        (HARBOUR, f"{HARBOUR} " * 1_000),
        ("no ice " * 20_000, "no ice " * 20_000),
    ],
    ids=["no space", "one character", "one paragraph", "one paragraph against itself", "two words"],
)
def test_monstrous_texts_take_bounded_time(source, derivative):
    """However often a text says the same."""
    texts = [prepare(Article(str(len(x)), x, language="en")) for x in (source, derivative)]
    with bounded_time():
        find_blocks(*texts, ())
