"""Timeline: when each article of a family appeared, and what was taken from what.

Comes in: a `Cluster` and its articles. Goes out: one SVG: a row for each article, the oldest on
top, its name on the left and its mark under the hour at which it appeared; a bar where only the
day is known. What has no date, and sources outside the collection, have their mark in a lane of
their own. Arrows lead from source to derivative: one that points to the left says that the
clocks contradict the texts. Names never stand on each other, as each has its row (Cleveland 1984,
"Graphical methods", the dot chart). It decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize
from dedup.pipeline import Cluster
from dedup.report.markup import element
from dedup.report.pictures.axis import Scale, span
from dedup.report.pictures.cards import UNDER, Naming, fitted, naming, said, sentence
from dedup.report.pictures.ink import HUES, drawing, head, hint, shaft, stroke, words
from dedup.report.pictures.kinship import Family, Kin, family
from dedup.report.pictures.lettering import BOLD, elided, shown

WIDTH = 1120.0
NAMES = 270.0  # pixels for names, on the left
SURE = 74.0  # for the number of the edge that leads to an article
LANE = 84.0  # for what has no date
EDGE = 16.0
END = 40.0  # behind the axis, for half of its last label
TOP = 64.0  # the ticks' labels
ROW, SHORT_ROW = 34.0, 18.0  # with a headline below the name, and without
ROWS_IN_FULL = 60
MARK = 5.0  # radius
NAME, SMALL = 12.0, 10.5
LEAST_BAR = 6.0  # pixels of a day on an axis of years
FAR = 25  # rows from which on the ticks are written below too
CROWDED = 0.45  # of the weight of lines, where rows are short
LINES = 120  # second parents that are drawn; more would hide the first ones
TOLD = 60


def timeline_svg(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """The timeline of a family as an SVG document, the same bytes for equal input.

    `articles` are those of the family by id; one that is missing is undated.
    """
    plan = family(cluster, articles)
    chart = _Chart(plan, articles)
    title = f"Timeline of family {shown(cluster.id)}"
    if chart.scale is None:
        told = "No article of this family has a date, so there is no order to show."
        note = words(told, EDGE, 30, SMALL + 1, role="note", muted=True)
        return drawing(WIDTH, 48, "dedup-timeline", title, told, note)
    foot = TOP if len(chart.order) > FAR else 40
    height = TOP + chart.row * len(chart.order) + foot
    body = [chart.grid(height - foot), chart.edges(), chart.marks()]
    note = "Times in UTC. A bar is a day of which the hour is not known."
    if chart.scale.breaks():
        note += " The axis is broken where nothing appeared for long."
    if plan.passed or any(one.passed for one in plan.kin.values()):
        note += " Further articles are not shown."
    body.append(words(note, EDGE, height - 14, SMALL, role="note", muted=True))
    return drawing(WIDTH, height, "dedup-timeline", title, chart.described(), *body)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A row's first mark: where arrows begin and end."""

    begin: float
    end: float
    y: float
    dated: bool


class _Chart:
    """A family with a row for each kin and a place in time for each article."""

    def __init__(self, plan: Family, articles: Mapping[str, Article]) -> None:
        self.plan, self.articles = plan, articles
        self.called: Naming = naming(plan, articles)
        self.spans = {id: self._span(id) for id in plan.place}
        dated = [when for when in self.spans.values() if when]
        self.order = sorted(plan.kin.values(), key=self._moment)
        self.row = ROW if len(self.order) <= ROWS_IN_FULL else SHORT_ROW
        lane = any(self._begin(one) is None for one in self.order)
        start = EDGE + NAMES + SURE
        self.lane = start + LANE / 2 - 4
        self.left = start + (LANE if lane else END)
        self.scale = Scale.over(dated, self.left, WIDTH - END) if dated else None
        self.spots = {one.id: self._spot(one, row) for row, one in enumerate(self.order)}

    def _span(self, id: str) -> tuple[float, float] | None:
        article = self.articles.get(id)
        return span(article.published) if article else None

    def _begin(self, one: Kin) -> tuple[float, float] | None:
        """When the first of an article's copies appeared, itself among them."""
        spans = [when for id in (one.id, *one.copies) if (when := self.spans.get(id))]
        return min(spans, default=None)

    def _moment(self, one: Kin) -> tuple[int, float, str]:
        """Outside sources on top, then the oldest first, then what has no date."""
        when = self._begin(one)
        return (0 if one.outside else 1 if when else 2, when[0] if when else 0.0, one.id)

    def _x(self, seconds: float) -> float:
        return self.scale.at(seconds) if self.scale else self.left

    def _ends(self, when: tuple[float, float]) -> tuple[float, float]:
        """Where a mark begins and ends; a bar is never too short to be seen."""
        begin, end = self._x(when[0]), self._x(when[1])
        if when[0] == when[1]:
            return begin - MARK, end + MARK
        lacks = max(LEAST_BAR - (end - begin), 0) / 2
        return begin - lacks, end + lacks

    def _spot(self, one: Kin, row: int) -> _Spot:
        y = TOP + row * self.row + self.row / 2
        when = self._begin(one)
        ends = self._ends(when) if when else (self.lane - MARK, self.lane + MARK)
        return _Spot(*ends, y, when is not None)

    def grid(self, bottom: float) -> str:
        """Ticks, the lines under them, and the lane of what has no date."""
        drawn = []
        drawn.append(words("sure", EDGE + NAMES + 8, TOP - 12, SMALL, muted=True))
        if any(self._begin(one) is None for one in self.order):
            drawn += [
                element("rect", x=EDGE + NAMES + SURE, y=TOP, width=LANE - 8, height=bottom - TOP,
                        fill="currentColor", fill_opacity=0.05, class_="undated-lane"),
                words("no date", self.lane, TOP - 12, SMALL, muted=True, anchor="middle"),
            ]  # fmt: skip
        for x, tick in self.scale.ticks() if self.scale else ():
            drawn.append(stroke(f"M{x:g} {TOP - 6:g}V{bottom:g}"))
            drawn.append(words(tick.label, x, TOP - 12, SMALL, role="tick", anchor="middle"))
            if len(self.order) > FAR:
                drawn.append(words(tick.label, x, bottom + 16, SMALL, role="foot", anchor="middle"))
            if tick.below:
                drawn.append(words(tick.below, x, TOP - 28, SMALL, role="tick", bold=True,
                                   anchor="middle"))  # fmt: skip
        for x in self.scale.breaks() if self.scale else ():
            for aside in (-3.0, 3.0):  # two strokes, as in a map's cut scale
                drawn.append(
                    element(
                        "path",
                        d=f"M{x + aside - 4:g} {TOP + 4:g}l8 -16",
                        stroke="currentColor",
                        stroke_width=1.5,
                        class_="break",
                    )
                )
            drawn.append(
                element(
                    "rect",
                    x=x - 5,
                    y=TOP + 8,
                    width=10,
                    height=bottom - TOP - 8,
                    fill="currentColor",
                    fill_opacity=0.05,
                    class_="break",
                )
            )
        return element("g", *drawn, class_="axis")

    def marks(self) -> str:
        """Each article's name and mark; its copies' marks stand in the same row."""
        return element("g", *(self._mark(one) for one in self.order), class_="nodes")

    def _mark(self, one: Kin) -> str:
        spot = self.spots[one.id]
        copies = f" and {pluralize(len(one.copies), 'copy', 'copies')}" if one.copies else ""
        full = self.row == ROW
        y = spot.y + (-2 if full else 4)
        called = fitted("{}", one.name if full else one.brief, copies, NAMES, NAME * BOLD)
        inside = [
            hint(said(one, self.called)),
            words(called, EDGE, y, NAME, role="name", bold=True),
        ]
        if full:
            second = "outside source" if one.outside else one.headline
            second = second if second != one.name else ""
            inside.append(words(elided(second, NAMES - 8, SMALL), EDGE, y + 14, SMALL,
                                role="headline", muted=True))  # fmt: skip
        if one.edge:
            x = EDGE + NAMES + 8
            inside.append(words(percent(one.edge.confidence), x, y, SMALL, role="confidence"))
            under = "undecided" if one.edge.direction == "undecided" else UNDER[one.edge.kind]
            if full:
                inside.append(words(under, x, y + 14, SMALL, role="kind", muted=True))
            elif under:
                inside.append(words(under, x + 34, y, SMALL - 2, role="kind", muted=True))
        elif not one.outside:
            inside.append(words("unseen", EDGE + NAMES + 8, y, SMALL, role="unseen", muted=True))
        whens = [self.spans.get(id) for id in (one.id, *one.copies)]
        inside += [self._sign(when, spot.y, one.outside) for when in dict.fromkeys(whens)]
        return element("g", *inside, class_=f"node {'outside' if one.outside else 'article'}",
                       data_id=one.id)  # fmt: skip

    def _sign(self, when: tuple[float, float] | None, y: float, outside: bool) -> str:
        if outside:
            return element(
                "circle",
                cx=self.lane,
                cy=y,
                r=MARK,
                fill="none",
                stroke_width=1.5,
                stroke=HUES["attributed"],
                stroke_dasharray="3 2",
                class_="mark",
            )
        if when is None:
            return element(
                "circle",
                cx=self.lane,
                cy=y,
                r=MARK - 0.75,
                fill="none",
                stroke="currentColor",
                stroke_width=1.5,
                class_="mark undated",
            )
        begin, end = self._ends(when)
        if when[0] == when[1]:
            return element("circle", cx=(begin + end) / 2, cy=y, r=MARK, class_="mark moment")
        return element("rect", x=begin, y=y - MARK, width=end - begin, height=2 * MARK, rx=2,
                       fill="currentColor", fill_opacity=0.25, stroke="currentColor",
                       class_="mark day")  # fmt: skip

    def edges(self) -> str:
        """The derivations: parents' in full weight, second parents' thin."""
        drawn: list[str] = []
        further: list[tuple[str, str, Derivation]] = []
        place = self.plan.place
        for one in self.plan.kin.values():
            further += [(place[e.source], one.id, e) for e in one.further if e.source in place]
        for source, target, edge in further if len(further) <= LINES else ():
            drawn += self._edge(source, target, edge, thin=True)
        for one in self.plan.kin.values():
            if one.edge and one.parent:
                drawn += self._edge(one.parent, one.id, one.edge)
        return element("g", *drawn, class_="edges")

    def _edge(
        self, source: str, target: str, edge: Derivation, *, thin: bool = False
    ) -> Iterator[str]:
        """A line that leaves its source downwards or upwards and arrives from the left, or from
        the right where the clocks contradict it; none between two that have no date."""
        one, other = self.spots[source], self.spots[target]
        if not one.dated and not other.dated:
            return None
        x = (one.begin + one.end) / 2
        if one.begin < other.begin < x:  # of a day without an hour any hour may be the one
            x = max(one.begin, other.begin - 24)
        down = 1 if other.y > one.y else -1
        backward = other.begin <= x and other.end < one.begin
        end = other.end if backward else other.begin
        toward = -1.0 if backward else 1.0
        tip = end - toward * shaft(edge)
        y = one.y + down * MARK
        if (tip - x) * toward >= 4:
            path = f"M{x:g} {y:g}C{x:g} {other.y:g} {x:g} {other.y:g} {tip:g} {other.y:g}"
        else:  # too near to arrive from the side without a loop
            out = min(x, tip) - 18 if not backward else max(x, tip) + 18
            path = f"M{x:g} {y:g}C{out:g} {y:g} {out:g} {other.y:g} {tip:g} {other.y:g}"
        told = f"{self.called(edge.derivative)}: {sentence(edge, self.called)}"
        yield element(
            "g",
            hint(told),
            stroke(path, edge, thin=thin, share=1.0 if self.row == ROW else CROWDED),
            head(end, other.y, edge, toward=(toward, 0)),
            class_=f"edge{' further' if thin else ''} {edge.kind} {edge.direction}",
        )

    def described(self) -> str:
        """The timeline in words, for whoever does not see it."""
        rows = [one for one in self.order if not one.outside]
        parts = [f"{pluralize(sum(1 + len(one.copies) for one in rows), 'article')} by time."]
        for one in rows[:TOLD]:
            copies = f" and {pluralize(len(one.copies), 'copy', 'copies')}" if one.copies else ""
            edge = f", {sentence(one.edge, self.called)}" if one.edge else ""
            parts.append(f"{one.date or 'Undated'}: {self.called(one.id)}{copies}{edge}.")
        if len(rows) > TOLD:
            parts.append("The rest is in the table.")
        return " ".join(parts)
