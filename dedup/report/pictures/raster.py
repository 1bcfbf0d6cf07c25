"""Raster: a picture as PNG, for those who cannot take SVG.

Comes in: SVG as this room makes it. Goes out: PNG on white paper, painted by resvg (extra
`pictures`, one wheel without a system library) with the fonts of the machine. What no font there
can write is left blank, as in any program; where there is no font at all it is an error, for a
picture without names is none.
"""

import re
from functools import cache
from math import sqrt
from typing import Any

from dedup.errors import InputError
from dedup.extras import require
from dedup.report.pictures.ink import FONT

SCALE = 2.0  # pixels of the picture to one of the SVG: sharp on paper and dense screens
MOST_PIXELS = 60_000_000  # a quarter of a gigabyte while it is painted
PAPER = "#ffffff"
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
LETTER = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="{FONT}">'
    '<text x="2" y="16" font-size="16">{}</text></svg>'
)


def png(svg: str) -> bytes:
    """The picture as PNG, twice as large as drawn, less if it is huge.

    Raises `MissingExtra` without the extra `pictures`, `InputError` on a machine without fonts.
    """
    resvg = painter()
    size = SIZE.search(svg)
    area = float(size[1]) * float(size[2]) if size else 1.0
    return _painted(resvg, svg, min(SCALE, sqrt(MOST_PIXELS / area)))


@cache
def painter() -> Any:
    """What paints, after a look whether a letter leaves a trace on the paper; as `png` raises."""
    resvg = require("resvg_py", "pictures")
    if _painted(resvg, LETTER.replace("{}", "x"), 1) == _painted(
        resvg, LETTER.replace("{}", ""), 1
    ):
        raise InputError("no font found to write names with; install one, such as DejaVu or Noto")
    return resvg


def _painted(resvg: Any, svg: str, zoom: float) -> bytes:
    return bytes(resvg.svg_to_bytes(svg_string=svg, background=PAPER, zoom=zoom))
