"""How a docket in PostgreSQL reaches its database: connections of its own, a pool, or a connection of the caller's.

Nothing that the driver raises goes further than this module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Final, Protocol

from rrm_lifecycle.errors import (
    EventError,
    MissingExtra,
    ReadOnlyStore,
    RecordTooNew,
    RRMError,
    StorageBusy,
    StorageError,
    StorageFull,
)
from rrm_lifecycle.record.storage import postgres_sql as sql
from rrm_lifecycle.record.storage.postgres_ddl import ddl
from rrm_lifecycle.record.storage.sql import SCHEMA

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

    Connection = psycopg.Connection[Any]
    Cursor = psycopg.Cursor[tuple[Any, ...]]

KEPT: Final = 8
"""How many idle connections of its own a store keeps."""
LOCK_WAIT: Final = "30s"
"""How long a connection of its own waits for a lock, unless the server or the caller says otherwise."""
_ABANDONED: Final[list[Any]] = []
"""Connections of the process that this one was forked from: they are neither used nor closed here."""


class Taken(RRMError):
    """A row stands in the way of another, or the row that it has to follow is not there. Never leaves the store."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


def driver() -> Any:  # noqa: ANN401 - a module
    """Return the module ``psycopg``.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtra("postgres", "dockets in PostgreSQL") from error
    return psycopg


# ---- errors ----------------------------------------------------------------------------------------------------------
_BY_STATE: Final[dict[str, tuple[type[StorageError], str]]] = {
    "53100": (StorageFull, "PostgreSQL has no room left ({what}); nothing was written: free some, and record again"),
    "53200": (StorageFull, "PostgreSQL has no memory left ({what}); nothing was written: free some, and record again"),
    "53300": (StorageBusy, "PostgreSQL gives no more connections now ({what}); nothing was written: try again"),
    "25006": (
        ReadOnlyStore,
        (
            "this PostgreSQL database can be read and not written (a standby, or default_transaction_read_only); nothing "
            "was written: connect to the primary, or set it off"
        ),
    ),
    "42501": (
        ReadOnlyStore,
        (
            "the role that connects lacks a right ({what}); nothing was written: as the owner of the tables, run what "
            "rrm_lifecycle.record.storage.postgres.ddl({schema!r}, app_role=…) returns; it grants what is needed"
        ),
    ),
    "55P03": (
        StorageBusy,
        "others held the docket for longer than was waited ({what}); nothing was written: try again",
    ),
    "57014": (StorageBusy, "the docket took longer than was waited ({what}); nothing was written: try again"),
    "40P01": (StorageBusy, "two transactions waited for each other ({what}); nothing was written: try again"),
    "40001": (
        StorageBusy,
        (
            "another transaction came first ({what}); nothing was written: roll back, and try again, under the isolation "
            "level READ COMMITTED"
        ),
    ),
    "25P02": (StorageError, "the transaction on this connection has failed; nothing was written: roll it back first"),
}
_GONE: Final = frozenset({"57P01", "57P02", "57P03", "57P05", "08000", "08003", "08006"})
"""States of a server that stops, starts, or went away."""


def typed(error: psycopg.Error, schema: str) -> RRMError:  # noqa: PLR0911 - one for each that is told apart
    """Return our error for one of the driver's."""
    state, name = error.sqlstate, type(error).__name__
    what = next(iter((error.diag.message_primary or str(error)).strip().splitlines()), name)
    if state in {"23505", "23503"}:
        return Taken(error.diag.constraint_name or "")
    if state in {"42P01", "3F000"}:
        return missing(schema)
    if state in _BY_STATE:
        kind, text = _BY_STATE[state]
        return kind(text.format(what=what, schema=schema))
    if name in {"PoolTimeout", "TooManyRequests"}:
        return StorageBusy(f"the pool gives no connection now ({what}); nothing was written: try again")
    if name == "PoolClosed":
        return StorageError(f"the pool of connections is closed ({what}); nothing was written: open it first")
    if state is None or state in _GONE:
        return StorageError(
            f"PostgreSQL cannot be reached, or went away ({what}). What was under way may have been written or not: look "
            "at the case again; with once=… a repeat is harmless. The next call connects anew"
        )
    return StorageError(f"PostgreSQL refuses this ({state}: {what}); nothing was written")


def missing(schema: str) -> StorageError:
    """Return the error for tables that are not there."""
    return StorageError(
        f"this PostgreSQL database has no docket in its schema {schema!r}: make the tables with create=True, or in your own "
        "migrations with what 'rrm schema postgresql' prints"
    )


@contextmanager
def translating(schema: str) -> Iterator[None]:
    """Let nothing but our own errors out."""
    from psycopg import Error  # noqa: PLC0415 - an extra

    try:
        yield
    except Error as error:
        raise typed(error, schema) from error


def _cursor(connection: Connection) -> Cursor:
    """Return a cursor that gives tuples, whatever the owner of the connection has set for its own."""
    from psycopg import Cursor  # noqa: PLC0415 - an extra
    from psycopg.rows import tuple_row  # noqa: PLC0415 - an extra

    return Cursor(connection, row_factory=tuple_row)


# ---- ways ------------------------------------------------------------------------------------------------------------
class Way(Protocol):
    """How a store gets at a cursor."""

    def reading(self) -> Any:  # noqa: ANN401 - a context manager
        """Lend a cursor for a statement that writes nothing, or that is a transaction of its own."""
        ...

    def writing(self) -> Any:  # noqa: ANN401 - a context manager
        """Lend a cursor for one statement that writes: it stands by itself, or in the caller's transaction."""
        ...

    def block(self) -> Any:  # noqa: ANN401 - a context manager
        """Lend a cursor inside a transaction, for several statements that write."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class Own:
    """Connections of the store's own: one for each call that is under way, a few kept for the next.

    A connection that broke is thrown away, and the next call opens another. After a fork the child opens its own.
    """

    def __init__(self, conninfo: str, schema: str) -> None:
        self._schema = schema
        self._closed = False
        self._start()
        psycopg = driver()
        try:
            self._conninfo = psycopg.conninfo.make_conninfo(
                conninfo, client_encoding="UTF8", fallback_application_name="rrm-lifecycle"
            )
        except (psycopg.ProgrammingError, TypeError):
            # The driver's message may show the password.
            msg = "this is no address of a PostgreSQL database: postgresql://user@host:5432/name"
            raise EventError(msg) from None

    def _start(self) -> None:
        self._pid, self._lock, self._idle = os.getpid(), Lock(), list[Any]()

    def _take(self) -> Connection:
        if self._pid != os.getpid():
            _ABANDONED.append(self._idle)
            self._start()
        if self._closed:
            msg = "this docket is closed: open it again"
            raise StorageError(msg)
        with self._lock:
            if self._idle:
                kept: Connection = self._idle.pop()
                return kept
        psycopg = driver()
        made: Connection = psycopg.connect(self._conninfo, autocommit=True)
        try:
            made.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            made.execute(
                "SELECT set_config('lock_timeout', %s, false) WHERE current_setting('lock_timeout') = '0'", [LOCK_WAIT]
            )
        except BaseException:
            made.close()
            raise
        return made

    def _give_back(self, connection: Connection) -> None:
        from psycopg.pq import TransactionStatus  # noqa: PLC0415 - an extra

        if not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE:
            with self._lock:
                if not self._closed and len(self._idle) < KEPT:
                    self._idle.append(connection)
                    return
        connection.close()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Lend a cursor; each statement is a transaction of its own."""
        with translating(self._schema):
            connection = self._take()
            try:
                yield _cursor(connection)
            finally:
                self._give_back(connection)

    writing = reading

    @contextmanager
    def block(self) -> Iterator[Cursor]:
        """Lend a cursor inside a transaction."""
        with self.reading() as cursor, cursor.connection.transaction():
            yield cursor

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it is given back."""
        self._closed = True
        if self._pid == os.getpid():
            with self._lock:
                idle, self._idle = self._idle, []
            for one in idle:
                one.close()


class Pooled:
    """Connections of a ``psycopg_pool.ConnectionPool``. The pool stays its owner's."""

    def __init__(self, pool: ConnectionPool[Any], schema: str) -> None:
        self._pool, self._schema = pool, schema

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Lend a cursor inside a transaction, which ends with the call."""
        with translating(self._schema), self._pool.connection() as connection, connection.transaction():
            yield _cursor(connection)

    writing = reading

    @contextmanager
    def block(self) -> Iterator[Cursor]:
        """Lend a cursor inside a transaction that sees what others commit meanwhile."""
        with self.reading() as cursor:
            check_isolation(cursor)
            yield cursor

    def close(self) -> None:
        """Leave the pool to its owner."""


class Lent:
    """A connection of the caller's, in the caller's transaction: savepoints only, never a commit nor a rollback."""

    def __init__(self, connection: Connection, schema: str) -> None:
        psycopg = driver()
        if not isinstance(connection, psycopg.Connection):
            msg = (
                f"a docket works on a connection of psycopg 3; found {type(connection).__name__}. Django holds one in "
                "connection.connection, SQLAlchemy in connection.connection.driver_connection"
            )
            raise EventError(msg)
        self._connection, self._schema = connection, schema
        self._lock = RLock()  # savepoints of two threads must not cross

    def _begin(self, *, writing: bool) -> None:
        """See to it that a transaction is open, so that what follows is a savepoint in it."""
        from psycopg.pq import TransactionStatus  # noqa: PLC0415 - an extra

        if self._connection.closed:
            msg = "the connection of this docket is closed: take Docket.on(connection) with one that is open"
            raise StorageError(msg)
        found = self._connection.info.transaction_status
        if found == TransactionStatus.INERROR:
            msg = "the transaction on this connection has failed: roll it back first; nothing was written"
            raise StorageError(msg)
        if found == TransactionStatus.IDLE:
            if self._connection.autocommit:
                if not writing:
                    return
                msg = (
                    "this connection commits each statement by itself (autocommit), so that your rows and the docket's "
                    "could come apart: open a transaction around both, with connection.transaction() or in Django "
                    "transaction.atomic()"
                )
                raise StorageError(msg)
            # The driver opens the transaction that the caller will end; without it, ours would be the outermost.
            self._connection.execute("SELECT 1")

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Lend a cursor behind a savepoint, so that a failure leaves the caller's transaction usable."""
        with self._lock, translating(self._schema):
            self._begin(writing=False)
            with self._connection.transaction():
                yield _cursor(self._connection)

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Lend the same, where the transaction sees what others commit meanwhile."""
        with self._lock, translating(self._schema):
            self._begin(writing=True)
            check_isolation(_cursor(self._connection))
            with self._connection.transaction():
                yield _cursor(self._connection)

    block = writing

    def close(self) -> None:
        """Leave the connection to its owner."""


def check_isolation(cursor: Cursor) -> None:
    """Refuse a transaction that works on an old view of the tables.

    Raises:
        StorageError: The transaction is not READ COMMITTED.
    """
    row = cursor.execute("SELECT current_setting('transaction_isolation')").fetchone()
    found = row[0] if row else ""
    if found not in {"read committed", "read uncommitted"}:
        msg = (
            f"this transaction runs under {found.upper()}, where it sees an old state of the docket and fails when others "
            "record meanwhile; nothing was written: use READ COMMITTED for transactions that record "
            "(connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED)"
        )
        raise StorageError(msg)


def greet(way: Way, schema: str, log: str | None, *, create: bool) -> str:
    """Return the name of the log, once the tables are such that this library can work with them."""
    try:
        found = _meta(way, schema)
    except StorageError as error:
        if not create or str(error) != str(missing(schema)):
            raise
        with way.block() as cursor:
            cursor.execute(sql.LOCK, [f"rrm-lifecycle tables {schema}"])
            cursor.execute(ddl(schema, log=log).encode())
        found = _meta(way, schema)
    version, name, server, client = found
    if version > SCHEMA:
        msg = (
            f"the tables in the schema {schema!r} have version {version}, and this library reads up to {SCHEMA}: "
            "a later version of rrm-lifecycle made them; install it"
        )
        raise RecordTooNew(msg)
    if server != "UTF8" or client != "UTF8":
        msg = f"a docket needs UTF8 in database and connection; found {server} and {client}: createdb --encoding=UTF8"
        raise StorageError(msg)
    return str(name)


def _meta(way: Way, schema: str) -> tuple[Any, ...]:
    with way.reading() as cursor:
        row: tuple[Any, ...] | None = cursor.execute(sql.composed(sql.META, schema)).fetchone()
    if row is None:
        raise missing(schema)
    return row
