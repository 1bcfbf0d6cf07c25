"""Boilerplate inside paragraphs: by its wording, and because unrelated articles share it."""

import pytest

from dedup.article import Article, Span
from dedup.text import prepare

STORY = "The ferry to Arran ran aground in thick fog on Monday and 41 passengers were taken off."


def boilerplate_of(text: str) -> list[str]:
    """The stretches of `text` that are boilerplate."""
    prepared = prepare(Article("a", text))
    return [prepared.slice(sentence) for sentence in prepared.furniture]


@pytest.mark.parametrize(
    "text",
    [
        "To keep reading, please subscribe. Already a subscriber? Log in to your account.",
        "Weiterlesen mit dem Probeabo. Jederzeit kündbar.",
        "La suite est réservée. Déjà abonné ? Connectez-vous.",
        "Contenido exclusivo para suscriptores. Inicia sesión.",
        "Hai già un abbonamento? Accedi con la tua email.",
        "Já é assinante? Faça login.",
        "Al abonnee? Neem een abonnement.",
        "Aby czytać dalej, zaloguj się.",
        "Чтобы продолжить чтение, оформите подписку.",
        "Щоб читати далі, оформіть передплату.",
    ],
    ids=["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk"],
)
def test_paywall_text_is_boilerplate_in_ten_languages(text: str) -> None:
    """What asks the reader to pay is no part of the story above it."""
    assert " ".join(boilerplate_of(f"{STORY}\n\n{text}")) == text


def test_consent_text_before_a_story_on_the_same_line_is_boilerplate() -> None:
    """Only the sentences that ask for consent are marked."""
    consent = "We use cookies. You may manage your preferences at any time. Accept all cookies?"
    assert boilerplate_of(f"{consent} {STORY}") == [
        "We use cookies.",
        "You may manage your preferences at any time.",
        "Accept all cookies?",
    ]


@pytest.mark.parametrize("mark", [": ", "\n\n", "\n"])
def test_a_note_on_the_author_is_boilerplate_to_its_end(mark: str) -> None:
    """The heading makes the paragraph boilerplate, on its line and below it."""
    note = f"About the author{mark}Iona Reid keeps bees. She lives on Bute."
    assert boilerplate_of(f"{STORY}\n\n{note}")[-1] == "She lives on Bute."


def test_reporters_in_the_news_are_no_boilerplate() -> None:
    """A story about journalists, subscribers and cookies says nothing to its reader."""
    story = (
        "Iona Reid is a reporter for the Herald. She joined the paper in 2011. The company said it "
        "uses cookies. It has unlimited access to their data, and subscribers can cancel at any "
        "time. Thousands follow her on Twitter."
    )
    assert boilerplate_of(story) == []


def test_known_stretches_are_boilerplate_and_others_are_not() -> None:
    """A sentence is marked where the collection knows its words, else not."""
    text = f"Fog on the Clyde all week. {STORY}"
    end = len("Fog on the Clyde all week.")
    prepared = prepare(Article("a", text), boilerplate=[Span(0, end)])
    assert [prepared.slice(s) for s in prepared.furniture] == [text[:end]]
    assert not any(anchor.begin < end for anchor in prepared.anchors)
