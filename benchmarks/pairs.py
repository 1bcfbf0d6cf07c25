"""Pairs of documents with gold sentence links, from the open sets, in one shape.

A pair's segments are the gold units of the derivative with the numbers of the source units
they tell; `link_table` carries that over to whatever sentences dedup finds, by overlap.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.data import load
from dedup.article import Article
from dedup.text import Sentence, Text, prepare
from dedup.text.language import identify


@dataclass(frozen=True)
class Unit:
    """A gold unit: where it is, its kind, and the source units it tells."""

    begin: int
    end: int
    kind: str = ""
    sources: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GoldPair:
    """Two documents and their gold links. `story` keeps halves apart; `style` says how far
    the derivative goes, where the set tells: light or heavy."""

    set: str
    story: str
    language: str
    source: str
    derivative: str
    source_units: Sequence[Unit]
    units: Sequence[Unit]
    derived: bool = True
    style: str = ""
    source_language: str | None = None

    def texts(self) -> tuple[Text, Text]:
        """(derivative, source), taken apart."""
        own, other = self.language, self.source_language or self.language
        return (
            prepare(Article("derivative", self.derivative, language=own)),
            prepare(Article("source", self.source, language=other)),
        )


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
            style=row["style"],
        )


def remix_across() -> Iterator[GoldPair]:
    """The derivatives of remix against their sources' originals, in another language."""
    for row, pair in zip(load("remix"), remix(), strict=True):
        source, units = _joined(row["original"].split("\n"))
        language = row["original_language"]
        yield replace(
            pair,
            set=f"across-{language}-{pair.language}",
            source=source,
            source_units=units,
            source_language=language,
        )


ENDS = ' .!?"'
Retold = tuple[str, str, frozenset[int]]  # a line of a derivative, its kind, its source lines


def versions(rounds: int = 2) -> Iterator[GoldPair]:
    """More pairs for fitting, from the versions of a news story. Each story gives `rounds`
    of two: one made as remix is, sentences copied, told as in another version, dropped,
    swapped, joined, others that only it has; and one that is retold freely, as newsrooms do:
    out of order, half of it new, the same told twice in other words, sentences split and
    merged."""
    for row in load("wmt-news-versions"):
        language = row["pair"].partition("-")[2]
        if language in ("en", "de", "fr") and len(row["versions"]["src"]) >= 4:
            for number in range(rounds):
                for name in RETELL:
                    yield _remade(row, name, str(number), f"{name}-{language}")


def versions_across() -> Iterator[GoldPair]:
    """The same in two languages, from the story in its own language; and each story against
    the one before it, of which it tells nothing."""
    before: dict[str, GoldPair] = {}
    for row in load("wmt-news-versions"):
        if len(row["versions"]["src"]) < 4:
            continue
        pairs = [_remade(row, name, "across", f"{name}-{row['pair']}", "src") for name in RETELL]
        yield from pairs
        own, other = pairs[0], before.get(row["pair"])
        if other is not None:
            added = [replace(unit, kind="added", sources=frozenset()) for unit in own.units]
            yield replace(
                own, set="other-story", units=added, derived=False,
                source=other.source, source_units=other.source_units,
            )  # fmt: skip
        before[row["pair"]] = own


def ntrex_across(languages: Sequence[str]) -> Iterator[GoldPair]:
    """The same from ntrex's English stories, against translations into `languages` (of ntrex)."""
    stories: dict[str, dict[str, list[str]]] = {}
    for row in load("ntrex"):
        if row["lang"] in ("eng", *languages) and row["version"] != "ref-2":
            stories.setdefault(row["doc_id"], {})[row["lang"]] = row["sentences"]
    for story, lines in stories.items():
        for language in languages:
            chance = random.Random(f"{story}/{language}")
            kept = [i for i in range(len(lines["eng"])) if chance.random() > 0.25] or [0]
            retold = _line_by_line(kept, "eng", ["eng"], lines, chance)
            text, spans = _joined([line for line, _, _ in retold])
            source, source_units = _joined([lines[language][i] for i in kept])
            units = [
                Unit(span.begin, span.end, kind, sources)
                for span, (_, kind, sources) in zip(spans, retold, strict=True)
            ]
            yield GoldPair(
                f"ntrex-{language}-en", story, "en", source, text, source_units, units,
                source_language=identify(source),
            )  # fmt: skip


def _remade(
    row: Mapping[str, Any], name: str, number: str, label: str, source: str | None = None
) -> GoldPair:
    """A pair from a story: its source is version `source`, or the one that is retold."""
    lines: dict[str, list[str]] = row["versions"]
    story = f"{row['set']}/{row['pair']}/{row['doc_id']}"
    chance = random.Random(f"{story}/{number}/{name}")
    own = chance.choice([version for version in lines if version.startswith("ref")])
    others = [version for version in lines if version not in ("src", own)]
    kept = [i for i in range(len(lines[own])) if chance.random() > 0.25] or [0]
    retold = RETELL[name](kept, own, others, lines, chance)
    text, spans = _joined([line for line, _, _ in retold])
    source_text, source_units = _joined([lines[source or own][i] for i in kept])
    languages = row["pair"].partition("-")
    return GoldPair(
        label,
        story,
        languages[2],
        source_text,
        text,
        source_units,
        [
            Unit(span.begin, span.end, kind, sources)
            for span, (_, kind, sources) in zip(spans, retold, strict=True)
        ],
        source_language=languages[0] if source == "src" else None,
    )


def _line_by_line(
    kept: list[int], own: str, others: list[str], lines: dict[str, list[str]],
    chance: random.Random,
) -> list[Retold]:  # fmt: skip
    """A derivative as remix has them, from the source's lines `kept` and the rest."""
    other = chance.choice(others)
    copied, new, dropped = chance.choice([(0.5, 0.5, 0.1), (0.15, 1.0, 0.3)])
    retold: list[Retold] = []
    for i in range(len(lines[own])):
        if i not in kept:
            retold.append((lines[other if chance.random() < new else own][i], "added", frozenset()))
        elif chance.random() >= dropped:
            verbatim = chance.random() < copied
            kind = "copied" if verbatim else "paraphrased"
            retold.append((lines[own if verbatim else other][i], kind, frozenset((kept.index(i),))))
    for i in range(len(retold) - 1):
        if chance.random() < 0.06:
            retold[i], retold[i + 1] = retold[i + 1], retold[i]
    joined: list[Retold] = []
    for line, kind, sources in retold or [(lines[other][0], "added", frozenset())]:
        if joined and sources and joined[-1][2] and chance.random() < 0.07:
            before, _, earlier = joined.pop()
            line, kind, sources = f"{before.rstrip(ENDS)}, {line}", "paraphrased", sources | earlier
        joined.append((line, kind, sources))
    return joined


def _freely(
    kept: list[int], own: str, others: list[str], lines: dict[str, list[str]],
    chance: random.Random,
) -> list[Retold]:  # fmt: skip
    """A derivative that takes about half of the source's lines, in any order."""
    retold: list[Retold] = []
    for i in range(len(lines[own])):
        if i not in kept:
            retold.append((lines[chance.choice(others)][i], "added", frozenset()))
        elif chance.random() < 0.6:
            for version in chance.sample(others, 2 if chance.random() < 0.25 else 1):
                sources = frozenset((kept.index(i),))
                retold += [(part, "paraphrased", sources) for part in _split(lines[version][i])]
    chance.shuffle(retold)
    merged: list[Retold] = []
    for line, kind, sources in retold or [(lines[own][kept[0]], "copied", frozenset((0,)))]:
        if merged and sources and merged[-1][2] and chance.random() < 0.2:
            before, _, earlier = merged.pop()
            line, sources = f"{before.rstrip(ENDS)}, {line}", sources | earlier
        merged.append((line, kind, sources))
    return merged


def _split(line: str) -> list[str]:
    """A long line cut at the comma nearest to its middle, if each part says enough."""
    commas = [i for i, character in enumerate(line) if character == ","]
    if not commas:
        return [line]
    cut = min(commas, key=lambda i: abs(2 * i - len(line)))
    parts = [line[:cut] + ".", line[cut + 1 :].strip()]
    return parts if min(len(part.split()) for part in parts) >= 8 else [line]


RETELL = {"versions": _line_by_line, "retold": _freely}


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
