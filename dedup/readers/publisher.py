"""What a page calls its outlet → one name.

Structured data, meta tags, the end of the title and a copyright line may each be wrong: they name
the content system ("Blogger"), a group of papers, another story, a domain. The address decides:
the first name that agrees with it wins, be it by its initials ("Deutsche Welle" at dw.com), and one
that is no domain before one that is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import islice
from unicodedata import normalize

from dedup.readers.provenance import host, one_line

WORD = re.compile(r"[a-z0-9]+")
SEPARATOR = re.compile(r"\s[|ㅣ–—·•:»*-]\s|\s*[|ㅣ»]\s*")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,6}", re.IGNORECASE)
# The address of which an archive of the web keeps a copy.
ARCHIVED = re.compile(r"(?<=/)https?://.*")
COPYRIGHT = re.compile(r"©|&(?:copy|#169|#xa9);|[Cc]opyright\s")
ENDS = re.compile(r"[<>\n]")  # of a line
# What stands beside the name in a line of copyright.
BESIDE = re.compile(
    r"(?i)[([].*|©|\(c\)|\bcopyright\b|^.*\bby\b|\b(?:19|20)\d\d\b|\b(?:all|alle|tous|todos)\s.*"
    r"|\s(?:gmbh|inc|ltd|llc|ag|kg|corp|plc|ltda|a\.?ş|verlags?)\b.*|[,|].*|\.(?:\s.*|$)|\s[-–—]\s.*"
)
NO_NAME = re.compile(r"[\"<>={}\\/:*]|\w\.\w")  # code, addresses, a name beside an address
MAX_LINES = 40  # of copyright that are looked at: most are those of pictures
MAX_LINE = 80  # characters on a side of the mark
MAX_WORDS = 6  # in the name of an outlet
MAX_SHORT = 4  # letters of an address that may be some of a name's
MIN_LETTERS = 3  # in a name or a part of one that an address has, too
# What an address has beside a name.
SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})
# Words that tell no outlet from another.
SITE_WORDS = frozenset(
    {
        "",
        "at",
        "ch",
        "com",
        "de",
        "fr",
        "it",
        "nachrichten",
        "net",
        "news",
        "online",
        "org",
        "www",
    }
)
LAST_LATIN = "\u024f"
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def choose_publisher(
    names: Sequence[str | None], hints: Iterable[str | None], url: str | None
) -> str | None:
    """The name of the outlet among `names`, the most reliable first, and `hints`, which count only
    where they agree with the address; else its host.

    >>> choose_publisher(["Blogger", "Der Postillon"], [], "https://www.der-postillon.com/a")
    'Der Postillon'
    """
    stated = list(dict.fromkeys(filter(None, names)))
    archived = ARCHIVED.search(url or "")
    site = host(archived[0] if archived else url)
    labels = labels_of(site)
    agreeing: list[str] = []
    for name in stated:
        if agrees(name, labels):
            if not DOMAIN.fullmatch(name):
                return name
            agreeing.append(name)
    hinted = (hint for hint in hints if hint and is_name(hint)) if labels else iter(())
    hint = next((hint for hint in hinted if agrees(hint, labels, latin=True)), None)
    return hint or next(iter((*agreeing, *stated)), None) or site or None


def is_name(text: str) -> bool:
    """Whether a piece of a page may be the name of an outlet."""
    words = text.split()
    return 0 < len(words) <= MAX_WORDS and not NO_NAME.search(text)


def labels_of(site: str) -> list[str]:
    """The parts of a host that are names: "aa" of "aa.com.tr".

    >>> labels_of("japannews.yomiuri.co.jp"), labels_of("example.org")
    (['japannews', 'yomiuri'], ['example'])
    """
    parts = site.split(".")[:-1]
    while len(parts) > 1 and parts[-1] in SECOND_LEVEL:
        parts.pop()
    return ["".join(filter(str.isalnum, part)) for part in parts if part not in SITE_WORDS]


def agrees(name: str, labels: Iterable[str], latin: bool = False) -> bool:
    """Whether a name may be that of a site with these labels; with `latin` not where it is in
    another script, which cannot be compared."""
    small = name.casefold()
    if any(sign > LAST_LATIN and sign.isalpha() for sign in small):
        return not latin
    forms = {small, small.translate(GERMAN)}
    return any(is_called(form, label) for form in forms for label in labels)


def is_called(name: str, label: str) -> bool:
    """Whether a name in small letters, its words, initials or some of its letters are a label."""
    words = WORD.findall(normalize("NFKD", name).encode("ascii", "ignore").decode())
    bare, initials = "".join(words), "".join(word[0] for word in words)
    parts = [word for word in words if len(word) > MIN_LETTERS and word not in SITE_WORDS]
    return (
        label in words
        or (len(bare) >= MIN_LETTERS and bare in label)
        or (len(label) >= MIN_LETTERS and label in bare)
        or any(part in label for part in parts)
        or (len(words) > 1 and label.startswith(initials))
        or (len(label) <= MAX_SHORT and bare[:1] == label[:1] and is_within(label, bare))
    )


def is_within(short: str, long: str) -> bool:
    """Whether the letters of the one stand in the other in their order: "rp", "rzeczpospolita"."""
    letters = iter(long)
    return all(sign in letters for sign in short)


def end_of_title(title: str | None, headlines: Iterable[str | None]) -> str | None:
    """What the title of a page has behind its headline: the outlet, on most pages.

    >>> end_of_title("Ferry terminal approved | Example Daily", ["Ferry terminal approved"])
    'Example Daily'
    """
    for headline in filter(None, headlines):
        if title and title.startswith(headline):
            mark = SEPARATOR.match(title, len(headline))
            rest = title[mark.end() :] if mark else ""
            if rest and len(rest.split()) <= MAX_WORDS and not SEPARATOR.search(rest):
                return rest
    return None


def without_end(title: str | None, names: Iterable[str | None]) -> str | None:
    """A title without the name of the outlet at its end.

    >>> without_end("Ferry terminal approved - Example Daily", ["Example Daily"])
    'Ferry terminal approved'
    """
    *_, last = None, *SEPARATOR.finditer(title or "")
    if title and last and bare_name(title[last.end() :]) in map(bare_name, filter(None, names)):
        return title[: last.start()]
    return title


def ends_of_title(title: str | None) -> list[str]:
    """The parts of a title that may be the name of the outlet."""
    return [part.strip() for part in SEPARATOR.split(title or "")[1:]]


def copyright_holders(source: str) -> Iterator[str]:
    """The names in the lines of copyright of a page."""
    for mark in islice(COPYRIGHT.finditer(source), MAX_LINES):
        *_, before = ENDS.split(source[max(mark.start() - MAX_LINE, 0) : mark.start()])
        behind, *_ = ENDS.split(source[mark.end() : mark.end() + MAX_LINE])
        for side in (before, behind):
            name = holder_in(unescape(side))
            if name and not name.islower():
                yield name


def holder_in(line: str) -> str | None:
    """The name in a line of copyright.

    >>> holder_in("© 2024 Example Daily GmbH, Berlin. All rights reserved.")
    'Example Daily'
    """
    return one_line(BESIDE.sub(" ", line).strip(" -–—.:"))


def bare_name(name: str) -> str:
    """A name as names of outlets are compared: small letters and digits, without "The"."""
    return "".join(filter(str.isalnum, name.casefold().removeprefix("www.").removeprefix("the ")))


def is_site(name: str, own: set[str]) -> bool:
    """Whether an author is the site: called as it is, with its ending, its address or its motto."""
    if "(www." in name:
        return True
    first, *motto = SEPARATOR.split(name)
    rest = bare_name(first if motto else name)
    for site in own:
        rest = rest.replace(site, "", 1)
    return rest in SITE_WORDS or any(bare_name(name) in site for site in own)
