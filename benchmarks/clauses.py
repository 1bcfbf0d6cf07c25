"""Where a sentence changes its source: `python -m benchmarks.clauses`.

Joined sentences are made from the versions of WMT's news: of two lines of a story, as another
version has them, put together with a comma, a dash or an "and"; the sources are the lines as
the reference has them. Counted is the part of the words that get their right source, on both
halves of the stories, beside a cut in the middle and a cut in proportion to the sources'
lengths, which know that there is one cut and which comes first.
"""

import random
from collections.abc import Iterator

import numpy as np

from benchmarks.data import fitted_on, load
from dedup.align.clauses import cut_clauses
from dedup.article import Article
from dedup.text import Sentence, Text, prepare

ENDS = ' .!?"'
AND = {"en": "and", "de": "und", "fr": "et"}
MIN_WORDS = 5  # words of a line that is joined

Joined = tuple[Text, int, list[Sentence], bool]  # text, where the second begins, sources, fitted


def joined() -> Iterator[Joined]:
    """Two lines put together, with the two source sentences."""
    for row in load("wmt-news-versions"):
        language = row["pair"].partition("-")[2]
        lines = row["versions"]
        own = next((name for name in sorted(lines) if name.startswith("ref")), None)
        others = [name for name in sorted(lines) if name not in ("src", own)]
        if language not in AND or own is None or not others:
            continue
        story = f"{row['set']}/{row['pair']}/{row['doc_id']}"
        chance = random.Random(story)
        for i in range(len(lines[own]) - 1):
            version = lines[chance.choice(others)]
            first, second = version[i].rstrip(ENDS), version[i + 1]
            link = chance.choice([", ", " – ", f" {AND[language]} "])
            sources = [
                prepare(Article("source", lines[own][j], language=language)).sentences
                for j in (i, i + 1)
            ]
            text = prepare(Article("derivative", first + link + second, language=language))
            whole = len(text.sentences) == 1 and all(len(side) == 1 for side in sources)
            if whole and min(len(first.split()), len(second.split())) >= MIN_WORDS:
                flat = [side[0] for side in sources]
                yield text, len(first) + len(link), flat, fitted_on(story)


def main() -> None:
    right: dict[str, dict[bool, list[float]]] = {}
    for text, border, sources, fitted in joined():
        sentence = text.sentences[0]
        second = np.array([token.begin >= border for token in sentence.tokens])
        # Spans in one and the same text: the second source is put after the first.
        apart = [sources[0], _moved(sources[1], sources[0].end + 1)]
        parts = cut_clauses(sentence, apart, text)
        says = np.zeros(len(second), dtype=np.bool_)
        for clause in parts:
            inside = [clause.begin <= token.begin < clause.end for token in sentence.tokens]
            says[inside] = clause.source.begin == apart[1].begin
        place = np.arange(len(second)) / len(second)
        sizes = [len(source.tokens) for source in sources]
        for name, answer in (
            ("dedup", says),
            ("cut in the middle", place >= 0.5),
            ("cut in proportion", place >= sizes[0] / sum(sizes)),
        ):
            right.setdefault(name, {}).setdefault(fitted, []).append(
                float(np.mean(answer == second))
            )
    print(f"{'words with their source':<26}fitted   judged  sentences")
    for name, halves in right.items():
        row = "    ".join(f"{np.mean(halves[half]):.3f}" for half in (True, False))
        print(f"{name:<26}{row}  {sum(map(len, halves.values()))}")


def _moved(sentence: Sentence, by: int) -> Sentence:
    from dataclasses import replace

    return replace(sentence, begin=sentence.begin + by, end=sentence.end + by)


if __name__ == "__main__":
    main()
