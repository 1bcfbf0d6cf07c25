"""The pages of editors: a draft is checked, results are looked at, kept and taken along.

Nothing is decided here. A task runs in a process of the pool; its result stays in memory for an
hour under a key that nobody can guess, so that it can be reloaded, printed and downloaded.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from dedup.article import Article
from dedup.errors import InputError
from dedup.index import Index
from dedup.report.html.heads import make_heads
from dedup.report.html.page import document
from dedup.serve.auth import COOKIE
from dedup.serve.exchange import add, house_of, perform
from dedup.serve.forms import Form, form_mark, read_form
from dedup.serve.house import House
from dedup.serve.problems import Refusal, describe
from dedup.serve.rendering import STATIC, render, static
from dedup.serve.results import Result
from dedup.serve.tasks import Upload

PATIENCE = 2.0  # seconds that a form waits for its result before it shows that work goes on
MAX_LISTED = 200  # articles of a file
UPLOAD_FACTOR = 4  # times the time of a request that a large file may take
HEADERS = {"Content-Security-Policy": "sandbox", "Content-Disposition": "attachment"}

router = APIRouter(include_in_schema=False)


def show(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the server."""
    house = house_of(request)
    known: dict[str, Any] = {
        "mark": form_mark(request, house), "locked": not house.gate.is_open, "stranger": False,
        "here": request.url.path, "said": "", "reload": False,
    }  # fmt: skip
    text = render(template, **{**known, **context})
    return HTMLResponse(text.encode("utf-8", "replace"), status)


def go(path: str) -> RedirectResponse:
    """The answer to a form: look there."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


def refuse(request: Request, error: Exception) -> HTMLResponse:
    """An error as a page."""
    status, detail, errors = describe(error)
    for one in errors:
        detail = f"{detail}; {one['pointer']}: {one['detail']}"
    title = status.phrase
    return show(request, "refusal.html", status, title=title, detail=detail or title, here="")


@router.get("/static/{name}")
async def get_static(name: str) -> Response:
    """A file that pages load."""
    if name not in STATIC:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such file")
    content, type = static(name)
    return Response(content, headers={"Cache-Control": "max-age=86400"}, media_type=type)


@router.get("/favicon.ico")
async def get_icon() -> Response:
    """Where browsers look for a picture of the page."""
    return await get_static("icon.svg")


# Who it is


@router.get("/login")
async def show_login(request: Request, next: str = "/") -> Response:
    """The page that asks for the token."""
    return show(request, "login.html", title="Log in", next=local_path(next), stranger=True)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Begin a session of somebody who knows the token."""
    house = house_of(request)
    form = await read_form(request, house)
    if not house.gate.knows(form["token"]):
        said = "This is not the token."
        return show(request, "login.html", 403, title="Log in", stranger=True, said=said,
                    next=local_path(form["next"]))  # fmt: skip
    request.scope["state"].update(session=house.gate.make_session(known=True), new_session=True)
    return go(local_path(form["next"]))


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session of this browser."""
    await read_form(request, house_of(request))
    answer = go("/login")
    answer.delete_cookie(COOKIE)
    return answer


def local_path(path: str) -> str:
    """A path of this server; its first page where it leads elsewhere.

    >>> local_path("/archive"), local_path("//evil.example"), local_path("https://evil.example")
    ('/archive', '/', '/')
    """
    is_local = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if is_local and "\\" not in path else "/"


# A draft


@router.get("/")
async def show_form(request: Request, article: str = "") -> Response:
    """The page where a draft is pasted."""
    house = house_of(request)
    count = await asyncio.to_thread(house.archive.reader.count)
    reading = await asyncio.to_thread(house.is_reading)
    ours = ", ".join(house.settings.ours)
    return show(request, "check.html", title="Check a draft", count=count, ours=ours,
                reading=reading, article=article[:2_000])  # fmt: skip


@router.post("/check")
async def check(request: Request) -> Response:
    """Check what was pasted, dropped or chosen; a file of several articles is shown first."""
    house = house_of(request)
    form = await read_form(request, house)
    if form.file and not form["text"].strip():
        seconds = house.settings.max_seconds
        if len(form.file.content) > house.settings.max_body:
            seconds *= UPLOAD_FACTOR
        upload = await house.pool.run(
            "read_upload", file=form.file.name, content=form.file.content, seconds=seconds
        )
        if len(upload.articles) != 1:
            return await choose(request, upload)
        draft = complete(upload.articles[0], form)
    else:
        draft = await find_draft(house, form["text"], form["article"])
        draft = draft if form["article"] and not form["text"].strip() else complete(draft, form)
    key = await start_check(house, draft)
    result = await house.results.wait(key, PATIENCE)
    if form["keep"] and result and not form["article"]:
        await keep(house, result)
    return go(f"/results/{key}")


async def find_draft(house: House, text: str, id: str) -> Article:
    """The draft that was pasted, or the article of the archive that was chosen."""
    if text.strip():
        return Article(f"draft-{token_hex(4)}", text)
    if not id:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "paste a text, or choose a file")
    article = await asyncio.to_thread(house.archive.reader.get, id)
    if article is None:
        raise Refusal(HTTPStatus.NOT_FOUND, f"there is no article {id!r} in the archive")
    return article


def complete(draft: Article, form: Form) -> Article:
    """The draft with what was filled in beside it."""
    given = {name: form[name] for name in ("title", "publisher", "published", "url") if form[name]}
    return replace(draft, **given)  # type: ignore[arg-type]  # each is a string


async def start_check(house: House, draft: Article) -> str:
    """Begin to check a draft; the key of the result."""
    is_early = await asyncio.to_thread(house.is_reading)
    work = house.pool.run("check_draft", draft=draft, shows=True)
    return house.results.start(work, draft, is_early)


async def choose(request: Request, upload: Upload) -> Response:
    """Let the reader choose among the articles of a file."""

    async def ready() -> Upload:
        return upload

    results = house_of(request).results
    key = results.start(ready())
    await results.wait(key, PATIENCE)
    return go(f"/results/{key}")


@router.get("/results/{key}")
async def show_result(key: str, request: Request) -> Response:
    """A result, or that it is still being worked on."""
    result = find_result(request, key)
    if not result.task.done():
        return show(request, "working.html", title="At work", reload=True, here="/",
                    what="The texts are being compared …")  # fmt: skip
    if result.error:
        return refuse(request, result.error)
    if not result.page:
        heads = make_heads(result.articles[:MAX_LISTED], {})
        return show(request, "choose.html", title="Choose an article", key=key, here="/",
                    heads=list(heads.values()), articles=result.articles,
                    problems=result.problems)  # fmt: skip
    page = await asyncio.to_thread(result.read_page)
    is_pair = result.draft is None
    said = "The files were still being read when this draft was checked. Check it again."
    return show(
        request, "result.html", page=page, key=key, cluster="", kept=result.kept,
        may_keep=result.draft is not None and result.draft.id.startswith("draft-"),
        again="/compare" if is_pair else "/", here="/compare" if is_pair else "/",
        again_name="Compare another two" if is_pair else "Check another draft",
        said=said if result.is_early else "",
    )  # fmt: skip


@router.get("/results/{key}/report.{form}")
async def download(key: str, form: str, request: Request) -> Response:
    """A result as one file, to send or to keep."""
    result = find_result(request, key)
    if form == "json" and result.json:
        return Response(result.read_json(), headers=HEADERS, media_type="application/json")
    if form == "html" and result.page:
        return as_file(document(result.read_page()))
    raise Refusal(HTTPStatus.NOT_FOUND, "there is no such file")


def as_file(text: str) -> Response:
    """A report as a file to save."""
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="report.html"'}
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type="text/html")


@router.post("/results/{key}/keep")
async def keep_result(key: str, request: Request) -> Response:
    """Keep the draft, or all articles of a file, in the archive."""
    house = house_of(request)
    await read_form(request, house)
    result = find_result(request, key)
    await result.task
    await keep(house, result)
    return go("/archive" if result.articles else f"/results/{key}")


@router.post("/results/{key}/check")
async def check_chosen(key: str, request: Request) -> Response:
    """Check one of the articles of a file."""
    house = house_of(request)
    form = await read_form(request, house)
    articles = find_result(request, key).articles
    number = form["number"]
    if not (number.isascii() and number.isdigit() and int(number[:9]) < len(articles)):
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such article in this file")
    started = await start_check(house, articles[int(number)])
    await house.results.wait(started, PATIENCE)
    return go(f"/results/{started}")


async def keep(house: House, result: Result) -> None:
    """Keep what a result is of; what is there already stays."""
    articles = result.articles or ((result.draft,) if result.draft else ())
    for n in range(0, len(articles), MAX_LISTED):
        await perform(house, partial(add_new, articles[n : n + MAX_LISTED]))
    result.kept = True


def add_new(articles: Sequence[Article], index: Index) -> int:
    """Add articles, and say how many were new; one whose id stands for another text is left out."""
    fresh = 0
    for article in articles:
        with suppress(Refusal, InputError):
            fresh += add(index, article)
    return fresh


def find_result(request: Request, key: str) -> Result:
    """The result of that key; a refusal where it is gone."""
    result = house_of(request).results.get(key)
    if result is None:
        what = "this result is gone: results are kept for an hour, and nowhere but in memory"
        raise Refusal(HTTPStatus.GONE, what)
    return result


# Any two


@router.get("/compare")
async def show_compare(request: Request, one: str = "", other: str = "") -> Response:
    """The page where two texts are chosen."""
    return show(request, "compare.html", title="Compare any two", one=one[:2_000],
                other=other[:2_000])  # fmt: skip


@router.post("/compare")
async def compare(request: Request) -> Response:
    """Compare two texts that were pasted or chosen."""
    house = house_of(request)
    form = await read_form(request, house)
    both = []
    for name in ("source", "derivative"):
        article = await find_draft(house, form[name], form[f"{name}_id"])
        if publisher := form[f"{name}_publisher"]:
            article = replace(article, publisher=publisher)
        both.append(article)
    if both[0].id == both[1].id:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "choose two different articles")
    work: Awaitable[Any] = house.pool.run(
        "align_articles", source=both[0], derivative=both[1], shows=True
    )
    key = house.results.start(work)
    await house.results.wait(key, PATIENCE)
    return go(f"/results/{key}")
