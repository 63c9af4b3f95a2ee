"""The contract of stores, held by the store in memory, the store in a file, and the store in a caller's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from rrm_lifecycle.errors import StorageError
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.stores import Store
from rrm_lifecycle.testing.contract import StoreContract
from rrm_lifecycle.testing.contract_cases import opened

Clock = Callable[[], datetime] | None


class TestMemory(StoreContract):
    """The store in memory."""

    def open(self, *, clock: Clock = None, log: str | None = None) -> Store:
        """Return a new and empty store."""
        return MemoryStore(clock=clock, log=log)


class TestSqlite(StoreContract):
    """The store in an SQLite file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> Iterator[None]:
        self.folder = tmp_path
        self.names = count()
        self.stores: list[SqliteStore] = []
        yield
        for store in self.stores:
            store.close()

    def open(self, *, clock: Clock = None, log: str | None = None) -> Store:
        """Return a new and empty store."""
        store = SqliteStore(self.folder / f"{next(self.names)}.db", clock=clock, log=log)
        self.stores.append(store)
        return store


class TestSqliteInATransaction(StoreContract):
    """The store in a caller's SQLite database, in the middle of the caller's transaction."""

    @pytest.fixture(autouse=True)
    def _connections(self) -> Iterator[None]:
        self.connections: list[sqlite3.Connection] = []
        yield
        for connection in self.connections:
            connection.close()

    def open(self, *, clock: Clock = None, log: str | None = None) -> Store:
        """Return a new and empty store."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN IMMEDIATE")
        self.connections.append(connection)
        return SqliteStore.on(connection, clock=clock, log=log)

    def test_race(self) -> None:
        """A caller's connection works in the thread that made it; another thread is told, by an error of ours."""
        store = self.open()
        told: list[BaseException] = []

        def write() -> None:
            try:
                opened(store, "A")
            except StorageError as error:
                told.append(error)

        thread = Thread(target=write)
        thread.start()
        thread.join()
        assert len(told) == 1
        assert store.number() == 0
