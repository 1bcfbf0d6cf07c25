"""Errors as RFC 9457 has them: one object that says what happened and what to do.

Nothing of a text stands in one, and nothing of the machine: what went wrong inside is written to
the log by its kind and place.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from dedup.errors import DedupError, InputError
from dedup.report.json import dump
from dedup.serve.pool import Busy, TimedOut

MEDIA_TYPE = "application/problem+json"
MAX_DETAIL = 500  # characters
MAX_ERRORS = 20  # of one request that are listed
RETRY_SECONDS = 2


class Refusal(DedupError):
    """A request that is refused, with the status that says why."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def problem(
    status: HTTPStatus, detail: str = "", errors: Sequence[dict[str, str]] = ()
) -> Response:
    """A response that says what went wrong."""
    document: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": status}
    if detail:
        document["detail"] = detail[:MAX_DETAIL]
    if errors:
        document["errors"] = list(errors[:MAX_ERRORS])
    headers = {}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="dedup"'
    return Response(dump(document), status, headers, MEDIA_TYPE)


def describe(error: Exception) -> tuple[HTTPStatus, str, Sequence[dict[str, str]]]:
    """The status of an error, what to say of it, and what exactly is wrong."""
    match error:
        case Refusal():
            return error.status, str(error), ()
        case Busy():
            return HTTPStatus.TOO_MANY_REQUESTS, str(error), ()
        case TimedOut() | TimeoutError():
            what = str(error) or "this takes longer than a request may take"
            return HTTPStatus.GATEWAY_TIMEOUT, what, ()
        case InputError():
            return HTTPStatus.UNPROCESSABLE_ENTITY, str(error), ()
        case DedupError():
            return HTTPStatus.SERVICE_UNAVAILABLE, str(error), ()
        case RequestValidationError():
            errors = [
                {"pointer": "/".join(map(str, found["loc"])), "detail": str(found["msg"])}
                for found in error.errors()
            ]
            return HTTPStatus.UNPROCESSABLE_ENTITY, "the request is not as documented", errors
        case HTTPException():
            return HTTPStatus(error.status_code), "", ()
    return HTTPStatus.INTERNAL_SERVER_ERROR, "this is a fault of the server; its log says more", ()


def add_handlers(app: FastAPI, refuse: Callable[[Request, Exception], Response]) -> None:
    """Let every error of the interface end as a problem, and of a page as a page by `refuse`."""

    async def handle(request: Request, error: Exception) -> Response:
        if is_for_reader(request):
            return refuse(request, error)
        response = problem(*describe(error))
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(sorted(find_methods(app, request.url.path)))
        return response

    for kind in (DedupError, RequestValidationError, HTTPException, TimeoutError):
        app.add_exception_handler(kind, handle)


def is_for_reader(request: Request) -> bool:
    """Whether a request comes from a browser's page rather than from a program."""
    return not request.url.path.startswith(("/api/", "/static/", "/healthz", "/readyz", "/metrics"))


def find_methods(app: FastAPI, path: str) -> set[str]:
    """The methods that an address has."""
    return {
        method
        for context in app.router.routes
        for method in getattr(context, "methods", None) or ()
        if context.matches({"type": "http", "method": method, "path": path})[0] is Match.FULL
    }
