"""Statements: find the institutions and people that an article has a statement of.

A press office, a ministry, a company's blog, a study or a post is no outlet: whoever reports on it
has his report from the same place as everybody else. Only the opening of an article counts, since
further down institutions are quoted on details. Which text the statement is, is not said here.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import regex

from dedup.attribution.phrases import CAPITALISED, Cues, load_dates
from dedup.attribution.places import Attribution
from dedup.attribution.sources import MAX_ENDING
from dedup.attribution.unspaced import find_unspaced_issuers
from dedup.text import Text

OPENING = 8  # sentences in which a statement is the news
MAX_BEHIND = 60  # characters between a speaker and "in a statement"
MAX_ARTICLE = 5
MIN_STEM = 4  # letters by which a name of one word is looked for behind others
THE = regex.compile(r"(?i)\bthe\s+$|^the\s+")
ACRONYM = regex.compile(r"\b\p{Lu}{2,6}\b")
# A name with what belongs to it: "Zentralbank Finnlands", "пресс-служба облправительства".
NAME = regex.compile(
    rf"{CAPITALISED}(?:\s(?:(?:of|for|the|der|des|für|de|du|del|da|do|di|van)\s)?{CAPITALISED}){{0,6}}"
)
FURTHER = regex.compile(r"(?:\s[\p{L}-]{3,}+){0,3}")


def find_stated(text: Text, found: Sequence[Attribution], cues: Cues) -> Iterator[Attribution]:
    """Those of the informants found whose statement, release or post the article is about."""
    raw, begins = text.article.text, [sentence.begin for sentence in text.prose]
    for place in found:
        number = bisect_right(begins, place.begin)
        if place.kind != "informant" or place.outlet.startswith("(") or not 0 < number <= OPENING:
            continue
        end = min(text.prose[number - 1].end, place.end + MAX_BEHIND)
        stated = cues.statements.search(raw, place.begin, max(end, place.end))
        if stated or is_organisation(raw, place, cues):
            yield place


def is_organisation(raw: str, place: Attribution, cues: Cues) -> bool:
    """Whether an informant is an organisation: by a word such as "ministry", as an acronym, by
    "the" before its name ("the Pentagon"), or by a name of one word that stands within a sentence
    and never behind another capital, as a surname does somewhere."""
    named = [match.end() for match in cues.institutions.finditer(place.name)]
    if "role" in cues.labels(place.name.rpartition(" ")[2]) and len(place.name) not in named:
        return False  # "Western military analysts"
    if named or ACRONYM.search(place.name):
        return True
    name = THE.sub("", place.name)
    if not name[:1].isupper() or cues.capitalises:
        return False
    at = raw.find(name, place.begin)
    if THE.search(raw, max(at - MAX_ARTICLE, 0), at) or THE.match(place.name):
        return True
    stem = name[:-MAX_ENDING] if cues.inflects else name
    if len(stem) < MIN_STEM or " " in name or is_of_people_or_days(name, cues):
        return False
    within, behind = (
        rf"(?<=\p{{Ll}}[,’']?\s){regex.escape(stem)}",
        rf"(?<!\p{{L}})\p{{Lu}}[\p{{L}}.’'-]*[ \n]{regex.escape(stem)}",
    )
    return regex.search(within, raw) is not None and regex.search(behind, raw) is None


def is_of_people_or_days(name: str, cues: Cues) -> bool:
    """Whether a word is "British", "Russians" or "February"."""
    singular = name.removesuffix("s")
    return bool(load_dates().fullmatch(name) or cues.source.countries.fullmatch(singular))


def find_issuers(text: Text, cues: Cues) -> Iterator[Attribution]:
    """The institutions that a study, a release or a message of the opening comes from: "a study
    by the Bank of Finland", «сообщила пресс-служба облправительства», "White House press
    secretary Ann Lee said in a statement"."""
    raw, opening = text.article.text, text.prose[:OPENING]
    if opening:
        yield from find_unspaced_issuers(raw, text.language, opening[-1].end)
    for sentence in opening:
        bounds = sentence.begin, sentence.end
        for issued in cues.issued.finditer(raw, *bounds):
            institution = cues.institutions.match(raw, issued.end(), sentence.end)
            name = NAME.match(raw, issued.end(), sentence.end)
            if institution and not (name and name.end() > institution.end()):
                end = institution.end()
                if cues.inflects:
                    end = FURTHER.match(raw, end, sentence.end).end()
            elif name and cues.institutions.search(name.group()):
                end = name.end()
            else:
                continue
            yield _issued(raw, issued.start(), issued.end(), end)
        if not cues.capitalises and cues.statements.search(raw, *bounds):
            for name in NAME.finditer(raw, *bounds):
                if cues.institutions.search(name.group()):
                    yield _issued(raw, name.start(), *name.span())


def _issued(raw: str, begin: int, named: int, end: int) -> Attribution:
    name = " ".join(raw[named:end].split())
    return Attribution(begin, end, name, name, "statement", "statement", "report")
