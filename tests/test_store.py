"""Stores: one suite for both of them. What only a server must show is in test_postgres.py."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from places import place, query

from dedup.article import Article
from dedup.errors import StoreError
from dedup.index import Index, Store, _store
from dedup.index.store import Content, Pair

__all__ = ["place"]  # a fixture

SIGNATURE = bytes(range(256)) * 2
SAID = Content('{"title": "Guns reach Crimea"}', b"\x00packed\xff")


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    opened = _store(place, False)
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
        assert store.numbers(["signed", "nobody", "wire"]) == {"wire": 1, "signed": 2}
        first, second = store.entries([signed, number, 99])
        assert (first.number, first.id, first.published) == (1, "wire", -1.5e9 + 0.1)
        assert (first.original, first.posted, first.signature) == (None, True, SIGNATURE)
        assert (second.published, second.original, second.posted) == (None, 1, False)
        assert store.contents([1, 2, 3]) == {1: said, 2: Content("{}", None)}
        assert store.walk(0, 9) == [(first, said), (second, Content("{}", None))]
        assert store.walk(1, 1) == [(second, Content("{}", None))]
        assert store.walk(2, 9) == []
        assert store.count() == store.given() == 2


def test_nothing_is_asked_for_and_nothing_found(store: Store) -> None:
    """Empty lists are answered with nothing, in a store with nothing in it too."""
    with store.writing():
        store.post(1, [], [])
        store.withdraw(1, [], [])
        store.make_common([])
        store.pair([])
        store.settle([])
        store.unsettle([])
        store.regroup([], [])
    with store.reading():
        assert store.numbers([]) == store.contents([]) == {}
        assert store.entries([]) == store.copies([], 9) == store.walk(0, 9) == []
        assert store.meet([], 9) == store.common() == store.pending(9) == store.pairs([]) == []
        assert len(store.share([]).terms) == len(store.share([5]).numbers) == 0
        assert store.families() == store.families([]) == store.members(1) == []
        assert store.count() == store.given() == 0


@pytest.mark.parametrize("id", ["𒀀" * 2_000, "Ünïcödé Ω 新聞", "it's; \"--%s\\", " ", "Ä", "ä"])
def test_any_usable_id_is_found_again(store: Store, id: str) -> None:
    """Two thousand signs of four bytes each are an id, and case and accents count."""
    with store.writing():
        insert(store, id, "a", "A", "Ａ")
        assert store.numbers([id, "a", "b"]) == {id: 1, "a": 2}


def test_an_id_that_none_can_have_is_not_found(store: Store) -> None:
    """NUL and half a surrogate pair in what is asked are no error."""
    with store.writing():
        insert(store, "a", "")
        assert store.numbers(["a\x00", "\ud800", "a"]) == {"a": 1}


def test_an_id_is_there_once(store: Store) -> None:
    """A second article of one id is an error, and nothing of the transaction is kept."""
    with pytest.raises(StoreError, match="articles"), store.writing():
        insert(store, "new", "wire", "wire")
    with store.reading():
        assert store.count() == 0


def test_a_number_is_never_given_again(place: str) -> None:
    """The last article's number is not given to the next, nor after opening anew."""
    for expected in ([1, 2, 3], [4, 5, 6]):
        store = _store(place, False)
        with store.writing():
            assert insert(store, "a", "b", "c") == expected
            for number in expected:
                store.delete(number)
        with store.reading():
            assert store.count() == 0
            assert store.given() == expected[-1]
        store.close()


def test_copies_are_listed_ascending_up_to_so_many(store: Store) -> None:
    """Of all asked for together, the first."""
    with store.writing():
        one, two = insert(store, "one", "two")
        ours = [*insert(store, "a", original=two), *insert(store, "b", "c", original=one)]
        store.change(ours[1], None, True)
        assert [entry.number for entry in store.copies([one, two, ours[0]], 9)] == [3, 5]
        assert [entry.number for entry in store.copies([one, two], 1)] == [3]
        (changed,) = store.entries([ours[1]])
        assert (changed.original, changed.posted) == (None, True)


def test_deleting_forgets_pairs_and_family(store: Store) -> None:
    """What hung on the article is gone, what did not is there."""
    with store.writing():
        a, b, c = insert(store, "a", "b", "c")
        store.pair([(a, b), (b, c), (a, c)])
        store.settle([Pair(a, c, "tie"), Pair(a, b, "")])
        store.regroup([], [(7, a), (7, b), (7, c)])
        store.unsettle([b])
        store.delete(b)
        assert store.pending(9) == []
        assert store.pairs([a, b, c]) == [Pair(a, c, "tie")]
        assert store.families() == [(7, a), (7, c)]
        assert store.unsettled(9) == [a, c]
        assert store.numbers(["b"]) == store.contents([b]) == {}


# Postings


def test_bands_meet_the_last_under_each_key(store: Store) -> None:
    """At most so many under each, ascending, each article once."""
    low, high = -(2**31), 2**31 - 1
    with store.writing():
        for number in range(1, 8):
            store.post(number, [low, number], [])
        store.post(3, [high, low], [])
        assert store.meet([low], 3) == [5, 6, 7]
        assert store.meet([low, high, 1, 0], 3) == [1, 3, 5, 6, 7]
        store.withdraw(7, [low, 7, 99], [])
        assert store.meet([low, 7], 2) == [5, 6]


def postings(store: Store, terms: Sequence[int]) -> dict[int, list[int]]:
    found = store.share(terms)
    assert len(found.terms) == len(found.sizes)
    ends = found.sizes.cumsum()
    return {
        term: sorted(found.numbers[end - size : end].tolist())
        for term, size, end in zip(found.terms.tolist(), found.sizes, ends, strict=True)
    }


def test_terms_have_the_articles_that_were_posted(store: Store) -> None:
    """Until these are withdrawn, or the term is common."""
    top = (1 << 22) - 1
    with store.writing():
        store.post(1, [], [0, 5, top])
        store.post(300, [], [5, top])
        store.post(2**31 - 1, [], [5])
        assert postings(store, [0, 5, 6, top]) == {
            0: [1], 5: [1, 300, 2**31 - 1], top: [1, 300],
        }  # fmt: skip
        assert store.share([0, 5, top]).terms.tolist() == [0, 5, top]
        store.withdraw(1, [], [0, 5, 77])
        assert postings(store, [0, 5, top]) == {5: [300, 2**31 - 1], top: [1, 300]}
        store.make_common([5, 9])
        store.make_common([9])
        assert postings(store, [0, 5, top]) == {top: [1, 300]}
        assert sorted(store.common()) == [5, 9]


# Pairs and families


def test_a_pair_is_pending_until_it_is_settled(store: Store) -> None:
    """One that is settled is not asked for again, whoever pairs it once more."""
    relation = json.dumps({"relation": "“quoted”, {braces}, \\ and \x00, 'half' \ud800"})
    with store.writing():
        store.pair([(2, 3), (1, 9), (1, 2)])
        assert store.pending(2) == [(1, 2), (1, 9)]
        store.settle([Pair(1, 2, relation), Pair(2, 3, ""), Pair(5, 6, relation)])
        store.pair([(1, 2), (4, 5)])
        assert store.pending(9) == [(1, 9), (4, 5)]
        assert store.pairs([2]) == [Pair(1, 2, relation), Pair(2, 3, "")]
        assert store.pairs([1, 2, 3, 9]) == [Pair(1, 2, relation), Pair(2, 3, "")]
        assert store.partners(1) == [2, 9]
        assert store.partners(2) == [1, 3]
        assert store.partners(7) == []
        assert store.unsettled(3) == [1, 2, 3]
        assert store.unsettled(9) == [1, 2, 3, 5, 6]


def test_families_are_regrouped(store: Store) -> None:
    """Articles that are regrouped leave their family, and are settled."""
    with store.writing():
        store.unsettle([4, 1, 2, 3, 3, 8])
        store.regroup([1, 2, 3], [(1, 3), (1, 1)])
        assert store.families() == [(1, 1), (1, 3)]
        store.regroup([3, 4], [(2, 4), (2, 3)])
        assert store.families() == [(1, 1), (2, 3), (2, 4)]
        assert store.families([4, 1, 7]) == [(1, 1), (2, 4)]
        assert store.members(2) == [3, 4]
        assert store.members(3) == []
        assert store.unsettled(9) == [8]


def test_no_family_has_the_number_of_another(place: str) -> None:
    """Not after opening anew; only what was rolled back was never given."""
    for expected in (1, 2):
        store = _store(place, False)
        with abandoned(store):
            assert store.next_family() == expected
        with store.writing():
            assert store.next_family() == expected
        store.close()


def test_sizes_count_every_row(store: Store) -> None:
    """Rows of each kind, bytes of texts and in all."""
    with store.writing():
        one, two, *_ = insert(store, "a", "b", "c")
        store.post(one, [1, 2], [3, 4, 5])
        store.post(two, [1], [3])
        store.make_common([77])
        store.pair([(1, 2), (1, 3), (2, 3)])
        store.settle([Pair(1, 2, "tie"), Pair(1, 3, "")])
        store.regroup([], [(1, 1), (1, 2), (2, 3)])
    with store.reading():
        sizes = store.sizes()
    assert (sizes.articles, sizes.bands, sizes.terms, sizes.common) == (3, 3, 4, 1)
    assert (sizes.pending, sizes.ties, sizes.families) == (1, 1, 2)
    assert sizes.text_bytes == 3 * len(SAID.text or b"")
    assert sizes.bytes > 3 * len(SIGNATURE)


def test_compacting_gives_back_room(store: Store) -> None:
    """What was deleted takes no room, and what is there is still found."""
    large = Content("{}", random.Random(0).randbytes(100_000))
    with store.writing():
        for n in range(60):
            store.insert(f"{n}", None, None, False, SIGNATURE, large)
            store.post(n + 1, [n], [n])
    with store.writing():
        for n in range(59):
            store.delete(n + 1)
            store.withdraw(n + 1, [n], [n])
    with store.reading():
        before = store.sizes().bytes
    store.compact()
    with store.reading():
        assert store.sizes().bytes < before - 4_000_000
        assert store.contents([60]) == {60: large}
        assert store.meet([59], 1) == [60]
        assert store.given() == 60


# Transactions


def test_an_error_takes_back_the_whole_transaction(store: Store) -> None:
    """Rows, postings and numbers are as they were, and the next transaction is fine."""
    with store.writing():
        insert(store, "a")
        store.post(1, [1], [1])
    with abandoned(store):
        assert insert(store, "b") == [2]
        store.post(2, [1], [1])
        store.delete(1)
    with store.writing():
        assert store.numbers(["a", "b"]) == {"a": 1}
        assert store.meet([1], 9) == postings(store, [1])[1] == [1]
        assert store.given() == 1
        assert insert(store, "c") == [2]


def test_what_is_written_is_read_in_the_same_transaction(store: Store) -> None:
    """A writer sees its own articles at once."""
    with store.writing():
        for n in range(1, 30):
            insert(store, f"{n}")
            store.post(n, [1], [1])
            assert store.meet([1], 99) == list(range(1, n + 1))
            assert store.count() == store.given() == n


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
    other = _store(place, False)
    with store.writing():
        insert(store, "a")
    with other.reading():
        assert (other.count(), other.given()) == (1, 1)
        with store.writing():
            insert(store, "b")
            store.post(2, [1], [1])
        assert (other.count(), other.given(), other.meet([1], 9)) == (1, 1, [])
        assert postings(other, [1]) == {}
    with other.reading():
        assert (other.count(), other.given(), other.meet([1], 9)) == (2, 2, [2])
    other.close()


def test_changes_tell_that_others_have_written(place: str, store: Store) -> None:
    """Another number after another's commit; the same as long as nobody but us has written."""
    other = _store(place, False)
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
        monkeypatch.setattr("dedup.index.connection.PATIENCE", 0.3)
    first, second = _store(place, False), _store(place, False)
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
                store.post(number, [number], [7])
            with store.reading():
                assert store.meet([number], 9) == [number]

    threads = [Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading():
        assert store.count() == store.given() == 80
        assert postings(store, [7])[7] == list(range(1, 81))


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
    ("name", "value"), [("format", "2"), ("bands", "14 of 9"), ("signature", None)]
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
