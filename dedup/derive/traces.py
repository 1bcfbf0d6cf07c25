"""Traces: what the content and the wording of two articles say of who was first.

Comes in: the `Measures` of a family and a pair (u, v). Goes out: for each trace how much
speaks for u → v, and the words behind it: content that one lacks and others have, specifics
lost, sentences cut short, plainer words, misspellings, versions that grow. Measured on known
directions (`python -m benchmarks.fit_derivation`) each of them is weak: people cut and add,
split and join. What they are worth is left to the fit.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from math import fsum, log

import numpy as np
import regex

from dedup.attribution import Attribution
from dedup.derive.measures import SHORTEST_ODD, UNKNOWN_WORD, Flags, Measures
from dedup.derive.member import Mark, Member
from dedup.text import Sentence, same_language
from dedup.text.rarity import has_word_list, word_rarity

Found = tuple[str, tuple[Mark, ...]]

MOST_SHOWN = 5  # spans of one piece of evidence
MOST_ODD = 60  # odd words of an article that are looked at
FEW_NAMES = 2  # in common that are as good as none
WIDELY = 50  # members that are asked whether they know a word or are nearer
LEAST_CUT = 2  # words
DETACHED = regex.compile(r"\p{L} -\p{Ll}")  # "rocket -assisted": a machine's spacing


# -- what the one has and the other lacks ----------------------------------------------------


def corroboration(m: Measures, u: int, v: int) -> float:
    """Corroborated content: what u has, v lacks, and a third member tells too.

    The third cannot have it from the one that lacks it; so the one that lacks it is no
    parent of both.
    """
    alone = _corroborated(m, u, v)
    return float(m.own[u].sizes @ alone) / m.own[u].length if alone is not None else 0.0


def _corroborated(m: Measures, u: int, v: int) -> Flags | None:
    told_ = m.tells.get((u, v))
    if told_ is None or _across(m, u, v):
        return None
    return ~told_ & (m.elsewhere[u] > 0)


def corroboration_words(m: Measures, u: int, v: int) -> Found:
    alone = _corroborated(m, u, v)
    sentences = _chosen(m.own[u].sentences, alone)
    are = "sentences of {} are" if len(sentences) != 1 else "sentence of {} is"
    detail = (
        f"{len(sentences)} {are.format(m.members[u].id)} missing from {m.members[v].id} "
        "and told by further articles"
    )
    return detail, _sentence_marks(m.members[u], sentences)


def containment(m: Measures, u: int, v: int) -> float:
    """v stands in u rather than u in v."""
    return 0.0 if _across(m, u, v) else m.covered(v, u)


def containment_words(m: Measures, u: int, v: int) -> Found:
    one, other = m.covered(v, u), m.covered(u, v)
    detail = (
        f"{one:.0%} of {m.members[v].id} stands in {m.members[u].id}, "
        f"{other:.0%} the other way round"
    )
    return detail, ()


def specifics(m: Measures, u: int, v: int) -> float:
    """Lost specifics: names and numbers of passages that v retells and v has not."""
    return float(len(_lost(m, u, v)))


def _lost(m: Measures, u: int, v: int) -> list[str]:
    told_ = m.tells.get((u, v))
    if told_ is None or _across(m, u, v) or m.own[u].all_anchors <= m.own[v].all_anchors:
        return []
    retold = (a for a, told in zip(m.own[u].anchors, told_, strict=True) if told)
    return sorted(frozenset().union(*retold) - m.own[v].all_anchors)


def specifics_words(m: Measures, u: int, v: int) -> Found:
    lost = _lost(m, u, v)
    marks = [
        Mark(m.members[u].id, anchor.begin, anchor.end)
        for sentence in m.own[u].sentences
        for anchor in sentence.anchors
        if anchor.value in lost
    ]
    shown = ", ".join(lost[:MOST_SHOWN]) + (", …" if len(lost) > MOST_SHOWN else "")
    detail = f"{m.members[v].id} retells {m.members[u].id} without its specifics: {shown}"
    return detail, tuple(marks[:MOST_SHOWN])


# -- rewriting ---------------------------------------------------------------------


def cuts(m: Measures, u: int, v: int) -> float:
    """Sentences of v that are sentences of u with words left out, or parts of such."""
    return float(len(_cut(m, u, v)))


def _cut(m: Measures, u: int, v: int) -> list[tuple[int, int]]:
    """(sentence of u, what v has made of it), in v's order."""
    links = m.links.get((v, u))
    if links is None or _across(m, u, v):
        return []
    theirs, ours = m.own[u].sentences, m.own[v].sentences
    pairs = ((sources[0], j) for j, sources in enumerate(links.sources) if len(sources) == 1)
    return [
        (i, j)
        for i, j in pairs
        if i < len(theirs) and j < len(ours) and _shortened(theirs[i], ours[j])
    ]


def _shortened(long: Sentence, short: Sentence) -> bool:
    """Whether the one becomes the other by leaving words out."""
    if len(long.tokens) - len(short.tokens) < LEAST_CUT:
        return False
    rest = iter([token.form for token in long.tokens])
    return all(token.form in rest for token in short.tokens)


def cuts_words(m: Measures, u: int, v: int) -> Found:
    pairs = _cut(m, u, v)
    detail = (
        f"{len(pairs)} sentence{'s' * (len(pairs) != 1)} of {m.members[v].id} "
        f"{'are' if len(pairs) != 1 else 'is'} shortened from {m.members[u].id}, with no new word"
    )
    places = [(w, at) for pair in pairs for w, at in zip((u, v), pair, strict=True)]
    sentences = [m.members[w].mark(m.own[w].sentences[at]) for w, at in places]
    return detail, tuple(sentences[: 2 * (MOST_SHOWN // 2)])


def plainness(m: Measures, u: int, v: int) -> float:
    """How rare the words are that v leaves out of what it retells."""
    told_ = m.tells.get((u, v))
    if told_ is None or _across(m, u, v):
        return 0.0
    known = m.own[u].words
    alone = known.keys() - m.own[v].words.keys() - m.own[u].all_anchors
    if len(alone) < 3:
        return 0.0
    retold = (s for s, told in zip(m.own[u].by_sentence, told_, strict=True) if told)
    left_out = alone.intersection(chain.from_iterable(retold))
    return fsum(known[form] for form in left_out) / len(left_out) if len(left_out) > 2 else 0.0


def plainness_words(m: Measures, u: int, v: int) -> Found:
    detail = (
        f"{m.members[v].id} has commoner words where {m.members[u].id} has rare ones: "
        f"by a factor of {10 ** (plainness(m, u, v) - plainness(m, v, u)):.1f}"
    )
    return detail, ()


def artefacts(m: Measures, u: int, v: int) -> float:
    """Artefacts of translation and typing: spellings that only v has, for words that are right
    in u; hyphens that a machine has detached."""
    if _across(m, u, v):
        return 0.0
    return float(len(_misspelled(m, u, v)) + max(_detached(m, v) - _detached(m, u), 0))


def _detached(m: Measures, v: int) -> int:
    return sum(1 for _ in islice(DETACHED.finditer(m.members[v].text.article.text), MOST_SHOWN))


def _misspelled(m: Measures, u: int, v: int) -> list[tuple[str, str]]:
    """(odd word of v, its twin in u): a letter or two apart, known or told by others too."""
    theirs, ours = m.own[u].words, m.own[v].words
    odd = [form for form in m.own[v].odd if form not in theirs][:MOST_ODD]
    if not odd:
        return []
    twins: dict[str, list[str]] = {}
    for form in theirs:
        if len(form) >= SHORTEST_ODD and form not in ours:
            twins.setdefault(form[:2], []).append(form)
    found = []
    for form in odd:
        for twin in twins.get(form[:2], ()):
            right = theirs[twin] < UNKNOWN_WORD or _told_widely(m, u, v, twin)
            if right and _apart(form, twin) <= 2 and not _inflected(form, twin):
                found.append((form, twin))
                break
    return found


def _told_widely(m: Measures, u: int, v: int, form: str) -> bool:
    return any(form in c.words for w, c in enumerate(m.own[:WIDELY]) if w not in (u, v))


def _inflected(one: str, other: str) -> bool:
    """Whether two words differ in their ends only."""
    shorter = min(len(one), len(other)) - 2
    return one[:shorter] == other[:shorter]


def _apart(one: str, other: str) -> int:
    """Letters to change, add or leave out (Levenshtein 1966), counted up to 3."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != theirs))
    return min(row[-1], 3)


def artefacts_words(m: Measures, u: int, v: int) -> Found:
    pairs = _misspelled(m, u, v)
    shown = [f"“{odd}” for “{right}”" for odd, right in pairs[:MOST_SHOWN]]
    if _detached(m, v) > _detached(m, u):
        shown.append("detached hyphens")
    odd_words = {odd for odd, _ in pairs}
    marks = [
        Mark(m.members[v].id, token.begin, token.end)
        for sentence in m.own[v].sentences
        for token in sentence.tokens
        if token.form in odd_words
    ]
    return f"only {m.members[v].id} has {', '.join(shown)}", tuple(marks[:MOST_SHOWN])


# -- translation -------------------------------------------------------------------


def home(m: Measures, u: int, v: int) -> float:
    """Names at home: how rare, in v's language, those are that u and v both have.

    A story is first told where its people and places are known. Means are drawn to nothing
    where there are few; without a list of either language's words there is none.
    """
    ours = _at_home(m, u, v)
    if not ours:
        return 0.0
    language = m.members[v].text.language
    return sum(word_rarity(theirs, language) for _, theirs in ours) / (len(ours) + FEW_NAMES)


def _at_home(m: Measures, u: int, v: int) -> list[tuple[str, str]]:
    """The names that both have, as either spells them; none in one language."""
    one, other = m.members[u].text, m.members[v].text
    if not _across(m, u, v) or not (has_word_list(one.language) and has_word_list(other.language)):
        return []
    ours, theirs = m.own[u].names, m.own[v].names
    return [(name, theirs[stem]) for stem, name in ours.items() if stem in theirs]


def home_words(m: Measures, u: int, v: int) -> Found:
    one, other = m.members[u].text.language, m.members[v].text.language
    names = _at_home(m, u, v)
    names.sort(key=lambda pair: word_rarity(pair[0], one) - word_rarity(pair[1], other))
    shown = [name for name, _ in names[:MOST_SHOWN]]
    places = [
        Mark(m.members[u].id, token.begin, token.end)
        for name in shown
        for token in islice((t for s in m.own[u].sentences for t in s.tokens if t.form == name), 1)
    ]
    detail = (
        f"names are better known in the language of {m.members[u].id} than in that of "
        f"{m.members[v].id}: {', '.join(shown)}"
    )
    return detail, tuple(places)


def centre(m: Measures, u: int, v: int) -> float:
    """How near u is in meaning to articles in further languages, in tenths of cosine.

    A translation is nearer to its source than to another translation of that.
    """
    both = _further(m, u, v)
    return 10 * sum(m.meant[u, w] for w in both) / max(len(both), 1)


def _further(m: Measures, u: int, v: int) -> list[int]:
    """The members in a third language that both are compared with by meaning."""
    if (u, v) not in m.meant:
        return []
    others = range(min(len(m.members), WIDELY))
    return [w for w in others if (u, w) in m.meant and (v, w) in m.meant]


def centre_words(m: Measures, u: int, v: int) -> Found:
    both = [m.members[w].id for w in _further(m, u, v)]
    shown = ", ".join(both[:MOST_SHOWN]) + (", …" if len(both) > MOST_SHOWN else "")
    are = "is" if len(both) == 1 else "are"
    return f"in meaning {shown} {are} nearer to {m.members[u].id} than to {m.members[v].id}", ()


def growth(m: Measures, u: int, v: int) -> float:
    """Revision growth: of two versions by one outlet the later tends to be longer."""
    publisher = m.members[u].publisher
    if publisher is None or publisher != m.members[v].publisher:
        return 0.0
    return log(m.own[v].length + 20)


def growth_words(m: Measures, u: int, v: int) -> Found:
    one, other = m.own[u].length, m.own[v].length
    return f"{m.members[u].publisher}'s versions grow: {one} words, then {other}", ()


def _across(m: Measures, u: int, v: int) -> bool:
    """Whether two articles are in different languages: what one lacks may be lost in linking,
    names are spelled and numbers counted otherwise."""
    return not same_language(m.members[u].text, m.members[v].text)


def marks(member: Member, places: Iterable[Attribution]) -> tuple[Mark, ...]:
    return tuple(member.mark(place) for place in places)


def _chosen(sentences: Sequence[Sentence], flags: Flags | None) -> list[Sentence]:
    return [] if flags is None else [sentences[int(i)] for i in np.flatnonzero(flags)]


def _sentence_marks(member: Member, sentences: Sequence[Sentence]) -> tuple[Mark, ...]:
    return tuple(member.mark(s) for s in sentences[:MOST_SHOWN])
