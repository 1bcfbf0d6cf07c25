"""Numbers: by value, so that two languages and two habits of spelling agree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.text import prepare
from dedup.text.lexicon import load_lexicon
from dedup.text.words import split_words

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk")


def values(text: str, language: str) -> list[str]:
    whole = prepare(Article("a", text, language=language))
    return [anchor.value for anchor in whole.anchors if anchor.kind == "number"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "about 11,000 troops and four thousand killed", ["11000", "4000"]),
        ("en", "170mm guns reach 60 kilometres (37 miles)", ["170 mm", "60 km", "37 mile"]),
        ("en", "1.5 million people, $5m, £1.5bn, US$60 million",
         ["1500000", "5000000 $", "1500000000 £", "60000000 $"]),
        ("en", "20 mln dlrs after three hundred and fifty", ["20000000 $", "350"]),
        ("en", "5 per cent, five percent, 5% and 5 pct", ["5 %"] * 4),
        ("en", "yields fell to 3.632%, or 1.047 billion euros", ["3.632 %", "1047000000 €"]),
        ("en", "2.000 units and 610.473 votes", ["2000", "610473"]),
        ("en", "two thousand three hundred, twenty-five, two dozen", ["2300", "25", "24"]),
        ("en", "one, two and three of them; one day", ["2", "3"]),
        ("en", "1,50,000 rupees or 5 crore", ["150000", "50000000"]),
        ("de", "11.000 Soldaten, 1,5 Millionen Euro, 60 Mio. Euro",
         ["11000", "1500000 €", "60000000 €"]),
        ("de", "zweiundzwanzig, fünfundzwanzigtausend, zwei Milliarden",
         ["22", "25000", "2000000000"]),
        ("de", "3,632 % und 480,000 Pfund", ["3.632 %", "480000 £"]),
        ("fr", "11 000 soldats, deux cent mille, 1,5 million", ["11000", "200000", "1500000"]),
        ("fr", "quatre-vingt-dix-sept et soixante et onze", ["97", "71"]),
        ("fr", "mille neuf cent quatre-vingt-quatre, vingt ans", ["1984", "20 year"]),
        ("es", "11.000 soldados, dos mil trescientos, cien mil", ["11000", "2300", "100000"]),
        ("es", "mil millones, treinta y cinco, 5 por ciento", ["1000000000", "35", "5 %"]),
        ("pt", "11 mil soldados, duzentos e cinquenta mil, 1,5 milhão",
         ["11000", "250000", "1500000"]),
        ("pt", "3,5 por cento em vinte e cinco anos", ["3.5 %", "25 year"]),
        ("it", "ventimila soldati e 1,5 miliardi di euro", ["20000", "1500000000"]),
        ("nl", "elfduizend, vijfentwintig; 1,5 miljoen euro", ["11000", "25", "1500000 €"]),
        ("pl", "11 tys. żołnierzy, dwadzieścia pięć, 1,5 mln euro",
         ["11000", "25", "1500000 €"]),
        ("ru", "11 тысяч солдат, двадцать пять процентов, 1,5 млн долларов",
         ["11000", "25 %", "1500000 $"]),
        ("uk", "11 тисяч солдатів і 1,5 млн", ["11000", "1500000"]),
        ("ar", "١١٬٠٠٠ جندي", ["11000"]),
        ("ja", "２０２５年に11,000人", ["2025", "11000"]),
    ],
)  # fmt: skip
def test_numbers_are_read_by_value(language: str, text: str, expected: list[str]) -> None:
    """Marks, scales, units, currencies and number words come to one normal form."""
    assert values(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on March 26, 2025"), ("en", "on 26th March 2025"), ("en", "the 26th of March 2025"),
        ("en", "on 2025-03-26"), ("de", "am 26. März 2025"), ("de", "am 26.03.2025"),
        ("fr", "le 26 mars 2025"), ("fr", "le 26/03/2025"), ("es", "el 26 de marzo del 2025"),
        ("pt", "em 26 de março de 2025"), ("it", "il 26 marzo 2025"), ("nl", "op 26 maart 2025"),
        ("pl", "26 marca 2025 roku"), ("ru", "26 марта 2025 года"), ("uk", "26 березня 2025 року"),
    ],
)  # fmt: skip
def test_a_date_is_one_number_in_every_language(language: str, text: str) -> None:
    """Day, month and year in any order and language are one ISO date."""
    assert values(text, language) == ["2025-03-26"]


def test_a_date_without_a_year_is_month_and_day() -> None:
    """ "26th March" and "On March 26" agree."""
    assert values("ZDF reported that on 26th March a video appeared", "en") == ["03-26"]
    assert values("a video that appeared on March 26 showed guns", "en") == ["03-26"]


def test_a_number_covers_its_sign_scale_and_unit() -> None:
    """The span runs from the currency's sign to the last word of the quantity."""
    whole = prepare(Article("a", "Seoul spent $1.5 million on 60 kilometres.", language="en"))
    numbers = [whole.slice(a) for a in whole.anchors if a.kind == "number"]
    assert numbers == ["$1.5 million", "60 kilometres"]


@settings(deadline=None)
@given(st.integers(2, 10**12))
def test_thousands_marks_of_each_language_come_to_the_same_value(number: int) -> None:
    """12,345 in English, 12.345 in German and 12 345 in French are one number."""
    english = f"{number:,}"
    assert values(f"about {english} people", "en") == [str(number)]
    assert values(f"etwa {english.replace(',', '.')} Menschen", "de") == [str(number)]
    assert values(f"environ {english.replace(',', ' ')} personnes", "fr") == [str(number)]


@pytest.mark.slow
@settings(deadline=None)
@given(st.text("0123456789.,' %$€-/:\u00a0abm", max_size=60), st.sampled_from(LANGUAGES))
def test_no_tangle_of_digits_and_marks_breaks_the_reading(text: str, language: str) -> None:
    """Every value is a number with its unit, or a date."""
    for value in values(f"Some {text} here", language):
        number = value.split(" ")[0]
        assert number.replace("-", "").replace(".", "", 1).isdecimal()


def test_identifiers_of_many_digits_are_no_numbers() -> None:
    """A run of forty digits is a reference, not a quantity."""
    assert values("Reference " + "1234567890" * 4 + " was filed.", "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_lexicon_is_folded_as_texts_are(language: str) -> None:
    """An entry that folding would change could never be found."""
    known = load_lexicon(language)
    for table in (known.words, known.scales, known.months, known.units):
        for entry in table:
            assert entry in "%$€£¥" or " ".join(split_words(entry).forms()) == entry


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("cs", "14. března 2,5 miliardy korun a 1 234 dolarů",
         ["03-14", "2500000000", "1234 $"]),
        ("sv", "Den 3 maj 2021 dog fyra tusen, 12 procent", ["2021-05-03", "4000", "12 %"]),
        ("el", "Στις 5 Μαΐου 23 νεκροί, 2,5 εκατομμύρια ευρώ, 12 τοις εκατό",
         ["05-05", "23", "2500000 €", "12 %"]),
        ("tr", "5 Mayıs'ta 2,5 milyon dolar, dört bin kişi", ["05-05", "2500000 $", "4000"]),
        ("hi", "5 मई 2021 को 2.5 लाख लोग और 3 करोड़ डॉलर, चार हजार घर",
         ["2021-05-05", "250000", "30000000 $", "4000"]),
        ("fa", "۲۳ نفر و ۲٫۵ میلیون دلار، چهار هزار خانه", ["23", "2500000 $", "4000"]),
        ("he", "ב-5 במאי 23 איש ו-2.5 מיליון דולר", ["05-05", "23", "2500000 $"]),
        ("hu", "Május 5-én 23 ember, 2,5 milliárd forint", ["05-05", "23", "2500000000"]),
        ("ro", "5 mai 2021: 2,5 milioane de euro, patru mii de case",
         ["2021-05-05", "2500000", "4000"]),
        ("id", "5 Mei 2021, 2,5 juta dolar, empat ribu rumah",
         ["2021-05-05", "2500000 $", "4000"]),
        ("ar", "قتل 23 شخصا في 5 مايو", ["23", "05-05"]),
        ("uk", "П’ять днів, дев'ятсот людей, двадцять п’ять тисяч", ["5 day", "900", "25000"]),
        ("ku", "ڕێکەوتی ۸/٥/۲۰۲٥", ["2025-05-08"]),
    ],
)  # fmt: skip
def test_further_languages_have_their_scales_months_and_units(
    language: str, text: str, expected: list[str]
) -> None:
    """Also a decimal mark in Arabic script."""
    assert values(text, language) == expected
