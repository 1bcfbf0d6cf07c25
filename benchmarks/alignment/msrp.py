"""Does one sentence say what another says: the Microsoft Research Paraphrase Corpus.

Comes in: pairs of news sentences that people called paraphrases or not (Dolan, Quirk and
Brockett 2004; the open part is its training part). Goes out: area under the ROC curve, and
accuracy and F1 on the judged half at the threshold that is most accurate on the other, where
settings are chosen too (by area). All pairs of one chain of shared sentences are in one half.
This is a test of sentence pairs without context: every pair was chosen because the sentences
share words, a third differ in a detail, and there is no story around them, which is what
`align` reads links by.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.alignment.methods import METHODS, Compared, Method, run_all
from benchmarks.data import DATA, fitted_on, load
from benchmarks.pan import connected
from dedup.align import align_texts
from dedup.article import Article
from dedup.text import prepare

Values = npt.NDArray[np.float64]


def judge(methods: Mapping[str, Method] = METHODS) -> dict[str, float]:
    """Print the table; returns dedup's figures."""
    if not (DATA / "msrp.jsonl.xz").exists():
        print(f"no msrp.jsonl.xz in {DATA}")
        return {}
    rows = load("msrp")
    story = connected((row["id1"], row["id2"]) for row in rows)
    fitted = np.array([fitted_on(story[row["id1"]]) for row in rows])
    gold = np.array([row["label"] == 1 for row in rows])
    pairs = [(row["s1"], row["s2"]) for row in rows]
    there, back = (
        np.array([link_probability(a, b) for a, b in p]) for p in (pairs, [p[::-1] for p in pairs])
    )
    scores: dict[str, Values] = {
        "dedup": there,
        "dedup, both ways": np.minimum(there, back),
        "char TF-IDF cosine": cosines(pairs, fitted, "char_wb", (2, 4)),
        "word TF-IDF cosine": cosines(pairs, fitted, "word", (1, 1)),
    }
    whole = [Compared(b, a, ((0, len(b)),), ((0, len(a)),)) for a, b in pairs]
    others = {name: method for name, method in methods.items() if "TF-IDF" not in name}
    for name, runs in run_all(others, whole).items():
        found = {run.setting: np.array([float(s.max()) for s in run.scores]) for run in runs}
        setting = max(found, key=lambda s: area(found[s][fitted], gold[fitted]))
        scores[f"{name.removesuffix(' argmax')} {setting}"] = found[setting]
    print(f"{'msrp':<22}{'method':<34}AUC    accuracy  F1     threshold   "
          f"{(~fitted).sum()} pairs judged, {gold[~fitted].mean():.3f} paraphrases")  # fmt: skip
    figures = {name: row(name, values, gold, fitted) for name, values in scores.items()}
    always = gold[~fitted].mean()
    print(f"{'':<22}{'always yes':<34}0.500  {always:.3f}     {2 * always / (1 + always):.3f}")
    return figures["dedup"]


def link_probability(source: str, derivative: str) -> float:
    """How probable it is that one sentence comes from another: by words, where it is cut."""
    texts = (
        prepare(Article("source", source, language="en")),
        prepare(Article("derivative", derivative, language="en")),
    )
    passages = [p for p in align_texts(*texts).passages if p.words]
    words = sum(p.words for p in passages)
    return sum(p.score * p.words for p in passages) / max(words, 1)


def cosines(
    pairs: Sequence[tuple[str, str]], fitted: npt.NDArray[np.bool_], analyzer: str,
    lengths: tuple[int, int],
) -> Values:  # fmt: skip
    """Cosine of TF-IDF, frequencies from the fitting half."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=analyzer, ngram_range=lengths, sublinear_tf=True)
    vectors.fit([s for pair, fit in zip(pairs, fitted, strict=True) if fit for s in pair])
    first, second = (vectors.transform([pair[k] for pair in pairs]) for k in (0, 1))
    return np.asarray(first.multiply(second).sum(axis=1), dtype=np.float64).ravel()


def area(scores: Values, gold: npt.NDArray[np.bool_]) -> float:
    """The area under the ROC curve."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(gold, scores))


def best_threshold(scores: Values, gold: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The best accuracy of `scores ≥ threshold`, and the lowest threshold that gives it.

    >>> best_threshold(np.array([0.1, 0.4, 0.8]), np.array([False, True, True]))
    (1.0, 0.4)
    """
    right = [(float(((scores >= t) == gold).mean()), -float(t)) for t in np.unique(scores)]
    best, threshold = max(right)
    return best, -threshold


def row(
    name: str, scores: Values, gold: npt.NDArray[np.bool_], fitted: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """Print the row of one method; returns its figures on the judged half."""
    from sklearn.metrics import f1_score

    _, threshold = best_threshold(scores[fitted], gold[fitted])
    says, truth = scores[~fitted] >= threshold, gold[~fitted]
    figures = {
        "auc": area(scores[~fitted], truth),
        "accuracy": float((says == truth).mean()),
        "f1": float(f1_score(truth, says)),
    }
    print(f"{'':<22}{name:<34}{figures['auc']:.3f}  {figures['accuracy']:.3f}     "
          f"{figures['f1']:.3f}  ≥ {threshold:.3f}", flush=True)  # fmt: skip
    return figures
