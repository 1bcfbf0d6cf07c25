"""Boilerplate that no wording gives away: text that unrelated articles of a collection share.

A piece (a line or a sentence) that stands word for word in several articles was copied from one
to the other where these articles are alike in other words too. Where the rest of them, titles
included, has nothing in common, and does not speak of what the piece speaks of, a site prints the
piece under all its stories. That the rest is a story, and not what another site prints under a
copy, its title shows, or that it is longer than the piece or comes before it. Three such articles
prove it, or two of one site; two of unknown sites do not, and there only the wording counts
(`dedup.text.boilerplate`).

Pieces pass as hashes in columns: the work is linear in the text, and for each set of articles that
share pieces a few of them, chosen by their content, are looked at. An index compares an article
with others one by one, so it has only the wording.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.article import Article, Span
from dedup.attribution.outlets import host_of
from dedup.pipeline.pieces import Pieces, split_pieces
from dedup.pipeline.vocabulary import Numbers, Vocabulary
from dedup.text.headlines import headline_words
from dedup.text.words import Hashes, Integers, split_words

FULL_STOP = re.compile(r"[.!?…。！？।][\"'”’»)\]]*\s*\Z")
MAX_GAP = 60  # characters of short pieces between two of boilerplate: "Sign in."
MAX_COMPARED = 12  # articles that are looked at for each set
MIN_REST = 3  # words that must be left of an article for the rest to say what it is about
# The cosine of the words of two rests, and of a rest and the piece, each weighted by its rarity:
# of pairs of basil on different events 95 in 100 stay below .152, of those on one event 1 in 100
# stays below .24.
MAX_UNRELATED = 0.15
MIN_UNRELATED_PAIRS = 0.5
MIN_STORIES, MIN_STORIES_OF_SITE = 3, 2
# The part of a piece's words, weighted by rarity, that recur in the rest of the article: a
# sentence of the story has its names there.
MAX_AT_HOME = 0.3
MIN_SENTENCE = 8  # words; a line of navigation has fewer, or no full stop
# Different words of boilerplate that may be all of an article: a teaser. What is longer and
# stands alone somewhere is a story.
MAX_TEASER = 50
# Articles whose words are kept, 6 KB each. Where many sets of articles share pieces, each article
# is asked for again and again, and to read it takes .6 ms.
MAX_CACHED = 20_000
NEARLY = 1 - 1e-9  # of a limit: sums of the same numbers differ by less


class PieceWords(NamedTuple):
    """The words of an article: of piece `hashes[n]` (ascending) those from `starts[n]` on, each
    once; and those of its title, its site and language.

    `own` are the words of its title and of the pieces that no other article has, and `weight` is
    theirs; `opens` is whether it begins with sentences of its own.
    """

    hashes: Hashes
    starts: Integers
    words: Numbers
    title: Numbers
    site: str
    language: str
    own: Numbers
    weight: float
    opens: bool

    def words_of(self, chosen: npt.NDArray[np.bool_]) -> Numbers:
        """The words of these pieces, as often as they stand in different ones."""
        return self.words[np.repeat(chosen, np.diff(self.starts))]


def find_shared_boilerplate(
    pieces: Pieces, order: Sequence[int], load: Callable[[int], tuple[Article, str]]
) -> dict[int, tuple[Span, ...]]:
    """The stretches of boilerplate in each article that has any, in order.

    `load(n)` gives the article that was the n-th to be added, and its language; `order` are
    these numbers in an order that does not depend on that of adding.
    """
    vocabulary = Vocabulary()

    @lru_cache(MAX_CACHED)
    def words_of(n: int) -> PieceWords:
        return read_words(*load(n), pieces.of(n), widespread, vocabulary)

    @cache
    def site(n: int) -> str:
        return site_of(load(n)[0])

    contents, rank = pieces.contents(), np.argsort(order)
    found: defaultdict[int, set[int]] = defaultdict(set)
    sets = list(pieces.shared())
    widespread = np.array(sorted({hash for _, shared in sets for hash in shared}), np.uint64)
    for members, shared in sets:
        if len(members) < MIN_STORIES and not is_one_site(map(site, members.tolist())):
            continue
        members = members[np.argsort(rank[members])]
        sample = [words_of(n) for n in choose_sample(members, contents)]
        if is_boilerplate(sample, np.array(sorted(shared), np.uint64), vocabulary):
            for n in members.tolist():
                found[n] |= shared
    return {
        n: find_spans(load(n)[0].text, pieces.of(n).tolist(), hashes)
        for n, hashes in sorted(found.items())
    }


def choose_sample(members: Integers, contents: Hashes) -> list[int]:
    """At most `MAX_COMPARED` of the articles, those with different contents first."""
    firsts: dict[int, int] = {}
    others = []
    for n, content in zip(members.tolist(), contents[members].tolist(), strict=True):
        if firsts.setdefault(content, n) != n:
            others.append(n)
    return [*map(firsts.__getitem__, sorted(firsts)), *others][:MAX_COMPARED]


def is_one_site(sites: Iterable[str]) -> bool:
    """Whether all of these are one known site."""
    return len(distinct := set(sites)) == 1 and "" not in distinct


def site_of(article: Article) -> str:
    """The outlet of an article, else the host of its address; empty if unknown."""
    if article.publisher:
        return " ".join(article.publisher.casefold().split())
    return host_of(article.url or "")


def read_words(
    article: Article, language: str, hashes: Hashes, widespread: Hashes, vocabulary: Vocabulary
) -> PieceWords:
    """The words of an article, piece by piece; `hashes` are those of its pieces, and `widespread`
    (ascending) pieces stand in others, too."""
    words, spans = split_words(article.text), split_pieces(article.text)
    edges = np.array([(span.begin, span.end) for span in spans], dtype=np.int64).reshape(-1, 2)
    bounds = np.searchsorted(words.begins, edges)
    is_own = ~are_among(hashes, widespread)
    opening = int(np.argmin(is_own)) if not is_own.all() else len(spans)
    opens = any(
        high - low >= MIN_SENTENCE and FULL_STOP.search(article.text, *edges[n].tolist())
        for n, (low, high) in enumerate(bounds[:opening].tolist())
    )
    distinct, place = np.unique(hashes, return_inverse=True)
    piece = np.searchsorted(edges[:, 0], words.begins, side="right") - 1  # of each word
    inside = (piece >= 0) & (words.begins < edges[piece, 1])
    keys = np.unique(place[piece[inside]] << 32 | vocabulary.number(words.forms())[inside])
    numbers = (keys & 0xFFFFFFFF).astype(np.int32)
    starts = np.searchsorted(keys >> 32, np.arange(len(distinct) + 1))
    title = np.unique(vocabulary.number(sorted(headline_words(article.title))))
    known = PieceWords(
        distinct, starts, numbers, title, site_of(article), language, title, 0.0, bool(opens)
    )
    own = np.unique(np.append(title, known.words_of(~are_among(distinct, widespread))))
    return known._replace(own=own, weight=vocabulary.weigh(own, language))


def are_among(hashes: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Which of the hashes are known; `known` ascend."""
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.asarray(known[places] == hashes)


def is_boilerplate(sample: Sequence[PieceWords], shared: Hashes, vocabulary: Vocabulary) -> bool:
    """Whether the articles of a sample, which share pieces, have nothing else in common.

    Of the rest of an article only what stands in no other counts as its story: a report that
    three sites print in their frames is to each frame what the frame is to the reports in it.
    """
    piece = np.unique(sample[0].words_of(are_among(sample[0].hashes, shared)))
    told = [
        article
        for article in sample
        if len(article.own) >= MIN_REST
        and (len(article.title) >= MIN_REST or len(article.own) >= len(piece) or article.opens)
    ]
    enough = MIN_STORIES_OF_SITE if is_one_site(article.site for article in told) else MIN_STORIES
    if len(told) < enough:
        return False
    unrelated = {
        (i, j)
        for i, j in combinations(range(len(told)), 2)
        if are_unrelated(told[i], told[j], vocabulary)
    }
    if 2 * len(unrelated) < MIN_UNRELATED_PAIRS * len(told) * (len(told) - 1):
        return False
    stories: list[int] = []  # articles that are unrelated to one another
    for i in range(len(told)):
        if all((j, i) in unrelated for j in stories):
            stories.append(i)
    if len(stories) < enough:
        return False
    hashes, counts = np.unique(
        np.concatenate([article.hashes for article in sample]), return_counts=True
    )
    common = np.union1d(hashes[counts >= max(2, len(sample) / 2)], shared)
    for article in sample:
        rest = np.append(article.title, article.words_of(~are_among(article.hashes, common)))
        if len(piece) > MAX_TEASER and len(np.unique(rest)) < MIN_REST:
            return False
        language = article.language
        if is_at_home(piece, rest, language, vocabulary, article.weight) or is_at_home(
            article.title, piece, language, vocabulary
        ):
            return False
    return True


def is_at_home(
    piece: Numbers, rest: Numbers, language: str, vocabulary: Vocabulary, least: float = 0.0
) -> bool:
    """Whether the rest of an article speaks of what the piece speaks of. Its words weigh `least` or
    more: most often that is enough to know that they are about something else."""
    recurring = vocabulary.shared(rest, piece)
    if not len(recurring):
        return False
    whole = vocabulary.sum_rarities(piece, language)
    if vocabulary.sum_rarities(recurring, language) > MAX_AT_HOME * whole:
        return True
    shared, whole = vocabulary.weigh(recurring, language), vocabulary.weigh(piece, language)
    if compare_weights(shared, whole, least) < NEARLY * MAX_UNRELATED and least:
        return False
    weight = vocabulary.weigh(np.unique(rest), language)
    return compare_weights(shared, whole, weight) >= MAX_UNRELATED


def are_unrelated(one: PieceWords, other: PieceWords, vocabulary: Vocabulary) -> bool:
    """Whether what two articles have for themselves hardly has a rare word in common."""
    language = one.language
    weight = other.weight
    if other.language != language:
        weight = vocabulary.weigh(other.own, language)
    shared = vocabulary.weigh(vocabulary.shared(one.own, other.own), language)
    return compare_weights(shared, one.weight, weight) < MAX_UNRELATED


def find_spans(text: str, hashes: Sequence[int], chosen: set[int]) -> tuple[Span, ...]:
    """The stretches of a text whose pieces, with these hashes, are chosen, joined over the short
    ones between them."""
    spans: list[Span] = []
    goes_on = False  # whether the piece before is boilerplate too
    for hash, span in zip(hashes, split_pieces(text), strict=True):
        if hash in chosen:
            if goes_on and span.begin - spans[-1].end <= MAX_GAP:
                span = Span(spans.pop().begin, span.end)
            spans.append(span)
        goes_on = hash in chosen
    return tuple(spans)


def without(text: str, spans: Sequence[Span]) -> str:
    """The text without these stretches."""
    ends = [0, *(span.end for span in spans)]
    begins = [*(span.begin for span in spans), len(text)]
    return "\n".join(text[a:b] for a, b in zip(ends, begins, strict=True))


def compare_weights(shared: float, one: float, other: float) -> float:
    """The cosine of two sets that weigh so much, and have so much in common."""
    whole = one * other
    return shared / whole**0.5 if whole else 0.0
