"""From law and behaviour to a program: places, found by moving representative cases with ``decide``.

No rule of law stands here. A place is a stage with what the rules ahead will ask (:mod:`.ahead`); whether and from which
day a row admits an act is for ``decide`` to say, asked on the few days on which the answer can change. Days count from
the act before, so a representative case stands on a base day, a Monday, with its limits moved along.

What hangs on the date itself is no part of a program: public holidays, the end of the treaty, a bar after a finding of
bad faith. A path that is dated is decided again, with all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import fsum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.law.terms import COURSE
from rrm_lifecycle.simulation.acts import opening
from rrm_lifecycle.simulation.ahead import look_ahead, standing
from rrm_lifecycle.simulation.asking import COURSES, Asking
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import whole_day
from rrm_lifecycle.simulation.folding import Moves, Node, fold
from rrm_lifecycle.simulation.habits import Habit
from rrm_lifecycle.simulation.program import WHOLE, Place, Program
from rrm_lifecycle.simulation.representing import BASE, COURSE_END, OVER, known_of, left_of, on_base, undated
from rrm_lifecycle.simulation.ways import OF_THE_WEEK, Cut, Key, Part, Run, Step, Way

MOST_PLACES: Final = 20_000
"""The most places that a program may have."""
MOST_MOVES: Final = 5_000_000
"""The most moves that a program may have."""
_WEEK: Final = 7
_PHASES: Final = tuple(Phase)


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


Floats = NDArray[np.float64]


class _Building:
    """A program being built: the places found so far, with a case that stands in each, and those to look at yet."""

    def __init__(self, behaviour: Behaviour, context: Context, case: Case, spent: int) -> None:
        self.courses = np.flatnonzero(behaviour.course.mass)
        self.lengths = self.courses.tolist()
        self.likely = behaviour.course.mass[self.courses][:, None]
        self.spent = spent
        self.start = case
        self.stages = standing(behaviour.stages, case, context)
        self.usual_course, self.longest_course = behaviour.course.quantile(0.5), behaviour.course.longest
        self.ahead = look_ahead(case, self.stages, context)
        self.asking = Asking(context, self.ahead, self.longest_course)
        self.days: dict[tuple[Stage, str, int, int | None], Part] = {}
        self.cuts: dict[tuple[Any, ...], Cut] = {}
        self.alike: dict[tuple[int, ...], Moves] = {}
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
        cuts = [self._cut(place, case, run) for run in self._runs(place, case, habits, spent)]
        # The cuts are kept, so that ids stay theirs; places of the same cuts move alike.
        key = (spent, *map(id, cuts))
        if key not in self.alike:
            self.alike[key] = self._joined(case, cuts, spent)
        return self.alike[key]

    def _joined(self, case: Case, cuts: Sequence[Cut], spent: int) -> Moves:
        """Return the moves of several rows, in whole units; what a move leads to is added where it is new."""
        units = _units(np.concatenate([cut.weights for cut in cuts]))
        days = np.concatenate([cut.days for cut in cuts])
        at = 0
        for cut in cuts:
            unknown = []
            for number in cut.unknown:
                step = cut.steps[number]
                node = self.found.get(step.key)
                if node is None:
                    begin = at + cut.begins[number]
                    some = units[begin : begin + step.moves].nonzero()[0]
                    if not len(some):  # no move of the step weighs so much as a unit
                        unknown.append(number)
                        continue
                    node = self._new(case, step, int(days[begin + some[0]]))
                cut.targets[number] = node
            cut.unknown = unknown
            at += len(cut.days)
        target = np.repeat(np.concatenate([cut.targets for cut in cuts]), np.concatenate([cut.counts for cut in cuts]))
        rule = np.repeat([self.rules[cut.way.row.id] for cut in cuts], [len(cut.days) for cut in cuts])
        if not units.all():
            kept = units.nonzero()[0]
            target, days, units, rule = target[kept], days[kept], units[kept], rule[kept]
        return Moves(target, days - spent if spent else days, units, rule)

    def _runs(self, place: Place, case: Case, habits: Mapping[str, Habit], spent: int) -> list[Run]:
        found: list[Run] = []
        lost: dict[type, float] = {}
        for checked in self.ahead.rows[place.stage]:
            row = checked.row
            habit = habits[row.id]
            span = self.asking.admitted(case, checked)
            if span is None or (span[1] is not None and span[1] < spent):
                lost[row.event] = lost.get(row.event, 0.0) + habit.share
                continue
            found.append(Run(row, *self._within(place.stage, row, habit, max(span[0], spent), span[1]), habit.share))
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
                run._replace(weight=run.weight * (1.0 + share / same)) if same and run.row.event is event else run
                for run in found
            ]
        return found

    def _within(self, stage: Stage, row: Row, habit: Habit, first: int, last: int | None) -> Part:
        """Return the days of a habit that have a chance, given that they lie in an interval, and the chance of each."""
        key = (stage, row.id, first, last)
        found = self.days.get(key)
        if found is None:
            mass = habit.days.within(first, last).mass
            days = np.flatnonzero(mass)
            found = self.days[key] = days, mass[days]
        return found

    # ---- where a row leads ---------------------------------------------------------------------------------------
    def _cut(self, place: Place, case: Case, run: Run) -> Cut:
        """Return the moves of a row: a step for each length of a course that is told apart, split by day as need be."""
        row, days = run.row, run.days
        to = row.to if isinstance(row.to, Stage) else place.stage
        asked = self.ahead.asked[to]
        agrees = row.event in COURSES and bool(asked.terms & {COURSE.name} or COURSE_END in asked.facts)
        way = self.asking.way(case, row, int(days[0]), self.longest_course if agrees else self.usual_course)
        over = case.facts.course_end if agrees and row.event is did.CourseExtended else None
        # Places that differ in what the row does not ask share its moves; way and days are kept, so that ids stay theirs.
        key = (id(way), id(days), place.reached, run.weight, over)
        found = self.cuts.get(key)
        if found is None:
            reached, weights = _reached(place.reached, way.stage), run.mass * run.weight
            if agrees:
                found = self._by_course(way, reached, days, weights, over)
            else:
                found = Cut(way, way.split(reached, days.tolist(), self.usual_course), days, weights)
            self.cuts[key] = found
        return found

    def _by_course(self, way: Way, reached: Phase, days: NDArray[np.int64], weights: Floats, over: date | None) -> Cut:
        likely = np.repeat(self.likely, len(days), axis=1)
        if over is not None:
            likely[self.courses[:, None] <= ((over - BASE).days - days)[None, :]] = 0.0
        likely /= likely.sum(axis=0)
        likely *= weights
        which, chosen = (likely > 0.0).nonzero()
        bounds = which.searchsorted(np.arange(len(self.lengths) + 1)).tolist()
        days = days[chosen]
        listed = days.tolist()
        steps: list[Step] = []
        for course, (first, last) in zip(self.lengths, pairwise(bounds), strict=True):
            if first < last:
                steps += way.split(reached, listed[first:last], course, way.running(course))
        return Cut(way, steps, days, likely[which, chosen])

    def _new(self, case: Case, step: Step, day: int) -> int:
        """Return the number of a node that is added: where a step leads on a day."""
        if step.weekly:
            cases = self.asking.week(case, step.row, day, step.course)
        else:
            cases = (self.asking.after(case, step.row, day, step.course)[0],)
        return self._add(step.key, cases)


def _reached(before: Phase, stage: Stage) -> Phase:
    if stage is Stage.CLOSED:
        return before
    return max(before, stage.phase, key=_PHASES.index)


def _stages(case: Case) -> list[Stage]:
    return [case.stage, *(one.to for one in case.acts if isinstance(one.to, Stage) and one.to is not Stage.CLOSED)]


def _told(place: Place) -> str:
    return f" ({', '.join(f'{name}: {value}' for name, value in place.facts)})" if place.facts else ""


def _units(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the weights as whole units that add up to 2^32: the largest remainders are rounded up."""
    exact = weights * (WHOLE / fsum(weights.tolist()))
    units = np.floor(exact).astype(np.int64)
    short = WHOLE - int(units.sum())
    units[np.argsort(units - exact, kind="stable")[:short]] += 1
    return units
