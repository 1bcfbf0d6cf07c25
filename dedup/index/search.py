"""Find the articles of an index that are worth a closer look for a text.

As in `dedup.candidates`, the keys of bands find copies and light edits, and rare terms find
rewrites. But the collection is never seen as a whole:

- a term is rare unless the last `MAX_POSTED` articles under it are all among the last `RECENT` of
  the index; while it is common, nothing is posted under it;
- neighbours are ranked by the rare terms that they share, each weighed by its rarity, and by their
  length, not by the cosine of all terms, whose weights would change with every article. Most
  places are for recent articles, so that an index of a million finds what one of the last days
  would;
- an article with enough near-copies in the index is found through them, and leaves no terms.

Single passages are found by winnowed runs of words (`dedup.sketch.winnow`), as in
`dedup.candidates.passages`.

What this loses is measured in benchmarks/index_recall.py.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log1p, sqrt

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.candidates import MAX_NEIGHBOURS, MIN_COPY_RESEMBLANCE, MIN_RESEMBLANCE, REPRESENTATIVES
from dedup.candidates.near import BANDS, ROWS
from dedup.candidates.passages import MAX_FOR_ONE
from dedup.embed import Encoder
from dedup.index.across import MAX_ACROSS, Opening, Openings
from dedup.index.postings import (
    MAX_NUMBER,
    MAX_POSTED,
    NUMBER_BITS,
    Numbers,
    Postings,
    count_equal,
)
from dedup.index.records import Entry, moment
from dedup.index.store import Store
from dedup.sketch import PERMUTATIONS, RawSketches, is_empty, raw_sketch
from dedup.text.words import MULTIPLIER, Hashes, mix

MAX_BUCKET = 64  # articles looked at under a key of bands, the last ones added
# Articles among which a term is rare: a small index, or the last days of a large one. All figures
# down to `MIN_LIKENESS` are measured in decision 56.
RECENT = 5_000
# Neighbours by terms, beside the best recent ones, wherever they lie.
MAX_OLDER = 4
# Neighbours of which the length is looked up, for a long article shares more with any other: the
# bytes of the compressed text, of which so many always count.
MAX_WEIGHED = 32
MIN_SIZE = 100
# Distinct words of an article that are looked up: a news article has some hundred, and a book
# of 100,000 words would take seconds. Terms are hashes, so the smallest are a fair sample.
MAX_TERMS = 4_000
# In an index of more articles a neighbour shares so many rare terms, or such a part of what rare
# terms of the article any other has. Of 149 rewrites of one report among 12,000 dispatches of
# Reuters this loses 3, and of such dispatches each has 2.8 neighbours instead of 8.
MAX_ALL_TRUSTED = 3_000
MIN_SHARED_TERMS, MIN_SHARED_PART = 3, 0.3
# In such an index the weight of the shared terms, for its length and for the weight of all rare
# terms of the text, is so high: of the rewrites .995 reach it, of other neighbours .61.
MIN_LIKENESS = 0.0146
MAX_RECENT = 12  # instead of `MAX_NEIGHBOURS`, for each has more rivals
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


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What is in the index for a text: `near` entries, the most alike first, and `far` ones,
    which share rare terms, the rarest first; `across` those in other languages that begin
    alike; `sharing` those that have a run of words in common with it, most runs first; `copies`
    those with the signature of one of `far` or `across`, which stands for them.
    `rare` are the terms of the text that are rare, `full` its runs that are kept of as many
    articles as may be."""

    near: list[Scored]
    far: list[Scored]
    across: list[Scored]
    sharing: list[Scored]
    copies: list[Scored]
    rare: list[int]
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
    """Searches a store, and remembers which terms are common in it for now."""

    def __init__(self, store: Store, encoder: Encoder | None = None) -> None:
        self.store = store
        self.openings = Openings(store, encoder) if encoder else None
        # As far as it was read, the number of the article with which a term is rare again.
        self._common_until: dict[int, int] = {}
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

    def lookup_rare(self, terms: npt.NDArray[np.int32]) -> tuple[list[int], Postings]:
        """Those of these terms that are rare, and the postings of those that have any."""
        changes, last = self.store.changes(), self.store.last_id()
        if changes != self._changes:  # others have written, or what was learned here was undone
            self._common_until.clear()
            self._changes = changes
        until = self._common_until
        asked = [term for term in terms.tolist() if until.get(term, 0) <= last]
        postings = self.store.lookup_terms(asked)
        reach = postings.reach(last)
        is_common = (postings.sizes >= MAX_POSTED) & (reach <= RECENT)
        if not is_common.any():
            return asked, postings
        rare_again = last + 1 + RECENT - reach[is_common]
        until.update(zip(postings.terms[is_common].tolist(), rare_again.tolist(), strict=True))
        rare = [term for term in asked if until.get(term, 0) <= last]
        return rare, postings.where(~is_common)

    def forget(self, terms: npt.NDArray[np.int32]) -> None:
        """Look anew whether these terms are common: an article that has them was removed."""
        for term in terms.tolist():
            self._common_until.pop(term, None)

    def search(
        self,
        text: Fingerprint,
        limit: int,
        window: Window = NO_WINDOW,
        leave_out: int | None = None,
        sharing: bool = True,
    ) -> SearchHit:
        """What is in the store for a text, at most `limit` near ones, without `leave_out`; those
        that have only runs of words in common with it, and copies of what was found, if
        `sharing`."""

        def choose(found: Iterable[Scored]) -> list[Scored]:
            """Those that are asked for."""
            return [s for s in found if s[0].number != leave_out and is_within(s[0], window)]

        near = choose(self.find_near(text, limit))
        rare, postings = self.lookup_rare(text.terms)
        known = {leave_out, *(entry.number for entry, _ in near)}
        far = self.find_far(postings, text, window, known)
        known.update(entry.number for entry, _ in far)
        across = self.find_across(text, window, leave_out, known)
        known.update(entry.number for entry, _ in across)
        full, most = self.find_sharing(text)
        if not sharing:
            return SearchHit(near, far, across, [], [], rare, full)
        most = [number for number in most if number not in known]
        taken = self.read_best(most, text, window, MAX_FOR_ONE)
        copies = choose(self.find_copies([*far, *across], limit - len(near)))
        return SearchHit(near, far, across, taken, copies, rare, full)

    def find_sharing(self, text: Fingerprint) -> tuple[frozenset[int], list[int]]:
        """The runs of the text that are kept of as many articles as may be, and the articles that
        share any of the others, most runs first."""
        if not text.runs:
            return frozenset(), []
        postings = self.store.lookup_runs(text.runs)
        runs, sizes = count_equal(postings >> NUMBER_BITS)
        is_full = sizes >= MAX_ARTICLES_OF_RUN
        numbers, shared = count_equal(np.sort(postings[~np.repeat(is_full, sizes)] & MAX_NUMBER))
        most = numbers[np.argsort(-shared, kind="stable")]
        return frozenset(runs[is_full].tolist()), most.tolist()

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

    def find_far(
        self, postings: Postings, text: Fingerprint, window: Window, known: Collection[int | None]
    ) -> list[Scored]:
        """The entries that share rare terms, the best of all and the best recent ones, without
        those known."""
        last, span = self.store.last_id(), self.store.span()
        numbers, shared, total = rank_neighbours(postings, last, span)
        is_recent = numbers > last - RECENT
        most = (MAX_WEIGHED if window == NO_WINDOW else MAX_READ) + len(known)
        chosen = (np.arange(len(numbers)) < most) | is_recent & (np.cumsum(is_recent) <= most)
        weight = dict(zip(numbers[chosen].tolist(), shared[chosen].tolist(), strict=True))
        sizes = self.store.read_sizes([number for number in weight if number not in known])
        likeness = {n: weight[n] / sqrt(max(size, MIN_SIZE)) for n, size in sizes.items()}
        is_large = span > MAX_ALL_TRUSTED
        least = MIN_LIKENESS * sqrt(total) * log1p(min(span, 2 * RECENT)) if is_large else 0
        alike = [number for number in likeness if likeness[number] >= least]
        ranked = sorted(alike, key=lambda number: (-likeness[number], number))
        recent = [number for number in ranked if number > last - RECENT]
        if window != NO_WINDOW:  # which says itself what time is looked at
            ranked = [entry.number for entry, _ in self.read_inside(ranked, text, window)]
            recent = ranked
        kept = {*ranked[:MAX_OLDER], *recent[: MAX_RECENT if is_large else MAX_NEIGHBOURS]}
        return self.read_inside([n for n in ranked if n in kept], text, window)

    def read_best(
        self, ranked: Sequence[int], text: Fingerprint, window: Window, limit: int
    ) -> list[Scored]:
        """The first `limit` entries of those ranked that lie in the window, with their resemblance
        to the text."""
        looked_at = ranked[: limit if window == NO_WINDOW else MAX_READ]
        return self.read_inside(looked_at, text, window)[:limit]

    def read_inside(
        self, numbers: Sequence[int], text: Fingerprint, window: Window
    ) -> list[Scored]:
        """The entries with these numbers that lie in the window, in the order given, with their
        resemblance to the text."""
        entries = {entry.number: entry for entry in self.store.read_entries(numbers)}
        there = [entries[number] for number in numbers if number in entries]
        return score_entries([entry for entry in there if is_within(entry, window)], text)

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
        copies = self.find_copies(near.values(), limit - len(near))
        near |= {copy.number: (copy, share) for copy, share in copies}
        return sorted(near.values(), key=lambda scored: (-scored[1], scored[0].number))[:limit]

    def find_copies(self, found: Iterable[Scored], limit: int) -> list[Scored]:
        """The entries, `limit` at most, that have the signature of one of those found."""
        shares = {entry.number: share for entry, share in found}
        copies = self.store.read_copies(list(shares), limit) if shares and limit > 0 else []
        return [(copy, shares[copy.original]) for copy in copies if copy.original in shares]


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


def rank_neighbours(
    postings: Postings, last: int, span: int
) -> tuple[Numbers, npt.NDArray[np.float64], float]:
    """The articles that share rare terms, and the weight of these terms, the greatest first; and
    the weight of all. A term is weighed by how many of the `span` articles up to the `last` have
    it, as far back as its postings reach."""
    is_full = postings.sizes >= MAX_POSTED
    among = np.where(is_full, np.minimum(postings.reach(last), span), span)
    weights = np.log((1 + among) / postings.sizes) ** 2
    numbers, place = np.unique(postings.numbers, return_inverse=True)
    shared = np.bincount(place, np.repeat(weights, postings.sizes)).astype(np.float64)
    if span > MAX_ALL_TRUSTED:
        enough = np.bincount(place) >= MIN_SHARED_TERMS
        enough |= shared >= MIN_SHARED_PART * weights.sum()
        numbers, shared = numbers[enough], shared[enough]
    order = np.lexsort((numbers, -shared))
    return numbers[order], shared[order], float(weights.sum())
