"""From law and behaviour to a program: places, found by moving representative cases with ``decide``.

No rule of law stands here. A place is a stage with what the rules ahead will ask (:mod:`.ahead`); whether and from which
day a row admits an act is for ``decide`` to say, asked on the few days on which the answer can change. Days count from
the act before, so a representative case stands on a base day, a Monday, with its limits moved along.

What hangs on the date itself is no part of a program: public holidays, the end of the treaty, a bar after a finding of
bad faith. A path that is dated is decided again, with all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from math import fsum
from typing import Any, Final

import attrs
import numpy as np
from numpy.typing import NDArray

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import Checked, decide
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.terms import COURSE
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.ahead import Asked, look_ahead, says_nothing_new, standing
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import whole_day
from rrm_lifecycle.simulation.folding import Moves, Node, fold
from rrm_lifecycle.simulation.habits import Habit
from rrm_lifecycle.simulation.program import WHOLE, Place, Program
from rrm_lifecycle.simulation.representing import BASE, COURSE_END, OVER, known_of, left_of, moved_by, on_base, undated
from rrm_lifecycle.simulation.ways import OF_THE_WEEK, Key, Run, Step, Way

MOST_PLACES: Final = 20_000
"""The most places that a program may have."""
MOST_MOVES: Final = 5_000_000
"""The most moves that a program may have."""
_WEEK: Final = 7
_PHASES: Final = tuple(Phase)
_COURSES: Final = (did.CourseAgreed, did.CourseExtended)


def compile_program(
    behaviour: Behaviour | None = None,
    *,
    context: Context | None = None,
    start: Case | None = None,
    spent: int = 0,
) -> Program:
    """Return the program of a behaviour, bounded by the law.

    An act has a chance only on days on which ``decide`` admits it: the days of its :class:`.Habit` are taken given that
    they lie there, and where they have no chance there, the nearest day that is admitted. A row that is admitted on no
    day leaves its share to the other rows of the same act in the stage; where there is none, to all others in
    proportion.

    Args:
        behaviour: What people do; the default behaviour if None.
        context: Reading, calendar and register; our defaults if None. The calendar is left aside, see above.
        start: The case from which paths start; a new case under Annex 31-A if None.
        spent: Days since the last act of ``start``, with nothing done: they are counted already.

    Raises:
        SimulationError: The start is closed; a path can come to a stand, or go round for ever; or there are more than
            20,000 places or 5,000,000 moves.
        BehaviourError: ``spent`` is no number of days.

    Example:
        >>> program = compile_program()
        >>> program.places[program.start].stage
        <Stage.ASSESSMENT: 'assessment'>
    """
    behaviour = Behaviour.default() if behaviour is None else behaviour
    case = opening() if start is None else start
    if case.is_closed:
        msg = f"case {case.id} is closed: a path starts where something can still be done"
        raise SimulationError(msg)
    return _Building(behaviour, undated(context or DEFAULT), case, whole_day(spent, "spent")).program()


class _Building:
    """A program being built: the places found so far, with a case that stands in each, and those to look at yet."""

    def __init__(self, behaviour: Behaviour, context: Context, case: Case, spent: int) -> None:
        self.course = behaviour.course
        self.context = context
        self.spent = spent
        self.start = case
        self.stages = standing(behaviour.stages, case, context)
        self.usual_course, self.longest_course = behaviour.course.quantile(0.5), behaviour.course.longest
        self.ahead = look_ahead(case, self.stages, context)
        rows = dict.fromkeys(one.row.id for several in self.ahead.rows.values() for one in several)
        self.rules = {name: number for number, name in enumerate(rows)}
        self.nodes: list[Node] = []
        self.cases: list[tuple[Case, ...]] = []
        self.found: dict[Key, int] = {}
        self.left: deque[int] = deque()
        self.places = 0
        self.moves = 0

    def program(self) -> Program:
        """Return the program."""
        reached = max(_PHASES.index(stage.phase) for stage in _stages(self.start))
        first = on_base(self.start)
        self._add(self._key(first, _PHASES[reached], first.last_day or BASE), (first,))
        self.found.clear()  # a path may come back to where it starts; the days spent there count for the start alone
        while self.left:
            number = self.left.popleft()
            node = self.nodes[number]
            for place, case in zip(node.places, self.cases[number], strict=True):
                node.moves.append(self._moves(place, case, self.spent if number == 0 else 0))
                self.moves += len(node.moves[-1].target)
            if self.moves > MOST_MOVES:
                raise self._too_many(f"{MOST_MOVES:,} moves")
        return fold(self.nodes, tuple(self.rules))

    # ---- places --------------------------------------------------------------------------------------------------
    def _key(self, case: Case, reached: Phase, today: date) -> Key:
        facts, left = known_of(case, self.ahead.asked[case.stage], today)
        clipped = {name: max(days, OVER) for name, days in left.items()}
        return (case.stage, reached, case.closing, tuple((facts | clipped).items()))

    def _add(self, key: Key, cases: tuple[Case, ...]) -> int:
        stage, reached, closing, facts = key
        places = tuple(
            Place(stage, reached, closing, self._facts_of(case, facts), day if len(cases) == _WEEK else None)
            for day, case in enumerate(cases)
        )
        number = self.found[key] = len(self.nodes)
        self.nodes.append(Node(places))
        self.cases.append(tuple(on_base(case) for case in cases))
        self.places += len(places)
        if self.places > MOST_PLACES:
            raise self._too_many(f"{MOST_PLACES:,} places")
        if stage is Stage.CLOSED:
            self.nodes[number].moves.append(Moves.none())
        else:
            self.left.append(number)
        return number

    def _facts_of(self, case: Case, facts: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
        by_term = {one.term: one.due for one in case.limits}
        today = case.last_day or BASE
        return tuple(
            (name, left_of(by_term[name], today) if value == OF_THE_WEEK else value)  # type: ignore[arg-type]
            for name, value in facts
        )

    def _too_many(self, most: str) -> SimulationError:
        values: dict[str, set[Any]] = {}
        for node in self.nodes:
            for place in node.places:
                for name, value in place.facts:
                    values.setdefault(name, set()).add(value)
        told = ", ".join(
            f"{name} ({len(values[name])} values)" for name in sorted(values, key=lambda n: -len(values[n]))
        )
        msg = (
            f"the program has more than {most}; what rules ahead ask about makes them many: {told}. "
            "Fewer lengths of a course (Behaviour.with_course), or days on fewer values (Days.thinned), make it smaller"
        )
        return SimulationError(msg)

    # ---- moves ---------------------------------------------------------------------------------------------------
    def _moves(self, place: Place, case: Case, spent: int) -> Moves:
        habits = self.stages.get(place.stage)
        if not habits:
            msg = (
                f"a path comes to the stage '{place.stage.value}', and the behaviour says nothing of what is done there"
            )
            raise SimulationError(msg)
        steps = [step for run in self._runs(place, case, habits, spent) for step in self._steps(place, case, run)]
        units = _units(np.concatenate([step.weights for step in steps]))
        chunks = []
        for step in steps:
            mine, units = units[: len(step.weights)], units[len(step.weights) :]
            kept = mine > 0
            if kept.any():
                target = self._target(case, step, int(step.days[kept][0]))
                chunks.append((target, step.days[kept] - spent, mine[kept], self.rules[step.row.id]))
        return Moves.of(chunks)

    def _runs(self, place: Place, case: Case, habits: Any, spent: int) -> list[Run]:  # noqa: ANN401 - habits by row
        found: list[Run] = []
        lost: dict[type, float] = {}
        for checked in self.ahead.rows[place.stage]:
            habit: Habit = habits[checked.row.id]
            span = self._admitted(case, checked)
            if (
                span is None
                or (span[1] is not None and span[1] < spent)
                or self._told_already(case, checked.row, span[0])
            ):
                lost[checked.row.event] = lost.get(checked.row.event, 0.0) + habit.share
                continue
            days = habit.days.within(max(span[0], spent), span[1])
            found.append(Run(checked.row, days, habit.share))
        if not found:
            rows = [one.row for one in self.ahead.rows[place.stage]]
            acts = ", ".join(f"{row.event.__name__} ({row.id})" for row in rows)
            msg = (
                f"a path comes to a stand in the stage '{place.stage.value}'{_told(place)}: the law admits on no day what "
                f"the behaviour does there ({acts or 'nothing'}); give another act a share there"
            )
            raise SimulationError(msg)
        for event, share in lost.items():
            same = fsum(run.weight for run in found if run.row.event is event)
            found = [
                attrs.evolve(run, weight=run.weight * (1.0 + share / same)) if same and run.row.event is event else run
                for run in found
            ]
        return found

    def _ruling(self, case: Case, row: Row, day: int, course: int) -> Entry | None:
        act = act_of(row, BASE + timedelta(day), case, self.context, course)
        ruling = decide(case, act, context=self.context)
        return ruling if isinstance(ruling, Entry) and ruling.rule == row.id else None

    def _admitted(self, case: Case, checked: Checked) -> tuple[int, int | None] | None:
        """Return the first and the last day on which a row admits its act; None where there is none.

        The answer can change only on the last day of a limit that the row asks about, and on the day after; where the
        act itself has to say a later day than before, once between them.
        """
        row = checked.row
        longest = self.longest_course
        _, left = known_of(case, self.ahead.here[row.id], BASE)
        turns = sorted({0, *(day for last in left.values() for day in (last, last + 1) if day > 0)})
        open_on = [self._ruling(case, row, day, longest) is not None for day in turns]
        if not any(open_on):
            return None
        begin = open_on.index(True)
        first = turns[begin]
        if begin and row.event in {did.CourseExtended, did.LimitExtended}:
            shut = turns[begin - 1]
            while first - shut > 1:
                middle = (first + shut) // 2
                if self._ruling(case, row, middle, longest) is None:
                    shut = middle
                else:
                    first = middle
        ends = next((turns[n] for n in range(begin, len(turns)) if not open_on[n]), None)
        return first, None if ends is None else ends - 1

    def _told_already(self, case: Case, row: Row, day: int) -> bool:
        return row.to is None and says_nothing_new(row, case, self._after(case, row, day, self.longest_course)[0])

    # ---- where a row leads ---------------------------------------------------------------------------------------
    def _steps(self, place: Place, case: Case, run: Run) -> Iterator[Step]:
        """Yield the moves of a row: one for each length of a course that is told apart, split by day as need be."""
        to = run.row.to if isinstance(run.row.to, Stage) else place.stage
        asked = self.ahead.asked[to]
        days = np.flatnonzero(run.days.mass)
        weights = run.days.mass[days] * run.weight
        if run.row.event not in _COURSES or not (asked.terms & {COURSE.name} or COURSE_END in asked.facts):
            way = self._way(place, case, run.row, int(days[0]), self.usual_course)
            yield from way.split(days, weights, self.usual_course)
            return
        way = self._way(place, case, run.row, int(days[0]), self.longest_course)
        courses = np.flatnonzero(self.course.mass)
        likely = np.repeat(self.course.mass[courses][:, None], len(days), axis=1)
        if run.row.event is did.CourseExtended and case.facts.course_end is not None:
            likely[courses[:, None] <= ((case.facts.course_end - BASE).days - days)[None, :]] = 0.0
        likely = likely / likely.sum(axis=0) * weights
        for course, some in zip(courses.tolist(), likely, strict=True):
            if some.any():
                yield from way.running(course).split(days[some > 0.0], some[some > 0.0], course)

    def _way(self, place: Place, case: Case, row: Row, day: int, course: int) -> Way:
        after, entry = self._after(case, row, day, course)
        asked = self.ahead.asked[after.stage]
        facts, left = known_of(after, asked, BASE + timedelta(day))
        goes_on = {one.term for one in case.limits} - {*entry.stopped, *(one.term for one in entry.started)}
        if row.event not in _COURSES:
            goes_on.add(COURSE_END)
        weekly = self._weekdays(case, row, entry, asked, day, course)
        return Way(
            row, day, (after.stage, self._reached(place.reached, after.stage), after.closing),
            facts | left | dict.fromkeys(weekly, OF_THE_WEEK), goes_on & left.keys(), bool(weekly),
        )  # fmt: skip

    def _weekdays(  # noqa: PLR0913, PLR0917 - one call, in one place
        self, case: Case, row: Row, entry: Entry, asked: Asked, day: int, course: int
    ) -> tuple[str, ...]:
        """Return the limits which an act starts, are asked about ahead, and last otherwise by the day of the week."""
        started = [one for one in entry.started if one.term in asked.terms]
        if not started or (entry.calendar is None and not row.extends):
            return ()
        lengths: dict[str, set[int]] = {}
        for after in self._week(case, row, day, course):
            for one in after.limits:
                if one.due is not None and after.last_day is not None:
                    lengths.setdefault(one.term, set()).add((one.due - after.last_day).days)
        return tuple(one.term for one in started if len(lengths[one.term]) > 1)

    def _week(self, case: Case, row: Row, day: int, course: int) -> tuple[Case, ...]:
        """Return the case after an act on a Monday, a Tuesday, …, with everything before it moved along."""
        found = []
        for weekday in range(_WEEK):
            moved = moved_by(case, weekday - day % _WEEK)
            on = BASE + timedelta(weekday + day - day % _WEEK)
            ruling = decide(moved, act_of(row, on, moved, self.context, course), context=self.context)
            if isinstance(ruling, Entry):  # as on the day itself: what bars an act counts days, not days of the week
                found.append(evolve(moved, ruling))
        return tuple(found)

    def _after(self, case: Case, row: Row, day: int, course: int) -> tuple[Case, Entry]:
        entry = self._ruling(case, row, day, course)
        if entry is None:
            msg = f"row {row.id} is not admitted on day {day}, although it is on an earlier and a later one"
            raise SimulationError(msg)
        return evolve(case, entry), entry

    @staticmethod
    def _reached(before: Phase, stage: Stage) -> Phase:
        if stage is Stage.CLOSED:
            return before
        return _PHASES[max(_PHASES.index(before), _PHASES.index(stage.phase))]

    def _target(self, case: Case, step: Step, day: int) -> int:
        number = self.found.get(step.key)
        if number is not None:
            return number
        if step.weekly:
            cases = self._week(case, step.row, day, step.course)
        else:
            cases = (self._after(case, step.row, day, step.course)[0],)
        return self._add(step.key, cases)


def _stages(case: Case) -> list[Stage]:
    return [case.stage, *(one.to for one in case.acts if isinstance(one.to, Stage) and one.to is not Stage.CLOSED)]


def _told(place: Place) -> str:
    return f" ({', '.join(f'{name}: {value}' for name, value in place.facts)})" if place.facts else ""


def _units(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the weights as whole units that add up to 2^32: the largest remainders are rounded up."""
    exact = weights * (WHOLE / fsum(weights))
    units = np.floor(exact).astype(np.int64)
    short = WHOLE - int(units.sum())
    units[np.argsort(units - exact, kind="stable")[:short]] += 1
    return units
