"""The floors: figures that must not get worse, kept in floors.json.

They are measured part by part, so that the parts can be shared by processes.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import alignment, attribution, derivation, families, languages, long, pan
from benchmarks.derivation import printed
from benchmarks.families.hard import REAL, judge_hard
from dedup.embed import load_encoder

FLOORS = Path(__file__).with_name("floors.json")
ACROSS_EVERY = 3  # nth pair in two languages: `python -m benchmarks.languages` measures all
DIGESTS = 15  # stories: `python -m benchmarks.long` measures 40
PAN_PAIRS = 300  # at most, every nth: `python -m benchmarks.pan` measures all of them

Figures = Mapping[str, Mapping[str, float]]


class Part(NamedTuple):
    """What is measured in one go, and how the names of its floors begin."""

    begins: tuple[str, ...]
    measure: Callable[[], Figures]


PARTS = {
    "alignment": Part(
        ("remix-", "porsimples-", "wmt19-arp.", "basil."),
        lambda: alignment.judge(list(alignment.sets()), {}),
    ),
    "languages": Part(
        ("across-",),
        lambda: languages.judge_passages(load_encoder(), baselines=False, every=ACROSS_EVERY),
    ),
    "pan": Part(("pan.",), lambda: pan.judge(PAN_PAIRS, {"dedup": pan.dedup_blocks})),
    "seeds": Part(
        ("seeds.", "seeds, "),
        lambda: {
            **alignment.seeds(),
            "seeds.who": {
                "attribution_f1": attribution.seeds()[2],
                "edges_right": derivation.seeds(),
            },
        },
    ),
    "credits": Part(("credits.",), lambda: {"credits": attribution.credits()}),
    "polnear": Part(("polnear.",), lambda: {"polnear": attribution.polnear()}),
    **{
        name: Part((f"{name}.",), partial(families.judge, (name,), others=False))
        for name in families.COLLECTIONS
    },
    "joined": Part(("joined.",), lambda: {"joined": judge_hard(REAL)}),
    "pages": Part(
        ("pages.",),
        lambda: {"pages": printed.report(derivation.PAGES, derivation.EVERY, baselines=False)},
    ),
    "trees": Part(
        ("trees.",),
        lambda: {
            "trees": derivation.known_trees(derivation.QUICK, derivation.EVERY, baselines=False)
        },
    ),
    "digest": Part(("digest.",), lambda: {"digest": long.digests(list(long.wires()), DIGESTS)}),
}


def measure(parts: Iterable[str] = PARTS) -> dict[str, float]:
    """Every figure of these parts, by name, measured now; prints the tables on the way."""
    return {
        f"{name}.{key}": value
        for part in parts
        for name, row in PARTS[part].measure().items()
        for key, value in row.items()
    }


def broken(figures: Mapping[str, float], parts: Iterable[str] = PARTS) -> list[str]:
    """The floors of these parts that `figures` do not hold, in words; a figure that is missing
    holds none."""
    floors = json.loads(FLOORS.read_text("utf-8"))
    begins = tuple(begin for part in parts for begin in PARTS[part].begins)
    nothing = float("nan")
    return [
        f"{name} is {figures.get(name, nothing):.4f}, must be at {word} {bound}"
        for word, sign in (("least", 1), ("most", -1))
        for name, bound in floors[word].items()
        if name.startswith(begins) and not sign * figures.get(name, nothing) >= sign * bound
    ]
