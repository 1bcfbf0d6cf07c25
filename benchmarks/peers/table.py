"""The table that `python -m benchmarks.peers` prints, dedup first, the others by CPU time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.quality import THRESHOLD, Quality

HEAD = (
    f"{'':<24}{'CPU µs':>8}{'':>7}{'outside':>9}{'wall µs':>9}{'':>7}{'MB':>5}"
    f"{'≥ .7':>7}{'≥ .8':>6}{'planted':>9}{'≥ .7':>6}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One peer: seconds of CPU, the same seen from outside, and of wall for `articles`; bytes."""

    name: str
    note: str
    articles: int
    cpu: float
    outside: float
    wall: float
    peak: int
    quality: Quality


def printed(
    rows: Sequence[Row], missing: Mapping[str, str], planted: int, articles: int, length: int
) -> str:
    """The table. The first row is what the others are compared with."""
    ours, *others = rows
    others.sort(key=lambda row: row.cpu / row.articles)
    lines = [
        f"{articles:,} articles of about {length} words, {planted:,} planted pairs with exact "
        f"resemblance ≥ {THRESHOLD};",
        "time an article, × dedup's; peak memory; recall by resemblance; of what is found, the",
        "share that was planted, and the share with resemblance ≥ .7",
        "",
        HEAD,
    ]
    for row in (ours, *others):
        cells = (
            f"{row.name:<24}{row.cpu / row.articles * 1e6:>8.1f}"
            f"{_ratio(row.cpu / row.articles, ours.cpu / ours.articles):>7}"
            f"{row.outside / row.articles * 1e6:>9.1f}{row.wall / row.articles * 1e6:>9.1f}"
            f"{_ratio(row.wall / row.articles, ours.wall / ours.articles):>7}"
            f"{row.peak / 1e6:>5.0f}{row.quality.recall[THRESHOLD]:>7.3f}"
            f"{row.quality.recall[0.8]:>6.3f}{row.quality.precision:>9.3f}"
            f"{row.quality.exact:>6.3f}"
        )
        lines.append(cells)
    lines.append("")
    for row in (ours, *others):
        fewer = f"; {row.articles:,} articles only" if row.articles != articles else ""
        lines.append(f"{row.name}: {row.note}{fewer}")
    lines += [f"{name}: {why}" for name, why in missing.items()]
    return "\n".join(lines)


def _ratio(theirs: float, ours: float) -> str:
    times = theirs / ours
    return f"× {times:.0f}" if times >= 10 else f"× {times:.1f}"
