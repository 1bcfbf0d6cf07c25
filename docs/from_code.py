"""Parts of the pages that are made from the code: commands, the HTTP interface, the schemas.

A page has a line `<!-- from the code: NAME -->`, in whose place the Markdown of `PARTS[NAME]` is
read, or `This page is [NAME.md](../NAME.md).`, in whose place a file of the project is. So no
option, key or address can be missing from the reference, and none is there that the program does
not have. The reference of the library is made by Sphinx's own autodoc.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
ROOT = DOCS.parent
PLACE = re.compile(r"^<!-- from the code: ([a-z ]+) -->$", re.MULTILINE)
FILE = re.compile(r"^This page is \[([A-Z]+\.md)\]\(\.\./\1\)\.$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([^():#\s]+)(#[^)\s]*)?\)")
# Files of the project that are pages of the site, too.
ELSEWHERE = {
    f"{name.upper()}.md": f"{name}.md"
    for name in ("architecture", "changelog", "contributing", "security")
}


def commands() -> Iterator[str]:
    """Every command: what it does, how it is written, its arguments and options."""
    from typer.main import get_command

    from dedup.cli import app

    def walk(command: Any, above: Any, name: str) -> Iterator[str]:
        context = type(command).context_class(command, parent=above, info_name=name)
        path = context.command_path
        yield f"## {path}\n"
        yield f"{prose(command.help)}\n"
        yield f"```text\n{path} {' '.join(command.collect_usage_pieces(context))}\n```\n"
        rows = [record for each in command.get_params(context) if (record := row(each, context))]
        if rows:
            yield "| option | what it does |\n|---|---|\n" + "\n".join(rows) + "\n"
        for name, each in getattr(command, "commands", {}).items():
            yield from walk(each, context, name)

    def row(parameter: Any, context: Any) -> str:
        record = parameter.get_help_record(context)
        if record is None:
            return f"| `{parameter.make_metavar(context)}` | |" if not parameter.hidden else ""
        names, text = record
        names = re.sub(r" <(?:list\[)?str\]?>", "", names).strip()
        return f"| {code(names)} | {cell(text)} |"

    yield from walk(get_command(app), None, "dedup")


def prose(text: str | None) -> str:
    """Help as Markdown: its lines are of one paragraph, and words in angle brackets stay words."""
    return " ".join((text or "").split()).replace("<", "\\<").replace("*", "\\*")


def cell(text: str) -> str:
    """The same inside a table."""
    return prose(text).replace("|", "\\|")


def code(text: str) -> str:
    """A name as code, inside a table."""
    return "`" + text.replace("|", "\\|") + "`"


def schema_tables(name: str) -> Iterator[str]:
    """The definitions of one schema, each with a table of its keys."""
    schema = json.loads((ROOT / "dedup" / "data" / f"{name}.schema.json").read_text("utf-8"))
    yield f"{schema['description']}\n"
    for key, definition in schema["$defs"].items():
        yield from definition_table(name, key, definition)


def definition_table(place: str, name: str, definition: dict[str, Any]) -> Iterator[str]:
    """One definition: a heading, what is said of it, and a row for each key."""
    yield f"({place}-{name})=\n### {name.replace('_', ' ')}\n"
    if "description" in definition:
        yield f"{prose(definition['description'])}\n"
    rows = list(key_rows(place, definition, ""))
    if rows and "$ref" in definition:
        yield f"All keys of {type_of(place, definition)}, and:\n"
    if rows:
        yield "| key | type | |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    else:
        yield f"{type_of(place, definition)}\n"


def key_rows(place: str, schema: dict[str, Any], path: str) -> Iterator[str]:
    """A row for each key of an object, and of the objects in it."""
    required = schema.get("required", [])
    for key, value in schema.get("properties", {}).items():
        note = prose(value.get("description"))
        if key not in required:
            note = f"May be missing. {note}".strip()
        yield f"| {code(path + key)} | {type_of(place, value)} | {cell(note)} |"
        items = value.get("items", {})
        yield from key_rows(place, value, f"{path}{key}.")
        if isinstance(items, dict):
            yield from key_rows(place, items, f"{path}{key}[].")
    for part in schema.get("allOf", []):
        yield from key_rows(place, part, path)


def type_of(place: str, schema: dict[str, Any]) -> str:
    """What a value may be, in words."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if found := re.match("(report|index)_(.*)", name):  # the interface has those schemas, too
            place, name = found.groups()
        return f"[{name.replace('_', ' ')}](#{place}-{name})"
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return " ".join(code(json.dumps(each)) for each in schema["enum"])
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " or ".join(type_of(place, each) for each in schema[several])
    kinds = schema.get("type", "any")
    text = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if isinstance(schema.get("items"), dict):
        text = text.replace("array", f"list of {type_of(place, schema['items'])}")
    return text


def http() -> Iterator[str]:
    """Every address of the interface for programs: what it takes and what it answers."""
    from dedup.serve.app import make_routes
    from dedup.serve.auth import Gate
    from dedup.serve.house import House
    from dedup.serve.metrics import Metrics
    from dedup.serve.settings import Settings

    settings = Settings(index="news.dedup", folder=Path("data"), encoder=None)
    description = make_routes(House(settings, Gate(None), Metrics())).openapi()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            yield f"### {method.upper()} {path}\n".replace("{", "\\{")
            yield f"**{operation['summary']}.** {prose(operation.get('description'))}\n"
            yield from operation_tables(operation)
    yield "## What is sent\n"
    for name, schema in description["components"]["schemas"].items():
        if schema.get("properties") and not name.startswith(("report_", "index_")):
            yield from definition_table("http", name, schema)


def operation_tables(operation: dict[str, Any]) -> Iterator[str]:
    """The parameters, the body and the answers of one address."""
    rows = [
        f"| {code(each['name'])} ({each['in']}) | {type_of('http', each['schema'])} "
        f"| {cell(each.get('description', ''))} |"
        for each in operation.get("parameters", [])
    ]
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(f"| body, `{kind}` | {type_of('http', body['schema'])} | |")
    if rows:
        yield "| it takes | type | |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    rows = []
    for status, answer in operation["responses"].items():
        if status < "300":
            kinds = [
                type_of("http", body["schema"])
                for body in answer.get("content", {}).values()
                if "schema" in body
            ]
            rows.append(f"| {status} | {' or '.join(kinds)} | {cell(answer['description'])} |")
    yield "| it answers | type | |\n|---|---|---|\n" + "\n".join(rows) + "\n"


PARTS = {
    "commands": commands,
    "report schema": lambda: schema_tables("report"),
    "index schema": lambda: schema_tables("index"),
    "http": http,
}


def lead(text: str, folder: Path, page: str) -> str:
    """A text that stands in `folder`, with the links that it needs on a page of the site: files of
    the project that are no pages are named, not linked."""

    def link(found: re.Match[str]) -> str:
        words, path, place = found.groups()
        target = (folder / path).resolve()
        if not target.exists() or not target.is_relative_to(ROOT):
            return found[0]
        own = ELSEWHERE.get(str(target.relative_to(ROOT)))
        if own is None and not target.is_relative_to(DOCS):
            return f"{words} (`{target.relative_to(ROOT)}`)"
        target = DOCS / own if own else target / "README.md" if target.is_dir() else target
        return f"[{words}]({'../' * page.count('/')}{target.relative_to(DOCS)}{place or ''})"

    return LINK.sub(link, text)


def fill(app: Any, page: str, source: list[str]) -> None:
    """Put what is made from the code, or stands in another file of the project, into a page."""
    text = FILE.sub(lambda found: lead((ROOT / found[1]).read_text("utf-8"), ROOT, page), source[0])
    text = lead(text, (DOCS / page).parent, page)
    source[0] = PLACE.sub(lambda found: "\n".join(PARTS[found[1]]()), text)


def shorten(*event: Any) -> tuple[str | None, str | None]:
    """A signature with plain names of types."""
    *_, signature, returned = event
    return signature and signature.replace("~typing.", ""), returned


def name_sections(*event: Any) -> None:
    """Make headings of the sections that scikit-learn's docstrings have (numpydoc)."""
    lines: list[str] = event[-1]
    for n, line in enumerate(lines):
        if n and line and not line.strip("-"):
            lines[n - 1 : n + 1] = [f".. rubric:: {lines[n - 1]}", ""]
        lines[n] = re.sub(r"^(\w+)_ :", r"\1\_ :", lines[n])


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-signature", shorten)
    app.connect("autodoc-process-docstring", name_sections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
