"""Exports of Factiva as text (from RTF, HTML, a mail) → its stories.

Each ends with its number: ``Document EXDLY00020240305ek350001a``. Above it stand, as the reader
chose, codes (``HD`` headline, ``LP`` lead, ``TD`` text …), each with what it says behind or below
it, or without them section, headline, byline, count of words, date, source, language, rights, and
the text.
"""

import re
from collections.abc import Iterator, Sequence

from dedup.readers.exports.labels import (
    add_field,
    count_in,
    date_in,
    is_copyright,
    language_code,
    load_vocabulary,
)
from dedup.readers.values import BY

END = re.compile(
    r"[ \t\xa0|]*(?:AN[ \t\xa0|:]+)?(?:Document|Dokument|Documento)[ \xa0]"
    r"([A-Z0-9]{6,14}(?:19|20)\d{6}[a-z0-9]{9})[ \t\xa0|]*"
)
CODE = re.compile(
    r"[ \t\xa0|]*(SE|HD|BY|CR|WC|PD|ET|SN|SC|NGC|GC|ED|PG|VOL|LA|CY|CX|LP|TD|CT|RF|CO|IN|NS|RE|IPC"
    r"|IPD|PUB|AN|ART|CLM|DLN)(?:[ \t\xa0]*[|\t:]+[ \t\xa0]*|[ \xa0]{2,}|[ \t\xa0]*$)(.*)"
)
TIME = re.compile(r"\d{1,2}:\d\d(?: ?(?:GMT|[AP]M))?")
SOURCE_CODE = re.compile(r"[A-Z0-9]{2,10}")
MIN_CODES = 4  # in a story that has them
MAX_ENTRIES = 14  # lines between the count of words and the text


def is_factiva(lines: Sequence[str]) -> bool:
    """Whether lines are those of an export: a number of Factiva's ends a story."""
    return any(END.fullmatch(line) for line in lines)


def split_factiva(lines: Sequence[str]) -> Iterator[dict[str, str] | None]:
    """The stories of an export, each a record; None for one that is not understood."""
    begin = 0
    for at, line in enumerate(lines):
        if match := END.fullmatch(line):
            story = [one.strip() for one in lines[begin:at]]
            coded = sum(bool(CODE.fullmatch(one)) for one in story) >= MIN_CODES
            record = read_coded(story) if coded else read_plain([one for one in story if one])
            yield record | {"id": match.group(1)} if record else None
            begin = at + 1


def read_coded(lines: Sequence[str]) -> dict[str, str] | None:
    """A story that says with codes what is what."""
    values: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = CODE.fullmatch(line)
        if match:
            code, line = match.group(1), match.group(2).strip(" |\xa0")
            values[code] = []
        if code and line.strip(" |\xa0"):
            values[code].append(line.strip(" |\xa0"))
    record: dict[str, str] = {}
    for code in ("HD", "BY", "WC", "SN", "LA", "SE"):
        add_field(record, code.lower(), " ".join(values.get(code, ())))
    date = " ".join(part for key in ("PD", "ET") for part in values.get(key, ())[:1])
    record |= {"date": date} if date else {}
    record["text"] = "\n\n".join((*values.get("LP", ()), *values.get("TD", ())))
    return record if record["text"] else None


def is_name_below(line: str, above: str) -> bool:
    """Whether a line is a byline without a word for it: a name below a headline."""
    words = line.split()
    named = len(words) in (2, 3) and all(word[0].isupper() and word.isalpha() for word in words)
    return named and len(above.split()) > len(words)


def read_plain(lines: Sequence[str]) -> dict[str, str] | None:
    """A story whose lines only their order and their form tell apart."""
    at = next((n for n, line in enumerate(lines) if n and count_in(line)), None)
    if at is None:
        return None
    record = {"length": count_in(lines[at]) or ""}
    head = list(lines[max(0, at - 4) : at])
    if len(head) > 1 and (BY.match(head[-1]) or is_name_below(head[-1], head[-2])):
        add_field(record, "by", head.pop())
    record["title"] = head[-1]
    entries = lines[at + 1 : at + 1 + MAX_ENTRIES]
    rights = [n for n, line in enumerate(entries) if is_copyright(line)]
    named = [n for n, line in enumerate(entries) if line.casefold() in load_vocabulary().languages]
    end = max(rights[:1] + named[:1], default=None)
    if end is None:
        return None
    for line in entries[: end + 1]:
        if "date" not in record and (date := date_in(line)):
            record["date"] = date
        elif "date" in record and TIME.fullmatch(line):
            record["date"] += f" {line}"
        elif "date" in record and "publisher" not in record and not SOURCE_CODE.fullmatch(line):
            record["publisher"] = line
        elif line.casefold() in load_vocabulary().languages:
            record["language"] = language_code(line) or ""
    text = list(lines[at + 2 + end :])
    # The house behind the paper stands between the text and the number.
    if len(text) > 1 and len(text[-1]) < 80 and not re.search(r"[.!?…\"”»)。]$", text[-1]):
        record["provider"] = text.pop()
    record["text"] = "\n\n".join(text)
    return record if record["text"] else None
