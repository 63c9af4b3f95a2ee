"""Errors of SQLite and of the system, in our own words: none of theirs reaches a caller."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rrm_lifecycle.errors import ReadOnlyStore, RecordDamaged, RRMError, StorageBusy, StorageError, StorageFull
from rrm_lifecycle.record.storage.sqlite_queue import Waited

_NO_ROOM: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE})
_NO_ROOM_IN_SYSTEM: Final = frozenset(
    {errno.ENOSPC, errno.EFBIG, *(getattr(errno, one) for one in ("EDQUOT",) if hasattr(errno, one))}
)
_NOT_ALLOWED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def translated(where: str, waited: float) -> Iterator[None]:
    """Let no error of the driver or the system through: each becomes one of ours.

    Args:
        where: What the storage is called in a message.
        waited: Seconds that are waited for others.
    """
    try:
        yield
    except RRMError:
        raise
    except sqlite3.Error as error:
        raise _translation(error, where, waited) from error
    except UnicodeDecodeError as error:  # a name in the description of the tables that is no text any more
        msg = f"{where} holds what cannot be read: {error.reason}"
        raise RecordDamaged(msg) from error
    except Waited as error:
        raise _busy(where, waited) from error
    except OSError as error:
        if error.errno in _NO_ROOM_IN_SYSTEM:
            raise _full(where, error) from error
        if error.errno in _NOT_ALLOWED:
            raise read_only(where) from error
        msg = f"{where} cannot be used: {error.strerror or error}"
        raise StorageError(msg) from error


def _busy(where: str, waited: float) -> StorageBusy:
    return StorageBusy(
        f"{where} was held by others for {waited:g} seconds; nothing was written: try again, or give a longer timeout"
    )


def _full(where: str, error: Exception) -> StorageFull:
    return StorageFull(
        f"{where} has no room left ({error}); nothing was written: make room, and record again. Nothing has to be reopened"
    )


def read_only(where: str) -> ReadOnlyStore:
    """Return the error for a store that cannot be written."""
    return ReadOnlyStore(
        f"{where} may be read and not written; nothing was written: to record, both the file and its folder have to be "
        "writable for this user"
    )


def _translation(error: sqlite3.Error, where: str, waited: float) -> RRMError:  # noqa: PLR0911 - one each
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        if isinstance(error, sqlite3.OperationalError | sqlite3.DataError):  # such as text that is no UTF-8
            return RecordDamaged(f"{where} holds what cannot be read: {error}")
        return StorageError(f"{where} cannot be used like this: {error}")
    if code in _NO_ROOM:
        return _full(where, error)
    kind = code & 0xFF
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return ReadOnlyStore(
            f"{where} was left in the middle of an append, which the next opening takes back; this user may not write it: "
            "open it once where it may be written"
        )
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return read_only(where)
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _busy(where, waited)
    if kind == sqlite3.SQLITE_NOTADB:
        return StorageError(f"{where} is no SQLite database, or is damaged in its first bytes: name a docket")
    if kind == sqlite3.SQLITE_CORRUPT:
        return RecordDamaged(f"{where} is damaged ({error}): restore a backup, and compare it with your checkpoints")
    if kind == sqlite3.SQLITE_CANTOPEN:
        return StorageError(f"{where} cannot be opened: look whether its folder is there, and may be used by this user")
    return StorageError(f"{where} cannot do this; nothing was written: {error}")
