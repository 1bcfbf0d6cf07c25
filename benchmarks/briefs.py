"""Briefs of one kind in two languages: `python -m benchmarks.briefs`.

Two deaths, two matches or two rate decisions are told in the same way, and are no translation of
one another. The openings of real stories (WMT, newstest, ntrex; the half that no model was fitted
on) are sorted into kinds by words of their English version; an opening in another language is
held against the English one of another story of its kind, those first that share most names and
numbers. Beside it, the openings of one story in two languages: how many are found.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.data import fitted_on, load, load_vectors
from dedup.article import Article
from dedup.relate import MIN_PROBABILITY, relate
from dedup.text import Text, prepare
from dedup.text.romanize import names_and_numbers

KINDS = {
    "rates": r"interest rates?|central bank|inflation|shares|stock (?:market|exchange)|profits?",
    "quakes": r"earthquake|magnitude|hurricane|typhoon|floods?|flooding|wildfires?|storm",
    "obituaries": r"died|passed away|funeral|obituary|mourn\w*",
    "matches": r"match|goals?|coach|league|championships?|tournament|semi-?final|striker",
    "verdicts": r"court|sentenced|judges?|trial|convicted|prison|jail",
}
OPENING = 4  # sentences
PAIRS = 100  # of a kind
RIVALS = 8  # that share most, for each opening
LANGUAGES = 3  # in which a story of ntrex or newstest is taken


@dataclass(frozen=True)
class Brief:
    """The opening of a story in English and in another language."""

    story: str
    english: Text
    foreign: Text

    @property
    def document(self) -> str:
        """The story, in whatever set and pair of languages it is."""
        return self.story.rpartition("/")[2]


def openings() -> Iterator[tuple[str, list[str], str, list[str]]]:
    """Story, its first sentences in English, the other language, and those in it."""
    for row in load("wmt-news-versions"):
        source, _, target = row["pair"].partition("-")
        if "en" in (source, target) and source != target:
            other = next(name for name in sorted(row["versions"]) if name != "src")
            sides = row["versions"]["src"][:OPENING], row["versions"][other][:OPENING]
            english, foreign = sides if source == "en" else sides[::-1]
            story = f"{row['set']}/{row['pair']}/{row['doc_id']}"
            yield story, english, target if source == "en" else source, foreign
    for name, english_name in (("ntrex", "eng"), ("newstest", "en")):
        stories: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for row in load(name):
            id = row["doc_id"] if name == "ntrex" else f"{row['set']}:{row['doc_id']}"
            stories[id][row["lang"]] = row["sentences"][:OPENING]
        for id, versions in stories.items():
            others = sorted(versions.keys() - {english_name})
            if english_name in versions and others:
                chosen = random.Random(id).sample(others, min(LANGUAGES, len(others)))
                for language in sorted(chosen):
                    yield id, versions[english_name], language, versions[language]


def find_kind(english: str) -> str | None:
    """The kind whose words an opening has most of."""
    counts = {kind: len(re.findall(rf"\b(?:{words})\b", english)) for kind, words in KINDS.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def briefs() -> dict[str, list[Brief]]:
    """The briefs of each kind, in which no two stories are one."""
    found: dict[str, list[Brief]] = defaultdict(list)
    for story, english, language, foreign in openings():
        kind = find_kind(" ".join(english))
        if kind and not fitted_on(story):
            texts = (
                prepare(Article(f"{story}/{side}", "\n\n".join(lines)))
                for side, lines in (("en", english), (language, foreign))
            )
            brief = Brief(story, *texts)
            if brief.english.language == "en" != brief.foreign.language:
                found[kind].append(brief)
    return found


def rivals(listed: list[Brief]) -> list[tuple[Text, Text]]:
    """Openings of two stories, in two languages, those that share most names and numbers."""
    pairs = []
    for brief in listed:
        named = names_and_numbers(brief.foreign.anchors)
        others = [
            *{other.story: other for other in listed if other.document != brief.document}.values()
        ]
        others.sort(key=lambda other: -(named & names_and_numbers(other.english.anchors)).total())
        pairs += [(brief.foreign, other.english) for other in others[:RIVALS]]
    random.Random(0).shuffle(pairs)
    return pairs[:PAIRS]


def main() -> None:
    model = load_vectors()
    total = joined = true_pairs = all_found = 0
    for kind, listed in sorted(briefs().items()):
        pairs = rivals(listed)
        wrong = [
            (one, other)
            for one, other in pairs
            if relate(one, other, model)[0].probability >= MIN_PROBABILITY
        ]
        true = [relate(brief.foreign, brief.english, model)[0].probability for brief in listed]
        found = sum(probability >= MIN_PROBABILITY for probability in true)
        print(f"{kind:<12}{len(wrong)} of {len(pairs)} pairs joined; {found} of {len(true)} found")
        for one, other in wrong:
            print(f"    {one.article.id} ({one.language})  {other.article.id}")
        total, joined = total + len(pairs), joined + len(wrong)
        true_pairs, all_found = true_pairs + len(true), all_found + found
    print(f"in all      {joined} of {total} pairs of briefs of one kind joined; "
          f"{all_found} of {true_pairs} of one story found")  # fmt: skip


if __name__ == "__main__":
    main()
