"""Declared sources: what files say of an article's origin is evidence of who took it from whom."""

import json
from pathlib import Path

import pytest
from newsroom import Story, html, ninjs3

from dedup.article import Article
from dedup.derive import Derivation
from dedup.pipeline import compare
from dedup.readers import read

LEDE = "Russia has started transferring North Korean long-range artillery to annexed Crimea. "
TEXT = LEDE + "\n\n".join(
    f"Brigade {n} received {n * 7} guns near the town of Dzhankoi on {n} March, officials said."
    for n in range(3, 12)
)


def derivations(articles: list[Article]) -> list[Derivation]:
    return [one for cluster in compare(articles).clusters for one in cluster.derivations]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("based_on", ("https://www.origin.example/guns/",)),
        ("canonical", "http://origin.example/guns"),
        ("links", ["https://origin.example/guns#comments"]),
        ("earlier", ("urn:take:1",)),
    ],
)
def test_a_reference_in_metadata_decides_the_direction(key: str, value: object) -> None:
    """Whatever it is called: the article that refers to the other was taken from it."""
    one = Article("a", TEXT, url="https://origin.example/guns", extra={"also": ("urn:take:1",)})
    other = Article("b", TEXT + "\n\nMore soon.", extra={key: value})
    for articles in ([one, other], [other, one]):
        (found,) = derivations(articles)
        assert (found.source, found.derivative, found.direction) == ("a", "b", "certain")
        assert any(e.signal == "link" and "b" in e.detail for e in found.evidence)


@pytest.mark.parametrize("value", [None, 7, {"a": 1}, [None, 3], "", [[]], "https://[broken"])
def test_whatever_a_record_holds_there_is_borne(value: object) -> None:
    """Fields of that name may come from anywhere."""
    keys = ("based_on", "canonical", "links", "earlier", "also", "sources")
    articles = [Article(id, TEXT, extra=dict.fromkeys(keys, value)) for id in "ab"]
    assert len(derivations(articles)) <= 1


def test_a_reference_that_both_have_decides_nothing() -> None:
    """Two copies of one page call themselves by one address."""
    url = "https://origin.example/guns"
    articles = [Article(id, TEXT, url=url, extra={"based_on": (url,)}) for id in "ab"]
    assert all(piece.signal != "link" for one in derivations(articles) for piece in one.evidence)


def test_an_organisation_in_metadata_is_an_outside_source(tmp_path: Path) -> None:
    """A ninjs item's infosources and a page's sourceOrganization, where the text is silent."""
    (tmp_path / "a.json").write_bytes(ninjs3(Story("a", TEXT, publisher="Example News")))
    (tmp_path / "b.html").write_bytes(html(Story("b", TEXT, publisher="Another Paper", url="")))
    result = compare(read(str(tmp_path)))
    found = [d for cluster in result.clusters for d in cluster.derivations]
    outside = {d.derivative: d for d in found if d.source == "external:Agence Exemple"}
    assert set(outside) == {"a", "b"}
    assert outside["a"].evidence[0].signal == "declared"
    json.dumps(outside["a"].evidence[0].detail)


@pytest.mark.parametrize(
    ("byline", "agencies"),
    [
        ("By Anna Schmidt, AP", {"AP"}), ("Von dpa/AFP", {"dpa", "AFP"}), ("Reuters", {"Reuters"}),
        ("Anna Schmidt and Kim Lee", set()), ("The Guardian", set()), (None, set()),
    ],
)  # fmt: skip
def test_an_agency_in_a_byline_is_an_outside_source(byline: str, agencies: set[str]) -> None:
    """A newspaper there is the article's own."""
    (alone,) = compare([Article("a", TEXT, byline=byline)]).singletons
    assert {d.source.removeprefix("external:") for d in alone.derivations} == agencies


def page(id: str, publisher: str, address: str, published: str, text: str, **extra: str) -> Article:
    return Article(id, text, publisher=publisher, url=address, published=published, extra=extra)


def test_who_has_the_address_of_another_outlet_has_the_report_from_there() -> None:
    """An aggregator's saved page names the original's address as its canonical one, and its
    stamp is a quarter of an hour ahead."""
    address = "https://www.valleyherald.example/guns"
    original = page("b", "The Valley Herald", address, "2025-03-28T14:05:00Z", TEXT)
    copy = page("a", "Newsmix", address, "2025-03-28T13:50:00Z", TEXT)
    (edge,) = derivations([copy, original])
    assert (edge.source, edge.derivative, edge.kind) == ("b", "a", "derived")


def test_a_page_that_was_changed_is_one_report_in_two_versions() -> None:
    """One address, one stamp of publication: the version that was modified first is the first."""
    address, stamp = "https://herald.example/live", "2025-03-28T10:00:00Z"
    first = page("b", "Herald", address, stamp, TEXT, modified="2025-03-28T11:00:00Z")
    more = f"{TEXT}\n\nPolice confirmed that two soldiers were hurt."
    later = page("a", "Herald", address, stamp, more, modified="2025-03-28T15:00:00Z")
    (edge,) = derivations([first, later])
    assert (edge.source, edge.derivative, edge.kind) == ("b", "a", "revision")


def test_a_later_report_on_the_same_site_is_an_update_only_where_it_keeps_the_story() -> None:
    """What tells a fifth of the earlier report is no later version of it."""
    sentences = TEXT.split("\n\n")
    site = "https://forum.example"
    one = page("a", "Forum", f"{site}/1", "2025-03-28T10:00:00Z", TEXT)
    for kept, kind in ((8, "revision"), (2, None)):
        own = [f"In town {n} the mayor opened a school for {n} pupils." for n in range(40, 50)]
        text = "\n\n".join((*sentences[:kept], *own[: 9 - kept]))
        other = page("b", "Forum", f"{site}/2", "2025-03-28T16:00:00Z", text)
        found = [edge.kind for edge in derivations([one, other])]
        assert ("revision" in found) == (kind == "revision")
