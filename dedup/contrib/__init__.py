"""Doors for other people's frameworks: each module is one, and loads what it needs when used.

- `scrapy`: a pipeline that asks an index about every item of a crawl.
- `sklearn`: near-duplicates as a scikit-learn clusterer.
- `worker`: an index that an event loop may ask without waiting for it.

They translate and decide nothing about articles.
"""
