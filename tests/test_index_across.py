"""An index across languages: with an encoder translations are found, without one never."""

import re
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from dedup import Article, Index, StoreError
from dedup.index.across import MAX_ACROSS, Openings, pack_signs
from dedup.index.sqlite import SQLiteStore

ENGLISH = Article(
    "en",
    "A tanker with 31 sailors ran aground off Port Lorne on Tuesday. Captain Nils Brandvold said "
    "4 people were hurt. Salvage will take 12 days, the Lorne coastguard said.",
)
GERMAN = Article(
    "de",
    "Vor Port Lorne ist am Dienstag ein Tanker mit 31 Seeleuten auf Grund gelaufen. Kapitän Nils "
    "Brandvold sagte, 4 Menschen seien verletzt worden. Die Bergung dauert 12 Tage, teilte die "
    "Küstenwache von Lorne mit.",
)
OTHER = Article(
    "other",
    "Am Freitag kollidierten vor dem Kap Serrat zwei Fähren mit 18 Fahrgästen. Kapitän Janko "
    "Petrescu sagte, 2 Menschen seien gestorben. Der Verkehr ruht für 40 Stunden.",
)


class ByFigures:
    """An encoder for which sentences with the same figures mean the same."""

    name = "by figures"
    languages: frozenset[str] = frozenset()

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        rows = []
        for sentence in sentences:
            figures = " ".join(re.findall(r"\d+", sentence))
            rows.append(np.random.default_rng(zlib.crc32(figures.encode())).normal(size=128))
        vectors = np.array(rows, dtype=np.float32).reshape(len(rows), 128)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def index() -> Iterator[Index]:
    """An index with an encoder."""
    with Index(":memory:", encoder=ByFigures()) as index:
        yield index


def test_a_translation_is_found_where_there_is_an_encoder(index: Index) -> None:
    """By check, in clusters, and after another article of that language has come between."""
    index.add_many([OTHER, ENGLISH])
    (match,) = index.check_and_add(GERMAN).matches
    assert (match.article.id, match.relation.kind) == ("en", "translation")
    assert [cluster.members for cluster in index.clusters()] == [("de", "en")]


def test_without_an_encoder_nothing_is_found_across_languages() -> None:
    """Not even by names and figures that both have."""
    with Index(":memory:") as index:
        index.add(ENGLISH)
        assert index.check(GERMAN).matches == ()
        index.add(GERMAN)
        assert index.clusters() == ()


def test_the_same_language_is_no_business_of_openings(index: Index) -> None:
    """Equal openings in one language are found by words, if at all."""
    index.add(ENGLISH)
    searcher = index._searcher
    (text,) = searcher.fingerprint([Article("again", ENGLISH.text)])
    assert searcher.openings is not None
    assert text.opening is not None
    with index._store.reading():
        assert searcher.openings.find(text.opening) == []


def test_what_was_removed_is_not_found_and_a_copy_takes_its_place(index: Index) -> None:
    """The opening goes with the article, or to the next one with the same text."""
    index.add_many([ENGLISH, Article("copy", ENGLISH.text)])
    index.remove("en")
    assert [match.article.id for match in index.check(GERMAN).matches] == ["copy"]
    index.remove("copy")
    assert index.check(GERMAN).candidates == ()


def test_an_addition_that_was_undone_leaves_no_opening(index: Index) -> None:
    """Its number is given again, to an article that begins otherwise."""

    def fail() -> None:
        with index.batch():
            index.add(ENGLISH)
            assert len(index.check(GERMAN).matches) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    index.add(Article("new", "Parliament voted on Monday on 77 amendments, 3 of them new."))
    assert index.check(GERMAN).matches == ()


def test_another_process_sees_the_openings(tmp_path: Path) -> None:
    """What one has added the next check of another finds."""
    file = tmp_path / "news.dedup"
    with Index(file, encoder=ByFigures()) as one, Index(file, encoder=ByFigures()) as other:
        assert other.check(GERMAN).candidates == ()
        one.add(ENGLISH)
        assert [match.article.id for match in other.check(GERMAN).matches] == ["en"]
        one.add(GERMAN)
        assert [match.article.id for match in one.check(ENGLISH).matches] == ["de"]


def test_older_articles_do_not_crowd_out_what_lies_in_the_window(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of as many as begin alike the first are looked at, after others were left out."""
    monkeypatch.setattr(
        "dedup.index.search.rank_neighbours", lambda *_: (np.array([]), np.array([]), 0.0)
    )
    towns = ("Lorne", "Ostby", "Serrat", "Varda", "Kolm", "Neuhaven")
    for n, town in enumerate(towns):
        day = "2025-03-28" if town == towns[-1] else "2024-05-01"
        told = GERMAN.text.replace("Lorne", town).replace("Nils Brandvold", f"{town}er Kapitän")
        index.add(Article(f"de{n}", told, published=day))
    assert len(index.check(ENGLISH).candidates) == MAX_ACROSS
    assert [c.id for c in index.check(ENGLISH, since="2025-01-01").candidates] == ["de5"]


@pytest.mark.parametrize("vector", ["'abc'", "7", "x''"])
def test_openings_that_are_none_are_named(tmp_path: Path, vector: str) -> None:
    """In a file that somebody else made a vector may be anything."""
    place = tmp_path / "news.dedup"
    with Index(place, encoder=ByFigures()) as index:
        index.add(ENGLISH)
    with sqlite3.connect(place) as sql:
        sql.execute(f"UPDATE openings SET vector = {vector}")
    sql.close()
    with Index(place, encoder=ByFigures()) as index, pytest.raises(StoreError, match="damaged"):
        index.check(GERMAN)


def test_the_nearest_by_signs_are_the_nearest_by_vectors() -> None:
    """Of many openings that are read in parts, the one that is alike is found."""
    generator = np.random.default_rng(1)
    vectors = generator.integers(-127, 128, (700, 384)).astype(np.int8)
    openings = Openings(SQLiteStore(":memory:"), ByFigures())
    for at in range(0, 700, 150):
        openings._append(
            [(n + 1, "de", vectors[n].tobytes()) for n in range(at, min(at + 150, 700))]
        )
    assert openings._size == 700
    assert np.array_equal(openings._signs[:, :700].T, pack_signs(vectors))
    assert openings._numbers[:700].tolist() == list(range(1, 701))
