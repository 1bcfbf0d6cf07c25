"""Whether all that two articles have in common is a passage that either might have lifted.

Two articles in which one paragraph stands word for word have its words, names and sentences in
common. Where that is a third of a short article, the two share a source by those measures; what is
left without the paragraph says whether they are.
"""

from collections import Counter

from dedup.align.verbatim import find_long_passages, index_runs
from dedup.relate.profile import multiply, weigh_words
from dedup.text import Text

# An article that shares so many words in one passage, quotations apart, nearly word for word, is
# shown though the two are otherwise independent: less may be a set phrase, a title, an address.
MIN_PASSAGE = 20
# Each has as much again, and enough for a cosine to say something.
MIN_REST_PART, MIN_REST = 0.5, 50
# Cosine of the rest of both. Of 38 true pairs of the open families that have such a passage the
# least is .17, the median .5; of 15 paragraphs planted in other articles that were taken for a
# retelling the greatest is .14, the median .03.
MAX_STRANGE, MIN_ALIKE = 0.13, 0.17


def measure_aside(a: Text, b: Text) -> float:
    """How surely two articles have a passage in common and nothing else, 0 to 1; symmetrical."""
    passages = [find_long_passages(*pair, MIN_PASSAGE) for pair in ((a, b), (b, a))]
    if not any(passages):
        return 0.0
    here, there = passages[::-1]
    spans = (
        [*((p.begin, p.end) for p in here), *((p.source_begin, p.source_end) for p in there)],
        [*((p.begin, p.end) for p in there), *((p.source_begin, p.source_end) for p in here)],
    )
    rests = []
    for text, taken in zip((a, b), spans, strict=True):
        tokens = index_runs(text).tokens
        rest = [t.form for t in tokens if not any(x <= t.begin < y for x, y in taken)]
        if len(rest) < max(MIN_REST, MIN_REST_PART * len(tokens)):
            return 0.0
        rests.append(weigh_words(Counter(rest), text.language))
    return min(max((MIN_ALIKE - multiply(*rests)) / (MIN_ALIKE - MAX_STRANGE), 0.0), 1.0)
