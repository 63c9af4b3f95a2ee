"""The table as a statechart: SCXML 1.0 of the W3C, and a machine of XState 5.

Two regions stand beside each other: the case, with its stages, and the customs hold. An event is the class of an act.
Each row from a stage is a transition, in table order, and its condition reads the variables that the chart declares.
Whoever sends an act tells the chart beforehand what the act says and which limits are over, by events named
``set.`` and the variable. Facts are 1 or 0, and so is whether a limit runs or is over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from rrm_lifecycle.export.conditions import Value, as_json, ecmascript, literal
from rrm_lifecycle.export.escaping import xml
from rrm_lifecycle.export.model import Copy, Model, Move, model_of
from rrm_lifecycle.export.variables import Sort, Variable
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.version import RULEBOOK_VERSION

SET: Final = "set."
"""What the name of an event begins with that tells a variable."""
HOLD: Final = "hold_"
"""What the name of a state begins with in the region of the customs hold."""
REGIONS: Final[tuple[tuple[str, tuple[Stage | Hold, ...]], ...]] = (("case", tuple(Stage)), ("hold", tuple(Hold)))
"""The two regions with their states; the first is where a case starts."""
RULES: Final = "urn:rrm-lifecycle:rules"
"""The namespace of what a row is: its rule, whose act it is, and its provision."""


def state_name(place: Stage | Hold) -> str:
    """Return the name of a state: the value of the stage; of the hold, with ``hold_`` before it."""
    return f"{HOLD}{place.value}" if isinstance(place, Hold) else place.value


# ---- SCXML -----------------------------------------------------------------------------------------------------------
def scxml(annex: Annex = ANNEX_31A, reading: Reading | None = None) -> str:
    """Return the table as a state chart in SCXML 1.0 (W3C), for its ECMAScript data model.

    Expressions keep to what ECMAScript and Python read alike. Send ``set.reply_over`` with ``{"value": 1}`` to tell
    that the limit is over, then the act: ``PanelRequested``. ``restart`` begins anew.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.

    Example:
        >>> scxml().splitlines()[1][:44]
        '<scxml xmlns="http://www.w3.org/2005/07/scxm'
    """
    model = model_of(annex, reading)
    return "\n".join([*_head(model), *_regions(model), "  </parallel>", "</scxml>", ""])


def _head(model: Model) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:rrm="{RULES}" version="1.0" datamodel="ecmascript" '
        f'name="annex_{xml(model.annex.name)}" initial="mechanism" rrm:rulebook="{xml(RULEBOOK_VERSION)}">'
    )
    yield "  <datamodel>"
    for one in model.variables.values():
        yield f'    <data id="{one.name}" expr="{_expr(one.initial)}" rrm:sort="{one.sort.value}"/>'
    yield "  </datamodel>"
    yield '  <parallel id="mechanism">'
    for one in told(model):
        yield (
            f'    <transition event="{SET}{one.name}"><assign location="{one.name}" expr="_event.data.value"/></transition>'
        )
    yield '    <transition event="restart" target="mechanism">'
    for one in model.variables.values():
        yield f'      <assign location="{one.name}" expr="{_expr(one.initial)}"/>'
    yield "    </transition>"


def told(model: Model) -> Iterator[Variable]:
    """Yield the variables that can be set from outside: what is told, and what a case opens with."""
    for one in model.variables.values():
        if one.sort is Sort.TOLD or one.name == "origin":
            yield one


def _regions(model: Model) -> Iterator[str]:
    for region, places in REGIONS:
        first = state_name(places[0])
        yield f'    <state id="{region}" initial="{first}">'
        for place in places:
            yield f'      <state id="{state_name(place)}">'
            for move in model.moves[place]:
                yield from _transition(move)
            yield "      </state>"
        yield "    </state>"


def _in_quotes(expression: str) -> str:
    return xml(expression).replace("&apos;", "'")  # it stands between double quotes


def _expr(value: Value) -> str:
    return _in_quotes(literal(value))


def _transition(move: Move) -> Iterator[str]:
    row = move.row
    target = "" if row.to is None else f' target="{state_name(move.to)}"'
    says = f'rrm:rule="{xml(row.id)}" rrm:who="{row.who.value}" rrm:provision="{xml(str(row.provision.in_31a))}"'
    condition = _in_quotes(ecmascript(move.condition))
    head = f'        <transition event="{row.event.__name__}" cond="{condition}"{target} {says}'
    if not move.sets:
        yield f"{head}/>"
        return
    yield f"{head}>"
    for name, value in move.sets:
        yield f'          <assign location="{name}" expr="{value.name if isinstance(value, Copy) else _expr(value)}"/>'
    yield "        </transition>"


# ---- XState ----------------------------------------------------------------------------------------------------------
def xstate_config(annex: Annex = ANNEX_31A, reading: Reading | None = None) -> dict[str, Any]:
    """Return the table as the configuration of a machine of XState 5, ready for JSON.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.
    """
    model = model_of(annex, reading)
    return {
        "id": f"annex_{annex.name}",
        "type": "parallel",
        "context": {one.name: one.initial for one in model.variables.values()},
        "on": {
            f"{SET}{one.name}": {"actions": [{"type": "tell", "params": {"name": one.name}}]} for one in told(model)
        },
        "states": {
            region: {
                "initial": state_name(places[0]),
                "states": {state_name(place): _state(model.moves[place], annex) for place in places},
            }
            for region, places in REGIONS
        },
    }


def _state(moves: tuple[Move, ...], annex: Annex) -> dict[str, Any]:
    on: dict[str, list[dict[str, Any]]] = {}
    for move in moves:
        row = move.row
        one: dict[str, Any] = {} if row.to is None else {"target": state_name(move.to)}
        one["guard"] = {"type": "meets", "params": {"condition": as_json(move.condition)}}
        if move.sets:
            sets = {name: {"copy": value.name} if isinstance(value, Copy) else value for name, value in move.sets}
            one["actions"] = [{"type": "keep", "params": {"sets": sets}}]
        one["meta"] = {"rule": row.id, "who": row.who.value, "provision": row.provision.cite(annex.name)}
        on.setdefault(row.event.__name__, []).append(one)
    return {"on": on} if on else {}


def xstate(annex: Annex = ANNEX_31A, reading: Reading | None = None) -> str:
    """Return the table as JSON for ``createMachine`` of XState 5.

    Its one guard is ``meets``, its two actions are ``keep`` and ``tell``: :data:`XSTATE_SETUP` implements them. Guards
    read the context by their ``params``: ``{"is": [name, value]}``, ``not``, ``any`` and ``all``.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.

    Example:
        >>> json.loads(xstate())["states"]["case"]["initial"]
        'assessment'
    """
    return json.dumps(xstate_config(annex, reading), separators=(",", ":")) + "\n"


XSTATE_SETUP: Final = """\
import { assign, setup } from "xstate";

export function meets(context, condition) {
  if (condition.is) return context[condition.is[0]] === condition.is[1];
  if (condition.not) return context[condition.not[0]] !== condition.not[1];
  if (condition.any) return condition.any.some((one) => meets(context, one));
  return condition.all.every((one) => meets(context, one));
}

const kept = (context, sets) =>
  Object.fromEntries(Object.entries(sets).map(([name, to]) => [name, to?.copy ? context[to.copy] : to]));

export const machineOf = (config) =>
  setup({
    guards: { meets: ({ context }, params) => meets(context, params.condition) },
    actions: {
      keep: assign(({ context }, params) => kept(context, params.sets)),
      tell: assign(({ event }, params) => ({ [params.name]: event.value })),
    },
  }).createMachine(config);
"""
"""A module of JavaScript that makes a machine of the configuration: what its guard and its two actions do."""
