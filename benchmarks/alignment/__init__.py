"""How well passages are linked: `python -m benchmarks.alignment [--only NAMES] [-v]`.

Links between sentences (F1, precision, recall), `added` (F1), how many added sentences are
linked (false), kinds given the link, and CPU time per pair, on the judged halves of the open
sets and on the seeds; remix by language and by how far the derivative goes. Beside it, in the
same run, what one would do without dedup (`baselines`) and tools that can be installed
(`tools`), each in its best setting and at its best threshold on the judged data itself. Then
sentence pairs alone (`msrp`). Rooms: `tallies` counts, `spans` carries what tools find over to
sentences, `judged` prints the table, `seeds` does the seeds.
"""

from benchmarks.alignment.judged import judge, sets
from benchmarks.alignment.ours import dedup_links
from benchmarks.alignment.seeds import seeds
from benchmarks.alignment.tallies import Tally, tally_units

__all__ = ["Tally", "dedup_links", "judge", "seeds", "sets", "tally_units"]
