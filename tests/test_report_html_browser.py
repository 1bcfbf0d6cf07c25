"""The page an editor opens, in a real browser: what is shown, what keys do, who can read it.

Every page of these tests must end without an error on the console and without a request.
"""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import hostile
import pytest
from browsing import DESK, MARKS, PHONE, Windows
from patience import wait_until

import dedup
from dedup.align import Counting, recount
from dedup.article import Article
from dedup.phrasing import percent
from dedup.pipeline import Cluster, Result
from dedup.relate import Relation
from dedup.report import render, render_alignment, render_verdict
from dedup.report.html import page as pages
from dedup.report.view import describe_shares
from seeds import SEEDS

pytestmark = MARKS


class Desk(Windows):
    """Opens files, which ask for nothing but themselves."""

    def __init__(self, browser: Any, folder: Path) -> None:
        super().__init__(browser)
        self._folder = folder

    def open(self, document: str, place: str = "", **known: Any) -> Any:
        """A page with `document`, at a place in it."""
        file = self._folder / f"{len(self._windows)}.html"
        file.write_text(document, "utf-8")
        own = file.as_uri()
        return self.show(
            own + (f"#{place}" if place else ""), lambda url: url.partition("#")[0] == own, **known
        )


@pytest.fixture
def desk(browser: Any, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(browser, tmp_path)
    yield made
    made.close()


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


def shown(page: Any) -> list[str]:
    """The views that a reader sees."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.view')].filter(v => v.checkVisibility()).map(v => v.id)"
    )
    return found


def in_sight(page: Any, selector: str) -> bool:
    """Whether an element is within its own pane, and the pane within the window."""
    seen: bool = page.evaluate(
        """selector => {
          const one = document.querySelector(selector).getBoundingClientRect();
          const pane = document.querySelector(selector).closest('.side').getBoundingClientRect();
          return one.top >= pane.top - 1 && one.top < pane.bottom && one.top >= 0
            && one.top < innerHeight;
        }""",
        selector,
    )
    return seen


class TestViews:
    def test_one_view_at_a_time_by_links_and_by_address(self, desk: Desk, report: str) -> None:
        """From the overview to a family to two texts, and back."""
        page = desk.open(report)
        assert shown(page) == ["overview"]
        page.click(".card h3 a")
        page.wait_for_selector("#c1:not([hidden])")
        assert shown(page) == ["c1"]
        assert page.evaluate("document.activeElement.id") == "c1.title"
        assert page.title().startswith(page.locator("#c1 h2").inner_text())
        page.click("#c1 a[href='#c1-2']")
        page.wait_for_selector("#c1-2:not([hidden])")
        page.go_back()
        page.wait_for_selector("#c1:not([hidden])")
        assert shown(page) == ["c1"]
        assert shown(desk.open(report, "c1-1.d3")) == ["c1-1"]

    def test_an_edge_leads_to_its_evidence(self, desk: Desk, report: str) -> None:
        """ "why" opens the waterfall of that edge, and the keyboard goes there."""
        page = desk.open(report, "c1")
        page.click("#c1 a[href='#c1.e4']")
        page.wait_for_selector("#c1\\.e4[open]")
        assert page.evaluate("document.activeElement.closest('details').id") == "c1.e4"
        assert page.locator("#c1\\.e4 .fall tbody tr").count() >= 2

    def test_without_a_script_everything_can_be_read(self, desk: Desk, report: str) -> None:
        """All views stand one below the other, and nothing that does not work is shown."""
        page = desk.open(report, java_script_enabled=False)
        assert page.locator(".view").count() == 7
        assert all(one.is_visible() for one in page.locator(".view").all())
        assert not any(one.is_visible() for one in page.locator(".js-only").all())

    def test_packed_views_open_as_live_ones_do(
        self, desk: Desk, seeds: Result, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is unpacked on demand is there after a click, works, and is put away again."""
        made = pages.Views.__init__
        monkeypatch.setattr(pages.Views, "__init__", lambda self: made(self, _room=1))
        page = desk.open(render(seeds, "html"))
        assert page.locator(".view").count() == 1
        page.click(".card h3 a")
        page.wait_for_selector("#c1")
        page.click("#c1 a[href='#c1-1']")
        page.wait_for_selector("#c1-1")
        page.keyboard.press("n")
        assert page.locator("#c1-1 .position").inner_text().startswith("Match 1 of ")
        assert page.locator(".view").count() == 2
        page.evaluate("location.hash = 'c99'")
        wait_until(
            page.evaluate, "document.getElementById('status').textContent.includes('not in')"
        )
        assert shown(page) == ["overview"]


class TestMatches:
    def test_keys_walk_through_all_matches_and_move_both_texts(
        self, desk: Desk, report: str
    ) -> None:
        """n goes on, p goes back, around the end; both sides show the match; focus follows."""
        page = desk.open(report, "c1-2", reduced_motion="reduce")
        wait_until(page.evaluate, "document.activeElement.id === 'c1-2.title'")
        total = int(page.get_attribute("#c1-2", "data-matches"))
        assert total == 12
        for number in range(1, total + 1):
            page.keyboard.press("n")
            position = page.locator("#c1-2 .position").inner_text()
            assert position.startswith(f"Match {number} of {total}, ")
            assert page.evaluate("document.activeElement.id") == f"c1-2.d{number}"
            for side in ("there", "here"):
                assert in_sight(page, f"#c1-2 .{side} .m.on")
            why = page.locator("#c1-2 .dock .why").inner_text()
            assert "Copied (" in why or "Likely paraphrase (" in why
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == "c1-2.d1"
        page.keyboard.press("p")
        assert page.evaluate("document.activeElement.id") == f"c1-2.d{total}"

    def test_keys_work_on_a_fresh_page(self, desk: Desk) -> None:
        """Before anything was clicked: "press n" is what the page asks for."""
        source = Article("s", "The minister resigned on Friday over the missing millions, he said.")
        page = desk.open(render_alignment(dedup.align(source, source), source, source, "html"))
        assert page.evaluate("document.activeElement === document.body")
        page.keyboard.press("n")
        assert page.locator(".position").inner_text().startswith("Match 1 of 1")

    def test_c_walks_through_the_changes(self, desk: Desk, report: str) -> None:
        """Of meaning alone, where that is asked for; other matches are passed over."""
        page = desk.open(report, "c1-2", reduced_motion="reduce")
        page.wait_for_selector("#c1-2:not([hidden])")
        rows = "[...document.querySelectorAll('#c1-2 .row.changed[id]%s')].map(r => r.id)"
        every = [id.rpartition("w")[2] for id in page.evaluate(rows % "")]
        grave = [id.rpartition("w")[2] for id in page.evaluate(rows % "[data-severity=meaning]")]
        assert grave
        page.locator("#c1-2 [name=severity]").select_option("meaning")
        page.locator("#c1-2 h2").click()
        for number in [*grave, grave[0]]:
            page.keyboard.press("c")
            assert page.locator("#c1-2 .position").inner_text().startswith(f"Match {number} of")
        assert set(grave) <= set(every)

    def test_a_link_to_a_match_can_be_copied(self, desk: Desk, report: str) -> None:
        """It leads to that match again."""
        page = desk.open(report, "c1-2", permissions=["clipboard-read", "clipboard-write"])
        page.keyboard.press("n")
        page.locator("#c1-2 [data-do=copy]").click()
        wait_until(page.evaluate, "document.getElementById('status').textContent.includes('ink')")
        assert page.url.endswith("#c1-2.d1")

    def test_keys_are_letters_again_in_fields(self, desk: Desk, report: str) -> None:
        """Who types is not moved."""
        page = desk.open(report, "c1-1")
        page.focus("#c1-1 input[name=min_words]")
        page.keyboard.press("n")
        assert page.locator("#c1-1 .m.on").count() == 0

    def test_a_click_on_words_or_number_shows_the_other_side(self, desk: Desk, report: str) -> None:
        """Words of the source that were told twice lead to one telling after the other."""
        page = desk.open(report, "c1-1", reduced_motion="reduce")
        words = page.locator("#c1-1 .there .m[data-n='1 2']")
        words.first.click(position={"x": 90, "y": 8})
        assert page.evaluate("document.querySelector('#c1-1').dataset.on") == "1"
        words.first.click(position={"x": 90, "y": 8})
        assert page.evaluate("document.querySelector('#c1-1').dataset.on") == "2"
        page.click("#c1-1\\.d4")
        wait_until(page.evaluate, "document.querySelector('#c1-1').dataset.on === '4'")
        assert page.evaluate("document.activeElement.id") == "c1-1.s4"
        assert in_sight(page, "#c1-1 .there .m.on")

    def test_each_kind_has_a_line_of_its_own(self, desk: Desk) -> None:
        """Copied is solid, paraphrased dotted, translated dashed; added has a mark."""
        source = Article("s", "The minister resigned on Friday over the missing millions, he said.")
        taken = Article("t", f"{source.text} Nobody had expected it in the capital this year.")
        page = desk.open(render_alignment(dedup.align(source, taken), source, taken, "html"))
        styles = page.evaluate(
            """[...document.querySelectorAll('.legend .m')].map(
              one => getComputedStyle(one).textDecorationStyle)"""
        )
        assert styles == ["solid", "dotted", "dashed"]
        assert page.locator(".here .m.copied").count() == 1
        mark = "getComputedStyle(document.querySelector('.here .added'), '::before').content"
        assert "+" in page.evaluate(mark)


class TestShares:
    def test_every_choice_gives_the_library_s_shares(
        self, desk: Desk, seeds: Result, report: str
    ) -> None:
        """Quotations, furniture and short matches left out or not: equal to the last bit."""
        for number, alignment in enumerate(seeds.clusters[0].alignments, 1):
            page = desk.open(report, f"c1-{number}")
            panel = page.locator(f"#c1-{number} .panel")
            for quotations, furniture in product((True, False), repeat=2):
                panel.locator("[name=quotations]").set_checked(quotations)
                panel.locator("[name=boilerplate]").set_checked(furniture)
                for least in (0, 8, 15, 25, 999):
                    panel.locator("[name=min_words]").fill(str(least))
                    wanted = recount(alignment, Counting(quotations, furniture, least)).shares
                    for one in panel.locator(".shares li").all():
                        part = wanted.get(one.get_attribute("data-kind"), 0.0)
                        assert float(one.get_attribute("data-part")) == part
                        assert one.locator("b").text_content() == percent(part)
                        assert one.is_visible() == (part > 0)
                    label = panel.locator(".bar").get_attribute("aria-label")
                    assert label == describe_shares(wanted)

    def test_a_draft_is_summed_again_too(self, desk: Desk, draft: str) -> None:
        """Without short matches less comes from anywhere, and they fade in the text."""
        page = desk.open(draft)
        before = page.locator("#overview .shares [data-kind=paraphrased]")
        assert float(before.get_attribute("data-part")) > 0.5
        page.locator("#overview [name=min_words]").fill("999")
        assert float(before.get_attribute("data-part")) == 0
        assert page.locator("#overview .m.less").count() > 5

    def test_percentages_are_rounded_as_the_library_rounds(self, desk: Desk) -> None:
        """Halves go to the even side, and a trace is never nothing."""
        words = " ".join(f"word{n}" for n in range(8))
        parts = [1 / 8, 3 / 8, 5 / 8, 1 / 300, 299 / 300]
        source = Article("a", f"{words}.")
        page = desk.open(render_alignment(dedup.align(source, source), source, source, "html"))
        for part in parts:
            taken, total = part.as_integer_ratio() if part in (1 / 8, 3 / 8, 5 / 8) else (
                (1, 300) if part < 0.5 else (299, 300)
            )  # fmt: skip
            page.evaluate(
                """([taken, rest]) => {
                  const panel = document.querySelector('.panel');
                  panel.dataset.words = JSON.stringify([['c', taken, 0, 1], ['a', rest, 0, 0]]);
                  panel.querySelector('[name=min_words]').dispatchEvent(
                    new InputEvent('input', {bubbles: true}));
                }""",
                [taken, total - taken],
            )
            told = page.locator(".shares [data-kind=copied] b").text_content()
            assert told == percent(taken / total)


class TestOverview:
    def test_families_are_sorted_and_filtered(self, desk: Desk) -> None:
        """Among more than stand in the page: all are searched, all are sorted, more are shown."""
        page = desk.open(render(crowd(150), "html"))
        box = page.locator("[data-listing=clusters]")
        assert box.locator("li.card").count() == pages.MAX_LIVE_ENTRIES
        box.locator(".more").click()
        wait_until(page.evaluate, "document.querySelectorAll('li.card').length === 120")
        search = page.locator(".everything [name=filter]")
        search.fill("harvest 149")
        wait_until(page.evaluate, "document.querySelectorAll('li.card').length === 1")
        assert "1 of 150 match" in box.locator(".shown").inner_text()
        search.fill("no such words")
        wait_until(page.evaluate, "document.querySelectorAll('li.card').length === 0")
        assert "None of 150 matches" in box.locator(".shown").inner_text()
        search.fill("")
        box.locator("[name=sort]").select_option(label="weakest link first")
        wait_until(
            page.evaluate, "document.querySelector('li.card h3').textContent.includes('0 of')"
        )
        box.locator("[name=sort]").select_option(label="newest first")
        wait_until(
            page.evaluate, "document.querySelector('li.card h3').textContent.includes('27 of')"
        )

    def test_one_search_filters_everything_and_says_where_nothing_is_left(
        self, desk: Desk, report: str
    ) -> None:
        """Words, credit and kind together, in every list; each says how many match."""
        page = desk.open(report)
        counts = page.locator(".listing .shown")
        page.locator(".everything [name=filter]").fill("caliber")
        wait_until(page.evaluate, "document.querySelector('.clusters').children.length === 0")
        assert "None of 1 matches" in counts.first.inner_text()
        page.locator(".everything [name=filter]").fill("")
        page.get_by_label("Kind").select_option(label="same event")
        wait_until(page.evaluate, "document.querySelectorAll('.related > li').length === 3")
        assert page.locator("li.card").count() == 0
        page.get_by_label("Kind").select_option(label="any")
        page.get_by_label("Credit").select_option("¦credited")
        wait_until(page.evaluate, "document.querySelectorAll('li.card').length === 1")
        page.get_by_label("Credit").select_option(label="not credited")
        wait_until(page.evaluate, "document.querySelectorAll('li.card').length === 0")

    def test_cards_become_a_table(self, desk: Desk) -> None:
        """The same entries, a row each, lower than a card."""
        page = desk.open(render(crowd(3), "html"))
        height = "document.querySelector('li.card').getBoundingClientRect().height"
        before = page.evaluate(height)
        page.get_by_label("as a table").check()
        wait_until(page.evaluate, "document.querySelector('.clusters').classList.contains('rows')")
        assert page.evaluate(height) < before

    def test_a_changed_meaning_leads_to_its_place(self, desk: Desk, report: str) -> None:
        """From the list of all to the match in both texts."""
        page = desk.open(report)
        page.locator(".changes a").first.click()
        page.wait_for_selector(".comparison:not([hidden]) .m.on .drift")

    def test_related_pairs_open_to_a_comparison(self, desk: Desk, report: str) -> None:
        """Why they are apart stands above the two texts."""
        page = desk.open(report)
        page.locator(".related a").first.click()
        page.wait_for_selector(".comparison:not([hidden])")
        assert "sentences match" in page.inner_text(".comparison:not([hidden]) .verdict")

    def test_any_two_members_can_be_picked(self, desk: Desk, report: str) -> None:
        """What was compared opens; for what was not there is the command."""
        page = desk.open(report, "c1")
        names = page.locator("#c1 [name=one] option").all_inner_texts()
        derived = next(name for name in names if name.startswith("001"))
        source = next(name for name in names if name.startswith("002"))
        page.locator("#c1 [name=one]").select_option(label=derived)
        page.locator("#c1 [name=other]").select_option(label=derived)
        page.locator("#c1 [data-do=pick]").click()
        assert page.inner_text("#c1 .pick output") == "Choose two."
        page.locator("#c1 [name=other]").select_option(label=source)
        page.locator("#c1 [data-do=pick]").click()
        page.wait_for_selector("#c1-2:not([hidden])")

    def test_the_summary_prints_on_one_page(self, desk: Desk) -> None:
        """However many clusters there are."""
        pypdf = pytest.importorskip("pypdf")
        page = desk.open(render(crowd(40), "html", detail="summary", ours=["Outlet"]))
        assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) == 1

    def test_a_long_name_does_not_widen_its_card(self, desk: Desk, seeds: Result) -> None:
        """Else a bar of 87 % would reach to the edge of the card, and look full."""
        articles = [replace(a, title="The Association of All Papers " * 9) for a in seeds.articles]
        page = desk.open(render(replace(seeds, articles=articles), "html"), viewport=PHONE)
        card = page.locator("li.card")
        assert card.locator(".bar").count() == 2
        assert card.evaluate("card => card.scrollWidth <= card.clientWidth")


class TestReaders:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
    def test_no_barrier_is_found(
        self, desk: Desk, report: str, draft: str, scheme: str, viewport: dict[str, int]
    ) -> None:
        """axe finds nothing serious in any view: contrast, names, roles, order of headings."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        for document, places in ((report, ("overview", "c1", "c1-2")), (draft, ("overview", "m1"))):
            for place in places:
                page = desk.open(
                    document, place, color_scheme=scheme, viewport=viewport, reduced_motion="reduce"
                )
                page.wait_for_selector(f"#{place}:not([hidden])")
                page.evaluate(
                    "for (const one of document.querySelectorAll('details')) one.open = 1"
                )
                if page.locator(f"#{place} [data-do=next]").count():
                    page.click(f"#{place} [data-do=next]")
                found = axe.run(page).response["violations"]
                told = [
                    f"{place}: {one['id']} ({one['impact']}): {one['nodes'][0]['html'][:150]}"
                    for one in found
                ]
                assert told == []

    def test_everything_is_reached_with_the_tab_key(self, desk: Desk, report: str) -> None:
        """From the skip link through the choices and both texts to the reasons; focus is seen."""
        page = desk.open(report)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page = desk.open(report, "c1-1")
        wait_until(page.evaluate, "document.activeElement.id === 'c1-1.title'")
        met = []
        for _ in range(80):
            page.keyboard.press("Tab")
            met.append(
                page.evaluate(
                    """(() => { const one = document.activeElement;
                    return one.name || one.dataset.do || one.className || one.tagName })()"""
                )
            )
            if met[-1] == "print":
                break
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring != "none"
        for wanted in ("quotations", "boilerplate", "min_words", "previous", "next", "side there",
                       "n", "side here", "SUMMARY", "print"):  # fmt: skip
            assert wanted in met, wanted

    def test_dark_is_dark(self, desk: Desk, report: str) -> None:
        """The page follows what the reader's system asks for, pictures too."""
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        light = desk.open(report, "c1", color_scheme="light").evaluate(ground)
        page = desk.open(report, "c1", color_scheme="dark")
        dark = page.evaluate(ground)
        assert light == "rgb(245, 243, 238)"
        assert dark == "rgb(21, 21, 20)"
        ink = page.evaluate("getComputedStyle(document.querySelector('.picture text')).color")
        assert ink == "rgb(235, 231, 222)"

    def test_nothing_is_wider_than_a_phone(self, desk: Desk, report: str, draft: str) -> None:
        """No view has to be moved sideways; texts stand one below the other."""
        for document, places in ((report, ("overview", "c1", "c1-1")), (draft, ("overview", "m1"))):
            for place in places:
                page = desk.open(document, place, viewport=PHONE)
                page.evaluate(
                    "for (const one of document.querySelectorAll('details')) one.open = 1"
                )
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                assert wide <= PHONE["width"], place
        sides = [one.bounding_box() for one in page.locator(".view:not([hidden]) .side").all()]
        assert sides[0]["y"] < sides[1]["y"]

    def test_right_to_left_texts_run_right_to_left(self, desk: Desk) -> None:
        """Each paragraph by its own letters, beside a page that runs left to right."""
        arabic = "استقال الوزير يوم الجمعة بسبب الملايين المفقودة. ولم يتوقع أحد ذلك في العاصمة."
        source = Article("s", arabic, language="ar")
        taken = Article("t", f"{arabic}\n\nThe minister resigned.", language="ar")
        document = render_alignment(dedup.align(source, taken), source, taken, "html")
        page = desk.open(document)
        found = page.evaluate(
            """[...document.querySelectorAll('.here > p:not(.facts)')].map(
              one => getComputedStyle(one).direction)"""
        )
        assert found == ["rtl", "ltr"]

    def test_print_is_a_page_to_keep(self, desk: Desk, report: str) -> None:
        """Buttons and panes are gone, both texts stand in full, hidden parts are open."""
        pypdf = pytest.importorskip("pypdf")
        page = desk.open(report, "c1-1", color_scheme="dark")
        page.emulate_media(media="print")
        assert not any(one.is_visible() for one in page.locator(".js-only, .way").all())
        height = "document.querySelector('#c1-1 .here').scrollHeight - "
        assert page.evaluate(height + "document.querySelector('#c1-1 .here').clientHeight") <= 1
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        words = unicodedata.normalize("NFKC", " ".join(s.extract_text() for s in printed.pages))
        assert 3 <= len(printed.pages) <= 9
        assert "mutual defense" in " ".join(words.split())  # the end of the source
        assert "Words in both, rarest first" in " ".join(words.split())


class TestHostileText:
    def test_it_stays_text(self, desk: Desk) -> None:
        """Nothing of what the articles say runs, in any view."""
        result = dedup.compare(hostile.articles())
        assert result.clusters
        document = render(result, "html")
        for place in ("overview", "c1", "c1-1"):
            page = desk.open(document, place)
            page.wait_for_selector(f"#{place}:not([hidden])")
            assert page.evaluate("window.hacked") is None
            assert hostile.WORDS in page.inner_text("body")
            hosts = page.evaluate("[...document.querySelectorAll('a')].map(one => one.protocol)")
            assert set(hosts) <= {"file:", "https:"}

    def test_a_megabyte_on_one_line_opens(self, desk: Desk) -> None:
        """It is cut, and the page answers."""
        articles = hostile.articles(long=True)
        document = render_alignment(dedup.align(*articles), *articles, "html")
        page = desk.open(document)
        assert "characters not shown" in page.inner_text(".here")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= DESK["width"]


def crowd(count: int) -> Result:
    """Many families of two, each of a story of its own."""
    articles, clusters = [], []
    for n in range(count):
        text = f"{n} of the farmers say that the harvest {n} was the best in years."
        pair = [Article(f"{n}-{side}", text, published=f"2025-03-{n % 28 + 1:02}") for side in "ab"]
        link = Relation(pair[0].id, pair[1].id, "rewrite", 0.5 + n / 1000, 0.1, (0.2, 0.2), 0.4,
                        0.5, (0.8, 0.8))  # fmt: skip
        ids = tuple(article.id for article in pair)
        clusters.append(Cluster(f"c{n + 1}", ids, (link,), (), (), link))
        articles += pair
    return Result(tuple(articles), tuple(clusters), (), (), {}, {}, (), {}, {})
