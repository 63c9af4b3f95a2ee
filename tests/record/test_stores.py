"""The store in memory: it alone files, and two writers are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, RecordDamaged, UnknownCase
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.record.filed import Filed
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.sql import head_of_row, moment_of, standing_of_row
from rrm_lifecycle.record.storage.stores import Draft, Head, Store

PLANT = CoveredFacility("Planta", country="MX", sector="mining", goods_traded=True)
NOON = datetime(2024, 4, 1, 12, tzinfo=UTC)


def request(case: Case) -> Entry:
    """Return the entry of a request for review."""
    entry = decide(case, did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("LFT",), basis="x"))
    assert isinstance(entry, Entry)
    return entry


def opened(store: Store, case_id: str) -> Filed:
    """File the opening of a case, and return it as it is kept."""
    case = Case.start(case_id)
    return store.append([Draft(case.opening)], after=None, case=case)[0]


def asked(store: Store, case_id: str, after: Filed) -> Filed:
    """File a request for review behind an entry, and return it as it is kept."""
    case = Case.start(case_id)
    entry = request(case)
    return store.append([Draft(entry)], after=Head.of(after), case=evolve(case, entry))[0]


class TestAppend:
    """An entry is filed at the end of its case, behind the head that its writer knows."""

    def test_chain(self) -> None:
        """Each entry links to the one before, and names the log."""
        store: Store = MemoryStore(log="log-1")
        first = opened(store, "A")
        second = asked(store, "A", first)
        assert (first.prev, second.prev, second.seq, second.log) == (None, first.hash, 1, "log-1")
        assert store.read("a") == (first, second) == tuple(store.in_order())
        assert store.read("A", 1) == (second,)
        assert store.head("A") == Head("A", 1, second.hash, "log-1", second.recorded) == Head.of(second)
        assert list(store.heads()) == [Head.of(second)]
        assert verify(store.in_order()).heads == {"A": second.hash}

    def test_several(self) -> None:
        """Several are filed in one go, linked to one another; the key is kept with the first of them."""
        store = MemoryStore()
        first = opened(store, "A")
        case = evolve(Case.start("A"), request(Case.start("A")))
        drafts = [Draft(request(Case.start("A"))), Draft(Remark("A", "a word", date(2024, 4, 2)))]
        second, third = store.append(drafts, after=Head.of(first), case=case, once="k")
        assert (second.seq, third.seq, third.prev) == (1, 2, second.hash)
        assert (store.once("a", "k"), store.once("a", "l"), store.once("b", "k")) == (1, None, None)
        assert [store.place("A", seq) for seq in range(4)] == [0, 1, 2, None]
        assert store.number() == 3

    def test_stale_head(self) -> None:
        """The writer that does not know the last entry is told, and nothing is written."""
        store = MemoryStore()
        first = opened(store, "A")
        second = asked(store, "A", first)
        for after in (first, changed(second, hash="0" * 64), changed(second, seq=2, hash="1" * 64)):
            says = rf"to be entry {after.seq + 1}, and the docket holds 2 entries\. .*docket\.case\('A'\)"
            with pytest.raises(ConcurrencyConflict, match=rf"case A has moved on: this was {says}"):
                asked(store, "A", after)
        with pytest.raises(ConcurrencyConflict, match="to be entry 2, and the docket holds 0 entries"):
            asked(store, "B", changed(second, entry=changed(second.entry, case_id="B")))
        assert store.head("A").seq == 1

    def test_one_id(self) -> None:
        """Ids that differ in letter case alone are one id."""
        store = MemoryStore()
        opened(store, "Slp-1")
        with pytest.raises(DuplicateCase, match="Slp-1 is held already"):
            opened(store, "SLP-1")

    def test_unknown(self) -> None:
        """A case that is not held is named with near ids; nothing is filed behind the head of a case that is not held."""
        store = MemoryStore()
        first = opened(store, "SLP-2024-01")
        for ask in (store.head, store.read):
            with pytest.raises(UnknownCase, match="is 'SLP-2024-01' meant"):
                ask("SLP-2024-1")
        with pytest.raises(UnknownCase, match="it holds 1 cases"):
            store.head("zzz")
        with pytest.raises(ConcurrencyConflict, match="holds 0 entries"):
            store.append([Draft(request(Case.start("zzz")))], after=Head("zzz", 0, first.hash), case=Case.start("zzz"))
        assert store.number() == 1

    def test_names(self) -> None:
        """Two stores have two logs; a name that cannot be used is refused."""
        assert MemoryStore().log != MemoryStore().log
        with pytest.raises(EventError, match="name of a log"):
            MemoryStore(log="a b")


class TestRows:
    """What a row of a database holds is told in short where it cannot be read, since anything may stand there."""

    def test_short(self) -> None:
        """Of a name 80 characters are told, of a moment 40."""
        for ask, says in (
            (lambda: head_of_row(("A" * 999, 0, "0" * 64, b"none")), "A" * 80),
            (lambda: standing_of_row(("A" * 999, "nowhere", *[None] * 8)), "A" * 80),
            (lambda: moment_of("A" * 999), "A" * 40),
        ):
            with pytest.raises(RecordDamaged, match="cannot be read") as caught:
                ask()
            assert re.findall("A+", str(caught.value)) == [says]


class TestClock:
    """The moment of recording never goes back; what the clock said is kept where it did."""

    @pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(1), timedelta(3650)])
    def test_back(self, back: timedelta) -> None:
        """A clock that is set back moves nothing, and is kept."""
        ticks: Iterator[datetime] = iter([NOON, NOON - back, NOON + timedelta(microseconds=1)])
        store = MemoryStore(clock=lambda: next(ticks))
        first = opened(store, "A")
        second = asked(store, "A", first)
        third = opened(store, "B")
        assert (first.recorded, first.clock) == (NOON, None)
        assert (second.recorded, second.clock) == (NOON, NOON - back)
        assert (third.recorded, third.clock) == (NOON + timedelta(microseconds=1), None)
        assert verify(store.in_order()).entries == 3

    def test_utc(self) -> None:
        """A clock that gives no UTC is refused before anything is kept."""
        store = MemoryStore(clock=lambda: datetime(2024, 4, 1))  # noqa: DTZ001 - wrong on purpose
        with pytest.raises(EventError, match="UTC"):
            opened(store, "A")
        assert list(store.heads()) == []


class TestThreads:
    """Many threads race for one number: one is filed, the others are told."""

    def test_race(self) -> None:
        """Of eight threads that file entry 1 of fifty cases, exactly one wins each."""
        store = MemoryStore()
        openings = [opened(store, f"case-{number}") for number in range(50)]
        barrier, lost, won = Barrier(8), [], []

        def write() -> None:
            barrier.wait()
            for one in openings:
                try:
                    won.append(asked(store, one.case_id, one))
                except ConcurrencyConflict:
                    lost.append(one.case_id)

        threads = [Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(one.case_id for one in won) == sorted(one.case_id for one in openings)
        assert len(lost) == 7 * 50
        found = verify(store.in_order())
        assert (found.entries, found.cases) == (100, 50)
