"""An index: a collection that grows, and answers for each new article what it has of it.

Comes in: articles, one or many. Goes out: verdicts, articles, families. Here stands what a user
calls; `search` finds what is worth a look, `keeping` adds and removes, `families` keeps families
up to date, `records` turns articles into what is kept, and a `Store` keeps it all (`sqlite` in
one file, `postgres` in a database that many hosts share).

An article is compared with those that are in the index before it; who asks again later sees
the later ones too. Across languages it finds nothing: that is for `dedup.compare`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.index.families import IndexCluster, read_clusters, regroup, settle
from dedup.index.file import is_index
from dedup.index.keeping import PAIRED, Keeper, signed
from dedup.index.records import article_of, moment, usable_id
from dedup.index.search import Window, within
from dedup.index.store import Content, Entry, IndexStats, Store
from dedup.pipeline import Verdict

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

__all__ = ["Index", "IndexCluster", "IndexStats", "Store", "is_index_address"]

ADDRESSES = ("postgresql://", "postgres://")
LIMIT = 20  # near candidates of a verdict, unless told otherwise: more than anybody reads
COMMIT_EVERY = 1_000  # articles; a second's work, which is done again after a crash
LOOKED_AT = 64  # pairs related between two commits, a second's work

Progress = Callable[[int], None]


class Index:
    """A collection of articles in the file `place`; made where there is none.

    `place` may also be ":memory:", a "postgresql://…" address or a `Store`. Calls from several
    threads take turns; several processes may have one index open, and what one adds the next
    `check` of another sees. Every call that writes is durable when it returns; `batch` makes
    one of many. Raises `StoreError` where the place cannot be used.

    >>> with Index(":memory:") as index:
    ...     index.add(Article("wire", "The minister resigned on Friday over the lost millions."))
    ...     verdict = index.check("On Friday the minister resigned over the lost millions.")
    ...     [(match.article.id, match.relation.kind) for match in verdict.matches]
    True
    [('wire', 'rewrite')]
    """

    def __init__(self, place: str | PathLike[str] | Store, *, readonly: bool = False) -> None:
        if isinstance(place, str | PathLike):
            place = _store(fspath(place), readonly)
        self._store = place
        self._keeper = Keeper(place)

    @property
    def place(self) -> str:
        """Where the index is kept."""
        return self._store.place

    # Asking

    def check(
        self,
        draft: Article | str,
        *,
        limit: int = LIMIT,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Verdict:
        """What the index has of `draft`: candidates at once, matches, their alignments and
        derivations when they are asked for.

        `limit` is how many near-duplicates are looked at. `since` and `until` (a day or a moment,
        the first included, the last not) leave out what was published at another time; articles
        without a date count as inside. An article of the draft's id is left out.
        """
        draft = Article("draft", draft) if isinstance(draft, str) else draft
        window = _window(since, until)
        (text,) = self._keeper.shown([draft])
        with self._store.reading():
            but = self._store.numbers([draft.id]).get(draft.id)
            found = self._keeper.search(text, limit, window, but)
            return self._keeper.verdict(draft, found, limit)

    def check_and_add(
        self,
        article: Article,
        *,
        limit: int = LIMIT,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Verdict:
        """`check` and then `add`, with nothing in between, whoever else adds meanwhile.

        An article that is there already is checked against the others.
        """
        return next(self.check_and_add_many([article], limit=limit, since=since, until=until))

    def check_and_add_many(
        self,
        articles: Iterable[Article],
        *,
        commit_every: int = COMMIT_EVERY,
        limit: int = LIMIT,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Iterator[Verdict]:
        """The verdict on each article against those before it, once it is kept for good."""
        window = _window(since, until)
        for block in _blocks(articles, commit_every):
            texts = self._keeper.shown(block)
            with self._keeper.writing():
                verdicts = [
                    self._keeper.check_and_keep(article, text, limit, window)
                    for article, text in zip(block, texts, strict=True)
                ]
            yield from verdicts

    # Growing

    def add(self, article: Article) -> bool:
        """Add an article; False if it is there already. Raises `InputError` where the id belongs
        to an article that says something else: `update` replaces it."""
        return self.add_many([article]) == 1

    def add_many(
        self,
        articles: Iterable[Article],
        *,
        commit_every: int = COMMIT_EVERY,
        progress: Progress | None = None,
    ) -> int:
        """Add articles, and say how many of them were not there yet.

        They are kept in batches: after a crash the same call goes on where it stopped.
        `progress(done)` is called after each batch, when it is kept for good.
        """
        added = done = 0
        for block in _blocks(articles, commit_every):
            with self._keeper.writing():
                fresh = self._keeper.unknown(block)
                for article, text in zip(fresh, self._keeper.shown(fresh), strict=True):
                    found = self._keeper.search(text, PAIRED)
                    self._keeper.keep_article(article, text, found)
            added, done = added + len(fresh), done + len(block)
            if progress:
                progress(done)
        return added

    def update(self, article: Article) -> None:
        """Put an article in the place of the one with its id, or add it where there is none."""
        with self._keeper.writing():
            if article.id in self:
                self._keeper.forget(article.id)
            self.add(article)

    def remove(self, id: str) -> None:
        """Forget the article called `id`; an `InputError` where there is none."""
        with self._keeper.writing():
            self._keeper.forget(id)

    @contextmanager
    def batch(self) -> Iterator[Self]:
        """Make one of all calls inside: kept for good together at the end, or, after an error,
        none of them. Other writers wait meanwhile."""
        with self._keeper.writing():
            yield self

    def add_signatures(self, lsh: "MinHashLSH") -> int:
        """Add what a datasketch index knows, and say how much of it was new: its keys, and their
        signatures, without texts.

        They must have been made with scheme "affine32", seed 1 and 128 permutations, of word
        5-shingles hashed by `dedup.sketch.shingle_hash`; the hashing cannot be checked here.
        Such an article is a candidate, never a match: nothing can be aligned with it.
        """
        from dedup.index.interchange import signatures_of

        ids, signatures = signatures_of(lsh)
        with self._keeper.writing():
            known = self._store.numbers(ids)
            for id, signature in zip(ids, signatures, strict=True):
                if id not in known:
                    text = signed(signature)
                    found = self._keeper.search(text, PAIRED)
                    self._keeper.keep(usable_id(id), None, Content("{}", None), text, found)
        return len(ids) - len(known)

    # Looking up

    def get(self, id: str) -> Article | None:
        """The article called `id`, or None."""
        with self._store.reading():
            number = self._store.numbers([id]).get(id)
            if number is None:
                return None
            return article_of(id, self._store.contents([number])[number])

    def minhash(self, id: str) -> "MinHash":
        """The signature of the article called `id` as datasketch has it."""
        from dedup.index.interchange import minhash

        with self._store.reading():
            entries = self._store.entries(list(self._store.numbers([id]).values()))
        if not entries:
            raise InputError(f"there is no article {id!r} in {self.place}")
        return minhash(np.frombuffer(entries[0].signature, np.uint32))

    def __contains__(self, id: object) -> bool:
        """Whether there is an article called `id`."""
        with self._store.reading():
            return isinstance(id, str) and bool(self._store.numbers([id]))

    def __len__(self) -> int:
        """How many articles there are."""
        with self._store.reading():
            return self._store.count()

    def __iter__(self) -> Iterator[Article]:
        """The articles in the order of adding, those added meanwhile too."""
        return self.articles()

    def articles(
        self, *, since: date | str | None = None, until: date | str | None = None
    ) -> Iterator[Article]:
        """The articles in the order of adding; `since` and `until` as in `check`."""
        window = _window(since, until)
        for entry, content in self._walk():
            if within(entry, window):
                yield article_of(entry.id, content)

    def _walk(self) -> Iterator[tuple[Entry, Content]]:
        after = 0
        while True:
            with self._store.reading():
                rows = self._store.walk(after, COMMIT_EVERY)
            if not rows:
                return
            yield from rows
            after = rows[-1][0].number

    # Families

    def settle(self, most: int | None = None, progress: Progress | None = None) -> int:
        """Relate pairs that nobody has looked at yet, at most `most`, and bring the families up
        to date; say how many pairs were related. Adding leaves this for later, for a pair costs
        some 15 ms; a crawler may call it when it has time."""
        done = 0
        while most is None or done < most:
            lot = LOOKED_AT if most is None else min(LOOKED_AT, most - done)
            related = settle(self._store, lot)
            if not related:
                break
            done += related
            if progress:
                progress(done)
        regroup(self._store)
        return done

    def clusters(self) -> tuple[IndexCluster, ...]:
        """The families of the index, largest first, up to date (`settle`) unless the index was
        opened for reading only.

        A family keeps its id as it grows; of two that become one the larger one's stays, and no
        id is given again.
        """
        if not self._store.readonly:
            self.settle()
        with self._store.reading():
            return read_clusters(self._store)

    # Housekeeping

    def stats(self) -> IndexStats:
        """How much there is of everything, in rows and bytes."""
        with self._store.reading():
            return self._store.sizes()

    def compact(self) -> None:
        """Give back the room of what was removed."""
        self._store.compact()

    def export(self, path: str | PathLike[str]) -> int:
        """Write all articles to a .jsonl or .parquet file, which `dedup.read` reads back; say how
        many. `index.add_many(dedup.read(path))` takes them in. Raises `InputError` where it is the
        file of the index itself."""
        from dedup.index.interchange import write

        path = Path(path)
        if path.exists() and Path(self.place).exists() and path.samefile(self.place):
            raise InputError(f"{path}: is the index itself; name another file")
        return write(self.articles(), path)

    def close(self) -> None:
        """Let go of the place."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def is_index_address(given: str) -> bool:
    """Whether `given` names an index rather than articles: its file, or a database's address."""
    return given.startswith(ADDRESSES) or is_index(given)


def _store(place: str, readonly: bool) -> Store:
    if place.startswith(ADDRESSES):
        require("psycopg", "postgres")
        from dedup.index.postgres import PostgresStore

        return PostgresStore(place, readonly=readonly)
    from dedup.index.sqlite import SQLiteStore

    return SQLiteStore(place, readonly=readonly)


def _blocks(articles: Iterable[Article], most: int) -> Iterator[list[Article]]:
    if most < 1:
        raise InputError(f"commit_every is {most!r}; give a whole number from 1 on")
    rest = iter(articles)
    while block := list(islice(rest, most)):
        yield block


def _window(since: date | str | None, until: date | str | None) -> Window:
    return moment(since), moment(until)
