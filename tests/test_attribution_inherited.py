"""Inherited credits: a text that lost its credit line has it from a copy that kept it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.article import Article
from dedup.attribution import (
    InheritedCredit,
    attributions,
    inherited_credits,
    publisher_of,
    reprinted_agencies,
)
from dedup.attribution.outlets import find_outlet, load_directory, load_toml
from dedup.text import Text, prepare

WIRE = (
    "The party's central committee met behind closed doors on Thursday and agreed to remove the "
    "finance minister, two people present at the meeting said. The minister, who has led the "
    "budget talks since March, was not told in advance and learned of it from a television "
    "broadcast. His deputy will take over until a successor is chosen by the parliament, which "
    "does not sit again before the second week of September, after the summer recess."
)
OWN = (
    "Farmers in the north of the country expect the poorest wheat harvest in ten years. Three "
    "dry months have left the soil hard as stone, and the river that feeds the canals carries "
    "half of its usual water. The ministry has promised loans, but the banks have yet to agree."
)


def inherited_among(*articles: str | Article) -> tuple[InheritedCredit, ...]:
    texts: list[Text] = [
        prepare(a if isinstance(a, Article) else Article(str(i), a, language="en"))
        for i, a in enumerate(articles)
    ]
    return inherited_credits(texts, [attributions(text) for text in texts])


def test_a_copy_without_its_credit_line_has_the_credit_of_a_copy_with_one() -> None:
    """The place in the relative and the wording they share are the evidence."""
    credited = f"WARSAW (AP) — {WIRE}"
    found = inherited_among(credited, WIRE)
    assert [(c.member, c.source, c.outlet) for c in found] == [(1, 0, "AP")]
    assert credited[found[0].place.begin : found[0].place.end] == "(AP)"
    assert found[0].share == 1
    assert WIRE[found[0].begin : found[0].end].startswith("The party's central committee met")


def reprinted_among(*articles: Article) -> tuple[frozenset[str], ...]:
    texts = [prepare(article) for article in articles]
    found = [attributions(text) for text in texts]
    publishers = [publisher_of(*pair) for pair in zip(texts, found, strict=True)]
    lines = [{a.outlet for a in own if a.form == "line"} for own in found]
    return reprinted_agencies(texts, lines, publishers)


def test_a_page_prints_an_agencys_report_without_its_line() -> None:
    """Also where it names the agency in passing; not where half of it is its own, nor where it
    has a credit line, nor the agency itself, nor a newspaper's report."""
    line, passing = f"WARSAW (AP) — {WIRE}", f"{WIRE} The minister told AP he was well."
    pages = (line, WIRE, passing, f"{WIRE} {OWN}", f"LYON (Reuters) - {OWN}")
    found = reprinted_among(*(Article(str(n), t, language="en") for n, t in enumerate(pages)))
    assert found == (frozenset(), {"AP"}, {"AP"}, frozenset(), frozenset())
    own = Article("own", WIRE, publisher="AP", language="en")
    assert reprinted_among(Article("0", line, language="en"), own)[1] == frozenset()
    paper = Article("0", f"This article first appeared in The Guardian.\n\n{WIRE}", language="en")
    assert reprinted_among(paper, Article("1", WIRE, language="en"))[1] == frozenset()


def test_own_work_on_the_same_story_carries_no_credit() -> None:
    """Nothing is inherited by topic."""
    retold = (
        "Poland's ruling party has sacked its finance minister at a meeting on Thursday, people "
        "who were there said. He heard it on television. Parliament will choose a successor in "
        "September; until then his deputy runs the ministry."
    )
    assert inherited_among(f"WARSAW (AP) — {WIRE}", retold) == ()
    assert inherited_among(f"WARSAW (AP) — {WIRE}", OWN) == ()


def test_a_text_with_another_credit_line_keeps_to_it() -> None:
    """What it says itself weighs more than what a relative says."""
    assert inherited_among(f"WARSAW (AP) — {WIRE}", f"WARSAW (Reuters) - {WIRE}") == ()


def test_an_outlets_own_page_does_not_have_the_report_from_itself() -> None:
    """Others credit the Austrian Times; its own article needs no credit."""
    own = Article("own", WIRE, publisher="Austrian Times", language="en")
    told = f"According to the Austrian Times, {WIRE}"
    assert inherited_among(own, told, told) == ()


def test_a_text_that_may_be_the_outlets_own_is_credited_with_doubt() -> None:
    """At most one of the texts whose publisher nobody knows can be the outlet's."""
    told = f"The plan was first reported by the Austrian Times. {WIRE}"
    copy = Article("copy", WIRE, url="https://news.example.org/7", language="en")
    (unknown,) = inherited_among(WIRE, told, told)
    (known,) = inherited_among(copy, told, told)
    assert unknown.outlet == known.outlet == "Austrian Times"
    assert known.confidence == known.share
    assert unknown.confidence == unknown.share / 2


def test_a_source_of_a_detail_is_not_inherited() -> None:
    """One mention late in one text does not make an outlet the source of the report."""
    detail = f"{WIRE} The minister owns two flats, the Austrian Times reported last year."
    assert inherited_among(detail, WIRE) == ()


def test_a_family_of_four_hundred_copies_is_no_trap() -> None:
    """Work grows with the words of the family."""
    articles = [f"WARSAW (AP) — {WIRE}" if i % 2 else f"{WIRE} Page {i}." for i in range(400)]
    texts = [prepare(Article(str(i), text, language="en")) for i, text in enumerate(articles)]
    found = [attributions(text) for text in texts]
    with bounded_time():
        assert len(inherited_credits(texts, found)) == 200


@settings(deadline=None)
@given(st.lists(st.sampled_from([WIRE, OWN, f"WARSAW (AP) — {WIRE}", ""]), max_size=6))
def test_what_is_inherited_lies_in_the_texts(articles: list[str]) -> None:
    """Every copy without the line has AP's credit from one with it; spans, texts and shares
    are of the cluster."""
    credits = inherited_among(*articles)
    some_credit = any("(AP)" in article for article in articles)
    copies = {n for n, article in enumerate(articles) if article == WIRE and some_credit}
    assert {c.member for c in credits} == copies
    for c in credits:
        assert c.member != c.source
        assert 0 <= c.begin < c.end <= len(articles[c.member])
        assert 0 < c.confidence <= c.share <= 1
        assert "(AP)" not in articles[c.member]


# The list of outlets


def test_every_outlet_of_the_list_is_found_and_nothing_that_is_none() -> None:
    """By its name or by its domain."""
    kinds = load_toml("outlets.toml")
    kinds.pop("shapes")
    barred = {name for entries in kinds.pop("none").values() for name in entries}
    names = {name for kind in kinds.values() for entries in kind.values() for name in entries}
    found = {outlet.name for outlet in load_directory().by_domain.values()}
    found |= {outlet.name for outlet in load_directory().by_name.values() if outlet}
    assert found == names
    assert not any(find_outlet(name) for name in barred)


def test_every_domain_belongs_to_one_outlet() -> None:
    """No address is listed twice."""
    kinds = load_toml("outlets.toml")
    kinds.pop("shapes")
    entries = [items for kind in kinds.values() for c in kind.values() for items in c.values()]
    items = [item for own in entries for item in own]
    domains = [item for item in items if "." in item and " " not in item and item == item.lower()]
    assert len(domains) == len(set(domains))
