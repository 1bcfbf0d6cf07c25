"""An index in a PostgreSQL database, for crawlers on many hosts."""

from dedup.index.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
