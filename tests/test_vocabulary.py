"""One vocabulary: each term of the glossary has one meaning, and the words it retires are gone."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

import dedup

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
MODULES = sorted((ROOT / "dedup").rglob("*.py"))
TEMPLATES = sorted((ROOT / "dedup" / "report").rglob("*.html"))
SCHEMAS = sorted((ROOT / "dedup" / "data").glob("*.schema.json"))
GUIDES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = [
    [],
    ["report"],
    ["align"],
    ["check"],
    ["index"],
    *(["index", name] for name in ("add", "check", "remove", "clusters", "stats", "export")),
]


def retired_words() -> list[str]:
    """The left column of the glossary's second table."""
    table = GLOSSARY.partition("## Words we do not use")[2]
    cells = re.findall(r"^\| ([a-z][^|]*?) \|", table, re.MULTILINE)[1:]
    return [word.strip() for cell in cells for word in cell.split(",")]


RETIRED = re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, retired_words()))})\b")


QUOTED = re.compile(r"`[^`\n]*`")  # a name in code, which a sentence may have to name
CODE = re.compile(r"^```(?:diff|python|toml)\n.*?^```", re.MULTILINE | re.DOTALL)


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module that are sentences, docstrings among them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and " " in text.strip() and not text.startswith("<"):  # markup
            yield node.lineno, QUOTED.sub(" ", text)


def test_the_glossary_defines_each_term_once_and_retires_some() -> None:
    """A table of terms, each in one row, and a table of the words that gave way to them."""
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", GLOSSARY, re.MULTILINE)
    assert len(terms) == len(set(terms)) >= 20
    assert len(retired_words()) >= 10
    assert not set(terms) & set(retired_words())


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_sentence_in_the_code_has_a_retired_word(path: Path) -> None:
    """Messages, evidence, help and docstrings use the words of the glossary."""
    wrong = [
        f"line {line}: {RETIRED.search(text)[0]}"
        for line, text in prose(path)
        if RETIRED.search(text)
    ]  # type: ignore[index]
    assert not wrong


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_page_has_a_retired_word(path: Path) -> None:
    """What stands between the tags of the report's templates, and in their labels."""
    text = re.sub(r"{[{%#].*?[}%#]}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    shown = " ".join([re.sub(r"<[^>]*>", " ", text), *labels])
    assert not RETIRED.search(shown), RETIRED.search(shown)


@pytest.mark.parametrize("path", GUIDES, ids=lambda p: p.name)
def test_no_guide_has_a_retired_word(path: Path) -> None:
    """The README and the guides; code, and the glossary's own table, apart."""
    text = path.read_text("utf-8").partition("## Words we do not use")[0]
    text = QUOTED.sub(" ", CODE.sub(" ", text))
    wrong = [line for line in text.splitlines() if RETIRED.search(line)]
    assert not wrong


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda p: p.name)
def test_no_key_of_the_data_is_a_retired_word(path: Path) -> None:
    """The JSON's keys are words of the glossary; the kind of passage `furniture` is a value."""

    def keys(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "properties":
                    yield from value
                yield from keys(value)
        elif isinstance(node, list):
            for item in node:
                yield from keys(item)

    found = set(keys(json.loads(path.read_text("utf-8")))) - {"furniture"}
    assert not [key for key in found if RETIRED.search(key.replace("_", " "))]


def test_no_public_name_is_a_retired_word() -> None:
    """What `dedup` exports, and the fields and methods of what it exports."""
    names = set(dedup.__all__)
    for name in dedup.__all__:
        value = getattr(dedup, name)
        names |= {member for member in dir(value) if not member.startswith("_")}
        if is_dataclass(value):
            names |= {field.name for field in fields(value)}
    assert not [name for name in names if RETIRED.search(name.replace("_", " "))]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_help_has_a_retired_word(command: list[str]) -> None:
    """Every command's help, as it is printed."""
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "dedup", *command, "--help"],
        env=env,
        capture_output=True,
        check=True,
    )
    text = run.stdout.decode("utf-8")
    assert not RETIRED.search(text), RETIRED.search(text)
