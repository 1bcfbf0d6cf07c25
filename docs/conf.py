"""How the site is built from these pages: `make docs`, then open build/docs/index.html.

The site needs no server and no network: it opens from the disk, its search too, and asks nobody
for fonts or scripts (decisions/0054-a-site-from-the-docs.md).
"""

import sys
from pathlib import Path
from typing import Any

from dedup import __version__

sys.path.append(str(Path(__file__).parent))  # for from_code

project = "dedup"
author = "The dedup founders"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "from_code"]
exclude_patterns = ["pictures/*.txt"]
default_role = "code"  # docstrings quote names with one backtick
smartquotes = False  # the pages have their quotation marks as they are meant

html_theme = "furo"
html_title = f"dedup {__version__}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_search_summary = False  # the browser lets no page of a disk fetch another
html_search_scorer = str(Path(__file__).parent / "static" / "scorer.js")

myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True


def reach(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Let keyboards scroll code, and say of captions in the navigation which headings they are."""
    context["body"] = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    navigation = context.get("furo_navigation_tree", "")
    caption = '<p class="caption" role="heading">'
    context["furo_navigation_tree"] = navigation.replace(
        caption, caption.replace(">", ' aria-level="2">')
    )


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("html-page-context", reach, priority=900)  # after the theme
