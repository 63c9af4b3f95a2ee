"""What was known on a day: the docket as far as it had been recorded by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve as changed

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError, RefusedError, UnknownCase
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.kept import Insert, Replace
from rrm_lifecycle.record.sealed import sealed
from tests.record.dockets import ACCEPTED, ASKED, KINDS, LOT, Ticking, docket_of

JUNE, JULY, AUGUST = (datetime(2024, month, 1, 12, tzinfo=UTC) for month in (6, 7, 8))


@pytest.fixture(params=KINDS)
def docket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Docket]:
    """Yield a docket in which a request was recorded in June, a wrong acceptance in July, put right in August."""
    clock = Ticking(JUNE)
    with docket_of(request.param, tmp_path, clock=clock) as made:
        made.start("A")
        made.record("A", ASKED, remark=sealed("Juana"))
        clock.now = JULY
        made.record("A", ACCEPTED)
        made.start("B")
        with pytest.raises(RefusedError):
            made.record("B", ACCEPTED)
        clock.now = AUGUST
        made.correct("A", Replace(2, changed(ACCEPTED, on=date(2024, 4, 5))), reason="misread")
        made.remark("A", "put right", on=date(2024, 8, 1))
        yield made


def to_notice(docket: Docket, case_id: str, year: int) -> None:
    """Record a case up to a panel's Denial and the notice of remedies."""
    docket.start(case_id)
    docket.record_all(
        case_id,
        (
            changed(ASKED, on=date(year, 1, 8)),
            did.ReviewDeclined(date(year, 1, 9)),
            did.PanelRequested(date(year, 1, 20)),
            did.PanelistsDrawn(date(year, 1, 22), panelists=LOT),
            did.PanelConstituted(date(year, 1, 23)),
            did.PetitionConfirmed(date(year, 1, 24), elements=("facility", "laws", "basis")),
            did.VerificationRequested(date(year, 1, 25)),
            did.VerificationRefused(date(year, 1, 26)),
            did.NoVerificationAsked(date(year, 1, 29)),
            did.DeterminationIssued(date(year, 2, 10), finding="denial", heard=True),
            did.RemediesNotified(date(year, 2, 12)),
        ),
    )


def after(moment: datetime) -> datetime:
    """Return an hour later."""
    return moment + timedelta(hours=1)


class TestCase:
    """A case stands as the entries that had been recorded lead."""

    def test_stands(self, docket: Docket) -> None:
        """Each moment shows the case as it was known then; the last one shows it as it is known now."""
        fixed = changed(ACCEPTED, on=date(2024, 4, 5))
        assert docket.as_of(after(JUNE)).case("A") == play(Case.start("A"), ASKED)
        assert docket.as_of(after(JULY)).case("A") == play(Case.start("A"), ASKED, ACCEPTED)
        assert docket.as_of(after(AUGUST)).case("a") == play(Case.start("A"), ASKED, fixed) == docket.case("A")

    def test_before(self, docket: Docket) -> None:
        """Before its opening a case was not held; a case that never was is named with near ids."""
        with pytest.raises(UnknownCase, match="opened later"):
            docket.as_of(JUNE).case("A")
        with pytest.raises(UnknownCase, match="opened later"):
            docket.as_of(after(JUNE)).case("B")
        with pytest.raises(UnknownCase, match="no case 'C' is held"):
            docket.as_of(after(JUNE)).case("C")

    def test_to_the_microsecond(self, docket: Docket) -> None:
        """What was recorded at the very moment is known; a microsecond earlier it is not."""
        moment = docket.history("A")[2].recorded
        assert moment is not None
        assert docket.as_of(moment).case("A").seq == 2
        assert docket.as_of(moment - timedelta(microseconds=1)).case("A").seq == 1

    def test_zone(self, docket: Docket) -> None:
        """A moment is told in any time zone."""
        moment = docket.history("A")[2].recorded
        assert moment is not None
        assert docket.as_of(moment.astimezone(timezone(timedelta(hours=-6)))).case("A").seq == 2

    @pytest.mark.parametrize("wrong", [datetime(2024, 6, 1), date(2024, 6, 1), "2024-06-01", None])  # noqa: DTZ001 - on purpose
    def test_no_moment(self, docket: Docket, wrong: Any) -> None:
        """A day, a text and a moment without a time zone are no moment."""
        with pytest.raises(EventError, match="time zone"):
            docket.as_of(wrong)


class TestWhole:
    """Cases, agenda, options and history follow."""

    def test_cases(self, docket: Docket) -> None:
        """The cases are those that had been opened; attempts are none."""
        assert docket.as_of(JUNE).cases() == ()
        assert [one.id for one in docket.as_of(after(JUNE)).cases()] == ["A"]
        assert [one.id for one in docket.as_of(after(JULY)).cases()] == ["A", "B"]
        assert docket.as_of(after(AUGUST)).cases() == docket.cases()

    def test_agenda(self, docket: Docket) -> None:
        """What was due is told by what was known."""
        day = date(2024, 4, 20)
        assert [one.term for one in docket.as_of(after(JUNE)).agenda(day)] == ["reply", "review"]
        assert [one.term for one in docket.as_of(after(JULY)).agenda(day)] == ["review"]
        assert docket.as_of(after(AUGUST)).agenda(day) == docket.agenda(day)

    def test_options(self, docket: Docket) -> None:
        """So is what might have been done."""
        day = date(2024, 4, 20)
        early = {one.event for one in docket.as_of(after(JUNE)).options("A", day)}
        assert did.ReviewAccepted in early
        late = {one.event for one in docket.as_of(after(AUGUST)).options(docket.case("A"), day)}
        assert did.ReviewAccepted not in late
        assert docket.as_of(after(AUGUST)).options("A", day) == docket.options("A", day)

    def test_register(self, tmp_path: Path) -> None:
        """A Denial in another case counts for options from when it was recorded."""
        for kind in KINDS:
            clock = Ticking(JUNE)
            with docket_of(kind, tmp_path, clock=clock) as docket:
                to_notice(docket, "second", 2024)
                clock.now = JULY
                to_notice(docket, "first", 2023)
                before, later = (docket.as_of(after(one)).context_now() for one in (JUNE, JULY))
                assert [one.case_id for one in before.register.denials] == ["second"]
                assert sorted(one.case_id for one in later.register.denials) == ["first", "second"]
                day = date(2024, 3, 10)
                assert docket.as_of(after(JULY)).options("second", day) == docket.options("second", day)

    def test_history(self, docket: Docket) -> None:
        """The history is what had been filed."""
        assert len(docket.as_of(after(JUNE)).history("A")) == 2
        assert len(docket.as_of(after(JULY)).history("A")) == 3
        assert docket.as_of(after(AUGUST)).history(docket.case("A")) == docket.history("A")

    def test_shown(self, docket: Docket) -> None:
        """It is shown by its moment; looking writes nothing."""
        before = docket.verify().entries
        assert repr(docket.as_of(JUNE)).startswith("<AsOf 2024-06-01T12:00:00+00:00 of ")
        assert docket.verify().entries == before


class TestClockBack:
    """A clock that goes back does not let a later entry be known earlier."""

    def test_back(self, tmp_path: Path) -> None:
        """An entry that was filed while the clock stood a year behind is known from when the one before was."""
        for kind in KINDS:
            clock = Ticking(JULY)
            with docket_of(kind, tmp_path, clock=clock) as docket:
                docket.record(docket.start("A"), ASKED)
                clock.now = JULY - timedelta(365)
                docket.record("A", ACCEPTED)
                docket.correct("A", Insert(2, did.HoldBegun(date(2024, 4, 10))), reason="x")
                assert docket.as_of(JULY).cases() == ()
                assert docket.as_of(after(JULY)).case("A") == docket.case("A")
                assert docket.case("A").stage is Stage.UNDER_REVIEW
                docket.verify()
