"""What a page shows of its article beside the text: who wrote it and when.

Old pages and small sites state it nowhere else. Elements are found by what they are called:
microdata (``itemprop``), ``rel="author"``, then classes and ids such as "byline" and "post-date".
Those of comments, teasers and sidebars are left alone.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from dedup.readers.dates import DateBasis, read_date
from dedup.readers.provenance import clean_list, one_line

MAX_AUTHORS = 6  # more are those of the other stories on the page
MAX_NAME = 60  # characters
MAX_NAME_WORDS = 6
MAX_UNSPACED = 12  # characters of a name in a script without spaces between words
MAX_BYLINE = 250  # characters of an element that names the authors
MAX_LINE = 100  # characters of a line that begins with "By"
MAX_DATE = 80  # characters of an element that shows a date
MAX_ELEMENTS = 40  # of one kind that are looked at
MAX_TRIED = 2_000  # elements whose classes or first words call for a look
MAX_DEPTH = 60  # elements around one that are looked at
MAX_PARTS = 100  # pieces of text in one that is no longer than a byline

# Parts of a page that belong to other stories, or to readers.
ELSEWHERE = re.compile(
    r"(?i)comment|kommentar|related|teaser|sidebar|widget(?! blog)|(?<!post-)(?<!entry-)footer"
    r"|recommend|newsletter|promo(?!t)|trending|most-?read|similar|latest|breadcrumb|respond|reply|navigation|\bmenu"
)
CALLED = (
    "//*[@class or @id][self::a or self::span or self::div or self::p or self::strong or self::em"
    " or self::address or self::li or self::cite or self::h4 or self::h5]"
)
AUTHOR = re.compile(
    r"(?i)(?<!co)(?:author|autor(?!i[sz])|byline|verfasser|auteur|writer|redakt[eoö])"
)
USER = re.compile(r"(?i)(?<![\w-])(?:username|submitted)(?![\w-])")  # as forums call authors
NO_AUTHOR = re.compile(
    r"(?i)bio|image|img|avatar|photo|foto|icon|date|time|follow|social|more|desc"
)
DATE = re.compile(r"(?i)date(?!n)|datum|fecha|\bdata\b|publish|pub_|posted|time(?!r|line)|meta")
# What stands before a name: "By", "Von", "Text:", "Written by".
BEFORE = re.compile(
    r"(?i)^(?:(?:written|posted|published|reported|created|story|text|interview|words|article|artikel|blog|gast"
    r"|beitrag|autorin/autor|autor(?:in/autor|in|en)?|authors?|verfasst|geschrieben|erstellt|eingestellt|gespeichert|redaktion"
    r"|rédigé|écrit|escrito|publicado|ein|all|alle|zeige|view|see|more|mehr|zum|profil|beiträge|posts"
    r"|articles|stories|und|and)\s*){0,5}"
    r"(?:\b(?:by|von|vom|par|por|di|da|door|av|af|od|przez|autor|author|auteur|автор)\b\s*:?\s*"
    r"|\b(?:text|autor(?:in|en)?|authors?|verfasser|auteur|words|interview|texto|testo|автор)\s*:\s*)"
)
BYLINE = re.compile(
    r"(?i)^(?:(?:ein\s+)?(?:gast|blog)?[\s-]?(?:artikel|beitrag|kommentar)\s+)?"
    r"(?:by|von|par|por|text|words|(?:autor(?:in)?/)?autor(?:in)?|auteur|author)\b\s*:?\s"
)
# A line of a date, perhaps with its hour, and a name: "04.02.2022 | 13:10 Uhr | Ann Writer".
DATED = re.compile(
    r"^\d\d?\.\s?(?:\d\d?\.|[^\W\d_]{3,9})\s?\d{4}(?:[\s|,–—-]+\d\d?[:.]\d\d(?:\s?Uhr)?)?"
    r"\s+[|–—-]\s+(?P<name>\S.*)"
)
# What stands behind it: a date, a role, the number of comments.
BEHIND = re.compile(
    r"\s*(?:[|•·–—/(\[@]|\s-\s|\d|,\s*(?:am|vom|on)\b).*$|\s+(?:am|on|vom|in|um)\s+\S*\d.*$"
)
BETWEEN = re.compile(r"\s*(?:,|;|&|\||/|\s(?:und|and|et|y|e|og|och|en|i|и)\s)\s*")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Kana, Han, Hangul


# What stands beside names and is none: buttons, networks, kinds of dates.
NO_NAME = re.compile(
    r"(?i)^(?:(?:un)?follow|twitter|facebook|instagram|linkedin|e-?mail|website|published|updated"
    r"|veröffentlicht|aktualisiert|publié|publicado|comments?|kommentare?|share|teilen|watch|more|mehr"
    r"|stand|beitrag|beiträge|artikel|article|text|quelle|source|archiv|profil|zur|zum|alle|all|view"
    r"|(?:user|benutzer)?name|passwor[dt]|admin|administrator|login|home|anonym\w*|unknown|by|von|author|autor(?:in)?)\b"
)


# Two words or more with capitals, and what stands between them in names.
PERSON = re.compile(
    r"[^\W\d_a-z][\w.'’-]+(?:\s(?:[^\W\d_a-z][\w.'’-]*|v[ao]n|de[lnr]?|d[aiou]s?|l[ae]|[ae]l|te[rn]|zu|y))"
    r"{0,3}\s[^\W\d_a-z][\w'’-]+"
)


class Visible(NamedTuple):
    """The authors that a page shows, and what may be its date, the best first."""

    authors: tuple[str, ...] = ()
    dates: tuple[tuple[str, str, DateBasis], ...] = ()


def read_visible(tree: Any) -> Visible:
    """What a parsed page shows."""
    return Visible(find_authors(tree), tuple(find_dates(tree)))


def find_authors(tree: Any) -> tuple[str, ...]:
    """The authors that the page of a tree shows."""
    exact = ("//*[@itemprop='author']", "//*[contains(@rel, 'author')]")
    if names := next(filter(None, (first_named(tree.xpath(query)) for query in exact)), ()):
        return names
    elements = tree.xpath(CALLED)
    return (
        first_named(e for e in elements if is_called(e, AUTHOR))
        or find_byline(tree)
        or first_named(e for e in elements if is_called(e, USER))
    )


def first_named(elements: Iterable[Any]) -> tuple[str, ...]:
    """The authors in the first of some elements that names one, and in those beside it."""
    authors: list[str] = []
    first: Any = None
    for element in islice(elements, MAX_TRIED):
        if is_elsewhere(element) or (authors and not stands_beside(element, first)):
            continue
        first = element if not authors else first
        authors += names_shown(element)
    distinct = clean_list(authors)
    return distinct[: 1 if len(distinct) > MAX_AUTHORS else None]


def stands_beside(element: Any, other: Any) -> bool:
    """Whether two elements are in one element, or in two of one."""
    around = [other.getparent(), other.getparent() is not None and other.getparent().getparent()]
    parent = element.getparent()
    return parent in around or (parent is not None and parent.getparent() in around[:1])


def find_byline(tree: Any) -> tuple[str, ...]:
    """The authors that a short line of the page names: "By Ann Writer"."""
    elements = tree.iter("p", "li", "span", "div", "small", "em", "strong", "byline", "h5", "h6")
    for element in islice(filter(starts_byline, elements), MAX_TRIED):
        if is_elsewhere(element):
            continue
        line = shown_text(element)
        if len(line) <= MAX_LINE:
            dated = DATED.match(line)
            line = dated["name"] if dated else BYLINE.sub("", line)
            names = [name for name in split_names(line) if PERSON.fullmatch(name)]
            if names:
                return clean_list(names)
    return ()


def starts_byline(element: Any) -> bool:
    """Whether an element begins as a line that names the authors does."""
    text = (element.text or "").lstrip()
    if not text and len(element):  # a label of its own: "<b>Author:</b> Ann Writer"
        text = (element[0].text or "").lstrip()
    text = text[:MAX_LINE]
    return BYLINE.match(f"{text} ") is not None or DATED.match(text) is not None


def is_called(element: Any, kind: "re.Pattern[str]") -> bool:
    """Whether the class or the id of an element says that it names the author."""
    called = f"{element.get('class') or ''} {element.get('id') or ''}"
    return kind.search(called) is not None and NO_AUTHOR.search(called) is None


def is_elsewhere(element: Any) -> bool:
    """Whether an element stands in a part of the page that is not of its article."""
    for node in islice(chain([element], element.iterancestors()), MAX_DEPTH):
        if node.tag in ("body", "html", "main", "article"):
            return False
        if node.tag in ("aside", "nav"):
            return True
        if ELSEWHERE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
            return True
    return False


def names_shown(element: Any) -> list[str]:
    """The names that an element shows."""
    inner = element.xpath(".//*[@itemprop='name']")
    sources = inner if inner else [element]
    shown = [node.get("content") or shown_text(node) for node in sources]
    links = [] if inner else [shown_text(a) for a in element.xpath(".//a")]
    names = [name for text in links for name in split_names(text)]
    return names or [name for text in shown for name in split_names(text)]


def shown_text(element: Any) -> str:
    """The text of an element on one line; empty where it is longer than a byline."""
    parts: list[str] = []
    length = 0
    for part in islice(element.itertext(), MAX_PARTS):
        parts.append(part)
        length += len(part.strip())
        if length > MAX_BYLINE:
            return ""
    return one_line(" ".join(parts)) or ""


def split_names(text: str) -> list[str]:
    """The names in a byline: without what stands before and behind them; none in a sentence.

    >>> split_names("Von Ann Writer und Bo Scribe | 5. März 2024")
    ['Ann Writer', 'Bo Scribe']
    """
    text = BEHIND.sub("", BEFORE.sub("", BEFORE.sub("", text.strip()))).strip(" .,:;-")
    names = [name.strip(" .,:;") for name in BETWEEN.split(text)]
    return [name for name in names if is_name(name)]


def is_name(text: str) -> bool:
    """Whether a string may be the name of a person or an office: short, in words, no address."""
    count = len(text.split())
    if not 1 < len(text) <= MAX_NAME or count > MAX_NAME_WORDS:
        return False
    return (
        text[0].isalpha()
        and len(UNSPACED.findall(text)) <= MAX_UNSPACED
        and not NO_NAME.match(text)
        and not re.search(r"[@:?!…]|https?|www\.|\d{3}", text)
    )


def find_dates(tree: Any) -> Iterator[tuple[str, str, DateBasis]]:
    """What may be the date of the page of a tree: microdata, then elements that are called so."""
    for element in tree.xpath("//*[@itemprop='datePublished']")[:MAX_ELEMENTS]:
        value = element.get("content") or element.get("datetime") or shown_text(element)
        if value and not is_elsewhere(element):
            yield "microdata datePublished", value, "stated"
    for element in tree.xpath("//time[@pubdate or contains(@class, 'publish')]")[:MAX_ELEMENTS]:
        if not is_elsewhere(element):
            yield "time element", element.get("datetime") or shown_text(element), "implied"


def find_shown_dates(tree: Any) -> Iterator[tuple[str, str, DateBasis]]:
    """What may be the date among the texts of elements that are called so."""
    looked_at = 0
    elements = tree.xpath("//body//*[@class or @id]")
    called = (e for e in elements if DATE.search(f"{e.get('class') or ''} {e.get('id') or ''}"))
    for element in islice(called, MAX_TRIED):
        if is_elsewhere(element):
            continue
        looked_at += 1
        if looked_at > MAX_ELEMENTS:
            return
        text = shown_text(element)
        if text and len(text) <= MAX_DATE and read_date(text):
            yield "shown date", text, "guessed"
