"""Fresh Python processes that work for this one, and the messages between them.

Such a process is neither forked from one that may have threads nor started through the user's
main module, so it needs no guard there. A message is a pickled object behind its length.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from signal import Signals
from typing import IO, Any

LENGTH = 8  # bytes before a message
MAX_SAID = 10_000  # bytes of what a process has written last
TOO_MUCH = "it takes more time or memory than a file of its size can need"


def start_process(
    code: str, arguments: Sequence[str], descriptors: Sequence[int], **streams: Any
) -> "subprocess.Popen[bytes]":
    """A new Python process that runs `code`, finds the modules that this one finds, and has these
    open files."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, *arguments],
        env={**os.environ, **one, "PYTHONPATH": path},
        pass_fds=descriptors,
        process_group=0,  # Ctrl-C in a terminal is for this process, which ends the others
        **streams,
    )


def set_limit(name: str, value: int) -> None:
    """Set a limit of this process, where the system has it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        kind = getattr(resource, name, None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            resource.setrlimit(kind, (value if most < 0 else min(value, most), most))


def send(stream: IO[bytes] | None, message: Any) -> None:
    """Write a message."""
    assert stream
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(LENGTH, "little") + data)
    stream.flush()


def receive(stream: IO[bytes] | None) -> Any:
    """Read a message; `EOFError` where the stream has ended."""
    return pickle.loads(receive_bytes(stream))


def receive_bytes(stream: IO[bytes] | None, limit: int | None = None) -> bytes:
    """Read a message as it was pickled; `EOFError` where the stream has ended.

    Raises `ValueError` if it is longer than `limit`.
    """
    assert stream
    header = stream.read(LENGTH)
    size = int.from_bytes(header, "little")
    if limit is not None and size > limit:
        raise ValueError(f"a message of {size:,} bytes")
    data = stream.read(size) if len(header) == LENGTH else b""
    if not data or len(data) < size:
        raise EOFError
    return data


def explain_end(code: int, said: IO[bytes]) -> str:
    """What it means for a file that the process which read it ended with this code, having written
    this on its standard error."""
    if -code in (getattr(Signals, "SIGXCPU", None), getattr(Signals, "SIGKILL", None)):
        return TOO_MUCH
    if code < 0:
        return f"the process that reads it does not survive it ({Signals(-code).name})"
    said.seek(max(said.seek(0, os.SEEK_END) - MAX_SAID, 0))
    last = said.read(MAX_SAID).decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"the process that reads it failed: {last:.200}"
