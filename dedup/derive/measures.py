"""Measures: what a cluster's articles show, counted once for all pairs.

Of each article: sizes, names and numbers, words, whom it credits. Of pairs: which sentences of
one the other covers, and how alike their wording is, by the Jaccard resemblance of their sets of
character 2- to 4-grams (Broder 1997): over all of the open stories these tied paraphrases to
their source more often than words, longer n-grams or weights by rarity. Nothing is weighed here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from dedup.align import Links, content_sentences
from dedup.attribution import Attribution, ReleaseMark, release_marks, reprinted_agencies
from dedup.derive.clock import clock_doubt
from dedup.derive.member import LinkTable, Member, possible_publishers
from dedup.embed import Choice, Encoder, covers, sentence_vectors
from dedup.relate.profile import anchor_words
from dedup.text import Sentence, Text, same_language
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.romanize import romanized_names

GRAMS = (2, 3, 4)
UNKNOWN_WORD = 6.9  # background rarity of a word that the language's list lacks
MIN_ODD = 6  # letters of a word whose misspelling can be recognised
MAX_MEANT = 200  # sentences of an article that is compared by what they mean

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """One text in columns. `sentences` are those of `align.content_sentences`.

    forms: the words of each sentence. sizes: how many these are. anchors: the names and numbers
    of each. words: rarity of each distinct word. grams: hashed character n-grams, sorted.
    length: all words. said: the distinct sentences. odd: words that the language does not know.
    names: each word of a name by its stem in Latin letters.
    """

    sentences: tuple[Sentence, ...]
    forms: tuple[tuple[str, ...], ...]
    sizes: npt.NDArray[np.int64]
    anchors: tuple[frozenset[str], ...]
    all_anchors: frozenset[str]
    words: Mapping[str, float]
    grams: npt.NDArray[np.int64]
    length: int
    said: frozenset[tuple[str, ...]]
    odd: tuple[str, ...]
    names: Mapping[str, str]


@once_per_text
def columns(text: Text) -> Columns:
    """The columns of a text."""
    sentences = content_sentences(text)
    anchors = tuple(frozenset(anchor_words(sentence.anchors)) for sentence in sentences)
    forms = tuple(tuple(token.form for token in s.tokens) for s in sentences)
    running = list(chain.from_iterable(forms))
    words = {form: word_rarity(form, text.language) for form in sorted(set(running))}
    return Columns(
        sentences,
        forms,
        np.array([len(sentence) for sentence in forms], dtype=np.int64),
        anchors,
        frozenset(chain.from_iterable(anchors)),
        words,
        character_grams(f" {' '.join(running)} "),
        max(len(running), 1),
        frozenset(forms),
        tuple(
            form
            for form, rare in words.items()
            if rare >= UNKNOWN_WORD and len(form) >= MIN_ODD and form.isalpha()
        ),
        romanized_names(text.anchors),
    )


def character_grams(line: str) -> npt.NDArray[np.int64]:
    """The distinct character n-grams of a line, each hashed to a number, in ascending order."""
    letters = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    grams = []
    for width in GRAMS:
        total = np.full(max(len(letters) - width + 1, 0), width, dtype=np.int64)
        for place in range(width):
            total = total * 1_000_003 + letters[place : place + len(total)]
        grams.append(total)
    # On a few thousand numbers this takes a tenth of the time of `numpy.unique`.
    ordered = np.sort(np.concatenate(grams))
    distinct: npt.NDArray[np.int64] = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return distinct


@dataclass(frozen=True, slots=True)
class Node:
    """A member as a node of the graph of derivations.

    named: the outlets that it names, with the places. prints: whose report it prints: the
    outlets of its credit lines, and the agencies whose line it lost. may_be: of the outlets
    that members credit, those that may have published it. elsewhere: how many members cover
    each of its sentences, copies of one text counted once.
    """

    member: Member
    columns: Columns
    named: Mapping[str, list[Attribution]]
    prints: frozenset[str]
    may_be: frozenset[str]
    elsewhere: npt.NDArray[np.int64]
    release: tuple[ReleaseMark, ...] = ()

    @property
    def id(self) -> str:
        return self.member.id


@dataclass(frozen=True, slots=True)
class Measures:
    """What a cluster shows.

    `covers[u, v]`: which of u's sentences v covers. `likeness[u, v]` (u < v): how alike their
    wording is. `meant[u, v]`, of two languages that the encoder was made for: how near their
    sentences are in meaning. `claimants[outlet]`: how many members may be published by it,
    copies counted once. `doubt`: how much the dates contradict the wording, in [0, 1].
    """

    nodes: tuple[Node, ...]
    links: LinkTable
    covers: Mapping[tuple[int, int], Flags]
    claimants: Mapping[str, int]
    likeness: Mapping[tuple[int, int], float]
    meant: Mapping[tuple[int, int], float]
    doubt: float


class Pair:
    """Two nodes, the first of which may be the source of the second."""

    __slots__ = ("derivative", "measures", "source", "u", "v")

    def __init__(self, measures: Measures, u: int, v: int) -> None:
        self.measures, self.u, self.v = measures, u, v
        self.source, self.derivative = measures.nodes[u], measures.nodes[v]

    def reversed(self) -> "Pair":
        """The same pair, the second as the source of the first."""
        return Pair(self.measures, self.v, self.u)

    @property
    def retold(self) -> Flags | None:
        """Which of the source's sentences the derivative covers; None if that is not known, as
        between two languages, where linking loses much."""
        return None if self.crosslingual else self.measures.covers.get((self.u, self.v))

    @property
    def links(self) -> Links | None:
        """The links of the derivative's sentences into the source."""
        return self.measures.links.get((self.v, self.u))

    @property
    def covered(self) -> float:
        """The share of the derivative's words in sentences that the source covers."""
        flags, own = self.measures.covers.get((self.v, self.u)), self.derivative.columns
        return float(own.sizes @ flags) / own.length if flags is not None else 0.0

    @property
    def alike(self) -> float:
        """How alike the wording of two examined members is, in [0, 1]."""
        return self.measures.likeness[min(self.u, self.v), max(self.u, self.v)]

    @property
    def identical(self) -> float:
        """The resemblance of their sets of sentences, word for word, in [0, 1]."""
        one, other = self.source.columns.said, self.derivative.columns.said
        return len(one & other) / max(len(one | other), 1)

    @property
    def crosslingual(self) -> bool:
        """Whether the two are in different languages: names are spelled and numbers counted
        otherwise there."""
        return not same_language(self.source.member.text, self.derivative.member.text)


def measure(
    members: Sequence[Member],
    links: LinkTable,
    copies: Sequence[int] | None = None,
    encoder: Encoder | None = None,
) -> Measures:
    """Count what a cluster shows. `copies[v]` numbers the text of which v is a copy; with an
    `encoder` members in different languages are also compared by what their sentences mean."""
    own = [columns(member.text) for member in members]
    covers = {
        (u, v): np.array([bool(sources) for sources in known.sources], dtype=np.bool_)
        for (u, v), known in links.items()
        if len(known.sources) == len(own[u].sizes)
    }
    number = range(len(members)) if copies is None else copies
    by_text: dict[tuple[int, int], Flags] = {}
    for (u, v), flags in covers.items():
        if number[u] != number[v]:
            by_text[u, number[v]] = by_text.get((u, number[v]), False) | flags
    elsewhere = [np.zeros(len(c.sizes), dtype=np.int64) for c in own]
    for (u, _), flags in by_text.items():
        elsewhere[u] += flags
    texts = [member.text for member in members]
    likeness = {(u, v): wording_likeness(texts[u], texts[v]) for u, v in links if u < v}
    credited = frozenset(chain.from_iterable(member.credited_outlets() for member in members))
    may_be = [frozenset(possible_publishers(member, credited)) for member in members]
    claims = {(number[u], outlet) for u, outlets in enumerate(may_be) for outlet in outlets}
    lines = [member.credit_lines() for member in members]
    publishers = [member.publisher for member in members]
    lost = reprinted_agencies(texts, lines, publishers)
    nodes = tuple(
        Node(
            member,
            own[u],
            member.named(),
            lines[u] | lost[u],
            may_be[u],
            elsewhere[u],
            release_marks(member.text),
        )
        for u, member in enumerate(members)
    )
    return Measures(
        nodes,
        links,
        covers,
        Counter(outlet for _, outlet in claims),
        likeness,
        _compare_meaning(texts, links, encoder) if encoder else {},
        clock_doubt([text.article for text in texts], likeness),
    )


def wording_likeness(one: Text, other: Text) -> float:
    """How alike the wording of two texts is, in [0, 1]; 0 in different languages."""
    if not same_language(one, other):
        return 0.0
    ours, theirs = columns(one).grams, columns(other).grams
    both = np.sort(np.concatenate((ours, theirs)), kind="stable")
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / max(len(ours) + len(theirs) - shared, 1)


def _compare_meaning(
    texts: Sequence[Text], pairs: Iterable[tuple[int, int]], encoder: Encoder
) -> dict[tuple[int, int], float]:
    """How near two texts in different languages are in meaning: the mean, over the sentences
    of both, of the greatest cosine with one of the other's. It takes three languages: of two
    articles neither is nearer to the other."""
    if isinstance(encoder, Choice):  # the cosines of one alone can be compared
        encoder = encoder.encoders[0]
    able = [
        covers(encoder, text) and any(s.tokens for s in text.prose) and len(text.prose) <= MAX_MEANT
        for text in texts
    ]
    if len({text.language for text, may in zip(texts, able, strict=True) if may}) < 3:
        return {}
    near = {}
    for u, v in pairs:
        if u < v and able[u] and able[v] and texts[u].language != texts[v].language:
            cosines = sentence_vectors(texts[u], encoder) @ sentence_vectors(texts[v], encoder).T
            best = np.concatenate((cosines.max(axis=0), cosines.max(axis=1)))
            near[u, v] = near[v, u] = float(best.mean())
    return near
