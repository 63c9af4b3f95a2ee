"""The store in memory: it alone files, and two writers are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, UnknownCase
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.stores import Head, MemoryStore, Store

PLANT = CoveredFacility("Planta", country="MX", sector="mining", goods_traded=True)
NOON = datetime(2024, 4, 1, 12, tzinfo=UTC)


def request(case: Case) -> Entry:
    """Return the entry of a request for review."""
    entry = decide(case, did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis="x"))
    assert isinstance(entry, Entry)
    return entry


class TestAppend:
    """An entry is filed at the end of its case, under the number that its writer expects."""

    def test_chain(self) -> None:
        """Each entry links to the one before, and names the log."""
        store: Store = MemoryStore(log="log-1")
        case = Case.start("A")
        first = store.append(case.opening, expected=0)
        second = store.append(request(case), expected=1)
        assert (first.prev, second.prev, second.seq, second.log) == (None, first.hash, 1, "log-1")
        assert store.read("a") == (first, second) == tuple(store.in_order())
        assert store.read("A", 1) == (second,)
        assert store.head("A") == Head("A", 1, second.hash)
        assert verify(store.in_order()).heads == {"A": second.hash}

    def test_expected(self) -> None:
        """The writer that does not know the last entry is told, and nothing is written."""
        store = MemoryStore()
        case = Case.start("A")
        store.append(case.opening, expected=0)
        store.append(request(case), expected=1)
        for expected in (1, 3):
            with pytest.raises(ConcurrencyConflict, match=r"case A has moved on: .*docket\.case\('A'\)"):
                store.append(request(case), expected=expected)
        assert store.head("A").seq == 1

    def test_one_id(self) -> None:
        """Ids that differ in letter case alone are one id."""
        store = MemoryStore()
        store.append(Case.start("Slp-1").opening, expected=0)
        with pytest.raises(DuplicateCase, match="Slp-1 is held already"):
            store.append(Case.start("SLP-1").opening, expected=0)

    def test_unknown(self) -> None:
        """A case that is not held is named with near ids."""
        store = MemoryStore()
        store.append(Case.start("SLP-2024-01").opening, expected=0)
        for ask in (store.head, store.read):
            with pytest.raises(UnknownCase, match="is 'SLP-2024-01' meant"):
                ask("SLP-2024-1")
        with pytest.raises(UnknownCase, match="it holds 1 cases"):
            store.append(request(Case.start("zzz")), expected=1)

    def test_names(self) -> None:
        """Two stores have two logs; a name that cannot be used is refused."""
        assert MemoryStore().log != MemoryStore().log
        with pytest.raises(EventError, match="name of a log"):
            MemoryStore(log="a b")


class TestClock:
    """The moment of recording never goes back; what the clock said is kept where it did."""

    @pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(1), timedelta(3650)])
    def test_back(self, back: timedelta) -> None:
        """A clock that is set back moves nothing, and is kept."""
        ticks: Iterator[datetime] = iter([NOON, NOON - back, NOON + timedelta(microseconds=1)])
        store = MemoryStore(clock=lambda: next(ticks))
        first = store.append(Case.start("A").opening, expected=0)
        second = store.append(request(Case.start("A")), expected=1)
        third = store.append(Case.start("B").opening, expected=0)
        assert (first.recorded, first.clock) == (NOON, None)
        assert (second.recorded, second.clock) == (NOON, NOON - back)
        assert (third.recorded, third.clock) == (NOON + timedelta(microseconds=1), None)
        assert verify(store.in_order()).entries == 3

    def test_utc(self) -> None:
        """A clock that gives no UTC is refused before anything is kept."""
        store = MemoryStore(clock=lambda: datetime(2024, 4, 1))  # noqa: DTZ001 - wrong on purpose
        with pytest.raises(EventError, match="UTC"):
            store.append(Case.start("A").opening, expected=0)
        assert store.heads() == ()


class TestThreads:
    """Many threads race for one number: one is filed, the others are told."""

    def test_race(self) -> None:
        """Of eight threads that file entry 1 of fifty cases, exactly one wins each."""
        store = MemoryStore()
        cases = [Case.start(f"case-{number}") for number in range(50)]
        for case in cases:
            store.append(case.opening, expected=0)
        barrier, lost, won = Barrier(8), [], []

        def write() -> None:
            barrier.wait()
            for case in cases:
                try:
                    won.append(store.append(request(case), expected=1))
                except ConcurrencyConflict:
                    lost.append(case.id)

        threads = [Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(one.case_id for one in won) == sorted(case.id for case in cases)
        assert len(lost) == 7 * 50
        found = verify(store.in_order())
        assert (found.entries, found.cases) == (100, 50)
