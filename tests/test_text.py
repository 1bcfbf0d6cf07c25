"""Text: every span points at what it claims, whatever the characters; hostile input is cheap."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patience import bounded_time, calls_of

from dedup.article import Article
from dedup.text import Text, prepare
from dedup.text.language import identify
from dedup.text.spelling import in_alphabet
from dedup.text.words import split_words
from seeds import PATHS

SEEDS = list(PATHS.values())

# Pieces of real pages, and characters that break careless code.
PIECES = (
    "Russia has started transferring artillery systems to Crimea, ", "ZDF reported Friday.",
    "“We will respond”, she said.", "the guns are among the longest-", "range pieces.\n",
    "https://www.zdf.de/nachrichten/a-100.html", "\n\n", "\r\n", "\r\n\r\n", " ### ", "\u2029",
    "  • Threat to cities. Analysts warn.", "By Aghakazim Guliyev", "Related content", "• ",
    "Images source: © Getty Images", "Leave a Reply", "11,000 troops", "$5m", " 60 kilometres ",
    "four thousand", "26 de março de 2025", "26.03.2025", "5 %", "1,5\u00a0Mio. Euro", "„Nein.“ ",
    "👩‍👩‍👧 🇰🇷", "e\u0301\u0301",
    "قال متحدث. ", "נאמר ב־", "\u200f", "朝鮮が砲を送る。", "「はい。」と",
    "\ud83d", "\udc00", "\x00", "\x1f", "\u00a0", "\u202f", "\ufeff", "\u3000", "٣٬٠٠٠", "²", "ẞ",
    "Trink-\nwasser ", "anti-\r\n  aircraft ", "Kar\u00ad\nte ", "oﬃce ", "pаypаl ",
    "น\u0e4d\u0e32", "\u1112\u1161\u11ab ", "か\u3099",
    "THE LOCKED TITLE", "She said: \"", "(AP) ", "A. B. ", "No. 5 ", "…", "—", "- ", "?!", "’",
)  # fmt: skip
ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included
NEWS = st.lists(st.sampled_from(PIECES) | ANY_TEXT, max_size=25).map("".join)
LANGUAGES = st.sampled_from(("en", "de", "fr", "pt", "ru", "ja", "ar", "und"))

unhurried = settings(deadline=None)  # a language's first text loads its word list


def prepared(text: str, language: str = "en", title: str | None = None) -> Text:
    return prepare(Article("a", text, title=title, language=language))


@unhurried
@given(NEWS, LANGUAGES)
@example("a\u0640.\u0301b", "en")
@example("$5\n€ 6 %.%", "en")
@example("𠀀pаypаl ", "en")
@example("A:XΦ", "en")
def test_every_token_is_the_word_that_its_span_covers(text: str, language: str) -> None:
    """Reading a token's slice gives its folded form, or one of look-alikes where words around it
    show that the text has such."""
    for sentence in prepared(text, language).sentences:
        for token in sentence.tokens:
            alone = "".join(split_words(text[token.begin : token.end]).forms())
            assert alone == token.form or in_latin(alone) == in_latin(token.form)


def in_latin(word: str) -> str:
    """A word in capitals, of which more look alike, those that look like Latin ones in Latin."""
    return "".join(in_alphabet(letter, "latin") or letter for letter in word.upper())


@unhurried
@given(NEWS, LANGUAGES)
def test_every_word_belongs_to_exactly_one_sentence(text: str, language: str) -> None:
    """No word is lost or counted twice, furniture included."""
    got = sorted(
        (token.begin, token.end)
        for sentence in prepared(text, language).sentences
        for token in sentence.tokens
    )
    found = split_words(text)
    assert got == list(zip(found.begins.tolist(), found.ends.tolist(), strict=True))


@unhurried
@given(NEWS, LANGUAGES)
def test_sentences_lie_within_their_blocks_and_tokens_within_their_sentences(
    text: str, language: str
) -> None:
    """A sentence's parts lie in parts of its block, its tokens in its parts."""
    whole = prepared(text, language)
    for sentence in whole.sentences:
        block = whole.blocks[sentence.block]
        for part in sentence.parts:
            assert any(p.begin <= part.begin < part.end <= p.end for p in block.parts)
        for token in sentence.tokens:
            assert any(p.begin <= token.begin < token.end <= p.end for p in sentence.parts)


@unhurried
@given(NEWS, LANGUAGES)
def test_parts_are_ordered_disjoint_and_trimmed(text: str, language: str) -> None:
    """The hull of a block or sentence is its first and last part; no part has outer spaces."""
    whole = prepared(text, language)
    for item in (*whole.blocks, *whole.sentences):
        bounds = [bound for part in item.parts for bound in (part.begin, part.end)]
        assert bounds == sorted(set(bounds))
        assert (item.begin, item.end) == (bounds[0], bounds[-1])
        assert all(part.of(text) == part.of(text).strip() for part in item.parts)


@unhurried
@given(NEWS, LANGUAGES)
def test_blocks_come_in_order_and_share_nothing(text: str, language: str) -> None:
    """Blocks are ordered by where they begin, and no character is in two."""
    blocks = prepared(text, language).blocks
    assert [b.begin for b in blocks] == sorted(b.begin for b in blocks)
    parts = sorted(part for block in blocks for part in block.parts)
    assert all(a.end <= b.begin for a, b in pairwise(parts))


@unhurried
@given(NEWS, LANGUAGES)
def test_anchors_lie_in_their_sentence(text: str, language: str) -> None:
    """An anchor's span is inside its sentence, holds a word, and furniture has none."""
    for sentence in prepared(text, language).sentences:
        for anchor in sentence.anchors:
            assert sentence.begin <= anchor.begin < anchor.end <= sentence.end
            assert len(split_words(text[anchor.begin : anchor.end]))
            assert anchor.value
        assert not (sentence.form == "furniture" and sentence.anchors)


@unhurried
@given(NEWS, LANGUAGES)
def test_preparing_twice_gives_the_same(text: str, language: str) -> None:
    """The same article is always taken apart in the same way, and never changed."""
    article = Article("a", text, language=language)
    assert prepare(article) == prepare(article)
    assert prepare(article).article.text == text


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_other_line_ends_and_normal_forms_change_no_sentence(path: Path) -> None:
    """CRLF in place of LF gives the same sentences, word by word."""
    text = path.read_bytes().decode("utf-8")
    forms = [[[t.form for t in s.tokens] for s in prepared(version).sentences]
             for version in (text, text.replace("\n", "\r\n"))]  # fmt: skip
    assert forms[0] == forms[1]


@pytest.mark.parametrize("declared", ["pt-BR", "pt_PT", "PT", "por"])
def test_a_language_is_declared_in_several_ways(declared: str) -> None:
    """With its country, in capitals, by three letters: it is Portuguese."""
    assert prepared("Onze mil soldados.", declared).language == "pt"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ｔｈｅ　ｍｉｎｉｓｔｅｒ　ｒｅｓｉｇｎｅｄ　ｏｎ　Ｆｒｉｄａｙ．", "en"),
        ("Die Bun\u00addes\u00adre\u00adgie\u00adrung hat am Frei\u00adtag neue Zah\u00adlen "
         "vor\u00adge\u00adlegt.", "de"),
        ("Тhе mіnіstеr rеsіgnеd оn Frіdау аftеr thе соurt rulеd.", "en"),
        ("市政府表示，由于天气原因，周二所有渡轮停运，预计周三恢复。", "zh"),
    ],
)  # fmt: skip
def test_a_language_is_that_of_the_text_as_it_is_read(text: str, language: str) -> None:
    """Full width, invisible characters and letters of another alphabet that look the same make
    no other language, and Mandarin is not Wu."""
    assert identify(text) == language


def test_a_text_without_a_word_is_furniture() -> None:
    """A line of nothing but signs is no sentence of the story."""
    assert prepared("…\n\n***\n\n—").prose == ()
    assert prepared("").sentences == ()


# Hostile input. The limits are ten times what a 2-core machine needs.

MILLION = 1_000_000
HOSTILE = {
    "a line without a space": "x" * MILLION,
    "quote marks": '"' * MILLION,
    "line ends": "\n" * MILLION,
    "NULs": "\0" * MILLION,
    "combining marks": "\u0301" * MILLION,
    "lone surrogates": "a\ud800" * (MILLION // 4),
    "digits and marks": "111," * (MILLION // 16),
    "scales": "two " + "million " * (MILLION // 8),
    "hundreds": "two " + "hundred " * (MILLION // 8),
    "short lines": "a\n" * (MILLION // 8),
    "open sentences": "abc\n\n" * (MILLION // 20),
    "ornaments": "* " * (MILLION // 2),
    "addresses": "https://a.b/c\n" * (MILLION // 14),
    "slashes": "/ap(ap" * (MILLION // 6),
    "Han": "国" * (MILLION // 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_takes_seconds_not_minutes(kind: str) -> None:
    """Up to a million characters of anything are taken apart in bounded time."""
    with bounded_time():
        whole = prepared(HOSTILE[kind])
    assert all(sentence.parts for sentence in whole.sentences)


def test_work_grows_with_length_and_no_faster() -> None:
    """An article of ten times the length takes no more than ten times the calls."""
    text = SEEDS[2].read_text("utf-8")
    prepared(text)
    short, long = (calls_of(lambda copies=copies: prepared(text * copies)) for copies in (20, 200))
    assert long < 11 * short


def test_an_endless_sentence_is_cut_between_words() -> None:
    """No sentence outgrows the limit but for one endless word."""
    whole = prepared("word " * 2_000)
    assert len(whole.sentences) == 5
    endless = prepared("Kim " + "x" * 5_000 + " said")
    assert max(len(whole.slice(t)) for s in endless.sentences for t in s.tokens) <= 5_000
    assert "x" * 5_000 in [t.form for s in endless.sentences for t in s.tokens]


def test_the_word_that_opens_a_quotation_is_no_name_for_its_capital() -> None:
    """Nor is what follows a colon, unless the text capitalises it elsewhere, too."""
    text = "He said: “Great loss, great grief.” She wrote: Some day Nashik must rise. “Nashik!”"
    names = [anchor.value for anchor in prepare(Article("a", text, language="en")).anchors]
    assert not {"great", "some"} & set(" ".join(names).split())
    assert names.count("nashik") == 2
