"""An index that a stranger made is refused or says what is wrong with it; nothing of it runs."""

import json
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import dedup
from dedup import Article, Index, InputError, StoreError
from dedup.cli import app
from dedup.index.records import MAX_TEXT
from dedup.index.sqlite import PAGE
from seeds import TEXTS

WIRE, COPY = Article("wire", TEXTS["002"]), Article("copy", TEXTS["001"])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index with two articles that derive from one another, and its clusters."""
    place = tmp_path / "news.dedup"
    with Index(place) as index:
        index.add_many([WIRE, COPY, Article("again", COPY.text)])
        assert index.clusters()
        index.compact()  # so that no posting waits for others
    return place


def changed(place: Path, *statements: str) -> Path:
    """The index after somebody else has been at it."""
    with sqlite3.connect(place) as sql:
        for statement in statements:
            sql.execute(statement)
    sql.close()
    return place


def use_all(place: Path) -> None:
    """Everything that one does with somebody else's index."""
    with Index(place) as index:
        index.check(WIRE)
        index.check(COPY.text)
        list(index)
        index.get(WIRE.id)
        index.get(COPY.id)
        index.settle()
        index.clusters()
        index.export(place.with_name("out.jsonl"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS SELECT * FROM articles",
        "CREATE TRIGGER t AFTER INSERT ON articles BEGIN DELETE FROM articles; END",
        "CREATE TABLE more (a)",
        "CREATE INDEX more ON articles (published)",
        "ALTER TABLE contents ADD COLUMN more TEXT DEFAULT 'x'",
        "DROP TABLE contents",
    ],
)
def test_tables_that_are_not_ours_are_refused(place: Path, statement: str) -> None:
    """Before anything is read from them: a view can run without end."""
    changed(place, statement)
    for readonly in (True, False):
        with pytest.raises(StoreError, match="tables are not those of an index"):
            Index(place, readonly=readonly)


def test_a_view_in_place_of_the_settings_never_runs(place: Path) -> None:
    """It would have no end."""
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x FROM n"
    changed(place, "DROP TABLE settings", f"CREATE VIEW settings(name, value) AS {endless}")
    with pytest.raises(StoreError, match="tables are not those of an index"):
        Index(place, readonly=True)


BOMB = zlib.compress(b"a" * (MAX_TEXT + 1)).hex()
FAULTS = {
    "text is no compressed text": "UPDATE contents SET text = x'00ff'",
    "text is cut": "UPDATE contents SET text = substr(text, 1, 20)",
    "text is a bomb": f"UPDATE contents SET text = x'{BOMB}'",
    "text is a number": "UPDATE contents SET text = 7",
    "fields are no JSON": "UPDATE contents SET fields = '{'",
    "fields are a list": "UPDATE contents SET fields = '[]'",
    "fields are deep": f"UPDATE contents SET fields = '{'[' * 50_000}'",
    "fields are unknown": """UPDATE contents SET fields = '{"id": "x", "colour": 1}'""",
    "extra is text": """UPDATE contents SET fields = '{"extra": "x"}'""",
    "content is missing": "DELETE FROM contents",
    "signature is short": "UPDATE articles SET signature = x'00'",
    "signature is text": "UPDATE articles SET signature = 'x'",
    "date is text": "UPDATE articles SET published = 'yesterday'",
    "date is far": "UPDATE articles SET published = 9e300",
    "date is endless": "UPDATE articles SET published = -9e999",
    "id is a blob": "UPDATE articles SET id = x'00ff' WHERE number = 1",
    "original is text": "UPDATE articles SET original = 'x'",
    "postings are odd": "UPDATE terms SET numbers = x'0011223344'",
    "postings are text": "UPDATE terms SET numbers = 'abcde'",
    "band is of text": "UPDATE bands SET number = 'x' WHERE number = 1",
    "run is of a blob": "UPDATE runs SET number = x'00ff' WHERE number = 1",
    "postings are empty": "UPDATE terms SET numbers = x''",
    "recent keys are odd": "INSERT INTO recent VALUES (1, x'00112233', x'0011', x'')",
    "recent keys are text": "INSERT INTO recent VALUES (1, x'', x'', 'abcd')",
    "recent keys of nobody": "INSERT INTO recent VALUES (1 << 40, x'', x'', x'00112233')",
    "counters are gone": "DELETE FROM counters",
    "counters are text": "UPDATE counters SET changes = 'x'",
    "counters are large": "UPDATE counters SET articles = 1 << 32",
    "counters are negative": "UPDATE counters SET clusters = -1",
    "relation is a blob": "UPDATE pairs SET relation = x'00ff' WHERE relation <> ''",
    "relation is no JSON": "UPDATE pairs SET relation = 'x' WHERE relation <> ''",
    "relation is no probability": "UPDATE pairs SET relation = 'nan' WHERE relation <> ''",
    "relation is empty": "UPDATE pairs SET relation = '{}' WHERE relation <> ''",
    "pair of nobody": "INSERT INTO pairs VALUES (77, 78, NULL)",
    "pair of text": "INSERT INTO pairs VALUES (1, 'y', NULL)",
    "related pair of text": "INSERT INTO pairs VALUES (1, 'y', '.5')",
    "cluster is text": "UPDATE clusters SET cluster = 'x' WHERE number = 1",
    "cluster of nobody": "UPDATE clusters SET cluster = 9 WHERE number = 1",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_no_index_holds_is_named(place: Path, fault: str) -> None:
    """As an error of the store, whatever is asked; never as a fault of ours."""
    changed(place, FAULTS[fault])
    with pytest.raises(StoreError, match=r"damaged|decode"):
        use_all(place)


@pytest.mark.parametrize(
    ("fault", "call"),
    [
        ("date is text", Index.stats),
        ("date is far", Index.stats),
        ("id is a blob", lambda index: index.remove_before("2030-01-01")),
        ("pair of text", lambda index: index.remove("wire")),
    ],
)
def test_a_call_names_what_it_meets_first(
    place: Path, fault: str, call: Callable[[Index], object]
) -> None:
    """Also where it reads nothing else of an article."""
    changed(place, "UPDATE articles SET published = 0", FAULTS[fault])
    with Index(place) as index, pytest.raises(StoreError, match="damaged"):
        call(index)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("relation.probability", '"x"'),
        ("relation.probability", "9e999"),
        ("relation.coverage", '["x"]'),
        ("relation.coverage", "[1, [2]]"),
        ("relation.evidence", "[1]"),
        ("links", "[[[1]]]"),
        ("links", "[1]"),
        ("links", '["x"]'),
        ("links", "[[9e999]]"),
        ("own_footprint", "[[1]]"),
        ("footprint", "[[1]]"),
        ("footprint", '["x"]'),
    ],
)
def test_a_relation_of_something_else_is_named(place: Path, field: str, value: str) -> None:
    """When clusters are worked out with it, and when they are only read."""
    one = f"json_set(relation, '$.{field}', json('{value}'))"
    changed(place, f"UPDATE pairs SET relation = {one} WHERE relation LIKE '{{%'")
    with Index(place, readonly=True) as index, suppress(StoreError):
        index.clusters()
    changed(place, "INSERT INTO unsettled SELECT number FROM articles")
    with Index(place) as index, pytest.raises(StoreError, match="damaged"):
        index.clusters()


def test_the_first_and_the_last_moment_of_all_are_dates() -> None:
    """In whatever zone: they are no damage, and are said as far as the calendar goes."""
    first = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
    last = datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))
    with Index(":memory:") as index:
        index.add_many([replace(WIRE, published=first), replace(COPY, published=last)])
        stats = index.stats()
        assert (stats.oldest, stats.newest) == (
            "0001-01-01T00:00:00+00:00",
            "9999-12-31T23:59:59+00:00",
        )


@pytest.mark.parametrize(
    "fault",
    ["text is cut", "text is a bomb", "fields are a list", "content is missing", "id is a blob",
     "signature is short"],
)  # fmt: skip
def test_verifying_finds_it(place: Path, fault: str) -> None:
    """And says so with exit code 1; a whole index has none."""
    done = CliRunner().invoke(app, ["index", "verify", str(place)])
    assert (done.exit_code, done.stderr) == (0, f"dedup: {place}: 3 articles, no fault\n")
    changed(place, FAULTS[fault])
    done = CliRunner().invoke(app, ["index", "verify", str(place)])
    assert done.exit_code == 1
    assert "fault" in done.stderr


def test_verifying_finds_another_text_and_a_damaged_page(place: Path) -> None:
    """A text that somebody exchanged has another signature; pages of the file are looked at."""
    whole = bytearray(place.read_bytes())
    changed(place, f"UPDATE contents SET text = x'{zlib.compress(b'Other. ' * 99).hex()}'")
    with Index(place, readonly=True) as index:
        assert any("is not that of its text" in fault for fault in index.verify())
    whole[5 * PAGE : 5 * PAGE + 8] = b"\xff" * 8
    place.write_bytes(whole)
    done = CliRunner().invoke(app, ["index", "verify", str(place)])
    assert done.exit_code == 1
    assert "malformed" in done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_an_export_names_what_it_cannot_write(place: Path) -> None:
    """An article whose content is missing is an error, and no half file is left."""
    changed(place, "DELETE FROM contents WHERE number = 2")
    out = place.with_name("out.jsonl")
    with Index(place, readonly=True) as index, pytest.raises(StoreError, match="missing"):
        index.export(out)
    assert not out.exists()


def test_an_article_larger_than_any_is_refused_when_it_is_added() -> None:
    """Not when it is read back."""
    with Index(":memory:") as index:
        for article in (
            Article("a", "x" * (MAX_TEXT + 1)),
            Article("a", "x", extra={"deep": deep()}),
        ):
            with pytest.raises(InputError):
                index.add(article)
        assert len(index) == 0


def deep() -> object:
    """Lists in lists, more than Python writes."""
    value: object = "x"
    for _ in range(100_000):
        value = [value]
    return value


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
HALVES = st.text(st.characters() | st.sampled_from("\ud83d\udc00<>&\x00\u2028"), min_size=1)
NAMES = st.sampled_from(["Text", "text", "body", "id", "title", "schema", "path", "line", "url"])
ARTICLES = st.builds(
    Article,
    id=st.text(min_size=1, max_size=9).filter(lambda id: "\0" not in id),
    text=HALVES,
    title=st.none() | HALVES,
    url=st.none() | HALVES,
    publisher=st.none() | HALVES,
    published=st.none() | st.dates() | st.datetimes(),
    language=st.none() | st.sampled_from(["en", "ru"]),
    byline=st.none() | HALVES,
    extra=st.dictionaries(NAMES | st.text(), VALUES, max_size=4),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(articles=st.lists(ARTICLES, max_size=4, unique_by=lambda article: article.id))
def test_an_export_is_read_back_as_it_was(
    articles: list[Article], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every article that an index accepts, with whatever is in its extra fields."""
    out = tmp_path_factory.mktemp("export") / "out.jsonl"
    with Index(":memory:") as index:
        index.add_many(articles)
        kept = list(index)
        index.export(out)
    reading = dedup.read(out)
    assert list(reading) == kept
    assert len(kept) == len(articles)


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_both_formats_keep_what_is_odd(name: str, tmp_path: Path) -> None:
    """HTML in a text, half an emoji, a field called Text, numbers of any size."""
    odd = [
        Article(
            "1", "<p>Guns <b>moved</b>.</p>", extra={"Text": "other", "path": "x", "n": 10**30}
        ),
        Article("2", "half \ud83d a sign", title="\udc00", extra={"a": {"b": [1.5, None, True]}}),
        Article("3", "Guns moved … [+2345 chars]", published="2025-03-28T10:00:00+02:00"),
        Article("4", "x" * 9_000_000),
    ]
    with Index(":memory:") as index:
        index.add_many(odd)
        kept = list(index)
        index.export(tmp_path / name)
    reading = dedup.read(tmp_path / name)
    assert list(reading) == kept == odd


def test_a_record_that_only_says_so_is_a_problem(tmp_path: Path) -> None:
    """Its place and what is wrong are named."""
    bad = [{"id": 7, "text": "Guns."}, {"id": "a", "text": "Guns.", "extra": [1]}, {"id": "a"}]
    place = tmp_path / "a.jsonl"
    place.write_text(
        "".join(json.dumps({"schema": "dedup/article/1", **row}) + "\n" for row in bad)
    )
    reading = dedup.read(place)
    assert list(reading) == []
    assert [problem.path[-2:] for problem in reading.problems] == [":1", ":2", ":3"]
