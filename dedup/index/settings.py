"""What all parts of an index must agree in, and what is said of one that does not."""

from collections.abc import Mapping

from dedup._version import __version__
from dedup.errors import StoreError

# What all parts of an index must agree in: with other settings the same text has other keys.
SETTINGS: Mapping[str, str] = {
    "format": "3",
    "signature": "datasketch affine32, seed 1, 128 positions, word 5-shingles",
    "bands": "25 of 5",
    "terms": "22 bits",
    "common": "50",
}
WRITTEN_BY = f"dedup {__version__}"


def check_settings(place: str, kept: Mapping[str, str]) -> None:
    """Raise `StoreError` where an index was made with other settings than ours."""
    for name, value in SETTINGS.items():
        if kept.get(name) != value:
            raise StoreError(
                f"{place}: has {name} {kept.get(name)!r}, this version of dedup reads "
                f"{value!r} (written by {kept.get('written by')}); open it with that version"
            )
