"""Bytes → text, where a label may lie: web pages, mails, archives.

Comes in: bytes and the encoding that they are said to have. Goes out: text and the encoding
that was taken: that of a byte-order mark; UTF-8 if the bytes are UTF-8, for next to nothing
else is by chance; the label; what `charset_normalizer` finds, where that is installed;
Windows-1252, as browsers do (WHATWG Encoding Standard). No byte is dropped: what an encoding
does not have becomes U+FFFD, one for one.
"""

import codecs
import re

MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LABEL = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""", re.IGNORECASE)
LABELLED_WITHIN = 2048  # bytes of a page in which its encoding stands
SAMPLE = 50_000  # bytes that are looked at where no label helps
# Python has more (punycode, base64), and some of those take time that grows with the square.
OF_PAGES = re.compile(
    "iso8859|iso2022|cp|koi8|big5|gb|hz|shift|euc|utf-(16|32)|mac|ascii|tis|kz|johab"
)
# What can be told by its bytes: other scripts. One Latin alphabet looks much like another.
TOLD_APART = re.compile(
    "cp(125[1356]|874|93|94)|koi8|iso8859-[5678]$|iso2022|big5|gb|shift|euc|tis"
)
# What browsers take these labels for.
TAKEN_FOR = {"iso8859-1": "windows-1252", "ascii": "windows-1252", "gb2312": "gb18030",
             "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip


def mark_of(data: bytes) -> str | None:
    """The encoding that a byte-order mark names; None if there is none."""
    return next((codec for mark, codec in MARKS if data.startswith(mark)), None)


def decode(data: bytes, label: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding.

    >>> decode("Zürich".encode("windows-1252"), "utf-8")
    ('Zürich', 'windows-1252')
    >>> decode("Zürich".encode(), "iso-8859-1")
    ('Zürich', 'utf-8')
    """
    marked = mark_of(data)
    if marked:
        return data.decode(marked, "replace"), marked.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut off within a character
            return data.decode("utf-8", "replace"), "utf-8"
    for codec in (_known(label), _detected(data[:SAMPLE])):
        if codec:
            try:
                return data.decode(codec), codec
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode("windows-1252", "replace"), "windows-1252"


def labelled(data: bytes) -> str | None:
    """The encoding that a page names near its beginning; None if it names none."""
    found = LABEL.search(data[:LABELLED_WITHIN])
    return found.group(1).decode("ascii", "replace") if found else None


def _known(label: str | None) -> str | None:
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    return TAKEN_FOR.get(name, name) if OF_PAGES.match(name) else None


def _detected(sample: bytes) -> str | None:
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    best = from_bytes(sample, steps=5, chunk_size=512).best()
    found = _known(best.encoding) if best else None
    return found if found and TOLD_APART.match(found) else None
