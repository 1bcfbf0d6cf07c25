"""Quality does not drop in silence."""

import json

import pytest

from benchmarks.floors import FLOORS, PARTS, broken, measure

pytestmark = [pytest.mark.data, pytest.mark.slow]


@pytest.mark.parametrize("part", PARTS)
def test_no_figure_falls_below_its_floor(part: str) -> None:
    """Every figure in benchmarks/floors.json is measured again and holds."""
    assert broken(measure([part]), [part]) == []


def test_every_floor_is_that_of_one_part() -> None:
    """So that none is passed over."""
    floors = json.loads(FLOORS.read_text("utf-8"))
    for name in [*floors["least"], *floors["most"]]:
        assert sum(name.startswith(part.begins) for part in PARTS.values()) == 1, name


def test_a_figure_that_is_missing_or_worse_breaks_its_floor() -> None:
    """A floor cannot pass by not being measured."""
    floors = json.loads(FLOORS.read_text("utf-8"))
    bounds = {**floors["least"], **floors["most"]}
    assert broken(bounds) == []
    assert len(broken({})) == len(bounds)
    worse = {**{k: v - 0.01 for k, v in floors["least"].items()},
             **{k: v + 1 for k, v in floors["most"].items()}}  # fmt: skip
    assert len(broken(worse)) == len(bounds)
