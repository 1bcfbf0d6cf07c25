"""The floors: figures that must not get worse, kept in floors.json."""

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks import alignment, attribution, derivation, families, languages, long, pan
from benchmarks.derivation import printed
from benchmarks.families.hard import REAL, judge_hard
from dedup.embed import load_encoder

FLOORS = Path(__file__).with_name("floors.json")
ACROSS_EVERY = 3  # nth pair in two languages: `python -m benchmarks.languages` measures all
DIGESTS = 15  # stories: `python -m benchmarks.long` measures 40
PAN_PAIRS = 300  # at most, every nth: `python -m benchmarks.pan` measures all of them


def measure() -> dict[str, float]:
    """Every figure that has a floor, by name, measured now; prints the tables on the way."""
    figures: dict[str, Mapping[str, float]] = {
        **alignment.judge(list(alignment.sets()), {}),
        **languages.judge_passages(load_encoder(), baselines=False, every=ACROSS_EVERY),
        **pan.judge(PAN_PAIRS, {"dedup": pan.dedup_blocks}),
        **alignment.seeds(),
        "seeds.who": {
            "attribution_f1": attribution.seeds()[2],
            "edges_right": derivation.seeds(),
        },
        "credits": attribution.credits(),
        "polnear": attribution.polnear(),
        **families.judge(others=False),
        "joined": judge_hard(REAL),
        "pages": printed.report(derivation.EVERY, baselines=False),
        "trees": derivation.known_trees(derivation.QUICK, derivation.EVERY, baselines=False),
        "digest": long.digests(list(long.wires()), DIGESTS),
    }
    return {f"{name}.{key}": value for name, row in figures.items() for key, value in row.items()}


def broken(figures: Mapping[str, float]) -> list[str]:
    """The floors that `figures` do not hold, in words; a figure that is missing holds none."""
    floors = json.loads(FLOORS.read_text("utf-8"))
    nothing = float("nan")
    return [
        f"{name} is {figures.get(name, nothing):.4f}, must be at {word} {bound}"
        for word, sign in (("least", 1), ("most", -1))
        for name, bound in floors[word].items()
        if not sign * figures.get(name, nothing) >= sign * bound
    ]
