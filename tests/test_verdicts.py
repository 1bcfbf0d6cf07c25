"""The line that says of each article whom it has its report from, credited or not, and how sure."""

from dataclasses import replace

import pytest

import dedup
from dedup.align import Alignment, Drift, Passage
from dedup.article import Article, Span
from dedup.derive import Derivation, Evidence
from dedup.derive.credited import Credit, Standing
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.relate import Relation
from dedup.report import render
from dedup.report.verdicts import (
    ArticleVerdict,
    article_verdicts,
    cluster_verdicts,
    describe_verdict,
    sum_up,
)

NAMES = {"a": "AP", "b": "NY Times", "c": "Globe"}
CHANGE = Drift("figure", "12 → 45", Span(0, 2), Span(0, 2), "meaning")
SENTENCE = Passage("copied", 0, 9, (Span(0, 9),), 1.0, (Span(0, 9),), (), (CHANGE,))
LINK = Relation("a", "b", "near-duplicate", 0.97, 0.9, (1.0, 1.0), 0.9, 0.9, (1.0, 1.0))


def derived(direction: str = "certain", standing: Standing = "credited", **more: str) -> Derivation:
    probability = {"certain": 0.99, "likely": 0.81, "unknown": 0.5}[direction]
    also = tuple(more.get("also", "").split())
    credit = Credit(standing, "AP", also_credits=also)
    return Derivation("a", "b", "derived", 0.97, direction, probability, (), credit)  # type: ignore[arg-type]


def attributed(id: str, kind: str = "attributed", *, carried: bool = False) -> Derivation:
    evidence = (Evidence("carried", "Credit found in a copy", 3.0, ""),) if carried else ()
    return Derivation("external:dpa", id, kind, 0.9, "certain", 0.99, evidence)  # type: ignore[arg-type]


def sibling(source: str, id: str) -> Derivation:
    return Derivation(source, id, "sibling", 0.9, "unknown", 0.5, ())


def aligned(source: str, derivative: str, copied: float, *passages: Passage) -> Alignment:
    shares = {"copied": copied, "paraphrased": 0.0, "added": 1 - copied}
    return Alignment(source, derivative, passages, (), (), shares)  # type: ignore[arg-type]


def cluster(*edges: Derivation, alignments: tuple[Alignment, ...] = ()) -> Cluster:
    members = sorted({end for e in edges for end in (e.source, e.derivative) if ":" not in end})
    return Cluster("c1", tuple(members), (LINK,), edges, alignments, LINK)


def lines(found: Cluster) -> dict[str, str]:
    return {verdict.id: verdict.line for verdict in cluster_verdicts(found, NAMES)}


class TestMembers:
    def test_a_copy_says_from_whom_credited_and_how_much(self) -> None:
        """All that an editor asks, in one line, and what its source is to it."""
        found = cluster(derived(), alignments=(aligned("a", "b", 0.96),))
        assert lines(found) == {
            "a": "Source of NY Times",
            "b": "← AP, credited, 96% copied, direction certain",
        }

    @pytest.mark.parametrize(
        ("edge", "words"),
        [
            (derived(standing="uncredited"), "← AP, not credited, direction certain"),
            (derived(standing="named"), "← AP, not credited, direction certain"),
            (
                derived(standing="uncredited", also="Reuters dpa"),
                "← AP, not credited (credits Reuters, dpa), direction certain",
            ),
            (derived(standing="likely"), "← AP, probably credited (as AP), direction certain"),
            (derived(standing="own"), "← AP, same outlet, direction certain"),
            (derived("likely"), "← AP, credited, direction likely (81%)"),
            (replace(derived(), kind="revision"), "← AP, a later version, direction certain"),
        ],
    )
    def test_credit_and_order_are_said_in_words(self, edge: Derivation, words: str) -> None:
        """Whether the source is credited, under which name, and how sure the order is."""
        assert lines(cluster(edge))["b"] == words

    def test_nobody_is_accused_where_the_order_is_unknown(self) -> None:
        """Of two copies the one that came first need not credit the other."""
        found = lines(cluster(derived("unknown", "uncredited")))
        assert found["b"] == "⇄ AP, credit unknown, order unknown"
        assert found["a"] == "Same source as NY Times, order unknown"

    def test_an_outside_source_is_not_among_these(self) -> None:
        """Copies of an agency's report stand beside each other."""
        found = cluster(
            attributed("a"), attributed("b", carried=True), sibling("a", "b"),
            alignments=(aligned("a", "b", 0.99),),
        )  # fmt: skip
        assert lines(found) == {
            "a": "← dpa (not among these), credited",
            "b": "← dpa (not among these), not credited, same text as AP, 99% copied, "
            "order unknown",
        }

    def test_what_is_at_second_hand_is_said_to_be(self) -> None:
        """The outlet is credited, but the report was reached through another."""
        line = lines(cluster(attributed("b", "attributed-via")))["b"]
        assert line == "← dpa (not among these), credited at second hand"

    def test_a_sibling_without_a_known_source(self) -> None:
        """Neither source nor order is known, and that is said."""
        found = lines(cluster(sibling("a", "b"), alignments=(aligned("a", "b", 0.2),)))
        assert found["b"] == "Same source as AP, 20% copied, source and order unknown"
        assert found["a"] == "No source found"

    def test_changes_of_meaning_are_counted(self) -> None:
        """By the sentence."""
        found = cluster(derived(), alignments=(aligned("a", "b", 0.9, SENTENCE),))
        assert "meaning changed in 1 sentence" in lines(found)["b"]


class TestOthers:
    def test_an_article_in_no_cluster_says_what_it_is_related_to(self) -> None:
        """A shared passage before an event in common: it may be reuse."""
        related = (
            Related("a", "b", "same-event", 0.4, ""), Related("a", "c", "partial", 0.1, "", 44),
        )  # fmt: skip
        alone = tuple(Singleton(id, (), ()) for id in "abcd")
        result = Result(
            tuple(Article(id, "…") for id in "abcd"), (), alone, related, {}, {}, (), {}, {}
        )
        assert [verdict.line for verdict in article_verdicts(result, NAMES)] == [
            "Shares 44 words with Globe, otherwise another report",
            "Independent reporting (same event as AP)",
            "Shares 44 words with AP, otherwise another report",
            "No source found",
        ]

    def test_an_article_that_credits_an_outlet_has_it_as_its_source(self) -> None:
        """Also where nothing else is known of it."""
        alone = (Singleton("a", (), (attributed("a"),)),)
        result = Result((Article("a", "…"),), (), alone, (), {}, {}, (), {}, {})
        (verdict,) = article_verdicts(result)
        assert verdict.line == "← dpa (not among these), credited"
        assert (verdict.source, verdict.credited) == ("dpa", "credited")


class TestClusters:
    def whole(self, found: Cluster) -> tuple[str, int, int, str]:
        summed = sum_up(found, list(cluster_verdicts(found, NAMES)), NAMES)
        return summed.source, summed.credited, summed.uncredited, summed.order

    def test_a_cluster_has_the_source_of_its_root(self) -> None:
        """And counts who credits it."""
        assert self.whole(cluster(derived())) == ("AP", 1, 0, "certain")
        assert self.whole(cluster(derived(standing="uncredited"))) == ("AP", 0, 1, "certain")

    def test_an_outside_source_of_all_is_the_cluster_s(self) -> None:
        """Where no member is the source of the others."""
        found = cluster(attributed("a"), attributed("b", carried=True), sibling("a", "b"))
        assert self.whole(found) == ("dpa", 1, 1, "unknown")

    def test_of_copies_in_unknown_order_none_is_the_source(self) -> None:
        """Nor is any credit missing."""
        assert self.whole(cluster(derived("unknown", "uncredited"))) == ("", 0, 0, "unknown")


def test_the_name_stands_before_the_verdict() -> None:
    """Before an arrow without a mark, before words with a colon."""
    verdicts = ArticleVerdict("b", "← AP", "AP", ""), ArticleVerdict("b", "No source found", "", "")
    described = [describe_verdict(verdict, NAMES) for verdict in verdicts]
    assert described == ["NY Times ← AP", "NY Times: No source found"]


def test_all_reports_say_the_same() -> None:
    """Terminal, table, JSON and page have one verdict for an article."""
    text = "The mayor of Vexford resigned on Monday after the audit, the council said. " * 9
    articles = [Article("one", text, publisher="Vexford Post"), Article("two", text)]
    result = dedup.compare(articles, encoder=None)
    (verdict, _) = article_verdicts(result, {"one": "Vexford Post"})
    for format in ("terminal", "json", "csv", "html"):
        assert verdict.line in render(result, format, width=200), format
