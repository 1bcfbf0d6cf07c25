"""What a server is given when it starts, and the limits that it keeps."""

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

from dedup.errors import InputError

PORT = 8765
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MIN_TOKEN = 16  # characters; shorter ones can be guessed over a network
MAX_BODY = 5_000_000  # bytes of a request; a draft of 100,000 words has 600,000
MAX_UPLOAD = 50_000_000  # bytes of a file or of many articles at once
MAX_SECONDS = 60.0  # for what one request asks, waiting included
MAX_BODY_SECONDS = 30.0  # in which a body of `MAX_BODY` has to arrive
MAX_WAITING = 32  # requests that wait for a process; more are refused at once
MAX_CONNECTIONS = 256
MAX_STOP_SECONDS = 15  # in which requests may end when the server stops
MAX_MEMORY = 6_000_000_000  # bytes of address space of a process that reads and compares


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a server listens, what it serves, and whom it lets in.

    `index` is the file of an index or a database's address; `watched` are files and folders whose
    articles are kept in it. `folder` is where the server keeps what it can work out again.
    `names` are the host names under which it may be asked besides its own, `ours` the outlets of
    the house, `processes` how many compare texts at once.
    """

    index: str
    folder: Path
    watched: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = PORT
    names: tuple[str, ...] = ()
    token: str | None = None
    encoder: str | None = "auto"
    ours: tuple[str, ...] = ()
    processes: int = max(1, min(8, os.cpu_count() or 1))
    max_body: int = MAX_BODY
    max_upload: int = MAX_UPLOAD
    max_seconds: float = MAX_SECONDS
    max_body_seconds: float = MAX_BODY_SECONDS
    max_waiting: int = MAX_WAITING

    def __post_init__(self) -> None:
        if self.token is not None and len(self.token) < MIN_TOKEN:
            raise InputError(
                f"the token has {len(self.token)} characters; give {MIN_TOKEN} or more"
            )
        if self.token is not None and not (self.token.isascii() and self.token.isprintable()):
            raise InputError("the token has a character that no header can have; give ASCII")
        if self.token is None and not is_loopback(self.host):
            raise InputError(
                f"{self.host} can be reached from other machines, so a token is needed: put a "
                "secret of 16 characters or more into DEDUP_TOKEN or into a file (--token-file)"
            )

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The names that a request may be addressed to, without ports."""
        return frozenset(name.lower().strip("[]") for name in (*LOOPBACK, self.host, *self.names))

    @property
    def catalogue(self) -> Path:
        """The file that the archive is searched by."""
        place = self.index if "://" in self.index else str(Path(self.index).absolute())
        return self.folder / f"search-{sha256(place.encode()).hexdigest()[:16]}.sqlite"


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def data_folder() -> Path:
    """Where a server keeps its files by default."""
    if home := os.environ.get("XDG_DATA_HOME"):
        return Path(home) / "dedup"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "dedup"
    return Path.home() / ".local" / "share" / "dedup"


def index_for(paths: tuple[str, ...], folder: Path) -> str:
    """The file of the index that keeps the articles of these paths."""
    named = "\n".join(sorted(os.path.abspath(path) for path in paths))
    return str(folder / f"watched-{sha256(named.encode()).hexdigest()[:16]}.dedup")
