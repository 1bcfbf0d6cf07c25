"""Routes: the way of a second parent's line around the boxes.

Comes in: the places of all boxes, and two of them. Goes out: an SVG path that passes every column
in between through a gap of it, so that no line seems to come out of a box that it only passes.
Parents' own edges need no route: they join neighbouring columns. It is not the shortest way, and
lines may cross.
"""

from collections.abc import Collection

from dedup.report.pictures.layout import FAN, GAP, LABEL, STEP, Place

LANE = 4.0  # between lines that share a gap
LEAST_GAP = 10.0  # pixels through which a line may pass
OUTSIDE = 10.0  # how far above the first and below the last box a line may run
ARC = 30.0  # how far a line swings out around an outline
ENTRY = 9.0  # from a box's lower edge to where a second parent's line comes in


def entry(place: Place) -> float:
    """Where on a box's left edge a second parent's line comes in: below its parent's."""
    return place.bottom - min(ENTRY, place.height / 5)


class Routes:
    """The ways between boxes; each that was given away narrows its gaps for the next."""

    def __init__(self, places: Collection[Place]) -> None:
        self._places = places
        self._gaps: dict[int, list[tuple[float, float]]] = {}
        self._used: dict[tuple[int, float], int] = {}
        filled: dict[int, list[tuple[float, float]]] = {}
        for place in places:
            column = place.column
            while column == place.column or column * STEP - FAN - LABEL < place.right:
                filled.setdefault(column, []).append((place.y, place.bottom))
                column += 1
        for column, spans in filled.items():
            spans.sort()
            top, bottom = spans[0][0], spans[0][1]
            gaps = [(top - OUTSIDE - GAP, top - OUTSIDE)]
            for begin, end in spans[1:]:
                if begin - bottom >= LEAST_GAP:
                    gaps.append((bottom, begin))
                bottom = max(bottom, end)
            gaps.append((bottom + OUTSIDE, bottom + OUTSIDE + GAP))
            self._gaps[column] = gaps

    def between(self, source: Place, target: Place, tip: float) -> str:
        """The way from one box to the left side of the other, ending `tip` before it."""
        y, to_y = source.middle + min(12, source.height / 4), entry(target)
        if source.column < target.column:
            path = f"M{source.right:g} {y:g}"
            corridors = range(source.column, target.column)
            x = source.right
        else:  # back to the left: through the corridor before the column
            y = entry(source)
            x = source.x - LABEL
            path = f"M{source.x:g} {y:g}H{x:g}"
            corridors = range(source.column - 1, target.column - 1, -1)
            for column in corridors:
                left = column * STEP - LABEL
                row = self._through(column, y + (to_y - y) / 2)
                path += _bend(x, y, x - FAN, row) + f"H{left:g}"
                x, y = left, row
            turn = x - FAN * 0.7
            path += f"C{turn:g} {y:g} {turn:g} {to_y:g} {x:g} {to_y:g}"
            return path + f"H{target.x - tip:g}"
        for column in corridors:
            arrives = column + 1
            last = arrives == target.column
            share = 1 / (target.column - column)
            row = to_y if last else self._through(arrives, y + (to_y - y) * share)
            path += _bend(x, y, arrives * STEP - LABEL, row)
            x, y = arrives * STEP + (STEP - FAN - LABEL), row
            path += f"H{target.x - tip:g}" if last else f"H{x:g}"
        return path

    def around(self, source: Place, target: Place, tip: float) -> str:
        """The way between two boxes of one outline: around the right of those between them,
        arriving from the right."""
        top, bottom = sorted((source.middle, target.middle))
        passed = [
            place.right
            for place in self._places
            if place.column == source.column and place.bottom > top and place.y < bottom
        ]
        out = max(passed) + ARC
        return (f"M{source.right:g} {source.middle:g}H{out - ARC:g}"
                f"C{out:g} {source.middle:g} {out:g} {target.middle:g} {out - ARC:g} "
                f"{target.middle:g}H{target.right + tip:g}")  # fmt: skip

    def _through(self, column: int, near: float) -> float:
        """The height at which a line passes a column: in the gap that is nearest."""
        gaps = self._gaps.get(column)
        if not gaps:
            return near
        begin, end = min(gaps, key=lambda gap: (max(gap[0] - near, near - gap[1], 0), gap))
        number = self._used.get((column, begin), 0)
        self._used[column, begin] = number + 1
        offset = LANE * ((number + 1) // 2) * (1 if number % 2 else -1)
        return min(max((begin + end) / 2 + offset, begin + 2), end - 2)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (x + to_x) / 2
    return f"C{half:g} {y:g} {half:g} {to_y:g} {to_x:g} {to_y:g}"
