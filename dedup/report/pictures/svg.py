"""The lines, letters and colours that the pictures share, as SVG elements.

Everything is drawn in `currentColor` and in three hues, of lines only, that have a contrast of
3 to 1 or more on white and on near black. So a picture serves light, dark and printed pages as
it is, inside a page and alone; a page that wants other colours addresses the classes.
"""

import unicodedata

import regex

from dedup.derive import Derivation
from dedup.phrasing import sanitise
from dedup.report.markup import element, escape, format_number

FONT = (
    "'Helvetica Neue', Arial, 'Segoe UI', 'Liberation Sans', 'Noto Sans', 'DejaVu Sans', Roboto, "
    "Ubuntu, Cantarell, FreeSans, sans-serif"
)
# Painters other than browsers take all of a line from one font, and find none by themselves that
# has both Latin and Han; Arabic and Hebrew they find.
HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
HAN_FONT = f"'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', {FONT}"
# Marks piled on one letter would be drawn across the lines above and below.
PILED_MARKS = regex.compile(r"(\p{M}{3})\p{M}+")
RIGHT_TO_LEFT = {"R", "AL"}
ISOLATES = ("\u2068", "\u2069")  # first-strong isolate, and its end

HUES = {  # contrast on #ffffff and on #16181d
    "derived": "#2f7db8",
    "revision": "#3f8a55",
    "sibling": "#7a6fa8",
    "attributed": "#b46a1e",
    "attributed-via": "#b46a1e",
}
DASHES = {"attributed": "6 4", "attributed-via": "2 4", "sibling": "1 3"}
THIN, THICK = 1.0, 3.6  # width of an edge's line at confidence 0, and at 1
MUTED = 0.72  # opacity of less important text: 4.5 to 1 or more on white and near black
LINE, FAINT = 0.55, 0.28  # … of boxes and of lines between them; of a grid
TINT = 0.05  # … of a box's ground
HEAD = 9.0  # length of an arrow head


def drawing(width: float, height: float, name: str, title: str, desc: str, *inside: str) -> str:
    """A whole SVG document with its text alternative."""
    document = element(
        "svg",
        element("title", escape(title)),
        element("desc", escape(desc)),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {format_number(width)} {format_number(height)}",
        width=width,
        height=height,
        role="img",
        class_=f"dedup-picture {name}",
        font_family=FONT,
        font_size=12,
        fill="currentColor",
    )
    return f"{document}\n"


def text(
    words: str,
    x: float,
    y: float,
    size: float,
    *,
    role: str = "",
    bold: bool = False,
    muted: bool = False,
    anchor: str | None = None,
) -> str:
    """A line of text whose letters stand on `y`; nothing where there is nothing to write.

    `words` are already fit to be seen (`one_line`).
    """
    if not words:
        return ""
    return element(
        "text",
        escape(isolate(words)),
        x=x,
        y=y,
        class_=role or None,
        font_size=size,
        font_weight=600 if bold else None,
        fill_opacity=MUTED if muted else None,
        text_anchor=anchor,
        font_family=HAN_FONT if HAN.search(words) else None,
    )


def one_line(words: str) -> str:
    """Other people's text as a picture may show it."""
    return str(PILED_MARKS.sub(r"\1", sanitise(words)))


def isolate(words: str) -> str:
    """`words`, wrapped in an isolate if letters in them run right to left, so that neither their
    full stops nor what stands beside them is turned around."""
    directions = {unicodedata.bidirectional(character) for character in words}
    return words.join(ISOLATES) if directions & RIGHT_TO_LEFT else words


def tooltip(*lines: str) -> str:
    """What a pointer that rests on the element shows."""
    return element("title", escape("\n".join(line for line in lines if line)))


def guide(path: str, opacity: float) -> str:
    """A thin line that holds the picture together."""
    return element("path", d=path, fill="none", stroke="currentColor", stroke_opacity=opacity)


def arrow(
    path: str, tip: tuple[float, float], toward: tuple[int, int], edge: Derivation, share: float = 1
) -> str:
    """The line of a derivation along `path` and on to `tip`, arriving in direction `toward`.

    Colour and dashes say what kind it is, the width how sure; with a hollow head the direction
    is likely, without one unknown. A picture of hundreds takes a `share` of the width.
    """
    (x, y), (right, down) = tip, toward
    headless = edge.direction == "unknown"
    gap = 0 if headless else HEAD - 1
    line = element(
        "path",
        d=f"{path}L{format_number(x - right * gap)} {format_number(y - down * gap)}",
        fill="none",
        stroke=HUES[edge.kind],
        stroke_width=share * (THIN + (THICK - THIN) * min(max(edge.confidence, 0.0), 1.0)),
        stroke_dasharray=DASHES.get(edge.kind),
        stroke_linejoin="round",
    )
    if headless:
        return line
    back_x, back_y, half = x - right * HEAD, y - down * HEAD, HEAD / 2
    corners = ((x, y), (back_x - down * half, back_y - right * half),
               (back_x + down * half, back_y + right * half))  # fmt: skip
    points = " ".join(f"{format_number(cx)},{format_number(cy)}" for cx, cy in corners)
    hue, hollow = HUES[edge.kind], edge.direction == "likely"
    return line + element(
        "polygon", points=points, fill="none" if hollow else hue, stroke=hue if hollow else None
    )
