"""Paragraphs planted in other articles: `python -m benchmarks.partial [ARTICLES]`.

Paragraphs of 40 to 60 words, without quotation marks, of news reports (basil, WMT 2021, WMT 2008
to 2011) stand in dispatches of Reuters that tell something else, among as many more as make up
ARTICLES (20,000); in every second one two words are changed. Printed are the part of them that
`compare` shows as `partial`, and the other pairs that it shows so, whose passages both have, too,
but nobody planted; and the time without and with the search for passages.
"""

import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from unittest.mock import patch

import numpy as np

from benchmarks.data import load
from dedup import compare
from dedup.article import Article
from dedup.pipeline import Result

PLANTED, ARTICLES = 500, 20_000
WORDS = 40, 60
MIN_HOST = 120  # words
SEED = 20261130


def paragraphs() -> Iterator[tuple[str, str, str]]:
    """(article, its text, a paragraph of it): one of each article that has one."""
    reports = [
        (f"basil-{n}", "\n\n".join(" ".join(sentences) for sentences in row["body-paragraphs"]))
        for n, row in enumerate(load("basil"))
    ]
    stories: dict[str, str] = {}  # the first of each story's versions
    for row in load("wmt-news-versions"):
        lines = row["versions"].get("ref:A", ())
        if row["pair"].endswith("-en"):
            stories.setdefault(row["doc_id"], pair_lines(lines))
    reports += [(f"wmt-{id}", text) for id, text in sorted(stories.items())]
    reports += [
        (f"newstest-{row['set']}-{row['doc_id']}", pair_lines(row["sentences"]))
        for row in load("newstest")
        if row["lang"] == "en"
    ]
    for id, text in reports:
        fit = [
            p
            for p in text.split("\n\n")
            if WORDS[0] <= len(p.split()) <= WORDS[1] and not re.search('["“”«»]', p)
        ]
        if fit:
            yield id, text, fit[len(fit) // 2]


def pair_lines(lines: Sequence[str]) -> str:
    """A text of sentences, two to a paragraph."""
    return "\n\n".join(" ".join(lines[at : at + 2]) for at in range(0, len(lines), 2))


def change(paragraph: str, chance: random.Random) -> str:
    """A paragraph with two words changed."""
    words = paragraph.split()
    for place in chance.sample(range(4, len(words) - 4), 2):
        words[place] = "indeed"
    return " ".join(words)


def collection(size: int) -> tuple[list[Article], set[tuple[str, str]]]:
    """The articles, and the pairs that share a planted paragraph."""
    chance = random.Random(SEED)
    rows = [row for row in load("reuters21578") if row["body"]]
    chance.shuffle(rows)
    hosts = [row for row in rows if len(row["body"].split()) >= MIN_HOST]
    articles, pairs = [], set[tuple[str, str]]()
    for n, (id, text, paragraph) in enumerate(islice(paragraphs(), PLANTED)):
        host = hosts[n]
        lines = re.split(r"\n {2,}", host["body"])
        place = chance.randrange(1, len(lines) + 1)
        lines.insert(place, change(paragraph, chance) if n % 2 else paragraph)
        articles += [Article(id, text), Article(f"r{host['id']}", "\n\n".join(lines))]
        pairs.add((min(id, articles[-1].id), max(id, articles[-1].id)))
    used = {article.id for article in articles}
    others = (Article(f"r{row['id']}", row["body"]) for row in rows if f"r{row['id']}" not in used)
    return [*articles, *islice(others, size - len(articles))], pairs


def main(argv: Sequence[str]) -> dict[str, float]:
    """Print and return the parts found and the time."""
    articles, planted = collection(int(argv[0]) if argv else ARTICLES)

    def timed() -> tuple[Result, float]:
        begin = time.process_time()
        result = compare(articles, attributed="clusters", threads=1)
        return result, time.process_time() - begin

    none = np.empty((0, 2), dtype=np.int64)
    with patch("dedup.pipeline.compare.pairs_by_passages", lambda *_: none):
        _, without = timed()
    result, with_passages = timed()
    partial = [(pair.a, pair.b) for pair in result.related if pair.kind == "partial"]
    joined = sum(any({a, b} <= set(c.members) for c in result.clusters) for a, b in planted)
    found = sum(pair in planted for pair in partial)
    print(f"{len(articles):,} articles, {len(planted)} planted: {found} found "
          f"({found / len(planted):.3f}), "
          f"{joined} joined instead; {len(partial) - found} others shown as partial")  # fmt: skip
    print(f"{without:.1f} s without passages, {with_passages:.1f} s with them")
    return {"found": found / len(planted), "joined": joined, "others": len(partial) - found,
            "time": with_passages / without}  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
