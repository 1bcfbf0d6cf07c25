"""The interface of a server: what programs ask, and what they are answered."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema
import pytest
from patience import MAX_WAIT, wait_until
from serving import OTHER, RETOLD, WIRE, Running, free_port, httpx, make_settings, serving

import dedup
from dedup import Article, Index
from dedup.errors import StoreError
from dedup.serve.archive import Archive

API = "/api/v1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serving(tmp_path_factory.mktemp("served")) as client:
        for id, text in (("wire", WIRE), ("theatre", OTHER)):
            article = {
                "id": id,
                "text": text,
                "publisher": "Harbour News" if id == "wire" else None,
            }
            assert client.post(f"{API}/articles", json=article).status_code == 201
        yield client


def is_valid(document: Any, name: str, room: str = "report") -> bool:
    """Whether a document is as its schema says."""
    schema = json.loads(files("dedup").joinpath(f"data/{room}.schema.json").read_text("utf-8"))
    schema = {"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(document)
    return True


class TestChecking:
    def test_a_draft_is_checked_against_the_archive(self, client: Any) -> None:
        """The answer is the document of `dedup check --format json`."""
        answer = client.post(f"{API}/check", json={"text": RETOLD, "publisher": "City Post"})
        assert answer.status_code == 200
        found = answer.json()
        assert is_valid(found, "check_document")
        (source,) = found["sources"]
        assert source["article"]["id"] == "wire"
        assert source["credit"]["standing"] == "credited"

    def test_the_answer_is_that_of_the_command(self, client: Any, tmp_path: Path) -> None:
        """Word for word, as the library says it of the same index."""
        with dedup.Index(tmp_path / "again.dedup") as index:
            index.add(dedup.Article("wire", WIRE, publisher="Harbour News"))
            index.add(dedup.Article("theatre", OTHER))
            from dedup.report import render_verdict

            expected = render_verdict(index.check(dedup.Article("draft", RETOLD)), "json")
        assert client.post(f"{API}/check", json={"text": RETOLD}).text == expected

    def test_nothing_is_kept_of_a_draft(self, client: Any) -> None:
        """After a check there are as many articles as before."""
        before = client.get("/readyz").json()["articles"]
        client.post(f"{API}/check", json={"text": RETOLD, "id": "mine"})
        assert client.get("/readyz").json()["articles"] == before
        assert client.get(f"{API}/articles/mine").status_code == 404

    def test_a_draft_is_checked_against_articles_of_the_request(self, client: Any) -> None:
        """`against` takes the place of the archive."""
        against = [{"id": "own", "text": WIRE}]
        found = client.post(f"{API}/check", json={"text": RETOLD, "against": against}).json()
        assert [source["article"]["id"] for source in found["sources"]] == ["own"]
        found = client.post(f"{API}/check", json={"text": OTHER, "against": against}).json()
        assert found["sources"] == []

    def test_checked_and_added_at_once(self, client: Any) -> None:
        """The article is compared with those before it, kept, and known when it comes again."""
        article = {"id": "added", "text": WIRE + " Ferries stay in port."}
        for standing in ("added", "known"):
            answer = client.post(f"{API}/check_and_add", json=article)
            assert answer.json()["standing"] == standing
            assert answer.json()["candidates"][0]["id"] == "wire"
        answer = client.post(f"{API}/check_and_add?detail=matches", json=article).json()
        assert is_valid(answer["answer"], "answer", "index")
        answer = client.post(f"{API}/check_and_add?detail=full", json=article).json()
        assert is_valid(answer["check"], "check_document")
        assert client.delete(f"{API}/articles/added").status_code == 204

    def test_articles_are_compared_and_aligned(self, client: Any) -> None:
        """Sent whole, or by the ids of those in the archive."""
        sent = [{"id": "wire"}, {"id": "new", "text": RETOLD}]
        result = client.post(f"{API}/compare", json={"articles": sent}).json()
        assert is_valid(result, "report_document")
        assert [sorted(cluster["members"]) for cluster in result["clusters"]] == [["new", "wire"]]
        pair = {"source": {"id": "wire"}, "derivative": {"text": RETOLD}}
        alignment = client.post(f"{API}/align", json=pair).json()
        assert is_valid(alignment, "alignment_document")
        assert alignment["shares"]["added"] < 0.5


class TestArticles:
    def test_an_article_is_added_read_replaced_and_removed(self, client: Any) -> None:
        """And to send it twice is to send it once."""
        article = {"id": "päper/1 ?\n", "text": OTHER, "published": "2025-03-28", "extra": {"n": 1}}
        path = f"{API}/articles/p%C3%A4per%2F1%20%3F%0A"
        assert client.post(f"{API}/articles", json=article).status_code == 201
        assert client.post(f"{API}/articles", json=article).status_code == 200
        kept = client.get(path)
        assert kept.json() == {"title": None, "url": None, "publisher": None, "language": None,
                               "byline": None, **article}  # fmt: skip
        changed = client.put(path, json={"text": WIRE})
        assert changed.status_code == 200
        assert client.get(path).json()["text"] == WIRE
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == client.delete(path).status_code == 404

    def test_an_id_stands_for_one_text(self, client: Any) -> None:
        """Another text under it is a conflict, said as RFC 9457 has it."""
        for path in ("articles", "check_and_add"):
            answer = client.post(f"{API}/{path}", json={"id": "wire", "text": OTHER})
            assert answer.status_code == 409
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["title"] == "Conflict"

    def test_what_has_not_changed_is_not_sent_again(self, client: Any) -> None:
        """An ETag names the article; PUT and DELETE can ask that it is still the same."""
        path = f"{API}/articles/wire"
        kept = client.get(path)
        unchanged = client.get(path, headers={"If-None-Match": kept.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        stale = {"If-Match": '"of-yesterday"'}
        assert client.put(path, json={"text": OTHER}, headers=stale).status_code == 412
        assert client.delete(path, headers=stale).status_code == 412
        same = client.put(path, json={"text": WIRE, "publisher": "Harbour News"},
                          headers={"If-Match": kept.headers["etag"]})  # fmt: skip
        assert same.status_code == 200

    def test_a_replacement_that_is_refused_replaces_nothing(self, client: Any) -> None:
        """Alone or as one of many lines: the article stays as it was."""
        path = f"{API}/articles/wire"
        kept = client.get(path).text
        article = {"text": OTHER, "extra": {"note": "é" * 1_700_000}}  # 10.2 MB as an index has it
        assert client.put(path, json=article).status_code == 422
        line = json.dumps({"id": "wire", **article}, ensure_ascii=False).encode()
        kind = {"Content-Type": "application/x-ndjson"}
        bulk = f"{API}/articles/bulk?update=true"
        sent = client.post(bulk, content=line, headers=kind).json()
        assert [refused["line"] for refused in sent["refused"]] == [1]
        assert client.get(path).text == kept

    def test_what_is_kept_can_be_read(self, client: Any) -> None:
        """However deep its extra fields are: what could not be sent again is refused."""
        for levels, status in ((100, 201), (101, 422), (400, 422)):
            deep = '{"a":' * (levels - 2) + '[{"a":1}]' + "}" * (levels - 2)
            body = f'{{"id": "deep-{levels}", "text": "Of {levels} levels.", "extra": {deep}}}'
            kind = {"Content-Type": "application/json"}
            assert client.post(f"{API}/articles", content=body, headers=kind).status_code == status
            put = f'{{"text": "Of many levels.", "extra": {deep}}}'
            assert (
                client.put(f"{API}/articles/put", content=put, headers=kind).status_code == status
            )
            kind = {"Content-Type": "application/x-ndjson"}
            bulk = client.post(f"{API}/articles/bulk", content=body, headers=kind).json()
            assert len(bulk["refused"]) == (status == 422)
            kept = client.get(f"{API}/articles/deep-{levels}")
            assert kept.status_code == (200 if status == 201 else 404)
        for id in ("deep-100", "put"):
            assert client.delete(f"{API}/articles/{id}").status_code == 204

    def test_a_line_with_a_key_twice_is_refused(self, client: Any) -> None:
        """A program that wrote it may have meant either."""
        body = '{"id": "twice", "text": "The port opened.", "text": "The ferry sank."}\n'
        kind = {"Content-Type": "application/x-ndjson"}
        (refused,) = client.post(f"{API}/articles/bulk", content=body, headers=kind).json()[
            "refused"
        ]
        assert "'text' more than once" in str(refused)
        assert client.get(f"{API}/articles/twice").status_code == 404

    def test_lists_come_page_by_page(self, client: Any) -> None:
        """`next` leads from page to page, until there is none."""
        ids, after = [], "0"
        while after:
            page = client.get(f"{API}/articles", params={"limit": 1, "after": after}).json()
            ids += [article["id"] for article in page["articles"]]
            after = page["next"]
        assert sorted(ids) == ["theatre", "wire"]

    def test_many_lines_at_once(self, client: Any) -> None:
        """A line that cannot be used is refused with its number; sent again, all are known."""
        lines = [json.dumps({"id": f"bulk-{n}", "text": f"{OTHER} Evening {n}."}) for n in range(5)]
        wrong = ["[1]", '{"id": "x"}', '{"id": "wire", "text": "Another text."}', "\ud83d"]
        body = "\n".join([*lines, "", *wrong]).encode("utf-8", "surrogatepass")
        kind = {"Content-Type": "application/x-ndjson"}
        first = client.post(f"{API}/articles/bulk", content=body, headers=kind).json()
        assert (first["added"], first["known"]) == (5, 0)
        assert sorted(refused["line"] for refused in first["refused"]) == [7, 8, 9, 10]
        again = client.post(f"{API}/articles/bulk", content=body, headers=kind).json()
        assert (again["added"], again["known"]) == (0, 5)
        for n in range(5):
            client.delete(f"{API}/articles/bulk-{n}")

    def test_clusters_come_page_by_page(self, tmp_path: Path) -> None:
        """`next` leads from page to page, until there is none."""
        with dedup.Index(tmp_path / "news.dedup") as index:
            for n, text in enumerate((WIRE, OTHER)):
                pair = (dedup.Article(f"{n}{end}", f"{text} {end}") for end in ("a", "b"))
                index.add_many(pair)
            index.settle()
        with serving(tmp_path) as client:
            found, after = [], "0"
            while after:
                page = client.get(f"{API}/clusters", params={"limit": 1, "after": after}).json()
                found += [(cluster["id"], cluster["members"]) for cluster in page["clusters"]]
                after = page["next"]
        assert found == [(f"c{n + 1}", [f"{n}a", f"{n}b"]) for n in range(2)]

    def test_clusters_are_listed_and_opened(self, tmp_path: Path) -> None:
        """As far as they are worked out, and each as the document of `dedup report`."""
        with dedup.Index(tmp_path / "news.dedup") as index:
            index.add_many([dedup.Article("wire", WIRE), dedup.Article("post", RETOLD)])
            index.settle()
        with serving(tmp_path) as client:
            (cluster,) = client.get(f"{API}/clusters").json()["clusters"]
            assert cluster["members"] == ["post", "wire"]
            assert client.get(f"{API}/clusters?member=wire").json()["clusters"] == [cluster]
            opened = client.get(f"{API}/clusters/{cluster['id']}")
            assert is_valid(opened.json(), "report_document")
            assert len(opened.json()["articles"]) == 2
            for unknown in ("c99", "c", "x1", "c1e9"):
                assert client.get(f"{API}/clusters/{unknown}").status_code == 404


def is_listening(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with socket.socket() as wire:
        return wire.connect_ex(("127.0.0.1", port)) == 0


class TestRunning:
    def test_what_was_acknowledged_is_there_after_a_kill(self, tmp_path: Path) -> None:
        """Killed while articles arrive, the server has lost none whose answer had come; started
        again, it takes the same articles as known."""
        place, folder = str(tmp_path / "news.dedup"), str(tmp_path / "data")
        running = Running(place, "--data", folder)
        acknowledged: list[str] = []

        def send(writer: int) -> None:
            with running.client() as client:
                for n in range(500):
                    id = f"{writer}-{n}"
                    article = {"id": id, "text": f"{OTHER} Seat {id} was empty on evening {n}."}
                    try:
                        answer = client.post(f"{API}/check_and_add", json=article)
                    except httpx.HTTPError:
                        return
                    if answer.status_code == 200:
                        acknowledged.append(id)
                    if len(acknowledged) >= 40:
                        running.process.kill()

        writers = [Thread(target=send, args=(writer,)) for writer in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        running.stop(signal.SIGKILL)
        with dedup.Index(place, readonly=True) as index:
            assert len(acknowledged) >= 40
            assert not [id for id in acknowledged if id not in index]

    @pytest.mark.parametrize("what", ["no index", "no folder", "no catalogue", "no port"])
    def test_what_cannot_be_served_is_said_in_a_line(self, tmp_path: Path, what: str) -> None:
        """With exit code 1, and no traceback: 3 would say that reuse was found."""
        (tmp_path / "news.txt").write_text(WIRE)
        (tmp_path / "data").mkdir()
        place, folder = tmp_path / "news.dedup", tmp_path / "data"
        with socket.create_server(("127.0.0.1", 0)) as busy:
            port = busy.getsockname()[1] if what == "no port" else free_port()
            if what == "no index":
                place = tmp_path / "nowhere" / "news.dedup"
            elif what == "no folder":
                folder = tmp_path / "news.txt" / "data"
            elif what == "no catalogue":
                make_settings(tmp_path).catalogue.write_text("no database" * 100)
            command = [sys.executable, "-m", "dedup", "serve", str(place), "--data", str(folder)]
            command += ["--port", str(port), "--encoder", "none", "--jobs", "1"]
            ended = subprocess.run(command, capture_output=True, text=True, timeout=MAX_WAIT)
        assert ended.returncode == 1
        (said,) = ended.stderr.splitlines()
        assert said.startswith(
            {
                "no index": f"dedup: {place}: ",
                "no folder": f"dedup: {folder}: ",
                "no catalogue": f"dedup: {make_settings(tmp_path).catalogue}: ",
                "no port": f"dedup: cannot listen at 127.0.0.1:{port}: address already in use;",
            }[what]
        )

    def test_told_to_stop_it_finishes_what_has_begun(self, tmp_path: Path) -> None:
        """SIGTERM ends it quietly, once the request that is under way has been answered."""
        running = Running(str(tmp_path / "news.dedup"), "--data", str(tmp_path / "data"))
        assert running.said == (
            f"dedup: serving {tmp_path / 'news.dedup'} at {running.address}/ (Ctrl-C stops it)\n"
        )

        def is_under_way() -> bool:
            """Whether there is a request beside the one that asks this."""
            with running.client() as other:
                return "\ndedup_requests_under_way 2\n" in other.get("/metrics").text

        def lines() -> Iterator[bytes]:
            yield json.dumps({"id": "a", "text": WIRE}).encode() + b"\n"
            wait_until(is_under_way)  # before it has come in, the connection is one that idles
            running.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not is_listening(running.port))
            yield json.dumps({"id": "b", "text": OTHER}).encode()

        with running.client() as client:
            kind = {"Content-Type": "application/x-ndjson"}
            answer = client.post(f"{API}/articles/bulk", content=lines(), headers=kind)
            assert answer.json()["added"] == 2
        assert running.process.wait(timeout=MAX_WAIT) == 128 + signal.SIGTERM
        running.stop()
        with dedup.Index(tmp_path / "news.dedup", readonly=True) as index:
            assert [article.id for article in index] == ["a", "b"]

    def test_the_log_is_put_into_the_file_while_articles_arrive(self, tmp_path: Path) -> None:
        """So that no commit stops for that; the file alone then has what was written."""
        archive = Archive(str(tmp_path / "news.dedup"), None)

        def in_file(id: str) -> bool:
            copy = tmp_path / "copy.dedup"
            copy.write_bytes((tmp_path / "news.dedup").read_bytes())
            try:
                with Index(copy, readonly=True) as index:
                    return id in index
            except StoreError:  # copied while it was written
                return False

        try:
            for id in "ab":
                article = Article(id, f"{WIRE} {id}")
                assert archive.submit(lambda index, article=article: index.add(article)).result()
                wait_until(in_file, id)
        finally:
            archive.close()

    def test_two_servers_on_one_index_agree(self, tmp_path: Path) -> None:
        """What one has acknowledged the other has, too, and refuses a second text for its id."""
        with serving(tmp_path) as one, serving(tmp_path) as other:
            assert one.post(f"{API}/articles", json={"id": "a", "text": WIRE}).status_code == 201
            assert other.get(f"{API}/articles/a").json()["text"] == WIRE
            assert other.post(f"{API}/articles", json={"id": "a", "text": OTHER}).status_code == 409
            found = other.post(f"{API}/check", json={"text": RETOLD}).json()
            assert [source["article"]["id"] for source in found["sources"]] == ["a"]

    def test_numbers_say_how_it_does(self, client: Any) -> None:
        """Prometheus reads them, and they name routes, not ids."""
        client.get(f"{API}/articles/wire")
        text = client.get("/metrics").text
        route = 'method="GET",route="/api/v1/articles/{id:any}",status="200"'
        assert f"dedup_requests_total{{{route}}}" in text
        assert "dedup_articles 2\n" in text
        assert client.get("/healthz").text == "ok\n"


def test_a_content_system_asks_before_publishing(tmp_path: Path) -> None:
    """The example of the documentation runs: no to a retelling without a credit, yes to own work,
    which is then known."""
    page = (Path(__file__).parent.parent / "docs" / "serve.md").read_text("utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    running = Running(str(tmp_path / "news.dedup"), "--data", str(tmp_path / "data"))
    with running.client() as client:
        article = {"id": "wire", "text": WIRE, "publisher": "Harbour News"}
        assert client.post(f"{API}/articles", json=article).status_code == 201
        scope: dict[str, Any] = {"__name__": "example"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DEDUP_ADDRESS", running.address)
            patch.setenv("PORT", "0")
            exec(example, scope)
        hook = scope["server"]
        Thread(target=hook.serve_forever, daemon=True).start()
        try:
            stolen = RETOLD.replace(", Harbour News reported", "")
            for body, expected in ((stolen, False), (OTHER, True)):
                story = {"id": f"story-{expected}", "headline": "Of today", "body": body}
                answer = client.post(f"http://127.0.0.1:{hook.server_port}", json=story).json()
                assert answer["publish"] is expected, answer
                assert bool(answer["reasons"]) is not expected
            assert client.get(f"{API}/articles/story-True").status_code == 200
        finally:
            hook.shutdown()
            hook.server_close()
            running.stop()
