"""What a running server consists of: the archive, the processes, and who may come in."""

import asyncio
from dataclasses import dataclass, field

from dedup.article import Article
from dedup.serve.archive import Archive
from dedup.serve.auth import Gate
from dedup.serve.metrics import Metrics
from dedup.serve.pool import Pool
from dedup.serve.settings import Settings

MAX_MEMBERS = 200  # of a cluster whose articles are compared with each other


@dataclass(slots=True)
class House:
    """The parts of a server, which open when it starts and close when it ends."""

    settings: Settings
    gate: Gate
    metrics: Metrics
    archive: Archive = field(init=False)
    pool: Pool = field(init=False)
    is_ready: bool = False
    _warming: "asyncio.Task[None] | None" = None

    async def open(self) -> None:
        """Open the archive, and let the processes load meanwhile."""
        settings = self.settings
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.pool = Pool(settings)
        self.archive = await asyncio.to_thread(Archive, settings.index, settings.encoder)
        self.archive.submit(lambda index: index.check("The minister resigned on Friday."))
        self._warming = asyncio.create_task(self.pool.warm_up())
        self.is_ready = True

    async def close(self) -> None:
        """Finish what is being written, and end the processes."""
        self.is_ready = False
        if self._warming:
            self._warming.cancel()
        await asyncio.to_thread(self.archive.close)
        await asyncio.to_thread(self.pool.close)

    def cluster_articles(self, id: str) -> list[Article]:
        """The articles of a cluster, the first of them where there are too many; none where there
        is no such cluster."""
        cluster = self.archive.reader.cluster(id)
        members = cluster.members[:MAX_MEMBERS] if cluster else ()
        return [article for article in map(self.archive.reader.get, members) if article]
