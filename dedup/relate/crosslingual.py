"""Evidence of a common source text for two articles in different languages.

Vectors show that two sentences are of one kind of event; names, figures and dates show whether it
is the same event. A name is looked for by its consonants and first letters among all words
of the other article (`dedup.text.transcription`), since many scripts have no capitals, and since
a name may be short for another reason there. What each lacks of the other's counts against it.
"""

from collections.abc import Collection
from math import log1p

from dedup.align import Links, ModelName
from dedup.relate.measures import compute_order, compute_telling
from dedup.relate.specifics import Contents, SpecificKind, compare_specifics, read_contents
from dedup.text import Text

# Of two articles in different languages:
CROSSLINGUAL_SIGNALS = {
    "telling": "Sentences with a counterpart",
    "order": "Same order",
    # of all names of both articles those that the other one has, of all figures and dates too.
    "names": "Names that the other article has",
    "figures": "Figures and dates that the other article has",
    # logs of how many both have, and of how many each has in place of the other's.
    "agreed": "Names, figures and dates in both",
    "contradicted": "Other names, figures or dates in their place",
}
NAMES: frozenset[SpecificKind] = frozenset({"name"})
FIGURES: frozenset[SpecificKind] = frozenset({"figure", "day"})
# One name that agrees proves less than twenty: as if some had been seen of which one agreed.
PRIOR_AGREED, PRIOR_NAMES, PRIOR_FIGURES = 1, 4, 3


def choose_setting(model: ModelName) -> str:
    """The relation model for sentences that were linked by this one. Whose vectors they were makes
    no difference: each encoder has curves of its own, so that a link means the same."""
    return "anchors" if model == "anchors" else "crosslingual"


def collect_crosslingual_evidence(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The values of `CROSSLINGUAL_SIGNALS`, for two articles in different languages;
    symmetrical."""
    one, other = read_contents(a), read_contents(b)
    specifics = compare_specifics(a, b, links)
    return {
        "telling": max(compute_telling(a, links[0].scores), compute_telling(b, links[1].scores)),
        "order": max(compute_order(a, links[0]), compute_order(b, links[1])),
        "names": share_specifics(one, other, NAMES, PRIOR_NAMES),
        "figures": share_specifics(one, other, FIGURES, PRIOR_FIGURES),
        "agreed": log1p(specifics.agreed),
        "contradicted": log1p(specifics.contradicted),
    }


def share_specifics(
    one: Contents, other: Contents, kinds: Collection[SpecificKind], prior: int
) -> float:
    """Of what surely is a specific of these kinds in either of two articles, each once, the share
    that the other one has, as if `prior` more had been seen."""
    total = agreed = 0
    for own, theirs in ((one, other), (other, one)):
        found = {
            (s.kind, s.value): theirs.has(s)
            for line in own.lines
            for s in line.specifics
            if s.surely and s.kind in kinds
        }
        total += len(found)
        agreed += sum(found.values())
    return (PRIOR_AGREED + agreed) / (prior + total)
