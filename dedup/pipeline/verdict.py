"""The verdict on a draft: what it retells, whom it was taken from, what in it was taken.

Comes in: a draft and the articles that are worth a closer look. Goes out: a `Verdict`, whose
costly parts are worked out when they are asked for: a crawler that wants to know whether it
has seen a page pays for no alignment. Which articles are worth a look is not decided here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from dedup.align import Alignment, Links, align_texts
from dedup.article import Article
from dedup.derive import Derivation, derive, make_member
from dedup.embed import Encoder
from dedup.relate import MIN_PROBABILITY, Relation, relate
from dedup.text import Text, prepare

# Among this many articles every pair is examined for the derivation: a third one that has the
# same content is the best witness of direction. Beyond it each is laid beside the draft only.
EXAMINED_WHOLE = 12


@dataclass(frozen=True)
class Candidate:
    """An article worth a closer look, by its id; `resemblance` is the share of word-5-shingles
    that it and the draft have in common, estimated from their signatures."""

    id: str
    resemblance: float
    _load: Callable[[], Article] = field(repr=False, compare=False)

    @cached_property
    def article(self) -> Article:
        """The article as it was when it was found."""
        return self._load()


@dataclass(frozen=True)
class Match:
    """An article that a draft has to do with: how, and (`alignment`, worked out when it is
    first asked for) what in the draft comes from it."""

    article: Article
    relation: Relation
    _texts: tuple[Text, Text] = field(repr=False, compare=False)
    _links: tuple[Links, Links] = field(repr=False, compare=False)

    @cached_property
    def alignment(self) -> Alignment:
        """The article as the source, the draft as the derivative."""
        source, draft = self._texts
        return align_texts(source, draft, self._links[1])


@dataclass(frozen=True)
class Verdict:
    """What is found for a draft. `candidates` were worth a look, the most alike first;
    `matches` are those that it retells, and `derivations` who has it from whom."""

    draft: Article
    candidates: tuple[Candidate, ...]
    encoder: Encoder | None = field(default=None, repr=False, compare=False)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The articles that the draft retells, in part or whole, the surest first."""
        found = []
        for candidate in self.candidates:
            text = prepare(candidate.article)
            relation, links = relate(text, self._text, self.encoder)
            if relation.probability >= MIN_PROBABILITY:
                found.append(Match(candidate.article, relation, (text, self._text), links))
        return tuple(sorted(found, key=_surest))

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """Who has it from whom, as far as the draft is one of the two."""
        own = self.draft.id
        edges = _derived(self._text, self.matches, self.encoder) if self.matches else ()
        return tuple(edge for edge in edges if own in (edge.source, edge.derivative))

    @cached_property
    def _text(self) -> Text:
        return prepare(self.draft)


def _surest(match: Match) -> tuple[float, str]:
    return -match.relation.probability, match.article.id


def _derived(
    draft: Text, matches: Sequence[Match], encoder: Encoder | None
) -> tuple[Derivation, ...]:
    """The derivations among the draft (0) and what it matches (1 …)."""
    texts = [draft, *(match._texts[0] for match in matches)]
    relations = {(0, n): match.relation for n, match in enumerate(matches, 1)}
    links: dict[tuple[int, int], Links] = {}
    for n, match in enumerate(matches, 1):
        links[n, 0], links[0, n] = match._links
    if len(matches) < EXAMINED_WHOLE:
        for u, v in combinations(range(1, len(texts)), 2):
            relations[u, v], (links[u, v], links[v, u]) = relate(texts[u], texts[v], encoder)
    return derive([make_member(text) for text in texts], relations, links, encoder)
