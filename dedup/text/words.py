"""Words: the one definition that whole texts and compiled kernels share.

A word is a maximal run of Unicode letters, marks and numbers. In scripts without spaces (Han, Kana,
Thai …) each character is a word, which needs no segmenter. Everything else separates.

Texts that a reader takes for equal have equal words: case, accents and other ways to write a letter
are folded away by a table over code points, which numpy and the kernels both read. It reduces
compatibility forms (full width, presentation forms) and diacritics to the base letter, traditional
Chinese to simplified, Persian ye and kaf to the Arabic ones, digits of any script to 0-9, and drops
what cannot be seen (soft hyphens, zero-width spaces, variation selectors). One code point becomes
one letter, none, or two ("ß", "ﬁ", Indic vowel signs of two parts). What one code point does not
tell (Hangul in parts, broken words, look-alikes) is marked, and the few texts that have it are
respelled first (`dedup.text.spelling`), by both speeds in the same way. Without a language there
are no stems, stop words or values of numbers.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedup.text.spelling import (
    ALPHABETS,
    HYPHENS,
    Edit,
    Spelling,
    compose,
    join_broken_words,
    latinize_serbian,
    use_one_alphabet,
)

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

# What the table says of a code point: its folded letter in the lower 21 bits, and these bits.
SEPARATOR = np.uint32(0)  # ends a word
SILENT = np.uint32((1 << 21) - 1)  # stands inside a word, but is no part of its folded form
LETTER = SILENT
ALONE = np.uint32(1 << 31)  # a word of its own (Han, Kana, Thai …)
TWO = np.uint32(
    1 << 30
)  # two letters, which stand in the table behind all code points, from here on
ASKS = np.uint32(1 << 29)  # a text that has it must be respelled
# The alphabet of the letter, a bit for each; in a word of several there may be look-alikes.
ALPHABET_BITS = {1 << 25 + place: name for place, name in enumerate(ALPHABETS)}
ALPHABET = np.uint32(sum(ALPHABET_BITS))

CODE_POINTS = 0x110000
# Above the third plane there are only private use and what cannot be seen: no letters.
LAST_LETTER = 0x32400

# Scripts written without spaces between words.
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF),  # Thai and Lao, Myanmar, Khmer
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F),  # Kana
    (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),  # 々〆〇, Han
    (0x20000, LAST_LETTER),  # Han extensions B to H
)  # fmt: skip

# Marks that only decorate a letter: combining accents (Indic vowel signs and the like are part of
# it), the Indic dot below, and Arabic and Hebrew points and Arabic elongation, which news prints
# or leaves out.
MARKS = (
    (0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x0610, 0x061A),
    (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670),
    *((nukta, nukta) for nukta in (0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0B3C, 0x0CBC)),
)  # fmt: skip
# What stands in a text and cannot be seen, beside the format characters (soft hyphen, zero-width
# spaces and joiners, marks of direction): variation selectors and tags.
INVISIBLE = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
# What only decorates the letter before it, or cannot be seen at all.
DECORATIONS = frozenset(
    chr(point) for low, high in (*MARKS, *INVISIBLE) for point in range(low, high + 1)
)
# Letters that are typed for each other: Persian ye and kaf for the Arabic ones; the dotless i, of
# which Turkish capitals do not tell (as all of them lose their accents); and letters that are typed
# as an apostrophe, which separates.
SAME_LETTERS = {0x06CC: 0x064A, 0x06A9: 0x0643, 0x0131: 0x69}
APOSTROPHES = frozenset({0x02BB, 0x02BC, 0x02BD})

# Word hash: a polynomial modulo 2^64 in the word's UTF-8, eight bytes a step, then a bijective
# mix. Most words are one step, and a step is one load. The multiplier is the 64-bit golden ratio
# made odd; the mix is the finaliser of splitmix64 (Steele, Lea and Flood 2014).
CHUNK = 8  # bytes; the last chunk of a word is filled up with zeros
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
KEPT = np.array([256**size - 1 for size in range(CHUNK + 1)], dtype=np.uint64)  # of a last chunk
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in columns of equal length.

    begins, ends: int64, half-open code-point offsets. hashes: uint64, equal where the folded
    words are equal. letters, starts: the folded code points of all words end to end (uint32)
    and where each word's begin among them (int64, one longer than the words).
    """

    begins: Integers
    ends: Integers
    hashes: Hashes
    letters: npt.NDArray[np.uint32]
    starts: Integers

    def __len__(self) -> int:
        return len(self.begins)

    def forms(self) -> list[str]:
        """The folded words as strings."""
        joined = from_code_points(self.letters)
        return [joined[a:b] for a, b in pairwise(self.starts.tolist())]


ENDS = ("\n", "\r\n")  # of a line, behind a hyphen
# Large blocks that folding leaves as they are: Han, Hangul syllables, Han extensions.
UNCHANGED = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x20000, LAST_LETTER))
NO_LETTERS = (0xD800, 0xF8FF)  # surrogates, private use
# What tells nothing alone: Hangul jamo, the voicing of Kana, Thai and Lao am in parts, and letters
# by which Serbian is known.
ASKING = (
    (0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB), (0x3099, 0x309A), (0xFF9E, 0xFF9F),
    (0x0E4D, 0x0E4D), (0x0ECD, 0x0ECD),
    *((ord(letter), ord(letter)) for letter in "ЂђЋћЈј"),
)  # fmt: skip


def fold(character: str) -> int:
    """What becomes of one character: `SEPARATOR`, `SILENT`, a letter, two, or one that `ASKS`."""
    category = unicodedata.category(character)
    if category == "Cf":
        return int(SILENT)
    if category[0] not in "LMN" or ord(character) in APOSTROPHES:
        return int(SEPARATOR)
    if character in DECORATIONS:
        return int(SILENT)
    points = fold_letters(character)
    if len(points) == 1:
        return points[0]
    if any(low <= ord(character) <= high for low, high in UNSPACED):
        return ord(character)  # Kana and its voicing are one letter
    return int(TWO if len(points) == 2 else ASKS) | ord(character)


def fold_letters(character: str) -> list[int]:
    """The folded letters of a letter or number."""
    if character.isdecimal():
        return [ord("0") + unicodedata.decimal(character)]
    parts = [part for part in unicodedata.normalize("NFKD", character) if part not in DECORATIONS]
    if not parts or any(unicodedata.category(part)[0] not in "LMN" for part in parts):
        parts = [character]
    letters = [c for part in parts for c in part.casefold() if c not in DECORATIONS]
    return [SAME_LETTERS.get(ord(letter), ord(letter)) for letter in letters]


@cache
def fold_table() -> npt.NDArray[np.uint32]:
    """What each code point becomes when it is folded: uint32[0x110000 + 2 m], read-only.

    `SEPARATOR`, `SILENT`, or the folded letter, with the bits that tell of it; behind them the m
    pairs of letters of those that become `TWO`. Made once per process (.1 s).
    """
    table = np.zeros(CODE_POINTS, dtype=np.uint32)
    for low, high in UNCHANGED:
        table[low : high + 1] = np.arange(low, high + 1)
    edges = sorted(((0, -1), *UNCHANGED, NO_LETTERS, (LAST_LETTER, LAST_LETTER)))
    for (_, before), (after, _) in pairwise(edges):
        table[before + 1 : after] = [fold(chr(point)) for point in range(before + 1, after)]
    for low, high in INVISIBLE:
        table[low : high + 1] = SILENT
    traditional, simplified = code_points(simplified_characters()).reshape(-1, 2).T
    table[traditional] = simplified
    for low, high in UNSPACED:
        row = table[low : high + 1]
        row[(row > ord("9")) & (row != SILENT)] |= ALONE
    for low, high in ASKING:
        table[low : high + 1] |= ASKS
    letters = table & LETTER  # full-width and bold ones too
    for bit, name in ALPHABET_BITS.items():
        for low, high in ALPHABETS[name]:
            table[(letters >= low) & (letters <= high)] |= np.uint32(bit)
            row = table[low : high + 1]
            row[(row != SEPARATOR) & (row != SILENT)] |= np.uint32(bit)
    doubled = np.flatnonzero(table & TWO)
    pairs = np.array([fold_letters(chr(point)) for point in doubled.tolist()], dtype=np.uint32)
    table[doubled] &= ALPHABET
    table[doubled] |= TWO | CODE_POINTS + 2 * np.arange(len(doubled), dtype=np.uint32)
    table = np.append(table, pairs)
    table.flags.writeable = False
    return table


def simplified_characters() -> str:
    """Traditional Chinese characters, each followed by its simplified form."""
    data = resources.files("dedup").joinpath("data/simplified.txt").read_text("utf-8")
    return "".join(line for line in data.splitlines() if not line.startswith("#"))


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of `text`, lone surrogates included: uint32[len(text)]."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def from_code_points(points: npt.NDArray[np.uint32]) -> str:
    """The text of these code points."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def split_words(text: str) -> Words:
    """The words of `text`, in order.

    >>> split_words("Kim’s 11,000 café, Groß-").forms()
    ['kim', 's', '11', '000', 'cafe', 'gross']
    """
    folded, spelling = fold_text(text), Spelling(text)
    if asks(text, folded):
        spelling = respell(text)
        folded = fold_text(spelling.text)
    return split_folded(folded, spelling)


def fold_text(text: str) -> npt.NDArray[np.uint32]:
    """What the table says of each character of `text`."""
    return fold_table()[code_points(text)]


def split_folded(folded: npt.NDArray[np.uint32], spelling: Spelling) -> Words:
    """The words of a text that is respelled, or need not be, from what the table says of it."""
    kept = np.flatnonzero(folded != SILENT)  # a silent mark belongs to what it follows
    folded = folded[kept]
    letter = folded != SEPARATOR
    alone = folded & ALONE != 0
    extends = np.zeros(len(kept), dtype=np.bool_)
    extends[1:] = letter[1:] & letter[:-1] & ~alone[1:] & ~alone[:-1]
    first = np.flatnonzero(letter & ~extends)
    counts = np.diff(np.append(np.flatnonzero(~extends), len(kept)))
    lengths = counts[letter[~extends]]
    begins = kept[first]
    ends = np.append(kept, len(spelling.text))[first + lengths]
    if spelling.begins is not None and spelling.ends is not None:
        begins, ends = spelling.begins[begins], spelling.ends[ends - 1]
    letters, starts = spell_out(folded[letter], np.append(0, np.cumsum(lengths)))
    return Words(begins, ends, hash_words(letters, starts), letters, starts)


def spell_out(
    folded: npt.NDArray[np.uint32], starts: Integers
) -> tuple[npt.NDArray[np.uint32], Integers]:
    """The letters of what the table says, and where words begin among them."""
    two = folded & TWO != 0
    letters = folded & LETTER
    if two.any():
        places = np.append(0, np.cumsum(1 + two))
        seconds, pairs = places[1:][two] - 1, letters[two]
        letters, starts = np.repeat(letters, 1 + two), places[starts]
        letters[seconds - 1], letters[seconds] = fold_table()[pairs], fold_table()[pairs + 1]
    return letters, starts


def asks(text: str, folded: npt.NDArray[np.uint32]) -> bool:
    """Whether a text may have words that the table cannot tell; the kernels ask the same."""
    ascii_only = text.isascii()
    if any(
        f"{hyphen}{end}" in text for hyphen in HYPHENS[: 1 if ascii_only else 3] for end in ENDS
    ):
        return True
    if ascii_only:
        return False
    bits = int(np.bitwise_or.reduce(folded, initial=0))
    alphabets = bits & int(ALPHABET)
    return bool(bits & int(ASKS) or alphabets & (alphabets - 1))


def respell(text: str, *, latinize: bool = True) -> Spelling:
    """`text` as its words are read: composed, unbroken, each word in one alphabet.

    `latinize`: Serbian in Latin letters.
    """
    spelling = Spelling(text).edit(join_broken_words(text))
    if text.isascii():
        return spelling
    steps = [compose, expand, use_one_alphabet]
    for step in [*steps, latinize_serbian] if latinize else steps:
        spelling = spelling.edit(step(spelling.text))
    return spelling


def expand(text: str) -> Iterator[Edit]:
    """Ligatures and vowel signs of more than two letters, in their letters."""
    folded = fold_text(text)
    for at in np.flatnonzero(folded & ASKS).tolist():
        parts = unicodedata.normalize("NFKD", text[at])
        if len(parts) > 1:
            yield at, at + 1, parts


def hash_words(letters: npt.NDArray[np.uint32], starts: Integers) -> Hashes:
    """A 64-bit hash of each word: uint64[len(starts) - 1].

    Horner's polynomial in chunks of the folded word's UTF-8, the first chunk highest and the
    first byte of each lowest, then mixed; the empty word does not occur. The compiled kernel
    computes the same (`dedup.sketch.kernels`).
    """
    if len(starts) < 2:
        return np.empty(0, dtype=np.uint64)
    encoded = from_code_points(letters).encode("utf-8", "surrogatepass") + bytes(CHUNK)
    bounds = starts
    if len(encoded) > len(letters) + CHUNK:
        sizes = 1 + (letters >= 0x80) + (letters >= 0x800) + (letters >= 0x10000)
        bounds = np.append(0, np.cumsum(sizes))[starts]
    lengths = np.diff(bounds)
    chunks = (lengths + CHUNK - 1) // CHUNK
    firsts = np.append(0, np.cumsum(chunks))
    # The number of each chunk in its word, and how many bytes are left from it on.
    number = np.arange(firsts[-1]) - np.repeat(firsts[:-1], chunks)
    left = np.repeat(lengths, chunks) - CHUNK * number
    eights = np.ndarray(len(encoded) - CHUNK + 1, "<u8", encoded, strides=(1,))
    values = eights[np.repeat(bounds[:-1], chunks) + CHUNK * number].astype(np.uint64)
    values &= KEPT[np.minimum(left, CHUNK)]
    powers = np.full(int(chunks.max()), MULTIPLIER)
    powers[0] = 1
    powers = np.cumprod(powers)[(left - 1) // CHUNK]
    return mix(np.add.reduceat(values * powers, firsts[:-1]))


def mix(hashes: Hashes) -> Hashes:
    """The splitmix64 finaliser: a bijection of 64 bits that spreads every input bit."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * MIX_1
    hashes = (hashes ^ (hashes >> np.uint64(27))) * MIX_2
    return hashes ^ (hashes >> np.uint64(31))
