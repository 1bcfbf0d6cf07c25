"""Add up what a verdict says of a draft, for whoever has to decide about it.

Each sentence of the draft is counted once, for the source that has most of it: copied weighs more
than reworded, reworded more than added. The shares follow from that. The findings are plain data;
`dedup.report` puts them into words. Nothing is compared here that the verdict has not compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dedup.align import (
    COUNT_EVERYTHING,
    TAKEN,
    Alignment,
    Counting,
    Kind,
    Passage,
    compute_shares,
    recount,
    taken_share,
)
from dedup.article import Article
from dedup.derive import Derivation
from dedup.derive.credited import Credit, find_credit
from dedup.pipeline.check import Match, Verdict
from dedup.text import Text
from dedup.text.quotations import count_quoted_words

WEIGHT: dict[Kind, int] = {"copied": 3, "paraphrased": 2, "translated": 2, "added": 1}

Role = Literal["source", "derivative", "undecided", "sibling", "unknown"]


@dataclass(frozen=True, slots=True)
class Source:
    """An article that the draft retells, and whether the draft credits it.

    `share` is the part of the draft's words that come from it, `sentences` how many of the draft's
    sentences do, `copied` how many of those word for word. `role` is what the article is to the
    draft: from one that seems to be the derivative, no credit is expected.
    """

    match: Match
    alignment: Alignment
    share: float
    sentences: int
    copied: int
    credit: Credit
    role: Role


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A sentence of the draft, and the place in `Findings.sources` of the one that has most of
    it; None where no source has it."""

    passage: Passage
    source: int | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to say of a draft.

    `shares` count what `counting` says. `sources` come by share, `derivations` say who took it
    from whom. `sentences` is how many the draft has, boilerplate apart, and `taken` how many of
    them come from any source. `languages` are those of the draft and its sources, by id. Of a
    draft that is `too_short` nothing can be said.
    """

    draft: Article
    shares: dict[Kind, float]
    counting: Counting
    sources: tuple[Source, ...]
    derivations: tuple[Derivation, ...]
    passages: tuple[DraftPassage, ...]
    sentences: int
    taken: int
    languages: dict[str, str]
    too_short: bool = False


def add_up(verdict: Verdict, counting: Counting = COUNT_EVERYTHING) -> Findings:
    """The findings of a verdict."""
    sources = [_source(match, verdict, counting) for match in verdict.matches]
    sources.sort(key=lambda source: (-source.share, source.match.article.id))
    sources = _credit_each_outlet_once(sources)
    alignments = [source.alignment.passages for source in sources]
    texts = [verdict.text, *(match.text for match in verdict.matches)]
    passages = _weightiest(alignments or [_unmatched(verdict.text)])
    return Findings(
        verdict.draft,
        compute_shares([linked.passage for linked in passages], counting),
        counting,
        tuple(sources),
        verdict.derivations,
        passages,
        sum(linked.passage.kind != "furniture" for linked in passages),
        sum(linked.passage.kind in TAKEN for linked in passages),
        {text.article.id: text.language for text in texts},
        verdict.is_too_short,
    )


def find_role(match: Match, verdict: Verdict) -> Role:
    """What the article of a match is to the draft: its source, its derivative, or not known."""
    ends = {match.article.id, verdict.draft.id}
    for edge in verdict.derivations:
        if {edge.source, edge.derivative} == ends:
            if edge.kind == "sibling":
                return "sibling"
            if edge.direction == "unknown":
                return "undecided"
            return "source" if edge.source == match.article.id else "derivative"
    return "unknown"


def _source(match: Match, verdict: Verdict, counting: Counting) -> Source:
    alignment = recount(match.alignment, counting)
    kinds = [passage.kind for passage in alignment.passages]
    return Source(
        match,
        alignment,
        taken_share(alignment),
        sum(kind in TAKEN for kind in kinds),
        kinds.count("copied"),
        find_credit(match.member, verdict.member),
        find_role(match, verdict),
    )


def _credit_each_outlet_once(sources: Sequence[Source]) -> list[Source]:
    """Of several articles of unknown publishers, only the one that has most of the draft may be
    the outlet that the draft credits."""
    outlets: set[str | None] = set()
    credited = []
    for source in sources:
        credit = source.credit
        if source.role != "derivative" and credit.standing == "likely":
            if credit.publisher in outlets:
                named = tuple(sorted({*credit.also_credits, *filter(None, (credit.publisher,))}))
                source = replace(source, credit=Credit("unknown", None, also_credits=named))
            outlets.add(credit.publisher)
        credited.append(source)
    return credited


def _weightiest(alignments: Sequence[Sequence[Passage]]) -> tuple[DraftPassage, ...]:
    """For each sentence the passage that weighs most: copied before reworded before added, sure
    before unsure. All alignments have the draft's sentences in the draft's order."""
    weightiest = []
    for passages in zip(*alignments, strict=True):
        best = max(
            range(len(passages)),
            key=lambda n: (WEIGHT.get(passages[n].kind, 0), passages[n].score, -n),
        )
        source = best if passages[best].kind in TAKEN else None
        weightiest.append(DraftPassage(passages[best], source))
    return tuple(weightiest)


def _unmatched(text: Text) -> tuple[Passage, ...]:
    """The sentences of a draft for which no source was found."""
    return tuple(
        Passage(
            "added" if sentence.tokens and sentence.form != "furniture" else "furniture",
            sentence.begin,
            sentence.end,
            sentence.parts,
            score=0.0,
            sources=(),
            runs=(),
            drift=(),
            words=len(sentence.tokens),
            quoted=count_quoted_words(sentence, text),
        )
        for sentence in text.sentences
    )
