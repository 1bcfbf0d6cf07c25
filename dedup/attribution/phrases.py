"""Phrases: compile the cue phrases of a language, "according to" or "reported", into patterns.

Everything particular to a language is data, data/cues/<language>.toml; a language without a
file is read with the English cues. Patterns are anchored at a source and bounded in length, so
that a hostile text cannot make them run away. This module reads no articles.

What each list is for stands at the head of en.toml: to add a language, copy that file and
translate list by list. A list is made of phrases in a small grammar; a space stands for any
white space within a paragraph, and case does not count:

    [in|by|from]    one of these
    (first)         may be missing; never at the end of a phrase
    report*         any ending: "report", "reports", "reporting"
    according to …  up to four further words, as in "according to two people in"
    _               one word of letters
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Any, Literal

import regex

from dedup.attribution.outlets import load_toml

# White space within a phrase: a line break counts, an empty line does not.
SPACE = r"[^\S\n]{0,40}(?:\n[^\S\n]{0,40})?(?<=\s)"
OPEN, CLOSE = r"[\"“„«‹»‘‚]", r"[\"”“»›«’‘]"
START, STOP = r"(?<![\p{L}\p{N}])", r"(?![\p{L}\p{N}])"  # of a word
CAPITALISED = r"(?:(?:\p{Lu}\.){1,4}|\p{Lu}[\p{L}\p{M}\p{N}’'-]{0,30}+)"
# What may stand before a source; "as" needs a verb behind it, "inverted" a comma before it.
PRECEDING = ("published", "before", "as", "told", "citing", "via")
# The parts of a phrase at its ends: an optional one, alternatives, or a word.
FIRST_PART = regex.compile(r"^\s*(?:\(([^()]*)\)|\[([^\[\]]*)\]|(\S+))")
LAST_PART = regex.compile(r"(?:\(([^()]*)\)|\[([^\[\]]*)\]|(\S+))\s*$")
WORD_OR_STEM = regex.compile(r"[\p{L}\p{M}\p{N}]+\*?|[_…]")
ANYBODY = ("published", "before", "as", "inverted")  # the lists that go with informants too
CACHED_WORDS = 1 << 16
START_OF_PART = r"(?<=(?:^|[,;:.\"“”’»)\]–—-])\s{0,3})"  # before "reports the Mirror"
AT_SOURCE = rf"(?:{SPACE}|(?<=[\s'’(:]))"  # between a phrase and the source behind it
MAX_CUE = 160  # characters looked at on each side of a source


@dataclass(frozen=True)
class PhraseCues:
    """What makes a reporting phrase of a source: "X said on Friday", "said the minister to X",
    but not "said a spokesman for X". `before` goes by the last word before the source, and by
    whether that is an outlet; `follows` says whether a word may begin `after`."""

    before: Callable[[str, bool], "regex.Pattern[str] | None"]
    after: "regex.Pattern[str]"
    follows: Callable[[str], bool]
    tail: "regex.Pattern[str]"
    link: "regex.Pattern[str]"
    joined: "regex.Pattern[str]"
    telling: "regex.Pattern[str]"
    to: "regex.Pattern[str]"
    addressed: "regex.Pattern[str]"
    of: Callable[[str], bool]
    announces: "regex.Pattern[str]"


@dataclass(frozen=True)
class SourceCues:
    """What a source looks like: what belongs to a name on its left and right, nouns by kind,
    and what does not belong to it. `opens` says whether a word may begin `openers`."""

    left: "regex.Pattern[str]"
    right: "regex.Pattern[str]"
    nouns: dict[str, "regex.Pattern[str]"]
    weak: "regex.Pattern[str]"
    trailing: "regex.Pattern[str]"
    countries: "regex.Pattern[str]"
    indefinite: "regex.Pattern[str]"
    openers: "regex.Pattern[str]"
    opens: Callable[[str], bool]


@dataclass(frozen=True)
class Cues:
    """data/cues/<language>.toml, compiled. `interview` makes a phrase one ("spoke to X"), `whole`
    is said of the whole report ("this was reported by"); `itself`, `denies`, `refuted`, `polls`
    and `judges` stand with an outlet that is no origin. `institutions` make `statements`, and
    what is `issued` comes from them. `related`, `hedges` and `published` ("first published in")
    need no source beside them. `labels` names the lists with a phrase that ends (or begins) in
    a word; `inflects`: names have cases («Коммерсанту»); `capitalises`: nouns begin with a
    capital; `foreign`: not English, whose "the Sun" is "le Sun" elsewhere."""

    phrase: PhraseCues
    source: SourceCues
    interview: "regex.Pattern[str]"
    itself: "regex.Pattern[str]"
    whole: "regex.Pattern[str]"
    denies: "regex.Pattern[str]"
    refuted: "regex.Pattern[str]"
    polls: "regex.Pattern[str]"
    judges: "regex.Pattern[str]"
    institutions: "regex.Pattern[str]"
    statements: "regex.Pattern[str]"
    issued: "regex.Pattern[str]"
    related: "regex.Pattern[str]"
    hedges: "regex.Pattern[str]"
    published: "regex.Pattern[str]"
    labels: Callable[[str], tuple[str, ...]]
    inflects: bool
    capitalises: bool
    foreign: bool


@cache
def load_cues(language: str) -> Cues:
    """The cues of a language; those of English where we have none of it."""
    if not resources.files("dedup").joinpath("data", "cues", f"{language}.toml").is_file():
        language = "en"
    lists = load_toml(f"cues/{language}.toml")
    weak = {noun[1:] for nouns in lists["kinds"].values() for noun in nouns if noun[0] == "~"}
    lists["kinds"] = {k: [n.removeprefix("~") for n in v] for k, v in lists["kinds"].items()}
    p = {key: pattern(value) for key, value in lists.items() if isinstance(value, list)}
    glued = [a for a in lists["articles"] if a.endswith("'")]
    spaced = [a for a in lists["articles"] if not a.endswith("'")]
    p["article"] = rf"(?:{START}{pattern(glued)}|{START}{pattern(spaced)}{SPACE})"
    p["demonym"] = pattern([a for names in lists["countries"].values() for a in names])
    p["qualities"] = pattern(lists["people"]["modifiers"])
    return Cues(
        _phrase_cues(lists, p),
        _source_cues(lists, p, weak),
        compiled(f"{START}{p['interview']}{STOP}"),
        compiled(
            rf"(?:,?{SPACE}(?:{p['when']}{STOP}|{p['that']}{STOP}))*+{SPACE}{p['itself']}{STOP}"
        ),
        compiled(rf"{START}{p['whole']}{STOP}"),
        compiled(rf"{START}{p['denies']}{STOP}[^.!?\n]{{0,60}}$"),
        compiled(rf"[^.!?\n]{{0,60}}?{START}{p['refuted']}{STOP}"),
        compiled(rf"(?:{SPACE}|[-–/]|\p{{Lu}}[\p{{L}}-]{{0,20}}){{0,4}}{p['polls']}{STOP}"),
        compiled(f"{START}{p['judges']}{STOP}"),
        compiled(f"{START}{pattern(lists['people']['institutions'])}{STOP}"),
        compiled(f"{START}{pattern(lists['people']['statements'])}{STOP}"),
        compiled(rf"{START}{pattern(lists['people']['issued'])}{SPACE}(?:{p['article']})?"),
        regex.compile(
            rf"(?im)^[^\S\n]*{p['related']}[^\S\n]*[:|»›>][^\n]{{0,300}}(?:\n[^\n]{{1,120}}$)?"
        ),
        compiled(rf"{pattern(lists['people']['hedges'])}{STOP}"),
        compiled(
            rf"{p['published']}{SPACE}(?P<name>\p{{L}}[\p{{L}}'’-]*(?:[ ][\p{{L}}'’-]+){{0,5}}+)"
            r"(?=\W{0,3}(?:\n|$))"
        ),
        labeller_of(
            lists["kinds"] | {"media": lists["media"], "role": lists["people"]["roles"]},
            {"hedge": lists["people"]["hedges"], "published": lists["published"]},
        ),
        lists["inflects"],
        lists.get("capitalises", False),
        language != "en",
    )


@cache
def load_dates() -> "regex.Pattern[str]":
    """The names of months and days."""
    return compiled(pattern(load_toml("cues/credits.toml")["months"]))


def _phrase_cues(lists: Mapping[str, Any], p: Mapping[str, str]) -> PhraseCues:
    leading = {cue: [*drop_articles(lists[cue], lists["articles"])] for cue in PRECEDING}
    verbs = [*lists["says"], *lists["thinks"], *lists["carries"], *lists["judges"]]
    when = rf"(?:,?{SPACE}{p['when']}{STOP})?"
    barred = "" if lists["appositions"] else ","  # between "said" and "to Reuters"
    apposition = (
        rf"(?:,{SPACE}(?:(?-i:{CAPITALISED})|{p['article']}|{p['qualities']}{SPACE})"
        rf"[^,.;!?\"“”]{{1,90}}+,|,{SPACE}{p['asides']}(?:{SPACE}[^,.;!?\"“”]{{1,90}}+)?,"
        rf"|\s?[—–][^—–.\n]{{1,90}}+[—–]\s?)"
    )
    return PhraseCues(
        before=matcher_before(leading | {"inverted": lists["inverted"]}),
        after=compiled(
            rf"(?:['’]s?(?P<reporter>(?:{SPACE}(?-i:{CAPITALISED})){{1,3}}))?"
            rf"(?:{SPACE}\([^()\n]{{1,40}}\))?(?:{apposition}|,{SPACE}{p['which']}{STOP})?"
            rf"(?:{SPACE}{p['aux']}){{0,3}}(?:{SPACE}|(?<=[—–]))(?:{p['says']}|{p['thinks']}"
            rf"|(?P<outlets>{p['judges']}|{p['carries']})){STOP}"
            rf"{when}(?:,?{SPACE}{p['that']}{STOP})?"
        ),
        follows=matcher_of(outer_words([*lists["aux"], *verbs], "first")),
        tail=compiled(rf"(?:(?:{SPACE})?{p['tail']}{STOP}{when}|,?{SPACE}{p['when']}{STOP})"),
        link=compiled(
            rf",?{SPACE}(?:(?P<citing>{p['citing']})"
            rf"|(?P<via>{p['via']}|{p['by_way']})){AT_SOURCE}"
        ),
        joined=compiled(rf"\s?[,/&]\s?|,?{SPACE}{p['and']}{SPACE}|\s?,{SPACE}"),
        telling=compiled(
            rf"(?r){START}{p['telling']}{SPACE}"
            rf"(?:[^\s.!?:;…\"“”„«»(){barred}]{{1,30}}+{SPACE}){{0,12}}?"
        ),
        to=compiled(rf"(?r){START}{p['to']}{AT_SOURCE}"),
        addressed=compiled(rf"{p['addressed']}(?:(?<=['’])|{STOP})"),
        of=matcher_of(lists["of"]),
        announces=compiled(rf"{START}{p['announces']}{STOP}"),
    )


def _source_cues(lists: Mapping[str, Any], p: Mapping[str, str], weak: set[str]) -> SourceCues:
    article, demonym = p["article"], p["demonym"]
    adjectives = rf"(?:{START}(?:{demonym}|{p['modifiers']})(?:-|{SPACE}))"
    trailing = rf"(?:{SPACE}(?:{demonym}|{p['modifiers']}){STOP}){{0,2}}"
    kinds = {kind: pattern(nouns) for kind, nouns in lists["kinds"].items()}
    any_kind = "|".join(kinds.values())
    nouns = {
        kind: rf"(?r){article}?{adjectives}{{0,4}}(?P<noun>{START}{noun})"
        for kind, noun in kinds.items()
    }
    nouns["media"] = rf"(?r){article}?{adjectives}{{0,4}}(?P<noun>{START}{p['media']})"
    nouns["role"] = (
        rf"(?r){article}?"
        rf"(?:{START}(?:{p['qualities']}|{demonym}|(?-i:{CAPITALISED})){SPACE}){{0,5}}"
        rf"(?P<noun>{START}{pattern(lists['people']['roles'])})"
    )
    return SourceCues(
        left=compiled(
            rf"(?r){article}?{adjectives}{{0,4}}"
            rf"(?:(?P<kind>{START}(?:{any_kind})){trailing},?{SPACE})?(?P<quote>{OPEN})?"
        ),
        right=compiled(
            rf"(?P<quote>{CLOSE})?(?:(?:{SPACE}|-)(?P<kind>{any_kind}){trailing})?{STOP}"
        ),
        nouns={label: compiled(noun) for label, noun in nouns.items()},
        weak=compiled(pattern(weak)),
        trailing=compiled(trailing),
        countries=compiled(
            "|".join(
                rf"{START}(?P<{country}>{pattern(names)}){STOP}"
                for country, names in lists["countries"].items()
            )
        ),
        indefinite=compiled(rf"{p['indefinite']}(?:{SPACE}|(?<=['’]))"),
        openers=compiled(rf"{p['openers']}{STOP}(?:{SPACE}|,{SPACE})"),
        opens=matcher_of(outer_words(lists["openers"], "first")),
    )


def pattern(phrases: Iterable[str]) -> str:
    """One alternation of phrases, longest first, in the grammar that stands above."""
    signs = {
        "(": "(?:(?:", ")": rf"){SPACE})?", "[": "(?:", "]": ")", "|": "|", "*": r"\p{L}{0,12}",
        "…": rf"(?:[^\s.!?]{{1,30}}+{SPACE}){{1,4}}?", " ": SPACE, "_": r"[\p{L}-]{2,25}",
        "'": "['’]", "’": "['’]",
    }  # fmt: skip
    parts = []
    for phrase in phrases:
        spaces = regex.sub(r"\[[^\[\]]*\]|\([^()]*\)", "x", phrase).count(" ")
        signed = regex.sub(r"(?<=[)…])\s", "", phrase)
        part = "".join(signs.get(sign) or regex.escape(sign) for sign in signed)
        parts.append((-spaces, -len(phrase), phrase, part))
    return f"(?:{'|'.join(part for *_, part in sorted(parts))})" if parts else "(?!)"


def drop_articles(phrases: list[str], articles: list[str]) -> Iterator[str]:
    """The phrases, and those that end in an article without it: it may belong to the source."""
    for phrase in phrases:
        yield phrase
        last = regex.search(r" (\[[^\[\]]*\]|[^\s\[\]]+)$", phrase)
        if last and {*last.group(1).strip("[]").split("|")} & {*articles}:
            yield phrase[: last.start()]


def compiled(expression: str) -> "regex.Pattern[str]":
    """A pattern to which case does not matter."""
    return regex.compile(expression, regex.IGNORECASE)


def matcher_before(
    phrases: dict[str, list[str]],
) -> Callable[[str, bool], "regex.Pattern[str] | None"]:
    """A function from the last word before a source, and whether that is an outlet, to the
    pattern of the phrases that end in it, a group for each list: so that only a few of many
    phrases are tried, or compiled."""
    ending: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for cue, listed in phrases.items():
        for phrase in listed:
            for word in outer_words([phrase], "last"):
                ending[word.casefold()].append((cue, phrase))
    stems = [word for word in ending if word[-1] in "*_…"]

    @cache
    def any_of(words: tuple[str, ...], outlet: bool) -> "regex.Pattern[str] | None":
        by_cue: dict[str, set[str]] = {cue: set() for cue in phrases if outlet or cue in ANYBODY}
        for cue, phrase in chain.from_iterable(ending[word] for word in words):
            if cue in by_cue:
                by_cue[cue].add(phrase)
        groups = [
            (START_OF_PART if cue == "inverted" else START)
            + f"(?P<{cue}>{pattern(some)}){AT_SOURCE}"
            for cue, some in by_cue.items()
            if some
        ]
        return compiled(f"(?r)(?:{'|'.join(groups)})") if groups else None

    @lru_cache(maxsize=CACHED_WORDS)
    def before(word: str, outlet: bool) -> "regex.Pattern[str] | None":
        folded = word.casefold()
        words = [stem for stem in stems if folded.startswith(stem.rstrip("*_…"))]
        if folded in ending:
            words.append(folded)
        return any_of(tuple(words), outlet) if words else None

    return before


def outer_words(phrases: Iterable[str], side: Literal["first", "last"]) -> Iterator[str]:
    """The first or last words of phrases, "*" and all; an optional part may be missing."""
    for phrase in phrases:
        part = FIRST_PART.search(phrase) if side == "first" else LAST_PART.search(phrase)
        if part:
            for words in (part[1] or part[2] or part[3]).split("|"):
                yield WORD_OR_STEM.findall(words)[0 if side == "first" else -1]
        if part and part[1]:
            rest = phrase[part.end() :] if side == "first" else phrase[: part.start()]
            yield from outer_words([rest], side)


def matcher_of(words: Iterable[str]) -> Callable[[str], bool]:
    """A function that says whether a word, in any case, is one of `words` ("*": any ending)."""
    stems = {word.casefold() for word in words}
    plain = frozenset(word for word in stems if word[-1] not in "*_…")
    if any(word[-1] in "_…" for word in stems):
        return lambda _: True
    beginnings = tuple(word[:-1] for word in stems - plain)
    return lambda word: (folded := word.casefold()) in plain or folded.startswith(beginnings)


def labeller_of(
    by_last: dict[str, list[str]], by_first: dict[str, list[str]]
) -> Callable[[str], tuple[str, ...]]:
    """A function from a word to the labels of the lists that have a phrase ending in it, of the
    lists `by_first` beginning with it."""
    first_part = r"(?:\[[^\[\]]*\]|[^\s\[\]()-]+)"
    edges = {}
    for lists, edge, end in ((by_last, f"{first_part}$", -1), (by_first, first_part, 0)):
        for label, phrases in lists.items():
            parts = [m.group().strip("[]") for p in phrases if (m := regex.search(edge, p))]
            choices = chain.from_iterable(part.split("|") for part in parts)
            edges[label] = compiled("|".join(pattern([words.split()[end]]) for words in choices))

    @lru_cache(maxsize=CACHED_WORDS)
    def labels(word: str) -> tuple[str, ...]:
        return tuple(label for label, edge in edges.items() if edge.fullmatch(word))

    return labels
