"""What all parts of an index must agree in, and what is said of one that does not."""

from collections.abc import Mapping

from dedup._version import __version__
from dedup.errors import StoreError

# What all parts of an index must agree in: with other settings the same text has other keys.
SETTINGS: Mapping[str, str] = {
    "format": "6",
    "signature": "datasketch affine32, seed 1, 128 positions, word 5-shingles",
    "bands": "25 of 5",
    "terms": "22 bits",
    "postings": "the last 50 of a term",
    "runs": "8 words, the least of 12, 32 bits",
}
NO_RUNS = "none"  # of an index that keeps no runs
WRITTEN_BY = f"dedup {__version__}"
# Formats that `dedup.index.migration` brings up to date. In the first two a term that 50 articles
# had was common for good, and in format 3 there were no runs.
COUNTED_FOR_GOOD = ("3", "4")
FORMER = (*COUNTED_FOR_GOOD, "5")


def check_settings(place: str, kept: Mapping[str, str], readonly: bool) -> dict[str, str]:
    """The settings of an index, if it can be used. Raises `StoreError` where it was made with other
    settings than ours, or has a former format and may not be written."""
    current = migrate_settings(kept)
    for name, value in SETTINGS.items():
        if current.get(name) != value and (name, current.get(name)) != ("runs", NO_RUNS):
            raise StoreError(
                f"{place}: has {name} {kept.get(name)!r}, this version of dedup reads "
                f"{value!r} (written by {kept.get('written by')}); open it with that version"
            )
    if readonly and is_former(kept):
        raise StoreError(
            f"{place}: has format {kept['format']!r}, which becomes format {SETTINGS['format']!r} "
            "when the index is opened to be written; `dedup index compact` does that"
        )
    return dict(kept)


def is_former(kept: Mapping[str, str]) -> bool:
    """Whether an index has a former format."""
    return kept.get("format") in FORMER


def migrate_settings(kept: Mapping[str, str]) -> dict[str, str]:
    """The settings that an index has once it is brought up to date."""
    current = dict(kept)
    is_whole = kept.get("format") not in COUNTED_FOR_GOOD or current.pop("common", None) == "50"
    if is_former(kept) and is_whole:
        names = ("format", "postings")
        current |= {"runs": NO_RUNS} | current | {name: SETTINGS[name] for name in names}
        current["written by"] = WRITTEN_BY
    return current


def choose_settings(passages: bool) -> dict[str, str]:
    """The settings of a new index, which keeps the runs by which passages are found or does not."""
    return {**SETTINGS, **({} if passages else {"runs": NO_RUNS}), "written by": WRITTEN_BY}
