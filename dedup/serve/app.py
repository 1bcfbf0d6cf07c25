"""The application: the interface for programs, the pages, and what watches over a server."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import PlainTextResponse, Response

from dedup._version import __version__
from dedup.errors import InputError
from dedup.report.json import dump
from dedup.serve import browsing, interface, pages
from dedup.serve.auth import Gate
from dedup.serve.documents import components
from dedup.serve.guard import LOG, App, Guard
from dedup.serve.house import House
from dedup.serve.metrics import Metrics
from dedup.serve.problems import add_handlers, problem
from dedup.serve.settings import MAX_CONNECTIONS, MAX_STOP_SECONDS, Settings


def make_app(settings: Settings) -> App:
    """The application, behind its guard."""
    return guard(House(settings, Gate(settings.token), Metrics()))


def guard(house: House) -> App:
    """The application of a house, behind its guard."""
    return Guard(make_routes(house), house.settings, house.gate, house.metrics)


def make_routes(house: House) -> FastAPI:
    """The application without its guard. It opens the house when it starts, for whoever lets it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await house.open()
        try:
            yield
        finally:
            await house.close()

    app = FastAPI(
        title="dedup",
        version=__version__,
        description="Check drafts and articles for reuse. All work is done on this machine.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.house = house
    app.include_router(interface.router)
    app.include_router(pages.router)
    app.include_router(browsing.router)
    add_watch(app, house)
    add_handlers(app, pages.refuse)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def add_watch(app: FastAPI, house: House) -> None:
    """What a machine asks to know how the server does."""

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return PlainTextResponse("ok\n")

    @app.get("/readyz", include_in_schema=False)
    async def readyz(request: Request) -> Response:
        if not house.is_ready:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "the server starts or stops")
        articles = await asyncio.to_thread(house.archive.reader.count)
        return Response(dump({"ready": True, "articles": articles}), media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        articles = await asyncio.to_thread(house.archive.reader.count)
        gauges = {
            "articles": ("Articles in the archive.", articles),
            "requests_under_way": ("Requests that are not answered yet.", house.metrics.under_way),
            "tasks_working": ("Tasks that processes work on.", house.pool.working),
            "tasks_waiting": ("Tasks that wait for a process.", house.pool.waiting),
        }
        text = house.metrics.render(gauges)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of the interface, with the schemas of its answers."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas |= components()
        for path in made["paths"].values():
            for operation in path.values():
                if "422" in operation["responses"]:  # as `problems` has it, not as FastAPI does
                    operation["responses"]["422"] = operation["responses"]["503"] | {
                        "description": HTTPStatus.UNPROCESSABLE_ENTITY.phrase
                    }
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}, {}]
        app.openapi_schema = made
    return app.openapi_schema


def run(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve until the process is to stop; what has begun is finished first. `announce` is
    called once the address can be asked. Raises `InputError` where nothing can listen there, and
    `StoreError` where the archive cannot be opened."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    house = House(settings, Gate(settings.token), Metrics())
    config = uvicorn.Config(
        guard(house),
        host=settings.host.strip("[]"),
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=MAX_STOP_SECONDS,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=32_768,
        ws="none",
        lifespan="off",  # whose errors would be printed with their traceback; `Server` does it
    )
    Server(config, house, announce).run()


class Server(uvicorn.Server):
    """A server that opens its house first and closes it last, and says when it can be asked."""

    def __init__(self, config: uvicorn.Config, house: House, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._house, self._announce = house, announce

    async def startup(self, sockets: Any = None) -> None:
        """Open the house, listen, and then say so."""
        await self._house.open()
        log = logging.getLogger("uvicorn.error")
        try:
            log.disabled = True  # the error below says it
            await super().startup(sockets)
        except SystemExit as ended:
            await self._house.close()
            raise cannot_listen(self._house.settings, ended.__context__) from None
        finally:
            log.disabled = False
        if self.started:
            self._announce()

    async def shutdown(self, sockets: Any = None) -> None:
        """Finish what has begun, and close the house; not after a second Ctrl-C."""
        try:
            await super().shutdown(sockets)
        finally:
            if not self.force_exit:
                await self._house.close()


def cannot_listen(settings: Settings, cause: BaseException | None) -> InputError:
    """The error that nothing can listen where it should."""
    why = str(cause).rpartition(": ")[2]  # behind the address, as asyncio has it
    where = f"{settings.host}:{settings.port}"
    return InputError(f"cannot listen at {where}: {why}; choose another --host or --port")
