"""Why a passage has the kind it has, in words that an editor can check.

The rule for its kind with the passage's own numbers, the identical runs, the rarest words that
both sides have, the clauses and where each comes from. They restate what `align` measured and
count what can be counted in the two texts; the fitted model behind the score is not opened
again.
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

MAX_QUOTE = 160
MAX_RUNS = 6
MAX_WORDS = 10
MIN_RARITY = 2.5  # leaves out what any two sentences of a language share ("after", "which")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in a few words, and the words of the article that it rests on."""

    words: str
    quotes: tuple[str, ...] = ()


class Reasons:
    """The reasons for passages of one pair; the words of both are split once."""

    def __init__(self, source: Article, derivative: Article, theirs: str, ours: str) -> None:
        self._source, self._derivative = source.text, derivative.text
        self._there, self._here = _Words(source.text), _Words(derivative.text)
        self._languages = theirs, ours

    def of(self, passage: Passage) -> tuple[Reason, ...]:
        """The reasons for one passage, the rule first."""
        reasons = [Reason(self._rule(passage))]
        if not passage.sources:
            return tuple(reasons)
        runs = sorted(passage.runs, key=lambda run: run.begin - run.end)[:MAX_RUNS]
        if runs:
            quotes = tuple(brief(self._derivative[r.begin : r.end], MAX_QUOTE) for r in runs)
            reasons.append(Reason("Identical phrases, longest first", quotes))
        shared = self._shared(passage)
        if shared:
            reasons.append(Reason("Words in both, rarest first", shared))
        for clause in passage.clauses:
            own = brief(self._derivative[clause.begin : clause.end], MAX_QUOTE)
            its = brief(clause.source.of(self._source), MAX_QUOTE)
            reasons.append(Reason("One part comes from one sentence", (own, its)))
        return tuple(reasons)

    def _rule(self, passage: Passage) -> str:
        sure = percent(passage.score)
        match passage.kind:
            case "furniture":
                return "Part of the page, not of the story. Counted only if you ask for it."
            case "added":
                return (
                    "No sentence of the source says half of what this one says. "
                    f"The closest has a chance of {sure}."
                )
            case "translated":
                there, here = self._languages
                languages = f" from {there} to {here}" if there and here else ""
                return f"Likely translation{languages} ({sure})."
        within = len({i for run in passage.runs for i in self._here.within(run.begin, run.end)})
        share = f"{within} of its {pluralize(passage.words, 'word')}"
        if passage.kind == "copied":
            return f"Copied ({sure}): {share} stand in phrases identical to the source."
        if not within:
            return f"Likely paraphrase ({sure}), no identical phrase."
        return (
            f"Likely paraphrase ({sure}): {share} stand in identical phrases; "
            "in a copy 8 in 10 would."
        )

    def _shared(self, passage: Passage) -> tuple[str, ...]:
        theirs = {self._there.forms[i] for i in self._there.inside(passage.sources)}
        shared: dict[str, tuple[float, int]] = {}
        for i in self._here.inside(passage.parts):
            form = self._here.forms[i]
            rare = word_rarity(form, self._languages[1])
            if form in theirs and form not in shared and rare >= MIN_RARITY:
                shared[form] = -rare, i
        ranked = sorted(shared.values())[:MAX_WORDS]
        return tuple(
            brief(self._derivative[self._here.begins[i] : self._here.ends[i]], MAX_QUOTE)
            for _, i in ranked
        )


class _Words:
    """The words of a text, by place."""

    def __init__(self, text: str) -> None:
        words = split_words(text)
        self.begins: list[int] = words.begins.tolist()
        self.ends: list[int] = words.ends.tolist()
        self.forms = words.forms()

    def within(self, begin: int, end: int) -> range:
        return range(bisect_left(self.begins, begin), bisect_left(self.begins, end))

    def inside(self, spans: Iterable[Span]) -> Iterable[int]:
        return (i for span in spans for i in self.within(span.begin, span.end))
