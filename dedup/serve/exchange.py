"""What the operations of the interface share: answers with ETags, articles by id, lines, rules."""

import asyncio
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from dedup.article import Article
from dedup.errors import DedupError, InputError
from dedup.index import Index
from dedup.index.records import check_id
from dedup.readers.json_values import parse_json
from dedup.report.json import pick
from dedup.serve.documents import ADDED_SCHEMA, article_document, tag
from dedup.serve.house import House
from dedup.serve.problems import Refusal
from dedup.serve.requests import MAX_TEXT, AnyArticle

T = TypeVar("T")


class Id(Convertor[str]):
    """An id in a path: anything, slashes and line breaks too."""

    regex = "(?s:.+)"

    def convert(self, value: str) -> str:
        """The id as it was sent."""
        return value

    def to_string(self, value: str) -> str:
        """The id as it is sent."""
        return value


register_url_convertor("any", Id())

MAX_LINE = 6 * MAX_TEXT  # bytes of a line of NDJSON


def house_of(request: Request) -> House:
    """What the application is made of."""
    house: House = request.app.state.house
    return house


def json_response(request: Request, document: str) -> Response:
    """A document with its ETag, or that it has not changed."""
    named = tag(document)
    headers = {"ETag": named, "Cache-Control": "private, no-cache"}
    asked = request.headers.get("if-none-match", "")
    if request.method == "GET" and (asked == "*" or named in asked):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(document, headers=headers, media_type="application/json")


async def in_archive(house: House, work: Callable[[Index], T]) -> T:
    """What `work` makes of the index, once it is on the disk."""
    return await asyncio.wrap_future(house.archive.submit(work))


async def perform(house: House, work: Callable[[Index], T]) -> T:
    """The same, in the time that a request has."""
    async with asyncio.timeout(house.settings.max_seconds):
        return await in_archive(house, work)


async def find_article(house: House, asked: AnyArticle, name: str) -> Article:
    """An article that was sent, or that of the archive whose id was sent."""
    if asked.text is not None:
        fields = asked.model_dump()
        return Article(**{**fields, "id": asked.id or name})
    if asked.id is None:
        raise InputError(f"{name} has neither a text nor an id")
    article = await asyncio.to_thread(house.archive.reader.get, asked.id)
    if article is None:
        raise Refusal(HTTPStatus.NOT_FOUND, f"{name} has an id alone, and is not in the archive")
    return article


def check_ids(articles: list[Article]) -> None:
    """Raise `InputError` where two articles have one id."""
    if len({article.id for article in articles}) < len(articles):
        raise InputError("two of the articles have one id; give each its own")


def find_known(index: Index, id: str) -> Article | None:
    """The article called `id`, or None; `InputError` where none can be called that."""
    return index.get(check_id(id))


def expect_same(known: Article | None, article: Article) -> None:
    """A refusal where the id of an article stands for another text."""
    if known is not None and known.text != article.text:
        raise Refusal(HTTPStatus.CONFLICT, "this id stands for another text; PUT replaces it")


def add(index: Index, article: Article) -> bool:
    """Whether an article was new; a refusal where its id stands for another text."""
    known = find_known(index, article.id)
    expect_same(known, article)
    return index.add(article) if known is None else False


def keeper(article: Article, update: bool) -> Callable[[Index], str]:
    """What keeps an article and says what became of it."""

    def keep(index: Index) -> str:
        known = find_known(index, article.id)
        if known is not None and article_document(known) == article_document(article):
            return "known"
        if known is not None and update:
            index.update(article)
            return "replaced"
        return "added" if add(index, article) else "known"

    return keep


def added_document(index: Index, article: Article) -> dict[str, Any]:
    """What is alike in the index, and what became of the article."""
    known = find_known(index, article.id)
    expect_same(known, article)
    verdict = index.check_and_add(article)
    return {
        "schema": ADDED_SCHEMA,
        "id": article.id,
        "standing": "added" if known is None else "known",
        "candidates": [pick(one, "id", "resemblance") for one in verdict.candidates],
    }


def expect_match(index: Index, id: str, if_match: str | None) -> Article | None:
    """The article called `id`; a refusal where it is not the one that was meant."""
    known = find_known(index, id)
    if if_match and if_match != "*" and (known is None or tag(article_document(known)) != if_match):
        raise Refusal(HTTPStatus.PRECONDITION_FAILED, "the article has changed meanwhile")
    if if_match == "*" and known is None:
        raise Refusal(HTTPStatus.PRECONDITION_FAILED, "there is no article of this id")
    return known


async def lines_of(request: Request) -> AsyncIterator[bytes]:
    """The lines of a body as they arrive."""
    rest = bytearray()
    async for chunk in request.stream():
        rest += chunk
        if b"\n" in chunk:
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in lines:
                yield line
        if len(rest) > MAX_LINE:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a line is too long")
    if rest:
        yield bytes(rest)


def parse_line(line: bytes) -> dict[str, Any]:
    """The object of a line; `InputError` where it is none."""
    try:
        value, repeated = parse_json(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError("is no JSON object")
    if repeated:
        raise InputError(f"has the key {repeated[0]!r:.40} more than once")
    return value


def describe_invalid(error: Exception) -> str:
    """Why a line cannot be used, without its words."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'/'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error) if isinstance(error, DedupError) else "is no article"
