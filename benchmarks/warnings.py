"""Every warning on the real pages, to be read by eye: `python -m benchmarks.warnings [--all]`.

The families of three collections are compared, and each warning of a changed meaning is printed
with the two sentences. Who reads it says whether it is right: docs/warnings.md has the verdicts, by
articles, kind and words. Without `--all` only those without a verdict are printed; in the end, how
many of the others are right.
"""

import sys
from collections.abc import Iterator, Sequence

from benchmarks.data import ROOT
from benchmarks.families import COLLECTIONS, families
from dedup import compare
from dedup.align import Alignment
from dedup.align.drift import Drift

VERDICTS = ROOT / "docs" / "warnings.md"
MAX_WORDS, MAX_LETTERS = 3, 24  # of each side that the list shows


def key_of(alignment: Alignment, drift: Drift, here: str, there: str) -> tuple[str, ...]:
    """What a verdict is kept under: the articles, the kind, the first words of both sides."""
    ends = f"{alignment.source} → {alignment.derivative}"
    sides = (side.replace("|", "/").split()[:MAX_WORDS] for side in (there, here))
    words = (" ".join(side)[:MAX_LETTERS].strip() for side in sides)
    return (ends, drift.kind, *words)


def warnings() -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Each warning's key and detail, and the sentences of the source and of the derivative."""
    for name in COLLECTIONS:
        articles = families(name).articles
        texts = {article.id: article.text for article in articles}
        for cluster in compare(articles).clusters:
            for alignment in cluster.alignments:
                source, derivative = texts[alignment.source], texts[alignment.derivative]
                for passage in alignment.passages:
                    told = derivative[passage.begin : passage.end]
                    origin = " / ".join(source[s.begin : s.end] for s in passage.sources)
                    for drift in passage.drift:
                        here = derivative[drift.span.begin : drift.span.end]
                        there = source[drift.source.begin : drift.source.end]
                        yield key_of(alignment, drift, here, there), drift.detail, origin, told


def read_verdicts() -> dict[tuple[str, ...], str]:
    """The verdicts of docs/warnings.md."""
    rows = [line.strip("| \n").split(" | ") for line in VERDICTS.open(encoding="utf-8")]
    return {
        tuple(row[:4]): row[4] for row in rows if len(row) == 5 and row[4] in ("right", "wrong")
    }


def main(argv: Sequence[str]) -> dict[str, float]:
    """Print the warnings, and how many of those with a verdict are right."""
    verdicts, given = read_verdicts(), list[str]()
    for key, detail, origin, told in warnings():
        verdict = verdicts.get(key, "")
        given.append(verdict)
        if "--all" in argv or not verdict:
            print(f"| {' | '.join(key)} | {verdict or '?'}\n    {detail}\n  S {origin}\n  D {told}")
    right, judged = given.count("right"), len(given) - given.count("")
    print(f"{right} of {judged} warnings with a verdict are right; {given.count('')} have none")
    return {"right": right / max(judged, 1), "judged": judged, "warnings": len(given)}


if __name__ == "__main__":
    main(sys.argv[1:])
