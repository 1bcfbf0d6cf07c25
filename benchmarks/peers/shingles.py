"""The word-5-shingles that dedup uses, as a user of other libraries would make them."""

import re

WORD = re.compile(r"[^\W_]+")  # on newswire the words of `dedup.text.words`; accents are kept


def shingles(text: str) -> list[str]:
    """Every run of five words, lower case; one shingle where there are fewer."""
    forms = WORD.findall(text.lower())
    return [" ".join(forms[at : at + 5]) for at in range(max(len(forms) - 4, 1))]
