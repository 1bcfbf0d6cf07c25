"""Evidence of a common source text for two articles in different languages."""

from math import log1p, sqrt

from dedup.align import Links
from dedup.relate.measures import compute_order, compute_telling
from dedup.relate.specifics import compare_specifics
from dedup.text import Text
from dedup.text.romanize import names_and_numbers

# Of two articles in different languages:
CROSSLINGUAL_SIGNALS = {
    "telling": "Sentences with a counterpart",
    "order": "Same order",
    # how many names and numbers they have in common, of the geometric mean of what they have: of
    # a long article's many some stand in every short one.
    "names": "Same names and numbers",
    # logs of how many both have, and of how many each has in place of the other's.
    "agreed": "Names, figures and dates in both",
    "contradicted": "Other names, figures or dates in their place",
}
# Agreement of names begins at one in four: one name that agrees proves less than twenty.
PRIOR_AGREED, PRIOR_TOTAL = 1, 4


def collect_crosslingual_evidence(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The values of `CROSSLINGUAL_SIGNALS`, for two articles in different languages;
    symmetrical."""
    one, other = frozenset(names_and_numbers(a.anchors)), frozenset(names_and_numbers(b.anchors))
    specifics = compare_specifics(a, b, links)
    return {
        "telling": max(compute_telling(a, links[0].scores), compute_telling(b, links[1].scores)),
        "order": max(compute_order(a, links[0]), compute_order(b, links[1])),
        "names": (PRIOR_AGREED + len(one & other)) / (PRIOR_TOTAL + sqrt(len(one) * len(other))),
        "agreed": log1p(specifics.agreed),
        "contradicted": log1p(specifics.contradicted),
    }
