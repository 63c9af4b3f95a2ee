"""The stores: durable appends, verification, opening one case of many, the agenda, and what each of four writers gets.

Everything is written to real files in a temporary folder: set TMPDIR to the disk that is to be measured.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from hashlib import sha256
from importlib.util import find_spec
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from benchmarks.dockets import TODAY, Course, chain_of, fill, opener
from benchmarks.harness import Contender, Figure, race
from benchmarks.lifecycle import ACTS
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.record.storage.sqlite_file import PRAGMAS
from rrm_lifecycle.record.storage.stores import Draft, Head, Store

_MANY: Final = 100
"""Acts in a large commit."""
_WRITERS: Final = 4
_WAIT: Final = 30.0


# ---- what is appended ------------------------------------------------------------------------------------------------
def appender(store: Store, case_id: str, many: int) -> Callable[[], None]:
    """Return what appends that many acts in a commit, behind those before; the acts of a course, over and over."""
    course = Course.of(case_id)
    opened = store.append([Draft(Case.start(case_id).opening)], after=None, case=Case.start(case_id))
    head, turn = [Head.of(opened[-1])], count()

    def append() -> None:
        first = next(turn) * many
        places = [(first + one) % len(course.drafts) for one in range(many)]
        filed = store.append([course.drafts[one] for one in places], after=head[0], case=course.cases[places[-1]])
        head[0] = Head.of(filed[-1])

    return append


def _bare_sqlite(connection: sqlite3.Connection, many: int) -> Callable[[], None]:
    """Return a bare insert of bodies that are there already: no hash, no index but the key, no guard."""
    body = Course.of("bare").median
    connection.execute(
        "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, case_id TEXT, seq INTEGER, body BLOB)"
    )
    turn, run = count(), connection.cursor().execute

    def insert() -> None:
        run("BEGIN IMMEDIATE")
        for _ in range(many):
            run("INSERT INTO entry (case_id, seq, body) VALUES (?, ?, ?)", ("bare", next(turn), body))
        run("COMMIT")

    return insert


def bare_connection(path: Path) -> sqlite3.Connection:
    """Return a connection with the journal and the settings that a docket has."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT)
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def _recorder(docket: Docket) -> Callable[[], None]:
    turn = count()

    def record() -> None:
        case = docket.start(f"door-{next(turn)}")
        for act in ACTS:
            case = docket.record(case, act)

    return record


def event_recorder(recorder: Any, many: int) -> Callable[[], None]:  # noqa: ANN401 - of eventsourcing
    """Return what inserts that many stored events, by a recorder of eventsourcing."""
    from eventsourcing.persistence import StoredEvent  # noqa: PLC0415 - where it is installed

    body, originator, version = Course.of("events").median, uuid4(), count(1)

    def insert() -> None:
        recorder.insert_events([StoredEvent(originator, next(version), "bench:Act", body) for _ in range(many)])

    return insert


# ---- appends ---------------------------------------------------------------------------------------------------------
def sqlite(rounds: int, many: int = 1) -> list[Figure]:
    """Measure durable appends to a file, in microseconds an act; the reference is a bare insert.

    Args:
        rounds: How many rounds.
        many: How many acts a commit has.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bare = stack.enter_context(closing(bare_connection(Path(folder, "bare.db"))))
        store = stack.enter_context(closing(SqliteStore(Path(folder, "ours.db"))))
        contenders = [
            Contender("sqlite3: a bare insert, the same journal", _bare_sqlite(bare, many), many),
            Contender("ours: store.append", appender(store, "A", many), many),
        ]
        if many == 1:
            docket = stack.enter_context(Docket.open(Path(folder, "door.db")))
            contenders.append(Contender("ours: Docket.record (decide, fold, append)", _recorder(docket), len(ACTS) + 1))
        if find_spec("eventsourcing"):
            from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore  # noqa: PLC0415 - as above

            datastore = SQLiteDatastore(str(Path(folder, "events.db")))
            stack.callback(datastore.close)
            recorder = SQLiteApplicationRecorder(datastore)
            recorder.create_table()
            contenders.append(Contender("eventsourcing: its recorder (WAL)", event_recorder(recorder, many), many))
        return race(contenders, rounds=rounds)


def large(rounds: int) -> list[Figure]:
    """Measure the same with a hundred acts a commit."""
    return sqlite(rounds, _MANY)


# ---- looking ---------------------------------------------------------------------------------------------------------
def verification(rounds: int, cases: int = 60) -> list[Figure]:
    """Measure the verification of a whole docket in a file, in microseconds an entry."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "docket.db")
        entries = fill(path, cases)
        bodies = [one.body for number in range(cases) for one in chain_of(f"case-{number}", len(ACTS))[0]]
        with Docket.open(path, verify="no") as docket:

            def bare() -> None:
                for body in bodies:
                    sha256(body).digest()

            return race(
                [
                    Contender("a bare loop over SHA-256, bodies in memory", bare, entries),
                    Contender("Docket.verify: file, chains, log order, cases", docket.verify, entries),
                ],
                rounds=max(3, rounds // 3),
            )


def opening(rounds: int, sizes: tuple[int, ...] = (1_000, 10_000)) -> list[Figure]:
    """Measure the opening of a case of 50 entries, in microseconds, in dockets of more and more entries."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        contenders = []
        for size in sizes:
            path = Path(folder, f"{size}.db")
            held = fill(path, 1, remarks=49 - len(ACTS), name="wanted")
            held += fill(path, (size - held) // (len(ACTS) + 1))
            run, close = opener(path, "wanted-0")
            stack.callback(close)
            contenders.append(Contender(f"a case of 50 entries among {held:,}", run))
        return race(contenders, rounds=rounds)


def due(rounds: int, cases: int = 1_000) -> list[Figure]:
    """Measure the agenda over open cases, in microseconds a case."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "docket.db")
        fill(path, cases, acts=2)
        held = [chain_of(f"case-{number}", 2)[1] for number in range(cases)]
        with Docket.open(path, verify="no") as docket:
            return race(
                [
                    Contender("agenda of cases in memory", lambda: [agenda(one, TODAY) for one in held], cases),
                    Contender(f"Docket.agenda, {cases:,} open cases in a file", lambda: docket.agenda(TODAY), cases),
                ],
                rounds=max(3, rounds // 3),
            )


# ---- writers ---------------------------------------------------------------------------------------------------------
def _write(path: str, number: int, kind: str, seconds: float, gate: Any, told: Any) -> None:  # noqa: ANN401, PLR0913, PLR0917
    with ExitStack() as stack:
        if kind == "ours":
            append = appender(stack.enter_context(closing(SqliteStore(path))), f"writer-{number}", 1)
        else:
            append = _bare_sqlite(stack.enter_context(closing(bare_connection(Path(path)))), 1)
        gate.wait()
        done, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(sqlite3.OperationalError):  # a bare writer that waited in vain
                append()
                done += 1
        told.put(done)


def writers(seconds: float) -> tuple[str, dict[str, Any]]:
    """Return what each of four writing processes gets of the commits: the least, as a part of an even share."""
    rows = {}
    spawn = get_context("spawn")
    for kind in ("bare sqlite3, waiting for the lock", "ours, in a queue"):
        with tempfile.TemporaryDirectory() as folder:
            path, gate, told = str(Path(folder, "docket.db")), spawn.Barrier(_WRITERS), spawn.Queue()
            SqliteStore(path).close() if kind.startswith("ours") else bare_connection(Path(path)).close()
            args = (kind.partition(",")[0], seconds, gate, told)
            many = [spawn.Process(target=_write, args=(path, number, *args)) for number in range(_WRITERS)]
            for one in many:
                one.start()
            done = sorted(told.get(timeout=seconds + 2 * _WAIT) for _ in many)
            for one in many:
                one.join()
            rows[kind] = {
                "commits a second": sum(done) / seconds,
                "least of its share": done[0] * _WRITERS / max(1, sum(done)),
            }
    lines = [
        "### Four writing processes",
        "",
        "| contender | commits a second | least of its share |",
        "| --- | ---: | ---: |",
    ]
    lines += [
        f"| {kind} | {one['commits a second']:,.0f} | {one['least of its share']:.2f} |" for kind, one in rows.items()
    ]
    return "\n".join(lines), rows


def missing() -> list[str]:
    """Return what is not there to measure against."""
    return [] if find_spec("eventsourcing") else ["eventsourcing"]
