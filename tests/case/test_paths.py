"""Lawful courses through the table."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Final

import attrs
import pytest

from rrm_lifecycle.case import paths as paths_page
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID, ROWS, for_complainant, play
from rrm_lifecycle.case.events import FacilityClosed, HoldBegun, ReviewRequested
from rrm_lifecycle.case.paths import FIRST_DAY, act_for, covering, next_day, paths, shortest, simple, starts, uses
from rrm_lifecycle.errors import EventError, ReadingError
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.entry import Track
from tests.law.cases import at, day

OTHERWISE: Final = Context(
    Reading(
        constituted_by_lot=True,
        out_of_scope_is_no_denial=True,
        scope_objection_declines=True,
        second_case_reopens=True,
    )
)


def again(case: Case, context: Context = DEFAULT) -> Case:
    """Return the case that ``play`` makes of the acts of a course."""
    start = Case.start(
        case.id,
        annex=case.annex,
        complainant=case.opened_with.complainant,
        respondent=case.opened_with.respondent,
    )
    return play(start, *(entry.act for entry in case.acts), context=context)


class TestShortest:
    """One course to a stage, than which none is shorter."""

    @pytest.mark.parametrize("stage", Stage)
    def test_every_stage(self, stage: Stage) -> None:
        """Every stage is reached, by acts that the table admits again; nothing is late on the way."""
        case = shortest(stage)
        assert case.stage is stage
        assert again(case) == case
        assert "within" not in {finding.code for entry in case.acts for finding in entry.findings}

    def test_length(self) -> None:
        """No course of all is shorter than the one that is the shortest."""
        for stage in (Stage.CLOSED, Stage.COURSE_NOTICE_GIVEN, Stage.DENIAL_DETERMINED):
            assert len(shortest(stage).acts) == len(next(paths(to=stage)).acts)
        assert len(shortest(Stage.REMEDIES_IN_FORCE).acts) == 5

    def test_start(self) -> None:
        """A course goes on from a case that is given, and is the case itself where that stands there already."""
        asked = shortest(Stage.REVIEW_REQUESTED, start=Case.start("OTHER-1", annex=ANNEX_31B))
        further = shortest(Stage.UNDER_REVIEW, start=asked)
        assert further.acts[:1] == asked.acts
        assert (further.id, further.annex, len(further.acts)) == ("OTHER-1", ANNEX_31B, 2)
        assert shortest(Stage.REVIEW_REQUESTED, start=asked) is asked

    def test_none(self) -> None:
        """Where no course leads, it is told from where, to where, and under which reading."""
        with pytest.raises(ReadingError, match="no lawful course leads from closed to assessment"):
            shortest(Stage.ASSESSMENT, start=shortest(Stage.CLOSED))
        bound = Context(Reading(treaty_until=FIRST_DAY))
        with pytest.raises(ReadingError, match="treaty_until"):
            shortest(Stage.UNDER_REVIEW, context=bound)

    def test_no_case(self) -> None:
        """What is no case cannot be gone on from, and what is no stage cannot be reached."""
        with pytest.raises(EventError, match="start has to be a case"):
            shortest(Stage.CLOSED, start="SLP-1")  # type: ignore[arg-type]
        with pytest.raises(EventError, match="to has to be one of"):
            paths(to="nowhere")  # type: ignore[arg-type]


class TestPaths:
    """All courses to a stage."""

    def test_shortest_first(self) -> None:
        """Courses come by length, no two alike, each ending where it is to end."""
        found = list(islice(paths(to=Stage.COURSE_RUNNING), 200))
        assert [len(case.acts) for case in found] == sorted(len(case.acts) for case in found)
        assert len({tuple(entry.rule for entry in case.acts) for case in found}) == len(found) == 200
        assert {case.stage for case in found} == {Stage.COURSE_RUNNING}
        assert all(again(case) == case for case in found[:40])

    def test_all_of_them(self) -> None:
        """Up to a length no course is left out: there are as many as a plain count of moves finds."""
        found = list(paths(to=Stage.UNDER_REVIEW, max_length=3))
        rules = sorted("-".join(str(entry.rule) for entry in case.acts) for case in found)
        assert rules == sorted({
            "A4-01a-A4-03a", "A4-01a-A4-03b-A4-03c", "A4-01a-A4-03a-X-03", "A4-01a-A4-03a-X-04a", "A4-01a-A4-03a-A1-01d",
            "A4-01a-X-03-A4-03a", "A4-01a-X-04a-A4-03a", "A4-01a-A1-01d-A4-03a", "US-03-A4-01b-A4-03a",
            "X-04a-A4-01a-A4-03a",
        })  # fmt: skip

    def test_facts_once(self) -> None:
        """A row that leaves the case where it stands is used once in a course at most."""
        for case in islice(paths(to=Stage.REVIEW_REQUESTED, max_length=5), 100):
            stays = [entry.rule for entry in case.acts if ROW_BY_ID[entry.rule or ""].to is None]
            assert len(stays) == len(set(stays))

    def test_under_a_reading(self) -> None:
        """A course is lawful under the reading that it is searched under."""
        assert next(paths(to=Stage.PANEL_CONSTITUTED)).acts[-1].rule == "A5-02c"
        assert next(paths(to=Stage.PANEL_CONSTITUTED, context=OTHERWISE)).acts[-1].rule == "A5-02b"

    def test_no_act_of_the_hold(self) -> None:
        """A course that goes on from a case with a hold says nothing of the hold."""
        begun = play(shortest(Stage.REVIEW_REQUESTED), HoldBegun(date(2024, 1, 9)))
        found = list(paths(to=Stage.UNDER_REVIEW, start=begun, max_length=2))
        assert len(found) > 1
        assert {entry.track for case in found for entry in case.acts[len(begun.acts) :]} == {Track.CASE}

    def test_most(self) -> None:
        """No course is longer than it may be."""
        assert {len(case.acts) for case in paths(to=Stage.NO_DENIAL_REPORTED, max_length=4)} == {3, 4}
        assert list(paths(to=Stage.REMEDIES_IN_FORCE, max_length=4)) == []


class TestSimple:
    """Courses that are in no stage twice."""

    @pytest.mark.parametrize("stage", [Stage.DELIBERATING, Stage.COURSE_RUNNING, Stage.CLOSED])
    def test_no_stage_twice(self, stage: Stage) -> None:
        """Each act changes the stage, and no stage comes again."""
        for case in islice(simple(stage), 150):
            stages = [Stage.ASSESSMENT, *(entry.to for entry in case.acts)]
            assert len(stages) == len(set(stages))
            assert stages[-1] is stage

    def test_ends(self) -> None:
        """The search ends by itself once all are found."""
        found = list(simple(Stage.NO_DENIAL_REPORTED))
        assert [len(case.acts) for case in found] == [3, 4, 4, 5, 5, 6]
        assert [case.stage for case in simple(Stage.ASSESSMENT)] == [Stage.ASSESSMENT]


class TestActs:
    """An act says what a row asks for."""

    def test_facility(self) -> None:
        """A request names the facility that is asked for; else that of the case; else one of the respondent Party."""
        row, case = ROW_BY_ID["A4-01b"], shortest(Stage.REQUEST_DUE)
        assert case.facility is not None
        mine = attrs.evolve(case.facility, name="Planta Dos")
        assert getattr(act_for(row, FIRST_DAY, case, mine), "facility", None) is mine
        assert getattr(act_for(row, FIRST_DAY, case), "facility", None) is case.facility
        other = act_for(ROW_BY_ID["A4-01a"], FIRST_DAY, Case.start("PATH-1", respondent="US"))
        assert isinstance(other, ReviewRequested)
        assert other.facility is not None
        assert other.facility.country == "US"

    @pytest.mark.parametrize(("n", "until"), [(0, 20), (10, 20), (15, 25)])
    def test_extension(self, n: int, until: int) -> None:
        """A limit is extended by ten days, from its last day or from the act, whichever is later."""
        case = shortest(Stage.REVIEW_REQUESTED)
        asked = case.acts[-1].act.on
        act = act_for(ROW_BY_ID["X-03"], asked + timedelta(n), case)
        assert (getattr(act, "term", None), getattr(act, "until", None)) == ("reply", asked + timedelta(until))

    @pytest.mark.parametrize(("last", "wait", "n"), [(9, 1, 10), (10, 1, 10), (20, 1, 21), (20, 25, 45), (20, 30, 45)])
    def test_next_day(self, last: int, wait: int, n: int) -> None:
        """The next act waits no longer than to the end of a limit that still runs; one that is over holds it up no more."""
        assert next_day(at(Stage.REVIEW_REQUESTED, FacilityClosed(day(last))), wait) == day(n)

    def test_enforced_order(self) -> None:
        """A request names an enforced order where the facility lies outside Mexico, and none where it lies there."""
        orders = {}
        for party in ("MX", "US"):
            act = act_for(ROW_BY_ID["A4-01a"], FIRST_DAY, Case.start("PATH-1", respondent=party))
            orders[party] = getattr(act, "enforced_order", NOT_STATED)
        assert orders == {"MX": None, "US": "an enforced order of the board"}

    def test_next_day_of_a_new_case(self) -> None:
        """The first act is on the first day."""
        assert next_day(Case.start("PATH-1")) == FIRST_DAY


class TestCovering:
    """A few courses that use every row."""

    def test_every_row(self) -> None:
        """Under our reading and one that differs where rows do, every row of both tables is used."""
        ours = {entry.rule for case in covering() for entry in case.acts}
        otherwise = {entry.rule for case in covering(context=OTHERWISE) for entry in case.acts}
        assert {row.id for row in ROWS} - ours == {"A4-04c", "A5-02b", "A5-02d", "A8-06c", "A10-08e", "X-05"}
        assert {row.id for row in ROWS} - otherwise == {"A5-02a", "A5-03", "A5-02c", "A8-06b", "A10-08d"}

    def test_lawful(self) -> None:
        """Each course is admitted again act by act, in order of days, and there are fewer of them than rows."""
        suite = covering()
        for case in suite:
            assert again(case) == case
            days = [entry.act.on for entry in case.acts]
            assert all(one <= two for one, two in pairwise(days))
        assert len(suite) < 55
        assert max(len(case.acts) for case in suite) <= 10

    def test_uses(self) -> None:
        """Each row comes with a course that ends with it."""
        for rule, case in uses().items():
            assert case.acts[-1].rule == rule

    def test_without(self) -> None:
        """A row that is switched off is used by none, and neither is what it alone leads to."""
        used = uses(context=Context(Reading(without={"A4-13", "X-06"})))
        assert {"A4-13", "A4-14b", "A6-02c", "X-06"}.isdisjoint(used)
        assert len(used) == 73

    @pytest.mark.parametrize("context", [DEFAULT, OTHERWISE], ids=["ours", "otherwise"])
    def test_rows_that_stand_for_a_start(self, context: Context) -> None:
        """Looked for are all rows that stand for the Parties of a start under the reading, those of the hold too."""
        stand = [row for row in ROWS if row.under is None or getattr(context.reading, row.under[0]) == row.under[1]]
        for start in starts():
            assert paths_page._rows_of(start, context) == {row.id for row in stand if for_complainant(row, start)}

    def test_starts(self) -> None:
        """There is one start under each Annex."""
        assert [case.annex.name for case in starts()] == ["31-A", "31-B"]
