"""How much of an article was taken word for word from a press release.

A release is written to be used. Whoever has long runs of its words has them from it, those that it
quotes too: it is where they stood first. Two news articles that have as much in common may both
have it from a third place. And what an article adds to a release, other voices and their names,
says nothing against it.
"""

from dataclasses import dataclass

from dedup.align.verbatim import find_shared_passages, index_runs
from dedup.attribution import find_release_end, is_release
from dedup.text import Text

# Of the 291 articles of insciout that have a tenth of their runs of five words from a release all
# have .08 of their words in its long runs and 9 in 10 a tenth; of those on other studies all but
# three, which are on this one, have less than .035. More than a fifth says no more.
MAX_TAKEN = 0.2
# Half of either is the other's wording where a form was filled anew; three contradictions decide.
MAX_MUTUAL = 0.5
MAX_CONTRADICTED = 3.0


@dataclass(frozen=True, slots=True)
class Taken:
    """How many words of an article stand in long runs in a release, what share of its words they
    are, at most `MAX_TAKEN`, and the lesser of the shares of both articles."""

    words: int
    share: float
    mutual: float

    def alone(self, contradictions: float) -> float:
        """The share, as far as the article is no form filled anew: the less, the more of both is
        one wording, and the more names and figures contradict each other."""
        own_wording = max(0.0, 1 - self.mutual / MAX_MUTUAL)
        return self.share * own_wording * max(0.0, 1 - contradictions / MAX_CONTRADICTED)


NOTHING = Taken(0, 0.0, 0.0)


def compare_with_release(a: Text, b: Text) -> Taken:
    """What one of two articles took from the other, a release, apart from what stands behind the
    story; nothing where neither or both are releases. Symmetrical."""
    if is_release(a) == is_release(b):
        return NOTHING
    release, article = (a, b) if is_release(a) else (b, a)
    end = find_release_end(release)
    words = sum(p.words for p in find_shared_passages(release, article) if p.source_begin < end)
    if not words:
        return NOTHING
    given = sum(p.words for p in find_shared_passages(article, release) if p.begin < end)
    share = words / len(index_runs(article).tokens)
    mutual = min(share, given / len(index_runs(release).tokens))
    return Taken(words, min(share, MAX_TAKEN), mutual)
