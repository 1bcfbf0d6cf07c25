"""Specifics: names, figures and days that two articles share or contradict each other in."""

import pytest

from dedup.align import Links, link_sentences
from dedup.article import Article
from dedup.relate.specifics import (
    Specifics,
    compare_specifics,
    find_contradictions,
    share_linked_names,
)
from dedup.text import prepare
from dedup.text.transcription import spell
from seeds import TEXTS as SEEDS

TENDER = (
    "Harrow Council has awarded a contract worth 4.2 million pounds to Belmont Paving. Work on "
    "Station Lane begins on 12 May and will take 14 weeks, said project manager Lucy Arden."
)
OTHER_TENDER = (
    "Dunster Council has awarded a contract worth 9.6 million pounds to Quarry Brothers. Work on "
    "Abbey Street begins on 3 June and will take 22 weeks, said project manager Owen Fiske."
)
RETOLD = (
    "Belmont Paving won a contract of 4.2 million pounds from Harrow Council. The firm starts on "
    "Station Lane on 12 May, according to project manager Lucy Arden, and needs 14 weeks."
)


def compare(one: str, other: str, *languages: str) -> Specifics:
    a, b = (
        prepare(Article(id, text, language=language))
        for id, text, language in zip("ab", (one, other), languages or (None, None), strict=True)
    )
    links = link_sentences(a, b)
    found = compare_specifics(a, b, links)
    assert found == compare_specifics(b, a, (links[1], links[0]))
    return found


def test_the_next_item_of_a_form_has_other_specifics_in_the_same_places():
    """Wording that agrees around other names and figures contradicts; a retelling does not."""
    form, retelling = compare(TENDER, OTHER_TENDER), compare(TENDER, RETOLD)
    assert form.contradicted >= 6
    assert form.agreed <= 1
    assert retelling.contradicted == 0
    assert retelling.agreed >= 6


def test_what_is_left_out_or_added_contradicts_nothing():
    """A shorter version has fewer names, and none in place of others."""
    shorter = "Harrow Council has awarded a contract worth 4.2 million pounds to Belmont Paving."
    assert compare(TENDER, shorter).contradicted == 0
    added = shorter.replace(" to ", ", its third since 2019, to ")
    assert compare(shorter, added).contradicted == 0


def test_one_report_spelled_otherwise_agrees():
    """Names from other transliterations, rounded figures and other units are the same."""
    one = "Mayor Vasyl Kovalchuk said shells hit Kharkiv at a distance of 60 miles from Belgorod."
    other = "Mayor Vasil Kowaltschuk said shells hit Kharkov at a distance of 97 km from Bjelgorod."
    assert compare(one, other).contradicted == 0


@pytest.mark.parametrize(
    ("figure", "other", "same"),
    [
        ("about 1,200", "1,170", True),
        ("more than 300", "340", True),
        ("1,150", "1,151.9", False),
        ("1,150", "1,120", False),
        ("84", "93", False),
    ],
)
def test_a_rounded_figure_is_round(figure, other, same):
    """Yesterday's price is near today's, and not today's rounded."""
    form = "Dealers in Port Lorne paid {} crowns for a tonne of cod, the harbour office said."
    found = compare(form.format(figure), form.format(other))
    assert (found.contradicted == 0) == same


def test_each_specific_counts_once():
    """A name that stands in every sentence is one that differs."""
    one = "A fire broke out in Leeds. Crews in Leeds worked all night. Roads in Leeds are closed."
    assert compare(one, one.replace("Leeds", "Derby")).contradicted == 1


@pytest.mark.parametrize(
    ("language", "form", "filled"),
    [
        (
            "zh",
            "市政府任命{}为{}局局长。{}局长表示，将认真履行职责，不辜负市民的期望，努力做好各项工作。",
            (("陈志远", "水务", "陈"), ("孙雅琴", "教育", "孙")),
        ),
        (
            "ar",
            "استقبل الوزير في مكتبه اليوم سفير {} لدى المملكة {} وجرى خلال اللقاء بحث العلاقات "
            "الثنائية بين البلدين وسبل تعزيزها في مختلف المجالات.",
            (("باراغواي", "خوسيه أغويرو"), ("منغوليا", "دورجي باتار")),
        ),
        (
            "ko",
            "경찰은 {} 혐의로 {} 씨를 체포해 조사하고 있다고 밝혔다. "
            "경찰은 정확한 경위를 조사한 뒤 구속영장을 신청할 방침이다.",
            (("사기", "박준서"), ("절도", "최하늘")),
        ),
    ],
)
def test_a_script_without_capitals_has_forms_too(language, form, filled):
    """There whatever takes another thing's place between words that agree counts."""
    one, other = (form.format(*words) for words in filled)
    assert compare(one, other, language, language).contradicted >= 2
    assert compare(one, one, language, language).contradicted == 0


def test_a_rewrite_in_a_script_without_capitals_is_no_form():
    """Where most of the wording is new, other words in one place are a matter of style."""
    one = "市长周二宣布，新大桥将于九月通车。他说，工程比预算节省了三百万元。居民对此表示欢迎。"
    other = "市长在周二透露，新大桥预计九月开放通行。据其介绍，建设费用少花三百万元，市民纷纷叫好。"
    assert compare(one, other, "zh", "zh").contradicted == 0


def test_in_two_languages_the_order_of_words_does_not_matter():
    """Linked sentences are compared by kind: figures with figures, days with days."""
    painter = "The painter Willem Aarsen died on Monday at the age of 91. He leaves 4 children."
    maler = "Am {} ist der Maler {} mit {} Jahren gestorben. Er hinterlässt {} Kinder."
    english, same, other = (
        prepare(Article(id, text))
        for id, text in (
            ("a", painter),
            ("b", maler.format("Montag", "Willem Aarsen", 91, 4)),
            ("c", maler.format("Freitag", "Egon Priklopil", 77, 2)),
        )
    )
    straight = Links(((0,), (1,)), (0.9, 0.9))
    assert compare_specifics(english, same, (straight, straight)) == Specifics(5, 0, 3, 3)
    found = compare_specifics(english, other, (straight, straight))
    assert found.agreed == 0
    assert found.contradicted >= 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tokayev", "توكاييف"),
        ("klitschko", "кличко"),
        ("kyiv", "kiev"),
        ("zelensky", "selenskyj"),
        ("suriname", "سورينام"),
        ("grayson", "그레이손은"),
        ("hillary", "хиллари"),
        ("mcdonnell", "макдоннелл"),
    ],
)
def test_names_are_known_by_their_consonants(one, other):
    """Vowels and the spelling of one sound differ between languages."""
    assert spell(one) & spell(other)


def test_other_names_are_other_names():
    """Like length and a like beginning are not enough."""
    for one, other in (
        ("berlin", "bergen"),
        ("kyiv", "krakow"),
        ("merkel", "macron"),
        ("nola", "nuoro"),
    ):
        assert not spell(one) & spell(other)


def test_retellings_of_the_seed_story_contradict_it_nowhere():
    """Of the family of seeds no pair has names or figures in place of each other."""
    family = [SEEDS[id] for id in ("000", "001", "002")]
    for one in family:
        for other in family:
            assert compare(one, other).contradicted == 0


def test_contradictions_are_shown_by_value():
    """What differs can be named."""
    a, b = prepare(Article("a", TENDER)), prepare(Article("b", OTHER_TENDER))
    found = find_contradictions(a, b, link_sentences(a, b))
    assert ("#14", "#22") in found


def test_names_count_where_both_tell_the_same():
    """What an article adds of its own has no counterpart, so its names say nothing."""
    own = (
        " The mayor of Tillerby, Agnes Holm, has asked for a footbridge across the Wend since 2009."
    )
    plain, longer, form = (
        share_linked_names(a, b, link_sentences(a, b), prior=2.0)
        for a, b in (
            [prepare(Article(id, text)) for id, text in zip("ab", pair, strict=True)]
            for pair in ((TENDER, RETOLD), (TENDER, RETOLD + own), (TENDER, OTHER_TENDER))
        )
    )
    assert plain == longer > 0.85 > 0.4 > form


def test_a_rounded_figure_agrees():
    """Two reports have the same figures if one rounds some of them."""
    exact = "The ferry carried 1,437 passengers and 212 cars on 9 July. It runs 14 times a day."
    rounded = "Some 1,400 passengers and 212 cars were on the ferry on 9 July, which runs 14 times."
    found = compare(exact, rounded)
    assert (found.figures_agreed, found.figures) == (4, 4)
    other = compare(exact, rounded.replace("1,400", "1,900").replace("212", "305"))
    assert (other.figures_agreed, other.figures) == (2, 4)


AWARD = (
    "The mayor gave the medal of the town to {} on Friday. He thanked {} for thirty years in {}."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Baker", "Paul Young"),
        ("former teacher Mary Brown", "retired nurse Anna White"),  # another title before it
        ("Councillor Mark Reed", "Councillor Peter Hall"),
    ],
)
def test_other_persons_are_other_persons_however_common_their_names(one, other):
    """No word of such a name says much, but two that fill two others' place are somebody else."""
    ours = AWARD.format(one, "him", "the choir")
    assert compare(ours, AWARD.format(other, "her", "the fire brigade")).contradicted == 1
    assert compare(ours, ours.replace("thirty", "many")).contradicted == 0


def test_another_title_is_no_other_person():
    """An editor may call somebody's office by another name."""
    ours = AWARD.format("Home Secretary Mary Brown", "her", "the choir")
    assert compare(ours, ours.replace("Home Secretary", "Interior Minister")).contradicted == 0
    assert compare(ours, ours.replace("Home Secretary ", "")).contradicted == 0
