"""How an SQLite file is opened, locked and left: one connection a thread, a queue of writers, and errors of our own."""

from __future__ import annotations

import os
import sqlite3
import sys
import warnings
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock, Thread, current_thread, local
from typing import Any, Final

from rrm_lifecycle.errors import StorageError
from rrm_lifecycle.record.storage.sqlite_errors import read_only, translated
from rrm_lifecycle.record.storage.sqlite_queue import Queue
from rrm_lifecycle.record.storage.sqlite_tables import APPLICATION, too_new

PRAGMAS: Final = (
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
)
_OLDEST: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs"})
_LEFT_TO_THE_PARENT: Final[list[Any]] = []
"""Connections that this process has inherited by a fork. They are the parent's: never used, and never closed."""


class NetworkFileSystem(UserWarning):
    """A docket lies on a network file system, where locks may not hold."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Return whether a version of SQLite is free of the fault that may lose commits when a WAL is begun anew.

    Args:
        version: Such as ``sqlite3.sqlite_version_info``.

    Source:
        https://sqlite.org/wal.html, "The WAL-Reset Bug": in 3.7.0 to 3.51.2, mended in 3.51.3, 3.50.7 and 3.44.6.

    Example:
        >>> wal_is_safe((3, 51, 2)), wal_is_safe((3, 51, 3)), wal_is_safe((3, 50, 7))
        (False, True, True)
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


# ---- connections -----------------------------------------------------------------------------------------------------
class _Handle:
    """A connection of one thread in one process."""

    __slots__ = ("connection", "cursor", "lock", "pid", "queue", "thread")

    def __init__(self, connection: sqlite3.Connection, queue: Queue | None) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self.queue = queue
        self.lock = RLock()  # held while the connection works, so that close() from another thread waits
        self.pid = os.getpid()
        self.thread: weakref.ref[Thread] = weakref.ref(current_thread())

    def is_left(self) -> bool:
        """Return whether the thread that it was made for has ended."""
        thread = self.thread()
        return thread is None or not thread.is_alive()

    def close(self, patience: float = -1) -> None:
        """Close the connection, once it works no more."""
        if self.lock.acquire(timeout=patience):
            try:
                self.connection.close()
                if self.queue is not None:
                    self.queue.close()
            finally:
                self.lock.release()


class OwnFile:
    """A file that is ours: one connection a thread, writers in a queue beside it.

    Args:
        path: The file; it is made if it is not there and ``create`` says so.
        wal: Keep a write-ahead log instead of a rollback journal.
        timeout: Seconds to wait for other writers.
        create: Whether a file that is not there is made.
    """

    def __init__(self, path: Path, *, wal: bool, timeout: float, create: bool) -> None:
        self.path = path.resolve()  # under whatever name it is opened, its writers meet in one queue
        self.name = f"the docket {str(path)!r}"
        self._wal = wal
        self._timeout = timeout
        self._local = local()
        self._guard = Lock()
        self._handles: list[_Handle] = []
        self._pid = os.getpid()
        self._closed = False
        if sqlite3.sqlite_version_info < _OLDEST:
            msg = f"a docket needs SQLite 3.37 or later; this Python brings {sqlite3.sqlite_version}"
            raise StorageError(msg)
        if wal and not wal_is_safe(sqlite3.sqlite_version_info):
            msg = (
                f"wal=True needs SQLite 3.51.3 or later (or 3.50.7, or 3.44.6): SQLite {sqlite3.sqlite_version}, which this "
                "Python brings, can lose commits when a write-ahead log is begun anew. Leave wal out: nothing else changes"
            )
            raise StorageError(msg)
        with translated(self.name, timeout):
            is_there = path.exists()
            if path.is_dir() or not (is_there or create):
                msg = f"{self.name} is {'a folder: name a file in it' if is_there else 'not there'}"
                raise StorageError(msg if is_there else f"{msg}: look at the path, or let it be made with create=True")
            if is_there and not create and path.stat().st_size == 0:
                msg = (
                    f"{self.name} is empty, and no docket is to be made: restore a backup, or open it with create=True"
                )
                raise StorageError(msg)
            may_write = os.access(self.path.parent, os.W_OK) and (not is_there or os.access(path, os.W_OK))
        if not is_there and not may_write:
            msg = f"{self.name} cannot be made: {str(path.parent)!r} is no folder that this user may write"
            raise StorageError(msg)
        self.read_only = not may_write
        if kind := network_of(self.path):
            warnings.warn(
                f"{self.name} lies on a network file system ({kind}), where locks may not hold and commits may be lost: "
                "keep it on a disk of the machine that writes it, or use PostgreSQL",
                NetworkFileSystem,
                stacklevel=4,
            )
        self._finish = weakref.finalize(self, _close_all, self._handles, self._pid)

    # ---- use
    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor to read with."""
        with translated(self.name, self._timeout):
            handle = self._handle()
            with handle.lock:
                self._stay_open()
                yield handle.cursor

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """Give a cursor to write with: all that is written in the block is kept, or nothing."""
        with translated(self.name, self._timeout):
            handle = self._handle()
            with handle.lock:
                self._stay_open()
                if handle.queue is None:
                    raise read_only(self.name)
                with handle.queue.turn(self._timeout):
                    run = handle.cursor.execute
                    try:
                        run("BEGIN IMMEDIATE")
                        yield handle.cursor
                        run("COMMIT")
                    except BaseException:
                        self._take_back(handle)
                        raise

    def _stay_open(self) -> None:
        if self._closed:
            msg = f"{self.name} was closed: open it again"
            raise StorageError(msg)

    def _take_back(self, handle: _Handle) -> None:
        """Roll back; where even that fails, let the connection go: the next call opens another, which rolls back."""
        if handle.pid != os.getpid():
            return  # forked in the middle of it: the transaction is the parent's
        try:
            if handle.connection.in_transaction:
                handle.connection.rollback()
        except sqlite3.Error:
            self._local.handle = None
            with self._guard, suppress(ValueError):
                self._handles.remove(handle)
            with suppress(sqlite3.Error):
                handle.connection.close()

    # ---- connections
    def _handle(self) -> _Handle:
        handle: _Handle | None = getattr(self._local, "handle", None)
        if handle is not None and handle.pid == os.getpid():
            return handle
        self._stay_open()
        if self._pid != os.getpid():
            self._start_anew()
        handle = _Handle(self._connect(), None if self.read_only else Queue(f"{self.path}.lock"))
        with self._guard:
            left = [one for one in self._handles if one.is_left()]
            self._handles[:] = [one for one in self._handles if one not in left] + [handle]
        for one in left:
            one.close()
        self._local.handle = handle
        return handle

    def _start_anew(self) -> None:
        """Leave to the parent what was inherited by a fork: its connections, and locks that its threads may hold."""
        _leave(self._handles)
        self._finish.detach()
        self._guard = Lock()
        self._handles = []
        self._local = local()
        self._pid = os.getpid()
        self._finish = weakref.finalize(self, _close_all, self._handles, self._pid)

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self.read_only else "rwc"
        # the thread is checked by us: close() may come from another one, and waits for the lock of the handle
        connection = self.connect(f"{self.path.absolute().as_uri()}?mode={mode}")
        try:
            is_ours = self._identify(connection)
            for pragma in PRAGMAS:
                connection.execute(pragma)
            if is_ours and not self.read_only:
                wanted = "wal" if self._wal else "truncate"
                (found,) = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
                self._expect(found, wanted)
        except BaseException:
            connection.close()
            raise
        return connection

    def _expect(self, found: str, wanted: str) -> None:
        if found != wanted:
            msg = f"{self.name} cannot be kept with journal_mode={wanted}; SQLite says {found}"
            raise StorageError(msg)

    def connect(self, uri: str) -> sqlite3.Connection:
        """Return a connection."""
        return sqlite3.connect(uri, uri=True, timeout=self._timeout, isolation_level=None, check_same_thread=False)

    def _identify(self, connection: sqlite3.Connection) -> bool:
        """Return whether the file is ours, or still empty; a caller's database that holds our tables is none of ours."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION:
            too_new(version, self.name)
            return True
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "rrm_meta" in names:
            return False
        if names or application or version:
            msg = f"{self.name} is the database of another application: name a docket, or a file that is not there yet"
            raise StorageError(msg)
        if self.read_only:
            msg = f"{self.name} is an empty file that may not be written: name a docket"
            raise StorageError(msg)
        return True

    # ---- the file
    def backup(self, target: Path) -> None:
        """Write a copy into a file that is there and empty."""
        with self.reading():
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                # In one step: taken page by page, the copy would begin anew whenever another process writes.
                self._handle().connection.backup(copy)
            finally:
                copy.close()

    def empty_log(self) -> None:
        """Take what was erased out of a write-ahead log too, unless others read at this moment: then the next time."""
        if self._wal:
            with self.reading() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every connection of this process, once it works no more."""
        self._closed = True
        if self._pid == os.getpid():
            with self._guard:
                handles = self._handles[:]
                self._handles.clear()
            for handle in handles:
                handle.close()
        else:
            self._start_anew()


def _close_all(handles: list[_Handle], pid: int) -> None:
    if pid != os.getpid():
        _leave(handles)
        return
    while handles:
        handles.pop().close(5)  # at the end of the program, a thread may be in the middle of an append


def _leave(handles: list[_Handle]) -> None:
    """Keep what a fork has left us from being closed, even at the end of this process.

    Closing a connection in a child rolls back what the parent is writing. A reference that is never given back keeps
    the interpreter from closing it when it ends.
    """
    for handle in handles:
        _LEFT_TO_THE_PARENT.append(handle)
        with suppress(ImportError, AttributeError):
            import ctypes  # noqa: PLC0415 - for children of a fork alone

            for one in (handle.connection, handle.cursor, handle.queue):
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))


def network_of(path: Path, mounts: str = "/proc/mounts") -> str | None:
    """Return the kind of network file system that a path lies on; None if on none, or nobody says.

    Args:
        path: A file that may not be there yet.
        mounts: A table of mounts, as Linux gives it.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    there = str(path.absolute().parent.resolve())
    found = ""
    kind = None
    for line in lines:
        fields = line.split(" ")
        point = fields[1].replace("\\040", " ") if len(fields) > 2 else ""
        if len(point) >= len(found) and point and f"{there}/".startswith(f"{point.rstrip('/')}/"):
            found, kind = point, fields[2]
    return kind if kind in _NETWORK else None
