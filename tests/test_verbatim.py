"""Runs of identical words: found wherever they stand, and what they make of a passage."""

import pytest

from dedup.align import align
from dedup.align.verbatim import (
    count_taken_words,
    find_origin,
    find_shared_passages,
    measure_taken,
)
from dedup.article import Article
from dedup.pipeline import check
from dedup.text import Text, prepare

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
    assert passage.quoted == 0
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
