"""The pictures of reports in docs/, taken anew: `python -m benchmarks.screenshots`.

Reports on seeds/, checks one of them as a draft, opens the pages in a headless Chromium and
writes what an editor sees to docs/pictures/, in as few colours as look the same. Needs
Playwright for Python and Debian's chromium, pngquant and poppler-utils. It measures nothing;
what it shows has to be looked at. `made-from.txt` keeps the digest of the templates, the style
sheet and the script that the pictures show; a test refuses pictures of others.
"""

import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import dedup
from benchmarks.data import ROOT
from benchmarks.report import CHROMIUM, FLAGS
from dedup.report import render, render_verdict
from dedup.report.pictures import draw, png

PICTURES = ROOT / "docs" / "pictures"
DESK = {"width": 1200, "height": 800}
PHONE = {"width": 390, "height": 780}


def main() -> int:
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    articles = sorted(dedup.read([str(ROOT / "seeds")]), key=lambda article: article.id)
    verdict = dedup.check(articles[1], [*articles[:1], *articles[2:]])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        report, draft = Path(folder) / "report.html", Path(folder) / "draft.html"
        result = dedup.compare(articles)
        report.write_text(render(result, "html"), "utf-8")
        (PICTURES / "tree.png").write_bytes(png(draw(result)))
        draft.write_text(render_verdict(verdict, "html"), "utf-8")
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def shot(name: str, file: Path, place: str, matches: int = 0, **known: Any) -> None:
            page = browser.new_page(**{"viewport": DESK, "reduced_motion": "reduce", **known})
            page.goto(f"{file.as_uri()}#{place}")
            page.wait_for_selector(f"#{place}:not([hidden])")
            for _ in range(matches):
                page.click(f"#{place} [data-do=next]")
            if matches and "viewport" not in known:  # with the shares above the texts
                page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()

        shot("overview", report, "overview")
        shot("cluster", report, "c1")
        shot("comparison", report, "c1-2", matches=2)
        shot("comparison-dark", report, "c1-2", matches=7, color_scheme="dark")
        shot("comparison-phone", report, "c1-2", matches=1, viewport=PHONE)
        shot("draft", draft, "overview")
        page = browser.new_page()
        page.goto(f"{report.as_uri()}#c1-2")
        page.wait_for_selector("#c1-2:not([hidden])")
        page.pdf(path=f"{folder}/page.pdf", format="A4")
        browser.close()
        command = ["pdftoppm", "-r", "80", "-f", "1", "-singlefile", "-png"]
        subprocess.run([*command, f"{folder}/page.pdf", str(PICTURES / "print")], check=True)
    for picture in sorted(PICTURES.glob("*.png")):
        subprocess.run(
            ["pngquant", "--force", "--strip", "--ext", ".png", "64", picture], check=True
        )
        print(f"{picture.stat().st_size / 1000:6.0f} kB  {picture.relative_to(ROOT)}")
    (PICTURES / "made-from.txt").write_text(f"{digest_of_pages()}\n", "utf-8")
    return 0


def digest_of_pages() -> str:
    """A digest of everything that pages are made of, apart from what they say."""
    room = ROOT / "dedup" / "report" / "html"
    parts = sorted([*room.glob("templates/*.html"), room / "style.css", room / "report.js"])
    return sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
