"""The table of the law as a machine over declared variables: what the statecharts and the Promela model write out.

Its variables are of three sorts. The machine keeps *registers*: which limits run, what the panel is asked, how the case
closed. Whoever sends it an act *tells* it the rest beforehand: what the act says, and which limits are over. The reading
*settles* some. Each condition that bars an act stands here; what a guard only notes moves nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from typing import Any, Final

import attrs
from attrs import field, frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Determination, Origin, Question
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.export.conditions import Condition, Is, IsNot, Value, either, every, names
from rrm_lifecycle.export.variables import AS_PROVIDED, ASKS, NONE, UNKNOWN, Sort, Variable, over, runs, variable_of
from rrm_lifecycle.law.annexes import ANNEX_31A, Annex
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.guards import (
    OF_EVERY_ACT,
    OF_EVERY_CLAIM,
    BarOver,
    Ended,
    Fact,
    Force,
    Guard,
    Lapsed,
    Within,
)
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import EXTENDABLE, Kind

DEFAULT: Final = Reading()


@frozen
class Copy:
    """The value of another variable.

    Attributes:
        name: That variable.
    """

    name: str


@frozen
class Move:
    """A row from one place.

    Attributes:
        row: The row.
        place: Where the case (or the hold) stands.
        to: Where it stands after.
        when: Each condition that has to hold, in the order in which the table asks.
        sets: The registers that it sets, and to what.
    """

    row: Row
    place: Stage | Hold
    to: Stage | Hold
    when: tuple[Condition, ...]
    sets: tuple[tuple[str, Value | Copy], ...]

    @property
    def condition(self) -> Condition:
        """All conditions as one."""
        return every(*self.when)


@frozen
class Model:
    """The machine of an Annex under a reading.

    Attributes:
        annex: The Annex.
        reading: The reading.
        variables: Its variables, by name.
        moves: The moves from each place, in table order: the first whose conditions hold applies.
    """

    annex: Annex
    reading: Reading
    variables: dict[str, Variable]
    moves: dict[Stage | Hold, tuple[Move, ...]] = field(repr=False)

    @property
    def all_moves(self) -> Iterator[Move]:
        """The moves, place by place."""
        for several in self.moves.values():
            yield from several

    @cached_property
    def asked(self) -> dict[type[Event], tuple[Variable, ...]]:
        """The variables that have to be told before an act of a kind: those that its rows read, in order."""
        read: dict[type[Event], set[str]] = {}
        for move in self.all_moves:
            found = read.setdefault(move.row.event, set())
            found.update(name for one in move.when for name in names(one))
            found.update(value.name for _, value in move.sets if isinstance(value, Copy))
        told = [one for one in self.variables.values() if one.sort is Sort.TOLD]
        return {kind: tuple(one for one in told if one.name in found) for kind, found in read.items()}


# ---- conditions ------------------------------------------------------------------------------------------------------
_FIRST: Final = Question.IS_THERE_A_DENIAL.value
_KEPT: Final[dict[str, Condition]] = {
    "by_petition": either(Is("origin", UNKNOWN), Is("origin", Origin.PETITION.value)),
    "not_by_petition": IsNot("origin", Origin.PETITION.value),
    "asked_by_complainant": Is("question", _FIRST),
    "asked_by_respondent": IsNot("question", _FIRST),
    "found_to_continue": Is("question", Question.DOES_IT_CONTINUE.value),
    "panel_found_denial": either(IsNot("complainant", "us"), Is("determination", Determination.DENIAL.value)),
    "plant_closed": Is("facility_closed"),
    "closed_on_course": Is("closing", Closing.COURSE_COMPLETED.value),
    "limit_runs": either(*(every(Is("term", one.name), Is(runs(one.name))) for one in EXTENDABLE)),
}
"""Facts of the case that follow from registers; every other fact is told under its own name."""


def _bars(guard: Guard, reading: Reading) -> bool:
    if guard.bars_under is not None and getattr(reading, guard.bars_under[0]) == guard.bars_under[1]:
        return True
    return guard.force is Force.BARS


def _condition(guard: Guard, place: Stage | Hold) -> Condition:
    if isinstance(guard, Fact):
        return _KEPT.get(guard.code, Is(guard.code))
    if isinstance(guard, BarOver):
        return Is(guard.code)
    name = guard.term.name
    if isinstance(guard, Within):
        return either(Is(runs(name), 0), Is(over(name), 0))
    if isinstance(guard, Lapsed):
        return every(Is(runs(name)), Is(over(name)))
    if isinstance(guard, Ended) and place is Stage.CLOSED:
        return Is(over(name))  # the close stopped the limit; the agreed end stands
    return either(Is(runs(name), 0), Is(over(name)))


_CLAIMS: Final = frozenset(kind for kind in EVENTS.values() if "facts_from" in attrs.fields_dict(kind))


def _when(row: Row, place: Stage | Hold, annex: Annex, reading: Reading) -> Iterator[Condition]:
    if row.only is not None:
        yield from (IsNot("complainant", other.value.lower()) for other in sorted(annex.parties - {row.only}))
    if row.having is not None:
        yield Is(row.having[0], row.having[1].value)
    yield either(Is("by", AS_PROVIDED), Is("by", row.who.value))
    for guard in (*OF_EVERY_ACT, *(OF_EVERY_CLAIM if row.event in _CLAIMS else ()), *row.requires):
        if _bars(guard, reading):
            yield _condition(guard, place)


# ---- what an act sets ------------------------------------------------------------------------------------------------
_TOLD_BY: Final[dict[type[Event], tuple[tuple[str, Value | Copy], ...]]] = {
    did.PanelRequested: (("verification_asked", Copy(ASKS)), ("verification_refused", 0)),
    did.VerificationRefused: (("verification_refused", 1),),
    did.FacilityClosed: (("facility_closed", 1),),
}


def _sets(row: Row, to: Stage | Hold, reading: Reading) -> dict[str, Value | Copy]:
    found: dict[str, Value | Copy] = {}
    for term in row.stops:
        found[runs(term.name)] = 0
        if term.kind is not Kind.UNTIL:  # that an agreed end is over is still asked after the close
            found[over(term.name)] = 0
    for term in row.starts:
        if reading.term(term.name, date.max) is not None:
            found[runs(term.name)] = 1
            if term.kind is Kind.UNTIL:
                found[over(term.name)] = 0
    found |= dict(_TOLD_BY.get(row.event, ()))
    found |= dict(row.sets or {})
    if row.event is did.DeterminationIssued and row.having is not None:
        found["determination"] = row.having[1].value
    if row.closes is not None:
        found["closing"] = row.closes.value
    elif isinstance(to, Stage) and Stage.CLOSED in row.stages:
        found["closing"] = NONE
    return found


# ---- the model -------------------------------------------------------------------------------------------------------
def stands(row: Row, annex: Annex, reading: Reading) -> bool:
    """Return whether a row stands under an Annex and a reading."""
    if row.id in reading.without or (row.only is not None and row.only not in annex.parties):
        return False
    return row.under is None or bool(getattr(reading, row.under[0]) == row.under[1])


def model_of(annex: Annex = ANNEX_31A, reading: Reading | None = None) -> Model:
    """Return the machine of an Annex under a reading.

    Args:
        annex: The Annex.
        reading: The reading; our default if None.

    Example:
        >>> [move.row.id for move in model_of().moves[Stage.REVIEW_DECLINED]][:2]
        ['A4-03c', 'A4-04b']
    """
    return _model(annex, DEFAULT) if reading is None else _built(annex, reading)


def _built(annex: Annex, reading: Reading) -> Model:
    moves: dict[Stage | Hold, list[Move]] = {place: [] for place in (*Stage, *Hold)}
    asked: dict[str, None] = {}
    for row in (*TABLE, *CUSTOMS):
        if not stands(row, annex, reading):
            continue
        for place in row.stages:
            to = place if row.to is None else row.to
            moves[place].append(Move(row, place, to, tuple(_when(row, place, annex, reading)), ()))
            asked |= dict.fromkeys(name for one in moves[place][-1].when for name in names(one))
    # That a limit runs is kept wherever something starts it or asks; that it is over, wherever something asks.
    rows = {move.row.id: move.row for several in moves.values() for move in several}
    kept_names = {*asked, *(runs(term.name) for row in rows.values() for term in row.starts)}
    kept = {place: tuple(_with_sets(move, kept_names, reading) for move in several) for place, several in moves.items()}
    used = dict(asked)
    for several in kept.values():
        for move in several:
            for name, value in move.sets:
                used |= dict.fromkeys((name, value.name) if isinstance(value, Copy) else (name,))
    order = sorted(used, key=lambda name: (variable_of(name, reading).sort.value, name))
    return Model(annex, reading, {name: variable_of(name, reading) for name in order}, kept)


def _with_sets(move: Move, kept: set[str], reading: Reading) -> Move:
    found = _sets(move.row, move.to, reading)
    sets = tuple(
        (name, value) for name, value in found.items() if not name.endswith(("_runs", "_over")) or name in kept
    )
    return attrs.evolve(move, sets=sets)


_model: Any = cache(_built)
