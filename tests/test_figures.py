"""The figures in the docs: each from one file, measured and dated, and none typed beside them."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import figures
from benchmarks.figures import FIGURES, find, load_figures, load_sections, render_docs

# .935, 12 of 47 and 3.2 s are figures, but for one table that a paper published.
TYPED = re.compile(r"(?<![\w/])\.\d\d|\b\d+ of \d|\d\.\d m?s\b")
PUBLISHED = "as published"
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
    """README.md and docs/benchmarks.md are what the templates make of figures.json."""
    assert path.read_text("utf-8") == text, "run: python -m benchmarks --docs"


@pytest.mark.parametrize("name", ["benchmarks", "readme"])
def test_no_figure_is_typed_into_a_template(name: str) -> None:
    """Whatever looks like one comes from the file."""
    template = (FIGURES.parent / f"{name}.md.jinja").read_text("utf-8")
    prose = re.sub(r"{{.*?}}|{%.*?%}", "", template, flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if PUBLISHED not in line]
    assert not [line for line in lines if TYPED.search(line)]


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
    """`python -m` of it finds a module."""
    for section in load_sections().values():
        assert importlib.util.find_spec(section["command"].split()[0])


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
