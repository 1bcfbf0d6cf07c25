"""A connection to PostgreSQL, and its errors in our words.

An address is as libpq knows it, with `dedup_schema=NAME` among its parameters where the index is
not in the schema `dedup`. No message has a password in it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from dedup.errors import StoreError

PATIENCE = 60  # seconds that a writer waits for another one, as with SQLite
CONNECT_SECONDS = 10  # seconds until a server that does not answer is given up
# A host that vanishes without a word (its power is cut, its network) is noticed by the server
# after 30 + 3 × 10 seconds, and lets go of the lock; the system's own setting is two hours.
KEEPALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
SCHEMA = "dedup"
NAMED = re.compile(r"(?<=\?)dedup_schema=([^&]*)&?|&dedup_schema=([^&]*)")
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
SECRETS = (
    (re.compile(r"(?<=://)([^:@/?]*):.*@", re.DOTALL), r"\1:***@"),
    (re.compile(r"([?&](?:ssl)?password=)[^&]*"), r"\1***"),
)

LOST = (
    "; what was not committed is not kept. The next call connects again, and adding the same "
    "articles again does no harm"
)
ADVICE = {
    "55P03": f"; another one has written for {PATIENCE} seconds, try again",
    "53100": "; make room on the server's disk, then go on: nothing that was kept is lost",
    "53300": "; let fewer processes open the index, or raise max_connections of the server",
    "42501": "; this user may not: see who owns the schema, docs/index-postgres.md",
    "25006": "; it may only be read here: open it with readonly=True",
    "XX": "; the index is damaged and was left as it is; go back to a copy of it",
    "57P": LOST,
    "08": LOST,
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is: the parameters for libpq, the schema, and the address without its
    password, to `display`."""

    parameters: dict[str, Any] = field(repr=False)
    schema: str
    display: str


def parse_address(place: str) -> Address:
    """Parse an address. Raises `StoreError` where it cannot be understood.

    >>> parse_address("postgresql://crawler:secret@db.example/news?dedup_schema=daily").display
    'postgresql://crawler:***@db.example/news?dedup_schema=daily'
    """
    display = place
    for secret, instead in SECRETS:
        display = secret.sub(instead, display)
    named = NAMED.search(place)
    schema = unquote(named[1] or named[2] or "") if named else SCHEMA
    if not NAME.fullmatch(schema):
        raise StoreError(
            f"{display}: dedup_schema is {schema!r}; give a name of up to 63 small letters, "
            "digits and _, no digit first"
        )
    try:
        parameters = conninfo_to_dict(NAMED.sub("", place))
    except psycopg.Error:
        parameters = {"port": "?"}
    # What libpq says of such an address may have a piece of the password in it.
    port, host = str(parameters.get("port", "")), str(parameters.get("host", ""))
    if "@" in host or not re.fullmatch("[0-9,]*", port):
        raise StoreError(
            f"{display}: is no address of a PostgreSQL database; write it as "
            "postgresql://user:password@host:port/database, and in a password %40 for @, "
            "%2F for / and so on"
        ) from None
    return Address(parameters, schema, display)


def connect(where: Address) -> "psycopg.Connection[Any]":
    """A connection on which transactions are begun and ended by hand."""
    defaults = {"connect_timeout": CONNECT_SECONDS, "application_name": "dedup", **KEEPALIVE}
    parameters = {**defaults, **where.parameters, "client_encoding": "utf-8"}
    try:
        sql = psycopg.connect(**parameters, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        message = f"{first_message(error)}; see that the server runs and the address is right"
        raise StoreError(f"{where.display}: {message}") from error
    try:
        settings = {
            "search_path": where.schema,
            "lock_timeout": f"{PATIENCE}s",
            # Every lookup has its index, and every order that is asked for. A planner that has
            # not counted a new table yet would walk through it and sort it, and planning anew
            # takes longer than looking up.
            "enable_seqscan": "off",
            "enable_sort": "off",
            "enable_hashjoin": "off",
            "enable_mergejoin": "off",
            "jit": "off",
            "plan_cache_mode": "force_generic_plan",
            "default_transaction_isolation": "read committed",
            **{f"tcp_{name}": value for name, value in KEEPALIVE.items()},
        }
        sql.execute(
            "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) "
            "AS asked(name, value) UNION ALL SELECT set_config(name, 'on', false) "
            "FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'",
            (list(settings), list(settings.values())),
        )
    except BaseException:
        sql.close()
        raise
    return sql


@contextmanager
def translate_errors(where: Address) -> Iterator[None]:
    """PostgreSQL's errors as ours: with the place, and what to do."""
    try:
        yield
    except psycopg.Error as error:
        state = error.sqlstate or ""
        advice = next((ADVICE[kind] for kind in ADVICE if state.startswith(kind)), "")
        if isinstance(error, psycopg.errors.PipelineAborted):
            advice = "; a part of the transaction failed before, so nothing of it is kept"
        elif isinstance(error, psycopg.OperationalError) and not state:
            advice = LOST
        raise StoreError(f"{where.display}: {first_message(error)}{advice}") from error


def first_message(error: psycopg.Error) -> str:
    """The first message of PostgreSQL, on one line."""
    return error.diag.message_primary or " ".join(str(error).split())
