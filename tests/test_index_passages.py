"""An index finds articles that have only a passage in common with a draft, by runs of words."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from dedup import Article, Index
from dedup.candidates.passages import MAX_FOR_ONE
from dedup.cli import app
from dedup.index.postings import NUMBER_BITS
from dedup.index.search import MAX_ARTICLES_OF_RUN
from dedup.report.json import answer_to_json
from dedup.report.terminal import to_text
from dedup.report.terminal.index import check_page
from dedup.report.view import Answer

LIFTED = (
    "Nineteen barrels of lamp oil were left on the quay when the harbour master of Ostby locked "
    "his office for the winter, and the watchman who found them in the snow had neither a list of "
    "their owners nor the key of the only shed that would have held them all until spring."
)
REPORT = Article(
    "report",
    "The council of Ostby will sell the old customs house. Eleven offers came in before the end "
    "of August, the highest of them from a brewery. Two members voted against the sale; one of "
    "them had wanted a school of music in the building.\n\n"
    f"{LIFTED}\n\n"
    "The mayor expects the contract to be signed in October. Tenants may stay until the roof is "
    "mended, which will cost the town four hundred thousand crowns. Whether the tower clock goes "
    "to the buyer as well has not been settled. A meeting for residents is planned for Thursday "
    "evening in the gymnasium, where the plans of the architects will hang on the walls.",
    published="2025-08-30",
)
ESSAY = Article(
    "essay",
    "My grandmother collected recipes that nobody cooked. She wrote them on the back of tram "
    "tickets and kept them in a biscuit tin. Where a spice was missing she drew a flower, and "
    "where a measure was missing she left a gap as wide as her thumb.\n\n"
    f"{LIFTED.replace('locked', 'shut')}\n\n"
    "Why she copied that story between a soup and a cake, none of her daughters could ever tell "
    "me. I have cooked the soup since. It needs more salt than she would have allowed, a bone, "
    "and the patience to stay in the kitchen all afternoon. The cake I have never dared to try. "
    "Perhaps it was meant for somebody who had time to wait for spring.",
)
WEATHER = Article("weather", "Heavy snow closed three Alpine passes overnight. Ski resorts opened.")


@pytest.fixture(autouse=True)
def no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rare words find nothing, as where millions of articles have them."""
    monkeypatch.setattr(
        "dedup.index.search.rank_neighbours", lambda *_: (np.array([]), np.array([]), 0.0)
    )


@pytest.fixture
def index() -> Index:
    """An index with a report and something else."""
    made = Index(":memory:")
    made.add_many([REPORT, WEATHER])
    return made


def kinds(index: Index, draft: Article = ESSAY, **window: str) -> list[tuple[str, str]]:
    return [(m.article.id, m.relation.kind) for m in index.check(draft, **window).matches]


def test_a_lifted_paragraph_is_a_match(index: Index) -> None:
    """It is told from a retelling, and says how much was taken."""
    verdict = index.check_and_add(ESSAY)
    (match,) = verdict.matches
    assert (match.article.id, match.relation.kind) == ("report", "partial")
    assert match.taken_words > 40
    (described,) = answer_to_json(Answer(verdict))["matches"]
    assert described["taken_words"] == match.taken_words
    page = to_text(check_page("news", [Answer(verdict)]), 200, False)
    assert f"partial reuse; {match.taken_words} words taken" in page
    assert kinds(index, REPORT) == [("essay", "partial")]


def test_it_joins_no_cluster(index: Index) -> None:
    """What only runs propose is not related when clusters are brought up to date."""
    index.add(ESSAY)
    assert index.stats().pending == 0
    assert index.clusters() == ()


def test_an_article_of_another_time_is_left_out(index: Index) -> None:
    """As among all other candidates."""
    assert kinds(index, since="2025-09-01") == []
    assert kinds(index, since="2025-08-01") == [("report", "partial")]


def test_older_articles_do_not_crowd_out_what_lies_in_the_window(index: Index) -> None:
    """Of those that share most words in a row the first are looked at, others left out before."""
    lists = [" ".join(f"{ship}{n}" for n in range(200)) for ship in ("brig", "sloop")]
    for n in range(MAX_FOR_ONE + 1):
        own = " ".join(f"word{n}x{place}" for place in range(400))
        index.add(Article(f"a{n}", f"{own}.\n\n{lists[n % 2]}.", published="2024-05-01"))
    draft = Article("draft", "\n\n".join([ESSAY.text, *lists]))
    found = {candidate.id for candidate in index.check(draft).candidates}
    assert (len(found), "report" in found) == (MAX_FOR_ONE, False)
    assert [c.id for c in index.check(draft, since="2025-08-01").candidates] == ["report"]


def test_adding_reads_no_article_that_shares_only_a_passage(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else of the search is the same: the runs too, of which there are enough."""
    monkeypatch.setattr("dedup.index.search.MAX_ARTICLES_OF_RUN", 2)
    index.add(Article("again", f"{WEATHER.text} {LIFTED[:120]}"))
    (draft,) = index._searcher.fingerprint([ESSAY])
    with index._store.reading():
        whole = index._searcher.search(draft, 9)
        lean = index._searcher.search(draft, 9, sharing=False)
    assert [entry.id for entry, _ in whole.sharing] == ["report"]
    assert whole.full
    assert lean == replace(whole, sharing=[])
    read: list[int] = []
    monkeypatch.setattr(
        type(index._store), "read_entries", lambda _, numbers: read.extend(numbers) or []
    )
    index.add(ESSAY)
    assert read == []


def test_a_few_words_in_a_row_are_a_candidate_and_no_match(index: Index) -> None:
    """The words themselves decide, before anything costly is done."""
    words = LIFTED.split()
    for begin in range(20):
        text = f"{WEATHER.text} {' '.join(words[begin : begin + 14])}. Trains were late all day."
        assert kinds(index, Article("other", text)) == []


def test_what_was_removed_is_not_found(index: Index) -> None:
    """Its runs go with it, to a copy of it if there is one."""
    index.add(Article("copy", REPORT.text))
    index.remove("report")
    assert kinds(index) == [("copy", "partial")]
    index.remove("copy")
    assert kinds(index) == []
    index.remove("weather")
    assert index.stats().runs == 0


def test_a_near_copy_takes_over(index: Index) -> None:
    """Of many versions of a story a few have runs; a version that had none gets its own."""
    tail = " ".join(f"Line {n} of the register names a ship." for n in range(30))
    versions = [Article(f"v{n}", f"{REPORT.text} {tail} Version {n}.") for n in range(6)]
    with Index(":memory:") as story:
        story.add_many(versions)
        for article in versions[:5]:
            story.remove(article.id)
        assert [id for id, _ in kinds(story)] == ["v5"]


def test_what_many_have_finds_nothing() -> None:
    """A disclaimer under every article is kept of some of them only, and proposes none."""
    with Index(":memory:") as index:
        for n in range(MAX_ARTICLES_OF_RUN + 8):
            own = " ".join(f"word{n}x{place}" for place in range(30))
            index.add(Article(f"a{n}", f"{own}.\n\n{LIFTED}"))
        (draft,) = index._searcher.fingerprint([ESSAY])
        with index._store.reading():
            owners = Counter((index._store.lookup_runs(draft.runs) >> NUMBER_BITS).tolist())
        assert set(owners.values()) == {MAX_ARTICLES_OF_RUN}
        assert [candidate.id for candidate in index.check(ESSAY).candidates] == []


def test_an_index_may_do_without(tmp_path: Path) -> None:
    """It remembers how it was made, whoever opens it."""
    place = tmp_path / "lean.dedup"
    with Index(place, passages=False) as index:
        index.add_many([REPORT, WEATHER])
        assert (index.stats().runs, kinds(index)) == (0, [])
    with Index(place) as index:
        index.check_and_add(ESSAY)
        assert (index.stats().runs, kinds(index)) == (0, [])


def test_the_command_makes_either_kind(tmp_path: Path) -> None:
    """`add` makes the index; `check` and `stats` say what it has."""

    def invoke(*arguments: str | Path) -> Any:
        run = CliRunner().invoke(app, [*map(str, arguments), "--format", "json"])
        assert run.exit_code == 0, run.output
        return json.loads(run.stdout)

    for name, article in (("report", REPORT), ("essay", ESSAY), ("weather", WEATHER)):
        (tmp_path / f"{name}.txt").write_text(article.text, "utf-8")
    for option, found in (("--passages", ["partial"]), ("--no-passages", [])):
        place = tmp_path / f"news{option}.dedup"
        files = [str(tmp_path / "report.txt"), str(tmp_path / "weather.txt")]
        assert CliRunner().invoke(app, ["index", "add", str(place), *files, option]).exit_code == 0
        draft = invoke("check", tmp_path / "essay.txt", "--against", place)
        assert [source["relation"]["kind"] for source in draft["sources"]] == found
        assert bool(invoke("index", "stats", place)["runs"]) == bool(found)
