"""Words of any alphabet in plain Latin letters, so that names match across languages.

anyascii spells them. It is for comparing, not for reading: "Путин" and "Putin" become equal;
vowels that an alphabet does not write are not guessed.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from dedup.text.model import Anchor

STEM = 5  # letters that the forms of one name share in most languages
MIN_LETTERS = 4  # of a name; shorter ones occur in too many stories
NUMBER = "#"  # put before a number, so that it equals no word


@lru_cache(maxsize=100_000)
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
    """Stem in Latin letters → the first word of a name that has it, as it is spelled."""
    names: dict[str, str] = {}
    for anchor in anchors:
        if anchor.kind == "name":
            for word in anchor.value.split():
                spelled = romanize(word)
                if len(spelled) >= MIN_LETTERS:
                    names.setdefault(spelled[:STEM], word)
    return names


def names_and_numbers(anchors: Iterable[Anchor]) -> Counter[str]:
    """How often each number occurs, by value, and each word of a name, by its stem."""
    counts: Counter[str] = Counter()
    for anchor in anchors:
        if anchor.kind == "number":
            counts[NUMBER + anchor.value] += 1
        else:
            words = map(romanize, anchor.value.split())
            counts.update(word[:STEM] for word in words if len(word) >= MIN_LETTERS)
    return counts
