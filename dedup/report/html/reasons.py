"""Reasons: why a passage has the kind it has, in words that an editor can check.

Comes in: a passage of an alignment and the two texts. Goes out: `Reason`s: the rule for its
kind with the passage's own numbers, the identical runs, the rarest words that both sides have,
the clauses and where each comes from. They restate what `align` measured and count what can be
counted in the two texts; the fitted model behind the score is not opened again.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from dedup.align import Passage
from dedup.article import Article, Span
from dedup.phrasing import percent, pluralize
from dedup.report.html.safe import brief
from dedup.text.rarity import word_rarity
from dedup.text.words import split_words

QUOTE = 160
MOST_RUNS = 6
MOST_WORDS = 10
RARE = 2.5  # of `rarity`: leaves out what any two sentences of a language share ("after", "which")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in a few words, and the words of the article that it rests on."""

    told: str
    quotes: tuple[str, ...] = ()


class Reasons:
    """Tells the reasons for passages of one pair; the words of both are found once."""

    def __init__(self, source: Article, derivative: Article, theirs: str, ours: str) -> None:
        self._source, self._derivative = source.text, derivative.text
        self._there, self._here = _Words(source.text), _Words(derivative.text)
        self._languages = theirs, ours

    def of(self, passage: Passage) -> tuple[Reason, ...]:
        """The reasons for one passage, the rule first."""
        told = [Reason(self._rule(passage))]
        if not passage.sources:
            return tuple(told)
        runs = sorted(passage.runs, key=lambda run: run.begin - run.end)[:MOST_RUNS]
        if runs:
            quotes = tuple(brief(self._derivative[r.begin : r.end], QUOTE) for r in runs)
            told.append(Reason("Identical, longest first", quotes))
        shared = self._shared(passage)
        if shared:
            told.append(Reason("In both, rarest first", shared))
        for clause in passage.clauses:
            own = brief(self._derivative[clause.begin : clause.end], QUOTE)
            its = brief(clause.source.of(self._source), QUOTE)
            told.append(Reason("One part comes from one sentence", (own, its)))
        return tuple(told)

    def _rule(self, passage: Passage) -> str:
        sure = percent(passage.score)
        match passage.kind:
            case "furniture":
                return "Part of the page, not of the story: it counts nowhere unless asked for."
            case "added":
                return (
                    "No sentence of the source has half of what it says; the likeliest has a "
                    f"chance of {sure}."
                )
            case "translated":
                there, here = self._languages
                way = f", from {there} to {here}" if there and here else ""
                return f"It tells what the source tells, in another language{way}: {sure} sure."
        within = self._in_runs(passage)
        of = f"{within} of its {pluralize(passage.words, 'word')}"
        if passage.kind == "copied":
            return f"It stands in the source: {of} in runs of identical words. {sure} sure."
        share = f"{of} stand in runs of identical words" if within else "No run is identical"
        return (
            f"It tells what the source tells in other words: {sure} sure. {share}; "
            "a copy would have 8 in 10 there."
        )

    def _in_runs(self, passage: Passage) -> int:
        return len({i for run in passage.runs for i in self._here.within(run.begin, run.end)})

    def _shared(self, passage: Passage) -> tuple[str, ...]:
        theirs = {self._there.forms[i] for i in self._there.inside(passage.sources)}
        found: dict[str, tuple[float, int]] = {}
        for i in self._here.inside(passage.parts):
            form = self._here.forms[i]
            rare = word_rarity(form, self._languages[1])
            if form in theirs and form not in found and rare >= RARE:
                found[form] = -rare, i
        ranked = sorted(found.values())[:MOST_WORDS]
        return tuple(
            brief(self._derivative[self._here.begins[i] : self._here.ends[i]], QUOTE)
            for _, i in ranked
        )


class _Words:
    """The words of a text, by place."""

    def __init__(self, text: str) -> None:
        found = split_words(text)
        self.begins: list[int] = found.begins.tolist()
        self.ends: list[int] = found.ends.tolist()
        self.forms = found.forms()

    def within(self, begin: int, end: int) -> range:
        return range(bisect_left(self.begins, begin), bisect_left(self.begins, end))

    def inside(self, spans: Iterable[Span]) -> Iterable[int]:
        return (i for span in spans for i in self.within(span.begin, span.end))
