"""Words: where they are, and what they are once case and accents are folded away."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.spelling import ALPHABETS
from dedup.text.words import (
    ALONE,
    LETTER,
    SEPARATOR,
    SILENT,
    TWO,
    fold_table,
    hash_words,
    respell,
    split_words,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included
# What a text is written in as a whole decides on some words: look-alikes, Serbian, hyphens.
DECIDED_BY_THE_WORD = st.text(
    st.characters(
        exclude_categories=(),
        exclude_characters="".join(
            chr(point)
            for name in ("cyrillic", "greek", "armenian")
            for low, high in ALPHABETS[name]
            for point in range(low, high + 1)
        ),
    )
)
# Letters whose accents are folded away; Hangul syllables come apart into jamo, which we keep.
ACCENTED = st.text(
    st.one_of(
        st.sampled_from("aeioucnszдйіїґеΑάώŁźżçãõñüöäßøåğışЁё \u0301\u0308.,’-1٣"),
        st.characters(max_codepoint=0x24F),
    )
)
# What comes apart into several letters: Hangul, Kana, Indic vowel signs.
IN_PARTS = st.text(
    st.one_of(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.characters(min_codepoint=0x3041, max_codepoint=0x30FE),
        st.characters(min_codepoint=0x900, max_codepoint=0xDFF),
        st.characters(min_codepoint=0x590, max_codepoint=0x6FF),
        st.sampled_from(" -\n"),
    )
)


def one_by_one(text: str) -> list[tuple[int, int, str]]:
    """The words of `text`, read one character at a time: slow and obvious."""
    table, spelling = fold_table(), respell(text)
    begins = range(len(text)) if spelling.begins is None else spelling.begins.tolist()
    ends = range(1, len(text) + 1) if spelling.ends is None else spelling.ends.tolist()
    found: list[tuple[int, int, str]] = []
    grows = within = False  # whether a letter goes on with the word, and a silent mark
    for begin, end, character in zip(begins, ends, spelling.text, strict=True):
        folded = int(table[ord(character)])
        letter = folded & int(LETTER)
        if folded == SEPARATOR:
            grows = within = False
        elif folded == SILENT:
            if within:
                found[-1] = (found[-1][0], end, found[-1][2])
        else:
            pair = map(chr, table[letter : letter + 2].tolist())
            form = "".join(pair) if folded & int(TWO) else chr(letter)
            alone = bool(folded & int(ALONE))
            if grows and not alone:
                found[-1] = (found[-1][0], end, found[-1][2] + form)
            else:
                found.append((begin, end, form))
            grows, within = not alone, True
    return found


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Kim Jong-Un’s 11,000 troops", ["kim", "jong", "un", "s", "11", "000", "troops"]),
        ("Zaporizhzhia's São Paulo", ["zaporizhzhia", "s", "sao", "paulo"]),
        ("ПІВНІЧНА Корея", ["північна", "корея"]),
        ("朝鮮が砲を送る", list("朝鲜が砲を送る")),
        ("उत्तर कोरिया", ["उत्तर", "कोरिया"]),
        ("أَرْسَلَت كوريا", ["ارسلت", "كوريا"]),
        ("Straße, İstanbul", ["strasse", "istanbul"]),
    ],
)
def test_words_of_many_scripts_are_found_and_folded(text: str, forms: list[str]) -> None:
    """Case, accents and vowel points are folded; a Han or Kana character is a word."""
    assert split_words(text).forms() == forms


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Pa\u00adpier\u00adfabrik", "Papierfabrik"),
        ("Fer\u200bry ope\ufe0frator\u2060", "Ferry operator"),
        ("\u202bشرکت کشتی\u202c می\u200cرود", "شركت كشتي ميرود"),
        ("क़लम ज़मीन", "कलम जमीन"),
        ("пам\u02bcять", "пам'ять"),
        ("臺灣總統選舉的結果", "台湾总统选举的结果"),
        ("Ｆｅｒｒｙ　２０２４", "Ferry 2024"),
        ("a\U000e0101b", "ab"),
        (unicodedata.normalize("NFD", "제지공장에서 큰불이 났다"), "제지공장에서 큰불이 났다"),
        (unicodedata.normalize("NFD", "がぎぐパピプ"), "がぎぐパピプ"),
        ("ｶﾞｿﾘﾝ ﾊﾟﾝ", "ガソリン パン"),
        (unicodedata.normalize("NFD", "কোটি ভোট தொழில் ಕೋಟಿ"), "কোটি ভোট தொழில் ಕೋಟಿ"),
        ("น\u0e4d\u0e32 น\u0e49\u0e4d\u0e32", "น\u0e33 น\u0e49\u0e33"),
        ("Straße ẞ", "Strasse ss"),
        ("ﬁnancial oﬃce ĳs ǉubav Ⅷ", "financial office ijs ljubav VIII"),
        ("ﻻ ﷲ ﻣﺤﻤﺪ", "لا الله محمد"),
        ("IŞIK SIĞ", "ışık sığ"),
        ("٣٠٠ ۳۰۰ ३०० ๓๐๐", "300 300 300 300"),
        (
            "Trink-\nwasser Ver-\r\n  ein Kar\u00ad\nte Tor\u2010\nwart",
            "Trinkwasser Verein Karte Torwart",
        ),
        ("Rhein-\nMain, 20-\nyear", "Rhein-Main, 20-year"),
        ("pаypаl а nеw раge", "paypal a new page"),
        ("Киïв i мiсто", "Київ і місто".replace("ї", "ï")),
        ("Ђорђе Љубичић је рекао: њихов џак", "Đorđe Ljubičić je rekao: njihov džak"),
    ],
)
def test_texts_that_read_the_same_have_the_same_words(text: str, other: str) -> None:
    """Invisible characters, full width, letters in parts, ligatures, other digits, apostrophes,
    traditional Chinese, hyphens at line ends, look-alikes and Serbian in Cyrillic make no other
    words, and spans still point into the text as given."""
    words, others = split_words(text), split_words(other)
    assert words.forms() == others.forms()
    assert np.array_equal(words.hashes, others.hashes)
    bounds = np.stack([words.begins, words.ends], axis=1).ravel()
    assert np.all(np.diff(bounds) >= 0)
    uncovered = np.ones(len(text), dtype=bool)
    for begin, end in bounds.reshape(-1, 2):
        uncovered[begin:end] = False
    assert not split_words("".join(np.array(list(text))[uncovered])).forms()


@given(DECIDED_BY_THE_WORD)
def test_a_word_reads_the_same_alone_as_in_its_text(text: str) -> None:
    """Cutting a word out of any text and reading it again gives the same word."""
    found = split_words(text)
    for begin, end, form in zip(found.begins, found.ends, found.forms(), strict=True):
        assert split_words(text[begin:end]).forms() == [form]


@given(st.one_of(ANY_TEXT, ACCENTED))
def test_words_agree_with_reading_one_character_at_a_time(text: str) -> None:
    """The vectorised reading finds what a plain loop finds."""
    found = split_words(text)
    assert one_by_one(text) == [
        (int(a), int(b), form)
        for a, b, form in zip(found.begins, found.ends, found.forms(), strict=True)
    ]


@given(st.one_of(ACCENTED, IN_PARTS))
def test_composed_and_decomposed_letters_give_equal_words(text: str) -> None:
    """NFC and NFD of a text have the same words, in any script of the news."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert split_words(composed).forms() == split_words(decomposed).forms()


def test_hyphens_of_a_text_that_is_not_hyphenated_stay() -> None:
    """Where hardly a line ends in a hyphen, the hyphen belongs to its word, unless the text has
    the word whole; what the text writes with a hyphen keeps it."""
    lines = "The ministers met again on Monday\n" * 30
    forms = split_words(f"{lines}and agreed on anti-\naircraft guns").forms()
    assert "antiaircraft" not in forms
    whole = f"{lines}The aircraft and antiaircraft anti-\naircraft guns"
    assert split_words(whole).forms().count("antiaircraft") == 2
    kept = "An engine-room fire\nin the engine-\nroom of the ship"
    assert "engineroom" not in split_words(kept).forms()
    hyphenated = "The mini-\nsters met again on Monday\n" * 5
    assert "ministers" in split_words(hyphenated).forms()


@pytest.mark.parametrize(
    "text",
    [
        "Ту-154М и iPhone, COVID-19 и Wi-Fi",  # alphabets apart
        "А се јави нов проблем во Македонија, ќе треба време",  # Macedonian
        "Он сказал: «Ћирилица», это слово; ещё о языке и музыке",  # Russian that quotes Serbian
        "10 μm и 5 кВт",
        "США, СССР и CEO",
    ],
)
def test_what_is_written_in_two_alphabets_on_purpose_stays(text: str) -> None:
    """A word with letters that belong to one alphabet only keeps it, and so do acronyms, and no
    other language than Serbian is put into Latin letters."""
    assert respell(text).text == text


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)))
def test_equal_words_have_equal_hashes_wherever_they_stand(parts: list[str]) -> None:
    """A word's hash depends on its folded letters alone."""
    found = split_words(" ".join(parts))
    for form, value in zip(found.forms(), found.hashes.tolist(), strict=True):
        alone = split_words(form)
        if alone.forms() == [form]:
            assert alone.hashes.tolist() == [value]


def test_the_fold_table_keeps_out_everything_but_letters_marks_and_numbers() -> None:
    """Exactly the characters that are no letter, mark or number separate words, and letters that
    are typed as apostrophes; what cannot be seen does not."""
    table = fold_table()
    for point in range(0x3000):
        category = unicodedata.category(chr(point))
        separates = (category[0] not in "LMN" and category != "Cf") or chr(point) in "ʻʼʽ"
        assert bool(table[point] == SEPARATOR) is separates, hex(point)


def test_the_fold_table_cannot_be_changed() -> None:
    """All readers share one table, so it is read-only."""
    with pytest.raises(ValueError, match="read-only"):
        fold_table()[0] = np.uint32(1)


def test_no_words_have_no_hashes() -> None:
    """A text without a word is no special case for its readers."""
    found = split_words("… — !")
    assert len(found) == 0
    assert found.forms() == []
    assert len(hash_words(found.letters, found.starts)) == 0
