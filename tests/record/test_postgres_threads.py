"""Several threads on one docket in PostgreSQL, round by round: the machine of :mod:`tests.reliability.threads`."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from rrm_lifecycle.record.docket import Docket
from tests.record.postgres_server import Server
from tests.reliability.threads import ROUNDS, Threads
from tests.reliability.work import sized

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'rrm-lifecycle[postgres]'")

FEWER: Final = settings(ROUNDS, max_examples=sized(3, 60), stateful_step_count=3)
"""A call to a server takes longer than one to a file."""


def test_threads(pg_server: Server) -> None:
    """Nothing is lost and nothing is there twice; numbers have no gap; every error is a loss or a refusal."""

    class OnServer(Threads):
        """Threads on a docket in a database of its own."""

        def opened(self) -> Docket:
            """Return an empty docket in a new database."""
            self._address = pg_server.database()
            return Docket.open(self._address, create=True)

        def again(self) -> Docket:
            """Return the docket in the database."""
            return Docket.open(self._address)

    run_state_machine_as_test(OnServer, settings=FEWER)
