"""Quotations: every style that news sets them in, and what only looks like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.article import Article
from dedup.text import prepare
from dedup.text.quotations import count_quoted_words, find_quotations, quotations_within


def quoted(text: str, language: str = "en") -> list[str]:
    """The quotations with their marks."""
    found = find_quotations(prepare(Article("a", text, language=language)))
    return [text[q.begin : q.end] for q in found]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "“It is over,” he said.", ["“It is over,”"]),
        ("en", '"It is over," he said. "Go home."', ['"It is over,"', '"Go home."']),
        ("en", "‘It is over,’ he said.", ["‘It is over,’"]),
        ("en", "'It is over,' he said.", ["'It is over,'"]),
        ("de", "„Es ist vorbei“, sagte er.", ["„Es ist vorbei“"]),
        ("pl", "„To koniec” – powiedział.", ["„To koniec”"]),
        ("de", "»Es ist vorbei«, sagte er.", ["»Es ist vorbei«"]),
        ("de", "Er nannte es ‚vorbei‘ und ging.", ["‚vorbei‘"]),
        ("fr", "« C’est fini », a-t-il dit.", ["« C’est fini »"]),
        ("fr", "L’«affaire» est close.", ["«affaire»"]),
        ("es", "‹Se acabó›, dijo.", ["‹Se acabó›"]),
        ("sv", "”Det är slut”, sade han.", ["”Det är slut”"]),
        ("cs", ",,Je konec'', řekl.", [",,Je konec''"]),
        ("ja", "彼は「終わった」と言った。", ["「終わった」"]),
        ("zh", "他说：“结束了。”然后走了。", ["“结束了。”"]),
    ],
)
def test_every_style_of_marks_is_read(language: str, text: str, expected: list[str]) -> None:
    """Marks that open in one language and close in another are distinguished."""
    assert quoted(text, language) == expected


def test_a_quotation_inside_a_quotation_belongs_to_it() -> None:
    """Only the outermost is given, whatever marks the inner ones have."""
    assert quoted("He said: “She called it ‘a “total” lie’ twice.”") == [
        "“She called it ‘a “total” lie’ twice.”"
    ]
    assert quoted("彼は「これは『嘘』だ」と言った。", "ja") == ["「これは『嘘』だ」"]


def test_an_apostrophe_opens_and_closes_nothing() -> None:
    """Possessives, elisions, decades, feet and inches."""
    assert quoted("The players' union and the minister's wife sang '90s hits, rock 'n' roll.") == []
    assert quoted("'The players' union is angry,' he said.") == ["'The players' union is angry,'"]
    assert quoted("He is 5'10\" tall and 6'2\" in boots.") == []
    assert quoted("L'homme n'a pas parlé, aujourd'hui.", "fr") == []


def test_paragraphs_that_reopen_a_quotation_are_quoted_to_their_ends() -> None:
    """The practice of the English press: only the last paragraph is closed."""
    text = "“We lost. It hurts.\n\n“We shall be back. I promise.\n\n“Good night,” he said."
    assert quoted(text) == [
        "“We lost. It hurts.",
        "“We shall be back. I promise.",
        "“Good night,”",
    ]


def test_a_quotation_that_nothing_closes_ends_with_its_sentence() -> None:
    """A forgotten mark does not make the rest of the paragraph a quotation."""
    assert quoted('He said: "We lost. The rest is his own. He went home.') == ['"We lost.']
    assert quoted('"We lost. He said so. "We shall win," he added.') == [
        '"We lost.',
        '"We shall win,"',
    ]


def test_a_dialogue_in_dashes_is_quoted_without_who_speaks() -> None:
    """Only where a verb of saying stands behind a dash; a list is none."""
    before = "El ministro habló ayer con la prensa en Madrid.\n\n"
    spoken = "—No lo sé —dijo el ministro—. Ya veremos."
    text = before + spoken
    found = find_quotations(prepare(Article("a", text, language="es")))
    assert [text[q.said.begin : q.said.end] for q in found] == ["No lo sé", ". Ya veremos."]
    assert quoted("— Não sei — disse o ministro. — Vamos ver.", "pt") == [
        "Não sei ",
        " Vamos ver.",
    ]
    assert quoted(before + "— Madrid — capital de España\n— Lisboa", "es") == []


def test_furniture_is_not_looked_at() -> None:
    """A headline in a read-more line is nobody's speech."""
    assert quoted("He resigned on Friday after the vote.\n\nRead more: “It is over”\n") == []


def test_the_words_of_a_sentence_that_are_quoted_are_counted() -> None:
    """A quotation may go over several sentences, each with its part."""
    text = prepare(Article("a", "He said: “We lost. It hurts.” Then he left.", language="en"))
    assert [count_quoted_words(s, text) for s in text.sentences] == [2, 2, 0]
    assert [len(quotations_within(s, text)) for s in text.sentences] == [1, 1, 0]


MARKS = "“”„«»‹›‘’‚'\"「」『』—"
PIECES = st.sampled_from(
    [*MARKS, " ", "\n\n", ". ", ", ", "``", "''", ",,", "lost", "the players", "Él", "終", "9"]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["en", "de", "fr", "es", "ja"]))
def test_quotations_are_apart_in_order_and_real(content: str, language: str) -> None:
    """Spans are disjoint, ascending and inside the text, and what is said is inside its marks."""
    text = prepare(Article("a", content, language=language))
    passed = 0
    for found in find_quotations(text):
        assert passed <= found.begin <= found.said.begin < found.said.end <= found.end
        assert found.end <= len(content)
        assert any(map(str.isalnum, content[found.said.begin : found.said.end]))
        assert content[found.said.begin : found.said.end].strip()
        passed = found.end


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ['"' * 200_000, "'a " * 100_000, "“a " * 100_000, "‘a’ " * 50_000, "— dijo " * 50_000],
    ids=["marks", "apostrophes", "never closed", "singles", "dashes"],
)
def test_monstrous_texts_take_bounded_time(text: str) -> None:
    """Marks without end are read in one go."""
    prepared = prepare(Article("a", text, language="es"))
    with bounded_time():
        find_quotations(prepared)
