"""The report an editor opens, at size: `python -m benchmarks.report [-n 1000] [-n 10000]`.

Compares articles of 490 words, half of them in clusters of two to six, writes the HTML report
and opens it in a headless Chromium: bytes of the file, seconds to write it, milliseconds from
the click to the overview on the screen, to a cluster and to a comparison; and the longest time
for which the page answered nothing (a "long task") while it opened and while it was scrolled
from top to bottom, in each of the three. Needs Playwright for Python and Debian's chromium.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dedup
from benchmarks import data
from benchmarks.corpus import corpus
from dedup.article import Article
from dedup.report import render

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WATCH = """
window.tasks = [];
new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(one => one.duration)))
  .observe({type: "longtask", buffered: true});
"""
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# 60 steps of a screen's height at most, one for each frame, as a reader's wheel does it.
SCROLL = """
async () => {
  const step = Math.max(innerHeight, document.documentElement.scrollHeight / 60);
  for (let top = 0; top < document.documentElement.scrollHeight; top += step) {
    scrollTo(0, top);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  scrollTo(0, 0);
}
"""
LONGEST = "() => { const most = Math.max(0, ...window.tasks); window.tasks = []; return most; }"


def articles(count: int) -> list[Article]:
    """Articles of about 490 words, half of them made from others, by twelve outlets."""
    made = corpus(count, derived=0.4, most=5)
    found = []
    for n, text in enumerate(made.texts):
        day, minute = n % 28 + 1, n % 1440
        when = f"2025-03-{day:02}T{minute // 60:02}:{minute % 60:02}:00+00:00"
        found.append(Article(f"a{n}", text, publisher=f"Outlet {n % 12}", published=when))
    return found


def opened(page: Any, address: str) -> tuple[float, float]:
    """Milliseconds until an address is on the screen, and the longest task meanwhile."""
    begin = time.perf_counter()
    page.goto(address, wait_until="load")
    page.evaluate(PAINTED)
    return 1000 * (time.perf_counter() - begin), page.evaluate(LONGEST)


def gone_to(page: Any, view: str) -> tuple[float, float]:
    """The same for another view of the open page."""
    begin = time.perf_counter()
    page.evaluate("view => { location.hash = view }", view)
    page.wait_for_selector(f"#{view}:not([hidden]) h2")
    page.evaluate(PAINTED)
    return 1000 * (time.perf_counter() - begin), page.evaluate(LONGEST)


def scrolled(page: Any) -> float:
    """The longest task while the page is scrolled through."""
    page.evaluate(SCROLL)
    longest: float = page.evaluate(LONGEST)
    return longest


def measure(count: int, file: Path) -> None:
    """One row of the table."""
    from playwright.sync_api import sync_playwright

    result = dedup.compare(articles(count))
    begin = time.perf_counter()
    html = render(result, "html")
    seconds = time.perf_counter() - begin
    file.write_text(html, "utf-8")
    members = sum(len(cluster.members) for cluster in result.clusters)
    print(
        f"\n{count:,} articles, {len(result.clusters):,} clusters of {members:,}, "
        f"{sum(len(c.alignments) for c in result.clusters):,} comparisons: "
        f"{file.stat().st_size / 1e6:.2f} MB, written in {seconds:.1f} s"
    )
    print(f"{'':12}{'open ms':>10}{'longest task':>14}{'… scrolling':>14}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.add_init_script(WATCH)
        opened(page, file.as_uri())  # the first start of a browser is not the page's
        _row("overview", *opened(page, file.as_uri()), scrolled(page))
        _row("cluster", *gone_to(page, "c1"), scrolled(page))
        _row("comparison", *gone_to(page, "c1-1"), scrolled(page))
        browser.close()


def _row(name: str, milliseconds: float, longest: float, scrolling: float) -> None:
    print(f"{name:12}{milliseconds:10.0f}{longest:14.0f}{scrolling:14.0f}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report")
    parser.add_argument("-n", type=int, action="append", help="articles (1,000 and 10,000)")
    parser.add_argument("--keep", type=Path, help="folder that the reports stay in")
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    if not Path(CHROMIUM).exists():
        print(f"no {CHROMIUM}: apt-get install chromium")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for count in options.n or [1_000, 10_000]:
            measure(count, (options.keep or Path(folder)) / f"report-{count}.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
