"""Evidence of a common source text for two articles in different languages.

Vectors show that two sentences are of one kind of event; names, figures and dates show whether it
is the same event. A name is looked for by its consonants and first letters among all words
of the other article (`dedup.text.transcription`), since many scripts have no capitals, and since
a name may be short for another reason there. What each lacks of the other's counts against it.
"""

from collections.abc import Collection

from dedup.align import Links, ModelName
from dedup.relate.contents import Specific, SpecificKind, read_contents
from dedup.relate.measures import compute_order, compute_telling
from dedup.relate.specifics import compare_specifics
from dedup.text import Text

# Of two articles in different languages:
CROSSLINGUAL_SIGNALS = {
    "telling": "Sentences with a counterpart",
    "order": "Same order",
    # of all names of both articles those that the other one has, of all figures and dates too.
    "names": "Names that the other article has",
    "figures": "Figures and dates that the other article has",
    # of all that the two have of these, what each has in place of the other's.
    "contradicted": "Other names, figures or dates in their place",
}
NAMES: frozenset[SpecificKind] = frozenset({"name"})
FIGURES: frozenset[SpecificKind] = frozenset({"figure", "day"})
# One name that agrees proves less than twenty: as if some had been seen of which one agreed.
PRIOR_AGREED, PRIOR_NAMES, PRIOR_FIGURES = 1, 4, 3
# And three of thirty in another's place are a matter of spelling, three of three are not.
PRIOR_CONTRADICTED = 8
# A figure counts as often as it has digits, since of those with one digit an article on something
# else has .28, with two .08, with three or more .035, of years .10, of days of the week .04, of
# dates .003 (candidates of families, -b and -c, and of WMT, ntrex and newstest).
MAX_DIGITS = 3
DIGITS_OF_YEAR_OR_DAY = 2
DIGITS_OF_DATE_BY_DAY = 1  # of a date of which only the day is found, as a number
# A name that is not found proves less where many are spelled beyond recognition: of the names of a
# report .2 are missed in its translations in Latin and Korean letters, .35 in Cyrillic and Greek,
# .5 to .6 in scripts without capitals (ntrex, newstest, WMT, families, -b and -c). Kurdish writes
# all vowels in whatever script.
MISSED_WITHOUT_CAPITALS, MISSED_IN_OTHER_LETTERS = 1, 2
ALL_VOWELS = frozenset({"ko", "ku"})
OTHER_LETTERS = frozenset({"be", "bg", "el", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"})


def choose_setting(model: ModelName) -> str:
    """The relation model for sentences that were linked by this one. Whose vectors they were makes
    no difference: each encoder has curves of its own, so that a link means the same."""
    return "anchors" if model == "anchors" else "crosslingual"


def collect_crosslingual_evidence(a: Text, b: Text, links: tuple[Links, Links]) -> dict[str, float]:
    """The values of `CROSSLINGUAL_SIGNALS`, for two articles in different languages;
    symmetrical."""
    specifics = compare_specifics(a, b, links)
    return {
        "telling": max(compute_telling(a, links[0].scores), compute_telling(b, links[1].scores)),
        "order": max(compute_order(a, links[0]), compute_order(b, links[1])),
        "names": share_specifics(a, b, NAMES, PRIOR_NAMES),
        "figures": share_specifics(a, b, FIGURES, PRIOR_FIGURES),
        "contradicted": specifics.contradicted
        / (PRIOR_CONTRADICTED + specifics.agreed + specifics.contradicted),
    }


def share_specifics(a: Text, b: Text, kinds: Collection[SpecificKind], prior: int) -> float:
    """Of what surely is a specific of these kinds in either of two articles, each once and as
    much as it proves, the share that the other one has, as if `prior` more had been seen."""
    total, agreed = MAX_DIGITS * prior, MAX_DIGITS * PRIOR_AGREED
    for text, other in ((a, b), (b, a)):
        theirs = read_contents(other)
        found = {
            (s.kind, s.value): s
            for line in read_contents(text).lines
            for s in line.specifics
            if s.surely and s.kind in kinds
        }
        for s in found.values():
            has, digits = theirs.has(s), count_digits(s)
            if has and s.figure is not None and s.figure.value is None:
                digits = MAX_DIGITS if theirs.has_date(s.figure) else DIGITS_OF_DATE_BY_DAY
            agreed += digits * has
            total += count_missed(other) if s.kind == "name" and not has else digits
    return agreed / total


def count_digits(specific: Specific) -> int:
    """How much it proves that two articles have a specific, in digits: "two" stands in every
    other article, 11,345 does not."""
    figure = specific.figure
    if specific.kind == "name" or (figure is not None and figure.shape == "date"):
        return MAX_DIGITS
    if figure is None or figure.shape == "year":
        return DIGITS_OF_YEAR_OR_DAY
    return min(max(len(figure.digits), 1), MAX_DIGITS)


def count_missed(text: Text) -> int:
    """How much it proves that a name is not found in a text, in digits."""
    if text.language in OTHER_LETTERS:
        return MISSED_IN_OTHER_LETTERS
    if read_contents(text).caseless and text.language not in ALL_VOWELS:
        return MISSED_WITHOUT_CAPITALS
    return MAX_DIGITS
