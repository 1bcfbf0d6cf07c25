"""Rich Text Format → lines of text, after Microsoft's specification 1.9.

For drafts and for exports of archives. One pass over the tokens with a stack of groups, so that
time is in proportion to length, however deep groups nest. Kept are paragraphs, line breaks, tabs
and the cells of tables; fonts, pictures, footnotes, fields' codes and deleted text are left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

from dedup.errors import InputError
from dedup.readers.compression import read_whole
from dedup.readers.exports import MAX_BYTES, find_export, read_export
from dedup.readers.fields import make_article, read_record
from dedup.readers.options import Options
from dedup.readers.problem import Outcome

MAGIC = b"{\\rtf"
TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    r"|([^\\{}\r\n]+)"
)
# Groups whose text is not the document's; those that begin with \* are left out, too.
LEFT_OUT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "footnote", "annotation",
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
    "fldinst", "listtable", "listoverridetable", "revtbl", "themedata", "datastore", "xmlnstbl",
    "latentstyles", "generator", "bkmkstart", "bkmkend", "filetbl", "deleted", "nonshppict",
    "pntext", "listtext",
})  # fmt: skip
TEXTS = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "line": "\n", "row": "\n\n", "cell": " | ",
    "nestcell": " | ", "nestrow": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ",
}  # fmt: skip
SYMBOLS = {"~": "\xa0", "_": "-", "\n": "\n\n", "\r": "\n\n", "{": "{", "}": "}", "\\": "\\"}
CODE_PAGES = {  # of fonts, by \fcharset
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
FONT = re.compile(r"\\f(\d{1,5})(?![^\\{}])[^{}]{0,200}?\\fcharset(\d{1,3})")
MAX_FONTS = 60_000  # characters of the table of fonts
INFO = re.compile(r"\{\\(title|author|creatim)\b ?((?:[^{}\\]|\\[^{}])*)\}")
WHEN = re.compile(r"\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
MAX_TOKENS = 10_000_000  # 100 long stories with their formatting have a tenth
MAX_INFO = 20_000  # characters in which the information about a document stands
SPACE = re.compile(r"(?: \|)?[ \t]*\n[ \t]*")  # and behind the last cell of a row
EMPTY = re.compile(r"\n{3,}")


@dataclass(slots=True)
class Group:
    """What holds within braces: whether its text is left out, the encoding, bytes for \\u."""

    hidden: bool = False
    encoding: str = "cp1252"
    skip: int = 1


def read_rtf(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a document, or those in an export. Raises `InputError` without a text."""
    data = read_whole(stream, MAX_BYTES, "a document").getvalue()
    if not data.lstrip().startswith(MAGIC):
        raise InputError("not an RTF document")
    source = data.decode("latin-1")
    text = rtf_to_text(source)
    if not text:
        raise InputError("no text in this document")
    if export := find_export(text):
        yield from read_export(export, path, name)
        return
    record = dict(read_info(source[:MAX_INFO])) | {"text": text}
    yield from read_record(partial(make_article, record, name, {"path": path}, {}), path)


def read_info(head: str) -> Iterator[tuple[str, str]]:
    """Title, author and date of creation, as records call them."""
    for field_name, value in INFO.findall(head):
        if field_name == "creatim":
            if when := WHEN.search(value):
                # The file's, so that it only implies a publication.
                yield "timestamp", "-".join(part.zfill(2) for part in when.groups())
        elif text := rtf_to_text(f"{{{value}}}"):
            yield {"author": "byline"}.get(field_name, field_name), text


def rtf_to_text(source: str) -> str:
    """The text of a document whose bytes were read as Latin-1.

    >>> rtf_to_text(r"{\\rtf1 Z\\'fcrich \\u8211? a\\par B}")
    'Zürich – a\\n\\nB'
    """
    group, stack = Group(), []
    fonts, default = find_fonts(source), group.encoding
    parts: list[str] = []
    raw = bytearray()  # characters in the encoding of the font
    to_skip = 0  # characters that only old programs show, behind \u
    starred = False

    def flush() -> None:
        if raw:
            parts.append(raw.decode(group.encoding, "replace"))
            raw.clear()

    for count, match in enumerate(TOKEN.finditer(source)):
        if count > MAX_TOKENS:
            raise InputError(f"more than {MAX_TOKENS:,} words and commands in one document")
        word, number, code, symbol, brace, text = match.groups("")
        if code or text:
            starred = False
            if to_skip:
                cut = min(to_skip, 1 if code else len(text))
                to_skip -= cut
                code, text = "", text[cut:]
            if not group.hidden:
                raw += bytes.fromhex(code) if code else text.encode("latin-1")
            continue
        if word == "u" and number:
            flush()
            to_skip = group.skip
            if not group.hidden:
                parts.append(chr(int(number) % 65536))
            continue
        if not (word or symbol or brace):
            continue
        flush()
        if brace == "{":
            stack.append(group)
            group = replace(group)
            to_skip = 0
        elif brace == "}":
            group = stack.pop() if stack else Group()
            to_skip = 0
        elif symbol == "*":
            starred = True
            continue
        elif symbol:
            parts.append("" if group.hidden else SYMBOLS.get(symbol, ""))
        elif word in LEFT_OUT or (starred and word not in ("shptxt", "shpinst")):
            group.hidden = group.hidden or number != "0"
        elif word == "ansicpg" and number:
            group.encoding = default = known_encoding(f"cp{number}")
        elif word == "mac":
            group.encoding = default = "mac_roman"
        elif word == "f" and number in fonts:
            group.encoding = fonts[number] or default
        elif word == "uc" and number:
            group.skip = min(max(int(number), 0), 9)
        elif word in TEXTS and not group.hidden:
            parts.append(TEXTS[word])
        starred = False
    flush()
    whole = "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return EMPTY.sub("\n\n", SPACE.sub("\n", whole.replace("\0", "\ufffd"))).strip()


def find_fonts(source: str) -> Mapping[str, str | None]:
    """The encodings of the fonts by number; None is that of the document."""
    table = source.find("{\\fonttbl")
    if table < 0:
        return {}
    pairs = FONT.findall(source[table : table + MAX_FONTS])
    return {font: CODE_PAGES.get(int(charset)) for font, charset in pairs}


def known_encoding(name: str) -> str:
    """The encoding of this name; that of Windows where Python has none."""
    try:
        "a".encode(name)
    except LookupError:
        return "cp1252"
    return {"cp65001": "utf-8"}.get(name, name)
