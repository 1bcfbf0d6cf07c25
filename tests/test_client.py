"""The client of a server: the library's types on both sides of the wire."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from serving import BASE, OTHER, RETOLD, TOKEN, WIRE, httpx, serving

import dedup
from dedup import Article, InputError, StoreError
from dedup.client import Client
from dedup.report.json import alignment_json, report_json


class Wire(httpx.BaseTransport):  # type: ignore[misc, valid-type]
    """Hands what a client sends to a server in this process."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def handle_request(self, request: Any) -> Any:
        answer = self._server.request(
            request.method, request.url.raw_path.decode(), content=request.read(),
            headers=dict(request.headers),
        )  # fmt: skip
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("asked")
    with (
        serving(folder, token=TOKEN) as server,
        Client(BASE, token=TOKEN, transport=Wire(server)) as client,
    ):
        client.add(Article("wire", WIRE, publisher="Harbour News", published="2025-03-27"))
        yield client


def test_a_draft_is_checked(client: Client) -> None:
    """The report has the library's own types."""
    report = client.check(Article("mine", RETOLD, publisher="City Post"))
    assert "it is credited" in report.summary
    (source,) = report.sources
    assert source.credit.standing == "credited"
    assert source.credit.spans[0].article == "mine"
    assert isinstance(source.alignment, dedup.Alignment)
    assert client.check(OTHER, against=[Article("a", WIRE)]).sources == ()


def test_alignments_and_results_come_whole(client: Client) -> None:
    """What is read from the wire is what the library says, to four decimals."""
    post = Article("post", RETOLD, publisher="City Post")
    wire = client.get("wire")
    assert wire
    expected = alignment_json(dedup.align(wire, post, encoder=None))
    assert alignment_json(client.align("wire", post)) == expected
    articles = [wire, post, Article("play", OTHER)]
    report = "".join(report_json(dedup.compare(articles, encoder=None)))
    found = "".join(report_json(client.compare(["wire", post, articles[2]])))
    assert found == report


def test_articles_are_kept_changed_and_removed(client: Client) -> None:
    """An article comes back as it went."""
    article = Article("a/b ü?", OTHER, title="Play", published="2025-03-28T10:00:00+01:00",
                      extra={"desk": "culture"})  # fmt: skip
    assert client.add(article)
    assert not client.add(article)
    assert client.get("a/b ü?") == article
    with pytest.raises(InputError, match="409"):
        client.add(Article("a/b ü?", WIRE))
    client.update(Article("a/b ü?", f"{OTHER} Twice."))
    assert client.check_and_add(Article("copy", OTHER)).candidates[0].id == "a/b ü?"
    assert sorted(client.ids()) == ["a/b ü?", "copy", "wire"]
    client.remove("a/b ü?")
    client.remove("copy")
    assert client.get("a/b ü?") is None
    with pytest.raises(InputError, match="404"):
        client.remove("a/b ü?")


def test_many_are_kept_and_those_that_cannot_be_are_named(client: Client) -> None:
    """After all others have been kept."""
    many = [Article(f"n{n}", f"{OTHER} Evening {n}.") for n in range(3)]
    assert client.add_many(many) == 3
    with pytest.raises(InputError, match="wire: this id stands for another text"):
        client.add_many([*many, Article("wire", OTHER), Article("n4", f"{OTHER} Evening 4.")])
    assert client.get("n4") is not None
    for article in client.ids():
        if article.startswith("n"):
            client.remove(article)
    assert list(client.clusters()) == []


def test_a_busy_server_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As often as that was agreed, and after as long as it says."""
    paused: list[float] = []
    monkeypatch.setattr("dedup.client.time.sleep", paused.append)
    answers = [
        httpx.Response(429, headers={"Retry-After": "3"}),
        httpx.ConnectError("refused"),
        httpx.Response(200, text=json.dumps({"id": "a", "text": WIRE})),
    ]

    def answer(request: Any) -> Any:
        following = answers.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    with Client(transport=httpx.MockTransport(answer)) as client:
        assert client.get("a") == Article("a", WIRE)
    assert paused == [3.0, 0.5]

    busy = httpx.MockTransport(lambda _: httpx.Response(503))
    with Client(transport=busy, retries=2) as client, pytest.raises(StoreError, match="503"):
        client.get("a")
