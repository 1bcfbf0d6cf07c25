"""Spelling: rewrite the few texts in which one code point at a time does not tell what is written.

Most of what reads the same is made the same letter by letter (`dedup.text.words`). Here is the
rest: Hangul and Kana in parts, words broken by a hyphen at the end of a line, letters of another
alphabet that look like those of the word, and Serbian in Cyrillic. Each step finds edits in a
text; `Spelling` applies them and remembers where each character comes from, so that offsets still
point into the text as it was given.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import regex

Integers = npt.NDArray[np.int64]
Edit = tuple[int, int, str]  # what stands from begin to end becomes this

# Conjoining Hangul, Kana with its voicing apart, and Thai and Lao am in two parts.
IN_PARTS = regex.compile(
    r"[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]{2,}"
    r"|[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]"
    r"|\u0e4d\u0e32|\u0ecd\u0eb2"
)
AM = {"\u0e4d\u0e32": "\u0e33", "\u0ecd\u0eb2": "\u0eb3"}

WORD = regex.compile(r"[\p{L}\p{M}\p{Cf}]+")

HYPHENS = "-\u00ad\u2010"
# A word goes on in lower case after a hyphen at the end of a line: "Trink-⏎wasser", not
# "Rhein-⏎Main".
BROKEN_WORD = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])([\p{{L}}\p{{M}}]++)([{HYPHENS}]\r?\n[ \t]{{0,8}})"
    r"(?=([\p{Ll}\p{Lo}][\p{L}\p{M}]*+))"
)
BROKEN_ENDS = tuple(hyphen + end for hyphen in HYPHENS for end in ("\n", "\r\n"))
COMPOUND = regex.compile(r"(?<![\p{L}\p{M}])([\p{L}\p{M}]++)-(?=([\p{L}\p{M}]++))")
# Lines that end in such a hyphen, of all lines: of columns with hyphenation 8 to 25 in 100 do,
# of 308,889 lines of Reuters, which has none, 1 in 8,000 (there it belongs to "anti-⏎aircraft").
MIN_BROKEN_LINES = 0.05
MIN_PART = 4  # letters of each part of a compound: "be" and "for" are words and parts of words

# Code points of the letters of alphabets that share shapes.
ALPHABETS = {
    "latin": (
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x2AF),
        (0x1E00, 0x1EFF),
    ),
    "cyrillic": ((0x400, 0x52F), (0x1C80, 0x1C8F), (0xA640, 0xA69F)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "armenian": ((0x530, 0x58F),),
}
CLASS = {
    name: "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)
    for name, ranges in ALPHABETS.items()
}
ALPHABET = {name: regex.compile(f"[{letters}]") for name, letters in CLASS.items()}
LATIN, OTHER = CLASS["latin"], "".join(CLASS[name] for name in ALPHABETS if name != "latin")
MIXED = regex.compile(
    rf"[{LATIN}][\p{{M}}\p{{Cf}}]*+[{OTHER}]|[{OTHER}][\p{{M}}\p{{Cf}}]*+[{LATIN}]"
)
# A word as far as its letters are of an alphabet here: a Chinese character is a word of its own.
ALPHABETIC_WORD = regex.compile(rf"[{LATIN}{OTHER}\p{{M}}\p{{Cf}}]+")

CYRILLIC_WORD = regex.compile(f"[{CLASS['cyrillic']}]+")
# What Serbian has and Macedonian has not: two letters, and "je" (is), which stands in every text of
# some length; and the letters that other languages lack.
SERBIAN_MARK = regex.compile(r"[ђћЂЋ]|(?<!\p{L})[Јј]е(?!\p{L})")
SERBIAN_OWN = regex.compile("[јљњџЈЉЊЏђћЂЋ]")
MIN_OWN_LETTERS = 4  # to each Cyrillic letter that Serbian lacks: an article may quote a Russian


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is read; `begins` and `ends` int64 tell for each character which stretch of
    the text as given it stands for (None: itself)."""

    text: str
    begins: Integers | None = None
    ends: Integers | None = None

    def edit(self, edits: Iterable[Edit]) -> "Spelling":
        """The text after these edits, which are in order and do not overlap."""
        made = list(edits)
        if not made:
            return self
        places = np.arange(len(self.text) + 1)
        begins = places[:-1] if self.begins is None else self.begins
        ends = places[1:] if self.ends is None else self.ends
        pieces, from_begins, from_ends, at = list[str](), list[Integers](), list[Integers](), 0
        for begin, end, written in [*made, (len(self.text), len(self.text), "")]:
            pieces += [self.text[at:begin], written]
            from_begins += [begins[at:begin], np.repeat(begins[begin:end][:1], len(written))]
            from_ends += [ends[at:begin], np.repeat(ends[begin:end][-1:], len(written))]
            at = end
        return Spelling("".join(pieces), np.concatenate(from_begins), np.concatenate(from_ends))


def compose(text: str) -> Iterator[Edit]:
    """Hangul, Kana and Thai am in parts, put together."""
    for match in IN_PARTS.finditer(text):
        written = AM.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        if written != match[0]:
            yield *match.span(), written


def join_broken_words(text: str) -> Iterator[Edit]:
    """Hyphens at the ends of lines that break a word in two.

    They do where the text has the whole word elsewhere. They do not where it has it with a hyphen
    ("engine-⏎room") or where both parts are other words of it. Else they do if so many lines
    end in a hyphen that the text is hyphenated.
    """
    if not any(end in text for end in BROKEN_ENDS):  # spares most texts the search
        return
    breaks = list(BROKEN_WORD.finditer(text))
    if not breaks:
        return
    parts = [(match[1].lower(), match[3].lower()) for match in breaks]
    words = Counter(word.lower() for word in WORD.findall(text))
    words.subtract(part for pair in parts for part in pair)
    compounds = {(match[1].lower(), match[2].lower()) for match in COMPOUND.finditer(text)}
    hyphenated = len(breaks) >= MIN_BROKEN_LINES * text.count("\n")
    for match, (left, right) in zip(breaks, parts, strict=True):
        compound = min(len(left), len(right)) >= MIN_PART and words[left] > 0 and words[right] > 0
        kept = compound or not hyphenated or (left, right) in compounds
        if words[left + right] > 0 or not kept:
            yield *match.span(2), ""


def use_one_alphabet(text: str) -> Iterator[Edit]:
    """Look-alikes from another alphabet, in the alphabet of their word: "pаypal" with a Cyrillic
    "а".

    A word goes with the alphabet to which all its letters can belong; where there are several,
    with that of the text. So does a word of nothing but look-alikes ("а"), where other words of
    the text show that it is mixed, except for an acronym.
    """
    if not MIXED.search(text):
        return
    main = main_alphabet(text)
    for match in ALPHABETIC_WORD.finditer(text):
        word, written = match[0], None
        own = alphabets_of(word)
        if len(own) > 1:
            readings = {name: in_alphabet(word, name) for name in own}
            written = readings.get(main) or next(filter(None, readings.values()), None)
        elif own != [main] and not (len(word) > 1 and word.isupper()):
            written = in_alphabet(word, main)
        if written and written != word:
            yield *match.span(), written


def alphabets_of(word: str) -> list[str]:
    """The alphabets of a word's letters."""
    return [name for name, letters in ALPHABET.items() if letters.search(word)]


def main_alphabet(text: str) -> str:
    """The alphabet of most letters of `text` that look like no letter of another one."""
    letters = unicodedata.normalize("NFD", text)
    counts = Counter(alphabet for letter in letters if (alphabet := plain_letters().get(letter)))
    return max(ALPHABETS, key=lambda alphabet: counts[alphabet])


def in_alphabet(word: str, alphabet: str) -> str | None:
    """`word` with look-alikes for the letters of other alphabets; None where one has none."""
    to_latin, to_others = look_alikes()
    letters = list[str]()
    for letter in word:
        written: str | None = letter
        if ALPHABET[alphabet].match(letter) is None and unicodedata.category(letter)[0] == "L":
            plain = unicodedata.normalize("NFD", letter)[0]  # accents are folded away in any case
            latin = to_latin.get(plain, plain)
            written = latin if alphabet == "latin" else to_others.get(alphabet, {}).get(latin)
            if written is None or not ALPHABET[alphabet].match(written):
                return None
        letters.append(written or letter)
    return "".join(letters)


def latinize_serbian(text: str) -> Iterator[Edit]:
    """The Cyrillic words of a Serbian text in its other alphabet, Latin."""
    if not SERBIAN_MARK.search(text):
        return
    letters = serbian_letters()
    words = list(CYRILLIC_WORD.finditer(text))
    foreign = sum(letter not in letters for match in words for letter in match[0])
    own = len(SERBIAN_OWN.findall(text))
    if own >= MIN_OWN_LETTERS * foreign:
        for match in words:
            if all(letter in letters for letter in match[0]):
                yield from (
                    (at, at + 1, letters[letter])
                    for at, letter in enumerate(match[0], match.start())
                )


@cache
def load_data() -> dict[str, dict[str, str]]:
    """What data/spelling.toml says."""
    data = resources.files("dedup").joinpath("data/spelling.toml").read_text("utf-8")
    return tomllib.loads(data)


@cache
def look_alikes() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Letter → the Latin one that looks like it; and by alphabet the other way round."""
    data = load_data()
    common, rare = (
        {alphabet: dict(zip(pairs[::2], pairs[1::2], strict=True)) for alphabet, pairs in table}
        for table in (data["look_alikes"].items(), data["rare_look_alikes"].items())
    )
    to_latin = {
        c: latin for table in (*common.values(), *rare.values()) for c, latin in table.items()
    }
    return to_latin, {
        alphabet: {latin: letter for letter, latin in table.items()}
        for alphabet, table in common.items()
    }


@cache
def plain_letters() -> dict[str, str]:
    """Letter → its alphabet, of those that look like none of another alphabet."""
    to_latin, to_others = look_alikes()
    doubtful = {*to_latin, *(latin for table in to_others.values() for latin in table)}
    return {
        chr(point): name
        for name, ranges in ALPHABETS.items()
        for low, high in ranges
        for point in range(low, high + 1)
        if chr(point) not in doubtful
    }


@cache
def serbian_letters() -> dict[str, str]:
    """Cyrillic letter → Latin letters, in both cases."""
    lower = load_data()["serbian"]
    return lower | {letter.upper(): latin.title() for letter, latin in lower.items()}
