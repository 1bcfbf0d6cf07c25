"""Long documents: `python -m benchmarks.long`.

First, one story among others: a remix pair of which either side, or both, stands in a page of
1,000 or 3,000 words of wires (judged half). Then books. Books of any length made of real stories:
in one the sources of remix pairs, in the other the derivatives of every second of them in another
order, and on both sides Reuters wires around them, no two of which share much. The gold says which
sentence of one book tells which of the other. Printed, for the half that was fitted on and for the
half that judges: precision, recall and F1 of the links that windows find, those that comparing
everything with everything finds (while memory suffices), and how far the two agree; then seconds
and peak memory as books grow.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.alignment import Tally
from benchmarks.data import fitted_on, load
from benchmarks.pairs import GoldPair, Unit, basil, nearest, remix
from dedup.align import Links, align, align_texts, link_sentences
from dedup.align.features import extract_features
from dedup.align.links import link
from dedup.align.similarity import compute_similarity
from dedup.align.windows import link_windows
from dedup.article import Article
from dedup.text import prepare
from dedup.text.words import split_words

SIZES = (12_500, 25_000, 50_000, 100_000)  # words
ARTICLE = 500
COMPARED = ((5_000, 5_000), (12_500, 12_500), (2_000, 25_000))  # words; the whole takes 1 GB
HIDDEN = 0.15  # of a book: stories retold, two newsrooms on one event, and stories told once
AMONG = ((0, 0), (1_000, 0), (0, 1_000), (0, 3_000), (1_000, 1_000), (3_000, 3_000))  # words
STORIES, PIECES = 40, 20  # of a digest's figures; wires that one digest takes at most
MIN_WORDS = 60  # words of a wire that is used
FAMILIAR = 0.05  # a wire is left out where this share of its 5-shingles stood in earlier ones
SEPARATOR = "\n\n"


def wires() -> Iterator[str]:
    """Reuters stories, none of which repeats much of an earlier one."""
    seen: set[tuple[str, ...]] = set()
    for row in load("reuters21578"):
        forms = split_words(row["body"] or "").forms()
        shingles = set(zip(*(forms[i:] for i in range(5)), strict=False))
        if len(forms) >= MIN_WORDS and len(shingles & seen) <= FAMILIAR * len(shingles):
            yield row["body"]
        seen |= shingles


def stories(fitted: bool) -> list[GoldPair]:
    """English remix pairs, one of each story."""
    pairs = (p for p in remix() if p.language == "en" and fitted_on(p.story) == fitted)
    return list({pair.story: pair for pair in pairs}.values())


def rivals(fitted: bool) -> list[GoldPair]:
    """Two newsrooms on one event, one pair of each event: nothing is retold."""
    pairs = (p for p in basil() if fitted_on(p.story) == fitted)
    return list({pair.story: pair for pair in pairs}.values())


def books(size: int, other: int, fitted: bool, filling: Sequence[str]) -> GoldPair:
    """A derivative of about `size` words, a source of about `other`, and the gold links."""
    random = Random(size + other)
    pairs, same_event = stories(fitted), rivals(fitted)
    random.shuffle(pairs)
    share = HIDDEN * min(size, other)
    hidden = [*_worth(pairs, share), *_worth(same_event, share)]
    unused = [pair for pair in pairs if pair not in hidden]
    wire = iter(filling)
    source, source_units, first = _bound(
        _filled([*hidden, *_worth(unused, HIDDEN * other)], other, wire, random), {}
    )
    derivative, units, _ = _bound(_filled(hidden, size, wire, random), first)
    return GoldPair("book", "book", "en", source, derivative, source_units, units)


def _worth(pairs: Sequence[GoldPair], size: float) -> Iterator[GoldPair]:
    """The first of the pairs that make `size` words."""
    for pair in pairs:
        if size <= 0:
            return
        size -= len(pair.source.split())
        yield pair


def _filled(
    pairs: Sequence[GoldPair], size: int, wire: Iterator[str], random: Random
) -> list[GoldPair | str]:
    """The stories and as many wires as make `size` words, shuffled."""
    pieces: list[GoldPair | str] = list(pairs)
    length = sum(len(pair.source.split()) for pair in pairs)
    while length < size:
        pieces.append(next(wire))
        length += len(pieces[-1].split())  # type: ignore[union-attr]
    random.shuffle(pieces)
    return pieces


def _bound(
    pieces: Sequence[GoldPair | str], first: Mapping[str, int]
) -> tuple[str, list[Unit], dict[str, int]]:
    """One text of all pieces, its units, and where in them each pair's begin.

    With `first`, where each pair's begin in the source, it is the derivative that is bound.
    """
    text, units, begins = "", list[Unit](), dict[str, int]()
    for piece in pieces:
        if isinstance(piece, str):
            units.append(Unit(len(text), len(text) + len(piece), "added"))
            text += piece + SEPARATOR
            continue
        begins[piece.story] = len(units)
        shift, sources = len(text), first.get(piece.story, 0)
        for u in piece.units if first else piece.source_units:
            own = frozenset(number + sources for number in u.sources)
            units.append(Unit(u.begin + shift, u.end + shift, u.kind, own))
        text += (piece.derivative if first else piece.source) + SEPARATOR
    return text, units, begins


def judged(pair: GoldPair, links: Links) -> Tally:
    """Links against the gold."""
    derivative, source = (extract_features(text).sentences for text in pair.texts())
    theirs = [nearest(sentence, pair.source_units) for sentence in source]
    tally = Tally()
    for sentence, linked in zip(derivative, links.sources, strict=True):
        unit = pair.units[nearest(sentence, pair.units)]
        tally.count({theirs[j] for j in linked}, set(unit.sources))
    return tally


def quality(filling: Sequence[str]) -> None:
    """What windows find, what the whole finds, and how many sentences they agree on."""
    print(f"{'words':<18}{'half':<8}{'compared':<10}link F1  prec   rec    added  false")
    for size, other in COMPARED:
        for fitted in (True, False):
            pair = books(size, other, fitted, filling)
            ours, theirs = map(extract_features, pair.texts())
            found = {
                "windows": next(link_windows(ours, theirs)),
                "whole": link(compute_similarity(ours, theirs)),
            }
            same = sum(
                set(a) == set(b)
                for a, b in zip(found["windows"].sources, found["whole"].sources, strict=True)
            )
            half = "fitted" if fitted else "judged"
            for name, links in found.items():
                row = judged(pair, links).row()
                print(f"{f'{size} in {other}':<18}{half:<8}{name:<10}{row}")
            print(f"{'':<26}alike in {same / len(found['whole'].sources):.4f} of the sentences")


def digests(filling: Sequence[str], stories_of: int = STORIES) -> dict[str, float]:
    """Stories told in a page of several, and taken from one of several: link F1 as dedup links
    them, and where every sentence is compared with every other; returns the former."""
    print(f"{'a page of words':<18}{'from one of':<18}{'compared':<10}"
          "link F1  prec   rec    added  false")  # fmt: skip
    figures = {}
    for size, other in AMONG:
        found = {"dedup": Tally(), "whole": Tally()}
        for number, story in enumerate(stories(fitted=False)[:stories_of]):
            pair = _among(story, size, other, filling[number * PIECES :])
            derivative, source = pair.texts()
            whole = link(compute_similarity(extract_features(derivative), extract_features(source)))
            found["dedup"].add(judged(pair, link_sentences(derivative, source)[0]))
            found["whole"].add(judged(pair, whole))
        for name, tally in found.items():
            print(
                f"{size or 'itself':<18}{other or 'itself':<18}{name:<10}{tally.row()}", flush=True
            )
        figures[f"{size}-{other}.link_f1"] = found["dedup"].link_f1
    return figures


def _among(pair: GoldPair, size: int, other: int, filling: Sequence[str]) -> GoldPair:
    """A pair whose texts stand among wires, in pages of so many words (0: by themselves)."""
    random, wire = Random(size + other), iter(filling)
    source, source_units, first = _bound(_filled([pair], other, wire, random), {})
    derivative, units, _ = _bound(_filled([pair], size, wire, random), first)
    return GoldPair("digest", pair.story, "en", source, derivative, source_units, units)


def most_memory() -> float:
    """The most memory that this process ever had, in megabytes (Linux only)."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def measure(file: Path) -> None:
    """Print, for the pair of books in a file, seconds of CPU step by step, this process's peak
    memory before and after, and the links."""
    texts = json.loads(file.read_text("utf-8"))
    a, b = (Article(name, "Models and word lists are loaded.", language="en") for name in "ab")
    align(a, b)
    before = most_memory()
    marks = [time.process_time()]
    derivative, source = (prepare(Article(name, texts[name], language="en")) for name in texts)
    marks.append(time.process_time())
    links = link_sentences(derivative, source)[0]
    marks.append(time.process_time())
    align_texts(source, derivative, links)
    marks.append(time.process_time())
    peak = most_memory()
    seconds = [b - a for a, b in pairwise(marks)]
    print(json.dumps([seconds, before, peak, links.sources]))


def growth(filling: Sequence[str]) -> None:
    """Time and memory as books grow, each pair in a process of its own."""
    print(f"{'words':<20}{'sentences':<14}prepare  match  passages  ratio  peak MB (before)  F1")
    for sizes in ([(size, size) for size in SIZES], [(ARTICLE, size) for size in SIZES]):
        last = None
        for size, other in sizes:
            pair = books(size, other, False, filling)
            with TemporaryDirectory() as folder:
                file = Path(folder) / "books.json"
                texts = {"derivative": pair.derivative, "source": pair.source}
                file.write_text(json.dumps(texts), encoding="utf-8")
                command = [sys.executable, "-m", "benchmarks.long", str(file)]
                run = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, before, peak, sources = json.loads(run.stdout)
            counts = [len(extract_features(text).sentences) for text in pair.texts()]
            f1 = judged(pair, Links(tuple(map(tuple, sources)), ())).link_f1
            ratio = f"{sum(seconds) / last:5.2f}" if last else "    –"
            last = sum(seconds)
            print(
                f"{f'{size} in {other}':<20}{counts[0]:>5} {counts[1]:>6}  "
                + "  ".join(f"{step:6.2f}" for step in seconds)
                + f"   {ratio}  {peak:7.0f} ({before:.0f})  {f1:.3f}",
                flush=True,
            )


def main(argv: Sequence[str]) -> None:
    if argv:
        measure(Path(argv[0]))
        return
    filling = list(wires())
    digests(filling)
    quality(filling)
    growth(filling)


if __name__ == "__main__":
    main(sys.argv[1:])
