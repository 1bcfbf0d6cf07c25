"""Plain: other people's text made safe to show, and the few words that reports share.

Comes in: any text. Goes out: text for one line of a terminal, without escape sequences,
controls and invisible or direction-turning characters, each run of white space one space.
Offsets are kept track of, so that a stretch can be marked. Display only: data formats keep
the text as it was.
"""

import re
import unicodedata
from collections.abc import Iterator

REPLACEMENT = "\ufffd"
JOINERS = "\u200c\u200d"  # Persian spelling and emoji need these; they turn nothing around

# A terminal's control sequence with its parameters (ECMA-48, 5.4). Of the kinds that carry a
# string only the controls are dropped: an article must not be able to hide words.
ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")


def sanitise(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal obeys.

    >>> printable("Kursk\\x1b[31m\\nand \\u202eCrimea")
    'Kursk and Crimea'
    """
    return "".join(shown for shown, _ in characters(text, 0, len(text)))


def shorten(text: str, length: int) -> str:
    """`printable(text)` in at most `length` characters, cut at a word and marked with "…".

    >>> shortened("Russia has started transferring artillery", 24)
    'Russia has started …'
    """
    shown = sanitise(text[: 4 * length])
    if len(shown) <= length and len(text) <= 4 * length:
        return shown
    cut = shown[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return head + " …" if space else cut + "…"


def characters(text: str, begin: int, end: int) -> Iterator[tuple[str, int]]:
    """The characters of `text[begin:end]` as they may be shown, each with its offset."""
    hidden = {
        offset
        for escape in ESCAPE.finditer(text, begin, end)
        for offset in range(*escape.span())
    }  # fmt: skip
    gap: int | None = None
    started = False
    for offset in range(begin, end):
        character = text[offset]
        if character.isspace():
            gap = offset if gap is None else gap
            continue
        shown = "" if offset in hidden else _shown(character)
        if not shown:
            continue
        if gap is not None and started:
            yield " ", gap
        gap, started = None, True
        yield shown, offset


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return REPLACEMENT
    if category in ("Cc", "Cf") and character not in JOINERS:
        return ""
    return character


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
