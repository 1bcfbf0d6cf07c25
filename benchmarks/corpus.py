"""A corpus of news of any size whose near-duplicates are known.

The texts are made of Reuters-21578: stories joined while they last, then spans of a few words
from all of them put together anew, so that no two articles share more than a sentence or two by
chance. Some are derived from another in a known way; `resemblances` gives the exact word-5
resemblance of each such pair.

Stories that repeat much of an earlier one (wire updates, tables of earnings) are left out: what
was not planted is no duplicate. The same arguments make the same corpus, on any machine. It
says nothing about rewrites, which share no five words in a row (see `benchmarks.families`).
"""

import json
import lzma
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from benchmarks.data import DATA
from dedup.sketch import shingles
from dedup.text.words import split_words

WORDS = 490  # of an article: the length of a long wire story, and of most published figures
MIN_WORDS = 60  # of a story that is used: shorter ones are mostly tables
MAX_REPEATED = 0.2  # a story is left out where this share of its shingles stood in earlier ones
SPREAD = 0.4  # lengths vary evenly by this share around the mean
SPAN = (8, 30)  # words of a span that is recombined
# No two articles share a passage by chance, as those of longer spans do in 31 pairs an article from
# 20,000 articles on (of real dispatches .4).
SHORT_SPAN = (3, 7)
SIGNATURE = re.compile(r"\s*reuter[^a-z]*$", re.IGNORECASE)
TOKEN = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles and what is known about them.

    kinds: how each text was made ("original", or a key of `KINDS`, or "identical"). groups:
    int64[n], the least index of the texts that were made from one. pairs: int64[m, 2], i < j,
    ascending: all pairs of a group, without the identical.
    """

    texts: list[str]
    kinds: list[str]
    groups: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int64]


def corpus(
    articles: int,
    length: int = WORDS,
    *,
    derived: float = 0.2,
    most: int = 1,
    identical: int = 0,
    stories: int | None = None,
    span: tuple[int, int] = SPAN,
    seed: int = 1,
) -> Corpus:
    """`articles` texts of about `length` words, in random order.

    `identical` of them are one text; a share `derived` of the others is made from originals,
    1 to `most` from each, the kinds of `KINDS` in turn. `stories` limits how much of the data
    is used (default: all), `span` is how many words of a story stay together.
    """
    chance = Random(seed)
    count = max(int((articles - identical) * derived), 0)
    sizes: list[int] = []
    while sum(sizes) < count:
        sizes.append(min(len(sizes) % most + 1, count - sum(sizes)))
    pool = _pool(stories, span)
    originals = _originals(pool, articles - identical - count + bool(identical), length, chance)
    made = [(text, "original", number) for number, text in enumerate(originals)]
    if identical:
        text, _, number = made.pop()
        made += [(text, "identical", number)] * identical
    kinds = list(KINDS)
    for number, size in enumerate(sizes):
        for _ in range(size):
            kind = kinds[len(made) % len(kinds)]
            made.append((KINDS[kind](originals[number], pool, chance), kind, number))
    chance.shuffle(made)
    return _known(made)


def resemblances(known: Corpus) -> npt.NDArray[np.float64]:
    """The exact resemblance of each planted pair: float64[m]."""
    return np.array([jaccard(known.texts[a], known.texts[b]) for a, b in known.pairs.tolist()])


def jaccard(left: str, right: str) -> float:
    """The share of the distinct word-5-shingles of two texts that both have."""
    a, b = (np.unique(shingles(split_words(text).hashes)) for text in (left, right))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(len(a) + len(b) - shared, 1)


def write(texts: Sequence[str], path: Path) -> None:
    """Write texts as JSON lines with "id" (the number of the text) and "text"."""
    with path.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(texts):
            lines.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")


def copy(text: str, pool: "Pool", chance: Random) -> str:
    """The text as it is."""
    return text


def light(text: str, pool: "Pool", chance: Random) -> str:
    """Up to 1 word in 40 replaced, deleted or preceded by a new one."""
    return _edited(text, chance.uniform(0.002, 0.025), pool, chance)


def heavy(text: str, pool: "Pool", chance: Random) -> str:
    """1 word in 40 to 1 in 8 replaced, deleted or preceded by a new one."""
    return _edited(text, chance.uniform(0.025, 0.125), pool, chance)


def truncated(text: str, pool: "Pool", chance: Random) -> str:
    """The first half of the text, or more of it."""
    tokens = TOKEN.findall(text)
    return "".join(tokens[: round(len(tokens) * chance.uniform(0.5, 0.97))])


def expanded(text: str, pool: "Pool", chance: Random) -> str:
    """A passage put in somewhere, up to two thirds as long as the text."""
    tokens = TOKEN.findall(text)
    passage = _recombined(pool, round(len(tokens) * chance.uniform(0.03, 0.67)), chance)
    place = chance.randrange(len(tokens) + 1)
    return "".join((*tokens[:place], "\n    ", passage, "\n    ", *tokens[place:]))


def typeset(text: str, pool: "Pool", chance: Random) -> str:
    """The same words with curly quotes, other dashes and other white space."""
    text = re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’").replace(" - ", " – ")
    text = re.sub(r"\s*\n {4,}", "\n\n", text)  # paragraphs
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text).replace(". ", ".  ").replace(" dlrs", "\xa0dlrs")


KINDS: dict[str, Callable[[str, "Pool", Random], str]] = {
    "copy": copy,
    "light": light,
    "heavy": heavy,
    "truncated": truncated,
    "expanded": expanded,
    "typeset": typeset,
}


@dataclass(frozen=True, slots=True)
class Pool:
    """The stories that articles are made of: their texts, all of them in one, where in that each
    word begins, and how many words are taken at a time."""

    stories: tuple[str, ...]
    whole: str
    begins: tuple[int, ...]
    span: tuple[int, int]


@cache
def _pool(most: int | None, span: tuple[int, int]) -> Pool:
    """The first `most` stories that are long enough and no repetition of earlier ones."""
    kept: list[str] = []
    familiar: set[int] = set()
    for body in _bodies():
        if most is not None and len(kept) == most:
            break
        words = split_words(body).hashes
        if len(words) < MIN_WORDS:
            continue
        own = set(shingles(words).tolist())
        if len(own & familiar) <= MAX_REPEATED * len(own):
            kept.append(body)
        familiar |= own
    whole = "\n    ".join(kept)
    return Pool(tuple(kept), whole, tuple(match.start() for match in TOKEN.finditer(whole)), span)


def _bodies() -> Iterator[str]:
    """The bodies of Reuters-21578 in order, without the agency's signature."""
    with lzma.open(DATA / "reuters21578.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield SIGNATURE.sub("", json.loads(line)["body"] or "")


def _originals(pool: Pool, count: int, length: int, chance: Random) -> list[str]:
    """Articles of stories joined, then, when all are used, of spans put together anew."""
    made: list[str] = []
    paragraphs: list[str] = []
    size, target = 0, _about(length, chance)
    for story in pool.stories:
        for paragraph in story.split("\n    "):
            if len(made) == count:
                return made
            paragraphs.append(paragraph)
            size += len(paragraph.split())
            if size >= target:
                made.append("\n    ".join(paragraphs))
                paragraphs, size, target = [], 0, _about(length, chance)
    while len(made) < count:
        made.append(_recombined(pool, _about(length, chance), chance))
    return made


def _about(length: int, chance: Random) -> int:
    return round(length * chance.uniform(1 - SPREAD, 1 + SPREAD))


def _recombined(pool: Pool, length: int, chance: Random) -> str:
    """A text of `length` words in spans from anywhere in the pool."""
    begins, whole, drawn = pool.begins, pool.whole, chance.random
    least, most = pool.span
    reach, last = most - least + 1, len(begins) - most - 1
    spans: list[str] = []
    while length > 0:
        taken = min(least + int(drawn() * reach), length)
        begin = int(drawn() * last)
        spans.append(whole[begins[begin] : begins[begin + taken]])
        length -= taken
    return "".join(spans)


def _edited(text: str, share: float, pool: Pool, chance: Random) -> str:
    """The text with that share of its words edited, one at least."""
    tokens = TOKEN.findall(text)
    for place in chance.sample(range(len(tokens)), max(round(len(tokens) * share), 1)):
        new = _recombined(pool, 1, chance)
        tokens[place] = chance.choice((new, "", new + tokens[place]))
    return "".join(tokens)


def _known(made: Sequence[tuple[str, str, int]]) -> Corpus:
    """The corpus of texts that are made, with kind and number of the original."""
    members: dict[int, list[int]] = {}
    for index, (_, _, number) in enumerate(made):
        members.setdefault(number, []).append(index)
    groups = np.array([members[number][0] for _, _, number in made], dtype=np.int64)
    pairs = sorted(
        pair
        for indices in members.values()
        if made[indices[0]][1] != "identical"
        for pair in combinations(indices, 2)
    )
    return Corpus(
        [text for text, _, _ in made],
        [kind for _, kind, _ in made],
        groups,
        np.array(pairs, dtype=np.int64).reshape(-1, 2),
    )
