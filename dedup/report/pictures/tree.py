"""The derivation tree of a cluster as a picture: an indented list of cards.

Each article and each outside source is one card; what was taken from it stands below it,
indented, at the end of an arrow. A card says in words from whom and how sure that is, and names
further sources, so that no line has to cross another. An indented list of any size reads from
top to bottom and is as wide as a page. A line without an arrow head: direction unknown.
"""

from collections.abc import Mapping, Sequence

from dedup.article import Article
from dedup.phrasing import percent, pluralize
from dedup.pipeline import Cluster
from dedup.report.markup import element, number
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

WIDTH = 760.0  # of the picture, whatever the tree
MARGIN = 8.0
INDENT = 36.0
TRUNK = 14.0  # from a card's left edge to the line on which what was taken from it hangs
MAX_INDENTS = 8  # beyond it cards no longer move right: their words say what they come from
PAD = 9.0
GAP = 12.0  # between cards, wide enough for an arrow head
BRIEF, BRIEF_GAP = 22.0, 8.0  # height of a card of one line, and the gap above it
NAME, TEXT, SMALL = 13.0, 11.5, 10.5  # sizes of letters
MAX_CARDS_IN_FULL = 60  # in a larger tree each card has one line
MAX_FURTHER = 3  # further sources that a card names


def tree_svg(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """The derivation tree of a cluster as an SVG document, the same bytes for equal input.

    `articles` are those of the cluster by id; one that is missing is drawn by its id.
    """
    nodes, names = tree_nodes(cluster, articles)
    left_out = sum(1 + len(node.copies) for node in nodes[MAX_NODES:] if node.article)
    brief = len(nodes) > MAX_CARDS_IN_FULL
    places: dict[str, tuple[float, float, float]] = {}  # left, top and bottom of each card
    trunks: dict[str, float] = {}  # the lowest point of the line below a card
    cards, arrows = [], []
    y, above = MARGIN, None
    for node in nodes[:MAX_NODES]:
        x = MARGIN + min(node.depth, MAX_INDENTS) * INDENT
        lines = [] if brief else _lines(node, nodes, names)
        height = BRIEF if brief else 2 * PAD + sum(size + 4 for _, size, _ in lines)
        middle = y + height / 2
        if node.edge and node.parent:
            left, _, bottom = places[node.parent]
            hint = tooltip(f"{node.name}: {edge_words(node.edge, names, why=True)}")
            path = ""
            if node.depth <= MAX_INDENTS:
                trunks[node.parent] = middle
                path = arrow(f"M{number(left + TRUNK)} {number(middle)}", (x, middle), (1, 0),
                             node.edge)  # fmt: skip
            elif above == node.parent:
                path = arrow(f"M{number(x + TRUNK)} {number(bottom)}", (x + TRUNK, y), (0, 1),
                             node.edge)  # fmt: skip
            if path:
                kind = f"edge {node.edge.kind} {node.edge.direction}"
                arrows.append(element("g", hint, path, class_=kind))
        places[node.id] = x, y, y + height
        inside = _brief(node, x, y) if brief else _full(node, lines, x, y)
        cards.append(_card(node, x, y, height, [tooltip(*node_lines(node, names)), *inside]))
        y, above = y + height + (BRIEF_GAP if brief else GAP), node.id
    guides = [
        guide(f"M{number(places[id][0] + TRUNK)} {number(places[id][2])}V{number(end)}", LINE)
        for id, end in trunks.items()
    ]
    if left_out:
        note = f"and {pluralize(left_out, 'more article')}, not drawn"
        cards.append(text(note, MARGIN, y + 10, TEXT, role="note", muted=True))
        y += 24
    title = f"Derivation tree of cluster {one_line(cluster.id)}"
    return drawing(WIDTH, y, "dedup-tree", title, describe(nodes, names), *guides, *arrows, *cards)


def _lines(
    node: TreeNode, nodes: Sequence[TreeNode], names: Mapping[str, str]
) -> list[tuple[str, float, str]]:
    """What a card says below its name, each with the size of its letters and its role."""
    lines = [(node.name, NAME, "name")]
    if node.article is None:
        credited_by = [
            other.name for other in nodes if any(e.source == node.id for e in other.further)
        ]
        if credited_by:
            also = "also " if any(other.parent == node.id for other in nodes) else ""
            lines.append((f"{also}credited by {', '.join(credited_by)}", SMALL, "note"))
        return lines
    if node.headline:
        lines.append((node.headline, TEXT, "headline"))
    if node.copies:
        lines.append((f"and {pluralize(len(node.copies), 'copy', 'copies')}", TEXT, "copies"))
    lines.append((edge_words(node.edge, names) if node.edge else "no source found", TEXT, "source"))
    further = [f"also {edge_words(edge, names)}" for edge in node.further]
    lines += [(words, SMALL, "further") for words in further[:MAX_FURTHER]]
    if len(further) > MAX_FURTHER:
        more = pluralize(len(further) - MAX_FURTHER, "more source")
        lines.append((f"and {more}", SMALL, "further"))
    return lines


def _full(node: TreeNode, lines: Sequence[tuple[str, float, str]], x: float, y: float) -> list[str]:
    """The words of a card of several lines."""
    aside = (node.date or "no date") if node.article else "outside source"
    right = WIDTH - MARGIN - PAD
    drawn = [text(aside, right, y + PAD + NAME - 2, SMALL, role="date", muted=True, anchor="end")]
    y += PAD - 3
    for words, size, role in lines:
        y += size + 4
        room = right - x - PAD - (text_width(aside, SMALL) + PAD if role == "name" else 0)
        bold = role == "name"
        muted = role in ("further", "note", "headline")
        drawn.append(text(fit(words, room, size, bold=bold), x + PAD, y, size,
                          role=role, bold=bold, muted=muted))  # fmt: skip
    return drawn


def _brief(node: TreeNode, x: float, y: float) -> list[str]:
    """The words of a card of one line."""
    aside = node.date.partition(",")[0] if node.article else "outside source"
    before = ""
    if node.edge:
        unknown = " direction unknown" if node.edge.direction == "undecided" else ""
        before = f"{percent(node.edge.confidence)}{unknown} · "
    right = WIDTH - MARGIN - PAD
    room = right - x - 2 * PAD - text_width(aside, SMALL)
    words = before + node.label + (f" · {node.headline}" if node.headline else "")
    return [
        text(fit(words, room, SMALL), x + PAD, y + 15, SMALL, role="name"),
        text(aside, right, y + 15, SMALL, role="date", muted=True, anchor="end"),
    ]


def _card(node: TreeNode, x: float, y: float, height: float, inside: Sequence[str]) -> str:
    """A card around its words; that of an outside source is dashed."""
    outside = node.article is None
    box = element(
        "rect", x=x, y=y, width=WIDTH - MARGIN - x, height=height, rx=12 if outside else 4,
        class_="box", fill="currentColor", fill_opacity=TINT,
        stroke=HUES["attributed"] if outside else "currentColor",
        stroke_opacity=None if outside else LINE,
        stroke_dasharray="6 4" if outside else None,
        stroke_width=1.5 if outside else 1,
    )  # fmt: skip
    tip, *words = inside
    return element("g", tip, box, *words, class_=f"node {'outside' if outside else 'article'}",
                   data_id=node.id)  # fmt: skip
