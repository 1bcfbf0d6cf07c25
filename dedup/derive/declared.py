"""Declared sources: what a file's metadata say of an article's origin, beside its text.

Comes in: members, whose articles have `based_on`, `earlier`, `canonical`, `links`, `also` and
`sources` in `extra`, where a reader found them (`dedup.readers.provenance`). Goes out: whether
one member refers to another by an address or an id, and which outlets it declares as its
sources. It does not judge whether a declaration is true; most pages declare themselves.
"""

import re
from collections.abc import Iterator

from dedup.attribution import canonical_name
from dedup.attribution.outlets import find_outlet
from dedup.derive.member import Member

SAYS = {
    "based_on": "says in its metadata that it is based on",
    "earlier": "names as an earlier version of itself",
    "canonical": "has as its canonical address that of",
    "links": "links to",
}
LONGEST_LINE = 1_000  # characters of bylines that are looked at
LONGEST_NAME = 80  # characters; what is longer is a sentence
# What stands around the names in a byline: "By Anna Schmidt, AP", "Von dpa/AFP".
BETWEEN = re.compile(
    r"[,;/|()&–]|\b(?:and|und|et|y|with|mit|via|by|von|par|por|from)\b", re.IGNORECASE
)
BEFORE_HOST = re.compile(r"https?://(?:www\.)?")


def refers(source: Member, derivative: Member) -> str | None:
    """In words, how the derivative's metadata refer to the source; None if they do not. What
    both are called by refers to neither."""
    own = _names(source) - _names(derivative)
    for key, says in SAYS.items():
        if not own.isdisjoint(map(_bare, _strings(derivative, key))):
            return f"{derivative.id} {says} {source.id}"
    return None


def declared_outlets(member: Member) -> list[str]:
    """The outlets that an article's metadata name as its sources, and the agencies in its
    byline, credit line or provider; itself left out."""
    article = member.text.article
    named = [canonical_name(name) for name in _strings(member, "sources") if _like_a_name(name)]
    lines = (article.byline or "", *_strings(member, "credit"), *_strings(member, "provider"))
    for part in BETWEEN.split("/".join(lines)[:LONGEST_LINE]):
        outlet = find_outlet(part.strip())
        named += [outlet.name] if outlet and outlet.kind == "agency" else []
    return [one for one in dict.fromkeys(named) if one and one != member.publisher]


def _like_a_name(words: str) -> bool:
    return "://" not in words and len(words) <= LONGEST_NAME


def _names(member: Member) -> set[str]:
    article = member.text.article
    names = (article.id, article.url or "", *_strings(member, "also"))
    return {_bare(name) for name in names if name}


def _bare(name: str) -> str:
    """An address or an id without what does not tell it from others."""
    return BEFORE_HOST.sub("", name.strip().partition("#")[0]).rstrip("/")


def _strings(member: Member, key: str) -> Iterator[str]:
    """The strings under a key of `extra`, whatever else a record may hold there."""
    value = member.text.article.extra.get(key)
    parts = value if isinstance(value, list | tuple) else (value,)
    return (part for part in parts if isinstance(part, str) and part.strip())
