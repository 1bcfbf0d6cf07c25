"""Wikitext → running text, as far as news pages use it: templates, tables and notes left out.

Templates (``{{…}}``) may change the text, so what they would show is not known. Time is in
proportion to length: nested marks are counted, not matched by a pattern.
"""

import re

from dedup.readers.markup import html_to_text

LINK = re.compile(r"\[\[(?:[^\[\]|]{1,300}\|)?([^\[\]|]{1,300})\]\]")
OUTSIDE = re.compile(r"\[(?:https?:)?//[^\s\]]{1,2000}(?: ([^\]]{1,300}))?\]")
FILE = re.compile(
    r"\[\[(?:file|image|datei|bild|fichier|archivo|category|kategorie|catégorie|categoría):"
    r"[^\[\]]{0,500}(?:\[\[[^\]]{0,300}\]\][^\[\]]{0,500}){0,20}\]\]",
    re.IGNORECASE,
)
NOTE = re.compile(r"<ref\b[^>]{0,300}>", re.IGNORECASE)
SOURCES = re.compile(  # the heading behind which a page has no text of its own
    r"^=+\s{0,5}(?:sources?|quellen?|fuentes|external links|related news|see also|references"
    r"|einzelnachweise|weblinks|voir aussi|liens externes)\s{0,5}=+\s{0,5}$.*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
HEADING = re.compile(r"^=+\s{0,5}(.{1,300}?)\s{0,5}=+\s{0,5}$", re.M)
EMPHASIS = re.compile(r"'{2,5}")
BULLET = re.compile(r"^[*#:;]+\s*", re.M)


def wikitext_to_text(source: str) -> str:
    """The text of a page.

    >>> wikitext_to_text("{{date|x}}'''Guns''' in [[Crimea|the south]].<ref>a</ref>\\n\\nMore.")
    'Guns in the south.\\n\\nMore.'
    """
    text = drop_nested(drop_nested(source, "{{", "}}"), "{|", "|}")
    text = SOURCES.sub("", drop_notes(FILE.sub("", text)))
    text = OUTSIDE.sub(lambda match: match.group(1) or "", LINK.sub(r"\1", text))
    text = BULLET.sub("- ", HEADING.sub(r"\1\n", EMPHASIS.sub("", text)))
    paragraphs = (
        html_to_text(part.replace("\n", "<br>"))[0] for part in re.split(r"\n\s*\n", text)
    )
    return "\n\n".join(part for part in paragraphs if part)


def drop_notes(text: str) -> str:
    """The text without its notes."""
    kept: list[str] = []
    at = 0
    for match in NOTE.finditer(text):
        if match.start() < at:
            continue
        end = match.end() if match.group().endswith("/>") else text.find("</ref>", match.end()) + 6
        if end < match.end():  # it never ends
            break
        kept.append(text[at : match.start()])
        at = end
    return "".join((*kept, text[at:]))


def drop_nested(text: str, begin: str, end: str) -> str:
    """The text without what stands between these marks, which nest."""
    kept: list[str] = []
    depth = at = 0
    for match in re.finditer(f"{re.escape(begin)}|{re.escape(end)}", text):
        if not depth:
            kept.append(text[at : match.start()])
        depth = max(0, depth + (1 if match.group() == begin else -1))
        at = match.end()
    return "".join((*kept, text[at:] if not depth else ""))
