"""Alignment: every sentence is in one passage, every span is real, and kinds mean what they say."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align import align, align_texts, match, told
from dedup.align.drift import cues
from dedup.align.likeness import ALIKE, liken, match_words, wording
from dedup.align.links import EVIDENCE, gate_evidence, link, link_evidence, models
from dedup.article import Article, Span
from dedup.errors import InputError
from dedup.text import prepare

REPOSITORY = Path(__file__).parent.parent
DATA = Path(os.environ.get("DEDUP_DATA", REPOSITORY.parent / "shared" / "data"))
SEEDS = {path.stem[:3]: path.read_bytes().decode() for path in (REPOSITORY / "seeds").glob("*.txt")}

RESIGNED = "The finance minister resigned on Friday after auditors found 40 million euros missing."
SEARCHED = "Prosecutors searched her house in Lyon on Thursday and seized two computers."
DENIED = "The prime minister said he had known nothing of the losses in the pension fund."
STORY = f"{RESIGNED} {SEARCHED} {DENIED}"
RETOLD = (
    "On Friday the minister of finance stepped down; auditors had discovered that 40 million "
    "euros were missing. Her house in Lyon was searched by prosecutors on Thursday, and two "
    "computers were seized. Of the pension fund’s losses the prime minister claims to have "
    "known nothing."
)
WEATHER = (
    "Heavy snow closed three Alpine passes overnight. Farmers in Tyrol lost part of the apple "
    "harvest. Ski resorts opened two weeks early."
)
GERMAN = (
    "Die Finanzministerin trat am Freitag zurück, nachdem Prüfer das Fehlen von 40 Millionen "
    "Euro bemerkt hatten. Ermittler durchsuchten am Donnerstag ihr Haus in Lyon."
)
FURNITURE = "Leave a Reply\n\nYour email address will not be published.\n\n"

# Texts of real sentences in any order, with furniture, other scripts and none at all.
PIECES = (
    *(s for text in SEEDS.values() for s in text.split("\n") if s.strip()),
    *(RESIGNED, SEARCHED, DENIED, RETOLD, WEATHER, GERMAN, FURNITURE),
    *("俄罗斯开始向克里米亚运送朝鲜火炮。", "Россия начала переброску артиллерии.", "***", "…", ""),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("\n\n".join)


def kinds(alignment):
    return [passage.kind for passage in alignment.passages]


def drifts(source, derivative):
    """The drifts of an alignment and both texts' words there."""
    return [
        (
            drift.kind,
            drift.span and drift.span.of(derivative),
            drift.source and drift.source.of(source),
        )
        for passage in align(source, derivative).passages
        for drift in passage.drift
    ]


@settings(deadline=None, max_examples=60)
@given(TEXTS, TEXTS)
def test_every_sentence_is_in_one_passage_and_every_span_is_real(a, b):
    """Passages tile the derivative; sources, dropped, runs and blocks point to real places."""
    source, derivative = prepare(Article("a", a)), prepare(Article("b", b))
    alignment = align_texts(source, derivative)
    spans = [(s.begin, s.end, s.parts) for s in derivative.sentences]
    assert [(p.begin, p.end, p.parts) for p in alignment.passages] == spans
    theirs = {Span(s.begin, s.end) for s in told(source)}
    used = {span for p in alignment.passages for span in p.sources}
    assert used | set(alignment.dropped) == theirs
    assert not used & set(alignment.dropped)
    for passage, sentence in zip(alignment.passages, derivative.sentences, strict=True):
        assert 0 <= passage.score <= 1
        assert bool(passage.sources) == (passage.kind in ("copied", "paraphrased", "translated"))
        assert list(passage.sources) == sorted(set(passage.sources))
        is_furniture = sentence.form == "furniture" or not sentence.tokens
        assert (passage.kind == "furniture") == is_furniture
        if is_furniture:
            assert (passage.score, passage.runs, passage.drift) == (0, (), ())
        for run in passage.runs:
            assert passage.begin <= run.begin < run.end <= passage.end
            assert passage.sources[0].begin <= run.source_begin < run.source_end
            assert run.source_end <= passage.sources[-1].end
    assert sum(alignment.shares.values()) == pytest.approx(1 if told(derivative) else 0)
    for passage in alignment.passages:
        if passage.sources:
            around = [x for x in alignment.blocks if x.begin <= passage.begin < x.end]
            assert len(around) == 1
            assert passage.end <= around[0].end
            assert around[0].source_begin <= passage.sources[0].begin
            assert passage.sources[-1].end <= around[0].source_end
    ends = [x for block in alignment.blocks for x in (block.begin, block.end)]
    assert ends == sorted(ends)


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_a_text_against_itself_is_copied_without_drift(text):
    """Nothing is added, nothing has moved, and whatever was dropped stands there twice."""
    alignment = align(text, text)
    assert set(kinds(alignment)) <= {"copied", "furniture"}
    assert not any(passage.drift for passage in alignment.passages)
    kept = {text[s.begin : s.end] for p in alignment.passages for s in p.sources}
    assert all(span.of(text) in kept for span in alignment.dropped)


@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_each_seed_is_a_copy_of_itself_however_it_is_wrapped(seed):
    """Line breaks are no difference."""
    source = SEEDS["002"].replace("\n\n\n", "\n\n") if seed == "002" else SEEDS[seed]
    wrapped = "\r\n".join(source.split("\n"))
    assert set(kinds(align(source, wrapped))) <= {"copied", "furniture"}


def test_unrelated_texts_are_added_throughout():
    """No link, no block, and all of the source is dropped."""
    alignment = align(STORY, WEATHER)
    assert set(kinds(alignment)) == {"added"}
    assert (alignment.blocks, len(alignment.dropped)) == ((), 3)
    assert alignment.shares["added"] == 1


def test_a_rewrite_is_paraphrased_and_points_to_what_it_retells():
    """Sentence by sentence, in the source's order, as one block."""
    alignment = align(STORY, RETOLD)
    assert set(kinds(alignment)) == {"paraphrased"}
    sources = [[span.of(STORY) for span in p.sources] for p in alignment.passages]
    assert sources == [[RESIGNED], [SEARCHED], [DENIED]]
    assert len(alignment.blocks) == 1
    assert alignment.dropped == ()


def test_moved_and_merged_sentences_are_found():
    """Order is no condition, and one sentence may have two sources."""
    merged = f"{DENIED} {RESIGNED[:-1]}, and {SEARCHED[0].lower()}{SEARCHED[1:]}"
    alignment = align(STORY, merged)
    sources = [[span.of(STORY) for span in p.sources] for p in alignment.passages]
    assert sources == [[DENIED], [RESIGNED, SEARCHED]]
    assert kinds(alignment) == ["copied", "copied"]


def test_no_run_leaps_over_what_lies_between_two_sources():
    """Two source sentences that are no neighbours are not read as one."""
    merged = f"{RESIGNED[:-1]} the prime minister said he had known nothing of the losses."
    run = align(STORY, merged).passages[0].runs
    assert all("Prosecutors" not in STORY[r.source_begin : r.source_end] for r in run)
    assert merged[run[0].begin : run[0].end] == RESIGNED[:-1]


def test_what_is_told_in_another_language_is_translated_and_never_copied():
    """Not even where the words are the same."""
    pair = Article("fr", RESIGNED, language="fr"), Article("en", RESIGNED, language="en")
    assert kinds(align(*pair)) == ["translated"]
    assert "copied" not in kinds(align(STORY, GERMAN))
    assert not any(p.kind in ("copied", "paraphrased") for p in align(GERMAN, STORY).passages)


def test_furniture_is_never_scored_on_either_side():
    """Two pages share their comment form and nothing else."""
    alignment = align(f"{STORY}\n\n{FURNITURE}", f"{WEATHER}\n\n{FURNITURE}")
    assert set(kinds(alignment)) == {"added", "furniture"}
    assert alignment.shares["added"] == 1
    assert align(FURNITURE, FURNITURE).shares == dict.fromkeys(alignment.shares, 0.0)
    assert align(FURNITURE, STORY).shares["added"] == 1


@pytest.mark.parametrize("empty", ["", "  \n\n", "… — !", FURNITURE])
def test_an_empty_side_is_an_answer_and_no_error(empty):
    """All added, or nothing at all."""
    assert set(kinds(align(empty, STORY))) == {"added"}
    assert set(kinds(align(STORY, empty))) <= {"furniture"}
    assert sum(align(STORY, empty).shares.values()) == 0
    assert len(align(STORY, empty).dropped) == 3


def test_one_word_and_mixed_scripts_are_aligned():
    """The least and the motliest of texts."""
    assert kinds(align("Resigned", "Resigned")) == ["copied"]
    assert kinds(align(WEATHER, "Resigned")) == ["added"]
    mixed = "Премьер Kim 金正恩 met Путин in 平壤 on 21 March. دعم كامل was promised."
    assert set(kinds(align(mixed, mixed))) == {"copied"}


@pytest.mark.parametrize(
    ("source", "derivative"),
    [
        ("a" * 1_000_000, "a" * 1_000_000),
        ("x" * 1_000_000, STORY),
        ("京" * 200_000, "京" * 200_000),
        (f"{RESIGNED} " * 2_000, f"{RESIGNED} " * 2_000),
        (RESIGNED, f"{RESIGNED} " * 2_000),
        (f"{RESIGNED} ", "He said “we have known nothing of this at all”. " * 2_000),
    ],
    ids=["no space", "no space against news", "no space in Han", "one sentence", "one", "quotes"],
)
def test_monstrous_texts_take_bounded_time(source, derivative):
    """A megabyte without a space, and one sentence two thousand times."""
    start = time.perf_counter()
    assert align(source, derivative).passages
    assert time.perf_counter() - start < 20


def test_too_many_sentences_are_refused_with_both_names():
    """The message says which articles, how long they are and what to do."""
    long = " ".join(f"Unit {i} lost {i + 3} guns." for i in range(2_100))
    with pytest.raises(InputError, match=r"wire \(2100 sentences\).*split them"):
        align(Article("draft", long), Article("wire", long))


def test_the_same_texts_give_the_same_alignment():
    """Nothing depends on what ran before, and links made before are the links made now."""
    source, derivative = (prepare(Article(name, SEEDS[name])) for name in ("002", "000"))
    first = align_texts(source, derivative)
    assert first == align_texts(source, derivative, match(derivative, source)[0])
    assert first.passages == align(SEEDS["002"], SEEDS["000"]).passages


def test_matching_backwards_is_matching_the_other_way_round():
    """One comparison serves both directions."""
    a, b = (prepare(Article(name, SEEDS[name])) for name in ("002", "001"))
    (there, back), (back_again, there_again) = match(a, b), match(b, a)
    assert (there.sources, back.sources) == (there_again.sources, back_again.sources)
    np.testing.assert_allclose(there.scores, there_again.scores, rtol=1e-4)


# -- likeness --------------------------------------------------------------------------------


def worded(text):
    return wording(prepare(Article("x", text, language="en")))


@settings(deadline=None, max_examples=40)
@given(TEXTS)
def test_a_word_matches_itself_wholly_and_others_symmetrically(text):
    """Between 0 and 1, nothing below the threshold, 1 for the same word."""
    matrix = match_words(worded(text), worded(text))
    assert np.allclose(np.diag(matrix), 1)
    assert np.allclose(matrix, matrix.T)
    assert ((matrix == 0) | (matrix >= ALIKE)).all()
    assert matrix.max(initial=0) <= 1 + 1e-6


def test_forms_of_a_word_match_in_part_and_numbers_by_value_only():
    """Zaporizehzia is nearly Zaporizhzhia; 11,000 is nothing like 11,001, nor war like wars."""
    ours, theirs = worded("Zaporizehzia 11,000 war."), worded("Zaporizhzhia 11,001 wars.")
    assert ours.units == ("#11000", "war", "zaporizehzia")
    assert theirs.units == ("#11001", "wars", "zaporizhzhia")
    matrix = match_words(ours, theirs)
    assert 0.5 <= matrix[2, 2] < 1
    assert np.count_nonzero(matrix) == 1
    assert match_words(ours, worded("Eleven thousand of 11000.")).max() == 1


def test_a_sentence_means_its_numbers_by_value():
    """“four thousand” is 4,000, and its words count no more."""
    units = {worded(text).units for text in ("It lost four thousand men.", "It lost 4,000 men.")}
    assert units == {("#4000", "it", "lost", "men")}


def test_evidence_is_finite_and_has_the_models_shape():
    """For the seeds: one number for each name the fitted models know."""
    a, b = worded(SEEDS["000"]), worded(SEEDS["002"])
    likeness = liken(a, b)
    evidence = link_evidence(likeness)
    assert evidence.shape == (len(a.sentences), len(b.sentences), len(EVIDENCE))
    assert np.isfinite(evidence).all()
    assert gate_evidence(likeness).shape == models()[1].weights.shape
    assert link(likeness.reversed().reversed()) == link(likeness)


# -- the seeds -------------------------------------------------------------------------------


def test_no_seed_sentence_is_copied_from_another():
    """In any of the twenty pairs."""
    for source in SEEDS:
        for derivative in SEEDS:
            if source != derivative:
                assert "copied" not in kinds(align(SEEDS[source], SEEDS[derivative]))


def test_the_look_alikes_have_next_to_no_link_to_the_wire_story():
    """003 and 004 share topic, names and figures with 002, but no report."""
    linked = [
        passage
        for name in ("003", "004")
        for passage in align(SEEDS["002"], SEEDS[name]).passages
        if passage.sources
    ]
    assert len(linked) <= 2


def test_the_invented_quotation_is_found_and_the_name_in_quotes_is_not():
    """Of 002's “full support” 000 makes “total support”, as if Kim had said so."""
    found = [d for d in drifts(SEEDS["002"], SEEDS["000"]) if d[0] == "quotation"]
    assert found == [("quotation", "“total support”", None)]
    assert not [d for d in drifts(SEEDS["002"], SEEDS["001"]) if d[0] == "quotation"]


def test_links_of_the_seeds_agree_with_the_gold():
    """Link F1 of at least .85 for 000 and 001 against 002."""
    if not (DATA / "seeds" / "alignment.json").exists():
        pytest.skip(f"no evaluation data at {DATA}; set DEDUP_DATA to where it lies")
    from benchmarks.alignment import seeds

    figures = seeds()
    assert figures["link_f1"] >= 0.85
    assert figures["false_links"] <= 2
    assert figures["copied"] == 0


# -- drift -----------------------------------------------------------------------------------


def test_a_changed_figure_is_shown_on_both_sides():
    """The rest of the sentence is copied; that is where it matters most."""
    edited = STORY.replace("40 million", "60 million")
    assert drifts(STORY, edited) == [("number", "60 million euros", "40 million euros")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("on Friday", "on Friday night"),
        ("40 million", "forty million"),
        ("40 million euros", "40,000,000 euros"),
        ("on Thursday", "on May 15"),
        ("The prime minister", "Prime Minister May"),
    ],
)
def test_another_spelling_is_no_drift(before, after):
    """Nor is a month or a Mrs May a hedge."""
    assert drifts(STORY, STORY.replace(before, after)) == []


def test_a_date_that_gains_its_year_is_no_changed_figure():
    """March 26 is March 26, 2025, unless it is March 27."""
    source = "A video that appeared online on March 26 showed guns on a train to Crimea."
    assert drifts(source, source.replace("March 26", "March 26, 2025")) == []
    assert drifts(source, source.replace("March 26", "March 27"))[0][0] == "number"


@pytest.mark.parametrize(
    ("kind", "source", "derivative"),
    [
        ("hedge", "Pyongyang is believed to have sent 200 guns.", "Pyongyang sent 200 guns."),
        ("hedge", "Pyongyang sent 200 guns.", "Pyongyang reportedly sent 200 guns."),
        ("negation", "Kim did not send any guns to Crimea.", "Kim did send guns to Crimea."),
        ("negation", "Kim did send guns to Crimea.", "Kim did not send guns to Crimea."),
        ("attribution", "Guns were sent to Crimea, ZDF said.", "Guns were sent to Crimea."),
        ("negation", "Kim hat die Kanonen nicht geliefert.", "Kim hat die Kanonen geliefert."),
    ],
)
def test_lost_and_gained_cues_are_drift(kind, source, derivative):
    """A hedge, an attribution or a negation that one side lacks, whichever it is."""
    language = "de" if "hat" in source else "en"
    pair = Article("s", source, language=language), Article("d", derivative, language=language)
    passage = align(*pair).passages[0]
    assert [drift.kind for drift in passage.drift] == [kind]


def test_a_german_passive_is_no_hedge():
    """Folded, “würde” and “wurde” are one word; the commoner one is meant."""
    assert ("wurde",) not in cues("de")["hedge"]
    assert cues("tlh") == {}
