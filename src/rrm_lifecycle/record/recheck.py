"""A record decided anew, under today's table or another reading: what would differ. The record stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.plain import TEXT, shape
from rrm_lifecycle.show import Shown, WebType


class Differs(StrEnum):
    """What would differ in an act that is decided anew."""

    REFUSAL = "refusal"
    ROW = "row"
    STAGE = "stage"
    CLOSING = "closing"
    DUE = "due"
    FINDING = "finding"
    SETS = "sets"


@frozen
class Difference(WebType):
    """One thing that would differ.

    Attributes:
        seq: Number of the entry.
        event: The act.
        what: What would differ.
        about: The term whose due day it is, the guard whose finding, the fact that is set; None for the rest.
        recorded: What the record holds, ready for JSON; None where it holds nothing.
        now: What would be held; None where nothing, or where the act would be refused.
        refusal: Why, where the act would be refused.
    """

    seq: int
    event: Event
    what: Differs
    about: str | None
    recorded: Any = field(hash=False)
    now: Any = field(hash=False)
    refusal: Refusal | None = None

    def __str__(self) -> str:
        """Return the difference in a line."""
        about = f" ({self.about})" if self.about else ""
        if self.refusal is not None:
            codes = ", ".join(dict.fromkeys(reason.code for reason in self.refusal.reasons))
            return f"{self.seq}. {self.event}: would be refused ({codes}); recorded under rule {self.recorded}"
        return f"{self.seq}. {self.event}: {self.what}{about} recorded {_words(self.recorded)}, now {_words(self.now)}"


def _words(value: object) -> str:
    return "nothing" if value is None else str(value)


@frozen
class Recheck(Shown):
    """What would differ in a record if it were decided anew.

    Attributes:
        case_id: Id of the case.
        differences: Act by act, what would differ.
        rejoined: Numbers of the entries that would be refused: behind each, the walk went on along the record as it is.
        case: The case as it would stand.
    """

    case_id: str
    differences: tuple[Difference, ...]
    rejoined: tuple[int, ...] = ()
    case: Case | None = field(default=None, repr=False)

    @property
    def agrees(self) -> bool:
        """Whether nothing would differ."""
        return not self.differences

    def __str__(self) -> str:
        """Return the differences, a line each."""
        if self.agrees:
            return f"{self.case_id}: nothing would differ"
        lines = [f"{self.case_id}: {len(self.differences)} would differ", *(f"  {one}" for one in self.differences)]
        if self.rejoined:
            numbers = ", ".join(map(str, self.rejoined))
            lines.append(f"  behind entry {numbers} the walk goes on along the record as it is")
        return "\n".join(lines)


def recheck(case: Case, *, context: Context | None = None) -> Recheck:
    """Decide a record anew under today's table and a context, and return what would differ, act by act.

    Each act is decided where the acts before it lead now: a due day that moves is carried on. An act that would be
    refused leads nowhere; behind it the walk goes on along the record as it is, and ``rejoined`` says so.

    Args:
        case: The case; it stays as it is.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        TermError: Business days were not counted in the record and are to be now, without a calendar for them.
        CalendarEnd: They are to be counted beyond the last day that the calendar knows.

    Example:
        >>> recheck(Case.start("SLP-2024-01")).agrees
        True
    """
    found: list[Difference] = []
    rejoined: list[int] = []
    recorded = now = replay([case.opening])
    for seq, entry in enumerate(case.acts, 1):
        recorded = evolve(recorded, entry)
        ruling = decide(now, entry.act, context=context)
        if isinstance(ruling, Refusal):
            found.append(Difference(seq, entry.act, Differs.REFUSAL, None, entry.rule, None, ruling))
            rejoined.append(seq)
            now = recorded
            continue
        found += compare(seq, entry, ruling)
        now = evolve(now, ruling)
    return Recheck(case.id, tuple(found), tuple(rejoined), now)


def compare(seq: int, old: Entry, new: Entry) -> Iterator[Difference]:
    """Yield what differs between an act as it was recorded and as it would be decided anew."""
    act = old.act
    whole = (
        (Differs.ROW, old.rule, new.rule),
        (Differs.STAGE, old.to.value, new.to.value),
        (Differs.CLOSING, old.closing and old.closing.value, new.closing and new.closing.value),
    )
    for what, before, after in whole:
        if before != after:
            yield Difference(seq, act, what, None, before, after)
    parts: tuple[tuple[Differs, dict[str, Any], dict[str, Any]], ...] = (
        (Differs.DUE, _due(old), _due(new)),
        (Differs.FINDING, _findings(old), _findings(new)),
        (Differs.SETS, dict(old.sets or {}), dict(new.sets or {})),
    )
    for what, earlier, later in parts:
        for about in (*earlier, *(one for one in later if one not in earlier)):
            if earlier.get(about) != later.get(about):
                yield Difference(seq, act, what, about, earlier.get(about), later.get(about))


def _due(entry: Entry) -> dict[str, Any]:
    return {limit.term: _day(limit.latest or limit.due) for limit in entry.started}


def _day(day: date | None) -> str:
    return "no last day stated" if day is None else day.isoformat()


def _findings(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in entry.findings:
        term = one.params.get("term")
        found[f"{one.code}: {term}" if term else one.code] = {"outcome": one.outcome.value, **one.params}
    return found


shape(Difference, extras={"text": (lambda value, _: str(value), TEXT)})
shape(Recheck, leave_out=("case",), extras={"agrees": (lambda value, _: value.agrees, {"type": "boolean"})})
