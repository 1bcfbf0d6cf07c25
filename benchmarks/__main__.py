"""Everything that is measured, in one run: `make bench` or `python -m benchmarks`.

Needs the evaluation data in ../shared/data or $DEDUP_DATA. Ends with the floors that do not
hold, and exit code 1 if there are any.
"""

import sys

from benchmarks import data, derivation, speed


def main() -> int:
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    from benchmarks import floors

    figures = floors.measure()
    derivation.real_families()
    speed.main()
    failed = floors.broken(figures)
    print("\n".join(["floors that do not hold:", *failed] if failed else ["every floor holds"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
