"""The store in SQLite: a file of its own, or a caller's database in the caller's own transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import RecordDamaged, StorageError
from rrm_lifecycle.record.filed import Filed, Secret, utc
from rrm_lifecycle.record.kept import Erasure
from rrm_lifecycle.record.storage.sql import (
    CURRENT,
    ENTRY,
    HEAD,
    STANDING,
    bytes_of_row,
    filed_of_row,
    head_of_row,
    is_attempts,
    moment_of,
    narrowed,
    nearby,
    recorded_in,
    row_of_standing,
    rows_of,
    secret_of_row,
    standing_of_row,
)
from rrm_lifecycle.record.storage.sqlite_borrowed import Borrowed
from rrm_lifecycle.record.storage.sqlite_errors import translated
from rrm_lifecycle.record.storage.sqlite_file import OwnFile
from rrm_lifecycle.record.storage.sqlite_tables import check_tables, log_of, make_tables
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import (
    Clock,
    Draft,
    Head,
    Query,
    conflict,
    duplicate,
    link,
    near_ids,
    utc_clock,
)

_LAST: Final = "SELECT idx, recorded FROM rrm_entry ORDER BY idx DESC LIMIT 1"
_END: Final = f"SELECT {HEAD} FROM rrm_entry WHERE case_key = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 - constants
_ENDS: Final = """SELECT first.idx, last.case_id, last.seq, last.hash, last.body
    FROM rrm_entry AS first JOIN rrm_entry AS last
        ON last.case_key = first.case_key
        AND last.seq = (SELECT max(seq) FROM rrm_entry WHERE case_key = first.case_key)
    WHERE first.seq = 0 AND first.idx > ? ORDER BY first.idx LIMIT ?"""
_KNOWN: Final = "SELECT case_id, seq, hash FROM rrm_entry WHERE case_key = ? ORDER BY seq DESC LIMIT 1"
_FILE: Final = """INSERT INTO rrm_entry (idx, case_id, case_key, seq, prev_seq, prev, hash, recorded, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COLUMNS: Final = tuple(CURRENT.split(", "))
_STAY: Final = """UPDATE rrm_current SET closing = :closing, seq = :seq, hash = :hash, snapshot = :snapshot
    WHERE case_key = :case_key AND (case_id, stage, country, facility, owner, has_denials, phase, is_open)
        IS (:case_id, :stage, :country, :facility, :owner, :has_denials, :phase, :is_open)"""
"""Most acts change no column that has an index: then no page of an index is written."""
_STAND: Final = f"""INSERT INTO rrm_current ({CURRENT}, begun)
    VALUES (:{", :".join(_COLUMNS)}, (SELECT idx FROM rrm_entry WHERE case_key = :case_key AND seq = 0))
    ON CONFLICT (case_key) DO UPDATE SET {", ".join(f"{one} = excluded.{one}" for one in _COLUMNS[1:])}"""  # noqa: S608
_SEAL: Final = "INSERT INTO rrm_sealed (case_key, seq, place, salt, value) VALUES (?, ?, ?, ?, ?)"
_ENTRIES, _HASHES, _CASES = 256, 10_000, 500
"""Rows that are read at a time; between two times no lock is held."""


class SqliteStore:
    """A store in an SQLite file. Safe to use from several threads and processes.

    Args:
        path: The file; beside it lie ``-journal``, which SQLite keeps, and ``.lock``, in which writers queue.
        clock: Gives the moment in UTC; the machine's clock unless you give another.
        wal: Keep a write-ahead log, where this SQLite can do so without losing commits. Then the file is not whole without
            the ``-wal`` beside it.
        timeout: Seconds to wait for other writers.
        create: Whether a file that is not there is made.
        log: Name of the log of a file that is made; a random one unless you give one.

    Raises:
        StorageError: The file is not there, or is none of ours; the message says what to do.
        RecordTooNew: A later version of this library wrote it.
    """

    def __init__(  # noqa: PLR0913 - each has its default
        self,
        path: str | os.PathLike[str],
        *,
        clock: Clock | None = None,
        wal: bool = False,
        timeout: float = 30.0,
        create: bool = True,
        log: str | None = None,
    ) -> None:
        self._begin(self._file(Path(path), wal=wal, timeout=timeout, create=create), clock, log)

    _file = OwnFile

    @classmethod
    def on(cls, connection: sqlite3.Connection, *, clock: Clock | None = None, log: str | None = None) -> Self:
        """Return a store in a caller's database, at work in the caller's own transaction: both rows or neither.

        The tables, whose names begin with ``rrm_``, are made where they are missing. No pragma is changed, and nothing of
        yours is committed or rolled back: an append works inside a savepoint. Where the connection commits by itself
        (``isolation_level=None``) and no transaction is open, each append is one. Otherwise an append begins the
        transaction as an INSERT of your own would, and you end it; best begin it yourself with ``BEGIN IMMEDIATE``.
        An erasure needs ``PRAGMA secure_delete=ON``.

        Args:
            connection: A live connection of ``sqlite3``; it stays yours.
            clock: Gives the moment in UTC; the machine's clock unless you give another.
            log: Name of the log where the tables are made; a random one unless you give one.

        Raises:
            StorageError: The connection cannot undo, or does not keep what it commits.
        """
        store = cls.__new__(cls)
        store._begin(Borrowed(connection), clock, log)  # noqa: SLF001 - another way to make one
        return store

    def _begin(self, place: OwnFile | Borrowed, clock: Clock | None, log: str | None) -> None:
        self._place = place
        self._is_ours = isinstance(place, OwnFile)
        self._clock = clock or utc_clock
        try:
            self._log = self._open(log)
        except BaseException:
            place.close()
            raise

    def _open(self, log: str | None) -> str:
        """Make the tables where they are missing, and return the name of the log."""
        with self._place.reading() as cursor:
            held = log_of(cursor, self._place.name)
        if held is not None:
            return held
        name = f"log-{uuid4().hex[:16]}" if log is None else clean_id(log, "the name of a log")
        with self._place.writing() as cursor:
            held = log_of(cursor, self._place.name)  # another process may have been first
            if held is None:
                make_tables(cursor, name, is_ours=self._is_ours)
        return held or name

    @property
    def log(self) -> str:
        """Name of its log."""
        return self._log

    def now(self) -> datetime:
        """Return the moment by the store's clock, in UTC."""
        return utc(self._clock())

    # ---- writing -----------------------------------------------------------------------------------------------------
    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        with self._place.writing() as cursor:
            if not self._is_ours and log_of(cursor, self._place.name) is None:
                # the caller has rolled back the transaction in which they were made
                make_tables(cursor, self._log, is_ours=False)
            yield cursor

    def append(
        self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
    ) -> tuple[Filed, ...]:
        """File entries behind a head, all or none; see :class:`.Store`."""
        key = drafts[0].kept.case_id.casefold()
        with self._writing() as cursor:
            run = cursor.execute
            known = run(_KNOWN, (key,)).fetchone()
            if after is None and known is not None:
                raise duplicate(known[0])
            if after is not None and (known is None or known[2] != after.hash):
                raise conflict(after.case_id, after.seq + 1, known[1] + 1 if known else 0)
            idx, last = run(_LAST).fetchone() or (-1, None)
            filed = link(drafts, after=after, log=self._log, now=self.now(), last=moment_of(last))
            secrets = [(one.seq, secret) for one in filed for secret in one.secrets]
            self._keep(cursor, idx, filed, secrets, case)
            if erased := {(key, one.entry.seq, one.entry.place) for one in filed if isinstance(one.entry, Erasure)}:
                _erase(cursor, erased, self._place.name)
            if once is not None:
                run("INSERT OR REPLACE INTO rrm_once (case_key, key, seq) VALUES (?, ?, ?)", (key, once, filed[0].seq))
        if erased:
            self._place.empty_log()
        return filed

    def put(self, filed: Sequence[Filed], secrets: Iterable[tuple[int, Secret]], case: Case | None) -> None:
        """Take up a whole record as it was filed elsewhere; see :class:`.Store`."""
        with self._writing() as cursor:
            known = cursor.execute(_KNOWN, (filed[0].case_id.casefold(),)).fetchone()
            if known is not None:
                raise duplicate(known[0])
            (idx,) = cursor.execute("SELECT coalesce(max(idx), -1) FROM rrm_entry").fetchone()
            self._keep(cursor, idx, filed, secrets, case)

    def _keep(
        self,
        cursor: sqlite3.Cursor,
        idx: int,
        filed: Sequence[Filed],
        secrets: Iterable[tuple[int, Secret]],
        case: Case | None,
    ) -> None:
        cursor.executemany(_FILE, [(place, *row) for place, row in enumerate(rows_of(filed), idx + 1)])
        if case is not None:
            _stand(cursor, Standing.of(case, filed[-1].seq, filed[-1].hash))
        key = filed[0].case_id.casefold()
        for seq, one in secrets:
            row = (key, seq, one.place, one.salt, one.value)
            cursor.execute(_SEAL, row)

    def restand(self, standing: Standing) -> None:
        """Write anew where a case stands."""
        with self._writing() as cursor:
            _stand(cursor, standing)

    # ---- reading -----------------------------------------------------------------------------------------------------
    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._place.reading() as cursor:
            if not self._is_ours and log_of(cursor, self._place.name) is None:
                return []  # likewise
            return cursor.execute(statement, values).fetchall()

    def _unknown(self, case_id: str) -> Exception:
        held = self._rows("SELECT case_id, case_key FROM rrm_entry WHERE seq = 0 ORDER BY idx")
        return near_ids(str(case_id), [one for one, key in held if not is_attempts(key)])

    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on; see :class:`.Store`."""
        key = _key(case_id)
        rows = self._rows(f"SELECT {ENTRY} FROM rrm_entry WHERE case_key = ? AND seq >= ? ORDER BY seq", (key, start))  # noqa: S608
        if not rows and (start == 0 or not self._rows(_KNOWN, (key,))):
            raise self._unknown(case_id)
        return tuple(filed_of_row(row, key, seq) for seq, row in enumerate(rows, start))

    def bodies(self, case_id: str) -> Iterator[tuple[bytes, str]]:
        """Yield bytes and stated hash of each entry of a case in order, unread; see :class:`.Store`."""
        key = _key(case_id)
        rows = self._rows(f"SELECT {ENTRY} FROM rrm_entry WHERE case_key = ? AND seq >= ? ORDER BY seq", (key, 0))  # noqa: S608
        if not rows:
            self.head(case_id)
        return (bytes_of_row(row, key, seq) for seq, row in enumerate(rows))

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends; see :class:`.Store`."""
        rows = self._rows(_END, (_key(case_id),))
        if not rows:
            raise self._unknown(case_id)
        return head_of_row(rows[0])

    def heads(self) -> Iterator[Head]:
        """Yield where each record ends, in the order in which they were begun."""
        begun = -1
        while rows := self._rows(_ENDS, (begun, _CASES)):
            begun = rows[-1][0]
            yield from (head_of_row(row[1:]) for row in rows)

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        rows = self._rows("SELECT seq FROM rrm_once WHERE case_key = ? AND key = ?", (_key(case_id), key))
        return rows[0][0] if rows else None

    def secrets(self, case_id: str, seq: int | None = None) -> tuple[tuple[int, Secret], ...]:
        """Return the values behind sealed texts that are still held."""
        statement = "SELECT seq, place, salt, value FROM rrm_sealed WHERE case_key = ? AND seq = coalesce(?, seq)"
        rows = self._rows(f"{statement} ORDER BY seq, rowid", (_key(case_id), seq))
        return tuple(map(secret_of_row, rows))

    # ---- log order ---------------------------------------------------------------------------------------------------
    def number(self) -> int:
        """Return how many entries there are: each takes its place when it is filed."""
        rows = self._rows("SELECT max(idx) + 1 FROM rrm_entry")
        return rows[0][0] or 0 if rows else 0

    def in_order(self, start: int = 0) -> Iterator[Filed]:
        """Yield every entry in the order in which it was filed, from a place on; no lock is held in between."""
        return (filed_of_row(row) for row in self._by_place(ENTRY, start, _ENTRIES))

    def hashes(self, start: int = 0) -> Iterator[bytes]:
        """Yield the hashes of the entries in log order."""
        return (_digest(row[0]) for row in self._by_place("hash", start, _HASHES))

    def recordings(self) -> Iterator[tuple[bytes, datetime | None]]:
        """Yield the hashes of the entries in log order, each with the moment of recording that lies under the hash."""
        return ((_digest(row[2]), recorded_in(row)) for row in self._by_place(HEAD, 0, _ENTRIES))

    def _by_place(self, columns: str, start: int, many: int) -> Iterator[Sequence[Any]]:
        statement = f"SELECT idx, {columns} FROM rrm_entry WHERE idx >= ? ORDER BY idx LIMIT ?"  # noqa: S608 - constants
        place = start
        while rows := self._rows(statement, (place, many)):
            for row in rows:
                if row[0] != place:
                    msg = f"{self._place.name} lacks entry {place} in log order: it was taken out"
                    raise RecordDamaged(msg)
                place += 1
                yield row[1:]

    def place(self, case_id: str, seq: int) -> int | None:
        """Return the place of an entry in log order; None if it is not held."""
        rows = self._rows("SELECT idx FROM rrm_entry WHERE case_key = ? AND seq = ?", (_key(case_id), seq))
        return rows[0][0] if rows else None

    # ---- where cases stand -------------------------------------------------------------------------------------------
    def standing(self, case_id: str) -> Standing | None:
        """Return where a case stands."""
        rows = self._rows(f"SELECT {STANDING} FROM rrm_current WHERE case_key = ?", (_key(case_id),))  # noqa: S608
        return standing_of_row(rows[0]) if rows else None

    def standings(self, query: Query = Query()) -> Iterator[Standing]:  # noqa: B008 - frozen
        """Yield where cases stand, in the order in which they were opened; no lock is held in between."""
        condition, values = narrowed(query)
        statement = f"SELECT begun, {STANDING} FROM rrm_current WHERE {condition} AND begun > ? ORDER BY begun LIMIT ?"  # noqa: S608
        begun = -1
        while rows := self._rows(statement, (*values, begun, _CASES)):
            begun = rows[-1][0]
            for row in rows:
                yield standing_of_row(row[1:])

    def near(self, facility: CoveredFacility) -> Iterator[Standing]:
        """Yield where cases stand that leave a Denial at a facility, or at one of its owner."""
        condition, values = nearby(facility)
        rows = self._rows(f"SELECT {STANDING} FROM rrm_current WHERE {condition} ORDER BY begun", values)  # noqa: S608
        return map(standing_of_row, rows)

    # ---- the store itself --------------------------------------------------------------------------------------------
    def backup(self, target: str | os.PathLike[str]) -> None:
        """Write a copy that holds together, while others write; see :class:`.Store`."""
        path = Path(target)
        if isinstance(self._place, OwnFile):
            with translated(f"the copy {str(path)!r}", 0):
                try:
                    path.touch(exist_ok=False)
                except FileExistsError:
                    msg = f"{str(path)!r} is there already: name a file that is not, so that no copy is written over"
                    raise StorageError(msg) from None
                try:
                    self._place.backup(path)
                    _to_disk(path)
                except BaseException:
                    path.unlink(missing_ok=True)
                    raise
        else:
            self._place.backup(path)

    def check(self) -> None:
        """Check what SQLite can check: its pages, indexes and links, and that tables and triggers are as we made them.

        Raises:
            RecordDamaged: It does not hold.
        """
        with self._place.reading() as cursor:
            check_tables(cursor, self._place.name)

    def close(self) -> None:
        """Let go of what is held open; the store cannot be used behind it."""
        self._place.close()


def _key(case_id: str) -> str:
    return case_id.casefold() if isinstance(case_id, str) else ""


def _stand(cursor: sqlite3.Cursor, standing: Standing) -> None:
    row = dict(zip(_COLUMNS, row_of_standing(standing), strict=True))
    if not cursor.execute(_STAY, row).rowcount:
        cursor.execute(_STAND, row)


def _digest(value: Any) -> bytes:  # noqa: ANN401 - what a damaged file holds
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError) as error:
        msg = f"a stored hash cannot be read: {str(value)[:80]!r}"
        raise RecordDamaged(msg) from error


def _erase(cursor: sqlite3.Cursor, erased: set[tuple[str, int, str]], name: str) -> None:
    """Take sealed values out, so that no byte of them remains.

    What ``secure_delete`` writes over is the value itself; copies that SQLite made when it moved rows from page to page
    stay in the gaps of pages. So the table is emptied, which writes over whole pages, and the rest is put in anew.

    Raises:
        StorageError: A caller's connection does not write over what is deleted.
    """
    if cursor.execute("PRAGMA secure_delete").fetchone() != (1,):
        msg = f"{name} does not write over what is deleted, so that nothing would be erased: PRAGMA secure_delete=ON"
        raise StorageError(msg)
    held = cursor.execute("SELECT case_key, seq, place, salt, value FROM rrm_sealed ORDER BY rowid").fetchall()
    cursor.execute("DELETE FROM rrm_sealed")
    cursor.executemany(_SEAL, (row for row in held if row[:3] not in erased))


def _to_disk(path: Path) -> None:
    """Have the system write a new file, and its name in the folder, to the disk."""
    for one, flags in ((path, os.O_RDWR), (path.parent, os.O_RDONLY)):
        with suppress(PermissionError):  # Windows opens no folder
            number = os.open(one, flags)
            try:
                os.fsync(number)
            finally:
                os.close(number)
