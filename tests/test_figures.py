"""The figures in the docs: each from one file, measured and dated, and none typed beside them."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import figures
from benchmarks.data import ROOT
from benchmarks.figures import (
    BLOCK,
    FIGURES,
    MARKED,
    find,
    load_figures,
    load_sections,
    pages,
    put_figures,
    render_docs,
)

# .935, 12 of 47 and 3.2 s are figures, but for one table that a paper published.
TYPED = re.compile(r"(?<![\w/])\.\d\d|\b\d+ of \d|\d\.\d m?s\b")
PUBLISHED = "as published"
# In prose: .935, 12 of 47, 3.2 s, 207 MB. No figures are code and addresses, what articles say,
# versions, and what is set by a reader or in the program, by the words around it.
IN_PROSE = re.compile(
    r"(?<![\w.,/-])(?:\d[\d,]*(?:\.\d+)?|\.\d+)\s(?:(?:ms|s|[KMGT]B|bytes|seconds|hours)\b|of \d)"
    r"|(?<![\w.,/-])\d*\.\d+(?![.\d])"
)
NO_PROSE = re.compile(
    r"^( *)```.*?^\1```|`[^`]*`|\]\([^)]*\)|^\| \S+ → [^\n]*$", re.MULTILINE | re.DOTALL
)
VERSION = re.compile(r"(?:Python|Scrapy|OpenAPI) \d+\.\d+")
SET = (
    "(.9 GB and 20 bytes a byte of the file)", "(12 s between two articles and 1 s a MB;",
    "8 s a page; for a whole file 20 s a MB)", "up to 10 MB.",  # how files are read
    "up to +4.0,", "0 is 50%, +0.7 doubles the odds, −0.7 halves",
    "+0.69 doubles the odds, −0.69 halves", "From .5 on,",  # probabilities
    "in 400 bytes", "waits up to 60 seconds", "PostgreSQL keeps 24 bytes",  # an index
    "up to 1 MB of details",  # a report
    "a resemblance, .4 to 1", "100, 0.2",  # Scrapy
    "at most 15 seconds", "5 MB for a body, 50 MB for many", "60 seconds for a request",  # a server
    "takes 16 bytes a pair", "leave about 500 MB",
    "3 TB of text", "40 to 70 hours", "shuffle 1.6 TB, and need 16 bytes", "over 2.53 billion",
    "took 12.9 ms of a virtual CPU a document, at a threshold of .9,",  # Spark, not measured here
)  # fmt: skip
PRINTED = """
families, same language                       prec   rec    F1     of 8 hard negatives joined
dedup, unseen                                 0.945  0.925  0.935     1
dedup, vectors                                  –    0.925  0.948  1,047

articles    datasketch in memory
    10,000                  0.15
   100,000                  0.17
"""


@pytest.mark.parametrize(("path", "text"), render_docs().items(), ids=lambda each: str(each)[-12:])
def test_the_docs_quote_the_figures_that_were_measured(path: Path, text: str) -> None:
    """Each page is what its template, or the names before its figures, make of figures.json."""
    assert path.read_text("utf-8") == text, "run: python -m benchmarks --docs"


@pytest.mark.parametrize("name", ["benchmarks", "readme"])
def test_no_figure_is_typed_into_a_template(name: str) -> None:
    """Whatever looks like one comes from the file."""
    template = (FIGURES.parent / f"{name}.md.jinja").read_text("utf-8")
    prose = re.sub(r"{{.*?}}|{%.*?%}", "", template, flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if PUBLISHED not in line]
    assert not [line for line in lines if TYPED.search(line)]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_no_figure_is_typed_into_a_page(path: Path) -> None:
    """What looks measured has its name before it, or is listed as something that is set."""
    text = BLOCK.sub("", path.read_text("utf-8"))
    prose = " ".join(VERSION.sub("", NO_PROSE.sub("", MARKED.sub("", text))).split())
    for words in SET:
        prose = prose.replace(words, "")
    assert not IN_PROSE.findall(prose), "keep it in benchmarks/figures.json (CONTRIBUTING.md)"


def test_no_line_begins_with_the_name_of_a_figure() -> None:
    """There a comment would make the rest of its line no text any more."""
    begun = re.compile(r"^[\s>*-]*<!--[a-z]+\.", re.MULTILINE)
    assert not [path.name for path in pages() if begun.search(path.read_text("utf-8"))]


def test_a_figure_that_is_not_in_the_file_cannot_be_put_into_a_page() -> None:
    """Whether its section or its name is unknown."""
    for name in ("nowhere.altered", "planted.nothing"):
        with pytest.raises(KeyError):
            put_figures(f"found <!--{name}-->.5", {"planted": {"altered": 0.992}})


def test_the_verdicts_on_warnings_are_counted_right() -> None:
    """What is said of them in all is what the table has, row by row."""
    rows = re.findall(
        r" (right|wrong) \|$", (ROOT / "docs" / "warnings.md").read_text("utf-8"), re.MULTILINE
    )
    kept = {name: figure["value"] for name, figure in load_figures()["warnings"].items()}
    assert (kept["all"], kept["right"]) == (len(rows), rows.count("right"))


def test_each_figure_has_a_day_a_commit_and_a_place_in_what_is_printed() -> None:
    """None is without, none is left over, and those with a whole set left out are among them."""
    kept, sections = load_figures(), load_sections()
    assert {name: [*own] for name, own in kept.items()} == {
        name: [*section["figures"]] for name, section in sections.items()
    }
    for own in kept.values():
        for figure in own.values():
            assert re.fullmatch(r"20\d\d-\d\d-\d\d", figure["date"])
            assert re.fullmatch(r"[0-9a-f]{7,}\+?", figure["commit"])
            assert figure["machine"] is None or "Python 3." in figure["machine"]
    for left_out in ("families", "families-b", "families-c"):
        assert 0.5 < kept["families"][f"{left_out}.f1"]["value"] < 1


def test_each_section_has_a_command_that_is_there() -> None:
    """A module, a file or a target of make; or it is a command of dedup."""
    targets = (ROOT / "Makefile").read_text("utf-8")
    for section in load_sections().values():
        kind, name = re.search(r"(-m|python(?! -m)|make|dedup) (\S+)", section["command"]).groups()
        if kind == "-m":
            assert importlib.util.find_spec(name)
        else:
            assert kind == "dedup" or (ROOT / name).is_file() or f"\n{name}: " in targets


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["families, same language", "dedup, unseen", 3], 0.935),
        (["families, same language", 1], 8),
        (["families, same language", "dedup, vectors", 4], 1047),
        (["families, same language", "", [3, 4]], 1.935),
        (["families, same language", "dedup, unseen", "max 1"], 1),
        (["articles datasketch", "10,000", 1], 0.15),
        (["articles datasketch", "lines"], PRINTED.splitlines()[5:]),
    ],
)
def test_a_figure_is_found_where_it_is_printed(place: list[Any], value: Any) -> None:
    """By how lines begin, and by its number behind that; white space apart."""
    assert find(place, PRINTED.splitlines()) == value


@pytest.mark.parametrize(
    "place", [["dedup, unseen", 5], ["no such line", 1], ["", "dedup, x", 1], ["dedup, vectors", 1]]
)
def test_a_figure_that_is_not_printed_is_no_figure(place: list[Any]) -> None:
    """The section fails, and says which place is meant; nothing is kept in its stead."""
    with pytest.raises(ValueError, match=r"no such line|there is no number"):
        find(place, PRINTED.splitlines())


def test_figures_that_are_not_measured_again_keep_their_day_and_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A section is replaced figure by figure; all other lines of the file stay as they are."""
    copy = tmp_path / "figures.json"
    copy.write_bytes(FIGURES.read_bytes())
    monkeypatch.setattr(figures, "FIGURES", copy)
    before = FIGURES.read_text("utf-8").splitlines()
    figures.keep("pan", {"dedup.all": 0.5})
    after = copy.read_text("utf-8").splitlines()
    ((_, new),) = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert json.loads(new.strip().partition(": ")[2].rstrip(","))["value"] == 0.5
