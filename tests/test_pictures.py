"""Pictures are read here as an XML parser reads them: boxes, lines and words."""

import re
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from families import credit, made, relation, result, taken
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dedup.article import Article
from dedup.cli import app
from dedup.errors import InputError, MissingExtra
from dedup.pipeline import Cluster
from dedup.report.pictures import draw, png, raster, timeline_svg, tree_svg
from dedup.report.pictures.axis import DAY, TICK, Axis, time_span
from dedup.report.pictures.nodes import MAX_NODES
from dedup.report.pictures.svg import HUES, isolate, one_line
from dedup.report.pictures.text_width import fit, text_width
from seeds import SEEDS

NAMES = {"svg", "title", "desc", "g", "path", "rect", "circle", "polygon", "text"}
PICTURES = pytest.mark.parametrize("draw_picture", [tree_svg, timeline_svg])
SHAPES = pytest.mark.parametrize(
    ("members", "copies", "deep"),
    [(2, 0, 0.3), (9, 0, 0.5), (30, 0, 1.0), (60, 37, 0.3), (60, 0, 0.1), (400, 100, 0.3),
     (400, 0, 0.95)],
)  # fmt: skip


class Svg:
    """A picture, parsed."""

    def __init__(self, source: str) -> None:
        self.root = ElementTree.fromstring(source)
        for part in self.root.iter():
            part.tag = part.tag.removeprefix("{http://www.w3.org/2000/svg}")
        self.width, self.height = (float(self.root.get(side, "0")) for side in ("width", "height"))

    def having(self, *classes: str) -> list[ElementTree.Element]:
        """The elements that have all of these classes."""
        wanted = set(classes)
        return [one for one in self.root.iter() if wanted <= set(one.get("class", "").split())]

    def words(self, part: ElementTree.Element | None = None) -> list[str]:
        """What is written, isolates left out."""
        parts = (self.root if part is None else part).iter("text")
        return [re.sub("[\u2068\u2069]", "", one.text or "") for one in parts]

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Left, top, right and bottom of each box."""
        found = []
        for box in self.having("box"):
            x, y, w, h = (float(box.get(side, "0")) for side in ("x", "y", "width", "height"))
            found.append((x, y, x + w, y + h))
        return found

    def shown(self) -> str:
        """All words that can be read, what a resting pointer is told among them."""
        return "\n".join(one.text or "" for one in self.root.iter() if one.tag != "desc")

    @property
    def desc(self) -> str:
        return self.root.findtext("desc") or ""


def family(*edges: object, members: str = "ab", **known: Article) -> tuple[Cluster, dict]:
    """A cluster of articles called by letters."""
    weakest = relation(members[0], members[1])
    articles = {id: known.get(id, Article(id, f"The text of {id}.")) for id in members}
    return Cluster("c1", tuple(members), (weakest,), edges, (), weakest), articles


# Whatever the text


ANYTHING = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("<>&'\"\0\x1b\u202e\u2066\u2028\ud800\ufffe\u200f]\x85"),
    ),
    max_size=40,
)


@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING), min_size=2, max_size=5), ANYTHING)
@settings(max_examples=60, deadline=None)
def test_hostile_text_stays_text(told: list[tuple[str, str, str]], outlet: str) -> None:
    """Whatever ids, titles and names are: well-formed, drawn with ten elements, nothing run."""
    articles = {}
    for name, title, publisher in told:
        id = name or "none"
        articles[id] = Article(id, title * 3, title=title, publisher=publisher)
    ids = list(articles)
    if len(ids) < 2:
        return
    edges = [taken(ids[0], id, 0.8) for id in ids[1:]] + [credit(outlet, ids[0], 0.7)]
    weakest = relation(ids[0], ids[1])
    cluster = Cluster("c1", tuple(ids), (weakest,), tuple(edges), (), weakest)
    for draw_picture in (tree_svg, timeline_svg):
        source = draw_picture(cluster, articles)
        svg = Svg(source)
        assert {part.tag for part in svg.root.iter()} <= NAMES
        written = re.sub(' data-id="[^"]*"', "", source)  # an id is kept, to be found by
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]", written)
        assert source.encode().decode() == source


def test_a_megabyte_of_title_is_cut() -> None:
    """A title without end costs neither room nor time."""
    endless = Article("a", "", title="<b>" * 400_000, publisher="x y\u202e" * 200_000)
    cluster, articles = family(taken("a", "b", 0.9), a=endless)
    for draw_picture in (tree_svg, timeline_svg):
        assert len(draw_picture(cluster, articles)) < 20_000


@PICTURES
def test_a_picture_fetches_and_runs_nothing(draw_picture) -> None:
    """No style sheet, no script, no link, and no id that another picture could have."""
    source = draw_picture(*made(30))
    assert not re.search(r"<style|<script|href|url\(| id=|style=| on\w+=", source)


@pytest.mark.slow
@PICTURES
@SHAPES
def test_equal_input_gives_equal_bytes(draw_picture, members, copies, deep) -> None:
    """Whatever the order in which the articles lie in memory."""
    cluster, articles = made(members, copies=copies, deep=deep)
    backwards = dict(reversed(articles.items()))
    assert draw_picture(cluster, articles) == draw_picture(cluster, backwards)


@PICTURES
def test_a_picture_has_a_text_alternative(draw_picture) -> None:
    """Role, title and a description that names who took what from whom, and how sure that is."""
    dated = {id: Article(id, "", published="2025-03-28") for id in "ab"}
    svg = Svg(draw_picture(*family(taken("a", "b", 0.83), credit("ZDF", "a", 0.97), **dated)))
    assert svg.root.get("role") == "img"
    assert (svg.root.findtext("title") or "").endswith("of cluster c1")
    assert (
        "b, 28 March 2025: derived from a, 83% sure, direction certain: b appeared 3 hours after a."
        in svg.desc
    )
    assert "a, 28 March 2025: credits ZDF, 97% sure: “ZDF reported”." in svg.desc


# The tree


@SHAPES
def test_no_box_lies_on_another(members, copies, deep) -> None:
    """Nor does one reach over the edge of the picture."""
    svg = Svg(tree_svg(*made(members, copies=copies, deep=deep)))
    _apart(svg)


@given(st.integers(2, 60), st.integers(0, 10_000), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_no_box_lies_on_another_in_any_shape(members: int, seed: int, deep: float) -> None:
    """Chains, brooms, bushes."""
    _apart(Svg(tree_svg(*made(members, seed, deep=deep))))


def _apart(svg: Svg) -> None:
    boxes = svg.boxes()
    for one, other in combinations(boxes, 2):
        beside = one[2] <= other[0] or other[2] <= one[0]
        assert beside or one[3] <= other[1] or other[3] <= one[1], (one, other)
    assert all(box[0] >= -0.01 and box[1] >= -0.01 for box in boxes)
    assert max(box[2] for box in boxes) < svg.width
    assert max(box[3] for box in boxes) < svg.height


@SHAPES
def test_every_article_and_outside_source_is_shown(members, copies, deep) -> None:
    """By a card of its own, or by name among the copies of another."""
    cluster, articles = made(members, copies=copies, deep=deep)
    svg = Svg(tree_svg(cluster, articles))
    own = {one.get("data-id") for one in svg.having("node")}
    outside = {e.source for e in cluster.derivations if e.source.startswith("external:")}
    assert outside <= own
    hidden = set(cluster.members) - own
    assert len(hidden) == copies or not hidden
    assert all(f"({id})" in svg.shown() for id in hidden)


def test_a_parent_stands_above_and_left_of_what_was_taken_from_it() -> None:
    """And outside sources are at the top, the one from which most articles come first."""
    edges = credit("AFP", "d", 0.9), credit("ZDF", "a", 0.9), taken("a", "b", 0.9)
    svg = Svg(tree_svg(*family(*edges, members="abcd")))
    order = [one.get("data-id") for one in svg.having("node")]
    assert order == ["external:ZDF", "a", "b", "external:AFP", "d", "c"]
    places = dict(zip(order, svg.boxes(), strict=True))
    assert places["external:ZDF"][0] < places["a"][0] < places["b"][0]
    assert places["c"][0] == places["external:ZDF"][0]


def test_exact_copies_share_a_card() -> None:
    """38 copies of one text are one card that says so."""
    svg = Svg(tree_svg(*made(60, copies=37)))
    assert "and 37 copies" in svg.words()
    assert len(svg.having("copies")) == 1


def test_two_copies_have_a_card_each() -> None:
    """Who copied whom is what the reader wants to know of two."""
    cluster, articles = family(taken("a", "b", 0.9))
    same = replace(cluster, relations=(relation("a", "b", "duplicate"),))
    assert len(Svg(tree_svg(same, articles)).having("node", "article")) == 2


def test_a_copy_may_be_listed_before_the_one_that_stands_for_it() -> None:
    """The article nearest to the source stands for its copies, wherever it comes in the cluster;
    copies that come from elsewhere stand apart."""
    cluster, articles = family(
        taken("a", "b", 0.9), taken("b", "far", 0.9), taken("far", "x", 0.9),
        taken("a", "near", 0.9), taken("near", "y", 0.9), taken("near", "z", 0.9),
    )  # fmt: skip
    pairs = [("far", "near"), ("near", "x"), ("near", "y"), ("near", "z")]
    same = replace(
        cluster,
        members=("a", "b", "y", "far", "x", "near", "z"),
        relations=tuple(relation(a, b, "duplicate") for a, b in pairs),
    )
    svg = Svg(tree_svg(same, articles))
    cards = {one.get("data-id"): svg.words(one) for one in svg.having("node")}
    assert set(cards) == {"a", "b", "near", "far", "x"}
    assert "and 2 copies" in cards["near"]


def test_copies_of_one_agency_text_share_a_card() -> None:
    """Papers that have it word for word from one source, and not from one another."""
    edges = [credit("AP", id, 0.9) for id in "abc"]
    cluster, articles = family(*edges, members="abc")
    same = tuple(relation(a, b, "duplicate") for a, b in (("a", "b"), ("b", "c")))
    svg = Svg(tree_svg(replace(cluster, relations=same), articles))
    assert [one.get("data-id") for one in svg.having("node")] == ["external:AP", "a"]
    assert "and 2 copies" in svg.words()


def test_an_edge_of_unknown_direction_has_no_head_and_says_so() -> None:
    """And one of a certain direction has a head, and says that."""
    cluster, articles = family(taken("a", "b", 0.4), taken("b", "c", 0.9), members="abc")
    svg = Svg(tree_svg(cluster, articles))
    (unknown,) = svg.having("edge", "unknown")
    (certain,) = svg.having("edge", "certain")
    assert unknown.find("polygon") is None
    assert certain.find("polygon") is not None
    words = ("derived from a, 40% sure, direction unknown", "derived from b, 90% sure, direction")
    assert all(any(line.startswith(part) for line in svg.words()) for part in words)


def test_a_surer_edge_is_drawn_with_more_weight() -> None:
    """The number is not the only sign, nor is the weight."""
    svg = Svg(tree_svg(*family(taken("a", "b", 0.55), taken("b", "c", 0.95), members="abc")))
    weights = [_line(edge).get("stroke-width") for edge in svg.having("edge", "derived")]
    assert [float(weight or 0) for weight in weights] == sorted(float(w or 0) for w in weights)
    assert weights[0] != weights[1]


def test_what_is_only_named_is_dashed() -> None:
    """The box of an outside source, and the lines from it; what was taken is not."""
    svg = Svg(tree_svg(*family(taken("a", "b", 0.9), credit("ZDF", "a", 0.9))))
    (outside,) = svg.having("node", "outside")
    assert outside.find("rect").get("stroke-dasharray")
    assert _line(svg.having("edge", "attributed")[0]).get("stroke-dasharray")
    assert not _line(svg.having("edge", "derived")[0]).get("stroke-dasharray")


def test_further_sources_are_lines_on_the_card() -> None:
    """With their number, on the article's card and on that of the outside source."""
    edges = taken("a", "b", 0.9), taken("a", "c", 0.9), taken("b", "c", 0.3)
    svg = Svg(
        tree_svg(*family(*edges, credit("ZDF", "c", 0.8, at_second_hand=True), members="abc"))
    )
    assert len(svg.having("edge")) == 2
    further = {
        "also derived from b, 30% sure, direction unknown",
        "also credits ZDF at second hand, 80% sure",
    }
    assert further <= set(svg.words())
    assert "credited by c" in svg.words()


def test_revisions_and_articles_without_a_source_are_marked() -> None:
    """In words, not by colour."""
    svg = Svg(tree_svg(*family(taken("a", "b", 0.9, "revision"))))
    cards = {one.get("data-id"): svg.words(one) for one in svg.having("node")}
    assert "no source found" in cards["a"]
    assert "a later version of a, 90% sure, direction certain" in cards["b"]


def test_derivations_in_a_circle_are_drawn_all_the_same() -> None:
    """Every article has a place, and one of the edges is in words alone."""
    edges = taken("a", "b", 0.9), taken("b", "c", 0.9), taken("c", "a", 0.9)
    svg = Svg(tree_svg(*family(*edges, members="abc")))
    assert len(svg.having("node")) == 3
    assert len(svg.having("edge")) == 2
    assert sum(words.startswith("also derived from") for words in svg.words()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("deep", [0.0, 0.3, 0.95, 1.0])
@pytest.mark.parametrize("copies", [0, 200])
def test_400_articles_have_a_bounded_picture(deep: float, copies: int) -> None:
    """As wide as any other, no longer than 33 pixels an article, half a megabyte."""
    source = tree_svg(*made(400, copies=copies, deep=deep))
    svg = Svg(source)
    assert svg.width == 760
    assert svg.height <= 400 * 33
    assert len(source.encode()) <= 500_000


def test_what_is_beyond_500_nodes_is_counted() -> None:
    """A larger picture would be none; the table has all."""
    svg = Svg(tree_svg(*made(1_000, deep=0.6)))
    assert len(svg.having("node")) == MAX_NODES
    drawn = len(svg.having("node", "article"))
    assert f"and {1_000 - drawn} more articles, not drawn" in svg.words()
    assert svg.height <= 500 * 33


def test_a_chain_as_long_as_can_be_drawn() -> None:
    """399 revisions, each of the one before: beyond eight steps one below the other, each with
    its arrow."""
    ids = [f"a{number}" for number in range(400)]
    edges = tuple(taken(one, other, 0.9, "revision") for one, other in pairwise(ids))
    cluster, articles = family(*edges, members="ab")
    cluster = replace(cluster, members=tuple(ids))
    svg = Svg(tree_svg(cluster, articles))
    assert len(svg.having("node")) == 400
    assert len(svg.having("edge")) == 399


def test_the_seeds_tree() -> None:
    """ZDF, whom all name, and three articles; The Moscow Times is one of them, and no box of its
    own."""
    told = CliRunner().invoke(app, ["report", str(SEEDS), "--format", "svg"])
    assert told.exit_code == 0
    svg = Svg(told.stdout)
    assert len(svg.having("node", "article")) == 3
    assert {one.get("data-id") for one in svg.having("node", "outside")} == {"external:ZDF"}
    assert len(svg.having("edge")) == 3


def _line(edge: ElementTree.Element) -> ElementTree.Element:
    path = edge.find("path")
    assert path is not None
    return path


# The timeline


def moments(*hours: float | date | None) -> tuple[Cluster, dict]:
    """Articles that appeared so many hours after the 28th of March began, each from the one
    before it."""
    begin = datetime(2025, 3, 28, tzinfo=UTC)
    known = {}
    for id, when in zip("abcdefgh", hours, strict=False):
        moment = begin + timedelta(hours=when) if isinstance(when, int | float) else when
        known[id] = Article(id, "", published=moment)
    edges = [taken(one, other, 0.9) for one, other in pairwise(known)]
    return family(*edges, members="".join(known), **known)


def _mark(svg: Svg, id: str) -> ElementTree.Element:
    (node,) = (one for one in svg.having("node") if one.get("data-id") == id)
    return next(one for one in node if "mark" in one.get("class", "").split())


def test_marks_stand_in_proportion_to_time() -> None:
    """Six hours are a quarter as far as a day."""
    svg = Svg(timeline_svg(*moments(0, 6, 24)))
    a, b, c = (float(_mark(svg, id).get("cx", "0")) for id in "abc")
    assert (b - a) / (c - a) == pytest.approx(0.25, abs=0.002)


def test_a_day_without_an_hour_is_a_bar_of_a_day() -> None:
    """From midnight to midnight on the axis, not a point."""
    svg = Svg(timeline_svg(*moments(0, date(2025, 3, 28), 24)))
    bar = _mark(svg, "b")
    assert bar.tag == "rect"
    begin, end = (float(_mark(svg, id).get("cx", "0")) for id in "ac")
    assert float(bar.get("x", "0")) == pytest.approx(begin, abs=0.1)
    assert float(bar.get("width", "0")) == pytest.approx(end - begin, abs=0.1)


def test_what_has_no_date_is_counted_below() -> None:
    """It has no place in time, and neither have sources outside; the tree has them."""
    cluster, articles = moments(0, None, 5)
    cluster = replace(cluster, derivations=(*cluster.derivations, credit("ZDF", "a", 0.9)))
    svg = Svg(timeline_svg(cluster, articles))
    assert [one.get("data-id") for one in svg.having("node")] == ["a", "c"]
    assert any("Not shown: 1 article without a date." in words for words in svg.words())


def test_without_any_date_it_says_so() -> None:
    """There is no order to show, and no arrow pretends one."""
    svg = Svg(timeline_svg(*moments(None, None)))
    assert svg.words() == ["No article of this cluster has a date, so there is no order to show."]
    assert svg.desc == svg.words()[0]


@SHAPES
def test_every_dated_article_has_its_mark(members, copies, deep) -> None:
    """In a row of its own, or in that of its copies."""
    cluster, articles = made(members, copies=copies, deep=deep)
    svg = Svg(timeline_svg(cluster, articles))
    dated = {id for id, article in articles.items() if article.published}
    rows = {one.get("data-id") for one in svg.having("node")}
    names = "\n".join(one.findtext("title") or "" for one in svg.having("node"))
    assert rows
    assert all(id in rows or f"({id})" in names for id in dated)


@SHAPES
def test_labels_do_not_overlap(members, copies, deep) -> None:
    """Each article has its row, and a name ends before the axis begins."""
    svg = Svg(timeline_svg(*made(members, copies=copies, deep=deep)))
    heights = [float(_mark(svg, one.get("data-id", "")).get("cy")
               or float(_mark(svg, one.get("data-id", "")).get("y", "0")) + 5)
               for one in svg.having("node")]  # fmt: skip
    assert all(lower - upper >= 17.9 for upper, lower in pairwise(sorted(heights)))
    for name in svg.having("name"):
        size = float(name.get("font-size", "0"))
        plain = re.sub("[\u2068\u2069]", "", name.text or "")
        assert float(name.get("x", "0")) + text_width(plain, size, bold=True) <= 16 + 300 + 12
    ticks = [one for one in svg.having("tick") if one.get("font-weight") is None]
    ends = [(float(one.get("x", "0")), text_width(one.text or "", 10.5) / 2) for one in ticks]
    assert all(x + half < next_x - other for (x, half), (next_x, other) in pairwise(sorted(ends)))


def test_dates_that_contradict_the_texts_are_seen() -> None:
    """The arrow then arrives from the right."""
    svg = Svg(timeline_svg(*moments(10, 2)))
    (edge,) = svg.having("edge")
    points = (edge.find("polygon").get("points") or "").split()
    tip, back = (float(point.split(",")[0]) for point in points[:2])
    assert tip < back


def test_an_arrow_between_two_of_one_minute_points_down() -> None:
    """There is no room for one to the side."""
    svg = Svg(timeline_svg(*moments(0, 0, 24)))
    down, _ = svg.having("edge")
    points = (down.find("polygon").get("points") or "").split()
    tip, back = (float(point.split(",")[1]) for point in points[:2])
    assert tip > back


AXES = [
    (timedelta(minutes=20), ["14:05", "14:10", "14:15", "14:20"]),
    (timedelta(hours=5), ["14:00", "15:00", "16:00", "17:00", "18:00", "19:00"]),
    (timedelta(days=5), ["29 Mar", "30 Mar", "31 Mar", "1 Apr", "2 Apr"]),
    (timedelta(days=20), ["29 Mar", "5 Apr", "12 Apr"]),
    (timedelta(days=190), ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]),
    (timedelta(days=560), ["Apr", "Jul", "Oct", "Jan", "Apr", "Jul", "Oct"]),
    (timedelta(days=365 * 5), ["2026", "2027", "2028", "2029", "2030"]),
    (timedelta(days=365 * 90), ["2040", "2060", "2080", "2100"]),
]


@pytest.mark.parametrize(("length", "labels"), AXES, ids=lambda value: str(value)[:8])
def test_ticks_have_steps_that_people_count_in(length: timedelta, labels: list[str]) -> None:
    """From minutes to decades, where the calendar has them."""
    begin = datetime(2025, 3, 28, 14, 3, tzinfo=UTC)
    spans = [time_span(begin), time_span(begin + length)]
    ticks = Axis.over([one for one in spans if one], 0, 7.5 * TICK).ticks()
    told = [tick.label for tick in ticks]
    if length.days == 20:
        assert len(told) <= 7  # weeks are counted from the year 1, on Mondays
        assert all(later - one == 7 * DAY for one, later in pairwise(t.seconds for t in ticks))
    else:
        assert told == labels


@given(st.lists(st.datetimes(), min_size=1, max_size=6), st.booleans())
@settings(max_examples=200, deadline=None)
def test_an_axis_keeps_the_order_of_time(moments: list[datetime], days: bool) -> None:
    """Whatever the dates, with its ticks where the moments they name are, and inside."""
    spans = [one for when in moments if (one := time_span(when.date() if days else when))]
    axis = Axis.over(spans, 100, 1_000)
    places = [axis.at(begin) for begin, _ in sorted(spans)]
    assert places == sorted(places)
    assert all(100 <= axis.at(end) <= 1_000 for one in spans for end in one)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 16
    assert all(100 <= axis.at(tick.seconds) <= 1_000 for tick in ticks)


def test_copies_have_their_marks_in_one_row() -> None:
    """When each appeared is seen; that they are 37 is said."""
    cluster, articles = made(60, copies=37)
    svg = Svg(timeline_svg(cluster, articles))
    (node,) = (one for one in svg.having("node") if one.get("data-id") == "a001")
    assert any("and 37 copies" in words for words in svg.words(node))
    marks = [one for one in node if "mark" in one.get("class", "").split()]
    dated = {articles[id].published for id in cluster.members[23:]} | {articles["a001"].published}
    assert len(marks) == len(dated - {None})


# Letters


@given(st.text(max_size=200), st.floats(40, 400))
def test_what_is_cut_fits(text: str, room: float) -> None:
    """No line is wider than its room, and what fits is left as it is."""
    line = fit(text, room, 11.5)
    assert text_width(line, 11.5) <= room + 0.01
    assert line == text or text_width(text, 11.5) > room


def test_han_takes_a_full_em_and_marks_none() -> None:
    """A line of Japanese is cut at half as many letters as one of English."""
    assert text_width("北朝鮮", 10) == 30
    assert text_width("e\u0301", 10) == text_width("e", 10)
    assert len(fit("北朝鮮の長距離砲" * 9, 100, 10)) < len(fit("long range" * 9, 100, 10))


def test_right_to_left_text_is_isolated() -> None:
    """What follows a name is not turned around, and what its author put in to do so is gone."""
    assert isolate("كوريا …") == "\u2068كوريا …\u2069"
    assert isolate("Reuters") == "Reuters"
    assert one_line("\u202eevil") == "evil"
    aj = Article("a", "", publisher="Al Jazeera الجزيرة")
    svg = tree_svg(*family(taken("a", "b", 0.7), a=aj))
    assert "derived from \u2068Al Jazeera الجزيرة\u2069, 70%" in svg


def test_colours_have_contrast_on_light_and_dark() -> None:
    """3 to 1 on white and on near black (WCAG 2.2, 1.4.11)."""
    for hue in set(HUES.values()):
        for ground in ("#ffffff", "#16181d"):
            light, dark = sorted((_luminance(hue), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(hue: str) -> float:
    parts = [int(hue[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]  # fmt: skip
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


# PNG and the command line


def _size(image: bytes) -> tuple[int, int]:
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(image[16:20]), int.from_bytes(image[20:24])


@PICTURES
def test_a_png_is_twice_as_large_and_has_its_names(draw_picture) -> None:
    """Without letters it is another picture."""
    svg = draw_picture(*family(taken("a", "b", 0.9)))
    image = png(svg)
    drawn = Svg(svg)
    assert _size(image) == pytest.approx((2 * drawn.width, 2 * drawn.height), abs=1)
    assert png(re.sub("<text.*?</text>", "", svg)) != image


@pytest.mark.slow
def test_a_huge_png_is_made_smaller() -> None:
    """So that it costs a quarter of a gigabyte at most."""
    wide, high = _size(png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 9000" '
                           'width="9000" height="9000"/>'))  # fmt: skip
    assert wide * high <= 60_100_000


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any work, not after."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    raster.painter.cache_clear()
    with pytest.raises(MissingExtra, match=re.escape("pip install 'dedup-news[pictures]'")):
        png("<svg/>")
    told = CliRunner().invoke(app, ["report", "nowhere", "--format", "png"])
    assert told.exit_code == 1
    assert "dedup-news[pictures]" in told.stderr


def test_without_a_font_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture without names is none."""
    monkeypatch.setattr(raster, "_paint", lambda *_: b"the same")
    raster.painter.cache_clear()
    with pytest.raises(InputError, match="no font"):
        png("<svg/>")
    raster.painter.cache_clear()


def test_the_cluster_and_the_picture_can_be_chosen() -> None:
    """By id; the first is drawn where none is named."""
    first, second = made(4), made(3, 2)
    second = (replace(second[0], id="c2", members=("x0", "x1", "x2"), derivations=()),
              {f"x{n}": Article(f"x{n}", "") for n in range(3)})  # fmt: skip
    found = result(first, second)
    assert draw(found) == tree_svg(*first)
    assert draw(found, "timeline", "c2") == timeline_svg(*second)
    with pytest.raises(InputError, match="there is no cluster 'c9'; give one of c1, c2"):
        draw(found, "tree", "c9")
    with pytest.raises(InputError, match="there is no cluster"):
        draw(result(), "tree")


def test_the_suffix_picks_the_picture(tmp_path: Path) -> None:
    """x.svg is SVG, x.png is PNG; --picture goes with no other format."""
    for name in ("x.svg", "x.png"):
        told = CliRunner().invoke(
            app, ["report", str(SEEDS), "-o", str(tmp_path / name), "--picture", "timeline"]
        )
        assert told.exit_code == 0
    assert (tmp_path / "x.svg").read_text("utf-8").startswith("<svg ")
    assert _size((tmp_path / "x.png").read_bytes())[0] == 2 * 1_120
    told = CliRunner().invoke(app, ["report", str(SEEDS), "--picture", "tree"])
    assert told.exit_code == 2
