"""A cluster of Spark on this machine: a master and workers, each in a process of its own.

    python -m benchmarks.spark_cluster [--workers 2] COMMAND …

runs a command with the cluster's address in SPARK_MASTER. Tests and benchmarks start theirs here.
It needs Java, Debian's openjdk-17-jre-headless.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.data import ROOT

PATIENCE = 120  # seconds until a process has started, however busy the machine
HEAP = "256m"  # of a master and a worker


class Cluster:
    """A master at `address` and its workers, which can be killed one by one."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self._program = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"spark://127.0.0.1:{self._port}"
        self._master = self._start("master.Master", "--port", str(self._port))
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self, cores: int = 1, memory: str = "1g") -> None:
        """Start another worker."""
        work = str(self._folder / f"work-{len(self.workers)}")
        options = ("--cores", str(cores), "--memory", memory, "--work-dir", work, self.address)
        self.workers.append(self._start("worker.Worker", *options))

    def wait(self) -> None:
        """Wait until the master answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(0.1)
        raise TimeoutError(f"no master at {self.address}; see {self._folder}")

    def kill_worker(self, number: int) -> None:
        """End a worker and all that it has started, as if its power were cut."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, self._master):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, role: str, *options: str) -> "subprocess.Popen[bytes]":
        env = {
            **os.environ,
            "SPARK_DAEMON_MEMORY": HEAP,
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "SPARK_LOCAL_DIRS": str(self._folder / "local"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
            "PYSPARK_PYTHON": sys.executable,
        }
        command = [self._program, f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1"]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--webui-port", "0", *options],
                env=env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


@contextmanager
def start_cluster(workers: int = 2, *, memory: str = "1g") -> Iterator[Cluster]:
    """A cluster of so many workers of one core, gone when this process goes on or is ended."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="dedup-spark.", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder))
        try:
            for _ in range(workers):
                cluster.add_worker(memory=memory)
            cluster.wait()
            yield cluster
        finally:
            cluster.stop()
            signal.signal(signal.SIGTERM, before)


def missing() -> str | None:
    """What keeps Spark from running here, if anything does."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "Spark needs Java: apt install openjdk-17-jre-headless"
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed: pip install 'dedup-news[spark]'"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command beside a cluster."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_cluster")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="1g", help="of each worker")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    with start_cluster(options.workers, memory=options.memory) as cluster:
        env = {**os.environ, "SPARK_MASTER": cluster.address}
        return subprocess.run(options.command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
