"""What all parts of an index must agree in, and what is said of one that does not."""

from collections.abc import Mapping

from dedup._version import __version__
from dedup.errors import StoreError

# What all parts of an index must agree in: with other settings the same text has other keys.
SETTINGS: Mapping[str, str] = {
    "format": "4",
    "signature": "datasketch affine32, seed 1, 128 positions, word 5-shingles",
    "bands": "25 of 5",
    "terms": "22 bits",
    "common": "50",
    "runs": "8 words, the least of 12, 32 bits",
}
NO_RUNS = "none"  # of an index that keeps no runs
WRITTEN_BY = f"dedup {__version__}"


def check_settings(place: str, kept: Mapping[str, str]) -> bool:
    """Whether an index with these settings keeps the runs by which passages are found. Raises
    `StoreError` where it was made with other settings than ours."""
    for name, value in SETTINGS.items():
        if kept.get(name) != value and (name, kept.get(name)) != ("runs", NO_RUNS):
            raise StoreError(
                f"{place}: has {name} {kept.get(name)!r}, this version of dedup reads "
                f"{value!r} (written by {kept.get('written by')}); open it with that version"
            )
    return kept["runs"] != NO_RUNS


def choose_settings(passages: bool) -> dict[str, str]:
    """The settings of a new index, which keeps the runs by which passages are found or does not."""
    return {**SETTINGS, **({} if passages else {"runs": NO_RUNS}), "written by": WRITTEN_BY}
