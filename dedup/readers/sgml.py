"""Corpora of newswire in SGML → articles: Gigaword, the TREC and Reuters-21578 collections.

Stories stand one behind the other, as ``DOC`` or ``REUTERS`` elements without a root; their fields
are elements or attributes. The stream is cut at the ends of stories, so that one is in memory.
"""

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from io import BufferedReader
from typing import Any

from dedup.errors import InputError
from dedup.readers.broken import broken_to_text
from dedup.readers.decode import decode
from dedup.readers.fields import make_article, read_record
from dedup.readers.markup import html_to_text, parse_attributes
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem
from dedup.readers.text import MAX_BYTES

CHUNK = 1 << 18
BEGIN = re.compile(r"\s*(?:<!DOCTYPE lewis|<REUTERS\s|<DOC(?:>|\s+id\s*=|\s+docid))")  # of a file
END = re.compile(rb"</(?:DOC|REUTERS)>\s*")
STORY = re.compile(r"<(?:DOC|REUTERS)\b([^>]{0,1000})>(.*)\Z", re.DOTALL)
FIELD = r"<({})\b[^>]{{0,300}}>(.*?)(?:</\1>|\Z)"
# The first of these elements that has something.
FIELDS = {
    "title": re.compile(FIELD.format("HEADLINE|TITLE|HEAD|HL|TI"), re.DOTALL),
    "byline": re.compile(FIELD.format("AUTHOR|BYLINE|AU"), re.DOTALL),
    "published": re.compile(FIELD.format("DATE|DATE_TIME|DATETIME|DD|PUBDATE"), re.DOTALL),
    "dateline": re.compile(FIELD.format("DATELINE"), re.DOTALL),
    "id": re.compile(FIELD.format("DOCNO|DOCID"), re.DOTALL),
}
TEXT = re.compile(r"<(BODY|TEXT)\b[^>]{0,300}>(.*?)(?:</\1>|\Z)", re.DOTALL)
NAMED = re.compile(r"([A-Z]{2,4})_[A-Z]{3}_((?:19|20)\d{6})\.\d+")  # AFP_ENG_19940512.0001
AGENCIES = {
    "AFP": "Agence France-Presse",
    "APW": "Associated Press",
    "CNA": "Central News Agency",
    "LTW": "Los Angeles Times/Washington Post",
    "NYT": "The New York Times",
    "WPB": "Washington Post/Bloomberg",
    "XIN": "Xinhua News Agency",
}
LAST_LINE = re.compile(r"\s+(?:Reuter|REUTER|Reuters)\s*\Z")
CONTROLS = re.compile(r"&#(?:[0-8]|1[0-9]|2[0-9]|3[01]|127);|[\x00-\x08\x0b-\x1f]")


def read_sgml(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in a file of stories and its problems; without an id called ``name:number``."""
    number = 0
    for number, story in enumerate(split_stories(stream), 1):
        place = f"{path}:{number}"
        where = {"path": path, "document": number}
        match = STORY.search(decode(story)[0])
        if match is None:
            yield Problem(place, "no story begins here, only one ends")
            continue
        make = partial(make_article, read_fields(*match.groups()), f"{name}:{number}", where, {})
        yield from read_record(make, place)
    if not number:
        raise InputError("no story in this file: neither a DOC nor a REUTERS element ends in it")


def split_stories(stream: BufferedReader) -> Iterator[bytes]:
    """The bytes of the stories. Raises `InputError` where one is longer than any."""
    rest = b""
    while data := stream.read(CHUNK):
        begin = max(0, len(rest) - 20)
        rest += data
        at = 0
        while match := END.search(rest, max(at, begin)):
            yield rest[at : match.end()]
            at = match.end()
        rest = rest[at:]
        if len(rest) > MAX_BYTES:
            raise InputError(f"a story of more than {MAX_BYTES / 1e6:,.0f} MB; is it one?")
    if STORY.search(decode(rest[:CHUNK])[0]):
        yield rest


def read_fields(attributes: str, story: str) -> dict[str, Any]:
    """What a story says of itself, and its text."""
    story = CONTROLS.sub(" ", story)
    given = parse_attributes(attributes)
    record: dict[str, Any] = {}
    found = TEXT.search(story)
    for name, pattern in FIELDS.items():
        if match := pattern.search(story):
            record[name] = " ".join(html_to_text(match.group(2))[0].split())
    text = found.group(2) if found else ""
    text = LAST_LINE.sub("", unescape(broken_to_text(text)[0]))
    record["id"] = given.get("id") or given.get("newid") or record.get("id")
    if named := NAMED.match(record["id"] or ""):
        agency, day = named.groups()
        record["publisher"] = AGENCIES.get(agency, agency)
        record.setdefault("published", f"{day[:4]}-{day[4:6]}-{day[6:]}")
    if "newid" in given:
        record["publisher"] = "Reuters"
    return {key: value for key, value in record.items() if value} | {"text": text}
