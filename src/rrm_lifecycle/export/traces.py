"""What an event log tells of a case, from whatever it is asked of: cases, aligned histories, or simulated paths."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from attrs import frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility, Party
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.aligned import Alignment

if TYPE_CHECKING:
    from rrm_lifecycle.record.docket import Docket
    from rrm_lifecycle.simulation import eventlog
    from rrm_lifecycle.simulation.results import Simulation

Source: TypeAlias = "Simulation | Docket | Alignment | Case | Iterable[Alignment | Case]"
"""Of what an event log is made: a case, an alignment, several of either (such as ``Alignments``), a docket, or a
simulation."""

BLOCK = 10_000
"""How many simulated paths are made at a time."""
OPENING: Final = "Opening"
"""The name of the start of a simulated path, where it is told as an event."""
_RESULTS: Final = "rrm_lifecycle.simulation.results"
_DOCKET: Final = "rrm_lifecycle.record.docket"
_MADE_OF: Final = "an event log is made of cases, alignments, a docket, or a simulation"


@frozen
class Step:
    """An act as an event of a log.

    Attributes:
        name: Name of the act.
        on: The day of the act.
        since: The day of the act before it; of the first one, its own day, or the start of a simulated path.
        who: Role of whoever acted; None where none did.
        rule: Id of the row; None where there is none.
        stage: Where the case (or its hold) stands after.
        implied: Whether the act is implied by later ones and not on record.
        known: The earliest and the latest day, where only a period is known.
    """

    name: str
    on: date
    since: date
    who: str | None
    rule: str | None
    stage: str
    implied: bool = False
    known: tuple[date, date] | None = None


@frozen
class Trace:
    """A case as a log tells it.

    Attributes:
        id: Id of the case.
        outcome: How it closed; None while it is open.
        steps: Its acts, in order.
        facility: The facility, where one is named.
        complainant: The complainant Party, where it is known.
        respondent: The respondent Party, where it is known.
        seed: The seed of a simulated path; None of a case.
    """

    id: str
    outcome: str | None
    steps: tuple[Step, ...]
    facility: CoveredFacility | None = None
    complainant: Party | None = None
    respondent: Party | None = None
    seed: int | None = None


def is_simulation(source: object) -> TypeGuard[Simulation]:
    """Return whether a source is a simulation; without the extra of that room there is none."""
    return _RESULTS in sys.modules and isinstance(source, sys.modules[_RESULTS].Simulation)


def simulated(simulation: Simulation) -> eventlog.Source:
    """Return which paths the log of a simulation tells."""
    source: type[eventlog.Source] = import_module("rrm_lifecycle.simulation.eventlog").Source
    return source(
        simulation.program, simulation.seed, simulation.n, simulation.start, len(str(simulation.n - 1))
    )  # fmt: skip


def is_docket(source: object) -> TypeGuard[Docket]:
    """Return whether a source is a docket."""
    return _DOCKET in sys.modules and isinstance(source, sys.modules[_DOCKET].Docket)


def cases_of(source: Source) -> Iterator[Case]:
    """Yield the cases of a source that is no simulation; those of a docket one at a time, as they were opened.

    Raises:
        EventError: The source is none.
    """
    if is_docket(source):
        yield from _held(source)
        return
    several: object = (source,) if isinstance(source, Alignment | Case) else source
    if not isinstance(several, Iterable) or isinstance(several, str | bytes):
        msg = f"{_MADE_OF}; found {type(source).__name__}"
        raise EventError(msg)
    for one in several:
        if not isinstance(one, Alignment | Case):
            msg = f"{_MADE_OF}; found {type(one).__name__} among them"
            raise EventError(msg)
        yield one.case if isinstance(one, Alignment) else one


def _held(docket: Docket) -> Iterator[Case]:
    """Yield the cases of a docket, folded from its record; none of them is kept, as ``docket.case`` would."""
    fold = import_module("rrm_lifecycle.record.folding").fold_all
    for standing in docket._store.standings():  # noqa: SLF001 - a view of the docket: which cases it holds, page by page
        yield fold(one.entry for one in docket.history(standing.case_id))


def trace_of(case: Case) -> Trace:
    """Return a case as a log tells it."""
    steps: list[Step] = []
    since: date | None = None
    for entry in case.acts:
        act = entry.act
        who = None if entry.by is None else entry.by.value
        name = type(act).__name__
        steps.append(Step(name, act.on, since or act.on, who, entry.rule, entry.to.value, entry.implied, act.known))
        since = act.on
    outcome = None if case.closing is None else case.closing.value
    return Trace(case.id, outcome, tuple(steps), case.facility, case.complainant, case.respondent)


def traces(source: Source, *, opening: bool = False) -> Iterator[Trace]:
    """Yield the cases of a source as a log tells them.

    Args:
        source: The source.
        opening: Whether a simulated path begins with its start as an event, although that is no act.

    Raises:
        EventError: The source is none.
    """
    if not is_simulation(source):
        yield from map(trace_of, cases_of(source))
        return
    days = simulated(source)
    program, start = days.program, days.start
    for log in days.blocks(BLOCK):
        offsets, places, rules = log.offsets.tolist(), log.place.tolist(), log.rule.tolist()
        on = log.day.tolist()
        for number in range(log.paths):
            first, last = offsets[number], offsets[number + 1]
            stage = program.places[log.start].stage.value
            steps = [Step(OPENING, start, start, None, None, stage)] if opening else []
            before = 0
            for step in range(first, last):
                row = ROW_BY_ID[program.rules[rules[step]]]
                stage = program.places[places[step]].stage.value
                days_of = (start + timedelta(on[step]), start + timedelta(before))
                steps.append(Step(row.event.__name__, *days_of, row.who.value, row.id, stage))
                before = on[step]
            outcome = program.outcomes[program.outcome[places[last - 1]]][0].value
            yield Trace(f"{log.first + number:0{days.width}d}", outcome, tuple(steps), seed=source.seed)
