"""The contract of every store, kept in PostgreSQL: on connections of its own, on a pool, and in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from rrm_lifecycle.record.storage.postgres import PostgresStore
from rrm_lifecycle.record.storage.stores import Store
from rrm_lifecycle.testing.contract import StoreContract
from tests.record.postgres_server import Server

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'rrm-lifecycle[postgres]'")
_SCHEMAS = count()


@pytest.fixture(scope="module")
def address(pg_server: Server) -> str:
    """What connects to a database that the tests share; each store has a schema of its own."""
    return pg_server.database()


class TestOwn(StoreContract):
    """On connections of its own."""

    address: str
    held: ExitStack

    @pytest.fixture(autouse=True)
    def database(self, address: str) -> Iterator[None]:
        """A database to open stores in; what was opened is closed at the end."""
        self.address = address
        with ExitStack() as self.held:
            yield

    def open(self, *, clock: Callable[[], datetime] | None = None, log: str | None = None) -> Store:
        """Return a store in a new schema."""
        return self._made(f"s{next(_SCHEMAS)}", clock, log)

    def _made(self, schema: str, clock: Callable[[], datetime] | None, log: str | None) -> Store:
        store = PostgresStore.open(self.address, schema=schema, create=True, clock=clock, log=log)
        self.held.callback(store.close)
        return store


class TestLent(TestOwn):
    """On a connection of the caller's, in one transaction that the caller has not committed."""

    def _made(self, schema: str, clock: Callable[[], datetime] | None, log: str | None) -> Store:
        PostgresStore.open(self.address, schema=schema, create=True, log=log).close()
        connection: Any = self.held.enter_context(psycopg.connect(self.address))
        self.held.callback(connection.rollback)
        return PostgresStore.on(connection, schema=schema, clock=clock)


class TestPooled(TestOwn):
    """On a pool of connections."""

    def _made(self, schema: str, clock: Callable[[], datetime] | None, log: str | None) -> Store:
        pools = pytest.importorskip("psycopg_pool", reason="psycopg_pool is not installed")
        pool = self.held.enter_context(pools.ConnectionPool(self.address, min_size=1, max_size=4, open=True))
        return PostgresStore.pool(pool, schema=schema, create=True, clock=clock, log=log)
