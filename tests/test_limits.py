"""Limits: whatever is given, there is a right answer or a clear error, in bounded time.

Sizes are such that work in proportion to the square of them would not end; the alarm is a
guard and no measurement.
"""

import json
import signal
import subprocess
import sys

import pytest

import dedup
from dedup.article import Article

pytestmark = pytest.mark.slow

PATIENCE = 120  # seconds that one test may take on a busy machine; they take a few

RESIGNED = "The finance minister resigned on Friday after auditors found 40 million euros missing."
SEARCHED = "Prosecutors searched her house in Lyon on Thursday and seized two computers."
STORY = f"{RESIGNED} {SEARCHED}"
NAMES = "Kim", "Putin", "Scholz", "Macron", "Meloni", "Sánchez", "Tusk", "Orbán", "Rutte"
MIXED = (
    "Премьер Kim 金正恩 met Путин in 平壤 on 21 March.",
    "دعم كامل was promised, said المتحدث باسم الحكومة.",
    "กรุงเทพมหานคร reported 3 cases 😀👩‍👩‍👧 on Friday.",
    "Zür̈ich’s e\u0301le\u0301ctions: ｆｕｌｌ－ｗｉｄｔｈ ①②③ Ⅳ ½.",
    "Lone \ud83d surrogate and \udc00 another one said \0 nothing\x00.",
    "\u202eright to left override\u202c and \ufeff marks \u200d\u200b of no width.",
)


@pytest.fixture(autouse=True)
def guard():
    """Ends a test that would not end."""

    def give_up(*_):
        raise TimeoutError(f"more than {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def kinds(alignment):
    """Which kinds the passages have."""
    return {passage.kind for passage in alignment.passages}


def sentences(count, first=0):
    """That many sentences, no two of them equal."""
    return [
        f"{NAMES[i % 9]} told {NAMES[i // 9 % 9]} that depot {i} near {NAMES[i // 81 % 9]}ville "
        f"had lost {i * 37 % 1009} shells."
        for i in range(first, first + count)
    ]


@pytest.mark.parametrize("empty", ["", " \n\t\n ", "… — !", "\0" * 1000, "😀" * 100_000])
def test_a_side_without_words_is_an_answer(empty):
    """Nothing comes from it, and nothing of it comes from elsewhere."""
    assert kinds(dedup.align(empty, STORY)) == {"added"}
    assert kinds(dedup.align(STORY, empty)) <= {"furniture"}
    assert kinds(dedup.align(empty, empty)) <= {"furniture"}


def test_one_word_is_a_text():
    """It is there or it is not."""
    assert kinds(dedup.align("Resigned", "resigned!")) == {"copied"}
    assert kinds(dedup.align(STORY, "Weather")) == {"added"}
    assert kinds(dedup.align("Weather", STORY)) == {"added"}


@pytest.mark.parametrize("character", ["a", "京", "ก", "7", "é", "e\u0301"])
def test_a_megabyte_without_a_space_is_a_copy_of_itself(character):
    """One word or a million, as the script has it."""
    endless = character * (1_000_000 // len(character.encode()))
    assert kinds(dedup.align(endless, endless)) == {"copied"}
    assert "copied" not in kinds(dedup.align(endless, STORY)) | kinds(dedup.align(STORY, endless))


@pytest.mark.parametrize("word", ["ferry-", "Holm."])
def test_words_in_one_piece_are_compared_across_languages(word):
    """Taken for another language, they are encoded, each stretch once."""
    endless = word * (200_000 // len(word))
    assert "copied" not in kinds(dedup.align(endless, STORY)) | kinds(dedup.align(STORY, endless))


@pytest.mark.parametrize("mark", ["“", "(", "- ", "• ", "# ", "http://", "\r", "1,", "!”", ". "])
def test_a_megabyte_of_marks_is_taken_apart(mark):
    """Marks that open and never close, lines without end and ends without lines."""
    assert "copied" not in kinds(dedup.align(STORY, mark * (500_000 // len(mark))))


def test_one_sentence_ten_thousand_times_on_both_sides():
    """A hundred million pairs of equal sentences: each is copied, nothing is dropped."""
    text = f"{RESIGNED}\n\n" * 10_000
    alignment = dedup.align(text, text)
    told = [passage for passage in alignment.passages if passage.kind != "furniture"]
    assert len(told) >= 9_999
    assert {passage.kind for passage in told} == {"copied"}
    assert alignment.shares["copied"] == 1


@pytest.mark.parametrize("separator", [" ", "\n", "\n\n"])
def test_one_sentence_ten_thousand_times_on_one_side(separator):
    """From one sentence they are all copied; to one sentence all but it are not needed."""
    many = (RESIGNED + separator) * 10_000
    assert kinds(dedup.align(STORY, many)) <= {"copied", "furniture"}
    assert kinds(dedup.align(many, RESIGNED)) == {"copied"}
    assert kinds(dedup.align(many, SEARCHED)) == {"added"}


def test_all_scripts_in_one_text():
    """Each sentence is copied from itself, in any order, half characters and all."""
    text = "\n\n".join(MIXED)
    assert kinds(dedup.align(text, text)) == {"copied"}
    turned = dedup.align(text, "\n\n".join(reversed(MIXED)))
    assert turned.shares["copied"] == 1
    around = sentences(900)
    for i, sentence in enumerate(MIXED):
        around.insert(150 * i + 75, sentence)
    long = "\n\n".join(around)
    assert kinds(dedup.align(long, long)) == {"copied"}


def test_one_sentence_of_a_hundred_thousand_words():
    """Without a full stop it is cut between words and stays a copy."""
    endless = " ".join(sentence.rstrip(".") for sentence in sentences(9_000))
    assert len(endless.split()) > 100_000
    alignment = dedup.align(endless, endless)
    assert alignment.shares["copied"] == 1
    assert kinds(dedup.align(STORY, endless)) == {"added"}
    assert alignment.passages[-1].end == len(endless)


def test_a_hundred_thousand_lines_of_one_word():
    """A word list has next to nothing in common with a story, nor has the story with it."""
    listed = "\n".join(f"entry{i}" for i in range(100_000))
    assert "copied" not in kinds(dedup.align(STORY, listed))
    assert kinds(dedup.align(listed, STORY)) == {"added"}


def test_a_book_against_itself_is_copied_sentence_by_sentence():
    """50,000 words: each sentence is told by itself, though all are much alike."""
    book = "\n\n".join(" ".join(sentences(10, first)) for first in range(0, 4_000, 10))
    alignment = dedup.align(book, book)
    assert kinds(alignment) == {"copied"}
    found = sum(p.begin in {s.begin for s in p.sources} for p in alignment.passages)
    assert found >= 0.99 * len(alignment.passages)


def test_a_story_hidden_in_a_book_is_found():
    """Two sentences among four thousand, in either direction."""
    book = "\n\n".join([*sentences(3_000), STORY, *sentences(1_000, 3_000)])
    alignment = dedup.align(book, STORY)
    assert [p.kind for p in alignment.passages] == ["copied", "copied"]
    assert [p.sources[0].of(book) for p in alignment.passages] == [RESIGNED, SEARCHED]
    taken = [p for p in dedup.align(STORY, book).passages if p.sources]
    assert [book[p.begin : p.end] for p in taken] == [RESIGNED, SEARCHED]


def test_long_articles_are_compared_like_any_other():
    """In a collection too, nothing is too long to be aligned."""
    texts = ["\n\n".join(sentences(2_100)), "\n\n".join(reversed(sentences(2_100)))]
    result = dedup.compare([Article(name, text) for name, text in zip("ab", texts, strict=True)])
    assert not result.problems
    assert [cluster.members for cluster in result.clusters] == [("a", "b")]


@pytest.mark.parametrize(
    ("source", "derivative", "kind"),
    [
        ("", STORY, "added"),
        ("Resigned", "Resigned", "copied"),
        ("a" * 1_000_000, "a" * 1_000_000, "copied"),
        (RESIGNED, f"{RESIGNED}\n\n" * 10_000, "copied"),
        ("\n\n".join(MIXED[:4]), "\n\n".join(MIXED[:4]), "copied"),
    ],
    ids=["empty", "one word", "no space", "one sentence", "scripts"],
)
def test_the_command_line_bears_it_too(tmp_path, source, derivative, kind):
    """As files and as JSON; what cannot be read is named on one line, without a traceback."""
    paths = tmp_path / "source.txt", tmp_path / "derivative.txt"
    for path, text in zip(paths, (source, derivative), strict=True):
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "dedup", "align", *map(str, paths), "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert "Traceback" not in run.stderr
    if run.returncode:
        assert not source
        assert run.stderr.startswith("dedup: ")
        return
    passages = json.loads(run.stdout)["passages"]
    assert {passage["kind"] for passage in passages} - {"furniture"} == {kind}
