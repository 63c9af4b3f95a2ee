"""The table as a graph, and what holds of all its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Party, Role
from rrm_lifecycle.case.engine import HOLD_MACHINE, MACHINE, ROW_BY_ID, ROWS, build
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.errors import TableError
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.guards import Ended, Force, Guard, Lapsed, Waited, Within
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row, Rows
from rrm_lifecycle.law.stages import Closing, Hold, Phase
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import COURSE_NOTICE, PANEL_DECISION, REPLY, REVIEW, TERMS
from tests.law.cases import ROUTES, at, case_of

DEFAULT = Reading()


def stands(row: Row, complainant: Party | None = None) -> bool:
    """Return whether a row stands under the default reading, for a complainant."""
    under = row.under is None or getattr(DEFAULT, row.under[0]) == row.under[1]
    return under and (complainant is None or row.only in {None, complainant})


def reached(complainant: Party, start: S = S.ASSESSMENT) -> set[S]:
    """Return the stages to which acts lead from a stage."""
    seen, left = {start}, [start]
    while left:
        place = left.pop()
        for row in TABLE:
            if place in row.stages and stands(row, complainant) and isinstance(row.to, S) and row.to not in seen:
                seen.add(row.to)
                left.append(row.to)
    return seen


def edges() -> Iterator[tuple[Row, S]]:
    """Yield each row with each stage it stands in."""
    for row in TABLE:
        for place in row.stages:
            assert isinstance(place, S)
            yield row, place


class TestGraph:
    """Every stage is reached, and every stage leads to a close."""

    @pytest.mark.parametrize("complainant", [Party.US, Party.CA])
    def test_every_stage_is_reached(self, complainant: Party) -> None:
        """Every stage is reached from ASSESSMENT under either Annex."""
        assert reached(complainant) == set(S)

    def test_mexico_has_no_domestic_stages(self) -> None:
        """Where Mexico is the complainant, every stage is reached but the two of another Party's domestic law."""
        assert reached(Party.MX) == set(S) - {S.PETITION_REVIEW, S.REQUEST_DUE}

    @pytest.mark.parametrize("complainant", list(Party))
    @pytest.mark.parametrize("stage", list(S))
    def test_every_stage_leads_to_a_close(self, stage: S, complainant: Party) -> None:
        """The stage leads to CLOSED, whoever is the complainant."""
        assert S.CLOSED in reached(complainant, stage)

    def test_closed_has_no_way_out(self) -> None:
        """A closed case has no way out under the default reading; X-05 alone stands there under another."""
        assert [row.id for row, place in edges() if place is S.CLOSED and stands(row)] == []
        assert [row.id for row, place in edges() if place is S.CLOSED] == ["X-05"]

    def test_closings_all_happen(self) -> None:
        """Each way of closing is the way of some row."""
        assert {row.closes for row in TABLE} - {None} == set(Closing)

    def test_every_act_is_provided_for(self) -> None:
        """Each act of the page of events stands in some row."""
        assert {row.event for row in ROWS} == set(EVENTS.values())

    def test_hold_moves_once(self) -> None:
        """The hold goes from none to suspended, and from there to resumed or applied."""
        moves = {(row.stages, row.to) for row in CUSTOMS}
        assert moves == {
            ((Hold.NONE,), Hold.SUSPENDED), ((Hold.SUSPENDED,), Hold.RESUMED), ((Hold.SUSPENDED,), Hold.APPLIED)
        }  # fmt: skip

    def test_machines_hold_every_row(self) -> None:
        """The machines have one transition for each row and each stage it stands in, in table order."""
        for machine, rows in ((MACHINE, TABLE), (HOLD_MACHINE, CUSTOMS)):
            held = [
                one for event in machine.events.values() for several in event.transitions.values() for one in several
            ]
            assert len(held) == sum(len(row.stages) for row in rows)

    @pytest.mark.parametrize("stage", list(S))
    def test_routes_reach_what_they_name(self, stage: S) -> None:
        """A run of acts leads to the stage, and nothing in it is noted."""
        case = at(stage)
        assert case.stage is stage
        assert [finding.code for entry in case.acts for finding in entry.findings] == []


class TestPhases:
    """Five phases, and 26 stages in them."""

    def test_phases(self) -> None:
        """The stages of each phase are those of the design's page."""
        names = {phase: [stage.code for stage in S if stage.phase is phase] for phase in Phase}
        assert names == {
            Phase.REQUEST_FOR_REVIEW: ["D0", "D1", "D2", "T1", "T2", "T3", "T4"],
            Phase.REMEDIATION: ["T5", "T5c", "T5p", "T7", "T9", "T10"],
            Phase.PANEL: ["P1", "P2", "P3", "PX", "P4", "P5", "P6", "P7", "P8"],
            Phase.SANCTIONS: ["R0", "R1", "R2"],
            Phase.RESOLVED: ["C"],
        }

    def test_values_are_names(self) -> None:
        """The value of each stage, phase, closing and place of the hold is its name in lower case."""
        for kind in (Phase, S, Closing, Hold):
            assert all(one.value == one.name.lower() for one in kind)

    @pytest.mark.parametrize(
        ("stage", "closing"),
        [
            (S.PETITION_REVIEW, Closing.SETTLED_BEFORE_REQUEST), (S.REQUEST_DUE, Closing.SETTLED_BEFORE_REQUEST),
            (S.REVIEW_REQUESTED, Closing.RESOLVED_IN_REVIEW), (S.UNDER_REVIEW, Closing.RESOLVED_IN_REVIEW),
            (S.CURED_DENIAL_REPORTED, Closing.RESOLVED_IN_REVIEW), (S.NO_DENIAL_REPORTED, Closing.NO_DENIAL_AGREED),
            (S.COURSE_RUNNING, Closing.COURSE_COMPLETED), (S.DENIAL_DETERMINED, Closing.REMEDIATED_AFTER_DETERMINATION),
            (S.REMEDIES_IN_FORCE, Closing.REMEDIATED_AFTER_REMEDY), (S.LIFTING_DISPUTED,
             Closing.REMEDIATED_AFTER_REMEDY),
        ],
    )  # fmt: skip
    def test_settling_closes(self, stage: S, closing: Closing) -> None:
        """Settling in the stage closes the case in the way that the rulebook lists."""
        assert case_of(*ROUTES[stage], did.MatterSettled(at(stage).acts[-1].act.on)).closing is closing

    def test_settling_elsewhere(self) -> None:
        """Settling in any other treaty stage closes the case as SETTLED; in ASSESSMENT nothing can be settled."""
        settles = {place: row.closes for row, place in edges() if row.event is did.MatterSettled}
        assert set(S) - set(settles) == {S.ASSESSMENT, S.CLOSED}
        assert sum(closing is Closing.SETTLED for closing in settles.values()) == len(settles) - 10


class TestRows:
    """What holds of all rows."""

    def test_ids(self) -> None:
        """The ids of the rows are all different."""
        assert len(ROW_BY_ID) == len(ROWS)

    def test_order(self) -> None:
        """No row is shadowed by an earlier one in the same stage that bars nothing more than it does."""

        def barring(row: Row) -> set[Guard]:
            return {guard for guard in row.requires if guard.force is Force.BARS}

        shadowed = [
            (earlier.id, later.id)
            for earlier, later in combinations([row for row in ROWS if stands(row)], 2)
            if earlier.event is later.event
            and set(earlier.stages) & set(later.stages)
            and earlier.only in {None, later.only}
            and earlier.having in {None, later.having}
            and barring(earlier) <= barring(later)
        ]
        assert shadowed == []

    @pytest.mark.parametrize(("term", "stage"), [(REPLY, S.REVIEW_REQUESTED), (REVIEW, S.UNDER_REVIEW)])
    def test_stopped_unanswered(self, term: object, stage: S) -> None:
        """A row that stops the respondent's limit where it runs looks at it once, unless it requires its lapse."""
        for row, place in edges():
            if place is stage and term in row.stops and Lapsed(term) not in row.requires:
                assert [guard.term for guard in row.requires if isinstance(guard, Within)].count(term) == 1, row.id

    def test_respondents_panel_does_not_stop_the_notice(self) -> None:
        """A4-13 does not stop the 15-day notice, on which a remedy after that panel rests."""
        assert COURSE_NOTICE not in ROW_BY_ID["A4-13"].stops

    def test_remedies_wait_for_the_course_notice(self) -> None:
        """Every row that imposes remedies waits for the 15-day notice where it runs."""
        rows = [row for row in TABLE if row.event is did.RemediesImposed]
        assert len(rows) == 3
        assert all(Waited(COURSE_NOTICE) in row.requires for row in rows)

    def test_panel_decision(self) -> None:
        """The 60 days of US-07 start on PetitionAccepted alone; a PanelRequested or a close alone stops them."""
        assert [row.id for row in TABLE if PANEL_DECISION in row.starts] == ["US-06"]
        for row in TABLE:
            if PANEL_DECISION in row.stops:
                assert row.event is did.PanelRequested or row.to is S.CLOSED, row.id

    def test_every_panel_request_stops_the_decision(self) -> None:
        """Every request for a panel stops the 60 days of US-07; the complainant's are noted where they are over."""
        for row in TABLE:
            if row.event is did.PanelRequested:
                assert PANEL_DECISION in row.stops, row.id
                late = [guard for guard in row.requires if isinstance(guard, Within) and guard.term is PANEL_DECISION]
                assert len(late) == (row.who is Role.COMPLAINANT), row.id

    def test_limits_that_are_started_are_stopped(self) -> None:
        """Every term that a row starts is stopped by a row that does not close the case, the 60 days apart."""
        started = {term for row in ROWS for term in row.starts}
        stopped = {term for row in ROWS if row.to is not S.CLOSED for term in row.stops}
        assert started <= stopped
        assert {term.name for term in set(TERMS) - started} == {"bad_faith"}

    def test_a_rights_lapse(self) -> None:
        """One at-most limit bars: the respondent's ten days for a panel after the notice."""
        barring = [
            guard for row in ROWS for guard in row.requires if isinstance(guard, Within) and guard.force is Force.BARS
        ]
        assert [guard.term.name for guard in barring] == ["respondent_panel"]


_ROW = ROW_BY_ID["A4-03a"]
_BROKEN = {
    "id of an earlier row": (_ROW, _ROW),
    "stages of Stage": (attrs.evolve(_ROW, stages=()),),
    "in stages of Stage": (attrs.evolve(_ROW, stages=(Hold.NONE,)),),
    "lead to a Stage": (attrs.evolve(_ROW, to=Hold.NONE),),
    "how it closes": (attrs.evolve(_ROW, to=S.CLOSED, stops=TERMS),),
    "and only there": (attrs.evolve(_ROW, closes=Closing.SETTLED),),
    "stop every limit": (attrs.evolve(_ROW, to=S.CLOSED, closes=Closing.SETTLED),),
    "other track": (attrs.evolve(_ROW, event=did.HoldBegun),),
    "ReviewAccepted has not": (attrs.evolve(_ROW, having=("ground", None)),),
    "no choice of a reading": (attrs.evolve(_ROW, under=("treaty_until", None)),),
}


class TestContradictions:
    """A table that contradicts itself is refused when the library is imported."""

    @pytest.mark.parametrize("wrong", _BROKEN)
    def test_names_the_row(self, wrong: str) -> None:
        """The error names the row and what is wrong with it."""
        with pytest.raises(TableError, match=wrong) as raised:
            build(_BROKEN[wrong], S)
        assert str(raised.value).startswith("row A4-03a (")

    def test_hold_rows_lead_to_holds(self) -> None:
        """A row of the hold that leads to a stage of the case is refused."""
        with pytest.raises(TableError, match="row A4-02 "):
            build((attrs.evolve(ROW_BY_ID["A4-02"], to=S.UNDER_REVIEW),), Hold)

    def test_states(self) -> None:
        """A machine has a state for each place, and no other."""
        assert set(build(TABLE, S).states) == {one.name for one in S}
        assert set(build(CUSTOMS, Hold).states) == {one.name for one in Hold}

    def test_rows_one_by_one(self) -> None:
        """Rows that can be read only once make the same machine as a table of them."""
        assert build(iter(TABLE), S).events.keys() == build(TABLE, S).events.keys()

    def test_the_tables_stand(self) -> None:
        """The tables that ship do not contradict themselves."""
        assert len(build(TABLE, S).events) + len(build(CUSTOMS, Hold).events) == len(EVENTS)


class TestForce:
    """Lateness is noted; of all time limits one bars, by whose lapse a right is lost (A4-13)."""

    def test_one_time_limit_bars(self) -> None:
        """The respondent's panel request after the notice is the one act that a missed limit bars."""
        barring = {
            (row.id, guard.term.name)
            for row in (*TABLE, *CUSTOMS)
            for guard in row.requires
            if isinstance(guard, Within) and guard.force is Force.BARS
        }
        assert barring == {("A4-13", "respondent_panel")}

    def test_the_end_of_a_course_bars_the_notice_alone(self) -> None:
        """Before the agreed end the notice of 15 days is barred; that the course failed may be said, and is noted."""
        force = {row.id: guard.force for row in TABLE for guard in row.requires if isinstance(guard, Ended)}
        assert force == {"A4-12a": Force.NOTES, "A4-12b": Force.BARS, "X-05": Force.BARS}


class TestSecondList:
    """What each row does stands a second time in a list, so that no slip of the pen moves a case."""

    def test_rows_do_what_the_list_says(self) -> None:
        """Act, actor, next stage, closing and started limits: whoever changes a row changes the list, on purpose."""
        path = Path(__file__).parents[1] / "data" / "rows.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            listed = [tuple(line) for line in csv.reader(lines)][1:]
        assert listed == [
            (
                row.id,
                row.event.__name__,
                row.who.value,
                "stays" if row.to is None else row.to.value,
                row.closes.value if row.closes else "",
                " ".join(term.name for term in row.starts),
            )
            for row in (*TABLE, *CUSTOMS)
        ]


class TestShown:
    """A table says in a line what it holds."""

    def test_repr(self) -> None:
        """How many rows, and the first and the last of them; of no rows, that there are none."""
        assert repr(CUSTOMS) == "<Rows: 3, A4-02 to US-10>"
        assert repr(Rows()) == "<Rows: 0>"

    def test_is_a_tuple(self) -> None:
        """It equals the tuple of its rows, and any other table with the same."""
        assert tuple(CUSTOMS) == CUSTOMS
        assert Rows(tuple(CUSTOMS)) == CUSTOMS
