"""What kind of relation two articles have, and the one line that says why.

The kind says how one text stands to the other; whether they share a source text at all is the
model's answer. Those that do not have kinds of their own: what is the same about them is what an
editor asks next.
"""

import re
from typing import Literal

import numpy as np

from dedup.align import Links
from dedup.align.verbatim import count_taken_words
from dedup.phrasing import pluralize
from dedup.readers.provenance import bare_address
from dedup.relate.aside import MIN_PASSAGE
from dedup.relate.credits import name_credit, share_house
from dedup.relate.measures import compute_coverage
from dedup.relate.profile import compute_cosine, profile, same_words
from dedup.relate.specifics import compare_specifics
from dedup.relate.speech import compare_quotations, read_speech
from dedup.relate.subject import day_of, miss_subject
from dedup.relate.taken import compare_with_release
from dedup.relate.wording import NOTHING, are_horoscopes, compare_wordings
from dedup.text import Text, same_language

# Of two articles that share a source text, and of others.
VersionKind = Literal["duplicate", "near-duplicate", "excerpt", "rewrite", "translation", "update"]
OtherKind = Literal["partial", "common-source", "same-form", "same-event", "unrelated"]
RelationKind = VersionKind | OtherKind

MIN_PROBABILITY = 0.5  # from which on two articles are taken to share a source text
# Resemblance of word-5 shingles from which on articles are near-duplicates: the usual limit,
# also that of datasketch and rensa.
MIN_NEAR_DUPLICATE = 0.7
# An excerpt stands almost whole in the longer article, which has much more.
MIN_EXCERPT_CONTAINMENT = 0.8
MAX_EXCERPT_SIZE = 0.6  # of the longer article's words
# Two articles are on one event from here on: 95 % of basil's pairs on one event reach both
# figures, fewer than 1 % of its pairs on different events and of Reuters' either of them.
MIN_EVENT_COSINE = 0.25
MIN_EVENT_ANCHORS = 0.14
# Parameters of an address that say where a reader came from, and not which page is asked for.
TRACKING = re.compile(
    r"(?i)(utm_\w+|ref|referrer|source|src|cmp(id)?|(fb|g|ms|d)clid|mc_\w+|amp)(=|$)"
)
MIN_FORM = 0.5  # of the words of either stand in linked sentences: the rest of the form is the same


def kind_of_version(
    a: Text, b: Text, resemblance: float, containment: tuple[float, float]
) -> VersionKind:
    """The kind of two articles that share a source text."""
    if same_words(a, b):
        return "duplicate"
    if is_update(a, b):
        return "update"
    if not same_language(a, b):
        return "translation"
    if resemblance >= MIN_NEAR_DUPLICATE:
        return "near-duplicate"
    shorter, longer = sorted((profile(a).size, profile(b).size))
    if max(containment) >= MIN_EXCERPT_CONTAINMENT and shorter <= MAX_EXCERPT_SIZE * longer:
        return "excerpt"
    return "rewrite"


def kind_of_others(a: Text, b: Text, links: tuple[Links, Links], anchors: float) -> OtherKind:
    """The kind of two articles that do not: `anchors` is how alike their names and numbers are."""
    coverage = max(compute_coverage(a, links[0]), compute_coverage(b, links[1]))
    if coverage >= MIN_FORM and is_filled_anew(a, b, links):
        return "same-form"
    if same_language(a, b):
        if count_taken(a, b):
            return "common-source" if share_house(a, b) else "partial"
        if compare_quotations(a, b).shared:
            return "common-source"
    if compute_cosine(a, b) >= MIN_EVENT_COSINE and anchors >= MIN_EVENT_ANCHORS:
        return "same-event"
    return "unrelated"


def is_filled_anew(a: Text, b: Text, links: tuple[Links, Links]) -> bool:
    """Whether one wording has other names, figures or words in either article."""
    if compare_specifics(a, b, links).contradicted:
        return True
    wording = compare_wordings(a, b) if same_language(a, b) else NOTHING
    if wording.in_runs >= MIN_FORM and (wording.swapped or wording.replaced):
        return True
    return wording.replaced > 0 and are_horoscopes(a, b)


def has_rivals(a: Text, b: Text, links: tuple[Links, Links]) -> bool:
    """Whether names, figures or days stand in each other's place in two articles of one form."""
    if compare_specifics(a, b, links).contradicted:
        return True
    return same_language(a, b) and compare_wordings(a, b).swapped > 0


def count_taken(a: Text, b: Text) -> int:
    """How many words outside quotations stand in long passages that both have."""
    return max(count_taken_words(a, b, MIN_PASSAGE), count_taken_words(b, a, MIN_PASSAGE))


def is_update(a: Text, b: Text) -> bool:
    """Whether the two stand at one address, and speak of the same people and places: two versions
    of one page. A page of today's horoscope or of the last dividend has another subject, or the
    same form filled anew, though not on the same day."""
    one, other = (address(text.article.url) for text in (a, b))
    if one != other or not one or miss_subject(a, b):
        return False
    return day_of(a) == day_of(b) is not None or not compare_wordings(a, b).replaced


def address(url: str | None) -> str:
    """A web address as it is compared: without scheme, "www.", fragment and the parameters that
    say where a reader came from. Empty for a bare host, where every story of a site has stood
    once."""
    page, _, query = bare_address(url or "").partition("?")
    host, _, path = page.rstrip("/").partition("/")
    asked = [part for part in query.split("&") if part and not TRACKING.match(part)]
    return f"{host.lower()}/{path}?{'&'.join(asked)}" if path or asked else ""


def explain_kind(kind: RelationKind, a: Text, b: Text, links: tuple[Links, Links]) -> str:
    """One plain line on what two articles have in common and what not."""
    linked = [np.array([bool(sources) for sources in side.sources]) for side in links]
    text, own = max(
        zip((a, b), linked, strict=True),
        key=lambda side: side[1].sum() / len(side[1]) if len(side[1]) else 0.0,
    )
    matches = f"{own.sum()} of {len(own)} sentences match"
    if kind in ("rewrite", "excerpt", "update", "near-duplicate"):
        outside = int((own & (read_speech(text).own_words[: len(own)] > 0)).sum())
        matches += f", {outside} of them outside quotations"
    parts = {"duplicate": ["same words"], "update": ["two versions of one page"]}.get(kind, [])
    if kind == "same-form":
        parts = ["same wording with other names or figures"]
        if not has_rivals(a, b, links):
            parts = ["one form with other words in it"]
    parts.append(matches)
    if same_language(a, b) and kind not in ("duplicate", "unrelated"):
        quoted = max(compare_quotations(a, b).shared, compare_quotations(b, a).shared)
        parts += [f"{pluralize(quoted, 'quotation')} in common"] if quoted else []
        taken = compare_with_release(a, b).words
        parts += [f"{pluralize(taken, 'word')} taken from a press release"] if taken else []
        if kind == "partial":
            parts += [f"{count_taken(a, b)} words in passages that both have"]
    parts += name_credit(a, b) if kind != "unrelated" else []
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]
