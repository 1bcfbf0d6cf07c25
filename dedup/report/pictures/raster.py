"""A picture as PNG, for those who cannot take SVG.

It is painted on white paper by resvg (extra `pictures`, one wheel without a system library)
with the fonts of the machine. What no font there can write is left blank, as in any program.
No font at all is an error: a picture without names is of no use.
"""

import re
from functools import cache
from math import sqrt
from typing import Any

from dedup.errors import InputError
from dedup.extras import require
from dedup.report.markup import element
from dedup.report.pictures.svg import drawing

SCALE = 2.0  # pixels of the picture to one of the SVG: sharp on paper and dense screens
MAX_PIXELS = 60_000_000  # a quarter of a gigabyte while it is painted
PAPER = "#ffffff"
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def png(svg: str) -> bytes:
    """The picture as PNG, twice as large as drawn, less if it is huge.

    Raises `MissingExtra` without the extra `pictures`, `InputError` on a machine without fonts.
    """
    resvg = painter()
    size = SIZE.search(svg)
    area = float(size[1]) * float(size[2]) if size else 1.0
    return _paint(resvg, svg, min(SCALE, sqrt(MAX_PIXELS / area)))


@cache
def painter() -> Any:
    """The painter, after a check that it can write a letter. Raises as `png` does."""
    resvg = require("resvg_py", "pictures")
    letters = [element("text", letter, x=2, y=16, font_size=16) for letter in ("x", "")]
    written, blank = (drawing(20, 20, "letter", "", "", letter) for letter in letters)
    if _paint(resvg, written, 1) == _paint(resvg, blank, 1):
        raise InputError("no font found to write names with; install one, such as DejaVu or Noto")
    return resvg


def _paint(resvg: Any, svg: str, zoom: float) -> bytes:
    return bytes(resvg.svg_to_bytes(svg_string=svg, background=PAPER, zoom=zoom))
