"""An index: a collection that grows, and against which new articles are checked.

`search` finds candidates, `writer` adds and removes articles, `clusters` keeps clusters up to date,
and a `Store` keeps the rows: `sqlite` in one file, `postgres` in a database that many hosts share.
An article is compared with those that were added before it; a later check sees the later ones too.
Across languages it looks where it has an encoder.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dedup.article import Article, expect_article
from dedup.embed import Encoder, resolve_encoder
from dedup.errors import InputError, check_count
from dedup.index.clusters import IndexCluster, read_clusters, update_clusters
from dedup.index.migration import recount_terms
from dedup.index.places import is_index_address, open_store
from dedup.index.records import IndexStats, article_of, check_id, content_of, moment
from dedup.index.relating import relate_pending
from dedup.index.search import NO_WINDOW, RECENT, Searcher, SearchHit, is_within, make_window
from dedup.index.store import Store
from dedup.index.verification import find_faults
from dedup.index.writer import MAX_PAIRS, Writer, split_blocks
from dedup.pipeline import Candidate, Verdict
from dedup.sketch import usable_threads

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["Index", "IndexCluster", "IndexStats", "Store", "is_index_address"]

MAX_COMPARED = 20  # near-duplicates of a verdict, unless asked otherwise: more than anybody reads
COMMIT_EVERY = 1_000  # articles; a second's work, which is done again after a crash

Progress = Callable[[int], None]


class Index:
    """A collection of articles in the file `place`; made where there is none.

    `place` may also be ":memory:", a "postgresql://…" address or a `Store`. Calls from several
    threads take turns; several processes may have one index open, and what one adds the next
    `check` of another sees. Every call that writes is durable when it returns; `batch` makes
    one of many. Raises `StoreError` where the place cannot be used.

    An index that is made with `passages=False` finds no articles that have only a passage in common
    with a draft; it takes 1 KB and a fifth of the time less for an article.

    With an `encoder` (or the one of that name, "auto" for the default of `compare`) articles in
    two languages are compared too, if both were added with it; without one they never are.

    >>> with Index(":memory:") as index:
    ...     index.add(Article("wire", "The minister resigned on Friday over the lost millions."))
    ...     verdict = index.check("On Friday the minister resigned over the lost millions.")
    ...     [(match.article.id, match.relation.kind) for match in verdict.matches]
    True
    [('wire', 'rewrite')]
    """

    def __init__(
        self,
        place: str | PathLike[str] | Store,
        *,
        readonly: bool = False,
        encoder: Encoder | str | None = None,
        passages: bool = True,
    ) -> None:
        self._named = encoder
        self._encoder = resolve_encoder(encoder)
        self._address = None if isinstance(place, Store) else fspath(place)
        self._store = open_store(place, readonly, passages)
        self._searcher = Searcher(self._store, self._encoder)
        self._writer = Writer(self._searcher)

    @property
    def place(self) -> str:
        """Where the index is kept."""
        return self._store.place

    # Checking

    def check(
        self,
        draft: Article | str,
        *,
        limit: int = MAX_COMPARED,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Verdict:
        """Find the articles of the index that `draft` reuses: the candidates at once, their
        matches, alignments and derivations when these are asked for.

        `limit` is how many near-duplicates are looked at. `since` and `until` (a day or a moment,
        the first included, the last not) leave out what was published at another time; articles
        without a date are kept. An article with the draft's id is left out.
        """
        check_count("limit", limit)
        draft = Article("draft", draft) if isinstance(draft, str) else draft
        (text,) = self._searcher.fingerprint([draft])
        with self._store.reading():
            own = self._store.find_numbers([draft.id]).get(draft.id)
            hit = self._searcher.search(text, limit, make_window(since, until), own)
            return self._verdict(draft, hit, limit)

    def check_and_add(
        self,
        article: Article,
        *,
        limit: int = MAX_COMPARED,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Verdict:
        """`check` and then `add`, while no other process can add. An article that is there already
        is checked against the others."""
        return next(self.check_and_add_many([article], limit=limit, since=since, until=until))

    def check_and_add_many(
        self,
        articles: Iterable[Article],
        *,
        commit_every: int = COMMIT_EVERY,
        limit: int = MAX_COMPARED,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Iterator[Verdict]:
        """The verdict on each article against those before it, once it is committed."""
        check_count("limit", limit)
        window = make_window(since, until)
        most, is_dated = max(limit, MAX_PAIRS), window != NO_WINDOW
        for block in split_blocks(articles, commit_every):
            texts = self._searcher.fingerprint(block)
            verdicts = []
            with self._store.writing():
                for article, text in zip(block, texts, strict=True):
                    fresh = self._writer.find_new([article])
                    own = None if fresh else self._store.find_numbers([article.id])[article.id]
                    hit = self._searcher.search(text, most, leave_out=own, sharing=not is_dated)
                    dated = hit
                    if is_dated:
                        dated = self._searcher.search(text, limit, window, own)
                    verdicts.append(self._verdict(article, dated, limit))
                    if fresh:
                        self._writer.add(article, text, hit)
            yield from verdicts

    def _verdict(self, draft: Article, hit: SearchHit, limit: int) -> Verdict:
        """The verdict of a search, with the articles as they are now."""
        scored = [*hit.near[:limit], *hit.far, *hit.across, *hit.copies]
        alike = len(scored)  # those behind have no more than runs of words in common with it
        scored += hit.sharing
        contents = self._store.read_contents([entry.number for entry, _ in scored])
        candidates = [
            Candidate(e.id, share, partial(article_of, e.id, contents[e.number]), None, n >= alike)
            for n, (e, share) in enumerate(scored)
        ]
        across = self._encoder is not None
        return Verdict(draft, tuple(candidates), self._encoder, across_languages=across)

    # Growing

    def add(self, article: Article) -> bool:
        """Add an article; False if it is there already. Raises `InputError` where the id belongs
        to an article with another text: `update` replaces it."""
        return self.add_many([article]) == 1

    def add_many(
        self,
        articles: Iterable[Article],
        *,
        commit_every: int = COMMIT_EVERY,
        progress: Progress | None = None,
    ) -> int:
        """Add articles, and say how many of them were not there yet.

        They are committed in batches, after each of which `progress(done)` is called: after a crash
        the same call continues where it stopped.
        """
        added = done = 0
        for block in split_blocks(articles, commit_every):
            with self._store.writing():
                fresh = self._writer.find_new(block)
                for article, text in zip(fresh, self._searcher.fingerprint(fresh), strict=True):
                    hit = self._searcher.search(text, MAX_PAIRS, sharing=False)
                    self._writer.add(article, text, hit)
            added, done = added + len(fresh), done + len(block)
            if progress:
                progress(done)
        return added

    def update(self, article: Article) -> None:
        """Replace the article that has the same id, or add this one if there is none. One that
        cannot be kept is an `InputError`, and the other stays."""
        with self._store.writing():
            check_id(expect_article(article).id)
            content_of(article), moment(article.published)  # refused, if at all, before the removal
            if article.id in self:
                self._writer.remove(article.id)
            self.add(article)

    def remove(self, id: str) -> None:
        """Remove the article called `id`; an `InputError` where there is none."""
        with self._store.writing():
            self._writer.remove(id)

    def remove_before(
        self, day: date | str, *, commit_every: int = COMMIT_EVERY, progress: Progress | None = None
    ) -> int:
        """Remove the articles published before a day or a moment, in batches, and say how many;
        those without a date are kept. `compact` then reclaims their space."""
        before = moment(day)
        assert before is not None  # only of None is there no moment
        removed = 0
        while True:
            with self._store.writing():
                ids = self._store.ids_before(before, commit_every)
                for id in ids:
                    self._writer.remove(id)
            if not ids:
                break
            removed += len(ids)
            if progress:
                progress(removed)
        if removed:  # words that they made common are rare now
            recount_terms(self._store, RECENT)
        return removed

    @contextmanager
    def batch(self) -> Iterator[Self]:
        """Commit all calls inside together at the end, or none of them after an error. Other
        writers wait meanwhile."""
        with self._store.writing():
            yield self

    def add_signatures(self, signed: Any) -> int:
        """Add articles of which only the signatures are known: a table of `dedup.sign`, or a
        datasketch index; say how many were new. They are candidates, never matches.

        Those of a datasketch index must have scheme "affine32", seed 1 and 128 permutations, of
        word 5-shingles hashed by `dedup.sketch.shingle_hash`; the hashing cannot be checked here.
        """
        from dedup.index.interchange import signatures_of

        ids, signatures = signatures_of(signed)
        with self._store.writing():
            fresh = dict(zip(ids, signatures, strict=True))
            for id in self._store.find_numbers(ids):
                del fresh[id]
            for id, signature in fresh.items():
                self._writer.add_signature(id, signature)
        return len(fresh)

    # Looking up

    def get(self, id: str) -> Article | None:
        """The article called `id`, or None."""
        with self._store.reading():
            number = self._store.find_numbers([id]).get(id)
            if number is None:
                return None
            return article_of(id, self._store.read_contents([number])[number])

    def minhash(self, id: str) -> "MinHash":
        """The signature of the article called `id` as datasketch has it."""
        from dedup.index.interchange import minhash

        with self._store.reading():
            entries = self._store.read_entries(list(self._store.find_numbers([id]).values()))
        if not entries:
            raise InputError(f"there is no article {id!r} in {self.place}")
        return minhash(np.frombuffer(entries[0].signature, np.uint32))

    def __contains__(self, id: object) -> bool:
        """Whether there is an article called `id`."""
        with self._store.reading():
            return isinstance(id, str) and bool(self._store.find_numbers([id]))

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
        window = make_window(since, until)
        last = 0
        while True:
            with self._store.reading():
                rows = self._store.read_articles(after=last, limit=COMMIT_EVERY)
            if not rows:
                return
            last = rows[-1][0].number
            for entry, content in rows:
                if is_within(entry, window):
                    yield article_of(entry.id, content)

    # Clusters

    def settle(
        self, limit: int | None = None, progress: Progress | None = None, threads: int | None = None
    ) -> int:
        """Relate pairs that are pending, at most `limit`, and bring the clusters up to date; say
        how many pairs were related. Adding leaves this for later, for a pair costs some 15 ms. From
        400 pairs on `threads` processes (default: one for each processor) share the work."""
        done, many = 0, usable_threads(threads)
        for done in relate_pending(self._store, limit, self._encoder, self._named, many):
            if progress:
                progress(done)
        update_clusters(self._store)
        return done

    def clusters(self) -> tuple[IndexCluster, ...]:
        """The clusters of the index, largest first, up to date (`settle`) unless the index was
        opened for reading only.

        A cluster keeps its id as it grows; of two that become one the larger one's stays, and no
        id is used twice.
        """
        if not self._store.readonly:
            self.settle()
        with self._store.reading():
            return read_clusters(self._store)

    # Housekeeping

    def stats(self) -> IndexStats:
        """How much there is, in rows and bytes."""
        with self._store.reading():
            return self._store.stats()

    def verify(self) -> Iterator[str]:
        """What is wrong with the index, fault by fault; nothing where it is whole."""
        yield from find_faults(self._store)

    def compact(self) -> None:
        """Reclaim the space of what was removed, and count anew which terms are rare without it."""
        recount_terms(self._store)
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

    def backup(self, path: str | PathLike[str]) -> None:
        """Write a copy of the index, of one moment, to a file that is not there yet; others may
        read and write meanwhile. It opens as an index. A database has its own means."""
        path = Path(path)
        if path.exists():
            raise InputError(f"{path}: is there already; name a new file")
        if not path.parent.is_dir():
            raise InputError(f"{path}: there is no such folder")
        half = path.with_name(f".{path.name}.{token_hex(4)}")
        try:
            self._store.back_up(half)
            with half.open("rb") as file:
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its place, which is opened again where it is unpickled."""
        if self.place == ":memory:" or not isinstance(self._address, str):
            raise TypeError(f"the index {self.place} cannot be pickled: it is in no file")
        return partial(Index, readonly=self._store.readonly, encoder=self._encoder), (
            self._address,
        )

    def close(self) -> None:
        """Close the index."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
