"""Relations across languages: the evidence that two articles in two languages tell one report.

Comes in: two texts and their sentence links. Goes out: numbers for the models of two
languages. Wording and figures of speech are lost in translation; what is left is how much of
either article the other tells, in what order, and the names and numbers, in one alphabet.
"""

from dedup.align import Links, content_sentences
from dedup.relate.coverage import in_order, telling
from dedup.text import Sentence, Text
from dedup.text.romanize import names_and_numbers

ACROSS = {  # with their labels
    # How probably one article's words are told by the other, the opening most.
    "telling": "Sentences with a counterpart",
    # The share of its words in linked sentences that keep the other's order.
    "order": "Same order",
    # The names and numbers of the article that has fewer that the other has too.
    "names": "Same names and numbers",
    # The names and numbers of linked sentences that their counterparts have.
    "corroboration": "Names and numbers agree",
}
# Both begin at one in four: one name that agrees proves less than twenty.
AGREED_BEFOREHAND, NAMED_BEFOREHAND = 1, 4


def weigh_across(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The evidence that the models of two languages read, in the order of `ACROSS`;
    symmetrical."""
    ours, theirs = frozenset(names_and_numbers(a.anchors)), frozenset(names_and_numbers(b.anchors))
    agreed = AGREED_BEFOREHAND + len(ours & theirs)
    return {
        "telling": max(telling(a, links[0].scores), telling(b, links[1].scores)),
        "order": max(in_order(a, links[0]), in_order(b, links[1])),
        "names": agreed / (NAMED_BEFOREHAND + min(len(ours), len(theirs))),
        "corroboration": _corroboration(a, b, links),
    }


def _corroboration(a: Text, b: Text, links: tuple[Links, Links]) -> float:
    ours, theirs = ([_named(s) for s in content_sentences(text)] for text in (a, b))
    agreed, named = AGREED_BEFOREHAND, NAMED_BEFOREHAND
    for own, others, known in ((ours, theirs, links[0]), (theirs, ours, links[1])):
        for said, sources in zip(own, known.sources, strict=False):
            if sources:
                named += len(said)
                agreed += len(said & frozenset().union(*(others[j] for j in sources)))
    return agreed / named


def _named(sentence: Sentence) -> frozenset[str]:
    return frozenset(names_and_numbers(sentence.anchors))
