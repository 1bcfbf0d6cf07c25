"""`python -m benchmarks.alignment [--only NAMES] [-v]`: see the package.

`--only` takes names of methods with commas between them, or `none`; `-v` prints each sentence
of the seeds whose links are not the gold's.
"""

import sys
from collections.abc import Sequence

from benchmarks.alignment import judge, msrp, seeds, sets
from benchmarks.alignment.methods import chosen


def main(argv: Sequence[str]) -> None:
    """Print the tables."""
    methods = chosen(argv[argv.index("--only") + 1].split(",") if "--only" in argv else [])
    judge(list(sets()), methods)
    print()
    seeds(methods, verbose="-v" in argv)
    print()
    msrp.judge(methods)


if __name__ == "__main__":
    main(sys.argv[1:])
