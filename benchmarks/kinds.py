"""Kinds given the link, and why they differ from the gold: `python -m benchmarks.kinds`.

The gold of PorSimples calls a sentence copied where it is equal to its source, character by
character, and paraphrased otherwise; that of remix goes by how the sentence was made. DESIGN's
definition goes by the words and allows one in ten to differ. So for each linked sentence whose
kind is not the gold's, the definition is applied to the gold's own units and sources: where it
gives our kind, the two differ by definition; where it gives the gold's, ours was led astray,
by its links or by where it cuts sentences.
"""

from collections import Counter
from itertools import chain

from benchmarks.alignment import dedup_links
from benchmarks.data import fitted_on
from benchmarks.pairs import GoldPair, Unit, nearest, porsimples, remix
from dedup.align.passages import choose_kind
from dedup.text import Sentence, Text, Token
from dedup.text.words import split_words

JUDGED = ("copied", "paraphrased")


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    words = split_words(text)
    return list(map(Token, words.begins.tolist(), words.ends.tolist(), words.forms()))


def by_definition(pair: GoldPair, unit: Unit) -> str:
    """The kind that the definition gives the gold's unit and the gold's sources."""
    sources = (pair.source_units[number] for number in sorted(unit.sources))
    home = "\n".join(pair.source[source.begin : source.end] for source in sources)
    return choose_kind(tokens(pair.derivative[unit.begin : unit.end]), tokens(home))


def cause(
    pair: GoldPair, unit: Unit, sentence: Sentence, kind: str, linked: set[int], source: Text
) -> str:
    """Why a kind is not the gold's."""
    if by_definition(pair, unit) == kind:
        return "definition"
    if [t.form for t in sentence.tokens] != split_words(
        pair.derivative[unit.begin : unit.end]
    ).forms():
        return "sentence cut otherwise"
    theirs = {nearest(source.prose[j], pair.source_units) for j in linked}
    return "links" if theirs != unit.sources else "words"


def main() -> None:
    counts: dict[str, Counter[str]] = {}
    for pair in chain(porsimples(), remix()):
        derivative, source = pair.texts()
        half = "fitted" if fitted_on(pair.story) else "judged"
        counted = counts.setdefault(f"{pair.set} {half}", Counter())
        links, kinds = dedup_links(derivative, source)
        for sentence, kind, linked in zip(derivative.prose, kinds, links, strict=True):
            unit = pair.units[nearest(sentence, pair.units)]
            if not linked or unit.kind not in JUDGED:
                continue
            counted["all"] += 1
            counted["by definition"] += kind == by_definition(pair, unit)
            if kind == unit.kind:
                counted["right"] += 1
            else:
                counted[cause(pair, unit, sentence, kind, linked, source)] += 1
    causes = ("definition", "links", "sentence cut otherwise", "words")
    print(f"{'set':<28}linked  as gold  as defined  differs by " + ", ".join(causes))
    for name, counted in sorted(counts.items()):
        shares = counted["right"] / counted["all"], counted["by definition"] / counted["all"]
        print(
            f"{name:<28}{counted['all']:6d}    {shares[0]:.3f}       {shares[1]:.3f}  "
            + ", ".join(str(counted[name]) for name in causes)
        )


if __name__ == "__main__":
    main()
