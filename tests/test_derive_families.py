"""Families: copies count once, versions follow each other, some have two parents."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.article import Article
from dedup.derive import derive, make_member
from dedup.relate import relate
from dedup.text import prepare

LEDE = "The finance minister resigned on Friday after auditors found 40 million euros missing."
STORY = (
    f"{LEDE} Prosecutors searched her house in Lyon on Thursday and seized two computers. The "
    "opposition has called for new elections in March. The prime minister said he had known "
    "nothing of the losses in the pension fund. A successor is to be named on Monday."
)
RETOLD = (
    "On Friday the minister of finance stepped down; auditors had discovered that 40 million "
    "euros were missing. Her house in Lyon was searched by prosecutors on Thursday, and two "
    "computers were seized. The opposition demands new elections in March."
)
MOMENTS = ["2025-03-28", "2025-03-28T10:00:00", "2025-03-29T01:30:00+02:00", "2025-04-01", None]


def member(id, text, **about):
    return make_member(prepare(Article(id, text, language="en", **about)))


def family(*members):
    """The relations and links of all pairs, and the derivations."""
    relations, links = {}, {}
    for i, j in itertools.combinations(range(len(members)), 2):
        relations[i, j], (links[i, j], links[j, i]) = relate(members[i].text, members[j].text)
    return derive(members, relations, links)


CABINET = (
    "The cabinet met for four hours on Saturday evening without a decision. Ministers left by "
    "the back door and refused to speak to reporters. A spokesman announced a statement for noon."
)
REACTION = (
    "Trade unions called for a demonstration in Marseille on Sunday afternoon. Their leader "
    "spoke of the worst scandal in twenty years. Pensioners have gathered outside the ministry."
)


WEATHER = (
    "Rain is expected to keep the crowds small in the south. Organisers have moved the stage "
    "into the old market hall beside the harbour. The mayor offered free buses from the suburbs "
    "until midnight. Shops along the route will close at three."
)


def test_what_is_taken_from_copies_hangs_on_one_of_them():
    """Five copies of one text are five articles, but no five parents and no five witnesses."""
    copies_ = [member(f"c{i}", STORY, published=f"2025-03-{20 + i}") for i in range(5)]
    found = family(*copies_, member("d", f"{STORY} {CABINET}", published="2025-03-29"))
    assert [d.source for d in found if d.derivative == "d"] == ["c0"]
    assert {d.source for d in found if d.derivative != "d"} <= {f"c{i}" for i in range(5)}


def test_versions_by_one_outlet_follow_each_other_in_time():
    """The third comes from the second, though the first is as close; never from a later one."""
    texts = STORY, f"{STORY} {CABINET}", f"{STORY} {REACTION}"
    versions = [
        member(f"v{2 - i}", text, publisher="AP", published=f"2025-03-28T1{i}:00:00")
        for i, text in enumerate(texts)
    ]
    found = [(d.source, d.derivative, d.kind) for d in family(*versions)]
    assert found == [("v2", "v1", "revision"), ("v1", "v0", "revision")]


def test_what_the_parent_lacks_and_another_has_comes_from_a_second_parent():
    """Half of c is b's text word for word, and says so; b and the parent share one sentence."""
    found = family(
        member("a", STORY, published="2025-03-28T08:00:00"),
        member("b", f"{LEDE} {REACTION} {CABINET} {WEATHER}", publisher="Le Monde"),
        member("c", f"{STORY} {REACTION} {CABINET} Le Monde reported this.", publisher="CNN",
               published="2025-03-29T20:00:00"),
    )  # fmt: skip
    own = [d for d in found if d.derivative == "c"]
    assert {d.source for d in own} == {"a", "b"}
    further = [e for d in own for e in d.evidence if e.signal == "further-content"]
    assert len(further) == 1
    assert {mark.article for mark in further[0].spans} == {"c"}


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sets(st.integers(0, 9), min_size=4), min_size=1, max_size=4),
    st.lists(st.sampled_from(MOMENTS), min_size=5, max_size=5),
)
def test_sources_and_derivatives_make_no_circle(choices, times):
    """Whatever the articles share and whenever they appeared, second sources included; two of
    them are copies, so there is an edge."""
    choices = [*choices, choices[0]]
    lines = f"{STORY} {CABINET} {REACTION}".split(". ")
    members = [
        member(str(i), ". ".join(lines[line % len(lines)] for line in sorted(chosen)),
               published=when)
        for i, (chosen, when) in enumerate(zip(choices, times, strict=False))
    ]  # fmt: skip
    sources = {}
    found = family(*members)
    assert found
    for d in found:
        assert 0 <= d.confidence <= 1
        if d.kind != "sibling":  # of which neither is a source
            sources.setdefault(d.derivative, set()).add(d.source)
    for start in sources:
        ahead, seen = list(sources[start]), set()
        while ahead:
            at = ahead.pop()
            assert at != start
            ahead += [u for u in sources.get(at, ()) if u not in seen]
            seen.add(at)


def test_an_outside_source_may_be_an_article_whose_publisher_is_unknown():
    """Then both are said: the outlet, and the article that it seems to be."""
    found = family(
        member("a", STORY, published="2025-03-28T08:00:00"),
        member("b", f"{RETOLD} This was reported by Le Monde.", published="2025-03-28T12:00:00"),
    )
    outside = next(d for d in found if d.source == "external:Le Monde")
    assert [e.signal for e in outside.evidence] == ["named", "resolved"]
    assert "may be a" in outside.evidence[1].detail


def test_an_outlet_that_published_an_ancestor_is_not_named_again():
    """c credits Le Monde, whose article it has through b: the path says so already."""
    found = family(
        member("a", STORY, publisher="Le Monde", published="2025-03-28T08:00:00"),
        member("b", f"{STORY} {CABINET} Le Monde reported this.", publisher="ZDF",
               published="2025-03-28T12:00:00"),
        member("c", f"{STORY} {CABINET} ZDF reported this, citing Le Monde.", publisher="CNN",
               published="2025-03-28T18:00:00"),
    )  # fmt: skip
    assert [(d.source, d.derivative) for d in found] == [("a", "b"), ("b", "c")]


def test_a_family_of_hundreds_of_copies_takes_seconds():
    """Each a word apart from the next, and every pair of them examined."""
    words_ = f"{STORY} {CABINET} {REACTION}".split()
    members = [
        member(f"{i:03d}", " ".join([*words_[: i % 60], f"edition{i}", *words_[i % 60 :]]))
        for i in range(400)
    ]
    relation, links = relate(members[0].text, members[1].text)
    pairs = list(itertools.combinations(range(400), 2))
    both = {pair: links[way] for u, v in pairs for way, pair in enumerate(((u, v), (v, u)))}
    with bounded_time():
        found = derive(members, dict.fromkeys(pairs, relation), both)
    assert 350 < len({d.derivative for d in found}) <= 400
