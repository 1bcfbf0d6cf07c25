"""Unspaced: find the outlets that Chinese, Japanese and Korean texts have their report from.

These write no spaces around a name ("据美国之音报导") or hang endings on it ("AP통신에 따르면"),
so that names are looked for as strings, and cues directly before and behind them. Only listed
outlets are found, and institutions by how their names end; other informants are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from dedup.attribution.outlets import EAST_ASIAN, find_outlet, load_directory, load_toml
from dedup.attribution.places import Attribution, Form, Role

MAX_GAP = 12  # characters of time, place and person between a name and its cue
MAX_DATELINE = 20
MAX_REPORT = 120  # characters of a report between an outlet and its verb
MAX_BODY = 10  # characters of an institution's name before its ending


@dataclass(frozen=True)
class UnspacedCues:
    """data/cues/unspaced.toml, compiled: what stands before or behind a name."""

    languages: frozenset[str]
    name: "regex.Pattern[str]"
    before: "regex.Pattern[str]"
    behind: "regex.Pattern[str]"
    issued: "regex.Pattern[str]"


def find_unspaced(raw: str, language: str) -> Iterator[Attribution]:
    """The outlets named with a cue; their roles are for `assign_roles` to say."""
    cues = load_unspaced_cues()
    if language not in cues.languages:
        return
    for match in cues.name.finditer(raw):
        outlet = find_outlet(match["name"]) or find_outlet(match.group())
        if outlet is None:
            continue
        begin, end = match.span()
        before = cues.before.search(raw, max(begin - 2 * MAX_GAP, 0), begin)
        behind = cues.behind.match(raw, end, end + MAX_REPORT + MAX_DATELINE)
        form = form_at(before.lastgroup if before else None, behind.lastgroup if behind else None)
        if form is None:
            continue
        photo = "photo" in (before and before.lastgroup, behind and behind.lastgroup)
        role: Role = "photo" if photo else "origin"
        yield Attribution(
            before.start(before.lastgroup) if before else begin,
            behind.end() if behind and form != "line" else end,
            match["name"],
            outlet.name,
            "outlet",
            role,
            form,
        )


def find_unspaced_issuers(raw: str, language: str, end: int) -> Iterator[Attribution]:
    """The institutions whose messages the text reports before `end`: "石川县8日公布"."""
    cues = load_unspaced_cues()
    if language in cues.languages:
        for match in cues.issued.finditer(raw, 0, end):
            name = match["name"]
            first, last = match.span()
            yield Attribution(first, last, name, name, "statement", "statement", "report")


def form_at(before: str | None, behind: str | None) -> Form | None:
    """How a name is used that stands between these cues."""
    if before in ("credit", "photo") or behind in ("dateline", "photo"):
        return "line"
    if behind == "interview" or (before == "asked" and behind == "reports"):
        return "interview"
    return "report" if before == "citing" or behind == "reports" else None


@cache
def load_unspaced_cues() -> UnspacedCues:
    """data/cues/unspaced.toml, read once, with the names of the list that have East Asian
    letters and the Latin ones of agencies."""
    lists = load_toml("cues/unspaced.toml")
    p = {key: alternation(value) for key, value in lists.items()}
    known = load_directory().unspaced
    east = sorted((n for n in known if EAST_ASIAN.search(n)), key=len, reverse=True)
    latin = sorted((n for n in known if not EAST_ASIAN.search(n)), key=len, reverse=True)
    word = alternation(sorted(load_directory().unspaced_words))
    name = (
        rf"(?P<name>(?<=[=＝(（]){word}(?=[)）】])|{alternation(east)}|(?<![\p{{Latin}}\d]){alternation(latin)}(?![\p{{Latin}}\d]))"
        rf"(?:{p['agency']})?"
    )
    gap = rf"[^。，,.、；;：:\n]{{0,{MAX_GAP}}}?"
    that = rf"[^。.\n]{{0,{MAX_REPORT}}}?"
    near = r"[\p{Han}\p{L}\d]{0,4}?"
    return UnspacedCues(
        frozenset(lists["languages"]),
        regex.compile(name),
        regex.compile(
            rf"(?:(?P<photo>{p['photo']})|(?P<credit>{p['credit']})|(?P<asked>{p['asked']})"
            rf"|(?P<citing>{p['citing']}){near})\s?(?:{p['open']}\s?)?$"
        ),
        regex.compile(
            rf"(?:\s?{p['close']})?(?:\s?(?P<photo>{p['photo']})"
            rf"|(?P<dateline>[^。，,\n]{{0,{MAX_DATELINE}}}?{p['dateline']}(?=[）)】\s]|$))"
            rf"|(?P<interview>{gap}{p['interview']})"
            rf"|(?P<reports>{gap}{p['reports']}|{p['subject']}{that}{p['reports_that']}))"
        ),
        regex.compile(
            rf"(?:(?<![\p{{Han}}\p{{Hangul}}])|(?<=[据據]))(?![据據])"
            rf"(?P<name>[\p{{Han}}\p{{Katakana}}\p{{Hangul}}ー]{{0,{MAX_BODY}}}{p['bodies']})"
            rf"(?:{gap}{p['publishes']}|{p['subject']}{that}{p['publishes_that']})"
        ),
    )


def alternation(words: list[str]) -> str:
    return f"(?:{'|'.join(map(regex.escape, sorted(words, key=len, reverse=True)))})"
