"""The timeline of a cluster as a picture: when each article appeared, and what came from what.

Each dated article has a row, the oldest on top: its name on the left and a dot below the hour
at which it appeared, or a bar where only the day is known (Cleveland 1984, "Graphical methods",
the dot chart). Arrows lead from source to derivative: one that points to the left means that
the dates contradict the derivation. Articles without a date and outside sources are not here;
the tree has them.
"""

from collections.abc import Mapping, Sequence

from dedup.article import Article
from dedup.phrasing import pluralize
from dedup.pipeline import Cluster
from dedup.report.markup import element, format_number
from dedup.report.pictures.axis import Axis, time_span
from dedup.report.pictures.nodes import (
    MAX_NODES,
    TreeNode,
    describe,
    edge_words,
    node_lines,
    tree_nodes,
)
from dedup.report.pictures.svg import FAINT, arrow, drawing, guide, one_line, text, tooltip
from dedup.report.pictures.text_width import fit

WIDTH = 1120.0
EDGE = 16.0
NAMES = 300.0  # pixels for names, on the left
END = 40.0  # before and behind the axis, for half of a label
TOP = 64.0  # the ticks' labels
ROW, SHORT_ROW = 34.0, 18.0  # with a headline below the name, and without
MAX_ROWS_IN_FULL = 60
MARK = 5.0  # radius of a dot
MIN_BAR = 6.0  # pixels of a day on an axis of years
NAME, SMALL = 12.0, 10.5
CROWDED = 0.45  # of the width of lines, where rows are short
NO_DATES = "No article of this cluster has a date, so there is no order to show."

Span = tuple[float, float]


def timeline_svg(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """The timeline of a cluster as an SVG document, the same bytes for equal input.

    `articles` are those of the cluster by id; one that is missing has no date.
    """
    nodes, names = tree_nodes(cluster, articles)
    dates = {id: span for id, a in articles.items() if (span := time_span(a.published))}
    spans = {  # of each node: when it and its copies appeared, the first of them first
        node.id: sorted({dates[id] for id in (node.id, *node.copies) if id in dates})
        for node in nodes
    }
    rows = sorted((node for node in nodes if spans[node.id]), key=lambda n: (spans[n.id], n.id))
    title = f"Timeline of cluster {one_line(cluster.id)}"
    if not rows:
        note = text(NO_DATES, EDGE, 30, SMALL + 1, role="note", muted=True)
        return drawing(WIDTH, 48, "dedup-timeline", title, NO_DATES, note)
    undated = sum(1 + len(n.copies) for n in nodes if n.article and not spans[n.id])
    crowd, rows = rows[MAX_NODES:], rows[:MAX_NODES]
    row = ROW if len(rows) <= MAX_ROWS_IN_FULL else SHORT_ROW
    bottom = TOP + row * len(rows)
    axis = Axis.over(
        (span for node in rows for span in spans[node.id]), EDGE + NAMES + END, WIDTH - END
    )
    heights = {node.id: TOP + (at + 0.5) * row for at, node in enumerate(rows)}
    body = [
        element("g", *draw_grid(axis, bottom), class_="axis"),
        element("g", *draw_arrows(rows, spans, heights, axis, names), class_="edges"),
    ]
    for node in rows:
        inside = [tooltip(*node_lines(node, names)), *draw_name(node, heights[node.id], row == ROW)]
        inside += [draw_mark(span, heights[node.id], axis) for span in spans[node.id]]
        body.append(element("g", *inside, class_="node article", data_id=node.id))
    note = "Times in UTC. A bar is a day of which the hour is not known."
    if undated:
        note += f" Not shown: {pluralize(undated, 'article')} without a date."
    if crowd:
        note += f" Only the first {MAX_NODES} are drawn."
    body.append(text(note, EDGE, bottom + 26, SMALL, role="note", muted=True))
    return drawing(WIDTH, bottom + 40, "dedup-timeline", title, describe(rows, names), *body)


def draw_grid(axis: Axis, bottom: float) -> list[str]:
    """The ticks with their labels, and a line below each."""
    drawn = []
    for tick in axis.ticks():
        x = axis.at(tick.seconds)
        drawn += [
            guide(f"M{format_number(x)} {format_number(TOP - 6)}V{format_number(bottom)}", FAINT),
            text(tick.label, x, TOP - 12, SMALL, role="tick", anchor="middle"),
            text(tick.below, x, TOP - 28, SMALL, role="tick", bold=True, anchor="middle"),
        ]
    return drawn


def draw_name(node: TreeNode, y: float, full: bool) -> list[str]:
    """The words on the left of a row; in a crowded picture the name alone."""
    label = fit(node.label, NAMES, NAME, bold=True)
    drawn = [text(label, EDGE, y + (-2 if full else 4), NAME, role="name", bold=True)]
    if full:
        headline = fit(node.headline, NAMES, SMALL)
        drawn.append(text(headline, EDGE, y + 12, SMALL, role="headline", muted=True))
    return drawn


def find_ends(span: Span, axis: Axis) -> tuple[float, float]:
    """Where a mark begins and ends; a bar is never too short to be seen."""
    begin, end = axis.at(span[0]), axis.at(span[1])
    grow = max(MIN_BAR - (end - begin), 0) / 2 if span[0] < span[1] else MARK
    return begin - grow, end + grow


def draw_mark(span: Span, y: float, axis: Axis) -> str:
    """A dot for a moment, a bar for a day."""
    begin, end = find_ends(span, axis)
    if span[0] == span[1]:
        return element("circle", cx=(begin + end) / 2, cy=y, r=MARK, class_="mark moment")
    return element("rect", x=begin, y=y - MARK, width=end - begin, height=2 * MARK, rx=2,
                   fill="currentColor", fill_opacity=0.25, stroke="currentColor",
                   class_="mark day")  # fmt: skip


def draw_arrows(
    rows: Sequence[TreeNode],
    spans: Mapping[str, Sequence[Span]],
    heights: Mapping[str, float],
    axis: Axis,
    names: Mapping[str, str],
) -> list[str]:
    """From each parent's first mark straight down or up to the row of the derivative, and along
    it to the derivative's first mark."""
    share = 1.0 if len(rows) <= MAX_ROWS_IN_FULL else CROWDED
    drawn = []
    for node in rows:
        if node.edge is None or node.parent is None or node.parent not in heights:
            continue
        y, target = heights[node.parent], heights[node.id]
        begin, end = find_ends(spans[node.parent][0], axis)
        first, last = find_ends(spans[node.id][0], axis)
        x = (begin + end) / 2
        down = 1 if target > y else -1
        start = f"M{format_number(x)} {format_number(y + down * MARK)}"
        if first - x >= MARK or x - last >= MARK:
            toward = 1 if first > x else -1
            tip = (first if toward > 0 else last), target
            line = arrow(f"{start}V{format_number(target)}", tip, (toward, 0), node.edge, share)
        else:  # the one stands right above the other
            line = arrow(start, (x, target - down * MARK), (0, down), node.edge, share)
        hint = tooltip(f"{node.name}: {edge_words(node.edge, names, why=True)}")
        drawn.append(
            element("g", hint, line, class_=f"edge {node.edge.kind} {node.edge.direction}")
        )
    return drawn
