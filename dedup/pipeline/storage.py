"""Storage: what grows with a collection, in files, so that it need not fit in memory.

A work folder keeps what a comparison has worked out so far, under names: a run that was killed
goes on from there. One run at a time may use it, and only with the same articles, settings and
version. Without a work folder the files have no names, and vanish with the comparison, whatever
ends it.

Files are written from front to back, and what counts in them is what a complete line or record
says: whatever a killed run left behind that is cut short is written again.
"""

import json
import os
import pickle
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from dedup._version import __version__
from dedup.errors import InputError

FORMAT = "dedup/work/1"
SETTINGS, LOCK = "run.json", "lock"
HEADER = 12  # bytes before a record: its length and its checksum


class Storage:
    """Files by name: in the folder, or unnamed ones where it is None."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._files: dict[str, IO[bytes]] = {}

    def open(self, name: str) -> IO[bytes]:
        """The file of that name, made where it is missing."""
        if name not in self._files:
            with explain_faults(self.folder):
                self._files[name] = (
                    tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
                    if self.folder is None
                    else open(os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o666), "r+b", 0)  # noqa: SIM115
                )
        return self._files[name]

    def size(self, name: str) -> int:
        """How many bytes a file has."""
        return os.fstat(self.open(name).fileno()).st_size

    def append(self, name: str, data: bytes | memoryview) -> None:
        """Write at the end of a file."""
        file, rest = self.open(name), memoryview(data).cast("B")
        with explain_faults(self.folder):
            file.seek(0, os.SEEK_END)
            while rest:
                rest = rest[file.write(rest) :]

    def truncate(self, name: str, size: int) -> None:
        """Cut a file to its first `size` bytes."""
        with explain_faults(self.folder):
            self.open(name).truncate(size)

    def release(self) -> None:
        """Let another run use the folder; what is open stays readable."""

    def make(self, name: str, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """A table in a new file, to be filled; it stays on the disk as far as memory is needed."""
        kind = np.dtype(dtype)
        self.truncate(name, 0)
        with explain_faults(self.folder):
            size = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
            allocate(self.open(name), size)
        return self.table(name, kind, shape, mode="r+")

    def table(
        self, name: str, dtype: npt.DTypeLike, shape: tuple[int, ...], mode: Any = "c"
    ) -> npt.NDArray[Any]:
        """What a file holds as a table; changes to it are not kept, unless `mode` is "r+"."""
        if not np.prod(shape, dtype=np.int64):
            return np.empty(shape, dtype)
        return np.asarray(np.memmap(self.open(name), dtype, mode, shape=shape))


class WorkFolder(Storage):
    """A folder for one run at a time.

    `settings` are what the work depends on, apart from the articles. Raises `InputError` where
    the folder is in use, holds work of other settings or of another version, or is no folder
    for work.
    """

    folder: Path

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        super().__init__(folder)
        with explain_faults(folder):
            folder.mkdir(exist_ok=True)
            strange = sorted(set(os.listdir(folder)) - {LOCK}) if not self.holds_work() else []
        if strange:
            raise InputError(
                f"{folder}: holds {strange[0]!r} and no work of dedup; name an empty or new folder"
            )
        self._lock()
        run = {"format": FORMAT, "version": __version__, "settings": dict(settings)}
        if self.holds_work():
            self._compare(run)
        else:
            temporary = folder / f"{SETTINGS}.new"
            with explain_faults(folder):
                temporary.write_text(json.dumps(run, indent=1) + "\n", "utf-8")
                temporary.replace(folder / SETTINGS)

    def holds_work(self) -> bool:
        """Whether a run has begun here."""
        return (self.folder / SETTINGS).exists()

    def _lock(self) -> None:
        file = self.open(LOCK)
        try:
            try:
                from fcntl import LOCK_EX, LOCK_NB, flock

                flock(file, LOCK_EX | LOCK_NB)
            except ImportError:  # Windows
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            raise InputError(
                f"{self.folder}: another run works in this folder; wait for it, or name another"
            ) from None

    def release(self) -> None:
        """Let another run use the folder; what is open stays readable."""
        self._files.pop(LOCK).close()

    def _compare(self, run: Mapping[str, Any]) -> None:
        """Refuse to go on with work that this run would not have done."""
        try:
            known = json.loads((self.folder / SETTINGS).read_text("utf-8"))
            differs = [key for key in run if known[key] != run[key]]
        except (ValueError, TypeError, KeyError):
            raise InputError(f"{self.folder / SETTINGS}: cannot be read; {ANEW}") from None
        if "settings" in differs and len(differs) == 1:
            own, other = run["settings"], known["settings"]
            differs = [key for key in own if own[key] != other.get(key)] or ["settings"]
            name, own, other = differs[0], own.get(differs[0]), other.get(differs[0])
        elif differs:
            name = differs[0]
            own, other = run[name], known[name]
        else:
            return
        raise InputError(
            f"{self.folder}: holds the work of a run with {name} {other!r}, this one has {own!r}; "
            f"{ANEW}"
        )


ANEW = "name another folder, or delete it to begin anew"


class Journal:
    """Results in the order in which they were appended, each kept for good once it is there."""

    def __init__(self, storage: Storage, name: str) -> None:
        self._storage, self._name = storage, name
        self._begins = [0]
        self._scan()

    def __len__(self) -> int:
        return len(self._begins) - 1

    def append(self, result: Any) -> None:
        """Keep a result."""
        data = zlib.compress(pickle.dumps(result, pickle.HIGHEST_PROTOCOL), 1)
        header = len(data).to_bytes(8, "little") + zlib.crc32(data).to_bytes(4, "little")
        self._storage.append(self._name, header + data)
        self._begins.append(self._begins[-1] + HEADER + len(data))

    def __getitem__(self, n: int) -> Any:
        """The n-th result; unpickled, for only we have written it."""
        begin, end = self._begins[n : n + 2]
        file = self._storage.open(self._name)
        with explain_faults(self._storage.folder):
            file.seek(begin + HEADER)
            return pickle.loads(zlib.decompress(file.read(end - begin - HEADER)))

    def _scan(self) -> None:
        """Find the complete results of an earlier run; what is cut short behind them is dropped."""
        size, file = self._storage.size(self._name), self._storage.open(self._name)
        while self._begins[-1] + HEADER <= size:
            file.seek(self._begins[-1])
            header = file.read(HEADER)
            end = self._begins[-1] + HEADER + int.from_bytes(header[:8], "little")
            if end > size or zlib.crc32(
                file.read(end - self._begins[-1] - HEADER)
            ) != int.from_bytes(header[8:], "little"):
                break
            self._begins.append(end)
        self._storage.truncate(self._name, self._begins[-1])


def allocate(file: IO[bytes], size: int) -> None:
    """Give a file its size, and the room for it: a full disk is an error now, and not when a
    table in it is written, which would end the process."""
    if size and hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
    else:
        file.truncate(size)


@contextmanager
def explain_faults(folder: Path | None) -> Iterator[None]:
    """Say of an error of the disk which folder it is about and what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        if folder is not None:
            raise InputError(
                f"the work folder {folder} cannot be used: {reason}; make room there, or name "
                "another folder"
            ) from None
        raise InputError(
            "what does not fit in memory cannot be kept in the temporary folder "
            f"{tempfile.tempdir or '(there is none)'}: {reason}; make room there, or set TMPDIR to "
            "another folder"
        ) from None
