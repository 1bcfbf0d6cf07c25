"""What a running server consists of: the archive, the processes, and who may come in."""

import asyncio
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field

from dedup.errors import InputError
from dedup.processes import send, start_process
from dedup.serve.archive import Archive
from dedup.serve.auth import Gate
from dedup.serve.catalogue import Catalogue
from dedup.serve.keeper import START, WRITTEN, file_state, list_watched
from dedup.serve.metrics import Metrics
from dedup.serve.pool import Pool
from dedup.serve.results import Results
from dedup.serve.settings import Settings

KEEPER_SECONDS = 5.0  # before a keeper that has ended is followed by another
TELL_SECONDS = 0.2


@dataclass(slots=True)
class House:
    """The parts of a server, which open when it starts and close when it ends."""

    settings: Settings
    gate: Gate
    metrics: Metrics
    archive: Archive = field(init=False)
    pool: Pool = field(init=False)
    catalogue: Catalogue = field(init=False)
    results: Results = field(default_factory=Results)
    is_ready: bool = False
    _warming: "asyncio.Task[None] | None" = None
    _keeping: "asyncio.Task[None] | None" = None
    _keeper: "subprocess.Popen[bytes] | None" = None
    _written: float = 0.0
    _is_read: bool = False

    async def open(self) -> None:
        """Open the archive, and let the processes load meanwhile."""
        settings = self.settings
        try:
            settings.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{settings.folder}: {error.strerror}; name another folder") from None
        self.pool = Pool(settings)
        self.catalogue = Catalogue(settings.catalogue)
        try:
            self.archive = await asyncio.to_thread(
                Archive, settings.index, settings.encoder, self._tell_keeper
            )
        except BaseException:
            self.catalogue.close()
            raise
        self.archive.submit(lambda index: index.check("The minister resigned on Friday."))
        self._warming = asyncio.create_task(self.pool.warm_up())
        self._keeping = asyncio.create_task(self._keep())
        self.is_ready = True

    async def close(self) -> None:
        """Finish what is being written, and end the processes."""
        self.is_ready = False
        tasks = [task for task in (self._warming, self._keeping) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self.archive.close)
        await asyncio.to_thread(self.pool.close)
        self.catalogue.close()

    async def _keep(self) -> None:
        """Let a keeper follow the archive; another one where it ends."""
        while True:
            keeper = start_process(START, (), (), stdin=subprocess.PIPE)
            try:
                with suppress(OSError):  # it may have ended already
                    await asyncio.to_thread(send, keeper.stdin, self.settings)
                self._keeper = keeper  # which hears from now on what is written
                await asyncio.to_thread(keeper.wait)
            finally:
                self._keeper = None
                keeper.kill()
                keeper.wait()
            await asyncio.sleep(KEEPER_SECONDS)

    def _tell_keeper(self) -> None:
        """Let the keeper know that something was written; now and then is enough."""
        now, keeper = time.monotonic(), self._keeper
        if keeper and now - self._written > TELL_SECONDS:
            self._written = now
            with suppress(OSError, ValueError):
                send(keeper.stdin, WRITTEN)

    def is_reading(self) -> bool:
        """Whether files that are watched have still to be read for the first time: until they are,
        what a draft was taken from may not be in the archive yet."""
        if not self._is_read:
            known = self.catalogue.files()
            paths = list_watched(self.settings).items()
            self._is_read = all(name in known or not file_state(path) for name, path in paths)
        return not self._is_read

    def is_behind(self) -> bool:
        """Whether there are articles that the catalogue has still to take in."""
        return bool(self.archive.reader.page(self.catalogue.last(), 1))
