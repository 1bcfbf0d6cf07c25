"""How rare a word is in a language at large, from wordfreq's lists.

In a collection of five articles document frequencies say nothing; the background does.
"""

from functools import lru_cache

# The Zipf scale of van Heuven et al. (2014): log10 of occurrences in 10^9 words. "the" is
# near 7.7; a word that wordfreq does not list is rarer than about 1.
COMMONEST = 7.0


@lru_cache(maxsize=100_000)
def rarity(form: str, language: str) -> float:
    """0 for the commonest words of `language`, up to 7 for words that its lists lack.

    One unit is a factor of ten. A language without a list is taken for English, where its
    own words are all rare and names and numbers keep their order.

    >>> rarity("the", "en") < rarity("artillery", "en") < rarity("koksan", "en")
    True
    """
    from wordfreq import zipf_frequency

    try:
        frequency = zipf_frequency(form, language)
    except LookupError:
        frequency = zipf_frequency(form, "en")
    return max(COMMONEST - frequency, 0.0)
