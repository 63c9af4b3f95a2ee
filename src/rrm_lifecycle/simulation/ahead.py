"""What the rules ahead of a stage will ask: which facts of the case, and the days left of which limits.

Read off the guards themselves. A guard over a term asks about the limit of that term. A fact is answered by a small
function, and which attributes of a case that function names stands in its code; so no list has to be kept here.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from types import CodeType
from typing import Any, Final

import attrs
from attrs import frozen

from rrm_lifecycle.case.case import Case, Facts, evolve
from rrm_lifecycle.case.claim import NOT_STATED, Determination, Question
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, Checked, rows_at
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.law.guards import Fact
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import EXTENDABLE
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.habits import Habit

_FACTS: Final = frozenset(attrs.fields_dict(Facts))
_EXTENDABLE: Final = frozenset(term.name for term in EXTENDABLE)


@frozen
class Asked:
    """What is asked.

    Attributes:
        facts: Names of facts of the case; ``origin`` is one.
        terms: Names of terms whose running limits are asked about.
    """

    facts: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()

    def __or__(self, other: Asked) -> Asked:
        """Return what either asks."""
        return Asked(self.facts | other.facts, self.terms | other.terms)

    def without(self, facts: Iterable[str], terms: Iterable[str]) -> Asked:
        """Return what is asked beside some facts and terms."""
        return Asked(self.facts.difference(facts), self.terms.difference(terms))


def _names(code: CodeType) -> set[str]:
    """Return the names that a function uses; of the facts of a case, which are read as ``case.facts.name``, as ``.name``.

    Where the facts are handed on whole, every name could be one of theirs.
    """
    found: set[str] = set()
    steps = list(dis.get_instructions(code))
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if isinstance(step.argval, str):
            found.add(step.argval)
        if step.opname == "LOAD_ATTR" and step.argval == "facts":
            one = following is not None and following.opname == "LOAD_ATTR"
            found |= {f".{following.argval}"} if one and following is not None else {f".{name}" for name in _FACTS}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= _names(inner)
    return found


@cache
def _read_by(ask: Callable[..., Any]) -> frozenset[str]:
    """Return every name that a question uses, those of the functions that it calls in its module included."""
    found: set[str] = set()
    left = [ask]
    seen = {ask}
    while left:
        one = left.pop()
        names = _names(one.__code__)
        found |= names
        for name in names:
            called = one.__globals__.get(name)
            if isinstance(called, type(ask)) and called.__module__ == ask.__module__ and called not in seen:
                seen.add(called)
                left.append(called)
    return frozenset(found)


def asked_by(checked: Checked) -> Asked:
    """Return what the guards of a row that can bar an act ask of the case.

    Raises:
        SimulationError: A guard that bars reads earlier acts one by one; no place could hold what it asks.
    """
    facts: set[str] = set()
    terms: set[str] = set()
    for _, guard, bars in checked.checks:
        if not bars:
            continue
        if not isinstance(guard, Fact):
            terms.add(guard.term.name)
            continue
        read = _read_by(guard.ask)
        if "acts" in read:
            msg = f"row {checked.row.id} asks about earlier acts one by one ({guard.code}): such a rule is not compiled"
            raise SimulationError(msg)
        facts |= {name for name in _FACTS if f".{name}" in read} | ({"origin"} & read)
        if "limits" in read:
            terms |= _EXTENDABLE
    if checked.row.to is None:
        facts |= _said_anew(checked.row)  # whether the fact is told already
    return Asked(frozenset(facts), frozenset(terms))


_DAY: Final = date(2020, 7, 1)
_FULL: Final = Facts(
    requested=_DAY,
    question=Question.HAS_IT_BEEN_REMEDIED,
    determination=Determination.OUT_OF_SCOPE,
    tier=3,
    course_end=_DAY,
    remediated=_DAY,
    facility_closed=_DAY,
    verification_asked=NOT_STATED,
    verification_refused=True,
)


@cache
def _said_anew(row: Row) -> frozenset[str]:
    """Return the facts that an act says anew, whatever they were: alike after it in two cases that differ in all."""
    blank = opening()
    act = act_of(row, date(2024, 1, 1), blank)
    after = []
    for facts in (Facts(), _FULL):
        case = attrs.evolve(blank, facts=facts)
        entry = Entry(case.id, act, case.stage, case.stage, sets=row.sets)
        after.append(evolve(case, entry).facts)
    return frozenset(name for name in _FACTS if getattr(after[0], name) == getattr(after[1], name))


def says_nothing_new(row: Row, before: Case, after: Case) -> bool:
    """Return whether an act only tells a fact that is told already: no simulated path tells a fact twice."""
    if row.to is not None or not _said_anew(row) or before.limits != after.limits:
        return False
    return all(_plain(before.facts, name) == _plain(after.facts, name) for name in _FACTS)


def _plain(facts: Facts, name: str) -> Any:  # noqa: ANN401 - any fact
    value = getattr(facts, name)
    return True if isinstance(value, date) and name != "course_end" else value


# ---- who does what, under a reading and for a complainant Party ----------------------------------------------------
def standing(
    stages: Mapping[Stage, Mapping[str, Habit]], case: Case, context: Context
) -> dict[Stage, dict[str, Habit]]:
    """Return the habits of the rows that stand under a reading and for the complainant Party of a case.

    A habit is about an act. Where its row does not stand, it goes to the rows that stand for the same act and finding
    instead: in proportion, or to the first where the behaviour knows none of them. Where there is none, it is left out.
    """
    found = {}
    for stage, habits in stages.items():
        rows = [one.row for one in rows_at(attrs.evolve(case, stage=stage), context=context)]
        known = {row.id: habits[row.id] for row in rows if row.id in habits}
        now = dict(known)
        for name, habit in habits.items():
            if name in known or not habit.share:
                continue
            gone = ROW_BY_ID[name]
            alike = [row.id for row in rows if row.event is gone.event and row.having == gone.having]
            weights = {name: known[name].share for name in alike if name in known and known[name].share}
            for one in weights or dict.fromkeys(alike[:1], 1.0):
                old = now.get(one) or attrs.evolve(habit, share=0.0)
                part = weights[one] / sum(weights.values()) if weights else 1.0
                now[one] = attrs.evolve(old, share=min(1.0, old.share + part * habit.share))
        found[stage] = {row.id: now[row.id] for row in rows if row.id in now and now[row.id].share}
    return found


@frozen
class Ahead:
    """What is asked from a stage on, and the rows that may be done there.

    Attributes:
        asked: For each stage what some row there, or further on, asks about before it is said or stopped anew.
        rows: For each stage the rows that may be done there, in the order of the table.
        here: For each row what it asks itself.
    """

    asked: Mapping[Stage, Asked]
    rows: Mapping[Stage, tuple[Checked, ...]]
    here: Mapping[str, Asked]


def look_ahead(case: Case, done: Mapping[Stage, Iterable[str]], context: Context) -> Ahead:
    """Return what is asked ahead of each stage.

    Args:
        case: The case from which it starts; for its complainant Party alone.
        done: For each stage the ids of the rows that are done there at all.
        context: Reading, calendar and register.
    """
    rows: dict[Stage, tuple[Checked, ...]] = {}
    here: dict[str, Asked] = {}
    for stage, ids in done.items():
        wanted = frozenset(ids)
        there = attrs.evolve(case, stage=stage)
        rows[stage] = tuple(one for one in rows_at(there, context=context) if one.row.id in wanted)
        here |= {one.row.id: asked_by(one) for one in rows[stage] if one.row.id not in here}
    asked = dict.fromkeys(Stage, Asked())
    changed = True
    while changed:
        changed = False
        for stage, several in rows.items():
            now = asked[stage]
            for one in several:
                row = one.row
                to = stage if row.to is None else row.to
                if isinstance(to, Stage) and to is not Stage.CLOSED:
                    now |= asked[to].without(_said_anew(row), [term.name for term in row.stops])
                now |= here[row.id]
            if now != asked[stage]:
                asked[stage], changed = now, True
    return Ahead(asked, rows, here)
