"""The store in SQLite: what its tables refuse, what its file survives, and how it works in a caller's transaction."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import (
    ConcurrencyConflict,
    ReadOnlyStore,
    RecordDamaged,
    RecordTooNew,
    RRMError,
    StorageBusy,
    StorageError,
    StorageFull,
)
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.kept import Erasure
from rrm_lifecycle.record.storage import sqlite_file, sqlite_queue
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.sqlite_errors import translated
from rrm_lifecycle.record.storage.sqlite_file import NetworkFileSystem, OwnFile, network_of, wal_is_safe
from rrm_lifecycle.record.storage.sqlite_queue import Queue, Waited
from rrm_lifecycle.record.storage.sqlite_tables import TABLES
from rrm_lifecycle.record.storage.stores import Draft, Head
from rrm_lifecycle.testing.contract_cases import asked, opened, said, secret_remark, to_denial

NOON = datetime(2024, 4, 1, 12, tzinfo=UTC)
unix = pytest.mark.skipif(sys.platform == "win32", reason="asks for POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a docket may be made."""
    return tmp_path / "docket.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """Return a new and empty store in a file."""
    with closing(SqliteStore(path, timeout=5)) as made:
        yield made


@pytest.fixture
def raw(path: Path, store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """Return a connection that does what it wants with the file of a store with two cases."""
    opened(store, "A", asked())
    opened(store, "B")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def unguarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Take the triggers on entries away."""
    for name in ("rrm_entry_next", "rrm_entry_update", "rrm_entry_delete"):
        connection.execute(f"DROP TRIGGER {name}")
    return connection


class TestGuards:
    """The tables refuse whatever is not the next entry, whoever asks."""

    @pytest.mark.parametrize("recursive", [0, 1])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE rrm_entry SET body = x'00' WHERE idx = 1",
            "UPDATE rrm_entry SET recorded = NULL",
            "DELETE FROM rrm_entry WHERE idx = 2",
            "DELETE FROM rrm_entry",
            (
                "INSERT OR REPLACE INTO rrm_entry SELECT idx, case_id, case_key, seq, prev_seq, prev, hash, recorded, x'00' "
                "FROM rrm_entry WHERE idx = 1"
            ),
            (
                "REPLACE INTO rrm_entry SELECT 3, case_id, case_key, seq, prev_seq, prev, hash, recorded, x'00' "
                "FROM rrm_entry WHERE idx = 1"
            ),
            "INSERT INTO rrm_entry SELECT * FROM rrm_entry WHERE idx = 2 ON CONFLICT (idx) DO UPDATE SET body = x'00'",
            (
                "INSERT INTO rrm_entry SELECT 3, case_id, case_key, seq, prev_seq, prev, hash, recorded, body "
                "FROM rrm_entry WHERE idx = 2 ON CONFLICT (case_key, seq) DO UPDATE SET body = x'00'"
            ),
            "INSERT INTO rrm_entry VALUES (4, 'C', 'c', 0, NULL, NULL, 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (NULL, 'C', 'c', 0, NULL, NULL, 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (-1, 'C', 'c', 0, NULL, NULL, 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (3, 'A', 'a', 3, 2, 'h', 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (3, 'A', 'a', 2, 1, 'another', 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (3, 'A', 'a', 2, NULL, NULL, 'h', NULL, x'00')",
            "INSERT INTO rrm_entry VALUES (3, 'C', 'c', 0, NULL, NULL, 'h', NULL, 'text')",
            "UPDATE rrm_meta SET value = 'x'",
            "DELETE FROM rrm_meta",
            "INSERT OR REPLACE INTO rrm_meta VALUES ('log', 'x')",
            "INSERT INTO rrm_meta VALUES ('log', 'x') ON CONFLICT (key) DO UPDATE SET value = 'x'",
        ],
    )
    def test_refused(self, raw: sqlite3.Connection, store: SqliteStore, statement: str, recursive: int) -> None:
        """A change, a removal, a replacement and an entry out of place are refused, and nothing is changed."""
        before = list(store.in_order())
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)
        assert list(store.in_order()) == before
        store.check()

    @pytest.mark.parametrize("name", [name for name, sql in TABLES.items() if "CREATE TABLE" not in sql])
    def test_missing(self, raw: sqlite3.Connection, store: SqliteStore, name: str) -> None:
        """A trigger or an index that was taken away is found."""
        raw.execute(f"DROP {TABLES[name].split()[1]} {name}")
        with pytest.raises(RecordDamaged, match=f"{name} is missing"):
            store.check()

    def test_put_in(self, raw: sqlite3.Connection, store: SqliteStore) -> None:
        """A trigger that was put in is found, and so is one that was weakened."""
        raw.execute("CREATE TRIGGER sly AFTER INSERT ON rrm_entry BEGIN DELETE FROM rrm_once; END")
        with pytest.raises(RecordDamaged, match="'sly' was put in"):
            store.check()
        raw.execute("DROP TRIGGER sly")
        raw.execute("DROP TRIGGER rrm_entry_delete")
        raw.execute("CREATE TRIGGER rrm_entry_delete BEFORE DELETE ON rrm_entry BEGIN SELECT 1; END")
        with pytest.raises(RecordDamaged, match="rrm_entry_delete is missing, or is not as it was made"):
            store.check()


class TestDamage:
    """What was altered behind the triggers is found by whoever reads it."""

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            (
                "UPDATE rrm_entry SET body = CAST(replace(body, 'dismissals', 'dismissalz') AS BLOB) WHERE idx = 1",
                "hash",
            ),
            ("UPDATE rrm_entry SET hash = 'x' WHERE idx = 1", "hash"),
            ("UPDATE rrm_entry SET body = x'00' WHERE idx = 1", "number 1 of case 'a'"),
            ("UPDATE rrm_entry SET case_key = 'c' WHERE idx = 1", "it was moved"),
            ("UPDATE rrm_entry SET seq = 2, prev_seq = 1 WHERE idx = 1", "it was moved"),
            ("DELETE FROM rrm_entry WHERE idx = 1", "lacks entry 1 in log order"),
        ],
    )
    def test_entry(self, raw: sqlite3.Connection, store: SqliteStore, statement: str, message: str) -> None:
        """An entry whose bytes, hash, case or number was altered is not shown."""
        unguarded(raw).execute("PRAGMA foreign_keys = OFF")
        raw.execute(statement)
        with pytest.raises(RecordDamaged, match=message):
            list(store.in_order())
        assert store.read("B")[0].case_id == "B"

    def test_gap(self, raw: sqlite3.Connection, store: SqliteStore) -> None:
        """A case without its beginning is not shown as a shorter one."""
        unguarded(raw).execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM rrm_entry WHERE idx = 0")
        with pytest.raises(RecordDamaged, match="entries are missing, or were moved"):
            store.read("A")
        with pytest.raises(RecordDamaged, match="links to one that is not there"):
            store.check()

    def test_standing(self, raw: sqlite3.Connection, store: SqliteStore) -> None:
        """A row that says where a case stands and cannot be read says how it is made anew."""
        raw.execute("UPDATE rrm_current SET stage = 'nowhere' WHERE case_key = 'a'")
        with pytest.raises(RecordDamaged, match=r"case A stands cannot be read; .*docket\.rebuild\(\)"):
            list(store.standings())

    def test_head(self, raw: sqlite3.Connection, store: SqliteStore) -> None:
        """A head, a hash and a moment that cannot be read are errors of ours."""
        unguarded(raw)
        raw.execute("UPDATE rrm_entry SET body = x'00', recorded = 'noon', hash = 'zz' WHERE idx = 2")
        for ask in (
            lambda: store.head("B"),
            lambda: list(store.heads()),
            lambda: list(store.hashes()),
            lambda: list(store.recordings()),
            lambda: opened(store, "C"),
        ):
            with pytest.raises(RecordDamaged, match="cannot be read"):
                ask()

    def test_tables_gone(self, raw: sqlite3.Connection, store: SqliteStore) -> None:
        """A file of ours whose tables were taken away is an error and no empty docket, and they are not made anew."""
        held = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in sorted(held):
            raw.execute(f"DROP TABLE {name}")
        with pytest.raises(StorageError, match="no such table"):
            store.number()
        with pytest.raises(StorageError, match="no such table"):
            opened(store, "C")
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)

    def test_pages(self, path: Path, store: SqliteStore) -> None:
        """A page that was zeroed is found, in reading or in the check, and the error is ours."""
        for number in range(30):
            opened(store, f"C-{number}", asked())
        store.close()
        size = path.stat().st_size
        for at in range(4096, size, 4096 * 3):
            data = path.read_bytes()
            path.write_bytes(data[:at] + bytes(4096) + data[at + 4096 :])
            with pytest.raises(RRMError), closing(SqliteStore(path)) as again:  # noqa: PT012 - any of them
                again.check()
                list(again.in_order())
            path.write_bytes(data)
        with closing(SqliteStore(path)) as again:
            again.check()


class TestFile:
    """A docket is a file that is ours, of a version that we know."""

    def test_pragmas(self, store: SqliteStore) -> None:
        """A file is written in the mode that loses no commit, and erases what it deletes."""
        with store._place.reading() as cursor:
            said = {
                name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in (
                    "journal_mode",
                    "synchronous",
                    "secure_delete",
                    "foreign_keys",
                    "trusted_schema",
                    "cell_size_check",
                    "user_version",
                    "application_id",
                )
            }
        assert list(said.values()) == ["truncate", 3, 1, 1, 0, 1, 1, 0x52524D31]

    def test_reopened(self, path: Path, store: SqliteStore) -> None:
        """What was filed is there when the file is opened again, under the same log."""
        _, filed = opened(store, "A", *to_denial())
        store.close()
        with closing(SqliteStore(str(path))) as again:
            assert (again.read("A"), again.log) == (filed, store.log)
            assert again.standing("A") is not None

    def test_name_of_the_log(self, tmp_path: Path) -> None:
        """A log that is given no name gets one of its own, which can be used wherever a name can."""
        names = []
        for number in range(3):
            with closing(SqliteStore(tmp_path / f"{number}.db")) as made:
                names.append(made.log)
        assert len(set(names)) == 3
        assert all(re.fullmatch("log-[0-9a-f]{16}", name) for name in names)

    def test_made_by_another(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where another program makes the tables first, its log is the one that both go on with."""
        writing = OwnFile.writing

        def late(place: OwnFile) -> AbstractContextManager[sqlite3.Cursor]:
            monkeypatch.setattr(OwnFile, "writing", writing)
            with closing(SqliteStore(path, log="theirs")) as first:
                opened(first, "A")
            return place.writing()

        monkeypatch.setattr(OwnFile, "writing", late)
        with closing(SqliteStore(path, log="ours")) as second:
            assert second.log == "theirs"
            assert second.number() == 1

    def test_moved_on(self, store: SqliteStore) -> None:
        """A writer that comes too late is told which entry its own was to be, and how many there are."""
        case, filed = opened(store, "A", asked())
        with pytest.raises(ConcurrencyConflict, match="this was to be entry 1, and the docket holds 2 entries"):
            store.append([said("A")], after=Head.of(filed[0]), case=case)
        with pytest.raises(ConcurrencyConflict, match="this was to be entry 1, and the docket holds 0 entries"):
            store.append([said("Z")], after=Head("Z", 0, "f" * 64), case=None)

    def test_closed(self, store: SqliteStore) -> None:
        """A store that was closed says so."""
        store.close()
        with pytest.raises(StorageError, match="was closed"):
            store.number()
        with pytest.raises(StorageError, match="was closed"):
            opened(store, "A")

    def test_newer(self, path: Path, store: SqliteStore) -> None:
        """A file with tables of a later version is not opened."""
        store.close()
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA user_version = 2")
        with pytest.raises(RecordTooNew, match="tables of version 2; this library knows version 1"):
            SqliteStore(path)

    def test_newer_tables(self) -> None:
        """Tables of a later version in a caller's database are not used."""
        with closing(sqlite3.connect(":memory:")) as raw:
            raw.execute("CREATE TABLE rrm_meta (key, value)")
            raw.execute("INSERT INTO rrm_meta VALUES ('schema', '2'), ('log', 'x')")
            with pytest.raises(RecordTooNew, match="version 2"):
                SqliteStore.on(raw)
            raw.execute("DELETE FROM rrm_meta")
            with pytest.raises(RecordDamaged, match="rrm_meta does not say"):
                SqliteStore.on(raw)

    def test_foreign(self, path: Path) -> None:
        """The database of another application is refused and not touched; so is a file that is no database."""
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("CREATE TABLE theirs (x)")
        before = path.read_bytes()
        with pytest.raises(StorageError, match="database of another application"):
            SqliteStore(path)
        assert path.read_bytes() == before
        path.write_text("no database, but a letter that somebody wrote. " * 100, encoding="utf-8")
        with pytest.raises(StorageError, match="is no SQLite database"):
            SqliteStore(path)

    def test_application(self, path: Path) -> None:
        """An empty file that another application has marked as its own is refused."""
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA application_id = 7")
        with pytest.raises(StorageError, match="database of another application"):
            SqliteStore(path)

    def test_not_there(self, tmp_path: Path) -> None:
        """A file that is not there is made, unless the caller says otherwise; a folder is none."""
        with pytest.raises(StorageError, match=r"is not there: .* create=True"):
            SqliteStore(tmp_path / "a.db", create=False)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(StorageError, match="is a folder"):
            SqliteStore(tmp_path)
        with pytest.raises(StorageError, match="is no folder that this user may write"):
            SqliteStore(tmp_path / "none" / "a.db")

    def test_in_a_callers_file(self, path: Path) -> None:
        """The tables in a caller's file can be opened by its path, and its journal is left as it is."""
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("CREATE TABLE theirs (x)")
            _, filed = opened(SqliteStore.on(raw), "A")
            with closing(SqliteStore(path)) as store:
                assert store.read("A") == filed
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert raw.execute("PRAGMA application_id").fetchone() == (0,)

    def test_hard_names(self, tmp_path: Path) -> None:
        """A path with signs that mean something in an address is a path like any other."""
        path = tmp_path / "50% of #7 ñ?.db"
        if sys.platform == "win32":
            path = tmp_path / "50% of #7 ñ.db"
        with closing(SqliteStore(path)) as store:
            opened(store, "A")
        assert path.exists()

    @unix
    def test_other_name(self, path: Path, store: SqliteStore) -> None:
        """Under another name of the same file, its writers meet in the same queue."""
        other = path.with_name("other.db")
        other.symlink_to(path)
        with closing(SqliteStore(other)) as again:
            opened(again, "A")
        assert store.number() == 1
        assert sorted(one.name for one in path.parent.iterdir() if one.name.endswith(".lock")) == ["docket.db.lock"]

    @pytest.mark.parametrize(
        ("version", "safe"),
        [
            ((3, 40, 1), False),
            ((3, 44, 5), False),
            ((3, 44, 6), True),
            ((3, 45, 0), False),
            ((3, 50, 6), False),
            ((3, 50, 7), True),
            ((3, 51, 0), False),
            ((3, 51, 2), False),
            ((3, 51, 3), True),
            ((3, 52, 0), True),
            ((4, 0, 0), True),
        ],
    )
    def test_wal(self, path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], safe: bool) -> None:
        """A write-ahead log is kept only where SQLite loses nothing by it; nowhere unless it is asked for."""
        assert wal_is_safe(version) is safe
        monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
        if not safe:
            with pytest.raises(StorageError, match=r"wal=True needs SQLite 3\.51\.3"):
                SqliteStore(path, wal=True)
            assert not path.exists()
            return
        with closing(SqliteStore(path, wal=True)) as store:
            opened(store, "A")
            assert (path.parent / "docket.db-wal").exists()
        with closing(SqliteStore(path)) as store:
            assert store.number() == 1
            assert not (path.parent / "docket.db-wal").exists()

    def test_old_sqlite(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An SQLite without strict tables is refused."""
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
        with pytest.raises(StorageError, match=r"needs SQLite 3\.37"):
            SqliteStore(path)


class TestNetwork:
    """A network file system is warned of."""

    MOUNTS = (
        "/dev/sda / ext4 rw\nserver:/x /srv/share nfs4 rw\n"
        "//s/y /srv/my\\040files cifs rw\n/dev/sdb /srv/share/disk xfs rw\n"
    )

    @unix
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/srv/share/a.db", "nfs4"),
            ("/srv/share/b/a.db", "nfs4"),
            ("/srv/my files/a.db", "cifs"),
            ("/srv/share/disk/a.db", None),
            ("/srv/shared/a.db", None),
            ("/a.db", None),
        ],
    )
    def test_kind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, kind: str | None) -> None:
        """The mount that lies deepest decides; where there is no table of mounts, nothing is said."""
        monkeypatch.setattr(sys, "platform", "linux")
        mounts = tmp_path / "mounts"
        mounts.write_text(self.MOUNTS, encoding="utf-8")
        assert network_of(Path(path), str(mounts)) == kind
        assert network_of(Path(path), str(tmp_path / "none")) is None
        monkeypatch.setattr(sys, "platform", "darwin")
        assert network_of(Path(path), str(mounts)) is None

    def test_warned(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever opens a docket there is warned once."""
        monkeypatch.setattr(sqlite_file, "network_of", lambda _path: "nfs4")
        with pytest.warns(NetworkFileSystem, match=r"network file system \(nfs4\)"):
            SqliteStore(path).close()


class TestReadOnly:
    """Where nothing may be written, a docket is read (R7)."""

    def test_refused(self, path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """Opening, reading and checking work; an append is refused, and no file is made."""
        case, filed = opened(store, "A", asked())
        store.close()
        (path.parent / "docket.db.lock").unlink()
        (path.parent / "docket.db-journal").unlink()
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
        with closing(SqliteStore(path)) as again:
            assert again.read("A") == filed
            assert verify(again.in_order()).entries == 2
            again.check()
            with pytest.raises(ReadOnlyStore, match="may be read and not written"):
                again.append([said("A")], after=Head.of(filed[-1]), case=case)
        assert [one.name for one in path.parent.iterdir()] == ["docket.db"]

    @unix
    @pytest.mark.parametrize("what", ["file", "folder"])
    def test_by_the_system(self, tmp_path: Path, what: str) -> None:
        """Likewise where the system itself refuses to write the file, or its folder."""
        folder = tmp_path / "held"
        folder.mkdir()
        path = folder / "docket.db"
        with closing(SqliteStore(path)) as store:
            opened(store, "A", asked())
        for one in folder.iterdir():
            if one != path:
                one.unlink()
        path.chmod(0o444 if what == "file" else 0o666)
        folder.chmod(0o777 if what == "file" else 0o555)
        for one in (tmp_path, *tmp_path.parents[:3]):
            one.chmod(one.stat().st_mode | 0o055)
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from rrm_lifecycle.record.storage.sqlite import SqliteStore\n"
            "from rrm_lifecycle.errors import ReadOnlyStore\n"
            "from rrm_lifecycle.testing.contract_cases import said\n"
            "Path.cwd().as_uri()  # loads, from 3.13 on, what another user may not be able to load\n"
            "if hasattr(os, 'geteuid') and os.geteuid() == 0: os.setuid(65534)\n"
            "store = SqliteStore(sys.argv[1])\n"
            "store.check()\n"
            "try: store.append([said('A')], after=store.head('A'), case=None)\n"
            "except ReadOnlyStore: print('refused', store.number())\n"
        )
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program, str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        folder.chmod(0o755)
        if "Permission denied" in done.stderr and "docket.db" not in done.stderr:
            pytest.skip("another user may not read this checkout")
        assert done.stdout.split() == ["refused", "2"], done.stderr
        assert [one.name for one in folder.iterdir()] == ["docket.db"]

    def test_empty(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty file that may not be written is no docket."""
        path.touch()
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
        with pytest.raises(StorageError, match="empty file that may not be written"):
            SqliteStore(path)


class Failing(sqlite3.Cursor):
    """A cursor whose nth statement fails."""

    left: int = -1
    error: BaseException = KeyboardInterrupt()

    def execute(self, *args: Any) -> Any:
        """Run a statement, or fail."""
        self.count()
        return super().execute(*args)

    def executemany(self, *args: Any) -> Any:
        """Run a statement several times, or fail."""
        self.count()
        return super().executemany(*args)

    def count(self) -> None:
        """Fail if it is the turn of the one that fails."""
        if Failing.left == 0:
            Failing.left = -1
            raise Failing.error
        Failing.left -= Failing.left > 0


class FailingConnection(sqlite3.Connection):
    """A connection with such cursors."""

    def cursor(self, *_: Any) -> Any:
        """Return such a cursor."""
        return Failing(self)


class FailingFile(OwnFile):
    """A file with such connections."""

    def connect(self, uri: str) -> sqlite3.Connection:
        """Return such a connection."""
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=FailingConnection)


class FailingStore(SqliteStore):
    """A store in such a file."""

    _file = FailingFile


def of_sqlite(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    """Return an error of SQLite."""
    error = kind("said by SQLite")
    error.sqlite_errorcode = code
    return error


class TestFailures:
    """Where a statement fails, the transaction is gone, and the next append is right (R9)."""

    @pytest.mark.parametrize("kind", ["file", "borrowed", "in a transaction"])
    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (KeyboardInterrupt(), KeyboardInterrupt),
            (of_sqlite(sqlite3.SQLITE_FULL), StorageFull),
            (OSError(errno.ENOSPC, "no room"), StorageFull),
            (of_sqlite(sqlite3.SQLITE_BUSY), StorageBusy),
            (of_sqlite(sqlite3.SQLITE_CORRUPT, sqlite3.DatabaseError), RecordDamaged),
        ],
    )
    def test_every_statement(self, path: Path, kind: str, error: BaseException, expected: type[BaseException]) -> None:
        """Whatever fails at whichever statement, nothing of the append is there, and all of the next one is."""
        Failing.left = -1
        raw: sqlite3.Connection | None = None
        if kind == "file":
            store: SqliteStore = FailingStore(path)
        else:
            raw = sqlite3.connect(path, isolation_level=None, factory=FailingConnection)
            raw.execute("CREATE TABLE theirs (x)")
            store = SqliteStore.on(raw)
            if kind == "in a transaction":
                raw.execute("BEGIN IMMEDIATE")
                raw.execute("INSERT INTO theirs VALUES (1)")
        case, filed = opened(store, "A")
        (sealed,) = store.append([secret_remark("A", "Juana")], after=Head.of(filed[0]), case=case)
        before = sealed
        number = failed = 0
        while True:
            drafts = [said("A"), secret_remark("A", "Pedro"), Draft(Erasure("A", before.seq, "remark", "asked for"))]
            Failing.left, Failing.error = number, error
            try:
                *_, before, last = store.append(drafts, after=store_head(store, sealed), case=case, once=f"n{number}")
            except expected:
                Failing.left = -1
                failed += 1
                assert store.head("A") == Head.of(sealed)
                assert store.once("A", f"n{number}") is None
                assert len(store.secrets("A")) == 1
                *_, before, sealed = store.append(drafts, after=Head.of(sealed), case=case)
            else:
                break
            number += 1
        Failing.left = -1
        assert failed >= 10  # begin, look twice, file, stand, seal, erase (look, empty, put back), note the key, commit
        assert store.head("A") == Head.of(last)
        assert verify(store.in_order()).entries == 2 + 3 * (failed + 1)
        store.check()
        if raw is not None:
            assert raw.in_transaction is (kind == "in a transaction")
            raw.close()
        store.close()

    def test_no_way_back(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A connection that cannot even roll back is let go, and the next append takes another."""
        Failing.left = -1
        with closing(FailingStore(path)) as store:
            case, filed = opened(store, "A")

            def broken(_: object) -> None:
                raise of_sqlite(sqlite3.SQLITE_IOERR)

            Failing.left, Failing.error = 3, of_sqlite(sqlite3.SQLITE_FULL)
            with monkeypatch.context() as patch:
                patch.setattr(FailingConnection, "rollback", broken, raising=False)
                with pytest.raises(StorageFull, match="no room left"):
                    store.append([said("A")], after=Head.of(filed[0]), case=case)
            Failing.left = -1
            store.append([said("A")], after=Head.of(filed[0]), case=case)
            assert store.number() == 2

    @unix
    def test_no_room(self, path: Path) -> None:
        """Where the system gives no more room, acknowledged is what is filed, and with room it goes on (R6)."""
        import resource  # noqa: PLC0415 - POSIX alone

        with closing(SqliteStore(path)) as store:
            case, filed = opened(store, "A")
            head = Head.of(filed[0])
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 8192, limits[1]))
            acknowledged = 1
            try:
                with pytest.raises(StorageFull, match="make room, and record again"):  # noqa: PT012 - until it is full
                    for _ in range(100):
                        head = Head.of(store.append([said("A", "x" * 900)], after=head, case=case)[0])
                        acknowledged += 1
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            assert store.number() == acknowledged
            store.append([said("A")], after=head, case=case)
            assert verify(store.in_order()).entries == acknowledged + 1
            store.check()

    @pytest.mark.parametrize(
        ("error", "expected", "message"),
        [
            (of_sqlite(sqlite3.SQLITE_FULL), StorageFull, "Nothing has to be reopened"),
            (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), StorageFull, "no room left"),
            (of_sqlite(sqlite3.SQLITE_IOERR_READ), StorageError, "nothing was written"),
            (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), ReadOnlyStore, "writable for this user"),
            (sqlite3.ProgrammingError("closed"), StorageError, "cannot be used like this"),
            (sqlite3.OperationalError("could not decode to UTF-8"), RecordDamaged, "cannot be read"),
            (of_sqlite(sqlite3.SQLITE_READONLY_ROLLBACK), ReadOnlyStore, "in the middle of an append"),
            (of_sqlite(sqlite3.SQLITE_NOTADB), StorageError, "no SQLite database"),
            (of_sqlite(sqlite3.SQLITE_CANTOPEN), StorageError, "cannot be opened"),
            (of_sqlite(sqlite3.SQLITE_LOCKED), StorageBusy, "for 7 seconds"),
            (Waited(), StorageBusy, "for 7 seconds"),
            (PermissionError(errno.EACCES, "no"), ReadOnlyStore, "not written"),
            (OSError(errno.EIO, "broken"), StorageError, "broken"),
            (StorageFull("ours"), StorageFull, "ours"),
        ],
    )
    def test_translated(self, error: Exception, expected: type[RRMError], message: str) -> None:
        """No error of the driver or the system reaches a caller as it is."""
        with pytest.raises(expected, match=message) as caught, translated("the docket", 7):
            raise error
        assert type(caught.value) is expected


def store_head(_store: SqliteStore, known: Filed) -> Head:
    """Return the head that a writer knows, without asking the store."""
    return Head.of(known)


class TestQueue:
    """Writers take their turns."""

    @pytest.fixture(params=["of the system", "of the library"], autouse=True)
    def _kind(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        if request.param == "of the library":
            monkeypatch.setattr(sqlite_queue, "_flock", None)

    def test_busy(self, path: Path, store: SqliteStore) -> None:
        """A writer that waits in vain is told for how long; afterwards it goes on."""
        case, filed = opened(store, "A")
        queue = Queue(f"{path}.lock")
        with closing(SqliteStore(path, timeout=0.05)) as other:
            with queue.turn(1), pytest.raises(StorageBusy, match=r"held by others for 0\.05 seconds"):
                other.append([said("A")], after=Head.of(filed[0]), case=case)
            other.append([said("A")], after=Head.of(filed[0]), case=case)
            assert other.number() == 2
        queue.close()

    def test_turns(self, path: Path) -> None:
        """A turn that is waited for comes when the one before is given up."""
        first, second = Queue(str(path)), Queue(str(path))
        order: list[str] = []
        started = Flag()

        def wait() -> None:
            started.set()
            with second.turn(30):
                order.append("second")

        thread = Thread(target=wait)
        with first.turn(1):
            thread.start()
            started.wait()
            thread.join(0.1)
            order.append("first")
        thread.join()
        assert order == ["first", "second"]
        first.close()
        second.close()

    def test_driver_busy(self, path: Path, store: SqliteStore) -> None:
        """Somebody who holds the file without queueing is waited for as well."""
        opened(store, "A")
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as raw,
            closing(SqliteStore(path, timeout=0.05)) as other,
        ):
            raw.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StorageBusy):
                other.number()
            with pytest.raises(StorageBusy):
                opened(other, "B")
            raw.execute("ROLLBACK")
            opened(other, "B")
            assert other.number() == 2


class TestThreadsAndForks:
    """Each thread and each process has a connection of its own (R20)."""

    def test_threads(self, store: SqliteStore) -> None:
        """Threads that have ended leave no connection behind."""
        for number in range(5):
            thread = Thread(target=opened, args=(store, f"A-{number}"))
            thread.start()
            thread.join()
        assert store.number() == 5
        assert len(store._place._handles) <= 2  # type: ignore[union-attr]

    def test_closed_by_another(self, store: SqliteStore) -> None:
        """Closing from one thread closes what the others hold."""
        ready, go = Flag(), Flag()
        told: list[BaseException] = []

        def use() -> None:
            opened(store, "A")
            ready.set()
            go.wait()
            try:
                store.number()
            except StorageError as error:
                told.append(error)

        thread = Thread(target=use)
        thread.start()
        assert ready.wait(60), "the thread opened no case"
        store.close()
        go.set()
        thread.join()
        assert len(told) == 1

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
    def test_fork(self, store: SqliteStore) -> None:
        """A child takes a connection of its own, and leaves that of its parent alone, open transaction and all."""
        case, filed = opened(store, "A")
        inherited = store._place._handle().connection  # type: ignore[union-attr]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads about
            child = os.fork()
        if child == 0:
            status = 1
            try:
                store.append([said("A")], after=Head.of(filed[0]), case=case)
                mine = store._place._handle().connection  # type: ignore[union-attr]
                if mine is not inherited:
                    inherited.execute("SELECT 1")  # still open
                    store.close()
                    inherited.execute("SELECT 1")
                    status = 0
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert store.number() == 2
        with pytest.raises(ConcurrencyConflict):
            store.append([said("A")], after=Head.of(filed[0]), case=case)
        store.append([said("A")], after=store.head("A"), case=case)

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
    def test_fork_in_the_middle(self, path: Path) -> None:
        """A child that is forked in the middle of an append and ends takes nothing back of what its parent writes."""
        program = (
            "import os, sys, threading\n"
            "from rrm_lifecycle.record.storage.sqlite import SqliteStore\n"
            "store = SqliteStore(sys.argv[1])\n"
            "written, go = threading.Event(), threading.Event()\n"
            "def write():\n"
            "    with store._place.writing() as cursor:\n"
            "        cursor.execute(\"INSERT INTO rrm_once VALUES ('a', 'k', 7)\")\n"
            "        written.set()\n"
            "        go.wait()\n"
            "thread = threading.Thread(target=write)\n"
            "thread.start()\n"
            "written.wait()\n"
            "if (child := os.fork()) == 0: sys.exit(0)\n"
            "os.waitpid(child, 0)\n"
            "go.set()\n"
            "thread.join()\n"
            "with store._place.writing() as cursor:\n"
            "    cursor.execute(\"INSERT INTO rrm_once VALUES ('b', 'k', 8)\")\n"
            "    if (child := os.fork()) == 0: sys.exit(0)\n"
            "    os.waitpid(child, 0)\n"
            "store.check()\n"
            "print(store.once('A', 'k'), store.once('B', 'k'))\n"
        )
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-W", "ignore", "-c", program, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stdout.split() == ["7", "8"], done.stderr

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
    def test_fork_of_a_callers_connection(self) -> None:
        """A caller's connection is not used in a child."""
        with closing(sqlite3.connect(":memory:")) as raw:
            store = SqliteStore.on(raw)
            store._place._pid -= 1
            with pytest.raises(StorageError, match="made before a fork"):
                store.number()


class TestBackup:
    """A copy holds together, while others write."""

    def test_copy(self, path: Path, store: SqliteStore) -> None:
        """The copy is whole, is a docket of the same log, and stays as it is."""
        _, filed = opened(store, "A", *to_denial())
        target = path.with_name("copy.db")
        store.backup(str(target))
        opened(store, "B")
        with closing(SqliteStore(target)) as copy:
            copy.check()
            assert (copy.log, list(copy.in_order())) == (store.log, list(filed))

    def test_while_writing(self, path: Path, store: SqliteStore) -> None:
        """Each copy that is taken while another writes verifies, and is a beginning of the log (R21)."""
        stop = Flag()

        def write() -> None:
            number = 0
            while not stop.is_set():
                opened(store, f"A-{number}", asked())
                number += 1

        thread = Thread(target=write)
        thread.start()
        copies = [path.with_name(f"copy-{number}.db") for number in range(5)]
        try:
            for one in copies:
                store.backup(str(one))
        finally:
            stop.set()
            thread.join()
        order = list(store.hashes())
        for one in copies:
            with closing(SqliteStore(one)) as copy:
                held = list(copy.hashes())
                assert held == order[: len(held)]
                assert verify(copy.in_order()).entries == len(held)

    def test_refused(self, path: Path, store: SqliteStore) -> None:
        """A file that is there is not written over; a copy that fails leaves none."""
        opened(store, "A")
        with pytest.raises(StorageError, match="is there already"):
            store.backup(str(path))
        with pytest.raises(StorageError, match="the copy"):
            store.backup(str(path.parent / "none" / "copy.db"))
        store.close()
        with pytest.raises(StorageError, match="was closed"):
            store.backup(str(path.with_name("copy.db")))
        assert not path.with_name("copy.db").exists()

    def test_callers(self) -> None:
        """A caller's database is the caller's to copy."""
        with closing(sqlite3.connect(":memory:")) as raw, pytest.raises(StorageError, match="back up your database"):
            SqliteStore.on(raw).backup("copy.db")


class TestErasure:
    """Of an erased value no byte remains in any file of the folder (R17)."""

    @pytest.mark.parametrize("borrowed", [False, True])
    def test_no_byte(self, path: Path, *, borrowed: bool) -> None:
        """Neither the value nor its salt is found, among hundreds that stay and go."""
        raw = sqlite3.connect(path, isolation_level=None) if borrowed else None
        if raw is not None:
            raw.execute("PRAGMA secure_delete = ON")
        store = SqliteStore(path) if raw is None else SqliteStore.on(raw)
        case, filed = opened(store, "A")
        names = [f"Juana-{number:04}-{'x' * (number * 7 % 300)}-Pérez" for number in range(200)]
        drafts = [secret_remark("A", name, f"salt{number:04}{'s' * 18}") for number, name in enumerate(names)]
        filed = store.append(drafts, after=Head.of(filed[0]), case=case)
        gone = [one.seq for one in filed if one.seq % 3]
        last = filed[-1]
        for start in range(0, len(gone), 20):
            erasures = [Draft(Erasure("A", seq, "remark", "asked for")) for seq in gone[start : start + 20]]
            last = store.append(erasures, after=Head.of(last), case=case)[-1]
        assert [seq for seq, _ in store.secrets("A")] == [one.seq for one in filed if not one.seq % 3]
        store.close()
        if raw is not None:
            raw.close()
        held = b"".join(one.read_bytes() for one in path.parent.iterdir())
        assert b"Juana-0002" in held
        for seq in gone:
            assert f"Juana-{seq - 1:04}".encode() not in held
            assert f"salt{seq - 1:04}".encode() not in held

    def test_no_byte_in_the_log(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nor does one remain in a write-ahead log, while the docket is still open."""
        monkeypatch.setattr(sqlite_file, "wal_is_safe", lambda _: True)
        with closing(SqliteStore(path, wal=True)) as store:
            case, filed = opened(store, "A")
            (sealed,) = store.append([secret_remark("A", "Juana")], after=Head.of(filed[0]), case=case)
            log = path.with_name("docket.db-wal")
            assert b"Juana" in log.read_bytes()
            store.append([Draft(Erasure("A", 1, "remark", "asked for"))], after=Head.of(sealed), case=case)
            assert store.secrets("A") == ()
            assert all(b"Juana" not in one.read_bytes() for one in path.parent.iterdir())

    def test_not_written_over(self, path: Path) -> None:
        """A caller's connection that does not write over what it deletes erases nothing, and says what to set."""
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA secure_delete = OFF")
            store = SqliteStore.on(raw)
            case, filed = opened(store, "A")
            (sealed,) = store.append([secret_remark("A", "Juana")], after=Head.of(filed[0]), case=case)
            with pytest.raises(StorageError, match="PRAGMA secure_delete=ON"):
                store.append([Draft(Erasure("A", 1, "remark", "asked for"))], after=Head.of(sealed), case=case)
            assert len(store.secrets("A")) == 1
            assert store.number() == 2


class TestInACallersTransaction:
    """In a caller's database there are both rows or neither, and the caller alone ends the transaction."""

    @pytest.fixture
    def connect(self, path: Path) -> Iterator[Callable[..., sqlite3.Connection]]:
        """Return what opens the caller's database."""
        made: list[sqlite3.Connection] = []

        def connect(**settings: Any) -> sqlite3.Connection:
            made.append(sqlite3.connect(path, **settings))
            return made[-1]

        yield connect
        for one in made:
            one.close()

    @pytest.mark.parametrize("level", ["", "IMMEDIATE", None])
    @pytest.mark.parametrize("first", ["ours", "theirs"])
    @pytest.mark.parametrize("end", ["commit", "rollback"])
    def test_both_or_neither(
        self, connect: Callable[..., sqlite3.Connection], level: str | None, first: str, end: str
    ) -> None:
        """Whichever row comes first, both are there after a commit and neither after a rollback."""
        raw = connect(isolation_level=level)
        raw.execute("CREATE TABLE theirs (x)")
        store = SqliteStore.on(raw)
        raw.commit()
        if level is None:
            raw.execute("BEGIN")
        steps = [lambda: opened(store, "A", asked()), lambda: raw.execute("INSERT INTO theirs VALUES (1)")]
        for step in steps if first == "ours" else reversed(steps):
            step()
        assert raw.in_transaction
        getattr(raw, end)()
        other = connect()
        expected = (2, 1) if end == "commit" else (0, 0)
        counts = [other.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in ("rrm_entry", "theirs")]  # noqa: S608
        assert tuple(counts) == expected
        assert store.number() == expected[0]

    def test_tables_rolled_back(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """Where the caller takes back the making of the tables, they are made anew, under the same log."""
        raw = connect()
        store = SqliteStore.on(raw)
        raw.rollback()
        assert (store.number(), list(store.in_order()), store.standing("A")) == (0, [], None)
        assert (list(store.heads()), list(store.standings()), store.secrets("A"), store.once("A", "key")) == (
            [],
            [],
            (),
            None,
        )
        assert list(store.near(CoveredFacility("Planta Uno", country="MX", sector="manufacturing"))) == []
        opened(store, "A")
        raw.commit()
        assert SqliteStore.on(connect()).log == store.log == store.read("A")[0].log

    def test_made_anew_as_theirs(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """Tables that are made anew in a caller's database leave what its file says of itself to the caller."""
        raw = connect()
        store = SqliteStore.on(raw)
        raw.rollback()
        opened(store, "A")
        raw.commit()
        assert [raw.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")] == [(0,), (0,)]

    def test_alone(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """Where the connection commits by itself and no transaction is open, each append is one."""
        raw = connect(isolation_level=None)
        store = SqliteStore.on(raw)
        opened(store, "A")
        assert not raw.in_transaction
        assert SqliteStore.on(connect()).number() == 1

    def test_refused_keeps_theirs(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """An append that is refused takes back nothing of the caller's, nor what was filed before."""
        raw = connect()
        raw.execute("CREATE TABLE theirs (x)")
        store = SqliteStore.on(raw)
        raw.execute("INSERT INTO theirs VALUES (1)")
        case, filed = opened(store, "A", asked())
        with pytest.raises(ConcurrencyConflict):
            store.append([said("A")], after=Head.of(filed[0]), case=case)
        raw.commit()
        assert connect().execute("SELECT count(*) FROM theirs").fetchone() == (1,)
        assert store.number() == 2

    def test_nothing_changed(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """No pragma of the caller's connection is changed, nor the way in which it gives rows."""
        raw = connect(isolation_level=None)
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "application_id", "user_version")
        before = [raw.execute(f"PRAGMA {name}").fetchone() for name in names]
        raw.row_factory = sqlite3.Row
        store = SqliteStore.on(raw)
        opened(store, "A")
        store.close()
        assert [tuple(raw.execute(f"PRAGMA {name}").fetchone()) for name in names] == before
        assert raw.row_factory is sqlite3.Row

    @pytest.mark.parametrize(
        ("pragma", "message"),
        [
            ("journal_mode = OFF", "found journal_mode=off"),
            ("journal_mode = MEMORY", "found journal_mode=memory"),
            ("synchronous = OFF", "PRAGMA synchronous=FULL"),
        ],
    )
    def test_not_trusted(self, connect: Callable[..., sqlite3.Connection], pragma: str, message: str) -> None:
        """A connection that cannot undo, or does not keep what it commits, is refused; the error says what to set."""
        raw = connect(isolation_level=None)
        raw.execute(f"PRAGMA {pragma}")
        with pytest.raises(StorageError, match=message):
            SqliteStore.on(raw)

    def test_texts(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """A connection that gives texts as something else is refused."""
        raw = connect()
        raw.text_factory = bytes
        with pytest.raises(StorageError, match="text_factory"):
            SqliteStore.on(raw)

    def test_two_writers(self, connect: Callable[..., sqlite3.Connection]) -> None:
        """A second connection waits for the first one's transaction, in vain, and is told by an error of ours."""
        raw, other = connect(timeout=0.05), connect(timeout=0.05)
        store = SqliteStore.on(raw)
        raw.commit()
        second = SqliteStore.on(other)
        case, filed = opened(store, "A")
        with pytest.raises(StorageBusy):
            opened(second, "B")
        assert not other.in_transaction  # or else its lock to read would keep the first one from its commit
        raw.commit()
        opened(second, "B")
        other.commit()
        with pytest.raises(ConcurrencyConflict):
            second.append([Draft(Case.start("A").opening)], after=Head("A", 0, "f" * 64), case=case)
        assert store.read("A") == filed
