"""Which sentences a comparison is going to encode: so that processes share that out.

A group is worked out by one process, and articles in many languages hang together in one: of 35
stories in twenty languages among 900 other articles. To encode them takes most of the time, and
none needs another for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from dedup.embed import (
    Choice,
    Encoder,
    pick_for_languages,
    sentence_vectors,
    works_within_languages,
)
from dedup.embed.keep import keep_vectors
from dedup.pipeline.groups import CandidateGroup
from dedup.text import Text
from dedup.text.model import are_one_language

# Articles of a group from which on they are encoded before it is worked out: most groups are
# smaller, and there are enough of them for all processes.
MIN_ENCODED = 8

Asked = dict[int, tuple[str, ...]]  # of articles by number, the names of the encoders


def find_asked(
    groups: Iterable[CandidateGroup], language: Callable[[int], str], encoder: Encoder
) -> Asked:
    """The articles of large groups that will be encoded, each by the encoders of these names;
    `language` is that of an article by number."""
    asked: defaultdict[int, set[str]] = defaultdict(set)
    within = works_within_languages(encoder)
    for group in groups:
        if len(group.articles) < MIN_ENCODED:
            continue
        languages = {i: language(i) for i in group.articles}
        for i, j in group.pairs:
            both = {languages[i], languages[j]}
            chosen = pick_for_languages(encoder, both)
            if chosen is not None and (within or not are_one_language(both)):
                asked[i].add(chosen.name)
                asked[j].add(chosen.name)
    return {i: tuple(sorted(names)) for i, names in sorted(asked.items())}


def encode(text: Text, names: Sequence[str], encoder: Encoder) -> dict[bytes, bytes]:
    """The vectors of a text by the encoders of these names, as `keep_vectors` keeps them."""
    kept: dict[bytes, bytes] = {}
    keeping = keep_vectors(encoder, kept)
    for one in keeping.encoders if isinstance(keeping, Choice) else (keeping,):
        if one.name in names:
            sentence_vectors(text, one)
    return kept
