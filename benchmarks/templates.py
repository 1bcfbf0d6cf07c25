"""Made negatives: real texts that look as if they shared a source text and do not.

`other_case` keeps the wording of a real text and replaces its names and figures, as next
week's market report, another obituary and another match report do. `later_report` puts the
background paragraphs of one article under another newsroom's news of the same event, as the
next day's story does. Both are drawn by a fixed chance from texts of the open sets.
"""

import random
import re
from collections.abc import Iterator, Sequence

from benchmarks.data import load
from dedup.article import Article
from dedup.text import Anchor, prepare

KEPT = 0.15  # of the names and figures: a date, a city, a league stay the same
BACKGROUND = (0.15, 0.3)  # of an article's paragraphs that the next day's story repeats
NEWS = 0.7  # of the other newsroom's paragraphs that stand above them


def other_case(
    text: str,
    pool: Sequence[str],
    chance: random.Random,
    kept: float = KEPT,
    language: str = "en",
) -> str:
    """`text` with other names, from `pool`, and other figures; the same stays the same.

    >>> other_case("Ajax won 3-1 in Breda.", ["Feyenoord"], random.Random(1), kept=0)
    'Feyenoord won 9-9 in Feyenoord.'
    """
    anchors = [
        a for s in prepare(Article("sentence", text, language=language)).prose for a in s.anchors
    ]
    replaced: dict[str, str] = {}
    pieces, at = [], 0
    for anchor in sorted(anchors, key=lambda anchor: anchor.begin):
        if anchor.begin < at:
            continue
        told = text[anchor.begin : anchor.end]
        if anchor.value not in replaced:
            new = told if chance.random() < kept else _other(anchor, told, pool, chance)
            replaced[anchor.value] = new
        pieces += [text[at : anchor.begin], replaced[anchor.value]]
        at = anchor.end
    return "".join((*pieces, text[at:]))


def _other(anchor: Anchor, told: str, pool: Sequence[str], chance: random.Random) -> str:
    if anchor.kind == "name":
        return chance.choice(pool)
    return re.sub(r"\d", lambda digit: _digit(digit.group(), chance), told)


def _digit(digit: str, chance: random.Random) -> str:
    return str(chance.choice([n for n in range(1, 10) if str(n) != digit]))


def names(texts: Sequence[str]) -> list[str]:
    """The names that stand in `texts`, as they are written, in their order."""
    found: dict[str, None] = {}
    for text in texts:
        for sentence in prepare(Article("sentence", text, language="en")).prose:
            for anchor in sentence.anchors:
                if anchor.kind == "name":
                    found.setdefault(text[anchor.begin : anchor.end])
    return list(found)


def later_report(news: Sequence[str], before: Sequence[str], chance: random.Random) -> str:
    """The first paragraphs of `news`, and the background paragraphs that end `before`."""
    own = max(round(NEWS * len(news)), 1)
    shared = max(round(chance.uniform(*BACKGROUND) * len(before)), 1)
    return "\n".join((*news[:own], *before[-shared:]))


def cases() -> Iterator[tuple[str, str, str]]:
    """(story, real text, the same wording of another case): Reuters dispatches and WMT news."""
    rows = [row for row in load("reuters21578") if 200 < len(row["body"] or "") < 3_000]
    texts = [(f"reuters/{row['id']}", row["body"]) for row in rows[::60]]
    for row in load("wmt-news-versions"):
        references = [name for name in row["versions"] if name.startswith("ref")]
        if row["pair"].endswith("-en") and references:
            texts.append((row["doc_id"], "\n".join(row["versions"][references[0]])))
    pool = names([text for _, text in texts[::9]])
    for story, text in texts:
        yield story, text, other_case(text, pool, random.Random(story))


def later_reports() -> Iterator[tuple[str, str, str]]:
    """(story, article, the next day's story of another newsroom with its background): basil."""
    stories: dict[str, list[list[str]]] = {}
    for row in load("basil"):
        stories.setdefault(row["triplet"], []).append(
            [" ".join(lines) for lines in row["body-paragraphs"]]
        )
    for story, articles in stories.items():
        for i, before in enumerate(articles):
            for j, news in enumerate(articles):
                if i != j:
                    chance = random.Random(f"{story}/{i}/{j}")
                    yield story, "\n".join(before), later_report(news, before, chance)
