"""Exports of LexisNexis and Nexis Uni → what each says of its stories, and their texts.

LexisNexis (until 2019: TXT, HTML, RTF, DOC) begins a story with ``2 of 83 DOCUMENTS``, then come
publication, date and headline, labels in capitals, the text, more labels. Nexis Uni (DOCX, RTF,
PDF) begins with headline, publication and date, has the text between ``Body`` and ``End of
Document``, and may have a cover page with a list of all documents before the first.
"""

import re
from collections.abc import Iterator, Sequence

from dedup.readers.exports.labels import (
    add_field,
    date_in,
    is_body_mark,
    is_copyright,
    is_end_mark,
    join_blocks,
    split_blocks,
    split_label,
)

OF = r"[ \xa0](?:of|von|de|van|di|sur)[ \xa0]\d{1,5}"
BEGIN = re.compile(
    rf"[ \t\xa0]*(?:\d{{1,5}}{OF}[ \xa0](?:DOCUMENT\w{{0,3}}|DOKUMENT\w{{0,2}})"
    rf"|(?:Dokument|Document|Documento)[ \xa0]\d{{1,5}}{OF})[ \t\xa0]*"
)
COVER = re.compile(r"\s*(?:document|dokument|documento)\w{0,2}\s*\((\d{1,5})\)", re.IGNORECASE)
EDITION = re.compile(r"\b(?:edition|ausgabe|édition|edición|edizione|editie)\b", re.IGNORECASE)
MAX_EDITION = 6  # words
TAILS = frozenset({"classification", "klassifizierung", "graphic", "grafik", "graphique"})
NOISE = frozenset({"link to image", "link to original image", "no headline available"}) | TAILS


def is_nexis(lines: Sequence[str]) -> bool:
    """Whether lines are those of an export: marked documents, with labels that all have."""
    marks = [line for line in lines if BEGIN.fullmatch(line) or is_end_mark(line)]
    labels = (split_label([line]) for line in lines if ":" in line[:50])
    known = {label for label, _ in filter(None, labels)}
    return bool(marks) and bool(known)


def split_nexis(lines: Sequence[str]) -> Iterator[dict[str, str] | None]:
    """The stories of an export, each a record; None for one that is not understood."""
    begins = [at for at, line in enumerate(lines) if BEGIN.fullmatch(line)]
    if begins:
        for begin, end in zip(begins, (*begins[1:], len(lines)), strict=True):
            yield read_story(split_blocks(lines[begin + 1 : end]), title_first=False)
        return
    begin = 0
    for at, line in enumerate(lines):
        if is_end_mark(line):
            # Every line of a document is a paragraph of its own.
            yield read_story([[one] for one in map(str.strip, lines[begin:at]) if one], True)
            begin = at + 1


def announced_documents(lines: Sequence[str]) -> int | None:
    """How many documents the cover page says there are."""
    match = next((m for m in map(COVER.match, lines[:200]) if m), None)
    return int(match.group(1)) if match else None


def read_story(blocks: list[list[str]], title_first: bool) -> dict[str, str] | None:
    """What a story says of itself, and its text; None where that cannot be separated."""
    begin, text = find_text(blocks)
    if begin is None:
        return None
    record: dict[str, str] = {}
    plain: list[list[str]] = []  # blocks without a label
    for block in blocks[:begin]:
        labelled = split_label(block)
        if labelled:
            add_field(record, *labelled)
        else:
            rest = [line for line in block if not is_copyright(line)]
            # A date may stand right below the publication.
            cut = next((n for n, line in enumerate(rest) if n and date_in(line)), len(rest))
            plain += [part for part in (rest[:cut], rest[cut:]) if part]
    dates = [n for n, block in enumerate(plain) if date_in(block[0])]
    if title_first:
        at = next((n for n in reversed(dates) if n >= 2), None)
        title, publisher = (plain[at - 2], plain[at - 1]) if at else ([], [])
    else:
        at = next(iter(dates), None)
        publisher = plain[at - 1] if at else []
        after = plain[at + 1 :] if at is not None else plain
        title = next((block for block in after if not is_edition(block)), [])
    if at is not None:
        record["date"] = date_in(plain[at][0]) or ""
    record.setdefault("title", " ".join(title))
    record.setdefault("publisher", " ".join(publisher))
    end = next((n for n, block in enumerate(text) if n and is_tail(block)), len(text))
    for block in text[end:]:
        if labelled := split_label(block):
            add_field(record, *labelled)
    text = text[:end]
    while end and is_closing(text[end - 1]):
        end -= 1
    for block in text[end:]:
        if labelled := split_label(block):
            add_field(record, *labelled)
    record["text"] = join_blocks(block for block in text[:end] if not is_noise(block))
    return {key: value for key, value in record.items() if value} if record["text"] else None


def find_text(blocks: list[list[str]]) -> tuple[int | None, list[list[str]]]:
    """Where what is said of a story ends, and the blocks of its text and behind it.

    That is at a line that says so, else behind the labels that follow its date.
    """
    labelled = False
    for at, block in enumerate(blocks):
        label = split_label(block)
        if is_body_mark(block):
            return at, blocks[at + 1 :]
        if label and is_body_mark([label[0]]):
            return at, [label[1].split("\n"), *blocks[at + 1 :]]
        if labelled and not label and not is_copyright(block[0]) and not is_noise(block):
            mark = next((n for n, b in enumerate(blocks) if n > at and is_body_mark(b)), None)
            return (mark, blocks[mark + 1 :]) if mark else (at, blocks[at:])
        labelled = labelled or label is not None
    return None, []


def is_edition(block: Sequence[str]) -> bool:
    """Whether a block names the edition, which stands between date and headline."""
    return bool(EDITION.search(block[0])) and len(block[0].split()) <= MAX_EDITION


def is_tail(block: Sequence[str]) -> bool:
    """Whether a block is a line behind which Nexis Uni has captions and keywords."""
    return len(block) == 1 and block[0].casefold() in TAILS


def is_closing(block: Sequence[str]) -> bool:
    """Whether a block is what archives put behind a text."""
    return split_label(block) is not None or is_copyright(block[0]) or is_noise(block)


def is_noise(block: Sequence[str]) -> bool:
    """Whether a block is a line that the archive put in."""
    return len(block) == 1 and block[0].casefold() in NOISE
