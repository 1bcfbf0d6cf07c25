"""Stores: one suite for both of them. What only a server must show is in test_postgres.py."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

import numpy as np
import pytest
from places import place, query

from dedup.article import Article
from dedup.errors import StoreError
from dedup.index import Index, Store
from dedup.index.places import open_store
from dedup.index.postings import MAX_NUMBER, MAX_POSTED, NUMBER, NUMBER_BITS, POSTED_BYTES
from dedup.index.records import Content, IndexPair
from dedup.index.settings import SETTINGS, WRITTEN_BY

__all__ = ["place"]  # a fixture

SIGNATURE = bytes(range(256)) * 2
SAID = Content('{"title": "Guns reach Crimea"}', b"\x00packed\xff")


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(place, False)
    yield opened
    opened.close()


def insert(store: Store, *ids: str, original: int | None = None) -> list[int]:
    return [store.insert(id, None, original, False, SIGNATURE, SAID) for id in ids]


@contextmanager
def abandoned(store: Store) -> Iterator[None]:
    """A transaction that ends in an error."""
    with suppress(ZeroDivisionError), store.writing():
        yield
        raise ZeroDivisionError


# Articles


def test_an_article_comes_back_as_it_was_kept(store: Store) -> None:
    """Id, date, signature and content come back bit for bit."""
    said = Content(json.dumps({"title": "nul \x00, half a sign \ud800"}), bytes(range(256)))
    with store.writing():
        number = store.insert("wire", -1.5e9 + 0.1, None, True, SIGNATURE, said)
        signed = store.insert("signed", None, number, False, b"\x00" * 512, Content("{}", None))
    with store.reading():
        assert store.find_numbers(["signed", "nobody", "wire"]) == {"wire": 1, "signed": 2}
        first, second = store.read_entries([signed, number, 99])
        assert (first.number, first.id, first.published) == (1, "wire", -1.5e9 + 0.1)
        assert (first.original, first.posted, first.signature) == (None, True, SIGNATURE)
        assert (second.published, second.original, second.posted) == (None, 1, False)
        assert store.read_contents([1, 2]) == {1: said, 2: Content("{}", None)}
        with pytest.raises(StoreError, match="content of article number 3 is missing"):
            store.read_contents([1, 3])
        assert store.read_articles(0, 9) == [(first, said), (second, Content("{}", None))]
        assert store.read_articles(1, 1) == [(second, Content("{}", None))]
        assert store.read_articles(2, 9) == []
        assert store.count() == store.last_id() == 2


def test_nothing_is_asked_for_and_nothing_found(store: Store) -> None:
    """Empty lists are answered with nothing, in a store with nothing in it too."""
    with store.writing():
        store.add_postings(1, [], [])
        store.delete_postings(1, [], [])
        store.post_terms(np.empty(0, np.int64), np.empty(0, np.int64))
        store.add_pairs([])
        store.save_relations([])
        store.mark_unsettled([])
        store.save_clusters([], [])
    with store.reading():
        assert store.find_numbers([]) == store.read_contents([]) == {}
        assert store.read_entries([]) == store.read_copies([], 9) == store.read_articles(0, 9) == []
        assert store.lookup_bands([], 9) == store.pending_pairs(9) == store.read_relations([]) == []
        assert len(store.lookup_terms([]).terms) == len(store.lookup_terms([5]).numbers) == 0
        assert store.read_clusters() == store.read_clusters([]) == store.read_members(1) == []
        assert store.count() == store.last_id() == store.span() == 0


@pytest.mark.parametrize("id", ["𒀀" * 2_000, "Ünïcödé Ω 新聞", "it's; \"--%s\\", " ", "Ä", "ä"])
def test_any_usable_id_is_found_again(store: Store, id: str) -> None:
    """Two thousand signs of four bytes each are an id, and case and accents count."""
    with store.writing():
        insert(store, id, "a", "A", "Ａ")
        assert store.find_numbers([id, "a", "b"]) == {id: 1, "a": 2}


def test_an_id_that_none_can_have_is_not_found(store: Store) -> None:
    """NUL and half a surrogate pair in what is asked are no error."""
    with store.writing():
        insert(store, "a", "")
        assert store.find_numbers(["a\x00", "\ud800", "a"]) == {"a": 1}


def test_an_id_is_there_once(store: Store) -> None:
    """A second article of one id is an error, and nothing of the transaction is kept."""
    with pytest.raises(StoreError, match="articles"), store.writing():
        insert(store, "new", "wire", "wire")
    with store.reading():
        assert store.count() == 0


def test_a_number_is_never_given_again(place: str) -> None:
    """The last article's number is not given to the next, nor after opening anew."""
    for expected in ([1, 2, 3], [4, 5, 6]):
        store = open_store(place, False)
        with store.writing():
            assert insert(store, "a", "b", "c") == expected
            for number in expected:
                store.delete(number)
        with store.reading():
            assert store.count() == 0
            assert store.last_id() == expected[-1]
        store.close()


def test_copies_are_listed_ascending_up_to_so_many(store: Store) -> None:
    """Of all asked for together, the first."""
    with store.writing():
        one, two = insert(store, "one", "two")
        ours = [*insert(store, "a", original=two), *insert(store, "b", "c", original=one)]
        store.update(ours[1], None, True)
        assert [entry.number for entry in store.read_copies([one, two, ours[0]], 9)] == [3, 5]
        assert [entry.number for entry in store.read_copies([one, two], 1)] == [3]
        (changed,) = store.read_entries([ours[1]])
        assert (changed.original, changed.posted) == (None, True)


def test_deleting_forgets_pairs_and_cluster(store: Store) -> None:
    """What hung on the article is gone, what did not is there."""
    with store.writing():
        a, b, c = insert(store, "a", "b", "c")
        store.add_pairs([(a, b), (b, c), (a, c)])
        store.save_relations([IndexPair(a, c, "tie"), IndexPair(a, b, "")])
        store.save_clusters([], [(7, a), (7, b), (7, c)])
        store.mark_unsettled([b])
        store.delete(b)
        assert store.pending_pairs(9) == []
        assert store.read_relations([a, b, c]) == [IndexPair(a, c, "tie")]
        assert store.read_clusters() == [(7, a), (7, c)]
        assert (store.count_clusters(), store.cluster_ids(6, 9)) == (1, [7])
        assert store.cluster_ids(7, 9) == store.cluster_ids(0, 0) == []
        assert store.unsettled(9) == [a, c]
        assert store.find_numbers(["b"]) == {}
        assert [entry.id for entry, _ in store.read_articles(0, 9)] == ["a", "c"]


# Postings


def test_bands_meet_the_last_under_each_key(store: Store) -> None:
    """At most so many under each, ascending, each article once."""
    low, high = -(2**31), 2**31 - 1
    with store.writing():
        for number in range(1, 8):
            store.add_postings(number, [low, number], [])
        store.add_postings(3, [high, low], [])
        assert store.lookup_bands([low], 3) == [5, 6, 7]
        assert store.lookup_bands([low, high, 1, 0], 3) == [1, 3, 5, 6, 7]
        store.delete_postings(7, [low, 7, 99], [])
        assert store.lookup_bands([low, 7], 2) == [5, 6]


def test_runs_have_the_articles_that_were_posted(store: Store) -> None:
    """Until these are withdrawn; what was not asked for is not there."""
    low, high = -(2**31), 2**31 - 1
    with store.writing():
        store.add_postings(1, [], [], [low, 7, high])
        store.add_postings(2, [7], [7], [7])
        store.add_postings(2, [], [], [7])
        assert owners(store, [low, 7, 8]) == [(low, 1), (7, 1), (7, 2)]
        assert owners(store, [high]) == [(high, 1)]
        assert owners(store, [8]) == owners(store, []) == []
        assert store.stats().runs == 4
        store.delete_postings(1, [], [], [low, 7, 8])
        assert owners(store, [low, 7, high]) == [(7, 2), (high, 1)]
        assert store.lookup_bands([7], 9) == [2]


def owners(store: Store, runs: Sequence[int]) -> list[tuple[int, int]]:
    postings = store.lookup_runs(runs).tolist()
    return [(posting >> NUMBER_BITS, posting & MAX_NUMBER) for posting in postings]


def postings(store: Store, terms: Sequence[int]) -> dict[int, list[int]]:
    found = store.lookup_terms(terms)
    assert len(found.terms) == len(found.sizes)
    ends = found.sizes.cumsum()
    return {
        term: sorted(found.numbers[end - size : end].tolist())
        for term, size, end in zip(found.terms.tolist(), found.sizes, ends, strict=True)
    }


def test_terms_have_the_articles_that_were_posted(store: Store) -> None:
    """Until these are withdrawn, whenever they were added."""
    top = (1 << 22) - 1
    with store.writing():
        store.add_postings(1, [], [0, 5, top])
        store.add_postings(300, [], [5, top])
        store.add_postings(2**31 - 1, [], [5])
        assert postings(store, [0, 5, 6, top]) == {
            0: [1], 5: [1, 300, 2**31 - 1], top: [1, 300],
        }  # fmt: skip
        assert store.lookup_terms([0, 5, top]).terms.tolist() == [0, 5, top]
        store.delete_postings(1, [], [0, 5, 77])
        assert postings(store, [0, 5, top]) == {5: [300, 2**31 - 1], top: [1, 300]}
        store.post_terms(np.array([5, 77, 5, 0]), np.array([400, 3, 300, 9]))
        assert store.lookup_terms([5]).numbers.tolist() == [300, 400, 2**31 - 1]
        assert postings(store, [0, 77, top]) == {0: [9], 77: [3], top: [1, 300]}


def test_of_a_term_the_last_articles_are_kept(store: Store) -> None:
    """In the order of adding, over several commits, and one that comes late in its place."""
    for commit in "ab":
        with store.writing():
            for n in range(30):
                (number,) = insert(store, f"{commit}{n}")
                store.add_postings(number, [], [5, 6] if number % 2 else [5])
    with store.reading():
        found = store.lookup_terms([5, 6])
        assert found.sizes.tolist() == [MAX_POSTED, 30]
        assert found.numbers[:MAX_POSTED].tolist() == list(range(61 - MAX_POSTED, 61))
        assert found.reach(60).tolist() == [MAX_POSTED, 60]
        assert found.where(found.sizes < MAX_POSTED).terms.tolist() == [6]
        assert (store.stats().terms, store.stats().common) == (MAX_POSTED + 30, 1)
    with store.writing():
        store.delete_postings(40, [], [5])
        store.add_postings(4, [], [5])
        store.add_postings(40, [], [5])
        assert store.lookup_terms([5]).numbers.tolist() == list(range(61 - MAX_POSTED, 61))
        assert store.span() == 60
        store.delete(1)
        assert store.span() == 59


# Pairs and clusters


def test_a_pair_is_pending_until_it_is_settled(store: Store) -> None:
    """One that is settled is not asked for again, whoever pairs it once more."""
    relation = json.dumps({"relation": "“quoted”, {braces}, \\ and \x00, 'half' \ud800"})
    with store.writing():
        store.add_pairs([(2, 3), (1, 9), (1, 2)])
        assert store.pending_pairs(2) == [(1, 2), (1, 9)]
        store.save_relations(
            [IndexPair(1, 2, relation), IndexPair(2, 3, ""), IndexPair(5, 6, relation)]
        )
        store.add_pairs([(1, 2), (4, 5)])
        assert store.pending_pairs(9) == [(1, 9), (4, 5)]
        assert store.read_relations([2]) == [IndexPair(1, 2, relation), IndexPair(2, 3, "")]
        assert store.read_relations([1, 2, 3, 9]) == [
            IndexPair(1, 2, relation),
            IndexPair(2, 3, ""),
        ]
        assert store.partners(1) == [2, 9]
        assert store.partners(2) == [1, 3]
        assert store.partners(7) == []
        assert store.unsettled(3) == [1, 2, 3]
        assert store.unsettled(9) == [1, 2, 3, 5, 6]


def test_clusters_are_saved_anew(store: Store) -> None:
    """Articles whose clusters are saved leave their former cluster, and are settled."""
    with store.writing():
        store.mark_unsettled([4, 1, 2, 3, 3, 8])
        store.save_clusters([1, 2, 3], [(1, 3), (1, 1)])
        assert store.read_clusters() == [(1, 1), (1, 3)]
        store.save_clusters([3, 4], [(2, 4), (2, 3)])
        assert store.read_clusters() == [(1, 1), (2, 3), (2, 4)]
        assert store.read_clusters([4, 1, 7]) == [(1, 1), (2, 4)]
        assert store.read_members(2) == [3, 4]
        assert store.read_members(3) == []
        assert store.unsettled(9) == [8]


def test_no_cluster_has_the_number_of_another(place: str) -> None:
    """Not after opening anew; only what was rolled back was never given."""
    for expected in (1, 2):
        store = open_store(place, False)
        with abandoned(store):
            assert store.next_cluster() == expected
        with store.writing():
            assert store.next_cluster() == expected
        store.close()


def test_sizes_count_every_row(store: Store) -> None:
    """Rows of each kind, bytes of texts and in all."""
    with store.writing():
        one, two, *_ = insert(store, "a", "b", "c")
        store.add_postings(one, [1, 2], [3, 4, 5])
        store.add_postings(two, [1], [3])
        store.add_pairs([(1, 2), (1, 3), (2, 3)])
        store.save_relations([IndexPair(1, 2, '{"tie": 1}'), IndexPair(1, 3, "0.25")])
        store.save_clusters([], [(1, 1), (1, 2), (2, 3)])
    with store.reading():
        sizes = store.stats()
    assert (sizes.articles, sizes.bands, sizes.terms, sizes.common) == (3, 3, 4, 0)
    assert (sizes.pending, sizes.relations, sizes.clusters) == (1, 1, 2)
    assert sizes.text_bytes == 3 * len(SAID.text or b"")
    assert sizes.bytes > 3 * len(SIGNATURE)


def test_compacting_gives_back_room(store: Store) -> None:
    """What was deleted takes no room, and what is there is still found."""
    large = Content("{}", random.Random(0).randbytes(100_000))
    with store.writing():
        for n in range(60):
            store.insert(f"{n}", None, None, False, SIGNATURE, large)
            store.add_postings(n + 1, [n], [n])
    with store.writing():
        for n in range(59):
            store.delete(n + 1)
            store.delete_postings(n + 1, [n], [n])
    with store.reading():
        before = store.stats().bytes
    store.compact()
    with store.reading():
        assert store.stats().bytes < before - 4_000_000
        assert store.read_contents([60]) == {60: large}
        assert store.lookup_bands([59], 1) == [60]
        assert store.last_id() == 60


# Transactions


def test_an_error_takes_back_the_whole_transaction(store: Store) -> None:
    """Rows, postings and numbers are as they were, and the next transaction is fine."""
    with store.writing():
        insert(store, "a")
        store.add_postings(1, [1], [1])
    with abandoned(store):
        assert insert(store, "b") == [2]
        store.add_postings(2, [1], [1])
        store.delete(1)
    with store.writing():
        assert store.find_numbers(["a", "b"]) == {"a": 1}
        assert store.lookup_bands([1], 9) == postings(store, [1])[1] == [1]
        assert store.last_id() == 1
        assert insert(store, "c") == [2]


def test_what_is_written_is_read_in_the_same_transaction(store: Store) -> None:
    """A writer sees its own articles at once."""
    with store.writing():
        for n in range(1, 30):
            insert(store, f"{n}")
            store.add_postings(n, [1], [1])
            assert store.lookup_bands([1], 99) == list(range(1, n + 1))
            assert store.count() == store.last_id() == n


def test_transactions_nest(store: Store) -> None:
    """What stands inside belongs to the outermost, and goes with it."""
    with store.writing():
        with store.writing():
            insert(store, "a")
        with store.reading():
            assert store.count() == 1
    with abandoned(store), store.writing():
        insert(store, "b")
    with store.reading(), store.reading():
        assert store.count() == 1


def test_nothing_is_written_while_it_is_read(store: Store) -> None:
    """Who reads has to come to an end first; what is read stays readable."""
    with store.reading():
        with pytest.raises(StoreError, match="while it is read"), store.writing():
            pass
        assert store.count() == 0


def test_a_reader_sees_one_state(place: str, store: Store) -> None:
    """Whoever writes meanwhile, and though it is committed; and then it sees the new one."""
    other = open_store(place, False)
    with store.writing():
        insert(store, "a")
    with other.reading():
        assert (other.count(), other.last_id()) == (1, 1)
        with store.writing():
            insert(store, "b")
            store.add_postings(2, [1], [1])
        assert (other.count(), other.last_id(), other.lookup_bands([1], 9)) == (1, 1, [])
        assert postings(other, [1]) == {}
    with other.reading():
        assert (other.count(), other.last_id(), other.lookup_bands([1], 9)) == (2, 2, [2])
    other.close()


def test_changes_tell_that_others_have_written(place: str, store: Store) -> None:
    """Another number after another's commit; the same as long as nobody but us has written."""
    other = open_store(place, False)
    with store.reading():
        first = store.changes()
    with store.writing():
        insert(store, "a")
    with store.reading():
        assert store.changes() == first
    with other.writing():
        insert(other, "b")
    with store.reading():
        second = store.changes()
        assert second != first
    with abandoned(other):
        insert(other, "c")
    with store.writing():
        insert(store, "d")
        assert store.changes() == second
    other.close()


def test_a_second_writer_waits_and_then_gives_up(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while it is told to try again; nothing is lost, and then it can."""
    monkeypatch.setattr("dedup.index.sqlite.PATIENCE", 0.3)
    if "postgresql" in place:
        monkeypatch.setattr("dedup.index.postgres.connection.PATIENCE", 0.3)
    first, second = open_store(place, False), open_store(place, False)
    with first.writing():
        insert(first, "a")
        with pytest.raises(StoreError, match=r"another .* has written .* try again"):
            second.writing().__enter__()
        with second.reading():
            assert second.count() == 0
    with second.writing():
        assert insert(second, "b") == [2]
    first.close()
    second.close()


def test_threads_take_turns(store: Store) -> None:
    """Eight threads that write and read through one store do so one after another."""

    def work(name: int) -> None:
        for n in range(10):
            with store.writing():
                (number,) = insert(store, f"{name} {n}")
                store.add_postings(number, [number], [7])
            with store.reading():
                assert store.lookup_bands([number], 9) == [number]

    threads = [Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading():
        assert store.count() == store.last_id() == 80
        assert postings(store, [7])[7] == list(range(81 - MAX_POSTED, 81))


# Opening


def test_a_closed_store_says_so(store: Store) -> None:
    """Closing twice does nothing; using it then is an error."""
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"), store.reading():
        pass


def test_an_index_can_be_opened_for_reading_only(place: str) -> None:
    """It is read, what others write is seen, and nothing is written."""
    with pytest.raises(StoreError, match="there is no such index"):
        Index(place, readonly=True)
    with Index(place) as index, Index(place, readonly=True) as reader:
        index.add(Article("a", "The minister resigned on Friday over the lost millions."))
        assert [article.id for article in reader] == ["a"]
        with pytest.raises(StoreError, match="reading only"):
            reader.add(Article("b", "Another one."))
        with pytest.raises(StoreError):
            reader.compact()
        assert len(reader) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("format", "2"), ("format", "7"), ("bands", "14 of 9"), ("signature", None)]
)
def test_other_settings_are_an_error(place: str, name: str, value: str | None) -> None:
    """What was made otherwise is named, told who made it, and stays as it is."""
    Index(place).close()
    change = f"SET value = '{value}'" if value else "SET name = 'gone'"
    query(place, f"UPDATE settings {change} WHERE name = '{name}'")
    before = query(place, "SELECT name, value FROM settings ORDER BY name")
    with pytest.raises(StoreError, match=rf"has {name} .*written by dedup .*open it with that"):
        Index(place)
    assert query(place, "SELECT name, value FROM settings ORDER BY name") == before


def make_former(place: str, former: str) -> None:
    """Make a compact index one of a former format: no postings wait there, and up to format 4 what
    50 articles have is common for good."""
    query(place, f"UPDATE settings SET value = '{former}' WHERE name = 'format'")
    if "postgresql" not in place:
        query(place, "DROP TABLE recent")
    if former == "5":
        return
    if "postgresql" in place:
        query(place, "CREATE TABLE common (term integer PRIMARY KEY)")
    else:
        query(place, "CREATE TABLE common (term INTEGER PRIMARY KEY) WITHOUT ROWID")
    full = f"length(numbers) >= {POSTED_BYTES}"
    query(place, f"INSERT INTO common SELECT term FROM terms WHERE {full}")
    query(place, f"DELETE FROM terms WHERE {full}")
    query(place, "UPDATE settings SET name = 'common', value = '50' WHERE name = 'postings'")
    if former == "3":
        query(place, "DROP TABLE runs")
        query(place, "DELETE FROM settings WHERE name = 'runs'")


DRAFT = "Shipworms were found by divers in the piles of quay seven, north of the old harbour."


@pytest.fixture
def grown(place: str) -> str:
    """An index of sixty stories of one frame, and one of its own."""
    with Index(place) as index:
        index.add_many(Article(f"{n}", f"Story {n}q of the harbour.") for n in range(60))
        index.add(
            Article("wire", "Divers found shipworms in the piles of the northern quay seven.")
        )
        index.compact()
    return place


@pytest.mark.parametrize("former", ["3", "4", "5"])
def test_an_index_of_a_former_format_is_brought_up_to_date(grown: str, former: str) -> None:
    """When it is opened to be written, once: it finds what it found, words that are common by its
    last articles stay so, and format 3 goes on without runs."""
    terms = dict(query(grown, "SELECT term, numbers FROM terms"))
    make_former(grown, former)
    with Index(grown) as index, Index(grown) as other:
        assert [c.id for c in index.check(DRAFT).candidates] == ["wire"]
        assert [c.id for c in other.check(DRAFT).candidates] == ["wire"]
        assert (index.stats().runs > 0) is (former != "3")
        assert index.add(Article("late", "The piles of the northern quay seven were replaced."))
        index.remove("late")
    with Index(grown, readonly=True) as index:
        assert len(index) == 61
    kept = dict(query(grown, "SELECT name, value FROM settings"))
    assert kept == SETTINGS | {
        "written by": WRITTEN_BY, "runs": "none" if former == "3" else SETTINGS["runs"],
    }  # fmt: skip
    now = dict(query(grown, "SELECT term, numbers FROM terms"))
    assert {t: len(n) for t, n in now.items()} == {t: len(n) for t, n in terms.items()}
    assert {t: n for t, n in now.items() if len(n) < POSTED_BYTES} == {
        t: n for t, n in terms.items() if len(n) < POSTED_BYTES
    }
    last = [np.arange(end - MAX_POSTED, end, dtype=NUMBER).tobytes() for end in (61, 62)]
    assert {n for n in now.values() if len(n) == POSTED_BYTES} == set(last)


@pytest.mark.parametrize("former", ["3", "4", "5"])
def test_an_index_of_a_former_format_is_not_read_only(grown: str, former: str) -> None:
    """The message says what makes it one of now, and it stays as it is."""
    make_former(grown, former)
    before = query(grown, "SELECT name, value FROM settings ORDER BY name")
    with pytest.raises(StoreError, match=f"format '{former}'.*`dedup index compact` does that"):
        Index(grown, readonly=True)
    assert query(grown, "SELECT name, value FROM settings ORDER BY name") == before


@pytest.mark.parametrize("former", ["3", "4"])
def test_a_migration_that_fails_leaves_the_index_as_it_was(
    grown: str, former: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even at its last step; the next attempt goes through."""
    make_former(grown, former)
    listing = "SELECT term, numbers FROM terms ORDER BY term"
    before = query(grown, listing), query(grown, "SELECT term FROM common ORDER BY term")

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dedup.index.store.Store.post_terms", break_off)
        patch.setattr("dedup.index.postgres.store.PostgresStore.post_terms", break_off)
        with pytest.raises(KeyboardInterrupt):
            Index(grown)
    assert (query(grown, listing), query(grown, "SELECT term FROM common ORDER BY term")) == before
    with Index(grown) as index:
        assert [c.id for c in index.check(DRAFT).candidates] == ["wire"]


@pytest.mark.parametrize(
    "table", ["CREATE TABLE settings (key text, worth text)", "CREATE TABLE mine (n integer)"]
)
def test_what_belongs_to_others_is_left_alone(place: str, table: str) -> None:
    """A place with other tables in it is no place for an index."""
    if "postgresql" in place:
        query(place, f"CREATE SCHEMA {place.partition('dedup_schema=')[2]}")
    query(place, table)
    with pytest.raises(StoreError, match="not an index of dedup's"):
        Index(place)
    listing = "SELECT count(*) FROM sqlite_master"
    if "postgresql" in place:
        listing = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    assert query(place, listing) == [(1,)]
