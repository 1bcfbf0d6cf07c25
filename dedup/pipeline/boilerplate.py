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
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import combinations, takewhile
from sys import intern
from typing import NamedTuple

import numpy as np

from dedup.article import Article, Span
from dedup.attribution.outlets import host_of
from dedup.candidates.near import repeated
from dedup.text.headlines import headline_words
from dedup.text.rarity import word_rarity
from dedup.text.words import Hashes, Integers, mix, split_words

# Where a piece ends: at the end of a line, and of a sentence.
PIECE_END = re.compile(r"\s*[\n\r\u2028\u2029]\s*|(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？।])\s*")
FULL_STOP = re.compile(r"[.!?…。！？।][\"'”’»)\]]*\s*\Z")
MIN_PIECE = 20  # bytes; "He declined." stands in many stories, and says nothing in any
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
# Articles whose words are kept, 21 KB each. Where many sets of articles share pieces, each article
# is asked for again and again, and to read it takes .6 ms.
MAX_CACHED = 14_000
NEARLY = 1 - 1e-9  # of a limit: sums of the same numbers differ by less
MIN_RARITY = 1.0  # of a word that says something: "after", "over", "says" are commoner


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of many articles, as hashes: of article `n` those from `starts[n]` on."""

    hashes: Hashes
    starts: Integers

    def shared(self) -> Iterator[tuple[Integers, set[int]]]:
        """Each set of two articles or more (ascending) that share pieces no others have, and
        these pieces."""
        places = repeated(self.hashes)
        hashes = np.asarray(self.hashes)[places]
        articles = np.searchsorted(self.starts, places, side="right") - 1
        order = np.lexsort((articles, hashes))
        hashes, articles = hashes[order], articles[order]
        fresh = np.ones(len(hashes), np.bool_)
        fresh[1:] = (hashes[1:] != hashes[:-1]) | (articles[1:] != articles[:-1])
        hashes, articles = hashes[fresh], articles[fresh]
        firsts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)])
        sizes = np.diff(np.append(firsts, len(hashes)))
        if not len(hashes):
            return
        # The mix of 0 is 0, so articles are counted from 1: article 0 must make another set, too.
        keys = np.add.reduceat(mix(articles.astype(np.uint64) + np.uint64(1)), firsts)
        several = sizes > 1
        pieces: defaultdict[int, set[int]] = defaultdict(set)
        members: dict[int, Integers] = {}
        for key, first, size in zip(
            keys[several].tolist(), firsts[several].tolist(), sizes[several].tolist(), strict=True
        ):
            pieces[key].add(int(hashes[first]))
            members.setdefault(key, articles[first : first + size])
        yield from ((members[key], pieces[key]) for key in pieces)

    def contents(self) -> Hashes:
        """A number for each article's pieces, whatever their order: uint64[n]."""
        sums = np.append(np.uint64(0), np.cumsum(self.hashes))
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], dtype=np.uint64)


class PieceWords(NamedTuple):
    """The words of an article's pieces in their order, those of its title, its site and language.

    `own` are the words of its title and of the pieces that no other article has, and `weight` is
    theirs; `opens` is whether it begins with sentences of its own.
    """

    by_piece: Mapping[int, tuple[str, ...]]
    title: frozenset[str]
    site: str
    language: str
    own: tuple[str, ...]
    weight: float
    opens: bool


def split_pieces(text: str) -> Iterator[tuple[int, Span]]:
    """The lines and sentences of a text, each with a hash of its words; short ones left out."""
    begin = 0
    for match in (*PIECE_END.finditer(text), None):
        stop, resume = match.span() if match else (len(text), len(text))
        piece = " ".join(text[begin:stop].split()).casefold().encode("utf-8", "surrogatepass")
        if len(piece) >= MIN_PIECE:
            digest = blake2b(piece, digest_size=8).digest()
            yield int.from_bytes(digest, "little"), Span(begin, stop)
        begin = resume


def hash_pieces(texts: Iterable[str]) -> Pieces:
    """The pieces of texts, in their order."""
    hashes, starts = array("Q"), array("q", [0])
    for text in texts:
        hashes.extend(hash for hash, _ in split_pieces(text))
        starts.append(len(hashes))
    return Pieces(np.frombuffer(hashes, np.uint64), np.frombuffer(starts, np.int64))


def find_shared_boilerplate(
    pieces: Pieces, order: Sequence[int], load: Callable[[int], tuple[Article, str]]
) -> dict[int, tuple[Span, ...]]:
    """The stretches of boilerplate in each article that has any, in order.

    `load(n)` gives the article that was the n-th to be added, and its language; `order` are
    these numbers in an order that does not depend on that of adding.
    """

    @lru_cache(MAX_CACHED)
    def words_of(n: int) -> PieceWords:
        return read_words(*load(n), widespread)

    @cache
    def site(n: int) -> str:
        return site_of(load(n)[0])

    contents, rank = pieces.contents(), np.argsort(order)
    found: defaultdict[int, set[int]] = defaultdict(set)
    sets = list(pieces.shared())
    widespread = set[int]().union(*(shared for _, shared in sets))
    for members, shared in sets:
        if len(members) < MIN_STORIES and not is_one_site(map(site, members.tolist())):
            continue
        members = members[np.argsort(rank[members])]
        sample = [words_of(n) for n in choose_sample(members, contents)]
        if is_boilerplate(sample, shared):
            for n in members.tolist():
                found[n] |= shared
    return {n: find_spans(load(n)[0].text, hashes) for n, hashes in sorted(found.items())}


def choose_sample(members: Integers, contents: Hashes) -> list[int]:
    """At most `MAX_COMPARED` of the articles, those with different contents first."""
    _, first = np.unique(contents[members], return_index=True)
    others = np.setdiff1d(np.arange(len(members)), first)
    chosen: list[int] = members[np.append(first, others)[:MAX_COMPARED]].tolist()
    return chosen


def is_one_site(sites: Iterable[str]) -> bool:
    """Whether all of these are one known site."""
    return len(distinct := set(sites)) == 1 and "" not in distinct


def site_of(article: Article) -> str:
    """The outlet of an article, else the host of its address; empty if unknown."""
    if article.publisher:
        return " ".join(article.publisher.casefold().split())
    return host_of(article.url or "")


def read_words(article: Article, language: str, widespread: set[int]) -> PieceWords:
    """The words of an article, piece by piece; `widespread` pieces stand in others, too."""
    words = split_words(article.text)
    forms, pieces = words.forms(), list(split_pieces(article.text))
    edges = [edge for _, span in pieces for edge in (span.begin, span.end)]
    places = np.searchsorted(words.begins, edges).tolist()
    by_piece: dict[int, tuple[str, ...]] = {}
    sentences: set[int] = set()
    for (hash, span), low, high in zip(pieces, places[::2], places[1::2], strict=True):
        by_piece[hash] = tuple(dict.fromkeys(map(intern, forms[low:high])))
        if high - low >= MIN_SENTENCE and FULL_STOP.search(article.text, span.begin, span.end):
            sentences.add(hash)
    title = headline_words(article.title)
    own = title.union(*(of for hash, of in by_piece.items() if hash not in widespread))
    before = takewhile(lambda hash: hash not in widespread, by_piece)
    return PieceWords(
        by_piece,
        title,
        site_of(article),
        language,
        tuple(own),
        weigh(own, language),
        opens=not sentences.isdisjoint(before),
    )


def is_boilerplate(sample: Sequence[PieceWords], shared: set[int]) -> bool:
    """Whether the articles of a sample, which share pieces, have nothing else in common.

    Of the rest of an article only what stands in no other counts as its story: a report that
    three sites print in their frames is to each frame what the frame is to the reports in it.
    """
    counts: defaultdict[int, int] = defaultdict(int)
    for article in sample:
        for hash in article.by_piece:
            counts[hash] += 1
    common = {hash for hash, count in counts.items() if count >= max(2, len(sample) / 2)} | shared
    piece = frozenset[str]().union(*(sample[0].by_piece[hash] for hash in shared))
    told = [
        article
        for article in sample
        if len(article.own) >= MIN_REST
        and (len(article.title) >= MIN_REST or len(article.own) >= len(piece) or article.opens)
    ]
    rests = [rest_of(article, common) for article in sample]
    if any(len(rest) < MIN_REST for rest in rests) and len(piece) > MAX_TEASER:
        return False
    if any(
        is_at_home(piece, rest, article.language, article.weight)
        or is_at_home(article.title, piece, article.language)
        for article, rest in zip(sample, rests, strict=True)
    ):
        return False
    words = [frozenset(article.own) for article in told]
    unrelated = {
        (i, j)
        for i, j in combinations(range(len(told)), 2)
        if are_unrelated(told[i], told[j], words[i] & words[j])
    }
    if 2 * len(unrelated) < MIN_UNRELATED_PAIRS * len(told) * (len(told) - 1):
        return False
    stories: list[int] = []  # articles that are unrelated to one another
    for i in range(len(told)):
        if all((j, i) in unrelated for j in stories):
            stories.append(i)
    is_of_site = is_one_site(article.site for article in told)
    return len(stories) >= (MIN_STORIES_OF_SITE if is_of_site else MIN_STORIES)


def rest_of(article: PieceWords, common: set[int]) -> frozenset[str]:
    """The words of an article outside these pieces, and of its title."""
    return article.title.union(
        *(words for hash, words in article.by_piece.items() if hash not in common)
    )


def is_at_home(
    piece: frozenset[str], rest: frozenset[str], language: str, least: float = 0.0
) -> bool:
    """Whether the rest of an article speaks of what the piece speaks of. Its words weigh `least` or
    more: most often that is enough to know that they are about something else."""
    weights = {word: word_rarity(word, language) for word in sorted(piece)}
    recurring = piece & rest
    if sum(weights[word] for word in sorted(recurring)) > MAX_AT_HOME * sum(weights.values()):
        return True
    shared, whole = weigh(recurring, language), weigh(piece, language)
    if compare_weights(shared, whole, least) < NEARLY * MAX_UNRELATED and least:
        return False
    return compare_weights(shared, whole, weigh(rest, language)) >= MAX_UNRELATED


def are_unrelated(one: PieceWords, other: PieceWords, shared: frozenset[str]) -> bool:
    """Whether what two articles have for themselves hardly has a rare word in common."""
    language = one.language
    weight = other.weight if other.language == language else weigh(other.own, language)
    return compare_weights(weigh(shared, language), one.weight, weight) < MAX_UNRELATED


def find_spans(text: str, hashes: set[int]) -> tuple[Span, ...]:
    """The stretches of a text with these hashes, joined over the short ones between them."""
    spans: list[Span] = []
    goes_on = False  # whether the piece before is boilerplate too
    for hash, span in split_pieces(text):
        if hash in hashes:
            if goes_on and span.begin - spans[-1].end <= MAX_GAP:
                span = Span(spans.pop().begin, span.end)
            spans.append(span)
        goes_on = hash in hashes
    return tuple(spans)


def without(text: str, spans: Sequence[Span]) -> str:
    """The text without these stretches."""
    ends = [0, *(span.end for span in spans)]
    begins = [*(span.begin for span in spans), len(text)]
    return "\n".join(text[a:b] for a, b in zip(ends, begins, strict=True))


def compare_vocabularies(one: Set[str], other: Set[str], language: str) -> float | None:
    """The cosine of two sets of folded words, weighted by rarity; None where one says nothing.

    >>> one = headline_words("Council rejects plan for incinerator | BBC News")
    >>> other = headline_words("LIVE: Council rejects plan for incinerator")
    >>> round(compare_vocabularies(one, other, "en"), 2)
    1.0
    """

    weights = weigh(one, language), weigh(other, language)
    return compare_weights(weigh(one & other, language), *weights) if all(weights) else None


def weigh(words: Collection[str], language: str) -> float:
    """The squares of the rarities of different words, as far as they say something."""
    weights = (word_rarity(word, language) for word in sorted(words))
    return sum(weight**2 for weight in weights if weight >= MIN_RARITY)


def compare_weights(shared: float, one: float, other: float) -> float:
    """The cosine of two sets that weigh so much, and have so much in common."""
    whole = one * other
    return shared / whole**0.5 if whole else 0.0
