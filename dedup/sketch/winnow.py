"""Winnowing (Schleimer, Wilkerson and Aiken 2003): a few hashes by which shared passages are found.

Of the hashes of every eight words in a row, the least of each twelve that follow one another is
kept, whatever stands around: two texts that have nineteen words in a row in common have one of
them in common. About two in thirteen are kept.
"""

import numpy as np

from dedup.sketch.plain import shingles
from dedup.text.words import Hashes, Integers

RUN = 8  # words in a row that hardly anybody writes twice
WINDOW = 12  # runs; with it, what has 19 words in a row in common is found
LARGEST = np.uint64(2**64 - 1)


def winnow(hashes: Hashes, starts: Integers) -> tuple[Hashes, Integers]:
    """The kept hashes of all texts end to end, and how many each text has; the arguments as
    `hash_texts` gives them."""
    count = len(starts) - 1
    texts = np.repeat(np.arange(count), np.diff(starts))
    values = shingles(hashes, RUN) if len(hashes) >= RUN else hashes[:0]
    whole = texts[: len(values)] == texts[len(texts) - len(values) :]
    values, texts = values[whole], texts[: len(whole)][whole]
    # A gap of a window before and behind each text, so that no window has two texts in it.
    places = np.arange(len(values)) + (texts + 1) * WINDOW
    spaced = np.full(len(values) + (count + 1) * WINDOW, LARGEST, dtype=np.uint64)
    spaced[places] = values
    # The least of each window, and for each run the largest of these over the windows it is in.
    least = slide(spaced, np.minimum)
    kept = slide(least[::-1], np.maximum)[::-1][places] == values
    return values[kept], np.bincount(texts[kept], minlength=count)


def slide(values: Hashes, choose: np.ufunc) -> Hashes:
    """What `choose` makes of each value and the `WINDOW` - 1 that follow it."""
    width = 1
    while width < WINDOW:
        step = min(width, WINDOW - width)
        wider = values.copy()
        choose(values[:-step], values[step:], out=wider[:-step])
        values, width = wider, width + step
    return values
