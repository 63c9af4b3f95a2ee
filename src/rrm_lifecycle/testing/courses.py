"""Strategies for cases: lawful ones at a wished stage or phase, and by every row of the table."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Party, member
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import ROW_BY_ID, rows_at
from rrm_lifecycle.case.paths import next_day, paths, shortest, starts, use, uses
from rrm_lifecycle.errors import ReadingError
from rrm_lifecycle.law.annexes import Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.terms import CONSULTATIONS, LIFTING_BAR, REPLY, VERIFICATION_CALL, VERIFICATION_VISIT
from rrm_lifecycle.testing.drawing import st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

OTHERWISE: Final = Context(
    Reading(
        constituted_by_lot=True, out_of_scope_is_no_denial=True, scope_objection_declines=True, second_case_reopens=True,
    )
)  # fmt: skip
"""The reading under which those rows stand that do not stand under ours."""
_CONTEXTS: Final = (
    DEFAULT,
    OTHERWISE,
    Context(Reading(roll_over=True, closing_days="either", own_findings_count=True)),
    Context(Reading(terms=[REPLY.set(12), CONSULTATIONS.off(), LIFTING_BAR.set(), VERIFICATION_CALL.set()])),
    Context(Reading(late_panel_loses_authority=True, terms=[VERIFICATION_VISIT.set()])),
)
_WAITS: Final = (1, 0, 3, 12, 50)
_SELDOM: Final = 220
"""An act that closes the case is done after the course it was to go in one of seven draws."""


@frozen
class Course:
    """A lawful case, and what it was decided under.

    Attributes:
        case: The case.
        context: Reading, calendar and register.
    """

    case: Case
    context: Context

    def __repr__(self) -> str:
        """Return the course, a line an act."""
        lines = [f"Course under {self.context.reading!r}: {self.case!r}"]
        lines += [f"    {entry.act.on} {type(entry.act).__name__} by row {entry.rule}" for entry in self.case.acts]
        return "\n".join(lines)


@frozen(eq=False)  # drawing looks at hashes, and that of a row is long in the making
class _Goal:
    start: Case
    rows: tuple[Row, ...]
    context: Context
    ends: Stage


def _goal(case: Case, context: Context) -> _Goal:
    start = Case.start(
        "CASE-1", annex=case.annex, complainant=case.opened_with.complainant, respondent=case.opened_with.respondent
    )
    return _Goal(start, tuple(ROW_BY_ID[entry.rule or ""] for entry in case.acts), context, case.stage)


@lru_cache(maxsize=64)
def _to_rows(context: Context) -> tuple[_Goal, ...]:
    return tuple(_goal(case, context) for case in uses(context=context).values())


@lru_cache(maxsize=256)
def _to_stage(stage: Stage, context: Context) -> tuple[_Goal, ...]:
    found = []
    for start in starts():
        try:
            shortest(stage, start=start, context=context)
        except ReadingError:
            continue
        found += [_goal(case, context) for case in islice(paths(to=stage, start=start, context=context), 24)]
    if stage is Stage.CLOSED:  # closes lie near everywhere: so each course to a row is closed too
        for case in uses(context=context).values():
            if not case.is_closed:
                found.append(_goal(shortest(stage, start=case, context=context), context))
    return tuple(found + [goal for goal in _to_rows(context) if goal.ends is stage])


def _goals(stage: Stage | None, phase: Phase | None, annex: Annex | None, context: Context | None) -> list[_Goal]:
    asked = (DEFAULT, OTHERWISE) if context is None else (context,)
    wanted = [one for one in Stage if stage in {None, one} and phase in {None, one.phase}]
    found: list[_Goal] = []
    if stage is None and phase is None:
        seen: set[str] = set()
        for one in asked:  # the second reading adds the rows that do not stand under the first
            for goal in _to_rows(one):
                if goal.rows[-1].id not in seen:
                    seen.add(goal.rows[-1].id)
                    found.append(goal)
    else:
        found = [goal for one in wanted for goal in _to_stage(one, asked[0])]
    found = [goal for goal in found if annex is None or goal.start.annex is annex]
    if not found:
        places = stage or phase or "any stage"
        msg = f"cases were asked for in {places}, and under {asked[0].reading!r} no lawful course leads there"
        raise ReadingError(msg)
    return sorted(found, key=lambda goal: len(goal.rows))


def _step(row: Row, case: Case, context: Context, wait: int, facility: CoveredFacility | None) -> Case | None:
    day = next_day(case) if case.opened is None else max(next_day(case, 0), next_day(case, wait))
    entry = use(row, case, context, day, facility) or (use(row, case, context, None, facility) if wait > 1 else None)
    return None if entry is None else evolve(case, entry)


def _further(case: Case, context: Context, byte: int, *, stay: bool) -> Case | None:
    rows = [one.row for of_hold in (False, True) for one in rows_at(case, of_hold=of_hold, context=context)]
    if stay:
        rows = [row for row in rows if row.to is None or row.event.of_hold]
    elif byte < _SELDOM:
        rows = [row for row in rows if row.to is not Stage.CLOSED]
    if not rows:
        return None
    return _step(rows[byte // len(_WAITS) % len(rows)], case, context, _WAITS[byte % len(_WAITS)], None)


_MARKS: Final = st.binary(max_size=16)
_PLANTS: Final = {
    party: st.sampled_from((
        None,
        CoveredFacility("Planta Dos", party, sector="mining", goods_traded=True),
        CoveredFacility("Nave Ñandú", party, sector="manufacturing", goods_traded=True, owner="Owner", goods=("ore",)),
        CoveredFacility("Centro 4", party, sector="services", goods_traded=True, competes=True, owner="OWNER"),
        CoveredFacility("Plant 5", party, sector=NOT_STATED, goods_traded=NOT_STATED),
    ))
    for party in Party
}  # fmt: skip
"""Covered as far as is stated, so that the rows of a course admit its acts at each."""


@st.composite
def _courses(
    draw: st.DrawFn, goals: SearchStrategy[_Goal], context: Context | None, case_id: str, *, stay: bool
) -> Course:
    goal = draw(goals)
    marks = draw(_MARKS)
    facility = draw(_PLANTS[goal.start.respondent or Party.MX])
    given = context or goal.context
    if context is None and not stay and marks[:1] >= b"\xc0":
        given = _CONTEXTS[marks[0] % len(_CONTEXTS)]
    case = goal.start if case_id == goal.start.id else attrs.evolve(goal.start, id=case_id)
    for number, row in enumerate(goal.rows):
        wait = _WAITS[marks[number] % len(_WAITS)] if number < len(marks) else 1
        case = _step(row, case, given, wait, facility) or case
    for byte in marks[len(goal.rows) :]:
        case = _further(case, given, byte, stay=stay) or case
    return Course(case, given)


def courses(
    *,
    stage: Stage | str | None = None,
    phase: Phase | str | None = None,
    annex: Annex | None = None,
    context: Context | None = None,
    case_id: str = "CASE-1",
) -> SearchStrategy[Course]:
    """Draw lawful cases with what they were decided under. They shrink to the shortest course without waits.

    Each follows a shortest course to a row of the table, drawn evenly, with waits, and then goes on at random; so a few
    hundred examples use every row.

    Args:
        stage: Where each is to stand; anywhere if None.
        phase: In which phase; in any if None.
        annex: The Annex; either if None.
        context: What to decide under; one of a few readings if None, ours first.
        case_id: Id of the cases.

    Raises:
        EventError: There is no such stage or phase.
        ReadingError: Under this reading no course leads there.
    """
    at = None if stage is None else member(Stage, stage, "stage")
    within = None if phase is None else member(Phase, phase, "phase")
    goals = st.sampled_from(_goals(at, within, annex, context))  # made here, not while the first example is drawn
    return _courses(goals, context, case_id, stay=at is not None or within is not None)


def cases(
    *,
    stage: Stage | str | None = None,
    phase: Phase | str | None = None,
    annex: Annex | None = None,
    context: Context = DEFAULT,
    case_id: str = "CASE-1",
) -> SearchStrategy[Case]:
    """Draw lawful cases under one reading; as :func:`courses`."""
    drawn = courses(stage=stage, phase=phase, annex=annex, context=context, case_id=case_id)
    return drawn.map(lambda course: course.case)


def closed_cases(*, annex: Annex | None = None, context: Context = DEFAULT) -> SearchStrategy[Case]:
    """Draw whole lawful cases, from the first act to the close."""
    return cases(stage=Stage.CLOSED, annex=annex, context=context)
