"""Keys by which two spellings of one name are found to be the same.

Names come into the news through other alphabets and languages: Kyiv and Kiev, Klitschko and
Кличко, Tokayev and توكاييف. Two spellings mostly keep the order of the consonants, or the first
letters; so both are keys of a name, spelled in Latin letters (`dedup.text.romanize`) and in classes
of like sounds, as in Soundex (Russell 1918). That two names have a key in common does not prove
that they are one: it is for names that stand in the same place of two articles.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import regex

from dedup.text.romanize import STEM, romanize

MIN_CONSONANTS = 3  # by which alone names agree; with fewer, they must be of the same length
VOWELS = "aeiouy"

# Arabic and Hebrew write "and", "to" and "the" to the word, in so many letters.
ABJAD = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
PREFIXES = (1, 2, 3)
MIN_LETTERS = 3  # that must be left
# Korean writes particles to it, of so many syllables, and l and r alike.
HANGUL = regex.compile(r"\p{Hangul}")
ENDINGS = (1, 2)
MIN_SYLLABLES = 2  # that must be left
# Japanese writes foreign names in Katakana, and has one letter for l and r too.
KATAKANA = regex.compile(r"\p{Katakana}")
LIQUID = regex.compile("[lr]")
MAX_LIQUIDS = 3
# w is read as a vowel, as in English, or as v, as in German. Arabic and Hebrew have the same
# letter for o and w, or v, and Arabic one for j and g.
WESTERN = tuple(map(str.maketrans, ("w", "w"), "yf"))
SEMITIC = tuple(map(str.maketrans, ("wv", "w", "wvj"), ("yy", "f", "yyk")))

# Greek has no letters for b, d, g and h, and writes them so; Japanese says n before p and b.
SPELLED_OUT = {
    regex.compile(r"\p{Greek}"): (("mp", "b"), ("nt", "d"), ("gk", "g"), ("ch", "h"), ("x", "ks")),
    KATAKANA: (("np", "mp"), ("nb", "mb")),
}
# Spellings of like sounds, the n-th for the n-th of `SOUNDS`; vowels, and what is often left out,
# make none.
SILENT = "-"
SPELLINGS = re.compile(
    "((?<=^m)c(?!h)|c(?=h?[rl]|[aoutk])|k(?!h)g?|gh|[gqx])|(sch|t?s?c[hz]|[sz]h|t[sz]|dz|[scz])|(ph|[fv])"
    "|(th|[dt])|([bp])|(kh|[aeiouyhj])"
)
SOUNDS = ("k", "s", "f", "t", "p", SILENT)
DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def spell(word: str) -> frozenset[str]:
    """The keys of a name: the word itself, its first letters, its consonants; also without what
    Arabic, Hebrew and Korean write to it.

    >>> bool(spell("klichko") & spell("klitschko")), bool(spell("kyiv") & spell("krakow"))
    (True, False)
    """
    keys, readings = {word}, SEMITIC if ABJAD.match(word) else WESTERN
    for (own, spelled), reading in product(list(spell_out(word)), readings):
        keys.add(f"^{spelled[:STEM]}" if len(spelled) >= STEM else own)
        sounds = find_consonants(spelled.translate(reading))
        if len(sounds) == MIN_CONSONANTS - 1:  # and both begin with a vowel, or neither does
            begins = "~" if spelled[0] in VOWELS else "~-"
            keys.update(f"{begins}{sounds}{size // 2}" for size in (len(spelled), len(spelled) + 1))
        elif len(sounds) >= MIN_CONSONANTS:
            one_letter = HANGUL.match(word) or KATAKANA.match(word)
            liquids = len(LIQUID.findall(sounds)) if one_letter else 0
            skeleton = LIQUID.sub("{}", sounds) if 0 < liquids <= MAX_LIQUIDS else sounds
            each = product("lr", repeat=skeleton.count("{}"))
            keys.update("~" + skeleton.format(*letters) for letters in each)
    return frozenset(keys)


def spell_out(word: str) -> Iterator[tuple[str, str]]:
    """A word, and what is left of it without what is written to it, each with its spellings in
    Latin letters."""
    for own in strip_affixes(word):
        spelled = romanize(own)
        yield own, spelled
        for script, pairs in SPELLED_OUT.items():
            if script.match(own):
                for letters, sound in pairs:
                    spelled = spelled.replace(letters, sound)
                yield own, spelled


def begin_alike(one: str, other: str) -> bool:
    """Whether the first two consonants of two words are of like sounds: Korean and Кореи."""
    return not first_sounds(one).isdisjoint(first_sounds(other))


@lru_cache(maxsize=100_000)
def first_sounds(word: str) -> frozenset[str]:
    """The first two consonants of a word, in each way to read it."""
    readings = SEMITIC if ABJAD.match(word) else WESTERN
    spelled = {spelled for own, spelled in spell_out(word) if own == word}
    each = product(sorted(spelled), readings)
    sounds = (find_consonants(own.translate(reading)) for own, reading in each)
    return frozenset(begin[:2] for begin in sounds if len(begin) > 1)


def strip_affixes(word: str) -> tuple[str, ...]:
    """A word, and what is left of it without articles, prepositions and particles that Arabic,
    Hebrew and Korean write to it, as far as that is enough for a name.

    >>> strip_affixes("서울에서"), strip_affixes("london")
    (('서울에서', '서울에', '서울'), ('london',))
    """
    left: list[str] = []
    if ABJAD.match(word):
        left = [word[n:] for n in PREFIXES if len(word) - n >= MIN_LETTERS]
    elif HANGUL.match(word):
        left = [word[:-n] for n in ENDINGS if len(word) - n >= MIN_SYLLABLES]
    return (word, *left)


def stem(word: str) -> str:
    """The first letters of a word in Latin script, which inflection and most spellings keep; a
    short word as it is."""
    spelled = romanize(word)
    return f"^{spelled[:STEM]}" if len(spelled) >= STEM else word


def find_consonants(word: str) -> str:
    """The consonants of a word in classes of like sounds, doubled ones once."""
    sounds = SPELLINGS.sub(lambda match: SOUNDS[(match.lastindex or 1) - 1], word)
    return DOUBLE.sub(r"\1", sounds).replace(SILENT, "")
