"""How rare a word is in a language at large, from wordfreq's lists.

In a collection of five articles document frequencies say nothing; the language at large does.
The lists spell words with their accents and ours are folded, so "märz" is looked up as "marz"
too: every accented word of the shorter list adds its frequency to its folded form.
"""

import math
from collections import defaultdict
from functools import cache, lru_cache

import regex

from dedup.text.words import split_words

# On the Zipf scale of van Heuven et al. (2014), log10 of occurrences in 10^9 words, "the" is
# near 7.7; a word that wordfreq does not list is rarer than about 1.
MAX_FREQUENCY = 7.0

# wordfreq splits these into words with packages of its own; our words are single characters or
# stand between spaces, and are looked up as they are.
AS_THEY_ARE = frozenset({"ja", "ko", "zh"})

# Korean writes particles and endings to a word. Of the words of 65 news stories 21 in 100 are
# listed as they are, without up to one, two and three syllables 52, 70 and 77.
HANGUL = regex.compile(r"\p{Hangul}+")
MAX_ENDING, MIN_SYLLABLES = 3, 2


@lru_cache(maxsize=100_000)
def word_rarity(form: str, language: str) -> float:
    """From 0 for the commonest words of `language` to 7 for words that its lists lack.

    One unit is a factor of ten. In a language without a list, English is used: its own words
    are all rare there, and names and numbers keep their order.

    >>> common, rarer = word_rarity("the", "en"), word_rarity("artillery", "en")
    >>> common < rarer < word_rarity("koksan", "en")
    True
    """
    from wordfreq import get_frequency_dict, zipf_frequency

    if language in AS_THEY_ARE:
        listed = get_frequency_dict(language).get(form, 0.0)
        frequency = _zipf(max(listed, folded_characters(language).get(form, 0.0)))
    elif has_word_list(language):
        accented = accented_frequencies(language).get(form, 0.0)
        frequency = max(zipf_frequency(form, language), accented)
    else:
        frequency = zipf_frequency(form, "en")
    return max(MAX_FREQUENCY - frequency, 0.0)


@lru_cache(maxsize=100_000)
def listed_stem(form: str, language: str) -> str:
    """What a Korean word is without the particles and endings written to it: the longest beginning
    that is a word of the list, of two syllables and more, with up to three left out (the longest
    match of dictionary-based segmentation). Any other word as it is.

    >>> listed_stem("대통령은", "ko"), listed_stem("주민들에게", "ko"), listed_stem("mills", "en")
    ('대통령', '주민', 'mills')
    """
    if language != "ko" or not HANGUL.fullmatch(form):
        return form
    from wordfreq import get_frequency_dict

    listed = get_frequency_dict(language)
    shortest = max(MIN_SYLLABLES, len(form) - MAX_ENDING)
    stems = (form[:size] for size in range(len(form), shortest - 1, -1))
    return next((stem for stem in stems if stem in listed), form)


@cache
def has_word_list(language: str) -> bool:
    """Whether there is a list of the words of `language`."""
    from wordfreq import available_languages

    return language in available_languages("best")


@cache
def folded_characters(language: str) -> dict[str, float]:
    """Folded form → frequency of the characters of `language` that folding changes: of Japanese
    and traditional Chinese."""
    from wordfreq import get_frequency_dict

    folded: defaultdict[str, float] = defaultdict(float)
    for character, frequency in get_frequency_dict(language).items():
        if len(character) == 1 and [character] != (forms := split_words(character).forms()):
            folded["".join(forms)] += frequency
    return dict(folded)


@cache
def accented_frequencies(language: str) -> dict[str, float]:
    """Folded form → Zipf frequency of the words of `language` that folding changes."""
    from wordfreq import get_frequency_dict

    frequencies = get_frequency_dict(language, "small")
    spelled = "\n".join(word for word in frequencies if not word.isascii())
    words = split_words(spelled)
    folded: defaultdict[str, float] = defaultdict(float)
    for begin, end, form in zip(words.begins, words.ends, words.forms(), strict=True):
        folded[form] += frequencies.get(spelled[begin:end], 0.0)
    return {form: _zipf(frequency) for form, frequency in folded.items()}


def _zipf(frequency: float) -> float:
    return math.log10(frequency) + 9 if frequency > 0 else 0.0  # of 10^9 words
