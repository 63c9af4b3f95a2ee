"""The machine over declared variables, which statecharts and Promela write out, does what the table does."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given

from rrm_lifecycle.case.case import evolve
from rrm_lifecycle.case.engine import ROWS
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.export.conditions import Either, Every, Is, IsNot, Value, as_json, ecmascript, either, every, holds
from rrm_lifecycle.export.model import Copy, Model, Move, model_of
from rrm_lifecycle.export.telling import registers, told
from rrm_lifecycle.export.variables import Sort
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.guards import Fact, Force, Waited
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.record.entry import Entry
from tests.strategies import Walk, walks


@cache
def _model(annex: Annex, reading: Reading) -> Model:
    return model_of(annex, reading)


def step(model: Model, values: dict[str, Value], place: Stage | Hold, event: Event) -> Move | None:
    """Return the first move from a place for an act whose conditions hold; None where there is none."""
    here = (move for move in model.moves[place] if move.row.event is type(event))
    return next((move for move in here if holds(move.condition, values)), None)


class TestAgreement:
    """An exported machine, told what our guards find, goes where ``decide`` goes."""

    @given(walks())
    def test_each_ruling(self, walk: Walk) -> None:
        """It takes the row that admits an act, no row where the act is refused, and keeps the same registers."""
        for case, event, ruling in walk.tried:
            model = _model(case.annex, walk.context.reading)
            values = {one.name: one.initial for one in model.variables.values()}
            values |= registers(model, case) | told(model, case, event, context=walk.context)
            move = step(model, values, case.hold if event.of_hold else case.stage, event)
            assert (move and move.row.id) == (ruling.rule if isinstance(ruling, Entry) else None)
            if move is not None and isinstance(ruling, Entry):
                assert move.to is ruling.to
                kept = {one.name for one in model.variables.values() if one.sort is Sort.REGISTER}
                after = values | {
                    name: values[to.name] if isinstance(to, Copy) else to for name, to in move.sets
                }  # fmt: skip
                assert {name: after[name] for name in kept} == registers(model, evolve(case, ruling))

    @pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B], ids=str)
    def test_every_row_stands_once_in_each_of_its_places(self, annex: Annex) -> None:
        """Each row that stands under the Annex and the default reading is a move from each of its places, in order."""
        read = Reading()
        rows = [
            row
            for row in ROWS
            if (row.only is None or row.only in annex.parties)
            and (row.under is None or getattr(read, row.under[0]) == row.under[1])
        ]
        model = model_of(annex)
        for place in (*Stage, *Hold):
            assert [move.row.id for move in model.moves[place]] == [row.id for row in rows if place in row.stages]


class TestVariables:
    """Whatever a condition reads or an act sets is declared, with every value that it can take."""

    @pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B], ids=str)
    def test_all_are_declared(self, annex: Annex) -> None:
        """No move names a variable that is not declared, or compares it with a value that it never has."""
        model = model_of(annex)
        for move in model.all_moves:
            for condition in move.when:
                _check(condition, model)
            for name, value in move.sets:
                if isinstance(value, Copy):
                    assert value.name in model.variables
                else:
                    assert value in model.variables[name].values

    def test_each_term_is_over_in_one_way(self) -> None:
        """A term that has to be waited for is asked in no other way, so that one variable says that it is over."""
        asked: dict[str, set[bool]] = {}
        for row in ROWS:
            for guard in row.requires:
                if not isinstance(guard, Fact):
                    asked.setdefault(guard.term.name, set()).add(isinstance(guard, Waited))
        assert set(map(len, asked.values())) == {1}

    def test_names_are_words(self) -> None:
        """Every name is a word of ASCII letters, digits and low lines."""
        for annex in (ANNEX_31A, ANNEX_31B):
            for name in model_of(annex).variables:
                assert name.isidentifier()
                assert name.isascii()

    def test_notes_are_left_out(self) -> None:
        """A condition that a guard only notes stands in no move."""
        noted = {
            guard.code
            for row in ROWS
            for guard in row.requires
            if isinstance(guard, Fact) and guard.force is Force.NOTES and guard.bars_under is None
        }
        assert noted
        assert not noted & set(model_of().variables)


def _check(condition: object, model: Model) -> None:
    if isinstance(condition, Is | IsNot):
        assert condition.value in model.variables[condition.name].values
    elif isinstance(condition, Either | Every):
        for one in condition.several:
            _check(one, model)


class TestConditions:
    """Conditions are written so that nothing binds otherwise than it was meant."""

    def test_brackets(self) -> None:
        """What is joined by *or* stands in brackets inside of what is joined by *and*, and the other way round."""
        inside = every(Is("a"), either(Is("b", 0), every(Is("c"), IsNot("d", "x"))))
        assert ecmascript(inside) == "a == 1 && (b == 0 || (c == 1 && d != 'x'))"
        assert as_json(inside)["all"][1]["any"][0] == {"is": ["b", 0]}

    def test_nothing(self) -> None:
        """Every of none holds, and one of none does not."""
        assert holds(every(), {})
        assert not holds(Either(()), {})
        assert (ecmascript(every()), ecmascript(Either(()))) == ("", "0 == 1")
