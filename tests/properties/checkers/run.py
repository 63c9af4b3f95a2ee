"""A finished run of acts as the invariants look at it, and what breaks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from attrs import frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, CoveredFacility, Party, Role
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.counting import day_after
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.case.register import Register
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.record.entry import Entry, Outcome


@frozen
class Breach:
    """A place in a run at which an invariant is broken.

    Attributes:
        entry: The entry that breaks it.
        note: Code of the finding that excuses it; None where nothing does.
    """

    entry: Entry
    note: str | None = None


@frozen
class Run:
    """A finished run of acts.

    Attributes:
        case: The case at its end.
        context: What it was decided under.
        left: What the case leaves to later ones; worked out from it if None.
    """

    case: Case
    context: Context = DEFAULT
    left: Register | None = None

    @property
    def acts(self) -> tuple[Entry, ...]:
        """Its entries without the opening."""
        return self.case.acts

    def of(self, *kinds: type[Event], before: int | None = None) -> Iterator[tuple[int, Any, Entry]]:
        """Yield place, event and entry of each act of some kinds, up to a place."""
        for n, entry in enumerate(self.acts[:before]):
            if isinstance(entry.event, kinds):
                yield n, entry.event, entry

    def last(self, *kinds: type[Event], before: int) -> int:
        """Return the place of the last act of some kinds before a place; -1 where there is none."""
        return max((n for n, _, _ in self.of(*kinds, before=before)), default=-1)

    def parties(self) -> tuple[Party | None, Party | None]:
        """Return complainant and respondent, as the opening says or the first facility tells."""
        said, annex = self.case.opened_with, self.case.opened_with.annex
        if said.complainant is not None:
            return said.complainant, said.respondent
        facility = self.facility(len(self.acts))
        if facility is None or facility.country not in annex.parties:
            return None, None
        return annex.other(facility.country), facility.country

    def facility(self, before: int) -> CoveredFacility | None:
        """Return the facility that an act before a place named first."""
        named = (getattr(entry.event, "facility", None) for entry in self.acts[:before])
        return next((one for one in named if one is not None), None)

    def claimed(self, name: str, before: int) -> Any:
        """Return what acts before a place stated in a field of the claim: the first that states it."""
        said = [getattr(entry.event, name, None) for entry in self.acts[:before]]
        stated = [one for one in said if one is not None and one is not NOT_STATED]
        return stated[0] if stated else NOT_STATED if NOT_STATED in said else None

    def stands(self, before: int) -> tuple[Stage, Hold, Closing | None]:
        """Return stage, hold and closing before the act at a place."""
        stage, hold, closing = Stage.ASSESSMENT, Hold.NONE, None
        for entry in self.acts[:before]:
            if isinstance(entry.to, Hold):
                hold = entry.to
            else:
                stage, closing = entry.to, entry.closing
        return stage, hold, closing

    def count(self, name: str, start: date) -> date | None:
        """Return the last day of a term that starts on a day, under the run's reading; None where it is off."""
        line = self.context.reading.term(name, start)
        if line is None or line.value is None or line.unit is None:
            return None
        calendar = self.context.calendar_for(*self.parties())
        due = day_after(start, line.value, line.unit, calendar)
        return calendar.next_open(due) if self.context.reading.roll_over and line.value else due

    def due(self, name: str, start: int, before: int, *, latest: bool = False) -> date | None:
        """Return the last day of a term that the act at a place starts, as extended before another place.

        Args:
            name: The term.
            start: Place of the starting act.
            before: Place of the act that has to keep to it.
            latest: Whether to count from the latest known day of the start.
        """
        due = None
        for _, event, _ in self.of(did.LimitExtended, before=before):
            if event.term == name and event.on >= self.acts[start].act.on:
                due = event.until
        act = self.acts[start].act
        return due or self.count(name, act.known[1] if latest and act.known else act.on)

    def is_late(self, n: int, name: str, start: int) -> bool:
        """Return whether an act is late on every day that it may have been done."""
        act = self.acts[n].act
        due = self.due(name, start, n, latest=True)
        return due is not None and (act.known[0] if act.known else act.on) > due


def noted(entry: Entry, code: str, term: str | None = None) -> bool:
    """Return whether an entry carries a finding of a code, over a term."""
    return any(
        one.code == code and one.outcome is Outcome.UNMET and (term is None or one.params["term"] == term)
        for one in entry.findings
    )


def role(run: Run, by: Role | Party | None) -> Role | Party | None:
    """Return who acted as a role, where it was named as a Party."""
    complainant, respondent = run.parties()
    return {complainant: Role.COMPLAINANT, respondent: Role.RESPONDENT}.get(by, by) if isinstance(by, Party) else by


Checker = Callable[[Run], Iterator[Breach]]
CHECKERS: Final[dict[str, Checker]] = {}
"""The checker of each invariant, by its id."""


def invariant(name: str) -> Callable[[Checker], Checker]:
    """Return a decorator that keeps a checker under the id of its invariant."""

    def keep(checker: Checker) -> Checker:
        CHECKERS[name] = checker
        return checker

    return keep
