"""The file of an index: how it is known, and how SQLite is to open it.

Comes in: a path. Goes out: whether it is an index, an address for SQLite, or an error that says
what is wrong with the place. It opens nothing that it is not sure of, and writes nothing.
"""

import os
from pathlib import Path

from dedup.errors import StoreError

APPLICATION = 0x64647570  # "ddup", in the header of the file
MEMORY = ":memory:"
# https://www.sqlite.org/fileformat.html#the_database_header
BEGINS = b"SQLite format 3\x00"
HEADER, NAMED = 100, 68  # bytes of the header, and where in it the application stands


def is_index(path: str) -> bool:
    """Whether there is an index in the file `path`, as far as its first bytes tell."""
    try:
        with open(path, "rb") as file:
            head = file.read(HEADER)
    except (OSError, ValueError):  # a NUL is in no path
        return False
    named = int.from_bytes(head[NAMED : NAMED + 4], "big")
    return head.startswith(BEGINS) and named == APPLICATION


def address(place: str, readonly: bool) -> str:
    """The address under which SQLite opens a file, or makes one unless it is only read."""
    if place == MEMORY:
        return f"file:{MEMORY}"
    file = Path(place).absolute()
    if readonly and not file.exists():
        raise StoreError(f"{place}: there is no such index")
    if file.is_dir() or not file.parent.is_dir():
        raise StoreError(f"{place}: is no file, nor a place for one; name a file")
    if not readonly:
        return f"{file.as_uri()}?mode=rwc"
    # Even to read, SQLite makes a file beside this one, which it cannot in a folder that may only
    # be read. Where no writer has made that file there, nobody is writing.
    alone = not os.access(file.parent, os.W_OK) and not Path(f"{file}-wal").exists()
    return f"{file.as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
