"""Bytes → text, where the label of the encoding may be wrong: web pages, mails, archives.

In this order: the byte-order mark; UTF-8, if the bytes are valid UTF-8, which other encodings
are next to never by chance; the label; what `charset_normalizer` detects, where that is
installed; Windows-1252, as browsers do (WHATWG Encoding Standard). No byte is dropped: what an
encoding does not have becomes U+FFFD, one for one.
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
MAX_LABEL_OFFSET = 2048  # bytes of a page in which its encoding is declared
MAX_SAMPLE = 50_000  # bytes that are examined where no label helps
# Python has more (punycode, base64), and some of those take time that grows with the square.
PAGE_ENCODINGS = re.compile(
    "iso8859|iso2022|cp|koi8|big5|gb|hz|shift|euc|utf-(16|32)|mac|ascii|tis|kz|johab"
)
# What detection can recognise: other scripts. One Latin alphabet looks much like another.
DETECTABLE = re.compile(
    "cp(125[1356]|874|93|94)|koi8|iso8859-[5678]$|iso2022|big5|gb|shift|euc|tis"
)
# What browsers understand by these labels.
BROWSER_ENCODINGS = {"iso8859-1": "windows-1252", "ascii": "windows-1252", "gb2312": "gb18030",
                     "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte-order mark names; None if there is none."""
    return next((codec for mark, codec in MARKS if data.startswith(mark)), None)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a page declares near its beginning; None if it declares none."""
    match = LABEL.search(data[:MAX_LABEL_OFFSET])
    return match.group(1).decode("ascii", "replace") if match else None


def decode(data: bytes, label: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding.

    >>> decode("Zürich".encode("windows-1252"), "utf-8")
    ('Zürich', 'windows-1252')
    >>> decode("Zürich".encode(), "iso-8859-1")
    ('Zürich', 'utf-8')
    """
    marked = marked_encoding(data)
    if marked:
        return data.decode(marked, "replace"), marked.removesuffix("-sig")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut off within a character
            return data.decode("utf-8", "replace"), "utf-8"
    for codec in (page_encoding(label), detected_encoding(data[:MAX_SAMPLE])):
        if codec:
            try:
                return data.decode(codec), codec
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode("windows-1252", "replace"), "windows-1252"


def page_encoding(label: str | None) -> str | None:
    """The encoding that a browser takes this label for; None if that is none of a page."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    return BROWSER_ENCODINGS.get(name, name) if PAGE_ENCODINGS.match(name) else None


def detected_encoding(sample: bytes) -> str | None:
    """The encoding that these bytes look like; None where nothing can detect it."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return None
    best = from_bytes(sample, steps=5, chunk_size=512).best()
    codec = page_encoding(best.encoding) if best else None
    return codec if codec and DETECTABLE.match(codec) else None
