"""Cards: what is written in the boxes of a tree, and the room that takes.

Comes in: kin. Goes out: cards (one article or outside source each) and lists (the many that were
taken from one article and from which nothing was taken: a line each, with the number and the
weight of its edge). A card or list knows its height before it has a place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize
from dedup.report.markup import element
from dedup.report.pictures.ink import (
    FAINT,
    HUES,
    TINT,
    head,
    hint,
    shaft,
    stroke,
    words,
)
from dedup.report.pictures.kinship import Family, Kin
from dedup.report.pictures.layout import BOX, BRIEF, Place
from dedup.report.pictures.lettering import BOLD, elided, shown, width, wrapped
from dedup.report.view import is_external, reason, source_name

PAD = 10.0
NAME, TEXT, SMALL = 13.0, 11.5, 10.5  # sizes of letters
FURTHER = 3  # further parents that a card names
ROW, SHORT_ROW = 36.0, 20.0  # of a list: with a second line, and without
ROWS_IN_FULL = 36  # a longer list has no second lines
COLUMN = 300.0  # of a list
COLUMN_ROWS = 12  # from which on a list has a second column, and each further one
HEADING = 26.0
ARROW = 24.0  # the line at the beginning of a row
NUMBER = 38.0
SAMPLE = 19.0  # of a second parent's line, before its name

PHRASES = {  # of a further parent
    "derived": "also from {}",
    "revision": "also a version of {}",
    "attributed": "credits {}",
    "attributed-via": "credits {} (2nd hand)",
}
LEADS = {  # of the edge that places it
    "derived": "taken from {}",
    "revision": "a later version of {}",
    "attributed": "credits {}",
    "attributed-via": "credits {} at second hand",
}
UNDER = {  # what stands under an edge's number
    "derived": "",
    "revision": "revision",
    "attributed": "credits",
    "attributed-via": "at 2nd hand",
}

Naming = Callable[[str], str]  # what to call an article or an outside source, by its id


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card."""

    text: str
    size: float = TEXT
    role: str = ""
    bold: bool = False
    muted: bool = False
    edge: Derivation | None = None  # whose line is drawn before the words

    @property
    def height(self) -> float:
        return self.size + 4


@dataclass(frozen=True, slots=True)
class Card:
    """One article, its copies behind it, or an outside source."""

    kin: Kin
    lines: tuple[Line, ...]
    brief: bool
    tag: str
    hint: str
    date: str = ""  # at the end of a card of one line

    @property
    def height(self) -> float:
        if self.brief:
            return BRIEF
        return max(sum(line.height for line in self.lines) + 2 * PAD - 3, 52.0)


def card(kin: Kin, called: Naming, *, brief: bool = False, number: bool = False) -> Card:
    """The card of an article or an outside source; a `brief` one has one line, with the
    `number` of its edge where there is no room beside it."""
    if brief:
        return _brief(kin, called, number)
    tag = "revision" if kin.edge and kin.edge.kind == "revision" else ""
    room = BOX - 2 * PAD
    beside = room - (width(tag, SMALL) + 18 if tag else 0)
    lines = [Line(elided(kin.name, beside, NAME, bold=True), NAME, "name", bold=True)]
    if kin.outside:
        lines.append(Line("outside source, not among these", SMALL, "note", muted=True))
    if kin.headline and kin.headline != kin.name:
        lines += [Line(text, role="headline") for text in wrapped(kin.headline, room, TEXT, 2)]
    if not kin.outside:
        lines.append(Line(_date_and_id(kin, room), SMALL, "date", muted=True))
    if kin.copies:
        lines.append(Line(f"and {pluralize(len(kin.copies), 'copy', 'copies')}", role="copies",
                          bold=True))  # fmt: skip
    lines += [
        Line(fitted(PHRASES[edge.kind], called(edge.source), f", {percent(edge.confidence)}",
                    room - SAMPLE, SMALL), SMALL, "further", edge=edge)
        for edge in kin.further[:FURTHER]
    ]  # fmt: skip
    if len(kin.further) > FURTHER:
        rest = len(kin.further) - FURTHER
        lines.append(Line(f"and {pluralize(rest, 'more source')}", SMALL, "further", muted=True))
    if kin.passed:
        lines.append(Line(f"and {pluralize(kin.passed, 'article')} below, not drawn", SMALL,
                          "passed", muted=True))  # fmt: skip
    if not kin.outside and kin.parent is None:
        lines.append(Line("parent unseen", SMALL, "unseen", muted=True))
    return Card(kin, tuple(lines), False, tag, said(kin, called))


def _date_and_id(kin: Kin, room: float) -> str:
    """The date, and the id where it is not the name already and there is room for it."""
    date, id = kin.date or "undated", shown(kin.id)
    both = f"{date} · {id}"
    return both if id and id != kin.name and width(both, SMALL) <= room else date


def _brief(kin: Kin, called: Naming, number: bool) -> Card:
    date = kin.date.partition(",")[0]
    room = BOX - 2 * PAD - (width(date, SMALL - 1) + 6 if date else 0)
    before = f"{told_edge(kin.edge)} · " if number and kin.edge else ""
    copies = f" +{pluralize(len(kin.copies), 'copy', 'copies')}" if kin.copies else ""
    more = f" +{kin.passed:,} below" if kin.passed else ""
    name = fitted(before + "{}", kin.brief, copies + more, room, SMALL * BOLD)
    line = Line(name, SMALL, "name", bold=True)
    return Card(kin, (line,), True, "", said(kin, called), date)


def told_edge(edge: Derivation) -> str:
    """How sure an edge is, and that its direction is not."""
    undecided = " undecided" if edge.direction == "undecided" else ""
    return percent(edge.confidence) + undecided


def draw_card(card: Card, place: Place) -> str:
    """The card as SVG."""
    kin = card.kin
    inside = [hint(card.hint)]
    if kin.copies:  # sheets of paper behind the first one
        inside += [_sheet(place, away, "sheet") for away in (6.0, 3.0)]
    inside.append(
        element(
            "rect", x=place.x, y=place.y, width=place.width, height=place.height,
            rx=12 if kin.outside else 4, class_="box", fill="currentColor", fill_opacity=TINT,
            stroke=HUES["attributed"] if kin.outside else "currentColor",
            stroke_opacity=None if kin.outside else 0.55,
            stroke_dasharray="6 4" if kin.outside else None,
            stroke_width=1.5 if kin.outside else 1,
        )
    )  # fmt: skip
    y = place.y + (place.height - sum(line.height for line in card.lines)) / 2 - 2
    for line in card.lines:
        y += line.height
        x = place.x + PAD
        if line.edge:
            inside.append(stroke(f"M{x:g} {y - 4:g}h{SAMPLE - 5:g}", line.edge, thin=True))
            x += SAMPLE
        inside.append(words(line.text, x, y, line.size, role=line.role, bold=line.bold,
                            muted=line.muted))  # fmt: skip
    if card.date:
        inside.append(words(card.date, place.right - PAD, y, SMALL - 1, role="date", muted=True,
                            anchor="end"))  # fmt: skip
    if card.tag:
        inside.append(_pill(card.tag, place.right - PAD + 2, place.y + PAD - 3))
    return element("g", *inside, class_=f"node {'outside' if kin.outside else 'article'}",
                   data_id=kin.id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """Articles that were taken from one and from which none was taken, a line each."""

    heading: str
    kin: tuple[Kin, ...]
    columns: int

    @property
    def row(self) -> float:
        return ROW if len(self.kin) <= ROWS_IN_FULL else SHORT_ROW

    @property
    def rows(self) -> int:
        return -(-len(self.kin) // self.columns)

    @property
    def width(self) -> float:
        return self.columns * COLUMN + PAD

    @property
    def height(self) -> float:
        return HEADING + self.rows * self.row + PAD


def listing(heading: str, kin: Sequence[Kin], room: float) -> Listing:
    """A list in as many columns as it needs and `room` has."""
    wanted = 1 + (len(kin) - 1) // COLUMN_ROWS
    return Listing(heading, tuple(kin), max(1, min(wanted, int((room - PAD) // COLUMN))))


def draw_listing(listing: Listing, place: Place, called: Naming) -> str:
    """The list as SVG."""
    inside = [
        element("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=4,
                class_="box", fill="currentColor", fill_opacity=TINT / 2, stroke="currentColor",
                stroke_opacity=FAINT * 1.4),
        words(elided(listing.heading, place.width - 2 * PAD, TEXT, bold=True), place.x + PAD,
              place.y + HEADING - 8, TEXT, role="heading", bold=True),
    ]  # fmt: skip
    for number, kin in enumerate(listing.kin):
        column, row = divmod(number, listing.rows)
        x = place.x + PAD + column * COLUMN
        y = place.y + HEADING + row * listing.row + 14
        inside.append(_row(kin, x, y, called, brief=listing.row == SHORT_ROW))
    return element("g", *inside, class_="listing")


def _row(kin: Kin, x: float, y: float, called: Naming, *, brief: bool) -> str:
    inside = [hint(said(kin, called))]
    left = x
    if edge := kin.edge:
        inside.append(stroke(f"M{x:g} {y - 4:g}H{x + ARROW - shaft(edge):g}", edge))
        inside.append(head(x + ARROW, y - 4, edge))
        inside.append(words(percent(edge.confidence), x + ARROW + 4, y, SMALL, role="confidence"))
        left = x + ARROW + NUMBER
    end = x + COLUMN - PAD - 8
    date = kin.date.partition(",")[0]
    room = end - left - (width(date, SMALL) + 8 if date else 0)
    undecided = edge is not None and edge.direction == "undecided"
    tag = " · undecided" if undecided else " · revision" if edge and edge.kind == "revision" else ""
    behind = f" +{pluralize(len(kin.copies), 'copy', 'copies')}" if kin.copies else ""
    name = fitted("{}", kin.brief if brief or kin.further else kin.name, behind + tag, room, TEXT)
    inside.append(words(name, left, y, TEXT, role="name", bold=not brief))
    if date:
        inside.append(words(date, end, y, SMALL, role="date", muted=True, anchor="end"))
    if not brief:
        second = _second_line(kin, called, end - left)
        inside.append(words(second, left, y + 14, SMALL, role="headline", muted=True))
    return element("g", *inside, class_=f"node row {'outside' if kin.outside else 'article'}",
                   data_id=kin.id)  # fmt: skip


def _second_line(kin: Kin, called: Naming, room: float) -> str:
    if kin.further:
        edge = kin.further[0]
        more = f" and {len(kin.further) - 1} more" if len(kin.further) > 1 else ""
        number = f", {percent(edge.confidence)}{more}"
        return fitted(PHRASES[edge.kind], called(edge.source), number, room, SMALL)
    return elided(kin.headline if kin.headline != kin.name else "", room, SMALL)


def fitted(phrase: str, name: str, after: str, room: float, size: float) -> str:
    """`phrase` with the name in it and `after` behind it; only the name is cut to fit."""
    rest = width(phrase.format("") + after, size)
    return phrase.format(elided(name, max(room - rest, 3 * size), size)) + after


def said(kin: Kin, called: Naming) -> str:
    """All that the picture knows of an article, in sentences."""
    if kin.outside:
        return f"{kin.name}: named as a source, not among these articles"
    parts = [kin.name if kin.name == shown(kin.id) else f"{kin.name} ({shown(kin.id)})"]
    parts += [part for part in (kin.headline, kin.date or "undated") if part]
    parts.append(sentence(kin.edge, called) if kin.edge else "parent unseen")
    parts += [f"also {sentence(edge, called)}" for edge in kin.further]
    if kin.copies:
        parts.append("exact copies: " + ", ".join(called(id) for id in kin.copies))
    return "\n".join(parts)


def sentence(
    edge: Derivation, called: Naming, phrases: Mapping[str, str] = LEADS
) -> str:  # fmt: skip
    """An edge in words: whence, how sure, and why."""
    told = f"{phrases[edge.kind].format(called(edge.source))}, {percent(edge.confidence)}"
    if edge.direction == "undecided":
        told += ", direction undecided"
    why = reason(edge)
    return f"{told}: {shown(why)}" if why else told


def _sheet(place: Place, away: float, role: str) -> str:
    """The edge of a sheet that lies behind a card, seen at the right and below."""
    left, right, top, bottom = place.x + away, place.right, place.y + away, place.bottom
    path = f"M{right:g} {top:g}h{away:g}V{bottom + away:g}H{left:g}v{-away:g}"
    return element("path", d=path, class_=role, fill="none", stroke="currentColor",
                   stroke_opacity=0.55)  # fmt: skip


def _pill(text: str, right: float, y: float) -> str:
    across = width(text, SMALL - 1) + 10
    return element(
        "g",
        element("rect", x=right - across, y=y, width=across, height=15, rx=7.5, fill="none",
                stroke=HUES["revision"]),
        words(text, right - across / 2, y + 11, SMALL - 1, anchor="middle"),
        class_="tag",
    )  # fmt: skip


def naming(plan: Family, articles: Mapping[str, Article]) -> Naming:
    """Names that tell articles apart: where two have one publisher, by the id too."""
    owners: dict[str, int] = {}
    for one in plan.kin.values():
        owners[one.name] = owners.get(one.name, 0) + 1

    def called(id: str) -> str:
        if is_external(id):
            return shown(source_name(id, {}))
        one = plan.kin.get(id)
        if one is None:
            article = articles.get(id)
            name = shown(article.publisher) if article and article.publisher else ""
            return f"{name} ({shown(id)})" if name else shown(id)
        same = owners[one.name] > 1 and one.name != shown(id)
        return f"{one.name} ({shown(id)})" if same else one.name

    return called
