"""The keeper of an archive: a process that follows the index while others use it.

It takes what is new into the catalogue, reads files that are watched, relates pairs that are
pending while nothing is being added, and works out what is known of each cluster. All of it can
be done again, so that it may be killed at any moment; it ends with the server.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from dedup.article import Article
from dedup.errors import DedupError
from dedup.index import Index
from dedup.readers import read
from dedup.readers.detect import ENDINGS
from dedup.readers.discover import find_files
from dedup.serve.archive import Reader, usable_encoder
from dedup.serve.catalogue import Catalogue
from dedup.serve.settings import Settings
from dedup.serve.summaries import summarize_cluster
from dedup.serve.tasks import describe_error, open_pipes
from dedup.text.language import identify

START = "from dedup.serve.keeper import main; main()"
WRITTEN = "written"  # the server has written to the index
BLOCK = 200  # articles that are taken in together
QUIET_SECONDS = 3.0  # without writing, before clusters are worked on
MAX_UNSETTLED_SECONDS = 60.0  # that clusters wait while there is always something written
SETTLE = 32  # pairs that are related at once
LOOK_SECONDS = 5.0  # between two looks at what others may have written, and at files
MAX_MEMBERS = 60  # of a cluster that are compared with each other
MAX_LANGUAGE = 3_000  # characters by which a language is known


class Keeper:
    """Follows the index of a server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._encoder = usable_encoder(settings.encoder)
        self._reader = Reader(settings.index)
        self._catalogue = Catalogue(settings.catalogue, makes=True)
        self._index = Index(settings.index, encoder=self._encoder)

    def follow(self) -> bool:
        """Take a block of new articles into the catalogue; whether there were any."""
        rows = self._reader.page(self._catalogue.last(), BLOCK)
        self._catalogue.add(
            (n, article, article.language or identify(article.text[:MAX_LANGUAGE]))
            for n, article in rows
        )
        return bool(rows)

    def settle(self) -> bool:
        """Relate some pairs that are pending; whether there were any."""
        return self._index.settle(SETTLE) > 0

    def summarize(self, limit: int = 1) -> bool:
        """Work out what is known of clusters that have changed, at most `limit`, the newest first;
        whether there were any."""
        known = self._catalogue.cluster_numbers()
        now = self._reader.clusters()
        gone = [id for id in known if id not in now]
        if gone:
            self._catalogue.drop_clusters(gone)
        stale = sorted((id for id in now if known.get(id) != now[id]), key=lambda id: -now[id][-1])
        for id in stale[:limit]:
            numbers = now[id]
            found = self._reader.find(list(numbers[-MAX_MEMBERS:]))
            if found:
                row = summarize_cluster(
                    id, numbers, list(found.values()), self._settings.ours, self._encoder
                )
                self._catalogue.save_cluster(row)
        return bool(stale)

    def watch(self) -> Iterator[str]:
        """Read the files that are new or have changed, and remove what is no longer there; the path
        of each when it is done."""
        known = self._catalogue.files()
        listed = {
            os.path.abspath(file)
            for path in self._settings.watched
            for file in find_files(path, ENDINGS).files
        }
        for path in sorted(listed):
            state = file_state(path)
            if state and known.get(path, ("",))[0] != state:
                self._take_in(path, state, known.get(path, ("", ()))[1])
                yield path
        for path in sorted(known.keys() - listed):
            for id in known[path][1]:
                if id in self._index:
                    self._index.remove(id)
            self._catalogue.drop_file(path)
            yield path

    def _take_in(self, path: str, state: str, former: tuple[str, ...]) -> None:
        """Keep the articles of a file, and no longer those that it had before."""
        reading, ids = read([path]), []
        while block := list(islice(reading, BLOCK)):
            with self._index.batch():
                for article in block:
                    other = self._index.get(article.id)
                    if other is not None and not is_of(other, path, former):
                        article = replace(article, id=f"{path}:{article.id}")
                        other = self._index.get(article.id)
                    ids.append(article.id)
                    if other is None:
                        self._index.add(article)
                    elif other != article:
                        self._index.update(article)
        with self._index.batch():
            for id in former:
                if id not in ids and id in self._index:
                    self._index.remove(id)
        self._catalogue.save_file(path, state, ids)


def is_of(article: Article, path: str, ids: Sequence[str]) -> bool:
    """Whether an article is from this file, which had these ids when it was read before."""
    return article.id in ids or str(article.extra.get("path", "")).startswith(path)


def file_state(path: str) -> str:
    """What changes when a file does; empty where it cannot be seen."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_size}"


def keep(keeper: Keeper, messages: "SimpleQueue[Any]", settings: Settings) -> None:
    """Follow for good."""
    written = time.monotonic()
    settled = looked = 0.0
    while True:
        busy = keeper.follow()
        now = time.monotonic()
        if settings.watched and now - looked > LOOK_SECONDS:
            busy = len(list(keeper.watch())) > 0 or busy
            looked = time.monotonic()
        quiet = now - written > QUIET_SECONDS or now - settled > MAX_UNSETTLED_SECONDS
        if quiet and not busy:
            busy = keeper.settle()
            if not busy:
                busy = keeper.summarize()
                settled = time.monotonic()
        try:
            while True:
                messages.get(timeout=0.001 if busy else LOOK_SECONDS)
                written = time.monotonic()
                while not messages.empty():
                    messages.get()
                break
        except Empty:
            pass


def main() -> None:
    """Follow the index of the settings that come from standard input, until it ends."""
    messages, _ = open_pipes()
    settings = messages.get()
    if hasattr(os, "nice"):
        os.nice(10)
    keeper = Keeper(settings)
    while True:
        try:
            keep(keeper, messages, settings)
        except (DedupError, sqlite3.Error, OSError) as error:
            print(f"dedup: {describe_error(error)}; tried again", file=sys.stderr)
            time.sleep(LOOK_SECONDS)
