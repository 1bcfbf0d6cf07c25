"""The pages of a server, with the templates, the style and the words of the report."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from dedup._version import __version__
from dedup.report.html.page import Page, Views, make_environment, resource

TYPES: Mapping[str, str] = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
STATIC = ("style.css", "report.js", "serve.css", "serve.js", "icon.svg")


@cache
def environment() -> Environment:
    """The templates of the server and of the report."""
    loaders = [PackageLoader("dedup.serve"), PackageLoader("dedup.report.html")]
    made = make_environment(ChoiceLoader(loaders))
    made.filters["archived"] = lambda id: f"/archive/{quote(id, safe='', errors='replace')}"
    return made


def render(template: str, page: Page | None = None, **context: Any) -> str:
    """A page of the server; `page` is a result of the report, which it frames."""
    page = page or Page(context.get("title", "dedup"), "", Markup(""), Views())
    known = {
        **page._asdict(),
        "listings": [listing for listing in page.listings if listing.packed],
        "version": __version__,
        "assets": {name: f"/static/{name}?{digest(name)}" for name in STATIC},
        "is_result": page.first != "",
    }
    return environment().get_template(template).render({**known, **context})


@cache
def static(name: str) -> tuple[bytes, str]:
    """A file that pages load, and its type."""
    text = resource(name) if name in ("style.css", "report.js") else read_static(name)
    return text.encode(), TYPES[name.rpartition(".")[2]]


def read_static(name: str) -> str:
    """A file of the server's own."""
    return files("dedup.serve").joinpath("static", name).read_text("utf-8")


def digest(name: str) -> str:
    """What changes in the address of a file when the file does."""
    return sha256(static(name)[0]).hexdigest()[:12]
