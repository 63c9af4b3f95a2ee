"""The lifecycle of eight stages in libraries of state charts: `python-statemachine`, `xstate-statemachine`, `sismic`."""

from __future__ import annotations

import types
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from benchmarks.lifecycle import EDGES, Place
from benchmarks.neighbours_made import Made, called, quiet


def statemachine() -> Made:
    """Return a chart of ``python-statemachine``."""
    quiet()
    library: Any = import_module("statemachine")
    places = {one: library.State(initial=one is Place.REQUESTED, final=one is Place.DISMISSED) for one in Place}

    def is_set(self: Any) -> bool:  # noqa: ANN401 - a chart
        return self.field is not None

    def note(self: Any, source: Any, target: Any) -> None:  # noqa: ANN401 - as above
        self.audit.append((source.id, target.id))

    def begun(self: Any) -> None:  # noqa: ANN401 - as above
        self.field, self.audit = "set", []
        library.StateMachine.__init__(self)

    body = {
        "__module__": __name__,
        "validate_final_reachability": False,  # six of the stages lead round and round
        **{one.name: state for one, state in places.items()},
        **{name: places[one].to(places[two], cond="is_set", on="note") for name, one, two in EDGES},
        "is_set": is_set,
        "note": note,
        "__init__": begun,
    }
    kind = types.new_class("Chart", (library.StateMachine,), exec_body=lambda space: space.update(body))
    return Made(kind, called, lambda subject: str(next(iter(subject.configuration)).id))


def xstate() -> Made:
    """Return a machine of ``xstate-statemachine``, with its own interpreter for each case."""
    quiet()
    library: Any = import_module("xstate_statemachine")
    states: dict[str, dict[str, Any]] = {one.name: {"on": {}} for one in Place}
    for name, one, two in EDGES:
        states[one.name]["on"][name] = {"target": two.name, "guard": "isSet", "actions": ["note"]}
    states[Place.DISMISSED.name] = {"type": "final"}

    def note(_: Any, context: Any, event: Any, __: Any) -> None:  # noqa: ANN401 - as the library calls it
        context["audit"].append(event.type)

    def is_set(context: Any, _: Any) -> bool:  # noqa: ANN401 - as above
        return context["field"] is not None

    logic = library.MachineLogic(actions={"note": note}, guards={"isSet": is_set})

    config = {
        "id": "made", "initial": Place.REQUESTED.name, "context": {"field": "set", "audit": []}, "states": states,
    }  # fmt: skip
    found = library.create_machine(config, logic=logic)

    def begin() -> Any:  # noqa: ANN401 - an interpreter
        return library.SyncInterpreter(found).start()  # which copies the context

    def step(subject: Any, name: str) -> Any:  # noqa: ANN401 - as above
        subject.send(name)
        return subject

    return Made(
        begin, step, lambda subject: str(next(iter(subject.current_state_ids)).rpartition(".")[2]),
        lambda subject: subject.context["audit"],
        lambda subject: subject.context["audit"].clear(),
        lambda subject: subject.context.update(field=None),
        lambda subject: subject.stop(),
    )  # fmt: skip


def sismic() -> Made:
    """Return a chart of ``sismic``, with its own interpreter for each case."""
    quiet()
    chart = import_module("sismic.io.datadict").import_from_dict(_sismic_chart())
    interpreter: Any = import_module("sismic.interpreter").Interpreter

    def begin() -> Any:  # noqa: ANN401 - an interpreter
        found = interpreter(chart)
        found.execute()
        return found

    def step(subject: Any, name: str) -> Any:  # noqa: ANN401 - as above
        subject.queue(name).execute()
        return subject

    return Made(
        begin, step, lambda subject: next(str(one) for one in subject.configuration if one != "root"),
        lambda subject: subject.context["audit"],
        lambda subject: subject.context["audit"].clear(),
        lambda subject: subject.context.update(field=None),
    )  # fmt: skip


def _sismic_chart() -> Mapping[str, Any]:
    states: dict[str, dict[str, Any]] = {one.name: {"name": one.name, "transitions": []} for one in Place}
    for name, one, two in EDGES:
        states[one.name]["transitions"].append({
            "event": name, "target": two.name, "guard": "field is not None",
            "action": f"audit.append(({one.name!r}, {two.name!r}))",
        })  # fmt: skip
    root = {"name": "root", "initial": Place.REQUESTED.name, "states": list(states.values())}
    return {"statechart": {"name": "made", "preamble": "field = 'set'\naudit = []", "root state": root}}
