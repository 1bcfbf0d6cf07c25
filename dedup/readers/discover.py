"""Paths as a person gives them → the files to read, listed before any is opened.

A path is a file, a folder, a glob pattern, or ``-`` for standard input. Nothing is opened, so
listing never waits: a pipe or a device is refused by its kind. A file that is named, or that a
pattern matches, is read whatever its ending. In a folder and those below only files with a known
ending, with none, or with a number for one (``story.0017``) are read; hidden files and what
operating systems leave behind are skipped in silence, the others named in one problem a kind. So
are links that lead out of the folder, unless they are to be followed.
"""

import glob
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from dedup.readers.problem import Problem

STDIN = "-"
CLUTTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "__pycache__"})
ENDING = re.compile(r"\.(?=\w*[^\W\d])\w{1,10}\Z")  # ".txt", but not ".0017" or ". 11 attacks"
COMPRESSED = re.compile(r"(?<=.)\.(?:gz|bz2|xz|zst)\Z", re.IGNORECASE)
ADDRESS = re.compile(r"https?://", re.IGNORECASE)

UNSUPPORTED = {
    ending: advice
    for advice, endings in {
        "spreadsheets of this kind are not read; save it as .xlsx or CSV": ".xls .ods",
        "mails of Outlook are not read; save it as .eml": ".msg .pst",
        "documents of this kind are not read; save it as .docx": ".doc .odt .epub",
        "archives of this kind are not read; unpack it, or make a .zip": ".tar .tgz .7z .rar",
    }.items()
    for ending in endings.split()
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One path as given, the files that it stands for, and what is wrong with the rest."""

    path: str
    files: tuple[str, ...]
    problems: tuple[Problem, ...]


def find_files(path: str, endings: frozenset[str], follow_links: bool = False) -> Listing:
    """The files that `path` stands for; in a folder, those whose ending is in `endings`, and what
    links out of it lead to if they are to be followed."""
    if path == STDIN:
        return Listing(path, (STDIN,), ())
    matches = [path]
    if glob.has_magic(path) and not (ADDRESS.match(path) or "\0" in path or os.path.lexists(path)):
        matches = sorted(glob.glob(path, recursive=True))
    entries: dict[str | Problem, None] = {}
    if not matches:
        entries[Problem(printable(path), "no file matches this pattern")] = None
    for match in matches:
        if os.path.isdir(match):
            entries |= dict.fromkeys(files_in_folder(match, endings, follow_links))
        else:
            unsupported = skipped_files([match]) if ending(match) in UNSUPPORTED else None
            entries[path_problem(match) or unsupported or match] = None
    return Listing(
        path,
        tuple(entry for entry in entries if isinstance(entry, str)),
        tuple(entry for entry in entries if isinstance(entry, Problem)),
    )


def ending(path: str) -> str:
    """The ending of a file's name in lower case, "" if it has none; within a compressed file.

    >>> ending("wire/Story.TXT"), ending("story.0017"), ending("U.S. troops leave")
    ('.txt', '', '')
    >>> ending("dump.jsonl.gz")
    '.jsonl'
    """
    match = ENDING.search(COMPRESSED.sub("", os.path.basename(path)), 1)
    return match.group().lower() if match else ""


def stem(path: str) -> str:
    """The name of a file without its folder and its ending; "stdin" for standard input.

    >>> stem("wire/story.txt"), stem("wire/story.0017")
    ('story', 'story.0017')
    """
    if path == STDIN:
        return "stdin"
    name = COMPRESSED.sub("", os.path.basename(path))
    return printable(name[: len(name) - len(ending(name))])


def printable(path: str) -> str:
    """The path as it can be printed: bytes of its name that are not UTF-8 are escaped."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_clutter(name: str) -> bool:
    """Whether a file or folder is hidden, or what systems and editors leave behind."""
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in CLUTTER


def skipped_files(paths: list[str]) -> Problem:
    """The problem with files of one kind that are not read."""
    suffix = ending(paths[0])
    more = f" (and {len(paths) - 1:,} more such files)" if len(paths) > 1 else ""
    what = f"{UNSUPPORTED.get(suffix)}{more}"
    if suffix not in UNSUPPORTED:
        what = f"files ending in {suffix} are not read{more}; "
        what += "if it is an article, name the file itself or a pattern that matches it"
    return Problem(printable(paths[0]), what)


def files_in_folder(
    folder: str, endings: frozenset[str], follow_links: bool
) -> Iterator[str | Problem]:
    """The files below a folder, and a problem for each kind of file that is not read."""
    skipped: dict[str, list[str]] = {}  # by the kind of file
    folders: dict[str, str] = {}  # real path of each folder → the path it was first met by
    outside: list[str] = []  # links that lead out of the folder
    root = os.path.join(os.path.realpath(folder), "")
    is_empty = True  # nothing in it to read, and nothing said about why
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if not follow_links and path != folder and leads_out(path, root):
            is_empty = False
            outside.append(path)
        elif problem := path_problem(path):
            is_empty = False
            yield problem
        elif os.path.isdir(path):
            first = folders.setdefault(os.path.realpath(path), path)
            if first is not path:
                what = f"the same folder as {printable(first)}, which is read already; skipped"
                yield Problem(printable(path), what)
                continue
            try:
                names = sorted(os.listdir(path), reverse=True)
            except OSError as error:
                is_empty = False
                yield unreadable(path, error)
                continue
            waiting.extend(os.path.join(path, name) for name in names if not is_clutter(name))
        elif not ending(path) or ending(path) in endings:
            is_empty = False
            yield path
        else:
            skipped.setdefault(UNSUPPORTED.get(ending(path), ""), []).append(path)
    for _, paths in sorted(skipped.items()):
        yield skipped_files(paths)
    if outside:
        more = f" (and {len(outside) - 1:,} more such links)" if len(outside) > 1 else ""
        what = f"a link out of the folder, which is not followed{more}; --follow-links follows it"
        yield Problem(printable(min(outside)), what)
    if is_empty:
        *some, last = sorted(endings)
        what = f"no article in this folder: no file ends in {', '.join(some)} or {last}"
        yield Problem(printable(folder), what)


def leads_out(path: str, root: str) -> bool:
    """Whether a path is a link to something that exists and is not below `root`."""
    return (
        os.path.islink(path)
        and os.path.exists(path)
        and not os.path.join(os.path.realpath(path), "").startswith(root)
    )


def path_problem(path: str) -> Problem | None:
    """Why `path` can be neither opened as a file nor listed as a folder; None if it can."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        what = "no such file or folder"
        if ADDRESS.match(path):
            what = "web addresses are not fetched; save the page and give its file"
        elif os.path.islink(path):
            what = f"a link to {printable(os.readlink(path))}, which does not exist"
        return Problem(printable(path), what)
    except OSError as error:
        return unreadable(path, error)
    except ValueError:
        return Problem(path, "no such file or folder: a path cannot hold a NUL character")
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    what = f"{kind}, not a file; to read from it, send it to standard input and give -"
    return Problem(printable(path), what)


def unreadable(path: str, error: OSError) -> Problem:
    """The problem with a path that the system does not let us read."""
    return Problem(printable(path), f"cannot be read: {error.strerror or error}")
