"""What a server does not let happen: strangers, pages of other sites, names that are not its own,
bodies without end."""

import asyncio
import json
import os
import socket
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from patience import CPU_SECONDS
from serving import RETOLD, TOKEN, WIRE, Running, make_settings, serving

from dedup import Article, Index
from dedup.errors import InputError
from dedup.serve import guard
from dedup.serve.auth import Gate
from dedup.serve.guard import Guard
from dedup.serve.metrics import Metrics
from dedup.serve.pool import Pool
from dedup.serve.settings import MAX_BODY
from dedup.serve.tasks import Tools, read_upload

API = "/api/v1"
DEEP = 100_000  # brackets


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("guarded")
    with serving(folder) as client:
        yield client


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server that demands a token."""
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, token=TOKEN, host="0.0.0.0", names=("news.example",)) as client:
        yield client


class TestToken:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "news.example"])
    def test_beyond_this_machine_a_token_is_needed(self, host: str, tmp_path: Path) -> None:
        """Without one, or with one that can be guessed, no server is made."""
        with pytest.raises(InputError, match="DEDUP_TOKEN"):
            make_settings(tmp_path, host=host)
        with pytest.raises(InputError, match="16 or more"):
            make_settings(tmp_path, host=host, token="short")
        assert make_settings(tmp_path, host=host, token=TOKEN)

    @pytest.mark.parametrize(
        "header", [None, "", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xff"]
    )
    def test_a_program_without_the_token_gets_nothing(self, locked: Any, header: str) -> None:
        """Neither the interface nor the numbers; whether the server lives anybody may know."""
        headers = {} if header is None else {"Authorization": header.encode("latin-1")}
        for path in (f"{API}/articles", f"{API}/openapi.json", "/metrics", "/readyz"):
            answer = locked.get(path, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        assert locked.get("/healthz", headers=headers).status_code == 200

    def test_a_program_with_the_token_is_let_in(self, locked: Any) -> None:
        """As a bearer."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert locked.get(f"{API}/articles", headers=headers).status_code == 200

    def test_a_session_of_a_browser_is_signed_and_ends(self) -> None:
        """Nobody can make one, lengthen one, or make a known one of a new one."""
        now = [1_000.0]
        gate = Gate(TOKEN, lambda: now[0])
        new, known = gate.make_session(known=False), gate.make_session(known=True)
        assert gate.is_session(known)
        assert not gate.is_session(new)
        assert gate.is_session(new, known=False)
        assert not gate.is_session(new.replace(".new.", ".known."))
        assert not Gate("another-secret-of-ours", lambda: 1_000.0).is_session(known)
        assert gate.is_form_mark(known, gate.form_mark(known))
        assert not gate.is_form_mark(known, gate.form_mark(new))
        now[0] += 13 * 3600
        assert not gate.is_session(known)


class TestOtherSites:
    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "a/b", "["]
    )
    def test_a_foreign_name_that_points_here_gets_nowhere(self, client: Any, host: str) -> None:
        """So that a page cannot reach this server by a name of its own (DNS rebinding)."""
        for path in ("/", f"{API}/articles", "/healthz"):
            assert client.get(path, headers={"Host": host}).status_code == 421

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST:1"])
    def test_its_own_names_are_known(self, client: Any, host: str) -> None:
        """With any port, since a proxy may have another one."""
        assert client.get(f"{API}/articles", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", ""]
    )
    def test_a_page_of_another_origin_is_refused(self, client: Any, origin: str) -> None:
        """Whatever it asks, and in whatever form it sends it."""
        headers = {"Origin": origin, "Content-Type": "text/plain"}
        body = json.dumps({"id": "evil", "text": WIRE})
        assert client.post(f"{API}/articles", content=body, headers=headers).status_code == 403
        assert client.get(f"{API}/articles", headers=headers).status_code == 403
        assert client.get(f"{API}/articles/evil").status_code == 404

    def test_a_form_of_another_site_is_refused_without_an_origin_too(self, client: Any) -> None:
        """Browsers say that a request is cross-site."""
        headers = {"Sec-Fetch-Site": "cross-site"}
        answer = client.post(f"{API}/check", json={"text": RETOLD}, headers=headers)
        assert answer.status_code == 403

    def test_every_answer_says_that_nothing_else_may_be_loaded(self, client: Any) -> None:
        """A strict Content-Security-Policy, and no sniffing, also on errors."""
        for path in ("/", f"{API}/articles", "/nothing", "/healthz"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"[" * DEEP, b'{"text":' * DEEP, b'{"text": "\xff\xfe"}', b"\xff\xfe{\x00}\x00", b"",
            b"null", b"[]", b'{"text": ""}', b'{"text": NaN}', b'{"text": 1e999}',
            b'{"text": "a", "text": ["b"]}', b'{"text": "\\ud800"}', b'{"text": "a", "x": 1}',
            b'{"text": "a", "published": "no date"}',
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["check", "articles", "check_and_add", "compare", "align"])
    def test_a_hostile_body_is_refused_and_harms_nothing(
        self, client: Any, path: str, body: bytes
    ) -> None:
        """Deep, broken, in another encoding, or not what was asked for: an answer in 4xx."""
        headers = {"Content-Type": "application/json"}
        answer = client.post(f"{API}/{path}", content=body, headers=headers)
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"

    def test_odd_texts_are_texts(self, client: Any) -> None:
        """NUL, marks that turn text around, and what looks like markup are checked like others."""
        text = "\x00 <script>alert(1)</script> \u202e \U0001f600 ' OR 1=1 -- " * 20
        answer = client.post(f"{API}/check", json={"text": text, "title": text[:50]})
        assert answer.status_code == 200

    def test_a_body_that_is_too_large_is_not_read(self, client: Any) -> None:
        """Neither if its length is stated nor if it just goes on."""
        headers = {"Content-Type": "application/json"}
        large = b"x" * (MAX_BODY + 1)
        answer = client.post(f"{API}/check", content=large, headers=headers)
        assert answer.status_code == 413
        parts = (b"x" * 1_000_000 for _ in range(100))
        answer = client.post(f"{API}/check", content=parts, headers=headers)
        assert answer.status_code == 413

    def test_when_all_are_busy_a_request_is_refused_at_once(self, tmp_path: Path) -> None:
        """With 429, and when to ask again."""
        with serving(tmp_path, max_waiting=0) as client:
            answer = client.post(f"{API}/check", json={"text": RETOLD})
            assert answer.status_code == 429
            assert int(answer.headers["retry-after"]) > 0

    def test_what_takes_too_long_is_ended(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With 504, and the next request has a good answer."""
        run = Pool.run

        async def run_briefly(pool: Pool, name: str, **arguments: Any) -> Any:
            limit = {"seconds": 0.2} if name == "compare_articles" else {}
            return await run(pool, name, **{**arguments, **limit})

        monkeypatch.setattr(Pool, "run", run_briefly)
        with serving(tmp_path) as client:
            articles = [{"id": str(n), "text": f"{WIRE} {n} " * 200} for n in range(20)]
            assert client.post(f"{API}/check", json={"text": RETOLD}).status_code == 200
            answer = client.post(f"{API}/compare", json={"articles": articles})
            assert answer.status_code == 504
            assert client.post(f"{API}/check", json={"text": RETOLD}).status_code == 200
            assert client.get("/readyz").status_code == 200

    def test_a_task_that_nobody_waits_for_is_ended(self, tmp_path: Path) -> None:
        """Its process would be busy with it, and the next task would wait for that."""
        settings = make_settings(tmp_path, max_seconds=CPU_SECONDS)
        Index(settings.index).close()
        articles = [Article(str(n), f"{WIRE} {n} " * 500) for n in range(200)]

        async def ask() -> Any:
            pool = Pool(settings)
            try:
                await pool.run("answer_article", article=Article("draft", WIRE))
                long = asyncio.create_task(pool.run("compare_articles", articles=articles))
                while not pool.working:
                    await asyncio.sleep(0)
                long.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await long
                return await pool.run("answer_article", article=Article("draft", WIRE))
            finally:
                pool.close()

        assert json.loads(asyncio.run(ask()))["id"] == "draft"

    def test_a_slow_client_is_not_waited_for(self, tmp_path: Path) -> None:
        """A body has a time in which to arrive, however it trickles."""
        settings = make_settings(tmp_path, max_body_seconds=0.05)
        sent: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            while (await receive())["more_body"]:
                pass

        async def trickle() -> Any:
            await asyncio.sleep(0.02)
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        guarded = Guard(app, settings, Gate(None), Metrics())
        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/api/v1/check", "headers": headers}
        asyncio.run(guarded(scope, trickle, send))
        assert sent[0]["status"] == 408

    def test_a_body_is_not_late_because_the_server_is_slow(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only the time in which it is waited for counts, not that in which its parts are kept."""
        settings = make_settings(tmp_path, max_body_seconds=60)
        now, parts = [0.0], [True, True, False]
        sent: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            while (await receive())["more_body"]:
                now[0] += 100
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def receive() -> Any:
            return {"type": "http.request", "body": b"x", "more_body": parts.pop(0)}

        async def send(message: Any) -> None:
            sent.append(message)

        monkeypatch.setattr(guard, "time", SimpleNamespace(monotonic=lambda: now[0]))
        guarded = Guard(app, settings, Gate(None), Metrics())
        headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/api/v1/check", "headers": headers}
        asyncio.run(guarded(scope, receive, send))
        assert sent[0]["status"] == 200

    def test_methods_that_a_client_makes_up_are_counted_as_one(self, client: Any) -> None:
        """So that the numbers do not grow with what is sent."""
        for n in range(3):
            assert client.request("X" * (n + 3), f"{API}/articles").status_code == 405
        text = client.get("/metrics").text
        assert 'method="other"' in text
        assert "XXX" not in text

    def test_what_is_no_http_is_refused(self, tmp_path: Path) -> None:
        """Lengths that are none, headers that break lines, paths that lead elsewhere."""
        running = Running(str(tmp_path / "news.dedup"), "--data", str(tmp_path / "data"))
        head = f"POST {API}/check HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        try:
            for sent, status in (
                (f"{head}Content-Length: -1\r\n\r\n", b"400"),
                (f"{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n", b"400"),
                (f"{head}X: a\rY: b\r\n\r\n", b"400"),
                (f"{head}X: {'a' * 100_000}\r\n\r\n", b"4"),
                (f"{head}Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n",
                 b"413"),
                ("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"421"),
                ("GET /static/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
            ):  # fmt: skip
                with socket.create_connection(("127.0.0.1", running.port)) as wire:
                    wire.sendall(sent.encode("latin-1"))
                    assert wire.recv(1_000).split(b" ", 2)[1].startswith(status), sent[:80]
        finally:
            running.stop()


class TestUploads:
    def test_a_file_is_read_as_files_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By its content and its name, which leads nowhere on this machine; nothing is left of it,
        neither in the folder of what is temporary nor beside that."""
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        tools = Tools(make_settings(tmp_path))
        for name in ("../../etc/news.txt", "C:\\news.txt", "news\x00.txt", ".news", "*?.txt", ""):
            upload = read_upload(tools, name, WIRE.encode())
            assert [article.text.strip() for article in upload.articles] == [WIRE]
            assert "/" not in upload.articles[0].extra["path"]
            assert os.listdir(temporary) == []
        assert os.listdir(tmp_path) == ["temporary"]

    def test_a_bomb_is_a_problem(self, tmp_path: Path) -> None:
        """A small archive that unfolds to much gives no article, and says so."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("zeros.txt", b"\x00" * 300_000_000)
        upload = read_upload(Tools(make_settings(tmp_path)), "news.zip", packed.getvalue())
        assert upload.articles == ()
        assert upload.problems
