"""Add articles to an index and remove them.

- Of articles with the same signature only the first has postings; the others are its copies.
- An article with enough near-copies has bands but neither terms nor runs: a story that a hundred
  sites carry would make its rare words common, and no article could be found by them.

When an article is removed, a copy or near-copy of it gets its postings.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice

import numpy as np
import numpy.typing as npt

from dedup.article import Article, expect_articles
from dedup.candidates import MIN_COPY_RESEMBLANCE
from dedup.errors import InputError, check_count
from dedup.index.records import Content, Entry, article_of, check_id, content_of, moment
from dedup.index.search import NO_TERMS, Fingerprint, Searcher, SearchHit, band_keys

MAX_PAIRS = 16  # near articles that a new one is related to, to find its cluster


class Writer:
    """Adds articles to the store of a searcher, and removes them."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.store = searcher.store

    def find_new(self, articles: Sequence[Article]) -> list[Article]:
        """Those of `articles` that are not there yet, each once; an `InputError` where an id
        stands for two texts."""
        known = self.store.find_numbers([check_id(article.id) for article in articles])
        contents = self.store.read_contents(list(known.values()))
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

    def add(self, article: Article, text: Fingerprint, hit: SearchHit) -> None:
        """Add an article; `hit` is what a search found for it."""
        content, published = content_of(article), moment(article.published)
        number = self.insert(article.id, published, content, text, hit)
        self.store.add_pairs([(other, number) for other in choose_partners(hit)])

    def add_signature(self, id: str, signature: npt.NDArray[np.uint32]) -> None:
        """Add an article of which only the signature is known."""
        text = fingerprint_signature(signature)
        hit = self.searcher.search(text, MAX_PAIRS, sharing=False)
        self.insert(check_id(id), None, Content("{}", None), text, hit)

    def insert(
        self, id: str, published: float | None, content: Content, text: Fingerprint, hit: SearchHit
    ) -> int:
        """Keep an article, with the postings that it is found by, and give its number."""
        posted = hit.original is None and len(text.terms) > 0 and not hit.is_represented
        signature = text.signature.tobytes()
        number = self.store.insert(id, published, hit.original, posted, signature, content)
        if hit.original is None:
            terms = hit.rare if posted else []
            runs = [run for run in text.runs if run not in hit.full] if posted else []
            self.store.add_postings(number, text.bands, terms, runs)
            self.keep_opening(number, text)
        return number

    def keep_opening(self, number: int, text: Fingerprint) -> None:
        """Keep what an article begins with, where the index looks across languages."""
        if text.opening is not None:
            own = text.opening
            self.store.add_opening(number, own.language, own.vector.tobytes())

    def remove(self, id: str) -> None:
        """Remove an article, and give its postings to a copy or near-copy."""
        if not isinstance(id, str):
            raise InputError(f"{id!r:.60} is no id; give a string")
        number = self.store.find_numbers([id]).get(id)
        if number is None:
            raise InputError(f"there is no article {id!r} in {self.store.place}")
        (entry,) = self.store.read_entries([number])
        text = self.fingerprint(entry)
        for cluster, _ in self.store.read_clusters([number]):
            self.store.mark_unsettled(self.store.read_members(cluster))
        partners = self.store.partners(number)
        self.store.delete_postings(number, text.bands, text.terms.tolist(), text.runs)
        self.searcher.forget(text.terms)
        self.store.delete(number)
        if entry.original is None:
            copies = self.store.read_copies([number], limit=2**31 - 1)  # all of them
            if copies:
                self.promote_copy(entry, copies, text)
                partners = [copies[0].number, *partners]
            elif entry.posted:
                self.post_near_copy(text)
        # What hung together through it, and was never related, is related now.
        self.store.add_pairs(list(combinations(sorted(set(partners))[:MAX_PAIRS], 2)))

    def promote_copy(self, removed: Entry, copies: Sequence[Entry], text: Fingerprint) -> None:
        """The first of the copies takes the place of their original."""
        first, *others = (copy.number for copy in copies)
        terms = self.searcher.lookup_rare(text.terms)[0] if removed.posted else []
        self.store.update(first, None, removed.posted)
        self.store.add_postings(first, text.bands, terms, text.runs if removed.posted else [])
        self.keep_opening(first, text)
        for other in others:
            self.store.update(other, first, False)
        self.store.add_pairs([(first, other) for other in others])

    def post_near_copy(self, text: Fingerprint) -> None:
        """Let one of the near-copies that have no terms have its own."""
        for entry, share in self.searcher.find_near(text, MAX_PAIRS):
            if share >= MIN_COPY_RESEMBLANCE and not entry.posted and entry.original is None:
                own = self.fingerprint(entry)
                terms, _ = self.searcher.lookup_rare(own.terms)
                self.store.update(entry.number, None, True)
                self.store.add_postings(entry.number, [], terms, own.runs)
                return

    def fingerprint(self, entry: Entry) -> Fingerprint:
        """The fingerprint of an article of the index."""
        content = self.store.read_contents([entry.number])[entry.number]
        if content.text is None:
            return fingerprint_signature(np.frombuffer(entry.signature, np.uint32))
        return self.searcher.fingerprint([article_of(entry.id, content)])[0]


def fingerprint_signature(signature: npt.NDArray[np.uint32]) -> Fingerprint:
    """The fingerprint of an article of which only the signature is known."""
    return Fingerprint(signature, band_keys(signature[np.newaxis])[0].tolist(), NO_TERMS)


def choose_partners(hit: SearchHit) -> list[int]:
    """The articles to relate a new one to: the first with its signature if there is one, else the
    closest near-copy and all others that the search found."""
    if hit.original is not None:
        return [hit.original]
    copies, edits = [], []
    for entry, share in hit.near:
        if share >= MIN_COPY_RESEMBLANCE:
            copies.append(entry.number)
        elif entry.original is None:
            edits.append(entry.number)
    return copies[:1] + edits[:MAX_PAIRS] + [e.number for e, _ in (*hit.far, *hit.across)]


def split_blocks(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """The articles in lists of `size`, as they come."""
    check_count("commit_every", size)
    rest = expect_articles(articles)
    while block := list(islice(rest, size)):
        yield block
