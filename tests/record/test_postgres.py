"""The store in PostgreSQL: on its own connections, on a pool, in the caller's transaction, and what the tables refuse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import (
    EventError,
    MissingExtra,
    ReadOnlyStore,
    RecordDamaged,
    RecordTooNew,
    RRMError,
    StorageBusy,
    StorageError,
    UnknownCase,
)
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.filed import Note
from rrm_lifecycle.record.kept import Erasure, Remark
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.record.storage.postgres import PostgresStore, ddl
from rrm_lifecycle.record.storage.stores import Draft, Head
from tests.record.postgres_server import Server
from tests.record.postgres_work import DAY, begin, many, note, run_python

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'rrm-lifecycle[postgres]'")


class TestOpen:
    """Nothing is created unless it is asked for, and what cannot be used is told with what opens the way."""

    def test_nothing_created(self, pg_address: str) -> None:
        """An empty database stays empty without ``create``; the message says how tables come about."""
        for create in (None, False):
            with pytest.raises(StorageError, match=r"create=True.*rrm schema postgresql"):
                PostgresStore.open(pg_address, create=create)
        with psycopg.connect(pg_address) as made:
            assert made.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'rrm'").fetchone() == (0,)

    def test_create(self, pg_address: str) -> None:
        """A docket that was made is found again, under the same log, in its schema and in no other."""
        made = PostgresStore.open(pg_address, schema="labour", create=True)
        begin(made, "A")
        again = PostgresStore.open(pg_address, schema="labour", create=True)
        assert again.log == made.log
        assert again.head("A").seq == 0
        with pytest.raises(StorageError, match="its schema 'rrm'"):
            PostgresStore.open(pg_address)
        made.close()
        again.close()

    def test_together(self, pg_address: str) -> None:
        """Eight threads that make the tables at once make one docket."""
        logs: list[str] = []

        def make(_: int) -> None:
            made = PostgresStore.open(pg_address, create=True)
            logs.append(made.log)
            made.close()

        assert many(8, make) == []
        assert len(logs) == 8
        assert len(set(logs)) == 1

    def test_ddl(self, pg_address: str) -> None:
        """The printed statements make the same tables, and running them again changes nothing."""
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute(ddl().encode())
            log = made.execute("SELECT log FROM rrm.meta").fetchone()
            made.execute(ddl().encode())
            assert made.execute("SELECT log FROM rrm.meta").fetchone() == log
        found = PostgresStore.open(pg_address)
        begin(found, "A")
        found.check()
        found.close()

    @pytest.mark.parametrize("schema", ["", "Rrm", "1a", "a-b", 'a"b', "a b", "é", "a" * 42, 7])
    def test_schema(self, schema: Any) -> None:
        """A schema is named by a plain identifier, and refused before anything is connected to."""
        with pytest.raises(EventError, match="name of a schema") as caught:
            ddl(schema)
        assert str(caught.value).endswith(f"found {schema if isinstance(schema, str) else 'int'!r}")
        with pytest.raises(EventError, match="name of a schema"):
            PostgresStore.open("postgresql://", schema=schema)

    def test_role(self) -> None:
        """The name of a role is quoted; an empty one is refused."""
        assert 'TO "a""; DROP TABLE x";' in ddl(app_role='a"; DROP TABLE x')
        with pytest.raises(EventError, match="app_role"):
            ddl(app_role="")

    def test_too_new(self, pg_address: str) -> None:
        """Tables of a later version are refused with the way to read them."""
        with psycopg.connect(pg_address) as made:
            made.execute(ddl().encode())
            made.execute("UPDATE rrm.meta SET version = 99")
        with pytest.raises(RecordTooNew, match=r"version 99.*later version"):
            PostgresStore.open(pg_address)

    def test_encoding(self, pg_server: Server) -> None:
        """A database that is not in UTF8 is refused."""
        with pytest.raises(StorageError, match="UTF8"):
            PostgresStore.open(pg_server.database("LATIN1"), create=True)

    def test_unreachable(self, tmp_path: Any) -> None:
        """A server that does not answer, and an address that is none, are told without the password."""
        with pytest.raises(StorageError, match="cannot be reached"):
            PostgresStore.open(f"postgresql://postgres@/x?host={tmp_path}")
        with pytest.raises(EventError, match="address") as told:
            PostgresStore.open("postgresql://me:secret@[")
        assert "secret" not in str(told.value)
        assert told.value.__cause__ is None

    def test_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without psycopg, the extra is named; the statements are given all the same."""
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(MissingExtra, match=r"rrm-lifecycle\[postgres\]"):
            PostgresStore.open("postgresql://")
        assert "CREATE TABLE" in ddl()

    def test_closed(self, pg_store: PostgresStore) -> None:
        """A store that was closed says so."""
        pg_store.close()
        with pytest.raises(StorageError, match="closed"):
            pg_store.head("A")


class TestTables:
    """The database itself refuses what breaks a record, and the role of an application may only add."""

    def test_stays(self, pg_address: str, pg_store: PostgresStore) -> None:
        """Even the owner changes, removes and empties nothing while the triggers stand."""
        note(pg_store, begin(pg_store, "A"))
        pg_store.number()
        with psycopg.connect(pg_address, autocommit=True) as made:
            for statement in (
                "UPDATE rrm.entry SET case_id = 'B'",
                "DELETE FROM rrm.entry WHERE seq = 1",
                "TRUNCATE rrm.entry CASCADE",
                "UPDATE rrm.numbered SET idx = idx + 10",
                "DELETE FROM rrm.numbered",
                "TRUNCATE rrm.numbered",
            ):
                with pytest.raises(psycopg.Error, match="never changed"):
                    made.execute(statement)
        assert pg_store.head("A").seq == 1

    def test_refused(self, pg_address: str, pg_store: PostgresStore) -> None:
        """A gap, a dangling link, a second entry under one number and a hash of other bytes are refused."""
        note(pg_store, begin(pg_store, "A"))
        insert = (
            "INSERT INTO rrm.entry (case_key, seq, prev_seq, prev, hash, case_id, body) SELECT 'a', {} FROM rrm.entry"
        )
        with psycopg.connect(pg_address, autocommit=True) as made:
            for values, error in (
                ("3, 2, hash, hash, case_id, body", psycopg.errors.ForeignKeyViolation),
                ("2, 1, prev, hash, case_id, body", psycopg.errors.ForeignKeyViolation),
                ("2, 0, hash, hash, case_id, body", psycopg.errors.CheckViolation),
                ("2, NULL, NULL, hash, case_id, body", psycopg.errors.CheckViolation),
                ("1, 0, prev, hash, case_id, body", psycopg.errors.UniqueViolation),
                ("2, 1, hash, hash, case_id, body || 'x'", psycopg.errors.CheckViolation),
            ):
                with pytest.raises(error):
                    made.execute((insert.format(values) + " WHERE seq = 1").encode())

    def test_app_role(self, pg_address: str) -> None:
        """A role with the granted rights appends, numbers and erases, and may neither change nor remove."""
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute("DROP ROLE IF EXISTS clerk")
            made.execute("CREATE ROLE clerk LOGIN")
            made.execute(ddl(app_role="clerk").encode())
        as_clerk = pg_address.replace("postgres@", "clerk@")
        mine = PostgresStore.open(as_clerk, create=True)
        first = note(mine, begin(mine, "A"), sealed("a name"), once="m-1")
        assert [one.value for _, one in mine.secrets("A")] == ["a name"]
        place = first.secrets[0].place
        mine.append([Draft(Erasure("A", 1, place, "asked"))], after=Head.of(first), case=Case.start("A"))
        assert mine.secrets("A") == ()
        assert mine.number() == 3
        mine.restand(mine.standing("a") or pytest.fail("no row"))
        with psycopg.connect(as_clerk, autocommit=True) as made:
            for table in ("entry", "numbered", "once", "meta", "current"):
                for what in ("DELETE FROM", "TRUNCATE", "ALTER TABLE {} DISABLE TRIGGER ALL;"):
                    statement = what.format(f"rrm.{table}") if "{}" in what else f"{what} rrm.{table}"
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        made.execute(statement.encode())
            for column, table in (("seq", "entry"), ("idx", "numbered"), ("seq", "once"), ("place", "sealed")):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    made.execute(f"UPDATE rrm.{table} SET {column} = {column}".encode())  # noqa: S608 - from above
        mine.close()

    def test_no_right(self, pg_address: str, pg_store: PostgresStore) -> None:
        """A role that may only read is told what is missing, and how it is granted."""
        head = begin(pg_store, "A")
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute("DROP ROLE IF EXISTS reader")
            made.execute("CREATE ROLE reader LOGIN")
            with pytest.raises(ReadOnlyStore, match="app_role"):
                PostgresStore.open(pg_address.replace("postgres@", "reader@"))
            made.execute("GRANT USAGE ON SCHEMA rrm TO reader")
            made.execute("GRANT SELECT ON ALL TABLES IN SCHEMA rrm TO reader")
        mine = PostgresStore.open(pg_address.replace("postgres@", "reader@"))
        assert mine.head("A") == head
        with pytest.raises(ReadOnlyStore, match=r"lacks a right \(permission denied for table"):
            note(mine, head)
        mine.close()

    def test_check(self, pg_address: str, pg_store: PostgresStore) -> None:
        """What the owner took away, and what was removed behind it, is found."""
        note(pg_store, begin(pg_store, "A"))
        pg_store.number()
        pg_store.check()
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute("ALTER TABLE rrm.entry DISABLE TRIGGER entry_stays")
            with pytest.raises(RecordDamaged, match="entry_stays"):
                pg_store.check()
            made.execute("ALTER TABLE rrm.entry ENABLE TRIGGER entry_stays")
            made.execute("SET session_replication_role = replica")
            made.execute("DELETE FROM rrm.numbered WHERE idx = 0")
            with pytest.raises(RecordDamaged, match="1 have one of 2 places"):
                pg_store.check()
            made.execute("DELETE FROM rrm.numbered")
            with pytest.raises(RecordDamaged, match="of 2 entries"):
                pg_store.check()
            made.execute("ALTER TABLE rrm.entry DROP CONSTRAINT entry_hashed")
        with pytest.raises(RecordDamaged, match="entry_hashed"):
            pg_store.check()

    def test_altered(self, pg_address: str, pg_store: PostgresStore) -> None:
        """Bytes that an owner changed, and rows that were moved, are not read as entries."""
        note(pg_store, begin(pg_store, "A"))
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute("SET session_replication_role = replica")
            made.execute("ALTER TABLE rrm.entry DROP CONSTRAINT entry_hashed")
            made.execute("UPDATE rrm.entry SET body = replace(encode(body, 'escape'), 'x', 'y')::bytea WHERE seq = 1")
            with pytest.raises(RecordDamaged, match="altered"):
                pg_store.read("A")
            made.execute("DELETE FROM rrm.entry WHERE seq = 0")
        with pytest.raises(RecordDamaged, match="has to follow"):
            pg_store.read("A")

    def test_backup(self, pg_store: PostgresStore) -> None:
        """A copy is the work of PostgreSQL's own tools, which are named."""
        with pytest.raises(StorageError, match="pg_dump --schema=rrm"):
            pg_store.backup("copy.sql")


class TestRestore:
    """A copy that PostgreSQL's own tools made is a docket."""

    def test_dump(self, pg_server: Server, pg_address: str, pg_store: PostgresStore) -> None:
        """What ``pg_dump`` wrote and ``psql`` read holds the same entries under the same guards, and goes on."""
        first = note(pg_store, begin(pg_store, "A"), sealed("a name"), once="m-1")
        pg_store.number()
        note(pg_store, Head.of(first))
        target = pg_server.database()
        copy = pg_server.folder / "copy.sql"
        dump: list[str | Path] = [pg_server.binaries / "pg_dump", "--schema=rrm", f"--file={copy}", pg_address]
        restore: list[str | Path] = [pg_server.binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", copy, target]
        for command in (dump, restore):
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - tools of the server
        copied = PostgresStore.open(target)
        assert copied.log == pg_store.log
        assert copied.read("A") == pg_store.read("A")
        assert copied.secrets("A") == pg_store.secrets("A")
        assert (copied.once("A", "m-1"), copied.standing("A")) == (1, pg_store.standing("A"))
        note(copied, copied.head("A"))
        begin(copied, "B")
        assert copied.number() == 5
        assert verify(copied.in_order()).entries == 5
        copied.check()
        copied.close()


class TestErrors:
    """No error of the driver reaches a caller, and the next call works again."""

    def test_broken(self, pg_address: str, pg_store: PostgresStore) -> None:
        """A connection that was cut is told once, and opened anew by the next call."""
        head = begin(pg_store, "A")
        with psycopg.connect(pg_address, autocommit=True) as made:
            made.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rrm-lifecycle'"
            )
        with pytest.raises(StorageError, match="went away"):
            pg_store.head("A")
        assert pg_store.head("A") == head
        assert note(pg_store, head).seq == 1

    def test_read_only(self, pg_address: str, pg_store: PostgresStore) -> None:
        """Where transactions only read, reading works, and writing is refused."""
        head = begin(pg_store, "A")
        mine = PostgresStore.open(pg_address + "&options=-cdefault_transaction_read_only%3Don")
        assert mine.read("A")[0].hash == head.hash
        for write in (lambda: note(mine, head), mine.number):
            with pytest.raises(ReadOnlyStore, match="can be read and not written"):
                write()
        mine.close()

    def test_busy(self, pg_address: str, pg_store: PostgresStore) -> None:
        """A writer that waits for a lock for too long, or takes too long, is told."""
        head = begin(pg_store, "A")
        with psycopg.connect(pg_address) as made:
            made.execute("LOCK TABLE rrm.entry")
            for option in ("lock_timeout", "statement_timeout"):
                mine = PostgresStore.open(f"{pg_address}&options=-c{option}%3D50")
                with pytest.raises(StorageBusy, match="try again"):
                    note(mine, head)
                mine.close()
        assert note(pg_store, head).seq == 1

    def test_odd_ids(self, pg_store: PostgresStore) -> None:
        """What can be no id is not held, whatever it is."""
        begin(pg_store, "SLP-2024-01")
        odd: list[Any] = ["a\0b", "\ud800", "", "%s", "x" * 10_000, 7, None]
        for one in odd:
            with pytest.raises(UnknownCase):
                pg_store.read(one)
        assert pg_store.standing("\0") is None
        with pytest.raises(UnknownCase, match="is 'SLP-2024-01' meant"):
            pg_store.head("SLP-2024-1")

    def test_fork(self, pg_address: str, pg_store: PostgresStore) -> None:
        """A child of a fork opens connections of its own, and its parent goes on."""
        code = """
import os, sys
from rrm_lifecycle.record.storage.postgres import PostgresStore
from tests.record.postgres_work import begin
store = PostgresStore.open(sys.argv[1])
begin(store, "parent-1")
child = os.fork()
if child == 0:
    begin(store, "child")
    store.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
begin(store, "parent-2")
store.close()
print("done")
"""
        assert run_python(code, pg_address) == "done"
        assert sorted(one.case_id for one in pg_store.heads()) == ["child", "parent-1", "parent-2"]

    def test_threads(self, pg_address: str, pg_store: PostgresStore) -> None:
        """Threads share a store; few connections are kept once they have ended."""
        assert many(20, lambda number: begin(pg_store, f"case-{number}")) == []
        kept = 20
        with psycopg.connect(pg_address, autocommit=True) as made:
            for _ in range(100):  # the server takes a moment to let go of those that were closed
                row = made.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rrm-lifecycle'"
                ).fetchone()
                kept = row[0] if row else kept
                if kept <= 8:
                    break
                sleep(0.05)
        assert kept <= 8


def test_errors_are_ours(pg_store: PostgresStore) -> None:
    """The error that stands between the store and the tables never leaves: all that a caller sees is in ``errors``."""
    head = begin(pg_store, "A")
    note(pg_store, head)
    with pytest.raises(RRMError) as told:
        note(pg_store, head)
    assert type(told.value).__module__ == "rrm_lifecycle.errors"


def test_note(pg_store: PostgresStore) -> None:
    """What is kept with an entry comes back as it was filed."""
    head = begin(pg_store, "A")
    draft = Draft(Remark("A", "Útil ñ 工場", DAY), Note.of("clerk-1", "https://example.org"))
    filed = pg_store.append([draft, draft], after=head, case=Case.start("A"))
    assert pg_store.read("A", 1) == filed
