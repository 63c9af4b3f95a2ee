"""The search of the alignment: days on which acts are admitted, and the cheapest runs of acts that lead to one."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Determination, Origin, Party
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.histories.acts import Step
from rrm_lifecycle.law.guards import Within
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.record.entry import Entry

_NEVER_IMPLIED: Final = (did.Withdrawn, did.FacilityClosed)
_SETTLEMENT: Final = "A1-01"
_SETTLEMENT_COSTS: Final = 4
_ANSWER_IN: Final = timedelta(10)
_MOST: Final = 20_000


# ---- days ------------------------------------------------------------------------------------------------------------
def _days(case: Case, step: Step, later: tuple[Step, ...]) -> list[date]:
    """Return days worth trying: the ends of the period, where a limit turns, and the end of a course."""
    first = step.first if case.last_day is None else max(step.first, case.last_day)
    last = step.last
    if first >= last:
        return [first] if first == last else []
    found = {first, last}
    for limit in case.limits:
        if limit.due is not None:
            found |= {limit.due, limit.due + timedelta(1)}
    if step.agreed_end is not None:
        found.add(step.agreed_end)
    if step.kind is did.RemediesNotified:
        found |= {one.first - _ANSWER_IN for one in later}
    return [day for day in found if first <= day <= last]


def _broken(case: Case, entry: Entry, day: date) -> int:
    late = {limit.term for limit in case.limits if limit.due is not None and day > limit.due}
    if not late or entry.rule is None:
        return 0
    return sum(isinstance(one, Within) and one.term.name in late for one in ROW_BY_ID[entry.rule].requires)


def place(case: Case, steps: tuple[Step, ...], context: Context | None) -> tuple[Case, ...] | None:
    """Return the case after each step, on days on which every one is admitted; None where no days can be chosen."""
    failed: set[Any] = set()
    left = _MOST

    def go(standing: Case, number: int) -> tuple[Case, ...] | None:
        nonlocal left
        if number == len(steps):
            return ()
        key = (number, standing.stage, standing.last_day, standing.limits, standing.facts)
        if key in failed:
            return None
        step = steps[number]
        tried: list[tuple[int, int, Entry]] = []
        for day in _days(standing, step, steps[number + 1 :]):
            left -= 1
            ruling = decide(standing, step.on(day), context=context)
            if isinstance(ruling, Entry):
                tried.append((_broken(standing, ruling, day), -day.toordinal(), ruling))
        for _, _, entry in sorted(tried, key=lambda one: one[:2]):
            after = evolve(standing, entry)
            rest = go(after, number + 1)
            if rest is not None:
                return (after, *rest)
            if left < 0:
                return None
        failed.add(key)
        return None

    return go(case, 0)


# ---- runs ------------------------------------------------------------------------------------------------------------
@frozen
class Move:
    """An act that a run may imply.

    Attributes:
        kind: Class of the act.
        finding: What a determination finds.
        to: Where it leads.
        cost: What it counts.
        place: Place of its row in the table.
    """

    kind: type[did.Event]
    finding: Determination | None
    to: Stage
    cost: int
    place: int


@cache
def _moves(stage: Stage, complainant: Party, origin: Origin | None, by_lot: bool) -> tuple[Move, ...]:  # noqa: FBT001
    petitions = origin in {None, Origin.PETITION}
    found: dict[tuple[Any, ...], Move] = {}
    for number, row in enumerate(TABLE):
        if stage not in row.stages or not isinstance(row.to, Stage) or row.to in {Stage.CLOSED, stage}:
            continue
        if row.event in _NEVER_IMPLIED or row.only not in {None, complainant}:
            continue
        if row.under is not None and row.under != ("constituted_by_lot", by_lot):
            continue
        open_here = petitions if row.event is did.PetitionFiled else origin != Origin.PETITION
        if stage is Stage.ASSESSMENT and not open_here:
            continue
        finding = row.having[1] if row.having and row.having[0] == "finding" else None
        cost = _SETTLEMENT_COSTS if row.id.startswith(_SETTLEMENT) else 1
        found.setdefault((row.event, finding, row.to), Move(row.event, finding, row.to, cost, number))
    return tuple(found.values())


@cache
def _admitting(kind: str, finding: Determination | None, complainant: Party) -> frozenset[Stage]:
    return frozenset(
        stage
        for row in TABLE
        if row.event.__name__ == kind and row.only in (None, complainant)
        and (finding is None or row.having is None or row.having[1] is finding)
        for stage in row.stages
        if isinstance(stage, Stage)
    )  # fmt: skip


@cache
def _distances(
    kind: str,
    finding: Determination | None,
    complainant: Party,
    origin: Origin | None,
    by_lot: bool,  # noqa: FBT001
) -> dict[Stage, int]:
    far = dict.fromkeys(_admitting(kind, finding, complainant), 0)
    changed = True
    while changed:
        changed = False
        for stage in Stage:
            for move in _moves(stage, complainant, origin, by_lot):
                reached = far.get(move.to)
                if reached is not None and reached + move.cost < far.get(stage, 10**6):
                    far[stage] = reached + move.cost
                    changed = True
    return far


def runs(case: Case, target: Step, *, by_lot: bool = False, most: int = 200) -> Iterator[tuple[int, tuple[Move, ...]]]:
    """Yield runs of acts after which some row may admit the target, the cheapest first, ties in table order."""
    complainant = case.complainant
    if complainant is None:
        return
    far = _distances(target.kind.__name__, target.finding, complainant, case.origin, by_lot)
    if case.stage not in far:
        return
    goals = _admitting(target.kind.__name__, target.finding, complainant)
    heap: list[tuple[int, tuple[int, ...], int, tuple[Move, ...]]] = [(far[case.stage], (), 0, ())]
    number = 0
    while heap and most:
        total, places, _, path = heapq.heappop(heap)
        stage = path[-1].to if path else case.stage
        spent = sum(move.cost for move in path)
        if path and stage in goals:
            most -= 1
            yield total, path
        seen = {case.stage, *(move.to for move in path)}
        for move in _moves(stage, complainant, case.origin, by_lot):
            if move.to in seen or move.to not in far:
                continue
            number += 1
            longer = (*path, move)
            heapq.heappush(heap, (spent + move.cost + far[move.to], (*places, move.place), number, longer))
