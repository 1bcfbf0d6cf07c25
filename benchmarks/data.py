"""Where the evaluation data is, and how to read it."""

import hashlib
import json
import lzma
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DEDUP_DATA", ROOT.parent / "shared" / "data"))


def load(name: str) -> list[dict[str, Any]]:
    """The records of one set, `NAME.jsonl.xz`."""
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def available() -> bool:
    """Whether the evaluation data is on this machine."""
    return (DATA / "README.md").exists()


def fitted_on(story: str) -> bool:
    """Whether a story belongs to the half that models are fitted on; the other half judges."""
    return hashlib.sha256(story.encode()).digest()[0] % 2 == 0
