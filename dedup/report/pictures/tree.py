"""The derivation tree of a cluster as a picture: an indented list of cards.

Each article and each outside source is one card; what was taken from it stands below it,
indented, at the end of an arrow. A card says in words from whom and how sure that is, and names
further sources, so that no line has to cross another. An indented list of any size reads from
top to bottom and is as wide as a page. A hollow arrow head: direction likely;
none: unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dedup.article import Article
from dedup.phrasing import pluralize
from dedup.pipeline import Cluster
from dedup.report.markup import element, format_number
from dedup.report.pictures.nodes import (
    MAX_NODES,
    TreeNode,
    describe,
    edge_words,
    node_lines,
    tree_nodes,
)
from dedup.report.pictures.svg import (
    HUES,
    LINE,
    TINT,
    arrow,
    drawing,
    guide,
    one_line,
    text,
    tooltip,
)
from dedup.report.pictures.text_width import fit, text_width
from dedup.report.view import edge_certainty

WIDTH = 760.0  # of the picture, whatever the tree
MARGIN = 8.0
INDENT = 36.0
TRUNK = 14.0  # from a card's left edge to the line on which what was taken from it hangs
MAX_INDENTS = 8  # beyond it cards no longer move right: their words say what they come from
PAD = 9.0
GAP = 12.0  # between cards, wide enough for an arrow head
BRIEF_PAD, BRIEF_GAP = 3.75, 8.0  # the same for cards of one line
NOTE = 22.0  # from the last card to the note below it
NAME, TEXT, SMALL = 13.0, 11.5, 10.5  # sizes of letters
MAX_CARDS_IN_FULL = 60  # in a larger tree each card has one line
MAX_FURTHER = 3  # further sources that a card names


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card; its `role` is the class it has in the picture."""

    words: str
    size: float
    role: str

    @property
    def height(self) -> float:
        return self.size + 4


@dataclass(frozen=True, slots=True)
class Card:
    """A node's box in the picture, with its lines; `aside` stands at the end of the first."""

    node: TreeNode
    lines: Sequence[Line]
    aside: str
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def tree_svg(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """The derivation tree of a cluster as an SVG document, the same bytes for equal input.

    `articles` are those of the cluster by id; one that is missing is drawn by its id.
    """
    nodes, names = tree_nodes(cluster, articles)
    cards = place_cards(nodes, names)
    left_out = sum(1 + len(node.copies) for node in nodes[MAX_NODES:] if node.article)
    bottom = cards[-1].bottom
    note = f"and {pluralize(left_out, 'more article')}, not drawn" if left_out else ""
    return drawing(
        WIDTH,
        bottom + MARGIN + (NOTE if note else 0),
        "dedup-tree",
        f"Derivation tree of cluster {one_line(cluster.id)}",
        describe(nodes, names),
        *draw_arrows(cards),
        *(draw_card(card, names) for card in cards),
        text(note, MARGIN, bottom + NOTE, TEXT, role="note", muted=True),
    )


def place_cards(nodes: Sequence[TreeNode], names: Mapping[str, str]) -> list[Card]:
    """The cards of the nodes for which there is room, one below the other."""
    brief = len(nodes) > MAX_CARDS_IN_FULL
    cards: list[Card] = []
    y = MARGIN
    for node in nodes[:MAX_NODES]:
        x = MARGIN + min(node.depth, MAX_INDENTS) * INDENT
        lines = [brief_line(node)] if brief else full_lines(node, nodes, names)
        aside = (node.date or "no date") if node.article else "outside source"
        if brief and node.article:
            aside = node.date.partition(",")[0]
        height = 2 * (BRIEF_PAD if brief else PAD) + sum(line.height for line in lines)
        cards.append(Card(node, lines, aside, x, y, height))
        y += height + (BRIEF_GAP if brief else GAP)
    return cards


def full_lines(node: TreeNode, nodes: Sequence[TreeNode], names: Mapping[str, str]) -> list[Line]:
    """What a card says where there is room for several lines."""
    lines = [Line(node.name, NAME, "name")]
    if node.article is None:
        credited_by = [
            other.name for other in nodes if any(e.source == node.id for e in other.further)
        ]
        if credited_by:
            also = "also " if any(other.parent == node.id for other in nodes) else ""
            lines.append(Line(f"{also}credited by {', '.join(credited_by)}", SMALL, "further"))
        return lines
    if node.headline:
        lines.append(Line(node.headline, TEXT, "headline"))
    if node.copies:
        lines.append(Line(f"and {pluralize(len(node.copies), 'copy', 'copies')}", TEXT, "copies"))
    source = edge_words(node.edge, names) if node.edge else "no source found"
    lines.append(Line(source, TEXT, "source"))
    further = [f"also {edge_words(edge, names)}" for edge in node.further]
    if len(further) > MAX_FURTHER:
        more = pluralize(len(further) - MAX_FURTHER, "more source")
        further[MAX_FURTHER:] = [f"and {more}"]
    return lines + [Line(words, SMALL, "further") for words in further]


def brief_line(node: TreeNode) -> Line:
    """What a card says where there is room for one line: how sure, the name, the headline."""
    words = [node.label, node.headline]
    if node.edge:
        words.insert(0, edge_certainty(node.edge))
    return Line(" · ".join(filter(None, words)), SMALL, "brief")


def draw_card(card: Card, names: Mapping[str, str]) -> str:
    """A card with its words; that of an outside source is dashed."""
    outside = card.node.article is None
    box = element(
        "rect", x=card.x, y=card.y, width=WIDTH - MARGIN - card.x, height=card.height,
        rx=12 if outside else 4, class_="box", fill="currentColor", fill_opacity=TINT,
        stroke=HUES["attributed"] if outside else "currentColor",
        stroke_opacity=None if outside else LINE,
        stroke_dasharray="6 4" if outside else None,
        stroke_width=1.5 if outside else 1,
    )  # fmt: skip
    inside = [tooltip(*node_lines(card.node, names)), box]
    left, right = card.x + PAD, WIDTH - MARGIN - PAD
    y = card.y + (card.height - sum(line.height for line in card.lines)) / 2 - 3
    room = right - left - text_width(card.aside, SMALL) - PAD
    for line in card.lines:
        y += line.height
        bold = line.role == "name"
        words = fit(line.words, room, line.size, bold=bold)
        muted = line.role in ("further", "headline")
        inside.append(text(words, left, y, line.size, role=line.role, bold=bold, muted=muted))
        if line is card.lines[0]:
            inside.append(text(card.aside, right, y, SMALL, role="date", muted=True, anchor="end"))
            room = right - left
    return element("g", *inside, class_=f"node {'outside' if outside else 'article'}",
                   data_id=card.node.id)  # fmt: skip


def draw_arrows(cards: Sequence[Card]) -> list[str]:
    """The arrow to each card from the line below its parent's card, and those lines.

    Cards that can move no further to the right have an arrow only from a parent right above.
    """
    by_id = {card.node.id: card for card in cards}
    lowest: dict[str, float] = {}  # where the line below a card ends
    drawn = []
    for above, card in pairwise(cards):
        edge, parent = card.node.edge, by_id.get(card.node.parent or "")
        if edge is None or parent is None:
            continue
        trunk = parent.x + TRUNK
        if card.x > parent.x:
            lowest[parent.node.id] = card.middle
            start, tip = (trunk, card.middle), (card.x, card.middle)
        elif parent is above:
            start, tip = (trunk, parent.bottom), (trunk, card.y)
        else:
            continue
        path = f"M{format_number(start[0])} {format_number(start[1])}"
        toward = (1, 0) if card.x > parent.x else (0, 1)
        kind = f"edge {edge.kind} {edge.direction}"
        drawn.append(element("g", arrow(path, tip, toward, edge), class_=kind))
    for id, end in lowest.items():
        card = by_id[id]
        path = f"M{format_number(card.x + TRUNK)} {format_number(card.bottom)}"
        drawn.append(guide(f"{path}V{format_number(end)}", LINE))
    return drawn
