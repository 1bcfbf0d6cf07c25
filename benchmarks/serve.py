"""A server under load, beside an index: how many articles it takes, how long a draft waits.

    python -m benchmarks.serve [--articles 100000] [--requests 5000] [--folder FOLDER]

Fills an index with made news of 490 words (`benchmarks.corpus`, one in five made from another one),
starts `dedup serve` on it with two processes, and asks from a process of its own over HTTP:

- `check_and_add` as fast as it goes, from 16 connections: articles a second, and the server's CPU
  milliseconds an article, which say the same on a machine that has other work;
- 50 a second: median, 99th percentile, in ms;
- `check` of a draft of about 500 words, aligned, one after the other: of a real page (`families`,
  -b, -c, which are put into the index too) with every fifth sentence left out; and of a made
  article likewise, whose spans stand in dozens of others, each of them a source;
- memory of the server's process before and after `--requests` more;
- kill -9 while articles arrive: whether all that was acknowledged is there, and how long it takes
  to be ready again; then two servers on the one index, which must say the same.

With `--folder` the index is kept there, and taken from there the next time.
"""

import argparse
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from itertools import islice
from pathlib import Path
from threading import local

import numpy as np

from benchmarks import data
from benchmarks.families import COLLECTIONS
from benchmarks.families.gold import families
from benchmarks.index import made
from benchmarks.processes import TICKS, read_usage
from dedup import Article, Index

CONNECTIONS = 16
SECONDS = 15.0  # of each measure
RATE = 50  # articles a second
DRAFTS = 40
LENGTHS = range(400, 600)  # words of a real draft
LIVES, KILL_AFTER = 3, 100  # kills, and answers before each


Drafts = Mapping[str, Sequence[Article]]  # by what they are


class Server:
    """`dedup serve` on an index, in a process of its own."""

    def __init__(self, index: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dedup", "serve", str(index), "--data", str(index.parent),
             "--port", str(self.port), "--encoder", "none", "--jobs", "2"],
            stderr=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip
        while True:
            try:
                status, _ = ask(self.port, "GET", "/readyz")
                if status == 200:
                    break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"the server ended with {self.process.returncode}") from None
                time.sleep(0.02)
        self.ready = time.perf_counter() - begun

    def memory(self) -> float:
        """Megabytes in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1000

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        return read_usage(self.process.pid).own / TICKS

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it."""
        self.process.send_signal(number)
        self.process.wait()


CONNECTED = local()


def ask(port: int, method: str, path: str, document: object = None) -> tuple[int, bytes]:
    """Status and body of an answer, over a connection that each thread keeps; a server closes one
    that has been idle for long, and then it is made anew."""
    try:
        return ask_once(port, method, path, document)
    except (BrokenPipeError, RemoteDisconnected):
        return ask_once(port, method, path, document)


def ask_once(port: int, method: str, path: str, document: object) -> tuple[int, bytes]:
    """The same, over the connection that there is."""
    known = getattr(CONNECTED, "connection", None)
    if known is None or known.port != port:
        known = CONNECTED.connection = HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"}
    body = None if document is None else json.dumps(document).encode()
    try:
        known.request(method, path, body, headers)
        answer = known.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        CONNECTED.connection = None
        raise


def add(port: int, article: Article) -> float:
    """Send an article, and say how many seconds the answer took; an error where it failed."""
    begun = time.perf_counter()
    document = {"id": article.id, "text": article.text}
    status, body = ask(port, "POST", "/api/v1/check_and_add", document)
    if status != 200:
        raise OSError(f"{status} {body[:200]!r}")
    return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=5_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"news-{options.articles}.dedup"
        articles: Iterator[Article] = (article for article, _ in made())
        with Index(place) as index:
            held = len(index)
            if held < options.articles:
                index.add_many(islice(articles, options.articles))
            else:
                articles = (a for a in articles if a.id not in index)
                articles = iter(list(islice(articles, 4_000 + options.requests)))
            print(f"{len(index):,} articles, {place.stat().st_size / 1e6:,.0f} MB", flush=True)
            drafts = {"made": list(islice(index, DRAFTS * 50))[::50], "real": real_pages()}
            index.add_many(a for name in COLLECTIONS for a in families(name).articles)
        measure(place, articles, drafts, options.requests)
    return 0


def real_pages() -> list[Article]:
    """Pages of about 500 words, of each set as many."""
    pages = list[Article]()
    for name in COLLECTIONS:
        fit = [a for a in families(name).articles if len(a.text.split()) in LENGTHS]
        pages += fit[:: max(len(COLLECTIONS) * len(fit) // DRAFTS, 1)]
    return pages


def measure(place: Path, articles: Iterator[Article], drafts: Drafts, requests: int) -> None:
    """Start a server and ask it."""
    server = Server(place)
    try:
        load(server, articles, drafts, requests)
    finally:
        server.stop()
    kill(place, articles)


def load(server: Server, articles: Iterator[Article], drafts: Drafts, requests: int) -> None:
    """Ask a server all that is asked of one."""
    print(f"ready after {server.ready:.1f} s", flush=True)
    for article in islice(articles, 50):  # what is loaded when it is first needed
        add(server.port, article)
    begun, spent = time.perf_counter(), server.cpu()
    times = flood(server.port, articles, lambda: time.perf_counter() - begun < SECONDS)
    seconds, spent = time.perf_counter() - begun, server.cpu() - spent
    print(f"check_and_add: {len(times) / seconds:.0f} a second from {CONNECTIONS} connections, "
          f"{1000 * spent / len(times):.2f} ms of CPU each", flush=True)  # fmt: skip
    times = paced(server.port, articles)
    print(f"at {RATE} a second: median {1000 * np.median(times):.1f} ms, "
          f"99th percentile {1000 * np.percentile(times, 99):.1f} ms", flush=True)  # fmt: skip
    for kind, pages in drafts.items():
        seconds, sources = np.array([check(server.port, page) for page in pages]).T
        words = np.mean([len(page.text.split()) for page in pages])
        print(f"check of {len(pages)} {kind} drafts of {words:.0f} words: median "
              f"{1000 * np.median(seconds):.0f} ms, 95th percentile "
              f"{1000 * np.percentile(seconds, 95):.0f} ms; {np.median(sources):.0f} sources each "
              f"(at most {max(sources):.0f})", flush=True)  # fmt: skip
    before, left = server.memory(), iter(range(requests))
    same = [next(articles) for _ in range(200)]
    again = (article for n in range(sys.maxsize) for article in same)
    flood(server.port, again, lambda: next(left, None) is not None)
    print(f"memory: {before:.0f} MB, {server.memory():.0f} MB after {requests:,} requests")


def flood(
    port: int,
    articles: Iterator[Article],
    goes_on: Callable[[], bool],
    sent: list[str] | None = None,
) -> list[float]:
    """Send articles as fast as they are answered; the seconds of each answer."""
    times: list[float] = []

    def work() -> None:
        while goes_on():
            article = next(articles, None)
            if article is None:
                return
            try:
                times.append(add(port, article))
            except (OSError, HTTPException):
                if sent is None:
                    raise
                return
            if sent is not None:
                sent.append(article.id)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shared = iter(Locked(articles))
        articles = shared
        for done in [pool.submit(work) for _ in range(CONNECTIONS)]:
            done.result()
    return times


class Locked:
    """An iterator that several threads may ask."""

    def __init__(self, items: Iterator[Article]) -> None:
        from threading import Lock

        self._items, self._lock = items, Lock()

    def __iter__(self) -> "Locked":
        return self

    def __next__(self) -> Article:
        with self._lock:
            return next(self._items)


def paced(port: int, articles: Iterator[Article]) -> list[float]:
    """Send articles at a steady rate, whatever the answers take."""
    ready = list(islice(articles, int(SECONDS * RATE)))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        begun, waiting = time.perf_counter(), []
        for n, article in enumerate(ready):
            time.sleep(max(0, begun + n / RATE - time.perf_counter()))
            waiting.append(pool.submit(add, port, article))
        return [one.result() for one in waiting]


def check(port: int, draft: Article) -> tuple[float, int]:
    """Check a draft that has four of five sentences of an article: seconds, sources found."""
    sentences = draft.text.split(". ")
    text = ". ".join(s for n, s in enumerate(sentences) if n % 5 < 4)
    begun = time.perf_counter()
    status, body = ask(port, "POST", "/api/v1/check", {"text": text})
    assert status == 200, (status, body)
    return time.perf_counter() - begun, len(json.loads(body)["sources"])


def kill(place: Path, articles: Iterator[Article]) -> None:
    """Kill a server under load, look what is there, and start it again."""
    acknowledged: list[str] = []
    ready = []
    for _ in range(LIVES):
        server = Server(place)
        ready.append(server.ready)
        enough = len(acknowledged) + KILL_AFTER
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(flood, server.port, articles, lambda: True, acknowledged)
            while len(acknowledged) < enough and not asked.done():
                time.sleep(0.01)
            server.stop(signal.SIGKILL)
            asked.result()
    with Index(place, readonly=True) as index:
        lost = sum(id not in index for id in acknowledged)
    print(f"kill -9: {lost} of {len(acknowledged):,} acknowledged are lost; "
          f"ready again after {max(ready):.1f} s at most", flush=True)  # fmt: skip
    one, other = Server(place), Server(place)
    article = next(articles)
    add(one.port, article)
    answers = [ask(server.port, "GET", f"/api/v1/articles/{article.id}") for server in (one, other)]
    text = json.loads(answers[0][1])["text"]
    checks = [ask(s.port, "POST", "/api/v1/check", {"text": text})[1] for s in (one, other)]
    agree = answers[0] == answers[1] and checks[0] == checks[1]
    print(f"two servers on one index {'agree' if agree else 'DISAGREE'}")
    one.stop()
    other.stop()


if __name__ == "__main__":
    sys.exit(main())
