"""Alignment: what in one article comes from another, passage by passage.

Comes in: a source and a derivative. Goes out: an `Alignment`: each sentence of the derivative
is copied, paraphrased, translated, added or furniture, with the source sentences it tells,
the runs of identical words and the places where the meaning drifted. Words are matched softly
(`likeness`), links are chosen many-to-many by two small fitted models (`links`), kinds follow
from identical runs (`runs`). Across languages the vectors of an encoder are evidence too. It
does not say who took it from whom: the caller names the source.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dedup.align.blocks import BlockPair, blocks
from dedup.align.clauses import Clause, clauses
from dedup.align.drift import Drift, find_drift
from dedup.align.kinds import Kind, kind_of
from dedup.align.likeness import Similarity, compute_similarity
from dedup.align.links import MODEL_NAMES, Links, ModelName, link
from dedup.align.runs import Run, identical_runs, located
from dedup.align.shares import COUNT_EVERYTHING, KINDS, Counting, compute_shares, recount
from dedup.align.windows import link_windows
from dedup.align.wording import extract_features
from dedup.article import Article, Span
from dedup.embed import (
    DEFAULT_ENCODER,
    Encoder,
    covers,
    find_encoder,
    sentence_vectors,
    works_within_languages,
)
from dedup.text import Sentence, Text, Token, prepare, same_language
from dedup.text.quotations import count_quoted_words, find_quotations

__all__ = [
    "COUNT_EVERYTHING",
    "KINDS",
    "MODEL_NAMES",
    "Alignment",
    "BlockPair",
    "Clause",
    "Counting",
    "Drift",
    "Kind",
    "Links",
    "ModelName",
    "Passage",
    "Run",
    "align",
    "align_texts",
    "choose_model",
    "compare_sentences",
    "content_sentences",
    "link_sentences",
    "recount",
]


# Up to here every sentence is compared with every other one; beyond, only where it promises
# something (`windows`): an article that stands in a digest or a book is lost among the sentences
# around it, and matrices grow with the product (`python -m benchmarks.long`).
MOST_SENTENCES = 70
MOST_WORD_PAIRS = 50_000_000
NO_LINKS = Links((), ())
# Stands between source sentences that are no neighbours: equal to no word, so that no run of
# identical words leaps over what lies between them.
GAP = Token(0, 0, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the derivative: its kind and what in the source it tells.

    `parts` has several spans where furniture cuts the sentence. `score` is the probability
    that the passage tells what the source tells (0 for furniture). `words` is how many words
    it has, `quoted` how many of them stand in quotations. `clauses` are its parts where it has
    several sources and each a part of its own.
    """

    kind: Kind
    begin: int
    end: int
    parts: tuple[Span, ...]
    score: float
    sources: tuple[Span, ...]
    runs: tuple[Run, ...]
    drift: tuple[Drift, ...]
    words: int = 0
    quoted: int = 0
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """What in the derivative comes from the source. Offsets into the two articles' texts.

    `source` and `derivative` are article ids. `shares` gives the part of the derivative's
    words by kind, of those that `counting` says (see `recounted`); `dropped` the source
    sentences with no counterpart; `quotations` where the derivative quotes.
    """

    source: str
    derivative: str
    passages: tuple[Passage, ...]
    dropped: tuple[Span, ...]
    blocks: tuple[BlockPair, ...]
    shares: Mapping[Kind, float]
    quotations: tuple[Span, ...] = ()
    counting: Counting = COUNT_EVERYTHING


def align(
    source: Article | str,
    derivative: Article | str,
    *,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
) -> Alignment:
    """Say of each passage of `derivative` whether and how it comes from `source`.

    Where the two are in different languages, they are compared by sentence vectors too; by names
    and numbers alone where the package for those is not installed. `encoder` (or the one of
    that name, see `dedup.embed`) makes the vectors, also within one language; None: no vectors.

    >>> alignment = align("The minister resigned on Friday.", "On Friday the minister resigned.")
    >>> [passage.kind for passage in alignment.passages]
    ['paraphrased']
    """
    if isinstance(source, str):
        source = Article("source", source)
    if isinstance(derivative, str):
        derivative = Article("derivative", derivative)
    theirs, own = prepare(source), prepare(derivative)
    unneeded = encoder == DEFAULT_ENCODER and same_language(theirs, own)
    model = None if unneeded else find_encoder(encoder)
    return align_texts(theirs, own, encoder=model)


def link_sentences(a: Text, b: Text, encoder: Encoder | None = None) -> tuple[Links, Links]:
    """The links of `a`'s sentences into `b`, and of `b`'s into `a`, from one comparison.

    Sentences are those of `told`. Very long texts are compared by windows.
    """
    there, back = _matched(a, b, encoder)
    return there, back


def _matched(a: Text, b: Text, encoder: Encoder | None) -> Iterator[Links]:
    """The links of `a` into `b`, then, if they are asked for, those of `b` into `a`."""
    ours, theirs = extract_features(a), extract_features(b)
    sizes = len(ours.sentences), len(theirs.sentences)
    words = len(ours.columns) * len(theirs.columns)
    alike = same_language(a, b)
    if not all(sizes):
        yield from (NO_LINKS, NO_LINKS)
    elif words > MOST_WORD_PAIRS or (alike and max(sizes) > MOST_SENTENCES):
        yield from link_windows(ours, theirs, "alike" if alike else "names")
    else:
        likeness, setting = compare_sentences(a, b, encoder)
        yield link(likeness, setting)
        yield link(likeness.reversed(), setting)


def compare_sentences(
    a: Text, b: Text, encoder: Encoder | None = None
) -> tuple[Similarity, ModelName]:
    """How much of each sentence of `a` stands in each one of `b`, and by what that is judged."""
    ours, theirs, setting = extract_features(a), extract_features(b), choose_model(a, b, encoder)
    if encoder is None or setting not in ("meant", "vectors"):
        return compute_similarity(ours, theirs), setting
    cosine = sentence_vectors(a, encoder) @ sentence_vectors(b, encoder).T
    return compute_similarity(ours, theirs, np.maximum(cosine, 0)), setting


def choose_model(a: Text, b: Text, encoder: Encoder | None = None) -> ModelName:
    """By what two texts are compared. In one language: `alike` words, or with an encoder that
    serves there too, what is `meant`; in two: sentence `vectors`, or where no encoder covers
    them, `names` and numbers."""
    if same_language(a, b):
        served = encoder is not None and works_within_languages(encoder) and covers(encoder, a, b)
        return "meant" if served else "alike"
    return "vectors" if encoder is not None and covers(encoder, a, b) else "names"


def align_texts(
    source: Text, derivative: Text, links: Links | None = None, encoder: Encoder | None = None
) -> Alignment:
    """`align` for texts that are taken apart already, and perhaps linked (by `match`)."""
    theirs = content_sentences(source)
    if links is None:
        links = next(_matched(derivative, source, encoder))
    linked = iter(zip(links.sources, links.scores, strict=True))
    passages: list[Passage] = []
    used: set[int] = set()
    for sentence in derivative.sentences:
        tells = sentence.form != "furniture" and sentence.tokens
        sources, score = next(linked, ((), 0.0)) if tells else ((), 0.0)
        used.update(sources)
        own = [theirs[j] for j in sorted(sources)]
        passages.append(_judge(sentence, own, score, derivative, source))
    dropped = tuple(Span(s.begin, s.end) for j, s in enumerate(theirs) if j not in used)
    return Alignment(
        source.article.id,
        derivative.article.id,
        tuple(passages),
        dropped,
        blocks(source, derivative, [(Span(p.begin, p.end), p.sources) for p in passages]),
        compute_shares(passages),
        tuple(Span(quoted.begin, quoted.end) for quoted in find_quotations(derivative)),
    )


def content_sentences(text: Text) -> tuple[Sentence, ...]:
    """The sentences that tell something: no furniture, at least one word."""
    return extract_features(text).sentences


def _judge(
    sentence: Sentence, sources: Sequence[Sentence], score: float, derivative: Text, source: Text
) -> Passage:
    """The kind of a sentence, given the source sentences it is linked to."""
    theirs = _joined(sources, source)
    kind = kind_of(
        sentence.tokens,
        theirs,
        translated=not same_language(derivative, source),
        furniture=sentence.form == "furniture",
    )
    if not sources:
        return _passage(kind, sentence, derivative, score)
    runs = located(identical_runs(sentence.tokens, theirs), sentence.tokens, theirs)
    drift = find_drift(sentence, sources, derivative, source)
    spans = tuple(Span(s.begin, s.end) for s in sources)
    parts = clauses(sentence, sources, derivative)
    return _passage(kind, sentence, derivative, score, spans, runs, drift, parts)


def _joined(sentences: Sequence[Sentence], text: Text) -> list[Token]:
    """The words of the sentences, with a gap where there are words in between."""
    tokens: list[Token] = []
    for sentence in sentences:
        if tokens and any(map(str.isalnum, text.article.text[tokens[-1].end : sentence.begin])):
            tokens.append(GAP)
        tokens += sentence.tokens
    return tokens


def _passage(
    kind: Kind,
    sentence: Sentence,
    derivative: Text,
    score: float = 0.0,
    sources: tuple[Span, ...] = (),
    runs: tuple[Run, ...] = (),
    drift: tuple[Drift, ...] = (),
    clauses_: tuple[Clause, ...] = (),
) -> Passage:
    return Passage(
        kind, sentence.begin, sentence.end, sentence.parts, score, sources, runs, drift,
        len(sentence.tokens), count_quoted_words(sentence, derivative), clauses_,
    )  # fmt: skip
