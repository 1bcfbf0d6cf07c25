"""Traces: what content and wording say of which article was first.

Each function finds what speaks for a pair in its order, such as details left out or sentences
cut short, and the words behind it. Measured on known directions (`benchmarks.fit_derivation`)
each is weak, since people cut and add, split and join. What they are worth is left to the fit.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, islice
from math import fsum, log

import numpy as np
import regex

from dedup.derive.measures import MIN_ODD, UNKNOWN_WORD, Pair
from dedup.derive.member import NOTHING, Finding, Mark
from dedup.phrasing import pluralize
from dedup.text.rarity import has_word_list, word_rarity

MAX_MARKS = 5  # spans of one piece of evidence, and words quoted in it
MAX_ODD = 60  # odd words of an article that are looked at
PRIOR_NAMES = 2  # names in common that are as good as none
MAX_ASKED = 50  # members that are asked whether they know a word or are nearer
MIN_CUT = 2  # words
# Of 33 excerpts of the open real families and of press releases that are so contained, 29 are the
# derivatives; of 17 that have the end and lack something before, 12.
MIN_EXCERPTED = 0.9  # share of an excerpt's words and letters in the longer text
MAX_EXCERPT = 0.9  # of the longer text's words
MIN_END = 0.25  # share of what an excerpt lacks that stands at the end of the longer text
MIN_DETAIL = 4  # letters of a name that is quoted as a detail: not "Mr"
DETACHED = regex.compile(r"\p{L} -\p{Ll}")  # "rocket -assisted": a machine's spacing


def corroboration(pair: Pair) -> Finding:
    """What the source has, the derivative lacks, and a third member has too.

    The third cannot have it from the one that lacks it; so the one that lacks it is no
    source of both.
    """
    retold, own = pair.retold, pair.source.columns
    if retold is None:
        return NOTHING
    missing = ~retold & (pair.source.elsewhere > 0)

    def describe() -> tuple[str, tuple[Mark, ...]]:
        sentences = [own.sentences[int(i)] for i in np.flatnonzero(missing)]
        lacked = pluralize(len(sentences), "sentence")
        detail = (
            f"{pair.derivative.id} lacks {lacked} of {pair.source.id} that other articles confirm"
        )
        return detail, pair.source.member.marks(sentences[:MAX_MARKS])

    return Finding(float(own.sizes @ missing) / own.length, describe)


def excerpt(pair: Pair) -> Finding:
    """The derivative stands nearly whole in a longer source, and adds nothing; the end of that is
    among what it lacks, as newsrooms cut from the bottom."""
    if pair.crosslingual:
        return NOTHING
    ours, theirs = pair.source.columns, pair.derivative.columns
    if theirs.length > MAX_EXCERPT * ours.length or not theirs.said:
        return NOTHING
    grams = np.isin(theirs.grams, ours.grams, assume_unique=True)
    if not len(grams) or grams.mean() < MIN_EXCERPTED or pair.covered < MIN_EXCERPTED:
        return NOTHING
    retold = pair.retold
    if retold is None:
        return NOTHING
    end = np.flatnonzero(retold).max(initial=-1) + 1
    if ours.sizes[end:].sum() < MIN_END * (ours.sizes @ ~retold):
        return NOTHING
    derivative, source = pair.derivative.id, pair.source.id
    detail = f"{derivative} stands in {source}, which is longer, and adds nothing to it"
    return Finding(1.0, lambda: (detail, ()))


def specifics(pair: Pair) -> Finding:
    """Names and numbers of passages that the derivative retells without them."""
    retold, ours, theirs = pair.retold, pair.source.columns, pair.derivative.columns
    if retold is None or ours.all_anchors <= theirs.all_anchors:
        return NOTHING
    kept = (anchors for anchors, flag in zip(ours.anchors, retold, strict=True) if flag)
    lost = frozenset().union(*kept) - theirs.all_anchors

    def describe() -> tuple[str, tuple[Mark, ...]]:
        anchors = [a for s in ours.sentences for a in s.anchors if a.value in lost]
        anchors = anchors[:MAX_MARKS]
        details = [
            pair.source.member.text.slice(a)
            for a in anchors
            if a.kind == "number" or len(a.value) >= MIN_DETAIL
        ]
        quoted = f": {', '.join(dict.fromkeys(details))}" if details else ""
        detail = f"{pair.derivative.id} omits details found in {pair.source.id}{quoted}"
        return detail, pair.source.member.marks(anchors)

    return Finding(float(len(lost)), describe)


def cuts(pair: Pair) -> Finding:
    """Sentences of the derivative that are sentences of the source with words left out."""
    links = pair.links
    if links is None or pair.crosslingual:
        return NOTHING
    long, short = pair.source.columns, pair.derivative.columns
    shortened = [
        (i, j)
        for j, sources in enumerate(links.sources)
        if len(sources) == 1 and (i := sources[0]) < len(long.forms) and j < len(short.forms)
        and _is_shortened(long.forms[i], short.forms[j])
    ]  # fmt: skip
    if not shortened:
        return NOTHING

    def describe() -> tuple[str, tuple[Mark, ...]]:
        sentences = pluralize(len(shortened), "sentence")
        detail = f"{pair.derivative.id} shortens {sentences} of {pair.source.id}"
        marks = chain.from_iterable(
            (
                *pair.source.member.marks([long.sentences[i]]),
                *pair.derivative.member.marks([short.sentences[j]]),
            )
            for i, j in shortened[: MAX_MARKS // 2]
        )
        return detail, tuple(marks)

    return Finding(float(len(shortened)), describe)


def _is_shortened(long: Sequence[str], short: Sequence[str]) -> bool:
    """Whether one sentence becomes the other by leaving words out."""
    rest = iter(long)
    return len(long) - len(short) >= MIN_CUT and all(form in rest for form in short)


def plainness(pair: Pair) -> Finding:
    """How rare the words are that the derivative leaves out of what it retells."""
    retold, ours = pair.retold, pair.source.columns
    if retold is None:
        return NOTHING
    alone = ours.words.keys() - pair.derivative.columns.words.keys() - ours.all_anchors
    if len(alone) < 3:
        return NOTHING
    kept = (forms for forms, flag in zip(ours.forms, retold, strict=True) if flag)
    left_out = alone.intersection(chain.from_iterable(kept))
    if len(left_out) < 3:
        return NOTHING
    rarity = fsum(ours.words[form] for form in left_out) / len(left_out)

    def describe() -> tuple[str, tuple[Mark, ...]]:
        factor = 10 ** (rarity - plainness(pair.reversed()).value)
        source, derivative = pair.source.id, pair.derivative.id
        return f"{derivative} has words {factor:.1f} times as common where it retells {source}", ()

    return Finding(rarity, describe)


def artefacts(pair: Pair) -> Finding:
    """Spellings that only the derivative has, for words that are right in the source; hyphens
    that a machine has detached."""
    if pair.crosslingual:
        return NOTHING
    misspelled = _misspelled(pair)
    texts = [node.member.text.article.text for node in (pair.source, pair.derivative)]
    counts = [sum(1 for _ in islice(DETACHED.finditer(text), MAX_MARKS)) for text in texts]
    detached = max(counts[1] - counts[0], 0)
    if not misspelled and not detached:
        return NOTHING

    def describe() -> tuple[str, tuple[Mark, ...]]:
        errors = [f"“{odd}” for “{right}”" for odd, right in misspelled[:MAX_MARKS]]
        errors += ["detached hyphens"] if detached else []
        odd_words = {odd for odd, _ in misspelled}
        tokens = (t for s in pair.derivative.columns.sentences for t in s.tokens)
        marks = pair.derivative.member.marks(t for t in tokens if t.form in odd_words)
        return f"only {pair.derivative.id} has {', '.join(errors)}", marks[:MAX_MARKS]

    return Finding(float(len(misspelled) + detached), describe)


def _misspelled(pair: Pair) -> list[tuple[str, str]]:
    """(odd word of the derivative, its twin in the source): a letter or two apart, the twin
    known to the language or used by others too."""
    theirs, ours = pair.source.columns.words, pair.derivative.columns.words
    odd_words = [form for form in pair.derivative.columns.odd if form not in theirs][:MAX_ODD]
    if not odd_words:
        return []
    twins = defaultdict(list)
    for form in theirs:
        if len(form) >= MIN_ODD and form not in ours:
            twins[form[:2]].append(form)
    nodes = enumerate(pair.measures.nodes[:MAX_ASKED])
    others = [node.columns.words for w, node in nodes if w not in (pair.u, pair.v)]
    misspelled = []
    for odd in odd_words:
        for twin in twins.get(odd[:2], ()):
            right = theirs[twin] < UNKNOWN_WORD or any(twin in words for words in others)
            stem = min(len(odd), len(twin)) - 2  # what differs in its ending only is inflected
            if right and _edit_distance(odd, twin) <= 2 and odd[:stem] != twin[:stem]:
                misspelled.append((odd, twin))
                break
    return misspelled


def _edit_distance(one: str, other: str) -> int:
    """Letters to change, add or leave out (Levenshtein 1966), counted up to 3."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != theirs))
    return min(row[-1], 3)


def home(pair: Pair) -> Finding:
    """How rare, in the derivative's language, the names are that both have.

    A story appears first where its people and places are known. Means are drawn to nothing
    where there are few names; without a list of either language's words there is none.
    """
    if not pair.crosslingual:
        return NOTHING
    one, other = pair.source.member.text.language, pair.derivative.member.text.language
    ours, theirs = pair.source.columns.names, pair.derivative.columns.names
    names = [(name, theirs[stem]) for stem, name in ours.items() if stem in theirs]
    if not names or not (has_word_list(one) and has_word_list(other)):
        return NOTHING

    def describe() -> tuple[str, tuple[Mark, ...]]:
        names.sort(key=lambda both: word_rarity(both[0], one) - word_rarity(both[1], other))
        best = [name for name, _ in names[:MAX_MARKS]]
        tokens = [t for s in pair.source.columns.sentences for t in s.tokens]
        first = chain.from_iterable(islice((t for t in tokens if t.form == n), 1) for n in best)
        detail = (
            f"the names fit the language of {pair.source.id} better than that of "
            f"{pair.derivative.id}, so it is likely the original: {', '.join(best)}"
        )
        return detail, pair.source.member.marks(first)

    rarity = sum(word_rarity(name, other) for _, name in names) / (len(names) + PRIOR_NAMES)
    return Finding(rarity, describe)


def centre(pair: Pair) -> Finding:
    """How near the source is in meaning to articles in further languages, in tenths of cosine.

    A translation is nearer to its source than to another translation of that.
    """
    meant, nodes = pair.measures.meant, pair.measures.nodes
    if (pair.u, pair.v) not in meant:
        return NOTHING
    asked = range(min(len(nodes), MAX_ASKED))
    others = [w for w in asked if (pair.u, w) in meant and (pair.v, w) in meant]
    if not others:
        return NOTHING

    def describe() -> tuple[str, tuple[Mark, ...]]:
        ids = ", ".join(nodes[w].id for w in others[:MAX_MARKS])
        more = ", …" if len(others) > MAX_MARKS else ""
        detail = f"closer in meaning to {pair.source.id} than to {pair.derivative.id}: {ids}{more}"
        return detail, ()

    return Finding(10 * sum(meant[pair.u, w] for w in others) / len(others), describe)


def growth(pair: Pair) -> Finding:
    """Of two versions by one outlet the later one tends to be longer."""
    publisher = pair.source.member.publisher
    if publisher is None or publisher != pair.derivative.member.publisher:
        return NOTHING
    one, other = pair.source.columns.length, pair.derivative.columns.length
    detail = f"{publisher}'s versions grow: {one} words, then {other}"
    return Finding(log(other + 20), lambda: (detail, ()))
