"""Roles: which sources an article has its report from, and which it only cites."""

import pytest

from dedup.article import Article
from dedup.attribution import attributions, names_same_outlet, outlet_key, release_marks
from dedup.derive import derive_outside, make_member
from dedup.derive.credited import find_credit
from dedup.text import prepare

BODY = (
    "The harbour board will raise its fees in spring. Ferry lines were told on Tuesday. "
    "Fishermen fear for their income. The last rise was seven years ago. A vote is planned in "
    "June. The mayor supports it. Two members are against it. They want a lower fee for small "
    "boats. The board meets in the old customs house. Its chairman has been in office since 2011. "
    "He has not said whether he will stand again. The harbour has forty berths. "
)


def roles_in(text: str, language: str = "en", **fields: str) -> dict[str, str]:
    """The role of every outlet and statement source."""
    found = attributions(prepare(Article("a", text, language=language, **fields)))
    return {a.outlet: a.role for a in found if a.kind != "informant"}


def printed(text: str, language: str = "en", url: str | None = None) -> list[str]:
    """The outside sources that a report prints."""
    article = Article("a", text, language=language, url=url)
    found = derive_outside(make_member(prepare(article)))
    return [edge.source.removeprefix("external:") for edge in found]


# Origins


@pytest.mark.parametrize(
    "text",
    [
        f"The fees will rise, Reuters reported on Monday. {BODY}",
        f"{BODY}The plan was first reported by Reuters.",
        f"{BODY}This was reported by Reuters.",
        f"{BODY}Reuters put the rise at a tenth, Reuters reported. According to Reuters, it starts "
        "in May.",
        f"The board is “not afraid of anybody”, its chairman told Reuters. {BODY}",
        "Fees rise. They start in May. Most lines pay. Buses do not. Reuters reported a tenth.",
    ],
)
def test_whose_report_is_retold_at_the_start_or_throughout_is_the_origin(text: str) -> None:
    """Or who had it first, or whose interview the story is."""
    assert roles_in(text) == {"Reuters": "origin"}
    assert printed(text) == ["Reuters"]


@pytest.mark.parametrize(
    ("language", "text", "outlet"),
    [
        ("en", f"{BODY}\n\nInformation from: Tampa Bay Times", "Tampa Bay Times"),
        ("en", f"{BODY}\n\nInformation from: Skerry Courier, x.no", "Skerry Courier"),
        ("en", f"{BODY}\n\nVia Gizmodo", "Gizmodo"),
        ("en", f"Fees rise\n\nBy Ann Lee, CBS/AP\n\n{BODY}", "AP"),
        ("en", f"{BODY.strip()} – AFP", "AFP"),
        ("en", f"{BODY}(Mail, via Metro) {BODY}", "Daily Mail"),
        ("en", f"By: Press Trust of India | Chennai | Updated: May 3\n\n{BODY}", "PTI"),
        ("de", "Die Gebühren steigen. Niemand will es. (Mit Material von dts)", "dts"),
        ("de", "Die Gebühren steigen. Niemand will es. (rt deutsch/dpa)", "dpa"),
        ("de", "Die Gebühren steigen.\n\nDieser Text erschien zuerst auf Telepolis.", "Telepolis"),
        ("de", "Sie steigen.\n\nDer Text erschien zuerst im Roter Leuchtturm Magazin.",
         "Roter Leuchtturm Magazin"),
        ("es", "Suben las tasas.\n\nCon información de El Universal", "El Universal"),
        ("fr", "Selon le site d'information Reporterre, les taxes montent.", "Reporterre"),
        ("ru", 'Сборы вырастут, пишут "Ведомости". В порту молчат.', "Vedomosti"),
        ("ru", "Сборы вырастут, сообщает hromadske. В порту молчат.", "Hromadske"),
        ("ru", "Сборы вырастут, передает РБК. В порту молчат.", "RBC"),
        ("ru", "Сборы вырастут. Об этом сообщает Wired. В порту молчат.", "Wired"),
        ("zh", "据美国之音报导，港口将提高收费。渔民表示担忧。", "Voice of America"),
        ("zh", "港口将提高收费。渔民表示担忧。（转自美国之音）", "Voice of America"),
        ("zh", "新华社北京9月4日电 港口将提高收费。", "Xinhua"),
        ("ja", "AP通信は22日、港の料金が上がると報じた。", "AP"),
        ("ja", "【ワシントン=共同】港の料金が上がる。", "Kyodo"),
        ("ko", "로이터통신에 따르면 항만 요금이 오른다.", "Reuters"),
    ],
)  # fmt: skip
def test_signed_lines_and_phrases_of_many_languages_name_the_origin(
    language: str, text: str, outlet: str
) -> None:
    """As agencies, partners and portals print them."""
    assert roles_in(text, language)[outlet] == "origin"


def test_an_address_may_say_that_a_text_is_an_agencys() -> None:
    """Newspapers keep their agency copy in folders of its own."""
    address = "https://www.nytimes.com/aponline/2018/05/03/us/ap-us-harbour-fees.html"
    assert printed(BODY, url=address) == ["AP"]
    assert printed(BODY, url="https://abcnews.go.com/US/wireStory/fees-rise-5") == ["AP"]
    assert printed(BODY, url="https://www.nytimes.com/2018/05/03/us/harbour-fees.html") == []


def test_a_link_is_an_origin_only_where_it_stands_for_itself() -> None:
    """Within a sentence it is a reference."""
    link = "https://www.seattletimes.com/2018/05/fees-rise"
    assert roles_in(f"{BODY}\n\nSource: {link}\n") == {"The Seattle Times": "origin"}
    assert roles_in(f"{BODY}The board's minutes ({link}) are public.") == {
        "The Seattle Times": "cites"
    }


# Citations


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}The chairman told CNN last year that he was tired.",
        f"{BODY}In an interview with CNN, he spoke of his youth.",
        f"{BODY}According to a CNN poll, most people do not mind.",
        f"{BODY}The fleet has shrunk by half, CNN reported in 2016.",
        f"The board denied a report by CNN that it was broke. {BODY}",
        f"AROS (AP) — {BODY}CNN reported a quarrel. CNN said that it went on for hours.",
        f"The board challenged facts of a report by CNN. {BODY}The CNN report said it was.",
        f"{3 * BODY}CNN reported a quarrel. CNN said that it went on for hours.",
        f"{BODY}The chairman told CNN that he was tired. He told CNN that he would go.",
        f"CNN has openly backed the rise. {BODY}",
        f"CNN called for a lower fee. CNN criticised the board. {BODY}",
    ],
)
def test_who_is_only_cited_is_no_outside_source(text: str) -> None:
    """A passing interview, a poll, a detail, a report that is denied, an opinion."""
    assert roles_in(text)["CNN"] == "cites"
    assert "CNN" not in printed(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The minister told the press that he would stay. He took no questions."),
        ("fr", "Le ministre a déclaré à la presse qu'il restera. Il n'a pas répondu."),
        ("es", "El ministro dijo a la prensa que se queda. No admitió preguntas."),
        ("it", "Il ministro ha detto alla stampa che resta. Non ha risposto."),
        ("en", "The minister rejected press reports that he would go. He will stay."),
    ],
)
def test_the_press_as_an_audience_is_no_source(language: str, text: str) -> None:
    """Nor are reports that somebody rejects."""
    assert printed(text, language) == []


def test_unnamed_media_are_a_source_where_the_text_says_so() -> None:
    """And names no other."""
    assert printed("The fees will rise, local media reported. Nobody wants it.") == [
        "(unnamed media)"
    ]
    both = "The fees will rise, local media reported. Nobody wants it, according to Reuters."
    assert printed(both) == ["Reuters"]


# Neither


@pytest.mark.parametrize(
    "text",
    [
        "The BBC said on Monday it would cut 500 jobs. Staff were informed by letter.",
        "The Guardian said on Tuesday that it had sued a rival. The Guardian reported a loss of "
        "two million pounds.",
        "Bloomberg has changed the headline of a report for the third time. Bloomberg wrote that "
        "fewer people had died.",
    ],
)
def test_an_outlet_that_the_news_is_about_is_its_subject(text: str) -> None:
    """It speaks of itself, or the first sentence is about what it did."""
    assert set(roles_in(text).values()) == {"subject"}
    assert printed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "According to the Standard Bank index, activity rose. Orders grew as well.",
        "According to the Times Higher Education rankings, Oxford is first. Cambridge is third.",
        "The spiders were a trap, Hamish de Bretton-Gordon explained. Nobody was hurt.",
        "“It is a shame,” Michael R. Bloomberg said. He was mayor of New York.",
        "The fees were first reported by Ann Lee. She writes a newsletter.",
        "The photograph shows the harbour. (Ann Lee/AP)",
        "Ann Lee | TASS | Getty Images\n\nThe harbour is closed. It will open in May.",
        "The harbour is closed.\n\nFirst published on May 31, 2019",
        "Image 1 / 1 of the harbour. It is closed.",
    ],
)
def test_what_sounds_like_an_outlet_may_be_none(text: str) -> None:
    """Banks and other titles, parts of people's names, photographers, months, numbers."""
    assert printed(text) == []


def test_a_short_name_is_that_of_the_outlet_named_before() -> None:
    """ "The Times" behind "The New York Times" is no London paper."""
    text = "The fees will rise, The New York Times reported. It is a scandal, the Times reported."
    assert roles_in(text) == {"The New York Times": "origin"}


def test_an_outlet_is_called_by_the_initials_of_a_name_before() -> None:
    """ "NSPA" is the North Sea Press Agency where that is named, and whoever else elsewhere."""
    later = "All are full. NSPA said on Monday that fees will rise."
    assert roles_in(f"The North Sea Press Agency counted forty berths. {later}") == {
        "North Sea Press Agency": "origin"
    }
    assert roles_in(later) == {"NSPA": "statement"}


@pytest.mark.parametrize(
    "words",
    [
        "profiled the chairman",
        "did mention the rise",
        "only briefly mentioned the rise",
        "is predicting a rise",
        "began publishing the minutes",
        "put the average fee at 30 crowns",
    ],
)
def test_what_an_outlet_does_to_a_story_attributes_it(words: str) -> None:
    """Airing, counting, mentioning; with an adverb, "did" or "began"."""
    assert roles_in(f"CNN {words}. {BODY}") == {"CNN": "origin"}


@pytest.mark.parametrize(
    "text",
    [
        f"CNN was criticised for its tone. {BODY}",
        f"CNN was told of the rise. {BODY}",
        f"He stood beside the CNN broadcast set. {BODY}",
        f"The CNN attacks shook the town. {BODY}",
    ],
)
def test_what_is_done_to_an_outlet_attributes_nothing(text: str) -> None:
    """Nor does a noun that looks like a verb."""
    assert "CNN" not in roles_in(text)


# Statements


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Fees rise, the interior ministry said in a statement.", "the interior ministry"),
        ("en", "The fees are a scandal, Ann Lee said on Twitter.", "Ann Lee"),
        ("en", "The Pentagon said on Friday that fees would rise.", "The Pentagon"),
        ("en", "In June, Lumafly said fees rise. Then the board of Lumafly met.", "Lumafly"),
        ("en", "It came from the Harbour Ministry in a statement.", "Harbour Ministry"),
        ("ru", "Сборы вырастут. Об этом сообщила пресс-служба порта.", "пресс-служба порта"),
        ("ja", "防衛省は8日、料金を引き上げると発表した。", "防衛省"),
        ("ko", "경찰에 따르면 요금이 오른다.", "경찰"),
        ("zh", "石川县8日公布，费用将上涨。", "石川县"),
        ("de", "Sie steigen, das zeigt eine Studie der Universität Kiel.", "Universität Kiel"),
    ],
)  # fmt: skip
def test_who_publishes_about_himself_is_a_statement_source(
    language: str, text: str, name: str
) -> None:
    """A ministry, a post, a press office, a study: named, and never in the tree."""
    found = attributions(prepare(Article("a", text, language=language)))
    assert [(a.name, a.kind) for a in found if a.role == "statement"] == [(name, "statement")]
    assert printed(text, language) == []


# Outlets that no list has


def test_an_outlet_is_known_by_its_publisher_or_its_address() -> None:
    """Whatever its article, its case and its punctuation."""
    article = Article("a", BODY, publisher="North Sea Press Agency")
    assert names_same_outlet("the North Sea Press Agency", article)
    assert names_same_outlet(
        "Skerry Courier", Article("a", BODY, url="https://skerry-courier.co.uk/1")
    )
    assert not names_same_outlet("Skerry Courier", Article("a", BODY))
    assert outlet_key("the Moscow Times") == outlet_key("themoscowtimes.com")


def test_the_editions_of_a_broadcaster_are_its_own() -> None:
    """Who reprints the Turkish or Chinese Voice of America, which has sites of their own, credits
    the one that published there."""
    for site, text in (
        ("voaturkce.com", f"{BODY}\n\nSource: Voice of America"),
        ("voachinese.com", f"{BODY}\n\nVia VOA"),
        ("slobodnaevropa.org", f"{BODY}\n\nSource: Radio Free Europe"),
    ):
        source = make_member(prepare(Article("a", BODY, url=f"https://www.{site}/a/1.html")))
        taker = make_member(prepare(Article("b", text, language="en")))
        assert find_credit(source, taker).standing == "credited"


def test_a_publisher_of_the_collection_is_an_outlet_that_no_list_need_have() -> None:
    """ "Lumen reported" is a credit where Lumen published another article."""
    text = prepare(Article("a", "Lumen reported that the fees will rise.", language="en"))
    assert {a.kind for a in attributions(text)} == {"informant"}
    (found,) = attributions(text, known={outlet_key("Lumen")})
    assert (found.outlet, found.kind, found.role) == ("Lumen", "outlet", "origin")


@pytest.mark.parametrize(
    "text",
    [
        "Fees will rise, Karl Brandt said. Brandt gave no reason.",
        "Western military analysts say that fees will rise.",
        "Fees rose in February, as Germans say.",
    ],
)
def test_people_are_no_statement_sources_for_what_they_merely_say(text: str) -> None:
    """Nor days and nations: an organisation publishes, a person is quoted."""
    found = attributions(prepare(Article("a", text, language="en")))
    assert not [place.name for place in found if place.kind == "statement"]


def test_an_outlet_that_no_list_has_is_called_by_one_name() -> None:
    """German adjectives without their case; American stations by their call sign."""
    for language, text, outlet in (
        ("de", "Wie die Oberländischen Nachrichten melden, wird es teurer.", "Oberländische"),
        ("de", "Das steht laut den Neuen Felder Nachrichten fest.", "Neue Felder"),
    ):
        assert roles_in(text, language) == {f"{outlet} Nachrichten": "origin"}
    assert roles_in("She told KXQV Evening News that fees will rise.") == {"KXQV": "origin"}
    assert "WIPO" not in roles_in("She told the WIPO Magazine that fees will rise.")


def test_an_outlet_is_found_behind_an_aside() -> None:
    """ "X, for one, reported", "X — of all papers — wrote", "X, which first reported"."""
    for aside in (
        ", for one, reported",
        ", in a long look at the last days of the board, described",
        " — of all papers — reported",
        ", which first reported",
    ):
        assert roles_in(f"The Moscow Times{aside} that fees will rise.") == {
            "The Moscow Times": "origin"
        }


RELEASE_LINES = {
    "a note to editors": (
        "NOTES TO EDITORS", "Hinweis für die Redaktionen", "Notes aux rédacteurs",
        "Nota a los redactores", "Note for news desks", "Nota per i redattori",
        "Notes for journalists",
    ),
    "an end mark": ("ENDS", "###", "- 30 -", "[End]"),
    "a contact for the media": (
        "Media enquiries:", "Contact: Ann Lee", "Pressekontakt", "Assessoria de imprensa",
        "Ufficio stampa", "Контакты для СМИ", "For further details call Ann Lee",
        "Press relations +44 20 7946 0000", "For more interviews contact Ann Lee", "News office",
    ),
    "an embargo": ("Embargoed until noon", "Sperrfrist", "Not for broadcast before noon"),
    "“for immediate release”": (
        "FOR IMMEDIATE RELEASE", "Zur sofortigen Veröffentlichung", "Pour diffusion immédiate",
        "Para su difusión inmediata", "Para divulgação imediata",
    ),
    "the heading of a release": (
        "News release", "Public statement", "Pressemitteilung", "Presseinformation", "Persbericht",
        "Communiqué de presse", "Nota de prensa", "Comunicato stampa", "Пресс-релиз", "Прес-реліз",
        "Pressmeddelande", "Informacja prasowa",
    ),
    "about the issuer": ("About Acme Ferries", "Über Acme Fähren:", "À propos de Acme:"),
    "a distributor of releases": ("(Business Wire)", "(ots)", "forward-looking statements"),
    "the paper that it is about": ("The study, entitled", "Funding:", "Competing interests:"),
    "the address of its paper": ("doi: 10.1", "Journal reference:", "Editorial:", "Link to study:"),
    "who paid for the research": (
        "The trial was funded by", "The team was sponsored by", "Researchers received funding from",
    ),
    "its paper is out today": ("It was published online", "in the open access journal"),
    "an announcement of its issuer": ("Acme today unveiled", "Acme is proud to launch"),
    "an issuer that need not say its name": ("a ferry of the Company", "The new University is"),
    "a part of an issuer that need not say its name": ("at the University's School of Sailing",),
    "an issuer that goes by its initials": ("finds a new ABC study", "a survey by ABC researchers"),
    "its people by their departments": (
        "Dr Ann Lee (Institute of Ferries)", "Professor Jan de Wit (ABC Engineering)",
    ),
    "the office that issued it": ("Issued by Harlow Press Office on 3 May",),
    "a link to the full release": ("Read the full press release",),
    "its own address at a university": ("See more at: https://www.harlow.ac.uk/news/ferry",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "lines"), RELEASE_LINES.items())
def test_the_marks_of_a_release_are_found(name: str, lines: tuple[str, ...]) -> None:
    """By the wording of each language."""
    for line in lines:
        text = prepare(Article("a", f"The ferry sails again.\n\n{line}\n"))
        assert name in [mark.name for mark in release_marks(text)], line
