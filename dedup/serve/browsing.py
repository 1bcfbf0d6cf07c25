"""The pages of the archive: articles that are searched, clusters that are looked through."""

import asyncio
import re
from functools import partial
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from dedup.article import Article
from dedup.phrasing import pluralize, shorten
from dedup.report.html.heads import make_heads
from dedup.report.html.page import document
from dedup.report.html.sides import mark
from dedup.report.outlets import Flow, table_of_flows
from dedup.serve.catalogue import ClusterSearch, Search, Sort, language_of
from dedup.serve.exchange import house_of, perform
from dedup.serve.forms import read_form
from dedup.serve.pages import UPLOAD_FACTOR, add_new, as_file, go, show
from dedup.serve.problems import Refusal
from dedup.text.layout import lay_out

PER_PAGE = 50
MAX_PAGES = 200
SNIPPET = 220  # characters
BEFORE = 60  # of them before the word that was sought

router = APIRouter(include_in_schema=False)


@router.get("/archive")
async def show_archive(request: Request) -> Response:
    """The articles of the archive, the newest first, as they are searched."""
    house = house_of(request)
    sought = Search(**asked(request, *Search.__dataclass_fields__))
    page = page_number(request)

    def read() -> dict[str, Any]:
        listed = house.catalogue.search(sought, PER_PAGE + 1, page * PER_PAGE)
        found = house.archive.reader.find([row.number for row in listed[:PER_PAGE]])
        articles = [found[row.number] for row in listed if row.number in found]
        heads = make_heads(articles, {})
        return {
            "hits": [(heads[a.id], snippet(a, sought.words)) for a in articles],
            "count": house.archive.reader.count(),
            "behind": house.is_behind(),
            "languages": house.catalogue.languages(),
            "more": len(listed) > PER_PAGE,
        }

    context = await asyncio.to_thread(read)
    return show(request, "archive.html", title="Archive", sought=sought, **context,
                **neighbours(request, page, context["more"]))  # fmt: skip


@router.post("/archive")
async def add_file(request: Request) -> Response:
    """Keep the articles of a file in the archive."""
    house = house_of(request)
    form = await read_form(request, house)
    if form.file is None:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "choose a file")
    seconds = house.settings.max_seconds * UPLOAD_FACTOR
    upload = await house.pool.run(
        "read_upload", file=form.file.name, content=form.file.content, seconds=seconds
    )
    added = 0
    for n in range(0, len(upload.articles), PER_PAGE):
        added += await perform(house, partial(add_new, upload.articles[n : n + PER_PAGE]))
    known = len(upload.articles) - added
    said = f"{pluralize(added, 'article')} added"
    said += f", {known:,} not: there already, or of the id of another" if known else ""
    if upload.problems:
        said += f"; {pluralize(len(upload.problems), 'problem')}: {upload.problems[0]}"
    return show(request, "refusal.html", title="Added to the archive" if added else "Not added",
                detail=shorten(said, 1_000), here="/archive")  # fmt: skip


@router.post("/remove")
async def remove(request: Request) -> Response:
    """Remove an article from the archive."""
    house = house_of(request)
    form = await read_form(request, house)
    await perform(house, lambda index: index.remove(form["article"]))
    return go("/archive")


@router.get("/archive/{id:any}")
async def show_article(id: str, request: Request) -> Response:
    """An article with its cluster, its tree and its timeline."""
    house = house_of(request)
    article = await asyncio.to_thread(house.archive.reader.get, id)
    if article is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no article of this id in the archive")

    def read() -> dict[str, Any]:
        cluster = house.archive.reader.cluster_of(id)
        return {
            "cluster": cluster,
            "brief": house.catalogue.brief(cluster) if cluster else None,
            "head": make_heads([article], {id: language_of(article)})[id],
            "text": mark(article, lay_out(article.text, article.title), []),
        }

    context = await asyncio.to_thread(read)
    title = shorten(context["head"].headline, 80)
    return show(request, "article.html", title=title, **{**context, "here": "/archive"})


@router.get("/clusters")
async def show_clusters(request: Request) -> Response:
    """The clusters of the archive, and who takes from whom."""
    house = house_of(request)
    sought = ClusterSearch(**asked(request, *ClusterSearch.__dataclass_fields__))  # type: ignore[arg-type]
    page = page_number(request)
    if sought.sort not in get_args(Sort):
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "sort by newest, largest or uncredited")

    def read() -> dict[str, Any]:
        rows = house.catalogue.list_clusters(sought, PER_PAGE + 1, page * PER_PAGE)
        count = house.catalogue.count_clusters()
        flows = [Flow(*row) for row in house.catalogue.flows()]
        sources, takers = table_of_flows(flows)
        return {
            "rows": rows[:PER_PAGE], "more": len(rows) > PER_PAGE, "count": count,
            "behind": max(0, house.archive.reader.count_clusters() - count),
            "pending": house.archive.reader.is_pending(),
            "languages": house.catalogue.languages(), "sources": sources, "takers": takers,
        }  # fmt: skip

    context = await asyncio.to_thread(read)
    return show(request, "clusters.html", title="Clusters", asked=sought,
                ours=house.settings.ours, **context,
                **neighbours(request, page, context["more"]))  # fmt: skip


@router.get("/clusters/{id}")
async def show_cluster(id: str, request: Request) -> Response:
    """A cluster as the report shows it."""
    house = house_of(request)
    page = await asyncio.to_thread(house.catalogue.page, id)
    if page is None:
        if await asyncio.to_thread(house.archive.reader.cluster, id) is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "there is no cluster of this id")
        return show(request, "working.html", title="At work", reload=True, here="/clusters",
                    what="Who took it from whom is being worked out …")  # fmt: skip
    return show(request, "result.html", page=page, key="", cluster=id, again="/clusters",
                again_name="All clusters", here="/clusters")  # fmt: skip


@router.get("/clusters/{id}/report.html")
async def download_cluster(id: str, request: Request) -> Response:
    """A cluster as one file."""
    page = await asyncio.to_thread(house_of(request).catalogue.page, id)
    if page is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such file")
    return as_file(document(page))


def asked(request: Request, *names: str) -> dict[str, str]:
    """What an address asks for, by these names."""
    query = request.query_params
    return {name: query[name][:1_000].replace("\x00", "") for name in names if query.get(name)}


def page_number(request: Request) -> int:
    """Which page of a list an address asks for, from 0 on."""
    number = request.query_params.get("page", "0")
    is_number = number.isascii() and number.isdigit()
    return min(int(number[:6]), MAX_PAGES) if is_number else 0


def neighbours(request: Request, page: int, more: bool) -> dict[str, Any]:
    """The addresses of the pages before and behind this one."""

    def address(number: int) -> str:
        return "?" + urlencode({**request.query_params, "page": number})

    return {
        "before": address(page - 1) if page else None,
        "behind_page": address(page + 1) if more and page < MAX_PAGES else None,
    }


def snippet(article: Article, words: str) -> str:
    """The place of a text at which the first of the words stands."""
    for word in words.split()[:5]:
        if found := re.search(re.escape(word), article.text, re.IGNORECASE):
            begin = max(0, found.start() - BEFORE)
            return ("… " if begin else "") + shorten(article.text[begin:], SNIPPET)
    return ""
