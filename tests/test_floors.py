"""Quality does not drop in silence."""

import json

import pytest

pytestmark = [pytest.mark.data, pytest.mark.slow]


def test_no_figure_falls_below_its_floor() -> None:
    """Every figure in benchmarks/floors.json is measured again and holds."""
    from benchmarks.floors import broken, measure

    assert broken(measure()) == []


def test_a_figure_that_is_missing_or_worse_breaks_its_floor() -> None:
    """A floor cannot pass by not being measured."""
    from benchmarks.floors import FLOORS, broken

    floors = json.loads(FLOORS.read_text("utf-8"))
    bounds = {**floors["least"], **floors["most"]}
    assert broken(bounds) == []
    assert len(broken({})) == len(bounds)
    worse = {**{k: v - 0.01 for k, v in floors["least"].items()},
             **{k: v + 1 for k, v in floors["most"].items()}}  # fmt: skip
    assert len(broken(worse)) == len(bounds)
