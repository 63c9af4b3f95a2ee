"""Lawful courses through the table."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Final

import pytest

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID, ROWS, play
from rrm_lifecycle.case.paths import FIRST_DAY, covering, paths, shortest, simple, starts, uses
from rrm_lifecycle.errors import EventError, ReadingError
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage

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

    def test_starts(self) -> None:
        """There is one start under each Annex."""
        assert [case.annex.name for case in starts()] == ["31-A", "31-B"]
