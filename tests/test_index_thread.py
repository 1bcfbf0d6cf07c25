"""An index in a thread of its own: every future is done in the end, whatever happens meanwhile."""

from concurrent.futures import Future
from threading import Barrier, Thread
from typing import Any

import pytest
from patience import MAX_WAIT

from dedup import Article, Index, InputError, StoreError
from dedup.index.thread import IndexThread

TEXT = "The lighthouse of the northern island is to be sold to a family of potters in spring."


def make() -> Index:
    return Index(":memory:")


def test_what_comes_while_it_is_closed_is_answered() -> None:
    """Each operation is done before that, or is told that it came too late; none waits for good."""
    for _ in range(20):
        thread = IndexThread(make, "too late", together=3)
        answers: list[Future[int]] = []
        together = Barrier(5)

        def submit(
            thread: IndexThread = thread,
            together: Barrier = together,
            answers: list[Future[int]] = answers,
        ) -> None:
            together.wait()
            answers.extend(thread.submit(len) for _ in range(50))

        threads = [Thread(target=submit) for _ in range(4)]
        for one in threads:
            one.start()
        together.wait()
        thread.close()
        for one in threads:
            one.join()
        for answer in answers:
            error = answer.exception(MAX_WAIT)
            assert error is None or (isinstance(error, StoreError) and str(error) == "too late")


def test_a_refusal_is_of_one_and_a_fault_costs_the_others_nothing() -> None:
    """A refused operation leaves the commit as it is; after any other error each is done alone."""
    commits = list[None]()
    thread = IndexThread(
        make, "closed", together=4, seconds=MAX_WAIT, written=lambda: commits.append(None)
    )

    def fail(index: Index) -> None:
        index.add(Article("half", TEXT))
        raise ZeroDivisionError

    def refuse(index: Index) -> None:
        raise InputError("no")

    def add(id: str) -> Any:
        return thread.submit(lambda index: index.add(Article(id, f"{TEXT} {id}")))

    asked = [add("a"), thread.submit(refuse), add("b"), add("c")]
    with pytest.raises(InputError):
        asked[1].result(MAX_WAIT)
    assert [asked[n].result(MAX_WAIT) for n in (0, 2, 3)] == [True, True, True]
    assert len(commits) == 1
    asked = [add("d"), thread.submit(fail), add("e"), thread.submit(list)]
    with pytest.raises(ZeroDivisionError):
        asked[1].result(MAX_WAIT)
    assert [article.id for article in asked[3].result(MAX_WAIT)] == list("abcde")
    thread.close()
