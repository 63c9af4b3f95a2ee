"""The lifecycle of eight stages as the users of each library write it, behind one small shape.

Libraries are imported by name when theirs is made, so that the types are the same with and without them.
"""

from __future__ import annotations

import asyncio
import logging
import types
from collections.abc import Callable, MutableSequence
from functools import cache
from importlib import import_module
from typing import Any, Final, Protocol

import attrs

from benchmarks.lifecycle import EDGES, Model, Place, machine

_QUIET: Final = ("transitions", "statemachine", "xstate_statemachine", "sismic")
"""Loggers that would slow a neighbour down."""


@attrs.frozen
class Made:
    """A lifecycle in a library.

    Attributes:
        begin: Makes a case that stands at its first stage.
        step: Takes a case a step on, and returns it, or the one that follows.
        stands: Tells the name of the stage where a case stands.
        audit: Tells the audit records of a case.
        forget: Empties them.
        unset: Unsets the field that each guard asks for.
        end: Lets a case go, where somebody else holds it.
        close: Closes what was opened.
    """

    begin: Callable[[], Any]
    step: Callable[[Any, str], Any]
    stands: Callable[[Any], str]
    audit: Callable[[Any], MutableSequence[Any]] = lambda subject: subject.audit
    forget: Callable[[Any], object] = lambda subject: subject.audit.clear()
    unset: Callable[[Any], object] = lambda subject: setattr(subject, "field", None)
    end: Callable[[Any], object] = lambda subject: None  # noqa: ARG005 - nobody holds it
    close: Callable[[], object] = lambda: None


def quiet() -> None:
    """Let no logger slow a neighbour down."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def called(subject: Any, name: str) -> Any:  # noqa: ANN401 - a case of any library
    """Call the method of that name on a case, and return the case."""
    getattr(subject, name)()
    return subject


# ---- floors ----------------------------------------------------------------------------------------------------------
@attrs.define
class _Loose:
    state: str = "REQUESTED"
    field: str | None = "set"
    audit: list[tuple[str, str]] = attrs.Factory(list)


_NEXT: Final = {(one.name, name): two.name for name, one, two in EDGES}


def by_dict() -> Made:
    """Return a dict of moves, and an object that is changed in place."""

    def step(subject: _Loose, name: str) -> _Loose:
        to = _NEXT[subject.state, name]
        if subject.field is None:
            raise ValueError(name)
        subject.audit.append((subject.state, to))
        subject.state = to
        return subject

    return Made(_Loose, step, lambda subject: str(subject.state))


@attrs.frozen
class _Firm:
    state: str = "REQUESTED"
    field: str | None = "set"


def frozen_attrs() -> Made:
    """Return a dict of moves, and a frozen value that ``attrs.evolve`` copies; the audit stands beside it."""
    audit: list[tuple[str, str]] = []
    evolve = attrs.evolve

    def step(subject: _Firm, name: str) -> _Firm:
        to = _NEXT[subject.state, name]
        if subject.field is None:
            raise ValueError(name)
        audit.append((subject.state, to))
        return evolve(subject, state=to)

    def unset(subject: _Firm) -> None:
        object.__setattr__(subject, "field", None)

    return Made(
        _Firm, step, lambda subject: str(subject.state), lambda _: audit, lambda _: audit.clear(), unset
    )  # fmt: skip


# ---- transitions -----------------------------------------------------------------------------------------------------
def _flat(found: Any) -> Made:  # noqa: ANN401 - a machine of transitions
    def begin() -> Model:
        model = Model()
        found.add_model(model)
        return model

    return Made(begin, called, lambda model: str(model.state.name), end=found.remove_model)


def registered() -> Made:
    """Return ``transitions`` as its pages teach it: the model is registered with the machine."""
    quiet()
    return _flat(machine())


def unregistered() -> Made:
    """Return ``transitions`` with models that its machine does not know."""
    quiet()
    found = machine()
    events = found.events

    def begin() -> Model:
        model: Any = Model()
        model.state = Place.REQUESTED
        return model  # type: ignore[no-any-return]

    def step(subject: Any, name: str) -> Any:  # noqa: ANN401 - a model
        events[name].trigger(subject)
        return subject

    return Made(begin, step, lambda model: str(model.state.name))


def locked() -> Made:
    """Return the machine of ``transitions`` that threads may share."""
    quiet()
    return _flat(machine(kind=import_module("transitions.extensions").LockedMachine))


def hierarchical() -> Made:
    """Return the machine of ``transitions`` whose stages may hold stages."""
    quiet()
    library: Any = import_module("transitions.extensions.nesting")
    state = type("Slashed", (library.NestedState,), {"separator": "/"})  # its own is a part of our names
    return _flat(machine(kind=type("Hierarchy", (library.HierarchicalMachine,), {"state_cls": state})))


def asynchronous() -> Made:
    """Return the machine of ``transitions`` whose triggers are awaited, each driven by hand, without a loop of its own."""
    quiet()
    loop = asyncio.new_event_loop()
    flat = _flat(machine(kind=import_module("transitions.extensions.asyncio").AsyncMachine))

    def step(subject: Any, name: str) -> Any:  # noqa: ANN401 - a model
        loop.run_until_complete(getattr(subject, name)())
        return subject

    return attrs.evolve(flat, step=step, close=loop.close)


# ---- automat ---------------------------------------------------------------------------------------------------------
class _Steps(Protocol):
    def accept(self) -> None: ...
    def reject(self) -> None: ...
    def agree(self) -> None: ...
    def clear(self) -> None: ...
    def complete(self) -> None: ...
    def escalate(self) -> None: ...
    def convene(self) -> None: ...
    def sanction(self) -> None: ...
    def exonerate(self) -> None: ...
    def comply(self) -> None: ...
    def reopen(self) -> None: ...
    def told(self) -> _Loose: ...


def automat() -> Made:
    """Return a typed machine of ``automat``, which has no guards."""
    library: Any = import_module("automat")
    builder = library.TypeMachineBuilder(_Steps, _Loose)
    places = {one.name: builder.state(one.name) for one in Place}  # the first one is where a case begins

    def noting(one: Place, two: Place) -> Callable[[Any, _Loose], None]:
        def note(_: _Steps, core: _Loose) -> None:
            core.audit.append((one.name, two.name))
            core.state = two.name

        return note

    def tell(_: _Steps, core: _Loose) -> _Loose:
        return core

    for name, one, two in EDGES:
        places[one.name].upon(getattr(_Steps, name)).to(places[two.name])(noting(one, two))
    for place in places.values():
        place.upon(_Steps.told).loop()(tell)
    factory = builder.build()
    return Made(
        lambda: factory(_Loose()), called, lambda subject: str(subject.told().state),
        lambda subject: subject.told().audit,
        lambda subject: subject.told().audit.clear(),
        lambda subject: setattr(subject.told(), "field", None),
    )  # fmt: skip


# ---- django-fsm-2 ----------------------------------------------------------------------------------------------------
def django_fsm() -> Made:
    """Return a model of Django whose methods are transitions; it is never saved."""
    settings: Any = import_module("django.conf").settings
    if not settings.configured:
        settings.configure(INSTALLED_APPS=[])
        import_module("django").setup()
    apps: Any = import_module("django.apps").apps
    if "made" in apps.all_models["benchmarks"]:
        kind: Any = apps.all_models["benchmarks"]["made"]
    else:
        kind = _django_model()

    def begin() -> Any:  # noqa: ANN401 - a model
        found = kind()
        found.audit, found.field = [], "set"
        return found

    return Made(begin, called, lambda subject: str(subject.state))


def _django_model() -> Any:  # noqa: ANN401 - a class of Django
    library: Any = import_module("django_fsm")
    models: Any = import_module("django.db.models")

    def is_set(subject: Any) -> bool:  # noqa: ANN401 - a model
        return subject.field is not None

    def method(name: str, one: Place, two: Place) -> Any:  # noqa: ANN401 - a method of the model
        def act(self: Any) -> None:  # noqa: ANN401 - as above
            self.audit.append((one.name, two.name))

        act.__name__ = name
        decorate = library.transition(field="state", source=one.name, target=two.name, conditions=[is_set])
        return decorate(act)

    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "benchmarks"}),
        "state": library.FSMField(default=Place.REQUESTED.name),
        **{name: method(name, one, two) for name, one, two in EDGES},
    }
    return types.new_class("Made", (models.Model,), exec_body=lambda space: space.update(body))


# ---- eventsourcing ---------------------------------------------------------------------------------------------------
@cache
def _aggregates() -> Any:  # noqa: ANN401 - a class of eventsourcing
    library: Any = import_module("eventsourcing.domain")

    def made(self: Any) -> None:  # noqa: ANN401 - an aggregate
        self.state, self.field = Place.REQUESTED.name, "set"

    def moved(self: Any, to: str) -> None:  # noqa: ANN401 - as above
        self.state = to

    def step(self: Any, name: str) -> None:  # noqa: ANN401 - as above
        to = _NEXT[self.state, name]
        if self.field is None:
            raise ValueError(name)
        self.moved(to)

    moved.__qualname__ = "MadeCase.moved"
    body = {
        "__module__": __name__,
        "__qualname__": "MadeCase",
        "__init__": made,
        "moved": library.event("Moved")(moved),
        "take": step,
    }
    return types.new_class("MadeCase", (library.Aggregate,), exec_body=lambda space: space.update(body))


def _taken(subject: Any, name: str) -> Any:  # noqa: ANN401 - an aggregate
    subject.take(name)
    return subject


def aggregate() -> Made:
    """Return an aggregate of ``eventsourcing``; its events, which are its audit, are kept in the object."""
    kind = _aggregates()
    return Made(
        kind, _taken, lambda subject: str(subject.state),
        lambda subject: subject.pending_events,
        lambda subject: subject.collect_events(),
    )  # fmt: skip


def aggregate_saved() -> Made:
    """Return an aggregate of ``eventsourcing`` that an application saves in memory after each step."""
    kind = _aggregates()
    application: Any = import_module("eventsourcing.application").Application(env={"PERSISTENCE_MODULE": ""})
    noted: list[str] = []

    def begin() -> Any:  # noqa: ANN401 - an aggregate
        found = kind()
        application.save(found)
        return found

    def step(subject: Any, name: str) -> Any:  # noqa: ANN401 - as above
        subject.take(name)
        application.save(subject)
        noted.append(name)
        return subject

    return Made(
        begin, step, lambda subject: str(subject.state), lambda _: noted, lambda _: noted.clear(),
        close=application.close,
    )  # fmt: skip
