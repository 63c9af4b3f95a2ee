"""R3: the PostgreSQL server is killed under four writers, again and again, and nothing that was acknowledged is lost.

Three kills in a usual run; ten under ``RRM_LARGE=1``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from threading import Event, Thread
from time import sleep

import pytest

from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, StorageError
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.storage.postgres import PostgresStore
from rrm_lifecycle.record.storage.stores import Head
from tests.record.postgres_server import SERVERS, Server, new_server
from tests.record.postgres_work import begin, note

KILLS = 10 if os.environ.get("RRM_LARGE") == "1" else 3
WRITERS = 4


@pytest.fixture(params=SERVERS)
def killed(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of this test's own, since it is going to be killed."""
    server = new_server(request.param)
    yield server
    server.stop()


class Writer(Thread):
    """One that appends to one case until it is told to stop, and goes on behind the head that it finds after a failure."""

    def __init__(self, address: str, number: int, stop: Event) -> None:
        super().__init__()
        self.acknowledged: set[tuple[str, int, str]] = set()
        self.failures = 0
        self.raised: BaseException | None = None
        self._case_id, self._stop_event = f"case-{number}", stop
        self._store = PostgresStore.open(address)
        self._head: Head | None = begin(self._store, self._case_id)

    def run(self) -> None:
        """Append until the end; whatever is not a typed error is kept for the test."""
        try:
            while not self._stop_event.is_set():
                self._one()
        except BaseException as error:  # noqa: BLE001 - every error is told
            self.raised = error
        finally:
            self._store.close()

    def _one(self) -> None:
        try:
            if self._head is None:
                self._head = self._store.head(self._case_id)
            filed = note(self._store, self._head)
        except (StorageError, ConcurrencyConflict, DuplicateCase):
            self.failures += 1
            self._head = None
            sleep(0.01)
        else:
            self.acknowledged.add((filed.case_id, filed.seq, filed.hash))
            self._head = Head.of(filed)


class TestKills:
    """What a writer was told is filed is there after the server was killed, and the record verifies."""

    def test_kills(self, killed: Server) -> None:
        """After each kill all acknowledged entries are held, chains and places hold, and the writers have gone on."""
        address = killed.database()
        PostgresStore.open(address, create=True).close()
        stop, chance = Event(), Random(3)
        writers = [Writer(address, number, stop) for number in range(WRITERS)]
        for one in writers:
            one.start()
        reader = PostgresStore.open(address)
        try:
            for _ in range(KILLS):
                before = sum(len(one.acknowledged) for one in writers)
                sleep(0.2 + chance.random() * 0.5)
                acknowledged = [set(one.acknowledged) for one in writers]
                killed.kill()
                killed.start()
                reader.close()
                reader = PostgresStore.open(address)
                assert sum(map(len, acknowledged)) > before
                for number, told in enumerate(acknowledged):
                    held = {(one.case_id, one.seq, one.hash) for one in reader.read(f"case-{number}")}
                    assert told <= held
                assert reader.number() > before
                reader.check()
        finally:
            stop.set()
            for one in writers:
                one.join()
        assert [one.raised for one in writers] == [None] * WRITERS
        assert sum(one.failures for one in writers) >= KILLS
        entries = reader.number()
        order = list(reader.in_order())
        assert verify(order).entries == entries == len(order)
        held = {(one.case_id, one.seq, one.hash) for one in order}
        for one in writers:
            assert one.acknowledged <= held
        reader.close()
