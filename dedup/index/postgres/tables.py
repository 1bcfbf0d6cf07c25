"""The tables of an index in PostgreSQL: checked, and made where there are none.

They stand in a schema of their own, as `dedup.index.sqlite` has them in a file. A schema of
another format, with other settings, or with something else in it is an error, and stays as it is:
nothing here deletes, repairs or overwrites what it cannot read.
"""

from typing import Any

import psycopg
from psycopg import errors

from dedup.errors import StoreError
from dedup.index.database import read_schema
from dedup.index.postgres.connection import Address
from dedup.index.settings import check_settings, choose_settings

SCHEMA = "index-postgres.sql"
MAKING = 0x64647570  # "ddup": the advisory lock of who makes the tables


def open_schema(
    sql: "psycopg.Connection[Any]", where: Address, readonly: bool, passages: bool
) -> dict[str, str]:
    """Check the schema before anything is written to it; make the index where there is none,
    unless it is only read. Gives its settings."""
    ((encoding,),) = sql.execute("SHOW server_encoding")
    if encoding != "UTF8":
        raise StoreError(f"{where.display}: the database has {encoding}; make one with UTF8")
    if not has_tables(sql, where):
        if readonly:
            raise StoreError(f"{where.display}: there is no such index")
        make_tables(sql, where, passages)
    try:
        kept = dict(sql.execute(f'SELECT name, value FROM "{where.schema}".settings').fetchall())
    except (errors.UndefinedTable, errors.UndefinedColumn):
        raise StoreError(
            f"{where.display}: there is a schema {where.schema!r}, but it is not an index of "
            "dedup's; name another one, with dedup_schema=… in the address"
        ) from None
    return check_settings(where.display, kept, readonly)


def has_tables(sql: "psycopg.Connection[Any]", where: Address) -> bool:
    """Whether there is anything in the schema."""
    query = "SELECT FROM pg_class WHERE relnamespace = to_regnamespace(%s) LIMIT 1"
    return sql.execute(query, (where.schema,)).fetchone() is not None


def make_tables(sql: "psycopg.Connection[Any]", where: Address, passages: bool) -> None:
    """Make the tables, unless another process has just made them."""
    with sql.transaction():
        sql.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
        if has_tables(sql, where):
            return
        known = sql.execute("SELECT to_regnamespace(%s)", (where.schema,)).fetchone()
        if known == (None,):
            sql.execute(f'CREATE SCHEMA "{where.schema}"')
        for statement in read_schema(SCHEMA):
            sql.execute(statement)
        for setting in choose_settings(passages).items():
            sql.execute("INSERT INTO settings VALUES (%s, %s)", setting)
        sql.execute("INSERT INTO counters VALUES (0, 0, 0)")
