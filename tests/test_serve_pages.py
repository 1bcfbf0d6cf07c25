"""The pages of a server as a browser without scripts sees them, and who may use their forms."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hostile import BREAKOUT, BROKEN, CODE, TURNED
from patience import MAX_WAIT, wait_until
from serving import OTHER, RETOLD, TOKEN, WIRE, make_settings, serving

from dedup import Article, Index
from dedup.client.documents import read_report
from dedup.serve.browsing import snippet
from dedup.serve.house import House
from dedup.serve.keeper import Keeper
from dedup.serve.results import MAX_BYTES, Result, Results


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serving(tmp_path_factory.mktemp("pages"), ours=("Harbour News",)) as client:
        for id, text, outlet in (
            ("wire", WIRE, "Harbour News"), ("post", RETOLD, "City Post"), ("play", OTHER, None),
        ):  # fmt: skip
            article = {"id": id, "text": text, "publisher": outlet, "published": "2025-03-28"}
            client.post("/api/v1/articles", json=article)
        yield client


def mark_of(client: Any, path: str = "/") -> str:
    """The mark of a form on a page."""
    found = re.search(r'name="mark" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def send(client: Any, path: str, **fields: Any) -> Any:
    """A form, filled in and sent; the page that it leads to."""
    file = fields.pop("file", None)
    files = {"file": file} if file else {"none": ("", b"")}
    answer = client.post(path, data={"mark": mark_of(client), **fields}, files=files)
    return follow(client, answer)


def is_finished(client: Any, path: str) -> bool:
    """Whether a page no longer asks to be loaded again."""
    return 'http-equiv="refresh"' not in client.get(path).text


def follow(client: Any, answer: Any) -> Any:
    """The page that an answer leads to, once it is worked out."""
    while answer.status_code == 303:
        path = answer.headers["location"]
        wait_until(is_finished, client, path)
        answer = client.get(path)
    return answer


def wait_for(client: Any, path: str, words: str) -> str:
    """A page, once the keeper has got so far that it has these words."""
    wait_until(lambda: words in client.get(path).text)
    return client.get(path).text


class TestDraft:
    def test_a_draft_that_is_pasted_is_answered_in_a_sentence(self, client: Any) -> None:
        """How much is from where, and whether it is credited; nothing is kept."""
        page = send(client, "/check", text=RETOLD.replace(", Harbour News reported", ""))
        assert page.status_code == 200
        assert "4 of 4 sentences retell the Harbour News piece; it is not credited" in page.text
        assert client.get("/readyz").json()["articles"] == 3
        credited = send(client, "/check", text=RETOLD).text
        assert "it is credited" in credited

    def test_it_is_kept_only_if_that_is_ticked(self, client: Any) -> None:
        """Or afterwards, by a button beside the result."""
        page = send(client, "/check", text=f"{RETOLD} Kept one.", keep="yes", publisher="Our Post")
        assert "kept in the archive" in page.text
        page = send(client, "/check", text=f"{OTHER} Kept two.")
        keep = re.search(r'action="(/results/[^"]+/keep)"', page.text)
        assert keep
        assert "kept in the archive" in send(client, keep[1]).text
        drafts = client.get("/api/v1/articles").json()["articles"][3:]
        assert [draft["publisher"] for draft in drafts] == ["Our Post", None]
        for draft in drafts:
            client.delete(f"/api/v1/articles/{draft['id']}")

    def test_the_result_can_be_taken_along(self, client: Any) -> None:
        """As the one file that the command writes, and as data."""
        page = send(client, "/check", text=RETOLD)
        file, data = re.findall(r'href="(/results/[^"]+/report\.\w+)"', page.text)
        report = client.get(file)
        assert report.headers["content-disposition"].startswith("attachment")
        assert report.headers["content-security-policy"] == "sandbox"
        assert report.text.startswith("<!DOCTYPE html>")
        assert "<script src" not in report.text
        assert client.get(data).json()["schema"] == "dedup/check/1"

    def test_a_file_is_checked_and_one_of_many_is_chosen(self, client: Any) -> None:
        """Of every format that is read."""
        page = send(client, "/check", file=("draft.md", f"# Ferry\n\n{RETOLD}".encode()))
        assert "retell the Harbour News piece" in page.text
        table = f'id,text\nx1,"{RETOLD}"\nx2,"{OTHER}"\n'.encode()
        page = send(client, "/check", file=("two.csv", table))
        assert "2 articles in this file" in page.text
        chosen = re.findall(r'action="(/results/[^"]+/check)"', page.text)[0]
        assert "retell the Harbour News piece" in send(client, chosen, number="0").text

    def test_an_article_of_the_archive_is_checked(self, client: Any) -> None:
        """Against all others."""
        page = send(client, "/check", article="post")
        assert "retell the Harbour News piece" in page.text
        assert send(client, "/check", article="nobody").status_code == 404
        assert send(client, "/check").status_code == 422

    def test_the_drafts_count_for_what_all_results_may_take(self) -> None:
        """They are kept as long as their results are."""

        async def fail() -> None:
            raise ValueError

        async def check_many() -> list[Result | None]:
            results = Results()
            draft = Article("draft", "x" * (MAX_BYTES // 2))
            keys = []
            for _ in range(3):
                keys.append(results.start(fail(), draft))
                await results.wait(keys[-1], MAX_WAIT)
            return [results.get(key) for key in keys]

        first, second, last = asyncio.run(check_many())
        assert first is second is None
        assert last is not None

    def test_a_result_is_gone_with_its_hour(self, client: Any) -> None:
        """And nobody can guess where one stands."""
        assert client.get("/results/guessed").status_code == 410


class TestArchive:
    def test_it_is_searched_by_words_outlet_date_and_address(self, client: Any) -> None:
        """All that is asked for has to be there."""
        wait_for(client, "/archive?words=pillars", "Harbour News")
        for query, expected in (
            ("words=pillars+cracks", {"wire", "post"}), ("words=beekeepers", {"play"}),
            ("words=pillars&outlet=City+Post", {"post"}), ("since=2025-03-29", set()),
            ("until=2025-03-29&words=ferry", {"wire", "post"}), ("words=%22+OR+*+(", set()),
            ("address=example", set()), ("outlet=harbour+news", {"wire"}),
        ):  # fmt: skip
            text = client.get(f"/archive?{query}").text
            found = set(re.findall(r'<h3><a href="/archive/([^"]+)"', text))
            assert found == expected, query
        assert client.get("/archive?since=yesterday").status_code == 422

    def test_the_place_of_a_word_is_shown_where_it_stands(self) -> None:
        """Also behind letters that become two where capitals do not matter."""
        text = f"{'Groß ß ' * 100}and then the PILLARS fell."
        assert snippet(Article("a", text), "pillars").endswith("and then the PILLARS fell.")
        assert snippet(Article("a", text), "(pillars").strip() == ""

    def test_an_article_has_its_cluster_its_tree_and_its_timeline(self, client: Any) -> None:
        """As soon as these are worked out."""
        wait_for(client, "/clusters", 'class="card"')
        text = client.get("/archive/wire").text
        assert "Its cluster" in text
        assert "Tree of derivations" in text
        assert "Timeline" in text
        assert client.get("/archive/nobody").status_code == 404

    def test_clusters_are_listed_filtered_and_opened(self, client: Any) -> None:
        """As in the report, and as one file."""
        text = wait_for(client, "/clusters?sort=uncredited", 'class="card"')
        assert "Who takes from whom" in text
        assert 'class="card"' in client.get("/clusters?who=from+us&outlet=City+Post").text
        for nothing in ("who=by+us", "outlet=Nobody", "since=2026-01-01", "language=xx"):
            assert 'class="card"' not in client.get(f"/clusters?{nothing}").text
        path = re.search(r'href="(/clusters/c\d+)#c1"', text)
        assert path
        assert "Who took it from whom" in client.get(path[1]).text
        assert client.get(f"{path[1]}/report.html").text.startswith("<!DOCTYPE html>")
        assert client.get("/clusters/c99").status_code == 404
        assert client.get("/clusters?sort=x").status_code == 422

    def test_articles_are_added_and_removed(self, client: Any) -> None:
        """By a file, and with a word of what became of it."""
        table = f'id,text\nnew,"{OTHER} At noon."\nwire,"Another text of this id, for once."\n'
        page = send(client, "/archive", file=("two.csv", table.encode()))
        assert "1 article added, 1 not" in page.text
        assert client.get("/archive/new").status_code == 200
        send(client, "/remove", article="new")
        assert client.get("/archive/new").status_code == 404

    def test_any_two_are_compared(self, client: Any) -> None:
        """Pasted, or by their ids."""
        page = send(client, "/compare", source_id="wire", derivative=RETOLD)
        assert "4 of 4 sentences come from the source" in page.text
        assert send(client, "/compare", source_id="wire", derivative_id="wire").status_code == 422


class TestForms:
    def test_a_form_without_the_mark_of_its_session_is_refused(self, client: Any) -> None:
        """Whatever it asks for: another site cannot have it."""
        for path in ("/check", "/archive", "/remove", "/compare", "/logout", "/login"):
            for fields in ({}, {"mark": "guessed"}):
                answer = client.post(path, data={**fields, "text": WIRE, "article": "wire"})
                assert answer.status_code == 403, path
        assert client.get("/archive/wire").status_code == 200

    def test_an_article_of_an_enemy_is_shown_and_does_nothing(self, client: Any) -> None:
        """Whatever stands in its fields is text."""
        attack = f"{CODE} {BREAKOUT} {TURNED} {BROKEN}".replace("\ud83d", "")
        text = f"{WIRE} {attack}"
        page = send(client, "/check", text=text, title=attack, publisher=attack, url=attack)
        assert page.status_code == 200
        article = {"id": attack.replace("\x00", ""), "text": text, "title": attack}
        assert client.post("/api/v1/articles", json=article).status_code == 201
        path = f"/archive/{quote(article['id'], safe='')}"
        for shown in (page.text, client.get(path).text, client.get("/archive").text):
            assert "<script>window" not in shown
            assert "<img" not in shown
            assert "\u202e" not in shown
        assert client.delete(f"/api/v1{path.replace('archive', 'articles')}").status_code == 204


class TestLogin:
    def test_a_browser_logs_in_with_the_token(self, tmp_path: Path) -> None:
        """And is led where it wanted to go; its cookie is of no use to scripts or other sites."""
        with serving(tmp_path, token=TOKEN, host="0.0.0.0") as client:
            asked = client.get("/archive")
            assert asked.headers["location"] == "/login?next=/archive"
            assert client.post("/check").status_code == 401
            mark = mark_of(client, "/login?next=/archive")
            wrong = client.post("/login", data={"mark": mark, "token": "x" * 20})
            assert wrong.status_code == 403
            right = client.post("/login", data={"mark": mark, "token": TOKEN, "next": "/archive"})
            assert right.headers["location"] == "/archive"
            cookie = right.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert client.get("/archive").status_code == 200
            away = client.post(
                "/login", data={"mark": mark_of(client), "token": TOKEN, "next": "//evil.example"}
            )
            assert away.headers["location"] == "/"
            client.post("/logout", data={"mark": mark_of(client)})
            assert client.get("/archive").status_code == 303


class TestWatching:
    def test_files_are_read_and_watched(self, tmp_path: Path) -> None:
        """What is new is added, what has changed replaced, what is gone removed; two files of one
        name are two articles."""
        folder = tmp_path / "news"
        folder.mkdir()
        (folder / "a.txt").write_text(WIRE)
        (folder / "b.txt").write_text(OTHER)
        (folder / "more").mkdir()
        other = folder / "more" / "a.txt"
        other.write_text(f"{OTHER} Of the same name.")
        settings = make_settings(tmp_path, watched=(str(folder),))
        settings.folder.mkdir()
        with Index(settings.index) as index:
            keeper = Keeper(settings)
            assert len(list(keeper.watch())) == 3
            assert list(keeper.watch()) == []
            (folder / "a.txt").write_text(f"{RETOLD}\n")
            (folder / "b.txt").unlink()
            (folder / "c.txt").write_text(f"{OTHER} Again.")
            assert len(list(keeper.watch())) == 3
            kept = {article.id: article.text.strip() for article in index}
            assert kept == {
                "a": RETOLD,
                "c": f"{OTHER} Again.",
                f"{other}:a": f"{OTHER} Of the same name.",
            }

    def test_a_draft_that_is_checked_too_early_says_so(self, tmp_path: Path) -> None:
        """As long as a file has not been read, "no matching source" may be untrue."""
        folder = tmp_path / "news"
        folder.mkdir()
        (folder / "a.txt").write_text(WIRE)
        (folder / "b.txt").write_text(OTHER)
        early = "were still being read when this draft was checked"

        async def keep_nothing(house: House) -> None:
            """No keeper reads the files here."""

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(House, "_keep", keep_nothing)
            with serving(tmp_path, watched=(str(folder),)) as client:
                assert "still being read; the archive has 0 articles" in client.get("/").text
                assert early in send(client, "/check", text=RETOLD).text
                asked = {"json": {"text": RETOLD}}
                answer = client.post("/api/v1/check", **asked).json()
                assert answer["still_reading"] is read_report(answer).still_reading is True
                files = list(Keeper(make_settings(tmp_path, watched=(str(folder),))).watch())
                assert len(files) == 2
                assert "the 2 articles of the archive" in client.get("/").text
                assert early not in send(client, "/check", text=RETOLD).text
                assert "still_reading" not in client.post("/api/v1/check", **asked).json()
