"""An index says of each new article what it has of it; clusters do not depend on arrival."""

import itertools
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup import Article, Index, InputError
from dedup.candidates.prefilter import MAX_ARTICLES_OF_RARE_TERM
from dedup.index.records import MAX_FIELDS, MAX_TEXT, article_of, content_of, moment
from dedup.index.search import band_keys
from dedup.sketch import shingle_hash, signatures
from dedup.text.words import split_words
from seeds import ROOT

SEEDS = list(dedup.read(ROOT / "seeds"))
WIRE, FIRST, SECOND = SEEDS[2], SEEDS[0], SEEDS[1]
ALIKE = SEEDS[3:]

REPORT = (
    "The finance minister resigned on Friday after auditors found 40 million euros missing from "
    "the pension fund. Prosecutors searched her house in Lyon on Thursday and seized two "
    "computers. The prime minister said he had known nothing of the losses. The opposition has "
    "called for new elections in March. A successor is to be named on Monday."
)
DAYS = ["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-04"]
RETOLD = (
    "On Friday the minister of finance stepped down; auditors had discovered that 40 million "
    "euros were missing from the pension fund. Her house in Lyon was searched by prosecutors on "
    "Thursday, and two computers were seized. The opposition demands new elections in March, "
    "while a successor should be named this Monday."
)
WEATHER = (
    "Heavy snow closed three Alpine passes overnight. Farmers in Tyrol lost part of the apple "
    "harvest. Ski resorts opened two weeks early."
)
VERSIONS = {
    "report": REPORT,
    "copy": REPORT,
    "edited": REPORT.replace("Friday", "Thursday"),
    "retold": RETOLD,
    "retold again": RETOLD.replace("stepped down", "resigned"),
    "weather": WEATHER,
    "weather again": WEATHER + " More snow is expected.",
    "empty": "",
    "dots": "… …",
}


def ids(verdict: dedup.pipeline.Verdict) -> list[str]:
    return [match.article.id for match in verdict.matches]


def groups(index: Index) -> set[frozenset[str]]:
    return {frozenset(cluster.members) for cluster in index.clusters()}


def versions() -> list[Article]:
    return [Article(id, text, language="en") for id, text in VERSIONS.items()]


def test_the_seeds_are_found_as_they_arrive() -> None:
    """The retellings match the piece they retell, the look-alikes match nothing."""
    with Index(":memory:") as index:
        verdicts = {a.id: index.check_and_add(a) for a in [WIRE, FIRST, SECOND, *ALIKE]}
        assert WIRE.id in ids(verdicts[FIRST.id])
        assert WIRE.id in ids(verdicts[SECOND.id])
        assert [ids(verdicts[a.id]) for a in (WIRE, *ALIKE)] == [[], [], []]
        assert groups(index) == {frozenset({WIRE.id, FIRST.id, SECOND.id})}


def test_a_verdict_is_that_of_check() -> None:
    """Asking an index and asking a list of articles gives the same matches and derivations."""
    with Index(":memory:") as index:
        index.add_many(SEEDS)
        for draft in SEEDS:
            here = index.check(draft)
            there = dedup.check(draft, [a for a in SEEDS if a is not draft])
            assert here.matches == there.matches
            assert here.derivations == there.derivations
            assert [m.alignment for m in here.matches] == [m.alignment for m in there.matches]


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.permutations(versions()), st.integers(1, 9))
def test_clusters_do_not_depend_on_the_order_of_arrival(
    articles: list[Article], commit_every: int
) -> None:
    """However the articles came, and in what batches, the clusters are those of a comparison."""
    whole = {frozenset(c.members) for c in dedup.compare(articles, encoder=None).clusters}
    with Index(":memory:") as index:
        index.add_many(articles, commit_every=commit_every)
        assert groups(index) == whole


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(st.permutations(SEEDS), st.integers(0, 4))
def test_clusters_may_be_asked_for_at_any_time(articles: list[Article], early: int) -> None:
    """That somebody asked in between changes nothing in the end."""
    with Index(":memory:") as index:
        for n, article in enumerate(articles):
            index.add(article)
            if n >= early:
                index.clusters()
        assert groups(index) == {frozenset({WIRE.id, FIRST.id, SECOND.id})}


@pytest.mark.slow
@settings(deadline=None, max_examples=20)
@given(st.permutations(list(VERSIONS)), st.data())
def test_what_was_removed_leaves_no_trace(order: list[str], data: st.DataObject) -> None:
    """An index from which articles were removed is as if they had never come: every article that
    is left finds what it would find."""
    gone = data.draw(st.sets(st.sampled_from(order), max_size=5))
    left = [id for id in order if id not in gone]
    with Index(":memory:") as index, Index(":memory:") as never:
        for id in order:
            index.add(Article(id, VERSIONS[id], language="en"))
        for id in gone:
            index.remove(id)
            assert id not in index
        for id in left:
            never.add(Article(id, VERSIONS[id], language="en"))
        for id, text in VERSIONS.items():
            draft = Article(id, text, language="en")
            assert sorted(ids(index.check(draft))) == sorted(ids(never.check(draft)))
        assert [a.id for a in index] == left
        assert groups(index) == groups(never)


def test_the_first_of_copies_is_succeeded_by_the_next() -> None:
    """When the article that others were found through goes, they are still found."""
    with Index(":memory:") as index:
        for n in range(5):
            index.add(Article(f"copy {n}", REPORT))
        index.remove("copy 0")
        index.remove("copy 1")
        assert ids(index.check(REPORT)) == ["copy 2", "copy 3", "copy 4"]
        assert ids(index.check(RETOLD)) == ["copy 2", "copy 3", "copy 4"]
        assert groups(index) == {frozenset({"copy 2", "copy 3", "copy 4"})}


def test_a_story_that_everybody_carries_is_still_found_by_its_words() -> None:
    """Near-copies enough leave no terms, so the rare words of a story stay rare; when those that
    speak for it are removed, another one speaks."""
    with Index(":memory:") as index:
        carried = [
            WIRE.text + f" Edition {n} of this page." for n in range(2 * MAX_ARTICLES_OF_RARE_TERM)
        ]
        index.add_many(Article(f"{n:03}", text) for n, text in enumerate(carried))
        assert index.check(SECOND).matches
        assert index.stats().terms < 8 * len(set(split_words(WIRE.text).forms()))
        for n in range(10):
            index.remove(f"{n:03}")
        assert index.check(SECOND).matches


def test_a_draft_that_retells_a_story_meets_everybody_who_printed_it() -> None:
    """All that have one text word for word, though one of them stands for all, within the time
    that is asked for and as far as there is room."""
    printed = [Article(id, REPORT, published=day) for id, day in zip("abcd", DAYS, strict=True)]
    with Index(":memory:") as index:
        index.add_many(printed)
        found = {match.article.id for match in index.check(RETOLD).matches}
        assert found == {"a", "b", "c", "d"}
        late = index.check(RETOLD, until=DAYS[2]).matches
        assert {match.article.id for match in late} == {"a", "b"}
        assert {one.id for one in index.check(Article("b", RETOLD)).candidates} >= {"a", "c", "d"}
        few = [one.id for one in index.check(RETOLD, limit=2).candidates]
        assert len({*few} & {*"abcd"}) == 3  # that which stands for them, and two


def test_a_verdict_has_no_more_near_candidates_than_asked_for() -> None:
    """Of a thousand copies the oldest are named."""
    with Index(":memory:") as index:
        index.add_many(Article(f"{n:04}", REPORT) for n in range(1000))
        found = index.check(REPORT, limit=3).candidates
        assert [(c.id, c.resemblance) for c in found] == [
            ("0000", 1.0), ("0001", 1.0), ("0002", 1.0),
        ]  # fmt: skip


@pytest.mark.parametrize(
    "when",
    [
        datetime(1970, 1, 1),
        datetime(1970, 1, 1, tzinfo=UTC),
        date(1, 1, 1),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
    ],
)
def test_whatever_date_an_article_has_comes_back(when: date) -> None:
    """Also one that in a file says that there is no date: here somebody gave it as one."""
    article = Article("a", REPORT, published=when)
    with Index(":memory:") as index:
        index.add(article)
        assert list(index) == [article]
        assert ids(index.check(RETOLD)) == ["a"]


def test_adding_twice_adds_once() -> None:
    """The same article is known; another text under its id is an error, and changes nothing."""
    with Index(":memory:") as index:
        assert index.add(WIRE)
        assert not index.add(WIRE)
        assert index.add_many([WIRE, FIRST, FIRST]) == 1
        with pytest.raises(InputError, match="with another text; update"):
            index.add(Article(WIRE.id, "Something else."))
        with pytest.raises(InputError, match="with another text"):
            index.add_many([Article("new", "One."), Article("new", "Another.")])
        assert len(index) == 2
        assert "new" not in index


def test_an_update_replaces() -> None:
    """The new text is found, the old one no more."""
    with Index(":memory:") as index:
        index.add(Article("a", REPORT))
        index.update(Article("a", WEATHER))
        assert index.check(REPORT).matches == ()
        assert ids(index.check(WEATHER)) == ["a"]
        index.update(Article("b", REPORT))
        assert len(index) == 2


def test_an_article_is_not_its_own_match() -> None:
    """Who asks with an id that is there means the others."""
    with Index(":memory:") as index:
        index.add(Article("a", REPORT))
        assert index.check(Article("a", REPORT)).candidates == ()
        assert index.check_and_add(Article("a", REPORT)).candidates == ()
        assert ids(index.check_and_add(Article("b", REPORT))) == ["a"]
        assert ids(index.check_and_add(Article("b", REPORT))) == ["a"]


def test_a_window_of_time() -> None:
    """Its beginning counts, its end does not; a day begins at midnight UTC; what has no date is
    inside."""
    with Index(":memory:") as index:
        index.add(Article("early", REPORT, published="2025-03-01"))
        index.add(Article("late", REPORT, published="2025-03-03T00:30:00+01:00"))
        index.add(Article("undated", REPORT))

        def inside(**window: object) -> list[str]:
            found = [c.id for c in index.check(REPORT, **window).candidates]  # type: ignore[arg-type]
            listed = [a.id for a in index.articles(**window)]  # type: ignore[arg-type]
            assert sorted(found) == sorted(listed)
            return found

        assert inside() == ["early", "late", "undated"]
        assert inside(since="2025-03-02") == ["late", "undated"]
        assert inside(since=date(2025, 3, 3)) == ["undated"]
        assert inside(until="2025-03-01") == ["undated"]
        assert inside(until=datetime(2025, 3, 1, 0, 0, 1)) == ["early", "undated"]
        assert inside(since="2025-03-01", until="2025-03-02") == ["early", "undated"]
        assert [m.article.id for m in index.check(RETOLD, since="2025-03-02").matches] == []


def test_a_cluster_keeps_its_id() -> None:
    """As it grows, and when two become one; no id is given twice."""
    with Index(":memory:") as index:
        index.add_many([Article("a", REPORT), Article("b", REPORT)])
        (first,) = index.clusters()
        index.add_many([Article("x", WEATHER), Article("y", WEATHER), Article("c", RETOLD)])
        grown, second = index.clusters()
        assert (grown.id, grown.members) == (first.id, ("a", "b", "c"))
        index.remove("x")
        assert [cluster.id for cluster in index.clusters()] == [first.id]
        index.add(Article("z", WEATHER))
        (_, third) = index.clusters()
        assert third.members == ("y", "z")
        assert len({first.id, second.id, third.id}) == 3


def test_a_weakest_link_is_between_members() -> None:
    """It is the least sure of those that it takes to hold the cluster together."""
    with Index(":memory:") as index:
        index.add_many(SEEDS)
        (kept,) = index.clusters()
        (compared,) = dedup.compare(SEEDS).clusters
        assert kept.weakest_link == compared.weakest_link


def test_an_update_that_is_refused_leaves_what_was_there() -> None:
    """Also within a batch that goes on after the refusal."""
    too_much = Article("a", REPORT, extra={"note": "é" * (MAX_FIELDS // 6 + 1)})  # 6 signs each
    with Index(":memory:") as index:
        index.add(Article("a", WEATHER))
        with index.batch():
            for refused in (too_much, Article("a", "x" * (MAX_TEXT + 1)), Article("a\x00", REPORT)):
                with pytest.raises(InputError):
                    index.update(refused)
            index.add(Article("b", REPORT))
        assert {article.id: article.text for article in index} == {"a": WEATHER, "b": REPORT}


def test_a_batch_is_kept_whole_or_not_at_all() -> None:
    """After an error nothing of it is there, and what follows is right."""
    with Index(":memory:") as index:
        index.add(WIRE)

        def interrupted() -> Iterator[Article]:
            yield from (
                Article(f"{n}", f"{REPORT} {n}") for n in range(2 * MAX_ARTICLES_OF_RARE_TERM)
            )
            raise RuntimeError

        with pytest.raises(RuntimeError), index.batch():
            index.add_many(interrupted(), commit_every=10)
        assert [a.id for a in index] == [WIRE.id]
        assert WIRE.id in ids(index.check_and_add(FIRST))


def test_an_iterator_may_be_left() -> None:
    """What was yielded is kept; what was not asked for is not."""
    with Index(":memory:") as index:
        verdicts = index.check_and_add_many(
            (Article(f"{n}", f"{WEATHER} {n}") for n in range(10)), commit_every=2
        )
        for _ in range(3):
            next(verdicts)
        assert len(index) == 4
        with pytest.raises(InputError, match="commit_every is 0"):
            list(index.check_and_add_many([], commit_every=0))


# The parts


@given(
    st.text(st.characters(), max_size=200),
    st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=3),
    st.none()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(timezone(timedelta(0, 60)))),
    st.none() | st.text(),
)
def test_articles_come_back_as_they_went_in(
    text: str, extra: dict[str, object], published: date | None, title: str | None
) -> None:
    """Every code point of a text, lone surrogates and NUL among them, and every field."""
    article = Article("a", text, title=title, published=published, extra=extra, byline="b")
    back = article_of("a", content_of(article))
    assert back == article
    assert back.extra == extra
    assert type(back.published) is type(article.published)


def test_a_moment_is_the_same_wherever_it_is_named() -> None:
    """Zones are reckoned in; a day is its midnight."""
    assert moment("2025-03-28T12:00:00+02:00") == moment(datetime(2025, 3, 28, 10, tzinfo=UTC))
    assert moment(date(2025, 3, 28)) == moment("2025-03-28T00:00:00")
    assert moment(None) is None


@pytest.mark.parametrize("id", ["", "a\x00b", "\ud800", "x" * 2_001])
def test_an_id_that_no_store_can_keep_is_refused(id: str) -> None:
    """With the reason, before anything is written."""
    with Index(":memory:") as index:
        with pytest.raises(InputError, match="the id"):
            index.add_many([WIRE, Article(id, "Text.")])
        assert len(index) == 0


def test_band_keys_are_those_of_equal_bands() -> None:
    """Two signatures have a key in common where they agree in a band, and (all but) only there."""
    signed = signatures([a.text for a in SEEDS] + [REPORT, REPORT.replace("March", "May")])
    keys = band_keys(signed)
    assert keys.min() >= -(2**31)
    assert keys.max() < 2**31
    for i, j in itertools.combinations(range(len(signed)), 2):
        agree = (signed[i, :125] == signed[j, :125]).reshape(25, 5).all(axis=1)
        assert ((keys[i] == keys[j]) == agree).all()
    assert len(set(keys[0].tolist())) == 25


def test_hostile_texts_are_kept_and_answered() -> None:
    """Nothing, one word, half a megabyte without a space, a sentence ten thousand times."""
    texts = [
        "",
        "Kim",
        "x" * 500_000,
        "The minister resigned. " * 10_000,
        "\x00\ud800",
        "俄罗斯" * 999,
    ]
    with Index(":memory:") as index:
        for n, text in enumerate(texts):
            index.add(Article(f"{n}", text))
        for n, text in enumerate(texts):
            found = {c.id for c in index.check(text).candidates}
            assert (str(n) in found) == bool(split_words(text).forms()), n
            assert index.get(f"{n}") == Article(f"{n}", text)


# Interchange


def made_by_datasketch(text: str) -> MinHash:
    """A signature as a user of datasketch would make ours."""
    made = MinHash(num_perm=128, seed=1, hashfunc=shingle_hash)
    forms = split_words(text).forms()
    made.update_batch([" ".join(forms[i : i + 5]).encode() for i in range(max(len(forms) - 4, 1))])
    return made


def test_signatures_go_to_datasketch_and_come_from_it() -> None:
    """Ours are found in its index, its are found in ours; scheme and bands must fit."""
    lsh = MinHashLSH(num_perm=128, params=(25, 5))
    lsh.insert("theirs", made_by_datasketch(REPORT))
    with Index(":memory:") as index:
        index.add(Article("ours", REPORT))
        assert np.array_equal(
            index.minhash("ours").hashvalues, made_by_datasketch(REPORT).hashvalues
        )
        assert lsh.query(index.minhash("ours")) == ["theirs"]
        assert index.add_signatures(lsh) == 1
        assert index.add_signatures(lsh) == 0
        found = index.check(Article("draft", REPORT))
        assert [c.id for c in found.candidates] == ["ours", "theirs"]
        assert found.candidates[1].resemblance > 0.97
        assert ids(found) == ["ours"]
        assert index.get("theirs") == Article("theirs", "")
        with pytest.raises(InputError, match="no article 'nobody'"):
            index.minhash("nobody")
        index.remove("theirs")
        assert [c.id for c in index.check(REPORT).candidates] == ["ours"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"params": (20, 5)}, "positions are needed"), ({"params": (4, 16)}, "positions are needed"),
     ({"params": (25, 5), "hashfunc": hash}, "as hashes"),
     ({"num_perm": 256, "params": (25, 5)}, "256 permutations")],
)  # fmt: skip
def test_a_datasketch_index_that_does_not_fit_is_refused(
    settings: dict[str, object], reason: str
) -> None:
    """With what it has and what is needed."""
    with Index(":memory:") as index, pytest.raises(InputError, match=reason):
        index.add_signatures(MinHashLSH(**{"num_perm": 128, **settings}))


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_an_export_is_read_back(suffix: str, tmp_path: Path) -> None:
    """All articles, in order, with their fields; into an index that answers the same."""
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    dated = Article(
        "é", "Zürich.\nTwo lines.", "T", "https://a.test/x", "A", "2025-03-28", "de", "B"
    )
    with Index(":memory:") as index, Index(":memory:") as other:
        index.add_many([*SEEDS, dated])
        assert index.export(tmp_path / f"all{suffix}") == 6
        assert other.add_many(dedup.read(tmp_path / f"all{suffix}")) == 6
        assert [(a.id, a.text) for a in other] == [(a.id, a.text) for a in index]
        back = other.get("é")
        assert back is not None
        for name in ("title", "url", "publisher", "published", "language", "byline"):
            assert getattr(back, name) == getattr(dated, name)
        with pytest.raises(InputError, match=r"End its name in \.jsonl or \.parquet"):
            index.export(tmp_path / "all.zip")


def test_json_lines_keep_extra_fields(tmp_path: Path) -> None:
    """Apart from the others, so that none can be taken for the text."""
    with Index(":memory:") as index:
        index.add(Article("a", "Text.", extra={"desk": "sport", "tags": ["x"]}))
        index.export(tmp_path / "a.jsonl")
    record = json.loads((tmp_path / "a.jsonl").read_text("utf-8"))
    extra = {"desk": "sport", "tags": ["x"]}
    assert record == {"schema": "dedup/article/1", "id": "a", "text": "Text.", "extra": extra}


# Threads


def test_threads_take_turns(tmp_path: Path) -> None:
    """Eight threads add and ask at once; nothing is lost, double or an error."""
    errors: list[BaseException] = []
    with Index(tmp_path / "a.dedup") as index:

        def work(own: int) -> None:
            try:
                for n in range(25):
                    index.check_and_add(Article(f"{own}-{n}", f"{WEATHER} {REPORT} {n % 5}"))
                    index.check(RETOLD)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(index) == 200
        assert sorted(a.id for a in index) == sorted(
            f"{o}-{n}" for o in range(8) for n in range(25)
        )


@pytest.mark.slow
@pytest.mark.skipif(
    not Path(os.environ.get("DEDUP_DATA", ROOT.parent / "shared" / "data")).is_dir(),
    reason="no evaluation data; set DEDUP_DATA to the folder that has it",
)
def test_real_clusters_are_those_of_a_comparison() -> None:
    """Of real pages in one language hardly a pair of a cluster is missed, in whatever order they
    come; across languages an index without an encoder looks for none."""
    from benchmarks.families.gold import families

    english = (article for article in families().articles if article.language == "en")
    articles = sorted(english, key=lambda a: a.text)[:50]
    whole = [
        c.members for c in dedup.compare(articles, encoder=None, attributed="clusters").clusters
    ]
    pairs = {(a, b) for members in whole for a in members for b in members if a < b}
    with Index(":memory:") as index:
        index.add_many(articles)
        found = {(a, b) for f in index.clusters() for a in f.members for b in f.members if a < b}
    assert len(pairs - found) <= 0.01 * len(pairs)
    assert len(found - pairs) <= 0.02 * len(pairs)
