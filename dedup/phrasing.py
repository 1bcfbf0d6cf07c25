"""Text made safe to show on one line, and the few phrases that all messages share.

Other people's text may hold escape sequences, controls and invisible characters that turn text
around; none of them reaches a terminal. Offsets are kept, so that a stretch can be marked. Data
formats keep the text as it was.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

REPLACEMENT = "\ufffd"
JOINERS = "\u200c\u200d"  # Persian spelling and emoji need these; they turn nothing around

# A terminal's control sequence with its parameters (ECMA-48, 5.4). Of the kinds that carry a
# string only the controls are dropped: an article must not be able to hide words.
ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")


def sanitise(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal obeys.

    >>> sanitise("Kursk\\x1b[31m\\nand \\u202eCrimea")
    'Kursk and Crimea'
    """
    if text.isprintable():  # as most is: no control, no space but " "
        return " ".join(text.split())
    return "".join(character for character, _ in characters(text, 0, len(text)))


def shorten(text: str, length: int) -> str:
    """`sanitise(text)` in at most `length` characters, cut at a word and marked with "…".

    >>> shorten("Russia has started transferring artillery", 24)
    'Russia has started …'
    """
    line = sanitise(text[: 4 * length])
    if len(line) <= length and len(text) <= 4 * length:
        return line
    head, space, rest = line[: length - 1].rpartition(" ")
    return (head + space or rest) + "…"


def characters(text: str, begin: int, end: int) -> Iterator[tuple[str, int]]:
    """The characters of `text[begin:end]` as they may be shown, each with its offset."""
    escapes = (range(*escape.span()) for escape in ESCAPE.finditer(text, begin, end))
    hidden = set(chain.from_iterable(escapes))
    gap: int | None = None
    started = False
    for offset, character in enumerate(text[begin:end], begin):
        category = unicodedata.category(character)
        if character.isspace():
            gap = offset if gap is None else gap
        elif offset not in hidden and (category not in ("Cc", "Cf") or character in JOINERS):
            if gap is not None and started:
                yield " ", gap
            gap, started = None, True
            yield REPLACEMENT if category == "Cs" else character, offset


def percent(part: float) -> str:
    """A part as a percentage that neither promises certainty nor hides a trace.

    >>> percent(0.914), percent(0.9999), percent(0.002), percent(1.0)
    ('91%', '>99%', '<1%', '100%')
    """
    if 0 < part < 0.005:
        return "<1%"
    if 0.995 <= part < 1:
        return ">99%"
    return f"{part:.0%}"


def pluralize(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun: "1 article", "1,204 articles"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def format_size(number: int) -> str:
    """Bytes as a person reads them.

    >>> format_size(999), format_size(1_204_000), format_size(3_400_000_000)
    ('999 bytes', '1.2 MB', '3.4 GB')
    """
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= unit:
            return f"{number / unit:,.1f} {name}"
    return pluralize(number, "byte")
