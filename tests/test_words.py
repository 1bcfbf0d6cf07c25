"""Words: where they are, and what they are once case and accents are folded away."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.words import ALONE, SEPARATOR, SILENT, fold_table, hash_words, split_words

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included
# Letters whose accents are folded away; Hangul syllables come apart into jamo, which we keep.
ACCENTED = st.text(
    st.one_of(
        st.sampled_from("aeioucnszдйіїґеΑάώŁźżçãõñüöäßøåğışЁё \u0301\u0308.,’-1٣"),
        st.characters(max_codepoint=0x24F),
    )
)


def one_by_one(text: str) -> list[tuple[int, int, str]]:
    """The words of `text`, read one character at a time: slow and obvious."""
    found: list[tuple[int, int, str]] = []
    grows = False
    for i, character in enumerate(text):
        folded = int(fold_table()[ord(character)])
        if folded == SEPARATOR:
            grows = False
        elif folded == SILENT:
            if found and found[-1][1] == i:
                begin, _, form = found[-1]
                found[-1] = (begin, i + 1, form)
        else:
            letter = chr(folded & ~int(ALONE))
            if grows and not folded & int(ALONE):
                begin, _, form = found[-1]
                found[-1] = (begin, i + 1, form + letter)
            else:
                found.append((i, i + 1, letter))
            grows = not folded & int(ALONE)
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
        ("Straße, İstanbul", ["straße", "istanbul"]),
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
    ],
)
def test_texts_that_read_the_same_have_the_same_words(text: str, other: str) -> None:
    """Invisible characters, full width, Persian letters, the Indic dot, apostrophes and
    traditional Chinese make no other words, and spans still point into the text as given."""
    words, others = split_words(text), split_words(other)
    assert words.forms() == others.forms()
    assert np.array_equal(words.hashes, others.hashes)
    for begin, end, form in zip(words.begins, words.ends, words.forms(), strict=True):
        assert split_words(text[begin:end]).forms() == [form]


@given(ANY_TEXT)
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


@given(ACCENTED)
def test_composed_and_decomposed_accents_give_equal_words(text: str) -> None:
    """NFC and NFD of a text have the same words."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert split_words(composed).forms() == split_words(decomposed).forms()


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
