"""Pairs of documents with gold sentence links, from the open sets, in one shape.

A pair's segments are the gold units of the derivative with the numbers of the source units
they tell; `link_table` carries that over to whatever sentences dedup finds, by overlap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.data import load
from dedup.article import Article
from dedup.text import Sentence, Text, prepare


@dataclass(frozen=True)
class Unit:
    """A gold unit: where it is, its kind, and the source units it tells."""

    begin: int
    end: int
    kind: str = ""
    sources: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GoldPair:
    """Two documents and their gold links. `story` keeps halves apart."""

    set: str
    story: str
    language: str
    source: str
    derivative: str
    source_units: Sequence[Unit]
    units: Sequence[Unit]
    derived: bool = True

    def texts(self) -> tuple[Text, Text]:
        """(derivative, source), taken apart."""
        derivative, source = (
            prepare(Article(id, text, language=self.language))
            for id, text in (("derivative", self.derivative), ("source", self.source))
        )
        return derivative, source


def remix() -> Iterator[GoldPair]:
    for row in load("remix"):
        yield GoldPair(
            f"remix-{row['language']}",
            row["id"].rsplit("/", 1)[0],
            row["language"],
            row["source"],
            row["derivative"],
            [Unit(begin, end) for begin, end in row["source_spans"]],
            [
                Unit(p["begin"], p["end"], p["kind"], frozenset(p["sources"]))
                for p in row["passages"]
            ],
        )


def porsimples() -> Iterator[GoldPair]:
    documents = {row["id"]: row for row in load("porsimples-docs")}
    for row in load("porsimples-alignments"):
        if row["source_doc"] not in documents or row["target_doc"] not in documents:
            continue
        source = documents[row["source_doc"]]["sentences"]
        derivative = documents[row["target_doc"]]["sentences"]
        number = {sentence["id"]: i for i, sentence in enumerate(source)}
        gold = {target["target_id"]: target for target in row["targets"]}
        source_text, source_units = _joined([s["text"] for s in source])
        text, spans = _joined([s["text"] for s in derivative])
        units = []
        for unit, sentence in zip(spans, derivative, strict=True):
            target = gold.get(sentence["id"], {"source_ids": [], "label": "added"})
            sources = frozenset(number[id] for id in target["source_ids"] if id in number)
            units.append(Unit(unit.begin, unit.end, target["label"], sources))
        yield GoldPair(
            f"porsimples-{row['level'].replace('->', '-')}",
            f"porsimples/{row['production_id']}",
            "pt",
            source_text,
            text,
            source_units,
            units,
        )


def wmt19() -> Iterator[GoldPair]:
    """A human paraphrase of a German translation, line by line: the same content, far away."""
    for row in load("wmt19-paraphrases"):
        source_text, source_units = _joined(row["versions"]["ar"])
        text, spans = _joined(row["versions"]["arp"])
        units = [Unit(u.begin, u.end, "paraphrased", frozenset((i,))) for i, u in enumerate(spans)]
        yield GoldPair("wmt19-arp", row["doc_id"], "de", source_text, text, source_units, units)


def basil() -> Iterator[GoldPair]:
    """Three newsrooms on one event, each on its own: nothing to link."""
    stories: dict[str, list[str]] = {}
    for row in load("basil"):
        text, _ = _joined([line for paragraph in row["body-paragraphs"] for line in paragraph])
        stories.setdefault(row["triplet"], []).append(text)
    for story, texts in stories.items():
        for i, derivative in enumerate(texts):
            for j, source in enumerate(texts):
                if i != j:
                    yield GoldPair(
                        "basil", story, "en", source, derivative,
                        [Unit(0, len(source))], [Unit(0, len(derivative), "added")], derived=False,
                    )  # fmt: skip


def _joined(lines: Sequence[str]) -> tuple[str, list[Unit]]:
    units, at = [], 0
    for line in lines:
        units.append(Unit(at, at + len(line)))
        at += len(line) + 1
    return "\n".join(lines), units


def nearest(sentence: Sentence, units: Sequence[Unit]) -> int:
    """The gold unit that overlaps a sentence most."""
    overlaps = [min(sentence.end, u.end) - max(sentence.begin, u.begin) for u in units]
    return int(np.argmax(overlaps))


def link_table(
    pair: GoldPair, derivative: Sequence[Sentence], source: Sequence[Sentence]
) -> npt.NDArray[np.bool_]:
    """Which sentences are linked in the gold: bool[n, m]."""
    theirs = [nearest(s, pair.source_units) for s in source]
    table = np.zeros((len(derivative), len(source)), dtype=np.bool_)
    for i, s in enumerate(derivative):
        unit = pair.units[nearest(s, pair.units)]
        table[i] = [number in unit.sources for number in theirs]
    return table
