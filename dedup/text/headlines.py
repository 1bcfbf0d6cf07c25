"""The words of a headline without what a site hangs on it: its own name, "LIVE:", "– Europe live".

One story's headline stands on ten sites with ten names behind it. Nothing but the mark before the
name and its capitals shows it, so this serves titles and texts of a headline alone, where the
story itself gives no better evidence; within a text a name behind a dash may be the source ("More
aid expected – Seoul").
"""

import regex

from dedup.article import Span
from dedup.text.words import split_words

# What kind of page it is, in English and nine other languages.
KICKERS = (
    "live|updated?|latest|breaking(?: news)?|watch|videos?|photos?|pictures|gallery|listen|podcast"
    "|exclusive|analysis|opinion|comment|editorial|explainer|explained|fact check|briefing|blog"
    "|recap|developing|just in|interview|review|obituary|as it happened|ticker|liveticker"
    "|eilmeldung|newsblog|analyse|kommentar|direct|en direct|vidéo|exclusif|en directo|en vivo"
    "|última hora|vídeo|exclusiva|opinión|diretta|in diretta|ultim'ora|esclusivo|ao vivo|exclusivo"
    "|opinião|na żywo|pilne|wideo|срочно|видео|онлайн|эксклюзив|обновлено|терміново|відео|наживо"
    "|ексклюзив|оновлено"
)
LABEL = rf"(?:[\p{{L}}\p{{N}}'’-]+ ){{0,3}}?(?:{KICKERS})"  # "Ukraine war briefing"
BEFORE = regex.compile(
    rf"\s*(?:{LABEL}\s*(?:[:|•]|\+\+\+|\s[-–—]\s)|(?-i:LIVE|WATCH|VIDEO|BREAKING|EXCLUSIVE)\s)\s*",
    regex.IGNORECASE,
)
BEHIND = regex.compile(rf"\s[-–—|•]\s*{LABEL}\s*$", regex.IGNORECASE)
# " | Westbrook Gazette", " - BBC News", " — the Herald of Bute", " | tagesschau.de"
NAME = r"[\p{Lu}\p{N}][\p{L}\p{N}'’&.+-]*"
SITE = regex.compile(
    r"\s+[-–—|•·»]\s*"
    rf"(?:(?:(?:[Tt]he|[Dd]er|[Dd]ie|[Dd]as|[Ll][ea]|[Ee]l|[Ii]l|O|De) )?{NAME}"
    rf"(?: (?:(?:of|the|and|de|la|di|für) )?{NAME}){{0,3}}|[\w-]+(?:\.[\w-]+)+)\s*$"
)
MIN_WORDS = 3  # of the headline that is left; scripts without spaces keep all


def find_headline(line: str) -> Span:
    """The stretch of a line that is the headline itself.

    >>> line = "Ukraine war briefing: Russia launches largest drone attack | Westbrook Gazette"
    >>> find_headline(line).of(line)
    'Russia launches largest drone attack'
    """
    begin, end = 0, len(line.rstrip())
    for pattern in (SITE, BEHIND):
        match = pattern.search(line, begin, end)
        if match and len(line[begin : match.start()].split()) >= MIN_WORDS:
            end = match.start()
    match = BEFORE.match(line, begin, end)
    if match and len(line[match.end() : end].split()) >= MIN_WORDS:
        begin = match.end()
    return Span(begin, end)


def headline_words(title: str | None) -> frozenset[str]:
    """The folded words of a title without a site's name and a label such as "LIVE:"."""
    return frozenset(split_words(find_headline(title or "").of(title or "")).forms())
