"""Pages that are parsed later, by several processes at once, and still come out in order.

To take the text out of a page takes 25 ms, a hundred times as long as to read its bytes. So the
readers of pages yield a `Deferred` instead of an article; `isolation` resolves them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from dedup.readers.problem import Outcome, problem_from


class Deferred(NamedTuple):
    """An article still to be made: `work(*arguments)` gives it, in whatever process.

    If that fails, the problem is one of `path`, and `place` is added to the message.
    """

    path: str
    reader: str
    work: Callable[..., Outcome]
    arguments: tuple[Any, ...]
    place: str = ""

    def resolve(self) -> Outcome:
        """The article, or the problem with it."""
        try:
            return self.work(*self.arguments)
        except Exception as error:
            return problem_from(error, self.path, self.reader, self.place)


Unresolved = Outcome | Deferred  # as readers yield it
