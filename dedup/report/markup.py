"""Markup: other people's text inside XML, and nothing of it that XML forbids.

Comes in: any text and numbers. Goes out: elements as strings, well-formed whatever the text
was. It knows neither SVG nor GraphML, and does not decide what is fit to be seen (`plain`).
"""

import re

# All that XML 1.0 (2.2, "Characters") does not have: most controls, surrogates, U+FFFE, U+FFFF.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;",
     "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)  # fmt: skip
DECIMALS = 2


def escaped(text: str) -> str:
    """`text` as it may stand between tags or in an attribute; what XML forbids is left out.

    >>> escaped('<b title="x">\\x00R&D')
    '&lt;b title=&quot;x&quot;&gt;R&amp;D'
    """
    return ILLEGAL.sub("", text).translate(ESCAPES)


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """An element around markup; `stroke_width=2` is written stroke-width="2", `class_` class.

    >>> element("text", escaped("a < b"), x=1.5, class_="name", direction=None)
    '<text x="1.5" class="name">a &lt; b</text>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(inside)
    return f"<{name}{told}>{body}</{name}>" if body else f"<{name}{told}/>"


def number(value: float) -> str:
    """A number as briefly as two decimals allow.

    >>> number(2.0), number(0.126), number(-0.001)
    ('2', '0.13', '0')
    """
    brief = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if brief == "-0" else brief


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else number(value)
