"""Writers in PostgreSQL: races, log order, the caller's transaction, pools and frameworks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from rrm_lifecycle.errors import (
    ConcurrencyConflict,
    DuplicateCase,
    EventError,
    StorageBusy,
    StorageError,
    UnknownCase,
)
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.storage import postgres
from rrm_lifecycle.record.storage.postgres import PostgresStore
from rrm_lifecycle.record.storage.stores import Head
from tests.record.postgres_server import Server
from tests.record.postgres_work import begin, many, note, run_python

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'rrm-lifecycle[postgres]'")


class TestRaces:
    """The constraints of the tables tell writers apart; each that loses gets a typed error."""

    def test_one_case(self, pg_store: PostgresStore) -> None:
        """Of sixteen threads that file behind one head, one wins, and fifteen are told."""
        head = begin(pg_store, "A")
        for number in range(5):
            lost = many(16, lambda _, head=head: note(pg_store, head))  # type: ignore[misc]
            assert [type(one) for one in lost] == [ConcurrencyConflict] * 15
            head = pg_store.head("A")
            assert head.seq == number + 1
        pg_store.number()
        assert verify(pg_store.in_order()).entries == 6

    def test_one_id(self, pg_store: PostgresStore) -> None:
        """Of eight threads that open a case under one id, one wins; letter case makes no other id."""
        lost = many(8, lambda number: begin(pg_store, "case" if number % 2 else "CASE"))
        assert [type(one) for one in lost] == [DuplicateCase] * 7

    def test_no_head(self, pg_store: PostgresStore) -> None:
        """What follows a head that is not held is refused: another hash, a later number, a case that is not there."""
        head = begin(pg_store, "A")
        for one in (Head("A", 0, "0" * 64), Head("A", 3, head.hash), Head("B", 0, head.hash)):
            with pytest.raises(ConcurrencyConflict, match="has moved on"):
                note(pg_store, one)
        assert pg_store.head("A") == head

    def test_key(self, pg_store: PostgresStore) -> None:
        """A key that a case holds already is refused by the tables, even to a writer that knows the head."""
        first = note(pg_store, begin(pg_store, "A"), once="m-1")
        with pytest.raises(ConcurrencyConflict, match="'m-1'"):
            note(pg_store, Head.of(first), once="m-1")
        assert (pg_store.once("a", "m-1"), pg_store.head("A").seq) == (1, 1)

    def test_numbering(self, pg_address: str, pg_store: PostgresStore) -> None:
        """While four writers append and two number, places stay without a gap and keep the order of each case."""
        counts: list[int] = []

        def work(number: int) -> None:
            mine = PostgresStore.open(pg_address)
            if number < 4:
                head = begin(mine, f"case-{number}")
                for _ in range(40):
                    head = Head.of(note(mine, head))
            else:
                counts.extend(mine.number() for _ in range(30))
            mine.close()

        assert many(6, work) == []
        assert pg_store.number() == 4 * 41
        assert max(counts) <= 4 * 41
        order = list(pg_store.in_order())
        assert verify(order).entries == 4 * 41
        assert [pg_store.place(one.case_id, one.seq) for one in order] == list(range(4 * 41))
        assert list(pg_store.hashes(10)) == [bytes.fromhex(one.hash) for one in order[10:]]
        assert list(pg_store.in_order(160)) == order[160:]
        pg_store.check()

    def test_places_stay(self, pg_store: PostgresStore) -> None:
        """Without numbering no entry has a place, and one that was given is never moved."""
        head = begin(pg_store, "b")
        assert (pg_store.place("b", 0), list(pg_store.in_order())) == (None, [])
        assert pg_store.number() == 1
        begin(pg_store, "a")
        assert pg_store.number() == 2
        note(pg_store, head)
        assert pg_store.number() == 3
        assert [(one.case_id, one.seq) for one in pg_store.in_order()] == [("b", 0), ("a", 0), ("b", 1)]

    def test_moved_on(self, pg_store: PostgresStore) -> None:
        """A writer that comes too late is told which entry its own was to be, and how many there are."""
        head = begin(pg_store, "a")
        note(pg_store, head)
        with pytest.raises(ConcurrencyConflict, match="this was to be entry 1, and the docket holds 2 entries"):
            note(pg_store, head)
        with pytest.raises(ConcurrencyConflict, match="this was to be entry 1, and the docket holds 0 entries"):
            note(pg_store, Head("z", 0, "f" * 64))

    @pytest.mark.parametrize("page", [1, 2, 3, 5, 6])
    def test_pages(self, pg_store: PostgresStore, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
        """However many rows are read at a time, each case and each entry is told once, in order."""
        monkeypatch.setattr(postgres, "PAGE", page)
        names = ["b", "a", "e", "d", "c"]
        heads = [begin(pg_store, name) for name in names]
        assert [one.case_id for one in islice(pg_store.standings(), 9)] == names
        assert list(islice(pg_store.heads(), 9)) == heads
        assert pg_store.number() == 5
        assert [one.case_id for one in islice(pg_store.in_order(), 9)] == names


class TestCallersTransaction:
    """On a connection of the caller's: both rows or neither, and never a commit of ours."""

    def test_commit(self, pg_store: PostgresStore, pg_connection: Any) -> None:
        """Rows of both are there once the caller commits, and not before."""
        mine = PostgresStore.on(pg_connection)
        pg_connection.execute("INSERT INTO mine VALUES (1)")
        head = begin(mine, "A")
        assert mine.head("A") == head
        with pytest.raises(UnknownCase):
            pg_store.head("A")
        pg_connection.commit()
        assert pg_store.head("A") == head
        assert pg_connection.execute("SELECT count(*) FROM mine").fetchone() == (1,)

    def test_rollback(self, pg_store: PostgresStore, pg_connection: Any) -> None:
        """Neither is there once the caller rolls back."""
        mine = PostgresStore.on(pg_connection)
        begin(mine, "A")
        pg_connection.execute("INSERT INTO mine VALUES (1)")
        pg_connection.rollback()
        assert list(pg_store.heads()) == []
        assert pg_connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)

    def test_first(self, pg_store: PostgresStore, pg_connection: Any) -> None:
        """The docket's write may be the first in a transaction: it is still the caller who ends it."""
        pg_connection.rollback()
        begin(PostgresStore.on(pg_connection), "A")
        pg_connection.rollback()
        assert list(pg_store.heads()) == []

    def test_usable(self, pg_store: PostgresStore, pg_connection: Any) -> None:
        """A lost race, an unknown case and a duplicate leave the transaction usable."""
        head = begin(pg_store, "A")
        note(pg_store, head)
        mine = PostgresStore.on(pg_connection)
        pg_connection.execute("INSERT INTO mine VALUES (1)")
        for refused, error in (
            (lambda: note(mine, head), ConcurrencyConflict),
            (lambda: begin(mine, "a"), DuplicateCase),
            (lambda: mine.read("B"), UnknownCase),
        ):
            with pytest.raises(error):
                refused()
        assert note(mine, mine.head("A")).seq == 2
        assert mine.number() == 3
        pg_connection.commit()
        assert pg_store.head("A").seq == 2
        assert pg_connection.execute("SELECT count(*) FROM mine").fetchone() == (1,)

    def test_block(self, pg_store: PostgresStore, pg_connection: Any) -> None:
        """In autocommit a docket reads; it writes inside a transaction that the caller opened, and else refuses."""
        pg_connection.rollback()
        pg_connection.autocommit = True
        mine = PostgresStore.on(pg_connection)
        with pytest.raises(StorageError, match=r"autocommit.*transaction"):
            begin(mine, "A")
        with pg_connection.transaction():
            begin(mine, "A")
        assert mine.head("A") == pg_store.head("A")
        with pg_connection.transaction(force_rollback=True):
            begin(mine, "B")
        assert [one.case_id for one in pg_store.heads()] == ["A"]

    @pytest.mark.parametrize("level", ["REPEATABLE_READ", "SERIALIZABLE"])
    def test_isolation(self, pg_store: PostgresStore, pg_connection: Any, level: str) -> None:
        """Under an old view of the tables a docket reads and does not write; the message says what to set."""
        head = begin(pg_store, "A")
        pg_connection.rollback()
        pg_connection.isolation_level = psycopg.IsolationLevel[level]
        mine = PostgresStore.on(pg_connection)
        assert mine.head("A") == head
        for write in (lambda: note(mine, head), mine.number):
            with pytest.raises(StorageError, match=f"{level.replace('_', ' ')}.*READ COMMITTED"):
                write()
        pg_connection.rollback()

    def test_failed(self, pg_connection: Any) -> None:
        """In a transaction that has failed, and on a closed connection, nothing is tried."""
        mine = PostgresStore.on(pg_connection)
        with pytest.raises(psycopg.Error):
            pg_connection.execute("SELECT 1 / 0")
        calls: list[Callable[[], object]] = [lambda: begin(mine, "A"), lambda: mine.head("A")]
        for call in calls:
            with pytest.raises(StorageError, match="roll it back"):
                call()
        pg_connection.rollback()
        begin(mine, "A")
        pg_connection.close()
        with pytest.raises(StorageError, match="closed"):
            mine.head("A")

    def test_settings(self, pg_connection: Any) -> None:
        """What the caller has set for its own rows changes nothing, and is not changed."""
        pg_connection.row_factory = psycopg.rows.dict_row
        pg_connection.cursor_factory = psycopg.ClientCursor
        mine = PostgresStore.on(pg_connection)
        head = begin(mine, "A")
        assert mine.head("A") == head
        assert mine.read("A")[0].hash == head.hash
        assert pg_connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}

    def test_kind(self) -> None:
        """Another thing than a connection of psycopg is refused, with where one is found."""
        other: Any = object()
        with pytest.raises(EventError, match="driver_connection"):
            PostgresStore.on(other)

    def test_no_tables(self, pg_address: str) -> None:
        """Without tables the error is typed, and the transaction goes on."""
        with psycopg.connect(pg_address) as made:
            with pytest.raises(StorageError, match="rrm schema postgresql"):
                PostgresStore.on(made)
            assert made.execute("SELECT 1").fetchone() == (1,)

    def test_close(self, pg_connection: Any) -> None:
        """The connection stays open: it is the caller's."""
        PostgresStore.on(pg_connection).close()
        assert pg_connection.execute("SELECT 1").fetchone() == (1,)


class TestPool:
    """A pool of connections is used as it is, and stays its owner's."""

    @pytest.mark.parametrize("autocommit", [True, False])
    def test_pool(self, pg_address: str, autocommit: bool) -> None:
        """Eight threads append through three connections, whichever way they commit."""
        pool_module = pytest.importorskip("psycopg_pool", reason="psycopg_pool is not installed")
        with pool_module.ConnectionPool(
            pg_address, min_size=1, max_size=3, kwargs={"autocommit": autocommit}, open=True
        ) as pool:
            store = PostgresStore.pool(pool, create=True)
            assert many(8, lambda number: note(store, begin(store, f"case-{number}"))) == []
            assert store.number() == 16
            with pytest.raises(ConcurrencyConflict):
                note(store, Head("case-1", 0, "0" * 64))
            store.close()
            with pool.connection() as made:
                assert made.execute("SELECT count(*) FROM rrm.entry").fetchone() == (16,)
        with pytest.raises(StorageError, match="pool"):
            store.head("case-1")

    def test_docket(self, pg_address: str) -> None:
        """A docket over a pool ends its own transactions: no entry waits for a commit of the caller's."""
        pool_module = pytest.importorskip("psycopg_pool", reason="psycopg_pool is not installed")
        with pool_module.ConnectionPool(pg_address, min_size=1, max_size=2, open=True) as pool:
            PostgresStore.pool(pool, create=True).close()
            docket = Docket.on(pool)
            docket.start("A")
            assert docket.pending() == ()
            with pool.connection() as other:
                assert other.execute("SELECT count(*) FROM rrm.entry").fetchone() == (1,)

    def test_none_free(self, pg_address: str) -> None:
        """A pool that gives no connection in time is told as busy."""
        pool_module = pytest.importorskip("psycopg_pool", reason="psycopg_pool is not installed")
        with pool_module.ConnectionPool(pg_address, min_size=1, max_size=1, timeout=0.2, open=True) as pool:
            store = PostgresStore.pool(pool, create=True)
            with pool.connection(), pytest.raises(StorageBusy, match="pool"):
                store.head("A")


DJANGO = """
import sys
import django
from django.conf import settings
host, name = sys.argv[1:]
settings.configure(USE_TZ=False, DATABASES={"default": {
    "ENGINE": "django.db.backends.postgresql", "HOST": host, "NAME": name, "USER": "postgres"}})
django.setup()
from django.db import connection, transaction
from rrm_lifecycle.record.storage.postgres import PostgresStore
from tests.record.postgres_work import begin, note
connection.ensure_connection()
store = PostgresStore.on(connection.connection)

def both(number):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO mine VALUES (%s)", [number])
    return note(store, begin(store, f"case-{number}"))

with transaction.atomic():
    kept = both(1)
try:
    with transaction.atomic():
        both(2)
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
with transaction.atomic():
    both(3)
    try:
        with transaction.atomic():
            both(4)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
assert store.read("case-1")[1] == kept
with connection.cursor() as cursor:
    cursor.execute("SELECT id FROM mine ORDER BY id")
    print([one for one, in cursor.fetchall()], [one.case_id for one in store.heads()])
connection.close()
"""


class TestFrameworks:
    """The transactions of Django and SQLAlchemy hold both rows or neither."""

    def test_django(self, pg_server: Server, pg_address: str, pg_connection: Any) -> None:
        """What ``transaction.atomic()`` commits is there, and what it rolls back is not, nested or not."""
        pytest.importorskip("django", reason="django is not installed")
        pg_connection.rollback()
        name = pg_address.split("/")[3].split("?", maxsplit=1)[0]
        assert run_python(DJANGO, str(pg_server.folder), name) == "[1, 3] ['case-1', 'case-3']"

    def test_sqlalchemy(self, pg_address: str, pg_store: PostgresStore, pg_connection: Any) -> None:
        """A connection of SQLAlchemy lends the driver's own; its transaction holds both."""
        sqlalchemy = pytest.importorskip("sqlalchemy", reason="sqlalchemy is not installed")
        engine = sqlalchemy.create_engine(pg_address.replace("postgresql:", "postgresql+psycopg:"))
        insert = sqlalchemy.text("INSERT INTO mine VALUES (:id)")
        with engine.connect() as made:
            for number, keep in ((1, True), (2, False)):
                with made.begin() as transaction:
                    made.execute(insert, {"id": number})
                    begin(PostgresStore.on(made.connection.driver_connection), f"case-{number}")
                    if not keep:
                        transaction.rollback()
        engine.dispose()
        assert [one.case_id for one in pg_store.heads()] == ["case-1"]
        assert pg_connection.execute("SELECT id FROM mine").fetchall() == [(1,)]
