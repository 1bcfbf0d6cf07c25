"""Everything that is measured, in one run: `make bench` or `python -m benchmarks`.

Needs the evaluation data in ../shared/data or $DEDUP_DATA. Ends with the floors that do not
hold, and exit code 1 if there are any.
"""

import sys

from benchmarks import data


def main() -> int:
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    from benchmarks import clauses, drift, floors, kinds, languages, long, pan, speed
    from benchmarks.alignment.__main__ import main as alignment
    from benchmarks.derivation import printed

    heading("Alignment: links, beside other tools")
    alignment([])
    heading("Alignment: kinds given the link")
    kinds.main()
    heading("Alignment: clauses")
    clauses.main()
    heading("Alignment: drift")
    drift.main([])
    heading("Alignment: PAN 2013")
    pan.main([])
    heading("Alignment: very long documents")
    long.main([])
    heading("Many languages")
    languages.main(["--quick"])
    heading("Derivation: real families")
    printed.report()
    heading("Speed")
    speed.main()
    heading("What has a floor")
    failed = floors.broken(floors.measure())
    heading("Floors")
    print("\n".join(["floors that do not hold:", *failed] if failed else ["every floor holds"]))
    return 1 if failed else 0


def heading(title: str) -> None:
    """Print a title over what is measured next."""
    print(f"\n== {title}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
