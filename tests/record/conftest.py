"""Fixtures of the stores in PostgreSQL. Tests that ask for them are skipped where there is no server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rrm_lifecycle.record.storage.postgres import PostgresStore
from tests.record.postgres_server import SERVERS, Server, new_server


@pytest.fixture(scope="session", params=SERVERS)
def pg_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Yield a server that the tests of a process share: one after the other, each that can be had."""
    server = new_server(request.param)
    yield server
    server.stop()


@pytest.fixture
def pg_address(pg_server: Server) -> str:
    """Return what connects to an empty database."""
    return pg_server.database()


@pytest.fixture
def pg_store(pg_address: str) -> Iterator[PostgresStore]:
    """Yield a store with tables and without a case, on connections of its own."""
    made = PostgresStore.open(pg_address, create=True, log="log-1")
    yield made
    made.close()


@pytest.fixture
def pg_connection(pg_address: str, pg_store: PostgresStore) -> Iterator[Any]:
    """Yield a connection to the database of a store, with a table of an application in it."""
    import psycopg  # noqa: PLC0415 - an extra

    assert pg_store.log
    with psycopg.connect(pg_address) as made:
        made.execute("CREATE TABLE mine (id integer PRIMARY KEY)")
        made.commit()
        yield made
