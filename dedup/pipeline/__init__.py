"""From articles to findings: `compare` for a collection, `check` for one draft.

Each walks the corridor from sketch to derivation and adds no judgement of its own.
"""

from dedup.pipeline.check import Candidate, Match, Verdict, check
from dedup.pipeline.collection import Progress
from dedup.pipeline.compare import Comparison, compare, estimate_memory
from dedup.pipeline.result import Cluster, Related, Result, Singleton

__all__ = [
    "Candidate",
    "Cluster",
    "Comparison",
    "Match",
    "Progress",
    "Related",
    "Result",
    "Singleton",
    "Verdict",
    "check",
    "compare",
    "estimate_memory",
]
