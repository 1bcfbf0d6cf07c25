"""Ink: the strokes, letters and colours that the pictures share.

Comes in: places and text. Goes out: SVG elements. Everything is drawn in `currentColor` and in
three hues, of lines only, that have a contrast of 3 to 1 or more on white and on near black, so a
picture serves light, dark and printed pages as it is, inside a page and alone; a page that wants
others addresses the classes. No style sheet, no script, no id, nothing fetched.
"""

from math import atan2, cos, sin

import regex

from dedup.derive import Derivation
from dedup.report.markup import element, escaped, number
from dedup.report.pictures.lettering import isolated

FONT = (
    "'Helvetica Neue', Arial, 'Segoe UI', 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', Roboto, "
    "Ubuntu, Cantarell, FreeSans, sans-serif"
)
# Painters other than browsers take all of a line from one font, and find none by themselves that
# has both Latin and Han; Arabic and Hebrew they find.
HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
HAN_FONT = f"'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', {FONT}"
HUES = {  # contrast on #ffffff and on #16181d
    "derived": "#2f7db8",
    "revision": "#3f8a55",
    "attributed": "#b46a1e",
    "attributed-via": "#b46a1e",
}
DASHES = {"attributed": "6 4", "attributed-via": "2 4"}
THIN, THICK = 1.0, 3.6  # stroke of an edge of confidence 0, and of 1
MUTED = 0.72  # opacity of what is said in passing: 4.5 to 1 or more on white and near black
FAINT = 0.28  # of lines that hold nothing but the page together
TINT = 0.05  # of a box's ground
HEAD = 9.0  # length of an arrow head


def drawing(
    width: float, height: float, name: str, title: str, desc: str, *inside: str
) -> str:  # fmt: skip
    """A whole SVG document with its text alternative."""
    return (
        element(
            "svg",
            element("title", escaped(title)),
            element("desc", escaped(desc)),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(width)} {number(height)}",
            width=width,
            height=height,
            role="img",
            class_=f"dedup-picture {name}",
            font_family=FONT,
            font_size=12,
            fill="currentColor",
        )
        + "\n"
    )


def words(
    text: str,
    x: float,
    y: float,
    size: float = 11.5,
    *,
    role: str = "",
    bold: bool = False,
    muted: bool = False,
    anchor: str | None = None,
) -> str:
    """A line of text whose letters stand on `y`; nothing where there is nothing to write."""
    if not text:
        return ""
    return element(
        "text",
        escaped(isolated(text)),
        x=x,
        y=y,
        class_=role or None,
        font_size=size,
        font_weight=600 if bold else None,
        fill_opacity=MUTED if muted else None,
        text_anchor=anchor,
        font_family=HAN_FONT if HAN.search(text) else None,
    )


def hint(text: str) -> str:
    """What a pointer that rests on the element is told."""
    return element("title", escaped(text))


def stroke(
    path: str, edge: Derivation | None = None, *, thin: bool = False, share: float = 1.0
) -> str:
    """A line; that of an edge has its colour, its dashes, and a weight that tells how sure, of
    which a picture of hundreds takes a `share`."""
    if edge is None:
        return element("path", d=path, fill="none", stroke="currentColor",
                       stroke_opacity=FAINT, stroke_width=1)  # fmt: skip
    return element(
        "path",
        d=path,
        fill="none",
        stroke=HUES[edge.kind],
        stroke_width=share * (THIN if thin else weight(edge.confidence)),
        stroke_dasharray=DASHES.get(edge.kind),
        stroke_linejoin="round",
    )


def weight(confidence: float) -> float:
    """The width of an edge's line."""
    return THIN + (THICK - THIN) * min(max(confidence, 0.0), 1.0)


def head(x: float, y: float, edge: Derivation, *, toward: tuple[float, float] = (1, 0)) -> str:
    """An arrow head whose tip is at (x, y); none where the direction is undecided."""
    if edge.direction == "undecided":
        return ""
    angle = atan2(toward[1], toward[0])
    points = [(0.0, 0.0), (-HEAD, -HEAD / 2), (-HEAD, HEAD / 2)]
    turned = [(x + px * cos(angle) - py * sin(angle), y + px * sin(angle) + py * cos(angle))
              for px, py in points]  # fmt: skip
    told = " ".join(f"{number(px)},{number(py)}" for px, py in turned)
    return element("polygon", points=told, fill=HUES[edge.kind])


def shaft(edge: Derivation) -> float:
    """How far before its tip an edge's line ends: behind the head, if there is one."""
    return 0.0 if edge.direction == "undecided" else HEAD - 1
