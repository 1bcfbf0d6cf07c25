"""What is known of the pairs of a group: relations, sentence links, why two are not joined."""

from collections import defaultdict
from collections.abc import Iterable

from dedup.align import Links
from dedup.cluster import Tie, find_footprints
from dedup.embed import Encoder
from dedup.pipeline.texts import PreparedTexts
from dedup.relate import MIN_PROBABILITY, Relation, relate

# In a cluster of up to this many, pairs that were no candidates are related too: what a third
# article corroborates is the best evidence of direction. In a larger one, copies of a text
# that are copies of one another by way of others say no more of it: of 2,000 articles that differ
# in one word of a hundred, 1,999 pairs are related and not 8,034.
MAX_ALL_RELATED = 12
COPIES = frozenset({"duplicate", "near-duplicate"})  # kinds of relation


class Relations:
    """The relations of the articles of a group, by number.

    `by_pair[i, j]` (i < j) are the relations of pairs that have anything in common; those in
    `apart` share no source text. `links[i][j]` are the
    links of i's sentences into j, for both orders of the related pairs of a group.
    """

    def __init__(self, texts: PreparedTexts, encoder: Encoder | None) -> None:
        self.texts = texts
        self.encoder = encoder
        self.by_pair: dict[tuple[int, int], Relation] = {}
        self.apart: set[tuple[int, int]] = set()
        self.links: defaultdict[int, dict[int, Links]] = defaultdict(dict)

    def relate(self, i: int, j: int, *, keep: bool = False) -> Relation:
        """The relation of a pair; if `keep`, its links are kept even where it is unrelated."""
        if j in self.links[i]:
            return self.by_pair[i, j]
        a, b = self.texts.text(i), self.texts.text(j)
        relation, links = relate(a, b, self.encoder)
        if keep or relation.probability >= MIN_PROBABILITY:
            self.by_pair[i, j] = relation
            self.links[i][j], self.links[j][i] = links
        elif relation.kind != "unrelated":
            self.by_pair[i, j] = relation
            self.apart.add((i, j))
        return relation

    def find_ties(
        self, pairs: Iterable[tuple[int, int]]
    ) -> tuple[list[Tie], list[tuple[int, int, float]]]:
        """Relate pairs, but for those among many copies of one text that the pairs before hold
        together: the ties among them, and the pairs that are none with the probability that they
        share a source text."""
        ties, apart = [], []
        copies: dict[int, list[int]] = {}  # of each article, those that it is a copy of, and itself
        for i, j in pairs:
            small, large = sorted((copies.get(i, [i]), copies.get(j, [j])), key=len)
            if small is large and len(small) > MAX_ALL_RELATED:
                continue
            relation = self.relate(i, j)
            if relation.kind in COPIES and small is not large:
                large += small
                copies |= dict.fromkeys((i, j, *small), large)
            if relation.probability >= MIN_PROBABILITY:
                links = self.links[i][j], self.links[j][i]
                own, others = find_footprints(self.texts.text(i), self.texts.text(j), links)
                weight, sources = sum(relation.coverage), links[0].sources
                ties.append(Tie(i, j, relation.probability, weight, own, others, sources))
            else:
                apart.append((i, j, relation.probability))
        return ties, apart
