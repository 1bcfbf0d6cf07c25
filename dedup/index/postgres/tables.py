"""The tables of an index in PostgreSQL: checked, and made where there are none.

They stand in a schema of their own, as `dedup.index.sqlite` has them in a file. A schema of
another format, with other settings, or with something else in it is an error, and stays as it is:
nothing here deletes, repairs or overwrites what it cannot read.
"""

from typing import Any

import psycopg
from psycopg import errors

from dedup.errors import StoreError
from dedup.index.postgres.connection import Address
from dedup.index.store import SETTINGS, WRITTEN_BY, check_settings

MAKING = 0x64647570  # "ddup": the advisory lock of who makes the tables

# Ids may be longer than a B-tree takes; a hash index keeps four bytes of each. They are compared
# byte by byte: a collation may change with the server's system, and its indexes then lie.
SCHEMA = """
CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE counters (
    articles integer NOT NULL, clusters integer NOT NULL, changes bigint NOT NULL);
CREATE TABLE articles (
    number integer PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    published double precision,
    original integer,
    posted boolean NOT NULL,
    signature bytea NOT NULL,
    EXCLUDE USING hash (id WITH =)
);
CREATE INDEX copies ON articles (original, number) WHERE original IS NOT NULL;
CREATE TABLE contents (number integer PRIMARY KEY, fields text NOT NULL, text bytea);
ALTER TABLE contents ALTER text SET STORAGE EXTERNAL;
CREATE TABLE bands (key integer, number integer, PRIMARY KEY (key, number));
CREATE TABLE terms (term integer PRIMARY KEY, numbers bytea NOT NULL) WITH (fillfactor = 80);
CREATE TABLE common (term integer PRIMARY KEY);
CREATE TABLE pairs (a integer, b integer, relation text, PRIMARY KEY (a, b));
CREATE INDEX pairs_of_b ON pairs (b, a);
CREATE INDEX pairs_pending ON pairs (a, b) WHERE relation IS NULL;
CREATE TABLE unsettled (number integer PRIMARY KEY);
CREATE TABLE clusters (number integer PRIMARY KEY, cluster integer NOT NULL);
CREATE INDEX members ON clusters (cluster, number);
"""


def open_schema(sql: "psycopg.Connection[Any]", where: Address, readonly: bool) -> None:
    """Check the schema before anything is written to it; make the index where there is none,
    unless it is only read."""
    ((encoding,),) = sql.execute("SHOW server_encoding")
    if encoding != "UTF8":
        raise StoreError(f"{where.display}: the database has {encoding}; make one with UTF8")
    there = _tables(sql, where)
    if not there:
        if readonly:
            raise StoreError(f"{where.display}: there is no such index")
        _make(sql, where)
    elif "settings" not in there:
        raise _foreign(where)
    try:
        kept = dict(sql.execute(f'SELECT name, value FROM "{where.schema}".settings').fetchall())
    except errors.UndefinedColumn:
        raise _foreign(where) from None
    check_settings(where.display, kept)


def _foreign(where: Address) -> StoreError:
    return StoreError(
        f"{where.display}: there is a schema {where.schema!r}, but it is not an index of dedup's; "
        "name another one, with dedup_schema=… in the address"
    )


def _tables(sql: "psycopg.Connection[Any]", where: Address) -> set[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s)"
    return {name for (name,) in sql.execute(query, (where.schema,))}


def _make(sql: "psycopg.Connection[Any]", where: Address) -> None:
    """Make the tables, unless another process has just made them."""
    with sql.transaction():
        sql.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
        if _tables(sql, where):
            return
        schema = sql.execute("SELECT to_regnamespace(%s)", (where.schema,)).fetchone()
        if schema == (None,):
            sql.execute(f'CREATE SCHEMA "{where.schema}"')
        sql.execute(SCHEMA)
        for setting in {**SETTINGS, "written by": WRITTEN_BY}.items():
            sql.execute("INSERT INTO settings VALUES (%s, %s)", setting)
        sql.execute("INSERT INTO counters VALUES (0, 0, 0)")
