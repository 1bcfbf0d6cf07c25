"""Everything that is measured: `make bench` or `python -m benchmarks`; or parts: with their NAMES.

Needs the evaluation data in ../shared/data or $DEDUP_DATA. The figures of each section are kept in
figures.json, and the docs are made anew with them (`figures`). Without a name all are measured,
which takes hours, then what has a floor; ends with exit code 1 if a floor does not hold. A section
whose figures are all kept by hand is not run: it says what to run. `python -m benchmarks --list`
prints the names, `--docs` only makes the docs.
"""

import sys
from collections.abc import Sequence

from benchmarks import data, figures


def main(argv: Sequence[str]) -> int:
    sections = figures.load_sections()
    if argv == ["--docs"]:
        figures.write_docs()
        return 0
    unknown = [name for name in argv if name not in sections]
    if unknown:
        listed = "\n".join(f"{name:<14}{own['command']}" for name, own in sections.items())
        print(
            listed if unknown == ["--list"] else f"no section {unknown[0]!r}; there are\n{listed}"
        )
        return 0 if unknown == ["--list"] else 2
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    for name in argv or sections:
        section = sections[name]
        heading(f"{name}: {section['command']}")
        by_hand = [own for own, place in section["figures"].items() if figures.BY_HAND in place]
        if len(by_hand) < len(section["figures"]):
            figures.keep(name, figures.measure(section))
            figures.write_docs()
        if by_hand:
            print(f"\nTo be read off and kept by hand: {', '.join(by_hand)}")
    return 0 if argv else measure_the_rest()


def measure_the_rest() -> int:
    """Print what no page quotes, and the floors that do not hold; 1 if there are any."""
    from benchmarks import clauses, drift, floors, kinds

    heading("Alignment: kinds given the link")
    kinds.main()
    heading("Alignment: clauses")
    clauses.main()
    heading("Alignment: drift")
    drift.main([])
    heading("What has a floor")
    failed = floors.broken(floors.measure())
    heading("Floors")
    print("\n".join(["floors that do not hold:", *failed] if failed else ["every floor holds"]))
    return 1 if failed else 0


def heading(title: str) -> None:
    """Print a title over what is measured next."""
    print(f"\n== {title}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
