"""Kinship: what a picture of a family has to show, before anything has a place.

Comes in: a `Cluster` and its articles. Goes out: `Kin`, drawn once each, with the one edge that
places it in the tree, its further parents, and the exact copies that stand behind it. As the
table and the terminal have it, the first of `derivations_of` is the parent; where those run in
a circle the next one is. Equal input gives an equal plan.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import shorten
from dedup.pipeline import Cluster
from dedup.report.view import derivations_of, is_external, opening, source_name

MOST = 400  # articles with a place of their own in one picture
NAMELESS = "(no name)"
LONG = 120  # characters of a name; no card has room for more
FOLDED = 3  # copies of one text from which on they share a place
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class Kin:
    """One place in a picture: an article with its exact copies, or an outside source.

    `edge` leads to it from its parent; None for what has no parent here. `further` are its
    other parents, `copies` the ids of the articles that are word for word the same, `passed`
    counts the descendants that have no place of their own.
    """

    id: str
    name: str
    article: Article | None = None
    edge: Derivation | None = None
    parent: str | None = None
    further: list[Derivation] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    passed: int = 0

    @property
    def outside(self) -> bool:
        """Whether this is a source that is not among the articles."""
        return is_external(self.id)

    @property
    def headline(self) -> str:
        """The title, or how the text begins."""
        return opening(self.article) if self.article else ""

    @property
    def brief(self) -> str:
        """The name; with the headline where that is all that the name lacks to say something."""
        plain = self.outside or (self.article is not None and self.article.publisher)
        return self.name if plain or not self.headline else f"{self.name} · {self.headline}"

    @property
    def date(self) -> str:
        """When it appeared, in words."""
        return told_date(self.article.published) if self.article else ""


@dataclass(frozen=True, slots=True)
class Family:
    """The kin of a family by id, each after its parent, and those that have no parent here."""

    kin: dict[str, Kin]
    roots: list[str]
    place: dict[str, str]  # of every article and outside source: the kin that shows it
    passed: int = 0  # articles below no root that is shown


def family(cluster: Cluster, articles: Mapping[str, Article], most: int = MOST) -> Family:
    """The plan of a family; at most `most` articles have a place of their own."""
    edges = _edges_of(cluster)
    parents = _parents(cluster.members, edges)
    place = _folded(cluster, parents)
    kin: dict[str, Kin] = {}
    for member in cluster.members:
        if place[member] == member:
            article = articles.get(member, Article(member, ""))
            kin[member] = Kin(member, _called(article), article)
    for member in cluster.members:  # a copy may stand before the one that stands for all
        if place[member] != member:
            kin[place[member]].copies.append(member)
    for source in dict.fromkeys(edge.source for edge in cluster.derivations):
        if is_external(source):
            place[source] = source
            kin[source] = Kin(source, shorten(source_name(source, {}), LONG) or NAMELESS)
    for one in kin.values():
        parent = parents.get(one.id)
        if parent is not None:
            one.edge, one.parent = parent, place[parent.source]
            kin[one.parent].children.append(one.id)
        own = [edge for member in (one.id, *one.copies) for edge in edges.get(member, ())]
        one.further = _further(one, own, place)
    for one in kin.values():
        one.children.sort(key=lambda id: _order(kin[id]))
    roots = sorted((one.id for one in kin.values() if one.parent is None),
                   key=lambda id: (not kin[id].outside, _order(kin[id])))  # fmt: skip
    return _within(Family(kin, roots, place), most)


def told_date(when: date | str | None) -> str:
    """A day, or a moment in UTC; a moment without a zone as it stands.

    >>> told_date(datetime.fromisoformat("2025-03-28T14:05:00+01:00"))
    '28 Mar 2025, 13:05 UTC'
    """
    if not isinstance(when, date):
        return ""
    zone = ""
    if isinstance(when, datetime) and when.tzinfo:
        when, zone = in_utc(when), " UTC"
    day = f"{when.day} {MONTHS[when.month - 1]} {when.year}"
    return f"{day}, {when:%H:%M}{zone}" if isinstance(when, datetime) else day


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a zone is taken to be in it."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or the last hours that the calendar has
        return moment.replace(tzinfo=UTC)


def _called(article: Article) -> str:
    return shorten(article.publisher or "", LONG) or shorten(article.id, LONG) or NAMELESS


def _order(one: Kin) -> tuple[bool, str, str]:
    """The oldest first, what has no date last."""
    when = one.article.published if one.article else None
    moment = in_utc(when).isoformat() if isinstance(when, datetime) else str(when or "")
    return (when is None, moment, one.id)


def _edges_of(cluster: Cluster) -> dict[str, list[Derivation]]:
    """The derivations of each member, the best first; linear in their number."""
    known = set(cluster.members)
    edges: dict[str, list[Derivation]] = {}
    for edge in cluster.derivations:
        if edge.derivative in known and (edge.source in known or is_external(edge.source)):
            edges.setdefault(edge.derivative, []).append(edge)
    return {member: derivations_of(member, own) for member, own in edges.items()}


def _parents(
    members: Iterable[str], edges: Mapping[str, list[Derivation]]
) -> dict[str, Derivation]:
    """The best edge of each member that closes no circle."""
    parents: dict[str, Derivation] = {}
    for member in members:
        for edge in edges.get(member, ()):
            above: str | None = edge.source
            while above is not None and above != member:
                above = parents[above].source if above in parents else None
            if above is None:
                parents[member] = edge
                break
    return parents


def _folded(cluster: Cluster, parents: Mapping[str, Derivation]) -> dict[str, str]:
    """Where each member is shown: itself, or the copy of its text that stands for all.

    A copy folds where it came from a copy of the same text, or from where that one came from.
    """
    same = {member: member for member in cluster.members}

    def text_of(member: str) -> str:
        while same[member] != member:
            same[member] = same[same[member]]
            member = same[member]
        return member

    for relation in cluster.relations:
        if relation.kind == "duplicate" and relation.a in same and relation.b in same:
            same[text_of(relation.b)] = text_of(relation.a)
    depths: dict[str, int] = {}

    def depth(member: str) -> int:
        above = []
        while member not in depths and member in parents:
            above.append(member)
            member = parents[member].source
        reached = depths.setdefault(member, 0)
        for steps, below in enumerate(reversed(above), 1):
            depths[below] = reached + steps
        return depths[above[0]] if above else reached

    groups: dict[str, list[str]] = {}
    for member in cluster.members:
        groups.setdefault(text_of(member), []).append(member)
    place = {member: member for member in cluster.members}
    for group in groups.values():
        inside = set(group)
        source = {m: parents[m].source if m in parents else None for m in group}
        tops = [m for m in group if source[m] not in inside]
        if not tops or len(group) < FOLDED:
            continue
        first = min(tops, key=depth)  # else it might descend from one that folds into it
        with_first = [m for m in group if source[m] in inside or source[m] == source[first]]
        if len(with_first) >= FOLDED:
            place.update(dict.fromkeys(with_first, first))
    return place


def _further(one: Kin, edges: Iterable[Derivation], place: Mapping[str, str]) -> list[Derivation]:
    """The edges that do not lead from the parent, one for each other source."""
    best: dict[str, Derivation] = {}
    for edge in edges:
        source = place[edge.source]
        if source not in (one.id, one.parent):
            known = best.get(source)
            if known is None or edge.confidence > known.confidence:
                best[source] = edge
    return list(best.values())


def _within(all_kin: Family, most: int) -> Family:
    """The family with at most `most` articles in the picture, those nearest to sources from which
    something was taken."""
    kin = all_kin.kin
    order = [id for id in all_kin.roots if kin[id].children]
    for id in order:  # grows while it is read: breadth first
        order += kin[id].children
    order += [id for id in all_kin.roots if not kin[id].children]
    articles = [id for id in order if not kin[id].outside]
    hidden = set(articles[most:])
    passed = 0
    for id in reversed(order):
        one = kin[id]
        if id not in hidden:
            continue
        articles_here = 1 + len(one.copies) + one.passed
        if one.parent is None:
            passed += articles_here
        else:
            kin[one.parent].passed += articles_here
    shown = {id: kin[id] for id in order if id not in hidden}
    for one in shown.values():
        one.children = [id for id in one.children if id not in hidden]
    place = {id: at for id, at in all_kin.place.items() if at in shown}
    return Family(shown, [id for id in all_kin.roots if id not in hidden], place, passed)
