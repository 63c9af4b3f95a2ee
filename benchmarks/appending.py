"""Appends through SQLAlchemy, which many would take: its Core and its ORM, against a bare insert and our store.

All write the same bodies to real files with the same journal and the same settings: set TMPDIR to the disk that is to be
measured.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import new_class
from typing import Any, Final

from benchmarks.dockets import Course
from benchmarks.harness import Contender, Figure, race
from benchmarks.storing import appender, bare_connection
from rrm_lifecycle.record.storage.sqlite import SqliteStore

MANY: Final = 100
"""Acts in a large commit."""
_COLUMNS: Final = "id INTEGER PRIMARY KEY, case_id TEXT, seq INTEGER, body BLOB"
BARE: Final = "hashes, keys, guards"
"""What the others are without."""


def missing() -> list[str]:
    """Return which libraries are not installed."""
    return [name for name, module in (("SQLAlchemy", "sqlalchemy"), ("eventsourcing", "eventsourcing"))
            if not find_spec(module)]  # fmt: skip


# ---- ways to append --------------------------------------------------------------------------------------------------
def _rows(many: int) -> Callable[[], list[dict[str, Any]]]:
    """Return what gives the rows of a commit, numbered on and on."""
    body, turn = Course.of("bare").median, count()
    return lambda: [{"case_id": "bare", "seq": next(turn), "body": body} for _ in range(many)]


def _bare(path: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    connection = stack.enter_context(closing(bare_connection(path)))
    connection.execute(f"CREATE TABLE entry ({_COLUMNS})")
    run, rows = connection.cursor().execute, _rows(many)

    def insert() -> None:
        run("BEGIN IMMEDIATE")
        for row in rows():
            run("INSERT INTO entry (case_id, seq, body) VALUES (:case_id, :seq, :body)", row)
        run("COMMIT")

    return insert


def _ours(path: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    return appender(stack.enter_context(closing(SqliteStore(path))), "A", many)


def _engine(path: Path, stack: ExitStack) -> Any:  # noqa: ANN401 - of SQLAlchemy
    """Return an engine on the same settings, which leaves the beginning of a transaction to us, as its pages advise."""
    library: Any = import_module("sqlalchemy")
    engine = library.create_engine("sqlite://", creator=partial(bare_connection, path))
    library.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    stack.callback(engine.dispose)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE entry ({_COLUMNS})")
    return engine


def core_on(engine: Any, many: int) -> Callable[[], None]:  # noqa: ANN401 - of SQLAlchemy
    """Return what inserts that many rows a transaction by SQLAlchemy's Core, into a table ``entry`` that is there."""
    library: Any = import_module("sqlalchemy")
    rows = _rows(many)
    statement = library.Table("entry", library.MetaData(), autoload_with=engine).insert()

    def insert() -> None:
        with engine.begin() as connection:
            connection.execute(statement, rows())

    return insert


def orm_on(engine: Any, many: int) -> Callable[[], None]:  # noqa: ANN401 - of SQLAlchemy
    """Return what inserts that many rows a transaction by SQLAlchemy's ORM, into a table ``entry`` that is there."""
    library: Any = import_module("sqlalchemy")
    orm: Any = import_module("sqlalchemy.orm")
    rows = _rows(many)
    base = new_class("Base", (orm.DeclarativeBase,))
    body = {
        "__module__": __name__,
        "__tablename__": "entry",
        "id": orm.mapped_column(library.Integer, primary_key=True),
        "case_id": orm.mapped_column(library.Text),
        "seq": orm.mapped_column(library.Integer),
        "body": orm.mapped_column(library.LargeBinary),
    }
    kept: Any = new_class("Kept", (base,), exec_body=lambda space: space.update(body))

    def insert() -> None:
        with orm.Session(engine) as session, session.begin():
            session.add_all([kept(**row) for row in rows()])

    return insert


def _core(path: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    return core_on(_engine(path, stack), many)


def _orm(path: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    return orm_on(_engine(path, stack), many)


def _events(path: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    library: Any = import_module("eventsourcing.sqlite")
    stored: Any = import_module("eventsourcing.persistence").StoredEvent
    datastore = library.SQLiteDatastore(str(path))
    stack.callback(datastore.close)
    recorder = library.SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    originator, rows = import_module("uuid").uuid4(), _rows(many)

    def insert() -> None:
        recorder.insert_events([stored(originator, row["seq"] + 1, "bench:Act", row["body"]) for row in rows()])

    return insert


# ---- suites ----------------------------------------------------------------------------------------------------------
def appends(rounds: int, many: int = 1) -> list[Figure]:
    """Measure durable appends to a file, in microseconds an act; the reference is a bare insert.

    Args:
        rounds: How many rounds.
        many: How many acts a commit has.
    """
    ways: list[tuple[str, Callable[[Path, int, ExitStack], Callable[[], None]], str]] = [
        ("sqlite3: a bare insert", _bare, BARE),
        ("ours: store.append", _ours, ""),
    ]
    if find_spec("sqlalchemy"):
        ways += [("SQLAlchemy Core", _core, BARE), ("SQLAlchemy ORM", _orm, BARE)]
    if find_spec("eventsourcing"):
        ways.append(("eventsourcing: its recorder, WAL", _events, BARE))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        several = [
            Contender(name, make(Path(folder, f"{number}.db"), many, stack), many, without)
            for number, (name, make, without) in enumerate(ways)
        ]
        return race(several, rounds=rounds)


def large(rounds: int) -> list[Figure]:
    """Measure the same with a hundred acts a commit."""
    return appends(rounds, MANY)
