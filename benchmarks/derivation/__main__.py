"""`python -m benchmarks.derivation [--quick]`."""

import sys

from benchmarks.derivation import QUICK, WHOLE, known_trees, seeds
from benchmarks.derivation.printed import report
from benchmarks.derivation.speed import measure_speed

seeds()
report()
known_trees(QUICK if "--quick" in sys.argv else WHOLE)
measure_speed()
