"""The language of a text, by py3langid (character n-grams, .989 on 18 languages of news).

It names the main language only; a text that mixes languages gets the one that fills most.
"""

from dedup.text.model import UNKNOWN

# News settles its language in the first lines; more text costs time and changes nothing.
ENOUGH = 600
# What py3langid calls a table of figures or a notice of a dozen clipped words ("Qtly div 35 cts vs
# 35 cts prior"): no content, Pidgin, Volapük. Of 9,140 English dispatches of Reuters 560 are, which
# a comparison across languages would take for translations of each other. News in Pidgin is
# compared by its words, and with English.
CLIPPED = frozenset({"zxx", "pcm", "vo"})


def identify(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "und" where there is no letter, or too
    little running text to tell.

    >>> identify("Die Bundesregierung hat am Freitag neue Zahlen vorgelegt.")
    'de'
    """
    sample = text[:ENOUGH]
    if not any(map(str.isalpha, sample)):
        return UNKNOWN
    from py3langid import classify  # 0.1 s to import, 0.7 s for the model: only when asked

    printable = sample.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no letter
    language = str(classify(printable)[0])
    return UNKNOWN if language in CLIPPED else language
