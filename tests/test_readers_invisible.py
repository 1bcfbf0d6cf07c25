"""Invisible letters: what nobody can see on a page is no part of its text."""

import pytest

from dedup.readers.invisible import remove_invisible
from dedup.readers.markup import html_to_text

SHEET = "<style>.gap { color: #FFF; font-size: 1px } .lead { color: #333 }</style>"


@pytest.mark.parametrize(
    "letter",
    [
        '<span style="color:white;font-size:1px">x</span>',
        "<span style='color: #ffffff'>x</span>",
        '<font color="white">x</font>',
        '<i style="color: transparent">x</i>',
        '<b style="font-size:0">x</b>',
        '<span style="opacity: 0">x</span>',
        '<span style="color: rgba(0, 0, 0, 0)">x</span>',
        '<span class="lead gap">x</span>',
    ],
)
def test_letters_that_cannot_be_seen_are_spaces(letter: str) -> None:
    """White, transparent and tiny letters in place of spaces, by a style of their own or a class
    of the page, leave the words that are read."""
    page = f"{SHEET}<p>The{letter}harbour{letter}was closed.</p>"
    assert html_to_text(page)[0] == "The harbour was closed."


@pytest.mark.parametrize(
    "page",
    [
        '<h1><span style="color:white">Harbour closed</span></h1>',  # on a picture
        '<p>See <span style="color:#fff;background:#900">Live</span> here.</p>',
        '<p>The <span style="color: #f5f5f5">harbour</span> was closed.</p>',
        '<div style="font-size:0"><p style="font-size:16px">The harbour was closed.</p></div>',
        '<p>The <span style="font-size:1.2em">harbour</span> was closed.</p>',
        '<p>The <span style="background-color:white">harbour</span> was closed.</p>',
        '<p>The <span style="font-size:0.9em">harbour</span> was closed.</p>',
    ],
)
def test_letters_that_can_be_seen_stay(page: str) -> None:
    """A white headline, letters on a background, and sizes that can be read are text."""
    assert remove_invisible(page) == page
