"""Many seeded runs of acts, likely and unlikely, under every world: the same each time, and fast to draw."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from random import Random
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Party, Remedy
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, rows_at
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.entry import Entry
from tests.properties.checkers.run import Run
from tests.strategies import (
    CLOSERS,
    FIRST_DAY,
    READINGS,
    REGISTERS,
    STARTS,
    STRANGE,
    World,
    case_at,
    days_of,
    likely,
    pool_of,
)

RUNS: Final = 2_500
STEPS: Final = 36
UNSTATED: Final = STRANGE[-1]
LATER: Final = (0, 1, 5, 16, 62)


def changed(rng: Random, event: Event) -> Event:
    """Return an act with a third of its fields drawn anew: good, bad or not stated."""
    said: dict[str, Any] = {}
    for one in attrs.fields(type(event)):
        if one.name not in {"on", "known"} and rng.random() < 0.3:
            said[one.name] = rng.choice(pool_of(type(event), one.name, event.on))
    if rng.random() < 0.1:
        said["known"] = (event.on - timedelta(2), event.on + timedelta(3))
    return attrs.evolve(event, **said)


def silent(event: Event) -> Event:
    """Return an act that leaves open whatever the record may leave open."""
    said: dict[str, Any] = {}
    for one in attrs.fields(type(event)):
        value = getattr(event, one.name)
        if isinstance(value, CoveredFacility) and value.country is Party.MX:
            said[one.name] = UNSTATED
        elif one.name not in {"on", "known"} and NOT_STATED in pool_of(type(event), one.name, event.on):
            said[one.name] = NOT_STATED
    return attrs.evolve(event, **said)


def drawn(rng: Random, case: Case, context: Context) -> Event:
    """Return an act: mostly one that a row provides for, half of those with facts changed or left open; at times any."""
    day = rng.choice(days_of(case, *LATER))
    rows = [checked.row for hold in (False, True) for checked in rows_at(case, of_hold=hold, context=context)]
    if rng.random() < 0.9:
        rows = [row for row in rows if row.event.__name__ not in CLOSERS]
    if not rows or rng.random() < 0.15:
        return changed(rng, likely(rng.choice(tuple(EVENTS.values())), case, day))
    row = rng.choice(rows)
    event = likely(row.event, case, day, row)
    if isinstance(event, did.RemediesImposed) and rng.random() < 0.3:
        return attrs.evolve(event, tier=3, measure=Remedy.ENTRY_DENIED)
    kind = rng.random()
    return event if kind < 0.5 else changed(rng, event) if kind < 0.85 else silent(event)


def wander(rng: Random) -> Run:
    """Return one run: along the shortest course to some stage as far as it goes, then wherever acts lead."""
    context = Context(rng.choice(READINGS), None, rng.choice(REGISTERS))
    case = World(rng.choice(STARTS)).case()
    ahead = [entry.act for entry in case_at(rng.choice(tuple(Stage))).acts]
    late = rng.choice((0, 0, 40))
    for n in range(len(ahead) + STEPS):
        if n >= len(ahead):
            event = drawn(rng, case, context)
        else:
            day = max(ahead[n].on, case.last_day or FIRST_DAY) + timedelta(late)
            event = likely(type(ahead[n]), case, day)
            kind = rng.random()
            event = changed(rng, event) if kind < 0.1 else silent(event) if kind < 0.2 else event
        ruling = decide(case, event, context=context)
        if isinstance(ruling, Entry):
            case = evolve(case, ruling)
    return Run(case, context)


@cache
def runs() -> tuple[Run, ...]:
    """Return the runs."""
    rng = Random(31)
    return tuple(wander(rng) for _ in range(RUNS))
