"""`python -m benchmarks.derivation [--quick]`."""

import sys

from benchmarks.derivation import QUICK, WHOLE, known_trees, real_families, seeds
from benchmarks.derivation.speed import measure_speed

seeds()
real_families()
known_trees(QUICK if "--quick" in sys.argv else WHOLE)
measure_speed()
