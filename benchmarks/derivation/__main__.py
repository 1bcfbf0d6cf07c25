"""`python -m benchmarks.derivation [--quick]`."""

import sys

from benchmarks.derivation import EVERY, PAGES, QUICK, WHOLE, known_trees, seeds
from benchmarks.derivation.printed import report
from benchmarks.derivation.speed import measure_speed

quick = "--quick" in sys.argv
seeds()
report(*((PAGES, EVERY) if quick else ()))
known_trees(*((QUICK, EVERY) if quick else (WHOLE, 1)))
measure_speed()
