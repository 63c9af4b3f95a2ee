"""The strategies: what they draw is lawful where it is to be, reaches every row, and shrinks to what is easy to read."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, find, given, settings
from hypothesis import Phase as Steps
from hypothesis import strategies as st

from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Claim, CoveredFacility
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROWS, decide, play
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.errors import EventError, ReadingError, RecordError
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.chain import loads, verify
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.testing import strategies as drawn
from rrm_lifecycle.testing import visited

FEW = settings(max_examples=60)


def start_of(case: Case) -> Case:
    """Return the case as it was opened."""
    said = case.opened_with
    return Case.start(
        case.id, annex=said.annex, origin=said.origin, complainant=said.complainant, respondent=said.respondent
    )


class TestCourses:
    """Lawful cases."""

    @FEW
    @given(drawn.courses())
    def test_lawful(self, course: drawn.Course) -> None:
        """Played again under their context, the acts of a course give the very case."""
        case = course.case
        assert play(start_of(case), *(entry.act for entry in case.acts), context=course.context) == case

    def test_every_row(self) -> None:
        """A thousand courses use every row of both tables, each at least three times, and go through every stage."""
        visits = visited(drawn.courses(), examples=1000)
        assert visits.unused == ()
        assert min(visits.rows.values()) >= 3
        assert set(visits.stages) == set(Stage)
        assert visits.examples == 1000
        lines = str(visits).splitlines()
        assert len(lines) == 2 + len(Stage) + len(ROWS)
        assert lines[-1] == "never used: none"

    def test_one_reading(self) -> None:
        """Under our reading, cases use every row that stands under it."""
        unused = visited(drawn.cases(), examples=800).unused
        assert unused == ("A4-04c", "A5-02b", "A5-02d", "A8-06c", "A10-08e", "X-05")

    @pytest.mark.parametrize("stage", Stage)
    def test_stage(self, stage: Stage) -> None:
        """Every case that is wished at a stage stands there."""
        visits: Counter[Stage] = Counter()

        @settings(FEW, max_examples=15)
        @given(drawn.cases(stage=stage))
        def look(case: Case) -> None:
            visits[case.stage] += 1

        look()
        assert set(visits) == {stage}

    @FEW
    @given(st.data(), st.sampled_from(Phase), st.sampled_from([ANNEX_31A, ANNEX_31B]))
    def test_phase(self, data: st.DataObject, phase: Phase, annex: object) -> None:
        """Every case that is wished in a phase, under an Annex, is so."""
        case = data.draw(drawn.cases(phase=phase, annex=ANNEX_31A if annex is ANNEX_31A else ANNEX_31B))
        assert (case.phase, case.annex) == (phase, annex)

    @FEW
    @given(drawn.closed_cases())
    def test_closed(self, case: Case) -> None:
        """A whole case is closed, in one way."""
        assert case.is_closed
        assert case.closing is not None

    def test_closings_after_long_courses(self) -> None:
        """Whole cases do not all end at once: some have gone as far as remedies."""
        stages = visited(drawn.closed_cases(), examples=400).stages
        assert {Stage.REMEDIES_IN_FORCE, Stage.VERIFYING, Stage.COURSE_RUNNING} <= set(stages)

    def test_shrinks(self) -> None:
        """A failure about a panel that was drawn shrinks to the shortest course there, with no act beside it."""
        quiet = settings(database=None, max_examples=2_000, suppress_health_check=list(HealthCheck))
        case = find(drawn.cases(), lambda one: one.stage is Stage.PANEL_DRAWN, settings=quiet)
        assert [entry.rule for entry in case.acts] == ["A4-01a", "A4-04a", "A5-02a"]
        course = find(drawn.courses(), lambda one: len(one.case.acts) > 1, settings=quiet)
        assert course.context == DEFAULT
        assert len(course.case.acts) == 2
        assert repr(course).count(" by row ") == 2

    def test_shown(self) -> None:
        """A failing example is shown as a line and a line an act, not field by field."""

        @settings(database=None, print_blob=False)
        @given(drawn.cases())
        def look(case: Case) -> None:
            assert len(case.acts) < 2

        with pytest.raises(AssertionError) as caught:
            look()
        told = "\n".join(caught.value.__notes__)
        assert told.count("by row") == 2
        assert "CoveredFacility(" not in told

    def test_nowhere(self) -> None:
        """What cannot be reached is told when the strategy is made."""
        bound = Context(Reading(treaty_until=date(2021, 1, 1)))
        with pytest.raises(ReadingError, match="no lawful course leads there"):
            drawn.cases(stage="verifying", context=bound)
        with pytest.raises(EventError, match="stage"):
            drawn.cases(stage="nowhere")


class TestActs:
    """Acts of every sort."""

    @FEW
    @given(st.data())
    def test_lawful(self, data: st.DataObject) -> None:
        """A lawful next act is admitted."""
        case = data.draw(drawn.cases())
        strategy = drawn.lawful_events(case)
        assume(not strategy.is_empty)
        assert decide(case, data.draw(strategy)).admitted

    @FEW
    @given(st.data())
    def test_late(self, data: st.DataObject) -> None:
        """A late act is admitted and noted, or it is barred for being late."""
        case = data.draw(drawn.cases(phase=Phase.REQUEST_FOR_REVIEW))
        strategy = drawn.late_events(case)
        assume(not strategy.is_empty)
        ruling = decide(case, data.draw(strategy))
        notes = ruling.findings if isinstance(ruling, Entry) else ruling.reasons
        assert "within" in {one.code for one in notes}

    @FEW
    @given(st.data())
    def test_early(self, data: st.DataObject) -> None:
        """An early act is refused, and time alone opens it on a later day."""
        case = data.draw(drawn.cases(stage=data.draw(st.sampled_from(["review_requested", "remedies_notified"]))))
        event = data.draw(drawn.early_events(case))
        ruling = decide(case, event)
        assert isinstance(ruling, Refusal)
        assert ruling.opens is not None
        assert event.on < ruling.opens

    @FEW
    @given(st.data())
    def test_wrong_actor(self, data: st.DataObject) -> None:
        """An act by another is refused for its actor."""
        case = data.draw(drawn.cases(stage=Stage.UNDER_REVIEW))
        ruling = decide(case, data.draw(drawn.wrong_actor_events(case)))
        assert isinstance(ruling, Refusal)
        assert "actor" in {reason.code for reason in ruling.reasons}

    def test_any(self) -> None:
        """Acts of any sort are of every class, some admitted and most refused."""
        kinds: Counter[str] = Counter()
        admitted: Counter[bool] = Counter()

        @settings(max_examples=1500, phases=[Steps.generate])
        @given(drawn.any_events(), drawn.any_events(Case.start("A")))
        def look(one: Event, other: Event) -> None:
            kinds.update([type(one).__name__, type(other).__name__])
            admitted.update([decide(Case.start("CASE-1"), one).admitted])

        look()
        assert set(kinds) == set(EVENTS)
        assert 0 < admitted[True] < admitted[False]

    @FEW
    @given(st.data())
    def test_events(self, data: st.DataObject) -> None:
        """Wherever a case stands, some act can be drawn, and the table rules on it."""
        case = data.draw(drawn.cases())
        assert decide(case, data.draw(drawn.events(case))).admitted in {True, False}


class TestValues:
    """Values."""

    @FEW
    @given(drawn.facilities(), drawn.facilities("US", covered=True), drawn.claims(), drawn.days())
    def test_facilities(self, any_one: CoveredFacility, covered: CoveredFacility, claim: Claim, day: date) -> None:
        """Facilities lie where they are wished to lie, and are covered where that is wished."""
        assert any_one.name
        assert (covered.country, covered.goods_traded) == ("US", True)
        assert claim.laws != ("",)
        assert date(2021, 1, 4) <= day <= date(2028, 12, 31)

    @FEW
    @given(drawn.contexts())
    def test_contexts(self, context: Context) -> None:
        """Under any context drawn, the table rules on a request."""
        case = Case.start("A", respondent="MX")
        request = drawn.lawful_events(case)
        assert not request.is_empty
        assert len(list(ROWS)) >= len(context.reading.without)

    def test_shrink(self) -> None:
        """Readings, calendars and registers shrink to ours, to weekends alone, and to none."""
        quiet = settings(database=None, suppress_health_check=list(HealthCheck))
        assert find(drawn.readings(), lambda _: True, settings=quiet) == Reading()
        assert find(drawn.calendars(), lambda _: True, settings=quiet) == Calendar.of_days(
            "drawn", (), source="drawn", first=date(2020, 1, 1), last=date(2060, 12, 31)
        )
        assert find(drawn.registers(), lambda _: True, settings=quiet) == Register()
        assert len(find(drawn.readings(), lambda one: one.roll_over, settings=quiet).differs) == 1

    @FEW
    @given(drawn.starts(), drawn.starts("B-1", ANNEX_31B))
    def test_starts(self, one: Case, other: Case) -> None:
        """New cases stand in assessment, under the Annex and the id that are wished."""
        assert (one.stage, other.id, other.annex) == (Stage.ASSESSMENT, "B-1", ANNEX_31B)


class TestKept:
    """Dockets, records, and records that somebody tampered with."""

    @settings(FEW, max_examples=25)
    @given(drawn.dockets())
    def test_dockets(self, docket: Docket) -> None:
        """A docket holds, and holds cases of at most as many as it may."""
        assert docket.verify().entries == sum(len(docket.history(case)) for case in docket.cases())
        assert len(list(docket.cases())) <= 3

    def test_owners(self) -> None:
        """Some dockets hold cases at facilities of two owners."""

        def owners(docket: Docket) -> set[str]:
            return {str(case.facility.owner) for case in docket.cases() if case.facility is not None}

        quiet = settings(database=None, max_examples=500, suppress_health_check=list(HealthCheck))
        assert len(owners(find(drawn.dockets(), lambda one: len(owners(one)) > 1, settings=quiet))) == 2

    @FEW
    @given(drawn.records())
    def test_records(self, record: bytes) -> None:
        """A record holds, and rebuilds its case."""
        assert verify(record).entries == len(loads(record).path)

    def test_tampered(self) -> None:
        """Every record that somebody tampered with is refused, in each way in which it is done."""
        ways: Counter[str] = Counter()

        @settings(max_examples=300)
        @given(drawn.tampered_records())
        def look(one: drawn.Tampered) -> None:
            ways[one.what] += 1
            with pytest.raises(RecordError):
                loads(one.record)

        look()
        assert set(ways) == {"dropped", "changed", "cut", "swapped", "repeated", "added", "mixed"}


class TestTold:
    """Public histories."""

    @FEW
    @given(drawn.histories())
    def test_whole(self, told: drawn.Told) -> None:
        """A whole history of a lawful case aligns without a deviation."""
        assert align(told.history).deviations == ()

    @FEW
    @given(drawn.patchy_histories())
    def test_patchy(self, told: drawn.Told) -> None:
        """A patchy history of a lawful case aligns without a deviation."""
        assert align(told.history).deviations == ()
