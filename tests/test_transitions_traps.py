"""Traps of `transitions` that the engine walks round, each shown on `transitions` itself.

Nothing here tests this library. When an upgrade changes one of these, the test tells us which precaution of the engine
may go, or which new one it needs.
"""

from __future__ import annotations

import gc
import logging
import pickle
import weakref
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final

import attrs
import pytest
from transitions import Machine, MachineError
from transitions.extensions import HierarchicalMachine


class Place(Enum):
    """Two places."""

    HERE = auto()
    THERE = auto()


GO: Final[dict[str, Any]] = {"trigger": "go", "source": Place.HERE, "dest": Place.THERE}


class Model:
    """An ordinary object."""


@attrs.define
class Cursor:
    """A slotted object with the one field that a machine needs."""

    state: Place = Place.HERE


@attrs.frozen(slots=False)
class Frozen:
    """A value with a dictionary of its own, which a slotted one has not."""


def machine(*transitions: dict[str, Any], **options: Any) -> Machine:
    """Return a machine over the two places, without models and automatic transitions unless asked for."""
    return Machine(**{
        "model": None, "states": Place, "initial": Place.HERE, "transitions": list(transitions or (GO,)),
        "auto_transitions": False, **options,
    })  # fmt: skip


def fails(*_: Any) -> None:
    """Raise."""
    raise LookupError


class TestModels:
    """Registering a model is not for cases."""

    def test_slotted_models_fail(self) -> None:
        """A slotted object cannot be registered, since triggers are set on it."""
        with pytest.raises(AttributeError):
            machine().add_model(Cursor())

    def test_frozen_models_fail(self) -> None:
        """A frozen object cannot be registered either."""
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            machine().add_model(Frozen())

    def test_an_equal_model_is_not_registered(self) -> None:
        """A second object that equals the first is silently left out, and has no triggers."""

        class Same(Model):
            __hash__ = None  # type: ignore[assignment]

            def __eq__(self, other: object) -> bool:
                return isinstance(other, Same)

        one, other = Same(), Same()
        built = machine()
        built.add_model(one)
        built.add_model(other)
        assert len(built.models) == 1
        assert not hasattr(other, "go")

    def test_models_are_kept_alive(self) -> None:
        """A machine keeps its models alive."""
        built, model = machine(), Model()
        built.add_model(model)
        ref = weakref.ref(model)
        del model
        gc.collect()
        assert ref() is not None

    def test_pickles_drag_every_model_along(self) -> None:
        """A pickled model holds its machine, and with it every other model."""
        built, models = machine(), [Model() for _ in range(50)]
        built.add_model(models)
        one = machine()
        one.add_model(alone := Model())
        assert len(pickle.dumps(models[0])) > 5 * len(pickle.dumps(alone))

    def test_an_unregistered_object_is_moved(self) -> None:
        """An object that is not registered is moved all the same: the proof by cursor rests on it."""
        built, cursor = machine(), Cursor()
        assert built.events["go"].trigger(cursor) is True
        assert cursor.state is Place.THERE
        assert built.models == []


class TestTriggers:
    """What a trigger does beside the table."""

    def test_automatic_transitions_are_on_by_default(self) -> None:
        """By default a machine makes ``to_`` triggers that lead anywhere, past every condition."""
        model: Any = Model()
        Machine(model, states=Place, initial=Place.HERE, transitions=[{**GO, "conditions": lambda: False}])
        assert model.go() is False
        assert model.to_THERE() is True
        assert model.state is Place.THERE

    def test_they_can_be_off(self) -> None:
        """Without them there are no other triggers than those of the table."""
        assert set(machine().events) == {"go"}

    def test_no_transition_from_here_raises(self) -> None:
        """A trigger without a transition from where the object stands raises, while a failed condition does not."""
        with pytest.raises(MachineError):
            machine().events["go"].trigger(Cursor(Place.THERE))

    def test_a_stay_changes_nothing(self) -> None:
        """A transition without a destination is admitted and leaves the state."""
        cursor = Cursor()
        assert machine({**GO, "dest": None}).events["go"].trigger(cursor) is True
        assert cursor.state is Place.HERE


class TestConditions:
    """A condition says yes or no, and never why."""

    def test_only_false_comes_back(self) -> None:
        """A failed condition gives False and no reason; the ones after it are not asked."""
        asked: list[str] = []

        def condition(name: str) -> Callable[[], bool]:
            def ask() -> bool:
                asked.append(name)
                return False

            return ask

        built = machine({**GO, "conditions": [condition("first"), condition("second")]})
        assert built.events["go"].trigger(Cursor()) is False
        assert asked == ["first"]

    def test_a_queue_hides_it(self) -> None:
        """With a queue, a refused trigger gives True."""
        cursor = Cursor()
        assert machine({**GO, "conditions": lambda: False}, queued=True).events["go"].trigger(cursor) is True
        assert cursor.state is Place.HERE

    @pytest.mark.parametrize("truthy", [1, "yes", [0]])
    def test_a_truthy_value_counts_as_failed(self, truthy: Any) -> None:
        """A condition that returns a truthy value other than True counts as failed, 1 apart, which equals True."""
        admitted = machine({**GO, "conditions": lambda: truthy}).events["go"].trigger(Cursor())
        assert admitted is (truthy == 1)


class TestCallbacks:
    """No record belongs into a callback."""

    @pytest.mark.parametrize("where", ["after", "after_state_change", "on_enter"])
    def test_the_state_is_changed_before_it_raises(self, where: str) -> None:
        """What raises after the change leaves the state changed."""
        transition = {**GO, "after": fails} if where == "after" else GO
        built = machine(transition, **({where: fails} if where == "after_state_change" else {}))
        if where == "on_enter":
            built.get_state(Place.THERE).add_callback("enter", fails)
        cursor = Cursor()
        with pytest.raises(LookupError):
            built.events["go"].trigger(cursor)
        assert cursor.state is Place.THERE

    def test_what_finalize_raises_is_swallowed(self) -> None:
        """What raises in ``finalize_event`` is swallowed, and the trigger says True."""
        assert machine(finalize_event=fails).events["go"].trigger(Cursor()) is True

    def test_callback_names_are_found_when_fired(self) -> None:
        """The name of a condition that nobody has is found missing when it is fired, not when the machine is built."""
        built = machine({**GO, "conditions": "nobody"})
        with pytest.raises(AttributeError):
            built.events["go"].trigger(Cursor())


class TestDefinition:
    """A table is hardly checked when a machine is built."""

    def test_unknown_destinations_are_found_when_fired(self) -> None:
        """A destination that is no state is found when it is fired."""
        built = machine({**GO, "dest": "nowhere"})
        with pytest.raises(ValueError, match="nowhere"):
            built.events["go"].trigger(Cursor())

    def test_double_rows_are_taken(self) -> None:
        """The same transition twice is taken without a word."""
        assert len(machine(GO, GO).events["go"].transitions["HERE"]) == 2

    def test_nested_enums_need_another_separator(self) -> None:
        """A hierarchical machine parts names at ``_``, so that an Enum whose names hold one cannot be used as it is."""

        class Stage(Enum):
            UNDER_REVIEW = auto()

        with pytest.raises(ValueError, match="_"):
            HierarchicalMachine(model=None, states=Stage, initial=None)


class TestLogging:
    """A step logs much."""

    def test_a_step_logs_many_times(self) -> None:
        """One step makes ten log calls or more; the engine quietens the logger of the package, and no other."""
        seen: list[logging.LogRecord] = []

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                seen.append(record)

        logger = logging.getLogger("transitions")
        handler, level, propagate = Handler(), logger.level, logger.propagate
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        try:
            machine().events["go"].trigger(Cursor())
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate
        assert len(seen) >= 10
