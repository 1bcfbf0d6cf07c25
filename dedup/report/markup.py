"""Write other people's text as XML, and nothing of it that XML forbids.

SVG and GraphML are both made of these elements; they are well-formed whatever the text was. What
is fit to be seen is not decided here: `dedup.phrasing.sanitise` does that.
"""

import re

# All that XML 1.0 (2.2, "Characters") does not have: most controls, surrogates, U+FFFE, U+FFFF.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;",
     "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)  # fmt: skip
DECIMALS = 2


def escape(text: str) -> str:
    """`text` as it may stand between tags or in an attribute; what XML forbids is left out.

    >>> escape('<b title="x">\\x00R&D')
    '&lt;b title=&quot;x&quot;&gt;R&amp;D'
    """
    return ILLEGAL.sub("", text).translate(ESCAPES)


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """An element around markup; `stroke_width=2` is written stroke-width="2", `class_` class.

    >>> element("text", escape("a < b"), x=1.5, class_="name", direction=None)
    '<text x="1.5" class="name">a &lt; b</text>'
    """
    tag = name
    for key, value in attributes.items():
        if value is not None:
            written = escape(value) if isinstance(value, str) else format_number(value)
            tag += f' {key.rstrip("_").replace("_", "-")}="{written}"'
    body = "".join(inside)
    return f"<{tag}>{body}</{name}>" if body else f"<{tag}/>"


def format_number(value: float) -> str:
    """A number as briefly as two decimals allow.

    >>> format_number(2.0), format_number(0.126), format_number(-0.001)
    ('2', '0.13', '0')
    """
    short = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
