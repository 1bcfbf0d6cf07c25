"""A virtual environment for each peer, made when it is first wanted.

They lie in $DEDUP_PEERS or ~/.cache/dedup-peers, one a package, and are kept. pip is configured
as it is for the rest of the machine.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.peers.catalogue import Peer

FOLDER = Path(os.environ.get("DEDUP_PEERS", Path.home() / ".cache" / "dedup-peers"))
PATIENCE = 900  # seconds for an installation
VERSION = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"


class Unavailable(Exception):
    """A peer that cannot be installed or run; the message says why."""


def python(peer: Peer) -> str:
    """The interpreter of the peer's environment, which is made where it is missing.

    Raises `Unavailable` where the package cannot be installed.
    """
    if not peer.needs:
        return sys.executable
    folder = FOLDER / f"{peer.package}-{sys.version_info.major}.{sys.version_info.minor}"
    interpreter, stamp = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join(peer.needs)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {peer.package} into {folder}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(interpreter), "-m", "pip", "install", "--quiet", *peer.needs])
        stamp.write_text(wanted)
    return str(interpreter)


def version(peer: Peer) -> str:
    """The version of the peer's package in its environment."""
    if not peer.needs:
        import dedup

        return dedup.__version__
    command = [python(peer), "-c", VERSION, peer.package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def reason(output: str) -> str:
    """The last line of what a failed process said, or the last that names an error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line or line.startswith("ERROR")]
    return (errors or lines or ["no message"])[-1][:160]


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"cannot be installed: {reason(error.stderr)}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"cannot be installed: {error}"[:160]) from error
