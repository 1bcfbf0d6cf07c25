"""Boilerplate inside paragraphs: by its wording, and because unrelated articles share it."""

from dataclasses import replace

import pytest

from dedup import compare
from dedup.article import Article, Span
from dedup.pipeline.boilerplate import find_shared_boilerplate
from dedup.pipeline.pieces import hash_pieces
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


# In a collection

STORIES = [
    "Trams run again between the harbour and the old hospital after engineers changed the points.",
    "Councillors will shut the library on Mondays to save money, which readers called foolish.",
    "A sourdough loaf from a bakery in Corn Lane beat rivals from twelve countries in Lyon.",
    "Rats chewed through a cable and left nine hundred homes in Westhill without broadband.",
]
# In no language that has cues, so that only the collection can tell.
NOTE = "Lorem ipsum dolor sit amet consectetur. Adipiscing elit sed eiusmod tempor incididunt."


def shared_boilerplate(articles: list[Article]) -> dict[str, str]:
    """The boilerplate of each article that a collection of them shows, by id."""
    pieces = hash_pieces(article.text for article in articles)
    order = sorted(range(len(articles)), key=lambda n: articles[n].id)
    found = find_shared_boilerplate(pieces, order, lambda n: (articles[n], "en"))
    return {
        articles[n].id: "|".join(map(articles[n].text.__getitem__, map(slice_of, spans)))
        for n, spans in found.items()
    }


def slice_of(span: Span) -> slice:
    """A span as a slice."""
    return slice(span.begin, span.end)


def under(note: str, stories: list[str], **known: str) -> list[Article]:
    """Articles of these stories with one note under each."""
    return [Article(f"a{n}", f"{s}\n\n{note}", **known) for n, s in enumerate(stories)]


def test_what_three_unrelated_articles_share_is_boilerplate() -> None:
    """All of it, and nothing else, whatever the order of the articles."""
    articles = under(NOTE, STORIES[:3])
    expected = dict.fromkeys(("a0", "a1", "a2"), NOTE)
    assert shared_boilerplate(articles) == shared_boilerplate(articles[::-1]) == expected


def test_two_unrelated_articles_show_boilerplate_only_if_they_are_of_one_site() -> None:
    """By publisher or by the host of their addresses."""
    assert shared_boilerplate(under(NOTE, STORIES[:2])) == {}
    assert len(shared_boilerplate(under(NOTE, STORIES[:2], publisher="The Herald"))) == 2
    assert (
        len(shared_boilerplate(under(NOTE, STORIES[:2], url="https://www.herald.example/x"))) == 2
    )


def test_copies_of_one_story_show_no_boilerplate() -> None:
    """Every sentence of a copy is shared, and the rest is alike or absent."""
    story = " ".join(STORIES)
    copies = [Article(f"c{n}", story) for n in range(5)]
    edited = [Article(f"e{n}", f"{story} {end}") for n, end in enumerate(STORIES)]
    assert shared_boilerplate(copies + edited) == {}


def test_a_brief_that_stands_in_digests_is_no_boilerplate() -> None:
    """The article that it opens speaks on of the same ferry."""
    brief = "The ferry Caledonian Isles ran aground off Brodick in thick fog on Monday."
    more = (
        "Passengers of the Caledonian Isles waited in Brodick until the fog had lifted on Monday."
    )
    whole = Article("whole", f"{brief} {more}")
    digests = [Article(f"d{n}", f"{story}\n\n{brief}") for n, story in enumerate(STORIES)]
    assert shared_boilerplate([whole, *digests]) == {}


def test_titles_tell_stories_apart_that_have_one_teaser() -> None:
    """Under three titles it is boilerplate; under one title it may be the story."""
    titles = ["Rats blamed for broadband cut", "Choir seeks men", "Heavy snow closes mountain pass"]
    stubs = [Article(f"s{n}", NOTE, title=title) for n, title in enumerate(titles)]
    assert shared_boilerplate(stubs) == dict.fromkeys(("s0", "s1", "s2"), NOTE)
    assert shared_boilerplate([replace(stub, title=titles[0]) for stub in stubs]) == {}


def test_shared_boilerplate_joins_no_articles_and_hides_no_copies() -> None:
    """Of eight articles with one long note under them only the two of one story are joined."""
    note = " ".join(f"{NOTE[:-1]} {word}." for word in ["quis", "nostrud", "ullamco", "laboris"])
    articles = under(note, STORIES)
    copy = Article("copy", STORIES[0])
    result = compare([*articles, copy])
    assert [cluster.members for cluster in result.clusters] == [("a0", "copy")]
    assert compare([copy, *articles[::-1]]).clusters == result.clusters


def test_articles_without_pieces_are_no_trouble() -> None:
    """Empty texts, and words too short to be looked at."""
    assert shared_boilerplate([]) == {}
    assert shared_boilerplate([Article("a", ""), Article("b", "Yes."), Article("c", "Yes.")]) == {}


@pytest.mark.parametrize("title", [None, "Trams run again after a fault at the points"])
def test_a_copy_that_three_sites_print_above_their_own_text_is_no_boilerplate(title) -> None:
    """What follows it is what each site says about itself, not a story."""
    footers = [
        "The Herald has been printed in Ayr since 1803 and belongs to its readers.",
        "Morning Post: weather, tides, crosswords every day by noon on your telephone.",
        "Radio Clyde broadcasts music from a studio above a bakery.",
    ]
    copies = [
        Article(f"c{n}", f"Home News Sport Weather\n\n{STORIES[0]}\n\n{footer}", title=title)
        for n, footer in enumerate(footers)
    ]
    assert shared_boilerplate(copies) == {}


def test_a_long_text_that_stands_alone_is_a_story_wherever_else_it_stands() -> None:
    """Three sites print it whole under their own text; a fourth prints nothing else."""
    story = " ".join(f"{' '.join(f'w{n}x{m}' for m in range(9))}." for n in range(9))
    sites = under(story, STORIES[:3])
    assert len(shared_boilerplate(sites)) == 3
    assert shared_boilerplate([*sites, Article("whole", story)]) == {}


def test_pieces_that_more_articles_share_make_a_set_of_their_own() -> None:
    """The first article counts like any other: what all have is not what the later two have."""
    all_have, two_have = "A line that all three of them have.", "A line that only two of them have."
    pieces = hash_pieces([all_have, f"{all_have}\n{two_have}", f"{two_have}\n{all_have}"])
    sets = {tuple(members.tolist()): len(shared) for members, shared in pieces.shared()}
    assert sets == {(0, 1, 2): 1, (1, 2): 1}


def test_articles_of_several_languages_share_boilerplate_by_words_of_their_own() -> None:
    """Rarity is that of each article's language; the order of the articles changes nothing."""
    note = "Zustimmen und weiter mit allen Partnern, jederzeit widerrufbar in der Datenschutzhülle."
    stories = {
        "de": "Der Rat lehnte den Bau der Müllverbrennung am Dienstag ab. Anwohner jubelten laut.",
        "en": "A ferry ran aground off Bute in thick fog. Nobody was hurt, the harbour said.",
        "fr": "Le musée rouvre ses portes samedi après deux ans de travaux. Entrée gratuite.",
    }
    languages = list(stories)
    texts = [f"{story}\n\n{note}" for story in stories.values()]

    def find(numbers: list[int]) -> set[str]:
        chosen = [texts[n] for n in numbers]
        spans = find_shared_boilerplate(
            hash_pieces(chosen),
            sorted(range(len(numbers)), key=numbers.__getitem__),
            lambda n: (Article(f"a{numbers[n]}", chosen[n]), languages[numbers[n]]),
        )
        return {span.of(chosen[n]) for n, found in spans.items() for span in found}

    assert find([0, 1, 2]) == find([2, 0, 1]) == {note}
