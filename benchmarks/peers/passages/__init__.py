"""Tools that find what one text has from another, one a file, run by `child`.

A file has `SETTINGS`, keyword arguments by name, and `find(pair, **setting)`, which returns
spans (begin, end, source begin, source end, weight): of the derivative, of the source, and how
alike they are (1 where the tool does not say). A pair is a dict of "derivative" and "source",
the texts, and of "sentences" and "source_sentences", [begin, end] of each, for what compares
sentences that others have found. Standard library only: dedup is not installed there.
"""
