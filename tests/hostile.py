"""Articles that mean harm, as a page has to show them: as text."""

from dedup.article import Article

STORY = (
    "Russia has started transferring North Korean long-range artillery systems to annexed "
    "Crimea, the broadcaster reported on Friday. A video that appeared on March 26 showed the "
    "170-millimetre guns on a train through the north of the peninsula. Analysts warn that they "
    "could be used to shell the cities of Kherson and Zaporizhzhia from a safe distance. "
    "Pyongyang is believed to have supplied up to 200 of the systems since the autumn."
)
CODE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
BREAKOUT = "</style></script></template></bdi><!-- ]]> {{ 7 * 7 }} {% raw %}"
TURNED = "\u202egnp.exe\u202c \u2067\u2066 left open"
BROKEN = "half \ud83d a character, \x00 nothing, \x9b31m, \ufffe, \x1b[2J"
WORDS = "window.hacked = 1"


def articles(long: bool = False) -> list[Article]:
    """A source and what was taken from it, with everything that could break a page."""
    tail = f"\n\n{CODE}\n\n{BREAKOUT}\n\n{TURNED}\n\n{BROKEN}\n\n"
    line = "x" * 1_000_000 if long else "x"
    first = Article(
        'a"><script>window.hacked = 1</script>',
        STORY + tail + line,
        title=f"Guns {CODE} {TURNED}",
        url="javascript:window.hacked=1",
        publisher=f"Echo {BREAKOUT}",
        published="2025-03-28T10:00:00+00:00",
        language='en" onload="window.hacked=1',
    )
    second = Article(
        "b' onmouseover='window.hacked=1",
        f"{CODE} {STORY}" + tail + line[::-1],
        title=BROKEN,
        url='https://example.org/?q="><script>window.hacked=1</script>',
        publisher=TURNED,
        published="2025-03-29",
    )
    return [first, second]
