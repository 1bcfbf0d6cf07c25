"""Credit: whether an article says that it has its report from another one.

Comes in: a source and what was taken from it, as `Member`s. Goes out: a `Credit`: given, likely
(its publisher is unknown, and the derivative credits an outlet that it may be), only named,
lacking, or not to be told. It reads names in reporting phrases, credit lines, links and
metadata, as `attribution` and `declared` find them; whether a credit is enough it does not say.
"""

from dataclasses import dataclass
from typing import Literal

import regex

from dedup.derive.declared import declared_outlets, refers
from dedup.derive.member import Mark, Member, may_be
from dedup.derive.signals import linked

Standing = Literal["credited", "likely", "named", "uncredited", "unknown", "own"]
ARTICLE = regex.compile(r"(?i)^the\s+")
MOST_MARKS = 5


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether a derivative credits its source.

    standing: `credited` (by name, link or metadata), `likely` (it credits `publisher`, which
    the source may be), `named` (the publisher's name stands in the text, but not as a source),
    `uncredited`, `unknown` (nobody knows who published the source), `own` (both are by one
    publisher). `spans` are where the derivative says so, `how` says so in words where there are
    none; `others` are the outlets that it credits besides.
    """

    standing: Standing
    publisher: str | None
    spans: tuple[Mark, ...] = ()
    how: str = ""
    others: tuple[str, ...] = ()


def find_credit(source: Member, derivative: Member) -> Credit:
    """Whether `derivative` credits `source`."""
    publisher, named = source.publisher, derivative.named()
    others = tuple(sorted(o for o in named if o != publisher and not o.startswith("(")))
    if publisher and publisher == derivative.publisher:
        return Credit("own", publisher, others=others)
    if publisher and publisher in named:
        marks = tuple(derivative.mark(place) for place in named[publisher][:MOST_MARKS])
        return Credit("credited", publisher, marks, others=others)
    if mark := linked(source, derivative):
        return Credit("credited", publisher, (mark,), "it links to it", others)
    if how := refers(source, derivative):
        return Credit("credited", publisher, (), how, others)
    if publisher and publisher in declared_outlets(derivative):
        return Credit("credited", publisher, (), "its metadata name it", others)
    if outlets := may_be(source, derivative.tellers()):
        marks = tuple(derivative.mark(place) for place in named[outlets[0]][:MOST_MARKS])
        rest = tuple(outlet for outlet in others if outlet != outlets[0])
        return Credit("likely", outlets[0], marks, others=rest)
    if publisher is None:
        return Credit("unknown", None, others=others)
    if mark := _mentioned(publisher, derivative):
        return Credit("named", publisher, (mark,), others=others)
    return Credit("uncredited", publisher, others=others)


def _mentioned(publisher: str, derivative: Member) -> Mark | None:
    """Where the publisher's name stands in the text, whatever it does there."""
    name = regex.escape(ARTICLE.sub("", publisher))
    found = regex.search(rf"(?i)(?<![\p{{L}}\p{{N}}]){name}(?![\p{{L}}\p{{N}}])",
                         derivative.text.article.text)  # fmt: skip
    return Mark(derivative.id, *found.span()) if found else None
