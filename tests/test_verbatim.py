"""Runs of identical words: found wherever they stand, and what they make of a passage."""

from dataclasses import replace

import numpy as np
import pytest

from dedup.align import align
from dedup.align.verbatim import (
    count_taken_words,
    find_origin,
    find_shared_passages,
    measure_taken,
)
from dedup.article import Article
from dedup.candidates.passages import have_passage, passage_pairs
from dedup.pipeline import check, compare
from dedup.relate import relate, relate_passage
from dedup.relate.aside import measure_aside
from dedup.report import render
from dedup.sketch import sketch
from dedup.text import Text, prepare
from dedup.text.words import split_words

PARAGRAPH = (
    "Thirty-one beehives were carried off from an orchard behind the abbey at Wexcombe on Tuesday "
    "night, and tyre marks in the wet clay showed that a heavy lorry had waited by the lower gate "
    "for most of an hour."
)
REPORT = (
    "Beekeepers count their losses after a theft\n\nThe valley's beekeepers met on Wednesday to "
    f"count what they had lost.\n\n{PARAGRAPH}\n\nThe abbey's steward said that the hives had "
    "been insured for less than half of their worth. Police have asked hauliers for the records "
    "of their lorries.\n\nIt is the fourth theft of its kind in the county since the new year. "
    "In February a breeder near Stoke Abbas found nineteen boxes gone, among them two with queens "
    "that she had raised from a Carniolan line over eleven years. Nobody has been charged.\n\n"
    "The association will pay for cameras at its three largest sites and asks its members to "
    "burn a number into every frame. Its chairman, Walter Finch, doubts that it will help much: "
    "stolen colonies are sold within days, mostly abroad, and no buyer looks at the wood.\n\n"
    "The insurers see it otherwise. A spokeswoman for the Rural Mutual said that claims had "
    "doubled since the price of honey rose, and that from the autumn no hive without a number "
    "would be covered. Members may hire a branding iron at the agricultural fair in Stoke Abbas, "
    "which opens on the second Saturday in September."
)
ESSAY = (
    "What I learned from a year among orchards\n\nMy neighbour prunes in January and sings while "
    "he does it. I never learned the songs. In the first weeks I mistook every bird for another, "
    "and he corrected me without looking up from his ladder.\n\nThe trees are older than the "
    "parish register. Some lean on crutches of ash that his grandfather cut, and one, a pear, "
    f"has been hollow since the great storm and still bears every second year.\n\n{PARAGRAPH}\n\n"
    "Apples keep longer than promises, he says, and he keeps both in a cellar. In the spring we "
    "painted the trunks white, and the dog too, by mistake. I still write down every frost.\n\n"
    "When the blossom came I understood why nobody here takes holidays in April. For nine days "
    "the hill was loud, and then it was over, and the grass was white with what had fallen. We "
    "sat on upturned crates and drank last year's cider, which had turned out sour."
)
TAIL = (
    "“We carried the boxes out by hand because the bridge would not bear a truck,” was the line "
    "that the vicar chose for his sermon on patience."
)
QUOTED = (
    "The bridge at Holm was closed again. “We carried the boxes out by hand because the bridge "
    "would not bear a truck,” the foreman said. It will be mended in May, when the river is low."
)


def prepared(content: str, id: str) -> Text:
    return prepare(Article(id, content, language="en"))


def test_a_run_with_a_tail_of_its_own_is_found() -> None:
    """A sentence that takes many words in a row and goes on in its own is not `added`."""
    (passage,) = align(QUOTED, TAIL).passages
    assert passage.kind == "paraphrased"
    assert [TAIL[run.begin : run.end].split()[0] for run in passage.runs] == ["We"]
    source, text = (prepare(Article(id, t)) for id, t in (("s", QUOTED), ("t", TAIL)))
    (n,) = find_origin(text.prose[0], source)
    assert source.slice(source.prose[n]).startswith("“We carried")
    assert measure_taken(text.prose[0], source) == pytest.approx(15 / 27)


def test_a_set_phrase_is_no_source() -> None:
    """Nine words in a row, of thirty, may be a name."""
    source = "The Court of Appeal for the Western Circuit of Norland sat on Monday in Holm."
    other = (
        "Her grandfather, who had once swept the stairs of the Court of Appeal for the Western "
        "Circuit and remembered every judge by his boots, never spoke of the work to anybody."
    )
    assert [passage.kind for passage in align(source, other).passages] == ["added"]


def test_passages_are_found_with_a_few_words_changed() -> None:
    """A paragraph in which words were changed is one passage; its quoted words are counted."""
    changed = ESSAY.replace("heavy lorry", "big lorry").replace("Tuesday night", "Monday night")
    (passage,) = find_shared_passages(prepared(REPORT, "r"), prepared(changed, "e"))
    assert changed[passage.begin : passage.end].startswith("Thirty-one beehives")
    assert changed[passage.begin : passage.end].endswith("most of an hour")
    assert passage.told == passage.words
    assert passage.words == len(PARAGRAPH.replace("-", " ").split()) - 2
    quoting = f"He wrote: “{PARAGRAPH}”"
    assert count_taken_words(prepared(REPORT, "r"), prepared(quoting, "q"), 20) == 0


@pytest.mark.parametrize("swapped", [False, True])
def test_a_stolen_paragraph_is_a_match(swapped: bool) -> None:
    """Two articles that share one paragraph are no one report; `check` shows it, and how much."""
    draft, other = (REPORT, ESSAY) if swapped else (ESSAY, REPORT)
    verdict = check(draft, [Article("other", other), Article("third", QUOTED)])
    assert [(m.article.id, m.relation.kind) for m in verdict.matches] == [("other", "partial")]
    assert verdict.matches[0].taken_words >= 30
    assert verdict.matches[0].alignment.shares["copied"] > 0.15
    assert verdict.derivations == ()


def test_a_long_quotation_alone_is_no_match() -> None:
    """What both quote from somebody was not taken from one another."""
    speech = "“" + PARAGRAPH + "”"
    one = REPORT.replace(PARAGRAPH, f"The steward said: {speech}")
    two = ESSAY.replace(PARAGRAPH, f"On the radio somebody said: {speech}")
    assert [m.relation.kind for m in check(two, [Article("one", one)]).matches] == []


def newsroom() -> list[Article]:
    """An essay that has a paragraph of a report, and articles that have nothing of either."""
    return [
        Article("report", REPORT),
        Article("essay", ESSAY.replace("a heavy lorry", "a large lorry")),
        Article("bridge", QUOTED),
        Article("sermon", TAIL),
    ]


def test_compare_shows_a_stolen_paragraph() -> None:
    """Two articles of different stories that share a paragraph are related by it, with the words
    that were taken, in whatever order they are given."""
    for articles in (newsroom(), newsroom()[::-1]):
        result = compare(articles)
        assert result.clusters == ()
        shown = [pair for pair in result.related if pair.kind == "partial"]
        assert [(pair.a, pair.b) for pair in shown] == [("essay", "report")]
        assert 30 <= shown[0].taken_words <= len(PARAGRAPH.split())
        assert f"{shown[0].taken_words} words in passages that both have" in shown[0].why


def test_partial_reuse_comes_first_in_every_format() -> None:
    """What was taken is named with its words: in the terminal, in JSON and in the page."""
    result = compare(newsroom())
    words = result.related[0].taken_words
    text = render(result)
    assert f"essay – report: partial reuse, {words} words taken" in text
    assert f'"taken_words": {words}' in render(result, "json")
    assert f"partial reuse, {words} words taken" in render(result, "html")


def test_what_one_newsroom_repeats_is_no_theft() -> None:
    """Background that an agency puts under several stories is a common source, and what one
    outlet prints under several of its own was taken from nobody."""
    dispatches = (prepared(f"HOLM (Reuters) - {text}", text[:4]) for text in (REPORT, ESSAY))
    relation = relate_passage(*dispatches)
    assert (relation.kind, relation.taken_words) == ("common-source", 0)
    assert relate_passage(prepared(REPORT, "r"), prepared(ESSAY, "e")).kind == "partial"
    own = [replace(article, publisher="The Wexcombe Gazette") for article in newsroom()]
    assert {pair.taken_words for pair in compare(own).related} <= {0}


def test_what_many_stories_have_finds_nothing() -> None:
    """A run of words that more stories have than a theft explains proposes no pair; the copies of
    one story count once."""
    own = [" ".join(f"{word}{n}" for word in ESSAY.split()[:60]) for n in range(12)]
    articles = [f"{text} {PARAGRAPH}" for text in own]
    words = [split_words(text).hashes for text in articles]

    def proposed(stories: list[int]) -> list[list[int]]:
        pairs, crowded = passage_pairs(sketch(articles), np.array(stories))
        return [[i, j] for i, j in pairs.tolist() if have_passage(words[i], words[j], 20, crowded)]

    assert proposed(list(range(12))) == []
    assert proposed([0] + 11 * [1]) in [[[0, n]] for n in range(1, 12)]
    assert proposed(12 * [0]) == []
    assert len(passage_pairs(sketch(own), np.arange(12))[0]) == 0


def test_the_head_of_a_table_is_no_passage() -> None:
    """Figures that two tables share are nobody's wording."""
    table = "in mln tonnes " + " ".join(f"{year}/{year - 1899}" for year in range(1970, 1990))
    one, two = prepared(f"Corn by country. {table}", "a"), prepared(f"Rice by sea. {table}", "b")
    assert find_shared_passages(one, two)[0].words > 20
    assert count_taken_words(one, two, 20) == 0


def test_edits_close_together_leave_one_passage() -> None:
    """Between two replaced words there may be too few for a run of their own."""
    words = PARAGRAPH.split()
    words[16], words[22] = "then", "then"
    edited = prepared(" ".join(words), "e")
    (passage,) = find_shared_passages(prepared(PARAGRAPH, "p"), edited)
    assert passage.words >= 28


def test_every_member_but_one_is_aligned() -> None:
    """Six papers print one agency's report, each cut elsewhere: all but the fullest copy are laid
    beside it or another, so that who cut or changed what can be answered."""
    paragraphs = REPORT.split("\n\n")
    papers = [
        Article(f"p{n}", "\n\n".join(["HOLM (AP) – " + paragraphs[0],
                                      *(p for k, p in enumerate(paragraphs[1:], 1) if k != n)]))
        for n in range(len(paragraphs))
    ]  # fmt: skip
    (cluster,) = compare(papers).clusters
    aligned = [alignment.derivative for alignment in cluster.alignments]
    assert len(cluster.members) == len(papers)
    assert sorted({*cluster.members} - {*aligned}) == ["p0"]
    assert len(aligned) == len({*aligned})


def test_a_paragraph_that_is_a_third_of_both_makes_no_report() -> None:
    """What is left without it decides: nothing in common here, one story there."""
    report, essay = (
        f"{text.split(PARAGRAPH)[0].split(chr(10) * 2)[0]} {PARAGRAPH} "
        f"{text.split(PARAGRAPH)[1][:420]}"
        for text in (REPORT, ESSAY)
    )
    retold = report.replace("It is the fourth theft of its kind in the county", "Three more thefts")
    assert retold != report
    a, b, c = (prepared(text, id) for id, text in (("a", report), ("b", essay), ("c", retold)))
    assert measure_aside(a, b) == measure_aside(b, a) == 1
    assert relate(a, b)[0].kind == "partial"
    assert measure_aside(a, c) == 0
    assert relate(a, c)[0].probability > 0.9


def test_a_brief_that_is_a_paragraph_of_another_is_no_passage_aside() -> None:
    """Too little is left of it to say that it tells something else."""
    brief = prepared(f"Bees were stolen. {PARAGRAPH}", "a")
    assert measure_aside(brief, prepared(ESSAY, "b")) == 0
