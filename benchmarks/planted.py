"""One thing changed in a copy, in ten languages: `python -m benchmarks.planted [--fitted|--show]`.

A sentence of translated news (ntrex) stands among its neighbours word for word, but for one edit
by rule. Altered meanings: a digit; two figures or two names in each other's place; another name
from another story; another weekday or month; an opposite; another currency or unit; a negation or
a hedge cut out. Harmless rewordings: quotation marks and dashes, a small figure in words, "%" and
its word, marks between thousands, a synonym, two names of a row in the other order. The rules
(planted.toml) share no word list with the detector. Printed are the parts told, by language and
by rule, of the judging half of the stories; with `--fitted` of the half that was looked at.
"""

import random
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import regex

from benchmarks.data import fitted_on, load
from dedup.align import align_texts
from dedup.article import Article
from dedup.text import prepare

LANGUAGES = {"eng": "en", "deu": "de", "fra": "fr", "spa": "es", "por": "pt", "ita": "it",
             "nld": "nl", "pol": "pl", "rus": "ru", "ukr": "uk"}  # fmt: skip
SEED = 20261129
MAX_EACH = 14  # edits by one rule in one language
TABLES: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
NAME = regex.compile(
    r"(?<=\p{Ll},? )\p{Lu}\p{Ll}{3,}(?=[ ,.])(?! \p{Lu})(?<!\p{Lu}\p{Ll}* \p{Lu}\p{Ll}*)"
)
FIGURE = regex.compile(
    r"(?<![\p{L}\d.,:/-])\d[\d.,]*\d(?![\d\p{L}:/-])|(?<![\p{L}\d.,:/-])\d(?![\d\p{L}:/,.-])"
)
YEAR = regex.compile(r"1[89]\d\d|20\d\d")
MONTH_BEHIND = regex.compile(r"\.? (?:de |del |d[ei] )?\p{L}+ (?:de |del )?(?:1[89]|20)\d\d")
VERB = regex.compile(r" \p{Ll}{2,}[^,]* \p{Ll}{3,} ")  # two words at least: no row of names

Edit = tuple[str, bool, str]  # the rule, whether the meaning is altered, the sentence


def edits(said: str, language: str, names: Sequence[str], chance: random.Random) -> Iterator[Edit]:
    """Every edit that a sentence has room for, one of each rule."""
    table = TABLES[language]
    figures = list(FIGURE.finditer(said))
    if figures:
        match = chance.choice(figures)
        at = match.end() - 1 if match[0].isdecimal() else match.start()
        digit = str((int(said[at]) - 1 + chance.randrange(2, 7)) % 9 + 1)
        yield "figure", True, said[:at] + digit + said[at + 1 :]
    # Not the day and the year of a date.
    counts = [m for m in figures if not MONTH_BEHIND.match(said, m.end())]
    counts = [m for m in counts if not YEAR.fullmatch(m[0])]
    distinct = [(a, b) for a in counts for b in counts if a.end() + 8 < b.start() and a[0] != b[0]]
    if distinct:
        yield "figures swapped", True, swap(said, *chance.choice(distinct))
    own = [m for m in NAME.finditer(said) if language != "de"]
    if own and names:
        match = chance.choice(own)
        other = chance.choice([n for n in names if n not in said] or ["Wexcombe"])
        yield "name", True, said[: match.start()] + other + said[match.end() :]
    apart = [(a, b) for a in own for b in own if a[0] != b[0]
             and VERB.search(said, a.end(), max(b.start(), a.end()))]  # fmt: skip
    if apart:
        yield "names swapped", True, swap(said, *chance.choice(apart))
    for rule in ("opposite", "unit"):
        pairs = [pair.split("/") for pair in table[rule].split()]
        fits = [(a, b) for a, b in pairs if regex.search(rf"(?<= )\b{a}\b", said)]
        if rule == "unit":
            fits = [(a, b) for a, b in fits if regex.search(rf"\d {a}\b", said)]
        if fits:
            a, b = chance.choice(fits)
            yield rule, True, regex.sub(rf"(?<= )\b{a}\b", b, said, count=1)
    for group in table["days"].split("|"):
        days = [day for day in group.split() if regex.search(rf"(?<= )\b{day}\b", said)]
        if days:
            other = chance.choice([day for day in group.split() if day not in said])
            yield "date", True, regex.sub(rf"(?<= )\b{days[0]}\b", other, said, count=1)
            break
    for word in table["cut"].split("|"):
        if regex.search(rf"{word}(?= )", said):
            yield "cut", True, regex.sub(rf"{word}(?= )", "", said, count=1)
            break
    yield from rewordings(said, table, chance)


def rewordings(said: str, table: dict[str, str], chance: random.Random) -> Iterator[Edit]:
    """Every rewording that leaves the meaning alone."""
    marks = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "—": "–", "’": "'", "‘": "'"}
    plain = "".join(marks.get(c, c) for c in said)
    if plain != said:
        yield "marks", False, plain
    for n, word in enumerate(table["small"].split(), 2):
        if regex.search(rf"(?<=\p{{L}} ){n}(?= \p{{Ll}})", said):
            yield (
                "in words",
                False,
                regex.sub(rf"(?<=\p{{L}} ){n}(?= \p{{Ll}})", word, said, count=1),
            )
            break
    for a, b in ((r"(?<=\d) ?%", f" {table['percent']}"), (rf"(?<=\d) {table['percent']}\b", "%")):
        if regex.search(a, said):
            yield "percent", False, regex.sub(a, b, said, count=1)
            break
    if regex.search(r"(?<![\d.,])\d{1,3}[.,\xa0 ]\d{3}(?![\d.,])", said):
        plain = regex.sub(r"(?<![\d.,])(\d{1,3})[.,\xa0 ](\d{3})(?![\d.,])", r"\1\2", said, count=1)
        yield "thousands", False, plain
    if regex.search(r"[\"“„«‘]", said):
        return  # other words in a quotation are another quotation
    pairs = [pair.split("/") for pair in table["synonym"].split()]
    fits = [(a, b) for a, b in pairs if regex.search(rf"(?<= )\b{a}\b", said)]
    if fits:
        a, b = chance.choice(fits)
        yield "synonym", False, regex.sub(rf"(?<= )\b{a}\b", b, said, count=1)
    joined = rf"(\p{{Lu}}\p{{Ll}}+) {table['and']} (\p{{Lu}}\p{{Ll}}+)"
    row = rf"(?<=\p{{Ll}} ){joined}(?=[ ,.])(?! \p{{Lu}})"
    if regex.search(row, said):
        yield "row", False, regex.sub(row, rf"\2 {table['and']} \1", said, count=1)


def swap(said: str, a: "regex.Match[str]", b: "regex.Match[str]") -> str:
    """A sentence with two stretches in each other's place."""
    between = said[a.end() : b.start()]
    return f"{said[: a.start()]}{b[0]}{between}{a[0]}{said[b.end() :]}"


def is_told(before: str, edited: str, said: str, after: str, language: str) -> bool:
    """Whether a copy with one edited sentence has a drift that the copy as it was has not."""
    source, derivative = (
        prepare(Article(id, "\n\n".join((before, sentence, after)), language=language))
        for id, sentence in (("source", said), ("derivative", edited))
    )
    return any(passage.drift for passage in align_texts(source, derivative).passages)


def main(argv: Sequence[str]) -> dict[str, float]:
    """Print the parts told; `--fitted` for the other half, `--show` for every wrong answer."""
    half, chance = "--fitted" in argv, random.Random(SEED)
    told: dict[tuple[str, str, bool], list[bool]] = defaultdict(list)
    rows = [row for row in load("ntrex") if row["lang"] in LANGUAGES]
    for code, language in LANGUAGES.items():
        stories = [row["sentences"] for row in rows
                   if row["lang"] == code and fitted_on(str(row["doc_id"])) == half]  # fmt: skip
        names = sorted({m[0] for s in chain.from_iterable(stories) for m in NAME.finditer(s)})
        places = [(story, n) for story in stories for n in range(1, len(story) - 1)]
        chance.shuffle(places)
        for story, n in places:
            said = story[n]
            for rule, altered, edited in edits(said, language, names, chance):
                tried = told[language, rule, altered]
                if len(tried) >= MAX_EACH or edited == said:
                    continue
                tried.append(is_told(story[n - 1], edited, said, story[n + 1], language))
                if "--show" in argv and tried[-1] != altered:
                    wrong = "missed" if altered else "FALSE"
                    print(f"{language} {rule} {wrong}\n  {said}\n  {edited}")
    figures: dict[str, float] = {}
    for altered, name in ((True, "altered, told"), (False, "harmless, told")):
        rules = list(dict.fromkeys(rule for _, rule, a in told if a == altered))
        print(
            f"{name:<18}"
            + "".join(f"{language:>8}" for language in LANGUAGES.values())
            + f"{'all':>14}"
        )
        for rule in (*rules, ""):
            cells = [
                [x for (lang, r, a), got in told.items()
                 if lang == language and a == altered and rule in ("", r) for x in got]
                for language in LANGUAGES.values()
            ]  # fmt: skip
            every = list(chain.from_iterable(cells))
            share = sum(every) / max(len(every), 1)
            print(f"{rule or 'all':<18}" + "".join(
                f"{sum(c) / len(c):8.2f}" if c else f"{'–':>8}" for c in cells
            ) + f"{share:8.3f} {len(every):>5}")  # fmt: skip
            figures[f"{'altered' if altered else 'harmless'}.{rule or 'all'}"] = share
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
