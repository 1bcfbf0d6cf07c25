"""Paths as a person gives them → the files to read, listed before any is opened.

A path is a file, a folder (read recursively, in the order of names), a glob pattern, or
``-`` for standard input. Nothing here opens a file, so listing is cheap and never waits: a
pipe or a device is refused by its kind. A linked folder is followed once, so a loop ends.

In a folder only files with a known ending, with none, or with a number for one
(``story.0017``) are read. Hidden files and what operating systems leave lying about are
passed over; every other file is named in a problem, one problem for all of one sort.
A file that is named, or that a pattern finds, is read whatever its ending, by its content. The
ending of a packed file is the one within: ``news.jsonl.gz`` ends in ``.jsonl``.
"""

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dedup.readers.problem import Problem

STDIN = "-"
CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__"})
ENDING = re.compile(r"\.(?=\w*[^\W\d])\w{1,10}\Z")  # ".txt", but not ".0017" or ". 11 attacks"

PACKED = re.compile(r"(?<=.)\.(?:gz|bz2|xz|zst)\Z", re.IGNORECASE)

NOT_READ = {
    ending: kind
    for kind, endings in {
        "a table of a spreadsheet": ".xlsx .xls .ods",
        "a saved page with its pictures": ".mhtml .mht",
        "a box of mails": ".mbox .msg",
        "a document of another program": ".doc .odt .rtf .epub",
        "a packed folder": ".tar .tgz .7z .rar",
    }.items()
    for ending in endings.split()
}
INSTEAD = {
    "a table of a spreadsheet": "save it as CSV",
    "a saved page with its pictures": "save it as HTML",
    "a box of mails": "save its mails as .eml",
    "a document of another program": "save it as .docx",
    "a packed folder": "unpack it, or pack it as .zip",
}


@dataclass(frozen=True, slots=True)
class Named:
    """One path as given, the files that it stands for, and what is wrong with the rest."""

    path: str
    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def find_files(path: str, endings: frozenset[str]) -> Named:
    """The files that `path` stands for; in a folder, those whose ending is in `endings`."""
    if path == STDIN:
        return Named(path, (STDIN,), ())
    if glob.has_magic(path) and not _there(path):
        matches = sorted(glob.glob(path, recursive=True))
        if not matches:
            return Named(path, (), (Problem(shown(path), "no file matches this pattern"),))
        found = [entry for match in matches for entry in _under(match, endings)]
    else:
        found = list(_under(path, endings))
    files = dict.fromkeys(entry for entry in found if isinstance(entry, str))
    problems = dict.fromkeys(entry for entry in found if isinstance(entry, Problem))
    return Named(path, tuple(files), tuple(problems))


def ending(path: str) -> str:
    """The ending of a file's name in lower case, "" if it has none.

    >>> ending("wire/Story.TXT"), ending("story.0017"), ending("U.S. troops leave")
    ('.txt', '', '')
    >>> ending("dump.jsonl.gz")
    '.jsonl'
    """
    match = ENDING.search(_unpacked(path), 1)
    return match.group().lower() if match else ""


def stem(path: str) -> str:
    """The name of a file without its folder and its ending; "stdin" for standard input.

    >>> stem("wire/story.txt"), stem("wire/story.0017")
    ('story', 'story.0017')
    """
    if path == STDIN:
        return "stdin"
    name = _unpacked(path)
    return shown(name[: len(name) - len(ending(name))])


def _unpacked(path: str) -> str:
    """The name of a file without its folder and without the ending that packing adds."""
    return PACKED.sub("", os.path.basename(path))


def shown(path: str) -> str:
    """The path as it can be printed: bytes of its name that are not UTF-8 are escaped."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _there(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL in the path
        return False


def _under(path: str, endings: frozenset[str]) -> Iterator[str | Problem]:
    """The file itself, or the files below a folder in the order of their names."""
    trouble = _trouble(path)
    if trouble:
        yield Problem(shown(path), trouble)
    elif not os.path.isdir(path):
        kind = NOT_READ.get(ending(path))
        yield Problem(shown(path), _not_read(kind)) if kind else path
    else:
        yield from _in_folder(path, endings)


def _in_folder(folder: str, endings: frozenset[str]) -> Iterator[str | Problem]:
    skipped: dict[str, list[str]] = {}
    seen: dict[str, str] = {}  # real path of each folder → the path it was first met by
    empty = True  # nothing in it to read, and nothing said about why
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        trouble = _trouble(path)
        if trouble:
            empty = False
            yield Problem(shown(path), trouble)
        elif os.path.isdir(path):
            first = seen.setdefault(os.path.realpath(path), path)
            if first is not path:
                what = f"leads to the folder {shown(first)}, which is read already: passed over"
                yield Problem(shown(path), what)
                continue
            try:
                names = sorted(os.listdir(path), reverse=True)
            except OSError as error:
                empty = False
                yield Problem(shown(path), _cannot(error))
                continue
            waiting.extend(os.path.join(path, name) for name in names if not is_clutter(name))
        elif not ending(path) or ending(path) in endings:
            empty = False
            yield path
        else:
            skipped.setdefault(NOT_READ.get(ending(path), ""), []).append(path)
    for _, paths in sorted(skipped.items()):
        yield passed_over(paths)
    if empty:
        what = f"no article in this folder: it has no file ending in {_either(endings)}"
        yield Problem(shown(folder), what)


def _trouble(path: str) -> str | None:
    """Why `path` can be neither opened as a file nor listed as a folder; None if it can."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.islink(path):
            return f"a link to {shown(os.readlink(path))}, which does not exist"
        return "no such file or folder"
    except OSError as error:
        return _cannot(error)
    except ValueError:
        return "no such file or folder: a path cannot hold a NUL character"
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    kind = kinds.get(stat.S_IFMT(mode), "a device")
    return f"{kind}, not a file; to read what it gives, send it to standard input and name -"


def _cannot(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"


def is_clutter(name: str) -> bool:
    """Whether a file or folder is hidden, or what systems and editors leave behind."""
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in CLUTTER


def passed_over(paths: list[str]) -> Problem:
    """The problem with files of one sort that are not read."""
    kind = NOT_READ.get(ending(paths[0]))
    what = _not_read(kind) if kind else f"files ending in {ending(paths[0])} are not read"
    if len(paths) > 1:
        what += f" (and {len(paths) - 1:,} more such files)"
    if not kind:
        what += "; if it is an article, name the file itself or a pattern that finds it"
    return Problem(shown(paths[0]), what)


def _not_read(kind: str) -> str:
    return f"{kind}, which is not read: {INSTEAD[kind]}"


def _either(endings: Iterable[str]) -> str:
    *some, last = sorted(endings)
    return f"{', '.join(some)} or {last}"
