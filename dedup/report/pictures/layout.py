"""Layout: where the boxes of a tree stand.

Comes in: items with a size, each with those that hang on it. Goes out: a place for each, no two
overlapping. Sources stand on the left and what was taken from them on the right, a column for
each step, so that a family with many copies grows down the page, as text does. Subtrees are
pushed together until their outlines touch, and a parent stands beside the middle of its children
(Reingold and Tilford 1981, "Tidier drawings of trees", turned by a quarter, with boxes of any
height). Beyond the last column a subtree is written as an outline: children below their parent,
indented, except the one with most below it, which keeps its parent's edge and comes last. So an
indentation at least halves what hangs below, and 400 articles are indented 8 times at most,
whatever the tree; a chain of revisions just goes down. Children are in their order, save that
one from which nothing was taken may stand where its elders' subtrees leave room. Linear in the
items.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

COLUMNS = 4  # steps from the source that go to the right
BOX = 224.0  # width of a box, pixels
FAN = 58.0  # between two columns: where edges bend …
LABEL = 66.0  # … and where they run level, under their number
STEP = BOX + FAN + LABEL
GAP = 18.0  # between boxes of a column
CLOSE_GAP = 10.0  # the same between boxes of one line
BRIEF = 24.0  # height of a box of one line, whose number is in it
INDENT = 44.0  # of the outline
STRIP = 24.0  # above each box of the outline: the number of its edge
TRUNK = 16.0  # from a box's left edge to the line that its children in the outline hang on


@dataclass(slots=True)
class Item:
    """Something to place. Of what is `under` it, `guests` are not its own children, but stand
    in their column because they belong beside one of them."""

    key: str
    height: float
    width: float = BOX
    under: list["Item"] = field(default_factory=list)
    guests: frozenset[str] = frozenset()

    @property
    def gap(self) -> float:
        """The room above it."""
        return CLOSE_GAP if self.height <= BRIEF else GAP


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, its column, and whether it hangs in an outline below its parent."""

    x: float
    y: float
    width: float
    height: float
    column: int
    below: bool = False

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(slots=True)
class _Subtree:
    """A subtree around its root's middle, at height 0: its outline by column, and its boxes."""

    tops: dict[int, float]
    bottoms: dict[int, float]
    boxes: list[tuple[Item, Place]]


def laid_out(roots: Sequence[Item]) -> dict[str, Place]:
    """A place for each item under `roots`; the smallest x and y are 0."""
    _, merged = _pushed_together(roots, 0)
    top = min((place.y for _, place in merged.boxes), default=0.0)
    return {item.key: _lowered(place, -top) for item, place in merged.boxes}


def _subtree(item: Item, column: int) -> _Subtree:
    if column == COLUMNS - 1 and item.under:
        return _outline(item, column)
    half = item.height / 2
    place = Place(column * STEP, -half, item.width, item.height, column)
    own = _Subtree({}, {}, [(item, place)])
    _cover(own, place)
    if not item.under:
        return own
    heights, below = _pushed_together(item.under, column + 1, item.guests)
    own_heights = [heights[one.key] for one in item.under if one.key not in item.guests]
    _add(own, below, -(min(own_heights) + max(own_heights)) / 2)
    return own


def _pushed_together(
    items: Sequence[Item], column: int, guests: Collection[str] = ()
) -> tuple[dict[str, float], _Subtree]:
    """Subtrees one below the other, as close as their outlines allow; the height of each."""
    merged = _Subtree({}, {}, [])
    heights: dict[str, float] = {}

    def put(item: Item, subtree: _Subtree) -> None:
        heights[item.key] = _height(item, subtree, merged)
        _add(merged, subtree, heights[item.key])

    loose = deque(item for item in items if not item.under and item.key not in guests)
    for item in items:
        if item.key in heights:
            continue
        subtree = _subtree(item, column)
        while item.under and loose and column in merged.bottoms:
            filler = loose[0]
            room = _height(item, subtree, merged) + subtree.tops[column] - item.gap
            if merged.bottoms[column] + filler.gap + filler.height > room:
                break
            if filler.key not in heights:
                put(filler, _subtree(filler, column))
            loose.popleft()
        put(item, subtree)
        if loose and loose[0] is item:
            loose.popleft()
    return heights, merged


def _height(item: Item, subtree: _Subtree, above: _Subtree) -> float:
    """How far down a subtree must be to stay clear of what is above it."""
    return max(
        (above.bottoms[column] + item.gap - top for column, top in subtree.tops.items()
         if column in above.bottoms), default=0.0,
    )  # fmt: skip


def _add(whole: _Subtree, part: _Subtree, lower: float) -> None:
    for column, top in part.tops.items():
        whole.tops[column] = min(whole.tops.get(column, top + lower), top + lower)
        bottom = part.bottoms[column] + lower
        whole.bottoms[column] = max(whole.bottoms.get(column, bottom), bottom)
    whole.boxes += [(item, _lowered(place, lower)) for item, place in part.boxes]


def _cover(subtree: _Subtree, place: Place) -> None:
    """Let a box stand in the subtree's outline, in all the columns that it reaches into."""
    column = place.column
    while column == place.column or column * STEP - FAN - LABEL < place.right:
        subtree.tops[column] = min(subtree.tops.get(column, place.y), place.y)
        subtree.bottoms[column] = max(subtree.bottoms.get(column, place.bottom), place.bottom)
        column += 1


def _outline(root: Item, column: int) -> _Subtree:
    """The items under `root` below one another."""
    weights = _weights(root)
    subtree = _Subtree({}, {}, [])
    waiting = [(root, 0)]
    y = -root.height / 2
    while waiting:
        item, indents = waiting.pop()
        x = column * STEP + indents * INDENT
        if item is not root:
            y += CLOSE_GAP if item.height <= BRIEF else STRIP
        place = Place(x, y, item.width, item.height, column, item is not root)
        subtree.boxes.append((item, place))
        _cover(subtree, place)
        y = place.bottom
        if item.under:
            heaviest = max(item.under, key=lambda one: weights[one.key])
            light = [one for one in item.under if one is not heaviest]
            waiting.append((heaviest, indents))
            waiting += [(one, indents + 1) for one in reversed(light)]
    return subtree


def _weights(root: Item) -> Mapping[str, int]:
    """How many items each subtree has."""
    order = [root]
    for item in order:  # grows while it is read
        order += item.under
    weights: dict[str, int] = {}
    for item in reversed(order):
        weights[item.key] = 1 + sum(weights[one.key] for one in item.under)
    return weights


def _lowered(place: Place, by: float) -> Place:
    return Place(place.x, place.y + by, place.width, place.height, place.column, place.below)
