"""A disk that loses what was not synchronized: a file system for SQLite, in memory, that can be cut at any moment.

A write, a change of size or a name that was not synchronized may have reached the disk or not, whichever came first, and a
write may have reached it in part: some of its sectors. What was synchronized is there. Of SQLite's own rules about syncing
a folder the file system keeps those of its module for Unix: with the first sync of a new journal, and with a deletion that
asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Final

import apsw
from attrs import define, field

from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.sqlite_file import OwnFile

SECTOR: Final = 512
_SAFE_OVERWRITE: Final = 0x1000
"""A write changes no byte outside of its range, as SQLite takes for granted on Unix."""


def _write(data: bytearray, offset: int, new: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


@define
class Node:
    """The content of a file, whatever its name: what is on the disk, and what is on the way to it."""

    durable: bytearray = field(factory=bytearray)
    now: bytearray = field(factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(factory=list)
    was_synced: bool = False

    def write(self, offset: int, new: bytes) -> None:
        """Write; or cut to a size, where there is nothing to write."""
        _write(self.now, offset, new)
        self.pending.append((offset, new))

    def truncate(self, size: int) -> None:
        """Cut to a size."""
        del self.now[size:]
        self.pending.append((size, None))

    def sync(self) -> None:
        """Have all of it on the disk."""
        self.durable = bytearray(self.now)
        self.pending.clear()
        self.was_synced = True

    def after_cut(self, chance: Random) -> bytes:
        """Return what may be found after the power was cut."""
        found = bytearray(self.durable)
        fate = chance.choice(("none", "all", "some", "some"))
        for offset, new in self.pending:
            if fate == "none" or (fate == "some" and chance.random() < 0.5):
                continue
            if new is None:
                del found[offset:]
            elif fate == "some" and chance.random() < 0.3:
                for start in range(0, len(new), SECTOR):
                    if chance.random() < 0.5:
                        _write(found, offset + start, new[start : start + SECTOR])
            else:
                _write(found, offset, new)
        return bytes(found)


class Disk:
    """Files by their names, and the changes of names that are not on the disk yet.

    Attributes:
        before: Called before each thing that is done to a file.
    """

    def __init__(self) -> None:
        self.before: Callable[[], object] = bool
        self.names: dict[str, Node] = {}
        self._durable: dict[str, Node] = {}
        self._pending: list[tuple[str, Node | None]] = []

    def file(self, name: str, *, create: bool) -> Node:
        """Return a file, made if it is not there."""
        if name not in self.names:
            if not create:
                raise apsw.CantOpenError
            self._rename(name, Node())
        return self.names[name]

    def delete(self, name: str, *, sync: bool) -> None:
        """Delete a file."""
        self._rename(name, None)
        if sync:
            self.sync()

    def _rename(self, name: str, node: Node | None) -> None:
        self._pending.append((name, node))
        _put(self.names, name, node)

    def sync(self) -> None:
        """Have all names on the disk."""
        self._durable = dict(self.names)
        self._pending.clear()

    def after_cut(self, chance: Random) -> dict[str, bytes]:
        """Return which files may be found after the power was cut, and what they hold."""
        names = dict(self._durable)
        for name, node in self._pending[: chance.randint(0, len(self._pending))]:
            _put(names, name, node)
        return {name: node.after_cut(chance) for name, node in names.items()}


def _put(names: dict[str, Node], name: str, node: Node | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


class _File:
    """A file as SQLite sees it."""

    def __init__(self, disk: Disk, node: Node, *, is_journal: bool) -> None:
        self._disk, self._node, self._is_journal = disk, node, is_journal

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - SQLite's names
        return bytes(self._node.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.before()
        self._node.write(offset, bytes(data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.before()
        self._node.truncate(size)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        self._disk.before()
        if self._is_journal and not self._node.was_synced:
            self._disk.sync()
        self._node.sync()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._node.now)

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return _SAFE_OVERWRITE

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        return False

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        """One process alone uses the disk."""

    xUnlock = xLock  # noqa: N815

    def xClose(self) -> None:  # noqa: N802
        """Nothing is held."""


class PowerCuts(apsw.VFS):  # type: ignore[misc,unused-ignore]
    """The file system, as SQLite knows it under its name."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        """Open a file."""
        said = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        is_journal = bool(flags[0] & (apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL))
        node = self._disk.file(said, create=bool(flags[0] & apsw.SQLITE_OPEN_CREATE))
        flags[1] = flags[0]
        return _File(self._disk, node, is_journal=is_journal)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Delete a file."""
        self._disk.before()
        self._disk.delete(filename, sync=bool(syncdir))

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        """Return whether a file is there."""
        return pathname in self._disk.names


# ---- the store of the library, on this disk --------------------------------------------------------------------------
class _Rows(list[Any]):
    """The rows of a statement, with the two ways of taking them that the store uses.

    Attributes:
        rowcount: How many rows the statement changed.
    """

    rowcount: int = -1

    def fetchone(self) -> Any:
        """Return the first row."""
        return self[0] if self else None

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return self


class _Connection:
    """A connection of apsw behind the part of ``sqlite3.Connection`` that the store uses.

    Args:
        connection: The connection.
        instead: Statements that are run in place of others.
    """

    def __init__(self, connection: apsw.Connection, instead: dict[str, str]) -> None:
        self._connection, self._instead = connection, instead

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> _Rows:
        """Run a statement."""
        given = values if isinstance(values, Mapping) else tuple(values)
        rows = _Rows(self._connection.execute(self._instead.get(statement, statement), given))
        if statement == "PRAGMA journal_mode = truncate":
            return _Rows([("truncate",)])
        rows.rowcount = self._connection.changes()
        return rows

    def executemany(self, statement: str, values: Any) -> None:
        """Run a statement for several rows."""
        self._connection.executemany(statement, list(values))

    def cursor(self) -> _Connection:
        """Return itself: rows are taken at once, so that a cursor holds nothing."""
        return self

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def rollback(self) -> None:
        """Take back."""
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close."""
        with suppress(apsw.Error):
            self._connection.close()


def store_on(disk: Disk, path: Path, name: str, instead: dict[str, str]) -> tuple[SqliteStore, PowerCuts]:
    """Return the library's store on such a disk, and the file system, which has to be held as long.

    Args:
        disk: The disk.
        path: Where the file would be; beside it lies the real lock of the writers.
        name: A name for the file system.
        instead: Pragmas in place of the shipped ones; none for the mode that is shipped.
    """
    vfs = PowerCuts(name, disk)

    class Simulated(OwnFile):
        def connect(self, uri: str) -> Any:
            flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
            made = apsw.Connection(uri, flags=flags, vfs=name)
            made.execute("PRAGMA locking_mode = EXCLUSIVE" if "wal" in str(instead) else "PRAGMA locking_mode")
            return _Connection(made, instead)

    class SimulatedStore(SqliteStore):
        _file = Simulated

    return SimulatedStore(path), vfs
