"""Pages to read on a screen: of a result, an alignment, a draft, an index.

Each shows the most telling part and says how much it leaves out; JSON has everything. Colour is
never the only sign. Articles are other people's text: nothing of them reaches the terminal that
`dedup.phrasing` has not made safe.
"""

import io

from rich.console import Console, RenderableType

__all__ = ["to_text"]

MIN_WIDTH = 40  # columns below which nothing can stand side by side


def to_text(page: RenderableType, width: int, color: bool) -> str:
    """The page as text: without trailing blanks, and without ANSI escapes unless `color`."""
    console = Console(
        file=io.StringIO(),
        width=max(width, MIN_WIDTH),
        force_terminal=color,
        color_system="auto" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(page)
    lines = "".join(line.rstrip() + "\n" for line in capture.get().split("\n"))
    return lines.rstrip("\n") + "\n"
