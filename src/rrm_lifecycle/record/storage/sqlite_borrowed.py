"""A caller's connection to SQLite: we work in the caller's own transaction, and end none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rrm_lifecycle.errors import StorageError
from rrm_lifecycle.record.storage.sqlite_errors import translated


class Borrowed:
    """A caller's connection: we work inside the caller's own transaction, and never begin what only the caller may end.

    Args:
        connection: A live connection.
    """

    name = "the docket in your database"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pid = os.getpid()
        with translated(self.name, 0):
            self._trust()

    def _trust(self) -> None:
        """Refuse a connection whose transactions do not hold.

        Raises:
            StorageError: It cannot be trusted, or gives texts back as something else.
        """
        ask = self._connection.cursor()
        ask.row_factory = None
        (mode,) = ask.execute("PRAGMA main.journal_mode").fetchone()
        (synchronous,) = ask.execute("PRAGMA main.synchronous").fetchone()
        file = next((row[2] for row in ask.execute("PRAGMA database_list") if row[1] == "main"), "")
        unsafe = {"off", "memory"} if file else {"off"}  # a database in memory has no other journal, and no disk
        if mode in unsafe:
            msg = f"{self.name} needs a journal to undo with; found journal_mode={mode}: PRAGMA journal_mode=DELETE, or WAL"
            raise StorageError(msg)
        if file and not synchronous:
            msg = f"{self.name} would lose commits when power fails; found synchronous=OFF: PRAGMA synchronous=FULL"
            raise StorageError(msg)
        if self._connection.text_factory is not str:
            msg = f"{self.name} needs texts as str; found a text_factory: leave it at str"
            raise StorageError(msg)

    def _cursor(self) -> sqlite3.Cursor:
        if self._pid != os.getpid():
            msg = f"{self.name} works on a connection that was made before a fork: make another in this process"
            raise StorageError(msg)
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor to read with."""
        with translated(self.name, 0):
            yield self._cursor()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor to write with, inside a savepoint."""
        with translated(self.name, 0):
            cursor = self._cursor()
            is_begun = self._begin_as_the_driver_would(cursor)
            try:
                cursor.execute("SAVEPOINT rrm_append")
                try:
                    yield cursor
                    cursor.execute("RELEASE rrm_append")
                except BaseException:
                    # where SQLite itself has rolled everything back (a full disk), there is no savepoint to go back to
                    if self._connection.in_transaction:
                        cursor.execute("ROLLBACK TO rrm_append")
                        cursor.execute("RELEASE rrm_append")
                    raise
            except BaseException:
                if is_begun and self._connection.in_transaction:  # nothing of the caller's is in it, and it holds locks
                    cursor.execute("ROLLBACK")
                raise

    def _begin_as_the_driver_would(self, cursor: sqlite3.Cursor) -> bool:
        """Begin a transaction where the driver itself would have, before a first INSERT: it is the caller's to end.

        Without this, an append that comes before the caller's own rows would be committed alone.
        """
        connection = self._connection
        level = connection.isolation_level
        # up to Python 3.11 there is no autocommit; from 3.12 on, -1 says that isolation_level decides
        begins = not connection.in_transaction and level is not None and getattr(connection, "autocommit", -1) == -1
        if begins:
            cursor.execute(f"BEGIN {level}")
        return begins

    def backup(self, target: Path) -> None:
        """Refuse: the database is the caller's.

        Raises:
            StorageError: Always.
        """
        msg = f"{self.name} has no file of its own to copy to {str(target)!r}: back up your database"
        raise StorageError(msg)

    def empty_log(self) -> None:
        """Return: the log is the caller's."""

    def close(self) -> None:
        """Return: the connection is the caller's."""
