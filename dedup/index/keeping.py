"""Keeping: what adding and removing an article does to an index.

Comes in: articles and what their texts show. Goes out: rows and postings of the store, so that
`dedup.index.search` finds each article by itself or through one like it:

- of articles with one signature the first is found by its bands, the others through it;
- an article with near-copies enough has bands but no terms: a story that a hundred sites carry
  would make its rare words common, and nobody could be found by them.

When an article goes, what was found through it takes its place.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.candidates import MIN_COPY_RESEMBLANCE
from dedup.errors import InputError
from dedup.index.records import article_of, content_of, moment, usable_id
from dedup.index.search import (
    NO_TERMS,
    NO_WINDOW,
    Fingerprint,
    SearchHit,
    Window,
    band_keys,
    search,
    shown,
)
from dedup.index.store import Content, Entry, Store
from dedup.pipeline import Candidate, Verdict
from dedup.sketch import TERM_BITS, raw_sketch

MOST_COPIES = 2**31 - 1  # all of them
# Articles that a process reads by numpy, 240 µs each: the kernels take 35, half a second to load
# and, once a machine, 8 s to compile.
KERNELS_AFTER = 20_000
THREADS_FROM = 100  # articles at once: to start threads costs as much as to read three
PAIRED = 16  # near articles that a new one is compared with for the families


class Keeper:
    """What one process knows of a store: which terms are common, and how much it has read."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._common: npt.NDArray[np.bool_] | None = None
        self._changes = -1
        self._read = 0

    def shown(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """What the texts of articles show."""
        self._read += len(articles)
        texts = [article.text for article in articles]
        threads = 1 if len(texts) < THREADS_FROM else None
        return shown(raw_sketch(texts, compiled=self._read > KERNELS_AFTER, threads=threads))

    @contextmanager
    def writing(self) -> Iterator[None]:
        try:
            with self.store.writing():
                yield
        except BaseException:
            self._common = None  # what was learned may have been undone
            raise

    def common(self) -> npt.NDArray[np.bool_]:
        """Which terms are common; read anew after others have written."""
        changes = self.store.changes()
        if self._common is None or changes != self._changes:
            self._common = np.zeros(1 << TERM_BITS, np.bool_)
            self._common[self.store.common()] = True
            self._changes = changes
        return self._common

    def search(
        self, text: Fingerprint, limit: int, window: Window = NO_WINDOW, but: int | None = None
    ) -> SearchHit:
        return search(self.store, text, self.common(), limit=limit, window=window, but=but)

    def verdict(self, draft: Article, found: SearchHit, limit: int) -> Verdict:
        """What was found, with the articles as they are now."""
        entries = [*found.near[:limit], *found.far]
        contents = self.store.contents([entry.number for entry, _ in entries])
        return Verdict(
            draft,
            tuple(
                Candidate(entry.id, share, partial(article_of, entry.id, contents[entry.number]))
                for entry, share in entries
            ),
        )

    def check_and_keep(
        self, article: Article, text: Fingerprint, limit: int, window: Window
    ) -> Verdict:
        """Check an article, then keep it unless it is there."""
        fresh = self.unknown([article])
        but = None if fresh else self.store.numbers([article.id])[article.id]
        found = self.search(text, max(limit, PAIRED), but=but)
        asked = found if window == NO_WINDOW else self.search(text, limit, window, but)
        verdict = self.verdict(article, asked, limit)
        if fresh:
            self.keep_article(article, text, found)
        return verdict

    def unknown(self, articles: Sequence[Article]) -> list[Article]:
        """Those of `articles` that are not there yet, each once; an `InputError` where an id
        stands for two texts."""
        known = self.store.numbers([usable_id(article.id) for article in articles])
        contents = self.store.contents(list(known.values()))
        fresh: dict[str, Article] = {}
        for article in articles:
            there = fresh.get(article.id)
            if there is None and article.id in known:
                there = article_of(article.id, contents[known[article.id]])
            if there is None:
                fresh[article.id] = article
            elif there.text != article.text:
                raise InputError(
                    f"{article.id!r} is in {self.store.place} with another text; "
                    "update() replaces it, or give this one an id of its own"
                )
        return list(fresh.values())

    def keep_article(self, article: Article, text: Fingerprint, found: SearchHit) -> None:
        self.keep(article.id, moment(article.published), content_of(article), text, found)

    def keep(
        self,
        id: str,
        published: float | None,
        content: Content,
        text: Fingerprint,
        found: SearchHit,
    ) -> None:
        """Keep an article, let it be found, and remember what it is to be compared with."""
        original = found.copied
        posted = original is None and len(text.terms) > 0 and not found.spoken_for
        signature = text.signature.tobytes()
        number = self.store.insert(id, published, original, posted, signature, content)
        if original is None:
            if found.crowded:
                self.store.make_common(found.crowded)
                self.common()[found.crowded] = True
            self.store.post(number, text.bands, text.rare(self.common()) if posted else [])
        if content.text is not None:
            others = [original] if original else _worth_relating(found)
            self.store.pair([(other, number) for other in others])

    def forget(self, id: str) -> None:
        """Remove an article; what was found through it is found by itself from now on."""
        number = self.store.numbers([id]).get(id)
        if number is None:
            raise InputError(f"there is no article {id!r} in {self.store.place}")
        (entry,) = self.store.entries([number])
        text = self._again(entry)
        for family, _ in self.store.families([number]):
            self.store.unsettle(self.store.members(family))
        partners = self.store.partners(number)
        self.store.withdraw(number, text.bands, text.terms.tolist())
        self.store.delete(number)
        if entry.original is None:
            heirs = self.store.copies([number], MOST_COPIES)
            if heirs:
                self._succeed(entry, heirs, text)
                partners = [heirs[0].number, *partners]
            elif entry.posted:
                self._speak_instead(text)
        # What hung together through it, and was never compared, is compared now.
        self.store.pair(list(combinations(sorted(set(partners))[:PAIRED], 2)))

    def _succeed(self, gone: Entry, heirs: Sequence[Entry], text: Fingerprint) -> None:
        """The first of the copies takes the place of their original."""
        first, *others = heirs
        self.store.change(first.number, None, gone.posted)
        self.store.post(first.number, text.bands, text.rare(self.common()) if gone.posted else [])
        for heir in others:
            self.store.change(heir.number, first.number, False)
        self.store.pair([(first.number, heir.number) for heir in others])

    def _speak_instead(self, text: Fingerprint) -> None:
        """A near-copy that was found through a removed article leaves terms of its own."""
        for entry, share in self.search(text, PAIRED).near:
            if share >= MIN_COPY_RESEMBLANCE and not entry.posted and entry.original is None:
                self.store.change(entry.number, None, True)
                self.store.post(entry.number, [], self._again(entry).rare(self.common()))
                return

    def _again(self, entry: Entry) -> Fingerprint:
        content = self.store.contents([entry.number])[entry.number]
        if content.text is None:
            return signed(np.frombuffer(entry.signature, np.uint32))
        return self.shown([article_of(entry.id, content)])[0]


def signed(signature: npt.NDArray[np.uint32]) -> Fingerprint:
    """What a signature shows without its text."""
    return Fingerprint(signature, band_keys(signature[np.newaxis])[0].tolist(), NO_TERMS)


def _worth_relating(found: SearchHit) -> list[int]:
    """The entries to compare a new article with: of near-copies the most alike, of the others
    all that are at hand."""
    copies = [entry.number for entry, share in found.near if share >= MIN_COPY_RESEMBLANCE]
    edits = [
        e.number for e, share in found.near if share < MIN_COPY_RESEMBLANCE and e.original is None
    ]
    return copies[:1] + edits[:PAIRED] + [entry.number for entry, _ in found.far]
