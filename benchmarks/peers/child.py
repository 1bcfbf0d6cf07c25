"""One peer at work, in a process and an environment of its own; standard library only.

    python -m benchmarks.peers.child ADAPTER CORPUS OUT [--ready]

Loads the articles and the adapter, lets it find the near-duplicates among the first few, so that
libraries are loaded and engines started; then, but for `--ready`, among all. What it found goes
to OUT as JSON, with the CPU and wall seconds and the peak of memory of that last step.
"""

import ctypes
import importlib
import json
import resource
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

WARM_UP = 20  # articles


def main() -> None:
    """Run one adapter as the arguments say."""
    adapter, corpus, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    lines = corpus.read_text(encoding="utf-8").splitlines(keepends=True)
    texts = [json.loads(line)["text"] for line in lines]
    few = "".join(lines[:WARM_UP])
    del lines
    peer = importlib.import_module(f"benchmarks.peers.adapters.{adapter}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "few.jsonl"
        path.write_text(few, encoding="utf-8")
        getattr(peer, "ready", peer.find)(texts[:WARM_UP], path)
    forget_peak()
    cpu, wall = cpu_seconds(), time.perf_counter()
    found = [] if "--ready" in sys.argv else peer.find(texts, corpus)
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    report = {"kind": peer.FOUND, "found": found, "cpu": cpu, "wall": wall, "peak": memory("VmHWM")}
    out.write_text(json.dumps(report), encoding="utf-8")


def cpu_seconds() -> float:
    """CPU seconds so far, of this process and of those it has waited for."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def memory(which: str) -> int:
    """Bytes of memory this process holds (VmRSS) or held at most (VmHWM).

    Not `ru_maxrss` where /proc can be had: it starts from the size of the parent process, and
    nothing resets it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else size * 1024
    return int(status.read_text().partition(f"{which}:")[2].split()[0]) * 1024


def forget_peak() -> None:
    """Give back what is free, and let VmHWM begin again, where the system can do that."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    control = Path("/proc/self/clear_refs")
    if control.exists():
        control.write_text("5")


if __name__ == "__main__":
    main()
