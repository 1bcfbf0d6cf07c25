"""Optional packages: loaded where they are needed, and named where they are missing."""

import logging
import sys
from importlib import import_module
from typing import Any

from dedup.errors import MissingExtra


def require(module: str, extra: str) -> Any:
    """The module, or `MissingExtra` with the line that installs it.

    >>> require("no_such_reader", "html")
    Traceback (most recent call last):
    dedup.errors.MissingExtra: no_such_reader is not installed: pip install 'dedup-news[html]'
    """
    if (loaded := sys.modules.get(module)) is not None:
        return loaded
    try:
        # The package must not write to the terminal itself: problems say what is wrong.
        logging.getLogger(module.partition(".")[0]).addHandler(logging.NullHandler())
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).partition(".")[0]
        raise MissingExtra(
            f"{missing} is not installed: pip install 'dedup-news[{extra}]'"
        ) from None
