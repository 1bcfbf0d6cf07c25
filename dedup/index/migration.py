"""Bring an index of a former format up to date, and count anew which terms are rare.

A migration is one transaction: whoever is killed in it leaves the index as it was. Texts and
signatures stay as they are. An index of format 3 goes on without the runs by which passages are
found; to have them, add its articles to a new one.
"""

import numpy as np

from dedup.errors import StoreError
from dedup.index.records import article_of
from dedup.index.search import KERNELS_AFTER, RECENT, make_fingerprints
from dedup.index.store import Store
from dedup.sketch import raw_sketch

BATCH = 5_000  # articles whose terms are posted at once


def migrate(store: Store) -> None:
    """Bring the index up to date, unless another process has.

    In the formats 3 and 4 a term that 50 articles had was common for good and had no
    postings. Now those recent articles stand under it that say whether it is common today. What
    older articles have of such terms comes back with `dedup.Index.compact`. In format 5 a file had
    no postings that wait: those of the articles that come now do.
    """
    with store.writing():
        if store.migrate_tables():
            recount_terms(store, RECENT)


def recount_terms(store: Store, last: int | None = None) -> None:
    """Post the terms of the `last` articles anew, or of all, in batches that are each committed.
    Those that were common when an article was added are posted too, so that what was removed since,
    or counted otherwise, hides nothing."""
    with store.reading():
        after = 0 if last is None else max(store.last_id() - last, 0)
    while True:
        with store.writing():
            rows = store.read_articles(after, BATCH)
            if not rows:
                return
            after = rows[-1][0].number
            numbers, texts = [], []
            for entry, content in rows:
                try:
                    text = article_of(entry.id, content).text if entry.posted else ""
                except StoreError:  # `verify` names it; it has no terms that can be known
                    continue
                if text:
                    numbers.append(entry.number)
                    texts.append(text)
            sketches = raw_sketch(texts, compiled=store.last_id() > KERNELS_AFTER)
            terms = [made.terms for made in make_fingerprints(sketches, runs=False)]
            owners = np.repeat(np.array(numbers, np.int64), [len(own) for own in terms])
            store.post_terms(np.concatenate([*terms, np.empty(0, np.int64)]), owners)
