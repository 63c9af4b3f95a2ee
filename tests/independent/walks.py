"""Random runs of acts, ruled by ``decide``, as other people's interpreters have to follow them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any, Final

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import CoveredFacility, Determination, NoDenialGround, Origin, Role, Sector
from rrm_lifecycle.case.engine import ROWS, decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.paths import act_for, next_day
from rrm_lifecycle.errors import RRMError
from rrm_lifecycle.export.conditions import Value
from rrm_lifecycle.export.model import model_of
from rrm_lifecycle.export.statecharts import SET, state_name
from rrm_lifecycle.export.telling import registers, told
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry

SHORTEST: Final = 4
LONGEST: Final = 12
"""How many acts are tried in a run; some are refused."""
_LIKELY: Final = 8
"""How much likelier a row is tried that leads on than one that stays or closes."""
_ANY, _OF_HOLD, _LATER, _RARELY, _ENOUGH = 0.1, 0.1, 0.4, 0.05, 0.7
"""How often: any act at all; one of the hold; a day after a limit; another actor or facility; no more once closed."""
_OUTSIDE: Final = CoveredFacility("Planta Dos", country="MX", sector=Sector.OTHER, goods_traded=True)
_ORIGINS: Final = (None, None, Origin.PETITION, Origin.SELF_INITIATED)


def walks_of(many: tuple[int, int]) -> list[list[list[Any]]]:
    """Return runs of acts, each a list of steps, from a number up to another one, left out.

    A step is what has to be told first (names and values), the act, where the case and its hold then stand, and the
    registers that the act changed.
    """
    return [list(_walk(random.Random(f"walk {number}"))) for number in range(*many)]


@cache
def _moves_at(place: Stage | Hold) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    rows = tuple(move.row for move in model_of().moves[place])
    return rows, tuple(1 if row.closes is not None or row.to is None else _LIKELY for row in rows)


@cache
def _forgotten(rule: str) -> frozenset[str]:
    """Return the limits that a row ends or starts anew, so that the chart forgets that they were told to be over."""
    found = next(move for move in model_of().all_moves if move.row.id == rule)
    return frozenset(name for name, _ in found.sets if name.endswith("_over"))


def _walk(chance: random.Random) -> Iterator[list[Any]]:
    model = model_of()
    case = Case.start("WALK-1", origin=chance.choice(_ORIGINS))
    values: dict[str, Value] = {one.name: one.initial for one in model.variables.values()}
    kept = registers(model, case)
    opening = {"origin": kept["origin"]} if kept["origin"] != values["origin"] else {}
    values |= kept
    for _ in range(chance.randint(SHORTEST, LONGEST)):
        try:
            event = _act(chance, case)
            says = told(model, case, event)
            ruling = decide(case, event)
        except RRMError:  # an act that cannot be made there, or a day beyond what a calendar knows
            continue
        tells = opening | {name: value for name, value in says.items() if values[name] != value}
        opening = {}
        values |= says
        kept = registers(model, case)
        if isinstance(ruling, Entry):
            case = evolve(case, ruling)
            values |= dict.fromkeys(_forgotten(ruling.rule or ""), 0)
        after = registers(model, case)
        values |= after
        changed = {name: value for name, value in after.items() if kept[name] != value}
        yield [tells, type(event).__name__, case.stage.value, state_name(case.hold), changed]
        if case.stage is Stage.CLOSED and chance.random() < _ENOUGH:
            return


def _act(chance: random.Random, case: Case) -> Event:
    rows, weights = _moves_at(case.hold if chance.random() < _OF_HOLD else case.stage)
    row = chance.choice(ROWS) if not rows or chance.random() < _ANY else chance.choices(rows, weights)[0]
    on = next_day(case, chance.choice((0, 1, 3, 5, 12, 20, 50, 80)))
    if chance.random() < _LATER:
        on += timedelta(chance.choice((1, 6, 10, 16, 40, 70)))
    return _twisted(chance, act_for(row, on, case, _OUTSIDE if chance.random() < _RARELY else None))


def _twisted(chance: random.Random, event: Event) -> Event:
    """Return an act as it is, or with one word of it changed."""
    lot = chance.random()
    if lot < _RARELY:
        return attrs.evolve(event, by=chance.choice(list(Role)))
    if isinstance(event, did.DeterminationIssued) and lot < 0.6:
        return attrs.evolve(event, finding=chance.choice(list(Determination)), heard=lot < 0.55)
    if isinstance(event, did.NoDenialReported) and lot < 0.5:
        return attrs.evolve(event, ground=chance.choice(list(NoDenialGround)))
    if isinstance(event, did.ReviewRequested) and lot < 0.1:
        return attrs.evolve(event, laws=())
    return event


def events_of(step: list[Any]) -> list[dict[str, Any]]:
    """Return a step as events of a chart: what is told, and the act."""
    tells, act, *_ = step
    return [*({"type": f"{SET}{name}", "value": value} for name, value in tells.items()), {"type": act}]
