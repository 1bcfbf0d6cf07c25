"""Lettering: how wide a text will be, and what of it fits.

Comes in: text and the room there is for it, in pixels. Goes out: the same text cut to fit.
A server does not know the reader's fonts, so widths are those of DejaVu Sans, the widest of
the sans-serif faces that browsers fall back to: in Arial or Helvetica a line ends earlier than
reckoned, in no common face later. Han, Kana and Hangul take a full em (Unicode Standard Annex
11), marks that stand on other letters none. It shapes nothing: ligatures make Arabic narrower
than reckoned.
"""

import unicodedata

import regex

from dedup.phrasing import sanitise

# Hundredths of an em, U+0020 to U+007E, DejaVu Sans.
ASCII = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
OTHER = 0.72  # of an em: the mean of DejaVu's widest alphabet, the Cyrillic one
WIDE = 1.0
BOLD = 1.11  # the same face in bold, mean of its ASCII letters

LONGEST = 2_000  # characters of a title that are looked at; a megabyte is cut before it is read
ELLIPSIS = "…"
# Marks piled on one letter would be drawn across the lines above and below.
PILED = regex.compile(r"(\p{M}{3})\p{M}+")
RIGHT_TO_LEFT = ("R", "AL")
ISOLATED = ("\u2067", "\u2069")  # right-to-left isolate, and its end


def shown(text: str) -> str:
    """`text` on one line, without controls and direction marks, its beginning if it is long."""
    return str(PILED.sub(r"\1", sanitise(text[:LONGEST])))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels `text` takes in letters of `size` pixels.

    >>> width("news", 10), width("ニュース", 10)
    (25.9, 40.0)
    """
    ems = sum(_ems(character) for character in text)
    return round(ems * size * (BOLD if bold else 1), 2)


def elided(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """`text` in at most `room` pixels, cut and marked with "…" where it is longer.

    >>> elided("Russia has started transferring", 100, 11)
    'Russia has start…'
    """
    return wrapped(text, room, size, 1, bold=bold)[0]


def wrapped(text: str, room: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """`text` in at most `lines` lines of `room` pixels each, broken between words.

    Where there are no spaces, or a word is longer than a line, it is broken between letters;
    what does not fit into the last line is cut.
    """
    rest = shown(text)
    done: list[str] = []
    while rest and len(done) < lines - 1:
        fits = _fitting(rest, room, size, bold)
        if fits == len(rest):
            break
        head = rest[: fits + 1]
        space = head.rfind(" ")
        cut = space if space > fits // 3 else fits
        done.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if width(rest, size, bold=bold) > room:
        fits = _fitting(rest, room - width(ELLIPSIS, size, bold=bold), size, bold)
        rest = rest[:fits].rstrip() + ELLIPSIS
    return [*done, rest]


def isolated(text: str) -> str:
    """`text`, wrapped in an isolate where it begins right to left, so that its full stops and
    the "…" of a cut stand on the left, and nothing beside it is turned around."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in RIGHT_TO_LEFT:
            return text.join(ISOLATED)
        if direction == "L":
            break
    return text


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """How many characters of `text` fit, at least one; no mark is parted from its letter."""
    left = room / (size * (BOLD if bold else 1))
    for place, character in enumerate(text):
        left -= _ems(character)
        if left < 0:
            return max(place, 1)
    return len(text)


def _ems(character: str) -> float:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return ASCII[code - 0x20] / 100
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return WIDE
    return OTHER
