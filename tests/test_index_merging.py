"""Postings of new articles wait, and are merged into the tables little by little."""

import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from dedup.index import merging, recent
from dedup.index.postings import MAX_NUMBER, MAX_POSTED, NUMBER_BITS, pack_postings
from dedup.index.recent import RecentPostings
from dedup.index.records import Content
from dedup.index.sqlite import SQLiteStore

SIGNATURE = b"\x00" * 512
FEW, STEP = 64, 4  # articles of a generation in these tests, and of a step
Keys = tuple[Sequence[int], Sequence[int], Sequence[int]]  # of bands, terms and runs


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generations are short, so that these tests are."""
    monkeypatch.setattr(merging, "GENERATION", FEW)
    monkeypatch.setattr(merging, "STEP", STEP)
    monkeypatch.setattr(merging, "PARTS", FEW // STEP)
    sizes = {kind: (least, size * 16) for kind, (least, size) in merging.KINDS.items()}
    monkeypatch.setattr(merging, "KINDS", sizes)


class Plain:
    """What a store is to say: postings in sets, the last `limit` of each key."""

    def __init__(self, articles: Mapping[int, Keys]) -> None:
        self.kinds: dict[str, dict[int, set[int]]] = {"bands": {}, "terms": {}, "runs": {}}
        for number, lists in articles.items():
            for own, keys in zip(self.kinds.values(), lists, strict=True):
                for key in keys:
                    own.setdefault(key, set()).add(number)

    def packed(self, kind: str, keys: Sequence[int], limit: int = MAX_NUMBER) -> list[int]:
        own = self.kinds[kind]
        return [k << NUMBER_BITS | n for k in sorted(keys) for n in sorted(own.get(k, ()))[-limit:]]


def draw_keys(chance: random.Random) -> Keys:
    """Distinct keys of bands, terms and runs, of which some are frequent and some lie at the
    ends."""

    def draw(least: int, end: int, count: int) -> list[int]:
        few = [least, end - 1, *(least + (end - least) * n // 40 for n in range(40))]
        return sorted({chance.choice(few) for _ in range(count)})

    return draw(-(2**31), 2**31, 3), draw(0, 2**22, 4), draw(-(2**31), 2**31, 4)


def expect_same(store: SQLiteStore, plain: Plain) -> None:
    """All lookups and sums of a store are those of the sets."""
    keys = {kind: sorted(own) for kind, own in plain.kinds.items()}
    with store.reading():
        assert store.lookup_runs(keys["runs"]).tolist() == plain.packed("runs", keys["runs"])
        bands = plain.packed("bands", keys["bands"], 5)
        assert store.lookup_bands(keys["bands"], 5) == sorted({n & MAX_NUMBER for n in bands})
        found = store.lookup_terms(keys["terms"])
        packed = pack_postings(np.repeat(found.terms, found.sizes), found.numbers).tolist()
        assert packed == plain.packed("terms", keys["terms"], MAX_POSTED)
        stats = store.stats()
        assert (stats.bands, stats.runs, stats.terms) == (
            len(plain.packed("bands", keys["bands"])),
            len(plain.packed("runs", keys["runs"])),
            len(packed),
        )


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[SQLiteStore]]:
    """Two who write to one index, and one who reads."""
    place = tmp_path / "news.dedup"
    opened = [SQLiteStore(place), SQLiteStore(place), SQLiteStore(place, readonly=True)]
    yield opened
    for store in opened:
        store.close()


def add(store: SQLiteStore, keys: Keys, id: str) -> int:
    """Add an article with these keys of bands, terms and runs, and give its number."""
    number = store.insert(id, None, None, True, SIGNATURE, Content("{}", None))
    store.add_postings(number, *keys)
    return number


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_does_not_depend_on_what_is_merged(
    stores: list[SQLiteStore], seed: int
) -> None:
    """Whoever adds, removes, or breaks off, in commits of any size, across generations: all who
    look find what was kept, and agree on how much there is."""
    chance, kept, (first, second, _) = random.Random(seed), dict[int, Keys](), stores
    for _ in range(40):
        writer, added, breaks_off = chance.choice([first, second]), {}, chance.random() < 0.1
        with suppress(KeyboardInterrupt), writer.writing():
            for _ in range(chance.choice([1, 2, 7, 20])):
                keys = draw_keys(chance)
                number = add(writer, keys, f"{chance.random()}")
                added[number] = keys
            if breaks_off:
                raise KeyboardInterrupt
        if not breaks_off:
            kept |= added
        if chance.random() < 0.4 and kept:
            gone = chance.choice(sorted(kept))
            remover = chance.choice([first, second])
            with remover.writing():
                remover.delete_postings(gone, *kept.pop(gone))
                remover.delete(gone)
        for store in chance.sample(stores, 2):
            expect_same(store, Plain(kept))
    assert max(kept) > 3 * FEW
    with first.writing():
        first.merge_recent()
    for store in stores:
        expect_same(store, Plain(kept))
    with first.reading():
        assert first.find_damage() == []


def test_a_term_has_its_last_articles_wherever_they_are(stores: list[SQLiteStore]) -> None:
    """Some of them merged, some not."""
    kept = {}
    for n in range(3 * MAX_POSTED):
        with stores[0].writing():
            keys = ([n], [5, 2**22 - 1, n * 1000], [])
            kept[add(stores[0], keys, f"{n}")] = keys
        if n % 10 == 9:
            for store in stores:
                expect_same(store, Plain(kept))


def test_postings_wait_for_two_generations_at_most(
    stores: list[SQLiteStore], tmp_path: Path
) -> None:
    """Then they are in the tables, and their rows are deleted."""
    with stores[0].writing():
        for n in range(4 * FEW):
            add(stores[0], ([n], [n], [-n]), f"{n}")
    with closing(sqlite3.connect(tmp_path / "news.dedup")) as sql:
        first, count = sql.execute("SELECT min(number), count(*) FROM recent").fetchone()
        assert (first, count) == (2 * FEW + STEP, 2 * FEW - STEP + 1)
        ((bands,),) = sql.execute("SELECT count(*) FROM bands")
        assert bands == 3 * FEW - 1  # of a whole generation nothing is merged yet


def test_an_article_that_takes_the_place_of_another_is_found_at_once(
    stores: list[SQLiteStore],
) -> None:
    """Its postings do not wait: others have read those of later articles."""
    first, second, _ = stores
    keys, later = ([1], [1], [1]), ([2], [2], [2])
    with first.writing():
        original = add(first, keys, "a")
        copy = first.insert("b", None, original, False, SIGNATURE, Content("{}", None))
    with second.writing():
        kept = {add(second, later, "c"): later}
    expect_same(second, Plain({original: keys, **kept}))
    with first.writing():
        first.add_postings(copy, *keys)
    for store in stores:
        expect_same(store, Plain({original: keys, copy: keys, **kept}))


def test_recent_postings_are_found_in_both_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last ones and the others, under negative keys too, until they are dropped."""
    monkeypatch.setattr(recent, "MAX_APART", 25)
    postings = RecentPostings()
    for number in range(1, 40):
        postings.add(pack_postings(np.array([number, -7]), number))
    assert sorted(postings.find([-7])) == [-7 << NUMBER_BITS | n for n in range(1, 40)]
    assert postings.find([1, 39]).tolist() == [1 << NUMBER_BITS | 1, 39 << NUMBER_BITS | 39]
    assert postings.find([]).tolist() == []
    assert postings.within(-7, 0, 3).tolist() == [-7 << NUMBER_BITS | 1, -7 << NUMBER_BITS | 2]
    postings.drop(1)
    postings.drop_before(3)
    assert postings.find([1, 2]).tolist() == []
    assert len(postings.find([-7])) == 37
