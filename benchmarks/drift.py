"""How well changed meaning is recognised: `python -m benchmarks.drift [--fitted]`.

False alarms: drifts per 100 linked sentences where the meaning did not change, by kind: two human
translations of one report (WMT news), a translation and another version of it (remix), a human
paraphrase (WMT 19), simplified newspaper stories (PorSimples). Two translators word what
somebody said in their own way, so `reworded` quotations are counted apart there: they are what
they are called. Recall: real linked passages with one thing changed by rule (see
`benchmarks.perturbation`), and whether a drift of that kind is found that was not found before.
Both on the judging half, with `--fitted` on the half that cues and thresholds were chosen on.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, permutations

from benchmarks.data import fitted_on, load
from benchmarks.pairs import GoldPair, Unit, link_table, porsimples, remix, wmt19
from benchmarks.perturbation import Edit, edits
from dedup.align.drift import Drift, find_drift
from dedup.align.drift.cues import Cue, find_cues
from dedup.article import Article
from dedup.text import Sentence, Text, prepare

KINDS = ("number", "hedge", "attribution", "negation", "name", "quotation", "reworded")
SEED = 20250328
STANCES = ("number", "hedge", "attribution", "negation")
LANGUAGES = {"eng": "en", "deu": "de", "fra": "fr", "spa": "es", "por": "pt"}
STORIES, MAX_CUT = 60, 1_500
AROUND = 1  # sentences of context before and behind an edited one


@dataclass(frozen=True)
class Linked:
    """A sentence of a derivative and the source sentences that it tells."""

    set: str
    language: str
    sentence: Sentence
    sources: tuple[Sentence, ...]
    derivative: Text
    source: Text

    @property
    def copied(self) -> bool:
        return [t.form for t in self.sentence.tokens] == [
            t.form for s in self.sources for t in s.tokens
        ]

    def drifts(self) -> tuple[Drift, ...]:
        return find_drift(self.sentence, self.sources, self.derivative, self.source)


def translations() -> Iterator[GoldPair]:
    """Two human translations of one Russian report, line by line."""
    for row in load("wmt-news-versions"):
        versions = row["versions"]
        if "ref:B" not in versions:
            continue
        texts, units = [], []
        for version in ("ref:A", "ref:B"):
            lines, at = versions[version], 0
            spans = []
            for number, line in enumerate(lines):
                spans.append(Unit(at, at + len(line), "paraphrased", frozenset((number,))))
                at += len(line) + 1
            texts.append("\n".join(lines))
            units.append(spans)
        story = f"{row['set']}/{row['pair']}/{row['doc_id']}"
        yield GoldPair("two humans", story, "en", texts[0], texts[1], units[0], units[1])


def spanish() -> Iterator[GoldPair]:
    """Spanish news against itself: there is no second version of it."""
    for row in load("newstest"):
        if row["lang"] == "es":
            text, at, units = "\n".join(row["sentences"]), 0, []
            for number, line in enumerate(row["sentences"]):
                units.append(Unit(at, at + len(line), "copied", frozenset((number,))))
                at += len(line) + 1
            story = f"{row['set']}/{row['doc_id']}"
            yield GoldPair("newstest", story, "es", text, text, units, units)


@cache
def _text(content: str, language: str) -> Text:
    """A text taken apart, once."""
    return prepare(Article("text", content, language=language))


def linked(pairs: Sequence[GoldPair]) -> Iterator[Linked]:
    """The linked sentences of the pairs, by the gold."""
    for pair in pairs:
        derivative, source = (_text(t, pair.language) for t in (pair.derivative, pair.source))
        ours = [s for s in derivative.prose if s.tokens]
        theirs = [s for s in source.prose if s.tokens]
        if not ours or not theirs:
            continue
        table = link_table(pair, ours, theirs)
        for sentence, row in zip(ours, table, strict=True):
            sources = tuple(s for s, is_linked in zip(theirs, row, strict=True) if is_linked)
            if sources:
                name = pair.set.partition("-")[0] if pair.set != "wmt19-arp" else "wmt19"
                yield Linked(name, pair.language, sentence, sources, derivative, source)


def kind_of(drift: Drift) -> str:
    return "reworded" if drift.detail.startswith("quotation altered") else drift.kind


def false_alarms(found: Sequence[Linked], show: str = "") -> dict[str, float]:
    """Print alarms per 100 linked sentences that are not word for word, by set and kind."""
    print(f"{'false alarms':<16}{'sentences':>10}" + "".join(f"{kind:>13}" for kind in KINDS))
    figures: dict[str, float] = {}
    for set, language in dict.fromkeys((item.set, item.language) for item in found):
        counts: Counter[str] = Counter()
        total = copied = 0
        for item in found:
            if (item.set, item.language) != (set, language):
                continue
            drifts = item.drifts()
            if item.copied:
                copied += len(drifts)
                continue
            total += 1
            counts.update({kind_of(drift) for drift in drifts})
            for drift in drifts:
                if show and kind_of(drift) == show:
                    _show(item, drift)
        if total:
            rates = [100 * counts[kind] / total for kind in KINDS]
            row = "".join(f"{rate:13.2f}" for rate in rates)
            print(f"{set + ' ' + language:<16}{total:>10}{row}")
            figures |= {f"{set}-{language}.{k}": r for k, r in zip(KINDS, rates, strict=True)}
        if copied:
            print(f"{'':<16}{copied} alarms on sentences that are word for word")
    return figures


def _show(item: Linked, drift: Drift) -> None:
    here, there = item.derivative.slice(drift.span), item.source.slice(drift.source)
    print(f"--- {item.set} {item.language} {drift.kind}: {drift.detail}\n    [{here}] [{there}]")
    print("  S", *(item.source.slice(s) for s in item.sources))
    print("  D", item.derivative.slice(item.sentence))


def recall(found: Sequence[Linked], most: int = 150, show: str = "") -> dict[str, float]:
    """Print how many edits of each kind are found, by language: copied passages, retold ones."""
    chance = random.Random(SEED)
    by_kind: dict[tuple[str, str, bool], list[bool]] = {}
    order = list(found)
    chance.shuffle(order)
    for item in order:
        neighbours = _context(item)
        for edit in edits(item.derivative, item.sentence, item.sources, item.source, chance):
            tried = by_kind.setdefault((edit.name, item.language, item.copied), [])
            if len(tried) >= most or (edit.kind in {d.kind for d in item.drifts()}):
                continue
            seen = _edited(item, edit, neighbours)
            tried.append(any(drift.kind == edit.kind for drift in seen))
            if show == edit.name and not tried[-1]:
                print(f"--- {item.language} {edit.name} missed")
                print("  S", *(item.source.slice(s) for s in item.sources))
                print("  D", edit.text)
    figures: dict[str, float] = {}
    names = list(dict.fromkeys(name for name, _, _ in sorted(by_kind)))
    languages = sorted({language for _, language, _ in by_kind})
    print(f"{'recall':<24}" + "".join(f"{language:>20}" for language in languages))
    for copied in (True, False):
        for name in names:
            row = ""
            for language in languages:
                hits = by_kind.get((name, language, copied), [])
                row += f"{sum(hits):>10} of {len(hits):>3} {sum(hits) / max(len(hits), 1):.2f}"
                if hits:
                    key = f"{language}.{name}.{'copied' if copied else 'retold'}"
                    figures[key] = sum(hits) / len(hits)
            print(f"{name + (' (copied)' if copied else ' (retold)'):<24}{row}")
    return figures


def _context(item: Linked) -> tuple[str, str]:
    prose = item.derivative.prose
    place = prose.index(item.sentence)
    before = " ".join(map(item.derivative.slice, prose[max(place - AROUND, 0) : place]))
    behind = " ".join(map(item.derivative.slice, prose[place + 1 : place + 1 + AROUND]))
    return before, behind


def _edited(item: Linked, edit: Edit, neighbours: tuple[str, str]) -> list[Drift]:
    """The drifts of an edited sentence, among its neighbours."""
    before, behind = neighbours
    text = "\n\n".join((before, edit.text, behind))
    derivative = prepare(Article("edited", text, language=item.language))
    begin, end = len(before) + 2, len(before) + 2 + len(edit.text)
    return [
        drift
        for sentence in derivative.prose
        if begin <= sentence.begin < end and sentence.tokens
        for drift in find_drift(sentence, item.sources, derivative, item.source)
    ]


def across(half: bool) -> dict[str, float]:
    """Print, for the five languages with cues against each other, alarms per 100 sentences of
    people's translations, and how many negations and hedges are missed once they are cut out."""
    print(f"\n{'across languages':<16}{'sentences':>10}" + "".join(f"{k:>13}" for k in STANCES)
          + f"{'cut out: negation':>20}{'hedge':>8}")  # fmt: skip
    figures: dict[str, float] = {}
    for name in ("ntrex", "newstest"):
        counts: Counter[str] = Counter()
        cut: dict[str, list[bool]] = {"negation": [], "hedge": []}
        total = 0
        for item in translated(name, half):
            total += 1
            counts.update({drift.kind for drift in item.drifts()})
            for kind in cut:
                own = [c for c in find_cues((item.sentence,), item.derivative) if kind in c[2]]
                if len(own) == 1 and len(cut[kind]) < MAX_CUT:
                    edited = _without(item, own[0])
                    cut[kind].append(kind in {drift.kind for drift in edited.drifts()})
        rates = [100 * counts[kind] / total for kind in STANCES]
        shares = [sum(cut[kind]) / len(cut[kind]) for kind in cut]
        print(f"{name:<16}{total:>10}" + "".join(f"{rate:13.2f}" for rate in rates)
              + f"{shares[0]:20.2f}{shares[1]:8.2f}")  # fmt: skip
        figures |= {f"across-{name}.{k}": r for k, r in zip(STANCES, rates, strict=True)}
    return figures


def translated(name: str, half: bool) -> Iterator[Linked]:
    """Sentences beside their translations, each in the five languages with cues."""
    stories: dict[str, dict[str, list[str]]] = {}
    for row in load(name):
        language = LANGUAGES.get(row["lang"], row["lang"])
        story = f"{row.get('set', name)}/{row['doc_id']}"
        if language in LANGUAGES.values() and fitted_on(story) == half:
            stories.setdefault(story, {})[language] = row["sentences"]
    for versions in islice(stories.values(), STORIES):
        for (one, ours), (other, theirs) in permutations(versions.items(), 2):
            for line, source in zip(ours, theirs, strict=True):
                derivative, origin = _text(line, one), _text(source, other)
                if len(derivative.prose) == len(origin.prose) == 1:
                    told, sources = derivative.prose[0], origin.prose
                    yield Linked(name, f"{other}-{one}", told, sources, derivative, origin)


def _without(item: Linked, cue: Cue) -> Linked:
    """The same, with a cue cut out of the derivative."""
    first, after, _ = cue
    tokens, text = item.sentence.tokens, item.derivative.article.text
    left = text[: tokens[first].begin] + text[tokens[after - 1].end :].lstrip()
    derivative = prepare(Article("cut", left, language=item.derivative.language))
    sentence = derivative.prose[0] if derivative.prose else item.sentence
    return replace(item, sentence=sentence, derivative=derivative)


def main(argv: Sequence[str]) -> dict[str, float]:
    """Print both tables; `--fitted` for the other half, `--show KIND` for every case."""
    half = "--fitted" in argv
    show = argv[argv.index("--show") + 1] if "--show" in argv else ""
    missed = argv[argv.index("--missed") + 1] if "--missed" in argv else ""
    pairs = [p for p in (*translations(), *remix(), *porsimples(), *wmt19(), *spanish())
             if fitted_on(p.story) == half]  # fmt: skip
    found = list(linked(pairs))
    for _ in ("texts not yet seen", "texts seen"):
        start = time.process_time()
        for item in found:
            item.drifts()
        seconds = time.process_time() - start
    words = sum(len(item.sentence.tokens) for item in found)
    print(f"{len(found)} linked sentences; {1e3 * seconds * 500 / max(words, 1):.2f} ms CPU for "
          "500 words, texts seen before")  # fmt: skip
    figures = false_alarms(found, show)
    if not show:
        figures |= recall(found, show=missed) | across(half)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
