"""Fit the relation models of two languages: `python -m benchmarks.fit_relation_across [--write]`.

One for pairs whose sentences have vectors, one for those compared by names and numbers alone.
Positives: WMT's stories and translations of them, remix's derivatives and free retellings
against the story in its own language, ntrex's and newstest's stories in two languages.
Negatives: of the stories before it in the file, in the other language, those that share most
names and numbers. No open set has two newsrooms on one event in two languages; that is why a
false join counts as much as `FALSE_JOIN` misses. Fitted on half of the stories, judged on the
other half; with --write, both models in dedup/data/relation.json are replaced.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.calibration import print_reliability
from benchmarks.data import fitted_on, load
from benchmarks.fit_relation import TARGET, fit_upward, named_weights, probabilities
from benchmarks.pairs import remix_across, versions_across
from dedup.align import MODEL_NAMES, choose_model, content_sentences, link_sentences
from dedup.article import Article
from dedup.embed import load_encoder
from dedup.relate.crosslingual import CROSSLINGUAL_SIGNALS, collect_crosslingual_evidence
from dedup.text import Text, prepare
from dedup.text.romanize import names_and_numbers

FALSE_JOIN = 10.0
RIVALS = 5  # negatives of each story …
BEFORE = 400  # … among so many before it
PAIRS_OF_STORY = 20  # of ntrex

Told = tuple[str, str, Text, Text]  # set, story, in one language, in another


def translations() -> Iterator[Told]:
    """Stories of WMT, ntrex and newstest in two languages."""
    for row in load("wmt-news-versions"):
        names = [name for name in sorted(row["versions"]) if name != "src"]
        story = f"{row['set']}/{row['pair']}/{row['doc_id']}"
        lines = row["versions"]
        yield "wmt", story, _text(lines["src"]), _text(lines[names[len(names) // 2]])
    for name, count in (("ntrex", PAIRS_OF_STORY), ("newstest", 1)):
        stories: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for row in load(name):
            id = row["doc_id"] if name == "ntrex" else f"{row['set']}:{row['doc_id']}"
            if row.get("version") != "ref-2" and row["lang"] != "por-BR":
                stories[id][row["lang"]] = row["sentences"]
        for id, versions in stories.items():
            chance = random.Random(id)
            for _ in range(count if len(versions) > 1 else 0):
                one, other = chance.sample(sorted(versions), 2)
                yield name, id, _text(versions[one]), _text(versions[other])


def _text(lines: Sequence[str]) -> Text:
    return prepare(Article("story", "\n\n".join(lines)))


def examples() -> Iterator[tuple[str, str, Text, Text, bool]]:
    """Set, story, two texts in two languages, and whether they are one report."""
    for pair in (*remix_across(), *versions_across()):
        a, b = pair.texts()
        yield pair.set.partition("-")[0], pair.story, a, b, pair.derived
    before: dict[tuple[str, str], list[tuple[str, Text]]] = defaultdict(list)
    for name, story, a, b in translations():
        yield name, story, a, b, True
        named = names_and_numbers(a.anchors)
        rivals = [(id, text) for id, text in before[name, b.language][-BEFORE:] if id != story]
        shared = [sum((named & names_and_numbers(text.anchors)).values()) for _, text in rivals]
        for n in np.argsort(-np.array(shared), kind="stable")[:RIVALS].tolist():
            if fitted_on(rivals[n][0]) == fitted_on(story):
                yield name, story, a, rivals[n][1], False
        before[name, b.language].append((story, b))


def main(argv: Sequence[str]) -> None:
    model = load_encoder()
    rows: dict[str, list[list[float]]] = defaultdict(list)
    marks: dict[str, list[tuple[str, bool, bool]]] = defaultdict(list)
    for name, story, a, b, same in examples():
        if a.language == b.language or not content_sentences(a) or not content_sentences(b):
            continue
        for used in (model, None):
            setting = choose_model(a, b, used)
            if setting == "anchors" and used is not None:
                continue  # comes again without an encoder
            evidence = collect_crosslingual_evidence(a, b, link_sentences(a, b, used))
            rows[setting].append([evidence[key] for key in CROSSLINGUAL_SIGNALS])
            marks[setting].append((name, same, fitted_on(story)))
    document = json.loads(TARGET.read_text("utf-8"))
    for setting in MODEL_NAMES:
        if setting not in rows:
            continue
        x = np.array(rows[setting])
        sets, known, fitting = (np.array(column) for column in zip(*marks[setting], strict=True))
        weights = np.where(known, 1.0, FALSE_JOIN)
        intercept, own = fit_upward(x[fitting], known[fitting], weights[fitting])
        said = probabilities((intercept, own), x)
        document[setting] = {
            "intercept": round(intercept, 4),
            "weights": named_weights(CROSSLINGUAL_SIGNALS, own),
        }
        print(setting, json.dumps(document[setting]))
        for half, chosen in (("fitted", fitting), ("judged", ~fitting)):
            for name in dict.fromkeys(sets.tolist()):
                own_ = chosen & (sets == name)
                true, false = said[own_ & known], said[own_ & ~known]
                line = f"{half:<8}{name:<11}"
                if len(true):
                    line += f"{np.mean(true >= 0.5):.4f} of {len(true):4d} found"
                if len(false):
                    line += f"  {np.mean(false >= 0.5):.4f} of {len(false):4d} joined falsely"
                print(line)
        print_reliability(f"{setting}, judged half", said[~fitting], known[~fitting])
    if "--write" in argv:
        TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
