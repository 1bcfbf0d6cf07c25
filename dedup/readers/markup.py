"""Markup → running text, with the addresses that it links to.

For a fragment of HTML, as feeds, mails and news records carry it, and for an XML element that
is much the same (NITF, XHTML, what an extractor returns). Nothing is judged to be navigation.
Tags are found by one pass that never looks back, so that time is in proportion to length (an
HTML parser written in Python takes minutes for a megabyte of "<!--<!--").
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from dedup.readers.invisible import remove_invisible
from dedup.readers.provenance import web_addresses

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "body.content", "block", "bq", "caption",
    "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hedline", "hl1", "hl2", "hr",
    "legend", "list", "main", "media-caption", "nav", "ol", "option", "p", "pre", "quote",
    "section", "summary", "table", "tbody", "tfoot", "thead", "ul",
})  # fmt: skip
LINES = frozenset({"br", "item", "lb", "li", "row", "tr"})
ITEMS = frozenset({"item", "li"})
CELLS = frozenset({"cell", "td", "th"})
HIDDEN = frozenset(
    {"audio", "canvas", "head", "iframe", "noscript", "object", "script", "style", "svg"}
    | {"template", "textarea", "title", "video"}
)
UNTIL_CLOSED = frozenset({"script", "style", "textarea", "title"})  # hold no tags
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"})

# A tag; after the first one whose quotation marks do not close, all are read without regard
# to quotation marks, or every further one would be looked for up to the end again.
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>")
ATTRIBUTE = re.compile(
    r"""([^\s=/>"']++)(?:\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?"""
)
MIN_PARAGRAPH = 80  # characters behind a heading; teasers are shorter
STORY = frozenset({"p", "quote"})  # what stands behind the heading of a part of a story
SPACE = re.compile(r"[ \t\r\n\f\v]+")  # not the no-break space, which is a character


class RunningText:
    """Text in the making: `open` and `close` a tag, add `text`, then take the `result`."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self._lines: list[str] = []  # of the paragraph under way
        self._parts: list[str] = []  # of the line under way
        self._hidden = 0
        self._links: list[str] = []

    def open(self, tag: str, target: str | None = None) -> None:
        """A tag begins; `target` is the address that it links to."""
        self._links += [target] if target else []
        if tag in HIDDEN:
            self._hidden += 1
        elif tag in BLOCKS:
            self._end_paragraph()
        elif tag in LINES:
            self._end_line()
            if tag in ITEMS:
                self._parts.append("- ")
        elif tag in CELLS and self._parts:
            self._parts.append(" | ")

    def close(self, tag: str) -> None:
        if tag in HIDDEN:
            self._hidden = max(self._hidden - 1, 0)
        elif tag in BLOCKS:
            self._end_paragraph()
        elif tag in LINES and tag not in ("br", "lb"):
            self._end_line()

    def text(self, words: str | None) -> None:
        if words and not self._hidden:
            self._parts.append(words)

    def result(self) -> tuple[str, tuple[str, ...]]:
        """The text, and the addresses that it links to."""
        self._end_paragraph()
        return "\n\n".join(self._paragraphs), web_addresses(self._links)

    def _end_line(self) -> None:
        line = SPACE.sub(" ", "".join(self._parts)).strip(" ")
        if line and line != "-":
            self._lines.append(line)
        self._parts = []

    def _end_paragraph(self) -> None:
        self._end_line()
        if self._lines:
            self._paragraphs.append("\n".join(self._lines))
            self._lines = []


def html_to_text(source: str) -> tuple[str, tuple[str, ...]]:
    """The text of a fragment of HTML, and the addresses that it links to.

    >>> html_to_text('<p>Guns &amp; shells,<br>said <a href="https://zdf.de/">ZDF</a>.<p>More')
    ('Guns & shells,\\nsaid ZDF.\\n\\nMore', ('https://zdf.de/',))
    """
    running = RunningText()
    for kind, name, rest in split_tags(remove_invisible(source)):
        if kind == "text":
            running.text(unescape(rest))
        elif kind == "close":
            running.close(name)
        else:
            running.open(name, parse_attributes(rest).get("href") if name == "a" else None)
            if name in HIDDEN and (name in VOID or rest.endswith("/")):
                running.close(name)
    return running.result()


def element_to_text(root: Any) -> tuple[str, tuple[str, ...]]:
    """The same of an lxml element, whose tags count by their local names.

    The walk has no recursion, so that depth does not matter.
    """
    running = RunningText()
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):  # an element that ends here, with what stands behind it
            node, name = node
            running.close(name)
            if node is not root:
                running.text(node.tail)
            continue
        if not isinstance(node.tag, str):  # a comment, or an entity, which is not resolved
            running.text(unescape(node.text or "") if hasattr(node, "name") else "")
            running.text(node.tail if node is not root else "")
            continue
        name = node.tag.rpartition("}")[2].lower()
        running.open(name, node.get("href") or node.get("target"))
        running.text(node.text)
        waiting.append((node, name))
        waiting.extend(reversed(node))
    return running.result()


def story_to_text(root: Any) -> tuple[str, tuple[str, ...]]:
    """The text of a story that trafilatura has extracted, whose headings are called ``head``: one
    before the first paragraph is the title, one with none behind it that of something else."""
    for heading in root.xpath(".//head[preceding::p]"):
        following = heading.getnext()
        length = 0 if following is None else sum(map(len, following.itertext()))
        is_link = heading.find(".//ref") is not None
        if (
            following is not None
            and following.tag in STORY
            and length >= MIN_PARAGRAPH
            and not is_link
        ):
            heading.tag = "h2"
    return element_to_text(root)


def parse_attributes(source: str) -> dict[str, str]:
    """The attributes in the source of a tag, by name in lower case."""
    return {
        match.group(1).lower(): unescape(match.group(2) or match.group(3) or match.group(4) or "")
        for match in ATTRIBUTE.finditer(source)
    }


def split_tags(source: str) -> Iterator[tuple[str, str, str]]:
    """What stands in a fragment: ``text``, ``open`` and ``close``, with name and source."""
    at, pattern = 0, TAG
    while True:
        begin = source.find("<", at)
        if begin < 0:
            yield "text", "", source[at:]
            return
        if begin > at:
            yield "text", "", source[at:begin]
        following = source[begin + 1 : begin + 4]
        if following == "!--":
            at = skip_past(source, "-->", begin + 4)
        elif following.startswith(("!", "?")):
            at = skip_past(source, ">", begin)
        elif not following.lstrip("/")[:1].isalpha():
            yield "text", "", "<"
            at = begin + 1
        else:
            match = pattern.match(source, begin)
            if match is None and pattern is TAG:
                pattern = PLAIN_TAG
                match = pattern.match(source, begin)
            if match is None:  # a tag that is cut off, or none
                at = skip_past(source, ">", begin)
                continue
            name, at = match.group(2).lower(), match.end()
            yield ("close" if match.group(1) else "open"), name, match.group(3)
            if name in UNTIL_CLOSED and not match.group(1):
                closing = re.compile(f"</{name}", re.IGNORECASE).search(source, at)
                at = closing.start() if closing else len(source)


def skip_past(source: str, mark: str, begin: int) -> int:
    """The place after the next `mark`; the end where there is none."""
    at = source.find(mark, begin)
    return at + len(mark) if at >= 0 else len(source)
