"""A client of `dedup serve`: what the library says, asked of a server in the newsroom.

    with Client("http://127.0.0.1:8765") as client:
        report = client.check("On Friday the minister resigned over the missing millions.")
        print(report.summary)

Articles go out and come back as `Article`, alignments as `Alignment`, comparisons as `Result`, with
numbers rounded to four decimals as the interface has them. What the server refuses is an
`InputError`, what it cannot do now a `StoreError`. A request that meets a busy server or a broken
connection is sent again: an article is known by its id, so that to send it twice is to send it
once. Needs the extra `serve`.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import quote

from dedup.align import Alignment
from dedup.article import Article
from dedup.client.documents import (
    Report,
    Source,
    article_json,
    draft_json,
    read_alignment,
    read_article,
    read_report,
    read_result,
)
from dedup.errors import DedupError, InputError, StoreError
from dedup.extras import require
from dedup.pipeline import Result

__all__ = ["Candidate", "Client", "ClusterHead", "Kept", "Report", "Source"]

ADDRESS = "http://127.0.0.1:8765"
SECONDS = 120.0  # that an answer may take
MAX_RETRIES = 5
MAX_PAUSE = 20.0  # seconds between two tries
AGAIN = (429, 502, 503)  # statuses with which a request is sent again
BLOCK = 500  # articles of a request

Standing = Literal["added", "known", "replaced"]


class Candidate(NamedTuple):
    """An article of the archive that is worth a closer look."""

    id: str
    resemblance: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article, and what the archive has that is like it."""

    id: str
    standing: Standing
    candidates: tuple[Candidate, ...]


class ClusterHead(NamedTuple):
    """A cluster of the archive: its id, and those of its articles."""

    id: str
    members: tuple[str, ...]


class Client:
    """A client of the server at `address`; `token` where it demands one.

    `seconds` is how long an answer may take, `retries` how often a request is sent again.
    `transport` is httpx's, for tests and for what httpx can do besides.
    """

    def __init__(
        self,
        address: str = ADDRESS,
        *,
        token: str | None = None,
        seconds: float = SECONDS,
        retries: int = MAX_RETRIES,
        transport: Any = None,
    ) -> None:
        self._httpx = require("httpx", "serve")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = self._httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1",
            headers=headers,
            timeout=seconds,
            transport=transport,
            trust_env=False,  # no proxy stands between a newsroom and itself
        )
        self._retries = retries

    def check(
        self,
        draft: Article | str,
        *,
        against: Iterable[Article] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Report:
        """What a draft has from the archive, or from the articles in `against`, and whether it is
        credited. Nothing is kept."""
        draft = Article("draft", draft) if isinstance(draft, str) else draft
        asked = {**draft_json(draft), "since": since, "until": until}
        if against is not None:
            asked["against"] = list(map(article_json, against))
        return read_report(self._ask("POST", "/check", asked))

    def check_and_add(self, article: Article) -> Kept:
        """Keep an article, and say what the archive had that is like it."""
        answer = self._ask("POST", "/check_and_add", article_json(article))
        candidates = tuple(Candidate(one["id"], one["resemblance"]) for one in answer["candidates"])
        return Kept(answer["id"], answer["standing"], candidates)

    def add(self, article: Article) -> bool:
        """Keep an article; False if it is there already. An `InputError` where its id stands for
        another text: `update` replaces it."""
        answer = self._send("POST", "/articles", article_json(article))
        return bool(answer.status_code == 201)

    def add_many(self, articles: Iterable[Article], *, update: bool = False) -> int:
        """Keep articles, and say how many of them were not there yet or were replaced. An
        `InputError` says which could not be kept, after all others have been."""
        added, refused = 0, list[str]()
        for block in split(articles, BLOCK):
            lines = "".join(json.dumps(article_json(one)) + "\n" for one in block)
            answer = self._send(
                "POST", f"/articles/bulk?update={str(update).lower()}", content=lines.encode(),
                headers={"Content-Type": "application/x-ndjson"},
            ).json()  # fmt: skip
            added += answer["added"] + answer["replaced"]
            refused += [f"{block[r['line'] - 1].id}: {r['detail']}" for r in answer["refused"]]
        if refused:
            more = f", and {len(refused) - 5:,} more" if len(refused) > 5 else ""
            raise InputError(f"not kept: {'; '.join(refused[:5])}{more}")
        return added

    def update(self, article: Article) -> None:
        """Keep an article in place of the one that has its id."""
        asked = article_json(article)
        self._ask("PUT", f"/articles/{quote(asked.pop('id'), safe='')}", asked)

    def remove(self, id: str) -> None:
        """Remove an article from the archive; an `InputError` where there is none."""
        self._send("DELETE", f"/articles/{quote(id, safe='')}")

    def get(self, id: str) -> Article | None:
        """The article called `id`, or None."""
        answer = self._send("GET", f"/articles/{quote(id, safe='')}", accepts=(404,))
        return read_article(answer.json()) if answer.status_code == 200 else None

    def ids(self) -> Iterator[str]:
        """The ids of all articles, in the order of adding."""
        for page in self._pages("/articles"):
            yield from (article["id"] for article in page["articles"])

    def clusters(self) -> Iterator[ClusterHead]:
        """The clusters of the archive, as far as they are worked out."""
        for page in self._pages("/clusters"):
            for one in page["clusters"]:
                yield ClusterHead(one["id"], tuple(one["members"]))

    def compare(self, articles: Iterable[Article | str]) -> Result:
        """Which of the articles share a source text; those of the archive by their ids."""
        given = list(articles)
        asked = [{"id": one} if isinstance(one, str) else draft_json(one) for one in given]
        known = [one if isinstance(one, Article) else self.get(one) for one in given]
        document = self._ask("POST", "/compare", {"articles": asked})
        return read_result(document, [article for article in known if article])

    def align(self, source: Article | str, derivative: Article | str) -> Alignment:
        """What one article has from another; strings are ids of the archive."""
        asked = {
            name: {"id": one} if isinstance(one, str) else draft_json(one)
            for name, one in (("source", source), ("derivative", derivative))
        }
        return read_alignment(self._ask("POST", "/align", asked))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pages(self, path: str) -> Iterator[Any]:
        after = "0"
        while after is not None:
            page = self._send("GET", f"{path}?after={after}").json()
            yield page
            after = page["next"]

    def _ask(self, method: str, path: str, document: Any) -> Any:
        return self._send(method, path, document).json()

    def _send(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        accepts: Sequence[int] = (),
        **more: Any,
    ) -> Any:
        """The answer to a request, which is sent again as long as the server is busy."""
        if document is not None:
            more["content"] = json.dumps(document).encode()
            more["headers"] = {"Content-Type": "application/json"}
        for tried in range(self._retries + 1):
            answer, failed = None, ""
            try:
                answer = self._http.request(method, path, **more)
            except self._httpx.TransportError as error:
                failed = str(error) or type(error).__name__
            if answer is not None and answer.status_code not in AGAIN:
                break
            if tried < self._retries:
                time.sleep(pause_before(tried, answer))
        if answer is None:
            raise StoreError(f"{self._http.base_url}: {failed}; is `dedup serve` running there?")
        if answer.is_success or answer.status_code in accepts:
            return answer
        raise read_error(answer)


def pause_before(tried: int, answer: Any) -> float:
    """How long to wait before a request is sent again, in seconds."""
    wanted = answer.headers.get("retry-after", "") if answer is not None else ""
    own = 0.25 * 2**tried
    return min(float(wanted) if wanted.isdigit() else own, MAX_PAUSE)


def read_error(answer: Any) -> DedupError:
    """What a server refuses, as an error of the library."""
    try:
        problem = answer.json()
        said = problem.get("detail") or problem.get("title")
        errors = "".join(
            f"; {one['pointer']}: {one['detail']}" for one in problem.get("errors", ())
        )
    except (ValueError, AttributeError):
        said, errors = answer.reason_phrase, ""
    what = f"{answer.status_code} {said}{errors}"
    return InputError(what) if answer.status_code < 500 else StoreError(what)


def split(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """The articles in lists of `size`."""
    block: list[Article] = []
    for article in articles:
        block.append(article)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block
