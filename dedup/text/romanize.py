"""Latin: words of any alphabet in plain Latin letters, so that names meet across languages.

Comes in: a folded word, or anchors. Goes out: the word as anyascii spells it, or the names and
numbers in that spelling. It is for comparing, not for reading: "Путин" and "Putin"
become one, vowels that an alphabet does not write are not guessed.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from dedup.text.model import Anchor

STEM = 5  # letters that the forms of one name share in most languages
SHORTEST = 4  # letters; shorter names are too many to tell a story
NUMBER = "#"  # begins a number, which no word can
WORDS_KEPT = 100_000


@lru_cache(maxsize=WORDS_KEPT)
def romanize(word: str) -> str:
    """`word` in the letters a to z and the digits.

    >>> romanize("зеленський"), romanize("þórður"), romanize("κίνα")
    ('zelenskiy', 'thordur', 'kina')
    """
    if word.isascii():
        return word
    from anyascii import anyascii

    return "".join(filter(str.isalnum, anyascii(word).lower()))


def romanized_names(anchors: Iterable[Anchor]) -> dict[str, str]:
    """Each word of a name as it is first spelled, by its stem in Latin letters."""
    found: dict[str, str] = {}
    for anchor in anchors:
        if anchor.kind == "name":
            for word in anchor.value.split():
                spelled = romanize(word)
                if len(spelled) >= SHORTEST:
                    found.setdefault(spelled[:STEM], word)
    return found


def names_and_numbers(anchors: Iterable[Anchor]) -> Counter[str]:
    """How often there is each number, by value, and each word of a name, by its stem."""
    found: Counter[str] = Counter()
    for anchor in anchors:
        if anchor.kind == "number":
            found[NUMBER + anchor.value] += 1
        else:
            words = map(romanize, anchor.value.split())
            found.update(word[:STEM] for word in words if len(word) >= SHORTEST)
    return found
