"""Relations: what two articles are to each other depends on these two alone."""

import itertools
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.align import link_sentences
from dedup.article import Article
from dedup.relate import MIN_NEAR_DUPLICATE, MIN_PROBABILITY, Relation, relate
from dedup.relate.lexical import SIGNALS, collect_evidence
from dedup.relate.model import INTERCEPT, load_model
from dedup.text import prepare
from dedup.text.words import split_words
from seeds import TEXTS as SEEDS

STORY = (
    "The finance minister resigned on Friday after auditors found 40 million euros missing "
    "from the pension fund. Prosecutors searched her house in Lyon on Thursday and seized two "
    "computers. The prime minister said he had known nothing of the losses. The opposition has "
    "called for new elections in March. A successor is to be named on Monday."
)
RETOLD = (
    "On Friday the minister of finance stepped down; auditors had discovered that 40 million "
    "euros were missing from the pension fund. Her house in Lyon was searched by prosecutors on "
    "Thursday, and two computers were seized. The opposition demands new elections in March, "
    "while a successor should be named this Monday."
)
WEATHER = (
    "Heavy snow closed three Alpine passes overnight. Farmers in Tyrol lost part of the apple "
    "harvest. Ski resorts opened two weeks early."
)
PIECES = (
    *(s for text in SEEDS.values() for s in text.split("\n") if s.strip()),
    *STORY.split(". "),
    *("Leave a Reply", "俄罗斯开始向克里米亚运送朝鲜火炮。", "…", ""),
)
# Texts in which sentences stand twice: which one is the better source is a matter of rounding.
REPEATED = [
    tuple(
        "\n".join(next(piece for piece in PIECES if piece.startswith(begin)) for begin in begins)
        for begins in pair
    )
    for pair in (
        (
            ("Reaching", "The M1989", "Western", "The South Korean"),
            ("Reaching", "The war", "The South Korean", "Reaching", "The South Korean"),
        ),
        (
            ("Reaching", "Reaching", "Since October", "The South Korean"),
            ("The war", "The South Korean", "Reaching", "The South Korean"),
        ),
    )
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("\n".join)


def related(one, other, a=None, b=None):
    """The relation of two texts, by ids `a` and `b`, which may be given a language."""
    return relate(prepare(Article("a", one, language=a)), prepare(Article("b", other, language=b)))[
        0
    ]


def shingles(text, width=5):
    """The set of word 5-shingles, or all words where they are fewer."""
    forms = split_words(text).forms()
    if not forms:
        return set()
    return {tuple(forms[i : i + width]) for i in range(max(len(forms) - width + 1, 1))}


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
@example(*REPEATED[0])
@example(*REPEATED[1])
def test_a_relation_is_the_same_both_ways(a, b):
    """Swapping the arguments swaps the links and nothing else; ids decide who comes first."""
    one, other = prepare(Article("a", a)), prepare(Article("b", b))
    (there, links), (back, turned) = relate(one, other), relate(other, one)
    assert (there.a, there.b, there.kind) == (back.a, back.b, back.kind) == ("a", "b", there.kind)
    assert there.probability == pytest.approx(back.probability, abs=1e-5)
    assert there.coverage == pytest.approx(back.coverage)
    assert there.containment == back.containment
    assert (there.resemblance, there.cosine, there.anchors) == pytest.approx(
        (back.resemblance, back.cosine, back.anchors)
    )
    assert [x.sources for x in links] == [x.sources for x in turned[::-1]]


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_every_figure_is_a_share_and_resemblance_is_jaccards(a, b):
    """Probability, coverage and the like lie in [0, 1]; shingles are counted exactly."""
    found = related(a, b)
    figures = (found.probability, found.resemblance, found.cosine, found.anchors)
    for figure in (*figures, *found.containment, *found.coverage):
        assert 0 <= figure <= 1 + 1e-9
    ours, theirs = shingles(a), shingles(b)
    shared = len(ours & theirs)
    assert found.resemblance == pytest.approx(shared / max(len(ours | theirs), 1))
    assert found.containment == pytest.approx(
        (shared / max(len(ours), 1), shared / max(len(theirs), 1))
    )


@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_a_text_and_its_copy_are_duplicates_whatever_their_typography(seed):
    """Case, line breaks, quotation marks and accents are no difference."""
    typed = SEEDS[seed].upper().replace("’", "'").replace("“", '"').replace("\n", "\r\n")
    for copy in (SEEDS[seed], typed):
        found = related(SEEDS[seed], copy)
        assert (found.kind, found.resemblance) == ("duplicate", 1)
        assert found.probability >= MIN_PROBABILITY


def test_a_light_edit_is_a_near_duplicate():
    """One word of a whole article is new."""
    found = related(SEEDS["002"], SEEDS["002"].replace("started", "begun"))
    assert found.kind == "near-duplicate"
    assert MIN_NEAR_DUPLICATE <= found.resemblance < 1
    assert found.probability >= MIN_PROBABILITY


def test_other_words_for_the_same_report_are_a_rewrite():
    """Hardly a shingle in common, and yet one report."""
    found = related(STORY, RETOLD)
    assert found.kind == "rewrite"
    assert found.resemblance < 0.2
    assert found.probability >= MIN_PROBABILITY


def test_the_first_paragraphs_of_a_long_article_are_an_excerpt():
    """All of the shorter stands in the longer, which has much more."""
    found = related(SEEDS["003"], SEEDS["003"][: len(SEEDS["003"]) // 2].rsplit(".", 1)[0] + ".")
    assert found.kind == "excerpt"
    assert found.containment[1] >= 0.8 > found.containment[0]


def test_the_same_report_in_another_language_is_a_translation_if_anything():
    """Names and numbers carry it; without them it is related, never a rewrite."""
    german = (
        "Pjöngjang habe rund 11.000 Soldaten nach Kursk entsandt, berichtete das ZDF. Am 26. "
        "März zeigte ein Video Koksan-Geschütze auf einem Zug zur Krim. Bis zu 200 davon habe "
        "Nordkorea laut ZDF an Russland geliefert. Sergei Schoigu traf Kim am 21. März."
    )
    english = (
        "Pyongyang has sent some 11,000 soldiers to Kursk, ZDF reported. On March 26 a video "
        "showed Koksan guns on a train to Crimea. Up to 200 of them were delivered to Russia by "
        "North Korea, according to ZDF. Sergei Shoigu met Kim on March 21."
    )
    assert related(german, english, a="de", b="en").kind in ("translation", "related")
    found = related(english, english.replace("ZDF", "the ZDF"), a="de", b="en")
    assert found.kind == "translation"


@pytest.mark.parametrize(("a", "b"), [(STORY, WEATHER), ("", ""), ("…", STORY), (STORY, "")])
def test_stories_with_nothing_in_common_are_no_more_than_related(a, b):
    """Nor are texts without a word, whatever they are compared with."""
    found = related(a, b)
    assert found.kind == "related"
    assert found.probability < MIN_PROBABILITY


def test_the_seeds_are_one_family_and_two_articles_of_their_own():
    """000, 001 and 002 are one report; 003 and 004 are of the same story."""
    texts = {name: prepare(Article(name, text)) for name, text in SEEDS.items()}
    for one, other in itertools.combinations(sorted(texts), 2):
        found = relate(texts[one], texts[other])[0]
        if "002" in (one, other) and {one, other} & {"000", "001"}:
            assert found.kind == "rewrite", (one, other)
        elif {one, other} != {"000", "001"}:  # siblings: they may meet in 002 only
            assert found.kind == "related", (one, other)


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_a_probability_is_the_sum_of_its_evidence(a, b):
    """Each piece adds its log-odds, and there is nothing beside them."""
    found = related(a, b, a="en", b="en")
    assert [piece.signal for piece in found.evidence] == [INTERCEPT, *SIGNALS]
    odds = sum(piece.log_odds for piece in found.evidence)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-odds)))
    for piece in found.evidence:
        assert piece.label[:1].isupper()
        assert 0 <= piece.value <= 1 + 1e-6


@pytest.mark.parametrize("text", ["", "42", "1,234 5,678 – 9%"])
def test_a_text_without_letters_is_in_no_other_language(text):
    """There is nothing to translate: it is compared as if it were in the other's language."""
    found = related(text, STORY + " 1,234 5,678 – 9% 42")
    assert [piece.signal for piece in found.evidence] == [INTERCEPT, *SIGNALS]
    assert found.kind != "translation"


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS, st.sampled_from(["en", "de"]))
def test_kinds_follow_from_the_figures(a, b, language):
    """Related below one half and only there; the other kinds by words, language and size."""
    found = related(a, b, a="en", b=language)
    assert (found.kind == "related") == (found.probability < MIN_PROBABILITY)
    if found.kind == "related":
        return
    same = split_words(a).forms() == split_words(b).forms()
    assert (found.kind == "duplicate") == same
    if not same:
        assert (found.kind == "translation") == (language == "de")
        if language == "en":
            assert (found.kind == "near-duplicate") == (found.resemblance >= MIN_NEAR_DUPLICATE)
    if found.kind == "excerpt":
        assert max(found.containment) >= 0.8


@settings(deadline=None, max_examples=40)
@given(TEXTS.filter(lambda text: split_words(text).forms()))
def test_a_copy_is_a_duplicate_whatever_stands_in_it(text):
    """Page furniture alone, or a single word: the same words are the same report."""
    found = related(text, text)
    assert (found.kind, found.resemblance) == ("duplicate", 1)
    assert found.probability > 0.95


def test_last_weeks_wording_with_other_names_and_figures_is_no_report():
    """A market report and a match report have a form; names and figures make the report."""
    market = (
        "Shares of {a} fell {x} percent in {p} on Monday after the company cut its forecast. "
        "{a} now expects sales of {y} million dollars, down from {z} million dollars. Analysts at "
        "{b} had forecast {w} million dollars. The stock has lost {v} percent this year."
    )
    match = (
        "{a} beat {b} {x}-{y} at {p} on Saturday. {c} scored in the {z}th minute and again after "
        "the break. Coach {d} praised the defence. The team is now {w} points ahead of {b}."
    )
    one = {"a": "Philips", "b": "Rabobank", "c": "Jansen", "d": "Bakker", "p": "Amsterdam",
               "x": "3", "y": "2", "z": "41", "w": "88", "v": "17"}  # fmt: skip
    other = {"a": "Nestlé", "b": "Vontobel", "c": "Meier", "d": "Keller", "p": "Zurich",
                 "x": "6", "y": "1", "z": "75", "w": "54", "v": "29"}  # fmt: skip
    for form in (market, match):
        found = related(form.format(**one), form.format(**other), a="en", b="en")
        assert found.kind == "related"
        assert max(found.coverage) > 0.5


def test_evidence_has_a_weight_for_every_piece_and_none_speaks_for_doubt():
    """The fitted model reads what is weighed; more likeness never makes one report unlikelier."""
    weights = load_model("lexical")[1]
    a, b = (prepare(Article(name, SEEDS[name])) for name in ("000", "002"))
    assert tuple(weights) == tuple(collect_evidence(a, b, link_sentences(a, b))) == tuple(SIGNALS)
    assert all(weight > 0 for weight in weights.values())


def test_a_pair_is_judged_alike_whatever_was_judged_before():
    """Evidence comes from the two texts, not from the collection around them."""
    pair = [prepare(Article(name, SEEDS[name])) for name in ("001", "002")]
    alone = relate(*pair)
    for name in ("000", "003", "004"):
        other = prepare(Article(name, SEEDS[name]))
        assert [relate(text, other)[0].kind for text in pair]
    assert relate(*pair) == alone
    again = [prepare(Article(name, SEEDS[name])) for name in ("001", "002")]
    assert relate(*again) == alone
    assert isinstance(alone[0], Relation)
