"""What is taken from a press release is from there, whatever else an article has."""

import dedup
from dedup.align import content_sentences, link_sentences
from dedup.article import Article
from dedup.cluster import find_footprints
from dedup.relate import MIN_PROBABILITY, relate
from dedup.relate.taken import NOTHING, compare_with_release
from dedup.text import prepare

STORY = (
    "Seagrass off the island of Tavola has grown back within nine years of the last trawler, a "
    "survey of 312 plots shows. Divers counted shoots in every plot twice a year and compared them "
    "with aerial pictures of the bay from 1958. Where anchors are forbidden the meadows cover "
    "three times the ground that they covered before, and young bream have come back with them. "
    "“We had expected to wait for a whole generation before the first shoots came through,” said "
    "Dr Ines Palma, who led the survey. “What we see is that the roots had been alive under the "
    "sand for all those years, and that they needed nothing but to be left alone.” The survey was "
    "made with boats that the harbour office lent. A second one, of the eastern bay, will begin in "
    "spring and take four years."
)
NOTES = (
    "Notes to editors\n\nThe Tavola Marine Station was founded in 1931 and is the oldest of its "
    "kind on this coast. It has forty staff and trains divers for the whole region.\n\n"
    "Media contact: 01 40 00 00 00"
)
RELEASE = f"{STORY}\n\n{NOTES}"
# Two newsrooms that take different parts of it, and have voices of their own.
FROM_HARBOUR = (
    "Seagrass is back in the bay of Tavola, and the skippers of the island want their anchorage "
    "back as well. A survey of the meadows found that where anchors are forbidden they cover three "
    "times the ground that they covered before, and young bream have come back with them. Antonio "
    "Reis, 61, has moored there since he was a boy. “Nobody asked us, and nobody pays us for the "
    "diesel that we burn to go round the cape,” he said on the quay on Tuesday. Divers have "
    "counted shoots there for nine years. The fishing guild is to meet the mayor next week."
)
FROM_CAPITAL = (
    "Parliament will vote on Thursday on whether to close eleven more bays to trawlers, after "
    "seagrass off the island of Tavola came back within nine years. “There is no second coast in a "
    "drawer,” said the minister for the sea, Paulo Teles. “What we see is that the roots had been "
    "alive under the sand for all those years, and that they needed nothing but to be left alone,” "
    "said Ines Palma, who led a survey of the meadows there. The opposition wants to know who will "
    "make up for lost catches."
)


def texts(*contents: str) -> list[dedup.text.Text]:
    return [prepare(Article(id, text)) for id, text in zip("abc", contents, strict=False)]


def test_an_article_that_takes_a_passage_of_a_release_shares_its_source():
    """An editor reads how many words it took; of another article as many say less."""
    release, article, plain = texts(RELEASE, FROM_CAPITAL, STORY)
    found = relate(release, article)[0]
    assert found.probability >= MIN_PROBABILITY > relate(article, plain)[0].probability
    words = compare_with_release(release, article).words
    assert f"{words} words taken from a press release" in found.why


def test_a_quotation_is_a_releases_own_words():
    """It is where the quotation stood first."""
    release, article = texts(RELEASE, FROM_CAPITAL)
    assert compare_with_release(release, article) == compare_with_release(article, release)
    assert compare_with_release(release, article).words > 20


def test_two_releases_and_two_articles_take_nothing_from_each_other():
    """One issuer's releases have much in common, and so have two reports of one statement."""
    assert compare_with_release(*texts(RELEASE, RELEASE + " More.")) == NOTHING
    assert compare_with_release(*texts(STORY, FROM_HARBOUR)) == NOTHING


def test_what_stands_behind_the_story_of_a_release_is_nobodys_news():
    """The notes to editors of one release stand under every other."""
    about = NOTES.split("\n\n")[1]
    assert compare_with_release(*texts(RELEASE, f"{FROM_CAPITAL[:120]}\n\n{about}")).words == 0


def test_a_form_filled_anew_is_not_taken_from_its_last_filling():
    """Where names and figures contradict, and where most of both is one wording, they decide."""
    release, article, other = texts(RELEASE, FROM_HARBOUR, STORY.replace("Tavola", "Menor"))
    taken = compare_with_release(release, article)
    assert taken.alone(0) > taken.alone(1) > taken.alone(3) == 0
    assert compare_with_release(release, other).share > taken.share
    assert compare_with_release(release, other).alone(0) == 0


def test_articles_on_one_release_stand_together_through_it():
    """Though they have no word of it in common with each other: a release has one story."""
    release, harbour, capital = (
        Article(id, text) for id, text in (("r", RELEASE), ("h", FROM_HARBOUR), ("c", FROM_CAPITAL))
    )
    assert not dedup.compare([harbour, capital]).clusters
    (cluster,) = dedup.compare([release, harbour, capital]).clusters
    assert set(cluster.members) == {"c", "h", "r"}
    text, article = prepare(release), prepare(harbour)
    whole, taken = find_footprints(text, article, link_sentences(text, article))
    assert len(whole) == len(content_sentences(text))
    assert 0 < len(taken) < len(content_sentences(article))
    another = prepare(Article("o", "Heavy snow closed three Alpine passes overnight."))
    assert find_footprints(text, another, link_sentences(text, another)) == (set(), set())
