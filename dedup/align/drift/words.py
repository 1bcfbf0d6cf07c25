"""One alignment of the words of a passage with those of its sources, and the edits that differ.

What differs between a copy and its source is found here to the word; what it means is graded
elsewhere (`dedup.align.drift.edits`). A figure with its unit, a clock time, is one word with its
value as the key, so that "$5m" and "€5m" differ although their letters and digits do not. Words
are aligned by the longest common runs (Ratcliff and Obershelp 1988). Where the two sides have the
same names and figures in another order, what matters is what stands around each of them: names
and figures are then aligned by their places, so that "A beat B" differs from "B beat A".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product
from typing import Literal

import regex

from dedup.align.drift.contrasts import NO_ARTICLES, Articles
from dedup.align.drift.figures import read_figure
from dedup.align.drift.pairing import once_per_sentence
from dedup.article import Span
from dedup.text import Anchor, Sentence, Text
from dedup.text.anchors import NOUN_CAPITALS, is_title_case
from dedup.text.rarity import word_rarity

SIGN = regex.compile(r"(?<![\p{L}\p{N}])[-−–](?=[$€£¥]?\d)")
CLOCK = regex.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?P<hour>\d{1,2})[.:](?P<minute>[0-5]\d)(?=\s?(?:Uhr|uur|h\b|GMT|UTC|CET|MSK))"
    r"|(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?![\d:])",
    regex.IGNORECASE,
)
# The score of a match, of a vote; a range of figures with a unit is two figures.
SCORE = regex.compile(
    r"(?<!\d[-–‑:./,])(?P<one>\d{1,3})[-–‑:](?P<other>\d{1,3})(?![-–‑:./,]?\d|[\p{L}%°$€£])"
)
# Words that differ in the middle, multiplied, beyond which nothing is aligned: a sentence of a
# thousand words is a list or a page that was not taken apart.
MAX_CELLS = 250_000
# Where every noun has a capital, a name is no more than a factor of 100 rarer in English: Hamburg,
# Keller; not Haus, Wagen.
MAX_RARER = 2.0
MAX_RARITY = 6.0  # once in ten million words; what is rarer is a compound
MAX_ACRONYM = 5  # letters


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a figure with its unit. Two are the same whose keys are equal. `place` stands
    for the key of a name ("@") and of a figure ("#") where these are aligned by their places."""

    begin: int
    end: int
    key: str
    place: str
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the passage, `first` to `after`, that stand for words of the sources. `left` and
    `right` say how many words beside it are the same; an end of the passage counts as two."""

    first: int
    after: int
    source_first: int
    source_after: int
    left: int
    right: int
    swapped: bool = False

    @property
    def replaces(self) -> bool:
        """Whether there are words on both sides."""
        return self.first < self.after and self.source_first < self.source_after


ChangeKind = Literal["inserted", "deleted", "replaced"]


@dataclass(frozen=True, slots=True)
class Change:
    """Words that differ between a passage and its sources. `span` lies in the derivative, `source`
    in the source; what was inserted or deleted has an empty span on the other side."""

    kind: ChangeKind
    span: Span
    source: Span


EDGE = 2
MAX_PHRASE = 3  # words of a name or a noun with what belongs to it, articles apart


@once_per_sentence
def list_words(sentence: Sentence, text: Text) -> tuple[Word, ...]:
    """The words of a sentence, figures in one piece."""
    content = text.article.text
    numbers = {a.begin: a for a in sentence.anchors if a.kind == "number"}
    names = [a for a in sentence.anchors if a.kind == "name"]
    nouns = text.language in NOUN_CAPITALS
    capitals = not nouns and not is_title_case(content, sentence)
    words: list[Word] = []
    passed = sentence.begin
    signs = sorted(a.begin for a in numbers.values() if not content[a.begin].isalnum())
    for n, token in enumerate(sentence.tokens):
        if token.begin < passed:
            continue
        begin = token.begin
        if signs and begin - 1 in numbers:  # "$5"
            begin -= 1
        anchor, end = numbers.get(begin), token.end
        if token.form[0].isdecimal() and (clock := CLOCK.match(content, token.begin)):
            end, key, place = clock.end(), read_clock(clock), "#"
            anchor = None
        elif (score := SCORE.match(content, token.begin)) and not has_unit(
            numbers.get(score.start("other")), text
        ):
            end, key, place = score.end(), f"{score['one']}-{score['other']}", "#"
            anchor = None
        elif anchor is not None:
            end, key, place = anchor.end, anchor.value, "#"
            if SIGN.match(content, begin - 1) and begin > sentence.begin:
                begin, key = begin - 1, "-" + key
        else:
            key, place = token.form, token.form
            if any(c.isdecimal() for c in key):
                place = "#"
            elif (
                content[begin].isupper()
                and not is_shouted(content[begin:end])
                and (
                    (capitals and n)
                    or (nouns and is_known_abroad(key, text.language))
                    or (not nouns and any(name.begin <= begin < name.end for name in names))
                )
            ):
                place = "@"
        words.append(Word(begin, end, key, place, anchor))
        passed = end
    return tuple(words)


def has_unit(anchor: Anchor | None, text: Text) -> bool:
    """Whether a number counts something that is measured."""
    figure = anchor and read_figure(anchor, text)
    return bool(figure and figure.unit)


def is_shouted(word: str) -> bool:
    """Whether a word has but capitals, and is too long for an acronym."""
    return len(word) > MAX_ACRONYM and word.isupper()


@lru_cache(maxsize=4096)
def is_known_abroad(form: str, language: str) -> bool:
    """Whether a word is about as common in English, as names are and nouns are not."""
    abroad = word_rarity(form, "en")
    return abroad < min(word_rarity(form, language) + MAX_RARER, MAX_RARITY)


def read_clock(match: "regex.Match[str]") -> str:
    """A clock time with 24 hours."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return f"{hour}:{minute:02d}"


def align_words(
    ours: Sequence[Word], theirs: Sequence[Word], articles: Articles = NO_ARTICLES
) -> list[Edit]:
    """Where two lists of words differ, left to right."""
    if swapped := find_swapped_phrases(ours, theirs, articles):
        return with_context(swapped, ours, theirs)
    edits = list(compare_keys([w.key for w in ours], [w.key for w in theirs]))
    if len(edits) > 1 and is_reordered(ours, theirs, edits):
        places = list(compare_keys([w.place for w in ours], [w.place for w in theirs]))
        return with_context(split_places(ours, theirs, places), ours, theirs)
    return with_context([(*edit, False) for edit in join_edits(edits)], ours, theirs)


def compare_keys(ours: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The ranges in which two lists differ."""
    low, shorter = 0, min(len(ours), len(theirs))
    while low < shorter and ours[low] == theirs[low]:
        low += 1
    back = 0
    while back < shorter - low and ours[-1 - back] == theirs[-1 - back]:
        back += 1
    own, other = ours[low : len(ours) - back], theirs[low : len(theirs) - back]
    if not own and not other:
        return
    if not own or not other or len(own) * len(other) > MAX_CELLS:
        yield low, low + len(own), low, low + len(other)
        return
    for tag, a, b, c, d in SequenceMatcher(None, own, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield low + a, low + b, low + c, low + d


def join_edits(edits: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """The edits, of which two are one where words were left out before a single word that is the
    same, and others put in behind it, or the other way round: "jusqu'à", "à partir de"."""
    joined: list[tuple[int, int, int, int]] = []
    for a, b, c, d in edits:
        if joined:
            first, after, source_first, source_after = joined[-1]
            deleted = first == after and c == d
            inserted = source_first == source_after and a == b
            if a - after == 1 and (deleted or inserted):
                joined[-1] = (first, b, source_first, d)
                continue
        joined.append((a, b, c, d))
    return joined


def find_swapped_phrases(
    ours: Sequence[Word], theirs: Sequence[Word], articles: Articles
) -> list[tuple[int, int, int, int, bool]]:
    """The two phrases that have each other's place, where nothing else differs but the articles
    that go with them: "der Verein verklagt die Stadt", "die Stadt verklagt den Verein". Each is a
    name, or has an article before it; none keeps one that says by its case who does what."""
    sides = [
        [i for i, word in enumerate(side) if word.key not in articles.forms]
        for side in (ours, theirs)
    ]
    own, other = ([side[i].key for i in at] for side, at in zip((ours, theirs), sides, strict=True))
    if not articles.forms or own == other or sorted(own) != sorted(other):
        return []
    low = next(n for n, (a, b) in enumerate(zip(own, other, strict=True)) if a != b)
    high = next(n for n in range(len(own), 0, -1) if own[n - 1] != other[n - 1])
    here, there = own[low:high], other[low:high]
    for x, y in product(range(1, MAX_PHRASE + 1), repeat=2):
        middle = here[x : len(here) - y]
        if not middle or [*here[-y:], *middle, *here[:x]] != there:
            continue
        edges = [
            (
                at[low - 1] + 1 if low else 0,
                at[low + first - 1] + 1,
                at[high - last - 1] + 1,
                at[high - 1] + 1,
            )
            for at, first, last in ((sides[0], x, y), (sides[1], y, x))
        ]
        (a, b, c, d), (e, f, g, h) = edges
        phrases = [ours[a:b], ours[c:d], theirs[g:h], theirs[e:f]]
        kept = [[word.key for word in phrase] for phrase in phrases]
        # The first word of a sentence has a capital anyway: the other side knows whether it is one.
        named = all(
            is_phrase(phrase, articles) or is_phrase(mate, articles)
            for phrase, mate in zip(phrases[:2], phrases[2:], strict=True)
        )
        if named and not (kept[:2] == kept[2:] and articles.cases.intersection(kept[0] + kept[1])):
            return [(a, b, e, f, True), (c, d, g, h, True)]
    return []


def is_phrase(words: Sequence[Word], articles: Articles) -> bool:
    """Whether words are names, or a noun with an article."""
    return words[0].key in articles.forms or all(word.place == "@" for word in words)


def is_reordered(
    ours: Sequence[Word], theirs: Sequence[Word], edits: Sequence[tuple[int, int, int, int]]
) -> bool:
    """Whether what differs is the same names and figures on both sides."""
    own, other = (
        sorted(words[i].key for low, high in ranges for i in range(low, high)
               if words[i].place in ("#", "@"))
        for words, ranges in ((ours, [e[:2] for e in edits]), (theirs, [e[2:] for e in edits]))
    )  # fmt: skip
    return bool(own) and own == other


def split_places(
    ours: Sequence[Word], theirs: Sequence[Word], edits: Sequence[tuple[int, int, int, int]]
) -> list[tuple[int, int, int, int, bool]]:
    """The edits, and the names and figures between them that hold each other's place."""
    found: list[tuple[int, int, int, int, bool]] = []
    i = j = 0
    for a, b, c, d in [*edits, (len(ours), len(ours), len(theirs), len(theirs))]:
        while i < a and j < c:
            if ours[i].key != theirs[j].key:
                if found and found[-1][1] == i and found[-1][3] == j and found[-1][4]:
                    found[-1] = (found[-1][0], i + 1, found[-1][2], j + 1, True)
                else:
                    found.append((i, i + 1, j, j + 1, True))
            i, j = i + 1, j + 1
        if (a, c) != (b, d):
            found.append((a, b, c, d, False))
        i, j = b, d
    return found


def with_context(
    edits: Sequence[tuple[int, int, int, int, bool]], ours: Sequence[Word], theirs: Sequence[Word]
) -> list[Edit]:
    """The edits with how much beside them is the same."""
    found = []
    ends = [(0, 0), *((b, d) for _, b, _, d, _ in edits)]
    begins = [(a, c) for a, _, c, _, _ in edits] + [(len(ours), len(theirs))]
    for n, (a, b, c, d, swapped) in enumerate(edits):
        left, right = a - ends[n][0], begins[n + 1][0] - b
        left += EDGE if n == 0 and a - ends[n][0] == a else 0
        right += EDGE if n == len(edits) - 1 else 0
        found.append(Edit(a, b, c, d, left, right, swapped))
    return found
