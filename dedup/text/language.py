"""The language of a text, by py3langid (character n-grams, .989 on 18 languages of news).

Only the main language is named; a text that mixes languages gets the one that fills most of it.
"""

import unicodedata
from functools import lru_cache

import regex

from dedup.text.model import UNKNOWN
from dedup.text.words import respell

# Characters that are looked at: more text costs time and changes nothing.
MAX_CHARACTERS = 600
# py3langid takes a table of figures or a notice of a dozen clipped words ("Qtly div 35 cts vs 35
# cts prior") for one of these: no content, Pidgin, Volapük. So it does with 560 of 9,140 English
# dispatches of Reuters, which would then be compared with the others as if they were
# translations. News in Pidgin is compared by its words, and with English.
CLIPPED = frozenset({"zxx", "pcm", "vo"})
# It takes some Mandarin for Wu, Cantonese or classical Chinese, in which next to no news is
# written.
CHINESE = frozenset({"wuu", "yue", "lzh"})
# Sorani, Kurmanji and Southern Kurdish, which it takes Sorani for: one code serves for all.
KURDISH = frozenset({"ckb", "kmr", "sdh"})
# What it must not see: format characters and variation selectors.
UNSEEN = regex.compile(r"[\p{Cf}\ufe00-\ufe0f]")


def identify(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "und" where it has no letter, or too little
    running text to identify a language.

    >>> identify("Die Bundesregierung hat am Freitag neue Zahlen vorgelegt.")
    'de'
    """
    sample = text[:MAX_CHARACTERS]
    if not any(map(str.isalpha, sample)):
        return UNKNOWN
    from py3langid import classify  # 0.1 s to import, 0.7 s for the model: only when asked

    printable = sample.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no letter
    spelled = respell(UNSEEN.sub("", printable), latinize=False).text
    plain = unicodedata.normalize("NFKC", spelled)
    language = str(classify(plain)[0])
    if language in CHINESE:
        return "zh"
    if language in KURDISH:
        return "ku"
    return UNKNOWN if language in CLIPPED else language


@lru_cache(maxsize=1000)
def shortest_code(declared: str | None) -> str | None:
    """The shortest code of a declared language, None where it is no language code.

    >>> shortest_code("en-US"), shortest_code("deu"), shortest_code("ckb"), shortest_code("?")
    ('en', 'de', 'ku', None)
    """
    code = (declared or "").replace("_", "-").partition("-")[0].strip().lower()
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        return None
    from langcodes import standardize_tag  # 50 ms to import: only when a language is declared

    return "ku" if code in KURDISH else str(standardize_tag(code))
