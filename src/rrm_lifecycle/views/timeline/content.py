"""What a timeline shows of a case: where it stood when, which limits ran from when to when, and what was late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Final

from attrs import define, frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.law.stages import Hold, Phase, Stage
from rrm_lifecycle.law.terms import TERMS, Kind
from rrm_lifecycle.record.entry import Entry, Outcome, Track

_WITHIN: Final = "within"
"""Code of the guards that an act be done in time."""
_EXTENDS: Final = (did.LimitExtended, did.CourseExtended)
_KINDS: Final = {term.name: term.kind for term in TERMS}
_WAITING: Final = frozenset({Kind.AT_LEAST, Kind.BAR})


def late_by(entry: Entry) -> dict[str, int]:
    """Return by how many days an act was late: for each limit that it missed."""
    return {
        str(found.params.get("term", "")): int(found.params.get("days", 0))
        for found in entry.findings
        if found.code == _WITHIN and found.outcome is Outcome.UNMET
    }


# ---- where it stood --------------------------------------------------------------------------------------------------
@frozen
class Stay:
    """Where a case, or its hold, stood for a time.

    Attributes:
        where: The stage, the phase or the state of the hold.
        first: From which day.
        last: To which day; None where it stands there still.
    """

    where: Stage | Phase | Hold
    first: date
    last: date | None


def _stays(moves: Iterable[tuple[date, Stage | Phase | Hold]]) -> tuple[Stay, ...]:
    runs = [(where, next(some)[0]) for where, some in groupby(moves, key=itemgetter(1))]
    ends = [day for _, day in runs[1:]]
    return tuple(Stay(where, day, end) for (where, day), end in zip_longest(runs, ends))


def stages_of(case: Case) -> tuple[Stay, ...]:
    """Return the stages that a case stood in."""
    return _stays(
        (entry.act.on, entry.to) for entry in case.acts if entry.track is Track.CASE and isinstance(entry.to, Stage)
    )


def phases_of(case: Case) -> tuple[Stay, ...]:
    """Return the phases that a case stood in."""
    return _stays((stay.first, stay.where.phase) for stay in stages_of(case) if isinstance(stay.where, Stage))


def holds_of(case: Case) -> tuple[Stay, ...]:
    """Return where the customs hold stood; nothing where there was none."""
    return _stays(
        (entry.act.on, entry.to) for entry in case.acts if entry.track is Track.HOLD and isinstance(entry.to, Hold)
    )


# ---- which limits ran ------------------------------------------------------------------------------------------------
@frozen
class Run:
    """A limit that ran.

    Attributes:
        term: Name of the term.
        started: Day from which it is counted.
        number: Number of the act that started it.
        dues: Its last days, each but the last one moved by consent; None where none is stated.
        latest: The last day counted from the latest known day of the start, where only a period is known.
        ended: The act that ended it; None while it runs.
        late: By how many days that act was late; 0 where it was in time, or where nobody had to act.
    """

    term: str
    started: date
    number: int
    dues: tuple[date | None, ...]
    latest: date | None = None
    ended: Entry | None = None
    late: int = 0

    @property
    def due(self) -> date | None:
        """The last day in time."""
        return self.dues[-1]

    @property
    def is_wait(self) -> bool:
        """Whether somebody waits in it: nobody is late when it is over."""
        return _KINDS.get(self.term) in _WAITING

    def over(self, today: date) -> int:
        """Return for how many days it is over on a day; 0 where it is not, or does not run."""
        last = self.latest or self.due
        return 0 if last is None or self.ended is not None else max((today - last).days, 0)


def runs_of(case: Case) -> tuple[Run, ...]:
    """Return the limits that ran in a case, in the order in which they started."""
    running: dict[str, _Running] = {}
    over: list[Run] = []
    for number, entry in enumerate(case.acts, start=1):
        late = late_by(entry)
        longer = {limit.term for limit in entry.started} if isinstance(entry.act, _EXTENDS) else set()
        done = [name for name in running if name in entry.stopped and name not in longer]
        over += [running.pop(term).over(entry, late.get(term, 0)) for term in done]
        for limit in entry.started:
            before = running.get(limit.term)
            if before is not None and limit.term in longer:
                before.dues.append(limit.due)
                before.limit = limit
                continue
            if before is not None:
                over.append(before.over())
            running[limit.term] = _Running(limit, limit.started, number, [limit.due])
    found = [*over, *(one.over() for one in running.values())]
    return tuple(sorted(found, key=lambda run: (run.started, run.number)))


@define
class _Running:
    """A limit while the acts are looked at one after another."""

    limit: Limit
    started: date
    number: int
    dues: list[date | None]

    def over(self, ended: Entry | None = None, late: int = 0) -> Run:
        """Return the limit as it ran."""
        latest = None if self.limit.latest == self.limit.due else self.limit.latest
        return Run(self.limit.term, self.started, self.number, tuple(self.dues), latest, ended, late)
