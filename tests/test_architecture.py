"""ARCHITECTURE.md shows the package as it is."""

import re
from graphlib import TopologicalSorter
from xml.etree import ElementTree

from corridor import (
    BESIDE,
    DOORS,
    PICTURE,
    draw_corridor,
    find_columns,
    find_imports,
    reduce_imports,
)
from test_house import CORRIDOR, ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
ROOMS = {room for rooms in CORRIDOR for room in rooms}
MAX_LINES = 60  # a page


def test_the_picture_is_made_from_the_imports_of_now() -> None:
    """A room imports another one, or no longer: `python tests/corridor.py`."""
    drawn = draw_corridor()
    assert PICTURE.read_text("utf-8") == drawn, "run: python tests/corridor.py"
    root = ElementTree.fromstring(drawn)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {*texts} == ROOMS - BESIDE - DOORS


def test_every_arrow_is_an_import_and_every_import_a_way_of_arrows() -> None:
    """The picture leaves out what is reached over another room, and nothing else."""
    imports, edges = find_imports(), reduce_imports(find_imports())
    reached: dict[str, set[str]] = {}
    sources = {room: {source for source, target in edges if target == room} for room in ROOMS}
    for room in TopologicalSorter(sources).static_order():
        reached[room] = sources[room].union(*(reached[source] for source in sources[room]))
    shown = ROOMS - BESIDE - DOORS
    for room in shown:
        assert imports[room] & shown <= reached[room]
    columns = find_columns(edges)
    assert all(columns[source] < columns[target] for source, target in edges)
    assert all(not (sources[room] & reached[source]) for source, room in edges)


def test_every_room_is_on_the_page() -> None:
    """In the table with what it makes of what, or in the line below."""
    table = "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))
    assert {*re.findall(r"`(\w+)`", table)} == ROOMS - BESIDE - DOORS
    assert all(f"`{room}`" in PAGE for room in BESIDE - {"_version"})
    assert len(PAGE.splitlines()) <= MAX_LINES
