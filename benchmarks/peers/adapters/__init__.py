"""One peer a file: `FOUND` and `find(texts, path)`, run by `benchmarks.peers.child`.

FOUND says what `find` returns: "pairs" of article numbers, "groups" (a label an article),
"kept" (for each article whether it is kept, as no duplicate of an earlier one) or "matched" (for
each whether it is like any other). `path` is a JSON lines file of the same texts. A peer that
needs more than the first few articles to get ready has `ready(texts, path)` too.
"""
