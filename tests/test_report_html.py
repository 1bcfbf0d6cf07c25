"""The page an editor opens, as far as it can be judged without a browser."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from itertools import product
from typing import Any

import hostile
import html5lib
import pytest
from families import made, result
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.align import Counting, Drift, Passage, recount
from dedup.article import Article, Span
from dedup.derive import Evidence
from dedup.pipeline import Result, Singleton
from dedup.report import render, render_alignment, render_verdict
from dedup.report.html import page as pages
from dedup.report.html.filters import passage_words, waterfall
from dedup.report.html.heads import safe_link
from dedup.report.html.safe import clean
from dedup.report.html.sides import MAX_TEXT, Layer, mark
from dedup.report.view import describe_drift, replace_ids
from dedup.text.layout import lay_out
from seeds import SEEDS

NASTY = st.text(
    st.sampled_from(list("<>&\"'/=-!{}%abc \n\t\r\x00\x0b\x1b\x85\u202e\u2066\u2028\ud800\ufffe")),
    max_size=60,
)
SPACE = re.compile(r"\s+")


@pytest.fixture(scope="module")
def seeds() -> Result:
    return dedup.compare(dedup.read([str(SEEDS)]))


@pytest.fixture(scope="module")
def report(seeds: Result) -> str:
    return render(seeds, "html")


@pytest.fixture(scope="module")
def draft(seeds: Result) -> str:
    articles = sorted(seeds.articles, key=lambda article: article.id)
    return render_verdict(dedup.check(articles[1], [*articles[:1], *articles[2:]]), "html")


@pytest.fixture(scope="module")
def harm() -> str:
    return render(dedup.compare(hostile.articles()), "html")


def parsed(document: str) -> Any:
    """The document as a browser reads it; an error of HTML is an error here."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(document)


def elements(document: str, name: str = "*") -> list[Any]:
    return list(parsed(document).iter(None if name == "*" else name))


def unpacked(block: str) -> str:
    return zlib.decompress(base64.b64decode(block), -zlib.MAX_WBITS).decode()


class TestDocument:
    def test_the_pages_are_valid_html(self, report: str, draft: str, harm: str) -> None:
        """A strict parser finds nothing, whatever the articles say."""
        for document in (report, draft, harm):
            assert document.startswith("<!DOCTYPE html>")
            parsed(document)

    def test_every_id_stands_once_and_every_link_leads_somewhere(
        self, report: str, draft: str
    ) -> None:
        """Places in the page are named once, and no link within it is dead."""
        for document in (report, draft):
            found = elements(document)
            ids = [one.get("id") for one in found if one.get("id")]
            assert len(ids) == len(set(ids))
            goes = {one.get("href")[1:] for one in found if (one.get("href") or "").startswith("#")}
            assert goes <= set(ids)
            named = [(one.get("aria-labelledby") or "").split() for one in found]
            assert {name for names in named for name in names} <= set(ids)

    def test_only_its_own_style_and_script_may_count(self, report: str, draft: str) -> None:
        """The policy names the digests of the two inline blocks and allows nothing else."""
        for document in (report, draft):
            metas = elements(document, "meta")
            policy = next(one.get("content") for one in metas if one.get("http-equiv") is not None)
            parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
            assert parts["default-src"] == "'none'"
            assert "unsafe" not in policy
            (style,) = elements(document, "style")
            (script,) = [one for one in elements(document, "script") if not one.get("type")]
            for block, name in ((style, "style-src"), (script, "script-src")):
                digest = base64.b64encode(hashlib.sha256(block.text.encode()).digest()).decode()
                assert parts[name] == f"'sha256-{digest}'"

    def test_nothing_is_loaded_from_anywhere(self, report: str, draft: str, harm: str) -> None:
        """No element fetches, no attribute styles or runs; only plain links lead out."""
        for document in (report, draft, harm):
            for one in elements(document):
                if not isinstance(one.tag, str):
                    continue
                assert one.tag not in {"img", "link", "iframe", "object", "embed", "base", "audio"}
                for name, value in one.attrib.items():
                    assert name not in {"src", "srcset", "style", "action", "formaction"}
                    assert not str(name).startswith("on")
                    if name == "href":
                        assert value.startswith(("#", "https://", "http://"))
                        assert one.tag == "a"

    @pytest.mark.slow
    def test_equal_input_gives_equal_bytes(self) -> None:
        """Whatever the hash seed, and in a process of its own."""
        command = [sys.executable, "-m", "dedup", "report", str(SEEDS), "--format", "html"]
        written = {
            subprocess.run(
                command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": n}
            ).stdout
            for n in ("1", "2")
        }
        assert len(written) == 1

    def test_the_seeds_take_less_than_300_kilobytes_and_the_page_says_how_much(
        self, report: str
    ) -> None:
        """Small enough to send, and honest about it."""
        size = len(report.encode())
        assert size <= 300_000
        assert f"This file has {size / 1000:.1f} kB" in report

    def test_what_the_library_refuses_is_not_shown(self) -> None:
        """An empty result is a page too."""
        document = render(dedup.compare([]), "html")
        parsed(document)
        assert "No articles found in the input" in document


class TestHostileText:
    def test_markup_in_articles_stays_text(self, harm: str) -> None:
        """Scripts, closing tags and template code stand in the page as they were written."""
        assert [one for one in elements(harm, "script") if not one.get("type")]
        assert len(elements(harm, "style")) == 1
        whole = "".join(parsed(harm).find("body").itertext())
        assert hostile.CODE in whole
        assert "{{ 7 * 7 }}" in whole
        assert hostile.WORDS not in " ".join(
            one.text or "" for name in ("script", "style") for one in elements(harm, name)
        )

    def test_nothing_turns_the_page_around(self, harm: str) -> None:
        """Marks that force a direction are shown as replaced, others are dropped; what forbids
        UTF-8 or HTML is replaced."""
        assert not set(harm) & set("\u202a\u202b\u202c\u202d\u202e\x00\x9b\ufffe\ud83d")
        assert "\ufffdgnp.exe" in harm
        harm.encode("utf-8")

    def test_addresses_that_run_are_no_links(self) -> None:
        """Only http and https are followed."""
        for address in ("javascript:alert(1)", "data:text/html,x", "//example.org", "http://[x",
                        "https://a b\nc", "file:///etc/passwd", ""):  # fmt: skip
            assert safe_link(address) == ""

    def test_a_megabyte_on_one_line_is_cut_with_a_note(self) -> None:
        """The page stays small and says how much it does not show."""
        articles = hostile.articles(long=True)
        document = render_alignment(dedup.align(*articles), *articles, "html")
        parsed(document)
        assert len(document) < 200_000
        assert "994,000 characters not shown" in document

    @settings(max_examples=60, deadline=None)
    @given(NASTY, NASTY, NASTY)
    def test_any_text_makes_a_valid_page(self, text: str, title: str, publisher: str) -> None:
        """Title, publisher and text may be anything; the same elements stand in the page."""
        source = Article("a", f"The minister resigned. {text}", title=title, publisher=publisher)
        taken = Article("b", f"{text} The minister resigned.", title=title, publisher=publisher)
        document = render_alignment(dedup.align(source, taken), source, taken, "html")
        found = elements(document)
        assert sum(one.tag == "script" for one in found) == 1
        assert {"b", "p"} <= {one.tag for one in found}
        assert not any(str(name).startswith("on") for one in found for name in one.attrib)


class TestSides:
    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_marks_change_no_word(self, data: st.DataObject) -> None:
        """Whatever is marked, the text of the page is the article's, white space apart."""
        text = data.draw(st.text(st.sampled_from("ab<& \n.é\u202e"), min_size=1, max_size=80))
        spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
        layers = []
        for number, (one, other) in enumerate(data.draw(st.lists(spans, max_size=8)), 1):
            what = data.draw(st.sampled_from(["match", "run", "drift", "dropped", "quoted"]))
            begin, end = sorted((one, other))
            layers.append(
                Layer(begin, end, what, number, "copied", "Match", f"d{number}", f"s{number}")
            )
        article = Article("a", text)
        tree = html5lib.parseFragment(
            str(mark(article, lay_out(text), layers)), namespaceHTMLElements=False
        )
        for extra in [*tree.iter("a"), *[s for s in tree.iter("span") if s.get("class") == "sr"]]:
            extra.text = ""
        shown = SPACE.sub("", "".join(tree.itertext()))
        parts = sorted((p.begin, p.end) for b in lay_out(text) for p in b.parts)
        told = SPACE.sub("", clean("".join(text[begin:end] for begin, end in parts)))
        assert shown == told

    def test_each_match_has_one_number_to_go_to(self) -> None:
        """A match of several spans is numbered where it begins; words of two matches carry both."""
        article = Article("a", "One two three four five six.")
        layers = [
            Layer(0, 13, "match", 1, "copied", "Match 1", "d1", "s1"),
            Layer(4, 18, "match", 2, "paraphrased", "Match 2", "d2", "s2"),
            Layer(19, 23, "match", 1, "copied", "Match 1", "d1", "s1"),
        ]
        told = str(mark(article, lay_out(article.text), layers))
        assert [told.count(f'id="d{n}"') for n in (1, 2)] == [1, 1]
        assert 'class="m copied" data-n="1 2"' in told

    def test_long_texts_end_with_a_note(self) -> None:
        """No text takes more than its room."""
        article = Article("a", "Five words make a sentence. \n\n" * 10_000)
        told = str(mark(article, lay_out(article.text), ()))
        assert "more characters are not shown" in told
        assert len(told) < 3 * MAX_TEXT


class TestFilters:
    def test_the_page_has_what_it_needs_to_sum_again(self, seeds: Result) -> None:
        """From the words in the page every count of `recounted` follows, to the last bit."""
        for alignment in seeds.clusters[0].alignments:
            words = json.loads(passage_words(alignment.passages))
            for quotations, furniture, least in product((True, False), (True, False), range(40)):
                counts = dict.fromkeys("cptaf" if furniture else "cpta", 0)
                for kind, count, quoted, linked in words:
                    if kind in counts and not (linked and count < least):
                        counts[kind] += count - (0 if quotations else quoted)
                total = sum(counts.values())
                wanted = recount(alignment, Counting(quotations, furniture, least)).shares
                assert [n / total if total else 0.0 for n in counts.values()] == list(
                    wanted.values()
                )

    def test_a_waterfall_ends_where_its_evidence_adds_up_to(self) -> None:
        """Each bar begins where the last ended; places are between 0 and 100."""
        fall = waterfall([piece("a", -9.1), piece("b", 4.7), piece("c", 6.95)])
        assert fall.total == pytest.approx(2.55)
        assert [step.speaks for step in fall.steps] == ["against", "for", "for"]
        first, second, third = fall.steps
        assert first.begin == second.begin == 0
        assert third.begin == pytest.approx(second.begin + second.width, abs=0.02)
        assert fall.end == pytest.approx(third.begin + third.width, abs=0.02)
        assert waterfall([]).total == 0

    def test_articles_are_called_by_their_names(self) -> None:
        """In the words of evidence too; an id that is a plain word is left as it is."""
        names = {"fn_tr2018": "The Sun", "sun": "Daily Star"}
        assert replace_ids("fn_tr2018 says that sun and fn_tr20181 do", names) == (
            "The Sun says that sun and fn_tr20181 do"
        )

    def test_the_arrow_of_a_change_never_points_backwards(self) -> None:
        """The values on both sides are isolated from it, whatever their direction."""
        drift = Drift("number", "number changed: ٢٨ قتيلا → ٢٢ قتيلا", Span(0, 3), Span(0, 3))
        assert describe_drift(drift) == drift.detail
        parts = pages.environment().get_template("parts.html").module
        assert parts.drift(drift) == ("<bdi>number changed: ٢٨ قتيلا</bdi> → <bdi>٢٢ قتيلا</bdi>")


def piece(signal: str, log_odds: float) -> Evidence:
    """A piece of evidence."""
    return Evidence(signal, signal, log_odds, "")


class TestLarge:
    def test_what_is_too_much_to_open_at_once_is_packed(
        self, seeds: Result, report: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Behind the limit every view is packed, and unpacks to what it would have been."""
        monkeypatch.setattr(pages.Views, "__init__", _small(pages.Views.__init__))
        document = render(seeds, "html")
        packed = {
            one.get("data-view"): unpacked(one.text)
            for one in elements(document, "script")
            if one.get("data-view")
        }
        assert list(packed) == ["c1", "c1-1", "c1-2", "r1", "r2", "r3"]
        assert all(view in report for view in packed.values())
        assert not [one for one in elements(document, "section") if one.get("id") == "c1"]

    def test_long_lists_stand_in_the_page_in_part(self) -> None:
        """The rest is packed, with what it is sorted and searched by."""
        articles = tuple(Article(f"n{n}", f"Story number {n} of the day.") for n in range(200))
        alone = tuple(Singleton(article.id, (), ()) for article in articles)
        document = render(Result(articles, (), alone, (), {}, {}, (), {}, {}), "html")
        (block,) = [one for one in elements(document, "script") if one.get("data-list")]
        entries = json.loads(unpacked(block.text))
        assert len(entries) == 200
        assert "story number 199" in entries[199][1]
        (shown,) = [one for one in elements(document, "ol") if one.get("class") == "alone"]
        assert len(shown) == pages.MAX_LIVE_ENTRIES

    def test_a_family_of_two_thousand_is_a_page(self) -> None:
        """What is not listed is counted; the page stays one that opens."""
        document = render(result(made(2_000, copies=300)), "html")
        parsed(document)
        assert len(document) < 1_000_000
        (packed,) = [one for one in elements(document, "script") if one.get("data-view") == "c1"]
        view = unpacked(packed.text)
        assert "1,700 more articles are not shown" in view
        assert "more derivations are not shown" in view

    def test_what_does_not_fit_is_said(
        self, seeds: Result, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A page that is left out is counted in the footer."""
        monkeypatch.setattr(pages.Views, "__init__", _small(pages.Views.__init__, most=9_000))
        document = render(seeds, "html")
        assert "comparisons did not fit into this file" in document


def _small(made: Any, most: int = pages.MAX_PACKED_BYTES) -> Any:
    """`Views` with no room for anything."""

    def begin(self: pages.Views) -> None:
        made(self, _room=1, _packed_room=most)

    return begin


class TestShares:
    def test_what_the_shares_count_is_what_was_asked_for(self, seeds: Result) -> None:
        """The page begins with the counts of the command line."""
        counting = Counting(quotations=False, boilerplate=True, min_words=8)
        document = render(seeds, "html", counting=counting)
        boxes = [one for one in elements(document, "input") if one.get("name") == "quotations"]
        assert boxes
        assert all(one.get("checked") is None for one in boxes)
        least = [one for one in elements(document, "input") if one.get("name") == "min_words"]
        assert {one.get("value") for one in least} == {"8"}

    def test_passages_without_a_source_are_no_matches(self) -> None:
        """Only what is linked has a number."""
        source = Article("a", "One report of the storm.")
        taken = Article("b", "Another thing of last week.")
        alignment = dedup.align(source, taken)
        odd = Passage("added", 0, 27, (Span(0, 27),), 0.1, (), (), (), 5)
        document = render_alignment(replace(alignment, passages=(odd,)), source, taken, "html")
        assert "0 of 1 sentence" in document
        assert "Nothing in this article was found in the source." in document
