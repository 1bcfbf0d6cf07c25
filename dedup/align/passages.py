"""What each sentence of a derivative is: copied, paraphrased, translated, added or boilerplate.

Here and nowhere else that is decided, by words alone: which source sentences a passage comes
from is settled before (`dedup.align.links`), and a copy in which one word was changed is a copy,
whatever that did to its meaning (`dedup.align.drift`). Shares are counted in the words of
passages; what an editor does not hold against a writer, quotations and matches too short to
prove anything, can be left out of both the part and the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dedup.align.clauses import Clause, cut_clauses
from dedup.align.drift import Change, Drift, compare_words
from dedup.align.runs import (
    Run,
    common_subsequence,
    count_words_in_runs,
    find_runs,
    locate_runs,
)
from dedup.article import Span
from dedup.embed import Encoder
from dedup.text import Sentence, Text, Token, same_language
from dedup.text.quotations import count_quoted_words

Kind = Literal["copied", "paraphrased", "translated", "added", "furniture"]
TAKEN: tuple[Kind, ...] = ("copied", "paraphrased", "translated")  # from the source
KINDS: tuple[Kind, ...] = (*TAKEN, "added")

# The definition of `copied`, in tenths of the passage's words: those that stand in the
# source's order, and those inside runs of at least three identical words.
MIN_IN_ORDER = 9
MIN_IN_RUNS = 8
# Stands between source sentences that are no neighbours: equal to no word, so that no run of
# identical words leaps over what lies between them.
GAP = Token(0, 0, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the derivative: its kind, and where in the source it comes from.

    `parts` has several spans where boilerplate cuts the sentence. `score` is the probability
    that the passage says what the source says (0 for boilerplate). `words` is how many words
    it has, `quoted` how many of them stand in quotations. `clauses` are its parts where it has
    several sources and each a part of its own. `changes` are the words that differ, in a copy.
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
    changes: tuple[Change, ...] = ()


def make_passage(
    sentence: Sentence,
    sources: Sequence[Sentence],
    score: float,
    derivative: Text,
    source: Text,
    encoder: Encoder | None = None,
) -> Passage:
    """The passage of a sentence, given the source sentences it is linked to; `encoder` as in
    `dedup.align.drift`."""
    own, theirs = sentence.tokens, join_words(sources, source)
    translated = not same_language(derivative, source)
    boilerplate = sentence.form == "furniture"
    drift, changes = (
        compare_words(sentence, sources, derivative, source, encoder) if sources else ((), ())
    )
    return Passage(
        choose_kind(own, theirs, translated=translated, boilerplate=boilerplate),
        sentence.begin,
        sentence.end,
        sentence.parts,
        score,
        tuple(Span(s.begin, s.end) for s in sources),
        locate_runs(find_runs(own, theirs), own, theirs) if sources else (),
        drift,
        len(own),
        count_quoted_words(sentence, derivative),
        cut_clauses(sentence, sources, derivative),
        changes,
    )


def join_words(sentences: Sequence[Sentence], text: Text) -> list[Token]:
    """The words of the sentences, with a gap where there are words in between."""
    tokens: list[Token] = []
    for sentence in sentences:
        if tokens and any(map(str.isalnum, text.article.text[tokens[-1].end : sentence.begin])):
            tokens.append(GAP)
        tokens += sentence.tokens
    return tokens


def choose_kind(
    own: Sequence[Token],
    theirs: Sequence[Token],
    *,
    translated: bool = False,
    boilerplate: bool = False,
) -> Kind:
    """The kind of a passage with the words `own`; `theirs` are those of the source sentences it
    comes from, in the source's order, if there are any."""
    if boilerplate or not own:
        return "furniture"
    if not theirs:
        return "added"
    if translated:
        return "translated"
    return "copied" if is_copied(own, theirs) else "paraphrased"


def is_copied(own: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether a passage stands in its source.

    At least nine in ten of its words are there in the same order, and at least eight in ten
    inside runs of three or more identical words, which may overlap and may be moved. A
    passage of one or two words must stand there whole.
    """
    ours, others = ([token.form for token in side] for side in (own, theirs))
    if not ours or f" {' '.join(ours)} " in f" {' '.join(others)} ":
        return bool(ours)
    in_runs = 10 * count_words_in_runs(ours, others) >= MIN_IN_RUNS * len(ours)
    return in_runs and 10 * common_subsequence(ours, others) >= MIN_IN_ORDER * len(ours)


@dataclass(frozen=True, slots=True)
class Counting:
    """What the shares count: words in quotations, boilerplate, and matches (linked passages)
    of at least `min_words` words."""

    quotations: bool = True
    boilerplate: bool = False
    min_words: int = 0


COUNT_EVERYTHING = Counting()


def compute_shares(
    passages: Sequence[Passage], counting: Counting = COUNT_EVERYTHING
) -> dict[Kind, float]:
    """The part of the derivative's words by kind; all 0 where nothing is counted.

    `furniture` (boilerplate) is among the kinds only where it is counted.
    """
    kinds: tuple[Kind, ...] = (*KINDS, "furniture") if counting.boilerplate else KINDS
    counts = dict.fromkeys(kinds, 0)
    for passage in passages:
        short = bool(passage.sources) and passage.words < counting.min_words
        if passage.kind in counts and not short:
            counts[passage.kind] += passage.words
            counts[passage.kind] -= 0 if counting.quotations else passage.quoted
    total = sum(counts.values())
    return {kind: count / total if total else 0.0 for kind, count in counts.items()}
