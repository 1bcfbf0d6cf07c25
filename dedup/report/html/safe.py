"""Other people's text as a page may show it: valid in HTML, and turning nothing around.

Escaping is not done here: the templates escape whatever they print, and print nothing that has
not come through `clean`. Offsets into an article are used before this, never after it.
"""

import re

from markupsafe import Markup, escape

REPLACEMENT = "\ufffd"

# What HTML does not have (controls, halves of characters, noncharacters), and the two marks
# that force letters to run against their own direction: an editor should see that something
# stood there.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
# Embeddings and isolates: harmless when balanced, and every piece of text is isolated anyway.
TURNING = re.compile("[\u202a-\u202c\u2066-\u2069]")
SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` without what HTML forbids and without marks that turn other text around.

    >>> clean("Kursk\\x00 and \\u202eCrimea\\u202c") == "Kursk\\ufffd and \\ufffdCrimea"
    True
    """
    if text.isprintable():  # as nearly all is; what is forbidden never is
        return text
    return TURNING.sub("", FORBIDDEN.sub(REPLACEMENT, text))


def to_markup(text: str) -> Markup:
    """`text` cleaned, each stretch of white space one space, and escaped."""
    return escape(clean(SPACE.sub(" ", text)))


def brief(text: str, length: int) -> str:
    """The beginning of `text` on one line, in at most `length` characters, cut at a word.

    >>> brief("Russia has started  transferring artillery", 24)
    'Russia has started …'
    """
    line = SPACE.sub(" ", text[: 4 * length]).strip()
    if len(line) <= length and len(text) <= 4 * length:
        return line
    head, space, _ = line[: length - 1].rpartition(" ")
    return f"{head} …" if space else f"{line[: length - 1]}…"


def finalize(value: object) -> object:
    """What the templates print: markup as it is, every other string cleaned."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
