"""Exports of ProQuest as text (TXT, HTML, mails) → its stories.

Labels stand before and behind the text, which begins with ``Full text:``; lines of underscores part
the stories, or only that after the last label comes the next headline.
"""

import re
from collections.abc import Iterator, Sequence

from dedup.readers.exports.labels import (
    add_field,
    join_blocks,
    load_vocabulary,
    split_blocks,
    split_label,
)

RULE = re.compile(r"\s*[_=*-]{30,}\s*")
NUMBERED = re.compile(
    r"(?:Document|Dokument|Documento|Item|Email|Record)\s+\d{1,5}\s+(?:of|von|de|di|sur)\s+\d{1,5}",
    re.I,
)
LINK = re.compile(
    r".{0,40}(?:document link|-Dokumentlink|lien du document|enlace al documento).{0,20}", re.I
)
FRONT = frozenset({"", "proquest", "report information from proquest", "table of contents"})


def is_proquest(lines: Sequence[str]) -> bool:
    """Whether lines are those of an export: a text with its label, and ProQuest's number."""
    labels = [split_label([line]) for line in lines if ":" in line[:60]]
    kinds = {load_vocabulary().fields.get(label[0]) for label in labels if label}
    return {"text", "id"} <= kinds and any("proquest" in line.casefold() for line in lines)


def split_proquest(lines: Sequence[str]) -> Iterator[dict[str, str] | None]:
    """The stories of an export, each a record; None for one that is not understood."""
    part: list[str] = []
    for line in (*lines, "_" * 60):
        if RULE.fullmatch(line):
            yield from split_part(part)
            part = []
        else:
            part.append(line)


def split_part(lines: Sequence[str]) -> Iterator[dict[str, str] | None]:
    """The stories between two rules: mostly one, none in a table of contents."""
    story: list[list[str]] = []
    has_text = has_id = closing = False
    for block in split_lines(lines):
        label = split_label(block)
        kind = load_vocabulary().fields.get(label[0]) if label else None
        if closing and (label is None or kind == "title") and not LINK.fullmatch(block[0]):
            yield read_story(story)
            story, has_text, has_id, closing = [], False, False, False
        story.append(block)
        has_text = has_text or kind == "text"
        has_id = has_id or kind == "id"
        closing = has_text and has_id and label is not None and kind != "text"
    if has_text:
        yield read_story(story)
    elif any(split_label(block) for block in story) and len(story) > 3:
        yield None  # something about a document, and no text


def split_lines(lines: Sequence[str]) -> list[list[str]]:
    """Blocks, cut before each label."""
    blocks: list[list[str]] = []
    for block in split_blocks(lines):
        blocks.append([])
        for line in block:
            if blocks[-1] and split_label([line]):
                blocks.append([])
            blocks[-1].append(line)
    return blocks


def read_story(blocks: list[list[str]]) -> dict[str, str] | None:
    """What a story says of itself, and its text."""
    record: dict[str, str] = {}
    text: list[list[str]] = []
    labelled = False
    end = len(blocks)
    while end and (split_label(blocks[end - 1]) or LINK.fullmatch(blocks[end - 1][0])):
        end -= 1
    for at, block in enumerate(blocks):
        label = split_label(block)
        kind = load_vocabulary().fields.get(label[0]) if label else None
        if label and kind == "text":
            text = [label[1].split("\n")] if label[1] else []
            text += blocks[at + 1 : max(end, at + 1)]
        elif label and (not text or at >= end):
            add_field(record, *label)
            labelled = True
        elif not labelled and not NUMBERED.fullmatch(block[0]) and not LINK.fullmatch(block[0]):
            record["title"] = " ".join(block)  # what stands last before the labels
    if byline := record.get("byline"):
        record["byline"] = ", ".join(map(turn_name, byline.split(";")))
    if publisher := record.get("publisher"):
        record["publisher"] = publisher.partition(";")[0].strip()
    record["text"] = join_blocks(text)
    return record if record["text"] else None


def turn_name(name: str) -> str:
    """A name as it is spoken: ``Writer, Ann`` is ``Ann Writer``."""
    last, comma, first = name.strip().partition(", ")
    return f"{first} {last}" if comma and "," not in first else name.strip()
