"""Statements: find the institutions and people that an article has a statement of.

A press office, a ministry, a company's blog, a study or a post is no outlet: whoever reports on it
has his report from the same place as everybody else. Only the opening of an article counts, since
further down institutions are quoted on details. Which text the statement is, is not said here.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from dedup.attribution.phrases import CAPITALISED, Cues
from dedup.attribution.places import Attribution
from dedup.text import Text

OPENING = 5  # sentences in which a statement is the news
MAX_BEHIND = 60  # characters between a speaker and "in a statement"
ACRONYM = regex.compile(r"\b\p{Lu}{2,6}\b")
# A name with what belongs to it: "Zentralbank Finnlands", "пресс-служба облправительства".
NAME = regex.compile(
    rf"{CAPITALISED}(?:\s(?:(?:of|for|the|der|des|für|de|du|del|da|do|di|van)\s)?{CAPITALISED}){{0,6}}"
)
FURTHER = regex.compile(r"(?:\s[\p{L}-]{3,}+){0,3}")


def find_stated(text: Text, found: Sequence[Attribution], cues: Cues) -> Iterator[Attribution]:
    """Those of the informants found whose statement, release or post the article is about."""
    raw, begins = text.article.text, [sentence.begin for sentence in text.prose]
    speakers = Counter(place.name for place in found if place.kind == "informant")
    for place in found:
        number = bisect_right(begins, place.begin)
        if place.kind != "informant" or place.outlet.startswith("(") or not 0 < number <= OPENING:
            continue
        end = min(text.prose[number - 1].end, place.end + MAX_BEHIND)
        stated = cues.statements.search(raw, place.begin, max(end, place.end))
        institution = cues.institutions.search(place.name) or ACRONYM.search(place.name)
        announced = cues.phrase.announces.search(raw, place.begin, place.end)
        if stated or (institution and (announced or speakers[place.name] > 1)):
            yield place


def find_issuers(text: Text, cues: Cues) -> Iterator[Attribution]:
    """The institutions that a study, a release or a message of the opening comes from: "a study
    by the Bank of Finland", «сообщила пресс-служба облправительства»."""
    raw = text.article.text
    for sentence in text.prose[:OPENING]:
        for issued in cues.issued.finditer(raw, sentence.begin, sentence.end):
            institution = cues.institutions.match(raw, issued.end(), sentence.end)
            name = NAME.match(raw, issued.end(), sentence.end)
            if institution and not (name and name.end() > institution.end()):
                end = FURTHER.match(raw, institution.end(), sentence.end).end()
            elif name and cues.institutions.search(name.group()):
                end = name.end()
            else:
                continue
            words = " ".join(raw[issued.end() : end].split())
            yield Attribution(issued.start(), end, words, words, "statement", "statement", "report")
