"""What every request passes before anything looks at it, and every answer on its way out.

A page of another site must not be able to use a server that listens on the reader's own machine:
the Host header has to be a name of this server, so that a foreign name that points here gets
nowhere, and a request that says where it comes from has to come from here. Bodies have a size and
a time in which to arrive. Each request is one line in the log, without its words.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPMethod, HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser

from dedup.serve.auth import COOKIE, Gate
from dedup.serve.metrics import Metrics
from dedup.serve.problems import problem
from dedup.serve.settings import Settings
from dedup.serve.tasks import describe_error

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("dedup.serve")
METHODS = frozenset(HTTPMethod)  # that are counted by their names: a client could make up any
SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = ("/healthz", "/login", "/static/")  # for whoever has no token
FOR_PROGRAMS = ("/api/", "/metrics", "/readyz")  # by token alone, without a session
LARGE = ("multipart/form-data", "application/x-ndjson")  # bodies that may be as large as a file
MAX_LOGGED = 120  # characters of a route
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The application behind all checks that do not depend on what is asked."""

    def __init__(self, app: App, settings: Settings, gate: Gate, metrics: Metrics) -> None:
        self._app, self._settings, self._gate, self._metrics = app, settings, gate, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no page opens a socket
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = time.monotonic()
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                out.setdefault("Cache-Control", "no-store")
                if state.get("new_session"):
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    cookie = f"{COOKIE}={state['session']}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    out.append("Set-Cookie", cookie)
            await send(message)

        self._metrics.under_way += 1
        try:
            refusal = self._refuse(scope, headers)
            if refusal is not None:
                await refusal(scope, receive, answer)
            else:
                await self._app(scope, self._bounded(headers, receive), answer)
        except HTTPException as error:  # of a body that is too long or too late, read outside
            if not status:
                await problem(HTTPStatus(error.status_code))(scope, receive, answer)
        except Exception as error:
            LOG.error(json.dumps({"event": "fault", "error": describe_error(error)}))
            if not status:
                failed = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the log says more")
                await failed(scope, receive, answer)
        finally:
            self._metrics.under_way -= 1
            seconds = time.monotonic() - begun
            route = getattr(scope.get("route"), "path", "other")[:MAX_LOGGED]
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.count(method, route, status, seconds)
            line = {
                "event": "request", "method": method, "route": route, "status": status,
                "ms": round(seconds * 1000, 1), "client": (scope.get("client") or [""])[0],
            }  # fmt: skip
            LOG.info(json.dumps(line))

    def _refuse(self, scope: Scope, headers: Headers) -> Any:
        """The answer to a request that goes no further; None where it may."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self._settings.allowed_hosts:
            what = "this server is not called that; --name HOST adds a name that it is known by"
            return problem(HTTPStatus.MISDIRECTED_REQUEST, what)
        if not is_from_here(headers, hosts[0], scope["method"]):
            return problem(HTTPStatus.FORBIDDEN, "a page of another site may not ask for this")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return problem(HTTPStatus.BAD_REQUEST, "the length of the body is no number")
        if int(length) > self._max_body(headers):
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large(self._max_body(headers)))
        return self._refuse_stranger(scope, headers)

    def _refuse_stranger(self, scope: Scope, headers: Headers) -> Any:
        """The same for somebody who has not said who they are."""
        path = scope["path"]
        if path.startswith(FOR_PROGRAMS):
            if self._gate.admits(headers.get("authorization", "")):
                return None
            return problem(HTTPStatus.UNAUTHORIZED, "send the token: Authorization: Bearer …")
        state = scope["state"]
        state["session"] = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        if not self._gate.is_session(state["session"], known=False):
            state["session"] = self._gate.make_session(known=False)
            state["new_session"] = True
        if path.startswith(OPEN) or self._gate.is_session(state["session"]):
            return None
        if scope["method"] != "GET":
            return problem(HTTPStatus.UNAUTHORIZED, "log in first")
        from starlette.responses import RedirectResponse

        return RedirectResponse(f"/login?next={quote(path)}", HTTPStatus.SEE_OTHER)

    def _max_body(self, headers: Headers) -> int:
        is_large = headers.get("content-type", "").lower().startswith(LARGE)
        return self._settings.max_upload if is_large else self._settings.max_body

    def _bounded(self, headers: Headers, receive: Receive) -> Receive:
        """The body, as long as it is neither too long nor too late. What counts is the time that is
        spent on waiting for it, not what the server does with its parts in between."""
        most = self._max_body(headers)
        left = self._settings.max_body_seconds * max(1, most / self._settings.max_body)
        size, whole = 0, False

        async def bounded() -> Message:
            nonlocal left, size, whole
            if whole:  # what follows the body is that the client has gone, whenever that is
                return await receive()
            begun = time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), max(0, left))
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
            left -= time.monotonic() - begun
            size += len(message.get("body", b""))
            if size > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            whole = not message.get("more_body", False)
            return message

        return bounded


def host_name(host: str) -> str:
    """The name in a Host header, without its port; "" where it is none.

    >>> host_name("News.example:443"), host_name("[::1]:80"), host_name("a@b")
    ('news.example', '::1', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        named = parts.hostname or ""
        return "" if "@" in host or parts.path or parts.query or parts.fragment else named
    except ValueError:
        return ""


def is_from_here(headers: Headers, host: str, method: str) -> bool:
    """Whether a request comes from a page of this server, or from no page at all."""
    origin = headers.get("origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc.lower() == host.lower()
        except ValueError:
            return False
    site = headers.get("sec-fetch-site", "none")
    return method in SAFE or site in ("none", "same-origin")


def too_large(size: int) -> str:
    """What is said of a body that is too large."""
    return f"the body may have {size:,} bytes; send less, or many articles in parts"
