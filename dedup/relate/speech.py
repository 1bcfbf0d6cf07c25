"""What an article quotes, and what it says in words of its own.

Two newsrooms that report one statement have its quotations in common, word for word, without
having it from one another. So the words outside quotations are compared by themselves, and the
quotations that only one of the two has are counted: whoever retells another article seldom has
quotations of its own. `dedup.text.quotations` finds what is quoted; the speakers are not
identified.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.align import content_sentences
from dedup.sketch.plain import shingles
from dedup.text import Text
from dedup.text.model import once_per_text
from dedup.text.quotations import find_quotations
from dedup.text.words import split_words

MIN_QUOTATION = 5  # words; what is shorter is a title or a term
PHRASE = 4  # words of a run by which a quotation is looked for in another article
# A quotation of which the other article has fewer of its runs than this is not in there. Assumed:
# a shortened one still has some.
MIN_IN_OTHER = 0.4

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of a text's content sentences, those in quotations apart from the others.

    `own_words` int64[sentences]: how many words of each sentence are outside quotations.
    `begun_in` int64[quotations]: the sentence in which each quotation begins. `phrases`: the
    distinct runs of `PHRASE` words anywhere. `quoted` are the runs of the quotations of
    `MIN_QUOTATION` and more words, `quotation` says of which, `sizes` how many words each has.
    """

    own_words: npt.NDArray[np.int64]
    begun_in: npt.NDArray[np.int64]
    phrases: Hashes
    quoted: Hashes
    quotation: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quoting:
    """How many quotations of an article the other one lacks and has, and how much of the
    article's words those that it lacks are.

    `own_words` int64[sentences]: how many words of each sentence are the article's own: outside
    quotations, and not those around a quotation that the other has too ("…", his agent said in a
    statement).
    """

    alone: int
    shared: int
    share_alone: float
    own_words: npt.NDArray[np.int64]


@once_per_text
def read_speech(text: Text) -> Speech:
    """The quoted and the own words of a text."""
    sentences = content_sentences(text)
    begins = np.array([t.begin for s in sentences for t in s.tokens], dtype=np.int64)
    sizes = np.array([len(s.tokens) for s in sentences], dtype=np.int64)
    sentence = np.repeat(np.arange(len(sentences)), sizes)
    words = split_words(text.article.text)
    hashes = words.hashes[np.searchsorted(words.begins, begins)]
    spans = find_quotations(text)
    bounds = np.array([(q.begin, q.end) for q in spans], dtype=np.int64).reshape(-1, 2)
    within = np.searchsorted(bounds[:, 0], begins, side="right") - 1  # the last that began
    if len(bounds):
        within[(within >= 0) & (begins >= bounds[within, 1])] = -1
    own = within < 0
    counts = np.bincount(within[~own], minlength=len(bounds))
    long = np.flatnonzero(counts >= MIN_QUOTATION)
    number = np.full(len(bounds) + 1, -1)
    number[long] = np.arange(len(long))
    quoted, quotation = runs_within(hashes, PHRASE, number[within])
    firsts, places = np.unique(within, return_index=True)
    return Speech(
        np.bincount(sentence[own], minlength=len(sentences)),
        sentence[places[np.isin(firsts, long)]],
        np.unique(shingles(hashes, PHRASE)),
        quoted,
        quotation,
        counts[long],
    )


def runs_within(
    hashes: Hashes, width: int, stretch: npt.NDArray[np.int64]
) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """The runs of `width` words that lie within one stretch, and which; words of stretch -1 are
    in none."""
    if len(hashes) < width:
        return hashes[:0], stretch[:0]
    first, last = stretch[: len(stretch) - width + 1], stretch[width - 1 :]
    whole = (first == last) & (first >= 0)
    return shingles(hashes, width)[whole], first[whole]


def compare_quotations(a: Text, b: Text) -> Quoting:
    """Which of `a`'s quotations `b` has, and what is left of `a` without them."""
    own = read_speech(a)
    count = len(own.sizes)
    known = np.isin(own.quoted, read_speech(b).phrases)
    runs = np.bincount(own.quotation, minlength=count)
    shared = np.bincount(own.quotation[known], minlength=count) >= MIN_IN_OTHER * runs
    words = sum(len(s.tokens) for s in content_sentences(a))
    alone = own.sizes[~shared].sum() / words if words else 0.0
    own_words = own.own_words.copy()
    own_words[own.begun_in[shared]] = 0
    return Quoting(int((~shared).sum()), int(shared.sum()), float(alone), own_words)
