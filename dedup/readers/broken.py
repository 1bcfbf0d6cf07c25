"""Fragments of HTML whose paragraphs are lines: as agencies and WordPress store them.

They have next to no tags for paragraphs; a blank line or an indented one begins one. Everywhere
else white space in HTML says nothing.
"""

import re

from dedup.readers.markup import html_to_text

BLOCK = re.compile(r"<(?:p|br|div|li|h[1-6]|blockquote|tr)\b", re.IGNORECASE)
BREAK = re.compile(
    r"[ \t\xa0]*\r?\n(?:[ \t\xa0]*\r?\n)+|(?<=[.!?…\"”»)])[ \t]*\r?\n[ \t\xa0]{2,}(?=[^\s<])"
)


def broken_to_text(source: str) -> tuple[str, tuple[str, ...]]:
    """The text of a fragment, and the addresses that it links to.

    >>> broken_to_text("Guns arrived.\\n\\nShells <b>followed</b>.")[0]
    'Guns arrived.\\n\\nShells followed.'
    """
    if len(BLOCK.findall(source)) <= len(BREAK.findall(source.strip())):
        source = BREAK.sub("\n<p>", source.strip())
    return html_to_text(source)
