"""The site that `make docs` builds: without warnings, whole, valid, asking nobody for anything."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

import dedup

pytest.importorskip("furo", reason="the extra docs is not installed")

import html5lib
from browsing import MARKS, Windows

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SMALL_PHONE = {"width": 390, "height": 780}
ASKED = re.compile(
    r"""<(?:link|script|img|iframe|source|video|audio|object)\b[^>]*\b(?:src|href|data)="([^"]*)"""
    r"""|url\(["']?([^)"']*)|@import\s+["']([^"']*)""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it: what Sphinx warns of is an error."""
    folder = tmp_path_factory.mktemp("site")
    (options,) = re.findall(r"-m sphinx (.*) docs ", (ROOT / "Makefile").read_text("utf-8"))
    command = [sys.executable, "-m", "sphinx", *options.split(), "docs", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert "-W" in command
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """Every page of the site by its name."""
    return {str(path.relative_to(site)): path.read_text("utf-8") for path in site.rglob("*.html")}


def guides(pages: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Pages for readers: all but the notes on decisions, which are plain text."""
    return ((name, page) for name, page in pages.items() if not name.startswith("decisions/0"))


def test_every_page_of_the_docs_is_on_the_site(pages: dict[str, str]) -> None:
    """Each Markdown file is a page, and each stands in the navigation of the first page or in the
    list of decisions."""
    files = {str(path.relative_to(DOCS).with_suffix(".html")) for path in DOCS.rglob("*.md")}
    assert files <= pages.keys()
    listed = set(re.findall(r'href="([^"#]*\.html)', pages["index.html"]))
    listed |= {
        f"decisions/{name}"
        for name in re.findall(r'href="([^"#/]*\.html)', pages["decisions/README.html"])
    }
    assert files - {"index.html"} <= listed


def test_no_link_is_dead(site: Path, pages: dict[str, str]) -> None:
    """Files that links name are there, and so are the places in them."""
    places = {name: set(re.findall(r'\bid="([^"]+)"', page)) | {""} for name, page in pages.items()}
    dead = []
    for name, page in pages.items():
        for link in re.findall(r'<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"]+)"', page):
            path, place = urldefrag(unquote(link))
            path = path.partition("?")[0]
            if re.match(r"[a-z]+:", path):
                continue
            there = ((site / name).parent / path).resolve() if path else site / name
            own = str(there.relative_to(site.resolve())) if path else name
            if not there.exists() or (own in places and place not in places[own]):
                dead.append(f"{name}: {link}")
    assert not dead


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_no_link_of_a_file_of_the_project_is_dead(path: Path) -> None:
    """The README and the files beside it lead to files that are there."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)", text)
    dead = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not dead


def test_the_pages_ask_nobody_for_anything(site: Path) -> None:
    """No font, script, style or picture comes from elsewhere."""
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        for found in ASKED.finditer(path.read_text("utf-8")):
            address = next(filter(None, found.groups()), "")
            assert not re.match(r"(?!data:)[a-z]+:|//", address), f"{path.name}: {address}"


def test_the_pages_are_valid_html(pages: dict[str, str]) -> None:
    """A strict parser finds nothing, and every picture says what it shows."""
    for name, page in guides(pages):
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
        assert all(image.get("alt") for image in tree.iter("img")), name


def test_every_public_name_is_in_the_reference(pages: dict[str, str]) -> None:
    """What `import dedup` offers has its place on the page of the library."""
    ids = set(re.findall(r'\bid="([^"]+)"', pages["reference/library.html"]))
    documented = {name.rpartition(".")[2] for name in ids if name.startswith("dedup.")}
    assert set(dedup.__all__) <= documented


def test_every_command_and_its_options_are_in_the_reference(pages: dict[str, str]) -> None:
    """The page is made from the commands, and leaves none out."""
    from typer.main import get_command

    from dedup.cli import app

    page = pages["reference/commands.html"]
    left: list[tuple[str, Any]] = [("dedup", get_command(app))]
    for path, command in left:
        assert f">{path}<" in page
        options = [name for each in command.params if not each.hidden for name in each.opts]
        assert all(name in page for name in options if name.startswith("-"))
        left += [
            (f"{path} {name}", each) for name, each in getattr(command, "commands", {}).items()
        ]
    assert len(left) > 10


@pytest.fixture
def windows(browser: Any) -> Iterator[Windows]:
    made = Windows(browser)
    yield made
    made.close()


def on_disk(url: str) -> bool:
    return url.startswith(("file:", "data:"))


class TestInABrowser:
    pytestmark = MARKS

    def test_the_search_works_from_the_disk(self, site: Path, windows: Windows) -> None:
        """A word typed into the box finds the page that is about it, without a server."""
        page = windows.show((site / "index.html").as_uri(), on_disk)
        page.fill("input[name=q]", "systemd")
        page.press("input[name=q]", "Enter")
        page.wait_for_selector("#search-results li a")
        assert page.locator("#search-results li a").first.inner_text() == "The page in the newsroom"
        page.locator("#search-results li a").first.click()
        page.wait_for_selector("h1")
        assert page.url.partition("#")[0].partition("?")[0] == (site / "serve.html").as_uri()

    def test_every_page_can_be_read_on_a_phone(self, site: Path, windows: Windows) -> None:
        """At 390 px no page is wider than the screen; wide tables and code scroll by themselves."""
        for scheme in ("light", "dark"):
            page = windows.show(
                (site / "index.html").as_uri(), on_disk, viewport=SMALL_PHONE, color_scheme=scheme
            )
            for path in [*site.glob("*.html"), *site.glob("reference/*.html")]:
                if scheme == "light" or path.name == "concepts.html":
                    page.goto(path.as_uri())
                    width = page.evaluate("document.documentElement.scrollWidth")
                    assert width <= SMALL_PHONE["width"], path.name

    def test_everybody_can_read_the_pages(self, site: Path, windows: Windows) -> None:
        """axe finds nothing serious: contrast, names, headings, what a keyboard cannot reach."""
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        options = {"preload": False}  # of style sheets, which no page of a disk may ask for
        for name, scheme in (("concepts", "dark"), ("quickstart", "light"), ("serve", "dark")):
            page = windows.show((site / f"{name}.html").as_uri(), on_disk, color_scheme=scheme)
            found = axe.run(page, options=options).response["violations"]
            assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
