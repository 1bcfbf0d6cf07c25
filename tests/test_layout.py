"""Layout: hard wraps undone, furniture recognised, headings and bullets kept apart."""

import json
import lzma
import textwrap
from typing import Any

import pytest

from benchmarks.data import DATA
from dedup.article import Article
from dedup.text import prepare
from seeds import ROOT

LEDE = (
    "Russia has started transferring North Korean long-range artillery systems to annexed Crimea, "
    "the German broadcaster ZDF reported Friday."
)


def records(name: str) -> list[dict[str, Any]]:
    path = DATA / f"{name}.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def forms(text: str, language: str = "en", title: str | None = None) -> list[tuple[str, str]]:
    whole = prepare(Article("a", text, title=title, language=language))
    return [(s.form, " ".join(whole.slice(s).split())) for s in whole.sentences]


def spoken(text: str, language: str = "en") -> list[str]:
    """Each sentence as its words."""
    whole = prepare(Article("a", text, language=language))
    return [" ".join(t.form for t in s.tokens) for s in whole.sentences]


# Hard wraps


@pytest.mark.data
@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
def test_wrapped_news_has_the_sentences_of_the_unwrapped(width: int) -> None:
    """Wrapping real stories at any usual width changes no sentence."""
    wrong = []
    for record in records("basil")[:45]:
        paragraphs = [" ".join(" ".join(p).split()) for p in record["body-paragraphs"]]
        wrapped = (
            textwrap.fill(p, width, break_long_words=False, break_on_hyphens=False)
            for p in paragraphs
        )
        if spoken("\n\n".join(wrapped)) != spoken("\n\n".join(paragraphs)):
            wrong.append(record["id"])
    assert not wrong


def test_lines_of_unspaced_script_are_joined_only_where_they_are_full() -> None:
    """A Japanese headline and caption are no part of the paragraph below, whose first letter
    would have fitted on their line; a paragraph broken at one width is one."""
    headline = "お笑い赤坂亭５カ月ぶり定例寄席、プロの話芸で来場者を引き込む｜山陽新聞デジタル"
    caption = "歯切れの良い語り口で落語を披露する雷門喜助さん（右）"
    story = (
        "新型コロナウイルスの影響で休業していた公営寄席「お笑い赤坂亭」で２５日、"
        "５カ月ぶりの定例寄席が開かれ、赤坂亭を拠点に活動する落語家らがプロの話芸で来場者の笑いを誘った。"
    )
    lines = [headline, caption, story]
    assert [text for _, text in forms("\n".join(lines), "ja")] == lines
    wrapped = "\n".join(story[at : at + 32] for at in range(0, len(story), 32))
    assert spoken(wrapped, "ja") == [" ".join(spoken(story, "ja"))]


def test_lines_that_end_their_sentences_are_not_wrapped() -> None:
    """A line for each sentence is no hard wrap, though most lines are about as long or longer
    than any: the headline is no part of the lede, nor a quotation of what follows."""
    lines = [
        "Harbour board votes to close the old ferry terminal before winter",
        "The harbour board voted on Tuesday to close the old ferry terminal.",
        '"We had no choice left, and the engineers told us so twice last year."',
        "Ms Holm, who chairs the board, said that repairs would have cost nine million kroner.",
        "The terminal was built in 1931, and generations of islanders came through its doors.",
    ]
    assert [text for _, text in forms("\n".join(lines))] == lines


def test_paragraphs_that_are_longer_than_any_wrapped_line_are_not_full_lines() -> None:
    """What stands above two long paragraphs is no line of a text of that width."""
    above = ["Islanders lose their ferry terminal", "Tórshavn, Monday 4 March 2024, noon"]
    below = [
        "The harbour board voted on Tuesday to close the old ferry terminal, which was built in "
        "1931 and has not been repaired since a storm tore off half of its roof, said Ms Holm",
        "Repairs would have cost nine million kroner, more than the board has spent on all of its "
        "other buildings together in the last ten years, according to its own accounts",
    ]
    assert [text for _, text in forms("\n".join(above + below))] == above + below


def test_a_dash_at_the_head_of_a_wrapped_line_opens_no_list() -> None:
    """ "— which he regrets" is the rest of its sentence."""
    text = (
        "He reserved his harshest criticism for the use of tear gas by the police\n"
        "— a mistake, he said, that he made in Seattle and one that he regrets to\n"
        "this day."
    )
    assert len(spoken(text)) == 1


def test_bullets_stay_apart_without_a_space_between_them() -> None:
    """Each bullet is a block of its own."""
    text = "What we know so far.\n• Russia is moving artillery\n• Kyiv has seen it\n"
    assert [form for form, _ in forms(text)].count("bullet") == 2


def test_an_ornament_separates_like_an_empty_line() -> None:
    """Scraped paragraphs joined by "###" come apart again."""
    assert forms(f"Share story ### {LEDE} ### Advertisement") == [
        ("furniture", "Share story"),
        ("prose", LEDE),
        ("furniture", "Advertisement"),
    ]


# Furniture


@pytest.mark.parametrize(
    "line",
    [
        'Press "Enter" to skip to content', "Share story", "Be First to Comment", "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Originally published July 15, 2018 at 2:01 am", "Updated: July 15, 2018 @ 6:15 am",
        "Posted: 3:56 AM, June 02, 2018", "July 14, 2018 — 5:07pm", "Updated 7 minutes ago",
        "Images source: © Getty Images | Contributor", "Jorge Silva / AP", "The Associated Press",
        "© 2018 CBS Interactive Inc. All Rights Reserved.", "By Aghakazim Guliyev",
        "By Julian E. Barnes New York Times", "Authored by Craig Murray,", "Von Anna Müller",
        "(Reporting by Robin Emmott; Editing by Richard Balmforth)", "Related content",
        "Isachenkov reported from Moscow.", "Image 1 of 3", "Story Continued Below",
        "Related article: North Korea Sent More Troops", "Lesen Sie auch: Der Krieg im Osten",
        "LIRE AUSSI - Paris n'est pas Venise", "Leia também: Rússia move artilharia", "Реклама",
        "https://www.zdf.de/nachrichten/politik", "•", "Click Here to comment on this article",
    ],
)  # fmt: skip
def test_what_a_page_puts_around_its_story_is_furniture(line: str) -> None:
    """Navigation, dates, credits, bylines, forms and links to other stories."""
    assert ("furniture", line) in forms(f"{LEDE}\n\n{line}\n\n{LEDE}")


@pytest.mark.parametrize(
    "line",
    [
        "(Applause)", "Photo: Avatar and Star Wars have also been postponed.",
        "More troops were sent to Kursk in March.", "Related costs rose by 5 percent last year.",
        "Source close to the palace denies the report", "By March the guns were in Kursk.",
        "Reuters reported the deal on Monday.", "11,000 Troops Sent", "Vladimir Putin",
        "Read the letter in full, he said, and you will see.", "Von der Leyen reist nach Kiew",
        "The Associated Press could not verify the claim.", "Share prices fell in Seoul.",
    ],
)  # fmt: skip
def test_what_belongs_to_the_story_is_no_furniture(line: str) -> None:
    """A line that only begins like furniture stays."""
    assert line in [
        text for form, text in forms(f"{LEDE}\n\n{line}\n\n{LEDE}") if form != "furniture"
    ]


@pytest.mark.data
@pytest.mark.parametrize(("name", "most"), [("basil", 3), ("ntrex", 2)])
def test_clean_news_has_next_to_no_furniture(name: str, most: int) -> None:
    """In collections that hold the story alone, hardly a sentence is taken for furniture."""
    marked = []
    for record in records(name)[::3]:
        lines = record.get("sentences") or [" ".join(p) for p in record["body-paragraphs"]]
        marked += [t for f, t in forms("\n\n".join(lines)) if f == "furniture"]
    assert len(marked) <= most, marked


def test_wrapped_wire_copy_keeps_lines_that_read_like_furniture() -> None:
    """ "copyright on its operating system" is the rest of a wrapped sentence."""
    text = (
        "    The company will sue over what it says is a breach of the\n"
        "copyright on its operating system, an NEC spokesman said, and\n"
        "the case will be heard in a court in Tokyo before the summer\n"
        "holidays, which is later than it had been expected to come up.\n"
    )
    assert [form for form, _ in forms(text)] == ["prose"]


def test_a_headline_repeated_at_once_is_furniture() -> None:
    """A page that prints its headline twice tells it once."""
    headline = "Russia bolsters Crimean front with North Korean artillery"
    found = forms(f"{headline}\n\nShare story\n\n{headline}\n\n{LEDE}\n\n{LEDE}")
    assert [form for form, _ in found][:3] == ["headline", "furniture", "furniture"]


def test_a_photographer_under_a_credit_is_furniture() -> None:
    """A bare name counts only beside other furniture."""
    found = dict(
        map(reversed, forms(f"{LEDE}\n\nImages source: © Getty\nKatarzyna Bogdańska\n\n{LEDE}"))
    )
    assert found["Katarzyna Bogdańska"] == "furniture"


@pytest.mark.data
def test_furniture_of_the_seeds_is_that_of_the_gold() -> None:
    """What was marked by hand as furniture is found, and nothing else."""
    path = DATA / "seeds" / "alignment.json"
    gold = json.loads(path.read_text("utf-8"))
    articles = [(gold["source"]["id"], gold["source"]["sentences"])]
    articles += [(pair["derivative"], pair["segments"]) for pair in gold["pairs"]]
    for name, segments in articles:
        text = (ROOT / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
        wanted = {
            i for s in segments if s["kind"] == "furniture" for i in range(s["begin"], s["end"])
        }
        found = {i for s in prepare(Article(name, text)).furniture for i in range(s.begin, s.end)}
        assert not {i for i in wanted ^ found if not text[i].isspace()}, name
