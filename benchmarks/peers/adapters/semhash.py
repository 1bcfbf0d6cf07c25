"""semhash as its README has it, with its default model and threshold (cosine .9)."""

from pathlib import Path

from semhash import SemHash  # type: ignore[import-not-found]

FOUND = "pairs"


def find(texts: list[str], path: Path) -> list[tuple[int, int]]:
    """Each article left out with the one it is like."""
    records = [{"number": str(number), "text": text} for number, text in enumerate(texts)]
    try:
        index = SemHash.from_records(records, columns=["text"])
    except OSError as error:
        raise SystemExit(
            "its model is downloaded at the first use, and not on this machine"
        ) from error
    filtered = index.self_deduplicate().filtered
    return [(int(row.duplicate_of["number"]), int(row.record["number"])) for row in filtered]
