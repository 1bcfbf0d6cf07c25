"""Tables and records: names of columns, values that are none, dates by their order, problems."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.readers import read
from dedup.readers.headers import has_names
from dedup.readers.values import name_in, printed_list, text_in

LEDE = (
    "The regional council approved a new ferry terminal on Tuesday after a debate of six hours. "
    "Opponents said that the site floods every winter and that the cost had doubled since spring."
)
OTHER = "A museum of clocks opened in the old post office of Westhaven on Friday, " * 3


@pytest.mark.parametrize("value", ["NA", "nan", "None", "null", " N/A ", "<NA>", "#N/A", ""])
def test_what_says_that_there_is_no_value_is_none(here: Path, value: str) -> None:
    """As R, pandas, databases and spreadsheets write it: no text, byline or publisher."""
    rows = f"text,byline,source,title\n{LEDE},{value},{value},Ferry\n{value},Ann,EXA,Two\n"
    Path("a.csv").write_text(rows)
    reading = read("a.csv")
    (article,) = reading
    assert (article.byline, article.publisher, article.title) == (None, None, "Ferry")
    (problem,) = reading.problems
    assert problem.what.startswith("no text: its field 'text' ")


@pytest.mark.parametrize(
    ("names", "language"),
    [
        ("Überschrift;Zeitung;Datum;Volltext;Autor", "de"),
        ("Titre;Journal;Date_de_publication;Texte;Auteur", "fr"),
        ("Título;Periódico;Fecha;Contenido;Autores", "es"),
        ("título;jornal;data;conteúdo;autor", "pt"),
        ("titolo;testata;data;testo;autore", "it"),
        ("kop;krant;datum;inhoud;auteur", "nl"),
        ("tytuł;gazeta;data;treść;autor", "pl"),
        ("заголовок;издание;дата;текст;автор", "ru"),
        ("başlık;gazete;tarih;metin;yazar", "tr"),
        ("标题;媒体;发布时间;正文;作者", "zh"),
        ("タイトル;メディア;公開日;本文;著者", "ja"),
        ("headline;newspaper;publication_datetime;body_text;authors", "en"),
        ("title;media_name;date_publish;maintext;author", "en"),
    ],
)
def test_columns_are_known_by_their_names_in_many_languages(
    here: Path, names: str, language: str
) -> None:
    """With accents or without, in any case."""
    Path("a.csv").write_text(f"{names}\nFerry;The Islander;2024-03-05;{LEDE};Ann Writer\n")
    (article,) = read("a.csv")
    assert (article.title, article.publisher, str(article.published), article.text) == (
        "Ferry", "The Islander", "2024-03-05", LEDE,
    )  # fmt: skip
    assert article.byline == "Ann Writer"


def test_a_table_without_a_row_of_names_keeps_its_first_row(here: Path) -> None:
    """Columns are told by what stands in them, which a note says; options name them otherwise."""
    rows = [
        f'"{n}","https://example.com/{n}","Ferry approved, part {n}","2024-03-0{n}","{text}"'
        for n, text in ((1, LEDE), (2, OTHER))
    ]
    Path("a.csv").write_text("\n".join(rows))
    reading = read("a.csv")
    first, second = list(reading)
    assert (first.id, first.text, second.text) == ("1", LEDE, OTHER)
    assert (first.title, first.url) == ("Ferry approved, part 1", "https://example.com/1")
    assert str(second.published) == "2024-03-02"
    assert "no row of names" in reading.notes[0].what
    named = list(read("a.csv", fields={"title": "column 2"}))
    assert [article.title for article in named] == [a.url for a in (first, second)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["id", "text", "date"], True),
        (["", "0"], True),
        (["7"], False),
        (["id", "2019", "text"], True),
        (["0", "1", "2"], True),
        (["", "Titel des Artikels", "Veröffentlicht am"], True),
        (["https://example.com/1", "article"], False),
        (["Ferry", LEDE], False),
        (["text", "2024-03-05"], False),
        (["NA", "text"], False),
    ],
)
def test_a_row_of_names_is_told_from_one_of_values(row: list[str], expected: bool) -> None:
    """Dates, numbers, addresses, sentences and "NA" are no names; figures in a row are pandas'."""
    assert has_names(row) is expected


def test_lists_of_paragraphs_and_names_are_read_as_such(here: Path) -> None:
    """In JSON, and as programs print them into a cell."""
    record = {"text": [LEDE, {"text": OTHER}, "NA", 7], "authors": [{"name": "Ann"}, "Bo"]}
    Path("a.jsonl").write_text(json.dumps(record))
    (article,) = read("a.jsonl")
    assert (article.text, article.byline) == (f"{LEDE}\n\n{OTHER}", "Ann, Bo")
    assert text_in('["He said \\"no\\".", "Then he left."]') == 'He said "no".\n\nThen he left.'
    assert text_in("[1]") == "[1]"
    assert name_in("['Ann Writer', \"Bo O'Scribe\"]") == "Ann Writer, Bo O'Scribe"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_a_printed_list_comes_back(items: list[str]) -> None:
    """What `repr` printed is what is read, but for the values that are none."""
    assert all(item in items for item in printed_list(repr(items)))
    assert printed_list("['" + "\\" * 20_001) == []


def dated(*dates: str) -> str:
    return "id,date,text\n" + "".join(f"{n},{day},{LEDE}\n" for n, day in enumerate(dates))


def test_the_order_of_dates_is_learned_from_the_table_and_said(here: Path) -> None:
    """A date that shows it decides for those before it and behind it."""
    Path("a.csv").write_text(dated("3/4/2018", "4/4/2018", "25/4/2018", "5/4/2018"))
    reading = read("a.csv")
    days = [str(article.published) for article in reading]
    assert days == ["2018-04-03", "2018-04-04", "2018-04-25", "2018-04-05"]
    assert "with the day first" in reading.notes[1].what
    assert "--date-order month" in reading.notes[1].what
    assert reading.problems == []


def test_dates_that_show_no_order_are_one_problem_and_can_be_read_by_option(here: Path) -> None:
    """Nothing is guessed, and the message says how to name the order."""
    Path("a.csv").write_text(dated(*["3/4/2018"] * 30))
    reading = read("a.csv")
    assert {article.published for article in reading} == {None}
    (problem,) = reading.problems
    assert "--date-order" in problem.what
    assert "29 more" in problem.what
    assert {str(a.published) for a in read("a.csv", date_order="day")} == {"2018-04-03"}


def test_the_order_is_learned_in_lines_and_lists_of_json(here: Path) -> None:
    """From lines that stand behind, and from the whole of a list."""
    rows = [{"text": LEDE, "date": day} for day in ("3/4/2018", "4/25/2018")]
    Path("a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("b.json").write_text(json.dumps({"articles": rows}))
    for path in ("a.jsonl", "b.json"):
        assert [str(a.published) for a in read(path)] == ["2018-03-04", "2018-04-25"]


def test_a_month_is_kept_as_what_it_is(here: Path) -> None:
    """It is no day, and not lost."""
    Path("a.jsonl").write_text(json.dumps({"text": LEDE, "date": "March 2024"}))
    reading = read("a.jsonl")
    (article,) = reading
    assert (article.published, article.extra["dated_within"]) == (None, "2024-03")
    assert "names no day" in reading.problems[0].what


def test_a_file_of_records_without_text_is_one_message(here: Path) -> None:
    """Not one for each of them."""
    Path("a.jsonl").write_text('{"caption": "A ferry"}\n' * 117)
    reading = read("a.jsonl")
    assert list(reading) == []
    (problem,) = reading.problems
    assert problem.path == "a.jsonl"
    assert "116 more" in problem.what


def test_what_was_guessed_is_said_once_for_all_files(here: Path) -> None:
    """The tables of a folder have the same columns."""
    for name in "abc":
        Path(f"{name}.csv").write_text(dated("2024-03-05"))
    reading = read(".")
    assert len(list(reading)) == 3
    (note,) = reading.notes
    assert note.path == "./a.csv and 2 more files"


def test_a_source_that_is_an_address_is_the_address(here: Path) -> None:
    """A field "source" may hold a name or an address."""
    record = {"text": LEDE, "source": "https://www.example.com/1", "source-hostname": "Example"}
    Path("a.jsonl").write_text(json.dumps(record))
    (article,) = read("a.jsonl")
    assert (article.url, article.publisher) == ("https://www.example.com/1", "Example")
