"""Who takes from whom, outlet by outlet, and what concerns one's own."""

from dedup.article import Article
from dedup.derive import Derivation
from dedup.report.outlets import find_ours, list_publishers, outlet_flows, table_of_flows
from dedup.report.verdicts import ArticleVerdict, Credited

ARTICLES = [
    Article("a", "…", url="https://www.ferrypost.example/1"),
    Article("b", "…", publisher="Echo"),
    Article("c", "…", publisher="Echo"),
    Article("d", "…", publisher="Gazette"),
    Article("e", "…"),
]
PUBLISHERS = list_publishers(ARTICLES)


def verdict(
    id: str, source: str, credited: Credited = "credited", kind: str = "derived",
    direction: str = "certain",
) -> ArticleVerdict:  # fmt: skip
    edge = Derivation(source, id, kind, 0.9, direction, 0.9, ())  # type: ignore[arg-type]
    return ArticleVerdict(id, "", source, credited, edge)


VERDICTS = [
    verdict("b", "a"),
    verdict("c", "a", "not credited"),
    verdict("d", "external:Ferry Post", kind="attributed"),
    verdict("a", "external:AP", "at second hand", kind="attributed-via"),
    verdict("e", "a"),
]


def test_flows_are_counted_by_outlet() -> None:
    """With those that do not credit; an article of an unknown outlet counts for none."""
    flows = {(f.taker, f.source): (f.articles, f.uncredited)
             for f in outlet_flows(VERDICTS, PUBLISHERS)}  # fmt: skip
    assert flows == {
        ("Echo", "ferrypost.example"): (2, 1),
        ("Gazette", "Ferry Post"): (1, 0),
        ("ferrypost.example", "AP"): (1, 0),
    }


def test_nobody_takes_where_the_order_is_unknown() -> None:
    """Nor from a sibling, an outlet without a name, or itself."""
    verdicts = [
        verdict("b", "a", direction="unknown"),
        verdict("b", "a", kind="sibling"),
        verdict("b", "external:(unnamed media)", kind="attributed"),
        verdict("b", "c"),
    ]
    assert outlet_flows(verdicts, PUBLISHERS) == []


def test_ours_are_found_by_name_and_by_domain() -> None:
    """Whoever does not credit them comes first; articles of unknown outlets count as others'."""
    for name in ("ferrypost.example", "Ferry Post", "the ferry post"):
        ours = find_ours(VERDICTS, PUBLISHERS, [name])
        assert [verdict.id for verdict in ours.from_us] == ["c", "b", "d", "e"]
        assert [verdict.id for verdict in ours.by_us] == ["a"]
    nothing = find_ours(VERDICTS, PUBLISHERS, ["Nobody"])
    assert (nothing.from_us, nothing.by_us) == ((), ())


def test_the_table_has_the_most_first() -> None:
    """An empty cell where nothing was taken."""
    sources, rows = table_of_flows(outlet_flows(VERDICTS, PUBLISHERS))
    assert sources == ["ferrypost.example", "AP", "Ferry Post"]
    assert [(taker, [cell and cell.articles for cell in cells]) for taker, cells in rows] == [
        ("Echo", [2, None, None]),
        ("Gazette", [None, None, 1]),
        ("ferrypost.example", [None, 1, None]),
    ]
