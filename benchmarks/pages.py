"""What is read of real pages, beside trafilatura alone: `python -m benchmarks.pages [--wrong …]`.

The 590 open pages with gold: of those of `fu/` the body (precision and recall of words, by the best
of several gold versions), of all the title (letters and figures), the date (the day) and the
authors (all of them and no other), of `fu/` the publisher in Latin letters. `--wrong date` (or
`author`, `title`, `publisher`) lists what differs from the gold, to see which of them is mistaken.

**Some dates of the gold are mistaken** (`MISTAKES`, each with how it shows); "day" leaves them out.

**The publisher has no gold but the name of a class in the collection** ("DW", "APNews"). "written"
counts a name as right that has the class' or stands in it, letter for letter; "publisher" compares
names without the article, the domain's ending and "online", ö as oe, and knows what the outlets
behind abbreviations are called (`CALLED`).
"""

import argparse
import re
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from benchmarks.data import load
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.html import parse_page
from dedup.readers.options import Options
from dedup.readers.publisher import GERMAN

WORD = re.compile(r"\w+")
# Dates of the gold that are not those of the publication, by how that shows.
MISTAKES = {
    "no day, or one after the page was collected": (
        "fu/de/KlasseGegenKlasse_2026_01_07.html.gz", "fu/tr/AnadoluAjansi_2025_04_05.html.gz",
        "tr/dvg.de.weihnachtsurlaub.html", "tr/urania.de.freiheit.html",
        "tr/herzundblut.com.Besuch.html",
    ),
    "another year or month than address, data and text have": (
        "tr/uusisuomi.fi.angela.html", "tr/yle.fi.3-11212601.html", "tr/selbst.de-wurmkiste.html",
        "tr/zahlenzauberin.wordpress.com.ferien.html", "tr/mywakenews.wordpress.com.psyop.html",
        "tr/theoriginalcopy.de.baby.html", "tr/schweizerjaeger.ch-steinkauz.html",
        "tr/Popkultur.de-Schauspieler.html",
    ),
    "the last change": (
        "tr/rtl.de-lockdown.html", "tr/angelmagazin.de-schmerzen.html",
        "tr/jagdleben.de-waldwege.html", "tr/eltiempo.com-candidatos.html",
        "tr/theplanetarypress.com.forestlands.html", "tr/wevolver.com.3dprinting.html",
    ),
    "the collection": (
        "tr/tomshardware.com.rtx.html", "tr/tennismagazin.de-viertelfinale.html",
        "tr/chocolate.com.pregnant.html", "tr/redtri.com.jokes.html",
        "tr/eluniversal.com-senador.html",
    ),
    "the same moment, on the day of another zone": (
        "tr/pagesix.com.myers.html", "tr/literaturgefluester.wordpress.com.jahr.html",
        "tr/24ora.com-internationalschol.html", "tr/gazetadopovo.com.br-pacheco.html",
    ),
}  # fmt: skip
DOUBTFUL = frozenset(id for ids in MISTAKES.values() for id in ids)
# How outlets call themselves whose classes are abbreviated, or named after a part of them.
CALLED = {
    "APNews": "Associated Press", "BSZ": "Braunschweiger Zeitung", "DW": "Deutsche Welle",
    "FAZ": "Frankfurter Allgemeine Zeitung", "LATimes": "Los Angeles Times",
    "LBCGroup": "LBCI Lebanon", "LTO": "Legal Tribune Online", "NineNews": "9News",
    "RheinischePost": "RP Online", "SZ": "Süddeutsche Zeitung", "VogueDE": "Vogue Germany",
    "WAZ": "Westdeutsche Allgemeine Zeitung", "WDR": "Westdeutscher Rundfunk",
    "NDR": "Norddeutscher Rundfunk",
}  # fmt: skip
BESIDE = re.compile(
    r"^(?:the|der|die|das|le|la|il)\s|\.[a-z]{2,5}(?:\.[a-z]{2})?$|\bonline\b", re.I
)
BETWEEN = re.compile(r"\s*(?:[,;/|&]|\b(?:und|and|y|et)\b)\s*")


class Read(NamedTuple):
    """What was read of a page."""

    title: str = ""
    text: str = ""
    date: str = ""
    byline: str = ""
    publisher: str = ""


def by_dedup(page: dict[str, Any]) -> Read:
    try:
        article = parse_page(page["html"].encode(), "page", {}, Options())
    except InputError:
        return Read()
    day = str(article.published or "")[:10]
    return Read(
        article.title or "", article.text, day, article.byline or "", article.publisher or ""
    )


def by_trafilatura(page: dict[str, Any]) -> Read:
    document = require("trafilatura", "html").bare_extraction(
        page["html"], favor_precision=True, include_comments=False, with_metadata=True
    )
    if document is None:
        return Read()
    fields = (document.title, document.text, document.date, document.author, document.sitename)
    return Read(*(field or "" for field in fields))


def letters(text: str) -> str:
    """A name as names are compared: small letters and figures, without accents."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def names(bylines: Iterable[str] | str) -> frozenset[str]:
    """The names in a byline, or in several."""
    given = [bylines] if isinstance(bylines, str) else bylines
    parts = (letters(part) for byline in given for part in BETWEEN.split(byline))
    return frozenset(filter(None, parts))


def is_written(publisher: str, outlet: str) -> bool:
    """Whether one name stands in the other, letter for letter."""
    given, gold = letters(publisher), letters(outlet)
    return bool(given) and (gold in given or given in gold)


def is_called(publisher: str, outlet: str) -> bool:
    """Whether two names are one, in whatever form they are written."""
    golds = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", outlet), CALLED.get(outlet, outlet))
    bare, *others = (BESIDE.sub("", name.casefold()) for name in (publisher, *golds))
    pairs = [(bare, other) for other in others]
    pairs += [(one.translate(GERMAN), other.translate(GERMAN)) for one, other in pairs]
    return any(letters(other) and is_written(one, other) for one, other in pairs)


def overlap(text: str, gold: str) -> tuple[float, float, float]:
    """F1, precision and recall of the words of a text."""
    own, right = (Counter(WORD.findall(t.casefold())) for t in (text, gold))
    shared = (own & right).total()
    precision, recall = shared / max(own.total(), 1), shared / max(right.total(), 1)
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


def judge(
    pages: Sequence[dict[str, Any]], reader: Callable[[dict[str, Any]], Read], wrong: str
) -> str:
    """One line of figures."""
    bodies: list[tuple[float, float, float]] = []
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    begin = time.process_time()
    results = [reader(page) for page in pages]
    spent = time.process_time() - begin
    for page, result in zip(pages, results, strict=True):
        authors = {names(gold.get("authors") or ()) for gold in page["golds"]} - {frozenset()}
        golds, part = page["golds"], page["id"].partition("/")[0]
        if part == "fu":
            texts = [gold["body"] for gold in golds if gold.get("body")]
            bodies += [max(overlap(result.text, text) for text in texts)] if texts else []
        days = {gold["date"] for gold in golds if gold.get("date")}
        outlet = re.sub(r"_\d{4}.*", "", page["id"].rpartition("/")[2])
        may_compare = {True} if part == "fu" and letters(result.publisher).isascii() else set()
        answers = {
            "date": (result.date, days),
            "author": (names(result.byline), authors),
            "day": (result.date, days if page["id"] not in DOUBTFUL else set()),
            "title": (letters(result.title), {letters(gold.get("title") or "") for gold in golds}),
            "publisher": (is_called(result.publisher, outlet), may_compare),
            "written": (is_written(result.publisher, outlet), may_compare),
        }  # fmt: skip
        for kind, (given, gold) in answers.items():
            if gold:
                asked[f"{part} {kind}"] += 1
                right[f"{part} {kind}"] += given in gold
                if kind == wrong and given not in gold:
                    print(f"  {page['id']}: {given!r:.80}, gold {gold!r:.120}, {result.publisher}")
    mean = [sum(column) / len(bodies) for column in zip(*bodies, strict=True)]
    shares = ", ".join(f"{kind} {right[kind]}/{asked[kind]}" for kind in sorted(asked))
    return f"P {mean[1]:.3f} R {mean[2]:.3f}; {shares}; {len(pages) / spent:.0f} pages a CPU-second"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--wrong", default="", help="list the wrong of a kind: date, author …")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    pages = load("pages")
    print("trafilatura alone:", judge(pages, by_trafilatura, ""))
    print("dedup:            ", judge(pages, by_dedup, options.wrong))
    return 0


if __name__ == "__main__":
    sys.exit(main())
