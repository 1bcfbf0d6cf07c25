"""What two titles, or two sets of words, have in common.

A title is no part of an article's text. Where texts are short, or one teaser stands under every
headline of a site, it is what keeps two stories apart.
"""

from collections.abc import Set

from dedup.text.headlines import find_headline
from dedup.text.rarity import word_rarity
from dedup.text.words import split_words

MIN_RARITY = 1.0  # of a word that says something: "after", "over", "says" are commoner


def compare_words(one: Set[str], other: Set[str], language: str) -> float | None:
    """The cosine of two sets of folded words, weighted by rarity; None where one says nothing.

    >>> one = title_words("Council rejects plan for incinerator | BBC News")
    >>> other = title_words("LIVE: Council rejects plan for incinerator")
    >>> round(compare_words(one, other, "en"), 2)
    1.0
    """

    def weigh(words: Set[str]) -> float:
        weights = (word_rarity(word, language) for word in sorted(words))
        return sum(weight**2 for weight in weights if weight >= MIN_RARITY)

    whole = weigh(one) * weigh(other)
    return weigh(one & other) / whole**0.5 if whole else None


def title_words(title: str | None) -> frozenset[str]:
    """The folded words of a title without a site's name and a label such as "LIVE:"."""
    return frozenset(split_words(find_headline(title or "").of(title or "")).forms())
