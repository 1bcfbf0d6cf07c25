"""Judge by a model that has not seen a set: what is printed for a set is what users will see."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.data import ROOT

LEFT_OUT = ROOT / "benchmarks" / "left_out.json"


@contextmanager
def without(name: str) -> Iterator[None]:
    """Within this context the relation models are those fitted on all sets but `name`
    (`python -m benchmarks.fit_relation --write`, for one language, and that of
    `benchmarks.fit_relation_across`, for two, keep them in left_out.json)."""
    from dedup.relate import model

    models = json.loads(LEFT_OUT.read_text("utf-8"))[name]
    shipped = model.load_model

    def load(setting: str) -> tuple[float, dict[str, float]]:
        data = models.get(setting)
        return (data["intercept"], data["weights"]) if data else shipped(setting)

    with patch.object(model, "load_model", load):
        yield
