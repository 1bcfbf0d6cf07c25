"""What each difference between a copy and its source means.

Only edits are graded that have the same words on either side: there one word stands in the place
of another, and what both say can be compared. Where nearly all of a passage is the same, nothing
else can have drifted, and no other comparison is asked (`is_near_copy`). An edit that no list
knows is no drift; it is still among the passage's changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

import regex

from dedup.align.drift.concepts import find_other_meaning
from dedup.align.drift.contrasts import (
    Found,
    find_common_sides,
    find_contrast,
    find_other_noun,
    has_term,
    load_articles,
)
from dedup.align.drift.cues import load_cues
from dedup.align.drift.edited import Edited
from dedup.align.drift.figures import Figure, agree, is_over, make_figure, read_figure
from dedup.align.drift.names import is_respelled, is_same_name, load_titles
from dedup.align.drift.pairing import (
    Drift,
    DriftKind,
    find_words,
    is_content,
    is_same_word,
    span_words,
)
from dedup.align.drift.qualifiers import Qualifiers
from dedup.align.drift.words import EDGE, Edit, Word
from dedup.article import Span
from dedup.text import Anchor, Text
from dedup.text.layout import UNSPACED

# Words that are the same beside an edit, an end of the passage counting as two: in a copy, and in
# a passage that was retold, where few words that are the same may stand together by chance.
MIN_SAME_WORDS, MIN_SAME_RETOLD = 3, 6
MAX_EDIT = 6  # words on either side; a longer one was written anew
MAX_ATTRIBUTION = 14  # "the minister of health, Jane Roe, told reporters on Monday that"
MIN_ROUNDED_DIGITS = 3  # 148 may be told as 150; 48 that became 50 was changed
NEAR_UNIT = 4  # words from the end of an edit back to the figure of a unit in it
MIN_MISSPELLED = 0.75  # difflib's ratio: Keller and Kelner; not Managua and Nicaragua
MIN_ROOT = 4  # letters at the beginning that words of one root have in common
MAX_TO_SPEAKER = 1  # words between a word of saying and who said it: "said the police"
MAX_ENDING = 3  # letters by which forms of one name differ: Russia, Russian
MAX_CASE = 2  # letters at the end that a case changes: Москва, Москвы
GROUPS = regex.compile(r"(?<=\d)[.,'’\s](?=\d{3}(?!\d))")
WHAT: dict[str, tuple[DriftKind, str]] = {
    "number": ("number", "number changed"),
    "unit": ("number", "unit changed"),
    "date": ("number", "date changed"),
    "direction": ("direction", "direction changed"),
    "whole": ("number", "number changed"),
}


def grade_edits(edited: Edited) -> Iterator[Drift]:
    """What drifted in the edits of a pair in one language."""
    for edit in edited.edits:
        beside, least = (MIN_SAME_WORDS, 1) if edited.is_near_copy else (MIN_SAME_RETOLD, EDGE)
        if min(edit.left, edit.right) < least or edit.left + edit.right < beside:
            continue
        longest = max(edit.after - edit.first, edit.source_after - edit.source_first)
        stance = Qualifiers(edited, edit)
        if longest <= MAX_EDIT:
            graded = next(
                filter(
                    None,
                    (list(grade(edited, edit)) for grade in GRADES),
                ),
                [],
            )
            if stance.denied and any(drift.kind == "direction" for drift in graded):
                continue  # "did not fall" says what "rose" says
            yield from graded
            yield from stance.grade_qualifiers()
        if longest <= MAX_ATTRIBUTION:
            yield from stance.grade_attribution()


# -- Figures ---------------------------------------------------------------------------------


def grade_figures(edited: Edited, edit: Edit) -> Iterator[Drift]:
    """A figure that stands for another."""
    pair = edited.pair
    own = [w for w in edited.ours[edit.first : edit.after] if w.place == "#"]
    other = [w for w in edited.theirs[edit.source_first : edit.source_after] if w.place == "#"]
    if not own or not other:
        return
    if edit.swapped and is_row(edited, edit):
        return
    if edit.swapped:
        places = [(a, b) for a, b in zip(own, other, strict=False) if a.key != b.key]
        places = [(a, b) for a, b in places if not agree_words(a, b, edited, edit)]
        new, lost = [a for a, _ in places], [b for _, b in places]
    elif len(own) != len(other) and _digits(own) == _digits(other):
        return  # 12 644, 12.644
    else:
        new = [w for w in own if not any(agree_words(w, o, edited, edit) for o in other)]
        lost = [o for o in other if not any(agree_words(w, o, edited, edit) for w in own)]
    for word, was in zip(new, lost, strict=False):
        a, b = _figure(word, edited.pair.derivative), _figure(was, edited.pair.source)
        same_value = a is not None and b is not None and a.value == b.value
        what = "unit changed" if same_value else "number changed"
        if a is not None and b is not None and a.value is b.value is None:
            what = "date changed"
        here, there = Span(word.begin, word.end), Span(was.begin, was.end)
        yield pair.drift("number", what, here, there)


def _digits(words: Sequence[Word]) -> str:
    return "".join(c for word in words for c in word.key if c.isdecimal())


def is_row(edited: Edited, edit: Edit) -> bool:
    """Whether what changed places stands in a row, where its order says nothing."""
    known = load_cues(edited.pair.source.language)
    joining = {forms[0] for forms in known.lists["symmetric"]} if known else set()
    mates = [e for e in edited.edits if e.swapped]
    low, high = mates[0].first, mates[-1].after
    articles = load_articles(edited.pair.source.language).forms
    inside = edited.ours[low:high]
    between = [word for word in inside if word.key not in articles]
    if any(word.place == "#" for word in between):
        return False
    if any(word.place == "@" for word in edited.ours[edit.first : edit.after]):
        joined = len(between) == len(inside) or any(word.key in joining for word in between)
        return joined and all(word.place in ("#", "@") or word.key in joining for word in between)
    return any(word.key in joining for word in between)  # "the bread, the milk and the butter"


def agree_words(own: Word, other: Word, edited: Edited, edit: Edit) -> bool:
    """Whether two figures say the same in a copy: rounding shows by a word or many digits."""
    derivative, source = edited.pair.derivative, edited.pair.source
    if own.key == other.key or strip_groups(own, derivative) == strip_groups(other, source):
        return True
    a, b = _figure(own, edited.pair.derivative), _figure(other, edited.pair.source)
    if a is None or b is None:  # "three and a half" and 3.5
        return (own.anchor is None) != (other.anchor is None) or (a is None) != (b is None)
    if (a.value is None) != (b.value is None):  # "4 October", "four October"
        date, day = (a, b) if a.value is None else (b, a)
        return day.value == int(date.anchor.value[-2:])
    if not agree(a, b):
        return is_over(a, b, edited.pair)
    if a.value is None or b.value is None or a.value == b.value or (a.unit and b.unit != a.unit):
        return True
    own_digits, digits = (len(f.value.normalize().as_tuple().digits) for f in (a, b) if f.value)
    words = (edit.after - edit.first) + (edit.source_after - edit.source_first)
    return own_digits < digits and (digits >= MIN_ROUNDED_DIGITS or words > len((own, other)))


def strip_groups(word: Word, text: Text) -> str:
    """The letters and digits of a figure without the marks between thousands."""
    return "".join(GROUPS.sub("", text.article.text[word.begin : word.end]).split())


def _figure(word: Word, text: Text) -> Figure | None:
    """The figure that a word is; None for a clock time, an ordinal, part of a name."""
    if word.anchor is not None:
        figure = read_figure(word.anchor, text)
        if figure and figure.value is not None and word.key.startswith("-"):
            return replace(figure, value=-figure.value)
        return figure
    try:
        return make_figure(Anchor(word.begin, word.end, "number", word.key), Decimal(word.key), "")
    except InvalidOperation:
        return None


# -- Words and names -------------------------------------------------------------------------


def grade_contrast(edited: Edited, edit: Edit) -> Iterator[Drift]:
    """A word that stands for one that excludes it."""
    if not edit.replaces:
        return
    pair, language = edited.pair, edited.pair.derivative.language
    if edit.swapped and is_row(edited, edit):
        return  # "between North and South"
    here, there = _terms_within(edited, edit)
    found = find_contrast(here, there, language)
    if found is not None and not (found[0] == "unit" and is_converted(edited, edit)):
        kind, what = WHAT[found[0]]
        yield pair.drift(kind, what, edited.span(edit), edited.source_span(edit))
    elif found is None and is_all_of(edited, edit, here, there):
        yield pair.drift(*WHAT["whole"], edited.span(edit), edited.source_span(edit))


def is_all_of(edited: Edited, edit: Edit, here: Sequence[Found], there: Sequence[Found]) -> bool:
    """Whether one side has a figure, "three", and the other "all" or "most"."""
    language = edited.pair.derivative.language
    sides = []
    for terms, words in (
        (here, edited.ours[edit.first : edit.after]),
        (there, edited.theirs[edit.source_first : edit.source_after]),
    ):
        figure = any(w.place == "#" for w in words) or has_term(terms, "number", language)
        sides.append((figure, has_term(terms, "whole", language)))
    return sides in ([(True, False), (False, True)], [(False, True), (True, False)])


def grade_nouns(edited: Edited, edit: Edit) -> Iterator[Drift]:
    """In a near copy, a noun that stands for another: somebody or something else."""
    if not edit.replaces or edit.swapped:
        return
    pair, language = edited.pair, edited.pair.derivative.language
    found = find_other_noun(*_terms_within(edited, edit), language)
    if found is None or not edited.is_near_copy:
        return
    (first, after, *_), (source_first, source_after, *_) = found
    words = pair.ours[first].form, pair.theirs[source_first].form
    if words[0][:MIN_ROOT] == words[1][:MIN_ROOT]:
        return  # "in prison", "prisoners"
    # What stands elsewhere on the other side was but moved, or is who was spoken of.
    for noun, terms in zip(found, reversed(edited.terms), strict=True):
        if any(term[2:] == noun[2:] for term in terms):
            return
    here = span_words(pair.ours, first, after - 1)
    there = span_words(pair.theirs, source_first, source_after - 1)
    said = all(
        any("attribution" in kinds and is_beside(cue, noun) for *cue, kinds in cues)
        for cues, noun in zip(edited.cues, found, strict=True)
    )
    if said:
        yield pair.drift("attribution", "speaker changed", here, there)
    else:
        yield pair.drift("name", "noun replaced", here, there)


def is_beside(cue: Sequence[int], noun: Found) -> bool:
    """Whether only few words stand between a word of saying and a noun."""
    return max(cue[0] - noun[1], noun[0] - cue[1]) <= MAX_TO_SPEAKER


def _terms_within(edited: Edited, edit: Edit) -> tuple[list[Found], list[Found]]:
    """The terms of both sides of an edit."""
    pair, (own, other) = edited.pair, edited.terms
    return (
        _within(own, find_words(pair.ours, *_offsets(edited.span(edit)))),
        _within(other, find_words(pair.theirs, *_offsets(edited.source_span(edit)))),
    )


def is_converted(edited: Edited, edit: Edit) -> bool:
    """Whether units differ because the figures before them do, which were compared with them."""
    pair = edited.pair
    own = _figure_before(edited.ours, edit.after)
    other = _figure_before(edited.theirs, edit.source_after)
    if own is None or other is None:
        return False
    a, b = _figure(own, pair.derivative), _figure(other, pair.source)
    return a is not None and b is not None and a.value != b.value


def _figure_before(words: Sequence[Word], after: int) -> Word | None:
    near = words[max(after - NEAR_UNIT, 0) : after]
    return next((word for word in reversed(near) if word.place == "#"), None)


def _offsets(span: Span) -> tuple[int, int]:
    return span.begin, span.end


def _within(found: Sequence[Found], words: tuple[int, int]) -> list[Found]:
    """The terms that have a word in a range."""
    return [term for term in found if term[0] < words[1] and term[1] > words[0]]


def grade_names(edited: Edited, edit: Edit) -> Iterator[Drift]:
    """A name that stands for another, or is spelled otherwise."""
    own, other = (
        list(names_of(words, low, high))
        for words, low, high in (
            (edited.ours, edit.first, edit.after),
            (edited.theirs, edit.source_first, edit.source_after),
        )
    )
    if edit.swapped:
        mates = [e for e in edited.edits if e.swapped]
        figures = all(word.place == "#" for word in edited.ours[edit.first : edit.after])
        if edit is mates[0] and not figures and not is_row(edited, edit):
            here, there = (
                Span(span(mates[0]).begin, span(mates[-1]).end)
                for span in (edited.span, edited.source_span)
            )
            what = "names swapped" if own else "roles swapped"
            yield edited.pair.drift("name", what, here, there)
        return
    lengths = (edit.after - edit.first, edit.source_after - edit.source_first)
    words = tuple(sum(len(name.value.split()) for name in names) for names in (own, other))
    if len(own) != len(other) or lengths != words or not edited.is_near_copy:
        return  # "the 21-year-old Australian" may be Dylan Thomas
    if find_common_sides(*_terms_within(edited, edit)):
        return  # "Trainer", "Coach": nouns have capitals in German
    for name, was in zip(own, other, strict=True):
        if name.value == was.value or set(name.value.split()) & set(was.value.split()):
            continue
        here, there = Span(name.begin, name.end), Span(was.begin, was.end)
        if is_respelled(name, was) or not load_titles().isdisjoint((name.value, was.value)):
            continue
        if SequenceMatcher(None, name.value, was.value).ratio() >= MIN_MISSPELLED:
            if is_misspelled(name.value, was.value):
                yield edited.pair.drift(
                    "name", "name spelled otherwise", here, there, severity="detail"
                )
        elif not is_same_name(name, was, edited.pair):
            yield edited.pair.drift("name", "name replaced", here, there)


def is_misspelled(own: str, other: str) -> bool:
    """Whether two names differ within, and not by an ending, as "Russia" and "Russian" do."""
    shorter, longer = sorted((own, other), key=len)
    alike = next(
        (n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if longer.startswith(shorter):
        return False
    if len(shorter) == len(longer):
        return len(shorter) - alike > MAX_CASE
    if len(longer) - len(shorter) == 1:
        return alike < len(shorter) - 1
    return len(longer) - alike > MAX_ENDING


def grade_meanings(edited: Edited, edit: Edit) -> Iterator[Drift]:
    """In a near copy, a word that no list has and that means another thing."""
    pair, encoder = edited.pair, edited.pair.encoder
    if encoder is None or not edit.replaces or edit.swapped or not edited.is_near_copy:
        return
    if find_common_sides(*_terms_within(edited, edit)):
        return  # a list has both, for one thing
    own = _only_word(edited.ours[edit.first : edit.after], pair.derivative)
    other = _only_word(edited.theirs[edit.source_first : edit.source_after], pair.source)
    if own is None or other is None:
        return
    if _has_form(own[1], edited.theirs) or _has_form(other[1], edited.ours):
        return  # another form of it, or only moved
    words = pair.derivative.slice(own[0]).lower(), pair.source.slice(other[0]).lower()
    about = find_other_meaning(*words, encoder)
    if about is not None:
        kind, what = WHAT.get(about, ("name", "noun replaced"))
        yield pair.drift(kind, what, own[0], other[0])


def _only_word(words: Sequence[Word], text: Text) -> tuple[Span, str] | None:
    """The one word of an edit that says something by itself, if there is just one, neither a name
    nor a figure; in a script without spaces the whole edit, if it is more than a letter."""
    if any(word.place in ("@", "#") for word in words):
        return None
    whole = Span(words[0].begin, words[-1].end)
    if UNSPACED.match(words[0].key):
        key = "".join(word.key for word in words)
        return (whole, key) if len(key) == len(text.slice(whole)) > 1 else None
    saying = [word for word in words if is_content(word.key, text.language)]
    return (Span(saying[0].begin, saying[0].end), saying[0].key) if len(saying) == 1 else None


def _has_form(key: str, words: Sequence[Word]) -> bool:
    """Whether one of the words is a form of that one."""
    if UNSPACED.match(key):
        return key in "".join(word.key for word in words)
    return any(is_same_word(key, word.key) for word in words)


GRADES = (grade_figures, grade_contrast, grade_nouns, grade_names, grade_meanings)


def names_of(words: Sequence[Word], low: int, high: int) -> Iterator[Anchor]:
    """The names in a range of words, each in one piece."""
    run: list[Word] = []
    for word in [*words[low:high], None]:
        if word is not None and word.place == "@":
            run.append(word)
        elif run:
            value = " ".join(w.key for w in run)
            yield Anchor(run[0].begin, run[-1].end, "name", value)
            run = []
