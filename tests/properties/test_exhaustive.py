"""All courses, to a depth: every kind of act on the days before, on and after each limit, from every state reached.

States are told apart by stage, hold, which limits run and how each lies to the day, and the facts that later acts ask
about, days left out. What differs in days alone is walked once.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import Any, Final

import pytest
from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.claim import Determination, NoDenialGround
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.terms import LIFTING_BAR, VERIFICATION_CALL
from rrm_lifecycle.record.entry import Entry
from tests.strategies import World, days_of, likely

MOST: Final = 800
"""States looked at in one world: a bound on time. Every stage is among them, which is tested."""
WORLDS: Final[dict[str, World]] = {
    "31-A": World({}),
    "31-A, facility in the US": World({"respondent": "US"}),
    "31-B": World({"annex": ANNEX_31B}),
    "31-A, strict readings": World(
        {},
        Context(
            Reading(
                constituted_by_lot=True,
                scope_objection_declines=True,
                out_of_scope_is_no_denial=True,
                panel_within_us_decision=True,
                late_panel_loses_authority=True,
                remedy_without_panel=False,
                cure_ends_claim=True,
                second_case_reopens=True,
                terms=[LIFTING_BAR.set(), VERIFICATION_CALL.set()],
            )
        ),
    ),
}
LEFT_OUT: Final = {
    "31-A, facility in the US": {Stage.PETITION_REVIEW, Stage.REQUEST_DUE},
    "31-A, strict readings": {Stage.PANEL_DRAWN},
}
VARIANTS: Final[dict[type[Event], tuple[dict[str, Any], ...]]] = {
    did.DeterminationIssued: tuple({"finding": one} for one in Determination),
    did.NoDenialReported: tuple({"ground": one} for one in NoDenialGround),
    did.PanelRequested: ({"verification": True}, {"verification": False}),
    did.HoldReleased: ({"ground": "otherwise_remedied"}, {"ground": "request_ended"}),
}
GIVING_UP: Final = frozenset({"Withdrawn", "CaseDropped", "CaseClosed"})


@frozen
class Looked:
    """A state that was reached, and what may be done in it.

    Attributes:
        case: The case.
        admitted: The rulings that admit an act, on one of the days looked at.
    """

    case: Case
    admitted: tuple[Entry, ...]


def acts(case: Case, days: tuple[date, ...]) -> Iterator[Event]:
    """Yield every kind of act, with what it may say, on each of some days."""
    for kind, day in product(EVENTS.values(), days):
        for changes in VARIANTS.get(kind, ({},)):
            yield likely(kind, case, day, **changes)


def lies(day: date | None, to: date | None) -> int | None:
    """Return how a day lies to another: -1, 0 or 1."""
    return None if day is None or to is None else (day > to) - (day < to)


def state_of(case: Case) -> tuple[Any, ...]:
    """Return what tells a state from another."""
    facts = case.facts
    limits = frozenset((limit.term, lies(limit.due, case.last_day)) for limit in case.limits)
    known = (facts.question, facts.determination, facts.verification_asked, facts.verification_refused, case.closing)
    stated = (facts.remediated is None, facts.facility_closed is None, case.origin)
    return (case.stage, case.hold, limits, known, stated, lies(facts.course_end, case.last_day))


@cache
def looked(name: str) -> tuple[Looked, ...]:
    """Return the states of a world: breadth first in each stage, the stage that was looked at least before others."""
    world = WORLDS[name]
    first = world.case()
    seen = {state_of(first)}
    left = {stage: deque[Case]() for stage in Stage}
    left[first.stage].append(first)
    found: list[Looked] = []
    times = Counter[Stage]()
    while len(found) < MOST and any(left.values()):
        stage = min((stage for stage in Stage if left[stage]), key=lambda one: times[one])
        times[stage] += 1
        case = left[stage].popleft()
        rulings = [decide(case, event, context=world.context) for event in acts(case, days_of(case, 0, 1))]
        admitted = tuple(ruling for ruling in rulings if isinstance(ruling, Entry))
        found.append(Looked(case, admitted))
        for entry in admitted:
            after = evolve(case, entry)
            state = state_of(after)
            if state not in seen:
                seen.add(state)
                left[after.stage].append(after)
    return tuple(found)


@pytest.mark.parametrize("name", list(WORLDS))
class TestEveryCourse:
    """From every state that acts lead to."""

    def test_every_stage_is_among_them(self, name: str) -> None:
        """Every stage is reached but those that the world leaves out: domestic law in Mexico, the drawing by lot."""
        assert {one.case.stage for one in looked(name)} == set(Stage) - LEFT_OUT.get(name, set())

    def test_nobody_is_stuck(self, name: str) -> None:
        """In every open state somebody can move the case to another stage without giving it up."""
        stuck = [
            one.case
            for one in looked(name)
            if not one.case.is_closed
            and not any(
                entry.to is not entry.stage and not entry.act.of_hold and type(entry.act).__name__ not in GIVING_UP
                for entry in one.admitted
            )
        ]
        assert stuck == []

    def test_complainant_can_end_it(self, name: str) -> None:
        """In every open state the complainant can withdraw, and a closed case is moved by no act but a reopening."""
        for one in looked(name):
            done = {type(entry.act) for entry in one.admitted if not entry.act.of_hold}
            if one.case.is_closed:
                assert done <= {did.RemediesNotified}
            else:
                assert did.Withdrawn in done

    def test_no_remedy_without_ground(self, name: str) -> None:
        """Wherever remedies are in force, a panel found a Denial, or a notice after a failed course went unanswered."""
        for one in looked(name):
            if one.case.stage is not Stage.REMEDIES_IN_FORCE:
                continue
            rules = [entry.rule for entry in one.case.acts]
            assert one.case.facts.determination is Determination.DENIAL or (
                "A4-14a" in rules and ("A4-12b" in rules or "X-05" in rules) and "A4-13" not in rules
            )

    def test_notice_before_remedies(self, name: str) -> None:
        """Remedies are imposed only after a written notice, and never while its waiting time runs."""
        for one in looked(name):
            for entry in one.admitted:
                if isinstance(entry.act, did.RemediesImposed):
                    waiting = [limit for limit in one.case.limits if limit.term in {"course_notice", "remedy_notice"}]
                    assert all(limit.due is not None and entry.act.on >= limit.due for limit in waiting)
                    assert any(isinstance(before.act, did.RemediesNotified) for before in one.case.acts)

    def test_hold_can_end(self, name: str) -> None:
        """Wherever a customs hold is open, it can be released."""
        for one in looked(name):
            if one.case.hold is Hold.SUSPENDED:
                assert any(isinstance(entry.act, did.HoldReleased) for entry in one.admitted)

    def test_closed_states_rest(self, name: str) -> None:
        """A closed case has a closing and no limit; an open one has no closing."""
        for one in looked(name):
            assert (one.case.closing is not None) is one.case.is_closed
            assert not (one.case.is_closed and one.case.limits)
