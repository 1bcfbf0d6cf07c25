"""Runs of identical words that stand in the source, wherever: also in sentences without a link.

A sentence that quotes or copies half of its words and goes on in its own is hardly like any
source sentence; what was taken shows in the run itself. Runs are found by their words, eight at a
time (Broder 1997), in all of the source. Passages are runs that follow one another on both sides
with few words between: a paragraph in which some words were changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dedup.text import Sentence, Text, Token
from dedup.text.model import once_per_text
from dedup.text.quotations import find_quotations

# Words in a row that hardly anybody writes twice; twice as many where each is one character.
MIN_RUN = 8
# A sentence without a link comes from where so many of its words stand in a row, and so large a
# part of them: independent reports quote as much of one speech in longer sentences (basil).
MIN_TAKEN, MIN_TAKEN_PART = 12, 0.4
# Words of either side between two runs of one passage: between two words that were replaced there
# may be seven that were not, one too few for a run.
MAX_GAP = 9

WordRun = tuple[int, int, int]  # first word here, first word there, how many


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A stretch of the derivative that stands, nearly word for word, in the source. `words` are
    those that are the same, `told` those of them that the derivative does not quote and that are
    no figures: the head of a table is nobody's wording."""

    begin: int
    end: int
    source_begin: int
    source_end: int
    words: int
    told: int


@dataclass(frozen=True, slots=True)
class RunIndex:
    """The words of a text's sentences end to end, a number for the `width` in a row from each of
    them on, and where each such number stands first."""

    tokens: tuple[Token, ...]
    forms: tuple[str, ...]
    runs: tuple[int, ...]
    places: dict[int, int]
    width: int


@once_per_text
def index_runs(text: Text) -> RunIndex:
    """The words of a text, boilerplate apart, as runs are looked up in them."""
    tokens = tuple(token for s in text.prose for token in s.tokens)
    forms = tuple(token.form for token in tokens)
    single = sum(len(form) == 1 and not form.isascii() for form in forms)
    width = 2 * MIN_RUN if 2 * single > len(forms) else MIN_RUN
    runs = number_runs(forms, width)
    places = dict(zip(reversed(runs), range(len(runs) - 1, -1, -1), strict=True))
    return RunIndex(tokens, forms, runs, places, width)


def number_runs(forms: tuple[str, ...], width: int) -> tuple[int, ...]:
    """A number for each so many words in a row, of which equal ones have the same."""
    return tuple([hash(forms[i : i + width]) for i in range(len(forms) - width + 1)])


@once_per_text
def count_own_words(text: Text) -> tuple[int, ...]:
    """How many of the words before each, in the order of `index_runs`, are the text's own: those
    that it does not quote and that are no figures."""
    quoted = bytearray(len(text.article.text))
    for quotation in find_quotations(text):
        quoted[quotation.begin : quotation.end] = b"\1" * (quotation.end - quotation.begin)
    tokens = index_runs(text).tokens
    own = (not t.form[0].isdecimal() and not quoted[t.begin] for t in tokens)
    return (0, *accumulate(own))


def find_long_runs(
    forms: Sequence[str], runs: Sequence[int], source: RunIndex
) -> Iterator[WordRun]:
    """The runs of at least eight words that `forms` have in common with a text, left to right.
    `runs` are their `number_runs`, as wide as those of the text."""
    passed = 0
    for i, run in enumerate(runs):
        if i < passed or run not in source.places:
            continue
        j, n = source.places[run], 0
        while (
            i + n < len(forms) and j + n < len(source.forms) and forms[i + n] == source.forms[j + n]
        ):
            n += 1
        if n >= source.width:
            yield i, j, n
            passed = i + n


def runs_of(sentence: Sentence, source: RunIndex) -> Iterator[WordRun]:
    """The runs of at least eight words that a sentence has in common with a text."""
    forms = tuple(token.form for token in sentence.tokens)
    return find_long_runs(forms, number_runs(forms, source.width), source)


def find_origin(sentence: Sentence, source: Text) -> tuple[int, ...]:
    """The sentences of the source, by their number in its prose, that have the longest run of a
    sentence without a link; none where too few of its words were taken."""
    index = index_runs(source)
    if len(sentence.tokens) < index.width:
        return ()
    least = max(MIN_TAKEN * index.width // MIN_RUN, MIN_TAKEN_PART * len(sentence.tokens))
    taken = max(runs_of(sentence, index), key=lambda run: run[2], default=(0, 0, 0))
    if taken[2] < least:
        return ()
    first, last = index.tokens[taken[1]], index.tokens[taken[1] + taken[2] - 1]
    return tuple(
        n for n, s in enumerate(source.prose) if s.begin <= last.begin and first.begin < s.end
    )


def measure_taken(sentence: Sentence, source: Text) -> float:
    """What part of a sentence stands in long runs in the source."""
    taken = sum(n for *_, n in runs_of(sentence, index_runs(source)))
    return taken / max(len(sentence.tokens), 1)


def find_shared_passages(source: Text, derivative: Text) -> tuple[SharedPassage, ...]:
    """The passages that both texts have nearly word for word, most words first."""
    there, own = index_runs(source), index_runs(derivative)
    runs = own.runs if own.width == there.width else number_runs(own.forms, there.width)
    if there.places.keys().isdisjoint(runs):  # of what is compared, most
        return ()
    groups: list[list[WordRun]] = []
    for run in find_long_runs(own.forms, runs, there):
        before = groups[-1][-1] if groups else None
        if before is not None:
            gap, other = run[0] - before[0] - before[2], run[1] - before[1] - before[2]
            if gap <= MAX_GAP and 0 <= other <= MAX_GAP:
                groups[-1].append(run)
                continue
        groups.append([run])
    told = count_own_words(derivative) if groups else ()
    passages = []
    for group in groups:
        (first, start, _), (last, stop, n) = group[0], group[-1]
        passages.append(
            SharedPassage(
                own.tokens[first].begin,
                own.tokens[last + n - 1].end,
                there.tokens[start].begin,
                there.tokens[stop + n - 1].end,
                words=sum(length for *_, length in group),
                told=sum(told[i + length] - told[i] for i, _, length in group),
            )
        )
    return tuple(sorted(passages, key=lambda passage: (-passage.words, passage.begin)))


def count_taken_words(source: Text, derivative: Text, least: int) -> int:
    """How many words outside quotations stand in passages that have at least `least` of them;
    figures do not count, and where each character is a word, two count as one."""
    two = index_runs(derivative).width // MIN_RUN
    return sum(passage.told // two for passage in find_long_passages(source, derivative, least))


def find_long_passages(source: Text, derivative: Text, least: int) -> tuple[SharedPassage, ...]:
    """The shared passages of which at least `least` words count, most words first."""
    two = index_runs(derivative).width // MIN_RUN
    passages = find_shared_passages(source, derivative)
    return tuple(passage for passage in passages if passage.told >= least * two)
