"""Find the articles of an index that are worth a closer look for a text.

As in `dedup.candidates`, the keys of bands find copies and light edits, and rare terms find
rewrites. But the collection is never seen as a whole:

- a term is rare until `MAX_ARTICLES_OF_RARE_TERM` articles have it, and then never again;
- neighbours are ranked by the rare terms that they share, each weighed by its rarity, not by
  the cosine of all terms, whose weights would change with every article;
- an article with enough near-copies in the index is found through them, and leaves no terms.

Single passages are found by winnowed runs of words (`dedup.sketch.winnow`), as in
`dedup.candidates.passages`.

What this loses is measured in benchmarks/index.py.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.candidates import MAX_NEIGHBOURS, MIN_COPY_RESEMBLANCE, MIN_RESEMBLANCE, REPRESENTATIVES
from dedup.candidates.near import BANDS, ROWS
from dedup.candidates.passages import MAX_FOR_ONE
from dedup.candidates.prefilter import MAX_ARTICLES_OF_RARE_TERM
from dedup.embed import Encoder
from dedup.index.across import MAX_ACROSS, Opening, Openings
from dedup.index.records import Entry, Postings, damaged, moment
from dedup.index.store import Store
from dedup.sketch import PERMUTATIONS, TERM_BITS, RawSketches, is_empty, raw_sketch
from dedup.text.words import MULTIPLIER, Hashes, mix

MAX_BUCKET = 64  # articles looked at under a key of bands, the last ones added
# Distinct words of an article that are looked up: a news article has some hundred, and a book
# of 100,000 words would take seconds. Terms are hashes, so the smallest are a fair sample.
MAX_TERMS = 4_000
# In an index of more articles a neighbour shares so many rare terms, or such a part of what rare
# terms of the article any other has. Of 149 rewrites of one report among 12,000 dispatches of
# Reuters this loses 3, and of such dispatches each has 2.8 neighbours instead of 8.
MAX_ALL_TRUSTED = 3_000
MIN_SHARED_TERMS, MIN_SHARED_PART = 3, 0.3
MAX_READ = 256  # entries that are read where a time window decides which of them count
# Articles that a process reads by numpy, 240 µs each: the kernels take 35, half a second to load
# and, once a machine, 8 s to compile.
KERNELS_AFTER = 20_000
# Articles of which a run is kept: what more have is a set phrase or a disclaimer, and finds
# nothing. Runs of a text that are looked up, the smallest, as for terms.
MAX_ARTICLES_OF_RUN = 32
MAX_RUNS = 2_000
THREADS_FROM = 100  # articles at once: to start threads costs as much as to read three
NO_TERMS = np.empty(0, np.int32)
Scored = tuple[Entry, float]  # an entry and its resemblance to the text
Window = tuple[float | None, float | None]
NO_WINDOW: Window = (None, None)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text is found by: its signature, the keys of its bands, its distinct terms, the keys
    of its winnowed runs, and its opening where the index looks across languages. A text without
    words has none of these but the signature."""

    signature: npt.NDArray[np.uint32]
    bands: list[int]
    terms: npt.NDArray[np.int32]
    runs: Sequence[int] = ()
    opening: Opening | None = None

    def rare(self, common: npt.NDArray[np.bool_]) -> list[int]:
        """The terms that are not common."""
        rare: list[int] = self.terms[~common[self.terms]].tolist()
        return rare


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What is in the index for a text: `near` entries, the most alike first, and `far` ones,
    which share rare terms, the rarest first; `across` those in other languages that begin
    alike; `sharing` those that have a run of words in common with it, most runs first.
    `crowded` are the terms of the text that one more article makes common, `full` its runs that
    are kept of as many articles as may be."""

    near: list[Scored]
    far: list[Scored]
    across: list[Scored]
    sharing: list[Scored]
    crowded: list[int]
    full: frozenset[int]

    @property
    def original(self) -> int | None:
        """The number of the first article with this very signature."""
        if not self.near or self.near[0][1] < 1:
            return None
        first = self.near[0][0]
        return first.original or first.number

    @property
    def is_represented(self) -> bool:
        """Whether there are enough near-copies that are found by their terms."""
        posted = (e.posted for e, share in self.near if share >= MIN_COPY_RESEMBLANCE)
        return sum(posted) >= REPRESENTATIVES


class Searcher:
    """Searches a store, and remembers which terms are common in it."""

    def __init__(self, store: Store, encoder: Encoder | None = None) -> None:
        self.store = store
        self.openings = Openings(store, encoder) if encoder else None
        self._common: npt.NDArray[np.bool_] | None = None
        self._changes = -1
        self._read = 0

    def fingerprint(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """The fingerprints of articles."""
        self._read += len(articles)
        texts = [article.text for article in articles]
        threads = 1 if len(texts) < THREADS_FROM else None
        compiled = self._read > KERNELS_AFTER
        made = make_fingerprints(
            raw_sketch(texts, compiled=compiled, threads=threads), self.store.keeps_runs
        )
        if self.openings is None:
            return made
        read = map(self.openings.read, articles)
        return [replace(own, opening=opening) for own, opening in zip(made, read, strict=True)]

    def common(self) -> npt.NDArray[np.bool_]:
        """Which terms are common; read anew after others have written, or after what
        was learned here has been undone."""
        changes = self.store.changes()
        if self._common is None or changes != self._changes:
            self._common = np.zeros(1 << TERM_BITS, np.bool_)
            terms = self.store.common_terms()
            if not all(0 <= term < len(self._common) for term in terms):
                raise damaged("its common terms are no terms")
            self._common[terms] = True
            self._changes = changes
        return self._common

    def search(
        self,
        text: Fingerprint,
        limit: int,
        window: Window = NO_WINDOW,
        leave_out: int | None = None,
        sharing: bool = True,
    ) -> SearchHit:
        """What is in the store for a text, at most `limit` near ones, without `leave_out`; those
        that have only runs of words in common with it if `sharing`."""
        near = [
            (entry, share)
            for entry, share in self.find_near(text, limit)
            if entry.number != leave_out and is_within(entry, window)
        ]
        postings = self.store.lookup_terms(text.rare(self.common()))
        crowded = postings.terms[postings.sizes >= MAX_ARTICLES_OF_RARE_TERM].tolist()
        known = {leave_out, *(entry.number for entry, _ in near)}
        ranked = rank_neighbours(postings, self.store.last_id(), known)
        far = self.read_best(ranked, text, window, MAX_NEIGHBOURS)
        known.update(entry.number for entry, _ in far)
        across = self.find_across(text, window, leave_out, known)
        known.update(entry.number for entry, _ in across)
        rows = self.store.lookup_runs(text.runs) if text.runs else []
        sizes = Counter(run for run, _ in rows)
        full = frozenset(run for run, size in sizes.items() if size >= MAX_ARTICLES_OF_RUN)
        if not sharing:
            return SearchHit(near, far, across, [], crowded, full)
        shared = Counter(n for run, n in rows if run not in full and n not in known)
        most = sorted(shared, key=lambda n: (-shared[n], n))
        taken = self.read_best(most, text, window, MAX_FOR_ONE)
        return SearchHit(near, far, across, taken, crowded, full)

    def find_across(
        self,
        text: Fingerprint,
        window: Window,
        leave_out: int | None,
        known: Collection[int | None],
    ) -> list[Scored]:
        """The entries in other languages that begin as the text does, the most alike first, those
        `known` left out."""
        if self.openings is None or text.opening is None:
            return []
        limit = MAX_ACROSS if window == NO_WINDOW else MAX_READ
        found = self.openings.find(text.opening, leave_out, limit)
        return self.read_best([n for n in found if n not in known], text, window, MAX_ACROSS)

    def read_best(
        self, ranked: Sequence[int], text: Fingerprint, window: Window, limit: int
    ) -> list[Scored]:
        """The first `limit` entries of those ranked that lie in the window, with their resemblance
        to the text."""
        looked_at = ranked[: limit if window == NO_WINDOW else MAX_READ]
        entries = {entry.number: entry for entry in self.store.read_entries(looked_at)}
        there = [entries[number] for number in looked_at if number in entries]
        inside = [entry for entry in there if is_within(entry, window)]
        return score_entries(inside[:limit], text)

    def find_near(self, text: Fingerprint, limit: int) -> list[Scored]:
        """The entries that resemble the text, the most alike first, the oldest among equals; of
        articles with one signature those beyond the first only as far as `limit` has room."""
        if not text.bands:
            return []
        met = self.store.read_entries(self.store.lookup_bands(text.bands, MAX_BUCKET))
        near = {
            e.number: (e, share)
            for e, share in score_entries(met, text)
            if share >= MIN_RESEMBLANCE
        }
        if 0 < len(near) < limit:
            for copy in self.store.read_copies(list(near), limit - len(near)):
                assert copy.original is not None  # it is a copy of one of them
                near[copy.number] = (copy, near[copy.original][1])
        return sorted(near.values(), key=lambda scored: (-scored[1], scored[0].number))[:limit]


def make_fingerprints(sketches: RawSketches, runs: bool = True) -> list[Fingerprint]:
    """The fingerprint of each text, with its runs where these are wanted."""
    terms_of = np.split(sketches.terms, np.cumsum(sketches.sizes)[:-1])
    runs_of = np.split(run_keys(sketches.runs), np.cumsum(sketches.run_sizes)[:-1])
    empty, keys = is_empty(sketches.signatures), band_keys(sketches.signatures)
    return [
        Fingerprint(signature, [], NO_TERMS)
        if empty[n]
        else Fingerprint(
            signature,
            keys[n].tolist(),
            terms_of[n][:MAX_TERMS],
            np.unique(runs_of[n])[:MAX_RUNS].tolist() if runs else (),
        )
        for n, signature in enumerate(sketches.signatures)
    ]


def run_keys(runs: Hashes) -> npt.NDArray[np.int64]:
    """The keys of winnowed runs, numbers of 32 bits: int64[n]."""
    return (runs >> np.uint64(32)).astype(np.int64) - 2**31


def band_keys(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The keys of each signature's bands, numbers of 32 bits: int64[n, 25].

    That one band's key equals another's by chance happens once in four billion.
    """
    bands = signatures[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS)
    value = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), bands.shape[:2])
    for place in range(ROWS):
        value = value * MULTIPLIER + bands[:, :, place]
    return (mix(value) >> np.uint64(32)).astype(np.int64) - 2**31


def make_window(since: date | str | None, until: date | str | None) -> Window:
    """The time from one day or moment, included, to another, excluded."""
    return moment(since), moment(until)


def is_within(entry: Entry, window: Window) -> bool:
    """Whether an entry's date lies in the window, or is not known."""
    since, until = window
    when = entry.published
    return when is None or ((since is None or when >= since) and (until is None or when < until))


def score_entries(entries: Sequence[Entry], text: Fingerprint) -> list[Scored]:
    """Entries with the share of positions in which their signatures agree with the text's."""
    table = np.frombuffer(b"".join(entry.signature for entry in entries), np.uint32)
    shares = (table.reshape(-1, PERMUTATIONS) == text.signature).mean(axis=1)
    return list(zip(entries, shares.tolist(), strict=True))


def rank_neighbours(postings: Postings, articles: int, known: Collection[int | None]) -> list[int]:
    """The articles that share rare terms, by the weight of these terms, without the known."""
    if not len(postings.numbers):
        return []
    weights = np.log((1 + articles) / postings.sizes) ** 2
    numbers, place = np.unique(postings.numbers, return_inverse=True)
    weight = np.bincount(place, np.repeat(weights, postings.sizes))
    if articles > MAX_ALL_TRUSTED:
        enough = np.bincount(place) >= MIN_SHARED_TERMS
        enough |= weight >= MIN_SHARED_PART * weights.sum()
        numbers, weight = numbers[enough], weight[enough]
    best = numbers[np.lexsort((numbers, -weight))][: MAX_READ + len(known)].tolist()
    return [number for number in best if number not in known]
