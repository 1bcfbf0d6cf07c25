"""One thing changed in a copy: it is told, and marked on both sides to the word."""

import pytest

from dedup.align import Passage, align
from dedup.align.drift.contrasts import read_nouns
from dedup.article import Article

REST = {
    "en": "The club meets in the old mill. Its members bring their own chairs.",
    "de": "Der Verein trifft sich in der alten Mühle. Die Mitglieder bringen Stühle mit.",
    "fr": "Le club se réunit dans le vieux moulin. Les membres apportent leurs chaises.",
    "es": "El club se reúne en el viejo molino. Los socios llevan sus propias sillas.",
    "it": "Il circolo si riunisce nel vecchio mulino. I soci portano le proprie sedie.",
    "ru": "Клуб собирается на старой мельнице. Участники приносят свои стулья.",
    "zh": "俱乐部在老磨坊聚会。会员自带椅子。",
    "pt": "O clube reúne-se no velho moinho. Os sócios levam as suas cadeiras.",
    "nl": "De club komt bijeen in de oude molen. De leden nemen stoelen mee.",
    "pl": "Klub spotyka się w starym młynie. Członkowie przynoszą krzesła.",
    "uk": "Клуб збирається у старому млині. Учасники приносять свої стільці.",
    "tr": "Kulüp eski değirmende toplanır. Üyeler kendi sandalyelerini getirir.",
    "ar": "يجتمع النادي في الطاحونة القديمة. يحضر الأعضاء كراسيهم.",
    "sv": "Klubben möts i den gamla kvarnen. Medlemmarna tar med egna stolar.",
    "cs": "Klub se schází ve starém mlýně. Členové si nosí vlastní židle.",
    "el": "Ο σύλλογος συναντιέται στον παλιό μύλο. Τα μέλη φέρνουν τις καρέκλες τους.",
    "hi": "क्लब पुरानी चक्की में मिलता है। सदस्य अपनी कुर्सियां लाते हैं।",
    "ko": "클럽은 오래된 방앗간에서 모인다. 회원들은 의자를 가져온다.",
    "ja": "クラブは古い水車小屋で集まる。会員は椅子を持参する。",
}


def compare(source: str, derivative: str, language: str = "en") -> Passage:
    """The first passage of a copy, the rest of which is the same."""
    articles = [
        Article(id, f"{said}\n\n{REST[language]}", language=language)
        for id, said in (("source", source), ("derivative", derivative))
    ]
    return align(*articles).passages[0]


ALTERED = [
    ("en", "number", "About 1500 hens were moved to Orr.", "1500", "15,000"),
    ("en", "number", "The barge is 24 metres long and has sails.", "24 metres", "24 miles"),
    ("en", "number", "The ferry leaves at 8:30 p.m. from the north quay.", "p.m.", "a.m."),
    ("en", "number", "The ice was measured at -5 degrees by the lock keeper.", "-5", "5"),
    ("en", "number", "Holm beat Orr 3-2 in a match that was stopped twice.", "3-2", "2-3"),
    ("en", "number", "It was the third flood of its kind in Holm.", "third", "fourth"),
    ("en", "number", "The mill paid $400 for the new wheel.", "$400", "€400"),
    ("en", "name", "Rosa Tamm told the jury that Piet Holl was asleep.", "Tamm", "Lind"),
    ("en", "name", "A school in Lyon keeps bees on its roof.", "Lyon", "Lille"),
    ("en", "direction", "The price of cider rose sharply in autumn.", "rose", "fell"),
    ("en", "direction", "The weir lies north of the tannery.", "north", "south"),
    ("en", "direction", "Most of the tenants voted for the sale.", "for", "against"),
    ("en", "direction", "The bailiff denied the charge before noon.", "denied", "admitted"),
    ("en", "attribution", "Prosecutors allege that the miller took a bribe.",
     "Prosecutors allege that the", "The"),
    ("en", "negation", "The lock will not open before Easter this year.", " not", ""),
    ("de", "number", "Bei dem Brand wurden 12 Kühe gerettet und 45 verletzt.", "12", "21"),
    ("de", "direction", "Der Preis für Most stieg im Herbst deutlich.", "stieg", "fiel"),
    ("de", "name", "Der Zug aus Hamburg hatte Verspätung.", "Hamburg", "Bremen"),
    ("fr", "direction", "Le prix du cidre a augmenté en automne.", "augmenté", "diminué"),
    ("es", "number", "El molino cerró el lunes por la tarde.", "lunes", "martes"),
    ("it", "hedge", "Il mugnaio ha probabilmente venduto la ruota.", "probabilmente ", ""),
    ("ru", "direction", "Цена на сидр осенью выросла на треть.", "выросла", "упала"),
    ("ru", "negation", "Мельник не продал своё колесо соседям.", "не ", ""),
    ("zh", "direction", "苹果酒的价格在秋天大幅上涨。", "上涨", "下跌"),
    ("en", "name", "The tram from Orr hit a barrier near the mill.", "tram", "helicopter"),
    ("en", "attribution", "The mill was sold last year, farmers said.", "farmers", "bakers"),
    ("en", "direction", "The mill is closed until Easter for repairs.", "until", "from"),
    ("en", "number", "A convoy of 24 barges from Orr reached the harbour of Holm late on Monday.",
     "24", "more than 30"),
    ("en", "direction", "The miller of Orr bought the wheel despite its price.",
     "despite", "because of"),
    ("en", "number", "Two of the millers were asked to pay for it.", "Two", "All"),
    ("de", "name", "Das Pferd des Müllers lief über die Wiese.", "Pferd", "Schwein"),
    ("de", "direction", "Die Mühle bleibt bis Ostern geschlossen.", "bis", "ab"),
    ("fr", "direction", "Le moulin et le grand jardin de la rue restent fermés jusqu'à lundi.",
     "jusqu'à", "à partir de"),
    ("fr", "name", "Le meunier polonais a vendu la roue.", "polonais", "grec"),
    ("es", "name", "El gato del molino duerme en la cocina.", "gato", "caballo"),
    ("pt", "direction", "O preço da sidra no mercado de Holm subiu no outono.",
     "subiu", "manteve-se"),
    ("it", "number", "Quattro dei mulini della valle furono venduti a Holm lunedì.",
     "Quattro dei", "Tutti i"),
    ("nl", "name", "De molenaar bakte het brood in de schuur.", "brood", "kaas"),
    ("pl", "name", "Młynarz kupił krowę od sąsiada z Holm.", "krowę", "kozę"),
    ("ru", "name", "Мельник купил корову у соседа из Холма.", "корову", "козу"),
    ("uk", "name", "Мельник купив корову у сусіда з Холма.", "корову", "козу"),
    ("tr", "direction", "Elma fiyatı sonbaharda hızla yükseldi.", "yükseldi", "düştü"),
    ("ar", "direction", "ارتفعت أسعار التفاح في خريف هذا العام.", "ارتفعت", "انخفضت"),
    ("ar", "name", "اشترى الطحان بقرة من سوق البلدة القديمة.", "بقرة", "دجاجة"),
    ("sv", "direction", "Priset på äpplen steg kraftigt under hösten i länet.", "steg", "sjönk"),
    ("sv", "number", "Hundratals besökare kom till marknaden vid den gamla kvarnen.",
     "Hundratals", "Tusentals"),
    ("cs", "direction", "Cena jablek letos na podzim výrazně vzrostla v celém kraji.",
     "vzrostla", "klesla"),
    ("cs", "direction", "Obecní rada starý most za vsí letos otevřela.", "otevřela", "uzavřela"),
    ("el", "direction", "Η τιμή των μήλων αυξήθηκε φέτος σε όλο το νησί.", "αυξήθηκε", "μειώθηκε"),
    ("hi", "direction", "गांव की पुरानी चक्की के मालिक ने अदालत में आरोप से इनकार किया।",
     "से इनकार", "को स्वीकार"),
    ("ko", "direction", "올가을 사과 가격은 지난해보다 크게 올랐다.", "올랐다", "내렸다"),
    ("ja", "direction", "りんご酒の価格は秋に大幅に上昇した。", "上昇", "下落"),
    ("ja", "name", "水車小屋の主人は教会の近くで馬を買った。", "馬", "猿"),
    ("zh", "name", "磨坊主在教堂附近买了一头牛和一把椅子。", "教堂", "银行"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "said", "was", "now"), ALTERED)
def test_an_altered_meaning_is_told(
    language: str, kind: str, said: str, was: str, now: str
) -> None:
    """Figures, units, dates, names, opposites, negations, hedges, attributions: one at a time."""
    passage = compare(said, said.replace(was, now, 1), language)
    assert {drift.kind for drift in passage.drift} == {kind}
    assert passage.drift[0].severity == "meaning"
    assert passage.changes


HARMLESS = [
    ("en", "The weir is 24 kilometres from the sea.", "24 kilometres", "15 miles"),
    ("en", "The board is 2 ft wide and made of elm.", "2 ft", "24 in"),
    ("en", "About 1,487 hens were moved to Orr.", "1,487", "1,500"),
    ("en", "The ferry leaves at 8:30 p.m. from the north quay.", "8:30 p.m.", "20:30"),
    ("en", "Holm, Orr and Wick share one fire engine.", "Orr and Wick", "Wick and Orr"),
    ("en", "The miller was unable to lift the sluice.", "unable to", "not able to"),
    ("en", "The price of cider did not fall in autumn.", "did not fall", "rose"),
    ("en", "A train from Kyiv was late by an hour.", "Kyiv", "Kiev"),
    ("en", "The wheel cost 80 percent of the fund.", "80 percent", "80%"),
    ("en", "The miller swore that the wheel was new.", "swore", "insisted"),
    ("de", "Der Fonds hat 12.644 Euro verloren.", "12.644", "12 644"),
    ("es", "La feria abre el 4 de octubre en Holm.", "4 de", "cuatro de"),
    ("en", "The tram from Orr hit a barrier near the mill.", "tram", "streetcar"),
    ("en", "One miller in ten is in prison over the affair.", "is in prison", "is a prisoner"),
    ("en", "The mill is closed until Easter for repairs.", "until", "till"),
    ("de", "Das Lager der Mühle liegt hinter dem Krankenhaus.", "dem Krankenhaus", "der Klinik"),
    ("fr", "Le meunier a vendu sa moto à un voisin.", "moto", "motocyclette"),
    ("es", "El coche del molinero está en el patio.", "coche", "automóvil"),
    ("ru", "Корабль мельника стоит в порту Холма.", "Корабль", "Судно"),
    ("ja", "りんご酒の価格は秋に大幅に上昇した。", "上昇した", "上がった"),
    ("en", "The convoy of 24 barges reached the harbour of Holm.", "24", "more than 20"),
    ("ru", "Отношения между Севером и Югом стали лучше.", "Севером и Югом", "Югом и Севером"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "said", "was", "now"), HARMLESS)
def test_a_harmless_rewording_is_not_told(language: str, said: str, was: str, now: str) -> None:
    """Conversions, rounding, spellings, rows, double negatives."""
    assert [drift.detail for drift in compare(said, said.replace(was, now), language).drift] == []


def test_every_word_that_differs_is_marked_on_both_sides() -> None:
    """Inserted, deleted and replaced words, in order; what was inserted has no words there."""
    said = "The old miller sold the wheel to a dealer from Holm on Friday morning."
    now = "The miller sold the broken wheel to a trader from Holm on Friday morning."
    passage = compare(said, now)
    marked = [
        (c.kind, said[c.source.begin : c.source.end], now[c.span.begin : c.span.end])
        for c in passage.changes
    ]
    assert marked == [
        ("deleted", "old", ""), ("inserted", "", "broken"), ("replaced", "dealer", "trader"),
    ]  # fmt: skip
    assert passage.drift == ()


def test_names_that_changed_places_are_told_and_a_row_is_not() -> None:
    """Who did it to whom matters; who stands first in a row does not."""
    assert [
        drift.detail.split(":")[0]
        for drift in compare(
            "On Friday Rosa Tamm sued Piet Holl over the mill.",
            "On Friday Piet Holl sued Rosa Tamm over the mill.",
        ).drift
    ] == ["names swapped"]
    assert not compare(
        "On Friday Tamm and Holl sold the mill.", "On Friday Holl and Tamm sold the mill."
    ).drift


SWAPPED = [
    ("en", "The mill sued the bank over a loan.", "The bank sued the mill over a loan.", True),
    ("de", "Der Müller verklagt die Bank wegen des Kredits.",
     "Die Bank verklagt den Müller wegen des Kredits.", True),
    ("de", "Der Hund biss den Müller in der Scheune.",
     "Den Müller biss der Hund in der Scheune.", False),
    ("it", "L'Orr ha battuto la Tamm nella finale.",
     "La Tamm ha battuto l'Orr nella finale.", True),
    ("fr", "Le moulin vend le pain et la farine.", "Le moulin vend la farine et le pain.", False),
    ("en", "Tamm accused Holl of theft.", "Holl accused Tamm of theft.", True),
    ("nl", "Gisteren heeft de bank gesloten om vijf uur.",
     "De bank heeft gisteren gesloten om vijf uur.", False),
]  # fmt: skip


@pytest.mark.parametrize(("language", "said", "now", "told"), SWAPPED)
def test_roles_that_were_swapped_are_told_with_their_articles(
    language: str, said: str, now: str, told: bool
) -> None:
    """Articles change with their nouns; a case that stays, and a row, say that nobody swapped."""
    details = [drift.detail for drift in compare(said, now, language).drift]
    assert [detail.split(":")[0].split()[1] for detail in details] == ["swapped"] * told


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk",
                                      "tr", "ar", "ja", "zh"])  # fmt: skip
def test_no_noun_stands_for_two_things(language: str) -> None:
    """What one spelling may stand for is on one side of data/nouns.toml."""
    sides: dict[tuple[str, ...], set[int]] = {}
    for term in read_nouns(language, 0):
        sides.setdefault(term.forms, set()).add(term.side)
    assert sides
    assert all(len(on) == 1 for on in sides.values())


def test_a_name_by_one_letter_is_a_detail() -> None:
    """It may be a slip or another person: told, but not before what changed the meaning."""
    (drift,) = compare("The baker Keller was late.", "The baker Kelner was late.").drift
    assert (drift.kind, drift.severity) == ("name", "detail")


def test_a_not_in_a_heading_that_runs_in_denies_nothing() -> None:
    """It is no part of what the sentence says."""
    said = "The miller of Holm sold the broken wheel to a dealer on Friday."
    assert compare(said, f"NOT THE FIRST SALE {said}").drift == ()


def test_a_script_in_a_page_has_no_quotations() -> None:
    """Strings of a program are not what anybody said."""
    script = "window.feed = window.feed || []; feed.push({mode: 'grid by row', flush: true});"
    assert compare("The feed of the old mill begins here.", script).drift == ()
