"""Tree: the derivations of a family as a picture.

Comes in: a `Cluster` and its articles. Goes out: one SVG: sources on the left, what was taken
from them on the right. A solid line means that the words were taken, a dashed one that a source
is named; its weight and the number at its end say how sure that is; a line without an arrow head
and with "undecided" under it, that the direction cannot be told. Each article and each outside
source is in it once; a long list of articles from which nothing was taken is written as a list.
It decides nothing: what the derivations do not say it does not show.
"""

from collections.abc import Mapping, Sequence

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize
from dedup.pipeline import Cluster
from dedup.report.markup import element, number
from dedup.report.pictures.cards import (
    NUMBER,
    SMALL,
    UNDER,
    Card,
    Listing,
    Naming,
    card,
    draw_card,
    draw_listing,
    listing,
    naming,
    sentence,
)
from dedup.report.pictures.ink import MUTED, drawing, head, hint, shaft, stroke, words
from dedup.report.pictures.kinship import Family, Kin, family
from dedup.report.pictures.layout import (
    COLUMNS,
    FAN,
    LABEL,
    STEP,
    TRUNK,
    Item,
    Place,
    laid_out,
)
from dedup.report.pictures.lettering import shown
from dedup.report.pictures.routes import Routes, entry

MARGIN = 44.0  # room for the lines that run around the boxes
WIDEST = 3 * STEP + 310.0  # pixels that lists may fill to the right
STUB = 26.0  # of the dotted line to a parent that nobody has seen
IN_FULL = 90  # articles and sources; in a larger family each card has one line
LISTED = 8  # childless articles of one parent from which on they are a list
LINES = 40  # further parents that are drawn; more would hide the tree, and are only written
TOLD = 60  # edges that the text alternative tells one by one


def tree_svg(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """The derivation tree of a family as an SVG document, the same bytes for equal input.

    `articles` are those of the family by id; one that is missing is drawn by its id.
    """
    plan = family(cluster, articles)
    tree = _Tree(plan, naming(plan, articles))
    places = laid_out(tree.items())
    body = [tree.edges(places), tree.further(places), tree.nodes(places)]
    width = max(place.right for place in places.values()) + 2 * MARGIN
    height = max(place.bottom for place in places.values()) + 2 * MARGIN
    if plan.passed:
        told = f"and {pluralize(plan.passed, 'article')} more, not drawn"
        body.append(words(told, 0, height - 2 * MARGIN + 20, role="passed", muted=True))
    moved = element("g", *body, transform=f"translate({number(MARGIN)} {number(MARGIN)})")
    title = f"Derivation tree of family {shown(cluster.id)}"
    return drawing(width, height, "dedup-tree", title, described(cluster, plan, articles), moved)


def described(cluster: Cluster, plan: Family, articles: Mapping[str, Article]) -> str:
    """The tree in words, for whoever does not see it."""
    called = naming(plan, articles)
    outside = [one.name for one in plan.kin.values() if one.outside]
    parts = [f"{pluralize(len(cluster.members), 'article')} of one report."]
    if outside:
        parts.append(f"Named as sources, not among them: {', '.join(outside)}.")
    told = 0
    for one in plan.kin.values():
        if one.outside:
            continue
        if told == TOLD:
            parts.append("The rest is in the table.")
            break
        told += 1
        copies = f" and {pluralize(len(one.copies), 'copy', 'copies')}" if one.copies else ""
        edges = [edge for edge in (one.edge, *one.further) if edge]
        reasons = "; ".join(sentence(edge, called) for edge in edges) or "parent unseen"
        parts.append(f"{called(one.id)}{copies}: {reasons}.")
    return " ".join(parts)


class _Tree:
    """A family on its way into the picture: who has a card, who stands in whose list."""

    def __init__(self, plan: Family, called: Naming) -> None:
        self.plan, self.called = plan, called
        self.cards: dict[str, Card] = {}
        self.lists: dict[str, Listing] = {}
        self.listed: dict[str, str] = {}  # of the articles in lists: the key of the list
        self.guests = _guests(plan)
        self.brief = len(plan.kin) > IN_FULL

    def items(self) -> list[Item]:
        """What is to be placed: cards and lists, each under its parent."""
        kin = self.plan.kin
        columns: dict[str, int] = {}
        for one in kin.values():  # a parent stands before its children
            columns[one.id] = columns[one.parent] + 1 if one.parent else 0
            columns.update(dict.fromkeys(self.guests.get(one.id, ()), columns[one.id]))
        strangers = {id for guests in self.guests.values() for id in guests}
        order = [*(id for id in kin if id not in strangers), *strangers]
        built: dict[str, Item] = {}
        for id in reversed(order):  # not by recursion: a chain of revisions may be long
            one, column = kin[id], columns[id]
            made = card(one, self.called, brief=self.brief, number=column >= COLUMNS)
            self.cards[id] = made
            under = self._row(one.children, one, column + 1, built)
            guests = {guest for child in one.children for guest in self.guests.get(child, ())}
            built[id] = Item(id, made.height, under=under, guests=frozenset(guests))
        return self._row([id for id in self.plan.roots if id not in strangers], None, 0, built)

    def _row(
        self, ids: Sequence[str], parent: Kin | None, column: int, built: Mapping[str, Item]
    ) -> list[Item]:
        """The items of one parent's children, with the guests that stand beside them."""
        kin = self.plan.kin
        single = [id for id in ids if not kin[id].children and id not in self.guests]
        if sum(bool(kin[id].copies) for id in single) <= LISTED:
            single = [id for id in single if not kin[id].copies]  # they have cards
        in_list = set(single) if len(single) > LISTED else set()
        items = []
        for id in ids:
            if id not in in_list:
                items += [built[each] for each in (id, *self.guests.get(id, ()))]
        if in_list:
            key = f"list:{parent.id if parent else ''}"
            room = max(WIDEST - column * STEP, 0.0)
            made = listing(self._heading(single, parent), [kin[id] for id in single], room)
            self.lists[key] = made
            self.listed.update(dict.fromkeys(single, key))
            items.append(Item(key, made.height, made.width))
        return items

    def _heading(self, ids: Sequence[str], parent: Kin | None) -> str:
        number = pluralize(sum(not self.plan.kin[id].outside for id in ids), "article")
        if parent is None:
            outside = sum(self.plan.kin[id].outside for id in ids)
            also = f"; {pluralize(outside, 'outside source')}" if outside else ""
            return f"{number}, parent unseen{also}"
        return f"{number} {'that credit' if parent.outside else 'taken from'} {parent.name}"

    def nodes(self, places: Mapping[str, Place]) -> str:
        """Cards and lists."""
        drawn = [draw_card(self.cards[id], places[id]) for id in self.plan.kin if id in places]
        drawn += [draw_listing(made, places[key], self.called)
                  for key, made in self.lists.items()]  # fmt: skip
        return element("g", *drawn, class_="nodes")

    def edges(self, places: Mapping[str, Place]) -> str:
        """The lines of the tree itself, each with its number."""
        drawn = []
        for one in self.plan.kin.values():
            if one.edge and one.parent and one.id in places:
                drawn.append(self._edge(one.edge, places[one.parent], places[one.id]))
            elif one.id in places and not one.outside and not places[one.id].below:
                here = places[one.id]
                drawn.append(element(
                    "path", d=f"M{here.x - STUB:g} {here.middle:g}H{here.x:g}", class_="unseen",
                    stroke="currentColor", stroke_opacity=MUTED, stroke_dasharray="1.5 4",
                    stroke_width=1.5))  # fmt: skip
        for key in self.lists:
            if parent := key.removeprefix("list:"):
                path, _, _ = _way(places[parent], places[key], 0)
                drawn.append(element("path", d=path, fill="none", stroke="currentColor",
                                     stroke_opacity=0.55, stroke_width=1.5))  # fmt: skip
        return element("g", *drawn, class_="edges")

    def _edge(self, edge: Derivation, source: Place, target: Place) -> str:
        path, tip, toward = _way(source, target, shaft(edge))
        under = "undecided" if edge.direction == "undecided" else UNDER[edge.kind]
        sure = percent(edge.confidence)
        told = []
        if target.below and self.brief:
            pass  # its number is on the card
        elif target.below:
            x = target.x + (TRUNK + 10 if target.x == source.x else 2)
            told = [
                words(sure, x, target.y - 7, SMALL, role="confidence"),
                words(under, x + NUMBER, target.y - 7, SMALL, role="kind", muted=True),
            ]
        else:
            x = target.x - LABEL + 6
            told = [
                words(sure, x, target.middle - 6, SMALL, role="confidence"),
                words(under, x, target.middle + 13, SMALL, role="kind", muted=True),
            ]
        return element("g", hint(self._hint(edge)), stroke(path, edge),
                       head(*tip, edge, toward=toward), *told if under else told[:1],
                       class_=f"edge {edge.kind} {edge.direction}")  # fmt: skip

    def further(self, places: Mapping[str, Place]) -> str:
        """The lines of second parents, thin; none where there are so many as to hide the tree."""
        routes = Routes(places.values())
        found: dict[tuple[str, str], Derivation] = {}
        for one in self.plan.kin.values():
            for edge in one.further:
                ends = self.plan.place.get(edge.source, ""), self.listed.get(one.id, one.id)
                if (
                    ends[0] not in self.listed
                    and ends[0] in self.cards
                    and ends[1] != self.listed.get(ends[0])
                ):
                    found.setdefault(ends, edge)
        drawn = []
        for (source, target), edge in found.items() if len(found) <= LINES else ():
            start, end = places[source], places[target]
            if not start.below and not end.below:
                path = routes.between(start, end, shaft(edge))
                tip = head(end.x, entry(end), edge)
            elif start.column == end.column:
                path = routes.around(start, end, shaft(edge))
                tip = head(end.right, end.middle, edge, toward=(-1, 0))
            else:
                continue  # from far away into an outline: the card names it
            drawn.append(element("g", hint(self._hint(edge)), stroke(path, edge, thin=True), tip,
                                 class_=f"edge further {edge.kind} {edge.direction}"))  # fmt: skip
        return element("g", *drawn, class_="further-edges")

    def _hint(self, edge: Derivation) -> str:
        return f"{self.called(edge.derivative)}: {sentence(edge, self.called)}"


def _guests(plan: Family) -> dict[str, list[str]]:
    """The outside sources that place no article, beside the parent of the first that names
    them: there the way to it is shortest."""
    waiting = {id for id in plan.roots if plan.kin[id].outside and not plan.kin[id].children}
    guests: dict[str, list[str]] = {}
    for one in plan.kin.values():
        for edge in one.further:
            if edge.source in waiting and one.parent is not None:
                waiting.discard(edge.source)
                guests.setdefault(one.parent, []).append(edge.source)
    return guests


def _way(
    source: Place, target: Place, tip: float
) -> tuple[str, tuple[float, float], tuple[float, float]]:
    """From a parent to a child: the path, where it ends and in which direction."""
    if not target.below:
        x, level = source.right, target.x - LABEL
        half = x + FAN / 2
        path = (f"M{x:g} {source.middle:g}C{half:g} {source.middle:g} {half:g} {target.middle:g} "
                f"{level:g} {target.middle:g}H{target.x - tip:g}")  # fmt: skip
        return path, (target.x, target.middle), (1, 0)
    x = source.x + TRUNK
    if target.x == source.x:
        return f"M{x:g} {source.bottom:g}V{target.y - tip:g}", (x, target.y), (0, 1)
    path = f"M{x:g} {source.bottom:g}V{target.middle:g}H{target.x - tip:g}"
    return path, (target.x, target.middle), (1, 0)
