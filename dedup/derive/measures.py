"""Measures: what a family shows, counted once and kept in columns.

Comes in: the members of a family and the sentence links of the pairs that were examined.
Goes out: `Measures`: sizes, what of whom each member tells, names and numbers, words, and how
alike the wording of any two members is. The last is the Jaccard resemblance of their sets of
character 2- to 4-grams (Broder 1997 for the measure): plain sets tied wmt19's paraphrases to
their source more often than words, longer n-grams or weights by rarity did, over all of the
open stories. It weighs nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align import content_sentences
from dedup.attribution import reprinted_agencies
from dedup.derive.clock import clock_doubt
from dedup.derive.member import LinkTable, Member, may_be
from dedup.embed import Encoder, covers, sentence_vectors
from dedup.text import Sentence, Text, same_language
from dedup.text.model import once_per_text
from dedup.text.rarity import word_rarity
from dedup.text.romanize import romanized_names

GRAMS = (2, 3, 4)
UNKNOWN_WORD = 6.9  # background rarity of a word that the language's list lacks
SHORTEST_ODD = 6  # letters of a word whose misspelling can be told
LONGEST = 200  # sentences of an article that is compared by what they mean

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """One text in columns. Sentences are those of `align.told`.

    sizes: words of each sentence. anchors: the names and numbers of each. words: rarity of
    each distinct word. grams: hashed character n-grams, sorted. length: all words. said: the
    sentences' words in order. odd: words that the language does not know. names: each word of
    a name by its stem in Latin letters.
    """

    sentences: tuple[Sentence, ...]
    sizes: npt.NDArray[np.int64]
    anchors: tuple[frozenset[str], ...]
    all_anchors: frozenset[str]
    words: Mapping[str, float]
    by_sentence: tuple[frozenset[str], ...]
    grams: npt.NDArray[np.int64]
    length: int
    forms: tuple[str, ...]
    said: frozenset[tuple[str, ...]]
    odd: tuple[str, ...]
    names: Mapping[str, str]


@once_per_text
def columns(text: Text) -> Columns:
    """The columns of `text`; its last few thousand answers are kept."""
    sentences = content_sentences(text)
    anchors = tuple(frozenset(_values(sentence)) for sentence in sentences)
    by_sentence = tuple(frozenset(token.form for token in s.tokens) for s in sentences)
    forms = tuple(token.form for sentence in sentences for token in sentence.tokens)
    words = {form: word_rarity(form, text.language) for form in sorted(set(forms))}
    return Columns(
        sentences,
        np.array([len(s.tokens) for s in sentences], dtype=np.int64),
        anchors,
        frozenset(chain.from_iterable(anchors)),
        words,
        by_sentence,
        _grams(f" {' '.join(forms)} "),
        max(len(forms), 1),
        forms,
        frozenset(tuple(token.form for token in s.tokens) for s in sentences),
        tuple(
            form
            for form, rare in words.items()
            if rare >= UNKNOWN_WORD and len(form) >= SHORTEST_ODD and form.isalpha()
        ),
        romanized_names(text.anchors),
    )


def _values(sentence: Sentence) -> Sequence[str]:
    """The numbers by value, the names word by word."""
    return [
        value
        for anchor in sentence.anchors
        for value in ([anchor.value] if anchor.kind == "number" else anchor.value.split())
    ]


def _grams(line: str) -> npt.NDArray[np.int64]:
    """The distinct character n-grams of a line, as numbers: 21 bits would do for a character,
    so that four of them are mixed into one by multiplication."""
    letters = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    found = [np.empty(0, dtype=np.int64)]
    for width in GRAMS:
        if len(letters) >= width:
            total = np.full(len(letters) - width + 1, width, dtype=np.int64)
            for place in range(width):
                total = total * 1_000_003 + letters[place : len(letters) - width + 1 + place]
            found.append(total)
    return _distinct(np.concatenate(found))


def _distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sorted, each once: on a few thousand numbers a tenth of the time of `numpy.unique`."""
    ordered = np.sort(numbers)
    distinct: npt.NDArray[np.int64] = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return distinct


@dataclass(frozen=True, slots=True)
class Measures:
    """What a family shows.

    `tells[u, v]`: which of u's sentences v tells (bool). `likeness[u, v]` (u < v): how alike
    their wording is. `meant[u, v]`, of two languages that the encoder was made for: how
    near their sentences mean the same. `elsewhere[u]`: by how many members each of u's
    sentences is told, copies of one text counted once. `prints[u]`: whose report u prints: the
    outlets of its credit lines, and the agencies whose line it lost. `may_be[u]`: the outlets
    that u may be, of those that others credit; `claimants[outlet]`: how many members may be
    that, copies counted once. `doubt`: where the clocks contradict the wording, in [0, 1].
    """

    members: tuple[Member, ...]
    links: LinkTable
    own: tuple[Columns, ...]
    tells: Mapping[tuple[int, int], Flags]
    elsewhere: tuple[npt.NDArray[np.int64], ...]
    named: tuple[Mapping[str, Any], ...]
    prints: tuple[frozenset[str], ...]
    may_be: tuple[frozenset[str], ...]
    claimants: Mapping[str, int]
    likeness: Mapping[tuple[int, int], float]
    meant: Mapping[tuple[int, int], float]
    doubt: float

    def covered(self, u: int, v: int) -> float:
        """The share of u's words in sentences that v tells."""
        told_ = self.tells.get((u, v))
        return float(self.own[u].sizes @ told_) / self.own[u].length if told_ is not None else 0.0

    def alike(self, u: int, v: int) -> float:
        """How alike the wording of two examined members is, in [0, 1]."""
        return self.likeness[min(u, v), max(u, v)]

    def identical(self, u: int, v: int) -> float:
        """The resemblance of their sets of sentences, word for word, in [0, 1]."""
        one, other = self.own[u].said, self.own[v].said
        return len(one & other) / max(len(one | other), 1)


def measure(
    members: Sequence[Member],
    links: LinkTable,
    copies: Sequence[int] | None = None,
    encoder: Encoder | None = None,
) -> Measures:
    """Count what a family shows. `copies[v]` numbers the text of which v is a copy; with an
    `encoder` members in different languages are also compared by what their sentences mean."""
    own = tuple(columns(member.text) for member in members)
    tells = {
        (u, v): np.array([bool(sources) for sources in found.sources], dtype=np.bool_)
        for (u, v), found in links.items()
        if len(found.sources) == len(own[u].sizes)
    }
    number = list(range(len(members))) if copies is None else list(copies)
    by_text: dict[tuple[int, int], Flags] = {}
    for (u, v), told_ in tells.items():
        if number[u] != number[v]:
            key = (u, number[v])
            by_text[key] = by_text[key] | told_ if key in by_text else told_
    elsewhere = [np.zeros(len(c.sizes), dtype=np.int64) for c in own]
    for (u, _), told_ in by_text.items():
        elsewhere[u] += told_
    likeness = {
        (u, v): _alike(members[u].text, own[u], members[v].text, own[v]) for u, v in links if u < v
    }
    credited = frozenset(chain.from_iterable(member.tellers() for member in members))
    unnamed = tuple(frozenset(may_be(member, credited)) for member in members)
    claims = {(number[u], outlet) for u, own in enumerate(unnamed) for outlet in own}
    return Measures(
        tuple(members),
        links,
        own,
        tells,
        tuple(elsewhere),
        tuple(member.named() for member in members),
        _prints(members),
        unnamed,
        Counter(outlet for _, outlet in claims),
        likeness,
        _meant([member.text for member in members], links, encoder) if encoder else {},
        clock_doubt([member.text.article for member in members], likeness),
    )


def _meant(
    texts: Sequence[Text], pairs: Iterable[tuple[int, int]], encoder: Encoder
) -> dict[tuple[int, int], float]:
    """How near two texts in different languages mean the same: the mean, over the sentences of
    both, of the greatest cosine that one of the other's has. Three languages at least: of two
    articles neither is nearer to the other."""
    able = [
        covers(encoder, text) and any(s.tokens for s in text.prose) and len(text.prose) <= LONGEST
        for text in texts
    ]
    if len({text.language for text, may in zip(texts, able, strict=True) if may}) < 3:
        return {}
    found = {}
    for u, v in pairs:
        if u < v and able[u] and able[v] and texts[u].language != texts[v].language:
            cosines = sentence_vectors(texts[u], encoder) @ sentence_vectors(texts[v], encoder).T
            best = np.concatenate((cosines.max(axis=0), cosines.max(axis=1)))
            found[u, v] = found[v, u] = float(best.mean())
    return found


def _prints(members: Sequence[Member]) -> tuple[frozenset[str], ...]:
    lines = [member.credit_lines() for member in members]
    publishers = [member.publisher for member in members]
    lost = reprinted_agencies([member.text for member in members], lines, publishers)
    return tuple(own | more for own, more in zip(lines, lost, strict=True))


def _alike(one: Text, ours: Columns, other: Text, theirs: Columns) -> float:
    if not same_language(one, other):
        return 0.0
    both = np.sort(np.concatenate((ours.grams, theirs.grams)), kind="stable")
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / max(len(ours.grams) + len(theirs.grams) - shared, 1)
