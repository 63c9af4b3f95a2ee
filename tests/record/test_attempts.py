"""Attempts that were refused stay beside the case, within bounds, and never in its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import EventError, RecordDamaged, RefusedError, StorageFull, UnknownCase
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record import keeper
from rrm_lifecycle.record.chain import verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry, EntryKind
from rrm_lifecycle.record.filed import PREFIX, Filed, file
from rrm_lifecycle.record.kept import Attempt
from rrm_lifecycle.record.storage.memory import MemoryStore
from rrm_lifecycle.record.storage.stores import Draft, Head
from tests.record.dockets import ACCEPTED, ASKED, KINDS, REPORTED, Ticking, docket_of, to_report

NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)


class Still:
    """A clock that stands still until it is set.

    Attributes:
        now: What it says.
    """

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


@pytest.fixture
def clock() -> Still:
    """Return a clock that stands still."""
    return Still()


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path, clock: Still) -> Iterator[Docket]:
    """Yield a docket with one case, in memory and in a file."""
    with docket_of(request.param, tmp_path, clock=clock) as made:
        made.start("A")
        yield made


def refuse(docket: Docket, times: int = 1, case_id: str = "A") -> RefusedError:
    """Try to record an act that no row provides for, and return the error of the last time."""
    for _ in range(times):
        with pytest.raises(RefusedError) as caught:
            docket.record(case_id, ACCEPTED, recorded_by="clerk-7", remark="tried", source="a letter")
    return caught.value


def kept(docket: Docket, case_id: str = "A") -> list[Attempt]:
    """Return the attempts in a case."""
    found = [one.entry for one in docket.attempts(case_id)]
    assert all(isinstance(one, Attempt) for one in found)
    return [one for one in found if isinstance(one, Attempt)]


class TestKept:
    """An attempt is kept with what was tried, by whom, and every reason."""

    def test_reasons(self, docket: Docket) -> None:
        """It stands in a chain of its own, whole: event, stage, reasons, and what came with it."""
        docket.record("A", ASKED)
        early = changed(ACCEPTED, on=date(2024, 3, 1))
        with pytest.raises(RefusedError) as caught:
            docket.record("A", early, recorded_by="clerk-7", remark="tried")
        (one,) = docket.attempts("a")
        assert (one.case_id, one.seq, one.kind, one.recorded, one.recorded_by, one.remark) == (
            "A/attempts", 0, EntryKind.ATTEMPT, NOON, "clerk-7", "tried",
        )  # fmt: skip
        assert isinstance(one.entry, Attempt)
        assert (one.entry.event, one.entry.stage) == (early, Stage.REVIEW_REQUESTED)
        refusal = caught.value.refusal
        assert [(r.code, r.rule, r.opens) for r in one.entry.reasons] == [
            (r.code, r.rule, r.opens) for r in refusal.reasons
        ]
        assert str(one.entry) == "refused: ReviewAccepted on 2024-03-01 (in_order)"

    def test_beside(self, docket: Docket) -> None:
        """The record of the case, its receipts and its writers see nothing of it."""
        case = docket.case("A")
        receipt = docket.receipt("A")
        refuse(docket, 3)
        assert docket.case("A") is case
        assert docket.receipt("A") == receipt
        assert len(docket.history("A")) == 1
        assert docket.record(case, ASKED).seq == 1
        found = docket.verify()
        assert (found.entries, found.cases) == (5, 1)
        assert set(found.heads) == {"A", "A/attempts"}
        assert [one.id for one in docket.cases()] == ["A"]
        assert docket.attempts("A")[1].prev == docket.attempts("A")[0].hash

    def test_none(self, docket: Docket) -> None:
        """Where nothing was refused there are none; a case that is not held has none."""
        assert docket.attempts("A") == ()
        with pytest.raises(UnknownCase):
            docket.attempts("B")

    def test_no_case(self, docket: Docket) -> None:
        """The chain of attempts is no case: it cannot be asked for, recorded in, corrected or erased as one."""
        refuse(docket)
        for ask in (
            docket.case,
            lambda one: docket.record(one, ASKED),
            lambda one: docket.remark(one, "x", on=NOON.date()),
        ):
            with pytest.raises(UnknownCase):
                ask("A/attempts")
        assert docket.history("A/attempts") == docket.attempts("A")
        docket.verify()

    def test_all_or_none(self, docket: Docket) -> None:
        """Of several acts in one commit, of which one is refused, none is recorded and the one is kept as attempted."""
        with pytest.raises(RefusedError):
            docket.record_all("A", (ASKED, ACCEPTED, ACCEPTED, REPORTED))
        (one,) = kept(docket)
        assert (one.event, one.stage) == (ACCEPTED, Stage.UNDER_REVIEW)
        assert docket.case("A").acts == ()

    def test_hold(self, docket: Docket) -> None:
        """An attempt in the hold says where the hold stood."""
        with pytest.raises(RefusedError):
            docket.record("A", did.HoldReleased(date(2024, 4, 1), ground="course_completed"))
        (one,) = kept(docket)
        assert one.stage is Hold.NONE
        assert b'"track":"hold"' in docket.attempts("A")[0].body

    def test_ask(self, docket: Docket) -> None:
        """Asking writes nothing, whatever the answer."""
        assert not docket.ask("A", ACCEPTED).admitted
        assert docket.ask("A", ASKED).admitted
        docket.options("A", date(2024, 4, 1))
        assert docket.attempts("A") == ()
        assert docket.verify().entries == 1

    def test_two_dockets(self, docket: Docket) -> None:
        """Two dockets over one store keep their attempts in one chain."""
        other = Docket(docket._store)
        refuse(docket)
        refuse(other)
        refuse(docket)
        assert [one.seq for one in docket.attempts("A")] == [0, 1, 2]
        assert docket.attempts("A") == other.attempts("A")


class TestBounds:
    """Whoever tries again and again fills nothing."""

    def test_within_a_minute(self, docket: Docket, clock: Still) -> None:
        """Twenty are kept within a minute; those beyond are counted in the next that is kept."""
        refuse(docket, 25)
        assert len(kept(docket)) == 20
        assert {one.skipped for one in kept(docket)} == {0}
        clock.now += timedelta(seconds=59)
        refuse(docket)
        assert len(kept(docket)) == 20
        clock.now += timedelta(seconds=1)
        refuse(docket, 2)
        assert [one.skipped for one in kept(docket)[20:]] == [6, 0]
        docket.verify()

    def test_sliding(self, docket: Docket, clock: Still) -> None:
        """The minute is counted back from each attempt."""
        for _ in range(30):
            refuse(docket)
            clock.now += timedelta(seconds=4)
        assert len(kept(docket)) == 30

    def test_in_all(self, docket: Docket, clock: Still, monkeypatch: pytest.MonkeyPatch) -> None:
        """No more than the most are ever kept of a case; the refusals are raised all the same."""
        monkeypatch.setattr(keeper, "MOST_ATTEMPTS", 5)
        for _ in range(9):
            refuse(docket)
            clock.now += timedelta(hours=1)
        assert len(kept(docket)) == 5

    def test_each_case(self, docket: Docket) -> None:
        """Each case has bounds of its own."""
        docket.start("B")
        refuse(docket, 21)
        refuse(docket, 1, "B")
        assert (len(kept(docket)), len(kept(docket, "B"))) == (20, 1)
        assert kept(docket, "B")[0].skipped == 0


class Full(MemoryStore):
    """A store without room for attempts."""

    def append(
        self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
    ) -> tuple[Filed, ...]:
        """File what is no attempt."""
        if isinstance(drafts[0].kept, Attempt):
            msg = "no room is left"
            raise StorageFull(msg)
        return super().append(drafts, after=after, case=case, once=once)


class TestFails:
    """Whatever becomes of the attempt, the refusal is raised."""

    def test_full(self) -> None:
        """Where the store cannot keep it, the refusal says so in a note."""
        docket = Docket(Full())
        docket.start("A")
        error = refuse(docket)
        assert error.refusal.no_rule
        assert error.__notes__ == ["the attempt could not be kept: no room is left"]
        assert docket.attempts("A") == ()
        docket.verify()

    def test_no_note(self, docket: Docket) -> None:
        """Where it is kept, there is no note."""
        assert getattr(refuse(docket), "__notes__", []) == []

    def test_hint(self, docket: Docket) -> None:
        """An act of an earlier day is refused with the way in which it comes in."""
        docket.record("A", ASKED)
        docket.record("A", ACCEPTED)
        with pytest.raises(RefusedError) as late:
            docket.record("A", did.LimitExtended(date(2024, 4, 2), term="review", until=date(2024, 7, 1)))
        assert [one for one in late.value.__notes__ if "docket.correct(case, Insert(after, event), reason=" in one]


class TestForged:
    """A chain of attempts is verified as any other, and holds attempts alone."""

    def test_altered(self, docket: Docket) -> None:
        """An attempt that was altered is noticed."""
        refuse(docket, 2)
        one, other = docket.attempts("A")
        wrong = changed(other, body=other.body.replace(b"clerk-7", b"clerk-8"))
        with pytest.raises(RecordDamaged, match="was altered"):
            verify([one, wrong])

    def test_in_a_case(self, tmp_path: Path) -> None:
        """An attempt in the chain of a case, and an act in that of attempts, do not verify."""
        docket = docket_of("memory", tmp_path, clock=Ticking())
        to_report(docket)
        refuse(docket)
        history, (attempt,) = docket.history("A"), docket.attempts("A")
        body = history[1].body.replace(b'"kind":"act"', b'"kind":"attempt"')
        wrong = changed(history[1], body=body, hash=sha256(PREFIX + body).hexdigest())
        with pytest.raises(RecordDamaged, match="attempt"):
            verify([history[0], wrong])
        entry = history[1].entry
        assert isinstance(entry, Entry)
        act = changed(entry, case_id="A/attempts")
        made = file(act, seq=1, prev=attempt.hash, log=attempt.log, recorded=attempt.recorded)
        with pytest.raises(RecordDamaged, match="does not follow"):
            verify([attempt, made])

    @pytest.mark.parametrize("name", ["../x", "a b", "", "a..b", "con", "é"])
    def test_name(self, name: str) -> None:
        """The name of a chain of attempts is that of a case that there can be."""
        with pytest.raises(EventError):
            Attempt(f"{name}/attempts", ACCEPTED, Stage.ASSESSMENT, ())
