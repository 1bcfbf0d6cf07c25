"""Text alignment on PAN 2013: `python -m benchmarks.pan [--limit N]`.

plagdet as PAN computes it (Potthast et al. 2010): precision and recall are means over
detections and cases of the characters that both texts' spans share, and their F1 is divided
by log2(1 + granularity); `micro` counts all characters alike instead. Each half is printed:
constants were chosen on the one, the other judges. Pairs that share a document with one
another, however indirectly, are in one half. Beside it, in the same run: seeds by TF-IDF
cosine and Dice, clustered (after Sanchez-Perez, Sidorov and Gelbukh 2014), and blocks of
exact words (difflib's).
"""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log2
from typing import Any

import numpy as np

from benchmarks.data import fitted_on, load
from dedup.align import align_texts, link_sentences
from dedup.align.features import extract_features
from dedup.align.local import list_words
from dedup.article import Article
from dedup.text import Sentence, Text, prepare

# begin, end, begin and end in the source
Case = tuple[int, int, int, int]
Detector = Callable[[Text, Text], list[Case]]

# The baselines' settings: those of the paper, and the shortest run of exact words.
COSINE, DICE, GAP, SUMMARY_GAP, VALID, MIN_WORDS = 0.33, 0.33, 4, 24, 0.34, 150
EXACT_RUN, EXACT_GAP = 6, 150  # words of a run; characters between two that are one block


@dataclass(frozen=True, slots=True)
class PanPair:
    """A suspicious document, a source, and the cases of reuse between them."""

    subset: str
    suspicious: str
    source: str
    cases: tuple[Case, ...]
    fitted: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How well cases are detected, over many pairs."""

    plagdet: float
    recall: float
    precision: float
    granularity: float
    micro: float

    def row(self) -> str:
        return (
            f"{self.plagdet:.3f}    {self.recall:.3f}  {self.precision:.3f}  "
            f"{self.granularity:.3f}  {self.micro:.3f}"
        )


def pairs() -> list[PanPair]:
    """Every pair, with the half it belongs to."""
    records = load("pan13-pairs")
    story = connected((record["susp"], record["src"]) for record in records)
    return [
        PanPair(
            record["subset"],
            record["susp"],
            record["src"],
            tuple(_case(span) for span in record["spans"]),
            fitted_on(story[record["susp"]]),
        )
        for record in records
    ]


def connected(shared: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first of all documents that each one is connected with."""
    first: dict[str, str] = {}

    def of(name: str) -> str:
        while first.setdefault(name, name) != name:
            first[name] = name = first[first[name]]
        return name

    for a, b in shared:
        low, high = sorted((of(a), of(b)))
        first[high] = low
    return {name: of(name) for name in first}


def _case(span: Mapping[str, int]) -> Case:
    begin, source = span["this_offset"], span["source_offset"]
    return begin, begin + span["this_length"], source, source + span["source_length"]


# -- plagdet -----------------------------------------------------------------------------------


def measure(rows: Sequence[tuple[Sequence[Case], Sequence[Case]]]) -> Figures:
    """The figures over (cases, detections) of many pairs.

    >>> measure([([(0, 10, 0, 10)], [(0, 5, 0, 10)])]).recall
    0.75
    """
    recall, detections = _found(rows)
    precision, _ = _found([(found, cases) for cases, found in rows])
    granularity = float(np.mean([n for n in detections if n])) if any(detections) else 1.0
    discount = log2(1 + granularity)
    return Figures(
        _harmonic(recall[0], precision[0]) / discount,
        recall[0],
        precision[0],
        granularity,
        _harmonic(recall[1], precision[1]) / discount,
    )


def _found(
    rows: Sequence[tuple[Sequence[Case], Sequence[Case]]],
) -> tuple[tuple[float, float], list[int]]:
    """How much of the first of each row is in the second: the mean part, the part of all
    characters, and in how many of the second each is."""
    parts, shared, all_, touched = [], 0, 0, []
    for cases, others in rows:
        for case in cases:
            meet = [o for o in others if _meet(case[:2], o[:2]) and _meet(case[2:], o[2:])]
            both = _covered(case[:2], [o[:2] for o in meet])
            both += _covered(case[2:], [o[2:] for o in meet])
            length = case[1] - case[0] + case[3] - case[2]
            parts.append(both / length)
            shared, all_ = shared + both, all_ + length
            touched.append(len(meet))
    return (float(np.mean(parts)) if parts else 0.0, shared / max(all_, 1)), touched


def _meet(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _covered(span: tuple[int, ...], others: Sequence[tuple[int, ...]]) -> int:
    """How many characters of the span are in at least one of the others."""
    total, reached = 0, span[0]
    for begin, end in sorted(others):
        begin, end = max(begin, reached), min(end, span[1])
        if end > begin:
            total, reached = total + end - begin, end
    return total


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


# -- detectors -----------------------------------------------------------------------------------


def dedup_blocks(source: Text, suspicious: Text) -> list[Case]:
    """The blocks of `dedup.align`."""
    alignment = align_texts(source, suspicious, link_sentences(suspicious, source)[0])
    return [(b.begin, b.end, b.source_begin, b.source_end) for b in alignment.blocks]


def exact_blocks(source: Text, suspicious: Text) -> list[Case]:
    """Runs of exact words as difflib finds them, merged where little lies between."""
    ours, theirs = list_words(suspicious), list_words(source)
    forms = [
        [text.article.text[b:e].casefold() for b, e in zip(c.begins, c.ends, strict=True)]
        for text, c in ((suspicious, ours), (source, theirs))
    ]
    matcher = SequenceMatcher(None, forms[1], forms[0], autojunk=False)
    found: list[Case] = []
    for j, i, size in matcher.get_matching_blocks():
        if size < EXACT_RUN:
            continue
        case = (
            ours.begins[i],
            ours.ends[i + size - 1],
            theirs.begins[j],
            theirs.ends[j + size - 1],
        )
        last = found[-1] if found else None
        if last and case[0] - last[1] <= EXACT_GAP and case[2] - last[3] <= EXACT_GAP:
            found[-1] = (last[0], case[1], last[2], case[3])
        else:
            found.append(case)
    return [case for case in found if case[1] - case[0] >= MIN_WORDS]


def seeds_and_clusters(source: Text, suspicious: Text) -> list[Case]:
    """Pairs of sentences alike by cosine and Dice; clusters of pairs that lie near each other
    on both sides; wider gaps where no more than a quarter of a cluster is suspicious text."""
    ours, theirs = suspicious.prose, source.prose
    if not ours or not theirs:
        return []
    vectors = _vectors([*ours, *theirs])
    own, other = vectors[: len(ours)], vectors[len(ours) :]
    present = [(side > 0).astype(float) for side in (own, other)]
    sizes = [side.sum(axis=1) for side in present]
    dice = 2 * present[0] @ present[1].T / np.maximum(sizes[0][:, None] + sizes[1][None, :], 1)
    seeds = [(int(i), int(j)) for i, j in np.argwhere((own @ other.T > COSINE) & (dice > DICE))]

    def cases(gap: int) -> list[Case]:
        found = []
        for cluster in _clusters(seeds, gap):
            rows, places = ([pair[k] for pair in cluster] for k in (0, 1))
            a, b = (
                own[min(rows) : max(rows) + 1].sum(0),
                other[min(places) : max(places) + 1].sum(0),
            )
            if a @ b / np.sqrt((a @ a) * (b @ b)) < VALID:
                continue
            found.append(
                (
                    ours[min(rows)].begin,
                    ours[max(rows)].end,
                    theirs[min(places)].begin,
                    theirs[max(places)].end,
                )
            )
        return [c for c in found if min(c[1] - c[0], c[3] - c[2]) >= MIN_WORDS]

    near, far = cases(GAP), cases(SUMMARY_GAP)
    length = [sum(c[k + 1] - c[k] for c in far) for k in (0, 2)]
    return far if length[1] > 3 * length[0] else near


def _vectors(sentences: Sequence[Sentence]) -> np.ndarray[Any, Any]:
    """Unit TF-IDF vectors of sentences, each sentence a document: float[n, words]."""
    words = [[token.form for token in sentence.tokens] for sentence in sentences]
    number = {form: k for k, form in enumerate(sorted({form for row in words for form in row}))}
    counts = np.zeros((len(words), len(number)))
    for i, row in enumerate(words):
        for form in row:
            counts[i, number[form]] += 1
    weights = counts * np.log((1 + len(words)) / (counts > 0).sum(axis=0))
    length = np.sqrt((weights**2).sum(axis=1, keepdims=True))
    unit: np.ndarray[Any, Any] = weights / np.maximum(length, 1e-9)
    return unit


def _clusters(seeds: list[tuple[int, int]], gap: int) -> Iterator[list[tuple[int, int]]]:
    """Split the seeds on one side and the other, until no cluster has a wider gap."""
    stack = [(seeds, 0, False)]
    while stack:
        group, side, settled = stack.pop()
        group = sorted(group, key=lambda pair: pair[side])
        parts: list[list[tuple[int, int]]] = []
        for pair in group:
            if parts and pair[side] - parts[-1][-1][side] <= gap + 1:
                parts[-1].append(pair)
            else:
                parts.append([pair])
        if len(parts) == 1 and settled:
            yield parts[0]
        else:
            stack += [(part, 1 - side, len(parts) == 1) for part in parts]


DETECTORS: Mapping[str, Detector] = {
    "dedup": dedup_blocks,
    "seeds and clusters": seeds_and_clusters,
    "exact blocks": exact_blocks,
}


# -- the table -----------------------------------------------------------------------------------


def judge(
    limit: int | None = None, detectors: Mapping[str, Detector] = DETECTORS
) -> dict[str, dict[str, float]]:
    """Print the table; returns plagdet by subset and over all, of the judging half, and the
    granularity and CPU time per pair of `dedup`. `limit` takes every nth pair only, so that
    at most so many are left."""
    chosen = pairs()
    chosen = chosen[:: -(-len(chosen) // limit)] if limit else chosen
    named = {pair.suspicious for pair in chosen} | {pair.source for pair in chosen}
    texts = {
        record["id"]: prepare(Article(record["id"], record["text"]))
        for record in load("pan13-texts")
        if record["id"] in named
    }
    for text in texts.values():
        extract_features(text), list_words(text)  # preparation, which is not timed
    figures: dict[str, dict[str, float]] = {}
    print(f"{'half':<8}{'subset':<28}{'method':<20}plagdet  recall prec.  gran.  micro  ms/pair")
    for method, detect in detectors.items():
        rows: dict[tuple[bool, str], list[tuple[Sequence[Case], Sequence[Case], float]]] = (
            defaultdict(list)
        )
        for pair in chosen:
            start = time.process_time()
            found = detect(texts[pair.source], texts[pair.suspicious])
            row = (pair.cases, found, time.process_time() - start)
            for subset in (pair.subset, "all"):
                rows[pair.fitted, subset].append(row)
        for fitted, subset in sorted(rows, key=lambda row: (not row[0], row[1])):
            of_subset = rows[fitted, subset]
            result = measure([row[:2] for row in of_subset])
            seconds = float(np.mean([row[2] for row in of_subset]))
            half = "fitted" if fitted else "judged"
            print(f"{half:<8}{subset:<28}{method:<20}{result.row()}  {1000 * seconds:6.1f}")
            if method == "dedup" and not fitted:
                figures[f"pan.{subset}"] = {
                    "plagdet": result.plagdet,
                    "granularity": result.granularity,
                    "milliseconds": 1000 * seconds,
                }
    return figures


def main(argv: Sequence[str]) -> None:
    limit = int(argv[argv.index("--limit") + 1]) if "--limit" in argv else None
    judge(limit)


if __name__ == "__main__":
    main(sys.argv[1:])
