"""Attribution: find the sources that an article names.

`attributions` gives them in order of appearance: outlets and agencies in reporting phrases,
credit lines, datelines and links, and as informants the people and institutions that the story
quotes. What could be a source is found first (`sources`); then only what stands directly before
and behind each is matched with the cue phrases of the language (`reporting`, `phrases`), so that
work grows with the number of names. Pareti (2015), "Attribution: a computational approach", calls
the parts source, cue and content; content is not marked here. `inherited` finds credits that a
copy of an article has lost. Nothing here judges who is right or follows a link.
"""

from collections import Counter
from collections.abc import Collection, Iterator

import regex

from dedup.attribution.credits import find_credit_lines, find_links, is_credit_line
from dedup.attribution.inherited import InheritedCredit, inherited_credits, reprinted_agencies
from dedup.attribution.outlets import (
    WORD,
    canonical_name,
    find_outlet,
    names_same_outlet,
    outlet_key,
    outlet_keys,
)
from dedup.attribution.phrases import Cues, load_cues
from dedup.attribution.places import Attribution, Form, Role, Source, merge_spans, overlaps_any
from dedup.attribution.releases import (
    ReleaseMark,
    find_release_end,
    is_release,
    release_marks,
)
from dedup.attribution.reporting import find_phrases, form_of, resolve_description
from dedup.attribution.roles import assign_roles
from dedup.attribution.sources import Labelled, declared_publisher, find_sources, publisher_of
from dedup.attribution.statements import find_issuers
from dedup.attribution.unspaced import find_unspaced
from dedup.text import Text
from dedup.text.model import once_per_text

__all__ = [
    "Attribution", "Form", "InheritedCredit", "ReleaseMark", "Role", "attributions",
    "canonical_name", "find_release_end", "inherited_credits", "is_release", "names_same_outlet",
    "outlet_key", "outlet_keys", "publisher_of", "release_marks", "reprinted_agencies",
]  # fmt: skip


HEADED = regex.compile(r":\s+[\p{Lu}\d\"“'‘]")


def attributions(text: Text, known: Collection[str] = ()) -> tuple[Attribution, ...]:
    """The sources that an article names, in order of appearance. `known` are the keys (see
    `outlet_key`) of outlets that no list has."""
    return find_attributions(text, frozenset(known))


@once_per_text
def find_attributions(text: Text, known: frozenset[str]) -> tuple[Attribution, ...]:
    """As `attributions`, which relations and derivations both ask for."""
    cues, raw = load_cues(text.language), text.article.text
    words = list(WORD.finditer(raw))
    labelled = [(word, labels) for word in words if (labels := cues.labels(word.group()))]
    sources = find_sources(raw, words, labelled, cues, known)
    lines = list(find_credit_lines(raw, sources))
    in_lines = merge_spans((s.begin, s.end) for s in lines)
    barred = [(part.begin, part.end) for s in text.furniture for part in s.parts]
    barred = merge_spans([*barred, *(m.span() for m in cues.related.finditer(raw))])
    publisher = declared_publisher(text)
    found = [s.attribute("line", role="photo" if s.rank == "photo" else None) for s in lines]
    found += [
        s.attribute("link", role="cites" if s.kind == "inline" else None) for s in find_links(raw)
    ]
    elsewhere = [s for s in sources if not overlaps_any(s.begin, s.begin + 1, in_lines)]
    found += attribute_in_phrases(raw, elsewhere, cues, publisher, barred)
    found += find_headline_tags(text, sources)
    found += find_hedges_and_first_publishers(raw, labelled, cues, barred)
    found += find_unspaced(raw, text.language)
    issuers = list(find_issuers(text, cues))
    found += issuers
    found = assign_roles(text, found, sources, cues, publisher)
    # An informant within an outlet's or an issuer's phrase belongs to it.
    issued = set(issuers)
    phrases = {(a.begin, a.end) for a in found if a.kind == "outlet" or a in issued}
    taken = merge_spans(phrases)
    found = [
        a
        for a in found
        if a.kind == "outlet"
        or (a.begin, a.end) in phrases
        or not overlaps_any(a.begin, a.end, taken)
    ]
    return tuple(sorted(set(found), key=lambda a: (a.begin, a.end, a.form, a.outlet, a.name)))


def attribute_in_phrases(
    raw: str,
    sources: list[Source],
    cues: Cues,
    publisher: str | None,
    barred: list[tuple[int, int]],
) -> Iterator[Attribution]:
    """The sources that a reporting phrase goes with."""
    phrases = list(find_phrases(raw, sources, cues, barred))
    outlets = [s for s in sources if s.is_outlet and s.outlet]
    mentions = Counter(
        resolve_description(s, outlets) for p in phrases for s in (*p.sources, *p.behind)
    )
    for phrase in phrases:
        for source in phrase.sources:  # at least one
            name = resolve_description(source, outlets)
            itself = (
                phrase.cue == "citing"
                and not phrase.led_in
                and any(s.is_outlet for s in phrase.behind)
                and source.kind != "agency"
                and (name == publisher if publisher else mentions[name] == 1)
            )
            role: Role | None = "self" if itself else None
            form: Form = form_of(raw, phrase, cues)
            alone = phrase.cue == "via" and raw[: phrase.begin].endswith("\n")
            if alone or (form == "republished" and is_credit_line(raw, phrase.begin)):
                form = "line"
            yield source.attribute(form, phrase.begin, phrase.end, name, role)
        for source in phrase.behind:
            form = "report" if itself or not source.is_outlet else "second-hand"
            name = resolve_description(source, outlets)
            yield source.attribute(form, phrase.begin, phrase.end, name)


def find_headline_tags(text: Text, sources: list[Source]) -> Iterator[Attribution]:
    """The source behind a headline's last dash, "More Aid Expected – Seoul", or before its colon,
    "AP: Tax bill stalls"."""
    raw, last = text.article.text, {source.end: source for source in sources}
    first = {source.begin: source for source in sources}
    opening = first.get(text.sentences[0].begin) if text.sentences else None
    if opening and opening.rank == "listed" and HEADED.match(raw, opening.end):
        yield opening.attribute("report")
    for sentence in text.sentences:
        source = last.get(sentence.end) if sentence.form == "headline" else None
        if not source or (source.is_outlet and source.kind != "agency"):
            continue
        before = raw[sentence.begin : source.begin].rstrip()
        if before.endswith(("–", "—")):
            yield source.attribute("report", sentence.begin + len(before) - 1)


def find_hedges_and_first_publishers(
    raw: str, labelled: Labelled, cues: Cues, barred: list[tuple[int, int]]
) -> Iterator[Attribution]:
    """Sources that are not named ("is reportedly", "it is believed that"), and listed names
    without capitals ("first published in world news daily report")."""
    for word, labels in labelled:
        if "hedge" in labels and (match := cues.hedges.match(raw, word.start())):
            begin, end = match.span()
            if not overlaps_any(begin, begin + 1, barred):
                yield Source(begin, end, "(unnamed)", "(unnamed)", "name").attribute("report")
        if "published" in labels and (match := cues.published.match(raw, word.start())):
            name = match["name"]
            outlet = find_outlet(" ".join(name.split())) if name.islower() else None
            if outlet:
                source = Source(match.start(), match.end(), name, outlet.name, "listed")
                yield source.attribute("line")
