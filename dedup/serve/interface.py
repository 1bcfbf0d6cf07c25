"""The interface for programs: /api/v1, with the documents that the command line prints.

Heavy work is done in the pool's processes, writing by the archive's thread; nothing waits here.
Equal requests give equal answers, and an article is known by its id: to send it twice is to
send it once.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from dedup.article import Article
from dedup.errors import InputError
from dedup.index import Index
from dedup.report.json import dump, pick
from dedup.serve.documents import (
    BULK_SCHEMA,
    CLUSTERS_SCHEMA,
    LIST_SCHEMA,
    answers,
    article_document,
    head_of,
)
from dedup.serve.exchange import (
    add,
    added_document,
    check_ids,
    describe_invalid,
    expect_match,
    find_article,
    house_of,
    in_archive,
    json_response,
    keeper,
    lines_of,
    parse_line,
    perform,
)
from dedup.serve.house import House
from dedup.serve.problems import MEDIA_TYPE, Refusal
from dedup.serve.requests import (
    AlignRequest,
    CheckRequest,
    CompareRequest,
    NewArticle,
    Replacement,
)
from dedup.serve.tasks import Output

MAX_LIMIT = 500  # items of a page of a list
MAX_REFUSED = 1_000  # lines that an answer lists
MAX_MEMBERS = 200  # of a cluster whose articles are compared with each other
BLOCK = 100  # lines that are handed to the archive together


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the description has the errors that every operation may end with, and these."""
    common = (400, 401, 403, 413, 415, 421, 422, 429, 500, 503, 504)
    return {
        status: answers("Problem", HTTPStatus(status).phrase, type=MEDIA_TYPE)
        for status in sorted({*common, *statuses})
    }


router = APIRouter(prefix="/api/v1", default_response_class=Response, responses=problems())
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Items on a page.")]
After = Annotated[
    str | None, Query(max_length=50, pattern=r"^[0-9]{1,10}$", description="`next` of a page.")
]
Detail = Annotated[
    Literal["candidates", "matches", "full"],
    Query(description="How much is said of what is alike; from `matches` on texts are compared, "
          "which takes some 100 ms."),
]  # fmt: skip


@router.post(
    "/check", summary="Check a draft",
    responses={200: answers("report_check_document", "What it has, from where, and credited?")},
)  # fmt: skip
async def check(asked: CheckRequest, request: Request) -> Response:
    """What a draft has from the archive, or from the articles in `against`, and whether it says
    so: the document of `dedup check --format json`. Nothing is kept. Where files that are watched
    have still to be read for the first time, it says `still_reading`."""
    house = house_of(request)
    window = {name: when for name in ("since", "until") if (when := getattr(asked, name))}
    against = [one.article() for one in asked.against] if asked.against else None
    if against and window:
        raise InputError("since and until go with the archive, not with `against`")
    if against:
        check_ids(against)
        output = await house.pool.run("check_draft", draft=asked.article(), against=against)
        return json_response(request, output.json)
    return json_response(request, await check_draft(house, asked.article(), window))


@router.post(
    "/check_and_add", summary="Check an article and keep it",
    responses={200: answers("Added", "It is on the disk."), **problems(409)},
)  # fmt: skip
async def check_and_add(
    asked: NewArticle, request: Request, detail: Detail = "candidates"
) -> Response:
    """Say what the archive has that is like an article, and add it. The answer comes when it is
    on the disk."""
    house, article = house_of(request), asked.article()
    document = await perform(house, lambda index: added_document(index, article))
    if detail == "matches":
        document["answer"] = orjson.loads(await house.pool.run("answer_article", article=article))
    elif detail == "full":
        document["check"] = orjson.loads(await check_draft(house, article))
    return json_response(request, dump(document))


async def check_draft(house: House, draft: Article, window: Mapping[str, Any] | None = None) -> str:
    """What a draft has from the archive: the document of `dedup check`."""
    is_early = await asyncio.to_thread(house.is_reading)
    output: Output = await house.pool.run("check_draft", draft=draft, window=window)
    if is_early:
        return dump(orjson.loads(output.json) | {"still_reading": True})
    return output.json


@router.post(
    "/articles", summary="Add an article", status_code=201,
    responses={200: answers("Article", "It was there already."),
               201: answers("Article", "It is on the disk."), **problems(409)},
)  # fmt: skip
async def add_article(asked: NewArticle, request: Request) -> Response:
    """Keep an article. An id that stands for another text is a conflict; PUT replaces it."""
    house, article = house_of(request), asked.article()
    fresh = await perform(house, lambda index: add(index, article))
    kept = await asyncio.to_thread(house.archive.reader.get, article.id)
    response = json_response(request, article_document(kept or article))
    response.status_code = HTTPStatus.CREATED if fresh else HTTPStatus.OK
    return response


@router.post(
    "/articles/bulk", summary="Add many articles",
    responses={200: answers("Bulk", "What became of each line.")},
    openapi_extra={"requestBody": {"required": True, "content": {"application/x-ndjson": {
        "schema": {"type": "string"},
        "example": '{"id": "a", "text": "The minister resigned on Friday."}\n'}}}},
)  # fmt: skip
async def add_articles(
    request: Request,
    update: Annotated[bool, Query(description="Replace articles of the same id.")] = False,
) -> Response:
    """Keep articles, one JSON object a line, in the shape of a single one. They are read as they
    arrive; a line that cannot be used is refused with its number, and the rest goes on. Sent
    again after an interruption, what is there already is skipped."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-ndjson":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/x-ndjson")
    house = house_of(request)
    counts = {"added": 0, "known": 0, "replaced": 0}
    refused: list[dict[str, Any]] = []
    block: list[tuple[int, Article]] = []
    left_out = number = 0

    def refuse(line: int, why: str) -> None:
        nonlocal left_out
        if len(refused) < MAX_REFUSED:
            refused.append({"line": line, "detail": why[:500]})
        else:
            left_out += 1

    async def commit() -> None:
        asked = [in_archive(house, keeper(article, update)) for _, article in block]
        for (line, _), outcome in zip(
            block, await asyncio.gather(*asked, return_exceptions=True), strict=True
        ):
            if isinstance(outcome, InputError | Refusal):
                refuse(line, str(outcome))
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                counts[outcome] += 1
        block.clear()

    async for line in lines_of(request):
        number += 1
        if not line.strip():
            continue
        try:
            block.append((number, NewArticle(**parse_line(line)).article()))
        except (InputError, ValidationError, TypeError) as error:
            refuse(number, describe_invalid(error))
        if len(block) == BLOCK:
            await commit()
    await commit()
    document = {"schema": BULK_SCHEMA, **counts, "refused": refused, "more_refused": left_out}
    return json_response(request, dump(document))


@router.get(
    "/articles", summary="List articles",
    responses={200: answers("Articles", "In the order of adding.")},
)  # fmt: skip
async def list_articles(request: Request, after: After = None, limit: Limit = 100) -> Response:
    """The articles in the order of adding, without their texts."""
    rows = await asyncio.to_thread(house_of(request).archive.reader.page, int(after or 0), limit)
    following = str(rows[-1][0]) if len(rows) == limit else None
    heads = [head_of(article) for _, article in rows]
    return json_response(
        request, dump({"schema": LIST_SCHEMA, "articles": heads, "next": following})
    )


@router.get(
    "/articles/{id:any}", summary="Get an article",
    responses={200: answers("Article", "As it is kept."), 304: {"description": "Not modified"},
               **problems(404)},
)  # fmt: skip
async def get_article(id: str, request: Request) -> Response:
    """An article with its text; its ETag serves PUT and DELETE."""
    article = await asyncio.to_thread(house_of(request).archive.reader.get, id)
    if article is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no article of this id")
    return json_response(request, article_document(article))


@router.put(
    "/articles/{id:any}", summary="Replace or add an article",
    responses={200: answers("Article", "It was replaced, or the same."),
               201: answers("Article", "It was added."), **problems(412)},
)  # fmt: skip
async def put_article(
    id: str, asked: Replacement, request: Request, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Keep an article under this id, in place of the one that has it. With If-Match only where
    the one that has it is still that of the ETag."""
    article = asked.article(id)

    def replace(index: Index) -> bool:
        known = expect_match(index, id, if_match)
        if known is None or article_document(known) != article_document(article):
            index.update(article)
        return known is None

    house = house_of(request)
    fresh = await perform(house, replace)
    kept = await asyncio.to_thread(house.archive.reader.get, id)
    response = json_response(request, article_document(kept or article))
    response.status_code = HTTPStatus.CREATED if fresh else HTTPStatus.OK
    return response


@router.delete(
    "/articles/{id:any}", summary="Remove an article", status_code=204,
    responses={204: {"description": "It is gone."}, **problems(404, 412)},
)  # fmt: skip
async def delete_article(
    id: str, request: Request, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Remove an article from the archive; with If-Match only where it is still that one."""

    def remove(index: Index) -> None:
        if expect_match(index, id, if_match) is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "there is no article of this id")
        index.remove(id)

    await perform(house_of(request), remove)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/clusters", summary="List clusters",
    responses={200: answers("Clusters", "In the order of their numbers.")},
)  # fmt: skip
async def list_clusters(
    request: Request,
    after: After = None,
    limit: Limit = 50,
    member: Annotated[
        str | None, Query(max_length=2_000, description="Only the cluster of this article.")
    ] = None,
) -> Response:
    """The clusters of the archive, as far as they are worked out: that is done while nothing is
    being added."""
    reader = house_of(request).archive.reader

    def read() -> tuple[list[dict[str, Any]], str | None]:
        if member is not None:
            own = reader.cluster_of(member)
            numbers = [int(own[1:])] if own else []
        else:
            numbers = reader.cluster_ids(int(after or 0), limit + 1)
        page = filter(None, (reader.cluster(f"c{n}") for n in numbers[:limit]))
        listed = [
            {
                **pick(cluster, "id", "members"),
                "weakest_link": pick(cluster.weakest_link, "a", "b", "kind", "probability"),
            }
            for cluster in page
        ]
        return listed, str(numbers[limit - 1]) if len(numbers) > limit else None

    listed, following = await asyncio.to_thread(read)
    document = {"schema": CLUSTERS_SCHEMA, "clusters": listed, "next": following}
    return json_response(request, dump(document))


@router.get(
    "/clusters/{id}", summary="Get a cluster",
    responses={200: answers("report_report_document", "Who took it from whom."),
               304: {"description": "Not modified"}, **problems(404)},
)  # fmt: skip
async def get_cluster(id: str, request: Request) -> Response:
    """The articles of a cluster, the first where there are very many, compared with each other:
    the document of `dedup report`."""
    house = house_of(request)
    articles = await asyncio.to_thread(house.archive.reader.articles_of, id, MAX_MEMBERS)
    if not articles:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no cluster of this id")
    output = await house.pool.run("compare_articles", articles=articles)
    return json_response(request, output.json)


@router.post(
    "/compare", summary="Compare articles",
    responses={200: answers("report_report_document", "Which share a source text."),
               **problems(404)},
)  # fmt: skip
async def compare(asked: CompareRequest, request: Request) -> Response:
    """Which of the articles share a source text, and who took it from whom: the document of
    `dedup report --format json`. Articles of the archive may be named by their ids alone."""
    house = house_of(request)
    articles = [
        await find_article(house, one, f"article-{n}") for n, one in enumerate(asked.articles, 1)
    ]
    check_ids(articles)
    output = await house.pool.run("compare_articles", articles=articles)
    return json_response(request, output.json)


@router.post(
    "/align", summary="Align a pair",
    responses={200: answers("report_alignment_document", "Passage by passage."),
               **problems(404)},
)  # fmt: skip
async def align(asked: AlignRequest, request: Request) -> Response:
    """What one article has from another, passage by passage: the document of `dedup align
    --format json`."""
    house = house_of(request)
    source = await find_article(house, asked.source, "source")
    derivative = await find_article(house, asked.derivative, "derivative")
    check_ids([source, derivative])
    output = await house.pool.run("align_articles", source=source, derivative=derivative)
    return json_response(request, output.json)
