"""Where the evaluation data is, and how to read it."""

import hashlib
import json
import lzma
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dedup.embed import DEFAULT_ENCODER, Encoder, load_encoder
from dedup.embed.keep import keep_vectors

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DEDUP_DATA", ROOT.parent / "shared" / "data"))


def load(name: str) -> list[dict[str, Any]]:
    """The records of one set, `NAME.jsonl.xz`."""
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def sent_on(stamp: str) -> date:
    """The day of a Reuters dispatch: " 2-MAR-1987 10:36:04.21"."""
    return datetime.strptime(stamp.strip()[:11].strip(), "%d-%b-%Y").date()


def available() -> bool:
    """Whether the evaluation data is on this machine."""
    return (DATA / "README.md").exists()


def fitted_on(story: str) -> bool:
    """Whether a story belongs to the half that models are fitted on; the other half judges."""
    return hashlib.sha256(story.encode()).digest()[0] % 2 == 0


def load_vectors(name: str = DEFAULT_ENCODER) -> Encoder:
    """The encoder of that name; its vectors are kept in the folder $DEDUP_VECTORS, if it is set."""
    folder = os.environ.get("DEDUP_VECTORS")
    return keep_vectors(load_encoder(name), folder) if folder else load_encoder(name)
