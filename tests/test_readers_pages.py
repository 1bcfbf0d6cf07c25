"""Pages: structured data as found, authors and dates that only the page shows, whole texts."""

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from dedup.article import Article
from dedup.readers import read
from dedup.readers.html_visible import split_names
from dedup.readers.json_ld import parse_block

pytest.importorskip("trafilatura")

PARAGRAPHS = [
    "The council of Westhaven approved a new ferry terminal on Tuesday after a long debate.",
    "Opponents said that the site floods every winter and that the cost had doubled since spring.",
    "The mayor said that work would begin in March and would be finished within two years.",
    "A museum of clocks in the old post office will have to move before the first pier is built.",
    "Its curator said that three hundred clocks had been lent by families who live on the island.",
]
STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
ARTICLE: dict[str, Any] = {
    "@type": "NewsArticle", "headline": "Ferry terminal approved",
    "datePublished": "2024-03-05T10:00Z", "author": {"@type": "Person", "name": "Ann Writer"},
    "publisher": {"name": "Example Daily"},
}  # fmt: skip


def page(data: Any = None, head: str = "", body: str = STORY) -> Article:
    """The article of a page with this structured data (JSON, or its source)."""
    source = data if isinstance(data, str) else json.dumps(data) if data else ""
    script = f'<script type="application/ld+json">{source}</script>' if source else ""
    Path("a.html").write_text(
        f"<!DOCTYPE html><html lang=en><head><title>Ferry terminal approved</title>{head}{script}"
        f"</head><body><article><h1>Ferry terminal approved</h1>{body}</article></body></html>"
    )
    (article,) = read("a.html")
    return article


@pytest.mark.parametrize(
    "source",
    [
        json.dumps(ARTICLE).replace('"@type"', '"description": "one\ntwo\t", "@type"', 1),
        json.dumps([ARTICLE]).replace("}]", "},]"),
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        "<!-- " + json.dumps(ARTICLE) + " -->",
        json.dumps({"@type": "BreadcrumbList"}) + "\n" + json.dumps(ARTICLE) + ";",
    ],
)
def test_structured_data_are_mended(here: Path, source: str) -> None:
    """Line breaks in strings, commas before brackets, comments around it, values in a row."""
    article = page(source)
    assert (article.byline, article.publisher) == ("Ann Writer", "Example Daily")
    assert parse_block("{no json") is None


def test_records_that_refer_to_each_other_are_followed(here: Path) -> None:
    """By their ids, wherever they stand; the page's date stands in for the article's."""
    graph = [
        {"@type": "WebPage", "@id": "https://a.example/1", "datePublished": "2024-03-05"},
        {
            "@type": "Article",
            "headline": "Ferry terminal approved",
            "author": [{"@id": "#ann"}, {"@id": "#bo"}],
            "publisher": {"@id": "#daily"},
        },
        {"@type": "Organization", "@id": "#daily", "name": "Example &amp; Daily"},
        {"@type": "Person", "@id": "#ann", "name": "Ann Writer"},
        {"@type": "Person", "@id": "#bo", "name": "Bo B&ouml;hm"},
    ]
    article = page({"@graph": graph})
    assert article.byline == "Ann Writer, Bo Böhm"
    assert article.publisher == "Example & Daily"
    assert str(article.published) == "2024-03-05"


def test_the_article_is_the_one_at_the_address_of_the_page(here: Path) -> None:
    """Not the first that the page describes, nor one of another headline elsewhere."""
    other = {
        **ARTICLE,
        "headline": "Museum of clocks opens",
        "author": "Bo",
        "url": "https://a.example/2",
    }
    own = {**ARTICLE, "url": "https://www.a.example/1/"}
    canonical = '<link rel="canonical" href="https://a.example/1">'
    assert page([other, own], canonical).byline == "Ann Writer"
    assert page([other], canonical).byline is None
    assert page([{**ARTICLE, "url": "https://a.example/short"}], canonical).byline == "Ann Writer"


def test_a_name_that_the_page_shows_wins_over_a_headline_that_it_does_not(here: Path) -> None:
    """Some sites call every headline the same."""
    record = {**ARTICLE, "headline": "Wiki article", "name": "Ferry terminal approved"}
    assert page(record).title == "Ferry terminal approved"


def test_a_longer_text_in_structured_data_is_the_text(here: Path) -> None:
    """Where it has what was extracted and more: the rest is behind a wall, or loaded later."""
    record = {**ARTICLE, "articleBody": "\n\n".join(PARAGRAPHS)}
    shown = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:2]) + "<div>Subscribe to read on.</div>"
    assert page(record, body=shown).text == "\n\n".join(PARAGRAPHS)
    twice = {**ARTICLE, "articleBody": "\n\n".join(PARAGRAPHS * 2)}
    assert page(twice).text == "\n\n".join(PARAGRAPHS)
    another = {**ARTICLE, "articleBody": "Rain fell on the hills for the whole of the week. " * 30}
    assert page(another).text == "\n\n".join(PARAGRAPHS)


def test_headings_within_a_story_are_kept_and_its_title_is_not(here: Path) -> None:
    """A heading with a paragraph behind it belongs to the story; others are those of teasers."""
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    text = page(body=f"{first}<h2>Floods every winter</h2>{''.join(rest)}<h2>Most read</h2>").text
    assert text.split("\n\n") == [PARAGRAPHS[0], "Floods every winter", *PARAGRAPHS[1:]]


@pytest.mark.parametrize(
    "shown",
    [
        '<p itemprop="author"><span itemprop="name">Ann Writer</span></p>',
        '<a rel="author" href="/ann">Ann Writer</a>',
        '<div class="article-byline">By Ann Writer | 5 March 2024</div>',
        "<p>Text: Ann Writer</p>",
        "<p>Von Ann Writer</p>",
        '<div class="comments"><a rel="author">Bo</a></div><span class="author">Ann Writer</span>',
    ],
)
def test_an_author_whom_only_the_page_shows_is_found(here: Path, shown: str) -> None:
    """Microdata, links, classes and lines that begin with "By"; not the author of a comment."""
    assert page(body=f"{shown}{STORY}").byline == "Ann Writer"
    site = '<meta name="author" content="Daily"><meta property="og:site_name" content="Daily">'
    assert page(head=site, body=f"{shown}{STORY}").byline == "Ann Writer"


def test_all_authors_are_named(here: Path) -> None:
    """Of several tags, and of the place that has most of them."""
    tags = '<meta name="author" content="By Ann Writer"><meta name="author" content="Bo Scribe">'
    assert page(head=tags).byline == "Ann Writer, Bo Scribe"
    assert page(ARTICLE, tags).byline == "Ann Writer, Bo Scribe"
    assert split_names("Written by Ann Writer and Bo O’Scribe, 5 March") == [
        "Ann Writer",
        "Bo O’Scribe",
    ]
    assert split_names("The council has said that it would not pay for this any more.") == []


@pytest.mark.parametrize(
    ("address", "named", "foot", "publisher"),
    [
        ("https://www.the-islander.com/1", {"name": "Blogger"}, "", "The Islander"),
        ("https://wd.com/1", {"name": "wd.com"}, "<p>© 2024 Westhaven Daily GmbH, Westhaven</p>",
         "Westhaven Daily"),
        ("https://westhaven-daily.com/1", {"name": "Big Group Media"}, "", "Big Group Media"),
        ("https://rz.pl/1", {"name": "Rzeczy"}, "<p>© Big Group Media</p>", "Rzeczy"),
        ("https://web.archive.org/web/2014/http://www.pier.com/1", {}, "", "pier.com"),
        ("https://kust.example/1", {"name": "Küste"}, "<p>Copyright 2024 Kust AG</p>", "Küste"),
        ("https://www.example.jp/1", {"name": "中日新聞Web"}, "", "中日新聞Web"),
    ],
)  # fmt: skip
def test_the_address_tells_which_name_is_the_outlet(
    here: Path, address: str, named: dict[str, str], foot: str, publisher: str
) -> None:
    """Not the content system, nor a domain where a name agrees with it, be it by its initials; the
    first of the names where none agrees."""
    site = '<meta property="og:site_name" content="The Islander">' if "islander" in address else ""
    head = f'<link rel="canonical" href="{address}">{site}'
    assert page(ARTICLE | {"publisher": named}, head, f"{STORY}</article>{foot}").publisher == (
        publisher
    )


def test_the_end_of_a_title_is_the_outlet(here: Path) -> None:
    """Where the heading has the rest of it, and nothing names one; a title has it no more."""
    Path("a.html").write_text(
        "<html><head><title>Ferry terminal approved | Example Daily</title></head><body>"
        f"<article><h1>Ferry terminal approved</h1>{STORY}</article></body></html>"
    )
    (article,) = read("a.html")
    assert (article.title, article.publisher) == ("Ferry terminal approved", "Example Daily")


@pytest.mark.parametrize(
    ("author", "shown", "byline"),
    [
        ({"@type": "Person", "givenName": "Ann", "familyName": "Writer"}, "", "Ann Writer"),
        ({"name": "Ann Writer og Bo Scribe"}, "", "Ann Writer, Bo Scribe"),
        ({"name": "Ann Writer, professor at the Faculty of Ferries and Tides, Westhaven, pier.com"},
         "", "Ann Writer"),
        ({"name": "Example Daily (www.example.com)"}, "<p>Auteur : Ann Writer</p>", "Ann Writer"),
        ({"name": "Example Daily – the paper of Westhaven"}, "<p>By Ann Writer</p>", "Ann Writer"),
        ({"name": "Ann Writer"}, "<p class=author>Ann Writer, Bo Scribe</p>",
         "Ann Writer, Bo Scribe"),
        ({"name": "Ann Writer"}, "<p class=author>Ann Writer, Show more</p>", "Ann Writer"),
        ({}, "<small>04.02.2022 | 13:10 Uhr | Ann Writer</small>", "Ann Writer"),
        ({}, "<small>04.02.2022 - Ferry terminal approved</small>", None),
        ({}, "<p>Blog Beitrag von Ann Writer</p>", "Ann Writer"),
        ({}, "<ul><li><b>Autorin/Autor</b> Ann Writer</li></ul>", "Ann Writer"),
        ({}, "<div class=submitted>Posted by <span class=username>rasos</span></div>", "rasos"),
        ({}, "<p class=author>この記事を書いた人 渡辺洋介 東京社会部 フォロー 専門・関心分野</p>",
         None),
    ],
)  # fmt: skip
def test_authors_are_persons_where_persons_are_named(
    here: Path, author: dict[str, str], shown: str, byline: str | None
) -> None:
    """Names in parts, two that "and" joins, roles, the outlet with its address or its motto, lines
    of a date and a name, labels, users of a forum."""
    assert page(ARTICLE | {"author": author}, body=shown + STORY).byline == byline


def test_a_date_that_the_page_shows_is_a_guess(here: Path) -> None:
    """Beside the story; the year of a copyright is none."""
    article = page(body=f'<div class="post-date">5. März 2024, 17.03 Uhr</div>{STORY}')
    assert (str(article.published), article.extra["dated"]) == ("2024-03-05 17:03:00", "guessed")
    assert page(body=f"{STORY}<p>© 2019 Example Daily</p>").published is None


@pytest.mark.parametrize(
    ("shown", "date"),
    [
        ("<p>Veröffentlicht am 16.08.2019</p>", "2019-08-16"),
        ("<li><strong>Datum</strong>\n28.04.2023</li>", "2023-04-28"),
        ("<p>Posted on March 5, 2024</p>", "2024-03-05"),
        ("<p>Erscheinungsdatum: 14.08.2017, 200 pages</p>", None),
    ],
)
def test_a_date_behind_a_word_for_publication_is_that_of_the_page(
    here: Path, shown: str, date: str | None
) -> None:
    """Before one that is merely a date on the page; not the day on which a book appeared."""
    other = '<time datetime="2020-01-01">1 January</time>'
    published = page(body=f"{other}{STORY}{shown}").published
    assert str(published) == (date or "2020-01-01")


def test_an_address_tells_how_to_read_a_date(here: Path) -> None:
    """3/5/2022 is a day in May where the address has 2022/05/03."""
    address = "https://a.example/2022/05/03/ferry"
    head = f'<meta name="date" content="3/5/2022"><meta property="og:url" content="{address}">'
    assert str(page(head=head).published) == "2022-05-03"


def test_a_saved_page_has_its_address_and_not_the_date_of_saving(here: Path) -> None:
    """SingleFile notes both in a comment."""
    page()
    saved = "url: https://a.example/1 \n saved date: Wed Mar 06 2024"
    note = f"<!--\n Page saved with SingleFile \n {saved} \n-->"
    Path("a.html").write_text(Path("a.html").read_text().replace("<head>", f"{note}<head>"))
    (article,) = read("a.html")
    assert (article.url, article.published) == ("https://a.example/1", None)


def test_titles_have_no_marks_that_no_one_sees(here: Path) -> None:
    """Soft hyphens and zero-width spaces break words that are compared."""
    assert (
        page({**ARTICLE, "headline": "Fährter\u00adminal ge\u200bnehmigt"}).title
        == "Fährterminal genehmigt"
    )


def test_a_page_of_line_breaks_is_read_in_time_and_authors_are_bounded(here: Path) -> None:
    """Extraction and the look for authors take time in proportion to a page."""
    begin = process_time()
    assert "ferry terminal" in page(body=STORY + "x<br>" * 150_000).text
    assert page(body=STORY + "<p class=author>x y z:" * 20_000).text
    assert process_time() - begin < 60
