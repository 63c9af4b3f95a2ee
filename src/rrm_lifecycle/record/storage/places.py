"""Which store a docket's target means: a file, PostgreSQL, or a connection of the caller's."""

from __future__ import annotations

from typing import Any

from rrm_lifecycle.record.storage.stores import Clock, Store

POSTGRESQL = ("postgresql://", "postgres://")
"""How an address of PostgreSQL begins."""


def store_at(target: str, *, schema: str, create: bool | None, wal: bool, clock: Clock | None) -> Store:
    """Return the store for a path or an address.

    Raises:
        StorageError: It cannot be opened.
        MissingExtra: PostgreSQL needs an extra that is not installed.
    """
    if target.startswith(POSTGRESQL):
        from rrm_lifecycle.record.storage.postgres import PostgresStore  # noqa: PLC0415 - who has no need of it loads it not

        return PostgresStore.open(target, schema=schema, create=create, clock=clock)
    from rrm_lifecycle.record.storage.sqlite import SqliteStore  # noqa: PLC0415 - likewise

    return SqliteStore(target, clock=clock, wal=wal, create=create is not False)


def store_on(connection: Any, *, schema: str, clock: Clock | None) -> tuple[Store, bool]:  # noqa: ANN401 - of two drivers
    """Return the store over a live connection, and whether it works in the caller's own transaction.

    Raises:
        StorageError: A mode or an isolation level that a record cannot rely on.
    """
    module = type(connection).__module__.partition(".")[0]
    if module in {"psycopg", "psycopg_pool"}:
        from rrm_lifecycle.record.storage.postgres import PostgresStore  # noqa: PLC0415 - who has no need of it loads it not

        if module == "psycopg_pool":
            return PostgresStore.pool(connection, schema=schema, clock=clock), False
        return PostgresStore.on(connection, schema=schema, clock=clock), True
    from rrm_lifecycle.record.storage.sqlite import SqliteStore  # noqa: PLC0415 - likewise

    return SqliteStore.on(connection, clock=clock), True
