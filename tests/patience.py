"""Patience: how long a test waits before it calls the work unbounded.

The guard tells work that never ends, or grows with the square of a long input, from work that
takes a second or a few. How fast things are is measured in benchmarks/.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CPU_SECONDS = 60
MAX_WAIT = 180  # seconds by the clock, on a machine that does much else


@contextmanager
def bounded_time() -> Iterator[None]:
    """What stands in the block ends within the patience, in seconds of CPU."""
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    assert spent < CPU_SECONDS, f"{spent:.0f} s of CPU: does the work grow with the square?"


def wait_until(condition: Callable[..., bool], *arguments: object) -> None:
    """Come back as soon as something holds."""
    end = time.monotonic() + MAX_WAIT
    while not condition(*arguments):
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions `work` calls: the same on every machine, however busy."""
    count = 0

    def counted(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
