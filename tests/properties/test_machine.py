"""The machines of `transitions` themselves, moved by a throw-away cursor, rule as ``decide`` does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attrs import define
from hypothesis import given
from transitions import Machine, MachineError

from rrm_lifecycle.case import engine
from rrm_lifecycle.case.case import Case, with_parties
from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import HOLD_MACHINE, MACHINE, ROWS, Admission, decide, rows_at
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.record.entry import Entry
from tests.strategies import READINGS, Walk, case_at, days_of, likely, walks

BOTH = (MACHINE, HOLD_MACHINE)


@define
class Cursor:
    """What the machine moves: a place, and nothing else."""

    state: Stage | Hold


def moved(case: Case, event: Event, context: Context) -> Stage | Hold | None:
    """Return where the machine leads; None where it refuses."""
    machine = HOLD_MACHINE if event.of_hold else MACHINE
    cursor = Cursor(case.hold if event.of_hold else case.stage)
    try:
        admitted = machine.events[type(event).__name__].trigger(cursor, with_parties(case, event), event, context)
    except MachineError:
        return None
    return cursor.state if admitted else None


def first_row(case: Case, event: Event, context: Context) -> Row | None:
    """Return the row of the first transition of the machine whose condition holds."""
    machine = HOLD_MACHINE if event.of_hold else MACHINE
    place = case.hold if event.of_hold else case.stage
    for transition in machine.events[type(event).__name__].transitions.get(place.name, ()):
        (condition,) = transition.conditions
        assert isinstance(condition.func, Admission)
        if condition.func(with_parties(case, event), event, context):
            return condition.func.row
    return None


def agree(case: Case, event: Event, context: Context) -> None:
    """Check that the machine rules as ``decide`` does: same answer, same place, same row."""
    ruling = decide(case, event, context=context)
    expected = (ruling.to, ruling.rule) if isinstance(ruling, Entry) else (None, None)
    row = first_row(case, event, context)
    assert (moved(case, event, context), row and row.id) == expected, (case, event, ruling)


def actors(kind: type[Event], place: Stage | Hold) -> Iterator[Role]:
    """Yield who acts in the rows of a place, and one who does not."""
    proper = dict.fromkeys(row.who for row in ROWS if row.event is kind and place in row.stages)
    yield from proper
    yield next(role for role in Role if role not in proper)


class TestSameRuling:
    """``decide`` dispatches through a lookup compiled from the machines; the machines themselves rule alike."""

    @pytest.mark.parametrize("stage", list(Stage))
    def test_every_stage_and_event(self, stage: Stage) -> None:
        """In the stage, each kind of act by right and wrong actor, before, on and after each limit, is ruled alike."""
        case = case_at(stage)
        contexts = (DEFAULT, *(Context(reading) for reading in READINGS[1:4]))
        for kind in EVENTS.values():
            for by in actors(kind, case.hold if kind.of_hold else case.stage):
                for day in days_of(case, -1, 0, 1, 400):
                    for context in contexts if by is not Role.BOTH else contexts[:1]:
                        agree(case, likely(kind, case, day, by=by), context)

    @given(walks())
    def test_along_walks(self, walk: Walk) -> None:
        """Along any walk, under any reading and register, each act is ruled alike."""
        for case, event, _ in walk.tried:
            agree(case, event, walk.context)


class TestMachines:
    """The machines own the graph and hold nothing else."""

    @pytest.mark.parametrize("machine", BOTH)
    def test_no_automatic_transitions(self, machine: Machine) -> None:
        """No trigger of the machine goes round the table: its triggers are the kinds of event, each from a row."""
        assert not [name for name in machine.events if name.startswith("to_")]
        assert set(machine.events) == {kind for kind, one in EVENTS.items() if one.of_hold is (machine is HOLD_MACHINE)}

    def test_only_rows_count(self) -> None:
        """A transition of a machine that carries no row of a table is none of the lookup's."""
        foreign = Machine(model=None, states=Stage, initial=None, auto_transitions=False)
        foreign.add_transition("Withdrawn", Stage.UNDER_REVIEW, Stage.CLOSED, conditions=lambda *_: True)
        assert list(engine._rows_of(foreign, Stage)) == []
        assert {row.id for _, _, row in engine._rows_of(MACHINE, Stage)} == {row.id for row in TABLE}

    @pytest.mark.parametrize("stage", list(Stage))
    def test_rows_at_a_stage(self, stage: Stage) -> None:
        """The rows at a stage are those of the table that stand there, in table order."""
        rows = [checked.row for checked in rows_at(case_at(stage))]
        order = [ROWS.index(row) for row in rows]
        assert order == sorted(order)
        assert all(stage in row.stages for row in rows)

    @pytest.mark.parametrize("machine", BOTH)
    def test_no_models(self, machine: Machine) -> None:
        """No model is registered with the machine."""
        assert machine.models == []

    @pytest.mark.parametrize("machine", BOTH)
    def test_no_callbacks(self, machine: Machine) -> None:
        """Nothing stands in a callback: neither of the machine, nor of a state, nor of a transition."""
        callbacks = [
            machine.before_state_change,
            machine.after_state_change,
            machine.prepare_event,
            machine.finalize_event,
            machine.on_exception,
            *(one for state in machine.states.values() for one in (state.on_enter, state.on_exit)),
        ]
        for event in machine.events.values():
            for several in event.transitions.values():
                callbacks += [one for each in several for one in (each.prepare, each.before, each.after)]
        assert [one for one in callbacks if one] == []

    def test_one_transition_a_row_and_place(self) -> None:
        """The machines hold one transition for each row and place, each with the one condition of its row."""
        held = []
        for machine in BOTH:
            for event in machine.events.values():
                for one in (one for several in event.transitions.values() for one in several):
                    (condition,) = one.conditions
                    assert isinstance(condition.func, Admission)
                    held.append((condition.func.row.id, one.source))
        assert sorted(held) == sorted((row.id, place.name) for row in ROWS for place in row.stages)
