"""The rules of the house: who may import whom, what is public, and what the README promises."""

import ast
import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import dedup
from benchmarks.screenshots import digest_of_pages

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dedup"
MODULES = sorted(PACKAGE.rglob("*.py"))

# One article walks from left to right; a module imports only from modules to its left.
# Rooms in one group stand side by side and leave each other alone.
CORRIDOR = [
    {"errors", "_version"},
    {"dates"},
    {"article", "extras", "phrasing", "processes"},
    {"readers"},
    {"text"},
    {"embed"},
    {"sketch"},
    {"candidates"},
    {"attribution"},
    {"align"},
    {"relate"},
    {"cluster"},
    {"derive"},
    {"pipeline"},
    {"index"},
    {"report"},
    {"__init__"},
    {"client", "contrib", "serve", "spark"},
    {"cli"},
    {"__main__"},
]
PLACE = {room: place for place, rooms in enumerate(CORRIDOR) for room in rooms}

PUBLIC = [
    "Alignment",
    "Article",
    "DedupError",
    "Index",
    "InputError",
    "MissingExtra",
    "Result",
    "StoreError",
    "align",
    "articles",
    "check",
    "compare",
    "near_duplicates",
    "pairs",
    "read",
    "sign",
]

MAX_LINES = 400
MAX_PRIVATE = 1 / 3
NOT_LIMITS = re.compile(r"_?(MOST|LEAST|LONGEST|SHORTEST|WIDEST|NARROWEST|FEWEST)(_|$)")
# Split, so that this file does not name what it forbids.
REGISTRIES = [f"{name}.{tld}" for name, tld in [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
    ("anaconda", "org"), ("anaconda", "com"), ("crates", "io"), ("debian", "org"),
]]  # fmt: skip


def room_of(path: Path) -> str:
    """The room of a module: the first name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms of the package that a module imports, wherever in it the import stands."""
    package = ["dedup", *path.relative_to(PACKAGE).parent.parts]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names.update(f"{module}.{alias.name}" for alias in node.names)
    ours = [name.split(".") for name in names if name.split(".")[0] == "dedup"]
    # What is no module is a name of the package itself.
    return {parts[1] if len(parts) > 1 and is_room(parts[1]) else "__init__" for parts in ours}


def is_room(name: str) -> bool:
    """Whether `name` is a module or a folder of the package."""
    return (PACKAGE / f"{name}.py").is_file() or (PACKAGE / name / "__init__.py").is_file()


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_modules_to_its_left(path: Path) -> None:
    """What a module imports stands to its left in the corridor, or in its own room."""
    room = room_of(path)
    assert room in PLACE, f"{room} has no place in the corridor; give it one in CORRIDOR"
    wrong = {
        other
        for other in imported_rooms(path)
        if other != room and PLACE.get(other, len(CORRIDOR)) >= PLACE[room]
    }
    assert not wrong, f"{name_of(path)} imports from its right: {', '.join(sorted(wrong))}"


def imports_when_loaded(path: Path) -> set[str]:
    """The modules of the package that a module imports when it is loaded or type-checked: all
    but those that a function imports when it is called."""
    package = ["dedup", *path.relative_to(PACKAGE).parent.parts]
    targets: set[str] = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            targets.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = {f"{module}.{alias.name}" for alias in node.names}
            targets |= {name if name in NAMES else module for name in names}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            nodes.extend(ast.iter_child_nodes(node))
    return targets & NAMES.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even for type checkers alone: what needs each other belongs together."""
    graph = {name: sorted(imports_when_loaded(path) - {name}) for name, path in NAMES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_the_public_names_are_these() -> None:
    """What users may rely on is a list that changes only on purpose."""
    assert sorted(dedup.__all__) == PUBLIC
    assert all(hasattr(dedup, name) for name in PUBLIC)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    """A public module begins with a docstring."""
    if not path.stem.startswith("_") or path.stem == "__init__":
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{path} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    """No module is longer than 400 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


def test_most_functions_are_public() -> None:
    """Fewer than a third are private: a helper of a few lines stands where it is used."""
    functions = [
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    private = [name for name in functions if re.match("_(?!_)", name)]
    assert len(private) < MAX_PRIVATE * len(functions)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_limits_are_called_min_and_max(path: Path) -> None:
    """A limit says on which side it stands: MIN_WORDS, not LEAST."""
    names = {
        node.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    wrong = sorted(name for name in names if NOT_LIMITS.match(name))
    assert not wrong, f"{name_of(path)} calls limits {', '.join(wrong)}"


@pytest.mark.seeds
@pytest.mark.parametrize(
    "name", [info.name for info in pkgutil.walk_packages([str(PACKAGE)], "dedup.")]
)
def test_examples_in_docstrings_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every doctest gives what it says."""
    if name.endswith("__main__"):
        pytest.skip("importing it runs the command line")
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.seeds
@pytest.mark.parametrize("page", ["README.md", "docs/library.md"])
def test_the_examples_of_a_page_run(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python prints what it shows, block after block, from the top of the project."""
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)
    scope: dict[str, object] = {}
    assert blocks
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, scope, page, None, 0)
        assert example.examples
        assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0
        scope.update(example.globs)


def test_the_readme_is_read_in_a_minute() -> None:
    """It shows what dedup does, and leaves the rest to the guides: 200 lines at most."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 200


def test_the_version_is_the_same_everywhere() -> None:
    """The citation and the changelog know the version that the package has, and its day."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    (day,) = re.findall(r"^date-released: (.+)$", citation, re.MULTILINE)
    assert f"version: {dedup.__version__}\n" in citation
    assert f"## {dedup.__version__} ({day})" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_no_file_names_the_host_of_a_package_registry() -> None:
    """Where packages come from is the business of whoever installs."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone, so there is no list of what is committed")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        named = [host for host in REGISTRIES if host.encode() in content]
        assert not named, f"{path} names {', '.join(named)}"


def test_no_test_rests_on_the_clock() -> None:
    """Beside another load a pause is too short and a bound too tight: a test waits for what it can
    see (`patience.wait_until`), and for as long as it takes."""
    found = []
    for path in sorted((ROOT / "tests").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            waits = [a.value for a in call.keywords if a.arg == "timeout"] + (
                call.args[:1] if getattr(call.func, "attr", "") in ("result", "wait") else []
            )
            short = [w for w in waits if isinstance(w, ast.Constant) and 0 < w.value < 60]
            if short or (ast.unparse(call.func) == "time.sleep" and path.name != "patience.py"):
                found.append(f"{path.name}:{call.lineno}: {ast.unparse(call)}")
    assert not found, "\n".join(found)


@pytest.mark.seeds
def test_the_picture_in_the_readme_is_what_the_command_prints() -> None:
    """Line for line, with "…" where it leaves some out."""
    readme = (ROOT / "README.md").read_text("utf-8")
    picture = r"^\$ dedup (report seeds/.*)\n((?s:.*?))^```"
    pictures = re.findall(picture, readme, re.MULTILINE)
    assert len(pictures) == 2
    env = {**os.environ, "COLUMNS": "84", "NO_COLOR": "1"}
    for arguments, picture in pictures:
        command = [sys.executable, "-m", "dedup", *arguments.split()]
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
        printed = iter(run.stdout.decode("utf-8").splitlines())
        shown = [line for line in picture.splitlines() if line != "…"]
        missing = [line for line in shown if line not in printed]
        assert not missing, f"not printed, or not in this order: {missing}"


def test_the_pictures_of_the_page_are_of_the_page_as_it_is() -> None:
    """A template, the style or the script changed: `python -m benchmarks.screenshots`."""
    kept = (ROOT / "docs" / "pictures" / "made-from.txt").read_text("utf-8").strip()
    assert kept == digest_of_pages(), "run: python -m benchmarks.screenshots"
