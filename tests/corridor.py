"""The corridor as a picture, made from the imports: `python tests/corridor.py` draws it anew.

A box is a room of the package; an arrow goes from a room to one that imports it. What is reached
over another room has no arrow of its own (the transitive reduction). Rooms stand as far left as
their imports allow, and in their column where they cross fewest arrows (Sugiyama et al. 1981).
"""

from collections.abc import Mapping
from html import escape
from itertools import pairwise
from pathlib import Path

from test_house import CORRIDOR, MODULES, ROOT, imported_rooms, room_of

PICTURE = ROOT / "docs" / "pictures" / "corridor.svg"
# What nearly all rooms use, and what only hands on: it would hide the way of an article.
BESIDE = frozenset({"_version", "errors", "dates", "extras", "phrasing", "processes"})
DOORS = frozenset({"__init__", "__main__"})
WIDTH, HEIGHT, GAP, LINE, MARGIN = 82, 30, 26, 46, 16  # of a box, between columns, of a row
ROUNDS = 8  # of ordering, down and up; four are enough

Edges = frozenset[tuple[str, str]]


def find_imports() -> dict[str, frozenset[str]]:
    """The rooms that each room imports, itself apart."""
    found: dict[str, set[str]] = {room: set() for rooms in CORRIDOR for room in sorted(rooms)}
    for path in MODULES:
        found[room_of(path)] |= imported_rooms(path) - {room_of(path)}
    return {room: frozenset(uses) for room, uses in found.items()}


def reduce_imports(imports: Mapping[str, frozenset[str]]) -> Edges:
    """From a room to those that import it and do not reach it over another one."""
    reached: dict[str, frozenset[str]] = {}
    for room, uses in imports.items():  # those on the left come first
        reached[room] = uses.union(*(reached[other] for other in uses))
    shown = [room for room in imports if room not in BESIDE | DOORS]
    return frozenset(
        (source, room)
        for room in shown
        for source in reached[room] & {*shown}
        if not any(source in reached[between] for between in reached[room] & {*shown})
    )


def find_columns(edges: Edges) -> dict[str, int]:
    """How many rooms stand to the left of each, on the longest way."""
    columns: dict[str, int] = {}
    rooms = [room for group in CORRIDOR for room in sorted(group)]
    for room in rooms:
        sources = [source for source, target in edges if target == room]
        if sources or any(source == room for source, _ in edges):
            columns[room] = max((columns[source] + 1 for source in sources), default=0)
    return columns


def find_rows(edges: Edges, columns: Mapping[str, int]) -> tuple[dict[str, float], list[list[str]]]:
    """The row of each room, and of each place where a long arrow passes a column; and the ways of
    the arrows, from room to room over such places."""
    ways = [
        [source, *(f"{source}>{target}:{n}" for n in range(columns[source] + 1, columns[target])),
         target]
        for source, target in sorted(edges)
    ]  # fmt: skip
    layers: list[list[str]] = [[] for _ in range(max(columns.values()) + 1)]
    for way in ways:
        for column, place in enumerate(way, columns[way[0]]):
            if place not in layers[column]:
                layers[column].append(place)
    beside: dict[str, set[str]] = {place: set() for layer in layers for place in layer}
    for way in ways:
        for one, other in pairwise(way):
            beside[one].add(other)
            beside[other].add(one)
    rows = {place: float(n) for layer in layers for n, place in enumerate(layer)}
    for turn in range(ROUNDS):
        back = turn % 2 == 1
        for n in range(len(layers))[:: -1 if back else 1]:
            (placed,) = (layers[n + 1 : n + 2] if back else layers[max(n - 1, 0) : n]) or [[]]
            wish = {
                place: [rows[other] for other in beside[place] & {*placed}] or [rows[place]]
                for place in layers[n]
            }
            layers[n].sort(key=lambda place: (sum(wish[place]) / len(wish[place]), place))
            shift = (max(map(len, layers)) - len(layers[n])) / 2
            rows |= {place: number + shift for number, place in enumerate(layers[n])}
    return rows, ways


def draw_corridor() -> str:
    """The picture as SVG."""
    edges = reduce_imports(find_imports())
    columns = find_columns(edges)
    rows, ways = find_rows(edges, columns)
    width = MARGIN * 2 + (max(columns.values()) + 1) * (WIDTH + GAP) - GAP
    height = MARGIN * 2 + round(max(rows.values()) * LINE) + HEIGHT

    def left(column: int) -> int:
        return MARGIN + column * (WIDTH + GAP)

    def middle(place: str) -> float:
        return MARGIN + rows[place] * LINE + HEIGHT / 2

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="t d" font-family="sans-serif" font-size="13">',
        '<title id="t">The rooms of dedup, and which imports which</title>',
        f'<desc id="d">{escape(describe(edges))}</desc>',
        f'<rect width="{width}" height="{height}" rx="8" fill="#fff"/>',
        '<marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" '
        'orient="auto"><path d="M0 0L6 3L0 6z" fill="#667"/></marker>',
        '<g fill="none" stroke="#667" stroke-width="1.4">',
    ]
    for way in ways:
        x, y = left(columns[way[0]]) + WIDTH, middle(way[0])
        path = [f"M{x} {y:g}"]
        for column, place in enumerate(way[1:], columns[way[0]] + 1):
            to, level = left(column), middle(place)
            path.append(f"C{x + GAP / 2:g} {y:g} {to - GAP / 2:g} {level:g} {to} {level:g}")
            if place != way[-1]:
                path.append(f"H{to + WIDTH}")
            x, y = to + WIDTH, level
        lines.append(f'<path d="{"".join(path)}" marker-end="url(#tip)"/>')
    lines.append("</g>")
    for room, column in columns.items():
        y = middle(room)
        lines += [
            f'<rect x="{left(column)}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" '
            f'rx="5" fill="#e8eef7" stroke="#345"/>',
            f'<text x="{left(column) + WIDTH / 2:g}" y="{y + 4.5:g}" text-anchor="middle" '
            f'fill="#112">{room}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def describe(edges: Edges) -> str:
    """The picture in words: each room with those that import it."""
    users: dict[str, list[str]] = {}
    for source, target in sorted(edges):
        users.setdefault(source, []).append(target)
    said = "; ".join(f"{room} by {', '.join(own)}" for room, own in users.items())
    return f"From left to right, which room is imported by which: {said}."


if __name__ == "__main__":
    Path(PICTURE).write_text(draw_corridor(), "utf-8")
