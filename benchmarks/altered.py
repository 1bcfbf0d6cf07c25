"""Changes of any word, in nineteen languages: `python -m benchmarks.altered [--show]`.

Each line that begins with S in altered.txt is a sentence; A is an alteration of its meaning, H a
harmless rewording, with its kind and what stands for what. The copy stands among the sentences
before and after it in its language. All were written before the detector's lists of words were
read, and unlike those of `planted` by no rule; but the lists of opposites in Swedish, Czech,
Korean, Greek and Hindi were written after them. Printed are the parts told by the lists alone,
and with an encoder too, by kind.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dedup.align import align_texts
from dedup.article import Article
from dedup.embed import Encoder, load_encoder
from dedup.text import Text, prepare

CHANGES = Path(__file__).with_suffix(".txt")
LANGUAGE, SET = "# lang ", "# set"  # a line before its sentences, and between the two sets


class Change(NamedTuple):
    """An alteration, or a harmless rewording, of a sentence that stands between two others."""

    altered: bool
    kind: str
    source: Text
    derivative: Text


def read_changes() -> Iterator[Change]:
    """The changes of altered.txt."""
    for part in CHANGES.read_text("utf-8").split(SET + "\n"):
        by_language = defaultdict[str, list[tuple[str, list[str]]]](list)
        language = ""
        for line in part.splitlines():
            if line.startswith(LANGUAGE):
                language = line.removeprefix(LANGUAGE)
            elif line.startswith("S "):
                by_language[language].append((line[2:], []))
            elif not line.startswith("#"):
                by_language[language][-1][1].append(line)
        for language, sentences in by_language.items():
            lines = [sentence for sentence, _ in sentences]
            for n, (sentence, changes) in enumerate(sentences):
                beside = lines[n - 1], lines[(n + 1) % len(lines)]
                for change in changes:
                    mark, kind, words = change.split(" ", 2)
                    was, now = words.split(" => ")
                    yield Change(
                        mark == "A", kind,
                        make_text("source", beside, sentence, language),
                        make_text("derivative", beside, sentence.replace(was, now, 1), language),
                    )  # fmt: skip


def make_text(id: str, beside: tuple[str, str], sentence: str, language: str) -> Text:
    """A sentence as a paragraph between two others."""
    text = "\n\n".join((beside[0], sentence, beside[1]))
    return prepare(Article(id, text, language=language))


def is_told(change: Change, encoder: Encoder | None) -> bool:
    """Whether a changed meaning is shown."""
    passages = align_texts(change.source, change.derivative, encoder=encoder).passages
    return any(drift.severity == "meaning" for passage in passages for drift in passage.drift)


def main(argv: Sequence[str]) -> dict[str, int]:
    """Print and return how many changes are told."""
    changes, figures = list(read_changes()), dict[str, int]()
    print(f"{'told':<28}{'lists':>10}{'encoder':>10}{'of':>10}")
    told = [[is_told(change, encoder) for change in changes] for encoder in (None, load_encoder())]
    for name, altered in (("altered", True), ("harmless", False)):
        kinds = {change.kind for change in changes if change.altered == altered}
        for kind in (*sorted(kinds), "all"):
            own = [
                n for n, change in enumerate(changes)
                if change.altered == altered and kind in (change.kind, "all")
            ]  # fmt: skip
            counts = [sum(found[n] for n in own) for found in told]
            print(f"{name + ', ' + kind:<28}{counts[0]:>10}{counts[1]:>10}{len(own):>10}")
        figures |= {name: counts[0], f"{name}, encoder": counts[1]}
    if "--show" in argv:
        for change, found in zip(changes, told[1], strict=True):
            if found != change.altered:
                print("missed" if change.altered else "false", change.kind)
                print(f"  {change.source.article.text!r}\n  {change.derivative.article.text!r}")
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
