"""Search: which articles of an index are worth a closer look.

Comes in: what a text shows by itself (signature, terms), and a store. Goes out: entries, by
two ways as in `dedup.candidates`: the keys of bands, which find copies and light edits, and
rare terms, which find rewrites. The difference is that the collection is never seen as a whole:

- a term is rare until `COMMON` articles have it, and then never again;
- neighbours are ranked by the rare terms that they share, each weighed by its rarity, not by
  the cosine of all terms, whose weights would change with every article;
- an article with enough near-copies in the index is found through them, and leaves no terms.

So an article meets those before it only. What this loses is measured in benchmarks/index.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.candidates import (
    BANDS,
    MAX_NEIGHBOURS,
    MIN_COPY_RESEMBLANCE,
    MIN_RESEMBLANCE,
    REPRESENTATIVES,
    ROWS,
)
from dedup.index.store import Entry, Postings, Store
from dedup.sketch import PERMUTATIONS, RawSketches, is_empty
from dedup.text.words import MULTIPLIER, mix

COMMON = 50  # articles that may have a rare term, as in `dedup.candidates`
BUCKET = 64  # articles looked at under a key of bands, the last ones added, as in `dedup.bands`
# Distinct words of an article that are looked up: a news article has some hundred, and a book
# of 100,000 words would take seconds. Terms are hashes, so the least are a fair sample.
MOST_TERMS = 4_000
# In an index of more articles a neighbour shares so many rare terms, or such a part of what rare
# terms of the article any other has. Of 149 rewrites of one report among 12,000 dispatches of
# Reuters this loses 3, and of such dispatches each has 2.8 neighbours instead of 8.
TRUSTED_FREELY = 3_000
SHARED, LARGE_PART = 3, 0.3
SHORTLIST = 256  # entries that are read where a time window decides which of them count
NO_TERMS = np.empty(0, np.int32)
Likeness = tuple[Entry, float]
Window = tuple[float | None, float | None]
NO_WINDOW: Window = (None, None)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text shows: its signature, the keys of its bands, its distinct terms. A text
    without words has neither bands nor terms."""

    signature: npt.NDArray[np.uint32]
    bands: list[int]
    terms: npt.NDArray[np.int32]

    def rare(self, common: npt.NDArray[np.bool_]) -> list[int]:
        """The terms that are not common."""
        rare: list[int] = self.terms[~common[self.terms]].tolist()
        return rare


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What is in the index for a text, with its resemblance: `near` entries, the most alike
    first, and `far` ones, which share rare terms, the rarest first; `crowded` are the terms of
    the text that one more article makes common."""

    near: list[Likeness]
    far: list[Likeness]
    crowded: list[int]

    @property
    def copied(self) -> int | None:
        """The number of the first article with this very signature."""
        if not self.near or self.near[0][1] < 1:
            return None
        first = self.near[0][0]
        return first.original or first.number

    @property
    def spoken_for(self) -> bool:
        """Whether there are near-copies enough that are found by their terms."""
        return (
            sum(e.posted for e, share in self.near if share >= MIN_COPY_RESEMBLANCE)
            >= REPRESENTATIVES
        )


def shown(outlines: RawSketches) -> list[Fingerprint]:
    """What each text shows."""
    ends = np.cumsum(outlines.sizes)
    silent = is_empty(outlines.signatures)
    keys = band_keys(outlines.signatures)
    found = []
    for n, end in enumerate(ends.tolist()):
        terms = outlines.terms[end - int(outlines.sizes[n]) : end]
        spoken = not silent[n]
        found.append(
            Fingerprint(
                outlines.signatures[n],
                keys[n].tolist() if spoken else [],
                terms[:MOST_TERMS] if spoken else NO_TERMS,
            )
        )
    return found


def band_keys(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The keys of each signature's bands, numbers of 32 bits: int64[n, 25].

    That one band's key equals another's by chance happens once in four billion.
    """
    bands = signatures[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS)
    value = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), bands.shape[:2])
    for place in range(ROWS):
        value = value * MULTIPLIER + bands[:, :, place]
    return (mix(value) >> np.uint64(32)).astype(np.int64) - 2**31


def search(
    store: Store,
    text: Fingerprint,
    common: npt.NDArray[np.bool_],
    *,
    limit: int,
    window: Window = NO_WINDOW,
    but: int | None = None,
) -> SearchHit:
    """What is in `store` for a text, at most `limit` near ones; `but` is left out."""
    near = [
        (entry, share)
        for entry, share in _near(store, text, limit)
        if entry.number != but and within(entry, window)
    ]
    postings = store.share(text.rare(common))
    crowded = postings.terms[postings.sizes >= COMMON].tolist()
    ranked = _ranked(postings, store.given(), {but, *(entry.number for entry, _ in near)})
    if window != NO_WINDOW:
        listed = {e.number for e in store.entries(ranked[:SHORTLIST]) if within(e, window)}
        ranked = [number for number in ranked if number in listed]
    far = _alike(store.entries(sorted(ranked[:MAX_NEIGHBOURS])), text) if ranked else []
    far.sort(key=lambda one: ranked.index(one[0].number))
    return SearchHit(near, far, crowded)


def _near(store: Store, text: Fingerprint, limit: int) -> list[Likeness]:
    """The entries that resemble the text, the most alike first, the oldest among equals; of
    articles with one signature those beyond the first only as far as `limit` has room."""
    met = _alike(store.entries(store.meet(text.bands, BUCKET)), text) if text.bands else []
    found = {entry.number: (entry, share) for entry, share in met if share >= MIN_RESEMBLANCE}
    if 0 < len(found) < limit:
        for copy in store.copies(list(found), limit - len(found)):
            assert copy.original is not None  # it is a copy of one of them
            found[copy.number] = (copy, found[copy.original][1])
    ranked = sorted(found.values(), key=lambda one: (-one[1], one[0].number))
    return ranked[:limit]


def _alike(entries: Sequence[Entry], text: Fingerprint) -> list[Likeness]:
    """Entries with the share of positions in which their signatures agree with the text's."""
    table = np.frombuffer(b"".join(entry.signature for entry in entries), np.uint32)
    shares = (table.reshape(-1, PERMUTATIONS) == text.signature).mean(axis=1)
    return list(zip(entries, shares.tolist(), strict=True))


def _ranked(postings: Postings, articles: int, known: Collection[int | None]) -> list[int]:
    """The articles that share rare terms, by the weight of these terms, without the known."""
    if not len(postings.numbers):
        return []
    weights = np.log((1 + articles) / postings.sizes) ** 2
    numbers, place = np.unique(postings.numbers, return_inverse=True)
    weight = np.bincount(place, np.repeat(weights, postings.sizes))
    if articles > TRUSTED_FREELY:
        enough = (np.bincount(place) >= SHARED) | (weight >= LARGE_PART * weights.sum())
        numbers, weight = numbers[enough], weight[enough]
    best = numbers[np.lexsort((numbers, -weight))][: SHORTLIST + len(known)].tolist()
    return [number for number in best if number not in known]


def within(entry: Entry, window: Window) -> bool:
    """Whether an entry's date lies in the window, or is not known."""
    since, until = window
    when = entry.published
    return when is None or ((since is None or when >= since) and (until is None or when < until))
