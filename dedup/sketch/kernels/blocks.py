"""Blocks: the same work on one block after another, in threads, with the results in order.

Comes in: a function, blocks, how many threads. Goes out: the function's results in the order of
the blocks, whichever thread is done first. A few blocks are in flight at a time, however many
there are. It does not split anything, and gives the interpreter's lock back only as far as the
function does; the kernels do.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Block = TypeVar("Block")
Result = TypeVar("Result")


def map_in_order(
    function: Callable[[Block], Result], blocks: Iterable[Block], threads: int
) -> Iterator[Result]:
    """`function` of each block, in the order of the blocks, by so many threads.

    >>> list(map_in_order(str.upper, ["zdf", "reuters"], threads=2))
    ['ZDF', 'REUTERS']
    """
    if threads == 1:
        yield from map(function, blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for block in blocks:
            waiting.append(pool.submit(function, block))
            # One block waits for each one at work: no thread is idle, and memory is bounded.
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
