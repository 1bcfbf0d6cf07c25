"""Adapters for other frameworks; each module loads what it needs when it is used.

- `scrapy`: a pipeline that checks every item of a crawl against an index.
- `sklearn`: near-duplicates as a scikit-learn clusterer.
- `worker`: an index for event loops, in a thread of its own.
"""
