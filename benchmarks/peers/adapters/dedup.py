"""dedup itself: `near_duplicates`, as its users call it."""

from pathlib import Path

from dedup import near_duplicates

FOUND = "groups"
MIN_FOR_KERNELS = 12_000_000  # characters, from which on the kernels are used


def ready(texts: list[str], path: Path) -> None:
    """The texts so often that the kernels are loaded."""
    near_duplicates(texts * (MIN_FOR_KERNELS // sum(map(len, texts)) + 1))


def find(texts: list[str], path: Path) -> list[int]:
    """A label an article."""
    labels: list[int] = near_duplicates(texts, threshold=0.7).labels.tolist()
    return labels
