"""Articles from Python, and results to it: records, tables of any library, wrong types refused."""

import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup import Article, InputError, articles, compare, near_duplicates
from seeds import ROOT

LEDE = "The council approved a new ferry terminal on Tuesday after a debate of six hours."
OTHER = "A museum of clocks opened in the old post office of Westhaven on Friday, free for all."
ROWS: list[dict[str, Any]] = [
    {"nr": 7, "Überschrift": "Ferry", "Zeitung": "The Islander", "Datum": "5.3.2024", "Text": LEDE},
    {"nr": 8, "Überschrift": None, "Zeitung": "NA", "Datum": None, "Text": OTHER},
]


def columns() -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[name] for row in ROWS] for name in ROWS[0]}


def with_pandas() -> Any:
    return pytest.importorskip("pandas").DataFrame(ROWS)


def with_polars() -> Any:
    return pytest.importorskip("polars").DataFrame(ROWS)


def with_arrow() -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(ROWS)


def with_batches() -> Any:
    return with_arrow().to_reader()


@pytest.mark.parametrize(
    "make",
    [lambda: ROWS, lambda: iter(ROWS), columns, with_pandas, with_polars, with_arrow, with_batches],
)
def test_records_and_tables_become_articles(make: Callable[[], Any]) -> None:
    """Dicts, columns, and tables of three libraries, with the names that files have."""
    made = articles(make(), fields={"id": "nr"})
    first, second = made
    assert (first.id, first.title, first.publisher, first.text) == (
        "7",
        "Ferry",
        "The Islander",
        LEDE,
    )
    assert (first.published, first.extra["row"]) == (date(2024, 3, 5), 0)
    assert (second.id, second.title, second.publisher, second.published) == ("8", None, None, None)
    assert made.problems == []
    assert "text = Text" in made.notes[0].what


def test_what_is_no_record_is_a_problem_and_the_rest_goes_on() -> None:
    """With its place; `strict` stops there."""
    rows = [{"text": LEDE}, 7, {"title": "Ferry"}, {"text": math.nan}, {"text": OTHER}]
    made = articles(rows)
    assert [article.id for article in made] == ["0", "4"]
    assert [problem.path for problem in made.problems] == ["records:1", "records:2", "records:3"]
    with pytest.raises(InputError, match="records:1"):
        list(articles(rows, strict=True))


def test_ids_that_stand_twice_are_made_distinct() -> None:
    """As in files: no article is lost, and a problem says so."""
    made = articles([{"id": 1, "text": LEDE}, {"id": "1", "text": OTHER}])
    assert [article.id for article in made] == ["1", "1#2"]
    assert "another article has the id '1'" in made.problems[0].what


def test_the_order_of_dates_is_learned_from_records() -> None:
    """And nested fields are reached by paths."""
    rows = [{"meta": {"when": day}, "body": LEDE} for day in ("3/4/2018", "25/4/2018")]
    made = articles(rows, fields={"date": "meta.when"})
    assert [str(article.published) for article in made] == ["2018-04-03", "2018-04-25"]
    assert "--date-order" in made.notes[1].what


@pytest.mark.parametrize("given", ["news.csv", Path("news.csv"), 7, None])
def test_what_holds_no_records_is_refused_at_once(given: Any) -> None:
    """A path is for `read`."""
    with pytest.raises(InputError, match="holds no records"):
        articles(given)


def test_one_column_is_no_table() -> None:
    """The frame has the names of the others."""
    with pytest.raises(InputError, match="give the data frame"):
        articles(with_pandas()["Text"])


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"text": None}, "the text of the article 'a' is None"),
        ({"text": b"Guns"}, "which have to be decoded"),
        ({"text": math.nan}, "the text of the article 'a' is nan"),
        ({"title": 7}, "the title of the article 'a' is of the type int"),
        ({"published": "soon"}, "the date of the article 'a': 'soon' is not a date"),
        ({"id": ""}, "the id of an article is empty"),
        ({"id": None}, "the id of an article is None"),
        ({"id": True}, "the id of an article is of the type bool"),
        ({"extra": ["path"]}, "the extra of the article 'a' is of the type list"),
    ],
)
def test_an_article_of_wrong_types_is_refused_with_its_id(
    fields: dict[str, Any], what: str
) -> None:
    """Where it is made, not among three thousand others later."""
    with pytest.raises(InputError, match=what):
        Article(**{"id": "a", "text": LEDE, **fields})


def test_numbers_are_ids_and_what_tables_have_for_nothing_is_none() -> None:
    """An id may be a number, a field NaN; a date is any that a file may have."""
    article = Article(7, LEDE, title=math.nan, published=1741868700)  # type: ignore[arg-type]
    assert (article.id, article.title) == ("7", None)
    assert isinstance(article.published, datetime)


@pytest.mark.parametrize(
    "given", ["seeds/", Path("seeds"), {"text": [LEDE]}, [{"text": LEDE}], [LEDE], None, 5]
)
def test_what_are_no_articles_is_refused_by_all_that_take_them(given: Any) -> None:
    """A path, columns, records and texts; the message says what makes articles of them."""
    for take in (
        compare,
        lambda a: dedup.check(LEDE, a),
        lambda a: dedup.Index(":memory:").add_many(a),
    ):
        with pytest.raises(InputError, match=r"dedup\.(?:read|articles)"):
            take(given)


def test_texts_that_are_none_are_refused() -> None:
    """A table stands for its column names, a missing text for nothing."""
    with pytest.raises(InputError, match="give the column"):
        near_duplicates({"text": LEDE})
    for texts in ([LEDE, None], iter([LEDE, math.nan])):
        with pytest.raises(InputError, match="text 1 is"):
            near_duplicates(texts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda index: index.check(LEDE, limit=-1), "limit is -1; give a whole number"),
        (lambda index: index.check(LEDE, limit=1.5), "limit is 1.5; give a whole number"),
        (lambda index: index.check_and_add(Article("b", LEDE), limit=0), "limit is 0"),
        (lambda index: index.check(LEDE, since=5), "5 is not a date"),
        (lambda index: list(index.articles(until=math.nan)), "nan is not a date"),
        (lambda index: index.add_many([], commit_every="x"), "commit_every is 'x'"),
        (lambda index: index.update(LEDE), "of the type str, and no article"),
        (lambda index: index.remove(Article("a", LEDE)), "is no id; give a string"),
        (lambda _: compare([], threads=1.5), "threads is 1.5; give a whole number"),
        (lambda _: compare([], encoder=5), "encoder is 5, which has no `encode`"),
        (lambda _: dedup.align(None, LEDE), "of the type NoneType, and no article"),
        (lambda _: dedup.align(LEDE, LEDE.encode()), "of the type bytes, and no article"),
        (lambda _: dedup.read(None), "None is no path"),
        (lambda _: dedup.read([{"text": LEDE}]), r"is no path; dedup\.articles reads records"),
        (lambda _: dedup.read("seeds/", fields="text"), "fields is 'text'; give the names by"),
        (lambda _: near_duplicates(None), "texts is None; give a list"),
        (lambda _: near_duplicates({LEDE}), "a list of texts, which has an order"),
        (lambda _: near_duplicates([LEDE], threshold="high"), "threshold is 'high'"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_at_the_door(call: Any, what: str) -> None:
    """Where it is given, with the value and what to give, not by an error from deep below."""
    with dedup.Index(":memory:") as index, pytest.raises(InputError, match=what):
        call(index)


@pytest.fixture(scope="module")
def result() -> dedup.Result:
    return compare(dedup.read(ROOT / "seeds"))


def test_a_result_has_tables(result: dedup.Result) -> None:
    """Members, pairs and edges, as the objects have them."""
    pytest.importorskip("pyarrow")
    members, pairs, edges = (
        result.clusters_table().to_pylist(), result.pairs_table().to_pylist(),
        result.edges_table().to_pylist(),
    )  # fmt: skip
    (cluster,) = result.clusters
    assert tuple(row["id"] for row in members) == cluster.members
    assert {row["language"] for row in members} == {"en"}
    assert len(pairs) == len(cluster.relations) + len(result.related)
    assert [row["cluster"] for row in pairs[-len(result.related) :]] == [None] * len(result.related)
    edge, row = cluster.derivations[0], edges[0]
    assert (row["source"], row["derivative"]) == (edge.source, edge.derivative)
    assert row["paraphrased"] == cluster.alignments[0].shares["paraphrased"]
    assert compare([]).edges_table().num_rows == 0


def test_a_result_is_short_where_it_is_shown(result: dedup.Result) -> None:
    """In a terminal and in a notebook, whatever titles hold."""
    assert repr(result) == "<Result of 5 articles, 1 cluster, 3 related pairs>"
    assert repr(result.clusters[0]).startswith("<Cluster c1 of 3 articles: ")
    hostile = [Article(id, LEDE + OTHER, title="<script>alert(1)</script>") for id in "ab"]
    page = compare(hostile)._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
