"""Check a draft against other articles: what it retells, where that comes from, what was taken.

An article that has another source text and yet shares a copied passage with the draft is a match
too: one stolen paragraph is what an editor looks for.

`check` makes a `Verdict`, whose costly parts are worked out when they are first asked for: a
crawler that only wants to know whether it has seen a page pays for no alignment. An index finds
candidates by itself and makes the same `Verdict` of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, combinations

from dedup.align import Alignment, Links, align_texts
from dedup.align.verbatim import count_taken_words
from dedup.article import Article, expect_article, expect_articles
from dedup.candidates.passages import have_passage
from dedup.derive import Derivation, Member, derive, make_member
from dedup.embed import DEFAULT_ENCODER, Encoder, find_encoder
from dedup.pipeline.collection import Collection
from dedup.pipeline.pairs import select_pairs
from dedup.pipeline.relations import MAX_ALL_RELATED
from dedup.relate import MIN_PASSAGE, MIN_PROBABILITY, Relation, relate
from dedup.sketch import resemblance
from dedup.sketch.plain import hash_texts
from dedup.text import Text, is_too_short, prepare, same_language
from dedup.text.words import Hashes


@dataclass(frozen=True)
class Candidate:
    """An article worth a closer look, by its id; `resemblance` is the share of word-5-shingles
    that it and the draft have in common, estimated from their signatures."""

    id: str
    resemblance: float
    _load: Callable[[], Article] = field(repr=False, compare=False)
    _prepared: Text | None = field(default=None, repr=False, compare=False)
    _by_passage: bool = field(default=False, repr=False, compare=False)

    @cached_property
    def article(self) -> Article:
        """The article as it was when the draft was checked."""
        return self._load()

    @cached_property
    def text(self) -> Text:
        """The article, prepared."""
        return self._prepared or prepare(self.article)

    def may_match(self, words: Hashes) -> bool:
        """Whether it is worth the time to relate it to a draft of these words: what was found by a
        few runs of them alone must have a passage in common."""
        if not self._by_passage:
            return True
        return have_passage(hash_texts([self.article.text])[0], words, MIN_PASSAGE)


@dataclass(frozen=True)
class Match:
    """An article that a draft retells or has a passage of, and how the two are related."""

    article: Article
    relation: Relation
    text: Text = field(repr=False, compare=False)
    _draft: Text = field(repr=False, compare=False)
    _links: tuple[Links, Links] = field(repr=False, compare=False)
    _encoder: Encoder | None = field(default=None, repr=False, compare=False)

    @cached_property
    def member(self) -> Member:
        """The article with its publisher and the outlets that it names."""
        return make_member(self.text)

    @property
    def is_partial(self) -> bool:
        """Whether the two share a passage and have no source text in common."""
        return self.relation.kind == "partial"

    @cached_property
    def taken_words(self) -> int:
        """How many words of the draft, quotations apart, stand in passages of the article."""
        return count_taken_words(self.text, self._draft, MIN_PASSAGE)

    @cached_property
    def alignment(self) -> Alignment:
        """The article as the source, the draft as the derivative."""
        return align_texts(self.text, self._draft, self._links[1], self._encoder)


@dataclass(frozen=True)
class Verdict:
    """What is known of a draft. `candidates` were worth a look, the most alike first; `matches`
    are those that it retells or has a passage of, and `derivations` say which derives from
    which. Articles in another language than the draft are no matches unless
    `across_languages`."""

    draft: Article
    candidates: tuple[Candidate, ...]
    encoder: Encoder | None = field(default=None, repr=False, compare=False)
    across_languages: bool = field(default=True, repr=False, compare=False)
    _prepared: Text | None = field(default=None, repr=False, compare=False)

    @cached_property
    def text(self) -> Text:
        """The draft, prepared."""
        return self._prepared or prepare(self.draft)

    @cached_property
    def words(self) -> Hashes:
        """The hashes of the draft's words."""
        return hash_texts([self.draft.text])[0]

    @cached_property
    def member(self) -> Member:
        """The draft with its publisher and the outlets that it names."""
        return make_member(self.text)

    @cached_property
    def is_too_short(self) -> bool:
        """Whether the draft has fewer than five words: nothing can be said of it."""
        return is_too_short(self.text)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The articles that the draft retells, the surest first; then those of another
        source text that have a passage of it (`partial`), by the words taken. None where the
        draft is too short to judge."""
        if self.is_too_short:
            return ()
        retold, partial = list[Match](), list[Match]()
        for candidate in self.candidates:
            if not candidate.may_match(self.words):
                continue
            if not (self.across_languages or same_language(candidate.text, self.text)):
                continue
            relation, links = relate(candidate.text, self.text, self.encoder)
            if relation.probability >= MIN_PROBABILITY or relation.kind == "partial":
                match = Match(
                    candidate.article, relation, candidate.text, self.text, links, self.encoder
                )
                (partial if match.is_partial else retold).append(match)
        retold.sort(key=lambda match: (-match.relation.probability, match.article.id))
        partial.sort(key=lambda match: (-match.taken_words, match.article.id))
        return (*retold, *partial)

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """Which derives from which, as far as the draft is one of the two."""
        retold = [match for match in self.matches if not match.is_partial]
        if not retold:
            return ()
        members = [self.member, *(match.member for match in retold)]
        relations = {(0, n): match.relation for n, match in enumerate(retold, 1)}
        links: dict[tuple[int, int], Links] = {}
        for n, match in enumerate(retold, 1):
            links[n, 0], links[0, n] = match._links
        if len(members) <= MAX_ALL_RELATED:  # among more, each match beside the draft only
            for u, v in combinations(range(1, len(members)), 2):
                related = relate(members[u].text, members[v].text, self.encoder)
                relations[u, v], (links[u, v], links[v, u]) = related
        edges = derive(members, relations, links, self.encoder)
        return tuple(edge for edge in edges if self.draft.id in (edge.source, edge.derivative))


def check(
    draft: Article | str,
    against: Iterable[Article],
    *,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
) -> Verdict:
    """Find the articles of `against` that `draft` retells or has a passage of, the surest first.
    `encoder` as in `align`.

    >>> wire = Article("wire", "The minister resigned on Friday over the missing millions.")
    >>> verdict = check("On Friday the minister resigned over the missing millions.", [wire])
    >>> [match.article.id for match in verdict.matches]
    ['wire']
    """
    if isinstance(draft, str):
        draft = Article("draft", draft)
    expect_article(draft)
    others = (article for article in expect_articles(against) if article.id != draft.id)
    collection = Collection(chain((draft,), others))
    model = find_encoder(encoder)
    own = collection.order.index(0)  # the draft was read first
    pairs, _ = select_pairs(collection, model, only=own)
    shares = resemblance(collection.sketches.signatures, pairs).tolist()
    candidates = [
        Candidate(
            collection.id(i),
            share,
            partial(collection.spool.__getitem__, collection.order[i]),
            collection.texts.prepared(i),
        )
        for i, share in zip((pairs.sum(axis=1) - own).tolist(), shares, strict=True)
    ]
    candidates.sort(key=lambda candidate: (-candidate.resemblance, candidate.id))
    prepared = collection.texts.prepared(own)
    return Verdict(draft, tuple(candidates), model, _prepared=prepared)
