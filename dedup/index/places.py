"""Where an index is kept: a file, or the address of a database, and the store that opens it."""

from os import PathLike, fspath

from dedup.extras import require
from dedup.index.migration import migrate
from dedup.index.sqlite import SQLiteStore, is_index
from dedup.index.store import Store

ADDRESSES = ("postgresql://", "postgres://")


def is_index_address(place: str) -> bool:
    """Whether `place` names an index rather than articles: its file, or a database's address."""
    return place.startswith(ADDRESSES) or is_index(place)


def open_store(
    place: str | PathLike[str] | Store, readonly: bool = False, passages: bool = True
) -> Store:
    """The store at a place, of a former format brought up to date; a new one keeps the runs by
    which passages are found, if `passages`."""
    store = find_store(place, readonly, passages)
    if store.is_former:
        try:
            migrate(store)
        except BaseException:
            store.close()
            raise
    return store


def find_store(place: str | PathLike[str] | Store, readonly: bool, passages: bool) -> Store:
    """The store at a place, as it is."""
    if isinstance(place, Store):
        return place
    place = fspath(place)
    if place.startswith(ADDRESSES):
        require("psycopg", "postgres")
        from dedup.index.postgres import PostgresStore

        return PostgresStore(place, readonly=readonly, passages=passages)
    return SQLiteStore(place, readonly=readonly, passages=passages)
