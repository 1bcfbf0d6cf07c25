"""Scripts: sentences, words, offsets, sketches and copies in every script of the news."""

import pytest

from benchmarks import data
from dedup import near_duplicates
from dedup.align import align
from dedup.article import Article
from dedup.text import prepare

UNSPACED = {"zho-CN", "jpn"}
STORIES = 15
OTHERS = {
    "th": "นายกรัฐมนตรีลาออกเมื่อวันศุกร์ อัยการค้นบ้านของเธอในวันพฤหัสบดี",
    "he": "השרה התפטרה ביום שישי. החוקרים ערכו חיפוש בביתה ביום חמישי.",
}


def translations(language):
    """The sentences of some stories of ntrex in a language."""
    rows = (row["sentences"] for row in data.load("ntrex") if row["lang"] == language)
    return [sentences for sentences, _ in zip(rows, range(STORIES), strict=False)]


@pytest.mark.data
@pytest.mark.parametrize("language", ["zho-CN", "jpn", "kor", "arb", "hin", "ell", "rus", "ukr"])
def test_real_news_is_taken_apart(language):
    """Nine sentences in ten end where they do, though headlines have no mark; words are
    slices of the text; a story is a copy of itself, and near it with a sentence left out."""
    space = "" if language in UNSPACED else " "
    right = found = gold = near = 0
    stories = translations(language)
    for sentences in stories:
        text = space.join(sentences)
        ends, at = set(), 0
        for sentence in sentences:
            ends.add(at + len(sentence))
            at += len(sentence) + len(space)
        taken = prepare(Article("story", text))
        own = {sentence.end for sentence in taken.prose}
        right, found, gold = right + len(own & ends), found + len(own), gold + len(ends)
        tokens = [token for sentence in taken.sentences for token in sentence.tokens]
        assert len(tokens) > len(sentences)
        assert all(text[t.begin : t.end].strip() for t in tokens)
        assert {p.kind for p in align(text, text).passages} <= {"copied", "furniture"}
        shorter = space.join([*sentences[:2], *sentences[3:]])
        near += len(near_duplicates([text, shorter]).pairs)
    assert right / found > 0.85
    assert right / gold > 0.88
    assert near >= 0.8 * len(stories)


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_scripts_without_open_data_are_taken_apart(language):
    """Every word is a slice, and a text is a copy of itself."""
    text = OTHERS[language]
    taken = prepare(Article("story", text))
    assert taken.language == language
    assert sum(len(sentence.tokens) for sentence in taken.sentences) > 5
    assert {p.kind for p in align(text, text).passages} == {"copied"}
