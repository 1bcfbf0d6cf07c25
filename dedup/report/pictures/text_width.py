"""How wide a text will be in a picture, and how much of it fits.

Whoever draws does not know the reader's fonts, so widths are those of DejaVu Sans, the widest
of the sans-serif faces that browsers fall back to: in Arial or Helvetica a line ends earlier
than computed, in no common face later. Han, Kana and Hangul take a full em (Unicode Standard
Annex 11), combining marks take nothing. Nothing is shaped: ligatures make Arabic narrower than
computed.
"""

import unicodedata

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
ELLIPSIS = "…"


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels `text` takes in letters of `size` pixels.

    >>> text_width("news", 10), text_width("ニュース", 10)
    (25.9, 40.0)
    """
    ems = sum(_ems(character) for character in text)
    return round(ems * size * (BOLD if bold else 1), 2)


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """`text` in at most `room` pixels, cut and marked with "…" where it is longer.

    >>> fit("Russia has started transferring", 100, 11)
    'Russia has start…'
    """
    if text_width(text, size, bold=bold) <= room:
        return text
    left = (room - text_width(ELLIPSIS, size, bold=bold)) / (size * (BOLD if bold else 1))
    for place, character in enumerate(text):  # no mark is cut from its letter: it is 0 wide
        left -= _ems(character)
        if left < 0:
            return text[: max(place, 1)].rstrip() + ELLIPSIS
    return text


def _ems(character: str) -> float:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return ASCII[code - 0x20] / 100
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return WIDE
    return OTHER
