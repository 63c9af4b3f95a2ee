"""What every store has to do: a test module derives a class from :class:`StoreContract`. Needs pytest."""

# ruff: noqa: S101 - these are tests, to be run by whoever makes a store

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import ConcurrencyConflict, DuplicateCase, EventError, UnknownCase
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.chain import filed_of, verify
from rrm_lifecycle.record.filed import Note, Secret
from rrm_lifecycle.record.kept import ATTEMPTS, Attempt, Erasure
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import Draft, Head, Store
from rrm_lifecycle.testing.contract_cases import NOON, SALT, asked, opened, said, secret_remark, to_denial
from rrm_lifecycle.testing.contract_lists import ListsContract


class StoreContract(ListsContract):
    """What every store does. The docstrings of the tests are its clauses.

    Subclass it in a test module, and say how a new and empty store is opened; pytest finds the rest.

    Example:
        >>> from rrm_lifecycle.record.storage.memory import MemoryStore
        >>> class TestMemory(StoreContract):
        ...     def open(self, *, clock=None, log=None):
        ...         return MemoryStore(clock=clock, log=log)
    """

    def count(self, store: Store) -> int:
        """Return how many entries there are, and see that log order holds as many."""
        number = store.number()
        assert len(list(store.in_order())) == len(list(store.hashes())) == number
        return number

    # ---- filing ------------------------------------------------------------------------------------------------------
    def test_chain(self) -> None:
        """Each entry links to the one before, names the log, and comes back as it was filed."""
        store = self.open(log="log-1", clock=lambda: NOON)
        case, filed = opened(store, "A", asked(), did.ReviewAccepted(date(2024, 1, 12)))
        assert [one.seq for one in filed] == [0, 1, 2]
        assert [one.prev for one in filed] == [None, filed[0].hash, filed[1].hash]
        assert {(one.log, one.recorded, one.clock) for one in filed} == {("log-1", NOON, None)}
        assert store.log == "log-1"
        assert store.now() == NOON
        assert store.read("a") == store.read("A") == filed
        assert store.read("A", 1) == filed[1:]
        assert store.read("A", 3) == ()
        assert tuple(one.entry for one in filed) == case.path
        assert verify(store.read("A")).heads == {"A": filed[-1].hash}

    def test_several(self) -> None:
        """Several entries are filed at once, with one time."""
        store = self.open()
        case = play(Case.start("A"), *to_denial())
        filed = store.append([Draft(one) for one in case.path], after=None, case=case)
        assert store.read("A") == filed
        assert len({one.recorded for one in filed}) == 1
        assert store.head("A") == Head.of(filed[-1])
        assert store.standing("A") == Standing.of(case, 11, filed[-1].hash)

    def test_note(self) -> None:
        """Who recorded it, source, remark and documents come back."""
        store = self.open()
        case = Case.start("A")
        note = Note.of("clerk-7", "https://example.org", "so told; ñ, 工場")
        filed = store.append([Draft(case.opening, note)], after=None, case=case)
        assert store.read("A")[0].note == note == filed[0].note

    def test_head(self) -> None:
        """The head is the last entry, with its log and its time."""
        store = self.open(clock=lambda: NOON)
        _, filed = opened(store, "Slp-1", asked())
        assert store.head("SLP-1") == Head("Slp-1", 1, filed[1].hash, store.log, NOON)

    def test_heads(self) -> None:
        """Heads come in the order in which the records were begun, those of attempts too."""
        store = self.open()
        _, first = opened(store, "B")
        second = store.append(
            [Draft(Attempt(f"B{ATTEMPTS}", did.ReviewAccepted(date(2024, 1, 1)), Stage.ASSESSMENT, ()))],
            after=None,
            case=None,
        )
        opened(store, "A")
        last = store.append([said("B")], after=Head.of(first[-1]), case=Case.start("B"))
        store.number()
        assert list(store.heads()) == [Head.of(last[0]), Head.of(second[0]), store.head("A")]
        assert [one.case_id for one in store.heads()] == ["B", "B/attempts", "A"]

    def test_conflict(self) -> None:
        """A writer that does not know the last entry is told, and nothing is written."""
        store = self.open()
        case, filed = opened(store, "A", asked())
        for after in (
            Head.of(filed[0]),
            Head("A", 2, "f" * 64, store.log, NOON),
            Head("A", 1, "f" * 64, store.log, NOON),
        ):
            with pytest.raises(ConcurrencyConflict, match=r"case A has moved on: .*docket\.case\('A'\)"):
                store.append([said("A")], after=after, case=case, once="never")
        with pytest.raises(ConcurrencyConflict):
            store.append([said("Z")], after=Head("Z", 0, "f" * 64, store.log, NOON), case=None)
        assert store.read("A") == filed
        assert store.once("A", "never") is None
        assert self.count(store) == 2

    def test_duplicate(self) -> None:
        """Ids that differ in letter case alone are one id; the error names the one that is held."""
        store = self.open()
        case, filed = opened(store, "Slp-1")
        other = Case.start("SLP-1")
        with pytest.raises(DuplicateCase, match="Slp-1 is held already"):
            store.append([Draft(other.opening)], after=None, case=other)
        with pytest.raises(DuplicateCase, match="Slp-1 is held already"):
            store.put(tuple(filed_of(other)), (), other)
        assert store.read("SLP-1") == filed
        assert store.standing("sLP-1") == Standing.of(case, 0, filed[0].hash)

    def test_unknown(self) -> None:
        """A case that is not held is named with near ids; one of attempts is none."""
        store = self.open()
        opened(store, "SLP-2024-01")
        attempt = Attempt("SLP-2024-1/attempts", did.ReviewAccepted(date(2024, 1, 1)), Stage.ASSESSMENT, ())
        store.append([Draft(attempt)], after=None, case=None)
        for ask in (store.head, store.read):
            with pytest.raises(UnknownCase, match="is 'SLP-2024-01' meant"):
                ask("SLP-2024-1")
            with pytest.raises(UnknownCase, match="it holds 1 cases"):
                ask("zzz")
        assert (store.standing("zzz"), store.place("zzz", 0), store.once("zzz", "k")) == (None, None, None)
        assert store.secrets("zzz") == ()

    def test_race(self) -> None:
        """Of eight threads that follow one head, one is filed and the others are told."""
        store = self.open()
        case, filed = opened(store, "A")
        barrier = Barrier(8)
        outcomes: list[str] = []

        def write(number: int) -> None:
            barrier.wait()
            try:
                store.append([said("A", f"by {number}")], after=Head.of(filed[0]), case=case)
                outcomes.append("filed")
            except ConcurrencyConflict:
                outcomes.append("told")

        threads = [Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["filed"] + ["told"] * 7
        assert store.head("A").seq == 1

    # ---- time --------------------------------------------------------------------------------------------------------
    @pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=1), timedelta(days=3653)])
    def test_clock_back(self, back: timedelta) -> None:
        """Where the clock goes back, no entry is recorded earlier than the one before; what the clock said is kept."""
        now = [NOON]
        store = self.open(clock=lambda: now[0])
        case, filed = opened(store, "A")
        now[0] = NOON - back
        second = store.append([said("A")], after=Head.of(filed[0]), case=case)[0]
        now[0] = NOON + timedelta(microseconds=1)
        third = store.append([said("A")], after=Head.of(second), case=case)[0]
        assert (second.recorded, second.clock) == (NOON, NOON - back)
        assert (third.recorded, third.clock) == (NOON + timedelta(microseconds=1), None)
        assert store.read("A") == (*filed, second, third)

    def test_far_times(self) -> None:
        """Times behind 2038, and with fractions of a second, come back to the microsecond."""
        far = datetime(2038, 1, 19, 3, 14, 8, 123_456, tzinfo=UTC)
        store = self.open(clock=lambda: far)
        opened(store, "A")
        assert (store.read("A")[0].recorded, store.head("A").recorded) == (far, far)

    def test_not_utc(self) -> None:
        """A clock that does not speak UTC is refused, and nothing is written."""
        store = self.open(clock=lambda: datetime(2024, 4, 1, 12))  # noqa: DTZ001 - on purpose
        with pytest.raises(EventError, match="in UTC"):
            opened(store, "A")
        assert self.count(store) == 0

    # ---- once --------------------------------------------------------------------------------------------------------
    def test_once(self) -> None:
        """A key leads to the first entry that was filed with it, in its own case alone."""
        store = self.open()
        case, filed = opened(store, "A")
        opened(store, "B")
        store.append([said("A"), said("A", "more")], after=Head.of(filed[0]), case=case, once="mail-7")
        assert (store.once("a", "mail-7"), store.once("A", "mail-8"), store.once("B", "mail-7")) == (1, None, None)

    # ---- sealed values -----------------------------------------------------------------------------------------------
    def test_secrets(self) -> None:
        """The values behind sealed texts lie beside the record, each with the number of its entry."""
        store = self.open()
        case, filed = opened(store, "A")
        more = store.append(
            [secret_remark("A", "Juana"), said("A"), secret_remark("A", "Pedro")], after=Head.of(filed[0]), case=case
        )
        assert store.secrets("a") == ((1, Secret("remark", SALT, "Juana")), (3, Secret("remark", SALT, "Pedro")))
        assert store.secrets("A", 3) == ((3, Secret("remark", SALT, "Pedro")),)
        assert store.secrets("A", 2) == ()
        assert not any(b"Juana" in one.body for one in store.read("A"))
        assert store.read("A")[1:] == more

    def test_erasure(self) -> None:
        """An erasure takes its own value away and leaves the others; the chain holds."""
        store = self.open()
        case, filed = opened(store, "A")
        filed = store.append(
            [secret_remark("A", "Juana"), secret_remark("A", "Pedro")], after=Head.of(filed[0]), case=case
        )
        store.append([Draft(Erasure("A", 1, "remark", "asked for"))], after=Head.of(filed[-1]), case=case)
        assert store.secrets("A") == ((2, Secret("remark", SALT, "Pedro")),)
        assert verify(store.read("A")).entries == 4

    # ---- records that come in ----------------------------------------------------------------------------------------
    def test_put(self) -> None:
        """A record comes in byte for byte, under the log that it names, and can be continued."""
        here = self.open(log="here", clock=lambda: NOON)
        there = self.open(log="there", clock=lambda: NOON + timedelta(days=1))
        opened(there, "B")
        case, filed = opened(here, "A", asked())
        filed += here.append([secret_remark("A", "Juana")], after=Head.of(filed[-1]), case=case)
        there.put(here.read("A"), here.secrets("A"), case)
        assert there.read("A") == filed
        assert there.secrets("A") == here.secrets("A")
        assert there.standing("A") == here.standing("A")
        assert there.head("A").log == "here"
        (more,) = there.append([said("A")], after=there.head("A"), case=case)
        assert (more.log, more.prev, more.recorded) == ("here", filed[-1].hash, NOON + timedelta(days=1))
        assert verify(there.read("A")).entries == 4
        assert self.count(there) == 5

    def test_put_bare(self) -> None:
        """The record of a bare case, without a log and without times, comes in too."""
        store = self.open()
        case = play(Case.start("A"), asked())
        filed = tuple(filed_of(case))
        store.put(filed, (), case)
        assert store.read("A") == filed
        assert store.head("A") == Head("A", 1, filed[1].hash)

    # ---- the store itself --------------------------------------------------------------------------------------------
    def test_sound(self) -> None:
        """A store that was only used is sound, and may be closed twice."""
        store = self.open()
        opened(store, "A", *to_denial())
        store.check()
        store.close()
        store.close()

    def test_two_logs(self) -> None:
        """Two stores have two logs, unless they are given names."""
        assert self.open().log != self.open().log
        with pytest.raises(EventError, match="name of a log"):
            self.open(log="a b")
