"""What an article is about: the names of its opening and of its headline.

News names its subject at the head. A brief of forty words may have nothing of its own but that: a
company, a town, a date. So the names of the opening are looked for anywhere in the other article,
and the rare words of the headline, too, which often says what the text leaves out ("Halden Tool
sets dividend" above "Quarterly dividend 18 cents, payable May 1").
"""

from datetime import date, datetime

from dedup.relate.contents import rate_name, read_contents
from dedup.text import Text
from dedup.text.headlines import find_headline
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.transcription import spell, stem
from dedup.text.words import split_words

OPENING = 40  # words
# As if each opening had so much of names, two in three found: in one with a single name, that one
# is seldom all the story is about.
PRIOR, PRIOR_FOUND = 6.0, 4.0
# Of true pairs of the open families 99 in 100 have this much of the names of one opening, weighed
# by rarity; of made forms four in five have less.
MIN_FOUND = 0.65
# A word of a headline that says whom it is about is this rare (Zipf 4), or a headline says the
# same in other words.
MIN_TITLE_RARITY = 3.0
MIN_BRIEF_RARITY = 2.5  # above a brief that has hardly a word of its own
MIN_TITLE_LETTERS = 3
MAX_TITLE_WORDS = 2  # more say no more
# Dates that lie further apart, in days, come from clocks that were never set (`derive.clock`).
MAX_APART = 540


def miss_subject(a: Text, b: Text) -> float:
    """How far the names of either opening are from being found in the other article: 0 where
    enough are; symmetrical."""
    return max(0.0, MIN_FOUND - max(find_names(a, b), find_names(b, a)))


def find_names(text: Text, other: Text) -> float:
    """The share of the names of a text's opening, weighed by rarity, that another one has
    anywhere."""
    names, keys = opening_names(text), all_keys(other)
    found = sum(weight for weight, own in names.values() if not keys.isdisjoint(own))
    return (found + PRIOR_FOUND) / (sum(weight for weight, _ in names.values()) + PRIOR)


@once_per_text
def opening_names(text: Text) -> dict[str, tuple[float, frozenset[str]]]:
    """The names of a text's opening: how rare each is, and the keys of its spellings."""
    names: dict[str, tuple[float, frozenset[str]]] = {}
    words = 0
    for line in read_contents(text).lines:
        for s in line.specifics:
            if s.kind == "name" and words + s.first < OPENING:
                names[s.value] = rate_name(s.value, text.language), s.keys
        words += len(line.units)
        if words >= OPENING:
            break
    return names


@once_per_text
def all_keys(text: Text) -> frozenset[str]:
    """The keys of all words of a text and of its headline."""
    title = (spell(word) | {stem(word)} for word in title_words(text))
    return read_contents(text).keys.union(*title)


@once_per_text
def title_words(text: Text) -> tuple[str, ...]:
    """The words of an article's headline, without the name of a site behind it."""
    title = text.article.title or ""
    return tuple(split_words(find_headline(title).of(title)).forms())


def count_strange_titles(a: Text, b: Text, *, brief: bool = False) -> int:
    """How many rare words each headline has that are nowhere in the other article, headline
    included: the lesser number, at most `MAX_TITLE_WORDS`; symmetrical."""
    rarity = MIN_BRIEF_RARITY if brief else MIN_TITLE_RARITY
    return min(count_strange(a, b, rarity), count_strange(b, a, rarity), MAX_TITLE_WORDS)


def count_strange(text: Text, other: Text, rarity: float) -> int:
    """How many words of a text's headline, at least so rare, another article has nowhere."""
    keys = all_keys(other)
    return sum(
        keys.isdisjoint(spell(word) | {stem(word)})
        for word in dict.fromkeys(title_words(text))
        if len(word) >= MIN_TITLE_LETTERS
        and not word.isdigit()
        and word_rarity(word, text.language) >= rarity
    )


def days_between(a: Text, b: Text) -> int:
    """How many days lie between two articles; 0 where one has no date that can be right."""
    one, other = (day_of(text) for text in (a, b))
    apart = abs((one - other).days) if one and other else 0
    return apart if apart <= MAX_APART else 0


def day_of(text: Text) -> date | None:
    """The day on which an article was published, if known."""
    published = text.article.published
    if isinstance(published, datetime):
        return published.date()
    return published if isinstance(published, date) else None
