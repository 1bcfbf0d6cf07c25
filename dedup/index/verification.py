"""Whether an index holds what it should: a file may be damaged, or come from a stranger.

Everything is read once: the pages of the file, each article, and whether its signature is that of
its text. What stands in the postings is not worked out anew.
"""

from collections.abc import Iterator

import numpy as np

from dedup.errors import StoreError
from dedup.index.records import article_of, is_storable
from dedup.index.search import KERNELS_AFTER
from dedup.index.store import Store
from dedup.sketch import signatures

BATCH = 1_000  # articles that are read at once


def find_faults(store: Store) -> Iterator[str]:
    """What is wrong with an index, fault by fault."""
    with store.reading():
        compiled = store.last_id() > KERNELS_AFTER
        yield from store.find_damage()
        last = 0
        while True:
            try:
                rows = store.read_articles(after=last, limit=BATCH)
            except StoreError as error:
                yield f"{error}; the articles behind number {last:,} are not checked"
                return
            if not rows:
                return
            last = rows[-1][0].number
            whole = []
            for entry, content in rows:
                if not is_storable(entry.id):
                    yield f"the id {entry.id!r:.200} has a NUL or half a surrogate pair"
                try:
                    article = article_of(entry.id, content)
                except StoreError as error:
                    yield str(error)
                    continue
                if content.text is not None:
                    whole.append((entry, article))
            signed = signatures([article.text for _, article in whole], compiled=compiled)
            for (entry, _), signature in zip(whole, signed, strict=True):
                if not np.array_equal(np.frombuffer(entry.signature, np.uint32), signature):
                    yield f"the signature of {entry.id!r:.200} is not that of its text"
