"""Member: an article of a cluster, with what it says of its own origin.

That is its publisher, the outlets that it credits, the addresses it links to, and what its
metadata declare (in `extra`: see `dedup.readers.provenance`). Evidence for a derivation points
into members by `Mark`s. Whether what an article says of itself is true is not judged here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import regex

from dedup.align import Links
from dedup.attribution import (
    Attribution,
    Role,
    attributions,
    canonical_name,
    outlet_keys,
    publisher_of,
)
from dedup.attribution.credits import find_agency_in_address
from dedup.attribution.outlets import find_outlet, is_agency, letters_of
from dedup.readers.provenance import bare_address, host
from dedup.text import Anchor, Sentence, Text, Token

LinkTable = Mapping[tuple[int, int], Links]  # (u, v): the links of u's sentences into v

MAX_QUOTE = 90  # characters of an attribution in a piece of evidence
MAX_BYLINES = 1_000  # characters of bylines that are read
MAX_NAME = 80  # characters of a declared source; what is longer is a sentence
REFERENCES = {  # what a key of `extra` says of the articles that it names
    "based_on": "says in its metadata that it is based on",
    "earlier": "names as an earlier version of itself",
    "canonical": "has as its canonical address that of",
    "links": "links to",
}
# What stands around the names in a byline: "By Anna Schmidt, AP", "Von dpa/AFP".
BETWEEN = re.compile(r"(?i)[,;/|()&–]|\b(?:and|und|et|y|with|mit|via|by|von|par|por|from)\b")
ARTICLE = re.compile(r"(?i)^(?:the|la|le|el|der|die|das)\s+")
MIN_LABEL = 4  # letters of a site that a publisher's name can be recognised by


@dataclass(frozen=True, slots=True)
class Mark:
    """A span in a named article: where a piece of evidence stands."""

    article: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One signal for (`log_odds` > 0) or against a derivation: its `label` is what an editor
    calls it, `detail` says what was found, `spans` are the words it rests on."""

    signal: str
    label: str
    log_odds: float
    detail: str
    spans: tuple[Mark, ...] = ()


class Finding(NamedTuple):
    """How much speaks for a derivation; `describe()` says what, in words and with the spans."""

    value: float
    describe: Callable[[], tuple[str, tuple[Mark, ...]]]


NOTHING = Finding(0.0, lambda: ("", ()))


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a cluster, its publisher and its attributions."""

    text: Text
    publisher: str | None
    attributions: tuple[Attribution, ...]

    @property
    def id(self) -> str:
        return self.text.article.id

    def named(self) -> dict[str, list[Attribution]]:
        """The outlets that the article has its report from or cites, itself left out, with the
        places."""
        return self._places("origin", "cites")

    def origins(self) -> dict[str, list[Attribution]]:
        """The outlets that the article has its report from, with the places."""
        return self._places("origin")

    def _places(self, *roles: Role) -> dict[str, list[Attribution]]:
        places: dict[str, list[Attribution]] = {}
        for attribution in self.attributions:
            outside = attribution.kind != "informant" and attribution.role in roles
            if outside and attribution.outlet != self.publisher:
                places.setdefault(attribution.outlet, []).append(attribution)
        return places

    def credit_lines(self) -> frozenset[str]:
        """The outlets that a credit line or an agency's dateline names."""
        places = chain.from_iterable(self.named().values())
        return frozenset(place.outlet for place in places if place.form == "line")

    def credited_outlets(self) -> list[str]:
        """The outlets that the article credits with its report, in order of appearance.

        The credit line of an agency is none: many articles have it, and more have lost it.
        """
        credited = []
        for outlet, places in self.named().items():
            line = any(place.form == "line" for place in places)
            line = line and find_outlet(outlet) is not None and not is_agency(outlet)
            if not outlet.startswith("(") and (line or any(place.in_words for place in places)):
                credited.append(outlet)
        return credited

    def declared_outlets(self) -> list[str]:
        """The outlets that the metadata name as sources, and the agencies in the byline, credit
        line, provider or address; itself left out."""
        named = [
            canonical_name(name)
            for name in self.declared("sources")
            if "://" not in name and len(name) <= MAX_NAME
        ]
        agency = find_agency_in_address(self.text.article.url or "")
        named += [agency] if agency else []
        byline = self.text.article.byline or ""
        lines = "/".join((byline, *self.declared("credit"), *self.declared("provider")))
        for part in BETWEEN.split(lines[:MAX_BYLINES]):
            outlet = find_outlet(part.strip())
            named += [outlet.name] if outlet and outlet.kind == "agency" else []
        return [name for name in dict.fromkeys(named) if name and name != self.publisher]

    def declared(self, key: str) -> Iterator[str]:
        """The strings under a key of `extra`, whatever else a record may hold there."""
        value = self.text.article.extra.get(key)
        parts = value if isinstance(value, list | tuple) else (value,)
        return (part for part in parts if isinstance(part, str) and part.strip())

    def addresses(self) -> set[str]:
        """The ids and addresses that the article goes by."""
        article = self.text.article
        names = (article.id, article.url or "", *self.declared("also"))
        return {bare_address(name) for name in names if name}

    def marks(self, items: Iterable[Attribution | Sentence | Anchor | Token]) -> tuple[Mark, ...]:
        return tuple(Mark(self.id, item.begin, item.end) for item in items)

    def quote(self, attribution: Attribution) -> str:
        """The words of an attribution, on one line and in quotation marks."""
        phrase = " ".join(self.text.article.text[attribution.begin : attribution.end].split())
        return f"“{phrase if len(phrase) <= MAX_QUOTE else f'{phrase[: MAX_QUOTE - 1]}…'}”"


def make_member(text: Text) -> Member:
    """The member that an article is, with its attributions and its publisher."""
    found = attributions(text)
    return Member(text, publisher_of(text, found), found)


def recognize_publishers(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members, with what they have from each other's publishers found also where no list
    has these: "Lumen reported"."""
    known = {
        key
        for member in members
        for key in outlet_keys(member.text.article)
        if member.publisher is None or find_outlet(member.publisher) is None
    }
    if not known:
        return tuple(members)
    return tuple(
        replace(member, attributions=attributions(member.text, known)) for member in members
    )


def possible_publishers(source: Member, credited: Iterable[str]) -> list[str]:
    """Those of the `credited` outlets (`Member.credited_outlets`) that may have published
    `source`: nobody knows who did, it has no credit line, and it does not name the outlet
    itself, as it would if it had its report from there."""
    if source.publisher is not None or source.credit_lines():
        return []
    named = source.named()
    return [outlet for outlet in credited if outlet not in named]


def find_link(source: Member, derivative: Member) -> Mark | None:
    """Where the derivative's text links to the source: its very address, not one that goes on,
    nor one that both have."""
    url, text = source.text.article.url, derivative.text.article.text
    address = (url or "").rstrip("/")
    if not address or url == derivative.text.article.url or address not in text:
        return None
    link = regex.search(regex.escape(address) + r"(?!/?[\p{L}\p{N}_%-])", text)
    return Mark(derivative.id, *link.span()) if link else None


def find_reference(source: Member, derivative: Member) -> str | None:
    """In words, how the derivative's metadata refer to the source; None if they do not. What
    both go by refers to neither."""
    both = source.addresses() & derivative.addresses()
    for address in sorted(both):
        if publishes_at(source, address) and not publishes_at(derivative, address):
            return f"{derivative.id} has as its canonical address that of {source.id}"
    own = source.addresses() - both
    for key, says in REFERENCES.items():
        if not own.isdisjoint(map(bare_address, derivative.declared(key))):
            return f"{derivative.id} {says} {source.id}"
    return None


def publishes_at(member: Member, address: str) -> bool:
    """Whether an address is on the site of the member's publisher, by the names of both, as
    far as they are known: "North Echo" publishes at northecho.example."""
    site = host(f"https://{address}")
    if not member.publisher or "." not in site:
        return False
    known = {letters_of(member.publisher), letters_of(ARTICLE.sub("", member.publisher))}
    labels = [letters_of(label) for label in site.split(".")[:-1]]
    return canonical_name(site) == member.publisher or any(
        name and (name in label or (len(label) >= MIN_LABEL and label in name))
        for name in known
        for label in labels
    )


def share_address(one: Member, other: Member) -> bool:
    """Whether two articles are versions of one page: both go by one address, and what is known
    of their publishers does not say that one took it from the other."""
    both = {address for address in one.addresses() & other.addresses() if "/" in address}
    return bool(both) and (
        one.publisher == other.publisher or None in (one.publisher, other.publisher)
    )
