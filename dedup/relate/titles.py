"""Do the titles of two articles say the same?

A title is no part of an article's text. Where the texts are short, or a teaser that a site prints
under every headline, it is what keeps two stories apart.
"""

from collections.abc import Set

from dedup.article import Article
from dedup.text.headlines import find_headline
from dedup.text.rarity import word_rarity
from dedup.text.words import split_words

MIN_RARITY = 1.0  # of a word that says something: "after", "over", "says" are commoner


def compare_titles(a: Article, b: Article, language: str = "en") -> float | None:
    """How far the titles of two articles agree, from 0 (no word) to 1 (the same words).

    The cosine of their words, each weighted by how rare it is in `language`, without sites'
    names and labels (`find_headline`); None where a title is missing or says nothing.

    >>> one = Article("a", "…", title="Council rejects plan for new incinerator | BBC News")
    >>> other = Article("b", "…", title="LIVE: Council rejects plan for new incinerator")
    >>> round(compare_titles(one, other), 2)
    1.0
    >>> compare_titles(one, Article("c", "…")) is None
    True
    """
    one, other = title_words(a.title), title_words(b.title)
    if not (one and other):
        return None
    return compare_words(one, other, language)


def compare_words(one: Set[str], other: Set[str], language: str) -> float | None:
    """The cosine of two sets of folded words, weighted by rarity; None where one says nothing."""

    def weigh(words: Set[str]) -> float:
        weights = (word_rarity(word, language) for word in sorted(words))
        return sum(weight**2 for weight in weights if weight >= MIN_RARITY)

    whole = weigh(one) * weigh(other)
    return weigh(one & other) / whole**0.5 if whole else None


def title_words(title: str | None) -> frozenset[str]:
    """The folded words of a title without a site's name and a label such as "LIVE:"."""
    return frozenset(split_words(find_headline(title or "").of(title or "")).forms())
