"""Credited: whether an article credits the one that it was taken from.

That is read from names in reporting phrases, credit lines, links and metadata, as `attribution`
and `member` find them. Whether a credit is sufficient is not decided here.
"""

from dataclasses import dataclass
from typing import Literal

import regex

from dedup.derive.member import Mark, Member, find_link, find_reference, possible_publishers

Standing = Literal["credited", "likely", "named", "uncredited", "unknown", "own"]
ARTICLE = regex.compile(r"(?i)^the\s+")
MAX_MARKS = 5


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether a derivative credits its source.

    standing: `credited` (by name, link or metadata), `likely` (it credits `publisher`, which
    may have published the source), `named` (the publisher's name stands in the text, but not
    as a source), `uncredited`, `unknown` (nobody knows who published the source), `own` (both
    are by one publisher). `spans` are where the derivative says so, `how` says so in words
    where there are none; `also_credits` are the outlets that it credits besides.
    """

    standing: Standing
    publisher: str | None
    spans: tuple[Mark, ...] = ()
    how: str = ""
    also_credits: tuple[str, ...] = ()


def find_credit(source: Member, derivative: Member) -> Credit:
    """Whether `derivative` credits `source`."""
    publisher, named = source.publisher, derivative.named()
    others = tuple(sorted(o for o in named if o != publisher and not o.startswith("(")))
    if publisher and publisher == derivative.publisher:
        return Credit("own", publisher, also_credits=others)
    if publisher and publisher in named:
        marks = derivative.marks(named[publisher][:MAX_MARKS])
        return Credit("credited", publisher, marks, also_credits=others)
    if mark := find_link(source, derivative):
        return Credit("credited", publisher, (mark,), "it links to it", others)
    if how := find_reference(source, derivative):
        return Credit("credited", publisher, (), how, others)
    if publisher and publisher in derivative.declared_outlets():
        return Credit("credited", publisher, (), "its metadata name it", others)
    if outlets := possible_publishers(source, derivative.credited_outlets()):
        marks = derivative.marks(named[outlets[0]][:MAX_MARKS])
        rest = tuple(outlet for outlet in others if outlet != outlets[0])
        return Credit("likely", outlets[0], marks, also_credits=rest)
    if publisher is None:
        return Credit("unknown", None, also_credits=others)
    name = regex.escape(ARTICLE.sub("", publisher))
    in_text = rf"(?i)(?<![\p{{L}}\p{{N}}]){name}(?![\p{{L}}\p{{N}}])"
    if mention := regex.search(in_text, derivative.text.article.text):
        mark = Mark(derivative.id, *mention.span())
        return Credit("named", publisher, (mark,), also_credits=others)
    return Credit("uncredited", publisher, also_credits=others)
