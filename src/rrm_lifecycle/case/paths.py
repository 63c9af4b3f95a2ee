"""Lawful courses through the table: the shortest, all simple ones, all of a length, and a few that use every row.

Each course is a :class:`~rrm_lifecycle.case.case.Case`, made of acts that say what a row asks for, each on the first day
on which the row admits it. ``decide`` has ruled on every act, so that a course is lawful by the table and by nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import (
    NOT_STATED,
    CoveredFacility,
    Determination,
    Element,
    NoDenialGround,
    Panelist,
    Party,
    ReleaseGround,
    Remedy,
    Sector,
    member,
)
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import decide, rows_at
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import EventError, ReadingError
from rrm_lifecycle.law.annexes import ANNEXES
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import EXTENDABLE
from rrm_lifecycle.record.entry import Entry

FIRST_DAY: Final = date(2024, 1, 8)
"""The day of the first act of a course, where no other is given: a Monday."""
LONGEST: Final = 10
"""How many acts a course has at most, where nobody asks for more."""
COURSE_DAYS: Final = 60
"""How long an agreed course of remediation runs: no source sets a length."""

_PLANTS: Final = {
    Party.MX: CoveredFacility("Planta Uno", country="MX", sector=Sector.MANUFACTURING, goods_traded=True),
    Party.US: CoveredFacility("Plant One", country="US", sector=Sector.MANUFACTURING, goods_traded=True),
    Party.CA: CoveredFacility("Plant Two", country="CA", sector=Sector.MANUFACTURING, goods_traded=True),
}
_THREE: Final = (Panelist("complainant_list"), Panelist("respondent_list"), Panelist("joint_list"))
_EXTENDABLE: Final = frozenset(term.name for term in EXTENDABLE)
_TRIES: Final = 4


# ---- acts ------------------------------------------------------------------------------------------------------------
def _claim(case: Case, facility: CoveredFacility | None) -> dict[str, Any]:
    claim, plant = case.claim, facility or case.facility or _PLANTS[case.respondent or Party.MX]
    asks_order = plant.country is not Party.MX and claim.enforced_order in {None, NOT_STATED}
    return {
        "facility": plant,
        "laws": ("a law on free association",) if claim.laws in {None, NOT_STATED} else None,
        "basis": "dismissals after a union vote" if claim.basis in {None, NOT_STATED} else None,
        "enforced_order": "an enforced order of the board" if asks_order else None,
    }


def _extended(case: Case, on: date) -> dict[str, Any]:
    for limit in case.limits:
        if limit.term in _EXTENDABLE and limit.due is not None:
            return {"term": limit.term, "until": max(limit.due, on) + timedelta(10)}
    return {"term": EXTENDABLE[0].name, "until": on}


_SAID: Final[dict[type[Event], dict[str, Any]]] = {
    did.NoDenialReported: {"ground": NoDenialGround.FACTS},
    did.PanelistsDrawn: {"panelists": _THREE},
    did.PanelistReplaced: {"panelists": _THREE},
    did.PetitionConfirmed: {"elements": tuple(Element)},
    did.PetitionNotConfirmed: {"missing": (Element.LAWS,)},
    did.DeterminationIssued: {"finding": Determination.DENIAL, "heard": True},
    did.RemediesImposed: {"tier": 1, "measure": Remedy.PENALTY},
    did.HoldReleased: {"ground": ReleaseGround.OTHERWISE_REMEDIED},
}


def act_for(row: Row, on: date, case: Case, facility: CoveredFacility | None = None) -> Event:
    """Return an act on a day that says what a row asks for. Whether that day is one for it, ``decide`` says.

    Args:
        row: The row.
        on: Day of the act.
        case: The case as it stands.
        facility: The facility that a petition or a request names; one of the respondent Party if None.

    Example:
        >>> from rrm_lifecycle.case.engine import ROW_BY_ID
        >>> act_for(ROW_BY_ID["A4-03a"], date(2024, 1, 9), Case.start("PATH-1")).on
        datetime.date(2024, 1, 9)
    """
    kind = row.event
    said = dict(_SAID.get(kind, ()))
    if kind in {did.PetitionFiled, did.SelfInitiated, did.ReviewRequested}:
        said = _claim(case, facility)
        if kind is did.PetitionFiled:
            said["filer_of"] = row.only or Party.US
    elif kind is did.LimitExtended:
        said = _extended(case, on)
    elif kind in {did.CourseAgreed, did.CourseExtended}:
        said = {"agreed_end": max(on, case.facts.course_end or on) + timedelta(COURSE_DAYS)}
    if row.having is not None:
        said[row.having[0]] = row.having[1]
    return kind(on, **said)


def next_day(case: Case, wait: int = 1) -> date:
    """Return a day some days after the last act; no later than a limit that ends before, so that nothing is late."""
    last = max(filter(None, (case.last_day, case.hold_day)), default=None)
    if last is None:
        return FIRST_DAY
    ends = [limit.due for limit in case.limits if limit.due is not None and limit.due >= last]
    return min([last + timedelta(wait), *ends])


def use(
    row: Row, case: Case, context: Context = DEFAULT, on: date | None = None, facility: CoveredFacility | None = None
) -> Entry | None:
    """Return the entry of an act by a row on the first day, from a day on, on which the row admits it.

    Args:
        row: The row.
        case: The case as it stands.
        context: Reading, calendar and register.
        on: The first day to look at; the day after the last act, and in time, if None.
        facility: The facility that a petition or a request names.

    Returns:
        The entry; None where no passing of days makes this row admit the act.
    """
    day = on or next_day(case)
    for _ in range(_TRIES):
        ruling = decide(case, act_for(row, day, case, facility), context=context)
        if isinstance(ruling, Entry):
            return ruling if ruling.rule == row.id else None
        if ruling.opens is None or ruling.opens <= day:
            return None
        day = ruling.opens
    return None


def _steps(
    case: Case, context: Context, *, hold: bool, worth: Callable[[Row], bool] | None = None
) -> Iterator[tuple[Row, Case]]:
    """Yield each row that admits an act where a case stands, and the case after it."""
    for of_hold in (False, True) if hold else (False,):
        for checked in rows_at(case, of_hold=of_hold, context=context):
            if worth is None or worth(checked.row):
                entry = use(checked.row, case, context)
                if entry is not None:
                    yield checked.row, evolve(case, entry)


# ---- courses ---------------------------------------------------------------------------------------------------------
def _start(start: Case | None) -> Case:
    if start is None:
        return Case.start("PATH-1")
    if not isinstance(start, Case):
        raise EventError(f"start has to be a case, such as Case.start('PATH-1'); found {type(start).__name__}")
    return start


_INTO: Final[dict[Stage, frozenset[Stage]]] = {
    there: frozenset(place for row in TABLE if row.to is there for place in row.stages if isinstance(place, Stage))
    for there in Stage
}


def _distances(to: Stage, without: frozenset[Stage] = frozenset()) -> dict[Stage, int]:
    """Return how many acts lie between each stage and a stage at the least, conditions apart: what is worth a try."""
    found, left = {to: 0}, deque([to])
    while left:
        there = left.popleft()
        for place in _INTO[there]:
            if place not in found and place not in without:
                found[place] = found[there] + 1
                left.append(place)
    return found


class _Search:
    """One search for courses to a stage."""

    def __init__(self, to: Stage, context: Context | None, *, simple: bool) -> None:
        self.to, self.context, self.simple = to, context or DEFAULT, simple
        self.far = _distances(to)
        self.cut = False

    def shortest_first(self, case: Case, most: int) -> Iterator[Case]:
        """Yield the courses of at most so many acts. Each length is searched anew, so that none is kept in memory."""
        for length in range(most + 1):
            self.cut = False
            been = frozenset({case.stage}) if self.simple else frozenset()
            yield from self.of_length(case, length, been)
            if not self.cut:
                return  # every course has been seen: none was left for its length

    def of_length(self, case: Case, left: int, been: frozenset[Stage | str]) -> Iterator[Case]:
        """Yield the courses that go on from a case with so many acts."""
        if left == 0:
            if case.stage is self.to:
                yield case
            self.cut = self.cut or not self.simple or case.stage is not self.to
            return
        far = self.far
        if self.simple:
            far = _distances(self.to, frozenset(one for one in been if isinstance(one, Stage)))

        def worth(row: Row) -> bool:
            to = case.stage if row.to is None else row.to
            if not isinstance(to, Stage) or to not in far:
                return False
            if far[to] >= left:
                self.cut = True
                return False
            if self.simple:
                return row.to is not None and (row.to is not self.to or left == 1)
            return row.to is not None or row.id not in been

        for row, after in _steps(case, self.context, hold=False, worth=worth):
            then = been | {after.stage} if self.simple else been | {row.id} if row.to is None else been
            yield from self.of_length(after, left - 1, then)


def paths(
    *, to: Stage, start: Case | None = None, max_length: int = LONGEST, context: Context | None = None
) -> Iterator[Case]:
    """Yield every lawful course to a stage, the shortest first.

    A row that leaves the case where it stands is used once in a course at most. The customs hold is left out: it runs
    beside the case.

    Args:
        to: The stage.
        start: The case that a course goes on from; a new one under Annex 31-A if None.
        max_length: How many acts are added at most. There are thousands of courses of ten acts.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        EventError: ``start`` is no case, or ``to`` no stage.

    Example:
        >>> [[entry.rule for entry in case.acts] for case in paths(to=Stage.UNDER_REVIEW, max_length=2)]
        [['A4-01a', 'A4-03a']]
    """
    return _Search(member(Stage, to, "to"), context, simple=False).shortest_first(_start(start), max_length)


def simple(
    to: Stage, *, start: Case | None = None, max_length: int = len(Stage), context: Context | None = None
) -> Iterator[Case]:
    """Yield every lawful course to a stage that is in no stage twice, the shortest first. Every act changes the stage.

    Two courses through the same stages by other rows are two.

    Takes and raises what :func:`paths` does.

    Example:
        >>> [len(case.acts) for case in simple(Stage.REVIEW_DECLINED)]
        [2, 3, 4]
    """
    return _Search(member(Stage, to, "to"), context, simple=True).shortest_first(_start(start), max_length)


def _known(case: Case) -> tuple[object, ...]:
    """Return what of a case may decide which rows admit an act, days apart."""
    facts, closed = case.facts, case.facts.facility_closed is not None
    extendable = any(limit.term in _EXTENDABLE for limit in case.limits)
    known = (case.stage, case.hold, case.closing, facts.question, facts.determination, facts.verification_refused)
    return (*known, closed, extendable)


def _walk(start: Case, context: Context, *, hold: bool) -> Iterator[tuple[Row, Case]]:
    """Yield rows with the case after each, nearest first, until nothing new is found."""
    seen, left = {_known(start)}, deque([start])
    while left:
        for row, after in _steps(left.popleft(), context, hold=hold):
            yield row, after
            known = _known(after)
            if known not in seen:
                seen.add(known)
                left.append(after)


def shortest(to: Stage, *, start: Case | None = None, context: Context | None = None) -> Case:
    """Return a lawful course to a stage than which none is shorter.

    Takes what :func:`paths` does.

    Raises:
        ReadingError: No course leads there under this reading.

    Example:
        >>> shortest(Stage.REVIEW_DECLINED)
        <Case PATH-1: review_declined, 2 acts, Annex 31-A>
    """
    goal, case = member(Stage, to, "to"), _start(start)
    if case.stage is goal:
        return case
    for _, after in _walk(case, context or DEFAULT, hold=False):
        if after.stage is goal:
            return after
    msg = f"no lawful course leads from {case.stage.value} to {goal.value} under {(context or DEFAULT).reading!r}"
    raise ReadingError(msg)


def starts() -> tuple[Case, ...]:
    """Return new cases for which, together, each row of the table stands: one under each Annex."""
    return tuple(Case.start(f"PATH-{name}", annex=annex, respondent=Party.MX) for name, annex in ANNEXES.items())


def _rows_of(case: Case, context: Context) -> set[str]:
    """Return the rows that stand for a case in any stage, and in any state of its hold."""
    found: set[str] = set()
    for stage in Stage:
        found.update(checked.row.id for checked in rows_at(attrs.evolve(case, stage=stage), context=context))
    for hold in Hold:
        at_hold = rows_at(attrs.evolve(case, hold=hold), of_hold=True, context=context)
        found.update(checked.row.id for checked in at_hold)
    return found


def uses(*, context: Context | None = None) -> dict[str, Case]:
    """Return, for each row that can be used under a reading, a shortest lawful course that ends with it, by the row's id.

    Takes a context as :func:`paths` does.
    """
    used: dict[str, Case] = {}
    for start in starts():
        wanted = _rows_of(start, context or DEFAULT) - set(used)
        for row, case in _walk(start, context or DEFAULT, hold=True) if wanted else ():
            used.setdefault(row.id, case)
            wanted.discard(row.id)
            if not wanted:
                break
    return used


def covering(*, context: Context | None = None) -> tuple[Case, ...]:
    """Return a few short lawful courses that together use every row that can be used under a reading, hold and all.

    Takes a context as :func:`paths` does.

    Example:
        >>> {"A4-03a", "X-06", "US-10", "B-03c"} <= {entry.rule for case in covering() for entry in case.acts}
        True
    """
    left = uses(context=context)
    found: list[Case] = []
    while left:
        # A row that is far from the start first: its course uses others on the way.
        case = max(left.values(), key=lambda one: len(one.acts))
        found.append(case)
        for entry in case.acts:
            left.pop(entry.rule or "", None)
    return tuple(found)
