"""What dedup is compared with: for each two sentences of a pair of texts, how alike they are.

A method takes all pairs at once and gives a `Run` for each of its settings. Two need nothing
but what dedup has: cosines of character TF-IDF, and difflib's ratio of words. The others are
tools that are installed into environments of their own (`benchmarks.peers`).
"""

import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.alignment.spans import Span, found_in
from benchmarks.alignment.tallies import Scores
from benchmarks.data import ROOT
from benchmarks.peers.catalogue import Peer
from benchmarks.peers.environments import Unavailable, python, reason
from dedup.text import Text

PATIENCE = 1800  # seconds for all pairs of one tool


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts and where their sentences are."""

    derivative: str
    source: str
    sentences: tuple[Span, ...]
    source_sentences: tuple[Span, ...]

    @classmethod
    def of(cls, derivative: Text, source: Text) -> "Compared":
        """The texts as dedup takes them apart."""
        return cls(
            derivative.article.text,
            source.article.text,
            tuple((s.begin, s.end) for s in derivative.prose),
            tuple((s.begin, s.end) for s in source.prose),
        )

    def slices(self) -> tuple[list[str], list[str]]:
        """The sentences of the derivative and of the source."""
        return (
            [self.derivative[begin:end] for begin, end in self.sentences],
            [self.source[begin:end] for begin, end in self.source_sentences],
        )


@dataclass(frozen=True, slots=True)
class Run:
    """What one method found in one setting: float[n, m] and CPU seconds for each pair."""

    setting: str
    scores: list[Scores]
    seconds: list[float]


Method = Callable[[Sequence[Compared]], list[Run]]


def character_tfidf(pair: Compared) -> Scores:
    """Cosines of TF-IDF of 2 to 4 characters, each sentence a document: float[n, m]."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    ours, theirs = pair.slices()
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    matrix = vectors.fit_transform(ours + theirs)
    scores: Scores = (matrix[: len(ours)] @ matrix[len(ours) :].T).toarray()
    return scores


def word_ratio(pair: Compared) -> Scores:
    """difflib's ratio of two sentences' words, where it can be a sentence's best: float[n, m]."""
    ours, theirs = ([re.findall(r"\w+", s.lower()) for s in side] for side in pair.slices())
    scores = np.zeros((len(ours), len(theirs)))
    for i, sentence in enumerate(ours):
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(sentence)
        best = 0.0
        for j, source in enumerate(theirs):
            matcher.set_seq1(source)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                scores[i, j] = matcher.ratio()
                best = max(best, scores[i, j])
    return scores


def timed(score: Callable[[Compared], Scores], pairs: Sequence[Compared]) -> list[Run]:
    """Run a function over all pairs."""
    run = Run("", [], [])
    score(pairs[0])  # what loads at first use
    for pair in pairs:
        start = time.process_time()
        run.scores.append(score(pair))
        run.seconds.append(time.process_time() - start)
    return [run]


def installed(peer: Peer, pairs: Sequence[Compared]) -> list[Run]:
    """Run a tool in an environment of its own.

    Raises `Unavailable` where it cannot be installed or run.
    """
    command = [python(peer), "-P", "-m", "benchmarks.peers.passages.child", peer.adapter]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "pairs.json", Path(folder) / "out.json"
        given.write_text(json.dumps(list(map(asdict, pairs))), encoding="utf-8")
        try:
            subprocess.run(
                [*command, str(given), str(out)],
                env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE,
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"cannot run: {reason(error.stderr)}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"cannot run: {error}"[:160]) from error
        report = json.loads(out.read_text("utf-8"))
    return [
        Run(
            setting,
            [
                found_in(spans, pair.sentences, pair.source_sentences)
                for spans, pair in zip(found["spans"], pairs, strict=True)
            ],
            found["seconds"],
        )
        for setting, found in report.items()
    ]


TOOLS = (
    Peer("rapidfuzz", "rapidfuzz", ("rapidfuzz", "numpy"), "best of each two sentences"),
    Peer("copydetect", "copydetect", ("copydetect",), "shared fingerprints"),
    Peer("text-matcher", "text_matcher", ("text-matcher",), "runs of stemmed trigrams"),
    Peer("sentence-plagiarism", "sentence_plagiarism", ("sentence-plagiarism",), "sets of words"),
    Peer("alcove-dux", "alcove_dux", ("alcove-dux",), "exact runs of words"),
)
METHODS: Mapping[str, Method] = {
    "char TF-IDF argmax": partial(timed, character_tfidf),
    "difflib argmax": partial(timed, word_ratio),
    **{tool.name: partial(installed, tool) for tool in TOOLS},
}


def chosen(only: Sequence[str]) -> dict[str, Method]:
    """The methods whose name begins with one of `only`; all where that is empty."""
    return {n: m for n, m in METHODS.items() if not only or n.startswith(tuple(only))}


def run_all(methods: Mapping[str, Method], pairs: Sequence[Compared]) -> dict[str, list[Run]]:
    """What each method found; prints why one could not run."""
    runs: dict[str, list[Run]] = {}
    for name, method in methods.items():
        try:
            runs[name] = method(pairs)
        except Unavailable as error:
            print(f"{name}: not available: {error}")
    return runs
