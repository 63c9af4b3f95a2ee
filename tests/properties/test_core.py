"""What holds of every ruling and every case, over random courses under both Annexes, several readings and registers."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.case import case as case_module
from rrm_lifecycle.case import engine
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.claim import Determination
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law import customs, table
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.entry import Entry, Refusal, Track
from tests.strategies import FIRST_DAY, Walk, case_at, days_of, likely_events, walks

IN_A_COURSE = {Stage.COURSE_RUNNING, Stage.COURSE_DISPUTED}


def after(case: Case, *events: Event, context: Context = DEFAULT) -> Case | None:
    """Return the case after several acts; None where one of them is refused."""
    for event in events:
        ruling = decide(case, event, context=context)
        if isinstance(ruling, Refusal):
            return None
        case = evolve(case, ruling)
    return case


def both_orders(case: Case, one: Event, other: Event, context: Context = DEFAULT) -> bool:
    """Check that two acts commute; return whether both orders are admitted."""
    first, second = after(case, one, other, context=context), after(case, other, one, context=context)
    if first is None or second is None:
        return False
    assert attrs.evolve(first, acts=()) == attrs.evolve(second, acts=()), (case, one, other)
    assert {entry.event for entry in first.acts} == {entry.event for entry in second.acts}
    return True


class TestRulings:
    """A ruling depends on case, act and context alone."""

    @given(walks())
    def test_same_twice(self, walk: Walk) -> None:
        """Asked again, with an equal context that is another object, each act is ruled the same."""
        context = attrs.evolve(walk.context, reading=attrs.evolve(walk.context.reading))
        for case, event, ruling in walk.tried:
            assert decide(case, event, context=context) == ruling

    @given(walks())
    def test_case_is_left_alone(self, walk: Walk) -> None:
        """A refused act leaves no trace: the case holds the admitted acts, in order."""
        admitted = [ruling for _, _, ruling in walk.tried if isinstance(ruling, Entry)]
        assert list(walk.case.acts) == admitted

    @given(walks())
    def test_refusals_say_why(self, walk: Walk) -> None:
        """Each refusal holds a reason, in English and in Spanish; what opens it opens after the day of the act."""
        for _, event, ruling in walk.tried:
            if isinstance(ruling, Refusal):
                assert ruling.reasons
                assert ruling.text("en") != ruling.text("es")
                assert ruling.opens is None or ruling.opens > event.on

    @given(walks())
    def test_what_time_alone_bars_opens_then(self, walk: Walk) -> None:
        """Where time alone bars an act, it opens on the day that is said, and on no day before.

        On that day the treaty may have ended, or a limit within which to act: nothing else bars it then.
        """
        for case, event, ruling in walk.tried:
            if isinstance(ruling, Refusal) and ruling.opens is not None and event.known is None:
                then = decide(case, attrs.evolve(event, on=ruling.opens), context=walk.context)
                before = decide(case, attrs.evolve(event, on=ruling.opens - timedelta(1)), context=walk.context)
                assert isinstance(then, Entry) or {reason.code for reason in then.reasons} <= {"in_force", "within"}
                assert isinstance(before, Refusal)


class TestRowsAreFollowed:
    """An entry does what its row says, and no more."""

    @given(walks())
    def test_each_entry_follows_its_row(self, walk: Walk) -> None:
        """From, to, actor, provision, closing, facts and limits of each entry are those of the row that it names."""
        for case, event, ruling in walk.tried:
            if isinstance(ruling, Refusal):
                continue
            row = ROW_BY_ID[ruling.rule or ""]
            assert row.event is type(event)
            assert ruling.stage in row.stages
            assert ruling.to == (ruling.stage if row.to is None else row.to)
            assert (ruling.by, ruling.closing, ruling.sets) == (row.who, row.closes, row.sets)
            assert ruling.provision == row.provision.cite(case.annex.name)
            running = {limit.term for limit in case.limits}
            if row.extends:
                assert [limit.term for limit in ruling.started] == list(ruling.stopped) == [getattr(event, "term", "")]
                continue
            assert set(ruling.stopped) == running & {term.name for term in row.stops}
            reading = walk.context.reading
            in_force = {term.name for term in row.starts if reading.term(term.name, event.on) is not None}
            assert {limit.term for limit in ruling.started} == in_force - (running - set(ruling.stopped))

    @given(walks())
    def test_one_limit_a_term(self, walk: Walk) -> None:
        """No term runs twice in a case."""
        for case, _, _ in walk.tried:
            assert len({limit.term for limit in case.limits}) == len(case.limits)

    @given(walks())
    def test_closed_cases_rest(self, walk: Walk) -> None:
        """A case has a closing if and only if it is closed, and then no limit runs in it."""
        for case in (*(one for one, _, _ in walk.tried), walk.case):
            assert (case.closing is not None) is case.is_closed
            assert not (case.is_closed and case.limits)

    @given(walks())
    def test_days_run_forward(self, walk: Walk) -> None:
        """In the case and in the hold, no act is dated before the one in front of it."""
        for track in Track:
            days = [entry.act.on for entry in walk.case.acts if entry.track is track]
            assert all(one <= other for one, other in pairwise(days))


class TestReplay:
    """A case is the fold of its entries, and of nothing else."""

    @given(walks())
    def test_replay(self, walk: Walk) -> None:
        """Its record folds to the case."""
        assert replay(walk.case.path) == walk.case

    def test_table_is_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the table emptied, the record of a case in every stage folds to the case still."""
        cases = [case_at(stage) for stage in Stage]
        for name, empty in (("TABLE", ()), ("CUSTOMS", ()), ("ROWS", ()), ("ROW_BY_ID", {}), ("_PLANS", {})):
            monkeypatch.setattr(engine, name, empty)
        monkeypatch.setattr(engine, "MACHINE", None)
        monkeypatch.setattr(engine, "HOLD_MACHINE", None)
        monkeypatch.setattr(table, "TABLE", ())
        monkeypatch.setattr(customs, "CUSTOMS", ())
        assert [replay(case.path) for case in cases] == cases
        assert not {"TABLE", "CUSTOMS", "ROWS", "ROW_BY_ID"} & set(vars(case_module))

    @given(walks(), st.integers(-5, 500))
    def test_until(self, walk: Walk, n: int) -> None:
        """As of a day, a case holds the acts up to that day; as of its last day or later, it is the case."""
        day = FIRST_DAY + timedelta(n)
        case = walk.case.until(day)
        assert list(case.acts) == [entry for entry in walk.case.acts if entry.act.on <= day]
        assert walk.case.until(max((entry.act.on for entry in walk.case.acts), default=day)) == walk.case

    @given(walks())
    def test_repr_is_short(self, walk: Walk) -> None:
        """The repr of a case is one line of at most 120 characters and does not tell the facility's name."""
        line = repr(walk.case)
        assert len(line) <= 120
        assert "\n" not in line
        assert walk.case.facility is None or walk.case.facility.name not in line


class TestTwoTracks:
    """Customs hold and case run beside each other."""

    @pytest.mark.parametrize("stage", list(Stage))
    def test_acts_of_one_day_commute(self, stage: Stage) -> None:
        """An act of the hold and one of the case on one day lead to the same case in either order."""
        plain = case_at(stage)
        held = [after(plain, did.HoldBegun(day)) for day in days_of(plain, 0)]
        commuted = 0
        for case in (plain, *(one for one in held if one is not None)):
            acts = list(likely_events(case))
            for one in (event for event in acts if event.of_hold):
                for other in (event for event in acts if not event.of_hold and event.on == one.on):
                    commuted += both_orders(case, one, other)
        early = {Stage.ASSESSMENT, Stage.PETITION_REVIEW, Stage.REQUEST_DUE}
        assert bool(commuted) is (stage not in early | {Stage.CLOSED})

    @given(walks())
    def test_acts_of_one_day_commute_along_walks(self, walk: Walk) -> None:
        """The same holds at the end of any walk."""
        acts = list(likely_events(walk.case, walk.context, days_of(walk.case, 0, 1)[:3]))
        for one in (event for event in acts if event.of_hold):
            for other in (event for event in acts if not event.of_hold and event.on == one.on):
                both_orders(walk.case, one, other, walk.context)


def unsettled(acts: tuple[Entry, ...]) -> bool:
    """Return whether no settlement stands in a run of acts, but for one that a notice reopened."""
    settled = [n for n, entry in enumerate(acts) if isinstance(entry.event, did.MatterSettled)]
    return not settled or any(entry.rule == "X-05" for entry in acts[settled[-1] :])


class TestPanelsAndRemedies:
    """No panel beside a course, no remedy without its ground."""

    @given(walks())
    def test_no_panel_in_a_course(self, walk: Walk) -> None:
        """A panel is asked for from no stage in which a course runs or is disputed, and never after a settlement."""
        for n, entry in enumerate(walk.case.acts):
            if isinstance(entry.event, did.PanelRequested):
                assert entry.stage not in IN_A_COURSE
                assert unsettled(walk.case.acts[:n])

    @given(walks())
    def test_no_remedy_without_ground(self, walk: Walk) -> None:
        """Remedies start after a panel's Denial, or after the unanswered notice that follows a failed course."""
        for n, entry in enumerate(walk.case.acts):
            if not isinstance(entry.event, did.RemediesImposed):
                continue
            before = walk.case.acts[:n]
            findings = [one.event.finding for one in before if isinstance(one.event, did.DeterminationIssued)]
            if entry.stage is not Stage.COURSE_NOTICE_GIVEN:
                assert findings[-1] is Determination.DENIAL
                continue
            notice = max(i for i, one in enumerate(before) if isinstance(one.event, did.RemediesNotified))
            assert not any(isinstance(one.event, did.PanelRequested) for one in before[notice:])
            failed = any(isinstance(one.event, did.CourseFailed) for one in before[:notice])
            assert failed or before[notice].rule == "X-05"

    def test_both_grounds_happen(self) -> None:
        """Remedies do start on either ground; under the second reading of AMB-08 the United States needs a panel."""
        unanswered = case_at(Stage.COURSE_NOTICE_GIVEN)
        imposed = [one for one in likely_events(unanswered) if isinstance(one, did.RemediesImposed)]
        strict = Context(Reading(remedy_without_panel=False))
        assert any(decide(unanswered, one).admitted for one in imposed)
        assert not any(decide(unanswered, one, context=strict).admitted for one in imposed)
        found = case_at(Stage.REMEDIES_NOTIFIED)
        imposed = [one for one in likely_events(found) if isinstance(one, did.RemediesImposed)]
        assert any(decide(found, one, context=strict).admitted for one in imposed)
