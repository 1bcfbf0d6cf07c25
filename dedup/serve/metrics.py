"""How a server does, in numbers: Prometheus' text format, without a library."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds


class Metrics:
    """Counts requests by route and status, and how long they took by route."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._durations: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self.under_way = 0  # requests that have come in and are not answered yet

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has been answered."""
        self._requests[method, route, status] += 1
        buckets = self._durations.setdefault(route, [0] * (len(BUCKETS) + 1))
        buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]  # seconds are no whole number

    def render(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """All numbers; `gauges` have a name, what it means, and its value now."""
        lines = ["# HELP dedup_requests_total Requests that were answered.",
                 "# TYPE dedup_requests_total counter"]  # fmt: skip
        for (method, route, status), number in sorted(self._requests.items()):
            labels = f'method="{method}",route="{route}",status="{status}"'
            lines.append(f"dedup_requests_total{{{labels}}} {number}")
        lines += ["# HELP dedup_request_seconds How long requests took.",
                  "# TYPE dedup_request_seconds histogram"]  # fmt: skip
        for route, buckets in sorted(self._durations.items()):
            total = 0
            for bound, number in zip((*BUCKETS, "+Inf"), buckets, strict=True):
                total += number
                labels = f'route="{route}",le="{bound}"'
                lines.append(f"dedup_request_seconds_bucket{{{labels}}} {total}")
            lines.append(f'dedup_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'dedup_request_seconds_count{{route="{route}"}} {total}')
        for name, (meaning, value) in gauges.items():
            lines += [f"# HELP dedup_{name} {meaning}", f"# TYPE dedup_{name} gauge",
                      f"dedup_{name} {value:g}"]  # fmt: skip
        return "\n".join(lines) + "\n"
