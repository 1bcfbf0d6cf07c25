"""Attribution: whom an article says it has something from, and what only looks like it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import bounded_time

from benchmarks.data import DATA
from dedup.article import Article
from dedup.attribution import Attribution, attributions, canonical_name, publisher_of
from dedup.text import prepare

GOLD = DATA / "seeds" / "derivation.json"


def found_in(text: str, **fields: Any) -> list[tuple[str, str, str]]:
    """The phrase, outlet and form of every attribution to an outlet, "self" for its own."""
    article = Article("a", text, **fields)
    return [
        (text[a.begin : a.end], a.outlet, "self" if a.role == "self" else a.form)
        for a in attributions(prepare(article))
        if a.kind == "outlet" and a.role in ("origin", "cites", "self")
    ]


def informants_in(text: str) -> list[str]:
    found = attributions(prepare(Article("a", text, language="en")))
    return [a.name for a in found if a.kind == "informant"]


def seeds() -> dict[str, tuple[Attribution, ...]]:
    paths = sorted((DATA / "seeds").glob("*.txt"))
    texts = {path.stem: path.read_bytes().decode("utf-8") for path in paths}
    return {name: attributions(prepare(Article(name, text))) for name, text in texts.items()}


# The seeds


@pytest.mark.data
def test_cues_of_the_seeds_are_found_by_exact_span() -> None:
    """F1 over span, outlet and role is at least .9."""
    cues = json.loads(GOLD.read_text("utf-8"))["cues"]
    forms = {"attributes": "report", "attributes-via": "second-hand", "links": "link"}
    wanted = {
        (c["doc"], c["begin"], c["end"], c["canonical"], forms.get(c["role"], c["role"]))
        for c in cues
    }
    found = {
        (doc, a.begin, a.end, a.outlet, "self" if a.role == "self" else a.form)
        for doc, attributed in seeds().items()
        for a in attributed
        if a.kind == "outlet"
    }
    assert 2 * len(wanted & found) / (len(wanted) + len(found)) >= 0.9


@pytest.mark.data
def test_no_trap_of_the_seeds_is_taken() -> None:
    """Photo credits, bylines, read-more lines and forms attribute nothing."""
    traps = json.loads(GOLD.read_text("utf-8"))["traps"]
    taken = [
        (trap["text"], a)
        for doc, attributed in seeds().items()
        for trap in traps
        for a in attributed
        if trap["doc"] == doc and a.begin < trap["end"] and trap["begin"] < a.end
    ]
    assert taken == []


@pytest.mark.data
def test_most_informants_of_the_seeds_are_found_and_none_is_an_outlet() -> None:
    """At least eight in ten of those marked by hand overlap an informant."""
    wanted = json.loads(GOLD.read_text("utf-8"))["informants"]
    found = seeds()
    kinds = [
        {a.kind for a in found[w["doc"]] if a.begin < w["end"] and w["begin"] < a.end}
        for w in wanted
    ]
    assert sum("informant" in kind for kind in kinds) >= 0.8 * len(wanted)
    assert not any("outlet" in kind for kind in kinds)


# Reporting phrases, language by language


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The deal was agreed late on Sunday, the Financial Times reported on Monday.",
            ("the Financial Times reported on Monday", "Financial Times", "report"),
        ),
        (
            "en",
            "The soldiers have been found, according to a report in the Cape Cod Times.",
            ("according to a report in the Cape Cod Times", "Cape Cod Times", "report"),
        ),
        (
            "en",
            "“I could not believe my luck,” the fisherman told the Austrian Times.",
            ("told the Austrian Times", "Austrian Times", "interview"),
        ),
        (
            "de",
            "Das berichtet der britische Sender BBC. Die Regierung schweigt.",
            ("Das berichtet der britische Sender BBC", "BBC", "report"),
        ),
        (
            "de",
            "Wie die Nachrichtenagentur Reuters am Freitag meldete, ist der Streit beendet.",
            ("Wie die Nachrichtenagentur Reuters am Freitag meldete", "Reuters", "report"),
        ),
        (
            "fr",
            "Le ministre quittera le gouvernement vendredi, rapporte l'AFP.",
            ("rapporte l'AFP", "AFP", "report"),
        ),
        (
            "fr",
            "Selon la chaîne allemande ZDF, la Russie a transféré des canons en Crimée.",
            ("Selon la chaîne allemande ZDF", "ZDF", "report"),
        ),
        (
            "es",
            "El acuerdo se firmó el lunes, informó la agencia Reuters.",
            ("informó la agencia Reuters", "Reuters", "report"),
        ),
        (
            "pt",
            "Segundo a emissora alemã ZDF, a Rússia levou artilharia para a Crimeia.",
            ("Segundo a emissora alemã ZDF", "ZDF", "report"),
        ),
        (
            "it",
            "Il ministro si dimetterà, scrive il Corriere della Sera.",
            ("scrive il Corriere della Sera", "Corriere della Sera", "report"),
        ),
        (
            "nl",
            "De minister stapt op, meldt persbureau Reuters vrijdag.",
            ("meldt persbureau Reuters vrijdag", "Reuters", "report"),
        ),
        (
            "pl",
            "Jak podaje niemiecka telewizja ZDF, Rosja przerzuciła artylerię na Krym.",
            ("Jak podaje niemiecka telewizja ZDF", "ZDF", "report"),
        ),
        (
            "ru",
            "Министр уйдет в отставку, пишет «Коммерсантъ».",
            ("пишет «Коммерсантъ»", "Kommersant", "report"),
        ),
        (
            "uk",
            "За даними німецького телеканалу ZDF, Росія перекинула артилерію до Криму.",
            ("За даними німецького телеканалу ZDF", "ZDF", "report"),
        ),
        (
            "cs",
            "The minister is to resign, Reuters reported.",
            ("Reuters reported", "Reuters", "report"),
        ),
    ],
)
def test_reporting_phrases_are_found_in_every_language(
    language: str, text: str, expected: tuple[str, str, str]
) -> None:
    """The phrase, its outlet's canonical name and its role; English where we have no cues."""
    assert found_in(text, language=language) == [expected]


def test_a_chain_names_both_links_with_one_span() -> None:
    """In "X reported, citing Y" the second is a source by way of the first."""
    text = "Officials in Berlin declined to comment, Interfax reported, citing TASS."
    phrase = "Interfax reported, citing TASS"
    assert found_in(text, language="en") == [
        (phrase, "Interfax", "report"),
        (phrase, "TASS", "second-hand"),
    ]


def test_outlets_named_in_one_breath_share_the_phrase() -> None:
    """ "Reuters and AFP reported" is two sources."""
    text = "Protesters gathered in Tbilisi again, Reuters and AFP reported."
    phrase = "Reuters and AFP reported"
    assert found_in(text, language="en") == [
        (phrase, "AFP", "report"),
        (phrase, "Reuters", "report"),
    ]


def test_a_phrase_may_be_wrapped() -> None:
    """A line break stands for a space; an empty line does not."""
    wrapped = (
        "The bridge was closed on Friday, according\nto the Kyiv\nIndependent, after the attack."
    )
    assert [outlet for _, outlet, _ in found_in(wrapped)] == ["The Kyiv Independent"]
    assert found_in("It was closed, according\n\nto Reuters, a lorry burned out.") == []


# Names


def test_a_description_is_resolved_to_the_outlet_that_fits() -> None:
    """ "The German broadcaster" is the one that the text names elsewhere."""
    text = (
        "According to the German broadcaster, guns were moved to Crimea. Le Monde reported the "
        "same. According to the ZDF, up to 200 of the guns were supplied."
    )
    assert [(p, o) for p, o, _ in found_in(text, language="en")] == [
        ("According to the German broadcaster", "ZDF"),
        ("Le Monde reported", "Le Monde"),
        ("According to the ZDF", "ZDF"),
    ]


def test_a_description_that_nothing_fits_stays_unnamed() -> None:
    """A British tabloid is not the French daily that the text names."""
    text = "The pair have parted, the British tabloid claimed on Sunday. Le Monde reported a rift."
    assert found_in(text, language="en")[0][1] == "(unnamed newspaper)"
    media = "The pair have parted, according to local media."
    assert found_in(media, language="en")[0][1] == "(unnamed media)"


def test_an_outlet_need_not_be_listed() -> None:
    """Names shaped like an outlet's and domains count where something is attributed to them."""
    text = "The pier has collapsed, the Whitstable Gazette reported. Ferry24.no reports delays."
    assert [outlet for _, outlet, _ in found_in(text, language="en")] == [
        "Whitstable Gazette",
        "Ferry24.no",
    ]


def test_ordinary_words_are_no_outlets() -> None:
    """Bild, Focus or Time count only in quotation marks or with a word that says what they are."""
    assert found_in("Das Bild sagte mehr als tausend Worte.", language="de") == []
    quoted = found_in('Der Minister geht, berichtet die "Bild" am Sonntag.', language="de")
    assert quoted == [('berichtet die "Bild" am Sonntag', "Bild", "report")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the Moscow Times", "The Moscow Times"),
        ("Moscow Times", "The Moscow Times"),
        ("www.zdf.de", "ZDF"),
        ("edition.cnn.com", "CNN"),
        ("«Коммерсантъ»", "Kommersant"),
        ("Associated Press", "AP"),
        ("  Whitstable   Gazette ", "Whitstable Gazette"),
    ],
)
def test_every_name_of_an_outlet_has_one_canonical_form(name: str, expected: str) -> None:
    """Articles, quotation marks, other scripts and domains do not matter."""
    assert canonical_name(name) == expected


# Credit lines and links


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("WASHINGTON (AP) — The Senate voted on Tuesday to confirm the judge.", "AP"),
        ("BRUSSELS, July 13 (Reuters) - The alliance is in crisis, diplomats said.", "Reuters"),
        ("SEOUL, March 26 (Yonhap) -- The military fired warning shots.", "Yonhap"),
        ("NEW DELHI, Jul 15 (PTI) The court will hear the plea on Friday.", "PTI"),
        ("Berlin (dpa) - Der Bundestag hat das Gesetz beschlossen.", "dpa"),
        ("Madrid, 12 jul (EFE).- El Gobierno aprobó este martes la reforma.", "EFE"),
        ("(ANSA) - ROMA, 12 LUG - Il governo ha approvato la riforma.", "ANSA"),
        ("Lisboa, 12 jul (Lusa) - O Governo aprovou hoje a reforma.", "Lusa"),
        ("МОСКВА, 12 июля. /ТАСС/. Правительство одобрило реформу.", "TASS"),
        ("МОСКВА, 12 июл — РИА Новости. Правительство одобрило реформу.", "RIA Novosti"),
        ("Rząd przyjął projekt ustawy o obronie. (PAP)", "PAP"),
        ("By ANGELA CHARLTON, Associated Press", "AP"),
        ("Anton Troianovski and Philip Rucker, The Washington Post", "The Washington Post"),
        ("Copyright 2018 The Associated Press. All rights reserved.", "AP"),
        ("Associated Press writer Jari Tanner contributed to this report.", "AP"),
        ("Quelle: dpa", "dpa"),
        ("(Reporting by Robin Emmott; Editing by Richard Balmforth)", "Reuters"),
    ],
)
def test_credit_lines_and_datelines_credit_their_outlet(line: str, outlet: str) -> None:
    """Also where they are page furniture."""
    text = f"Leaders meet in Helsinki\n\n{line}\n\nThe talks will go on for two more days."
    assert [(o, r) for _, o, r in found_in(text)] == [(outlet, "line")]


@pytest.mark.parametrize(
    "line",
    [
        "Images source: © Getty Images | Contributor",
        "(AP Photo/Markus Schreiber)",
        "Timo Jaakonaho / AP",
        "Photo: Reuters",
        "By Aghakazim Guliyev",
        "Read more: Kremlin has lost the war of words, Reuters reports",
        "The Australian Broadcasting Commission (ABC) was founded in 1932.",
        "https://twitter.com/BBCBreaking/status/1905570000",
    ],
)
def test_what_only_looks_like_a_credit_is_left_alone(line: str) -> None:
    """Photo credits, bylines, read-more lines, abbreviations and links to platforms."""
    text = f"Leaders meet in Helsinki\n\nThe talks went on for hours.\n\n{line}\n\nThey end today."
    assert found_in(text, language="en") == []


def test_a_link_to_an_article_elsewhere_is_a_link_to_its_outlet() -> None:
    """A link to the article's own site is none."""
    text = "The guns were seen in Crimea.\n\nhttps://www.zdf.de/nachrichten/artillerie-100.html\n"
    link = ("https://www.zdf.de/nachrichten/artillerie-100.html", "ZDF", "link")
    assert found_in(text) == [link]
    assert [r for _, _, r in found_in(text, url="https://www.zdf.de/politik/krim.html")] == ["self"]


# The article's own publisher


def test_the_publisher_is_given_or_read_from_the_address_or_from_the_text() -> None:
    """In that order; "X reports, citing Y" is how a site names itself."""
    text = "The howitzers were built to strike Seoul, Caliber.Az reports, citing foreign media."

    def publisher(article: Article) -> str | None:
        prepared = prepare(article)
        return publisher_of(prepared, attributions(prepared))

    assert publisher(Article("a", text)) == "Caliber.Az"
    by_address = Article("a", text, url="https://www.themoscowtimes.com/2025/03/28/a1")
    assert publisher(by_address) == "The Moscow Times"
    assert publisher(Article("a", text, publisher="Moscow Times")) == "The Moscow Times"
    assert publisher(Article("a", "The howitzers were built in 1989.")) is None


def test_an_outlet_that_cites_another_is_a_source_where_the_publisher_is_another() -> None:
    """On the Moscow Times' own page, Caliber.Az is no self-mention."""
    text = "The howitzers were built to strike Seoul, Caliber.Az reports, citing foreign media."
    roles = [role for _, _, role in found_in(text, publisher="The Moscow Times")]
    assert sorted(roles) == ["report", "second-hand"]


# Informants


def test_people_and_institutions_of_the_story_are_informants() -> None:
    """They are quoted, and never a parent."""
    text = (
        "Western military analysts warn that the guns could be used. South Korea estimates that "
        "4,000 were killed. Kyrylo Budanov, Ukraine’s military intelligence chief, confirmed that."
    )
    assert informants_in(text) == ["Western military analysts", "South Korea", "Kyrylo Budanov"]
    assert found_in(text, language="en") == []


# Any text


@given(st.text(alphabet="ab .,\n\r\"'“”(/)—AZ\u00a0é👍🏽АП", max_size=200))
def test_offsets_lie_in_the_text(text: str) -> None:
    """Every span is a stretch of the text as given, in order of beginning."""
    for around in (text, f"{text}According to Reuters{text}, the AFP (AP) said{text}"):
        found = attributions(prepare(Article("a", around, language="en")))
        assert all(0 <= a.begin < a.end <= len(around) for a in found)
        assert [a.begin for a in found] == sorted(a.begin for a in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    ["A", "Aa ", " ", "according to the ", "Reuters ·", "(AP "],
)
def test_a_line_of_a_megabyte_is_no_trap(unit: str) -> None:
    """Work grows with the length of the text, not with its square."""
    text = prepare(Article("a", "Reuters reported.\n", language="en"))
    hostile = type(text)(Article("a", unit * (1_000_000 // len(unit)), language="en"), "en", (), ())
    with bounded_time():
        attributions(hostile)
