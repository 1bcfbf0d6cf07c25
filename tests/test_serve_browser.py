"""The pages of a server in a real browser: a draft is pasted, and the answer is read.

Every page must end without a word on the console and without a request that leaves this machine.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import MARKS, PHONE, Windows
from hostile import BREAKOUT, CODE
from serving import OTHER, RETOLD, WIRE, Running

pytestmark = MARKS
NEWS = "Harbour News"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browsed")
    running = Running(str(folder / "news.dedup"), "--data", str(folder / "data"), "--ours", NEWS)
    with running.client() as client:
        for id, text, outlet in (
            ("wire", WIRE, NEWS), ("post", RETOLD, "City Post"),
            ("enemy", f"{CODE} {BREAKOUT} {OTHER}", f"Echo {BREAKOUT}"),
        ):  # fmt: skip
            article = {"id": id, "text": text, "publisher": outlet, "published": "2025-03-28"}
            assert client.post("/api/v1/articles", json=article).status_code == 201
    yield running.address
    running.stop()


class Newsroom(Windows):
    """Opens pages of the server, which ask for nothing elsewhere."""

    def __init__(self, browser: Any, address: str) -> None:
        super().__init__(browser)
        self._address = address

    def open(self, path: str = "/", **known: Any) -> Any:
        """A page of the server."""
        own = (self._address, "data:", "blob:")
        page = self.show(f"{self._address}{path}", lambda url: url.startswith(own),
                         base_url=self._address, **known)  # fmt: skip
        page.set_default_timeout(20_000)
        return page


@pytest.fixture
def newsroom(browser: Any, address: str) -> Iterator[Newsroom]:
    room = Newsroom(browser, address)
    yield room
    room.close()


def check(page: Any, text: str) -> None:
    """Paste a draft and send it, and wait for the answer."""
    page.get_by_label("Text of the draft").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".view.draft")


def test_from_paste_to_is_it_credited(newsroom: Newsroom) -> None:
    """The cursor stands in the field; one click, and the first sentence says it all. The texts
    open side by side, and n, p and c move through them."""
    page = newsroom.open()
    page.keyboard.insert_text(RETOLD.replace(", Harbour News reported", ""))
    page.keyboard.press("Control+Enter")
    verdict = page.locator("p.verdict").first.inner_text()
    assert "retell the City Post piece" in verdict
    assert "it is not credited" in verdict
    page.get_by_role("link", name="Compare the texts").first.click()
    page.wait_for_selector(".view.comparison:not([hidden])")
    for key, expected in (("n", "Match 1 of"), ("n", "Match 2 of"), ("p", "Match 1 of")):
        page.keyboard.press(key)
        assert page.locator(".view:not([hidden]) .position").inner_text().startswith(expected)
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as one file").click()
    assert "is not credited" in Path(download.value.path()).read_text("utf-8")


def test_a_file_is_dropped_on_the_page(newsroom: Newsroom) -> None:
    """And is checked at once."""
    page = newsroom.open()
    transfer = page.evaluate_handle(
        "text => { const all = new DataTransfer();"
        " all.items.add(new File([text], 'draft.txt', {type: 'text/plain'})); return all; }",
        RETOLD,
    )
    page.dispatch_event("#text", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".view.draft")
    assert "retell the City Post piece" in page.locator("p.verdict").first.inner_text()


def test_the_archive_is_searched_and_an_article_opened(newsroom: Newsroom) -> None:
    """Its cluster and its tree stand beside it; the texts of enemies are texts."""
    page = newsroom.open("/archive/enemy")
    assert page.evaluate("window.hacked") is None
    page.goto("/archive")
    for _ in range(300):
        page.get_by_label("Words").fill("pillars")
        page.get_by_role("button", name="Search").click()
        if page.locator(".hits h3").count() == 2:
            break
    page.locator(".hits h3 a").last.click()
    for _ in range(300):
        if page.get_by_text("Its cluster").count() and page.locator("figure.tree svg").count():
            break
        page.reload()
    page.get_by_role("heading", name="Its cluster").get_by_role("link").click()
    page.wait_for_selector(".view.cluster:not([hidden])")
    page.goto("/clusters")
    assert page.locator(".card").count() == 1
    assert page.locator("table.matrix").count() == 1


def test_two_texts_are_compared_on_a_phone(newsroom: Newsroom) -> None:
    """Nothing has to be scrolled sideways."""
    page = newsroom.open("/compare", viewport=PHONE)
    page.get_by_label("Text").first.fill(WIRE)
    page.get_by_label("Text").last.fill(RETOLD)
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector(".view.comparison")
    for path in ("/", "/archive", "/clusters", "/compare"):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        page.goto(path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_pages(newsroom: Newsroom, scheme: str) -> None:
    """axe finds nothing serious on any of them, light or dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = newsroom.open(color_scheme=scheme)
    check(page, RETOLD)
    result = page.url
    for path in (result, "/", "/archive", "/archive/wire", "/clusters", "/compare", "/results/x"):
        answer = page.goto(path)
        assert answer
        found = [
            (one["id"], [node["target"] for node in one["nodes"]])
            for one in axe.Axe().run(page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not found, (path, found)
    newsroom.wrong = [said for said in newsroom.wrong if "410" not in said]


def test_a_result_prints_without_the_forms(newsroom: Newsroom) -> None:
    """On paper there is the verdict, and nothing to click."""
    page = newsroom.open()
    check(page, RETOLD)
    page.emulate_media(media="print")
    assert page.locator("p.verdict").first.is_visible()
    assert not page.locator(".masthead nav").is_visible()
    assert not page.get_by_role("link", name="Download as one file").is_visible()
    assert len(page.pdf()) > 10_000


def test_it_works_without_scripts(newsroom: Newsroom) -> None:
    """Forms are forms."""
    page = newsroom.open(java_script_enabled=False)
    check(page, RETOLD)
    assert "retell the City Post piece" in page.locator("p.verdict").first.inner_text()
