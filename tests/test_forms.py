"""Forms filled anew, and briefs told twice."""

import tomllib
from datetime import date

import pytest

from benchmarks.data import ROOT
from dedup import Article
from dedup.relate import MIN_PROBABILITY, Relation, relate
from dedup.relate.subject import count_strange_titles, days_between, miss_subject
from dedup.relate.wording import compare_wordings, find_signs
from dedup.text import Text, prepare

FORMS = tomllib.loads((ROOT / "benchmarks" / "forms.toml").read_text("utf-8"))["case"]

NOTICE = (
    "Qtrly div {sum} cts vs {sum} cts prior. Pay {pay}. Record {record}. The board declared the "
    "payout at its regular meeting."
)
RESERVES = (
    "The Reserve Bank entered the money market to arrange {sum} billion dollars of customer "
    "repurchase agreements, a spokesman said. Dealers said overnight funds were trading at {rate} "
    "percent when the bank began its temporary supply of reserves to the banking system."
)
SOLD = (
    "Harlan Mills said it has sold its mill in {town} to a group of local investors. Terms were "
    "not disclosed. The mill employs about 200 people and has made carpets since 1921. A "
    "spokeswoman said the sale would not affect the company's other plants."
)


def text_of(body: str, title: str | None = None, day: date | None = None, **more: str) -> Text:
    return prepare(Article(body[:9], body, title, published=day, language="en", **more))


def related(a: Text, b: Text) -> Relation:
    return relate(a, b)[0]


def test_forms_of_twenty_kinds_are_told_from_briefs_told_twice() -> None:
    """Of forms and retold briefs in many languages, all but one in twenty are told right."""
    wrong = []
    for n, case in enumerate(FORMS):
        a, b = (
            prepare(Article(id, case[id], case.get(f"title_{id}"), language=case["language"]))
            for id in ("a", "b")
        )
        if (related(a, b).probability >= MIN_PROBABILITY) != case["joined"]:
            wrong.append((n, case["kind"], case["language"]))
    assert len(wrong) * 20 <= len(FORMS), wrong


def test_a_headline_says_whom_a_notice_is_about() -> None:
    """Two notices of the same sums under two companies' names are two; under one name, one."""
    body = NOTICE.format(sum="18", pay="May 1", record="April 10")
    again = body.replace(" The board declared the payout at its regular meeting.", " Reuter")
    ours = text_of(body, "HALDEN TOOL CORP <HTC> SETS QTRLY DIVIDEND")
    theirs = text_of(again, "MIDVALE BANCSHARES <MVBS> SETS QTRLY DIVIDEND")
    rerun = text_of(again, "HALDEN TOOL CORP <HTC> SETS DIVIDEND")
    assert related(ours, theirs).probability < MIN_PROBABILITY
    assert related(ours, rerun).probability >= MIN_PROBABILITY


def test_a_headline_in_other_words_is_no_other_subject() -> None:
    """A headline's rare words that the other article's text has are no strange ones."""
    ours = text_of(SOLD.format(town="Ashby"), "Carpet maker Harlan sells Ashby mill")
    theirs = text_of(SOLD.format(town="Ashby"), "Local investors buy old carpet mill")
    assert count_strange_titles(ours, theirs) == 0
    assert related(ours, theirs).probability >= MIN_PROBABILITY


def test_days_apart_speak_against_a_notice_with_other_figures() -> None:
    """What has the same wording and other figures a week later is no version of the first."""
    early, late = date(2024, 3, 4), date(2024, 3, 11)
    one = RESERVES.format(sum="1.5", rate="6.12")
    other = RESERVES.format(sum="1.5", rate="6.25").replace("a spokesman", "a spokeswoman")
    apart = related(text_of(one, day=early), text_of(other, day=late)).probability
    together = related(text_of(one, day=early), text_of(other, day=early)).probability
    assert apart < min(together, MIN_PROBABILITY)


def test_a_copy_of_last_month_is_a_copy() -> None:
    """Days between two articles say nothing where the words are the same."""
    one = text_of(SOLD.format(town="Ashby"), day=date(2024, 3, 4))
    other = text_of(SOLD.format(town="Ashby") + " The price was not given.", day=date(2024, 4, 9))
    assert related(one, other).probability >= MIN_PROBABILITY


@pytest.mark.parametrize("day", [None, date(1970, 1, 1)])
def test_a_date_that_nobody_set_says_nothing(day: date | None) -> None:
    """A missing date, and one years off, are no days between two articles."""
    assert days_between(text_of("One.", day=day), text_of("Two.", day=date(2024, 3, 4))) == 0


def test_the_names_of_the_opening_are_the_subject() -> None:
    """Names of one opening that the other article has nowhere are another subject, in any place
    of it they are not."""
    ashby, corby = (text_of(SOLD.format(town=town)) for town in ("Ashby", "Corby"))
    other = text_of(SOLD.format(town="Corby").replace("Harlan Mills", "Tessaly Weavers"))
    late = text_of("The weather was fine. " * 20 + "Harlan Mills sold its mill in Ashby.")
    assert miss_subject(ashby, other) > 0
    assert miss_subject(ashby, late) == 0
    assert miss_subject(ashby, corby) == miss_subject(corby, ashby)


def test_one_swapped_name_is_no_form_in_a_long_story() -> None:
    """What is swapped counts by the words around it: in a brief it is all that is said."""
    long = SOLD + " " + " ".join(f"It once made {n} rugs a day for hotels." for n in range(60, 90))
    brief = compare_wordings(*(text_of(SOLD.format(town=t)) for t in ("Ashby", "Corby")))
    story = compare_wordings(*(text_of(long.format(town=t)) for t in ("Ashby", "Corby")))
    assert brief.swapped > 3 * story.swapped > 0


def test_horoscopes_are_known_by_their_signs() -> None:
    """Signs of the zodiac are read in the article's language; one is no horoscope."""
    assert len(find_signs(text_of("Leo: a quiet day. Virgo: rest. Libra: write home."))) == 3
    signs = find_signs(
        prepare(Article("ja", "おひつじ座は好調。おうし座は慎重に。", language="ja"))
    )
    assert len(signs) == 2


def test_a_page_filled_anew_is_no_later_version() -> None:
    """Yesterday's and today's form at one address are no versions of one page."""
    url = "https://gazette.example/stars"
    one, other = (case for case in FORMS[14:15] for case in (case["a"], case["b"]))
    found = related(text_of(one, url=url), text_of(other, url=url))
    assert found.kind != "update"
    assert found.probability < MIN_PROBABILITY


CARRIED = {
    "de": (
        "Die Zahl der Arbeitslosen in Nordland ist im {} auf {} Millionen gesunken, nach {}"
        " Millionen im {}. Das teilte die Arbeitsagentur mit. Die Quote lag bei {} Prozent,"
        " nach {} Prozent.",
        ("März", "2,61", "2,67", "Februar", "5,7", "5,8"),
        ("April", "2,55", "2,61", "März", "5,5", "5,7"),
        "In Nordland waren im März 2,61 Millionen Menschen arbeitslos. Wie die Arbeitsagentur"
        " mitteilte, sank die Zahl gegenüber Februar (2,67 Millionen). Die Quote ging um einen"
        " Zehntelpunkt von 5,8 auf 5,7 Prozent zurück.",
    ),
    "en": (
        "Treasury deposits with the Bank of Norland came to {} billion crowns on {}, after {}"
        " billion on {}, the ministry said. Balances at commercial banks were {} billion crowns,"
        " after {}.",
        ("3.25", "June 3", "2.42", "June 2", "7.29", "9.71 billion"),
        ("3.58", "June 4", "3.25", "June 3", "5.39", "7.29 billion"),
        "The ministry said the Treasury had 3.25 billion crowns with the Bank of Norland on June 3,"
        " up from 2.42 billion on June 2, while what it keeps at commercial banks went down from"
        " 9.71 to 7.29 billion crowns.",
    ),
}


@pytest.mark.parametrize("language", CARRIED)
def test_the_next_notice_repeats_the_figure_of_the_last(language: str) -> None:
    """ "Rose to 3.2 from 2.9" and "fell to 2.7 from 3.2" are two notices, though they share a
    figure; who retells one of them may name its two figures the other way round."""
    form, first, second, retold = CARRIED[language]
    one = prepare(Article("one", form.format(*first), language=language))
    following = prepare(Article("next", form.format(*second), language=language))
    again = prepare(Article("retold", retold, language=language))
    assert related(one, following).probability < MIN_PROBABILITY
    assert related(one, again).probability >= MIN_PROBABILITY
