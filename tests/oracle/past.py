"""What the oracle looks back at: the world around a case, days counted one by one, and what earlier acts said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Party


@dataclass(frozen=True)
class World:
    """What the opening and the context say; ``other`` names the fields of a reading that are not our default."""

    case_id: str = "CASE-1"
    annex: str = "31-A"
    respondent: Party | None = None
    origin: str | None = None
    denials: tuple[tuple[str, CoveredFacility, date, str], ...] = ()
    bad_faith: tuple[tuple[Party, date], ...] = ()
    holidays: frozenset[date] = frozenset()
    treaty_until: date = date.max
    other: frozenset[str] = frozenset()


@dataclass
class Answer:
    """What is said of an act: it is admitted exactly where ``why`` is empty, and then carries what is ``noted``."""

    rule: str | None
    stage: str
    closing: str | None = None
    why: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)

    def needs(self, what: str, met: object, *, bars: bool = True) -> None:
        """Bar the act, or note it, where something is not met; what the record does not state never bars, and is noted."""
        if met is NOT_STATED:
            self.noted.add(f"{what}?")
        elif not met:
            (self.why if bars else self.noted).add(what)


Story = list[tuple[str, Any, str]]
"""The admitted acts of the case, each between the stage before and the stage after."""


def is_open(day: date, world: World) -> bool:
    """Whether the office is open (X-02)."""
    return day.weekday() < 5 and day not in world.holidays


@cache
def _counted(start: date, n: int) -> date:
    day = start
    for _ in range(n):
        day += timedelta(1)
    return day


def days_after(start: date, n: int, world: World) -> date:
    """X-01: calendar days, the first day excluded; AMB-02: under the other reading the last day rolls forward."""
    day = _counted(start, n)
    while "roll_over" in world.other and not is_open(day, world):
        day += timedelta(1)
    return day


def business_days_after(start: date, n: int, world: World) -> date:
    """X-02: days on which the office is open, the first day excluded."""
    day = start
    while n:
        day += timedelta(1)
        if is_open(day, world):
            n -= 1
    return day


def any_of(*said: object) -> object:
    """Whether one of several holds: NOT_STATED where none does, and of one it is not stated."""
    return any(one is True for one in said) or next((one for one in said if one is NOT_STATED), False)


def all_of(*said: object) -> object:
    """Whether all of several hold: NOT_STATED where none fails, and of one it is not stated."""
    return False if any(one is False for one in said) else next((one for one in said if one is NOT_STATED), True)


def of(value: Any, holds: Callable[[Any], object] = bool) -> object:
    """Whether something holds of a value (by itself: whether it is there at all); NOT_STATED where the value is not."""
    found = value if value is NOT_STATED else holds(value)
    return found if found is NOT_STATED else bool(found)


def last(story: Story, *kinds: type) -> Any:
    """The last act of one of these kinds, or None."""
    return next((act for _, act, _ in reversed(story) if isinstance(act, kinds)), None)


def stated(acts: list[Any], name: str) -> Any:
    """What the acts that state the claim say of one of its parts: the first that states it, NOT_STATED stating nothing."""
    said = None
    for act in acts:
        if isinstance(act, did.PetitionFiled | did.SelfInitiated | did.ReviewRequested):
            value = getattr(act, name)
            if value is not None and (said is None or said is NOT_STATED):
                said = value
    return said


def acts_of(story: Story) -> list[Any]:
    """The acts alone."""
    return [act for _, act, _ in story]


def parties(acts: list[Any], world: World) -> tuple[Party | None, Party | None]:
    """A1-01, B-01, INV-01, A15-01: the respondent is where the facility is, and the Annex names the other."""
    pair = {Party.US, Party.MX} if world.annex == "31-A" else {Party.CA, Party.MX}
    two = world.respondent
    if two is None:
        plant = stated(acts, "facility")
        if plant is None or plant.country not in pair:
            return None, None
        two = plant.country
    (one,) = pair - {two}
    return one, two
